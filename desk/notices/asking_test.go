package notices_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/notices"
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
