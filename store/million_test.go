//go:build million

package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/ground/rule"
	"bihuan/kernel/journal"
)

// The made district: a million matters of two years, 2 % of them open, 40 kinds, 60 units,
// 600 persons, 12 streets with 120 communities.
const (
	million = 1_000_000
	start   = int64(1_700_000_000_000_000)
	spacing = int64(60_000_000) // µs between two matters
)

// TestBar_Lists_Million asks what people ask most, of a million matters. STORE_MILLION names the
// database to make or to use again: go test -tags million -run Million -v ./store. The bar is a p99 of 50 ms for lists and boards.
func TestBar_Lists_Million(t *testing.T) {
	path := os.Getenv("STORE_MILLION")
	if path == "" {
		t.Fatal("STORE_MILLION names no database to make or to use again")
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	makeMillion(t, s)
	ctx, r := context.Background(), rand.New(rand.NewPCG(1, 2))
	now := start + million*spacing
	open, kindOf := true, func() []string { return []string{fmt.Sprintf("city/kind-%d", r.IntN(40))} }
	unit := func() name.Unit { return name.Unit(fmt.Sprintf("unit-%d", r.IntN(60))) }
	everything := journal.Query{Log: erdao, Now: now, Scope: journal.Scope{All: true}}
	of := func(change func(*journal.Query)) journal.Query {
		q := everything
		change(&q)
		return q
	}
	for _, c := range []struct {
		name string
		ask  func() journal.Query
		by   string // a tally if not empty
	}{
		{"all that is open, by due", func() journal.Query { return of(func(q *journal.Query) { q.Open = &open }) }, ""},
		{"everything, by due", func() journal.Query { return everything }, ""},
		{"everything, newest first", func() journal.Query { return of(func(q *journal.Query) { q.Order = journal.ByOpened }) }, ""},
		{"a unit's worklist", func() journal.Query {
			return of(func(q *journal.Query) { q.Open, q.Units = &open, []name.Unit{unit()} })
		}, ""},
		{"a unit's own and involved, by its scope", func() journal.Query {
			return of(func(q *journal.Query) { q.Scope = journal.Scope{Units: []name.Unit{unit()}}; q.Open = &open })
		}, ""},
		{"a unit's history by its scope, newest first", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Scope = journal.Scope{Units: []name.Unit{unit()}}
				q.Order = journal.ByOpened
			})
		}, ""},
		{"a person's worklist", func() journal.Query {
			return of(func(q *journal.Query) { q.Open, q.Person = &open, name.Person(fmt.Sprintf("p%d", r.IntN(600))) })
		}, ""},
		{"a kind in a state, newest first", func() journal.Query {
			return of(func(q *journal.Query) { q.Kinds, q.States, q.Order = kindOf(), []string{"handled"}, journal.ByOpened })
		}, ""},
		{"a kind by title", func() journal.Query {
			return of(func(q *journal.Query) { q.Kinds, q.Order = kindOf(), journal.ByTitle })
		}, ""},
		{"a street and a class by facets", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Facets = []journal.Facet{{Name: "class", Text: fmt.Sprint("c", r.IntN(200))}, {Name: "source", Text: "patrol"}}
				q.Order = journal.ByOpened
			})
		}, ""},
		{"a common facet of a kind, by due", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Kinds, q.Facets = kindOf(), []journal.Facet{{Name: "source", Text: "patrol"}}
			})
		}, ""},
		{"a community", func() journal.Query {
			return of(func(q *journal.Query) { q.Area = fmt.Sprintf("220105%03d%03d", r.IntN(12), r.IntN(10)) })
		}, ""},
		{"open and red", func() journal.Query { return of(func(q *journal.Query) { q.Open, q.Lights = &open, []string{"red"} }) }, ""},
		{"due in a week of a kind", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Kinds, q.Due = kindOf(), journal.Between{From: now, Until: now + 7*86400_000_000}
			})
		}, ""},
		{"what wakes", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Wake, q.Order = journal.Between{Until: now - 5*86400_000_000}, journal.ByWake
			})
		}, ""},
		{"by number", func() journal.Query {
			return of(func(q *journal.Query) { q.Text, q.Order = fmt.Sprintf("N%07d", r.IntN(million)), journal.ByNumber })
		}, ""},
		{"a common word, newest first", func() journal.Query {
			return of(func(q *journal.Query) { q.Text, q.Order = "井盖", journal.ByOpened })
		}, ""},
		{"a rare word", func() journal.Query {
			return of(func(q *journal.Query) { q.Text = fmt.Sprint("编号", r.IntN(million)) })
		}, ""},
		{"a rule over a kind", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Kinds, q.Where = kindOf(), &rule.Predicate{Op: rule.And, Args: []rule.Predicate{
					{Op: rule.Equal, Kind: field.Text, Field: "source", Value: "patrol"}, {Op: rule.AtLeast, Kind: field.Integer, Field: "cost", Value: "90"}}}
			})
		}, ""},
		{"count: a kind by state", func() journal.Query { return of(func(q *journal.Query) { q.Kinds = kindOf() }) }, "state"},
		{"count: open by unit", func() journal.Query { return of(func(q *journal.Query) { q.Open = &open }) }, "unit"},
		{"count: open of a unit by light", func() journal.Query {
			return of(func(q *journal.Query) { q.Open, q.Units = &open, []name.Unit{unit()} })
		}, "light"},
		{"count: a kind's month by source", func() journal.Query {
			from := start + r.Int64N(million-43200)*spacing
			return of(func(q *journal.Query) {
				q.Kinds, q.Opened = kindOf(), journal.Between{From: from, Until: from + 30*86400_000_000}
			})
		}, "source"},
		{"count: a rule over a kind", func() journal.Query {
			return of(func(q *journal.Query) {
				q.Kinds, q.Where = kindOf(), &rule.Predicate{Op: rule.Equal, Kind: field.Text, Field: "state", Value: "closed"}
			})
		}, "area"},
		{"count: everything by state", func() journal.Query { return everything }, "state"},
		{"count: everything by unit", func() journal.Query { return everything }, "unit"},
	} {
		var took []time.Duration
		rows, total := 0, time.Duration(0)
		for range 100 {
			q := c.ask()
			begin := time.Now()
			if c.by != "" {
				b, err := s.Tally(ctx, journal.Tally{Query: q, By: c.by})
				if err != nil {
					t.Fatal(c.name, err)
				}
				rows += len(b)
			} else {
				p, err := s.Rows(ctx, q)
				if err != nil {
					t.Fatal(c.name, err)
				}
				rows += len(p.Rows)
			}
			took = append(took, time.Since(begin))
			if total += time.Since(begin); total > 4*time.Second {
				break
			}
		}
		slices.Sort(took)
		t.Logf("%-46s %3d times  p50 %8s  p99 %8s  %d rows on average", c.name, len(took), took[len(took)/2].Round(10*time.Microsecond), took[len(took)*99/100].Round(10*time.Microsecond), rows/len(took))
	}
}

// makeMillion fills an empty store past the log: only lists are asked here.
func makeMillion(t *testing.T, s *Store) {
	ctx := context.Background()
	p, err := s.Rows(ctx, journal.Query{Log: erdao, Scope: journal.Scope{All: true}, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rows) > 0 {
		return
	}
	begin := time.Now()
	r := rand.New(rand.NewPCG(3, 4))
	for at := 0; at < million; at += 20_000 {
		if err := s.writer.write(ctx, func(tx *txn) error {
			for i := at; i < at+20_000; i++ {
				row := madeRow(r, i)
				if err := tx.project([]*change{{stream: row.Stream, now: &row}}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("made in %v", time.Since(begin))
}

func madeRow(r *rand.Rand, i int) journal.Row {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:], uint64(i)<<16)
	binary.BigEndian.PutUint64(u[8:], r.Uint64())
	opened := start + int64(i)*spacing
	row := journal.Row{Stream: name.NewID(erdao, u), Noun: "matter", Kind: fmt.Sprintf("city/kind-%d", r.IntN(40)), Version: 8, Number: fmt.Sprintf("N%07d", i),
		Title: fmt.Sprintf("%s%s编号%d", []string{"吉林大路", "东盛大街", "民丰大街"}[r.IntN(3)], []string{"井盖破损", "路灯不亮", "占道经营", "渣土未清"}[r.IntN(4)], r.IntN(million)),
		State: "closed", Unit: name.Unit(fmt.Sprintf("unit-%d", r.IntN(60))), Person: name.Person(fmt.Sprintf("p%d", r.IntN(600))),
		Area: fmt.Sprintf("220105%03d%03d", r.IntN(12), r.IntN(10)), Opened: opened, Closed: opened + 86400_000_000, Due: opened + 2*86400_000_000, Light: "green",
		Facets: []journal.Facet{{Name: "class", Text: fmt.Sprint("c", r.IntN(200))}, {Name: "cost", Text: fmt.Sprint(i % 100), Number: int64(i%100) * 10000},
			{Name: journal.Involved, Text: fmt.Sprintf("unit-%d", r.IntN(60))}, {Name: "source", Text: []string{"patrol", "hotline", "web"}[r.IntN(3)]}},
		Body: []byte(`{"place":"吉林大路与东盛大街交汇","measure":"更换"}`)}
	if r.IntN(50) == 0 {
		now := start + million*spacing
		row.State, row.Open, row.Closed = []string{"accepted", "dispatched", "handled"}[r.IntN(3)], true, 0
		row.Due = now + int64(r.IntN(20)-5)*86400_000_000
		row.Yellow, row.Wake = row.Due-86400_000_000, row.Due-86400_000_000
	}
	return row
}
