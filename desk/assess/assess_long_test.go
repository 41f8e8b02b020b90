//go:build long

package assess_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/internal/district"
)

// The demo's September is scored, settled, objected to and decided; what was settled never changes.
func TestAMonthIsScoredAndSettled(t *testing.T) {
	x := district.Demo(t)
	ctx := t.Context()
	room := assess.New(x.Desk, x.Store)
	checker := x.As(t, "supervision", "supervisor", 0)
	e, err := room.Month(ctx, checker, "2023-09")
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Units) < 5 {
		t.Fatalf("%d units were scored", len(e.Units))
	}
	for _, u := range e.Units {
		sum := money.Zero
		deducted := map[string]int{}
		if err := room.Name(ctx, u.Causes); err != nil {
			t.Fatal(err)
		}
		for _, c := range u.Causes {
			deducted[c.Line]++
			if !c.Goal && (c.At == 0 || c.Title == "") {
				t.Errorf("%s: a cause without a place: %+v", u.Unit, c)
			}
		}
		for _, l := range u.Score.Lines {
			sum, _ = sum.Add(l.Points)
			if l.Weight < 0 && l.Part.String() != money.Int(int64(deducted[l.Key])).String() {
				t.Errorf("%s: %s takes points for %s events, %d are told", u.Unit, l.Key, l.Part, deducted[l.Key])
			}
		}
		if sum.Sign() < 0 {
			sum = money.Zero
		}
		if len(u.Score.Vetoed) == 0 && sum != u.Score.Total {
			t.Errorf("%s: lines add up to %s, total is %s", u.Unit, sum, u.Score.Total)
		}
	}
	housing := slices.IndexFunc(e.Units, func(u assess.Unit) bool { return u.Unit == "housing" })
	if housing < 0 {
		t.Fatal("the housing bureau was not scored")
	}
	before := e.Units[housing].Score.Total

	if got := code(room.Bonus(ctx, checker, "", "2023-09", "housing", 0, "x")); got != "bonus-points" {
		t.Errorf("a bonus of nothing: %s", got)
	}
	if err := room.Bonus(ctx, checker, "b1", "2023-09", "housing", 2, "获省级通报表扬"); err != nil {
		t.Fatal(err)
	}
	e, _ = room.Month(ctx, checker, "2023-09")
	housing = slices.IndexFunc(e.Units, func(u assess.Unit) bool { return u.Unit == "housing" })
	if with, _ := before.Add(money.Int(2)); e.Units[housing].Score.Total != with {
		t.Errorf("with a bonus of 2 the total is %s, before %s", e.Units[housing].Score.Total, before)
	}

	if got := code(room.Freeze(ctx, checker, "", "2023-10")); got != "month-runs" {
		t.Errorf("the running month is settled: %s", got)
	}
	handler := x.As(t, "housing", "handler", 0)
	if err := room.Freeze(ctx, handler, "", "2023-09"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a handler settles the month: %v", err)
	}
	if err := room.Freeze(ctx, checker, "f1", "2023-09"); err != nil {
		t.Fatal(err)
	}
	if got := code(room.Freeze(ctx, checker, "", "2023-09")); got != "month-settled" {
		t.Errorf("settled twice: %s", got)
	}
	frozen, err := room.Month(ctx, checker, "2023-09")
	if err != nil || frozen.AppealUntil != calendar.NewDate(2023, 10, 19) {
		t.Errorf("the window ends on %s, want 2023-10-19 (3 working days): %v", frozen.AppealUntil, err)
	}

	head := x.As(t, "housing", "head", 0)
	line := frozen.Units[housing].Score.Lines[0].Key
	if got := code(room.Appeal(ctx, head, "", "2023-09", line, "")); got != "reason-missing" {
		t.Errorf("an appeal without reason: %s", got)
	}
	if err := room.Appeal(ctx, head, "a1", "2023-09", line, "数据口径有误"); err != nil {
		t.Fatal(err)
	}
	if got := code(room.Appeal(ctx, head, "", "2023-09", line, "再次")); got != "appealed-already" {
		t.Errorf("the same line twice: %s", got)
	}
	agent := checker // a head of the unit, and a handler of it, to whom the supervisor has delegated
	for _, own := range []desk.Caller{head, handler} {
		agent.Person, agent.For = own.Person, checker.Person
		if got := code(room.Decide(ctx, agent, "", "2023-09", 1, "1.5", "x")); got != "own-appeal" {
			t.Errorf("%s answers the appeal of the unit for the supervisor: %s", own.Person, got)
		}
	}
	if err := room.Decide(ctx, checker, "d1", "2023-09", 1, "1.5", "经核实，予以更正"); err != nil {
		t.Fatal(err)
	}
	if got := code(room.Decide(ctx, checker, "", "2023-09", 1, "1", "x")); got != "appeal-decided" {
		t.Errorf("decided twice: %s", got)
	}

	x.Verify(t, assess.Keep(ctx, x.Store))
	for _, column := range []string{"title", "state", "closed"} {
		if !x.Sees(t, assess.Kind, column, "7", assess.Keep(ctx, x.Store)) {
			t.Errorf("a settled month says 7 in %s, and nobody finds it", column)
		}
	}
	x.Clock.Forward(10 * 24 * time.Hour)
	if _, err := x.Watch.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	if got := code(room.Appeal(ctx, head, "", "2023-09", indicatorLine(frozen.Units[housing], line), "迟了")); got != "appeal-late" {
		t.Errorf("an appeal after the window: %s", got)
	}
	later, err := room.Month(ctx, head, "2023-09")
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range later.Units {
		if u.Score.Total != frozen.Units[i].Score.Total || u.Rank != frozen.Units[i].Rank {
			t.Errorf("%s has changed after it was settled", u.Unit)
		}
	}
	if u := later.Units[housing]; u.Adjust.String() != "1.5" {
		t.Errorf("the appeal gave back %s, want 1.5", u.Adjust)
	}
	if _, settled, err := room.Months(ctx, head, 2023); err != nil || !settled["2023-09"] {
		t.Errorf("the settled month is not listed: %v %v", settled, err)
	}
	if _, err := room.Month(ctx, desk.Nobody, "2023-09"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("anybody reads the assessment: %v", err)
	}
}
