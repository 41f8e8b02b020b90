package rights_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/rights"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/district"
	"bihuan/kernel/account"
)

var (
	ctx = context.Background()
	day = calendar.NewDate(2023, 3, 1) // a Wednesday
)

// code returns the code of a refusal, "" for anything else.
func code(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// as returns a person with their roles at this moment; acting for somebody if that is not empty.
func as(t testing.TB, x *district.District, p, acting name.Person) desk.Caller {
	t.Helper()
	c, ok := x.Desk.Directory().Caller(p, "zh")
	if !ok {
		t.Fatalf("nobody is %s", p)
	}
	return x.Desk.Entitled(c, acting)
}

// of returns the n-th person of the district with a role.
func of(t testing.TB, x *district.District, role name.Role, n int) name.Person {
	t.Helper()
	for _, p := range x.Desk.Directory().Persons {
		if slices.Contains(p.Roles, role) {
			if n == 0 {
				return p.Key
			}
			n--
		}
	}
	t.Fatalf("nobody is %s", role)
	return ""
}

// promise opens a promise that a unit holds.
func promise(t testing.TB, x *district.District, unit name.Unit) name.ID {
	t.Helper()
	done, err := x.Desk.Start(ctx, as(t, x, of(t, x, "issuer", 0), ""), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": string(unit), "due": "2023-12-31"}})
	if err != nil {
		t.Fatal(err)
	}
	return done.Matter
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestARoleIsProposedByOneAndHeldWhenAnotherGrantsIt(t *testing.T) {
	x := district.New(t, day)
	head := x.As(t, "housing", "head", 0)
	sec, clerk := as(t, x, of(t, x, "secadmin", 0), ""), x.As(t, "housing", "handler", 0)
	p, err := x.Rights.Propose(ctx, head, rights.Order{Act: "grant", For: clerk.Person, Role: "checker", Why: "兼任核查"})
	must(t, err)
	if who := as(t, x, clerk.Person, ""); who.Has("checker") {
		t.Error("the role is held before it was granted")
	}
	if _, err := x.Rights.Approve(ctx, head, p.ID); code(err) != "no-grant" {
		t.Errorf("whoever proposed it grants it: %v", err)
	}
	if _, err := x.Rights.Approve(ctx, sec, p.ID); err != nil {
		t.Fatal(err)
	}
	if who := as(t, x, clerk.Person, ""); !who.Has("checker") || !who.Has("handler") {
		t.Errorf("roles %v", who.Roles)
	}
	x.Forward(t, 80)
	must(t, x.Rights.Renew(ctx, sec, clerk.Person, "checker"))
	x.Forward(t, 89)
	if !as(t, x, clerk.Person, "").Has("checker") {
		t.Error("a role that was renewed has gone")
	}
	x.Forward(t, 2)
	if as(t, x, clerk.Person, "").Has("checker") {
		t.Error("a role that nobody renewed is still held")
	}
	if n, err := x.Rights.Tick(ctx); n != 1 || err != nil {
		t.Errorf("%d roles lapsed, %v", n, err)
	}
	if n, err := x.Rights.Tick(ctx); n != 0 || err != nil {
		t.Errorf("it lapsed twice: %d, %v", n, err)
	}
	again, err := rights.Open(ctx, x.Desk, x.Store, nil)
	must(t, err)
	if got := again.Roles(clerk.Person, clerk.Roles); !slices.Equal(got, clerk.Roles) {
		t.Errorf("after a restart the roles are %v", got)
	}
	x.Verify(t)
	held(t, x, rights.TwofoldKind, rights.HoldingKind)
}

// TestARoleIsAnnouncedBeforeItLapses: once for each renewal, as long before as the district's parameter says.
func TestARoleIsAnnouncedBeforeItLapses(t *testing.T) {
	x := district.New(t, day)
	head, sec, clerk := x.As(t, "housing", "head", 0), as(t, x, of(t, x, "secadmin", 0), ""), x.As(t, "housing", "handler", 0)
	p, err := x.Rights.Propose(ctx, head, rights.Order{Act: "grant", For: clerk.Person, Role: "checker", Why: "兼任核查"})
	must(t, err)
	_, err = x.Rights.Approve(ctx, sec, p.ID)
	must(t, err)
	if x.Rights.Period() != 90*24*3600*1e6 || x.Rights.Notice() != 14*24*3600*1e6 {
		t.Errorf("period %d, notice %d µs", x.Rights.Period(), x.Rights.Notice())
	}
	told := func() (n int) {
		t.Helper()
		_, err := x.Rights.Tick(ctx)
		must(t, err)
		events, err := x.Store.Events(ctx, x.Rights.Mine(clerk).Held[0].ID, 0)
		must(t, err)
		for _, e := range events {
			if e.Type == account.TypeRoleDue {
				n++
			}
		}
		return n
	}
	for _, c := range []struct{ days, want int }{{75, 0}, {1, 1}, {1, 1}} {
		x.Forward(t, c.days)
		if got := told(); got != c.want {
			t.Errorf("%d days on: told %d times, want %d", c.days, got, c.want)
		}
	}
	must(t, x.Rights.Renew(ctx, sec, clerk.Person, "checker"))
	if got := told(); got != 1 {
		t.Errorf("just renewed: told %d times", got)
	}
	x.Forward(t, 80)
	if got := told(); got != 2 {
		t.Errorf("before it lapses again: told %d times", got)
	}
	held(t, x, rights.HoldingKind)
}

// TestTheRolesOfPostsAreReviewed walks a review: planned, begun, late with who is missing, and planned anew when nobody is; no role
// ends, nobody reviews their own, and it stands after a restart.
func TestTheRolesOfPostsAreReviewed(t *testing.T) {
	x := district.New(t, day)
	sec, auditor := as(t, x, of(t, x, "secadmin", 0), ""), as(t, x, of(t, x, "auditor", 0), "")
	tick := func(days int) int {
		t.Helper()
		x.Forward(t, days)
		n, err := x.Rights.Tick(ctx)
		must(t, err)
		return n
	}
	tick(0)
	if v := x.Rights.Posts(sec); v.Due == 0 || v.Opened != 0 || v.Missing != 0 {
		t.Fatalf("planned: %+v", v)
	}
	if err := x.Rights.ReviewPosts(ctx, sec, []name.Person{auditor.Person}); code(err) != "review-not-open" {
		t.Errorf("before it begins: %v", err)
	}
	if tick(75) != 0 || tick(1) != 1 || tick(0) != 0 {
		t.Error("it is not begun once, 14 days before it is due")
	}
	v := x.Rights.Posts(sec)
	if v.Opened == 0 || v.Missing < 3 || len(v.Waiting)+v.More != v.Missing-1 {
		t.Fatalf("begun: %d missing, %d put before the security administrator", v.Missing, len(v.Waiting)+v.More)
	}
	if err := x.Rights.ReviewPosts(ctx, sec, []name.Person{sec.Person}); code(err) != "own-account" {
		t.Errorf("one's own: %v", err)
	}
	if err := x.Rights.ReviewPosts(ctx, x.As(t, "housing", "head", 0), []name.Person{sec.Person}); code(err) == "" {
		t.Error("a head reviews")
	}
	if tick(14) != 1 || tick(1) != 0 {
		t.Error("it is not noted as late, once")
	}
	if v := x.Rights.Posts(sec); v.Late == 0 {
		t.Errorf("late: %+v", v)
	}
	clerk := x.As(t, "housing", "handler", 0)
	if !as(t, x, clerk.Person, "").Has("handler") {
		t.Error("a role of a post ended by itself")
	}
	for v := x.Rights.Posts(sec); len(v.Waiting) > 0; v = x.Rights.Posts(sec) {
		var some []name.Person
		for _, p := range v.Waiting {
			some = append(some, p.Key)
		}
		must(t, x.Rights.ReviewPosts(ctx, sec, some))
	}
	again, err := rights.Open(ctx, x.Desk, x.Store, nil)
	must(t, err)
	if v := again.Posts(auditor); v.Missing != 1 || len(v.Waiting) != 1 || v.Waiting[0].Key != sec.Person {
		t.Errorf("after a restart %d are missing", v.Missing)
	}
	x.Desk.Heed(x.Rights)
	must(t, x.Rights.ReviewPosts(ctx, auditor, []name.Person{sec.Person}))
	if tick(0); x.Rights.Posts(sec).Opened != 0 {
		t.Error("it is not planned anew")
	}
	x.Verify(t)
	held(t, x, rights.ReviewKind)
}

func TestWhatOneActsForSomebodyIsBoundAndShown(t *testing.T) {
	x := district.New(t, day)
	head, clerk := x.As(t, "housing", "head", 0), x.As(t, "education", "handler", 0)
	matter := promise(t, x, "housing")
	give := func(who desk.Caller, to name.Person, roles []name.Role, from, until calendar.Date, why string) error {
		_, err := x.Rights.Give(ctx, who, to, roles, from, until, why)
		return err
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"for 31 days", give(head, clerk.Person, []name.Role{"head"}, day, day+30, "出差"), "delegation-span"},
		{"from yesterday", give(head, clerk.Person, []name.Role{"head"}, day-1, day-1, "出差"), "delegation-span"},
		{"without a reason", give(head, clerk.Person, []name.Role{"head"}, day, day+5, " "), "reason-missing"},
		{"a role that is not theirs", give(head, clerk.Person, []name.Role{"leader"}, day, day+5, "出差"), "delegation-not-yours"},
		{"to themselves", give(head, head.Person, []name.Role{"head"}, day, day+5, "出差"), "delegation-to-oneself"},
		{"to an administrator", give(head, of(t, x, "secadmin", 0), []name.Role{"head"}, day, day+5, "出差"), "delegation-administrator"},
		{"to nobody", give(head, "nobody", []name.Role{"head"}, day, day+5, "出差"), "person-unknown"},
	} {
		if code(c.err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, c.err, c.want)
		}
	}
	if _, err := x.Desk.Matter(ctx, clerk, matter); !errors.Is(err, fault.ErrNotFound) {
		t.Fatalf("a clerk of another unit reads it: %v", err)
	}
	d, err := x.Rights.Give(ctx, head, clerk.Person, []name.Role{"head"}, day, day+5, "出差")
	must(t, err)
	deputy := as(t, x, clerk.Person, head.Person)
	if deputy.For != head.Person || deputy.Unit != "housing" || !slices.Equal(deputy.Roles, []name.Role{"head"}) {
		t.Fatalf("acting as %+v", deputy)
	}
	if err := give(deputy, of(t, x, "checker", 0), []name.Role{"head"}, day, day+2, "再转托"); code(err) != "in-person" {
		t.Errorf("it was delegated on: %v", err)
	}
	v, err := x.Desk.Matter(ctx, deputy, matter)
	must(t, err)
	if len(v.Acts) == 0 || v.Acts[0].Refused != nil {
		t.Fatalf("nothing to do for the deputy: %+v", v.Acts)
	}
	_, err = x.Desk.Act(ctx, deputy, desk.Do{Matter: matter, Act: v.Acts[0].Act.Key, With: map[string]string{}, Reason: "代为办理"})
	must(t, err)
	v, err = x.Desk.Matter(ctx, deputy, matter)
	must(t, err)
	last := v.History[len(v.History)-1]
	if last.Actor.Person != clerk.Person || last.Actor.For != head.Person {
		t.Errorf("the act stands as %+v", last.Actor)
	}
	must(t, x.Rights.EndDelegation(ctx, head, d.ID, "已返回"))
	if who := as(t, x, clerk.Person, head.Person); who.For != "" || who.Unit != "education" {
		t.Errorf("after it ended: %+v", who)
	}
	if err := x.Rights.EndDelegation(ctx, head, d.ID, "已返回"); code(err) != "delegation-over" {
		t.Errorf("ended twice: %v", err)
	}
	x.Verify(t)
}

func TestADelegationEndsByItself(t *testing.T) {
	x := district.New(t, day)
	head, clerk := x.As(t, "housing", "head", 0), x.As(t, "education", "handler", 0)
	_, err := x.Rights.Give(ctx, head, clerk.Person, []name.Role{"head"}, day+1, day+2, "出差")
	must(t, err)
	for i, want := range []bool{false, true, true, false} {
		if got := as(t, x, clerk.Person, head.Person).For != ""; got != want {
			t.Errorf("day %d: acts for the head: %v, want %v", i, got, want)
		}
		x.Clock.Forward(24 * time.Hour)
	}
	held(t, x, rights.DelegationKind)
}

func TestWhoeverKeepsOutDoesNotAct(t *testing.T) {
	x := district.New(t, day)
	head := x.As(t, "housing", "head", 0)
	clerk, other := x.As(t, "housing", "handler", 0), desk.Caller{Person: head.Person}
	matter := promise(t, x, "housing")
	if err := x.Rights.Recuse(ctx, clerk, matter, other.Person, "他的亲属住在该小区"); code(err) != "recusal-of-others" {
		t.Errorf("a colleague is sent out: %v", err)
	}
	must(t, x.Rights.Recuse(ctx, head, matter, clerk.Person, "其近亲属住在该小区"))
	v, err := x.Desk.Matter(ctx, clerk, matter)
	must(t, err)
	for _, a := range v.Acts {
		if a.Refused == nil {
			t.Errorf("%s may still be done", a.Act.Key)
		}
	}
	_, err = x.Desk.Act(ctx, clerk, desk.Do{Matter: matter, Act: v.Acts[0].Act.Key, With: map[string]string{}})
	if code(err) != "own-case" {
		t.Errorf("the act was answered with %v", err)
	}
	all := x.Rights.Recusals(matter)
	if len(all) != 1 {
		t.Fatalf("%d keep out", len(all))
	}
	if err := x.Rights.EndRecusal(ctx, clerk, all[0].ID, "无此事"); code(err) != "recusal-not-by-oneself" {
		t.Errorf("they come back by themselves: %v", err)
	}
	must(t, x.Rights.EndRecusal(ctx, head, all[0].ID, "查无此事"))
	if len(x.Desk.Grants(clerk)) == 0 || len(x.Rights.KeepOut(matter)) != 0 {
		t.Error("the way back is shut")
	}
	held(t, x, rights.RecusalKind)
}

// persons gives several names to one natural person.
type persons map[name.Person]string

// dir is the directory of the test that runs.
var dir *desk.Directory

func (p persons) Post(who name.Person) ([]name.Role, bool) {
	c, known := dir.Caller(who, "")
	return c.Roles, known
}
func (p persons) Works(name.Person) bool         { return true }
func (p persons) Anybody(name.Role) bool         { return true }
func (p persons) Natural(who name.Person) string { return p[who] }
func (p persons) Maker(name.Person) account.Hand { return account.Hand{} }
func (p persons) Same(who name.Person) (all []name.Person) {
	for other, natural := range p {
		if natural == p[who] && natural != "" {
			all = append(all, other)
		}
	}
	if len(all) == 0 {
		all = append(all, who)
	}
	return all
}

// TestNobodyEndsTheirOwnRecusalByAnotherAccount: who heads the unit by one account does not come back so to what they keep out of by another, nor does
// whoever acts in the name of that account.
func TestNobodyEndsTheirOwnRecusalByAnotherAccount(t *testing.T) {
	x := district.New(t, day)
	dir = x.Desk.Directory()
	head, clerk := x.As(t, "housing", "head", 0), x.As(t, "housing", "handler", 0)
	room, err := rights.Open(ctx, x.Desk, x.Store, persons{head.Person: "one", clerk.Person: "one", "p900": "two"})
	must(t, err)
	x.Desk.Heed(room)
	matter := promise(t, x, "housing")
	must(t, room.Recuse(ctx, head, matter, head.Person, "其近亲属住在该小区"))
	must(t, room.Recuse(ctx, clerk, matter, clerk.Person, "其近亲属住在该小区"))
	for _, c := range room.Recusals(matter) {
		if c.Person != clerk.Person {
			continue
		}
		if err := room.EndRecusal(ctx, head, c.ID, "无此事"); code(err) != "recusal-not-by-oneself" {
			t.Errorf("ended by the other account: %v", err)
		}
		agent := head
		agent.Person, agent.For = "p900", head.Person
		if err := room.EndRecusal(ctx, agent, c.ID, "无此事"); code(err) != "recusal-not-by-oneself" {
			t.Errorf("ended in the name of the other account: %v", err)
		}
	}
	if n := len(room.KeepOut(matter)); n != 2 {
		t.Errorf("%d accounts keep out", n)
	}
}

// TestBar_A04_NoRoleAndNoPersonDoesADangerousActAlone asks, for each dangerous act, every role for both halves of it, a head for each
// of the administrators' roles, and one natural person behind two accounts for both halves.
func TestBar_A04_NoRoleAndNoPersonDoesADangerousActAlone(t *testing.T) {
	x := district.New(t, day)
	dir = x.Desk.Directory()
	policy := x.Desk.Policy()
	acts, alone, pairs := 0, 0, 0
	for _, row := range policy.Together() {
		acts++
		for _, role := range policy.Roles() {
			c := desk.Caller{Person: "p900", Unit: "office", Roles: []name.Role{role.Role}}
			d, _ := access.Lookup(row.Propose)
			e, _ := access.Lookup(row.Approve)
			if x.Desk.Holds(c, row.Propose, d.On[0]) && x.Desk.Holds(c, row.Approve, e.On[0]) {
				t.Errorf("role %s does %s alone", role.Role, row.Act)
			}
			alone++
		}
	}
	for _, role := range policy.Roles() {
		if x.Desk.Holds(desk.Caller{Person: "p900", Roles: []name.Role{role.Role}}, access.LogPurge, access.Log) {
			t.Errorf("role %s purges the log", role.Role)
		}
	}

	// No proposal gives the role of an administrator: two of the three do, by the rules of accounts.
	sec, head := of(t, x, "secadmin", 0), x.As(t, "housing", "head", 0)
	clerk := x.As(t, "housing", "handler", 0).Person
	refused := 0
	for _, set := range policy.Exclusive() {
		for _, role := range set {
			pairs++
			if _, err := x.Rights.Propose(ctx, head, rights.Order{Act: "grant", For: clerk, Role: role, Why: "补缺"}); code(err) != "officers-by-two" {
				t.Errorf("a head proposes %s: %v", role, err)
				continue
			}
			refused++
		}
	}

	// The same natural person proposes with one account and approves with another.
	room, err := rights.Open(ctx, x.Desk, x.Store, persons{head.Person: "two", sec: "two"})
	must(t, err)
	p, err := room.Propose(ctx, head, rights.Order{Act: "grant", For: clerk, Role: "checker", Why: "一人两号"})
	must(t, err)
	pairs++
	if _, err := room.Approve(ctx, as(t, x, sec, ""), p.ID); code(err) != "made-it" {
		t.Errorf("one natural person proposed and approved: %v", err)
	} else {
		refused++
	}
	if refused != pairs {
		t.Errorf("%d of %d forbidden pairs refused", refused, pairs)
	}
	bar.Report(t, "A-04", "%d dangerous acts × %d roles: none suffices alone, the log is purged by nobody; %d of %d forbidden ways refused: an administrator's role by a head, both halves by one natural person", acts, alone/acts, refused, pairs)
}

// TestBar_A08_ABrokenGlassNeedsTwoEndsByItselfAndIsReviewed walks a glass through its whole life and through every way round it.
func TestBar_A08_ABrokenGlassNeedsTwoEndsByItselfAndIsReviewed(t *testing.T) {
	x := district.New(t, day)
	clerk := x.As(t, "education", "handler", 0)
	matter := promise(t, x, "housing")
	lead, second, sec, auditor := as(t, x, of(t, x, "leader", 0), ""), as(t, x, of(t, x, "leader", 1), ""), as(t, x, of(t, x, "secadmin", 0), ""), as(t, x, of(t, x, "auditor", 0), "")
	ask := func(role name.Role, hours int, why string) error {
		_, err := x.Rights.AskGlass(ctx, clerk, role, hours, why)
		return err
	}
	reads := func() bool {
		_, err := x.Desk.Matter(ctx, as(t, x, clerk.Person, ""), matter)
		return err == nil
	}
	refusals := 0
	refuse := func(name string, err error, want string) {
		t.Helper()
		if code(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		refusals++
	}
	const why = "老旧小区燃气泄漏，需立即调取改造台账"
	refuse("five hours", ask("emergency", 5, why), "glass-span")
	refuse("no hours", ask("emergency", 0, why), "glass-span")
	refuse("a word for a reason", ask("emergency", 2, "急"), "glass-reason")
	refuse("a role that is granted", ask("head", 2, why), "glass-role")
	must(t, ask("emergency", 2, why))
	refuse("another while one waits", ask("emergency", 2, why), "glass-open")
	g := x.Rights.Mine(clerk).Glasses[0]
	if reads() {
		t.Error("it opens before anybody approved it")
	}
	step := func(who desk.Caller, s account.GlassStep, reason, finding string) error {
		_, err := x.Rights.StepGlass(ctx, who, g.ID, s, reason, finding)
		return err
	}
	refuse("the asker approves", step(clerk, account.GlassApprove, "", ""), "no-grant")
	must(t, step(lead, account.GlassApprove, "", ""))
	if reads() {
		t.Error("one approval opens it")
	}
	refuse("the same approves twice", step(lead, account.GlassApprove, "", ""), "glass-other-person")
	must(t, step(sec, account.GlassApprove, "", ""))
	if !reads() {
		t.Error("two approvals do not open it")
	}
	refuse("a third approval", step(second, account.GlassApprove, "", ""), "glass-state")
	refuse("a review while it is broken", step(auditor, account.GlassReview, "属实", ""), "glass-state")
	x.Clock.Forward(2*time.Hour - time.Second)
	if !reads() {
		t.Error("it ends before its time")
	}
	x.Clock.Forward(time.Second)
	if reads() {
		t.Error("it does not end by itself")
	}
	refuse("another before the review", ask("emergency", 2, why), "glass-open")
	refuse("an approver reviews", step(sec, account.GlassReview, "属实", ""), "no-grant")
	g = x.Rights.Mine(clerk).Glasses[0]
	if due := calendar.Instant(g.ReviewBy).Date(); due != day+3 { // Thursday and Friday
		t.Errorf("to be reviewed before %s", due)
	}
	if n, err := x.Rights.Tick(ctx); n != 0 || err != nil {
		t.Errorf("late before its time: %d, %v", n, err)
	}
	x.Clock.Forward(72 * time.Hour)
	if n, err := x.Rights.Tick(ctx); n != 1 || err != nil {
		t.Errorf("a review that is late is no finding: %d, %v", n, err)
	}
	refuse("a review without a word", step(auditor, account.GlassReview, " ", ""), "reason-missing")
	must(t, step(auditor, account.GlassReview, "调取范围与事由相符", ""))
	must(t, ask("emergency", 1, why))
	g = x.Rights.Mine(clerk).Glasses[0]
	x.Clock.Forward(5 * time.Hour)
	refuse("an approval after four hours", step(lead, account.GlassApprove, "", ""), "glass-stale")
	must(t, ask("emergency", 1, why))
	g = x.Rights.Mine(clerk).Glasses[0]
	must(t, step(lead, account.GlassApprove, "", ""))
	must(t, step(second, account.GlassApprove, "", ""))
	must(t, step(clerk, account.GlassClose, "已处置", ""))
	if reads() {
		t.Error("it stays open after it was given back")
	}
	x.Verify(t)
	bar.Report(t, "A-08", "two approvers, 4 h at most, a reason, gone to the second, reviewed within 2 working days or a finding; %d ways round it refused", refusals)
	held(t, x, rights.GlassKind)
}

// TestBar_A04_AnAdministratorDoesNoBusiness: whoever is one of the three administrators by any of their accounts is granted no other role, and one that they have
// all the same, from before, is without effect: by the account that has it, by the administrator's own, for whom they act, and for whoever acts for them.
func TestBar_A04_AnAdministratorDoesNoBusiness(t *testing.T) {
	x := district.New(t, day)
	dir = x.Desk.Directory()
	guard := x.As(t, "services", "secadmin", 0)
	sec, sys := guard.Person, x.As(t, "services", "sysadmin", 0)
	head, clerk, free := x.As(t, "housing", "head", 0), x.As(t, "housing", "handler", 0), x.As(t, "education", "handler", 0)
	room, err := rights.Open(ctx, x.Desk, x.Store, persons{sec: "one", clerk.Person: "one"})
	must(t, err)

	// Nothing is granted to another account of an administrator.
	if _, err := room.Propose(ctx, head, rights.Order{Act: "grant", For: clerk.Person, Role: "checker", Why: "兼任"}); code(err) != "administrator-alone" {
		t.Errorf("a role is proposed for an administrator: %v", err)
	}
	proposed, err := room.Propose(ctx, x.As(t, "education", "head", 0), rights.Order{Act: "grant", For: free.Person, Role: "checker", Why: "兼任"})
	must(t, err)
	later, err := rights.Open(ctx, x.Desk, x.Store, persons{sys.Person: "two", free.Person: "two"}) // found out, or come to be, while it waits
	must(t, err)
	if _, err := later.Approve(ctx, guard, proposed.ID); code(err) != "administrator-alone" {
		t.Errorf("it is approved: %v", err)
	}

	// What stands is without effect, and the reason is told.
	_, err = rights.Open(ctx, x.Desk, x.Store, persons{sec: "one", clerk.Person: "one"})
	must(t, err)
	open := access.Object{Type: access.Matter, Unit: "housing", UnitPath: x.Desk.Directory().Path("housing"), Class: access.Internal}
	as := x.Desk.Entitled(clerk, "")
	if len(as.Roles) != 0 || !as.Fell || code(x.Desk.Allow(as, access.MatterOpen, open)) != "roles-fell" {
		t.Errorf("the clerk who is an administrator too: %v %v, %v", as.Roles, as.Fell, x.Desk.Allow(as, access.MatterOpen, open))
	}
	admin := x.Desk.Entitled(guard, "")
	if !slices.Equal(admin.Roles, []name.Role{"secadmin"}) || admin.Fell {
		t.Errorf("the administrator: %+v", admin)
	}
	both := x.Desk.Entitled(desk.Caller{Person: "p900", Unit: "housing", Roles: []name.Role{"handler", "sysadmin"}}, "")
	if !slices.Equal(both.Roles, []name.Role{"sysadmin"}) || !both.Fell || code(x.Desk.Allow(both, access.MatterOpen, open)) != "roles-fell" {
		t.Errorf("one account with both: %+v, %v", both, x.Desk.Allow(both, access.MatterOpen, open))
	}
	if plain := x.Desk.Entitled(free, ""); !slices.Equal(plain.Roles, free.Roles) || plain.Fell {
		t.Errorf("somebody who is nothing else: %+v", plain)
	}

	// Nor does it come by a delegation, whoever turns out to be an administrator.
	x.Desk.Heed(x.Rights)
	_, err = x.Rights.Give(ctx, head, clerk.Person, []name.Role{"head"}, x.Desk.Today(), x.Desk.Today()+3, "出差")
	must(t, err)
	if got := x.Desk.Entitled(clerk, head.Person); got.For != head.Person || !slices.Contains(got.Roles, "head") {
		t.Fatalf("who acts for the head: %+v", got)
	}
	for what, p := range map[string]persons{"who acts": {sec: "one", clerk.Person: "one"}, "for whom": {sec: "one", head.Person: "one"}} {
		if _, err = rights.Open(ctx, x.Desk, x.Store, p); err != nil {
			t.Fatal(err)
		}
		if got := x.Desk.Entitled(clerk, head.Person); len(got.Roles) != 0 || !got.Fell {
			t.Errorf("%s is an administrator: %+v", what, got)
		}
	}
}
