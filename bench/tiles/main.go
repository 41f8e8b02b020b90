// Command tiles measures the map over a million matters of one made year: how long a tile takes at each level, for who may see
// everything and for who may see what a unit has, narrowed and not; how long a square's list takes; how much memory it all needs.
//
//	go run ./tiles -db /tmp/million.db
//
// The database is filled through the store when it is empty, which takes some minutes, and used again afterwards.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	mrand "math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"bihuan/bench/made"
	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/engine/tile"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// The year that is made; now is its end.
var now = int64(calendar.NewDate(2024, 1, 1).Start())

func main() {
	path := flag.String("db", "", "the database to fill or to use again")
	n := flag.Int("n", 1_000_000, "how many matters it is filled with")
	rounds := flag.Int("rounds", 200, "how many tiles are asked for at each level")
	flag.Parse()
	if *path == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), *path, *n, *rounds); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, path string, n, rounds int) error {
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	d, err := made.OpenDesk(ctx, st, now)
	if err != nil {
		return err
	}
	if err := made.Fill(ctx, st, d, n, now); err != nil {
		return err
	}
	before := resident("RssAnon:")
	began := time.Now()
	r := atlas.New(d, st)
	if err := r.Open(ctx); err != nil {
		return err
	}
	debug.FreeOSMemory()
	fmt.Printf("read into memory in %v; memory of its own %d MB before, %d MB after\n", time.Since(began).Round(time.Millisecond), before, resident("RssAnon:"))
	measure(ctx, d, r, rounds)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("at the end %d MB of its own, %d MB of it Go's heap in use; besides %d MB of the database's file mapped\n", resident("RssAnon:"), m.HeapInuse>>20, resident("RssFile:"))
	return nil
}

// measure asks for tiles at each level, where something lies, and prints how long they take.
func measure(ctx context.Context, d *desk.Desk, r *atlas.Room, rounds int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	leader, handler := as(d, "government", "leader"), as(d, "housing", "handler")
	open := true
	for _, c := range []struct {
		name string
		who  desk.Caller
		ask  atlas.Ask
	}{
		{"everything, by a leader", leader, atlas.Ask{}},
		{"what is open, by a leader", leader, atlas.Ask{Open: &open}},
		{"one kind, one month, by a leader", leader, atlas.Ask{Kinds: []string{"urban/case"}, Opened: journal.Between{From: int64(calendar.NewDate(2023, 8, 1).Start()), Until: int64(calendar.NewDate(2023, 9, 1).Start())}}},
		{"what a handler may see", handler, atlas.Ask{}},
		{"what anybody may see", desk.Nobody, atlas.Ask{Public: true}},
	} {
		fmt.Printf("%s\n", c.name)
		chance := mrand.New(mrand.NewPCG(7, 7))
		for z := uint8(9); z <= 18; z++ {
			var took, worked []time.Duration
			bytes := 0
			for range rounds {
				t := tile.At(z, made.Anywhere(chance, made.Ground))
				began, before := time.Now(), processorTime()
				b, err := r.Matters(ctx, c.who, t, c.ask)
				if err != nil {
					log.Fatal(err)
				}
				took, worked = append(took, time.Since(began)), append(worked, processorTime()-before)
				bytes += len(b)
			}
			fmt.Printf("  level %2d  %s  processor time %s  %6d bytes\n", z, quantiles(took), quantiles(worked), bytes/rounds)
		}
	}
	for _, z := range []uint8{13, 16, 19, 22} {
		chance := mrand.New(mrand.NewPCG(8, 8))
		var took, worked []time.Duration
		for range rounds {
			t := tile.At(z, made.Anywhere(chance, made.Ground))
			began, before := time.Now(), processorTime()
			if _, _, err := r.Rows(ctx, leader, atlas.Ask{}, atlas.Part{Square: &t, Limit: 30}); err != nil {
				log.Fatal(err)
			}
			took, worked = append(took, time.Since(began)), append(worked, processorTime()-before)
		}
		fmt.Printf("list and count of a square of level %2d  %s  processor time %s\n", z, quantiles(took), quantiles(worked))
	}
}

func as(d *desk.Desk, unit name.Unit, role name.Role) desk.Caller {
	who, _ := d.Directory().Caller(d.Directory().Of(unit, role)[0].Key, "zh")
	return who
}

func quantiles(took []time.Duration) string {
	slices.Sort(took)
	at := func(q int) float64 { return float64(took[min(len(took)-1, len(took)*q/100)].Microseconds()) / 1000 }
	return fmt.Sprintf("p50 %7.2f ms  p99 %7.2f ms", at(50), at(99))
}

// resident is how many megabytes of a sort of memory the process holds, as Linux counts; 0 where it does not say. The system takes pages of
// the mapped file back when it needs them.
func resident(sort string) int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if kb, ok := strings.CutPrefix(line, sort); ok {
			n := 0
			fmt.Sscan(kb, &n)
			return n >> 10
		}
	}
	return 0
}

// processorTime is how long this thread has worked.
func processorTime() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD of Linux
	var u syscall.Rusage
	if syscall.Getrusage(thisThread, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
