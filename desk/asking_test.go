//go:build !race

package desk_test

import (
	"bytes"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// TestAnActTakesTwo: the office asks for a change of a task that is of no goal, a leader finds it on their list, reads it and decides;
// whoever asked does not, in whatever role, and nothing changes before.
func TestAnActTakesTwo(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	office, head, leader := x.As(t, "office", "issuer", 0), x.As(t, "office", "head", 0), x.As(t, "government", "leader", 0)
	view := func() *desk.MatterView {
		t.Helper()
		v, err := x.Desk.Matter(ctx, office, id)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	do := func(want, act string, who desk.Caller, more desk.Do) {
		t.Helper()
		more.Matter, more.Act = id, act
		if _, err := x.Desk.Act(ctx, who, more); code(err) != want {
			t.Fatalf("%s by %s: %v, want %q", act, who.Person, err, want)
		}
	}
	waits := func(who desk.Caller) int {
		t.Helper()
		all, err := x.Desk.Asked(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.Row.Stream != id || a.Ask == nil || a.Matter.Pending.By.Person != office.Person {
				t.Errorf("to decide: %+v", a)
			}
		}
		return len(all)
	}
	offered := func(act string, who desk.Caller) bool {
		t.Helper()
		v, err := x.Desk.Matter(ctx, who, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range v.Acts {
			if a.Act.Key == act {
				return a.Refused == nil
			}
		}
		return false
	}
	due := view().Clock("due").Due
	ask := desk.Do{With: map[string]string{"due": "2024-01-31"}, Reason: "材料供应推迟"}
	if offered("adjust", leader) || !offered("ask-adjust", office) {
		t.Error("nothing was asked for, and it can be decided; or the office cannot ask")
	}
	do("", "ask-adjust", office, ask)
	if v := view(); v.Pending == nil || v.Fields["due"] != "2023-12-31" || v.Clock("due").Due != due || v.Fields["approved-by"] != "" {
		t.Fatalf("asked for: %+v, due %s", v.Pending, v.Fields["due"])
	}
	if waits(leader) != 1 || waits(office) != 0 || waits(head) != 0 || !offered("adjust", leader) || offered("adjust", office) || !offered("take-back-adjust", office) {
		t.Errorf("waits for: leader %d, office %d, head %d", waits(leader), waits(office), waits(head))
	}
	asLeader := office
	asLeader.Roles = leader.Roles
	version := view().Version
	do("asking-unread", "adjust", leader, desk.Do{})
	do("late-version", "adjust", leader, desk.Do{Version: version - 1})
	do("made-it", "adjust", asLeader, desk.Do{Version: version})
	do("made-it", "decline-adjust", asLeader, desk.Do{Version: version, Reason: "x"})
	do("no-grant", "adjust", x.As(t, "housing", "handler", 0), desk.Do{Version: version})
	do("", "decline-adjust", leader, desk.Do{Version: version, Reason: "年内完成"})
	if waits(leader) != 0 || view().Pending != nil || view().Clock("due").Due != due {
		t.Errorf("declined: %d wait, %+v", waits(leader), view().Pending)
	}
	do("", "ask-adjust", office, ask)
	do("", "adjust", leader, desk.Do{Version: view().Version})
	v := view()
	last := v.History[len(v.History)-1]
	if v.Fields["due"] != "2024-01-31" || v.Clock("due").Due == due || v.Fields["approved-by"] != string(leader.Person) || waits(leader) != 0 {
		t.Errorf("agreed to: due %s, approved by %s, %d wait", v.Fields["due"], v.Fields["approved-by"], waits(leader))
	}
	if last.Actor.Person != leader.Person || last.Reason != "材料供应推迟" || last.Change.Settled == nil || last.Change.Settled.As != matter.Granted {
		t.Errorf("the log says %s: %s, %+v", last.Actor.Person, last.Reason, last.Change.Settled)
	}
	x.Verify(t)
}

// TestAnActTakesTwoNaturalPersons: whoever asked by one account does not decide by another, and whoever keeps out of a matter by one keeps out of it by all.
func TestAnActTakesTwoNaturalPersons(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	office, leader := x.As(t, "office", "issuer", 0), x.As(t, "government", "leader", 0)
	do := func(want, act string, who desk.Caller, more desk.Do) {
		t.Helper()
		more.Matter, more.Act = id, act
		if _, err := x.Desk.Act(ctx, who, more); code(err) != want {
			t.Fatalf("%s by %s: %v, want %q", act, who.Person, err, want)
		}
	}
	version := func() int64 {
		t.Helper()
		v, err := x.Desk.Matter(ctx, office, id)
		if err != nil {
			t.Fatal(err)
		}
		return v.Version
	}
	do("", "ask-adjust", office, desk.Do{With: map[string]string{"due": "2024-01-31"}, Reason: "材料供应推迟"})
	x.Desk.Heed(twice{one: office.Person, other: leader.Person})
	do("made-it", "adjust", leader, desk.Do{Version: version()})
	do("made-it", "decline-adjust", leader, desk.Do{Version: version(), Reason: "x"})
	if all, err := x.Desk.Asked(ctx, leader); err != nil || len(all) != 0 {
		t.Errorf("they are offered %d to decide, %v", len(all), err)
	}
	x.Desk.Heed(twice{one: "somebody", other: leader.Person, out: map[name.ID][]name.Person{id: {"somebody"}}})
	do("own-case", "adjust", leader, desk.Do{Version: version()})
	x.Desk.Heed(twice{})
	do("", "adjust", leader, desk.Do{Version: version()})
}

// TestAFigureTakesTwoNaturalPersons: whoever reported a figure by one account does not confirm it by another.
func TestAFigureTakesTwoNaturalPersons(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 10))
	id := publish(t, x, goalTerms())
	head, statistician := x.As(t, "human-resources", "head", 0), x.As(t, "statistics", "statistician", 0)
	report := func(want string, who desk.Caller, s indicator.Standing) {
		t.Helper()
		if err := x.Desk.Record(ctx, who, desk.Report{Goal: id, Period: "2023-03", Value: "1900", Standing: s}); code(err) != want {
			t.Errorf("%s: %v, want %q", s, err, want)
		}
	}
	report("", head, indicator.Quick)
	x.Desk.Heed(twice{one: head.Person, other: statistician.Person})
	report("same-reporter", statistician, indicator.Confirmed)
	x.Desk.Heed(twice{})
	report("", statistician, indicator.Confirmed)
}

// TestAFigureOfAHeadIsNotConfirmedInTheirName: by somebody who acts for that head, or for the head by another account.
func TestAFigureOfAHeadIsNotConfirmedInTheirName(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 10))
	id := publish(t, x, goalTerms())
	head, agent := x.As(t, "human-resources", "head", 0), x.As(t, "human-resources", "handler", 0)
	if err := x.Desk.Record(ctx, head, desk.Report{Goal: id, Period: "2023-03", Value: "1900", Standing: indicator.Quick}); err != nil {
		t.Fatal(err)
	}
	agent.Roles, agent.For = head.Roles, "head-by-another-account"
	x.Desk.Heed(twice{one: head.Person, other: agent.For})
	if err := x.Desk.Record(ctx, agent, desk.Report{Goal: id, Period: "2023-03", Value: "1900", Standing: indicator.Confirmed}); code(err) != "same-reporter" {
		t.Errorf("confirmed in the name of whoever reported it: %v", err)
	}
}

// TestAnAskingIsTakenBack: whoever asked takes it back, a colleague does not, and it leaves the list of whoever would have decided.
func TestAnAskingIsTakenBack(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	office, head, leader := x.As(t, "office", "issuer", 0), x.As(t, "office", "head", 0), x.As(t, "government", "leader", 0)
	act := func(act string, who desk.Caller, reason string) string {
		_, err := x.Desk.Act(ctx, who, desk.Do{Matter: id, Act: act, Reason: reason})
		return code(err)
	}
	if c := act("ask-withdraw", office, "并入征收任务"); c != "" {
		t.Fatal(c)
	}
	if c := act("ask-adjust", head, "推迟"); c != "asked-already" {
		t.Errorf("something else is asked for: %q", c)
	}
	if c := act("take-back-withdraw", head, ""); c != "not-your-part" {
		t.Errorf("a colleague takes it back: %q", c)
	}
	if c := act("take-back-withdraw", office, ""); c != "" {
		t.Error(c)
	}
	if all, err := x.Desk.Asked(ctx, leader); err != nil || len(all) != 0 {
		t.Errorf("%d wait: %v", len(all), err)
	}
}

// TestATaskOfAnOlderPackFollowsItsGoal: a task under a version whose form asks to name who approved is given the leader who agreed to the goal's change.
func TestATaskOfAnOlderPackFollowsItsGoal(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 10))
	adoptPack(t, x, "promise", func(b []byte) []byte {
		for _, r := range [][2]string{{"version: 1.3.1", "version: 1.4.0"}, {"decides: [adjust, withdraw]", "decides: [withdraw]"}, {"by: [anybody/leader, platform]\n        asked-by: [issuer/issuer, issuer/head]\n        signs: approved-by\n", "by: [issuer/issuer, platform]\n"},
			{"form: [target, target-value, measure, due, evidence-required]", "form: [target, target-value, measure, due, evidence-required, approved-by!]"}} {
			if bytes.Count(b, []byte(r[0])) != 1 {
				t.Fatalf("%q stands in the pack %d times", r[0], bytes.Count(b, []byte(r[0])))
			}
			b = bytes.Replace(b, []byte(r[0]), []byte(r[1]), 1)
		}
		return b
	})
	id := publish(t, x, goalTerms())
	head, leader, issuer := x.As(t, "human-resources", "head", 0), x.As(t, "government", "leader", 0), x.As(t, "office", "issuer", 0)
	due := calendar.NewDate(2024, 1, 31)
	if err := x.Desk.AskChange(ctx, head, "", id, indicator.Amend{Due: &due, Approver: leader.Person}, "形势变化"); err != nil {
		t.Fatal(err)
	}
	g, err := x.Desk.Goal(ctx, head, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Desk.AgreeChange(ctx, leader, "", id, g.Pending.Version); err != nil {
		t.Fatal(err)
	}
	m, err := x.Desk.Matter(ctx, issuer, g.Matter)
	if err != nil || m.Fields["due"] != "2024-01-31" || m.Fields["approved-by"] != string(leader.Person) {
		t.Errorf("due %s, approved by %q: %v", m.Fields["due"], m.Fields["approved-by"], err)
	}
}
