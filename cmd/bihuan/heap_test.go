package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestASmallHeapGrowsByAsMuchAsALargeOne(t *testing.T) {
	for _, c := range []struct {
		name string
		live uint64
		want int
	}{
		{"nothing lives yet", 0, mostShare},
		{"an empty district", 8 << 20, mostShare},
		{"a district at work", 32 << 20, 150},
		{"a million matters on the map", 160 << 20, 30},
		{"more than we have seen", 1 << 30, leastShare},
	} {
		if got := heapShare(c.live); got != c.want {
			t.Errorf("%s: %d %%, want %d", c.name, got, c.want)
		}
	}
}

// TestTheHeapIsTended: what lives decides while the house stands, and afterwards all is as it was.
func TestTheHeapIsTended(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	held := make([][]byte, 0, 128)
	for range 128 {
		held = append(held, make([]byte, 1<<20))
	}
	runtime.GC()
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { tendHeap(ctx, time.Millisecond); close(done) }()
	share := 0
	for range 1000 {
		time.Sleep(time.Millisecond)
		share = debug.SetGCPercent(mostShare)
		debug.SetGCPercent(share)
		if share < 100 {
			break
		}
	}
	end()
	<-done
	runtime.KeepAlive(held)
	if share >= 100 || share < leastShare {
		t.Errorf("with 128 MB alive the heap may grow by %d %%", share)
	}
	if left := debug.SetGCPercent(100); left != 100 {
		t.Errorf("%d %% was left behind, want 100", left)
	}
}
