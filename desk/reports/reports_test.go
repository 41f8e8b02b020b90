package reports_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/demo"
	"bihuan/desk/reports"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
)

var opening = calendar.NewDate(2022, 12, 20)

// read reads the demo's report into an empty district.
func read(t *testing.T) (*district.District, desk.Caller, *reports.Report) {
	t.Helper()
	x := district.New(t, opening)
	office := x.As(t, "office", "issuer", 0)
	rep, err := x.Reports.Import(context.Background(), office, reports.Upload{Name: "report.txt", Text: demo.Report})
	if err != nil {
		t.Fatal(err)
	}
	return x, office, rep
}

func draft(t *testing.T, rep *reports.Report, subject string) *reports.Draft {
	t.Helper()
	for i := range rep.Drafts {
		if d := &rep.Drafts[i]; d.State != reports.Fact && strings.Contains(d.Terms.Title, subject) {
			return d
		}
	}
	t.Fatalf("no draft speaks of %q", subject)
	return nil
}

func TestProposals(t *testing.T) {
	_, _, rep := read(t)
	if rep.Year != 2023 || rep.Review != 2022 {
		t.Errorf("the report plans %d and reviews %d, want 2023 and 2022", rep.Year, rep.Review)
	}
	for _, c := range []struct {
		subject string
		shape   indicator.Shape
		op      string
		value   string
		unit    string
		lead    name.Unit
		feed    indicator.Mode
	}{
		{"老旧小区改造", indicator.Accumulate, "eq", "21", "个", "housing", indicator.Counted},
		{"口袋公园", indicator.Accumulate, "eq", "10", "处", "landscape", indicator.Counted},
		{"总体拥堵指数", indicator.Ceiling, "decline", "15", "%", "traffic-police", indicator.Reported},
		{"市场主体", indicator.Level, "gt", "110000", "户", "market", indicator.Reported},
		{"基础设施投资", indicator.Growth, "growth", "15", "%", "development-reform", indicator.Reported},
		{"涉税单笔业务", indicator.Ceiling, "reach", "30", "分钟", "tax", indicator.Reported},
		{"零就业家庭", indicator.Zero, "eq", "0", "起", "human-resources", indicator.Reported},
		{"全国信访工作示范区", indicator.Milestone, "reach", "1", "", "petitions", indicator.Reported},
	} {
		d := draft(t, rep, c.subject)
		got := d.Terms
		if got.Shape != c.shape || got.Target.Op != c.op || got.Target.Value.String() != c.value || got.Target.Unit != c.unit || got.Feed.Mode != c.feed {
			t.Errorf("%s: %s %s %s%s fed by %s; want %s %s %s%s fed by %s", c.subject, got.Shape, got.Target.Op, got.Target.Value, got.Target.Unit, got.Feed.Mode, c.shape, c.op, c.value, c.unit, c.feed)
		}
		if got.Lead != c.lead || len(d.Leads) == 0 || len(d.Leads[0].Words) == 0 {
			t.Errorf("%s: lead %s for %v, want %s with a reason", c.subject, got.Lead, d.Leads, c.lead)
		}
		if err := got.Check(); err != nil {
			t.Errorf("%s cannot be published as proposed: %v", c.subject, err)
		}
	}
}

func TestLastYear(t *testing.T) {
	_, _, rep := read(t)
	market := draft(t, rep, "市场主体")
	if market.Terms.Base == nil || market.Terms.Base.Value.Cmp(money.Int(100000)) != 0 {
		t.Errorf("the base of 市场主体 is %+v, want last year's 100000户: a level of the same quantity", market.Terms.Base)
	}
	jam := draft(t, rep, "总体拥堵指数")
	if jam.LastYear == nil || jam.LastYear.IsBase || jam.Terms.Base != nil || !jam.Terms.BaseAsked {
		t.Errorf("拥堵指数: last year %+v, base %+v, asked %v; want last year's rate linked, no base made of it, and the base asked for", jam.LastYear, jam.Terms.Base, jam.Terms.BaseAsked)
	}
}

// TestEditing confirms, edits, splits, merges and drops drafts; what becomes of each can be read back from its events alone.
func TestEditing(t *testing.T) {
	x, office, rep := read(t)
	ctx := context.Background()
	do := func(e reports.Edit) *reports.Report {
		t.Helper()
		r, err := x.Reports.Edit(ctx, office, rep.ID, e)
		if err != nil {
			t.Fatalf("%s: %v", e.What, err)
		}
		return r
	}
	estate, park, wood := draft(t, rep, "老旧小区").ID, draft(t, rep, "口袋公园").ID, draft(t, rep, "造林").ID
	do(reports.Edit{What: "confirm", Drafts: []string{estate, park}})

	t1 := draft(t, rep, "老旧小区").Terms
	t1.Title = "完成老旧小区改造21个（含配套管网）"
	do(reports.Edit{What: "edit", Drafts: []string{estate}, Terms: &t1})

	half := draft(t, rep, "造林").Terms
	half.Target.Value = money.Int(350)
	do(reports.Edit{What: "split", Drafts: []string{wood}, Parts: []indicator.Terms{half, half}})
	do(reports.Edit{What: "drop", Drafts: []string{draft(t, rep, "助企融资").ID}})

	fresh := reports.New(x.Desk, x.Store) // nothing kept in memory
	again, _, err := fresh.Report(ctx, office, rep.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Draft(estate); got.Terms.Title != t1.Title || !got.Edited || got.Terms.Source.Quote == "" {
		t.Errorf("the edited draft reads %q, edited %v, quote %q", got.Terms.Title, got.Edited, got.Terms.Source.Quote)
	}
	if a, b := again.Draft(wood), again.Draft(wood+".2"); a == nil || b == nil || b.From[0] != wood || b.Terms.Target.Value.String() != "350" {
		t.Errorf("the split left %+v and %+v", a, b)
	}
	if again.Count(reports.Dropped) != 1 || again.Count(reports.Confirmed) != 4 {
		t.Errorf("%d dropped and %d confirmed, want 1 and 4", again.Count(reports.Dropped), again.Count(reports.Confirmed))
	}
}

func TestRefusals(t *testing.T) {
	x, office, rep := read(t)
	ctx := context.Background()
	handler := x.As(t, "housing", "handler", 0)
	code := func(err error) string {
		var r *fault.Refusal
		if errors.As(err, &r) {
			return r.Code
		}
		return ""
	}
	if _, err := x.Reports.Import(ctx, handler, reports.Upload{Text: demo.Report}); fault.KindOf(err) == nil {
		t.Errorf("a handler may read a report in: %v", err)
	}
	if _, err := x.Reports.Import(ctx, office, reports.Upload{Text: "各位代表，谢谢大家。"}); code(err) != "nothing-found" {
		t.Errorf("a text without statements: %v, want nothing-found", err)
	}
	ownerless := draft(t, rep, "口袋公园").Terms
	ownerless.Lead = ""
	for name, e := range map[string]reports.Edit{
		"nothing-chosen": {What: "confirm"},
		"one-at-a-time":  {What: "edit", Drafts: []string{rep.Drafts[0].ID}},
		"split-in-two":   {What: "split", Drafts: []string{rep.Drafts[0].ID}},
		"merge-two":      {What: "merge", Drafts: []string{rep.Drafts[0].ID}},
		"no-such-option": {What: "burn", Drafts: []string{rep.Drafts[0].ID}},
		"field-missing":  {What: "edit", Drafts: []string{draft(t, rep, "口袋公园").ID}, Terms: &ownerless},
	} {
		if _, err := x.Reports.Edit(ctx, office, rep.ID, e); code(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPublishing publishes what was confirmed in one batch, refuses to publish it twice, and proposes only what is new
// when the same report is read again.
func TestPublishing(t *testing.T) {
	x, office, rep := read(t)
	ctx := context.Background()
	ids := []string{draft(t, rep, "老旧小区").ID, draft(t, rep, "口袋公园").ID, draft(t, rep, "零就业").ID}
	if _, err := x.Reports.Edit(ctx, office, rep.ID, reports.Edit{What: "confirm", Drafts: ids}); err != nil {
		t.Fatal(err)
	}
	goals, err := x.Reports.Publish(ctx, office, rep.ID, reports.Publication{Command: "publish-1"})
	if err != nil || len(goals) != len(ids) {
		t.Fatalf("published %v, %v", goals, err)
	}
	for id, goal := range goals {
		g, err := x.Desk.Goal(ctx, office, goal)
		if err != nil {
			t.Fatal(err)
		}
		m, err := x.Desk.Matter(ctx, office, g.Matter)
		if err != nil {
			t.Fatal(err)
		}
		want := rep.Draft(id).Terms
		if g.First.Title != want.Title || g.Source.Report != rep.ID || m.Holder.Unit != want.Lead || m.Title() != want.Title || m.Fields["due"] != want.Due.String() {
			t.Errorf("goal %q of report %s, promise %q held by %s due %s; want %q by %s due %s", g.First.Title, g.Source.Report, m.Title(), m.Holder.Unit, m.Fields["due"], want.Title, want.Lead, want.Due)
		}
	}
	if _, err := x.Reports.Publish(ctx, office, rep.ID, reports.Publication{Command: "publish-2", Drafts: ids}); fault.KindOf(err) != fault.ErrConflict {
		t.Errorf("publishing again: %v, want a conflict", err)
	}
	again, err := x.Reports.Import(ctx, office, reports.Upload{Text: "\n" + demo.Report})
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Count(reports.Known); got != len(ids) {
		t.Errorf("%d drafts are known on the second reading, want %d", got, len(ids))
	}
	if got, want := again.Count(reports.Proposed), rep.Count(reports.Proposed)-len(ids); got != want {
		t.Errorf("%d drafts are proposed on the second reading, want %d", got, want)
	}
	keep := reports.Keep(ctx, x.Store)
	x.Verify(t, keep)
	for _, c := range [][2]string{{"title", "另一份报告"}, {"open", "0"}, {"unit", "housing"}, {"body", `{"statements":1}`}} {
		if !x.Sees(t, reports.Kind, c[0], c[1], keep) {
			t.Errorf("the rows of reports say %s in %s, and nobody finds it", c[1], c[0])
		}
	}
	x.Exec(t, "UPDATE blob SET bytes = replace(bytes, '口袋公园', '袖珍公园') WHERE name = 'findings.json'")
	if r, err := x.Store.Verify(ctx, x.Desk.District(), nil); err != nil || r.Flaw == nil {
		t.Errorf("sentences of a report were altered, and nobody finds it: %+v, %v", r, err)
	}
	if _, _, err := reports.New(x.Desk, x.Store).Report(ctx, office, rep.ID); err == nil {
		t.Error("the report is shown with them")
	}
}

// TestTwoReadingsOfOneReport: a report was read in twice before anything of it was published. What is published from one of the readings is
// known in the other, also where somebody has confirmed it there, and becomes no second goal.
func TestTwoReadingsOfOneReport(t *testing.T) {
	x, office, first := read(t)
	ctx := context.Background()
	second, err := x.Reports.Import(ctx, office, reports.Upload{Text: "\n" + demo.Report})
	if err != nil {
		t.Fatal(err)
	}
	park, estate, jobs := draft(t, first, "口袋公园").ID, draft(t, first, "老旧小区").ID, draft(t, first, "零就业").ID
	if _, err := x.Reports.Edit(ctx, office, second.ID, reports.Edit{What: "confirm", Drafts: []string{park, jobs}}); err != nil {
		t.Fatal(err)
	}
	goals, err := x.Reports.Publish(ctx, office, first.ID, reports.Publication{Drafts: []string{park, estate}})
	if err != nil {
		t.Fatal(err)
	}
	now, _, err := x.Reports.Report(ctx, office, second.ID)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]reports.State{park: reports.Known, estate: reports.Known, jobs: reports.Confirmed} {
		if d := now.Draft(id); d.State != want || d.Goal != goals[id] {
			t.Errorf("%s is %s with goal %q in the other reading, want %s with %q", d.Terms.Title, d.State, d.Goal, want, goals[id])
		}
	}
	if _, err := x.Reports.Publish(ctx, office, second.ID, reports.Publication{Drafts: []string{park}}); fault.KindOf(err) != fault.ErrConflict {
		t.Errorf("publishing it from the other reading: %v, want a conflict", err)
	}
	if all, err := x.Desk.AllGoals(ctx, office, 2023); err != nil || len(all) != 2 {
		t.Errorf("%d goals, %v; want 2", len(all), err)
	}
	x.Verify(t, reports.Keep(ctx, x.Store))
}

// TestNothingHalfPublished has one bad draft among good ones: no goal appears.
func TestNothingHalfPublished(t *testing.T) {
	x, office, rep := read(t)
	ctx := context.Background()
	ids := []string{draft(t, rep, "口袋公园").ID, rep.Drafts[0].ID} // the second is a fact
	if _, err := x.Reports.Publish(ctx, office, rep.ID, reports.Publication{Drafts: ids}); err == nil {
		t.Fatal("a fact was published")
	}
	goals, err := x.Desk.AllGoals(ctx, office, 2023)
	if err != nil || len(goals) != 0 {
		t.Errorf("%d goals, %v; want none", len(goals), err)
	}
}
