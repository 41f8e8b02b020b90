package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// TestCountsTogetherAreCountsOneByOne: whatever several queries have in common, in one pass or not, each counts what it counts by itself; the
// tabs of somebody's worklist are counted in one pass.
func TestCountsTogetherAreCountsOneByOne(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "counts.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, seed := context.Background(), rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	rows := manyRows(t, s, r)
	open, both := true, (*bool)(nil)
	for range 40 {
		base := journal.Query{Log: erdao, Now: 30, Noun: "matter", Scope: journal.Scope{Units: []name.Unit{"unit-1"}, Assist: []name.Unit{"unit-2"}, Persons: []name.Person{"p3"}}}
		if r.IntN(4) == 0 {
			base.Scope = journal.Scope{All: true}
		}
		if r.IntN(3) == 0 {
			base.Kinds = []string{"city/kind-1"}
		}
		if r.IntN(3) == 0 {
			base.Streams = someOf(r, rows)
		}
		var all []journal.Query
		for _, change := range []func(*journal.Query){
			func(q *journal.Query) { q.Open, q.Person = &open, "p3" },
			func(q *journal.Query) {
				q.Open, q.Units, q.Facets = &open, []name.Unit{"unit-1"}, []journal.Facet{{Name: "class", Text: "c1"}}
			},
			func(q *journal.Query) { q.Open, q.Units = &open, []name.Unit{"unit-1"} },
			func(q *journal.Query) { q.Open, q.Lights = &open, []string{"red"} },
			func(q *journal.Query) { q.Open = &open },
			func(q *journal.Query) { q.Open = both },
		} {
			q := base
			change(&q)
			all = append(all, q)
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		s.narrow = []int{1, 40, 160, 5000}[r.IntN(4)]
		most := int64(1 + r.IntN(400))
		got, err := s.Counts(ctx, all, most)
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range all {
			if want, err := s.Tally(ctx, journal.Tally{Query: q}); err != nil || got[i] != min(want[0].Count, most) {
				t.Errorf("seed %d, narrow %d, %+v up to %d: %d, want %+v; %v", seed, s.narrow, q, most, got[i], want, err)
			}
		}
	}
}

// TestAlikeCountsShareAPass: those that ask for what is open do, those for both states are a group of their own.
func TestAlikeCountsShareAPass(t *testing.T) {
	open := true
	a, b, both, found := &journal.Query{Open: &open, Units: []name.Unit{"u"}}, &journal.Query{Open: &open, Lights: []string{"red"}}, &journal.Query{}, &journal.Query{Open: &open, Streams: []name.ID{"x"}}
	got := alike([]*journal.Query{a, both, b, found})
	if want := [][]int{{0, 2}, {1}, {3}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("groups %v, want %v", got, want)
	}
	q := common([]*journal.Query{a, b}, []int{0, 1})
	if len(q.Units) > 0 || len(q.Lights) > 0 || q.Open == nil || !*q.Open {
		t.Errorf("in common %+v", q)
	}
}

// TestCountsOfDifferentScopesAreRefused, and none or too many.
func TestCountsOfDifferentScopesAreRefused(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "refused.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	q := journal.Query{Log: erdao, Scope: journal.Scope{All: true}}
	other := q
	other.Scope = journal.Scope{Public: true}
	for _, c := range []struct {
		queries []journal.Query
		most    int64
	}{{nil, 5}, {[]journal.Query{q}, 0}, {[]journal.Query{q, other}, 5}, {slices.Repeat([]journal.Query{q}, maxCounts+1), 5}} {
		if _, err := s.Counts(context.Background(), c.queries, c.most); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%d queries up to %d: %v", len(c.queries), c.most, err)
		}
	}
}

// TestWhatIsOpenIsCountedFromItsIndex: no row is looked up for the tabs of a worklist.
func TestWhatIsOpenIsCountedFromItsIndex(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "live.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	open := true
	scope := journal.Scope{Units: []name.Unit{"unit-1"}, Persons: []name.Person{"p3"}, Public: true}
	for _, q := range []journal.Query{
		{Lights: []string{"red"}, Person: "p3", Area: "2201"},
		{Kinds: []string{"city/kind-1", "city/kind-2"}, States: []string{"open", "given"}, Units: []name.Unit{"unit-1"}, Unnamed: true},
	} {
		q.Log, q.Now, q.Noun, q.Open, q.Scope = erdao, 30, "matter", &open, scope
		b := s.filter(&q)
		b.add("row.stream IN (" + drivers(&q)[0](b) + ")")
		var plan []string
		if err := s.read(context.Background(), "explain", func(c conn) error {
			return c.query("EXPLAIN QUERY PLAN SELECT count(*) FROM row"+s.byStream(&q)+" WHERE "+b.where(), b.args, func(r cells) error {
				plan = append(plan, r.text(3))
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
		if len(plan) == 0 || plan[0] != "SEARCH row USING COVERING INDEX row_live (log=? AND stream=?)" { // each stream once, and not once for each kind and state
			t.Errorf("%+v: the plan is %q", q, plan)
		}
	}
}

// TestWhatOnesOwnIsAskedOfNoRow: whoever asks for what their unit has, what is named to them or what their unit has set may see all of it.
func TestWhatOnesOwnIsAskedOfNoRow(t *testing.T) {
	scope := journal.Scope{Units: []name.Unit{"a", "b"}, Persons: []name.Person{"p"}, SetBy: []name.Unit{"a"}, Assist: []name.Unit{"c"}}
	issuer := func(unit string) []journal.Facet {
		return []journal.Facet{{Name: "class", Text: "x"}, {Name: journal.Issuer, Text: unit}}
	}
	for _, c := range []struct {
		q    journal.Query
		want bool
	}{
		{journal.Query{}, false}, {journal.Query{Units: []name.Unit{"a"}}, true}, {journal.Query{Units: []name.Unit{"b", "a"}}, true}, {journal.Query{Units: []name.Unit{"a", "c"}}, false},
		{journal.Query{Person: "p"}, true}, {journal.Query{Person: "q"}, false}, {journal.Query{Unnamed: true}, false},
		{journal.Query{Facets: issuer("a")}, true}, {journal.Query{Facets: issuer("c")}, false}, {journal.Query{Facets: []journal.Facet{{Name: journal.Involved, Text: "c"}}}, true},
	} {
		if c.q.Scope = scope; granted(&c.q) != c.want {
			t.Errorf("%+v: granted is %t", c.q, !c.want)
		}
		if c.q.Scope = (journal.Scope{}); granted(&c.q) {
			t.Errorf("%+v is granted to who sees nothing", c.q)
		}
	}
}
