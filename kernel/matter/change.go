package matter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Change is the body of every event of a matter: what the event changed. Empty parts changed nothing.
type Change struct {
	Kind     string                       `json:"kind,omitempty"` // on the first event
	Pack     string                       `json:"pack,omitempty"` // likewise, and where the matter is moved to another version
	Act      string                       `json:"act,omitempty"`
	Verb     Verb                         `json:"verb,omitempty"`
	To       string                       `json:"to,omitempty"` // the new state
	Phase    Phase                        `json:"phase,omitempty"`
	Holder   *Hand                        `json:"holder,omitempty"`
	Giver    *Hand                        `json:"giver,omitempty"`
	Issuer   *Hand                        `json:"issuer,omitempty"`
	Fields   map[string]string            `json:"fields,omitempty"` // "" clears a field
	Personal map[string]ledger.Commitment `json:"personal,omitempty"`
	Evidence []Evidence                   `json:"evidence,omitempty"`
	Clocks   []ClockChange                `json:"clocks,omitempty"`
	Links    []Link                       `json:"links,omitempty"`
	Order    *Order                       `json:"order,omitempty"` // a supervision order about it was opened or withdrawn
	Rung     *Fired                       `json:"rung,omitempty"`
	Count    string                       `json:"count,omitempty"`
	Public   bool                         `json:"public,omitempty"`
	Reasons  []Reason                     `json:"reasons,omitempty"`
	Asked    *Asking                      `json:"asked,omitempty"`   // an act that the event asks for
	Settled  *Settled                     `json:"settled,omitempty"` // and what became of the one that was asked for before
}

// ClockChange is what happened to one clock, with the times it has from then on.
type ClockChange struct {
	Op          ClockOp        `json:"op"`
	Clock       string         `json:"clock"`
	Length      int            `json:"length,omitempty"`
	Until       string         `json:"until,omitempty"`
	Stage       string         `json:"stage,omitempty"`
	Basis       calendar.Basis `json:"basis,omitempty"`   // if it is not the kind's
	Laid        *Laid          `json:"laid,omitempty"`    // the limit, where a record laid it down
	Was         int64          `json:"was,omitempty"`     // of a recomputation or an earlier start: when it was due before
	Notices     []string       `json:"notices,omitempty"` // and the holiday notices that speak of its days
	Since       int64          `json:"since,omitempty"`   // of an earlier start: from when it counts now
	Of          string         `json:"of,omitempty"`      // and the number of the merged matter that began then
	Due         int64          `json:"due,omitempty"`
	Yellow      int64          `json:"yellow,omitempty"`
	Provisional bool           `json:"provisional,omitempty"`
	Rungs       []RungAt       `json:"rungs,omitempty"`
	Reason      string         `json:"reason,omitempty"` // the code of a pause
	By          int            `json:"by,omitempty"`     // units of an extension; at a start, of the one taken over
	Decision    bool           `json:"decision,omitempty"`
}

// Fired is a rung that fired.
type Fired struct {
	Clock string    `json:"clock"`
	Rung  RungKind  `json:"rung"`
	To    Hand      `json:"to"`           // who is told
	As    name.Role `json:"as,omitempty"` // in which role, of a superior out of the directory

	Decision bool `json:"decision,omitempty"` // of the clock on a decision: nobody's work is late
}

// The ops of what happens to a clock without an effect of an act.
const (
	Recompute ClockOp = "recompute" // its due time changed because a holiday notice came out
	Earlier   ClockOp = "earlier"   // a matter that began earlier was merged into this one
)

// Apply returns the matter after an event: it is total, and it changes neither m nor the event.
// Unknown parts of a body written by a later version are ignored. It reports an error only
// for a body that is not JSON, which no written event can have.
func Apply(m Matter, e *ledger.Event) (Matter, error) {
	var c Change
	if err := json.Unmarshal(e.Body, &c); err != nil {
		return m, fmt.Errorf("body of event %d of matter %s: %w", e.Version, e.Stream, err)
	}
	return m.After(e, &c), nil
}

// After is [Apply] for whoever has just made the event's body out of c and need not read it again. What the matter
// takes over from c it shares with it.
func (m Matter) After(e *ledger.Event, c *Change) Matter {
	m.Version++
	m.Number, m.Changed = cmp.Or(e.Number, m.Number), e.At
	switch {
	case m.Version == 1:
		m.ID, m.Kind, m.Pack, m.Opened, m.For = e.Stream, c.Kind, c.Pack, e.At, e.Actor.For
	case c.Pack != "" && c.Act == "":
		m.Pack = c.Pack // moved to another version: invariant 9
	}
	m.move(e.At, c)
	m.take(c)
	m.remember(e.Actor, c)
	m.await(e, c)
	if len(c.Clocks) > 0 || c.Rung != nil {
		m.Clocks = append(make([]Clock, 0, len(m.Clocks)+len(c.Clocks)), m.Clocks...)
	}
	for i := range c.Clocks {
		m.tell(e.At, &c.Clocks[i])
	}
	if c.Rung != nil {
		m.fire(c.Rung)
	}
	if c.Order != nil {
		m.heed(c.Order)
	}
	return m
}

// move applies the new state and the new hands.
func (m *Matter) move(at int64, c *Change) {
	if c.To != "" {
		m.State = c.To
	}
	if c.Phase != "" {
		switch {
		case !c.Phase.IsOpen() && m.Closed == 0:
			m.Closed = at
		case c.Phase.IsOpen():
			m.Closed = 0
		}
		m.Phase = c.Phase
	}
	for _, h := range []struct{ to, from *Hand }{{&m.Holder, c.Holder}, {&m.Giver, c.Giver}, {&m.Issuer, c.Issuer}} {
		if h.from != nil {
			*h.to = *h.from
		}
	}
	m.Public = m.Public || c.Public
}

// take applies fields, evidence and links.
func (m *Matter) take(c *Change) {
	if len(c.Fields) > 0 {
		m.Fields = maps.Clone(m.Fields)
		if m.Fields == nil {
			m.Fields = map[string]string{}
		}
		for k, v := range c.Fields {
			if m.Fields[k] = v; v == "" {
				delete(m.Fields, k)
			}
		}
	}
	if len(c.Personal) > 0 {
		m.Personal = maps.Clone(m.Personal)
		if m.Personal == nil {
			m.Personal = map[string]ledger.Commitment{}
		}
		maps.Copy(m.Personal, c.Personal)
	}
	m.understand(c.Reasons)
	m.Evidence = append(slices.Clip(m.Evidence), c.Evidence...)
	m.Links = append(slices.Clip(m.Links), c.Links...)
}

// await applies what is asked for, and what was settled.
func (m *Matter) await(e *ledger.Event, c *Change) {
	if c.Settled != nil {
		m.Pending = nil
	}
	if c.Asked != nil {
		a := *c.Asked
		a.Reason, a.By, a.At, a.Version = e.Reason, e.Actor, e.At, m.Version
		m.Pending = &a
	}
}

// remember applies who did what, for the rules of duty, and the counts.
func (m *Matter) remember(actor name.Actor, c *Change) {
	if law := c.Verb.law(); law != nil {
		if law.works {
			m.Worker = Hand{actor.Unit, actor.Person}
			m.DidWork = with(m.DidWork, persons(actor)...)
			m.WorkedBy = with(m.WorkedBy, actor.Unit)
		}
		if c.Holder != nil || c.Verb == Extend {
			m.Asked = nil
		}
		switch c.Verb {
		case Note, Appeal:
			if actor.Unit == m.Holder.Unit {
				m.Asked = with(m.Asked, persons(actor)...)
			}
		case Feedback:
			m.Checked = nil
		case Verify:
			m.Checked = with(m.Checked, persons(actor)...)
		}
	}
	if c.Count != "" {
		m.Counts = maps.Clone(m.Counts)
		if m.Counts == nil {
			m.Counts = map[string]int{}
		}
		m.Counts[c.Count]++
	}
}

// with returns a list with those that it does not have yet behind it, and leaves the list as it is.
func with[T comparable](list []T, more ...T) []T {
	list = slices.Clip(list)
	for _, x := range more {
		if !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

// tell applies one change of a clock. m.Clocks is already our own copy.
func (m *Matter) tell(at int64, cc *ClockChange) {
	c := m.Clock(cc.Clock)
	switch {
	case cc.Op == Start || cc.Op == Restart || cc.Op == Pass:
		m.start(at, cc, c)
		return
	case c == nil || c.Stopped != 0:
		return
	}
	switch cc.Op {
	case Stop:
		c.stop(at)
	case Hold:
		c.Pauses = append(slices.Clip(c.Pauses), Stretch{From: at, Reason: cc.Reason})
	case Go:
		c.Pauses = ended(c.Pauses, at)
		c.set(cc)
	case Lengthen:
		c.Extended += cc.By
		c.set(cc)
	case Recompute:
		c.Shifts = append(slices.Clip(c.Shifts), Shift{At: at, From: c.Due, To: cc.Due, Notices: cc.Notices})
		c.set(cc)
	case Earlier:
		c.Shifts = append(slices.Clip(c.Shifts), Shift{At: at, From: c.Due, To: cc.Due, Started: c.Started, Of: cc.Of})
		c.Started = cc.Since
		c.set(cc)
	}
}

// start begins a clock; the one that was there before ends. An extension that is taken over was counted from when the
// date was first set.
func (m *Matter) start(at int64, cc *ClockChange, before *Clock) {
	c := Clock{Key: cc.Clock, Started: at, Length: cc.Length, Until: cc.Until, Original: cc.Due, Extended: cc.By,
		Due: cc.Due, Yellow: cc.Yellow, Provisional: cc.Provisional, Rungs: cc.Rungs, Stage: cc.Stage, Basis: cc.Basis, Laid: cc.Laid, Decision: cc.Decision}
	if before != nil && cc.By > 0 {
		c.Original = before.Original
	}
	if before != nil && before.Stopped == 0 {
		before.stop(at)
	}
	m.Clocks = append(m.Clocks, c)
}

func (c *Clock) stop(at int64) {
	c.Stopped = at
	c.Pauses = ended(c.Pauses, at)
}

// set gives the clock new times; rungs that have fired stay fired.
func (c *Clock) set(cc *ClockChange) {
	c.Due, c.Yellow, c.Provisional = cc.Due, cc.Yellow, cc.Provisional
	if cc.Until != "" {
		c.Until = cc.Until
	}
	rungs := slices.Clone(cc.Rungs)
	for i := range rungs {
		rungs[i].Fired = rungs[i].Fired || c.hasFired(rungs[i].Key)
	}
	c.Rungs = rungs
}

// ended closes the open pause, if there is one.
func ended(pauses []Stretch, at int64) []Stretch {
	if n := len(pauses); n > 0 && pauses[n-1].To == 0 {
		pauses = slices.Clone(pauses)
		pauses[n-1].To = at
	}
	return pauses
}

func (m *Matter) fire(f *Fired) {
	if c := m.Clock(f.Clock); c != nil {
		c.Rungs = slices.Clone(c.Rungs)
		for i := range c.Rungs {
			if c.Rungs[i].Key == f.Rung {
				c.Rungs[i].Fired = true
			}
		}
	}
}
