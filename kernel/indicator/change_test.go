package indicator_test

import (
	"strings"
	"testing"

	"bihuan/ground/name"
	. "bihuan/kernel/indicator"
)

var gao = name.Actor{Person: "gao", Unit: "government", Role: "leader"}

// TestAskChange: asking changes nothing yet, and has to name somebody else, a reason, and terms that would hold.
func TestAskChange(t *testing.T) {
	more, none := Target{Op: "eq", Value: dec("25"), Unit: "个"}, name.Unit("")
	for _, c := range []struct {
		name   string
		goal   func(*Goal)
		change Amend
		by     name.Actor
		reason string
		code   string
	}{
		{"another decides, with a reason", nil, Amend{Target: &more, Approver: "gao"}, lin, "more houses", ""},
		{"without a reason", nil, Amend{Target: &more, Approver: "gao"}, lin, " ", "reason-missing"},
		{"with a reason that nobody reads", nil, Amend{Target: &more, Approver: "gao"}, lin, strings.Repeat("x", 3001), "too-long"},
		{"nothing is changed", nil, Amend{Approver: "gao"}, lin, "x", "nothing-changed"},
		{"nobody is asked", nil, Amend{Target: &more}, lin, "x", "approver-missing"},
		{"whoever asks decides", nil, Amend{Target: &more, Approver: "lin"}, lin, "x", "approver-missing"},
		{"so does whom they act for", nil, Amend{Target: &more, Approver: "gao"}, name.Actor{Person: "lin", Unit: "housing", Role: "handler", For: "gao"}, "x", "approver-missing"},
		{"the result is no goal", nil, Amend{Lead: &none, Approver: "gao"}, lin, "x", "field-missing"},
		{"the base is no number that a goal holds", nil, Amend{Base: &Base{Value: dec("0.00001"), Unit: "个"}, Approver: "gao"}, lin, "x", "not-decimal"},
		{"another asking is open", func(g *Goal) { g.Pending = &Pending{Version: 2} }, Amend{Target: &more, Approver: "gao"}, lin, "x", "change-pending"},
		{"the goal has ended", func(g *Goal) { g.Closed = 1 }, Amend{Target: &more, Approver: "gao"}, lin, "x", "goal-closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := goal(Accumulate, "eq", "21", "个")
			if c.goal != nil {
				c.goal(g)
			}
			body, err := g.AskChange(c.change, c.by, c.reason)
			if code(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			if err != nil {
				return
			}
			after := event(t, *g, Asked, body)
			if after.Target.Value != dec("21") || after.Changes != 0 || after.Pending == nil || after.Pending.Target.Value != dec("25") || after.Pending.Version != after.Version || g.Pending != nil {
				t.Errorf("target %v, %d changes, pending %+v", after.Target, after.Changes, after.Pending)
			}
		})
	}
}

// TestSettleChange: another person than the one who asked agrees or declines, of the very asking that they read; whoever asked takes it back.
func TestSettleChange(t *testing.T) {
	more := Target{Op: "eq", Value: dec("25"), Unit: "个"}
	first := goal(Accumulate, "eq", "21", "个")
	body, err := first.AskChange(Amend{Target: &more, Approver: "gao", Settled: Settled{Asked: 7, Asker: "sun"}}, lin, "more houses")
	if err != nil {
		t.Fatal(err)
	}
	asked := event(t, *first, Asked, body) // by lin
	of := asked.Pending.Version
	forLin := name.Actor{Person: "gao", Unit: "government", Role: "leader", For: "lin"}
	agree, withdraw := (*Goal).AgreeChange, (*Goal).WithdrawChange
	decline := func(g *Goal, of int64, by name.Actor) ([]byte, error) {
		return g.DeclineChange(of, by, "the site is given")
	}
	silent := func(g *Goal, of int64, by name.Actor) ([]byte, error) { return g.DeclineChange(of, by, " ") }
	none := *goal(Accumulate, "eq", "21", "个")
	ended := asked
	ended.Closed = 1
	for _, c := range []struct {
		name  string
		goal  Goal
		act   func(*Goal, int64, name.Actor) ([]byte, error)
		of    int64
		by    name.Actor
		code  string
		typ   string
		after string // the target
	}{
		{"agreed", asked, agree, of, gao, "", Changed, "25"},
		{"agreed by somebody else than was asked", asked, agree, of, sun, "", Changed, "25"},
		{"by whoever asked", asked, agree, of, lin, "asker-decides", "", ""},
		{"for whoever asked", asked, agree, of, forLin, "asker-decides", "", ""},
		{"another asking was read", asked, agree, of - 1, gao, "change-settled", "", ""},
		{"nothing was asked", none, agree, of, gao, "change-settled", "", ""},
		{"of a goal that has ended", ended, agree, of, gao, "goal-closed", "", ""},
		{"declined", asked, decline, of, gao, "", Declined, "21"},
		{"declined without a word", asked, silent, of, gao, "reason-missing", "", ""},
		{"declined by whoever asked", asked, decline, of, lin, "asker-decides", "", ""},
		{"taken back", asked, withdraw, of, lin, "", Withdrawn, "21"},
		{"taken back by somebody else", asked, withdraw, of, sun, "not-asker", "", ""},
		{"taken back when nothing was asked", none, withdraw, of, lin, "change-settled", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, err := c.act(&c.goal, c.of, c.by)
			if code(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			if err != nil {
				return
			}
			after := event(t, c.goal, c.typ, body)
			if after.Target.Value != dec(c.after) || after.Pending != nil || after.First.Target.Value != dec("21") || (after.Changes == 1) != (c.typ == Changed) {
				t.Errorf("target %v, first %v, pending %+v, %d changes", after.Target, after.First.Target, after.Pending, after.Changes)
			}
			if c.typ == Changed && (!strings.Contains(string(body), `"asked":2,"asker":"lin"`) || !strings.Contains(string(body), `"approver":"`+string(c.by.Person)+`"`)) {
				t.Errorf("the change says %s", body)
			}
		})
	}
	if after := event(t, asked, Ended, Join{}); after.Pending != nil {
		t.Error("a goal that has ended waits for nobody")
	}
}

// TestFollowTask: a goal goes with its task to another unit, without touching what somebody asked for; not with another matter.
func TestFollowTask(t *testing.T) {
	g := *goal(Accumulate, "eq", "21", "个")
	g.Matter, g.Assist, g.Pending = goalID, []name.Unit{"water", "finance"}, &Pending{Version: 3}
	for _, c := range []struct {
		task name.ID
		to   name.Unit
	}{{"220105-01890000-0000-7000-8000-000000000002", "water"}, {goalID, g.Lead}, {goalID, ""}} {
		if body, err := g.FollowTask(c.task, c.to); body != nil || err != nil {
			t.Errorf("%v: %s, %v", c, body, err)
		}
	}
	body, err := g.FollowTask(goalID, "water")
	if err != nil || body == nil {
		t.Fatal(err)
	}
	after := event(t, g, Changed, body)
	if after.Lead != "water" || len(after.Assist) != 1 || after.Assist[0] != "finance" || after.Pending == nil || len(g.Assist) != 2 {
		t.Errorf("led by %s with %v, pending %v", after.Lead, after.Assist, after.Pending)
	}
	g.Closed = 1
	if body, err := g.FollowTask(goalID, "water"); body != nil || err != nil {
		t.Errorf("after the end: %s, %v", body, err)
	}
}
