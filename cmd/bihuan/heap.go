package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The collector runs when the heap has grown by so many per cent of what lives in it. A small heap is cheap to let grow
// and dear to collect at every other request; a large one must not become twice as large. So the growth is a
// number of bytes rather than a share, within bounds.
const (
	heapGrowth = 48 << 20 // bytes of garbage that are let lie
	leastShare = 25       // per cent of what lives: less would collect all the time
	mostShare  = 400
)

// heapShare returns the per cent by which a heap of so many living bytes may grow.
func heapShare(live uint64) int {
	return int(min(max(heapGrowth*100/max(live, 1), leastShare), mostShare))
}

// tendHeap sets the collector by what lives in the heap, looking every so often until ctx ends; then it is as it was.
// Whoever has set GOGC has decided otherwise.
func tendHeap(ctx context.Context, every time.Duration) {
	if os.Getenv("GOGC") != "" {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	set := debug.SetGCPercent(mostShare)
	defer debug.SetGCPercent(set)
	t := time.NewTicker(every)
	defer t.Stop()
	for now := mostShare; ; {
		if metrics.Read(sample); sample[0].Value.Kind() == metrics.KindUint64 {
			if share := heapShare(sample[0].Value.Uint64()); share < now*9/10 || share > now*11/10 {
				now = share
				debug.SetGCPercent(now)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
