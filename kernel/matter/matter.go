package matter

import (
	"slices"
	"strings"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Matter is a matter as its events add up to it. The zero Matter is one that has not been opened.
type Matter struct {
	ID       name.ID
	Kind     string // pack/kind
	Pack     string // version of the pack that it was opened under
	Version  int64  // number of its events
	Number   string
	State    string
	Phase    Phase
	Issuer   Hand        // who set the task
	For      name.Person // in whose name it was opened, empty for that of whoever did
	Giver    Hand        // who gave it to the holder
	Holder   Hand        // whose it is
	Worker   Hand        // who reported it done last
	Fields   map[string]string
	Personal map[string]ledger.Commitment
	Evidence []Evidence
	Clocks   []Clock
	Links    []Link
	Orders   []Order       // supervision orders about it, in the order in which it heard of them
	DidWork  []name.Person // everybody who did the work, in order of their first act
	WorkedBy []name.Unit   // and their units
	Checked  []name.Person // everybody who verified it since it was last reported done
	Asked    []name.Person // everybody who spoke for its holder since it came to them: what they ask for is not theirs to grant
	Counts   map[string]int
	Opened   int64 // µs
	Closed   int64 // µs, 0 while open
	Changed  int64 // µs, of the last event
	Public   bool
	Reasons  []Reason // why fields have their values, as far as the platform gave them
	Pending  *Asking  // the act that was asked for and waits for a decision, nil for none
}

// Hand is a unit, and the person in it if one is named.
type Hand struct {
	Unit   name.Unit   `json:"unit"`
	Person name.Person `json:"person,omitempty"`
}

// Evidence is one piece of evidence.
type Evidence struct {
	Kind EvidenceKind `json:"kind"`
	File string       `json:"file,omitempty"` // SM3 of the upload; empty for a statement
	Name string       `json:"name,omitempty"` // as the person named it
	Text string       `json:"text,omitempty"` // of a statement

	Capture Capture `json:"capture,omitzero"` // of a photo that was sealed with where and when it was taken
}

// Capture is where and when a photo was taken, sealed with its bytes (取证): whoever has the photo works the seal out again.
type Capture struct {
	Place string `json:"place,omitempty"` // lng,lat in WGS-84, empty where the phone did not know
	Taken string `json:"taken"`           // UTC to the millisecond, by the phone's clock
	Seal  string `json:"seal"`            // SM3 over place, time and photo
	Late  bool   `json:"late,omitempty"`  // sealed when it arrived, by the server's clock
}

// Link is how this matter belongs to another stream.
type Link struct {
	Kind LinkKind `json:"kind"`
	To   name.ID  `json:"to"`
}

// Title returns the field that names the matter.
func (m *Matter) Title() string { return m.Fields["title"] }

// Clock returns the clock with the key that was started last, or nil.
func (m *Matter) Clock(key string) *Clock {
	for i := len(m.Clocks) - 1; i >= 0; i-- {
		if m.Clocks[i].Key == key {
			return &m.Clocks[i]
		}
	}
	return nil
}

// Running returns the clocks that have not been stopped, paused ones included.
func (m *Matter) Running() (running []Clock) {
	for _, c := range m.Clocks {
		if c.Stopped == 0 {
			running = append(running, c)
		}
	}
	return running
}

// Linked returns the streams that the matter is linked to by kind, in order.
func (m *Matter) Linked(kind LinkKind) (to []name.ID) {
	for _, l := range m.Links {
		if l.Kind == kind {
			to = append(to, l.To)
		}
	}
	return to
}

// IsOpen reports whether somebody still has to do something.
func (m *Matter) IsOpen() bool { return m.Version > 0 && m.Phase.IsOpen() }

// Light returns the worst light of the running clocks at now, and NoLight when none runs or the matter has ended. Whoever works on
// it does not answer for how long a decision takes: its clock is left out, as it is of the due times.
func (m *Matter) Light(now int64) Light {
	worst := NoLight
	for i := range m.Clocks {
		if l := m.Clocks[i].Light(now); m.IsOpen() && !m.Clocks[i].Decision && gravity[l] > gravity[worst] {
			worst = l
		}
	}
	return worst
}

// Due returns the nearest due time of the clocks that run or are overdue, or 0.
func (m *Matter) Due() int64 { return m.nearest(func(c *Clock) int64 { return c.Due }) }

// Yellow returns when the first of these clocks turns yellow, or 0.
func (m *Matter) Yellow() int64 { return m.nearest(func(c *Clock) int64 { return c.Yellow }) }

func (m *Matter) nearest(of func(*Clock) int64) (at int64) {
	for i := range m.Clocks {
		c := &m.Clocks[i]
		if m.IsOpen() && c.counts() && !c.Decision && (at == 0 || of(c) < at) {
			at = of(c)
		}
	}
	return at
}

// Wake returns when the scheduler has to look at the matter next: the time of the earliest rung that
// has not fired, which may have passed; 0 if there is none.
func (m *Matter) Wake() (wake int64) {
	for _, r := range m.waiting() {
		if wake == 0 || r.At < wake {
			wake = r.At
		}
	}
	return wake
}

func (m *Matter) didWork(p name.Person) bool { return slices.Contains(m.DidWork, p) }

// units splits a stored value of kind units.
func units(v string) (all []name.Unit) {
	for _, u := range strings.Fields(v) {
		all = append(all, name.Unit(u))
	}
	return all
}

// Assisting returns the units that assist, from the field assist.
func (m *Matter) Assisting() []name.Unit { return units(m.Fields["assist"]) }
