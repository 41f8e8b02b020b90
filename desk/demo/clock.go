// Package demo makes the generated district: fictitious persons work ten months through a report of ours, all of it
// by the same commands that people give. [Build] fills an empty desk up to [Start]; [Clock] is the time that it lives in.
package demo

import (
	"sync/atomic"
	"time"

	"bihuan/ground/calendar"
)

// Clock is the demo's time: it starts where it is set and runs on with the real one; it only moves forward.
type Clock struct {
	ahead atomic.Int64 // µs before real
	real  func() int64 // µs
}

// NewClock returns a clock that stands at a time now; real is the real time in µs.
func NewClock(at int64, real func() int64) *Clock {
	c := &Clock{real: real}
	c.Set(at)
	return c
}

// Now returns the demo's time in µs.
func (c *Clock) Now() int64 { return c.real() + c.ahead.Load() }

// Set moves the clock to a time.
func (c *Clock) Set(at int64) { c.ahead.Store(at - c.real()) }

// Forward moves the clock on.
func (c *Clock) Forward(d time.Duration) { c.ahead.Add(d.Microseconds()) }

// MonthEnd returns how far it is from now to nine in the morning after the end of the month.
func (c *Clock) MonthEnd() time.Duration {
	now := c.Now()
	next := (calendar.Instant(now).Date().MonthEnd() + 1).At(9 * 60)
	return time.Duration(int64(next)-now) * time.Microsecond
}

// Opening is when the report is given: the district congress of 19 December 2022.
var Opening = calendar.NewDate(2022, 12, 19)

// Start is when a visitor finds the demo: 16 October 2023, nine in the morning.
var Start = calendar.NewDate(2023, 10, 16).At(9 * 60)
