// Package pace holds how often one account or one network may ask: reading, changing, and what costs much each at a pace of its own.
//
// [New] returns a keeper, [Keeper.Admit] counts one request and refuses it with a [*doors.Busy] that says when to come again. What
// is counted lies in memory and is bounded: see [doors.Limiter]. The doors for residents, programs and sensors have paces of
// their own besides; signing in has its own locks.
package pace

import (
	"fmt"
	"time"

	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Class is what a request costs.
type Class int

// The classes.
const (
	Read   Class = iota // a page, a list, a tile
	Write               // a form, an act
	Costly              // an export, a replay of the log
	Failed              // a token that opens nothing
	Told                // what a browser tells of content that it kept out
)

// The paces. Ours: somebody at work opens a page every few seconds, a map asks for forty tiles at once; an office of a thousand may
// share one address, and so may a quarter of the city behind a carrier's translation.
var (
	PerAccount = map[Class]doors.Pace{
		Read:   {Burst: 600, Every: every(50)},
		Write:  {Burst: 200, Every: every(10)},
		Costly: {Burst: 40, Every: every(1)},
	}
	PerNetwork = map[Class]doors.Pace{
		Read:   {Burst: 3000, Every: every(300)},
		Write:  {Burst: 300, Every: every(20)},
		Costly: {Burst: 60, Every: every(2)},
		Failed: {Burst: 30, Every: every(1)}, // a program with a token that has run out asks again and again; nobody's good token waits for it
		Told:   {Burst: 30, Every: every(1)},
	}
)

// every is the pace of so many a second, in µs.
func every(perSecond int64) int64 { return time.Second.Microseconds() / perSecond }

// Keeper counts who asks. A nil Keeper lets everybody in: for tests and measurements.
type Keeper struct {
	limit doors.Limiter
	now   func() int64 // µs
}

// New returns a keeper by a clock in µs.
func New(now func() int64) *Keeper { return &Keeper{now: now} }

// Admit counts one request of a person, or of a network where nobody is signed in; see [doors.Address]. Nobody is behind what failed.
func (k *Keeper) Admit(who name.Person, network string, c Class) error {
	if k == nil {
		return nil
	}
	caller, p := fmt.Sprint("account ", c, " ", who), PerAccount[c]
	if who == "" {
		caller, p = fmt.Sprint("network ", c, " ", network), PerNetwork[c]
	}
	wait := k.limit.Take(caller, p, k.now())
	if wait == 0 {
		return nil
	}
	b := &doors.Busy{After: wait}
	b.Refusal = fault.Refuse(fault.ErrUnavailable, "too-fast", "", "seconds", fmt.Sprint(b.Seconds()))
	return b
}
