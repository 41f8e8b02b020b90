package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

var ctx = context.Background()

// opened opens a store in a new folder for as long as the test runs.
func opened(t *testing.T, open Open) Store {
	s := open(t, t.TempDir())
	t.Cleanup(func() { s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

func whole(t *testing.T, open Open) {
	s := opened(t, open)
	file := journal.File{Name: "照片 <1>.jpg", Media: "image/jpeg", Bytes: []byte{0, 1, 0xff}}
	file.Hash = sm3.Sum(file.Bytes)
	b := journal.Batch{Log: log, Command: "c1", Files: []journal.File{file},
		Personal: []journal.Personal{{Subject: stream(1), Field: "name", Suite: "plain", Salt: [16]byte{9}, Value: "张三"}},
		Appends: []journal.Append{
			{Stream: stream(1), Kind: ledger.Matter, Events: []ledger.Event{event("matter.register"), event("matter.accept")}, Series: "工〔2026〕",
				Row: &journal.Row{Kind: "works/site", Title: "口袋公园", State: "accepted", Open: true, Facets: []journal.Facet{{Name: "street", Text: "东站"}, {Name: "cost", Text: "1.5", Number: 15000}}}},
			{Stream: stream(2), Kind: ledger.Account, Events: []ledger.Event{event("account.grant")}, Row: &journal.Row{}},
		}}
	r, err := s.Append(ctx, b)
	must(t, err)
	seq, head, err := s.Head(ctx, log)
	must(t, err)
	equal(t, "receipt", r, journal.Receipt{Command: "c1", FirstSeq: 1, LastSeq: 3, Head: head, At: b.Appends[0].Events[0].At,
		Streams: []journal.StreamAt{{Stream: stream(1), Version: 2, Number: "工〔2026〕00001"}, {Stream: stream(2), Version: 1}}})
	equal(t, "seq", seq, int64(3))
	row, err := s.Row(ctx, stream(1))
	must(t, err)
	equal(t, "row", row, journal.Row{Stream: stream(1), Noun: ledger.Matter, Kind: "works/site", Version: 2, Seq: 2, Number: "工〔2026〕00001", Title: "口袋公园",
		State: "accepted", Open: true, Facets: []journal.Facet{{Name: "cost", Text: "1.5", Number: 15000}, {Name: "street", Text: "东站"}}, Body: []byte("{}")})
	events, err := s.Events(ctx, stream(1), 0)
	must(t, err)
	want := b.Appends[0].Events[1]
	want.Log, want.Seq, want.Stream, want.Kind, want.Version, want.Command = log, 2, stream(1), ledger.Matter, 2, "c1"
	equal(t, "second event", events[1], want)
	if events, err = s.Events(ctx, stream(1), 2); len(events) != 0 || err != nil {
		t.Fatalf("behind the last version: %v, %v", events, err)
	}
	if _, err := s.Row(ctx, stream(3)); !errors.Is(err, fault.ErrNotFound) {
		t.Fatalf("a stream that is not there: %v", err)
	}
	if b.Appends[0].Events[0].Seq != 0 || b.Appends[0].Row.Version != 0 {
		t.Fatal("the batch was changed")
	}
}

func refused(t *testing.T, open Open) {
	s := opened(t, open)
	must(t, second(s.Append(ctx, single("first", stream(9), 0, journal.Row{}))))
	for what, change := range map[string]func(*journal.Batch){
		"no log":             func(b *journal.Batch) { b.Log = "" },
		"no command":         func(b *journal.Batch) { b.Command = "" },
		"no streams":         func(b *journal.Batch) { b.Appends = nil },
		"no events":          func(b *journal.Batch) { b.Appends[0].Events = nil },
		"another log":        func(b *journal.Batch) { b.Appends[0].Stream = name.NewID("110101", [16]byte{}) },
		"a stream twice":     func(b *journal.Batch) { b.Appends = append(b.Appends, b.Appends[0]) },
		"another command":    func(b *journal.Batch) { b.Appends[0].Events[0].Command = "other" },
		"a body of no JSON":  func(b *journal.Batch) { b.Appends[0].Events[0].Body = []byte(`{"a":`) },
		"a body of a list":   func(b *journal.Batch) { b.Appends[0].Events[0].Body = []byte(`[]`) },
		"a row of no JSON":   func(b *journal.Batch) { b.Appends[0].Row.Body = []byte(`7`) },
		"another row":        func(b *journal.Batch) { b.Appends[0].Row.Stream = stream(77) },
		"a zero byte":        func(b *journal.Batch) { b.Appends[0].Row.Title = "a\x00b" },
		"broken UTF-8":       func(b *journal.Batch) { b.Appends[0].Row.Title = "\xff" },
		"a long title":       func(b *journal.Batch) { b.Appends[0].Row.Title = strings.Repeat("长", 400) },
		"a facet twice":      func(b *journal.Batch) { b.Appends[0].Row.Facets = []journal.Facet{{Name: "a"}, {Name: "a"}} },
		"a facet of no name": func(b *journal.Batch) { b.Appends[0].Row.Facets = []journal.Facet{{Text: "a"}} },
		"a file of no hash":  func(b *journal.Batch) { b.Files = []journal.File{{Bytes: []byte("x")}} },
		"a value of nobody":  func(b *journal.Batch) { b.Personal = []journal.Personal{{Field: "name", Suite: "plain"}} },
		"a row left out":     func(b *journal.Batch) { b.Appends[0].Row = nil },
		"another kind": func(b *journal.Batch) {
			b.Appends[0].Stream, b.Appends[0].Expected, b.Appends[0].Kind = stream(9), 1, ledger.Record
		},
		"an instant too soon": func(b *journal.Batch) { b.Appends[0].Row.Due = -1 },
	} {
		b := single("c", stream(1), 0, journal.Row{Title: "x"})
		change(&b)
		if _, err := s.Append(ctx, b); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if seq, _, err := s.Head(ctx, log); seq != 1 || err != nil {
		t.Errorf("%d events stand in the log, %v", seq, err)
	}
}

func second[T any](_ T, err error) error { return err }

func conflict(t *testing.T, open Open) {
	s := opened(t, open)
	must(t, second(s.Append(ctx, single("a", stream(1), 0, journal.Row{}))))
	for _, expected := range []int64{0, 2, 9} {
		b := single(fmt.Sprint("b", expected), stream(1), expected, journal.Row{})
		b.Appends = append(b.Appends, single("", stream(2), 0, journal.Row{}).Appends...)
		if _, err := s.Append(ctx, b); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("expected %d at version 1: %v", expected, err)
		}
	}
	if _, err := s.Row(ctx, stream(2)); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("half of a refused batch is there: %v", err)
	}
}

func once(t *testing.T, open Open) {
	s := opened(t, open)
	asked := func(command, of string, title string) journal.Batch {
		b := single(command, stream(1), 0, journal.Row{Title: title})
		b.Asked = sm3.Sum([]byte(of))
		return b
	}
	first, err := s.Append(ctx, asked("a", "this", "eins"))
	must(t, err)
	equal(t, "what was asked", first.Asked, ledger.Hash(sm3.Sum([]byte("this"))))
	must(t, second(s.Append(ctx, single("b", stream(1), 1, journal.Row{Title: "zwei"}))))
	again, err := s.Append(ctx, asked("a", "that", "drei")) // its receipt tells what was asked at first
	must(t, err)
	repeated := first
	repeated.Again = true
	equal(t, "receipt of the same command", again, repeated)
	read, found, err := s.Receipt(ctx, log, "a")
	must(t, err)
	equal(t, "receipt read back", read, first)
	row, err := s.Row(ctx, stream(1))
	if !found || err != nil || row.Title != "zwei" || row.Version != 2 {
		t.Errorf("after all: %+v, %v, %v", row, found, err)
	}
	if _, found, err := s.Receipt(ctx, log, "never"); found || err != nil {
		t.Errorf("a receipt for a command never sent: %v", err)
	}
	if _, found, err := s.Receipt(ctx, "110101", "a"); found || err != nil {
		t.Errorf("a receipt in another log: %v", err)
	}
}

// numbered is a batch that opens a stream with a number.
func numbered(command string, s name.ID, expected int64) journal.Batch {
	b := single(command, s, expected, journal.Row{})
	b.Appends[0].Series = "N"
	return b
}

func numbers(t *testing.T, open Open) {
	s := opened(t, open)
	must(t, second(s.Append(ctx, numbered("a", stream(1), 0))))
	if _, err := s.Append(ctx, numbered("b", stream(1), 0)); !errors.Is(err, fault.ErrConflict) {
		t.Fatal(err)
	}
	r, err := s.Append(ctx, numbered("c", stream(2), 0))
	must(t, err)
	equal(t, "number after a refused one", r.Streams[0].Number, "N00002")
}

// each runs f for 0 … n-1 at once and waits.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func crowd(t *testing.T, open Open) {
	s := opened(t, open)
	var mu sync.Mutex
	won := 0
	each(100, func(i int) {
		_, err := s.Append(ctx, single(fmt.Sprint("c", i), stream(1), 0, journal.Row{}))
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			won++
		} else if !errors.Is(err, fault.ErrConflict) {
			t.Error(err)
		}
	})
	if seq, _, err := s.Head(ctx, log); won != 1 || seq != 1 || err != nil {
		t.Errorf("%d writers won, %d events, %v", won, seq, err)
	}
}

func gapless(t *testing.T, open Open) {
	s := opened(t, open)
	var mu sync.Mutex
	var got []string
	each(100, func(i int) {
		for j := range 5 {
			b := numbered(fmt.Sprint(i, "-", j), stream(i*5+j), int64(j%2*(i%3))) // some expect a version that is not there
			r, err := s.Append(ctx, b)
			if err == nil {
				mu.Lock()
				got = append(got, r.Streams[0].Number)
				mu.Unlock()
			} else if !errors.Is(err, fault.ErrConflict) {
				t.Error(err)
			}
		}
	})
	slices.Sort(got)
	if len(got) < 300 || len(got) == 500 {
		t.Fatalf("%d of 500 batches were remembered: nothing is shown", len(got))
	}
	for i, n := range got {
		if want := fmt.Sprintf("N%05d", i+1); n != want {
			t.Fatalf("number %d is %s", i+1, n)
		}
	}
}

func chain(t *testing.T, open Open) {
	s := opened(t, open)
	for i := range 30 {
		b := single(fmt.Sprint(i), stream(i%4), int64(i/4), journal.Row{})
		b.Appends[0].Events[0].Suite = ledger.Suite(1 + i%2)
		must(t, second(s.Append(ctx, b)))
	}
	entries, err := s.Log(ctx, log, 10, 7)
	if must(t, err); len(entries) != 7 || entries[0].Seq != 11 {
		t.Fatalf("a part of the log: %d entries from %d", len(entries), entries[0].Seq)
	}
	all, err := s.Log(ctx, log, 0, 0)
	must(t, err)
	c := ledger.NewChecker(log)
	for i := range all {
		must(t, c.Add(&all[i]))
	}
	seq, head, err := s.Head(ctx, log)
	must(t, err)
	must(t, c.End(seq, head))
	seq, head, err = s.Head(ctx, "110101")
	must(t, err)
	equal(t, "head of an empty log", []any{seq, head}, []any{int64(0), new(ledger.Chainer).Start("110101")})
	var seen int64
	report, err := s.Verify(ctx, log, func(e *ledger.Entry) error { seen++; return nil })
	if err != nil || report.Flaw != nil || report.Events != 30 || seen != 30 || report.Rows != 4 {
		t.Fatalf("verify: %+v, %v", report, err)
	}
	report, err = s.Verify(ctx, log, func(e *ledger.Entry) error {
		if e.Seq == 12 {
			return &ledger.Flaw{Seq: 12, Code: store12, Text: "by the caller"}
		}
		return nil
	})
	if err != nil || report.Flaw == nil || report.Flaw.Code != store12 {
		t.Fatalf("a flaw found by the caller: %+v, %v", report, err)
	}
}

const store12 ledger.FlawCode = "test"

func reopen(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	var last journal.Receipt
	for i := range 20 {
		var err error
		last, err = s.Append(ctx, numbered(fmt.Sprint(i), stream(i), 0))
		must(t, err)
	}
	must(t, s.Close())
	if _, err := s.Append(ctx, numbered("closed", stream(50), 0)); !errors.Is(err, fault.ErrUnavailable) {
		t.Fatalf("a closed store: %v", err)
	}
	s = open(t, dir)
	defer s.Close()
	seq, head, err := s.Head(ctx, log)
	must(t, err)
	equal(t, "head", []any{seq, head}, []any{last.LastSeq, last.Head})
	r, err := s.Append(ctx, numbered("next", stream(20), 0))
	must(t, err)
	equal(t, "next number", r.Streams[0].Number, "N00021")
	again, err := s.Append(ctx, numbered("19", stream(19), 0))
	must(t, err)
	last.Again = true
	equal(t, "a command from before", again, last)
}

func ended(t *testing.T, open Open) {
	s := opened(t, open)
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Append(over, single("a", stream(1), 0, journal.Row{})); !errors.Is(err, fault.ErrUnavailable) {
		t.Fatalf("append: %v", err)
	}
	must(t, second(s.Append(ctx, single("b", stream(2), 0, journal.Row{})))) // behind it in the queue
	if _, err := s.Row(ctx, stream(1)); !errors.Is(err, fault.ErrNotFound) {
		t.Fatalf("it was carried out: %v", err)
	}
	if _, err := s.Rows(over, journal.Query{Log: log}); !errors.Is(err, fault.ErrUnavailable) {
		t.Fatalf("rows: %v", err)
	}
}

// districts appends to two logs by turns and at once: each counts from one, has a chain of its own and answers only for itself.
func districts(t *testing.T, open Open) {
	s := opened(t, open)
	logs := []name.District{"110101", log, "220106"} // the one between begins first
	batch := func(d name.District, n byte) journal.Batch {
		b := single("c", stream(int(n)), 0, journal.Row{Title: "x"})
		b.Log, b.Command, b.Appends[0].Stream = d, fmt.Sprint("c", n), name.NewID(d, [16]byte{n})
		return b
	}
	must(t, second(s.Append(ctx, batch(log, 1))))
	var all sync.WaitGroup
	for n := byte(2); n <= 20; n++ {
		for _, d := range logs {
			all.Go(func() {
				if _, err := s.Append(ctx, batch(d, n)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	begun, err := s.Logs(ctx)
	must(t, err)
	equal(t, "logs that have begun", begun, slices.Sorted(slices.Values(logs)))
	for i, d := range logs {
		entries, err := s.Log(ctx, d, 0, 0)
		must(t, err)
		equal(t, "entries of "+string(d), len(entries), 19+i%2)
		c := ledger.NewChecker(d)
		for i := range entries {
			must(t, c.Add(&entries[i]))
		}
		seq, head, err := s.Head(ctx, d)
		must(t, err)
		must(t, c.End(seq, head))
		r, found, err := s.Receipt(ctx, d, "c7")
		must(t, err)
		equal(t, "receipt", []any{found, r.Streams[0].Stream}, []any{true, name.NewID(d, [16]byte{7})})
		part, err := s.Log(ctx, d, 15, 0)
		must(t, err)
		equal(t, "behind 15", len(part), len(entries)-15)
	}
}
