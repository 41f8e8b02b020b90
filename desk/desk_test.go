package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

var ctx = context.Background()

var day = calendar.NewDate(2023, 3, 1)

// code returns the code of a refusal, "" for anything else.
func code(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// promise opens a promise held by a unit.
func promise(t *testing.T, x *district.District, unit name.Unit) name.ID {
	t.Helper()
	done, err := x.Desk.Start(ctx, x.As(t, "office", "issuer", 0), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": string(unit), "due": "2023-12-31"}})
	if err != nil {
		t.Fatal(err)
	}
	return done.Matter
}

// paper is an upload.
func paper(text string) journal.File {
	h := ledger.SM3.New()
	h.Write([]byte(text))
	f := journal.File{Name: "材料.txt", Media: "text/plain", Bytes: []byte(text)}
	h.Sum(f.Hash[:0])
	return f
}

// TestThreePersons brings a promise to its end as three persons, and refuses every short cut on the way.
func TestThreePersons(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	handler, checker := x.As(t, "housing", "handler", 0), x.As(t, "supervision", "checker", 0)
	issuer, other := x.As(t, "office", "issuer", 1), x.As(t, "education", "handler", 0)
	file := paper("验收材料")
	document := []matter.Evidence{{Kind: matter.Document, File: file.Hash.String(), Name: file.Name}}
	statement := []matter.Evidence{{Kind: matter.Statement, Text: "现场核对属实"}}
	for _, s := range []struct {
		who     desk.Caller
		do      desk.Do
		refused string // the kind's word or the refusal's code; empty for done
	}{
		{other, desk.Do{Act: "acknowledge"}, "denied"},
		{handler, desk.Do{Act: "apply", With: map[string]string{"summary": "完成"}}, "wrong-state"},
		{handler, desk.Do{Act: "acknowledge", With: map[string]string{"person": string(handler.Person)}}, ""},
		{handler, desk.Do{Act: "acknowledge"}, "wrong-state"},
		{handler, desk.Do{Act: "apply", With: map[string]string{"summary": "完成"}}, "evidence-missing"},
		{handler, desk.Do{Act: "apply", Evidence: document, Files: []journal.File{file}}, "field-missing"},
		{handler, desk.Do{Act: "apply", With: map[string]string{"summary": "完成"}, Evidence: document, Files: []journal.File{file}}, ""},
		{handler, desk.Do{Act: "verify", With: map[string]string{"verify-note": "好"}, Evidence: statement}, "denied"},
		{checker, desk.Do{Act: "strike-off"}, "denied"},
		{checker, desk.Do{Act: "verify", With: map[string]string{"verify-note": "属实"}, Evidence: statement}, ""},
		{checker, desk.Do{Act: "strike-off"}, "denied"},
		{issuer, desk.Do{Act: "strike-off", With: map[string]string{"strike-off-note": "同意"}}, ""},
	} {
		s.do.Matter = id
		_, err := x.Desk.Act(ctx, s.who, s.do)
		got := code(err)
		if s.refused == "denied" && errors.Is(err, fault.ErrDenied) || s.refused == "denied" && errors.Is(err, fault.ErrNotFound) {
			got = "denied"
		}
		if got != s.refused || (err == nil) != (s.refused == "") {
			t.Fatalf("%s by %s: %v, want %q", s.do.Act, s.who.Person, err, s.refused)
		}
	}
	v, err := x.Desk.Matter(ctx, issuer, id)
	if err != nil || v.State != "struck-off" || v.IsOpen() || len(v.Running()) != 0 {
		t.Errorf("in the end %s, open %v, %d clocks running, %v", v.State, v.IsOpen(), len(v.Running()), err)
	}
	x.Verify(t)
}

func TestSameCommandTwice(t *testing.T) {
	x := district.New(t, day)
	issuer := x.As(t, "office", "issuer", 0)
	do := desk.Do{Command: "key-1", Kind: "promise/promise", With: map[string]string{"title": "任务", "unit": "housing", "due": "2023-12-31"}}
	first, err := x.Desk.Start(ctx, issuer, do)
	if err != nil {
		t.Fatal(err)
	}
	second, err := x.Desk.Start(ctx, issuer, do)
	if err != nil || second.Matter != first.Matter || second.Number != first.Number {
		t.Errorf("the second answer is %+v, %v; want the first, %+v", second, err, first)
	}
	page, err := x.Desk.Worklist(ctx, issuer, journal.Query{Kinds: []string{"promise/promise"}})
	if err != nil || len(page.Rows) != 1 {
		t.Errorf("%d promises, want one", len(page.Rows))
	}
}

// TestSameActTwice: the act would be possible again; its second time is answered as the first, is told to nobody and
// leaves no state behind that has not happened.
func TestSameActTwice(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	supervisor := x.As(t, "supervision", "supervisor", 0)
	told := 0
	x.Desk.Listen(func(desk.Announcement) { told++ })
	urge := desk.Do{Command: "urge-1", Matter: id, Act: "urge", With: map[string]string{"urge-note": "请抓紧"}}
	first, err := x.Desk.Act(ctx, supervisor, urge)
	if err != nil {
		t.Fatal(err)
	}
	x.Forward(t, 1) // rungs may fire
	before, err := x.Desk.Matter(ctx, supervisor, id)
	if err != nil {
		t.Fatal(err)
	}
	told = 0
	for _, do := range []desk.Do{urge, {Command: "urge-1", Matter: id, Act: "urge"}, {Command: "urge-1", Matter: id, Version: 1, Act: "urge", With: urge.With}} {
		again, err := x.Desk.Act(ctx, supervisor, do)
		if err != nil || again.Version != first.Version || again.Receipt.Head != first.Receipt.Head || again.Receipt.At != first.Receipt.At {
			t.Errorf("the second answer is %+v, %v; want the first, %+v", again, err, first)
		}
	}
	after, err := x.Desk.Matter(ctx, supervisor, id)
	if err != nil || after.Changed != before.Changed || after.Counts["reminders"] != 1 || told != 0 {
		t.Errorf("changed at %d and then at %d, %d reminders, %d told, %v", before.Changed, after.Changed, after.Counts["reminders"], told, err)
	}
	x.Verify(t)
}

func TestSeenVersion(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	handler := x.As(t, "housing", "handler", 0)
	if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: "acknowledge", Version: 1}); err != nil {
		t.Fatal(err)
	}
	_, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: "report-progress", Version: 1, With: map[string]string{"note": "进展"}})
	if code(err) != "late-version" {
		t.Errorf("an act on a page that is out of date: %v, want late-version", err)
	}
}

// TestManyHands has a hundred requests on one matter at once: one acknowledges, every note is kept, nothing is lost.
func TestManyHands(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	handler, supervisor := x.As(t, "housing", "handler", 0), x.As(t, "supervision", "supervisor", 0)
	var acknowledged, urged atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i%2 == 0 {
				if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: "acknowledge"}); err == nil {
					acknowledged.Add(1)
				} else if fault.KindOf(err) != fault.ErrConflict {
					t.Errorf("acknowledge: %v", err)
				}
				return
			}
			for try := 0; ; try++ {
				_, err := x.Desk.Act(ctx, supervisor, desk.Do{Command: fmt.Sprint("urge-", i), Matter: id, Act: "urge", With: map[string]string{"urge-note": fmt.Sprint("请抓紧", i)}})
				if err == nil {
					urged.Add(1)
					return
				}
				if !errors.Is(err, fault.ErrConflict) || try > 200 {
					t.Errorf("urge: %v", err)
					return
				}
			}
		}()
	}
	wg.Wait()
	v, err := x.Desk.Matter(ctx, supervisor, id)
	if err != nil {
		t.Fatal(err)
	}
	if acknowledged.Load() != 1 || urged.Load() != 50 || v.Counts["reminders"] != 50 || v.Version != 52 {
		t.Errorf("%d acknowledged, %d urged, %d counted, version %d; want 1, 50, 50, 52", acknowledged.Load(), urged.Load(), v.Counts["reminders"], v.Version)
	}
	x.Verify(t)
}

// TestForeignLooksAbsent: what a caller may not read is not there for them, in lists and by its id.
func TestForeignLooksAbsent(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	other, own := x.As(t, "education", "handler", 0), x.As(t, "housing", "handler", 0)
	absent := x.Desk.NewID()
	_, foreign := x.Desk.Matter(ctx, other, id)
	_, missing := x.Desk.Matter(ctx, other, absent)
	if !errors.Is(foreign, fault.ErrNotFound) || !errors.Is(missing, fault.ErrNotFound) {
		t.Errorf("a foreign matter: %v; an absent one: %v; want both not found", foreign, missing)
	}
	for _, c := range []struct {
		who  desk.Caller
		want int
	}{{other, 0}, {own, 1}, {x.As(t, "government", "leader", 0), 1}, {desk.Nobody, 0}} {
		page, err := x.Desk.Worklist(ctx, c.who, journal.Query{})
		if err != nil || len(page.Rows) != c.want {
			t.Errorf("%s sees %d matters, %v; want %d", c.who.Person, len(page.Rows), err, c.want)
		}
	}
}

// goalTerms are the terms of a goal reported by hand.
func goalTerms() indicator.Terms {
	return indicator.Terms{Title: "新增就业8000人", Subject: "新增就业", Year: 2023, Shape: indicator.Accumulate, Target: indicator.Target{Op: "eq", Value: money.Int(8000), Unit: "人"},
		Start: calendar.NewDate(2023, 1, 1), Due: calendar.NewDate(2023, 12, 31), Lead: "human-resources", Feed: indicator.Feed{Mode: indicator.Reported}}
}

func publish(t *testing.T, x *district.District, terms indicator.Terms) name.ID {
	t.Helper()
	b := x.Desk.Begin(ctx, x.Desk.NewCommand())
	id, err := b.PublishGoal(name.Actor{Person: "p109", Unit: "office", Role: "issuer"}, terms)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestAMatterFulfilsAGoalThatThereIs: one that names a goal which is not there could be opened, and read by nobody.
func TestAMatterFulfilsAGoalThatThereIs(t *testing.T) {
	x := district.New(t, day)
	id := publish(t, x, goalTerms())
	office := x.As(t, "office", "issuer", 0)
	open := func(goal name.ID) (desk.Done, error) {
		return x.Desk.Start(ctx, office, desk.Do{Kind: "works/site", Act: "file", Goal: goal, With: map[string]string{"title": "某小区改造", "category": "old-estate", "unit": "housing",
			"due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": x.Desk.Directory().Streets[0].Code}})
	}
	for _, goal := range []name.ID{"x", x.Desk.NewID()} {
		if done, err := open(goal); code(err) != "not-found" {
			_, read := x.Desk.Matter(ctx, office, done.Matter)
			t.Errorf("for the goal %s: %v; it is read: %v", goal, err, read)
		}
	}
	done, err := open(id)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := x.Desk.Matter(ctx, office, done.Matter); err != nil || len(v.Goals) != 1 {
		t.Errorf("%d goals, %v", len(v.Goals), err)
	}
}

// TestAFileBearsTheNameThatItWasGivenHere: whoever sends the same bytes as somebody else before does not learn what those called them, neither as they
// came nor as a picture made anew.
func TestAFileBearsTheNameThatItWasGivenHere(t *testing.T) {
	x := district.New(t, day)
	handler := x.As(t, "housing", "handler", 0)
	start := func(called string) (name.ID, ledger.Hash) {
		t.Helper()
		done, err := x.Desk.Start(ctx, x.As(t, "office", "issuer", 0), desk.Do{Kind: "works/site", Act: "file", With: map[string]string{"title": "某小区改造", "category": "old-estate",
			"unit": "housing", "due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": x.Desk.Directory().Streets[0].Code}})
		if err != nil {
			t.Fatal(err)
		}
		f, err := desk.Upload("evidence", called, "image/png", corpus.PNG(0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: done.Matter, Act: "start", With: map[string]string{"begun": x.Desk.Today().String()}, Files: []journal.File{f},
			Evidence: []matter.Evidence{{Kind: matter.Photo, File: f.Hash.String(), Name: f.Name}}}); err != nil {
			t.Fatal(err)
		}
		return done.Matter, f.Hash
	}
	for _, called := range []string{"周桂芳的照片.png", "a.png"} {
		id, hash := start(called)
		f, err := x.Desk.File(ctx, handler, id, hash)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := x.Desk.Served(ctx, f)
		if err != nil || f.Name != called || shown.Name != called {
			t.Errorf("%s is %s, and shown as %s, %v", called, f.Name, shown.Name, err)
		}
	}
}

// TestRowsBehindAFigureTellNoTitleThatTheirReaderMayNotRead: a figure counted from calls names them by their numbers to whoever has no part in them, and
// a site that is public by its title. Neither tells such a reader a light, a due time of the house, or where the caller is.
func TestRowsBehindAFigureTellNoTitleThatTheirReaderMayNotRead(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	counted := func(ref, unit string) name.ID {
		terms := goalTerms()
		terms.Feed, terms.Target.Unit = indicator.Feed{Mode: indicator.Counted, Indicator: ref}, unit
		return publish(t, x, terms)
	}
	calls, sites := counted("hotline/calls", "件"), counted("works/old-estates", "个")
	done := call(t, x, "13800000000", "周桂芳反映路灯不亮")
	if _, err := x.Desk.Start(ctx, x.As(t, "office", "issuer", 0), desk.Do{Kind: "works/site", Act: "file", With: map[string]string{"title": "某小区改造", "category": "old-estate", "unit": "housing",
		"due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": x.Desk.Directory().Streets[0].Code}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who   desk.Caller
		goal  name.ID
		title string
		reads bool
	}{
		{x.As(t, "hotline-centre", "call-operator", 1), calls, "周桂芳反映路灯不亮", true},
		{x.As(t, "housing", "handler", 0), sites, "某小区改造", true},
		{x.As(t, "education", "handler", 0), calls, done.Number, false},
		{x.As(t, "education", "handler", 0), sites, "某小区改造", false},
	} {
		page, err := x.Desk.Feeding(ctx, c.who, c.goal, "", 10)
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Title != c.title {
			t.Errorf("%s of %s reads %+v, %v; want %q", c.who.Person, c.who.Unit, page.Rows, err, c.title)
			continue
		}
		if r := &page.Rows[0]; (r.Due != 0) != c.reads || !c.reads && (r.Light != "" || r.Yellow != 0 || r.Wake != 0 || len(r.Facets) > 0 || c.goal == calls && r.Area != "") {
			t.Errorf("%s of %s reads when the house is late: %+v", c.who.Person, c.who.Unit, r)
		}
	}
}

// TestFigures: quick, confirmed by somebody else, corrected with a reason; none overwrites another.
func TestFigures(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 10))
	id := publish(t, x, goalTerms())
	handler, one, two := x.As(t, "human-resources", "handler", 0), x.As(t, "statistics", "statistician", 0), x.As(t, "statistics", "statistician", 1)
	for _, s := range []struct {
		who     desk.Caller
		r       desk.Report
		refused string
	}{
		{handler, desk.Report{Period: "2023-03", Value: "二千"}, "not-decimal"},
		{handler, desk.Report{Period: "2023-05", Value: "1"}, "too-late"},
		{handler, desk.Report{Period: "2023-3", Value: "1"}, "not-month"},
		{handler, desk.Report{Period: "2023-13", Value: "1"}, "not-month"},
		{handler, desk.Report{Period: "2023-03", Value: "1900"}, ""},
		{one, desk.Report{Period: "2023-03", Value: "1880", Standing: indicator.Confirmed}, ""},
		{handler, desk.Report{Period: "2023-03", Value: "1900"}, "standing-backwards"},
		{two, desk.Report{Period: "2023-03", Value: "1890", Standing: indicator.Corrected}, "reason-missing"},
		{two, desk.Report{Period: "2023-03", Value: "1890", Standing: indicator.Corrected, Note: "漏报10人"}, ""},
	} {
		s.r.Goal = id
		if err := x.Desk.Record(ctx, s.who, s.r); code(err) != s.refused || (err == nil) != (s.refused == "") {
			t.Errorf("%s %s %s by %s: %v, want %q", s.r.Period, s.r.Value, s.r.Standing, s.who.Person, err, s.refused)
		}
	}
	g, err := x.Desk.Goal(ctx, handler, id)
	if err != nil || len(g.Figures) != 3 || g.Reading.Actual.String() != "1890" {
		t.Errorf("%d figures, the valid one %s, %v; want 3 and 1890", len(g.Figures), g.Reading.Actual, err)
	}
	x.Verify(t)
}

// TestChangeOfAGoal: whoever works on a goal asks for another target and a leader decides: what was asked holds from then on, beside the
// first one. Nobody decides what they asked for, and nobody what another may.
func TestChangeOfAGoal(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 10))
	id := publish(t, x, goalTerms())
	head, leader, second := x.As(t, "human-resources", "head", 0), x.As(t, "government", "leader", 0), x.As(t, "government", "leader", 1)
	next := indicator.Target{Op: "eq", Value: money.Int(7500), Unit: "人"}
	ask := func(a name.Person, reason string) error {
		return x.Desk.AskChange(ctx, head, "", id, indicator.Amend{Target: &next, Approver: a}, reason)
	}
	refused := func(what string, err error, want string) {
		t.Helper()
		if code(err) != want || (err == nil) != (want == "") {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	goal := func() desk.GoalView {
		t.Helper()
		g, err := x.Desk.Goal(ctx, head, id)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	waiting := func(who desk.Caller) int {
		t.Helper()
		all, err := x.Desk.ToDecide(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	refused("of oneself", ask(head.Person, "形势变化"), "approver-missing")
	refused("of nobody", ask("", "形势变化"), "approver-missing")
	refused("of somebody who may not", ask(x.As(t, "statistics", "statistician", 0).Person, "形势变化"), "approver-missing")
	refused("without a reason", ask(leader.Person, ""), "reason-missing")
	refused("well", ask(leader.Person, "形势变化，报区政府常务会议"), "")
	refused("twice", ask(leader.Person, "再改一次"), "change-pending")
	g := goal()
	if g.Target.Value.String() != "8000" || g.Changes != 0 || g.Pending == nil || waiting(leader) != 1 || waiting(second) != 0 || waiting(head) != 0 {
		t.Fatalf("asked: target %s, pending %+v", g.Target.Value, g.Pending)
	}
	of := g.Pending.Version
	refused("agreed to by whoever asked", x.Desk.AgreeChange(ctx, head, "", id, of), "no-grant")
	asLeader := head
	asLeader.Roles = leader.Roles // the same person in another role
	refused("agreed to in another role", x.Desk.AgreeChange(ctx, asLeader, "", id, of), "made-it")
	refused("another asking was read", x.Desk.AgreeChange(ctx, leader, "", id, of-1), "change-settled")
	refused("declined without a reason", x.Desk.DeclineChange(ctx, leader, "", id, of, ""), "reason-missing")
	refused("declined", x.Desk.DeclineChange(ctx, leader, "", id, of, "任务不减"), "")
	if g = goal(); g.Pending != nil || g.Target.Value.String() != "8000" || waiting(leader) != 0 {
		t.Errorf("declined: target %s, pending %+v", g.Target.Value, g.Pending)
	}
	refused("asked again", ask(leader.Person, "形势变化"), "")
	refused("taken back", x.Desk.WithdrawChange(ctx, head, "", id, goal().Pending.Version), "")
	refused("and again", ask(leader.Person, "形势变化"), "")
	refused("agreed to by the other leader", x.Desk.AgreeChange(ctx, second, "", id, goal().Pending.Version), "")
	if g = goal(); g.Target.Value.String() != "7500" || g.First.Target.Value.String() != "8000" || g.Changes != 1 || g.Pending != nil || waiting(leader) != 0 {
		t.Errorf("target %s, at first %s, %d changes, pending %+v", g.Target.Value, g.First.Target.Value, g.Changes, g.Pending)
	}
	history, err := goals.New(x.Desk, x.Store).History(ctx, head, id)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, e := range history {
		said = append(said, e.Type)
	}
	for _, typ := range []string{indicator.Asked, indicator.Declined, indicator.Withdrawn, indicator.Changed} {
		if !slices.Contains(said, typ) {
			t.Errorf("the history says %v, and no %s", said, typ)
		}
	}
	x.Verify(t)
}

// TestAPromiseFollowsItsGoal: what a leader agrees to changes the task too: its target, its date with the clock, its unit; a change asked for on
// the task itself is sent to the goal.
func TestAPromiseFollowsItsGoal(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 10))
	id := publish(t, x, goalTerms())
	head, leader, issuer := x.As(t, "human-resources", "head", 0), x.As(t, "government", "leader", 0), x.As(t, "office", "issuer", 0)
	goal := func() desk.GoalView {
		t.Helper()
		g, err := x.Desk.Goal(ctx, head, id)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	task := func() desk.MatterView {
		t.Helper()
		m, err := x.Desk.Matter(ctx, issuer, goal().Matter)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	agree := func(a indicator.Amend) {
		t.Helper()
		a.Approver = leader.Person
		if err := x.Desk.AskChange(ctx, head, "", id, a, "形势变化"); err != nil {
			t.Fatal(err)
		}
		if err := x.Desk.AgreeChange(ctx, leader, "", id, goal().Pending.Version); err != nil {
			t.Fatal(err)
		}
	}
	before := task()
	if _, err := x.Desk.Act(ctx, issuer, desk.Do{Matter: before.ID, Act: "ask-adjust", Reason: "形势变化", With: map[string]string{"target": "完成7000人"}}); code(err) != "goal-decides" {
		t.Errorf("the task was changed beside its goal: %v", err)
	}
	for _, a := range before.Acts {
		if a.Act.Key == "ask-adjust" && (a.Refused == nil || a.Refused.Code != "goal-decides") {
			t.Errorf("the task offers a change of its own: %v", a.Refused)
		}
	}
	next, due := indicator.Target{Op: "eq", Value: money.Int(7500), Unit: "人"}, calendar.NewDate(2024, 1, 31)
	agree(indicator.Amend{Target: &next, Due: &due})
	after := task()
	if after.Fields["target-value"] != "7500" || after.Fields["target"] != "7,500人" || after.Fields["due"] != "2024-01-31" || after.Fields["original-due"] != before.Fields["due"] ||
		after.Fields["approved-by"] != string(leader.Person) || calendar.Instant(after.Clock("due").Due-1).Date() != due || after.State != before.State {
		t.Errorf("the task says %v, due %v, state %s", after.Fields, calendar.Instant(after.Clock("due").Due), after.State)
	}
	if lead := name.Unit("civil-affairs"); true {
		agree(indicator.Amend{Lead: &lead})
	}
	if after = task(); after.Holder.Unit != "civil-affairs" || after.Fields["unit"] != "civil-affairs" || after.State != "issued" {
		t.Errorf("the task is with %v, unit %s, state %s", after.Holder, after.Fields["unit"], after.State)
	}
	handler := x.As(t, "civil-affairs", "head", 0)
	if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: after.ID, Act: "return", Reason: "不属本单位职责"}); err != nil {
		t.Fatal(err)
	}
	due = calendar.NewDate(2024, 2, 29)
	if err := x.Desk.AskChange(ctx, handler, "", id, indicator.Amend{Due: &due, Approver: leader.Person}, "形势变化"); err != nil {
		t.Fatal(err)
	}
	if err := x.Desk.AgreeChange(ctx, leader, "", id, goal().Pending.Version); code(err) != "task-elsewhere" || goal().Due == due {
		t.Errorf("agreed to while the task is handed back: %v", err)
	}
	if _, err := x.Desk.Act(ctx, issuer, desk.Do{Matter: after.ID, Act: "reissue", With: map[string]string{"unit": "civil-affairs"}}); err != nil {
		t.Fatal(err)
	}
	if err := x.Desk.AgreeChange(ctx, leader, "", id, goal().Pending.Version); err != nil || goal().Due != due {
		t.Errorf("agreed to once it is out again: %v", err)
	}
	changes := goal().Changes
	if _, err := x.Desk.Act(ctx, issuer, desk.Do{Matter: after.ID, Act: "reassign", Reason: "职责调整", With: map[string]string{"unit": "human-resources"}}); err != nil {
		t.Fatal(err)
	}
	if g := goal(); g.Lead != "human-resources" || g.Changes != changes+1 {
		t.Errorf("the office gave the task to another unit; the goal is led by %s, %d changes", g.Lead, g.Changes-changes)
	}
	x.Verify(t)
}

// TestARungReachesNobodyWhoseRoleWasRevoked: rungs name the head of the unit while they are head, and never after the role is gone,
// though the directory still has the post.
func TestARungReachesNobodyWhoseRoleWasRevoked(t *testing.T) {
	x := district.New(t, day)
	head := x.As(t, "housing", "head", 0)
	named := func() (told, all int) {
		t.Helper()
		id := promise(t, x, "housing")
		x.Forward(t, 20)
		v, err := x.Desk.Matter(ctx, x.As(t, "supervision", "supervisor", 0), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range v.History {
			if r := e.Change.Rung; r != nil {
				if all++; r.To.Person == head.Person {
					told++
				}
			}
		}
		return told, all
	}
	if told, all := named(); told == 0 {
		t.Fatalf("as head they are named by none of %d rungs", all)
	}
	for _, role := range x.Desk.RolesNow(head.Person) {
		if err := x.Rights.Revoke(ctx, x.As(t, "services", "secadmin", 0), head.Person, role, "调离"); err != nil {
			t.Fatal(err)
		}
	}
	if told, all := named(); told != 0 || all == 0 {
		t.Errorf("without the role they are named by %d of %d rungs", told, all)
	}
}

// TestRungsFireOnce lets a promise wait unacknowledged; every rung fires once, also when the scheduler looks again, and
// when another scheduler takes over.
func TestRungsFireOnce(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	x.Forward(t, 20)
	supervisor := x.As(t, "supervision", "supervisor", 0)
	v, err := x.Desk.Matter(ctx, supervisor, id)
	if err != nil {
		t.Fatal(err)
	}
	fired := map[string]int{}
	for _, e := range v.History {
		if e.Change.Rung != nil {
			fired[e.Change.Rung.Clock+"/"+string(e.Change.Rung.Rung)]++
		}
	}
	if len(fired) == 0 {
		t.Fatal("no rung fired in twenty days")
	}
	for rung, n := range fired {
		if n != 1 {
			t.Errorf("%s fired %d times", rung, n)
		}
	}
	if fired["acknowledge/urge"] != 1 {
		t.Errorf("fired %v, want acknowledge/urge among them", fired)
	}
	version := v.Version
	if _, err := x.Watch.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	if v, err = x.Desk.Matter(ctx, supervisor, id); err != nil || v.Version != version {
		t.Errorf("looking again moved the matter from version %d to %d, %v", version, v.Version, err)
	}
	x.Verify(t)
}

// TestAHashThatSomebodyTypesIsNoFile: whoever writes the hash of a file of another matter into a text of their own is handed nothing by it, neither as it stands nor as
// evidence of what they do next.
func TestAHashThatSomebodyTypesIsNoFile(t *testing.T) {
	x := district.New(t, day)
	photo, err := desk.Upload("evidence", "a.png", "image/png", corpus.PNG(0))
	if err != nil {
		t.Fatal(err)
	}
	open := func(unit name.Unit) name.ID {
		t.Helper()
		done, err := x.Desk.Start(ctx, x.As(t, "office", "issuer", 0), desk.Do{Kind: "works/site", Act: "file", With: map[string]string{"title": "某小区改造", "category": "old-estate",
			"unit": string(unit), "due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": x.Desk.Directory().Streets[0].Code}})
		if err != nil {
			t.Fatal(err)
		}
		return done.Matter
	}
	begin := func(id name.ID, who desk.Caller, f journal.File) {
		t.Helper()
		if _, err := x.Desk.Act(ctx, who, desk.Do{Matter: id, Act: "start", With: map[string]string{"begun": x.Desk.Today().String()}, Files: []journal.File{f},
			Evidence: []matter.Evidence{{Kind: matter.Photo, File: f.Hash.String()}}}); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := desk.Upload("evidence", "b.png", "image/png", corpus.PNG(1))
	if err != nil {
		t.Fatal(err)
	}
	begin(open("education"), x.As(t, "education", "handler", 0), secret)
	mine, me := open("housing"), x.As(t, "housing", "handler", 0)
	begin(mine, me, photo)
	if _, err := x.Desk.Act(ctx, me, desk.Do{Matter: mine, Act: "report-progress", With: map[string]string{"percent": "10", "note": secret.Hash.String()}}); err != nil {
		t.Fatal(err)
	}
	if f, err := x.Desk.File(ctx, me, mine, secret.Hash); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%d bytes of somebody else's file are handed out: %v", len(f.Bytes), err)
	}
	_, err = x.Desk.Act(ctx, me, desk.Do{Matter: mine, Act: "report-progress", With: map[string]string{"percent": "20", "note": "x"}, Evidence: []matter.Evidence{{Kind: matter.Photo, File: secret.Hash.String()}}})
	if code(err) != "not-file" {
		t.Errorf("somebody else's file is evidence of one's own: %v", err)
	}
}

// TestWhoIsNamedIsOfTheUnit: a matter is given to no unit that there is not, and to nobody outside of the unit that has it, who would read it from then on.
func TestWhoIsNamedIsOfTheUnit(t *testing.T) {
	x := district.New(t, day)
	file := func(unit string) (name.ID, error) {
		done, err := x.Desk.Start(ctx, x.As(t, "office", "issuer", 0), desk.Do{Kind: "works/site", Act: "file", With: map[string]string{"title": "某小区改造", "category": "old-estate",
			"unit": unit, "due": "2023-11-20", "size": "1", "begin": "2023-10-20", "area": x.Desk.Directory().Streets[0].Code}})
		return done.Matter, err
	}
	if _, err := file("no-such-unit"); code(err) != "no-such-unit" {
		t.Errorf("given to a unit that there is not: %v", err)
	}
	id, err := file("housing")
	if err != nil {
		t.Fatal(err)
	}
	photo, err := desk.Upload("evidence", "a.png", "image/png", corpus.PNG(0))
	if err != nil {
		t.Fatal(err)
	}
	me, other := x.As(t, "housing", "handler", 0), x.As(t, "education", "handler", 0)
	for _, c := range []struct{ person, want string }{{string(other.Person), "person-elsewhere"}, {"nobody", "no-such-person"}, {string(me.Person), "<nil>"}} {
		_, err := x.Desk.Act(ctx, me, desk.Do{Matter: id, Act: "start", With: map[string]string{"begun": x.Desk.Today().String(), "person": c.person}, Files: []journal.File{photo},
			Evidence: []matter.Evidence{{Kind: matter.Photo, File: photo.Hash.String()}}})
		if got := code(err); got != c.want && !(err == nil && c.want == "<nil>") {
			t.Errorf("%s has it: %v", c.person, err)
		}
	}
}
