//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package rights_test

import (
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/desk/rights"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
)

// An approval is taken once, for the act that it names, and within a day.
func TestAnApprovedActIsCarriedOutOnce(t *testing.T) {
	x := district.New(t, day)
	sys, sec := as(t, x, of(t, x, "sysadmin", 0), ""), as(t, x, of(t, x, "secadmin", 0), "")
	p, err := x.Rights.Propose(ctx, sys, rights.Order{Act: "key", For: sec.Person, Role: "handler", Why: "迁移机房"})
	must(t, err)
	if p.For != "" || p.Role != "" {
		t.Errorf("an export of keys is for %s as %s", p.For, p.Role)
	}
	if got := code(x.Rights.CarryOut(ctx, p.ID, "key")); got != "twofold-state" {
		t.Errorf("carried out before it was approved: %s", got)
	}
	if mine := x.Rights.Mine(sec); len(mine.Waiting) != 1 || mine.Waiting[0].ID != p.ID {
		t.Errorf("waiting for the security administrator: %v", mine.Waiting)
	}
	if mine := x.Rights.Mine(sys); len(mine.Waiting) != 0 {
		t.Errorf("waiting for whoever proposed it: %v", mine.Waiting)
	}
	_, err = x.Rights.Approve(ctx, sec, p.ID)
	must(t, err)
	a, err := x.Rights.Administration(sys, "")
	must(t, err)
	if len(a.Approved) != 1 || a.Approved[0].ID != p.ID {
		t.Errorf("approved: %v", a.Approved)
	}
	for what, err := range map[string]error{
		"as another act": x.Rights.CarryOut(ctx, p.ID, "restore"), "that is not there": x.Rights.CarryOut(ctx, "220105-00000000-0000-7000-8000-000000000000", "key")} {
		if got := code(err); got != "not-found" {
			t.Errorf("carried out %s: %s", what, got)
		}
	}
	must(t, x.Rights.CarryOut(ctx, p.ID, "key"))
	if got := code(x.Rights.CarryOut(ctx, p.ID, "key")); got != "twofold-state" {
		t.Errorf("carried out twice: %s", got)
	}
}

// What nothing carries out cannot be proposed, and what has a page of its own is proposed there.
func TestAnActThatNothingCarriesOutIsNotProposed(t *testing.T) {
	x := district.New(t, day)
	room, err := rights.Open(ctx, x.Desk, x.Store, nil)
	must(t, err)
	sys, clerk := as(t, x, of(t, x, "sysadmin", 0), ""), x.As(t, "housing", "handler", 0)
	for _, act := range []string{"key", "unmask", "restore", "place"} {
		if _, err := room.Propose(ctx, sys, rights.Order{Act: act, Why: "试一试"}); code(err) != "act-not-carried" {
			t.Errorf("%s: %v", act, err)
		}
	}
	if _, err := x.Rights.Propose(ctx, clerk, rights.Order{Act: "glass", Why: "绕过应急授权的两人批准"}); code(err) != "act-not-carried" {
		t.Errorf("a glass, as a proposal that one approves: %v", err)
	}
}

// Right after the first run nobody may propose a role: the system administrator proposes the first, and no other.
func TestTheFirstRoleIsProposedByTheSystemAdministrator(t *testing.T) {
	x := district.New(t, day)
	dir = x.Desk.Directory()
	sys, sec := as(t, x, of(t, x, "sysadmin", 0), ""), as(t, x, of(t, x, "secadmin", 0), "")
	leader := of(t, x, "leader", 0)
	if _, err := x.Rights.Propose(ctx, sys, rights.Order{Act: "grant", For: leader, Role: "checker", Why: "试一试"}); code(err) != "no-grant" {
		t.Errorf("with leaders in their posts: %v", err)
	}
	room, err := rights.Open(ctx, x.Desk, x.Store, nil)
	must(t, err)
	room.Know(empty{})
	if !room.Proposes(sys) || room.Proposes(sec) {
		t.Error("who proposes first")
	}
	// A head proposes for one unit only: were heads the first, nobody could ever propose a leader or for another unit.
	for _, role := range []name.Role{"head", "checker", "secadmin"} {
		if _, err := room.Propose(ctx, sys, rights.Order{Act: "grant", For: leader, Role: role, Why: "首次启用"}); code(err) != "first-role" {
			t.Errorf("the first role is %s: %v", role, err)
		}
	}
	if rows := room.Proposable(sys); len(rows) != 1 || rows[0].Role != "leader" {
		t.Errorf("for the first role are offered %v", rows)
	}
	p, err := room.Propose(ctx, sys, rights.Order{Act: "grant", For: leader, Role: "leader", Why: "首次启用"})
	must(t, err)
	_, err = room.Approve(ctx, sec, p.ID)
	must(t, err)
	if _, err := room.Propose(ctx, sys, rights.Order{Act: "grant", For: leader, Role: "checker", Why: "再来一次"}); code(err) != "no-grant" {
		t.Errorf("with a leader: %v", err)
	}
	head := x.As(t, "housing", "head", 0).Person
	as := x.As(t, "government", "leader", 0)
	as.Person = leader
	q, err := room.Propose(ctx, as, rights.Order{Act: "grant", For: head, Role: "head", Why: "岗位需要"})
	must(t, err)
	_, err = room.Approve(ctx, sec, q.ID)
	must(t, err)
	must(t, room.Revoke(ctx, sec, leader, "leader", "离任"))
	if !room.Proposes(sys) {
		t.Error("once the last leader is gone and heads are left, nobody proposes a leader")
	}
}

// TestNoAdministratorDismissesAnother: one who is rid of the auditor alone is watched by nobody, and the house would still count three in place.
func TestNoAdministratorDismissesAnother(t *testing.T) {
	x := district.New(t, day)
	sec := as(t, x, of(t, x, "secadmin", 0), "")
	for _, role := range []name.Role{"sysadmin", "auditor"} {
		p := of(t, x, role, 0)
		if err := x.Rights.Revoke(ctx, sec, p, role, "不需要"); code(err) != "officer-stays" {
			t.Errorf("the security administrator dismisses the %s: %v", role, err)
		}
		if !slices.Contains(x.Rights.Now(p), role) {
			t.Errorf("the %s is gone", role)
		}
	}
}

// empty is a house in which nobody but the three administrators has a role.
type empty struct{ persons }

func (empty) Anybody(role name.Role) bool { return role == "sysadmin" || role == "secadmin" }
func (e empty) Post(p name.Person) (roles []name.Role, _ bool) {
	post, _ := e.persons.Post(p)
	return slices.DeleteFunc(slices.Clone(post), func(r name.Role) bool { return !e.Anybody(r) }), true
}

// Who may be chosen to approve, and who is told, is whoever holds the role now, not whoever has the post.
func TestWhoIsChosenHoldsTheRoleNow(t *testing.T) {
	x := district.New(t, day)
	head, sec := x.As(t, "housing", "head", 0), as(t, x, of(t, x, "secadmin", 0), "")
	clerk := x.As(t, "housing", "handler", 0).Person
	has := func(role name.Role, p name.Person) bool {
		return slices.ContainsFunc(x.Desk.StaffWith("housing", role), func(q desk.Person) bool { return q.Key == p })
	}
	if has("checker", clerk) || !has("handler", clerk) {
		t.Fatal("before anything was granted")
	}
	p, err := x.Rights.Propose(ctx, head, rights.Order{Act: "grant", For: clerk, Role: "checker", Why: "兼任核查"})
	must(t, err)
	_, err = x.Rights.Approve(ctx, sec, p.ID)
	must(t, err)
	must(t, x.Rights.Revoke(ctx, sec, clerk, "handler", "转岗"))
	if !has("checker", clerk) || has("handler", clerk) {
		t.Errorf("checkers %v, handlers %v", x.Desk.StaffWith("housing", "checker"), x.Desk.StaffWith("housing", "handler"))
	}
	leader := of(t, x, "leader", 0)
	goal := &indicator.Goal{Public: true}
	goal.Lead = "housing"
	may := func() bool {
		return slices.ContainsFunc(x.Desk.GoalDeciders(head, access.GoalApproveChange, goal), func(q desk.Person) bool { return q.Key == leader })
	}
	if !may() {
		t.Error("a leader cannot be asked to approve a changed target")
	}
	must(t, x.Rights.Revoke(ctx, sec, leader, "leader", "离任"))
	if may() {
		t.Error("whoever is no longer a leader can still be asked to approve")
	}
}
