package matter

import (
	"errors"
	"slices"
	"strconv"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Command is what somebody wants to do to a matter.
type Command struct {
	ID       string // the idempotency key
	Matter   name.ID
	Act      string
	Actor    name.Actor
	At       int64             // µs, the server's clock
	With     map[string]string // form fields as typed
	Evidence []Evidence
	Reason   string
	Code     string                       // of a pause
	Clock    string                       // of an extension, when the act names more than one
	Units    int                          // of an extension
	Until    string                       // of an extension of a clock that ends with a date: the new date
	Links    []Link                       // of an opening
	Issuer   Hand                         // of an opening by the platform or through another matter: whose task it is; otherwise the actor's
	Personal map[string]ledger.Commitment // the commitments to personal fields, made by the desk
}

// Env is what the rules need to know about the world.
type Env struct {
	Calendar    *calendar.Calendar
	Office      calendar.Office
	Supervision name.Unit // the supervision office 督查室
}

// Decision is what a command leads to: one event of the matter, and the matters it raises.
type Decision struct {
	Type   string // of the event, "matter." and the verb
	Change Change
	Reason string
	Raises []Opening
	Report *Figure
}

// Opening asks for a new matter of another kind.
type Opening struct {
	Kind   string
	Link   LinkKind
	Fields map[string]string
	Issuer Hand
}

// Figure is a figure that an act reported for the goal that the matter fulfils.
type Figure struct {
	Value  string
	Period string // "2006-01", empty for the month of the act
}

// Decide returns what a command does to a matter of a kind, or refuses it with a
// [fault.Refusal]. It changes nothing. For an opening act m is the zero Matter.
//
// The codes of refusals: act-unknown, wrong-state, not-your-part, not-issuer, did-the-work,
// same-unit, did-the-check, reason-missing, field-missing, field-not-asked, evidence-missing,
// target-missing, clock-not-running, extension-used, extension-too-long, extension-missing,
// pause-reason-unknown, and the codes of [field.Field.Check].
func Decide(k *Kind, m *Matter, c Command, env Env) (Decision, error) {
	act := k.Act(c.Act)
	if act == nil {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", c.Act)
	}
	d := decider{k: k, m: m, act: act, c: &c, env: &env, law: act.Verb.law()}
	if d.law == nil {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", c.Act)
	}
	for _, step := range []func() error{d.state, d.party, d.duty, d.reason, d.fields, d.evidence, d.holder, d.clocks, d.consequences} {
		if err := step(); err != nil {
			return Decision{}, err
		}
	}
	return d.out, nil
}

// decider walks one command through the rules; out grows on the way.
type decider struct {
	k   *Kind
	m   *Matter
	act *Act
	c   *Command
	env *Env
	law *physics
	out Decision
}

// state checks that the act leads on from where the matter is, and takes it there.
func (d *decider) state() error {
	opening := d.m.Version == 0
	if opening != (len(d.act.From) == 0 && d.law.verb.opens()) || !opening && !slices.Contains(d.act.From, d.m.State) {
		return fault.Refuse(fault.ErrConflict, "wrong-state", "", "act", d.act.Key, "state", d.m.State)
	}
	ch := &d.out.Change
	ch.Act, ch.Verb, ch.Public = d.act.Key, d.act.Verb, d.act.Publish && !d.m.Public
	ch.Count = d.law.count
	d.out.Type = "matter." + string(d.act.Verb)
	if d.act.To != "" {
		if s := d.k.State(d.act.To); s != nil {
			ch.To, ch.Phase = s.Key, s.Phase
		}
	}
	if opening {
		ch.Kind, ch.Pack, ch.Links = d.k.Ref, d.k.Version, d.c.Links
		issuer := Hand{d.c.Actor.Unit, d.c.Actor.Person}
		if d.c.Issuer.Unit != "" {
			issuer = d.c.Issuer
		}
		ch.Issuer, ch.Giver, ch.Holder = &issuer, &issuer, &issuer
	}
	return nil
}

// party checks that the actor has one of the parts that may do the act.
func (d *decider) party() error {
	for _, p := range d.act.By {
		if d.isParty(p) {
			return nil
		}
	}
	return fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", d.act.Key)
}

func (d *decider) isParty(p Party) bool {
	a := d.c.Actor
	if p.Role != "" && a.Role != p.Role {
		return false
	}
	return HasPart(d.m, p.Part, a, d.env.Supervision)
}

// HasPart reports whether the actor has the part in the matter. Whether an act is also barred by
// duty, because the actor did the work, is not asked here.
func HasPart(m *Matter, p Part, a name.Actor, supervision name.Unit) bool {
	switch p {
	case Holder:
		named := m.Holder.Person != "" && a.Role == "handler"
		return m.Version > 0 && a.Unit == m.Holder.Unit && (!named || a.Person == m.Holder.Person)
	case Giver:
		return m.Version > 0 && a.Unit == m.Giver.Unit
	case Issuer:
		return m.Version == 0 || a.Unit == m.Issuer.Unit
	case Involved:
		return slices.Contains(units(m.Fields["assist"]), a.Unit)
	case Supervision:
		return a.Unit == supervision
	case Verifier, Anybody:
		return !a.IsSystem()
	case Platform:
		return a.IsSystem()
	}
	return false
}

// duty keeps those apart who may not be one person: invariants 1 and 6.
func (d *decider) duty() error {
	a := d.c.Actor
	if d.law.onlyIssuer && a.Unit != d.m.Issuer.Unit {
		return fault.Refuse(fault.ErrDenied, "not-issuer", "")
	}
	if !d.law.checks {
		return nil
	}
	if d.m.didWork(a.Person) {
		return fault.Refuse(fault.ErrDenied, "did-the-work", "")
	}
	if d.k.OtherUnit && slices.Contains(d.m.WorkedBy, a.Unit) {
		return fault.Refuse(fault.ErrDenied, "same-unit", "")
	}
	if d.law.verb == StrikeOff && slices.Contains(d.m.Checked, a.Person) {
		return fault.Refuse(fault.ErrDenied, "did-the-check", "")
	}
	return nil
}

func (d *decider) reason() error {
	d.out.Reason = d.c.Reason
	if d.law.needsReason && d.c.Reason == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	if len(d.c.Reason) > ledger.MaxReason {
		return fault.Refuse(fault.ErrInvalid, "too-long", "reason", "limit", strconv.Itoa(ledger.MaxReason/3))
	}
	return nil
}

// fields brings the form's values into their stored form; only what changes becomes part of the event.
func (d *decider) fields() error {
	asked := map[string]bool{}
	for _, in := range d.act.Form {
		f := field.Find(d.k.Fields, in.Field)
		if f == nil {
			continue // the compiler of packs has refused such a form
		}
		asked[in.Field] = true
		if f.Class.IsPersonal() {
			if err := d.personal(f, in); err != nil {
				return err
			}
			continue
		}
		v, err := f.Check(d.c.With[in.Field])
		if err != nil {
			return err
		}
		if _, given := d.c.With[in.Field]; !given {
			v = d.m.Fields[in.Field]
		}
		if in.Required && v == "" {
			return fault.Refuse(fault.ErrInvalid, "field-missing", f.Key, "field-zh", f.Words.ZH, "field-en", f.Words.EN)
		}
		d.setField(f.Key, v)
	}
	for key := range d.c.With {
		if !asked[key] {
			return fault.Refuse(fault.ErrInvalid, "field-not-asked", key)
		}
	}
	return nil
}

// personal takes the commitment that the desk made; the value itself never comes here.
func (d *decider) personal(f *field.Field, in Input) error {
	commit, given := d.c.Personal[f.Key]
	if in.Required && !given && d.m.Personal[f.Key] == "" {
		return fault.Refuse(fault.ErrInvalid, "field-missing", f.Key, "field-zh", f.Words.ZH, "field-en", f.Words.EN)
	}
	if given {
		if d.out.Change.Personal == nil {
			d.out.Change.Personal = map[string]ledger.Commitment{}
		}
		d.out.Change.Personal[f.Key] = commit
	}
	return nil
}

func (d *decider) setField(key, v string) {
	if v == d.m.Fields[key] {
		return
	}
	if d.out.Change.Fields == nil {
		d.out.Change.Fields = map[string]string{}
	}
	d.out.Change.Fields[key] = v
}

// value returns a field as it will be after the act.
func (d *decider) value(key string) string {
	if v, ok := d.out.Change.Fields[key]; ok {
		return v
	}
	return d.m.Fields[key]
}

// evidence checks that each need is met, by what comes with the act: invariant 2.
func (d *decider) evidence() error {
	count := map[EvidenceKind]int{}
	for _, e := range d.c.Evidence {
		if !slices.Contains(EvidenceKinds, e.Kind) || e.Kind != Statement && len(e.File) != 64 || e.Kind == Statement && e.Text == "" {
			return fault.Refuse(fault.ErrInvalid, "evidence-unreadable", "evidence")
		}
		count[e.Kind]++
	}
	for _, n := range d.act.Evidence {
		if count[n.Kind] < n.Min {
			return fault.Refuse(fault.ErrInvalid, "evidence-missing", "evidence", "need-zh", n.Words.ZH, "need-en", n.Words.EN, "min", strconv.Itoa(n.Min))
		}
	}
	d.out.Change.Evidence = d.c.Evidence
	return nil
}

// holder hands the matter over: invariant 8.
func (d *decider) holder() error {
	h := d.act.Holder
	if h.To == Stays {
		return nil
	}
	next := d.target(h)
	if next.Unit == "" {
		return fault.Refuse(fault.ErrInvalid, "target-missing", h.Field)
	}
	if d.m.Version == 0 || next.Unit != d.m.Holder.Unit {
		giver := Hand{d.c.Actor.Unit, d.c.Actor.Person}
		if d.c.Actor.IsSystem() {
			giver = *cmpHand(d.out.Change.Issuer, &d.m.Issuer)
		}
		d.out.Change.Giver = &giver
	}
	d.out.Change.Holder = &next
	return nil
}

func cmpHand(a, b *Hand) *Hand {
	if a != nil {
		return a
	}
	return b
}

func (d *decider) target(h Handover) Hand {
	switch h.To {
	case ToIssuer:
		return Hand{Unit: d.m.Issuer.Unit}
	case ToGiver:
		return Hand{Unit: d.m.Giver.Unit}
	case ToWorker:
		return d.m.Worker
	case ToSupervision:
		return Hand{Unit: d.env.Supervision}
	case ToActor:
		return Hand{d.c.Actor.Unit, d.c.Actor.Person}
	case ToUnit:
		return Hand{Unit: h.Unit}
	case ToField:
		f := field.Find(d.k.Fields, h.Field)
		if f != nil && f.Kind == field.Person {
			unit := d.m.Holder.Unit
			if d.m.Version == 0 {
				unit = d.c.Actor.Unit
			}
			return Hand{Unit: unit, Person: name.Person(d.value(h.Field))}
		}
		return Hand{Unit: name.Unit(d.value(h.Field))}
	}
	return Hand{}
}

// consequences gathers what else the act leads to: matters raised and a figure reported.
func (d *decider) consequences() error {
	for _, r := range d.act.Raises {
		d.out.Raises = append(d.out.Raises, d.raise(r)...)
	}
	if r := d.act.Reports; r != nil && d.value(r.Value) != "" {
		d.out.Report = &Figure{Value: d.value(r.Value), Period: d.value(r.Period)}
	}
	return nil
}

func (d *decider) raise(r Raise) (all []Opening) {
	issuer := Hand{d.c.Actor.Unit, d.c.Actor.Person}
	if r.Each == "" {
		fields := map[string]string{}
		for to, from := range r.Fields {
			fields[to] = d.value(from)
		}
		return []Opening{{Kind: r.Kind, Link: r.Link, Fields: fields, Issuer: issuer}}
	}
	table := field.Find(d.k.Fields, r.Each)
	if table == nil {
		return nil
	}
	for _, row := range field.Rows(d.out.Change.Fields[r.Each]) {
		fields := map[string]string{}
		for to, from := range r.Fields {
			fields[to] = d.value(from)
			for i, col := range table.Columns {
				if col.Key == from && i < len(row) {
					fields[to] = row[i]
				}
			}
		}
		all = append(all, Opening{Kind: r.Kind, Link: r.Link, Fields: fields, Issuer: issuer})
	}
	return all
}

// Accepts reports whether the act leads on from the state in which the matter is.
func (m *Matter) Accepts(act *Act) bool {
	return m.Version > 0 && slices.Contains(act.From, m.State)
}

// MayDo returns why the actor may not do the act, whatever the form will hold, or nil: the parts and the rules of duty.
func MayDo(k *Kind, m *Matter, act *Act, actor name.Actor, env Env) *fault.Refusal {
	d := decider{k: k, m: m, act: act, c: &Command{Actor: actor}, env: &env, law: act.Verb.law()}
	if d.law == nil {
		return fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", act.Key)
	}
	for _, step := range []func() error{d.party, d.duty} {
		if err := step(); err != nil {
			var r *fault.Refusal
			errors.As(err, &r)
			return r
		}
	}
	return nil
}
