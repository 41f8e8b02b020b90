package matter

import (
	"slices"
	"strconv"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Limit says that a clock takes its length, and if it likes its basis and source, from the record that a field of the
// matter chooses: one minor class has several filing conditions, each with its own limit. A clock whose record says
// nothing has the length of its kind. Each column is a field of the register; an empty one is not read.
type Limit struct {
	Field     string // record field of the matter
	Register  string // pack/register that it chooses from
	Length    string // integer, in units of the basis
	Basis     string // choice of bases
	Source    string // text
	Confirmed string // yes-no
	Stages    []Stage
}

// Stage 阶段 is one of the consecutive stretches of a clock, each with a limit of its own: 围护 → 抢修 → 恢复.
// A record that has no limit for any stage has no stages; a stage that it has none for is passed over.
type Stage struct {
	Key    string
	Words  name.Text
	Length string // integer column
	Basis  string // choice column
}

// Chosen is a record that a matter's field names, as it was when the command was given. The desk reads it, so that
// deciding needs no register.
type Chosen struct {
	Record  name.ID
	Version int64
	Key     string
	Fields  map[string]string
}

// Laid is the limit as a record laid it down when the clock was started. It stands in the event, with the record that it
// is from, so that replay and every later stage stand on what held then, whatever the register says today.
type Laid struct {
	Record    name.ID        `json:"record,omitempty"`
	Version   int64          `json:"version,omitempty"`
	Field     string         `json:"field"`
	Key       string         `json:"key"`
	Length    int            `json:"length,omitempty"` // of a clock without stages
	Basis     calendar.Basis `json:"basis,omitempty"`
	Source    string         `json:"source,omitempty"`
	Confirmed bool           `json:"confirmed,omitempty"`
	Stages    []LaidStage    `json:"stages,omitempty"`
}

// LaidStage is the limit of one stage.
type LaidStage struct {
	Stage  string         `json:"stage"`
	Length int            `json:"length"`
	Basis  calendar.Basis `json:"basis"`
}

// index returns where the stage stands, -1 if it is not there.
func (l *Laid) index(stage string) int {
	if l != nil {
		for i := range l.Stages {
			if l.Stages[i].Stage == stage {
				return i
			}
		}
	}
	return -1
}

// Stage returns the stage with the key, or nil.
func (l *Limit) Stage(key string) *Stage {
	if l != nil {
		for i := range l.Stages {
			if l.Stages[i].Key == key {
				return &l.Stages[i]
			}
		}
	}
	return nil
}

// Asked is a record that a command needs: that of a register under its natural key.
type Asked struct{ Field, Register, Key string }

// AsksFor returns the records that the act needs to start its clocks, given what comes with it, each once, in the order of
// its effects: the desk finds them and brings them in [Command.Chosen].
func AsksFor(k *Kind, m *Matter, act *Act, with map[string]string) (all []Asked) {
	seen := map[string]bool{}
	for _, e := range act.Clocks {
		ck := k.Clock(e.Clock)
		if ck == nil || ck.Limit == nil || e.Op != Start && e.Op != Restart || seen[ck.Limit.Field] {
			continue
		}
		key, given := with[ck.Limit.Field]
		if !given {
			key = m.Fields[ck.Limit.Field]
		}
		if seen[ck.Limit.Field] = true; key != "" {
			all = append(all, Asked{ck.Limit.Field, ck.Limit.Register, key})
		}
	}
	return all
}

// read returns what the record lays down for a clock of the kind, nil if it lays down nothing.
func (l *Limit) read(ck *ClockKind, c *Chosen) *Laid {
	laid := &Laid{Record: c.Record, Version: c.Version, Field: l.Field, Key: c.Key, Source: c.Fields[l.Source], Confirmed: c.Fields[l.Confirmed] == "yes"}
	for _, s := range l.Stages {
		if n := length(c.Fields[s.Length]); n > 0 {
			laid.Stages = append(laid.Stages, LaidStage{s.Key, n, ck.basisOf(c.Fields[s.Basis])})
		}
	}
	if len(laid.Stages) > 0 {
		return laid
	}
	if laid.Length = length(c.Fields[l.Length]); laid.Length == 0 {
		return nil
	}
	laid.Basis = ck.basisOf(c.Fields[l.Basis])
	return laid
}

// length reads a length of a record, 0 for none.
func length(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// basisOf returns the basis that a record names, or the kind's own.
func (ck *ClockKind) basisOf(s string) calendar.Basis {
	if b, err := calendar.ParseBasis(s); err == nil {
		return b
	}
	return ck.Basis
}

// BasisOf returns the basis in which the clock counts: that of its record, or the kind's.
func (c *Clock) BasisOf(ck *ClockKind) calendar.Basis {
	if c.Basis != "" {
		return c.Basis
	}
	return ck.Basis
}

// lay gives a clock that begins the limit of its record. A clock with stages begins with the one in which it was stopped
// before: what is fenced stays fenced, and work that was not right is done again, not the emergency.
func (d *decider) lay(ck *ClockKind, c *Clock, before *Clock) {
	laid := d.laid(ck, before)
	if laid == nil {
		return
	}
	c.Laid, c.Length, c.Basis = laid, laid.Length, laid.Basis
	if len(laid.Stages) > 0 {
		at := 0
		if before != nil {
			at = max(laid.index(before.Stage), 0)
		}
		c.enter(at)
	}
}

// laid returns the limit of the record that the matter's field chooses, that which the clock had before where the record
// is no longer to be found, and nil where there is none.
func (d *decider) laid(ck *ClockKind, before *Clock) *Laid {
	if ck.Limit == nil {
		return nil
	}
	key := d.value(ck.Limit.Field)
	if c, ok := d.c.Chosen[ck.Limit.Field]; ok && c.Key == key && key != "" {
		return ck.Limit.read(ck, &c)
	}
	if before != nil && before.Laid != nil && before.Laid.Key == key {
		return before.Laid
	}
	return nil
}

// enter takes the clock into a stage.
func (c *Clock) enter(at int) {
	s := c.Laid.Stages[at]
	c.Stage, c.Length, c.Basis = s.Stage, s.Length, s.Basis
}

// pass ends a stage of a clock and begins the next at once. It is refused with stage-differs where the clock does not
// run in that stage, with stage-last where the record has no further one, and with clock-not-running where it stands still.
func (d *decider) pass(ck *ClockKind, stage string, now *Clock) (*ClockChange, error) {
	if r := d.notIn(ck, stage, now); r != nil {
		return nil, r
	}
	c := Clock{Key: ck.Key, Started: d.c.At, Laid: now.Laid}
	c.enter(now.Laid.index(stage) + 1)
	return d.env.times(d.k, ck, c, c.began(Pass))
}

// stageWasLate reports whether a stage that went before c in the same run was over too late: an emergency is in time only
// if each of its stages is.
func (m *Matter) stageWasLate(c *Clock) bool {
	for i := len(m.Clocks) - 1; i >= 0; i-- {
		p := &m.Clocks[i]
		if p.Key != c.Key || p.Stage == "" || p.Stopped == 0 || p.Stopped != c.Started || p.Laid.index(p.Stage) >= c.Laid.index(c.Stage) {
			continue
		}
		if p.WasLate(p.Stopped) {
			return true
		}
		c = p
	}
	return false
}

// notIn says why a stage cannot be passed, nil if it can.
func (d *decider) notIn(ck *ClockKind, stage string, now *Clock) *fault.Refusal {
	words := ck.Words
	if s := ck.Limit.Stage(stage); s != nil {
		words = s.Words
	}
	switch {
	case now == nil || now.Stopped != 0 || now.Stage != stage || now.Laid.index(stage) < 0:
		return fault.Refuse(fault.ErrConflict, "stage-differs", "", "clock", ck.Key, "stage-zh", words.ZH, "stage-en", words.EN)
	case now.Laid.index(stage) == len(now.Laid.Stages)-1:
		return fault.Refuse(fault.ErrConflict, "stage-last", "", "clock", ck.Key, "stage-zh", words.ZH, "stage-en", words.EN)
	case now.IsPaused():
		return fault.Refuse(fault.ErrConflict, "clock-not-running", "", "clock", ck.Key)
	}
	return nil
}

// began is the change by which the clock begins, without its times.
func (c *Clock) began(op ClockOp) ClockChange {
	return ClockChange{Op: op, Clock: c.Key, Length: c.Length, Until: c.Until, Stage: c.Stage, Basis: c.Basis, Laid: c.Laid, Decision: c.Decision}
}

// finishing are the verbs that say a clock's work is done, which it is not before its last stage. Others that stop it, such as
// [Return], only take it from somebody.
var finishing = []Verb{Feedback, Close, StrikeOff}

// stages checks, before a form is shown and again when it is sent, that the stages which the act passes are those that
// run, and that nothing is said to be done before its last stage.
func (d *decider) stages() error {
	for _, e := range d.act.Clocks {
		ck, now := d.k.Clock(e.Clock), d.m.Clock(e.Clock)
		switch {
		case ck == nil || ck.Limit == nil:
		case e.Op == Pass:
			if r := d.notIn(ck, e.Stage, now); r != nil {
				return r
			}
		case e.Op == Stop && slices.Contains(finishing, d.law.verb) && now != nil && now.Stopped == 0 && now.Stage != "":
			if i := now.Laid.index(now.Stage); i+1 < len(now.Laid.Stages) {
				s := ck.Limit.Stage(now.Stage)
				if s == nil {
					s = &Stage{Words: name.Text{ZH: now.Stage, EN: now.Stage}}
				}
				return fault.Refuse(fault.ErrConflict, "stage-open", "", "clock", ck.Key, "stage-zh", s.Words.ZH, "stage-en", s.Words.EN)
			}
		}
	}
	return nil
}
