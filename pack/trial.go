package pack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// trial is one case being walked.
type trial struct {
	set    *Set
	k      *matter.Kind
	c      *caseSyntax
	env    matter.Env
	report *Report
	m      matter.Matter
	step   int
	rungs  []string
	told   []string
	raised []string
}

func (t *trial) run() {
	for i := range t.c.Steps {
		s := &t.c.Steps[i]
		t.step, t.rungs, t.told, t.raised = i+1, nil, nil, nil
		t.report.Steps++
		at := instant(s.On)
		if s.Tick.yes() {
			t.tick(at)
		} else if !t.do(s, at) {
			return
		}
		t.expect(&s.Expect, at)
	}
}

// instant reads a time of a case, which is Shanghai's.
func instant(w word) int64 {
	at, err := calendar.ParseInstant(w.Text)
	if err != nil {
		return 0
	}
	return int64(at)
}

// fail notes what a step should have led to and what it did. Values are told as they are written in a case.
func (t *trial) fail(at spot, what, want, got string) {
	t.failed(at, what, name.Text{ZH: want, EN: want}, name.Text{ZH: got, EN: got})
}

func (t *trial) failed(at spot, what string, want, got name.Text) {
	t.report.Failures = append(t.report.Failures, Failure{File: at.src.name, Line: at.line, Column: at.column, Case: t.c.Case.text(), Step: t.step, What: what, Want: want, Got: got})
}

// tick lets the scheduler look.
func (t *trial) tick(at int64) {
	for _, d := range matter.Tick(t.k, &t.m, at, t.env) {
		if d.Change.Rung != nil {
			t.rungs = append(t.rungs, d.Change.Rung.Clock+"/"+string(d.Change.Rung.Rung))
			t.told = append(t.told, strings.TrimSuffix(string(d.Change.Rung.To.Unit)+"/"+string(d.Change.Rung.To.Person), "/"))
		}
		t.apply(name.System, at, &d)
	}
}

// do does the act of a step; false if the case cannot go on.
func (t *trial) do(s *stepSyntax, at int64) bool {
	c := t.command(s, at)
	d, err := matter.Decide(t.k, &t.m, c, t.env)
	code := refusal(err)
	switch {
	case s.Refused.given() && code == s.Refused.Text:
		t.report.Refusals[code]++
		return true
	case s.Refused.given():
		t.failed(s.Refused.At, s.Do.Text, ending(s.Refused.Text), ending(code))
		return true
	case err != nil:
		t.failed(s.Do.At, s.Do.Text, ending(""), ending(code))
		return false
	}
	t.report.Acts[t.k.Ref+" "+s.Do.Text]++
	t.apply(c.Actor, at, &d)
	return true
}

// ending tells how an act ended: done, or refused with a code.
func ending(code string) name.Text {
	if code == "" {
		return name.Text{ZH: "办成", EN: "done"}
	}
	return name.Text{ZH: "不准：" + code, EN: "refused: " + code}
}

// refusal returns the code of a refusal, empty for none; an error that is no refusal is told in full.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		return r.Code
	}
	return err.Error()
}

// command makes the command of a step.
func (t *trial) command(s *stepSyntax, at int64) matter.Command {
	c := matter.Command{ID: fmt.Sprintf("case-%d", t.step), Matter: t.m.ID, Act: s.Do.Text, Actor: t.actor(s.By.Text), At: at, With: map[string]string{},
		Reason: s.Reason.Text, Code: s.Code.Text, Clock: s.Clock.Text, Units: number(s.Units), Until: s.Until.Text}
	for _, w := range s.With {
		f := field.Find(t.k.Fields, w.Key.Text)
		if f != nil && f.Class.IsPersonal() {
			if c.Personal == nil {
				c.Personal = map[string]ledger.Commitment{}
			}
			c.Personal[w.Key.Text] = ledger.Commit(ledger.SM3, [16]byte{}, t.m.ID, w.Key.Text, w.Value.Text)
			continue
		}
		c.With[w.Key.Text] = w.Value.Text
	}
	if a := t.k.Meant(c.Act, c.With); a != nil {
		c.Chosen = t.chosen(a, &c)
	}
	for i, e := range s.Evidence {
		piece := matter.Evidence{Kind: matter.EvidenceKind(e.Text), Name: e.Text}
		if piece.Kind == matter.Statement {
			piece.Text = t.c.Case.ZH.Text
		} else {
			piece.File = Hash(fmt.Appendf(nil, "%s %d", e.Text, i)) // the same upload twice is one piece
		}
		c.Evidence = append(c.Evidence, piece)
	}
	return c
}

// chosen finds the records that an act's clocks need among those that the packs start with, as the desk would.
func (t *trial) chosen(a *matter.Act, c *matter.Command) map[string]matter.Chosen {
	found := map[string]matter.Chosen{}
	for _, ask := range matter.AsksFor(t.k, &t.m, a, c.With) {
		if e, ok := t.set.Record(ask.Register, ask.Key, calendar.Instant(c.At).Date()); ok {
			found[ask.Field] = matter.Chosen{Key: ask.Key, Fields: e.Fields}
		}
	}
	return found
}

func (t *trial) actor(called string) name.Actor {
	for _, p := range t.c.Persons {
		if p.Key.Text == called {
			return name.Actor{Person: name.Person(called), Unit: name.Unit(p.Value.Unit.Text), Role: name.Role(p.Value.Role.Text)}
		}
	}
	return name.System
}

// apply applies a decision and opens what it raises.
func (t *trial) apply(actor name.Actor, at int64, d *matter.Decision) {
	t.count(d)
	t.m = applied(t.m, actor, at, d)
	for _, o := range d.Raises {
		t.raised = append(t.raised, o.Kind)
		t.open(actor, at, o)
	}
}

// count notes what a decision does to the clocks.
func (t *trial) count(d *matter.Decision) {
	for _, c := range d.Change.Clocks {
		keys := []string{t.k.Ref + " " + c.Clock}
		if c.Stage != "" {
			keys = append(keys, keys[0]+"/"+c.Stage)
		}
		for _, key := range keys {
			if t.report.Clocks[key] == nil {
				t.report.Clocks[key] = map[matter.ClockOp]int{}
			}
			t.report.Clocks[key][c.Op]++
		}
	}
}

// applied returns the matter after a decision.
func applied(m matter.Matter, actor name.Actor, at int64, d *matter.Decision) matter.Matter {
	body, err := json.Marshal(d.Change)
	if err != nil {
		panic(err) // a change holds nothing that JSON cannot say
	}
	e := ledger.Event{Stream: caseID, Kind: ledger.Matter, Version: m.Version + 1, At: at, Actor: actor, Type: d.Type, Reason: d.Reason, Body: body}
	after, err := matter.Apply(m, &e)
	if err != nil {
		panic(err) // the body was made above
	}
	return after
}

const caseID name.ID = "000000-00000000-0000-7000-8000-000000000000"

// open tries to open a matter that was raised, as the platform would.
func (t *trial) open(by name.Actor, at int64, o matter.Opening) {
	k, ok := t.set.Kind(o.Kind)
	if !ok || len(k.Opening()) == 0 {
		return // the compiler has refused it
	}
	a := k.Opening()[0]
	actor := name.System
	actor.For = by.Person
	c := matter.Command{ID: "raised", Act: a.Key, Actor: actor, At: at, With: map[string]string{}, Issuer: o.Issuer, Links: []matter.Link{{Kind: o.Link, To: t.m.ID}}}
	for _, in := range a.Form {
		if v := o.Fields[in.Field]; v != "" {
			c.With[in.Field] = v
		}
	}
	if _, err := matter.Decide(k, &matter.Matter{}, c, t.env); err != nil {
		t.failed(t.c.Steps[t.step-1].At, o.Kind, ending(""), ending(refusal(err)))
	}
}

// expect compares what a step expects with how the matter stands at a time.
func (t *trial) expect(e *expectSyntax, at int64) {
	light := string(t.m.Light(at))
	for _, w := range []struct {
		what string
		want word
		got  string
	}{
		{"state", e.State, t.m.State}, {"light", e.Light, cmp.Or(light, "none")}, {"holder", e.Holder, t.holder(e.Holder.Text)},
		{"public", e.Public, map[bool]string{true: "yes", false: "no"}[t.m.Public]}, {"asked", e.Asked, t.asked()},
	} {
		if w.want.given() && w.want.Text != w.got {
			t.fail(w.want.At, w.what, w.want.Text, w.got)
		}
	}
	for _, f := range e.Fields {
		if got := t.m.Fields[f.Key.Text]; got != f.Value.Text && !(got == "" && f.Value.Text == "none") {
			t.fail(f.Value.At, f.Key.Text, f.Value.Text, cmp.Or(got, "none"))
		}
	}
	for _, c := range e.Clocks {
		if got := t.clock(c.Key.Text, c.Value.Text); got != c.Value.Text {
			t.fail(c.Value.At, c.Key.Text, c.Value.Text, got)
		}
	}
	for _, s := range e.Stages {
		if got := t.stage(s.Key.Text); got != s.Value.Text {
			t.fail(s.Value.At, s.Key.Text, s.Value.Text, got)
		}
	}
	t.all(e.At, "rungs", e.Rungs, t.rungs)
	t.all(e.At, "told", e.Told, t.told)
	t.all(e.At, "raises", e.Raises, qualifiedBy(t.k.Ref, t.raised, e.Raises))
}

// all compares a list whose order does not matter; a list that a case leaves out is not compared, an empty one expects nothing.
func (t *trial) all(at spot, what string, want []word, got []string) {
	if want == nil {
		return
	}
	texts := plain(want)
	slices.Sort(texts)
	got = slices.Sorted(slices.Values(got))
	if !slices.Equal(texts, got) {
		t.fail(at, what, cmp.Or(strings.Join(texts, ", "), "none"), cmp.Or(strings.Join(got, ", "), "none"))
	}
}

// qualifiedBy drops the pack of raised kinds where the case leaves it out too.
func qualifiedBy(ref string, raised []string, want []word) (out []string) {
	for _, r := range raised {
		bare, own := strings.CutPrefix(r, packOf(ref)+"/")
		if own && slices.ContainsFunc(want, func(w word) bool { return w.Text == bare }) {
			r = bare
		}
		out = append(out, r)
	}
	return out
}

// holder returns whose the matter is: the unit, with the person behind a slash where the case asks for both.
func (t *trial) holder(want string) string {
	if strings.Contains(want, "/") {
		return string(t.m.Holder.Unit) + "/" + string(t.m.Holder.Person)
	}
	return string(t.m.Holder.Unit)
}

// asked tells which act waits for a decision.
func (t *trial) asked() string {
	if t.m.Pending == nil {
		return "none"
	}
	return t.m.Pending.Act
}

// stage tells in which stage a clock is, none for one that does not run in a stage.
func (t *trial) stage(key string) string {
	if c := t.m.Clock(key); c != nil && c.Stopped == 0 && c.Stage != "" {
		return c.Stage
	}
	return "none"
}

// clock tells how a clock stands: none, stopped, paused, or when it is due: the day, or the time where the case asks for it.
func (t *trial) clock(key, want string) string {
	c := t.m.Clock(key)
	switch {
	case c == nil:
		return "none"
	case c.Stopped != 0:
		return "stopped"
	case c.IsPaused():
		return "paused"
	}
	if strings.Contains(want, "T") {
		return calendar.Instant(c.Due).String()[:len("2006-01-02T15:04")]
	}
	return calendar.Instant(c.Due - 1).Date().String()
}
