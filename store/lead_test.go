package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
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
	if err := s.writer.write(ctx, func(tx *txn) error {
		for i := range 900 {
			row := journal.Row{Stream: name.NewID(erdao, [16]byte{byte(i >> 8), byte(i)}), Noun: "matter", Kind: fmt.Sprint("city/kind-", r.IntN(3)), Version: 1, State: "open",
				Open: r.IntN(2) == 0, Unit: name.Unit(fmt.Sprint("unit-", min(r.IntN(9), 3))), Person: name.Person(fmt.Sprint("p", r.IntN(40))),
				Opened: int64(1 + i), Facets: []journal.Facet{{Name: "class", Text: fmt.Sprint("c", r.IntN(2))}, {Name: journal.Involved, Text: fmt.Sprint("unit-", r.IntN(9))}}}
			if err := tx.project([]*change{{stream: row.Stream, now: &row}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
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
