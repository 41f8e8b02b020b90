package store

import (
	"context"
	"errors"
	"testing"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// TestWhatWaitsIsBounded: the oldest make room, and what is over leaves nothing.
func TestWhatWaitsIsBounded(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	put := func(key string, at int64, sizes ...int) error {
		var files []journal.File
		for _, n := range sizes {
			files = append(files, journal.File{Bytes: make([]byte, n)})
		}
		return s.PutWaiting(ctx, erdao, key, files, at, 100)
	}
	count := func(key string) int {
		t.Helper()
		files, err := s.Waiting(ctx, erdao, key, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	for i, key := range []string{"a", "b", "c", "d"} {
		if err := put(key, int64(i+1), 20, 10); err != nil {
			t.Fatal(err)
		}
	}
	if count("a") != 0 || count("b") != 2 || count("d") != 2 {
		t.Errorf("a %d, b %d, d %d", count("a"), count("b"), count("d"))
	}
	if err := put("e", 5, 60, 41); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("more than there is room for: %v", err)
	}
	if n, err := s.DropWaiting(ctx, erdao, 3); err != nil || n != 4 || count("b")+count("c") != 0 || count("d") != 2 {
		t.Errorf("%d dropped, %v", n, err)
	}
	if n, err := s.DropWaiting(ctx, erdao, 3); err != nil || n != 0 {
		t.Errorf("%d dropped again, %v", n, err)
	}
}
