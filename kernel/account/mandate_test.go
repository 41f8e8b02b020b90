package account_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/account"
)

// madeUp is a credit code of no firm, with the right check symbol.
const madeUp = codelist.CreditCode("91220105MA0Y0T3K0")

// firmCode is madeUp with the check symbol that the standard gives it.
func firmCode(t interface{ Fatal(...any) }) codelist.CreditCode {
	for _, last := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if c, err := codelist.ParseCreditCode(string(madeUp) + string(last)); err == nil {
			return c
		}
	}
	t.Fatal("no check symbol is right")
	return ""
}

// added applies an event to a firm.
func added(t interface{ Fatal(...any) }, f Firm, at int64, by Hand, typ, reason string, w FirmChange) Firm {
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	f, err = ApplyFirm(f, &ledger.Event{Stream: "220105-f", Version: f.Version + 1, At: at, Actor: by.Actor, Type: typ, Reason: reason, Body: b})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// represented is a firm of which one said at an instant who represents it, and another confirmed it.
func represented(t interface{ Fatal(...any) }, by Hand, at int64, w FirmChange) Firm {
	w, err := (&Firm{}).Ask(by, at, "已看营业执照", w)
	if err != nil {
		t.Fatal(err)
	}
	f := added(t, Firm{}, at, by, TypeFirmAsked, "已看营业执照", w)
	other := hand("guard", "secadmin")
	if w, err = f.Represent(other, at); err != nil {
		t.Fatal(err)
	}
	return added(t, f, at, other, TypeFirmRepresented, f.Asked.Why, w)
}

// TestARepresentativeTakesTwo: nothing changes before another natural person confirms it in time, one claim waits at a time, and it can be refused.
func TestARepresentativeTakesTwo(t *testing.T) {
	clerk, guard := Hand{Actor: name.Actor{Person: "clerk", Role: "sysadmin"}, Natural: "n1"}, Hand{Actor: name.Actor{Person: "guard", Role: "secadmin"}, Natural: "n2"}
	old, next := FirmChange{Code: firmCode(t), Name: "某公司", Person: "boss"}, FirmChange{Code: firmCode(t), Name: "某新公司", Person: "boss2"}
	f := represented(t, clerk, 10, old)
	w, err := f.Ask(clerk, 100, "已看新营业执照", next)
	if err != nil {
		t.Fatal(err)
	}
	f = added(t, f, 100, clerk, TypeFirmAsked, "已看新营业执照", w)
	if f.Representative != "boss" || f.Name != "某公司" || !f.ActsFor("boss", 100) || f.ActsFor("boss2", 100) {
		t.Errorf("before it is confirmed: %+v", f)
	}
	if _, err := f.Ask(guard, 101, "x", next); codeOf(err) != "firm-asked" {
		t.Errorf("a second claim: %v", err)
	}
	if _, err := f.Ask(guard, 101+MaxProposal, "x", next); err != nil {
		t.Errorf("once the first has lapsed: %v", err)
	}
	for what, c := range map[string]struct {
		by   Hand
		at   int64
		want string
	}{
		"who said it":                             {clerk, 101, "twofold-other-person"},
		"who said it, by another account":         {Hand{Actor: name.Actor{Person: "clerk2"}, Natural: "n1"}, 101, "twofold-other-person"},
		"whom it is about":                        {hand("boss2", "secadmin"), 101, "twofold-other-person"},
		"who acts for somebody":                   {Hand{Actor: name.Actor{Person: "guard", For: "x"}, Natural: "n2"}, 101, "twofold-other-person"},
		"another, at the last moment":             {guard, 100 + MaxProposal, ""},
		"another, one microsecond after its time": {guard, 101 + MaxProposal, "twofold-stale"},
	} {
		if _, err := f.Represent(c.by, c.at); codeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
	if _, err := f.Refuse(101, " "); codeOf(err) != "reason-missing" {
		t.Errorf("refused without a reason: %v", err)
	}
	if w, err = f.Refuse(101, "照片不符"); err != nil {
		t.Fatal(err)
	}
	f = added(t, f, 101, guard, TypeFirmRefused, "照片不符", w)
	if _, err := f.Represent(guard, 102); codeOf(err) != "twofold-state" || f.Representative != "boss" {
		t.Errorf("once it was refused: %v, %+v", err, f)
	}
	if w, err = f.Ask(clerk, 200, "已看新营业执照", next); err != nil {
		t.Fatal(err)
	}
	f = added(t, f, 200, clerk, TypeFirmAsked, "x", w)
	if w, err = f.Represent(guard, 300); err != nil {
		t.Fatal(err)
	}
	f = added(t, f, 300, guard, TypeFirmRepresented, "x", w)
	if f.ActsFor("boss", 300) || !f.ActsFor("boss2", 300) || f.Name != "某新公司" || f.Since != 300 || f.Asked.Person != "" {
		t.Errorf("once it was confirmed: %+v", f)
	}
}

func TestMandates(t *testing.T) {
	clerk, boss, agent, other := hand("clerk", "sysadmin"), hand("boss", "public"), hand("agent", "public"), hand("other", "public")
	code := firmCode(t)
	f := represented(t, clerk, 10, FirmChange{Code: code, Name: "某公司", Person: "boss"})
	var w FirmChange
	var err error
	give := FirmChange{Person: "agent", Mandate: "m1", Kinds: []string{"b/y", "a/x", "a/x"}, From: 100, Until: 200}
	for _, c := range []struct {
		name string
		by   Hand
		bend func(*FirmChange)
		why  string
		want string
	}{
		{"the representative gives a mandate", boss, nil, "年检", ""},
		{"an agent gives none", agent, nil, "年检", "firm-not-yours"},
		{"whoever acts for somebody gives none on", Hand{Actor: name.Actor{Person: "boss", For: "x"}}, nil, "年检", "firm-not-yours"},
		{"not to oneself", boss, func(w *FirmChange) { w.Person = "boss" }, "年检", "mandate-to-oneself"},
		{"not to nobody", boss, func(w *FirmChange) { w.Person = "" }, "年检", "field-missing"},
		{"not for nothing", boss, func(w *FirmChange) { w.Kinds = nil }, "年检", "mandate-scope"},
		{"not from yesterday", boss, func(w *FirmChange) { w.From = 49 }, "年检", "mandate-span"},
		{"not backwards", boss, func(w *FirmChange) { w.Until = w.From }, "年检", "mandate-span"},
		{"not for two years", boss, func(w *FirmChange) { w.Until = w.From + 2*MaxMandate }, "年检", "mandate-span"},
		{"not without a reason", boss, nil, " ", "reason-missing"},
	} {
		x := give
		if c.bend != nil {
			c.bend(&x)
		}
		_, err := f.Give(c.by, 50, c.why, x)
		if got := codeOf(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if w, err = f.Give(boss, 50, "年检", give); err != nil {
		t.Fatal(err)
	}
	f = added(t, f, 50, boss, TypeMandateGiven, "年检", w)
	for _, c := range []struct {
		name string
		p    name.Person
		kind string
		at   int64
		want bool
	}{
		{"within the mandate", "agent", "a/x", 100, true},
		{"of the other kind", "agent", "b/y", 199, true},
		{"before it", "agent", "a/x", 99, false},
		{"the instant it ends", "agent", "a/x", 200, false},
		{"a kind that it does not name", "agent", "c/z", 150, false},
		{"somebody else", "other", "a/x", 150, false},
		{"nobody", "", "a/x", 150, false},
		{"the representative in anything", "boss", "c/z", 9999, true},
	} {
		if got := f.Covers(c.p, c.kind, c.at); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if _, err := f.Revoke(other, 150, "m1"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a stranger revokes: %v", err)
	}
	if _, err := f.Revoke(boss, 200, "m1"); codeOf(err) != "mandate-over" {
		t.Errorf("what is over is revoked: %v", err)
	}
	w, err = f.Revoke(agent, 150, "m1")
	if err != nil {
		t.Fatal(err)
	}
	before := f
	f = added(t, f, 150, agent, TypeMandateRevoked, "", w)
	if f.Covers("agent", "a/x", 150) || f.ActsFor("agent", 150) {
		t.Error("a revoked mandate still holds")
	}
	if !before.Covers("agent", "a/x", 150) {
		t.Error("applying changed the firm that it was given")
	}
}

func TestRepresentRefuses(t *testing.T) {
	code := firmCode(t)
	for _, c := range []struct {
		name string
		w    FirmChange
		why  string
		want string
	}{
		{"a code with a wrong check symbol", FirmChange{Code: madeUp + "I", Name: "某公司", Person: "boss"}, "x", "credit-code-wrong"},
		{"a code that is too short", FirmChange{Code: madeUp, Name: "某公司", Person: "boss"}, "x", "credit-code-wrong"},
		{"oneself", FirmChange{Code: code, Name: "某公司", Person: "clerk"}, "x", "own-account"},
		{"nobody", FirmChange{Code: code, Name: "某公司"}, "x", "field-missing"},
		{"no name", FirmChange{Code: code, Person: "boss"}, "x", "field-missing"},
		{"no reason", FirmChange{Code: code, Name: "某公司", Person: "boss"}, "", "reason-missing"},
	} {
		if _, err := (&Firm{}).Ask(hand("clerk", "sysadmin"), 1, c.why, c.w); codeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func codeOf(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// TestNobodyActsOutsideOfAMandate: whatever is given and revoked, an agent is let act exactly while some mandate of theirs that names
// the kind has begun, has not ended and was not revoked.
func TestNobodyActsOutsideOfAMandate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		boss := hand("boss", "public")
		f := represented(t, hand("clerk", "sysadmin"), 0, FirmChange{Code: firmCode(t), Name: "某公司", Person: "boss"})
		type row struct {
			agent       name.Person
			kind        string
			from, until int64
			gone        int64
		}
		rows := map[string]*row{}
		at := int64(1) // at 0 nothing has been revoked
		for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
			at += rapid.Int64Range(0, 20).Draw(t, "passes")
			id := string(rune('a' + i))
			w := FirmChange{Person: rapid.SampledFrom([]name.Person{"p", "q"}).Draw(t, "agent"), Mandate: id, Kinds: []string{rapid.SampledFrom([]string{"k", "l"}).Draw(t, "kind")},
				From: at + rapid.Int64Range(0, 20).Draw(t, "from")}
			w.Until = w.From + rapid.Int64Range(1, 40).Draw(t, "long")
			if got, err := f.Give(boss, at, "x", w); err == nil {
				f = added(t, f, at, boss, TypeMandateGiven, "x", got)
				rows[id] = &row{agent: w.Person, kind: w.Kinds[0], from: w.From, until: w.Until}
			}
			old := string(rune('a' + rapid.IntRange(0, 11).Draw(t, "old")))
			if got, err := f.Revoke(boss, at, old); err == nil {
				f = added(t, f, at, boss, TypeMandateRevoked, "", got)
				rows[old].gone = at + 1
			}
			for _, p := range []name.Person{"p", "q"} {
				for _, k := range []string{"k", "l"} {
					want := false
					for _, r := range rows {
						want = want || r.agent == p && r.kind == k && r.gone == 0 && r.from <= at && at < r.until
					}
					if got := f.Covers(p, k, at); got != want {
						t.Fatalf("%s in %s at %d: %v, want %v", p, k, at, got, want)
					}
				}
			}
		}
	})
}
