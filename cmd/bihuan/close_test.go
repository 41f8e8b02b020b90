//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"errors"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/ground/calendar"
	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// TestClosingAnAccountAsksTheFirms: the house is wired so that who represents a firm with agents does not leave it, and an agent's mandate ends with the account.
func TestClosingAnAccountAsksTheFirms(t *testing.T) {
	var log bytes.Buffer
	h := loggedHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)), demoPeople(), logger(&log, "warn"))
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())))
	come := func(id string) accounts.Visit {
		t.Helper()
		a, err := h.people.Newcome(ctx, account.Factor{ID: id, Kind: account.OneTimeCode}, []byte("13800005678"))
		must(err)
		s, err := h.people.SignIn(ctx, accounts.Proof{Account: a.ID, Proven: []account.FactorKind{account.OneTimeCode}})
		must(err)
		v, err := h.people.Visit(ctx, s.Secret, "zh")
		must(err)
		return v
	}
	staff := func(role name.Role) desk.Caller {
		for _, p := range h.desk.Directory().Persons {
			for _, r := range p.Roles {
				if r == role {
					c, _ := h.desk.Directory().Caller(p.Key, "zh")
					c.Proved = h.desk.Now()
					return c
				}
			}
		}
		t.Fatalf("nobody is %s", role)
		return desk.Caller{}
	}
	const code = "91350100M000100Y43" // an example of GB 32100-2015, Annex A
	boss, agent := come("one"), come("two")
	must(h.firms.Ask(ctx, staff("sysadmin"), account.FirmChange{Code: codelist.CreditCode(code), Name: "长春某某清洁有限公司", Person: boss.Person}, "看过执照和身份证"))
	f, err := h.firms.Firm(ctx, code)
	must(err)
	must(h.firms.Confirm(ctx, staff("secadmin"), code, f.Asked.At))
	must(h.firms.Give(ctx, boss.Caller, code, account.FirmChange{Person: agent.Person, Kinds: h.firms.Kinds()[:1], Until: h.desk.Now() + 30*24*3600*1_000_000}, "代办"))
	var r *fault.Refusal
	if err := h.people.Leave(ctx, boss); !errors.As(err, &r) || r.Code != "leave-mandates" {
		t.Errorf("the representative: %v", err)
	}
	must(h.people.Leave(ctx, agent))
	if f, err = h.firms.Firm(ctx, code); err != nil || f.Mandates[0].EndedBy != agent.Person {
		t.Errorf("the mandate: %+v, %v", f.Mandates, err)
	}
	must(h.people.Leave(ctx, boss))
}
