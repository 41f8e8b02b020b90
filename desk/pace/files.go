package pace

import (
	"fmt"
	"strings"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Quota is how much somebody may send in as files: so much at once, and as much again spread evenly over each day.
type Quota struct {
	Files int
	KB    int
}

// The quotas, ours. A collector takes some 300 photos a day, of 3 to 8 MB; a quarter of the city behind one address, or a program that reports for people, sends
// those of many.
//
// Source: OWASP ASVS 5.0.0, 5.2.4, as read.
var (
	FilesOfAccount = Quota{Files: 1000, KB: 4 << 20}
	FilesOfMany    = Quota{Files: 3000, KB: 12 << 20} // a network without an account, a program, a sensor
)

// AdmitFiles counts files that somebody sends in, or a network where nobody is signed in, and refuses them with a [*doors.Busy] beyond the quota. Files count when they
// arrive, whatever becomes of them.
func (k *Keeper) AdmitFiles(who name.Person, network string, files []journal.File) error {
	if k == nil || len(files) == 0 {
		return nil
	}
	caller, q := fmt.Sprint("account ", who), FilesOfAccount
	switch {
	case who == "":
		caller, q = "network "+network, FilesOfMany
	case strings.HasPrefix(string(who), desk.KeyPrefix):
		q = FilesOfMany
	}
	bytes := 0
	for i := range files {
		bytes += len(files[i].Bytes)
	}
	wait := max(k.limit.TakeMany("files "+caller, len(files), ofADay(q.Files), k.now()), k.limit.TakeMany("bytes "+caller, (bytes+1023)>>10, ofADay(q.KB), k.now()))
	if wait == 0 {
		return nil
	}
	b := &doors.Busy{After: wait}
	b.Refusal = fault.Refuse(fault.ErrUnavailable, "too-many-sent", "", "minutes", fmt.Sprint((b.Seconds()+59)/60))
	return b
}

// ofADay is the pace of so many a day, which may come at once.
func ofADay(n int) doors.Pace {
	return doors.Pace{Burst: n, Every: (24 * time.Hour).Microseconds() / int64(n)}
}
