//go:build long

package pace_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"bihuan/desk/doors"
	"bihuan/desk/pace"
	"bihuan/ground/fault"
	"bihuan/internal/bar"
)

// TestBar_I14_NobodyAsksFasterThanTheirPace: of many requests in one moment each account and network gets its burst, then its pace; others
// are not held up, and a million callers do not fill the memory.
func TestBar_I14_NobodyAsksFasterThanTheirPace(t *testing.T) {
	now := int64(1e15)
	k := pace.New(func() int64 { return now })
	for c, p := range pace.PerAccount {
		admitted := 0
		for range 5 * p.Burst {
			err := k.Admit("p1", "", c)
			if err == nil {
				admitted++
				continue
			}
			if busy, ok := errors.AsType[*doors.Busy](err); !ok || busy.Seconds() < 1 || !errors.Is(err, fault.ErrUnavailable) {
				t.Fatal(err)
			}
		}
		if admitted != p.Burst {
			t.Errorf("class %d: %d of a burst of %d", c, admitted, p.Burst)
		}
		if err := k.Admit("p2", "", c); err != nil {
			t.Errorf("somebody else waits: %v", err)
		}
		now += time.Second.Microseconds()
		again := 0
		for k.Admit("p1", "", c) == nil {
			again++
		}
		if want := int(time.Second.Microseconds() / p.Every); again != want {
			t.Errorf("class %d: %d a second, want %d", c, again, want)
		}
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapInuse
	for i := range 1_000_000 {
		if err := k.Admit("", fmt.Sprint("10.", i>>16, ".", i>>8&255, ".", i&255), pace.Read); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&m)
	if grown := int64(m.HeapInuse) - int64(before); grown > 16<<20 {
		t.Errorf("a million networks take %d MB", grown>>20)
	}
	if err := (*pace.Keeper)(nil).Admit("p", "", pace.Costly); err != nil {
		t.Error(err)
	}
	bar.Report(t, "I-14", "reading, changing and costly requests each at their pace per account and network; a million networks in bounded memory")
}
