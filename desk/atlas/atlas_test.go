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
	seen, last, counted := map[name.ID]bool{}, int64(1<<62), int64(0)
	for {
		page, count, err := r.Rows(context.Background(), who, a, p)
		if err != nil || len(page.Rows) > p.Limit {
			t.Fatalf("%d rows, %v", len(page.Rows), err)
		}
		counted = count
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
	if counted != n {
		t.Errorf("%d are listed and %d counted", n, counted)
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
	if _, n, err := r.Rows(ctx, who, atlas.Ask{}, atlas.Part{}); err != nil || n != filed {
		t.Errorf("%d are on the map, %d were filed, %v", n, filed, err)
	}
}
