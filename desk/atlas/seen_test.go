package atlas_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/desk/search"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// sees is what one person may see, by three ways of asking.
type sees struct {
	list, found, mapped map[name.ID]bool
	took                map[name.Person][]name.ID // in what is listed
}

func newSees(t *testing.T, x *district.District, r *atlas.Room, s *search.Room, who desk.Caller) sees {
	t.Helper()
	ctx, v := context.Background(), sees{map[name.ID]bool{}, map[name.ID]bool{}, map[name.ID]bool{}, map[name.Person][]name.ID{}}
	var kinds []string
	for _, k := range x.Desk.Packs().Kinds() {
		kinds = append(kinds, k.Ref)
	}
	ask := search.Ask{Kinds: kinds, Limit: 500}
	for {
		res, err := s.Find(ctx, who, ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.Hits {
			v.found[f.Row.Stream] = true
		}
		if ask.Cursor = res.Next; ask.Cursor == "" {
			if int(res.Total) != len(v.found) {
				t.Errorf("%s: %d are counted and %d found", who.Person, res.Total, len(v.found))
			}
			break
		}
	}
	q := journal.Query{Kinds: kinds, Limit: 500}
	for {
		page, err := x.Desk.Worklist(ctx, who, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			v.list[row.Stream] = true
			for _, f := range row.Facets {
				if f.Name == journal.Took {
					v.took[name.Person(f.Text)] = append(v.took[name.Person(f.Text)], row.Stream)
				}
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	part := atlas.Part{Box: world, Limit: 500}
	for {
		page, _, err := r.Rows(ctx, who, atlas.Ask{}, part)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			v.mapped[row.Stream] = true
		}
		if part.Cursor = page.Next; part.Cursor == "" {
			return v
		}
	}
}

// seenByAnyWay asks, of random persons and random matters, whether the map, the full text and the lists show a matter if and only
// if the check of that one matter lets them read it, also where they only took part.
func seenByAnyWay(t *testing.T, x *district.District, r *atlas.Room) {
	ctx := context.Background()
	s, err := search.Open(ctx, x.Desk, x.Store)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	const seed = 3
	chance, only := rand.New(rand.NewPCG(seed, seed)), 0
	leader := newSees(t, x, r, s, x.As(t, "government", "leader", 0))
	all, busy := slices.Sorted(maps.Keys(leader.list)), slices.Sorted(maps.Keys(leader.took))
	for i := range 16 {
		persons := x.Desk.Directory().Persons
		key := persons[chance.IntN(len(persons))].Key
		if i%2 == 0 {
			key = busy[chance.IntN(len(busy))]
		}
		who, known := x.Desk.Directory().Caller(key, "zh")
		if !known {
			continue
		}
		if chance.IntN(4) == 0 {
			who.For = persons[chance.IntN(len(persons))].Key
		}
		if i%4 == 0 && len(busy) > 1 { // the same roles in another unit, as after a move: what is left is having taken part
			who.Unit = "statistics"
		}
		v := newSees(t, x, r, s, who)
		for range 120 {
			id := all[chance.IntN(len(all))]
			if mine := leader.took[key]; len(mine) > 0 && chance.IntN(2) == 0 {
				id = mine[chance.IntN(len(mine))]
			}
			m, err := x.Desk.Matter(ctx, who, id)
			if err != nil && !errors.Is(err, fault.ErrNotFound) {
				t.Fatal(err)
			}
			may := err == nil
			if v.list[id] != may || v.found[id] != may || v.mapped[id] != (may && leader.mapped[id]) {
				t.Errorf("seed %d: %s %v for %q and matter %s: may read %v, listed %v, found %v, on the map %v (has a place: %v)", seed, who.Person, who.Roles, who.For, id, may, v.list[id], v.found[id], v.mapped[id], leader.mapped[id])
			}
			if may && m.Holder.Unit != who.Unit && !m.Public && slices.Contains(m.DidWork, key) {
				only++
			}
		}
		if len(v.found) != len(v.list) {
			t.Errorf("%s sees %d in lists and finds %d", who.Person, len(v.list), len(v.found))
		}
	}
	if only == 0 {
		t.Error("nobody saw anything for another reason than that it is their unit's: nothing is shown")
	}
}
