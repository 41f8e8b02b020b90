package matter_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

var liu = name.Actor{Person: "liu", Unit: "government", Role: "leader"}

// inTwo is a job whose change, end and pause are asked for by the office and decided by a leader.
func inTwo(t testing.TB) *trail {
	tr := doing(t, "due", "2023-05-31")
	tr.k.OtherUnit = false
	tr.k.Fields = append(tr.k.Fields, tr.k.Fields[3])
	tr.k.Fields[len(tr.k.Fields)-1].Key = "approved"
	for i := range tr.k.Acts {
		if a := &tr.k.Acts[i]; a.Key == "alter" || a.Key == "drop" || a.Key == "wait" {
			a.By, a.Asked, a.Signs = []Party{{Part: Anybody, Role: "leader"}, {Part: Platform}}, by(Issuer), "approved"
		}
	}
	for _, key := range []string{"alter", "drop", "wait"} {
		of := tr.k.Act(key)
		tr.k.Acts = append(tr.k.Acts, Act{Key: "ask-" + key, Verb: Ask, Of: key, From: of.From, By: by(Issuer), Form: of.Form},
			Act{Key: "no-" + key, Verb: Refuse, Of: key, From: of.From, By: []Party{{Part: Anybody, Role: "leader"}}},
			Act{Key: "back-" + key, Verb: TakeBack, Of: key, From: of.From, By: by(Issuer)})
	}
	return tr
}

func dayOf(tr *trail) string { return tr.m.Fields["due"] }

// TestNothingHappensBeforeSomebodyElseAgrees: asking changes nothing, whoever asked does not decide, and what is done is what was asked for.
func TestNothingHappensBeforeSomebodyElseAgrees(t *testing.T) {
	tr := inTwo(t)
	due, clock := dayOf(tr), tr.m.Clock("due").Due
	tr.refused("nothing-asked", "alter", liu, "2023-03-06T09:00", because("x"))
	tr.refused("reason-missing", "ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"))
	tr.refused("not-date", "ask-alter", chen, "2023-03-06T09:00", form("due", "soon"), because("x"))
	tr.refused("field-not-asked", "ask-alter", chen, "2023-03-06T09:00", form("note", "x"), because("x"))
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("the road was moved"))
	p := tr.m.Pending
	if p == nil || p.Act != "alter" || p.With["due"] != "2023-06-30" || p.Reason != "the road was moved" || p.By.Person != "chen" || p.Version != tr.m.Version || p.At != at("2023-03-06T09:00") {
		t.Fatalf("waits for a decision: %+v", p)
	}
	if dayOf(tr) != due || tr.m.Clock("due").Due != clock {
		t.Errorf("due %s, clock %d before anybody agreed", dayOf(tr), tr.m.Clock("due").Due)
	}
	tr.refused("asked-already", "ask-drop", chen, "2023-03-06T10:00", because("x"))
	tr.refused("nothing-asked", "drop", liu, "2023-03-06T10:00", because("x"))
	tr.refused("asked-for-it", "alter", name.Actor{Person: "chen", Unit: "office", Role: "leader"}, "2023-03-06T10:00")
	tr.refused("asked-for-it", "alter", name.Actor{Person: "mei", For: "chen", Unit: "office", Role: "leader"}, "2023-03-06T10:00")
	tr.refused("asked-for-it", "no-alter", name.Actor{Person: "chen", Unit: "office", Role: "leader"}, "2023-03-06T10:00", because("x"))
	tr.refused("not-your-part", "alter", gao, "2023-03-06T10:00")
	tr.refused("field-not-asked", "alter", liu, "2023-03-06T10:00", form("due", "2024-12-31"))
	tr.must("step", lin, "2023-03-07T09:00", form("note", "the work goes on"))
	d := tr.must("alter", liu, "2023-03-08T09:00")
	if s := d.Change.Settled; s == nil || *s != (Settled{Asked: p.Version, As: Granted, Asker: "chen"}) || d.Reason != "the road was moved" {
		t.Errorf("settled %+v, reason %q", s, d.Reason)
	}
	if dayOf(tr) != "2023-06-30" || tr.m.Clock("due").Until != "2023-06-30" || tr.m.Pending != nil || tr.m.Fields["approved"] != "liu" {
		t.Errorf("due %s, clock until %s, waits %v, approved by %s", dayOf(tr), tr.m.Clock("due").Until, tr.m.Pending, tr.m.Fields["approved"])
	}
	tr.refused("nothing-asked", "alter", liu, "2023-03-08T10:00")
	tr.k.Asks("alter").By = by(Anybody)
	tr.refused("not-issuer", "ask-alter", lin, "2023-03-08T10:00", form("due", "2023-07-31"), because("x")) // for the unit that set the task, whoever may ask
}

// TestAnAskingIsDeclinedOrTakenBack: either way the matter stays as it is, and something else can be asked for.
func TestAnAskingIsDeclinedOrTakenBack(t *testing.T) {
	tr := inTwo(t)
	before := dayOf(tr)
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	tr.refused("reason-missing", "no-alter", liu, "2023-03-06T10:00")
	tr.refused("nothing-asked", "no-drop", liu, "2023-03-06T10:00", because("x"))
	if s := tr.must("no-alter", liu, "2023-03-06T10:00", because("keep to it")).Change.Settled; s == nil || s.As != Declined || s.Asker != "chen" {
		t.Errorf("declined: %+v", s)
	}
	if dayOf(tr) != before || tr.m.Pending != nil || tr.m.Fields["approved"] != "" {
		t.Errorf("due %s, waits %v, approved by %q after it was declined", dayOf(tr), tr.m.Pending, tr.m.Fields["approved"])
	}
	tr.must("ask-drop", chen, "2023-03-07T09:00", because("merged"))
	tr.refused("not-your-part", "back-drop", gao, "2023-03-07T10:00") // of the office, but did not ask
	if s := tr.must("back-drop", chen, "2023-03-07T10:00").Change.Settled; s == nil || s.As != TakenBack {
		t.Errorf("taken back: %+v", s)
	}
	tr.must("ask-drop", chen, "2023-03-08T09:00", because("merged"))
	tr.must("drop", liu, "2023-03-08T10:00")
	if tr.m.State != "gone" || len(tr.m.Running()) != 0 {
		t.Errorf("state %s, %d clocks run", tr.m.State, len(tr.m.Running()))
	}
}

// TestAnAskingLapses: where the matter moves on to where the act does not lead from, or the platform does it, nothing waits any more.
func TestAnAskingLapses(t *testing.T) {
	tr := inTwo(t)
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	if s := tr.must("tell", lin, "2023-03-07T09:00", photos(2)).Change.Settled; s == nil || s.As != Lapsed || s.Asker != "chen" || tr.m.Pending != nil {
		t.Errorf("the matter was reported done: %+v, waits %v", s, tr.m.Pending)
	}
	tr = inTwo(t)
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	system := name.System
	system.For = "liu"
	if s := tr.must("alter", system, "2023-03-07T09:00", form("due", "2023-07-31"), because("agreed on the goal")).Change.Settled; s == nil || s.As != Lapsed {
		t.Errorf("the platform did it: %+v", s)
	}
	if dayOf(tr) != "2023-07-31" || tr.m.Fields["approved"] != "liu" {
		t.Errorf("due %s, approved by %s", dayOf(tr), tr.m.Fields["approved"])
	}
}

// TestAPauseIsAskedFor: its reason code is asked for with it, and is seen to be one before anybody decides.
func TestAPauseIsAskedFor(t *testing.T) {
	tr := inTwo(t)
	tr.refused("pause-reason-unknown", "ask-wait", chen, "2023-03-06T09:00", because("x"), code("holiday"))
	tr.must("ask-wait", chen, "2023-03-06T09:00", because("ice"), code("frost"))
	if tr.m.Clock("due").IsPaused() {
		t.Fatal("paused before anybody agreed")
	}
	tr.must("wait", liu, "2023-03-06T10:00")
	if c := tr.m.Clock("due"); !c.IsPaused() || c.Pauses[0].Reason != "frost" || tr.m.State != "waiting" {
		t.Errorf("pauses %v, state %s", c.Pauses, tr.m.State)
	}
}

// TestWhatAnAskingOffers: to whom what is offered while something waits, and what a form asks of them.
func TestWhatAnAskingOffers(t *testing.T) {
	tr := inTwo(t)
	code := func(act string, who name.Actor) string {
		if r := MayDo(tr.k, &tr.m, tr.k.Act(act), who, tr.env); r != nil {
			return r.Code
		}
		return ""
	}
	check := func(want map[string]string, who name.Actor) {
		t.Helper()
		for act, w := range want {
			if got := code(act, who); got != w {
				t.Errorf("%s by %s: %q, want %q", act, who.Person, got, w)
			}
		}
	}
	check(map[string]string{"ask-alter": "", "back-alter": "nothing-asked"}, chen)
	check(map[string]string{"alter": "nothing-asked", "no-alter": "nothing-asked"}, liu)
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	check(map[string]string{"ask-alter": "asked-already", "ask-drop": "asked-already", "back-alter": "", "back-drop": "nothing-asked"}, chen)
	check(map[string]string{"alter": "", "no-alter": "", "drop": "nothing-asked"}, liu)
	alter, ask := tr.k.Act("alter"), tr.k.Asks("alter")
	if len(alter.Inputs()) != 0 || tr.k.NeedsReason(alter) || len(ask.Inputs()) != 1 || !tr.k.NeedsReason(ask) || tr.k.Fills(ask) != alter || !tr.k.NeedsReason(tr.k.Act("no-alter")) {
		t.Errorf("alter asks for %v, asking for it for %v", alter.Inputs(), ask.Inputs())
	}
	if o := Obstacles(tr.k, job(), &tr.m); len(o) == 0 || o[0] != (Obstacle{"act", "alter"}) {
		t.Errorf("moved to a version where nobody decides it: %v", o)
	}
	if b := tr.k.Breaches(&Act{Key: "x", Verb: Note, From: []string{"doing"}, Asked: by(Issuer)}); len(b) != 1 || b[0].Code != "not-askable" {
		t.Errorf("a note that is asked for: %v", b)
	}
}

// slow is [inTwo] with a clock of three working days on the decisions, whose last rung is the head of the office's.
func slow(t testing.TB) *trail {
	tr := inTwo(t)
	tr.env.Staff = Staff{"office": {"head": {"gao"}}, "roads": {"leader": {"liu"}}}
	tr.k.Clocks = append(tr.k.Clocks, ClockKind{Key: "decide", Words: text("decide"), Term: Internal, Basis: calendar.WorkingDay, Length: 3, Ladder: "deciding", Decides: []string{"alter", "drop"}})
	tr.k.Ladders = append(tr.k.Ladders, Ladder{Key: "deciding", Rungs: []Rung{{Key: RungRemind, To: Party{Part: Holder, Role: "leader"}}, {Key: RungUrge, After: 1, To: Party{Part: Issuer, Role: "head"}}}})
	return tr
}

// TestADecisionHasItsOwnClock: it runs from the asking until that is settled, climbs its ladder, and neither light nor due time nor counts of
// the matter know of it.
func TestADecisionHasItsOwnClock(t *testing.T) {
	tr := slow(t)
	due := tr.m.Due()
	tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	c := tr.m.Deciding()
	if c == nil || c.Key != "decide" || c.Due != at("2023-03-10") || tr.m.Due() != due || len(tr.m.Running()) == 1 {
		t.Fatalf("the decision's clock: %+v, the matter is due %d", c, tr.m.Due())
	}
	if got := tr.tick("2023-03-09T09:00"); !slices.Equal(got, []string{"decide/remind"}) {
		t.Errorf("on the last day: %v", got)
	}
	tr.must("step", lin, "2023-03-09T10:00", form("note", "the work goes on"))
	plain := inTwo(t) // where nothing was asked for
	plain.must("step", lin, "2023-03-09T10:00", form("note", "the work goes on"))
	d := Tick(tr.k, &tr.m, at("2023-03-14"), tr.env)
	if len(d) == 0 || d[0].Change.Rung == nil || *d[0].Change.Rung != (Fired{Clock: "decide", Rung: RungUrge, To: Hand{"office", "gao"}, As: "head", Decision: true}) || d[0].Change.Count != "" {
		t.Fatalf("too late: %+v", d)
	}
	got := append(tr.tick("2023-03-14T09:00"), tr.tick("2023-03-14T10:00")...)
	others := plain.tick("2023-03-14T09:00")
	if now := at("2023-03-14T10:00"); !slices.Equal(got, append([]string{"decide/urge"}, others...)) || tr.m.Light(now) != plain.m.Light(now) || !maps.Equal(tr.m.Counts, plain.m.Counts) {
		t.Errorf("too late: %v, light %s, counts %v; without it %v, %s, %v", got, tr.m.Light(now), tr.m.Counts, others, plain.m.Light(now), plain.m.Counts)
	}
	if got := tr.tick("2023-04-03T09:00"); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "decide/") }) {
		t.Errorf("again: %v", got)
	}
	tr.must("alter", liu, "2023-04-03T10:00")
	if tr.m.Deciding() != nil || tr.m.Clock("decide").Stopped != at("2023-04-03T10:00") || !tr.m.Clock("decide").WasLate(at("2023-04-03T10:00")) {
		t.Errorf("decided, and its clock: %+v", tr.m.Clock("decide"))
	}
	tr.must("ask-wait", chen, "2023-04-03T11:00", because("ice"), code("frost"))
	if tr.m.Deciding() != nil {
		t.Error("nothing says how long deciding on a pause takes, and a clock runs")
	}
}

// TestTheClockOfADecisionEndsWithIt: declined, taken back or lapsed, it stops; whoever asked is told of no rung, and it is no start for
// the clocks of a matter that goes on.
func TestTheClockOfADecisionEndsWithIt(t *testing.T) {
	for _, end := range []struct {
		name string
		do   func(tr *trail)
	}{
		{"declined", func(tr *trail) { tr.must("no-alter", liu, "2023-03-07T09:00", because("keep to it")) }},
		{"taken back", func(tr *trail) { tr.must("back-alter", chen, "2023-03-07T09:00") }},
		{"lapsed", func(tr *trail) { tr.must("tell", lin, "2023-03-07T09:00", photos(2)) }},
	} {
		tr := slow(t)
		tr.must("ask-alter", chen, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
		if end.do(tr); tr.m.Deciding() != nil || tr.m.Clock("decide").Stopped != at("2023-03-07T09:00") {
			t.Errorf("%s: %+v", end.name, tr.m.Clock("decide"))
		}
	}
	tr := slow(t)
	tr.must("ask-alter", gao, "2023-03-06T09:00", form("due", "2023-06-30"), because("x"))
	for _, d := range Tick(tr.k, &tr.m, at("2023-03-14"), tr.env) {
		if d.Change.Rung.Clock == "decide" && d.Change.Rung.To.Person == "gao" {
			t.Error("whoever asked is told to see to it that it is decided")
		}
	}
	earlier := slow(t)
	earlier.must("ask-alter", chen, "2023-03-02T09:00", form("due", "2023-06-30"), because("x"))
	if d, _, err := TakeOver(tr.k, &tr.m, &earlier.m, tr.env, "merged"); err != nil || slices.ContainsFunc(d.Change.Clocks, func(c ClockChange) bool { return c.Clock == "decide" }) {
		t.Errorf("the other matter's asking is taken over: %+v, %v", d.Change.Clocks, err)
	}
}
