//go:build long

package atlas_test

import (
	"context"
	"errors"
	"testing"

	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/engine/tile"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

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
	if _, _, err := r.Rows(ctx, people["a leader"], atlas.Ask{}, atlas.Part{Cursor: "00"}); !errors.Is(err, fault.ErrInvalid) {
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
