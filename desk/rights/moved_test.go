package rights_test

import (
	"maps"
	"testing"

	"bihuan/desk"
	"bihuan/desk/rights"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/district"
)

// move has the register say that a person is in a unit from today on, with the roles of the post there.
func move(t *testing.T, x *district.District, command string, p name.Person, to name.Unit, roles string) {
	t.Helper()
	was, err := x.Desk.ValidRecord(ctx, "erdao/person", string(p))
	must(t, err)
	fields := maps.Clone(was.Fields)
	fields["unit"], fields["roles"] = string(to), roles
	must(t, x.Desk.PutRecord(ctx, x.As(t, "office", "issuer", 0), desk.Put{Command: command, Register: "erdao/person", Fields: fields, On: x.Desk.Today(), Reason: "调动"}))
	must(t, x.Desk.Reload(ctx))
}

// TestBar_A05_AGrantedRoleRestsWhenItsPersonMoves: what was granted for one unit's business does nothing in another from the moment in which the register says so, by nobody's hand; what the new post
// calls for goes on; the new unit's head and the security administrator grant it anew, and nobody renews it meanwhile.
func TestBar_A05_AGrantedRoleRestsWhenItsPersonMoves(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	x.Forward(t, 1)
	old, head := x.As(t, "housing", "head", 0), x.As(t, "city-management", "head", 0)
	sec, clerk := as(t, x, of(t, x, "secadmin", 0), ""), x.As(t, "housing", "handler", 0).Person
	deputy := x.As(t, "housing", "head", 0).Person
	grant := func(by desk.Caller) error {
		p, err := x.Rights.Propose(ctx, by, rights.Order{Act: "grant", For: clerk, Role: "checker", Why: "兼任核查"})
		if err == nil {
			_, err = x.Rights.Approve(ctx, sec, p.ID)
		}
		return err
	}
	must(t, grant(old))
	_, err := x.Rights.Give(ctx, as(t, x, clerk, ""), deputy, []name.Role{"checker"}, x.Desk.Today(), x.Desk.Today()+20, "出差")
	must(t, err)
	has := func(role name.Role) bool { return as(t, x, clerk, "").Has(role) }
	tick := func() int {
		t.Helper()
		n, err := x.Rights.Tick(ctx)
		must(t, err)
		return n
	}
	if !has("checker") || !as(t, x, deputy, clerk).Has("checker") || tick() != 0 {
		t.Fatal("it rests before anybody has moved")
	}
	move(t, x, "away", clerk, "city-management", "handler")
	if has("checker") || !has("handler") {
		t.Errorf("moved: %v", as(t, x, clerk, "").Roles)
	}
	if as(t, x, deputy, clerk).For == clerk {
		t.Error("somebody acts for them by a role that rests")
	}
	if len(x.Rights.Held(clerk)) != 0 || len(x.Rights.Resting(clerk)) != 1 || len(x.Rights.Mine(as(t, x, clerk, "")).Resting) != 1 {
		t.Errorf("held %v, resting %v", x.Rights.Held(clerk), x.Rights.Resting(clerk))
	}
	for who, want := range map[*desk.Caller]int{&head: 1, &sec: 1, &old: 0} {
		if a, err := x.Rights.Administration(*who, ""); err != nil || len(a.Resting) != want {
			t.Errorf("%s sees %d that rest, want %d: %v", who.Person, len(a.Resting), want, err)
		}
	}
	if n, again := tick(), tick(); n != 1 || again != 0 {
		t.Errorf("noted %d times, and %d", n, again)
	}
	if err := x.Rights.Renew(ctx, sec, clerk, "checker"); code(err) != "role-rests" {
		t.Errorf("renewed while it rests: %v", err)
	}
	if err := grant(old); code(err) == "" {
		t.Error("the head whom they have left has it granted")
	}
	again, err := rights.Open(ctx, x.Desk, x.Store, nil)
	must(t, err)
	if len(again.Resting(clerk)) != 1 {
		t.Error("after a restart it does not rest")
	}
	x.Desk.Heed(x.Rights)
	must(t, grant(head))
	if !has("checker") || len(x.Rights.Resting(clerk)) != 0 || tick() != 0 {
		t.Errorf("granted anew: %v", as(t, x, clerk, "").Roles)
	}
	x.Forward(t, 1)
	move(t, x, "on", clerk, "finance", "handler checker")
	if !has("checker") || tick() != 0 {
		t.Error("what the new post calls for rests")
	}
	must(t, x.Rights.Renew(ctx, sec, clerk, "checker"))
	x.Forward(t, 1)
	move(t, x, "back", clerk, "finance", "handler")
	if h := x.Rights.Held(clerk); len(h) != 1 || h[0].Unit != "finance" {
		t.Errorf("renewed where it is needed: %+v", h)
	}
	x.Forward(t, 1)
	move(t, x, "away again", clerk, "housing", "handler")
	must(t, x.Rights.Revoke(ctx, sec, clerk, "checker", "不再需要"))
	if len(x.Rights.Resting(clerk)) != 0 {
		t.Error("revoked, and it rests still")
	}
	x.Verify(t)
	held(t, x, rights.HoldingKind)
}

// TestNobodyActsForAHeadInTheUnitToWhichTheyMoved: whoever was asked to act for a head did not become one of another unit with them.
func TestNobodyActsForAHeadInTheUnitToWhichTheyMoved(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	x.Forward(t, 1)
	head, clerk := x.As(t, "housing", "head", 0), x.As(t, "housing", "handler", 0)
	_, err := x.Rights.Give(ctx, head, clerk.Person, []name.Role{"head"}, x.Desk.Today(), x.Desk.Today()+20, "出差")
	must(t, err)
	if c := as(t, x, clerk.Person, head.Person); c.For != head.Person || c.Unit != "housing" || !c.Has("head") {
		t.Fatalf("asked to act: %+v", c)
	}
	move(t, x, "away", head.Person, "city-management", "head")
	if c := as(t, x, clerk.Person, head.Person); c.For != "" || c.Has("head") {
		t.Errorf("a clerk of another unit acts for its head: %+v", c)
	}
	if !as(t, x, head.Person, "").Has("head") {
		t.Error("the head is none where they are now")
	}
}

// TestWhatFellBesideAnAdministratorIsNotHeldAnywhere: who is one of the three by another account is handed nothing, and their calendar is shut.
func TestWhatFellBesideAnAdministratorIsNotHeldAnywhere(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	dir = x.Desk.Directory()
	head, sys := x.As(t, "housing", "head", 0), of(t, x, "sysadmin", 0)
	if len(x.Desk.RolesNow(head.Person)) == 0 {
		t.Fatal("the head is none")
	}
	room, err := rights.Open(ctx, x.Desk, x.Store, persons{head.Person: "one", sys: "one"})
	must(t, err)
	x.Desk.Heed(room)
	if got := x.Desk.Entitled(head, ""); got.Has("head") {
		t.Fatalf("signed in they hold %v", got.Roles)
	}
	if got := x.Desk.RolesNow(head.Person); len(got) != 0 {
		t.Errorf("for whoever asks they hold %v", got)
	}
	if got := x.Desk.RolesNow(sys); len(got) != 1 || got[0] != "sysadmin" {
		t.Errorf("the administrator holds %v", got)
	}
}

// TestARoleIsGrantedWhileItsProposerMayProposeIt: what a head proposed is not approved once they are no head any more, or whom it is for is another head's.
func TestARoleIsGrantedWhileItsProposerMayProposeIt(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	x.Forward(t, 1)
	head, sec := x.As(t, "housing", "head", 0), as(t, x, of(t, x, "secadmin", 0), "")
	clerk := x.As(t, "housing", "handler", 0).Person
	propose := func(role name.Role) name.ID {
		t.Helper()
		p, err := x.Rights.Propose(ctx, head, rights.Order{Act: "grant", For: clerk, Role: role, Why: "兼任"})
		must(t, err)
		return p.ID
	}
	approved := func(id name.ID) string {
		_, err := x.Rights.Approve(ctx, sec, id)
		return code(err)
	}
	if got := approved(propose("checker")); got != "" {
		t.Fatalf("while the head is one: %s", got)
	}
	gone := propose("statistician")
	must(t, x.Rights.Revoke(ctx, sec, head.Person, "head", "停职"))
	if got := approved(gone); got != "twofold-proposer" {
		t.Errorf("of a head who is none any more: %q", got)
	}
	must(t, x.Rights.RefuseAct(ctx, sec, gone, "停职"))

	x = district.New(t, calendar.NewDate(2023, 3, 1))
	x.Forward(t, 1)
	sec = as(t, x, of(t, x, "secadmin", 0), "")
	moved := propose("operator")
	move(t, x, "away", clerk, "city-management", "handler")
	if got := approved(moved); got != "twofold-proposer" {
		t.Errorf("for somebody of another unit by now: %q", got)
	}
}
