package atlas_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/engine/tile"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

var world = geo.Box{Min: geo.Point{Lng: -180, Lat: -85}, Max: geo.Point{Lng: 180, Lat: 85}}

// counted returns how many matters a tile shows, all in all and by shade.
func counted(t *testing.T, b []byte) (n int, by map[string]int) {
	t.Helper()
	by = map[string]int{}
	if len(b) == 0 {
		return 0, by
	}
	layers, err := mvt.Unmarshal(b)
	if err != nil || len(layers) != 1 || layers[0].Name != atlas.MattersLayer {
		t.Fatalf("layers %v, %v", layers, err)
	}
	for _, f := range layers[0].Features {
		n += int(f.Properties["n"].(float64))
		for _, s := range atlas.Shades {
			if v, ok := f.Properties[s]; ok {
				by[s] += int(v.(float64))
			}
		}
	}
	return n, by
}

// TestTilesShowWhatListsShow asks the same of tiles and of the rows, for people who may see more and less.
func TestTilesShowWhatListsShow(t *testing.T) {
	ctx := context.Background()
	x := district.Demo(t)
	r := atlas.New(x.Desk, x.Store)
	x.Desk.Listen(r.Heard)
	yes := true
	people := map[string]desk.Caller{"a leader": x.As(t, "government", "leader", 0), "a handler": x.As(t, "housing", "handler", 0), "nobody": desk.Nobody}
	asks := map[string]atlas.Ask{"everything": {}, "what is open": {Open: &yes}, "what is late": {Lights: []string{"red"}}, "cases": {Kinds: []string{"urban/case"}},
		"of a unit": {Unit: "urban"}, "since a day": {Opened: journal.Between{From: x.Desk.Now() - 60*86400*1e6}}}
	total := 0
	for who, caller := range people {
		for what, ask := range asks {
			q := ask.Query()
			q.Box = world
			buckets, err := x.Desk.Tally(ctx, caller, journal.Tally{Query: q})
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.Matters(ctx, caller, tile.ID{}, ask)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := counted(t, b)
			if want := int(buckets[0].Count); got != want {
				t.Errorf("%s asks for %s: the map shows %d, the lists %d", who, what, got, want)
			}
			total += got
			marks, err := r.Marks(ctx, caller, world, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range marks {
				got -= m.Count
			}
			if got != 0 {
				t.Errorf("%s asks for %s: the drawing lacks %d", who, what, got)
			}
		}
	}
	if total == 0 {
		t.Fatal("nothing is on the map: nothing is shown")
	}
	open, err := r.Matters(ctx, people["a leader"], tile.ID{}, atlas.Ask{Public: true, Lights: []string{"red"}})
	if err != nil {
		t.Fatal(err)
	}
	n, by := counted(t, open)
	if by["plain"]+by["done"] != n || n == 0 {
		t.Errorf("the public is shown %v of %d", by, n)
	}
	squaresList(t, x, r)
	seenByAnyWay(t, x, r)
	for what, part := range map[string]atlas.Part{"a window": {Box: geo.Box{Min: geo.Point{Lng: 125.36, Lat: 43.85}, Max: geo.Point{Lng: 125.39, Lat: 43.88}}}, "a street": {Area: "220105001"}} {
		for who, caller := range people {
			ask := atlas.Ask{Open: &yes}
			q := ask.Query()
			q.Box, q.Area = part.Box, part.Area
			if part.Area != "" {
				q.Box = world
			}
			buckets, err := x.Desk.Tally(ctx, caller, journal.Tally{Query: q})
			part.Limit = 11
			if n := pages(t, r, caller, ask, part); err != nil || n != buckets[0].Count {
				t.Errorf("%s lists %s: %d, the rows are %d, %v", who, what, n, buckets[0].Count, err)
			}
		}
	}
	if _, err := r.Rows(ctx, people["a leader"], atlas.Ask{}, atlas.Part{Cursor: "00"}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a cursor of another list: %v", err)
	}
	x.Forward(t, 3) // the scheduler writes, and clocks run out
	for what, ask := range asks {
		q := ask.Query()
		q.Box = world
		buckets, err := x.Desk.Tally(ctx, people["a leader"], journal.Tally{Query: q})
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Matters(ctx, people["a leader"], tile.ID{}, ask)
		if got, _ := counted(t, b); err != nil || got != int(buckets[0].Count) {
			t.Errorf("three days later, %s: the map shows %d, the lists %d, %v", what, got, buckets[0].Count, err)
		}
	}
	page, err := x.Desk.PublicMatters(ctx, journal.Query{Box: world, Kinds: x.Desk.KindsWithPublicPlace(), Limit: 500})
	if err != nil || len(page.Rows) != n {
		t.Errorf("the public map shows %d, the public list %d, %v", n, len(page.Rows), err)
	}
}

// squaresList follows every point of a tile to its list.
func squaresList(t *testing.T, x *district.District, r *atlas.Room) {
	ctx := context.Background()
	leader := x.As(t, "government", "leader", 0)
	box, err := r.Extent(ctx, x.Desk.Today())
	if err != nil || box.IsEmpty() {
		t.Fatalf("extent %v, %v", box, err)
	}
	b, err := r.Matters(ctx, leader, tile.At(9, box.Center()), atlas.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.Unmarshal(b)
	if err != nil || len(layers) == 0 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	for _, f := range layers[0].Features {
		var z, px, py int
		fmt.Sscanf(f.Properties["at"].(string), "%d/%d/%d", &z, &px, &py)
		id, err := tile.Parse(fmt.Sprint(z), fmt.Sprint(px), fmt.Sprint(py))
		if err != nil {
			t.Fatal(err)
		}
		buckets, err := x.Desk.Tally(ctx, leader, journal.Tally{Query: journal.Query{Box: id.Box()}})
		want := int64(f.Properties["n"].(float64))
		if err != nil || buckets[0].Count != want {
			t.Errorf("square %v counts %d, the rows in its box are %d, %v", id, want, buckets[0].Count, err)
		}
		if n := pages(t, r, leader, atlas.Ask{}, atlas.Part{Square: &id, Limit: 7}); n != want {
			t.Errorf("square %v counts %d and lists %d", id, want, n)
		}
	}
}

// pages goes through all pages of a list and returns how many rows came, each once, in order, and as counted.
func pages(t *testing.T, r *atlas.Room, who desk.Caller, a atlas.Ask, p atlas.Part) (n int64) {
	t.Helper()
	seen, last := map[name.ID]bool{}, int64(1<<62)
	for {
		page, err := r.Rows(context.Background(), who, a, p)
		if err != nil || len(page.Rows) > p.Limit {
			t.Fatalf("%d rows, %v", len(page.Rows), err)
		}
		for _, row := range page.Rows {
			at := row.Opened / 1e6
			if a.Open != nil && *a.Open {
				at = -row.Due / 1e6
			}
			if seen[row.Stream] || at > last+1 {
				t.Fatalf("%s comes twice or out of order", row.Stream)
			}
			seen[row.Stream], last = true, at
			n++
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			break
		}
	}
	p.Cursor = ""
	if counted, err := r.Count(context.Background(), who, a, p); err != nil || counted != n {
		t.Errorf("%d are listed and %d counted, %v", n, counted, err)
	}
	return n
}

func TestOutlinesOfEveryLevel(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	r := atlas.New(x.Desk, x.Store)
	box, err := r.Extent(ctx, x.Desk.Today())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range desk.Levels {
		b, err := r.Outlines(ctx, desk.Nobody, l, tile.At(14, box.Center()), x.Desk.Today())
		if err != nil {
			t.Fatal(l, err)
		}
		layers, err := mvt.Unmarshal(b)
		if err != nil || len(layers) == 0 || layers[0].Name != string(l) || len(layers[0].Features) == 0 || layers[0].Features[0].Properties["code"] == "" {
			t.Errorf("%s: %v, %v", l, layers, err)
		}
	}
	if _, err := r.Outlines(ctx, desk.Nobody, "planet", tile.ID{}, x.Desk.Today()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an unknown level: %v", err)
	}
	if b, err := r.Outlines(ctx, desk.Nobody, desk.Cell, tile.ID{}, x.Desk.Today()); err != nil || len(b) != 0 {
		t.Errorf("cells on the tile of the world: %d bytes, %v", len(b), err)
	}
}

// TestManyAskWhileMuchChanges has tiles and lists made while the scheduler writes; the race detector looks on.
func TestManyAskWhileMuchChanges(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	r := atlas.New(x.Desk, x.Store)
	x.Desk.Listen(r.Heard)
	who := x.As(t, "housing", "handler", 0)
	opening := map[string]string{"title": "口袋公园", "category": "pocket-park", "unit": "housing", "due": "2023-12-31", "size": "800", "place": "125.4,43.86"}
	issuer := x.As(t, "office", "issuer", 0)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 30 {
				if _, err := r.Matters(ctx, who, tile.ID{}, atlas.Ask{}); err != nil {
					t.Error(err)
				}
				if _, err := r.CountAreas(ctx, who, atlas.Ask{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	const filed = 30
	for range filed {
		if _, err := x.Desk.Start(ctx, issuer, desk.Do{Command: x.Desk.NewCommand(), Kind: "works/site", Act: "file", With: maps.Clone(opening)}); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if n, err := r.Count(ctx, who, atlas.Ask{}, atlas.Part{}); err != nil || n != filed {
		t.Errorf("%d are on the map, %d were filed, %v", n, filed, err)
	}
}
