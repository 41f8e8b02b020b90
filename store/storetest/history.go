package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// history appends random batches, some of them wrong, and asks random questions in between.
// Each drawn history goes on in the same store under new streams, so that it also grows.
func history(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	defer func() { s.Close() }()
	m := &machine{model: model{rows: map[name.ID]journal.Row{}}, receipts: map[string]journal.Receipt{}, versions: map[name.ID]int64{}, numbers: map[string]int64{}}
	asked := 0
	rapid.Check(t, func(t *rapid.T) {
		m.s, m.streams = s, m.streams+6
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			m.append(t)
		}
		for range 6 {
			m.ask(t)
			asked++
		}
	})
	report, err := s.Verify(context.Background(), log, nil)
	if err != nil || report.Flaw != nil || report.Rows != int64(len(m.rows)) {
		t.Errorf("verify: %+v, %v; %d rows are known", report, err, len(m.rows))
	}
	t.Logf("%d events, %d rows, %d questions, %d conflicts, %d repeated commands", report.Events, report.Rows, asked, m.conflicts, m.repeats)
	if m.conflicts == 0 || m.repeats == 0 {
		t.Error("the history had no conflict or no repeated command: it has shown nothing about them")
	}
}

// machine is the model together with what else a store must know.
type machine struct {
	model
	s        Store
	receipts map[string]journal.Receipt
	versions map[name.ID]int64
	numbers  map[string]int64
	streams  int // so many are in use
	seq      int64

	conflicts, repeats int
}

// append sends one batch of one or two streams and expects what the model expects.
func (m *machine) append(t *rapid.T) {
	b := journal.Batch{Log: log, Command: command(t)}
	right := true
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(m.streams-6, m.streams-1), 1, 2, rapid.ID).Draw(t, "streams") {
		a := journal.Append{Stream: stream(n), Kind: ledger.Matter, Expected: m.versions[stream(n)]}
		if rapid.IntRange(0, 7).Draw(t, "wrong version") == 0 {
			a.Expected++
			right = false
		}
		for range rapid.IntRange(1, 3).Draw(t, "events") {
			a.Events = append(a.Events, event("matter.note"))
		}
		if a.Expected == 0 {
			a.Series = oneOf(t, "series", "", "工〔2026〕", "督")
		}
		row := drawRow(t)
		a.Row = &row
		b.Appends = append(b.Appends, a)
	}
	got, err := m.s.Append(context.Background(), b)
	if old, done := m.receipts[b.Command]; done {
		m.repeats++
		old.Again = true
		if err != nil || !reflect.DeepEqual(got, old) {
			t.Fatalf("repeated command %s: %+v, want %+v, %v", b.Command, got, old, err)
		}
		return
	}
	if !right {
		m.conflicts++
		if !errors.Is(err, fault.ErrConflict) {
			t.Fatalf("wrong version: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	m.remember(t, &b, &got)
}

func (m *machine) remember(t *rapid.T, b *journal.Batch, got *journal.Receipt) {
	want := journal.Receipt{Command: b.Command, FirstSeq: m.seq + 1, Head: got.Head, At: b.Appends[0].Events[0].At}
	for _, a := range b.Appends {
		m.seq += int64(len(a.Events))
		row := *a.Row
		at := journal.StreamAt{Stream: a.Stream, Version: a.Expected + int64(len(a.Events))}
		if a.Series != "" {
			m.numbers[a.Series]++
			at.Number = fmt.Sprintf("%s%05d", a.Series, m.numbers[a.Series])
		}
		row.Stream, row.Noun, row.Version, row.Seq, row.Number = a.Stream, a.Kind, at.Version, m.seq, at.Number
		if row.Number == "" {
			row.Number = m.rows[a.Stream].Number
		}
		m.rows[a.Stream], m.versions[a.Stream] = row, at.Version
		want.Streams = append(want.Streams, at)
	}
	want.LastSeq = m.seq
	if !reflect.DeepEqual(*got, want) {
		t.Fatalf("receipt\n got %+v\nwant %+v", *got, want)
	}
	m.receipts[b.Command] = want
}

// ask compares the pages of a random query and a random tally with the model's.
func (m *machine) ask(t *rapid.T) {
	ctx := context.Background()
	q := drawQuery(t)
	want := m.rowsOf(&q)
	var got []journal.Row
	for page := 0; ; page++ {
		p, err := m.s.Rows(ctx, q)
		if err != nil || len(p.Rows) > q.Limit || page > len(want) {
			t.Fatalf("page %d of %+v: %d rows, %v", page, q, len(p.Rows), err)
		}
		got = append(got, p.Rows...)
		if q.Cursor = p.Next; p.Next == "" {
			break
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%+v\n got %d rows, want %d", q, len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%+v, row %d\n got %+v\nwant %+v", q, i, got[i], want[i])
		}
	}
	tally := journal.Tally{Query: q, By: oneOf(t, "by", "", "state", "unit", "person", "area", "light", "kind", "street", "cost", "none"),
		Sum: oneOf(t, "sum", "", "cost", "street")}
	buckets, err := m.s.Tally(ctx, tally)
	if want := m.tallyOf(&tally); err != nil || !reflect.DeepEqual(buckets, want) {
		t.Fatalf("tally %+v\n got %+v, %v\nwant %+v", tally, buckets, err, want)
	}
	some := journal.Tally{Query: q, Most: rapid.Int64Range(1, 12).Draw(t, "most")}
	buckets, err = m.s.Tally(ctx, some)
	if want := min(m.tallyOf(&journal.Tally{Query: q})[0].Count, some.Most); err != nil || len(buckets) != 1 || buckets[0].Count != want {
		t.Fatalf("tally %+v\n got %+v, %v\nwant %d", some, buckets, err, want)
	}
	queries := m.several(t, q)
	m.counts(t, queries, some.Most)
	m.together(t, queries)
}

// several returns up to five random queries of one scope.
func (m *machine) several(t *rapid.T, q journal.Query) []journal.Query {
	queries := []journal.Query{q}
	for range rapid.IntRange(0, 4).Draw(t, "more queries") {
		more := drawQuery(t)
		more.Log, more.Now, more.Scope, more.Order, more.Limit = q.Log, q.Now, q.Scope, q.Order, q.Limit
		if rapid.Bool().Draw(t, "alike") {
			more.Open, more.Streams, more.Kinds = q.Open, q.Streams, q.Kinds
		}
		queries = append(queries, more)
	}
	return queries
}

// together compares the first rows of what several queries ask for with the model's.
func (m *machine) together(t *rapid.T, queries []journal.Query) {
	got, err := m.s.Together(context.Background(), queries)
	order, limit := queries[0].Order, queries[0].Limit
	if order != journal.ByDue && order != journal.ByOpened {
		if !errors.Is(err, fault.ErrInvalid) {
			t.Fatalf("several queries by %s: %v", order, err)
		}
		return
	}
	var want []journal.Row
	for i := range queries {
		want = append(want, m.rowsOf(&queries[i])...)
	}
	slices.SortFunc(want, func(a, b journal.Row) int {
		return cmp.Or(compare(order, &a, &b), cmp.Compare(a.Stream, b.Stream))
	})
	want = slices.CompactFunc(want, func(a, b journal.Row) bool { return a.Stream == b.Stream })
	want = want[:min(len(want), limit)]
	if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("together %+v\n got %+v, %v\nwant %+v", queries, got, err, want)
	}
}

// counts compares what several random queries of one scope count together with what the model counts of each.
func (m *machine) counts(t *rapid.T, queries []journal.Query, most int64) {
	var want []int64
	for i := range queries {
		want = append(want, min(m.tallyOf(&journal.Tally{Query: queries[i]})[0].Count, most))
	}
	if got, err := m.s.Counts(context.Background(), queries, most); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("counts up to %d of %+v\n got %v, %v\nwant %v", most, queries, got, err, want)
	}
}
