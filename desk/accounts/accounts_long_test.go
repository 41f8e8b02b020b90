//go:build long

package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/ground/password"
	"bihuan/internal/bar"
)

// What measures the memory of the process or the time that a hash takes: run without the race detector, which multiplies both.

// TestBar_A06_NamesAreNotTold compares names that somebody has with names that nobody has: the refusals are the same, and the time
// they take differs by less than it differs among themselves.
func TestBar_A06_NamesAreNotTold(t *testing.T) {
	tries := bar.Count(300, 1000)
	r := stand(t, password.Cost{Time: 1, Memory: 2 << 10}, Limits{Tries: 1 << 30, Network: 1 << 30})
	r.people("p112")
	var had, none []float64
	for range tries {
		for _, login := range []string{"p112", "p999"} {
			start := time.Now()
			if got := says(r.try(login, "wrong-Wrong-1", "123456", "192.0.2.7:1")); got != "sign-in-refused" {
				t.Fatalf("%s: %s", login, got)
			}
			took := float64(time.Since(start).Microseconds())
			if login == "p112" {
				had = append(had, took)
			} else {
				none = append(none, took)
			}
		}
	}
	slices.Sort(had)
	slices.Sort(none)
	mid := func(x []float64, q float64) float64 { return x[int(q*float64(len(x)-1))] }
	differ, noise := mid(had, .5)-mid(none, .5), max(mid(had, .9)-mid(had, .1), mid(none, .9)-mid(none, .1))
	if max(differ, -differ) > noise {
		t.Errorf("a name that somebody has takes %.0f µs longer, and the noise is %.0f µs", differ, noise)
	}
	bar.Report(t, "A-06", "%d tries each: one refusal for all, medians differ by %.0f µs within a noise of %.0f µs", tries, differ, noise)
}

// TestBar_A06_AStormIsBoundedInMemory has far more people sign in at once than can be hashed: memory stays below the bar, and whoever
// cannot be served is told to come again.
func TestBar_A06_AStormIsBoundedInMemory(t *testing.T) {
	r := stand(t, password.Usual, Limits{Tries: 1 << 30, Network: 1 << 30})
	r.people("p112")
	const storm = 500
	var shed, answered, most atomic.Int64
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			most.Store(max(most.Load(), resident()))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for n := range storm {
		wg.Go(func() {
			_, err := r.Check(ctx, Typed{Login: "p112", Password: "wrong-Wrong-1", Code: "123456", Address: fmt.Sprintf("10.0.%d.%d:1", n/250, n%250)})
			if _, ok := errors.AsType[*doors.Busy](err); ok {
				shed.Add(1)
			} else if says(err) == "sign-in-refused" {
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	close(stop)
	watch.Wait()
	mb := most.Load() >> 20
	if mb >= 512 || shed.Load()+answered.Load() != storm || shed.Load() == 0 || answered.Load() == 0 {
		t.Errorf("%d MB resident, %d shed, %d answered", mb, shed.Load(), answered.Load())
	}
	bar.Report(t, "A-06", "%d sign-ins at once: at most %d MB resident, %d answered, %d told to come again", storm, mb, answered.Load(), shed.Load())
}

// resident is the memory of this process in bytes; what the runtime has taken where the system does not tell.
func resident() int64 {
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := strings.Fields(string(b)); len(f) > 1 {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n * int64(os.Getpagesize())
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
