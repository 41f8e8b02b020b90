package store

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// TestTheNarrowestLeads: whatever is asked for, the driver that leads leaves as few streams as any, told by counting each to its
// end, and none leads where all leave more than the bound.
func TestTheNarrowestLeads(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "lead.db"), Options{Narrow: 150})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, seed := context.Background(), rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	manyRows(t, s, r)
	led := 0
	for range 60 {
		open := r.IntN(2) == 0
		q := journal.Query{Log: erdao, Scope: journal.Scope{Units: []name.Unit{"unit-1"}, Assist: []name.Unit{"unit-2"}}}
		for _, narrow := range []func(){
			func() { q.Open = &open }, func() { q.Kinds = []string{"city/kind-1"} }, func() { q.Units = []name.Unit{"unit-3"} }, func() { q.Person = "p7" },
			func() { q.Facets = []journal.Facet{{Name: "class", Text: "c1"}} }, func() { q.Scope = journal.Scope{All: true} },
		} {
			if r.IntN(2) == 0 {
				narrow()
			}
		}
		bound := []int{1, 100, 300, 2000}[r.IntN(4)]
		if err := s.settled(ctx, "lead", func(c conn) error {
			best, wide, err := s.lead(c, &q, bound)
			if err != nil {
				return err
			}
			least := bound
			for _, d := range drivers(&q) {
				n, err := size(c, d, 1_000_000)
				if err != nil {
					return err
				}
				least = min(least, n)
			}
			if (wide != nil) != (least < bound) || (best != nil) != (least < bound && least <= s.narrow) {
				t.Errorf("seed %d, %+v below %d: leads %t, narrow %t; the narrowest leaves %d", seed, q, bound, wide != nil, best != nil, least)
			}
			if wide == nil {
				return nil
			}
			led++
			if n, err := size(c, wide, 1_000_000); err != nil || n != least {
				t.Errorf("seed %d, %+v below %d: what leads leaves %d, %v; the narrowest %d", seed, q, bound, n, err, least)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if led == 0 {
		t.Error("nothing ever led: the test tests nothing")
	}
}

// manyRows writes 900 rows past the log, in which a few drivers leave much and others little, and returns them.
func manyRows(t *testing.T, s *Store, r *rand.Rand) (all []journal.Row) {
	t.Helper()
	if err := s.writer.write(context.Background(), func(tx *txn) error {
		for i := range 900 {
			row := journal.Row{Stream: name.NewID(erdao, [16]byte{byte(i >> 8), byte(i)}), Noun: "matter", Kind: fmt.Sprint("city/kind-", r.IntN(3)), Version: 1, State: "open",
				Open: r.IntN(2) == 0, Unit: name.Unit(fmt.Sprint("unit-", min(r.IntN(9), 3))), Person: name.Person(fmt.Sprint("p", r.IntN(40))), Due: int64(r.IntN(60)), Yellow: 3,
				Opened: int64(1 + i), Facets: []journal.Facet{{Name: "class", Text: fmt.Sprint("c", r.IntN(2))}, {Name: journal.Involved, Text: fmt.Sprint("unit-", r.IntN(9))}}}
			if row.Due == 0 && row.Open { // what is paused has the light that it was given
				row.Light, row.Yellow = []string{"red", "grey"}[r.IntN(2)], 0
			}
			all = append(all, row)
			if err := tx.project([]*change{{stream: row.Stream, now: &row}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// someOf returns the streams of up to 500 rows, in any order.
func someOf(r *rand.Rand, all []journal.Row) (some []name.ID) {
	for _, i := range r.Perm(len(all))[:1+r.IntN(maxChoice)] {
		some = append(some, all[i].Stream)
	}
	return some
}

// TestStreamsThatAreNamedAreNotCountedFirst: a list, a tally and counts of what an index has found look each of it up once, and however many
// are found, there are few statements.
func TestStreamsThatAreNamedAreNotCountedFirst(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "named.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, seed := context.Background(), rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 4))
	all := manyRows(t, s, r)
	var mu sync.Mutex
	met := map[string]bool{}
	defer Prepared(func(sql string) {
		mu.Lock()
		defer mu.Unlock()
		met[sql] = true
	})()
	for range 60 {
		q := journal.Query{Log: erdao, Scope: journal.Scope{Units: []name.Unit{"unit-1"}}, Streams: someOf(r, all)}
		if _, err := s.Rows(ctx, q); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Tally(ctx, journal.Tally{Query: q, By: "state"}); err != nil {
			t.Fatal(err)
		}
		red := q
		red.Lights = []string{"red"}
		if _, err := s.Counts(ctx, []journal.Query{q, red}, 1000); err != nil {
			t.Fatal(err)
		}
	}
	named := 0
	for sql := range met {
		if strings.Contains(sql, "row.stream IN ($") {
			named++
		}
		if strings.Contains(sql, "(SELECT stream FROM row WHERE row.log = $1 AND row.stream IN ($") {
			t.Errorf("seed %d: what is named is looked up to be counted: %.200s…", seed, sql)
		}
	}
	if most := 3 * (8 + 6); named == 0 || named > most { // up to 8 each number has its statement, then every power of two
		t.Errorf("seed %d: %d statements for numbers of streams from 1 to 500, want at most %d", seed, named, most)
	}
}

// TestEveryWayLeadsToTheSame: however far drivers are counted and orders walked, the pages of a list and a count up to a bound are
// what looking at each row tells.
func TestEveryWayLeadsToTheSame(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "ways.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, seed := context.Background(), rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	all := manyRows(t, s, r)
	const now = 30
	for range 40 {
		open := r.IntN(2) == 0
		q := journal.Query{Log: erdao, Now: now, Noun: "matter", Scope: journal.Scope{Units: []name.Unit{"unit-1"}, Assist: []name.Unit{"unit-2"}}, Limit: 1 + r.IntN(40),
			Order: []journal.Order{journal.ByDue, journal.ByOpened}[r.IntN(2)]}
		for _, narrow := range []func(){
			func() { q.Open = &open }, func() {
				q.Kinds = [][]string{{"city/kind-1"}, {"city/kind-2", "city/kind-0", "city/kind-2"}}[r.IntN(2)]
			}, func() { q.Units = []name.Unit{"unit-3"} }, func() { q.Lights = []string{"red"} },
			func() { q.Facets = []journal.Facet{{Name: "class", Text: "c1"}} }, func() { q.Scope = journal.Scope{All: true} }, func() { q.Person = "p7" },
			func() { q.Streams = someOf(r, all) },
		} {
			if r.IntN(3) == 0 {
				narrow()
			}
		}
		var want []journal.Row
		for _, row := range all {
			if q.Scope.Sees(&row) && (q.Open == nil || row.Open == open) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, row.Kind)) && (len(q.Units) == 0 || row.Unit == q.Units[0]) &&
				(len(q.Lights) == 0 || row.LightAt(now) == "red") && (q.Person == "" || row.Person == q.Person) && (len(q.Streams) == 0 || slices.Contains(q.Streams, row.Stream)) && (len(q.Facets) == 0 || slices.Contains(row.Facets, q.Facets[0])) {
				want = append(want, row)
			}
		}
		slices.SortFunc(want, func(a, b journal.Row) int {
			if q.Order == journal.ByOpened {
				return cmp.Compare(b.Opened, a.Opened)
			}
			return cmp.Or(cmp.Compare(uint64(a.Due-1), uint64(b.Due-1)), cmp.Compare(a.Stream, b.Stream))
		})
		s.narrow = []int{1, 8, 40, 160, 5000}[r.IntN(5)]
		most := int64(1 + r.IntN(60))
		if n, err := s.Tally(ctx, journal.Tally{Query: q, Most: most}); err != nil || n[0].Count != min(most, int64(len(want))) {
			t.Errorf("seed %d, narrow %d, %+v: counted %+v of %d, at most %d; %v", seed, s.narrow, q, n, len(want), most, err)
		}
		var got []name.ID
		for ask := q; ; {
			page, err := s.Rows(ctx, ask)
			if err != nil || len(page.Rows) > q.Limit {
				t.Fatalf("seed %d, %+v: a page of %d rows, %v", seed, ask, len(page.Rows), err)
			}
			for _, row := range page.Rows {
				got = append(got, row.Stream)
			}
			if ask.Cursor = page.Next; ask.Cursor == "" {
				break
			}
		}
		if !slices.EqualFunc(got, want, func(id name.ID, row journal.Row) bool { return id == row.Stream }) {
			t.Errorf("seed %d, narrow %d, %+v: listed %d rows, want %d, or in another order", seed, s.narrow, q, len(got), len(want))
		}
	}
}
