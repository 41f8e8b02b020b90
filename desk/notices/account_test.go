package notices_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/notices"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/notice"
)

// TestAPersonIsToldOfTheirAccount: of a new factor, a changed password, a lock and a new network, though they did it themselves, and not
// of what their account was activated with nor of signing in from where they did before.
func TestAPersonIsToldOfTheirAccount(t *testing.T) {
	w := newWorld(t)
	id := w.Desk.NewID()
	own := name.Actor{Person: w.hand.Person, Unit: w.hand.Unit, Role: "handler"}
	version := int64(0)
	add := func(by name.Actor, typ string, c account.Change) {
		t.Helper()
		b := w.Desk.Begin(context.Background(), w.Desk.NewCommand())
		o := b.Own(id, ledger.Account, version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
			return &journal.Row{Stream: id, Noun: ledger.Account, Kind: "account", Body: []byte("{}")}, nil
		})
		must(t, o.Add(by, typ, "", c))
		if typ == account.TypeActivated {
			must(t, o.Add(by, account.TypeFactorAdded, "", account.Change{Factor: &account.Factor{ID: "a", Kind: account.Password}}))
			version++
		}
		_, err := b.Commit()
		must(t, err)
		version++
	}
	add(name.System, account.TypeInvited, account.Change{Sort: account.Staff, Person: w.hand.Person, Unit: w.hand.Unit, Until: 1})
	add(own, account.TypeActivated, account.Change{Login: "li", Natural: "n"})
	add(own, account.TypeSignedIn, account.Change{})
	w.tick()
	w.is(w.hand)
	w.Clock.Forward(1e9)
	add(own, account.TypeFactorAdded, account.Change{Factor: &account.Factor{ID: "b", Kind: account.TOTP}})
	add(own, account.TypePasswordChanged, account.Change{})
	add(name.System, account.TypeLocked, account.Change{Until: 2})
	add(own, account.TypeSignedIn, account.Change{New: true})
	w.tick()
	w.is(w.hand, "account", "account", "account", "account")
}

// goal publishes a goal that the housing bureau leads.
func (w *world) goal() name.ID {
	w.t.Helper()
	b := w.Desk.Begin(context.Background(), w.Desk.NewCommand())
	id, err := b.PublishGoal(name.Actor{Person: "p109", Unit: "office", Role: "issuer"}, indicator.Terms{Title: "改造老旧小区50个", Subject: "改造老旧小区", Year: 2023, Shape: indicator.Accumulate,
		Target: indicator.Target{Op: "ge", Value: money.Int(50), Unit: "个"}, Start: calendar.NewDate(2023, 1, 1), Due: calendar.NewDate(2023, 12, 31), Lead: "housing", Feed: indicator.Feed{Mode: indicator.Reported}})
	must(w.t, err)
	_, err = b.Commit()
	must(w.t, err)
	w.tick()
	return id
}

// TestAChangeOfAGoalIsTold: whoever is asked to decide a change of a goal is told, with the goal, and whoever asked is told what came of it.
func TestAChangeOfAGoalIsTold(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	head, leader, other := w.As(t, "housing", "head", 0), w.As(t, "government", "leader", 0), w.As(t, "government", "leader", 1)
	id := w.goal()
	next := indicator.Target{Op: "ge", Value: money.Int(40), Unit: "个"}
	inbox := func(who desk.Caller, about notice.About) []notices.Entry {
		t.Helper()
		w.tick()
		in, err := w.room.Inbox(ctx, who, notices.Ask{About: about})
		must(t, err)
		return in.Entries
	}
	of := func() int64 {
		g, err := w.Desk.Goal(ctx, head, id)
		must(t, err)
		return g.Pending.Version
	}
	ask := func() {
		w.Clock.Forward(1e9)
		must(t, w.Desk.AskChange(ctx, head, "", id, indicator.Amend{Target: &next, Approver: leader.Person}, "区政府常务会议研究"))
	}
	ask()
	if told := inbox(leader, notice.ToDecide); len(told) != 1 || told[0].Page() != "/goals/"+string(id) || told[0].Title == "" || !strings.Contains(told[0].Text, "请您审定") || told[0].Read != 0 {
		t.Errorf("the leader is told %+v", told)
	}
	if n := len(inbox(head, notice.ToDecide)) + len(inbox(other, notice.ToDecide)); n != 0 {
		t.Errorf("%d others are asked", n)
	}
	w.Clock.Forward(1e9)
	must(t, w.Desk.DeclineChange(ctx, leader, "", id, of(), "任务不减"))
	if told := inbox(head, notice.Decided); len(told) != 1 || !strings.Contains(told[0].Text, "未获同意") {
		t.Errorf("whoever asked is told %+v", told)
	}
	if told := inbox(leader, notice.ToDecide); len(told) != 1 || told[0].Read == 0 {
		t.Errorf("what is decided waits still: %+v", told)
	}
	ask()
	g, err := w.Desk.Goal(ctx, head, id)
	must(t, err)
	w.Clock.Forward(1e9)
	_, err = w.Desk.Act(ctx, w.As(t, "office", "issuer", 0), desk.Do{Matter: g.Matter, Act: "reassign", Reason: "职责调整", With: map[string]string{"unit": "landscape"}})
	must(t, err)
	if told := inbox(leader, notice.ToDecide); len(told) != 2 || told[0].Read != 0 {
		t.Errorf("what is asked waits on when the task goes to another unit: %+v", told)
	}
	w.Clock.Forward(1e9)
	must(t, w.Desk.AgreeChange(ctx, other, "", id, of())) // the other leader may too
	if told := inbox(head, notice.Decided); len(told) != 2 || !strings.Contains(told[0].Text, "已获同意") {
		t.Errorf("whoever asked is told %+v", told)
	}
	if told := inbox(leader, notice.ToDecide); len(told) != 2 || told[0].Read == 0 {
		t.Errorf("what another decided waits still: %+v", told)
	}
}
