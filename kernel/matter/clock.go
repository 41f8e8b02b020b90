package matter

import "bihuan/ground/calendar"

// Clock is a clock of one matter. Its times were computed when it was started, resumed or
// extended, and stand in the events, so that its light needs no calendar. While it is paused
// they are those that it would have without that pause.
type Clock struct {
	Key         string
	Started     int64          // µs
	Length      int            // in units of its basis, 0 if it ends with a date
	Until       string         // the date it ends with, empty if it has a length
	Stage       string         // of a clock with stages: the one that this is
	Basis       calendar.Basis // in which Length is, empty for that of its kind
	Decision    bool           // it runs on a decision that was asked for: the matter's own light and due times leave it out
	Laid        *Laid          // the limit that a record laid down, nil for that of its kind
	Due         int64          // µs, the first instant that is late: the end of the day for bases of days
	Original    int64          // Due as it was first set
	Yellow      int64          // when its light turns yellow, not after Due
	Provisional bool           // the holiday notice of a year that it reaches into is not out yet
	Pauses      []Stretch
	Stopped     int64   // 0 while it runs or is paused
	Shifts      []Shift // how holiday notices and mergers moved its due time, in order
	Extended    int     // units, for one that ends with a date calendar days
	Rungs       []RungAt
}

// Begun returns when the clock was started, whatever start it has taken over since: what names it for ever.
func (c *Clock) Begun() int64 {
	for _, s := range c.Shifts {
		if s.Started != 0 {
			return s.Started
		}
	}
	return c.Started
}

// Stretch is a time for which a clock stood still, [From, To); To is 0 while it does.
type Stretch struct {
	From   int64  `json:"from"`
	To     int64  `json:"to,omitempty"`
	Reason string `json:"reason"` // the code
}

// Shift is how a due time came out anew: when the holidays of a year became known, or when a matter that began earlier was
// merged into this one. From and To are the same where only what was provisional has become certain.
type Shift struct {
	At      int64    `json:"at"`
	From    int64    `json:"from"`
	To      int64    `json:"to"`
	Notices []string `json:"notices,omitempty"` // by which the days are off or worked
	Started int64    `json:"started,omitempty"` // of an earlier start: when it began before
	Of      string   `json:"of,omitempty"`      // and the number of the merged matter
}

// RungAt is a rung of the clock's ladder, when it is due, and whether it has fired.
type RungAt struct {
	Key   RungKind `json:"rung"`
	At    int64    `json:"at"`
	Fired bool     `json:"fired,omitempty"`
}

// Light is the light of a clock or a matter.
type Light string

// The lights. NoLight is the light of what has no running clock.
const (
	NoLight Light = ""
	Grey    Light = "grey"   // paused
	Green   Light = "green"  // in time
	Yellow  Light = "yellow" // running out
	Red     Light = "red"    // overdue
)

// gravity orders the lights: the worst one counts.
var gravity = map[Light]int{NoLight: 0, Grey: 1, Green: 2, Yellow: 3, Red: 4}

// IsPaused reports whether the clock stands still.
func (c *Clock) IsPaused() bool {
	return c.Stopped == 0 && len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].To == 0
}

// asOf returns the instant by which the clock is judged at now: when it was stopped, if it was, and when it was paused,
// if it stood still then.
func (c *Clock) asOf(now int64) int64 {
	if c.Stopped != 0 {
		now = min(now, c.Stopped)
	}
	if n := len(c.Pauses); n > 0 {
		if last := c.Pauses[n-1]; last.To == 0 || last.To == c.Stopped {
			now = min(now, last.From)
		}
	}
	return now
}

// counts reports whether the clock goes on towards its lights and rungs: it runs, or it was overdue before it was
// paused, which a pause does not mend.
func (c *Clock) counts() bool {
	return c.Stopped == 0 && (!c.IsPaused() || c.Pauses[len(c.Pauses)-1].From >= c.Due)
}

// Light returns the clock's light at now; a stopped clock has none. A clock that was overdue before it was paused stays
// red.
func (c *Clock) Light(now int64) Light {
	switch {
	case c.Stopped != 0:
		return NoLight
	case c.asOf(now) >= c.Due:
		return Red
	case c.IsPaused():
		return Grey
	case now >= c.Yellow:
		return Yellow
	}
	return Green
}

// WasLate reports whether the clock was overdue when it was stopped, or is overdue at now. One that stood still when it
// was stopped is judged by when it was paused.
func (c *Clock) WasLate(now int64) bool { return c.asOf(now) >= c.Due }
