package accounts_test

import (
	"errors"
	"testing"

	"bihuan/desk"
	. "bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/internal/bar"
	"bihuan/kernel/account"
)

// TestBar_A04_TwoOfTheThreeNameTheThird walks the replacement of an administrator as docs/accounts.md tells it: no other role has a part in it, no
// administrator does it alone, and afterwards the three are in place again.
func TestBar_A04_TwoOfTheThreeNameTheThird(t *testing.T) {
	r := stand(t, password.Cost{Time: 1, Memory: 64}, Limits{})
	ctx := t.Context()
	free := r.desk.Directory().Persons[len(r.desk.Directory().Persons)-1].Key // who holds no role so far
	r.must(r.Import(ctx, []Newcomer{{Person: free, Natural: "demo " + string(free)}}))
	r.must(r.Import(ctx, Newcomers(r.desk.Directory())))
	who := func(role name.Role) desk.Caller {
		all, err := r.Holding(ctx, role)
		r.must(err)
		return desk.Caller{Person: all[0].Person, Unit: all[0].Unit, Roles: []name.Role{role}}
	}
	sys, sec, aud, head := who("sysadmin"), who("secadmin"), who("auditor"), who("head")
	successor, err := r.ByPerson(ctx, free)
	r.must(err)
	refused := 0
	refuse := func(what, code string, err error) {
		t.Helper()
		var got *fault.Refusal
		if !errors.As(err, &got) || got.Code != code {
			t.Errorf("%s: %v, want %s", what, err, code)
			return
		}
		refused++
	}
	holds := func() bool {
		a, err := r.Account(ctx, successor.ID)
		r.must(err)
		return a.Holds("auditor", r.now.Load())
	}
	refuse("a head", "no-grant", r.Appoint(ctx, head, successor.ID, "auditor", "补缺"))
	refuse("another role", "role-unknown", r.Appoint(ctx, sec, successor.ID, "leader", "补缺"))
	refuse("for oneself", "own-account", r.Appoint(ctx, sec, ofPerson(t, r, sec.Person).ID, "sysadmin", "补缺"))
	refuse("who holds another role", "administrator-alone", r.Appoint(ctx, sec, ofPerson(t, r, who("statistician").Person).ID, "auditor", "补缺"))
	refuse("no reason", "reason-missing", r.Appoint(ctx, sec, successor.ID, "auditor", " "))
	r.must(r.Appoint(ctx, sec, successor.ID, "auditor", "审计管理员退休"))
	r.must(r.Appoint(ctx, sec, successor.ID, "auditor", "再来一次"))
	if holds() {
		t.Fatal("one of the three alone named an auditor")
	}
	refuse("a head takes it back", "no-grant", r.Withdraw(ctx, head, successor.ID, "auditor", "不同意"))
	r.must(r.Withdraw(ctx, aud, successor.ID, "auditor", "尚未离任"))
	refuse("what is not offered", "role-not-offered", r.Withdraw(ctx, aud, successor.ID, "auditor", "尚未离任"))
	r.must(r.Disable(ctx, sys, ofPerson(t, r, aud.Person).ID, "退休"))
	refuse("without an auditor", "officer-missing", r.Ready(ctx))
	r.must(r.Appoint(ctx, sec, successor.ID, "auditor", "审计管理员退休"))
	r.must(r.Appoint(ctx, sys, successor.ID, "auditor", "同意"))
	if !holds() || r.Ready(ctx) != nil {
		t.Fatalf("two of the three named an auditor: %v", r.Ready(ctx))
	}
	refuse("two of the three roles", "roles-of-one-person", r.Appoint(ctx, sys, successor.ID, "secadmin", "兼任"))
	refuse("a confirmed role is taken back", "role-not-offered", r.Withdraw(ctx, sec, successor.ID, "auditor", "反悔"))
	bar.Report(t, "A-04", "an administrator replaced by the two who are left; %d of 10 other ways refused", refused)
	if refused != 10 {
		t.Errorf("%d refused", refused)
	}
}

func ofPerson(t *testing.T, r *room, p name.Person) account.Account {
	t.Helper()
	a, err := r.ByPerson(t.Context(), p)
	r.must(err)
	return a
}
