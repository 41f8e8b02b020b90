package matter

import (
	"errors"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// party checks that the actor has one of the parts that may do the act.
func (d *decider) party() error {
	if slices.ContainsFunc(d.act.By, d.isParty) {
		return nil
	}
	return fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", d.act.Key)
}

// isParty reports whether the actor is the party. Somebody without an account is one only where the pack names the role.
func (d *decider) isParty(p Party) bool {
	a := d.c.Actor
	if a.IsVisitor() && p.Role != a.Role {
		return false
	}
	return (p.Role == "" || a.Role == p.Role) && HasPart(d.m, p.Part, a, d.env.Supervision)
}

// HasPart reports whether the actor has the part in the matter. Whether an act is also barred by
// duty, because the actor did the work, is not asked here.
func HasPart(m *Matter, p Part, a name.Actor, supervision name.Unit) bool {
	opened := m.Version > 0
	switch p {
	case Holder:
		named := m.Holder.Person != "" && a.Role == handler
		return opened && a.Unit == m.Holder.Unit && (!named || a.Person == m.Holder.Person || a.For == m.Holder.Person)
	case Giver:
		return opened && a.Unit == m.Giver.Unit
	case Issuer:
		return !opened && !a.IsSystem() || opened && a.Unit == m.Issuer.Unit
	case Involved:
		return slices.Contains(m.Assisting(), a.Unit)
	case Supervision:
		return supervision != "" && a.Unit == supervision
	case Verifier, Anybody:
		return !a.IsSystem()
	case Platform:
		return a.IsSystem()
	}
	return false
}

// handler 经办人 is the role in which a matter may be one named person's.
const handler name.Role = "handler"

// duty keeps those apart who may not be one person: invariants 1 and 6, and who asks from who grants. Whoever acts for somebody
// else is barred by what either of the two has done, under whichever of their names.
func (d *decider) duty() error {
	if err := d.setter(); err != nil {
		return err
	}
	if err := d.asker(); err != nil {
		return err
	}
	if d.law.checks {
		if err := d.apart(); err != nil {
			return err
		}
	}
	asked := func(p name.Person) bool { return slices.Contains(d.m.Asked, p) || p == d.m.Holder.Person }
	if d.law.grants && slices.ContainsFunc(d.behind(), asked) || d.bothSides() {
		return fault.Refuse(fault.ErrDenied, "asked-for-it", "")
	}
	return nil
}

// setter keeps what only the unit that set the task may do for it. Where it asks and somebody above it decides, asking is what only it may do.
func (d *decider) setter() error {
	a := d.c.Actor
	follows := d.law.verb == Adjust && a.IsSystem() // what was agreed on the task's goal, where the pack names the platform
	if d.law.onlyIssuer && a.Unit != d.m.Issuer.Unit && !follows && (d.trying || !d.act.IsAsked()) {
		return fault.Refuse(fault.ErrDenied, "not-issuer", "")
	}
	return nil
}

// apart keeps the work, its verification and its striking off with different persons.
func (d *decider) apart() error {
	a := d.c.Actor
	if slices.ContainsFunc(d.behind(), d.m.didWork) {
		return fault.Refuse(fault.ErrDenied, "did-the-work", "")
	}
	if d.k.OtherUnit && slices.Contains(d.m.WorkedBy, a.Unit) {
		return fault.Refuse(fault.ErrDenied, "same-unit", "")
	}
	checked := func(p name.Person) bool { return slices.Contains(d.m.Checked, p) }
	if d.law.verb == StrikeOff && slices.ContainsFunc(d.behind(), checked) {
		return fault.Refuse(fault.ErrDenied, "did-the-check", "")
	}
	return nil
}

// bothSides reports whether somebody acts in another's name on a matter in which they themselves stand on the side that does the work: it is theirs, they did
// some of it, or they asked for something. What that side may do they may do for others of it; what is said from the other side is not theirs to say, and
// neither is what is signed: a head's consent to an answer is not that of whoever wrote it.
func (d *decider) bothSides() bool {
	a := d.c.Actor
	theirs := func(p name.Person) bool {
		return p == d.m.Holder.Person || d.m.didWork(p) || slices.Contains(d.m.Asked, p)
	}
	if a.For == "" || a.For == a.Person || !slices.ContainsFunc(d.env.same(a.Person), theirs) {
		return false
	}
	return d.act.Signs != "" || !slices.ContainsFunc(d.act.By, func(b Party) bool { return b.Part == Holder || b.Part == Involved })
}

// returnsBefore is how often a matter comes back before whose it is has to be arbitrated.
const returnsBefore = 2

// settled keeps a matter from going round and round (推诿): whoever was named by arbitration does not give it back, and what came
// back twice is not simply sent on where the kind has somebody to arbitrate.
func (d *decider) settled() error {
	switch {
	case d.law.verb == Return && d.m.Counts[Arbitrate.law().count] > 0:
		return fault.Refuse(fault.ErrConflict, "arbitrated", "")
	case d.law.verb == Dispatch && d.m.Counts[Return.law().count] >= returnsBefore && d.arbitrates():
		return fault.Refuse(fault.ErrConflict, "arbitrate-first", "")
	}
	return nil
}

// arbitrates reports whether the kind has an arbitration from where the matter is.
func (d *decider) arbitrates() bool {
	return slices.ContainsFunc(d.k.Acts, func(a Act) bool { return a.Verb == Arbitrate && slices.Contains(a.From, d.m.State) })
}

// persons returns who stands behind an act: who does it, and for whom.
func persons(a name.Actor) []name.Person {
	if a.For == "" || a.For == a.Person {
		return []name.Person{a.Person}
	}
	return []name.Person{a.Person, a.For}
}

// behind returns every name of who stands behind the act: their accounts, and those of whom they act for.
func (d *decider) behind() (all []name.Person) {
	for _, p := range persons(d.c.Actor) {
		all = append(all, d.env.same(p)...)
	}
	return all
}

// same returns the names of the natural person behind one, that one among them.
func (env *Env) same(p name.Person) []name.Person {
	if env.Same == nil {
		return []name.Person{p}
	}
	return env.Same(p)
}

// MayDo returns why the actor may not do the act, whatever the form will hold, or nil: the parts, the rules
// of duty, and whose it is being settled.
func MayDo(k *Kind, m *Matter, act *Act, actor name.Actor, env Env) *fault.Refusal {
	d := decider{k: k, m: m, act: act, c: &Command{Actor: actor}, env: &env, law: act.Verb.law()}
	if d.law == nil {
		return fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", act.Key)
	}
	for _, step := range []func() error{d.party, d.duty, d.pends, d.settled, d.stages} {
		if r, ok := errors.AsType[*fault.Refusal](step()); ok {
			return r
		}
	}
	return nil
}
