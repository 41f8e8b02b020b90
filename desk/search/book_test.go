package search_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/desk/search"
	"bihuan/engine/find"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

const dayUS = 86400_000_000 // µs

// busy is a store in which something happens while a part is read through.
type busy struct {
	search.Store
	during  func()
	put     chan struct{} // a part was put down
	dropped sync.Map      // the parts that were
	missed  atomic.Bool   // one of them was asked for afterwards
}

func (s *busy) Leaves(ctx context.Context, log name.District, book journal.Book, part, from int64, limit int) ([]journal.Leaf, error) {
	if during := s.during; during != nil {
		s.during = nil
		during()
	}
	if _, gone := s.dropped.Load(part); gone {
		s.missed.Store(true)
	}
	return s.Store.Leaves(ctx, log, book, part, from, limit)
}

func (s *busy) PutPart(ctx context.Context, log name.District, book journal.Book, p journal.Part, instead []int64) error {
	err := s.Store.PutPart(ctx, log, book, p, instead)
	if s.put != nil {
		s.put <- struct{}{}
	}
	return err
}

func (s *busy) DropLeaves(ctx context.Context, log name.District, book journal.Book, part int64) (int64, error) {
	s.dropped.Store(part, true)
	return s.Store.DropLeaves(ctx, log, book, part)
}

// TestEverythingGoesOnWhilePeriodsAreCompared: taking in, asking and merging wait for nobody who reads the index through, and take
// nothing from under them.
func TestEverythingGoesOnWhilePeriodsAreCompared(t *testing.T) {
	x := district.New(t, day)
	s := &busy{Store: x.Store}
	b, err := search.OpenBook(ctx, s, "220105", "test")
	must(t, err)
	id := func(n int) name.ID { return name.NewID("220105", [16]byte{15: byte(n)}) }
	for part := range 2 {
		var all []search.Entry
		for i := range 30 {
			e := search.Entry{Stream: id(part*30 + i), Body: fmt.Sprintf("第%d处路灯不亮", i), At: int64(100+part*100) * dayUS}
			if part == 1 && i%3 == 0 {
				e.Body = "供水管网爆管"
			}
			all = append(all, e)
		}
		must(t, b.Take(ctx, all))
		must(t, b.Flush(ctx))
	}
	compare := func() search.Rises {
		all, err := b.Rising(ctx, []find.Spans{{Now: find.Period{From: 150 * dayUS, Until: 250 * dayUS}, Before: find.Period{From: 50 * dayUS, Until: 150 * dayUS}}}, 0, 3, 10)
		must(t, err)
		return all[0]
	}
	want := compare()
	if want.Now != 30 || want.Before != 30 || len(want.Terms) < 5 || want.Terms[0].Now != 10 {
		t.Fatalf("%+v", want)
	}
	var merging sync.WaitGroup
	s.during = func() {
		must(t, b.Take(ctx, []search.Entry{{Stream: id(99), Body: "供水管网爆管", At: 200 * dayUS}}))
		q, err := find.Parse("供水管网")
		must(t, err)
		if a, err := b.Ask(ctx, find.Ask{Query: q, Limit: 20}); err != nil || a.Total != 11 {
			t.Errorf("%d are found meanwhile, %v", a.Total, err)
		}
		s.put = make(chan struct{})
		merging.Go(func() {
			if err := b.Merge(ctx); err != nil {
				t.Error(err)
			}
		})
		<-s.put
		for parts := 0; parts != 2; _, parts = b.Size() { // until the merged one stands in their place
			runtime.Gosched()
		}
	}
	got := compare()
	if merging.Wait(); s.missed.Load() {
		t.Error("a part was dropped before it was read")
	}
	gone := 0
	s.dropped.Range(func(any, any) bool { gone++; return true })
	if gone != 2 {
		t.Errorf("%d parts are dropped when it is done, want 2", gone)
	}
	if !slices.Equal(got.Terms, want.Terms) || got.Now != want.Now {
		t.Errorf("what happens meanwhile changes it: %+v, want %+v", got, want)
	}
	if _, parts := b.Size(); parts != 2 {
		t.Errorf("%d parts, want the merged one and what was taken in", parts)
	}
}
