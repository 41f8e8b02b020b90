package account_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/account"
)

var three = Env{Exclusive: [][]name.Role{{"sysadmin", "secadmin", "auditor"}}}

const day = 24 * 3600 * 1_000_000

// hand is a natural person acting with an account.
func hand(p name.Person, role name.Role) Hand {
	return Hand{name.Actor{Person: p, Unit: "it", Role: role}, "natural-" + string(p)}
}

var system = Hand{Actor: name.System}

// life carries commands out on one account and stops at the first refusal.
func life(t testing.TB, cs ...Command) (Account, error) {
	t.Helper()
	var a Account
	for i, c := range cs {
		if c.At == 0 {
			c.At = int64(i+1) * 1000
		}
		d, err := Decide(&a, c, three)
		if err != nil {
			return a, fmt.Errorf("%s: %w", c.Verb, err)
		}
		a = apply(t, a, c, d)
	}
	return a, nil
}

func apply(t testing.TB, a Account, c Command, d Decision) Account {
	t.Helper()
	body, err := json.Marshal(d.Change)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Apply(a, &ledger.Event{Stream: "220105-a", Version: a.Version + 1, At: c.At, Actor: c.By.Actor, Type: d.Type, Reason: d.Reason, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func invite(by Hand, p name.Person) Command {
	return Command{Verb: Invite, By: by, With: Change{Person: p, Unit: "housing", Until: 6 * day}}
}

func activate(p name.Person) Command {
	return Command{Verb: Activate, By: hand(p, "public"), With: Change{Login: string(p) + "-1", Natural: "natural-" + string(p)}}
}

func factor(p name.Person, k FactorKind) Command {
	return Command{Verb: AddFactor, By: hand(p, "public"), With: Change{Factor: &Factor{ID: string(k), Kind: k}}}
}

func grant(by Hand, r name.Role) Command {
	return Command{Verb: Grant, By: by, Reason: "岗位需要", With: Change{Role: r}}
}

func link(v Verb, by Hand) Command {
	return Command{Verb: v, By: by, Reason: "统一身份", With: Change{Factor: &Factor{ID: "subject", Kind: OIDC}}}
}

func TestLifeOfAnAccount(t *testing.T) {
	sys, sec, aud := hand("sys", "sysadmin"), hand("sec", "secadmin"), hand("aud", "auditor")
	for _, c := range []struct {
		name string
		do   []Command
		code string
		want []name.Role
	}{
		{"invited, activated, given a role", []Command{invite(sys, "li"), activate("li"), factor("li", Password), factor("li", TOTP), grant(sec, "handler")}, "", []name.Role{"handler"}},
		{"before activation no role is in force", []Command{invite(sys, "li"), grant(sec, "handler")}, "", nil},
		{"an identity elsewhere is linked by two", []Command{invite(sys, "li"), activate("li"), link(ProposeLink, sys), link(ApproveLink, sec)}, "", nil},
		{"not by whoever proposed it", []Command{invite(sys, "li"), activate("li"), link(ProposeLink, sys), link(ApproveLink, Hand{name.Actor{Person: "other", Unit: "it", Role: "secadmin"}, "natural-sys"})}, "own-proposal", nil},
		{"nor for one's own account", []Command{invite(sys, "sec"), activate("sec"), link(ProposeLink, sec)}, "own-account", nil},
		{"what was dropped is not approved", []Command{invite(sys, "li"), activate("li"), link(ProposeLink, sys), link(DropLink, sec), link(ApproveLink, sec)}, "no-such-factor", nil},
		{"no administrator links anything but an identity elsewhere", []Command{invite(sys, "li"), activate("li"), {Verb: ProposeLink, By: sys, Reason: "r", With: Change{Factor: &Factor{ID: "k", Kind: Passkey}}}}, "field-missing", nil},
		{"nor an account that was not activated", []Command{invite(sys, "li"), link(ProposeLink, sys)}, "account-state", nil},
		{"an invitation ends", []Command{invite(sys, "li"), {Verb: Activate, By: hand("li", "public"), At: 7 * day, With: Change{Login: "li-1", Natural: "n"}}}, "invitation-over", nil},
		{"an invitation is no longer than a week", []Command{{Verb: Invite, By: sys, With: Change{Person: "li", Unit: "u", Until: 8 * day}}}, "invitation-span", nil},
		{"whoever made the account gives it no role", []Command{invite(sys, "li"), grant(sys, "handler")}, "granter-made-account", nil},
		{"nor from another account of the same natural person", []Command{invite(sys, "li"), grant(Hand{name.Actor{Person: "other", Unit: "it", Role: "secadmin"}, "natural-sys"}, "handler")}, "granter-made-account", nil},
		{"nobody gives themselves a role", []Command{invite(sys, "sec"), activate("sec"), grant(sec, "handler")}, "own-account", nil},
		{"one administrator alone makes no administrator", []Command{invite(sys, "li"), activate("li"), grant(sec, "auditor")}, "", nil},
		{"not by asking twice either", []Command{invite(sys, "li"), activate("li"), grant(sec, "auditor"), grant(sec, "auditor")}, "", nil},
		{"two of them do", []Command{invite(sys, "li"), activate("li"), grant(sec, "auditor"), grant(aud, "auditor")}, "", []name.Role{"auditor"}},
		{"also when one of the two made the account", []Command{invite(sys, "li"), activate("li"), grant(sys, "auditor"), grant(sec, "auditor")}, "", []name.Role{"auditor"}},
		{"who made it does not do both", []Command{invite(sys, "li"), activate("li"), grant(sys, "auditor"), grant(Hand{name.Actor{Person: "other", Unit: "it", Role: "secadmin"}, "natural-sys"}, "auditor")}, "", nil},
		{"nobody holds two of the three", []Command{invite(sys, "li"), activate("li"), grant(system, "secadmin"), grant(sec, "auditor")}, "roles-of-one-person", []name.Role{"secadmin"}},
		{"a role is revoked", []Command{invite(sys, "li"), activate("li"), grant(sec, "handler"), {Verb: Revoke, By: sec, Reason: "调离", With: Change{Role: "handler"}}}, "", nil},
		{"a role that is not held is not revoked", []Command{invite(sys, "li"), {Verb: Revoke, By: sec, Reason: "调离", With: Change{Role: "handler"}}}, "role-not-held", nil},
		{"disabled, it has no role in force", []Command{invite(sys, "li"), activate("li"), factor("li", Password), grant(sec, "handler"), {Verb: Disable, By: sys, Reason: "离职"}}, "", nil},
		{"enabled again, it has", []Command{invite(sys, "li"), activate("li"), factor("li", Password), grant(sec, "handler"), {Verb: Disable, By: sys, Reason: "离职"}, {Verb: Enable, By: sys, Reason: "复职"}}, "", []name.Role{"handler"}},
		{"disabling asks for a reason", []Command{invite(sys, "li"), {Verb: Disable, By: sys}}, "reason-missing", nil},
		{"nobody else sets a password", []Command{invite(sys, "li"), activate("li"), {Verb: AddFactor, By: sys, With: Change{Factor: &Factor{ID: "p", Kind: Password}}}}, "only-own-account", nil},
		{"the second factor stays", []Command{invite(sys, "li"), activate("li"), factor("li", Password), factor("li", TOTP), factor("li", Recovery),
			{Verb: RemoveFactor, By: hand("li", "handler"), With: Change{Factor: &Factor{ID: "totp"}}}}, "factor-needed", nil},
		{"staff come by invitation only", []Command{{Verb: Register, By: system, With: Change{Sort: Staff, Person: "li", Unit: "u", Factor: &Factor{ID: "o", Kind: OIDC}}}}, "invitation-needed", nil},
		{"a reset account stays the same person's", []Command{invite(sys, "li"), activate("li"), invite(sys, "li"),
			{Verb: Activate, By: hand("zhou", "public"), With: Change{Login: "li-1", Natural: "natural-zhou"}}}, "other-person", nil},
		{"a password alone lets no staff in", []Command{invite(sys, "li"), activate("li"), factor("li", Password), {Verb: SignIn, By: hand("li", "public"), With: Change{Session: "s", Proven: []FactorKind{Password}}}}, "factors-missing", nil},
		{"two codes are one factor", []Command{invite(sys, "li"), activate("li"), factor("li", TOTP), {Verb: SignIn, By: hand("li", "public"), With: Change{Session: "s", Proven: []FactorKind{TOTP, Recovery}}}}, "factors-missing", nil},
		{"a locked account takes no password", []Command{invite(sys, "li"), activate("li"), {Verb: Lock, By: system, With: Change{Until: day, Failures: 5}},
			{Verb: SignIn, By: hand("li", "public"), With: Change{Session: "s", Proven: []FactorKind{Password, TOTP}}}}, "account-locked", nil},
		{"what does not exist is not found", []Command{{Verb: Disable, By: sys, Reason: "x"}}, "no-such-account", nil},
	} {
		a, err := life(t, c.do...)
		var r *fault.Refusal
		if errors.As(err, &r); (err != nil || c.code != "") && (r == nil || r.Code != c.code) {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
		if got := a.RolesAt(day / 2); !slices.Equal(got, c.want) {
			t.Errorf("%s: roles %v, want %v", c.name, got, c.want)
		}
	}
}

// TestAResetAsksForOneRoleToo: an account that was disabled is not invited again while its person holds the other role.
func TestAResetAsksForOneRoleToo(t *testing.T) {
	sys := hand("sys", "sysadmin")
	a, err := life(t, invite(sys, "li"), activate("li"), grant(system, "auditor"), Command{Verb: Disable, By: sys, Reason: "离职"})
	if err != nil {
		t.Fatal(err)
	}
	env := three
	env.Others = []Account{{ID: "220105-b", Natural: a.Natural, State: Active, Roles: []Held{{Role: "secadmin"}}}}
	c := invite(sys, "li")
	c.At = 5000
	var r *fault.Refusal
	if _, err := Decide(&a, c, env); !errors.As(err, &r) || r.Code != "roles-of-one-person" {
		t.Errorf("it is invited again: %v", err)
	}
	if _, err := Decide(&a, c, three); !errors.As(err, &r) || r.Code != "officer-anew" { // one alone would be that administrator too
		t.Errorf("an administrator is invited anew by another: %v", err)
	}
	c.By = system
	if _, err := Decide(&a, c, three); err != nil {
		t.Errorf("without the other role, by the console, it is not: %v", err)
	}
}

// TestBar_A04_ThreeAdministratorsAreThreeNaturalPersons has random hands of few natural persons with many accounts do what
// they like: whatever is not refused, no natural person ever holds two of the exclusive roles, and no administrator's role
// was given by one natural person alone.
func TestBar_A04_ThreeAdministratorsAreThreeNaturalPersons(t *testing.T) {
	naturals := []string{"n1", "n2", "n3", "n4"}
	roles := []name.Role{"sysadmin", "secadmin", "auditor", "handler"}
	rapid.Check(t, func(t *rapid.T) {
		accounts := make([]Account, 6)
		now := int64(0)
		for range rapid.IntRange(20, 80).Draw(t, "steps") {
			now += 1000
			i := rapid.IntRange(0, len(accounts)-1).Draw(t, "account")
			c := Command{At: now, Reason: "试", Verb: rapid.SampledFrom([]Verb{Invite, Activate, Grant, Grant, Grant, Revoke, Disable, Enable}).Draw(t, "verb")}
			n := rapid.SampledFrom(naturals).Draw(t, "natural")
			c.By = Hand{name.Actor{Person: name.Person("p" + n), Unit: "u", Role: "secadmin"}, n}
			c.With = Change{Person: name.Person(fmt.Sprint("a", i)), Unit: "u", Until: now + day, Login: fmt.Sprint("login", i), Role: rapid.SampledFrom(roles).Draw(t, "role")}
			switch c.Verb {
			case Activate:
				c.With.Natural, c.With.Until = rapid.SampledFrom(naturals).Draw(t, "whose"), 0
			case Grant:
				c.With.Until = 0
			}
			a, env := &accounts[i], three
			natural := a.Natural
			if c.Verb == Activate {
				natural = c.With.Natural
			}
			for j, o := range accounts {
				if j != i && natural != "" && o.Natural == natural {
					o.ID = name.ID(fmt.Sprint("220105-", j))
					env.Others = append(env.Others, o)
				}
			}
			before := *a
			d, err := Decide(a, c, env)
			if err != nil {
				continue
			}
			body, _ := json.Marshal(d.Change)
			if accounts[i], err = Apply(*a, &ledger.Event{Stream: name.ID(fmt.Sprint("220105-", i)), At: now, Actor: c.By.Actor, Type: d.Type, Body: body}); err != nil {
				t.Fatal(err)
			}
			if d.Type == TypeRoleGranted && slices.Contains(three.Exclusive[0], d.Change.Role) {
				if !slices.ContainsFunc(before.Offered, func(o Offer) bool { return o.Role == d.Change.Role && o.By.Natural != n }) {
					t.Fatalf("%s alone gave %s", n, d.Change.Role)
				}
			}
			holds := map[string]map[name.Role]bool{}
			for _, o := range accounts {
				if o.Natural == "" || o.State == Disabled {
					continue
				}
				for _, h := range o.Roles {
					if h.Role != "handler" {
						if holds[o.Natural] == nil {
							holds[o.Natural] = map[name.Role]bool{}
						}
						holds[o.Natural][h.Role] = true
					}
				}
			}
			for who, held := range holds {
				if len(held) > 1 {
					t.Fatalf("%s holds %v after %s by %s", who, held, c.Verb, n)
				}
			}
		}
	})
}

func TestApplyChangesNothingButItsResult(t *testing.T) {
	sec := hand("sec", "secadmin")
	a, err := life(t, invite(hand("sys", "sysadmin"), "li"), activate("li"), grant(sec, "handler"), grant(sec, "checker"))
	if err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprint(a)
	c := Command{Verb: Revoke, By: sec, At: 9000, Reason: "x", With: Change{Role: "handler"}}
	d, err := Decide(&a, c, three)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, a, c, d)
	if fmt.Sprint(a) != before {
		t.Errorf("Apply changed what it was given:\n%v\n%v", before, a)
	}
}

func ExampleDecide() {
	var a Account
	d, _ := Decide(&a, Command{Verb: Invite, By: Hand{Actor: name.System}, At: 1, With: Change{Person: "li", Unit: "housing", Until: 1000}}, Env{})
	_, err := Decide(&a, Command{Verb: Disable, At: 2, Reason: "离职"}, Env{})
	fmt.Println(d.Type, err)
	// Output: account.invited not found: no-such-account
}
