package matter

import (
	"cmp"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// This file is how an act takes two: whoever works on a matter asks for it, somebody else does it upon what was asked,
// or declines it. Nothing of the act has its effect before.

// Asking is an act that was asked for and that nobody has decided yet. A matter has at most one.
type Asking struct {
	Act    string            `json:"act"`
	With   map[string]string `json:"with,omitempty"` // what the act would change of the fields, as stored; "" clears one
	Reason string            `json:"-"`              // that of the event
	Code   string            `json:"code,omitempty"`
	Clock  string            `json:"clock,omitempty"`
	Units  int               `json:"units,omitempty"`
	Until  string            `json:"until,omitempty"`

	By      name.Actor `json:"-"` // that of the event, and so are its time and version
	At      int64      `json:"-"`
	Version int64      `json:"-"`
}

// Settled is what became of an act that was asked for.
type Settled struct {
	Asked int64       `json:"asked"` // the version of the event that asked
	As    Settlement  `json:"as"`
	Asker name.Person `json:"asker"`
}

// Settlement is how an asking ended.
type Settlement string

// The ways in which an asking ends.
const (
	Granted   Settlement = "granted"    // 同意 it was done as it was asked for
	Declined  Settlement = "declined"   // 不同意
	TakenBack Settlement = "taken-back" // 撤回申请
	Lapsed    Settlement = "lapsed"     // 失效 the matter moved on to where the act does not lead from
)

// askable are the verbs of acts that somebody may have to ask for: what they need is in the form, the reason and the clock.
var askable = []Verb{Adjust, Withdraw, Void, Extend, Pause, Postpone, Shelve, Resume}

// IsAskable reports whether an act of the verb may be one that is asked for.
func (v Verb) IsAskable() bool { return slices.Contains(askable, v) }

// IsAsked reports whether the act is done upon what somebody else asked for, by whoever decides it.
func (a *Act) IsAsked() bool { return len(a.Asked) > 0 }

// Inputs returns the fields that whoever does the act fills in: none where it is done upon what was asked for.
func (a *Act) Inputs() []Input {
	if a.IsAsked() {
		return nil
	}
	return a.Form
}

// Subject returns the act that an act speaks of: the one that it asks for, declines or takes back; otherwise itself.
func (k *Kind) Subject(a *Act) *Act {
	if of := k.Act(a.Of); of != nil {
		return of
	}
	return a
}

// Fills returns the act whose form, reason and clocks whoever does an act has to give: the one that is asked for; the act itself
// where nobody asked or where it settles an asking, which has them already.
func (k *Kind) Fills(a *Act) *Act {
	if a.Verb == Ask {
		return k.Subject(a)
	}
	return a
}

// NeedsReason reports whether whoever does the act must say why: not where the one who asked for it has said so.
func (k *Kind) NeedsReason(a *Act) bool { return !a.IsAsked() && k.Fills(a).Verb.NeedsReason() }

// Asks returns the act by which another one is asked for, nil for one that nobody asks for.
func (k *Kind) Asks(of string) *Act { return k.about(of, Ask) }

// about returns the act of a verb that speaks of another one.
func (k *Kind) about(of string, v Verb) *Act {
	for i := range k.Acts {
		if k.Acts[i].Of == of && k.Acts[i].Verb == v {
			return &k.Acts[i]
		}
	}
	return nil
}

// upon puts what was asked for in the place of what the command says, for an act that people do upon an asking.
// The platform does such an act by itself: what it does was decided elsewhere.
func (d *decider) upon() error {
	if !d.act.IsAsked() || d.c.Actor.IsSystem() {
		return nil
	}
	p := d.m.Pending
	if p == nil || p.Act != d.act.Key {
		return nothingAsked(d.act)
	}
	for key := range d.c.With {
		return fault.Refuse(fault.ErrInvalid, "field-not-asked", key)
	}
	c := *d.c
	c.With, c.Code, c.Clock, c.Units, c.Until, c.Reason = p.With, p.Code, p.Clock, p.Units, p.Until, cmp.Or(c.Reason, p.Reason)
	d.c = &c
	return d.settle(Granted)
}

// asking does what the three verbs of an asking mean.
func (d *decider) asking() error {
	switch d.law.verb {
	case Ask:
		return d.ask()
	case Refuse:
		return d.settle(Declined)
	case TakeBack:
		return d.settle(TakenBack)
	}
	return nil
}

// ask writes down what is asked for, once it is seen that it could be done now.
func (d *decider) ask() error {
	if d.m.Pending != nil {
		return fault.Refuse(fault.ErrConflict, "asked-already", "")
	}
	of := d.k.Act(d.act.Of)
	if of == nil || of.Verb.law() == nil {
		return fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", d.act.Of)
	}
	try := decider{k: d.k, m: d.m, act: of, c: d.c, env: d.env, law: of.Verb.law(), trying: true}
	for _, step := range []func() error{try.state, try.setter, try.settled, try.stages, try.reason, try.fields, try.reasons, try.evidence, try.holder, try.clocks, try.consequences} {
		if err := step(); err != nil {
			return err
		}
	}
	a := Asking{Act: of.Key, Code: d.c.Code, Clock: d.c.Clock, Units: d.c.Units, Until: d.c.Until}
	for _, in := range of.Form {
		if v, changed := try.out.Change.Fields[in.Field]; changed {
			if a.With == nil {
				a.With = map[string]string{}
			}
			a.With[in.Field] = v
		}
	}
	if of.Verb == Adjust && len(a.With) == 0 {
		return fault.Refuse(fault.ErrInvalid, "nothing-changed", "")
	}
	d.out.Reason, d.out.Change.Asked = try.out.Reason, &a
	ck := d.k.Deciding(of.Key)
	if ck == nil {
		return nil
	}
	return d.runs(d.start(Start, ck, nil))
}

// settle ends the asking that the act speaks of.
func (d *decider) settle(as Settlement) error {
	p := d.m.Pending
	if p == nil || p.Act != cmp.Or(d.act.Of, d.act.Key) {
		return nothingAsked(d.act)
	}
	return d.settles(as)
}

// settles takes down how the asking ended, and stops the clock on the decision.
func (d *decider) settles(as Settlement) error {
	p := d.m.Pending
	d.out.Change.Settled = &Settled{Asked: p.Version, As: as, Asker: p.By.Person}
	ck := d.k.Deciding(p.Act)
	if ck == nil {
		return nil
	}
	return d.runs(d.effect(Stop, ck))
}

// runs adds what happens to the clock on a decision, if anything does.
func (d *decider) runs(cc *ClockChange, err error) error {
	if err == nil && cc != nil {
		d.out.Change.Clocks = append(d.out.Change.Clocks, *cc)
	}
	return err
}

// Deciding returns the clock that runs while an act that was asked for waits for a decision, nil where the kind has none.
func (k *Kind) Deciding(act string) *ClockKind {
	for i := range k.Clocks {
		if slices.Contains(k.Clocks[i].Decides, act) {
			return &k.Clocks[i]
		}
	}
	return nil
}

// Deciding returns the clock that runs on the decision that the matter waits for, nil for none.
func (m *Matter) Deciding() *Clock {
	for i := range m.Clocks {
		if c := &m.Clocks[i]; c.Decision && c.Stopped == 0 && m.Pending != nil {
			return c
		}
	}
	return nil
}

func nothingAsked(a *Act) error {
	return fault.Refuse(fault.ErrConflict, "nothing-asked", "", "act", a.Key)
}

// lapse ends an asking that cannot be granted any more: where the matter comes to by this act, or because the platform has done it.
func (d *decider) lapse() error {
	p := d.m.Pending
	if p == nil || d.out.Change.Settled != nil {
		return nil
	}
	of := d.k.Act(p.Act)
	if of == nil || p.Act == d.act.Key || !slices.Contains(of.From, cmp.Or(d.out.Change.To, d.m.State)) {
		return d.settles(Lapsed)
	}
	return nil
}

// sign names who did the act in the field that the kind has for it; of what the platform does, in whose name.
func (d *decider) sign() error {
	f := field.Find(d.k.Fields, d.act.Signs)
	if f == nil || d.trying {
		return nil
	}
	who := d.c.Actor.Person
	if d.c.Actor.IsSystem() {
		who = d.c.Actor.For
	}
	d.setField(f.Key, string(who))
	return nil
}

// asker keeps whoever asked for something from deciding it, and lets nobody else take it back.
func (d *decider) asker() error {
	p := d.m.Pending
	if p == nil || p.Act != cmp.Or(d.act.Of, d.act.Key) {
		return nil
	}
	asked := slices.ContainsFunc(d.behind(), func(x name.Person) bool { return slices.Contains(persons(p.By), x) })
	switch {
	case d.law.verb == TakeBack && !asked:
		return fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", d.act.Key)
	case asked && (d.law.verb == Refuse || d.act.IsAsked()):
		return fault.Refuse(fault.ErrDenied, "asked-for-it", "")
	}
	return nil
}

// pends is why an act that has to do with an asking cannot be done now, whatever the form will hold.
func (d *decider) pends() error {
	p, of := d.m.Pending, cmp.Or(d.act.Of, d.act.Key)
	switch waits := p != nil && p.Act == of; {
	case d.law.verb == Ask && p != nil:
		return fault.Refuse(fault.ErrConflict, "asked-already", "")
	case (d.law.verb == Refuse || d.law.verb == TakeBack || d.act.IsAsked() && !d.c.Actor.IsSystem()) && !waits:
		return nothingAsked(d.act)
	}
	return nil
}
