package machine

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestWhatLivesAndGarbageHaveARoomTogether(t *testing.T) {
	for _, c := range []struct {
		name string
		live uint64
		want int
	}{
		{"nothing lives yet", 0, mostShare},
		{"an empty district", 8 << 20, mostShare},
		{"a district at work", 28 << 20, mostShare},
		{"a large district", 64 << 20, 125},
		{"half of the room", 72 << 20, 100},
		{"a million matters on the map", 112 << 20, 28},
		{"all of the room", 144 << 20, 16},
		{"two million", 200 << 20, leastShare},
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
	go func() { TendHeap(ctx, time.Millisecond); close(done) }()
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

// TestWhatTheHeapKeepsIsGivenBack when there has been little to do for a while.
func TestWhatTheHeapKeepsIsGivenBack(t *testing.T) {
	for _, c := range []struct {
		name  string
		bytes uint64
		busy  int // looks from one collection to the next, 0 for none
		looks int
		given bool
	}{
		{"not at once", mostSpare, 0, spareLooks - 1, false},
		{"after a while", mostSpare, 0, spareLooks, true},
		{"not where it is little", mostSpare - 1, 0, 100, false},
		{"not while much is done", mostSpare, spareLooks, 100, false},
		{"but while little is", mostSpare, spareLooks + 1, 100, true},
	} {
		var s spare
		given, cycles := false, uint64(0)
		for n := range c.looks {
			if c.busy > 0 && n%c.busy == 0 {
				cycles++
			}
			given = s.look(cycles, c.bytes) || given
		}
		if given != c.given {
			t.Errorf("%s: given back %t, want %t", c.name, given, c.given)
		}
	}
}

// TestTheHeapGivesBackWhatItNeededOnce while it is tended.
func TestTheHeapGivesBackWhatItNeededOnce(t *testing.T) {
	t.Setenv("GOGC", "")
	given := make(chan struct{}, 1)
	old := giveBack
	defer func() { giveBack = old }()
	giveBack = func() {
		select {
		case given <- struct{}{}:
		default:
		}
	}
	needed := make([]byte, 4*mostSpare)
	for i := range needed {
		needed[i] = 1
	}
	runtime.KeepAlive(needed)
	needed = nil
	runtime.GC() // it lies free now
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { TendHeap(ctx, time.Millisecond); close(done) }()
	<-given
	end()
	<-done
}
