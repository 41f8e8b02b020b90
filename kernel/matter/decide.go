package matter

import (
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
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
	With     map[string]string // form fields as typed; personal ones stay with the desk
	Evidence []Evidence        // at most MaxEvidence pieces
	Reason   string
	Code     string                       // of a pause
	Clock    string                       // of an extension, when the act names more than one
	Units    int                          // of an extension
	Until    string                       // of an extension of a clock that ends with a date: the new date
	Links    []Link                       // of an opening; of a merger the one to the matter that goes on
	Issuer   Hand                         // of an opening by the platform or through another matter: whose task it is; otherwise the actor's
	Personal map[string]ledger.Commitment // the commitments to personal fields, made by the desk
	Reasons  []Reason                     // why fields have their values, worked out by the desk
	Chosen   map[string]Chosen            // by field, the records that [AsksFor] names and that are in force
}

// Env is what the rules need to know about the world.
type Env struct {
	Calendar    *calendar.Calendar
	Office      calendar.Office
	Supervision name.Unit // the supervision office 督查室
	Staff       Roster    // who can be told at this moment; nil: nobody by name
	// Same returns every name under which the natural person behind one has an account; nil: each name is a person of its own.
	Same func(name.Person) []name.Person
}

func (env *Env) schedule() calendar.Schedule {
	return calendar.Schedule{Calendar: env.Calendar, Office: env.Office}
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
	Fields map[string]string // those that the opening act's form does not ask for are for nobody
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
// same-unit, did-the-check, asked-for-it, arbitrated, arbitrate-first, reason-missing, too-long, field-missing, field-not-asked,
// evidence-missing, evidence-unreadable, target-missing, clock-not-running, extension-used,
// extension-too-long, extension-missing, asked-already, nothing-asked, nothing-changed, stage-differs, stage-last, stage-open, pause-reason-unknown, not-date, and the codes of
// [field.Field.Check].
func Decide(k *Kind, m *Matter, c Command, env Env) (Decision, error) {
	act := k.Meant(c.Act, c.With)
	if act == nil || act.Verb.law() == nil {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", c.Act)
	}
	d := decider{k: k, m: m, act: act, c: &c, env: &env, law: act.Verb.law()}
	for _, step := range []func() error{d.state, d.party, d.duty, d.upon, d.settled, d.stages, d.reason, d.merged, d.fields, d.reasons, d.evidence, d.holder, d.sign, d.clocks, d.consequences,
		d.asking, d.lapse} {
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

	trying bool // whether what is asked for could be done
}

// opens reports whether the matter comes into being by this command.
func (d *decider) opens() bool { return d.m.Version == 0 }

// state checks that the act leads on from where the matter is, and takes it there.
func (d *decider) state() error {
	if d.opens() != d.act.opens() || !d.opens() && !slices.Contains(d.act.From, d.m.State) {
		return fault.Refuse(fault.ErrConflict, "wrong-state", "", "act", d.act.Key, "state", d.m.State)
	}
	ch := &d.out.Change
	ch.Act, ch.Verb, ch.Count = d.act.Key, d.act.Verb, d.law.count
	ch.Public = d.act.Publish && !d.m.Public
	d.out.Type = "matter." + string(d.act.Verb)
	if s := d.k.State(d.act.To); s != nil {
		ch.To, ch.Phase = s.Key, s.Phase
	}
	if d.opens() {
		return d.open()
	}
	return nil
}

// open writes down what only the first event of a matter says. The matter is its issuer's until the act hands it on.
func (d *decider) open() error {
	for _, l := range d.c.Links {
		if _, err := name.ParseID(string(l.To)); err != nil || !slices.Contains(LinkKinds, l.Kind) {
			return fault.Refuse(fault.ErrInvalid, "field-not-asked", "links")
		}
	}
	issuer := d.actor()
	if d.c.Issuer.Unit != "" {
		issuer = d.c.Issuer
	}
	ch := &d.out.Change
	ch.Kind, ch.Pack, ch.Links = d.k.Ref, d.k.Version, d.c.Links
	ch.Issuer, ch.Giver, ch.Holder = &issuer, &issuer, &issuer
	return nil
}

func (d *decider) actor() Hand { return Hand{d.c.Actor.Unit, d.c.Actor.Person} }

// reason asks for a reason where the verb does. Blanks are none.
func (d *decider) reason() error {
	d.out.Reason = strings.TrimSpace(d.c.Reason)
	if d.law.needsReason && d.out.Reason == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	if len(d.out.Reason) > ledger.MaxReason {
		return fault.Refuse(fault.ErrInvalid, "too-long", "reason", "limit", strconv.Itoa(ledger.MaxReason/3)) // in Chinese characters
	}
	return nil
}

// Accepts reports whether the act leads on from the state in which the matter is.
func (m *Matter) Accepts(act *Act) bool {
	return m.Version > 0 && slices.Contains(act.From, m.State)
}
