package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"bihuan/ground/fault"
)

// TestTheReaderThatCameBackLastIsLentFirst, and whoever waits for one is told when there are none any more, or all have been busy for
// longer than anybody waits.
func TestTheReaderThatCameBackLastIsLentFirst(t *testing.T) {
	ctx := context.Background()
	a, b := &sqliteConn{}, &sqliteConn{}
	r := newReaders(2)
	r.put(a)
	r.put(b)
	for range 3 {
		c, err := r.take(ctx)
		if c != b || err != nil {
			t.Fatalf("lent %p, %v; want %p", c, err, b)
		}
		r.put(c)
	}
	for range 2 {
		if c, err := r.take(ctx); c == nil || err != nil {
			t.Fatal(c, err)
		}
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if c, err := r.take(over); c != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("lent %p, %v to whoever gave up", c, err)
	}
	r.patience = time.Millisecond
	if c, err := r.take(ctx); c != nil || !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("lent %p, %v while all are busy", c, err)
	}
	r.shut(0)
	if c, err := r.take(ctx); c != nil || err != nil {
		t.Errorf("lent %p, %v after the end", c, err)
	}
}
