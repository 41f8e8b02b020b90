package account_test

import (
	"errors"
	"slices"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	. "bihuan/kernel/account"
)

func register(p name.Person, sort Sort) Command {
	return Command{Verb: Register, By: Hand{Actor: name.Visitor}, With: Change{Sort: sort, Person: p, Unit: name.Visitor.Unit, Factor: &Factor{ID: "number", Kind: OneTimeCode}}}
}

// TestAResidentLeavesForGood: by their own hand alone, and nothing is done to the account afterwards; who works here does not close theirs.
func TestAResidentLeavesForGood(t *testing.T) {
	mei, other, sys := Hand{Actor: name.Actor{Person: "mei", Role: "public"}}, Hand{Actor: name.Actor{Person: "other", Role: "public"}}, hand("sys", "sysadmin")
	acting := mei
	acting.For = "firm-x"
	leave := func(by Hand) Command { return Command{Verb: Leave, By: by} }
	disable := Command{Verb: Disable, By: sys, Reason: "x"}
	for _, c := range []struct {
		name string
		do   []Command
		code string
	}{
		{"a resident", []Command{register("mei", Resident), leave(mei)}, ""},
		{"a firm's agent", []Command{register("mei", Agent), leave(mei)}, ""},
		{"somebody else", []Command{register("mei", Resident), leave(other)}, "only-own-account"},
		{"an administrator", []Command{register("mei", Resident), leave(sys)}, "only-own-account"},
		{"in a firm's name", []Command{register("mei", Resident), leave(acting)}, "only-own-account"},
		{"staff", []Command{invite(sys, "li"), activate("li"), factor("li", Password), factor("li", TOTP), leave(hand("li", "handler"))}, "staff-account-stays"},
		{"while it is disabled", []Command{register("mei", Resident), disable, leave(mei)}, "account-state"},
		{"twice", []Command{register("mei", Resident), leave(mei), leave(mei)}, "account-state"},
		{"invited anew afterwards", []Command{register("mei", Resident), leave(mei), invite(sys, "mei")}, "account-state"},
		{"enabled afterwards", []Command{register("mei", Resident), leave(mei), {Verb: Enable, By: sys, Reason: "x"}}, "account-state"},
		{"disabled afterwards", []Command{register("mei", Resident), leave(mei), disable}, "account-state"},
		{"signed in to afterwards", []Command{register("mei", Resident), leave(mei), {Verb: SignIn, By: mei, With: Change{Proven: []FactorKind{OneTimeCode}}}}, "account-state"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := life(t, c.do...)
			var r *fault.Refusal
			if got := ""; errors.As(err, &r) || err != nil {
				if r != nil {
					got = r.Code
				}
				if got != c.code {
					t.Fatalf("refused with %q (%v), want %q", got, err, c.code)
				}
				return
			}
			if c.code != "" {
				t.Fatalf("let through, want %q", c.code)
			}
			if a.State != Closed || a.InUse() || len(a.Factors) != 0 || a.Off == 0 || a.RolesAt(a.Off+1) != nil {
				t.Errorf("%+v", a)
			}
		})
	}
}

// TestARepresentativeLeavesNoAgentBehind: while an agent may act whom nobody could stop, the representative stays.
func TestARepresentativeLeavesNoAgentBehind(t *testing.T) {
	boss := Hand{Actor: name.Actor{Person: "boss", Role: "public"}}
	f := Firm{Version: 1, Name: "某某公司", Representative: "boss", Mandates: []Mandate{
		{ID: "ended", Agent: "a", From: 1, Until: 90, Ended: 2}, {ID: "over", Agent: "b", From: 1, Until: 10}, {ID: "own", Agent: "boss", From: 1, Until: 90, Ended: 20}}}
	if err := f.Leave(boss, 20); err != nil {
		t.Errorf("with mandates that are over: %v", err)
	}
	f.Mandates = append(slices.Clone(f.Mandates), Mandate{ID: "soon", Agent: "c", From: 50, Until: 90})
	var r *fault.Refusal
	if err := f.Leave(boss, 20); !errors.As(err, &r) || r.Code != "leave-mandates" {
		t.Errorf("with one that begins later: %v", err)
	}
	if err := f.Leave(Hand{Actor: name.Actor{Person: "a"}}, 95); !errors.As(err, &r) || r.Code != "firm-not-yours" {
		t.Errorf("an agent: %v", err)
	}
}
