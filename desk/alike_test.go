//go:build !race

package desk_test

import (
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// TestOneClosingAnswersEveryReporter: two reports are merged, and both reporters read how the one that goes on stands.
func TestOneClosingAnswersEveryReporter(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	r := doors.New(x.Desk)
	a, err := r.File(ctx, desk.Nobody, pack.People, lampOut(1, "125.3590,43.8660", "楼下路灯三天不亮"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.File(ctx, desk.Nobody, pack.People, lampOut(2, "125.3592,43.8660", "路灯坏了没人修"))
	if err != nil {
		t.Fatal(err)
	}
	operator := x.As(t, "watch-centre", "operator", 0)
	v, err := x.Desk.Matter(ctx, operator, b.Matter)
	if err != nil {
		t.Fatal(err)
	}
	near, err := x.Desk.Alike(ctx, operator, desk.ProbeOf(&v))
	if err != nil || len(near) != 1 || near[0].Row.Stream != a.Matter {
		t.Fatalf("%+v %v", near, err)
	}
	merge := func(id name.ID, into string) error {
		do := form(id, "merge", "同一盏路灯")
		do.Into = into
		_, err := x.Desk.Act(ctx, operator, do)
		return err
	}
	for into, want := range map[string]string{"": "merge-into-missing", "U999": "merge-into-unknown", string(b.Matter): "merge-into-itself"} {
		if err := merge(b.Matter, into); code(err) != want {
			t.Errorf("into %q: %v, want %s", into, err, want)
		}
	}
	if err := merge(b.Matter, a.Number); err != nil {
		t.Fatal(err)
	}
	if err := merge(a.Matter, b.Number); code(err) != "merge-into-ended" {
		t.Errorf("into what was merged itself: %v", err)
	}
	if m, err := x.Desk.Matter(ctx, operator, a.Matter); err != nil || len(m.Matter.Clock("confirm").Shifts) != 0 {
		t.Errorf("a later report moves the clock of the earlier: %+v %v", m.Matter.Clock("confirm"), err)
	}
	p, err := r.Follow(ctx, desk.Nobody, receipt(2))
	if err != nil || p.Into != a.Matter || p.Goes == nil || p.Goes.Number != a.Number || !p.Goes.Open || p.Text != "路灯坏了没人修" {
		t.Fatalf("%+v %+v %v", p, p.Goes, err)
	}
	act(t, x, operator, a.Matter, "decline", "当日已修复，不另立案", "answer", "路灯由市政维护中心当日修复")
	for n := byte(1); n <= 2; n++ {
		p, err := r.Follow(ctx, desk.Nobody, receipt(n))
		answer := p.Answer
		if p.Goes != nil {
			answer = p.Goes.Answer
		}
		if err != nil || answer != "路灯由市政维护中心当日修复" {
			t.Errorf("reporter %d reads %q, %v", n, answer, err)
		}
	}
	x.Verify(t)
}

// TestTheEarlierStartCounts when the earlier report is merged into the later: the clock begins when the earlier one began, and the
// record says what it was, from which merger and why.
func TestTheEarlierStartCounts(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	r := doors.New(x.Desk)
	early, err := r.File(ctx, desk.Nobody, pack.People, lampOut(1, "125.3590,43.8660", "楼下路灯三天不亮"))
	if err != nil {
		t.Fatal(err)
	}
	x.Clock.Forward(90 * time.Minute)
	late, err := r.File(ctx, desk.Nobody, pack.People, lampOut(2, "125.3592,43.8660", "路灯坏了没人修"))
	if err != nil {
		t.Fatal(err)
	}
	operator := x.As(t, "watch-centre", "operator", 0)
	began := func(id name.ID) matter.Clock {
		m, err := x.Desk.Matter(ctx, operator, id)
		if err != nil {
			t.Fatal(err)
		}
		return *m.Matter.Clock("confirm")
	}
	first, was := began(early.Matter), began(late.Matter)
	do := form(early.Matter, "merge", "同一盏路灯")
	do.Into = late.Number
	if _, err := x.Desk.Act(ctx, operator, do); err != nil {
		t.Fatal(err)
	}
	now := began(late.Matter)
	if now.Started != first.Started || now.Due != first.Due || len(now.Shifts) != 1 || now.Shifts[0].From != was.Due || now.Shifts[0].Of != early.Number {
		t.Errorf("the clock that was %+v is %+v", was, now)
	}
	m, _ := x.Desk.Matter(ctx, operator, late.Matter)
	if last := m.History[len(m.History)-1]; last.Reason != "同一盏路灯" || last.Actor.For != operator.Person {
		t.Errorf("the last event is %+v", last)
	}
	x.Verify(t)
}
