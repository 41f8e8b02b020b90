package notices_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/desk/notices"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
	"bihuan/kernel/notice"
)

// TestWhoDecidesIsToldAndWhoAskedHearsOfIt: the leader in charge is told that something waits for them, and it leaves their inbox once it
// is decided, taken back or has lapsed; whoever asked is told what came of it, but not of what they did themselves.
func TestWhoDecidesIsToldAndWhoAskedHearsOfIt(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	leader, ok := w.Desk.Directory().Caller(w.Desk.Directory().Unit("housing").Leader, "zh")
	if !ok {
		t.Fatal("the unit has no leader in charge")
	}
	done, err := w.Desk.Start(ctx, w.issuer, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)
	id := done.Matter
	w.tick()
	decide := func(act string) {
		t.Helper()
		m, err := w.Desk.Matter(ctx, w.issuer, id)
		must(t, err)
		w.act(leader, id, act, func(d *desk.Do) { d.Version = m.Version })
		w.tick()
	}
	told := func(who desk.Caller, about notice.About) []notices.Entry {
		t.Helper()
		w.tick()
		in, err := w.room.Inbox(ctx, who, notices.Ask{About: about})
		must(t, err)
		return in.Entries
	}
	ask := func() {
		t.Helper()
		w.act(w.issuer, id, "ask-adjust", func(d *desk.Do) { d.With = map[string]string{"due": "2024-01-31"} })
		w.tick()
	}
	ask()
	if all := told(leader, notice.ToDecide); len(all) != 1 || all[0].Read != 0 || all[0].Page() != "/matters/"+string(id) || all[0].Title != "改造小区" ||
		!strings.Contains(all[0].Text, "申请调整目标，请您审定") {
		t.Fatalf("the leader was told %+v", all)
	}
	w.is(w.hand, "assigned") // it is still theirs to do
	decide("decline-adjust")
	if all := told(w.issuer, notice.Decided); len(all) != 1 || !strings.Contains(all[0].Text, "不同意调整目标，事项不变") {
		t.Errorf("declined: %+v", all)
	}
	if all := told(leader, notice.ToDecide); len(all) != 1 || all[0].Read == 0 {
		t.Errorf("declined, and still to be decided: %+v", all)
	}
	w.is(w.hand, "assigned")
	ask()
	w.act(w.issuer, id, "take-back-adjust")
	w.tick()
	if all := told(w.issuer, notice.Decided); len(all) != 1 {
		t.Errorf("told of what they took back: %+v", all)
	}
	ask()
	decide("adjust")
	if all := told(w.issuer, notice.Decided); len(all) != 2 || !strings.Contains(all[0].Text, "同意调整目标，现已生效") {
		t.Errorf("agreed to: %+v", all)
	}
	w.act(w.issuer, id, "ask-adjust", func(d *desk.Do) { d.With = map[string]string{"due": "2024-02-29"} })
	w.tick()
	w.act(w.hand, id, "acknowledge")
	if all := told(leader, notice.ToDecide); len(all) != 4 || all[0].Read != 0 {
		t.Errorf("the matter moved on, and what waits still does: %+v", all)
	}
	w.act(w.hand, id, "return")
	if all := told(w.issuer, notice.Decided); len(all) != 3 || !strings.Contains(all[0].Text, "已失效") {
		t.Errorf("lapsed: %+v", all)
	}
	if all := told(leader, notice.ToDecide); len(all) != 4 || all[0].Read == 0 {
		t.Errorf("lapsed, and still to be decided: %+v", all)
	}
}

// toDecide returns what a person is told to decide and has not decided, newest first.
func (w *world) toDecide(who desk.Caller) []string { return w.unread(who, notice.ToDecide) }

// undecided returns what a person is told that others have not decided.
func (w *world) undecided(who desk.Caller) []string { return w.unread(who, notice.Undecided) }

func (w *world) unread(who desk.Caller, about notice.About) (all []string) {
	w.t.Helper()
	w.tick()
	in, err := w.room.Inbox(context.Background(), who, notices.Ask{About: about})
	must(w.t, err)
	for _, e := range in.Entries {
		if e.Read == 0 {
			all = append(all, e.Text)
		}
	}
	return all
}

// TestADecisionThatWaitsIsUrged: on the last day whoever may decide is told again, a day later the head of the office as well, and the unit
// that has the work is told nothing of it; once it is decided nobody has it to do any more.
func TestADecisionThatWaitsIsUrged(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	leader, _ := w.Desk.Directory().Caller(w.Desk.Directory().Unit("housing").Leader, "zh")
	office := w.As(t, "office", "head", 0)
	done, err := w.Desk.Start(ctx, w.issuer, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)
	w.act(w.hand, done.Matter, "acknowledge", func(d *desk.Do) { d.With = map[string]string{"person": string(w.hand.Person)} })
	w.act(w.issuer, done.Matter, "ask-adjust", func(d *desk.Do) { d.With = map[string]string{"due": "2024-01-31"} })
	told, watched := w.toDecide, w.undecided
	w.tick()
	hand := w.inbox(w.hand)
	w.Forward(t, 3) // Thursday
	if got := told(leader); len(got) != 1 || !strings.HasSuffix(got[0], "区政府办申请调整目标，尚未审定，审定期限：10月12日。") || len(watched(office)) != 0 {
		t.Errorf("on the last day the leader has %q, the head of the office %q", got, watched(office))
	}
	w.Forward(t, 1)
	if got := watched(office); len(told(leader)) != 1 || len(got) != 1 || !strings.HasPrefix(got[0], "请您过问") || !strings.HasSuffix(got[0], "超过审定期限（10月12日）仍未审定。") || len(told(office)) != 0 {
		t.Errorf("a day later the leader has %q, the head of the office %q and to decide %q", told(leader), got, told(office))
	}
	if _, _, late, err := w.room.Unread(ctx, office); err != nil || late != 1 {
		t.Errorf("the head of the office has %d late decisions on the desk: %v", late, err)
	}
	rungs := func() (n int) {
		m, err := w.Desk.Matter(ctx, leader, done.Matter)
		must(t, err)
		for _, e := range m.History {
			if e.Change.Rung != nil && e.Change.Rung.Clock == "decide" {
				n++
			}
		}
		return n
	}
	if w.Forward(t, 4); rungs() != 2 {
		t.Errorf("%d rungs, each is taken once", rungs())
	}
	if got := w.inbox(w.hand); !slices.Equal(got, hand) {
		t.Errorf("whoever has the work was told %q, before %q", got, hand)
	}
	m, err := w.Desk.Matter(ctx, leader, done.Matter)
	must(t, err)
	w.act(leader, done.Matter, "adjust", func(d *desk.Do) { d.Version = m.Version })
	if len(told(leader)) != 0 || len(watched(office)) != 0 {
		t.Errorf("decided, and to do: %q, %q", told(leader), watched(office))
	}
	w.Verify(t)
}

// TestAGoalsChangeThatWaitsIsUrged: so is whoever was asked to decide a change of a goal, and then the head of the supervision office.
func TestAGoalsChangeThatWaitsIsUrged(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, head, leader, chief := w.goal(), w.As(t, "housing", "head", 0), w.As(t, "government", "leader", 0), w.As(t, "supervision", "head", 0)
	less := indicator.Target{Op: "ge", Value: money.Int(40), Unit: "个"}
	must(t, w.Desk.AskChange(ctx, head, "", id, indicator.Amend{Target: &less, Approver: leader.Person}, "区政府常务会议研究"))
	told, watched := w.toDecide, w.undecided
	w.Forward(t, 2)
	if got := told(leader); len(got) != 1 || !strings.Contains(got[0], "请您审定") {
		t.Errorf("before its last day: %q", got)
	}
	w.Forward(t, 1)
	if got := told(leader); len(got) != 1 || !strings.Contains(got[0], "申请调整一项目标，尚未审定，审定期限：10月12日。") || len(watched(chief)) != 0 {
		t.Errorf("on the last day: %q, %q", got, watched(chief))
	}
	w.Forward(t, 5)
	if len(told(leader)) != 1 || len(watched(chief)) != 1 || len(told(chief)) != 0 {
		t.Errorf("after it: %q, %q", told(leader), watched(chief))
	}
	history, err := goals.New(w.Desk, w.Store).History(ctx, head, id)
	must(t, err)
	var urged []string
	for _, e := range history {
		if e.Urge != nil {
			urged = append(urged, e.Urge.Rung+" "+string(e.Urge.To[0])+" "+e.Urge.Due.String())
		}
	}
	if !slices.Equal(urged, []string{"remind " + string(leader.Person) + " 2023-10-12", "urge " + string(leader.Person) + " 2023-10-12"}) {
		t.Errorf("the goal's history has %q, each rung is taken once", urged)
	}
	g, err := w.Desk.Goal(ctx, head, id)
	must(t, err)
	must(t, w.Desk.AgreeChange(ctx, leader, "", id, g.Pending.Version))
	if len(told(leader)) != 0 || len(watched(chief)) != 0 {
		t.Errorf("decided, and to do: %q, %q", told(leader), watched(chief))
	}
	w.Verify(t)
}
