package pace_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"bihuan/desk/doors"
	"bihuan/desk/pace"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// sized is a number of files of so many bytes.
func sized(n, bytes int) (all []journal.File) {
	b := make([]byte, bytes)
	for range n {
		all = append(all, journal.File{Bytes: b})
	}
	return all
}

// TestNobodyFillsTheDisk has one account, one network and one program send files for three days, as many small ones and as large ones as they are let: no more are taken than the
// quota of the first day and as much for each day after. Others are not held up, and whoever is refused is told when to come again, and may then.
func TestNobodyFillsTheDisk(t *testing.T) {
	now := int64(1e15)
	k := pace.New(func() int64 { return now })
	for _, c := range []struct {
		who     name.Person
		network string
		q       pace.Quota
	}{{"p1", "192.0.2.1", pace.FilesOfAccount}, {"", "192.0.2.1", pace.FilesOfMany}, {"key-0123456789ab", "", pace.FilesOfMany}} {
		for what, f := range map[string]struct {
			files []journal.File
			most  int // forms a day
		}{"many": {sized(20, 10), c.q.Files / 20}, "large": {sized(2, 16<<20), c.q.KB / (32 << 10)}} {
			now += 3 * 24 * time.Hour.Microseconds() // what was sent before is worked off
			taken, refused := 0, 0
			for range 3 * 24 {
				for {
					err := k.AdmitFiles(c.who, c.network, f.files)
					if err == nil {
						taken++
						continue
					}
					refused++
					if busy, ok := errors.AsType[*doors.Busy](err); !ok || busy.After <= 0 || busy.After > 24*time.Hour || !errors.Is(err, fault.ErrUnavailable) {
						t.Fatalf("%q %q, %s: %v", c.who, c.network, what, err)
					}
					break
				}
				now += time.Hour.Microseconds()
			}
			if taken > 4*f.most || taken < 3*f.most || refused == 0 {
				t.Errorf("%q %q, %s: %d forms in three days, %d a day are the quota", c.who, c.network, what, taken, f.most)
			}
			if err := k.AdmitFiles(c.who+"x", c.network+"x", f.files); err != nil {
				t.Errorf("somebody else is held up: %v", err)
			}
		}
	}
	if err := k.AdmitFiles("p1", "", nil); err != nil {
		t.Errorf("a form without files: %v", err)
	}
	if err := (*pace.Keeper)(nil).AdmitFiles("p1", "", sized(1, 1)); err != nil {
		t.Errorf("without a keeper: %v", err)
	}
}

// TestWhoIsRefusedFilesMayComeAgain waits exactly as long as the refusal says.
func TestWhoIsRefusedFilesMayComeAgain(t *testing.T) {
	now := int64(1e15)
	k := pace.New(func() int64 { return now })
	for i := 0; ; i++ {
		err := k.AdmitFiles("p1", "", sized(7, 1<<10))
		if err == nil {
			continue
		}
		busy, _ := errors.AsType[*doors.Busy](err)
		now += busy.After.Microseconds() - 1
		if k.AdmitFiles("p1", "", sized(7, 1<<10)) == nil {
			t.Error("let in before the time")
		}
		if now++; k.AdmitFiles("p1", "", sized(7, 1<<10)) != nil {
			t.Error("refused when the time was over")
		}
		if want := pace.FilesOfAccount.Files / 7; i != want {
			t.Errorf("%d forms at once, not %d", i, want)
		}
		if busy.With["minutes"] != fmt.Sprint((busy.Seconds()+59)/60) {
			t.Errorf("told %v", busy.With)
		}
		return
	}
}
