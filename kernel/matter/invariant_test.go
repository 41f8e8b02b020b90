package matter_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// invariants are those of design.md §3. Each is told from the events alone, as an auditor would, and not by asking the room.
var invariants = []struct {
	number int
	says   string
	holds  func(*history) error
}{
	{1, "whoever did the work does not verify it, and whoever verified it does not strike it off", apart},
	{2, "an act has the evidence that its kind asks for", evidenced},
	{3, "every event has actor, role, unit, time, reason and its place in the chain", chained},
	{4, "clocks start, pause and stop only by events", clocked},
	{5, "nothing is deleted", kept},
	{6, "only the one who set a task strikes it off", struckByIssuer},
	{7, "overdue climbs the ladder, each rung once", climbs},
	{8, "a matter is always somebody's", owned},
	{9, "a matter keeps the version of the pack that it was opened under", versioned},
	{10, "what takes two is done by somebody else than who asked, as it was asked for, and once", twofold},
}

// done are the steps that led to an event.
func (h *history) done(f func(i int, s *step) error) error {
	for i := range h.steps {
		if s := &h.steps[i]; s.event != nil {
			if err := f(i, s); err != nil {
				return fmt.Errorf("step %d, %s %s by %+v: %w", i, s.event.Type, s.cmd.Act, s.event.Actor, err)
			}
		}
	}
	return nil
}

func behind(a name.Actor) []name.Person {
	if a.For != "" {
		return []name.Person{a.Person, a.For}
	}
	return []name.Person{a.Person}
}

func apart(h *history) error {
	worked, checked, units := map[name.Person]bool{}, map[name.Person]bool{}, map[name.Unit]bool{}
	return h.done(func(_ int, s *step) error {
		who := s.event.Actor
		for _, p := range behind(who) {
			switch v := s.change.Verb; {
			case contains([]Verb{Verify, Rework, StrikeOff}, v) && worked[p]:
				return fmt.Errorf("%s did the work", p)
			case contains([]Verb{Verify, Rework, StrikeOff}, v) && h.k.OtherUnit && units[who.Unit]:
				return fmt.Errorf("%s did the work", who.Unit)
			case v == StrikeOff && checked[p]:
				return fmt.Errorf("%s verified it", p)
			}
		}
		for _, p := range behind(who) {
			switch s.change.Verb {
			case Feedback:
				checked = map[name.Person]bool{}
				fallthrough
			case Progress, Handle:
				worked[p], units[who.Unit] = true, true
			case Verify:
				checked[p] = true
			}
		}
		return nil
	})
}

func evidenced(h *history) error {
	return h.done(func(_ int, s *step) error {
		a := h.k.Act(s.change.Act)
		if a == nil {
			return nil
		}
		for _, n := range a.Evidence {
			files := map[string]bool{}
			for _, e := range s.change.Evidence {
				if e.Kind == n.Kind {
					files[e.File+e.Text] = true
				}
			}
			if len(files) < n.Min {
				return fmt.Errorf("%d pieces of %s, %d are asked for", len(files), n.Kind, n.Min)
			}
		}
		return nil
	})
}

func chained(h *history) error {
	check := ledger.NewChecker("220105")
	for i := range h.log {
		if err := check.Add(&h.log[i]); err != nil {
			return err
		}
	}
	last := int64(0)
	return h.done(func(_ int, s *step) error {
		e := s.event
		if err := e.Check(); err != nil {
			return err
		}
		if e.At < last {
			return fmt.Errorf("at %d, after %d", e.At, last)
		}
		if last = e.At; s.change.Verb.NeedsReason() && strings.TrimSpace(e.Reason) == "" {
			return fmt.Errorf("no reason")
		}
		if s.after.Version != e.Version {
			return fmt.Errorf("event %d led to version %d", e.Version, s.after.Version)
		}
		return nil
	})
}

func clocked(h *history) error {
	running := map[string]string{} // clock → running, paused; nothing for stopped
	return h.done(func(_ int, s *step) error {
		act := h.k.Act(s.change.Act)
		for _, c := range s.change.Clocks {
			named := act != nil && slices.ContainsFunc(act.Clocks, func(e ClockEffect) bool {
				return e.Clock == c.Clock && (e.Op == c.Op || e.Op == Restart && c.Op == Stop)
			})
			asked := c.Op == Start && s.change.Asked != nil && decides(h.k, c.Clock, s.change.Asked.Act)
			settled := c.Op == Stop && s.change.Settled != nil && s.before.Pending != nil && decides(h.k, c.Clock, s.before.Pending.Act)
			if !named && !asked && !settled {
				return fmt.Errorf("the act does not %s clock %s", c.Op, c.Clock)
			}
			switch c.Op {
			case Start, Restart, Go:
				running[c.Clock] = "running"
			case Hold:
				running[c.Clock] = "paused"
			case Stop:
				delete(running, c.Clock)
			}
		}
		got := map[string]string{}
		for _, c := range s.after.Clocks {
			switch {
			case c.Stopped != 0:
			case c.IsPaused():
				got[c.Key] = "paused"
			default:
				got[c.Key] = "running"
			}
		}
		if !maps.Equal(got, running) {
			return fmt.Errorf("clocks are %v, by the events %v", got, running)
		}
		return nil
	})
}

// decides reports whether a clock of the kind runs on decisions about an act.
func decides(k *Kind, clock, act string) bool {
	return slices.ContainsFunc(k.Clocks, func(c ClockKind) bool { return c.Key == clock && slices.Contains(c.Decides, act) })
}

func kept(h *history) error {
	return h.done(func(_ int, s *step) error {
		a, b := &s.before, &s.after
		switch {
		case !isPrefix(a.Evidence, b.Evidence), !isPrefix(a.Links, b.Links), !isPrefix(a.DidWork, b.DidWork), !isPrefix(a.WorkedBy, b.WorkedBy):
			return fmt.Errorf("evidence, links or those who did the work grew shorter")
		case len(b.Clocks) < len(a.Clocks):
			return fmt.Errorf("%d clocks became %d", len(a.Clocks), len(b.Clocks))
		case a.Version > 0 && (a.ID != b.ID || a.Opened != b.Opened || a.Kind != b.Kind):
			return fmt.Errorf("its identity changed")
		}
		for key := range a.Personal {
			if b.Personal[key] == "" {
				return fmt.Errorf("the commitment to %s is gone", key)
			}
		}
		for key, n := range a.Counts {
			if b.Counts[key] < n {
				return fmt.Errorf("%s were counted %d times and are %d", key, n, b.Counts[key])
			}
		}
		for i, c := range a.Clocks {
			if len(b.Clocks[i].Pauses) < len(c.Pauses) || b.Clocks[i].Started != c.Started || c.Stopped != 0 && !reflect.DeepEqual(c, b.Clocks[i]) {
				return fmt.Errorf("clock %s lost a part of its past", c.Key)
			}
		}
		return nil
	})
}

func isPrefix[T comparable](a, b []T) bool { return len(a) <= len(b) && slices.Equal(a, b[:len(a)]) }

func struckByIssuer(h *history) error {
	var issuer name.Unit
	return h.done(func(_ int, s *step) error {
		if s.change.Issuer != nil && issuer == "" {
			issuer = s.change.Issuer.Unit
		}
		followed := s.change.Verb == Adjust && s.event.Actor.IsSystem()      // the platform, where the pack names it: the task goes with its goal
		granted := s.change.Settled != nil && s.change.Settled.As == Granted // somebody above decides what the issuer asked for
		if of := h.k.Act(s.change.Act); of != nil && s.change.Verb == Ask && h.k.Subject(of).Verb == Adjust && s.event.Actor.Unit != issuer {
			return fmt.Errorf("%s set the task", issuer)
		}
		if contains([]Verb{StrikeOff, Adjust}, s.change.Verb) && s.event.Actor.Unit != issuer && !followed && !granted {
			return fmt.Errorf("%s set the task", issuer)
		}
		return nil
	})
}

func twofold(h *history) error {
	var asked *step
	return h.done(func(_ int, s *step) error {
		act, settled := h.k.Act(s.change.Act), s.change.Settled
		switch {
		case settled != nil && (asked == nil || settled.Asked != asked.event.Version):
			return fmt.Errorf("settles version %d, which does not wait", settled.Asked)
		case act != nil && act.IsAsked() && !s.event.Actor.IsSystem() && (settled == nil || settled.As != Granted || asked.change.Asked.Act != act.Key):
			return fmt.Errorf("done without an asking: %+v", settled)
		}
		if settled != nil && (settled.As == Granted || settled.As == Declined) {
			for _, p := range behind(s.event.Actor) {
				if slices.Contains(behind(asked.event.Actor), p) {
					return fmt.Errorf("%s asked for it", p)
				}
			}
		}
		if settled != nil && settled.As == Granted {
			for key, v := range asked.change.Asked.With {
				if s.after.Fields[key] != v {
					return fmt.Errorf("%s is %q, and %q was asked for", key, s.after.Fields[key], v)
				}
			}
		}
		if settled != nil {
			asked = nil
		}
		if s.change.Asked != nil {
			if asked != nil {
				return fmt.Errorf("two wait at once")
			}
			others := slices.ContainsFunc(s.change.Clocks, func(c ClockChange) bool { return !decides(h.k, c.Clock, s.change.Asked.Act) })
			if !reflect.DeepEqual(s.before.Fields, s.after.Fields) || others || s.before.Light(s.event.At) != s.after.Light(s.event.At) || s.before.Due() != s.after.Due() || s.change.To != "" || s.change.Holder != nil {
				return fmt.Errorf("asking changed the matter: %+v", s.change)
			}
			asked = s
		}
		waits := asked != nil && slices.ContainsFunc(h.k.Clocks, func(c ClockKind) bool { return slices.Contains(c.Decides, asked.change.Asked.Act) })
		if runs := slices.ContainsFunc(s.after.Running(), func(c Clock) bool { return len(h.k.Clock(c.Key).Decides) > 0 }); runs != waits {
			return fmt.Errorf("a decision waits: %v, and its clock runs: %v", waits, runs)
		}
		return nil
	})
}

func climbs(h *history) error {
	fired := map[string]bool{} // clock, its start or date, rung
	moved := map[string]int{}  // how often a clock was given another date: 4 March, 9 March and 4 March again are three runs
	err := h.done(func(i int, s *step) error {
		for _, c := range s.after.Clocks {
			if was := s.before.Clock(c.Key); was != nil && was.Until != c.Until {
				moved[c.Key]++
			}
		}
		r := s.change.Rung
		if r == nil {
			return nil
		}
		c := s.before.Clock(r.Clock)
		if c == nil {
			return fmt.Errorf("rung of a clock that there is not")
		}
		run := fmt.Sprint(c.Key, c.Started, r.Rung)
		if c.Until != "" {
			run = fmt.Sprint(c.Key, c.Until, moved[c.Key], r.Rung)
		}
		if fired[run] {
			return fmt.Errorf("%s of %s has fired before", r.Rung, c.Key)
		}
		fired[run] = true
		j := slices.IndexFunc(c.Rungs, func(a RungAt) bool { return a.Key == r.Rung })
		if j < 0 || c.Rungs[j].At > s.event.At || c.Stopped != 0 {
			return fmt.Errorf("%s of %s fired before its time: %+v", r.Rung, c.Key, c)
		}
		if last := i+1 == len(h.steps) || h.steps[i+1].tick != s.tick; last {
			for _, c := range s.after.Running() {
				for _, r := range c.Rungs {
					if !c.IsPaused() && s.after.IsOpen() && !r.Fired && r.At <= s.tick {
						return fmt.Errorf("%s of %s was due and has not fired", r.Key, c.Key)
					}
				}
			}
		}
		return nil
	})
	if err != nil || len(h.steps) == 0 {
		return err
	}
	m := h.steps[len(h.steps)-1].after
	if again := h.rules.tick(h.k, &m, h.now, h.env); len(again) > 0 {
		for _, d := range again {
			if c := m.Clock(d.Change.Rung.Clock); fired[fmt.Sprint(c.Key, c.Started, d.Change.Rung.Rung)] {
				return fmt.Errorf("%s of %s would fire again", d.Change.Rung.Rung, c.Key)
			}
		}
	}
	return nil
}

func owned(h *history) error {
	return h.done(func(_ int, s *step) error {
		if s.after.Holder.Unit == "" || s.after.Issuer.Unit == "" || s.after.Giver.Unit == "" {
			return fmt.Errorf("it is nobody's: %s", units(&s.after))
		}
		if h.k.State(s.after.State) == nil || h.k.State(s.after.State).Phase != s.after.Phase {
			return fmt.Errorf("state %s, phase %s", s.after.State, s.after.Phase)
		}
		return nil
	})
}

func versioned(h *history) error {
	return h.done(func(_ int, s *step) error {
		if s.after.Pack != h.k.Version && s.event.Type != Moved {
			return fmt.Errorf("opened under %.8s, now under %.8s", h.k.Version, s.after.Pack)
		}
		return nil
	})
}

// reached counts what the histories of a run came to.
type reached struct{ verbs, acts, refusals map[string]int }

func (r *reached) count(h *history) {
	for _, s := range h.steps {
		switch {
		case s.refused != "":
			r.refusals[s.refused]++
		case s.change.Rung != nil:
			r.acts[h.k.Ref+" ("+string(s.change.Rung.Rung)+")"]++
		default:
			r.verbs[string(s.change.Verb)]++
			r.acts[h.k.Ref+" "+s.change.Act]++
		}
	}
}

func (r *reached) print(t *testing.T) {
	for _, part := range []struct {
		what string
		of   map[string]int
	}{{"verbs", r.verbs}, {"acts and rungs", r.acts}, {"refusals", r.refusals}} {
		var line []string
		for _, key := range slices.Sorted(maps.Keys(part.of)) {
			line = append(line, fmt.Sprintf("%s %d", key, part.of[key]))
		}
		t.Logf("%s: %s", part.what, strings.Join(line, ", "))
	}
}

// chance is dice that rapid shrinks.
type chance struct{ *rapid.T }

func (c chance) roll(n int) int { return rapid.IntRange(0, n-1).Draw(c.T, "roll") }

// seed is dice of a fixed seed.
type seed struct{ *rand.Rand }

func (s seed) roll(n int) int { return s.IntN(n) }

const (
	length = 120 // how many things are tried in one history
)

// examine draws one history and holds every invariant against it.
func (r *reached) examine(k *Kind, d dice) error {
	h, err := run(k, sound(), d, length)
	if err != nil {
		return err
	}
	for _, inv := range invariants {
		if err := inv.holds(h); err != nil {
			return fmt.Errorf("invariant %d, %s: %w", inv.number, inv.says, err)
		}
	}
	r.count(h)
	return nil
}

// defects has one planted defect for each invariant, which its test must catch.
var defects = []struct {
	number int
	name   string
	plant  func(*rules)
}{
	{1, "it is forgotten who did the work", deciding(func(m *Matter, _ *Kind) { m.DidWork, m.WorkedBy = nil, nil })},
	{1, "it is forgotten who verified it", deciding(func(m *Matter, _ *Kind) { m.Checked = nil })},
	{2, "acts ask for no evidence", deciding(func(_ *Matter, k *Kind) {
		k.Acts = slices.Clone(k.Acts)
		for i := range k.Acts {
			k.Acts[i].Evidence = nil
		}
	})},
	{3, "reasons are dropped", decided(func(d *Decision) { d.Reason = "" })},
	{3, "events are applied without their version", applied(func(m *Matter, _ *ledger.Event) { m.Version-- })},
	{4, "a clock stops when work is reported, without an event", applied(func(m *Matter, _ *ledger.Event) {
		if c := m.Clock("check"); m.Phase == Reported && c != nil {
			c.Stopped = m.Changed
		}
	})},
	{4, "an act starts a clock that it does not name", decided(func(d *Decision) {
		if d.Change.Verb == Note || d.Change.Verb == Remind {
			d.Change.Clocks = append(d.Change.Clocks, ClockChange{Op: Start, Clock: "stray"})
		}
	})},
	{5, "rework throws the evidence away", applied(func(m *Matter, _ *ledger.Event) {
		if m.Counts["reworks"] > 0 {
			m.Evidence = nil
		}
	})},
	{6, "whoever asks is taken for the issuer", func(r *rules) {
		r.decide = func(k *Kind, m *Matter, c Command, env Env) (Decision, error) {
			other := *m
			if m.Version > 0 {
				other.Issuer.Unit = c.Actor.Unit
			}
			return Decide(k, &other, c, env)
		}
	}},
	{10, "it is forgotten who asked", deciding(func(m *Matter, _ *Kind) {
		if m.Pending != nil {
			p := *m.Pending
			p.By = name.Actor{Person: "somebody-else"}
			m.Pending = &p
		}
	})},
	{10, "what was asked for is dropped", deciding(func(m *Matter, _ *Kind) {
		if m.Pending != nil {
			p := *m.Pending
			p.With = nil
			m.Pending = &p
		}
	})},
	{10, "an asking takes effect at once", applied(func(m *Matter, _ *ledger.Event) {
		if m.Pending != nil && m.Pending.Version == m.Version {
			m.Fields = maps.Clone(m.Fields)
			maps.Copy(m.Fields, m.Pending.With)
		}
	})},
	{10, "an asking waits on after it was settled", applied(func(m *Matter, e *ledger.Event) {
		if m.Pending == nil && (e.Type == "matter.refuse" || e.Type == "matter.take-back") {
			m.Pending = &Asking{Act: "adjust", By: e.Actor, Version: m.Version - 1}
		}
	})},
	{10, "the clock on a decision runs on after it was settled", decided(func(d *Decision) {
		if d.Change.Settled != nil {
			d.Change.Clocks = slices.DeleteFunc(slices.Clone(d.Change.Clocks), func(c ClockChange) bool { return c.Clock == "decide" })
		}
	})},
	{10, "the clock on a decision turns the matter's light", applied(func(m *Matter, e *ledger.Event) {
		m.Clocks = slices.Clone(m.Clocks)
		for i := range m.Clocks {
			if m.Clocks[i].Decision {
				m.Clocks[i].Decision, m.Clocks[i].Due = false, e.At
			}
		}
	})},
	{7, "a rung that fired is not remembered", applied(func(m *Matter, _ *ledger.Event) {
		m.Clocks = slices.Clone(m.Clocks)
		for i := range m.Clocks {
			m.Clocks[i].Rungs = slices.Clone(m.Clocks[i].Rungs)
			for j := range m.Clocks[i].Rungs {
				m.Clocks[i].Rungs[j].Fired = false
			}
		}
	})},
	{7, "rungs fire a month early", func(r *rules) {
		r.tick = func(k *Kind, m *Matter, now int64, env Env) []Decision { return Tick(k, m, now+30*24*hour, env) }
	}},
	{7, "only the first rung fires", func(r *rules) {
		r.tick = func(k *Kind, m *Matter, now int64, env Env) []Decision {
			return Tick(k, m, now, env)[:min(1, len(Tick(k, m, now, env)))]
		}
	}},
	{8, "who returns a matter leaves it to nobody", decided(func(d *Decision) {
		if d.Change.Verb == Return {
			d.Change.Holder = &Hand{}
		}
	})},
	{8, "a state that there is not", decided(func(d *Decision) {
		if d.Change.Verb == Feedback {
			d.Change.To = "limbo"
		}
	})},
	{9, "an act moves the matter to another version", func(r *rules) {
		r.apply = func(m Matter, e *ledger.Event) (Matter, error) {
			m, err := Apply(m, e)
			if m.Version > 3 {
				m.Pack = "newer"
			}
			return m, err
		}
	}},
}

// deciding plants a defect in what Decide is given.
func deciding(spoil func(*Matter, *Kind)) func(*rules) {
	return func(r *rules) {
		r.decide = func(k *Kind, m *Matter, c Command, env Env) (Decision, error) {
			other, kind := *m, *k
			spoil(&other, &kind)
			return Decide(&kind, &other, c, env)
		}
	}
}

// decided plants a defect in what Decide answers.
func decided(spoil func(*Decision)) func(*rules) {
	return func(r *rules) {
		r.decide = func(k *Kind, m *Matter, c Command, env Env) (Decision, error) {
			d, err := Decide(k, m, c, env)
			if err == nil {
				spoil(&d)
			}
			return d, err
		}
	}
}

// applied plants a defect in what Apply answers.
func applied(spoil func(*Matter, *ledger.Event)) func(*rules) {
	return func(r *rules) {
		r.apply = func(m Matter, e *ledger.Event) (Matter, error) {
			m, err := Apply(m, e)
			m.Clocks = slices.Clone(m.Clocks)
			spoil(&m, e)
			return m, err
		}
	}
}
