package desk

import (
	"context"
	"errors"
	"fmt"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Do is what a caller wants to do to a matter: a form as it was filled in.
type Do struct {
	Command  string      // the idempotency key; the same key again returns the first answer
	Asked    ledger.Hash // of the request that the key stands for: the receipt tells what it was when the key came first; zero if nobody will ask
	Kind     string      // of Start: pack/kind
	Matter   name.ID
	Version  int64 // the version that the caller saw; 0 for whatever it is now, which decides nothing that was asked for
	Act      string
	With     map[string]string
	Evidence []matter.Evidence
	Files    []journal.File // uploads that the evidence and file fields refer to
	Sealed   []Original     // of Start: what the bare photos of the evidence were when they came
	Reason   string
	Code     string  // of a pause
	Clock    string  // of an extension
	Units    int     // of an extension
	Until    string  // of an extension
	Goal     name.ID // of Start: the goal that the new matter fulfils
	Links    []matter.Link
	Into     string // of a merger: the matter that goes on, by id or number
}

// Done is what came of it.
type Done struct {
	Receipt journal.Receipt
	Matter  name.ID
	Version int64
	Number  string
}

// attempts is how often a command is decided anew when somebody else was faster.
const attempts = 8

// Start opens a matter of a kind. It refuses one that is to fulfil a goal which the caller may not read, or which is not there.
func (d *Desk) Start(ctx context.Context, who Caller, do Do) (Done, error) {
	def, ok := d.Packs().Kind(do.Kind)
	if !ok {
		return Done{}, fmt.Errorf("kind %q: %w", do.Kind, fault.ErrNotFound)
	}
	if err := d.allow(who, access.MatterOpen, access.Object{Type: "matter", Unit: who.Unit}); err != nil {
		return Done{}, err
	}
	if err := who.within(do.Kind); err != nil {
		return Done{}, err
	}
	if do.Goal != "" {
		if _, err := d.Goal(ctx, who, do.Goal); errors.Is(err, fault.ErrNotFound) {
			return Done{}, fault.Refuse(fault.ErrInvalid, "not-found", "goal")
		} else if err != nil {
			return Done{}, err
		}
		do.Links = append(do.Links, matter.Link{Kind: matter.Fulfils, To: do.Goal})
	}
	return d.run(ctx, do, func(b *Batch) (*part, error) {
		p := b.newMatter(def)
		return p, b.act(p, who, do)
	})
}

// Act does an act to a matter. It refuses with a [fault.Refusal]: not allowed, not possible in this state,
// something missing, or, with Version given, that the matter has moved on since the caller looked.
func (d *Desk) Act(ctx context.Context, who Caller, do Do) (Done, error) {
	return d.run(ctx, do, func(b *Batch) (*part, error) {
		p, err := b.matterPart(do.Matter)
		if err != nil {
			return nil, err
		}
		if err := who.within(p.def.Ref); err != nil {
			return nil, err
		}
		act := p.def.Meant(do.Act, do.With)
		if act == nil {
			return nil, fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", do.Act)
		}
		if err := d.allow(who, act.Permission(), d.asking(p.matter)); err != nil {
			return nil, err
		}
		switch {
		case do.Version != 0 && do.Version != p.matter.Version:
			return nil, fault.Refuse(fault.ErrConflict, "late-version", "")
		case do.Version == 0 && (act.IsAsked() || act.Verb == matter.Refuse): // nobody decides what they have not read
			return nil, fault.Refuse(fault.ErrInvalid, "asking-unread", "")
		}
		return p, b.act(p, who, do)
	})
}

// run gathers and commits a batch, again when it lost a race, unless its command was done before: that shows when it
// is appended, or when it is refused because it has had its effect. So nobody looks it up first.
func (d *Desk) run(ctx context.Context, do Do, gather func(*Batch) (*part, error)) (Done, error) {
	isNew := do.Command == "" // a key of our own cannot have been done before
	if isNew {
		do.Command = d.NewCommand()
	}
	for try := 1; ; try++ {
		b := d.Begin(ctx, do.Command)
		b.asked, b.files = do.Asked, do.Files
		p, err := gather(b)
		if err != nil && isNew {
			return Done{}, err
		} else if err != nil {
			return d.refusedOrDone(ctx, do, err)
		}
		r, err := b.Commit()
		switch {
		case err == nil && r.Again:
			return answer(r, do.Matter), nil
		case err == nil:
			return answer(r, p.stream), nil
		}
		if try == attempts || !errors.Is(err, fault.ErrConflict) {
			return Done{}, err
		}
	}
}

// refusedOrDone answers a command that was refused with what it was answered before, if it was.
func (d *Desk) refusedOrDone(ctx context.Context, do Do, refusal error) (Done, error) {
	r, done, err := d.store.Receipt(ctx, d.world.District, do.Command)
	switch {
	case err != nil:
		return Done{}, err
	case done:
		return answer(r, do.Matter), nil
	}
	return Done{}, refusal
}

// answer reads the answer out of a receipt: the matter itself, or the first stream of the batch.
func answer(r journal.Receipt, id name.ID) Done {
	done := Done{Receipt: r, Matter: id}
	for i, s := range r.Streams {
		if s.Stream == id || id == "" && i == 0 {
			done.Matter, done.Version, done.Number = s.Stream, s.Version, s.Number
		}
	}
	return done
}

// act decides in whichever of the caller's roles may do it.
func (b *Batch) act(p *part, who Caller, do Do) error {
	with, commits, err := b.private(p, do.With)
	if err != nil {
		return err
	}
	if err := b.given(p, &do, with); err != nil {
		return err
	}
	c := matter.Command{ID: b.command, Matter: p.stream, Act: do.Act, At: b.at, With: with, Evidence: do.Evidence, Reason: do.Reason,
		Code: do.Code, Clock: do.Clock, Units: do.Units, Until: do.Until, Links: do.Links, Personal: commits}
	if c.Act == "" {
		if opening := p.def.Opening(); len(opening) > 0 {
			c.Act = opening[0].Key
		}
	}
	if act := p.def.Meant(c.Act, with); act != nil {
		if b.d.goalDecides(p.def, p.matter, act) {
			return fault.Refuse(fault.ErrConflict, "goal-decides", "")
		}
		if err := b.nominees(p, who, act, with); err != nil {
			return err
		}
		if c.Reasons, err = b.placed(p.def, act, with); err != nil {
			return err
		}
		given, err := b.routed(p, act, with)
		if err != nil {
			return err
		}
		c.Reasons = append(c.Reasons, given...)
		if err := b.about(&c, who, act); err != nil {
			return err
		}
		if act.Verb == matter.Merge {
			into, err := b.mergeTarget(p, who, do.Into)
			if err != nil {
				return err
			}
			if into.To != "" {
				c.Links = []matter.Link{into}
			}
		}
	}
	if c.Chosen, err = b.chosen(p, c.Act, with); err != nil {
		return err
	}
	var refusal error
	for _, role := range who.Roles {
		c.Actor = who.as(role)
		dec, err := matter.Decide(p.def, p.matter, c, b.d.Env())
		if err == nil {
			b.commit(p, &dec.Change, do.Sealed)
			if err := b.decide(p, c.Actor, dec); err != nil {
				return err
			}
			if err := b.takeOver(p, c.Actor); err != nil {
				return err
			}
			return b.recur(p, c.Actor, p.def.Meant(c.Act, with))
		}
		if refusal == nil || !isNotYourPart(err) {
			refusal = err
		}
	}
	if refusal == nil {
		refusal = fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", do.Act)
	}
	return refusal
}

func isNotYourPart(err error) bool {
	var r *fault.Refusal
	return errors.As(err, &r) && r.Code == "not-your-part"
}

// private takes personal values out of a form: the event gets a commitment, the value is kept beside the log.
func (b *Batch) private(p *part, typed map[string]string) (with map[string]string, commits map[string]ledger.Commitment, err error) {
	with = map[string]string{}
	for key, v := range typed {
		f := field.Find(p.def.Fields, key)
		if f == nil || !f.Class.IsPersonal() {
			with[key] = v
			continue
		}
		if v, err = f.Check(v); err != nil {
			return nil, nil, err
		}
		if v == "" {
			continue
		}
		if commits == nil {
			commits = map[string]ledger.Commitment{}
		}
		commits[key] = b.setAside(p, key, v)
	}
	return with, commits, nil
}

// setAside sets a personal value of a part aside and returns the commitment to it.
func (b *Batch) setAside(p *part, key, v string) ledger.Commitment {
	value := journal.Personal{Subject: p.stream, Field: key, Suite: seal.Plain, Value: v, Blind: b.d.blind(key, v)}
	b.d.world.Chance(value.Salt[:])
	b.people = append(b.people, value)
	return ledger.Commit(ledger.SM3, value.Salt, p.stream, key, v)
}

// ActView is an act that leads on from a state, and why the caller may not do it, if so.
type ActView struct {
	Act     *matter.Act
	Refused *fault.Refusal // nil: the caller may
}

// Acts returns the acts that lead on from where a matter stands, first those that the caller may do. Whether the form is
// filled in rightly is found out when it is sent.
func (d *Desk) Acts(who Caller, k *matter.Kind, m *matter.Matter) (acts []ActView) {
	var others []ActView
	for i := range k.Acts {
		act := &k.Acts[i]
		if !m.Accepts(act) {
			continue
		}
		if r := d.refusal(who, k, m, act); r != nil && (r.Code == "stage-differs" || r.Code == "stage-last" || r.Code == "nothing-asked") {
			continue // of another stage, or of a matter without stages; nobody asked for it
		} else if r != nil {
			others = append(others, ActView{act, r})
			continue
		}
		acts = append(acts, ActView{Act: act})
	}
	return append(acts, others...)
}

func (d *Desk) refusal(who Caller, k *matter.Kind, m *matter.Matter, act *matter.Act) *fault.Refusal {
	var moment *fault.Refusal
	if err := d.allow(who, act.Permission(), d.asking(m)); err != nil {
		if moment = asRefusal(err); moment.Code != string(access.ProveAgain) {
			return moment
		}
	}
	if d.goalDecides(k, m, act) {
		return fault.Refuse(fault.ErrConflict, "goal-decides", "")
	}
	var last *fault.Refusal
	for _, role := range who.Roles {
		r := matter.MayDo(k, m, act, who.as(role), d.Env())
		if r == nil {
			return moment // they have only to prove who they are
		}
		if last == nil || r.Code != "not-your-part" {
			last = r
		}
	}
	return last
}

func asRefusal(err error) *fault.Refusal {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r
	}
	return fault.Refuse(fault.ErrDenied, "denied", "")
}
