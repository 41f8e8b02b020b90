package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

var all = journal.Scope{All: true}

// titlesOf returns the titles of all pages of a query.
func titlesOf(t *testing.T, s Store, q journal.Query) (out []string) {
	t.Helper()
	q.Log = log
	for {
		p, err := s.Rows(ctx, q)
		must(t, err)
		for _, r := range p.Rows {
			out = append(out, r.Title)
		}
		if q.Cursor = p.Next; p.Next == "" {
			return out
		}
	}
}

func scopes(t *testing.T, open Open) {
	s := opened(t, open)
	for i, r := range []journal.Row{
		{Title: "held by housing", Unit: "housing"},
		{Title: "involves housing", Unit: "tax", Facets: []journal.Facet{{Name: journal.Involved, Text: "housing"}}},
		{Title: "names housing otherwise", Unit: "tax", Facets: []journal.Facet{{Name: "street", Text: "housing"}}},
		{Title: "held by p1", Unit: "tax", Person: "p1"},
		{Title: "public", Unit: "urban", Public: true},
		{Title: "nobody's"},
		{Title: "set by housing", Unit: "tax", Facets: []journal.Facet{{Name: journal.Issuer, Text: "housing"}}},
		{Title: "supervised by housing", Unit: "tax", Facets: []journal.Facet{{Name: journal.Supervisor, Text: "housing"}}},
		{Title: "p1 took part", Unit: "tax", Facets: []journal.Facet{{Name: journal.Took, Text: "p1"}}},
		{Title: "in grid 1", Unit: "east", Facets: []journal.Facet{{Name: journal.Lies, Text: "001/01/1"}}},
		{Title: "in grid 10", Unit: "east", Facets: []journal.Facet{{Name: journal.Lies, Text: "001/01/10"}}},
	} {
		must(t, second(s.Append(ctx, single(fmt.Sprint(i), stream(i), 0, r))))
	}
	for _, c := range []struct {
		name  string
		scope journal.Scope
		want  []string
	}{
		{"the zero scope", journal.Scope{}, nil},
		{"a unit", journal.Scope{Units: []name.Unit{"housing"}}, []string{"held by housing"}},
		{"a unit that assists", journal.Scope{Assist: []name.Unit{"housing"}}, []string{"involves housing"}},
		{"a unit that set it", journal.Scope{SetBy: []name.Unit{"housing"}}, []string{"set by housing"}},
		{"a unit with an order about it", journal.Scope{Supervise: []name.Unit{"housing"}}, []string{"supervised by housing"}},
		{"whoever took part", journal.Scope{Took: []name.Person{"p1"}}, []string{"p1 took part"}},
		{"a place", journal.Scope{Grids: []string{"001/01"}, There: &journal.Scope{All: true}}, []string{"in grid 1", "in grid 10"}},
		{"a place that begins alike", journal.Scope{Grids: []string{"001/01/1"}, There: &journal.Scope{Units: []name.Unit{"east"}}}, []string{"in grid 1"}},
		{"a unit in no place", journal.Scope{There: &journal.Scope{Units: []name.Unit{"east"}}}, nil},
		{"another unit in a place", journal.Scope{Grids: []string{"001"}, There: &journal.Scope{Units: []name.Unit{"tax"}}}, nil},
		{"a place, and a person anywhere", journal.Scope{Persons: []name.Person{"p1"}, Grids: []string{"001/01/10"}, There: &journal.Scope{Units: []name.Unit{"east"}}}, []string{"held by p1", "in grid 10"}},
		{"a unit that is nowhere", journal.Scope{Units: []name.Unit{"none"}}, nil},
		{"a person", journal.Scope{Persons: []name.Person{"p1"}}, []string{"held by p1"}},
		{"the public", journal.Scope{Public: true}, []string{"public"}},
		{"a person of a unit", journal.Scope{Units: []name.Unit{"urban"}, Persons: []name.Person{"p1"}}, []string{"held by p1", "public"}},
	} {
		equal(t, c.name, titlesOf(t, s, journal.Query{Scope: c.scope, Order: journal.ByTitle}), c.want)
		buckets, err := s.Tally(ctx, journal.Tally{Query: journal.Query{Log: log, Scope: c.scope}})
		must(t, err)
		equal(t, c.name+", counted", buckets, []journal.Bucket{{Count: int64(len(c.want))}})
	}
	equal(t, "all", len(titlesOf(t, s, journal.Query{Scope: all})), 11)
	p, err := s.Rows(ctx, journal.Query{Log: "110101", Scope: all})
	must(t, err)
	equal(t, "another log", len(p.Rows), 0)
}

func cursors(t *testing.T, open Open) {
	s := opened(t, open)
	for i := range 5 {
		must(t, second(s.Append(ctx, single(fmt.Sprint(i), stream(i), 0, journal.Row{Title: fmt.Sprint(i), Opened: 1}))))
	}
	q := journal.Query{Log: log, Scope: all, Order: journal.ByTitle, Limit: 2}
	p, err := s.Rows(ctx, q)
	must(t, err)
	broken := []byte(p.Next)
	broken[len(broken)/2] ^= 1
	for what, bad := range map[string]journal.Query{
		"another order":   {Log: log, Scope: all, Order: journal.ByOpened, Cursor: p.Next},
		"another filter":  {Log: log, Scope: all, Order: journal.ByTitle, Cursor: p.Next, Kinds: []string{"x"}},
		"another log":     {Log: "110101", Scope: all, Order: journal.ByTitle, Cursor: p.Next},
		"a changed one":   {Log: log, Scope: all, Order: journal.ByTitle, Cursor: string(broken)},
		"a cut one":       {Log: log, Scope: all, Order: journal.ByTitle, Cursor: p.Next[:10]},
		"no cursor":       {Log: log, Scope: all, Order: journal.ByTitle, Cursor: "' OR 1=1 --"},
		"an order":        {Log: log, Scope: all, Order: "due; DROP TABLE row"},
		"too large":       {Log: log, Scope: all, Limit: 501},
		"less than none":  {Log: log, Scope: all, Limit: -1},
		"no log":          {Scope: all},
		"too many kinds":  {Log: log, Scope: all, Kinds: make([]string, 501)},
		"too many facets": {Log: log, Scope: all, Facets: make([]journal.Facet, 21)},
	} {
		if _, err := s.Rows(ctx, bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	q.Cursor, q.Limit, q.Scope = p.Next, 3, journal.Scope{Public: true}
	if p, err := s.Rows(ctx, q); err != nil || len(p.Rows) != 0 {
		t.Errorf("a cursor that went to somebody who sees less: %d rows, %v", len(p.Rows), err)
	}
}

func moving(t *testing.T, open Open) {
	s := opened(t, open)
	for i := range 6 {
		must(t, second(s.Append(ctx, single(fmt.Sprint(i), stream(i), 0, journal.Row{Title: fmt.Sprint(i)}))))
	}
	q := journal.Query{Log: log, Scope: all, Order: journal.ByTitle, Limit: 3}
	p, err := s.Rows(ctx, q)
	must(t, err)
	must(t, second(s.Append(ctx, single("gone", stream(2), 1, journal.Row{Title: "9"}))))
	must(t, second(s.Append(ctx, single("new", stream(7), 0, journal.Row{Title: "1a"}))))
	q.Cursor = p.Next
	equal(t, "the rest", titlesOf(t, s, q), []string{"3", "4", "5", "9"})
}

func search(t *testing.T, open Open) {
	s := opened(t, open)
	for i, title := range []string{"吉林大路Ａ座", "100%完成", "100x完成", `a\b`, "a_b", "acb"} {
		must(t, second(s.Append(ctx, numbered(fmt.Sprint(i), stream(i), 0))))
		must(t, second(s.Append(ctx, single(fmt.Sprint("t", i), stream(i), 1, journal.Row{Title: title}))))
	}
	for text, want := range map[string][]string{
		"大路a座": {"吉林大路Ａ座"}, "吉林": {"吉林大路Ａ座"}, "100%": {"100%完成"}, `a\`: {`a\b`}, "a_b": {"a_b"}, "A_B": {"a_b"}, "Ｎ00003": {"100x完成"}, "没有": nil,
	} {
		equal(t, text, titlesOf(t, s, journal.Query{Scope: all, Text: text, Order: journal.ByTitle}), want)
	}
}

func files(t *testing.T, open Open) {
	s := opened(t, open)
	f := journal.File{Name: "a.txt", Media: "text/plain", Bytes: []byte("内容")}
	f.Hash = sm3.Sum(f.Bytes)
	for i, n := range []string{"a.txt", "b.txt"} {
		b := single(fmt.Sprint(i), stream(i), 0, journal.Row{})
		g := f
		g.Name = n
		b.Files = []journal.File{g}
		must(t, second(s.Append(ctx, b)))
	}
	got, err := s.File(ctx, f.Hash)
	must(t, err)
	equal(t, "file", got, f)
	if _, err := s.File(ctx, ledger.Hash{1}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("no file: %v", err)
	}
}

func personal(t *testing.T, open Open) {
	s := opened(t, open)
	for i, value := range []string{"张三", "李四"} {
		b := single(fmt.Sprint(i), stream(1), int64(i), journal.Row{})
		b.Personal = []journal.Personal{{Subject: stream(1), Field: "name", Suite: "plain", Salt: [16]byte{byte(i + 1)}, Value: value},
			{Subject: stream(1), Field: "an", Suite: "plain", Value: "x"}, {Subject: stream(2), Field: "name", Suite: "plain", Value: "other"}}
		must(t, second(s.Append(ctx, b)))
	}
	got, err := s.PersonalOf(ctx, stream(1))
	must(t, err)
	equal(t, "values", got, []journal.Personal{{Subject: stream(1), Field: "an", Suite: "plain", Value: "x"},
		{Subject: stream(1), Field: "name", Suite: "plain", Salt: [16]byte{2}, Value: "李四"}})
	if got, err := s.PersonalOf(ctx, stream(3)); len(got) != 0 || err != nil {
		t.Errorf("of somebody unknown: %v, %v", got, err)
	}
}

func blind(t *testing.T, open Open) {
	s := opened(t, open)
	put := func(i int, value, index string) {
		b := single(fmt.Sprint(i, value), stream(i), 0, journal.Row{})
		b.Personal = []journal.Personal{{Subject: stream(i), Field: "phone", Suite: "plain", Value: value, Blind: index}, {Subject: stream(i), Field: "other", Suite: "plain", Value: value, Blind: index}}
		must(t, second(s.Append(ctx, b)))
	}
	put(1, "a", "x")
	put(2, "b", "y")
	put(3, "a", "x")
	for _, c := range []struct {
		index string
		limit int
		want  []name.ID
	}{{"x", 10, []name.ID{stream(3), stream(1)}}, {"x", 1, []name.ID{stream(3)}}, {"y", 10, []name.ID{stream(2)}}, {"z", 10, nil}, {"", 10, nil}} {
		got, err := s.Subjects(ctx, log, c.index, c.limit)
		must(t, err)
		equal(t, "subjects of "+c.index, got, c.want)
	}
	b := single("again", stream(1), 1, journal.Row{})
	b.Personal = []journal.Personal{{Subject: stream(1), Field: "phone", Suite: "plain", Value: "c", Blind: "z"}, {Subject: stream(1), Field: "other", Suite: "plain", Value: "c"}}
	must(t, second(s.Append(ctx, b)))
	got, err := s.Subjects(ctx, log, "x", 10)
	must(t, err)
	equal(t, "subjects after a value was replaced", got, []name.ID{stream(3)})

	n, err := s.Reindex(ctx, log, []journal.Reindex{{Subject: stream(3), Field: "phone", Was: "x", Blind: "X"}, {Subject: stream(2), Field: "phone", Was: "changed meanwhile", Blind: "Y"}, {Subject: stream(9), Field: "phone", Was: "x", Blind: "X"}})
	must(t, err)
	equal(t, "indexed anew", n, 1)
	for index, want := range map[string][]name.ID{"X": {stream(3)}, "x": {stream(3)}, "y": {stream(2)}, "Y": nil} { // x: its other field
		got, err := s.Subjects(ctx, log, index, 10)
		must(t, err)
		equal(t, "subjects of "+index+" after it was indexed anew", got, want)
	}
	if _, err := s.Reindex(ctx, log, []journal.Reindex{{Subject: stream(3), Field: "phone", Was: "X", Blind: "a\x00b"}}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("an index that is no text: %v", err)
	}
}

func sessions(t *testing.T, open Open) {
	s := opened(t, open)
	a, b := ledger.Hash{1}, ledger.Hash{2}
	must(t, s.PutSession(ctx, "", a, []byte("one"), 10, 100))
	body, until, err := s.Session(ctx, a, 99)
	must(t, err)
	equal(t, "session", []any{string(body), until}, []any{"one", int64(100)})
	if _, _, err := s.Session(ctx, a, 100); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a session that has ended: %v", err)
	}
	must(t, s.PutSession(ctx, "", a, []byte("two"), 20, 200))
	must(t, s.PutSession(ctx, "", b, nil, 150, 300)) // a is still there
	if body, until, err := s.Session(ctx, a, 150); err != nil || string(body) != "two" || until != 200 {
		t.Errorf("renewed: %s until %d, %v", body, until, err)
	}
	must(t, s.PutSession(ctx, "", b, nil, 250, 300)) // a has ended and is dropped
	if _, _, err := s.Session(ctx, a, 150); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a dropped session: %v", err)
	}
	must(t, s.DeleteSession(ctx, b))
	must(t, s.DeleteSession(ctx, b))
	if _, _, err := s.Session(ctx, b, 250); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a deleted session: %v", err)
	}
	if err := s.PutSession(ctx, "", a, make([]byte, 1<<20), 1, 2); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a body too large: %v", err)
	}
}

// logout has readers ask for a session while it is ended: none of them may find it afterwards.
func logout(t *testing.T, open Open) {
	s := opened(t, open)
	for n := range byte(30) {
		hash := ledger.Hash{n, 1}
		must(t, s.PutSession(ctx, "", hash, []byte("in"), 10, 100))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					if _, _, err := s.Session(ctx, hash, 50); err != nil {
						return
					}
				}
			})
		}
		must(t, s.DeleteSession(ctx, hash))
		if _, _, err := s.Session(ctx, hash, 50); !errors.Is(err, fault.ErrNotFound) {
			t.Fatalf("a session that was ended: %v", err)
		}
		wg.Wait()
	}
}

func consumers(t *testing.T, open Open) {
	s := opened(t, open)
	for _, c := range []struct {
		seq  int64
		kind error
	}{{3, nil}, {3, fault.ErrConflict}, {2, fault.ErrConflict}, {4, nil}} {
		if err := s.SetCursor(ctx, log, "mail", c.seq); !errors.Is(err, c.kind) {
			t.Errorf("to %d: %v", c.seq, err)
		}
	}
	for consumer, want := range map[string]int64{"mail": 4, "other": 0} {
		if got, err := s.Cursor(ctx, log, consumer); got != want || err != nil {
			t.Errorf("%s is at %d, %v", consumer, got, err)
		}
	}
}

func leases(t *testing.T, open Open) {
	s := opened(t, open)
	for _, c := range []struct {
		holder     string
		now, until int64
		token      int64
		kind       error
	}{
		{"a", 0, 10, 1, nil},
		{"b", 5, 15, 0, fault.ErrConflict},
		{"a", 5, 15, 1, nil},
		{"b", 14, 20, 0, fault.ErrConflict},
		{"b", 15, 20, 2, nil},
		{"a", 16, 30, 0, fault.ErrConflict},
		{"a", 20, 30, 3, nil},
		{"a", 30, 30, 0, fault.ErrInvalid},
		{"a", 30, 600_000_031, 0, fault.ErrInvalid},
		{"a", 600_000_030, 1_200_000_030, 3, nil}, // then the clock is set back by more than a lease lasts
		{"b", 599_000_000, 600_000_000, 4, nil},
	} {
		token, err := s.Lease(ctx, "watch", c.holder, c.now, c.until)
		if token != c.token || !errors.Is(err, c.kind) {
			t.Errorf("%s at %d: token %d, %v; want %d, %v", c.holder, c.now, token, err, c.token, c.kind)
		}
	}
	var won [100]bool
	each(100, func(i int) {
		_, err := s.Lease(ctx, "race", fmt.Sprint(i), 0, 10)
		won[i] = err == nil
	})
	n := 0
	for _, w := range won {
		if w {
			n++
		}
	}
	equal(t, "winners of a race", n, 1)
}

// fresh has many writers ask, as soon as a step of theirs is acknowledged, for a list, a count and the row.
func fresh(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	var wg sync.WaitGroup
	for w := range 12 {
		wg.Go(func() {
			for v := range int64(8) {
				state := fmt.Sprintf("s%d-%d", w, v)
				if _, err := s.Append(ctx, single(state, stream(w), v, journal.Row{Kind: "works/site", State: state, Facets: []journal.Facet{{Name: "street", Text: state}}})); err != nil {
					t.Error(err)
					return
				}
				q := journal.Query{Log: log, Scope: journal.Scope{All: true}, Facets: []journal.Facet{{Name: "street", Text: state}}}
				p, err := s.Rows(ctx, q)
				if err != nil || len(p.Rows) != 1 || p.Rows[0].State != state || p.Rows[0].Version != v+1 {
					t.Errorf("list after %s: %+v, %v", state, p.Rows, err)
				}
				q.Facets, q.States = nil, []string{state}
				if n, err := s.Tally(ctx, journal.Tally{Query: q}); err != nil || n[0].Count != 1 {
					t.Errorf("count after %s: %+v, %v", state, n, err)
				}
				if r, err := s.Row(ctx, stream(w)); err != nil || r.State != state {
					t.Errorf("row after %s: %+v, %v", state, r, err)
				}
			}
		})
	}
	wg.Wait()
	if r, err := s.Verify(ctx, log, nil); err != nil || r.Flaw != nil || r.Rows != 12 {
		t.Errorf("verify: %+v, %v", r, err)
	}
}
