package desk_test

import (
	"testing"

	"bihuan/desk"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestAMilestoneIsReachedWhenItsPromiseIsStruckOff: nobody reports a number of what is done or not, so the goal follows the promise that three
// persons brought to its end, and whoever opens it again as untrue takes that back.
func TestAMilestoneIsReachedWhenItsPromiseIsStruckOff(t *testing.T) {
	x := district.New(t, day)
	terms := goalTerms()
	terms.Title, terms.Subject, terms.Shape, terms.Target, terms.Lead = "建成区疾控中心新址", "区疾控中心新址", indicator.Milestone, indicator.Target{}, "housing"
	goal := publish(t, x, terms)
	leader := x.As(t, "government", "leader", 0)
	v, err := x.Desk.Goal(ctx, leader, goal)
	if err != nil {
		t.Fatal(err)
	}
	handler, checker, issuer, head := x.As(t, "housing", "handler", 0), x.As(t, "supervision", "checker", 0), x.As(t, "office", "issuer", 1), x.As(t, "office", "head", 0)
	file := paper("批复文件")
	reached := func(want bool, standing indicator.Standing) {
		t.Helper()
		g, err := x.Desk.Goal(ctx, leader, goal)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(g.Figures) > 0 && g.Figures[len(g.Figures)-1].Standing == standing; g.Reading.Reached != want || standing != "" && !got {
			t.Errorf("reached %v, want %v with a figure that is %q: %+v", g.Reading.Reached, want, standing, g.Figures)
		}
	}
	for _, s := range []struct {
		who     desk.Caller
		do      desk.Do
		reached bool
		as      indicator.Standing
	}{
		{handler, desk.Do{Act: "acknowledge", With: map[string]string{"person": string(handler.Person)}}, false, ""},
		{handler, desk.Do{Act: "apply", With: map[string]string{"summary": "已建成"}, Files: []journal.File{file}, Evidence: []matter.Evidence{{Kind: matter.Document, File: file.Hash.String(), Name: file.Name}}}, false, ""},
		{checker, desk.Do{Act: "verify", With: map[string]string{"verify-note": "属实"}, Evidence: []matter.Evidence{{Kind: matter.Statement, Text: "现场核对属实"}}}, false, ""},
		{issuer, desk.Do{Act: "strike-off"}, true, indicator.Confirmed},
		{head, desk.Do{Act: "reopen", Reason: "回头看发现并未启用"}, false, indicator.Corrected},
	} {
		s.do.Matter = v.Matter
		if _, err := x.Desk.Act(ctx, s.who, s.do); err != nil {
			t.Fatalf("%s: %v", s.do.Act, err)
		}
		reached(s.reached, s.as)
	}
	if m, err := x.Desk.Matter(ctx, leader, v.Matter); err != nil || m.Fields["target-value"] != "" {
		t.Errorf("what is reached or not has the target value %q, %v", m.Fields["target-value"], err)
	}
	x.Verify(t)
}
