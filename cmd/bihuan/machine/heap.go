// Package machine is what the program takes of the machine: how far its heap grows before it is collected, and how many goroutines run at
// once. Whoever measures the program elsewhere takes the same.
package machine

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The collector runs when the heap has grown by so many per cent of what lives in it. A small heap is cheap to let grow and dear to collect at
// every other request; a large one must not become twice as large. So what lives and the garbage that is let lie may take so many bytes together,
// within bounds, so that a district with a million matters stays within what we promise. What makes a heap large, the map and the cards
// of full text, holds no pointers and costs nothing to collect. The runtime keeps a tenth of that room besides, and some 25 MB are no heap: at most 200 MB.
const (
	heapRoom    = 144 << 20 // bytes that what lives and garbage may take together
	leastGrowth = 24 << 20  // bytes of garbage that are let lie however much lives
	leastShare  = 12        // per cent of what lives: less would collect all the time
	mostShare   = 400
)

// What the heap needed once, as for a file of 20,000 rows, it keeps: its garbage until it is collected, and its free pages for many minutes. When there
// is little to do, which is when nothing was collected for so many looks, that much is given back at once, by one collection.
const (
	mostSpare  = 32 << 20 // bytes that may be kept
	spareLooks = 10
)

// giveBack returns what is free to the system; tests look when.
var giveBack = debug.FreeOSMemory

// spare is how long there has been little to do.
type spare struct {
	cycles uint64 // collections up to the last look
	looks  int
}

// look reports whether what is garbage or free is to be given back now.
func (s *spare) look(cycles, bytes uint64) bool {
	if s.looks++; cycles != s.cycles {
		s.cycles, s.looks = cycles, 0
	}
	return s.looks >= spareLooks && bytes >= mostSpare
}

// heapShare returns the per cent by which a heap of so many living bytes may grow.
func heapShare(live uint64) int {
	growth := max(heapRoom-min(live, heapRoom), leastGrowth)
	return int(min(max(growth*100/max(live, 1), leastShare), mostShare))
}

// TendHeap sets the collector by what lives in the heap and gives back what it needed once, looking every so often until ctx ends; then the
// collector is as it was. Whoever has set GOGC has decided otherwise.
func TendHeap(ctx context.Context, every time.Duration) {
	if os.Getenv("GOGC") != "" {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	var idle spare
	set := debug.SetGCPercent(mostShare)
	defer debug.SetGCPercent(set)
	t := time.NewTicker(every)
	defer t.Stop()
	for now := mostShare; ; {
		metrics.Read(sample)
		live, objects, free, cycles := sample[0].Value.Uint64(), sample[1].Value.Uint64(), sample[2].Value.Uint64(), sample[3].Value.Uint64()
		if share := heapShare(live); share < now*9/10 || share > now*11/10 {
			now = share
			debug.SetGCPercent(now)
		}
		if idle.look(cycles, max(objects, live)-live+free) {
			giveBack()
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
