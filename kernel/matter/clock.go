package matter

// Clock is a clock of one matter. Its times were computed when it was started, paused,
// resumed or extended, and stand in the events, so that its state needs no calendar.
type Clock struct {
	Key         string
	Started     int64  // µs
	Length      int    // in units of its basis, 0 if it ends with a date
	Until       string // the date it ends with, empty if it has a length
	Due         int64  // µs; the end of the day for bases of days
	Original    int64  // the due time before any extension
	Yellow      int64  // when its light turns yellow
	Provisional bool   // the holiday notice of a year that it reaches into is not out yet
	Pauses      []Stretch
	Stopped     int64 // 0 while it runs or is paused
	Extended    int   // units
	Rungs       []RungAt
}

// Stretch is a time for which a clock stood still, [From, To); To is 0 while it does.
type Stretch struct {
	From   int64  `json:"from"`
	To     int64  `json:"to,omitempty"`
	Reason string `json:"reason"` // the code
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

func (l Light) rank() int {
	switch l {
	case Grey:
		return 1
	case Green:
		return 2
	case Yellow:
		return 3
	case Red:
		return 4
	}
	return 0
}

// IsPaused reports whether the clock stands still.
func (c *Clock) IsPaused() bool {
	return c.Stopped == 0 && len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].To == 0
}

func (c *Clock) runs() bool { return c.Stopped == 0 && !c.IsPaused() }

// Light returns the clock's light at now; a stopped clock has none.
func (c *Clock) Light(now int64) Light {
	switch {
	case c.Stopped != 0:
		return NoLight
	case c.IsPaused():
		return Grey
	case now >= c.Due:
		return Red
	case now >= c.Yellow:
		return Yellow
	}
	return Green
}

// WasLate reports whether the clock was stopped after it was due, or is past it at now.
func (c *Clock) WasLate(now int64) bool {
	if c.Stopped != 0 {
		now = c.Stopped
	}
	return !c.IsPaused() && now > c.Due
}
