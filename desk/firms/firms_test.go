package firms_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"bihuan/desk"
	. "bihuan/desk/firms"
	"bihuan/ground/calendar"
	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

const code = "91350100M000100Y43" // an example of GB 32100-2015, Annex A

func refused(t *testing.T, what string, err error, code string) {
	t.Helper()
	var r *fault.Refusal
	if !errors.As(err, &r) || r.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// twice is a desk where two accounts are one natural person's.
type twice struct {
	desk.Rights
	one, other name.Person
}

func (twice) KeepOut(name.ID) []name.Person                     { return nil }
func (twice) Roles(_ name.Person, post []name.Role) []name.Role { return post }
func (twice) ActsFor(_, _ name.Person) []name.Role              { return nil }
func (w twice) Same(p name.Person) []name.Person {
	if p == w.one || p == w.other {
		return []name.Person{w.one, w.other}
	}
	return []name.Person{p}
}

// represented has two register who represents a firm.
func represented(t *testing.T, x *district.District, r *Room, w account.FirmChange) {
	t.Helper()
	if err := r.Ask(t.Context(), x.As(t, "services", "sysadmin", 0), w, "看过执照和身份证"); err != nil {
		t.Fatal(err)
	}
	if err := r.Confirm(t.Context(), x.As(t, "services", "secadmin", 0), string(w.Code), claimed(t, r)); err != nil {
		t.Fatal(err)
	}
}

// claimed is when the claim was made that waits or waited last.
func claimed(t *testing.T, r *Room) int64 {
	t.Helper()
	f, err := r.Firm(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	return f.Asked.At
}

// TestBar_A04_AFirmsRepresentativeTakesTwo: who is said to represent a firm sees and does nothing for it before the security administrator has confirmed
// it, who is another natural person than whoever said so and than the representative; it lapses, it can be refused or taken back, and the record has who did what.
func TestBar_A04_AFirmsRepresentativeTakesTwo(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	t.Cleanup(func() { x.Verify(t, Keep) })
	ctx := t.Context()
	r := New(x.Desk, x.Store, func(context.Context, name.Person) error { return nil })
	sys, sec, auditor := x.As(t, "services", "sysadmin", 0), x.As(t, "services", "secadmin", 0), x.As(t, "audit", "auditor", 0)
	firm := account.FirmChange{Code: codelist.CreditCode(code), Name: "长春某某清洁有限公司", Person: "boss"}
	ask := func() {
		t.Helper()
		if err := r.Ask(ctx, sys, firm, "看过执照和身份证"); err != nil {
			t.Fatal(err)
		}
	}
	waiting := func(who desk.Caller) int {
		t.Helper()
		all, err := r.Waiting(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	ask()
	if _, _, err := r.Filed(ctx, "boss", code, ""); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("what was filed is shown before it is confirmed: %v", err)
	}
	if c, _, err := r.Acting(ctx, desk.Caller{Person: "boss"}, code); err != nil || c.For != "" && len(c.Kinds) != 0 {
		t.Errorf("acts before it is confirmed: %+v, %v", c, err)
	}
	for who, want := range map[string]struct {
		c desk.Caller
		n int
	}{"system": {sys, 1}, "security": {sec, 1}, "audit": {auditor, 1}} {
		if n := waiting(want.c); n != want.n {
			t.Errorf("%s: %d wait", who, n)
		}
	}
	for what, who := range map[string]desk.Caller{"who said it": sys, "the auditor": auditor, "a head": x.As(t, "housing", "head", 0), "nobody": desk.Nobody, "boss": {Person: "boss"}} {
		if err := r.Confirm(ctx, who, code, claimed(t, r)); !errors.Is(err, fault.ErrDenied) && !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s confirms: %v", what, err)
		}
	}
	for _, same := range []name.Person{sys.Person, "boss"} {
		x.Desk.Heed(twice{one: sec.Person, other: same})
		if err := r.Confirm(ctx, sec, code, claimed(t, r)); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("the same natural person as %s confirms: %v", same, err)
		}
	}
	x.Desk.Heed(twice{})
	refused(t, "a second claim", r.Ask(ctx, sys, firm, "再次"), "firm-asked")
	x.Clock.Forward(7*24*time.Hour + time.Second)
	refused(t, "after a week", r.Confirm(ctx, sec, code, claimed(t, r)), "twofold-stale")
	if n := waiting(sec); n != 0 {
		t.Errorf("%d wait once it has lapsed", n)
	}
	ask()
	refused(t, "refused without a reason", r.Refuse(ctx, sec, code, claimed(t, r), ""), "reason-missing")
	if err := r.Refuse(ctx, sec, code, claimed(t, r), "照片不符"); err != nil {
		t.Fatal(err)
	}
	refused(t, "once it was refused", r.Confirm(ctx, sec, code, claimed(t, r)), "twofold-state")
	ask()
	if err := r.Refuse(ctx, sys, code, claimed(t, r), "填错了人"); err != nil {
		t.Fatal(err)
	}
	ask()
	if err := r.Confirm(ctx, sec, code, claimed(t, r)); err != nil {
		t.Fatal(err)
	}
	if f, _, err := r.Filed(ctx, "boss", code, ""); err != nil || f.Representative != "boss" {
		t.Errorf("once it was confirmed: %+v, %v", f, err)
	}
	f, err := r.Firm(ctx, code)
	if err != nil {
		t.Fatal(err)
	}
	events, err := x.Store.Events(ctx, f.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, e := range events {
		got += fmt.Sprintln(e.Type, e.Actor.Person == sys.Person, e.Actor.Role, e.Reason)
	}
	const want = `account.firm-asked true sysadmin 看过执照和身份证
account.firm-asked true sysadmin 看过执照和身份证
account.firm-refused false secadmin 照片不符
account.firm-asked true sysadmin 看过执照和身份证
account.firm-refused true sysadmin 填错了人
account.firm-asked true sysadmin 看过执照和身份证
account.firm-represented false secadmin 看过执照和身份证
`
	if got != want {
		t.Errorf("the record:\n%s", got)
	}
}

// TestAClaimThatWasExchangedIsNotConfirmed: whoever made it takes it back while somebody looks at it, and names another person under the same firm.
func TestAClaimThatWasExchangedIsNotConfirmed(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	ctx := t.Context()
	r := New(x.Desk, x.Store, func(context.Context, name.Person) error { return nil })
	sys, sec := x.As(t, "services", "sysadmin", 0), x.As(t, "services", "secadmin", 0)
	ask := func(p name.Person) {
		t.Helper()
		if err := r.Ask(ctx, sys, account.FirmChange{Code: code, Name: "长春某某清洁有限公司", Person: p}, "看过执照和身份证"); err != nil {
			t.Fatal(err)
		}
	}
	ask("boss")
	seen := claimed(t, r)
	if err := r.Refuse(ctx, sys, code, seen, "填错了人"); err != nil {
		t.Fatal(err)
	}
	x.Clock.Forward(time.Second)
	ask("other")
	refused(t, "what was exchanged is confirmed", r.Confirm(ctx, sec, code, seen), "change-settled")
	refused(t, "what was exchanged is refused", r.Refuse(ctx, sec, code, seen, "照片不符"), "change-settled")
	if f, err := r.Firm(ctx, code); err != nil || f.Representative != "" || f.Asked.Person != "other" {
		t.Errorf("then: %+v, %v", f, err)
	}
	if err := r.Confirm(ctx, sec, code, claimed(t, r)); err != nil {
		t.Errorf("what is seen now: %v", err)
	}
}

// TestAMandateLetsAnAgentAct walks a firm's life: who represents it, whom they authorise for what, and that it ends.
func TestAMandateLetsAnAgentAct(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	t.Cleanup(func() { x.Verify(t, Keep) })
	ctx, known := t.Context(), []name.Person{"boss", "agent", "other"}
	r := New(x.Desk, x.Store, func(_ context.Context, p name.Person) error {
		if !slices.Contains(known, p) {
			return fmt.Errorf("account of %s: %w", p, fault.ErrNotFound)
		}
		return nil
	})
	sys := x.As(t, "services", "sysadmin", 0)
	boss, agent, other := desk.Caller{Person: "boss"}, desk.Caller{Person: "agent"}, desk.Caller{Person: "other"}
	firm := account.FirmChange{Code: codelist.CreditCode(code), Name: "长春某某清洁有限公司", Person: "boss"}

	if err := r.Ask(ctx, boss, firm, "自荐"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("somebody registers their own firm: %v", err)
	}
	nobody := firm
	nobody.Person = "nobody"
	refused(t, "somebody without an account represents", r.Ask(ctx, sys, nobody, "看过执照"), "no-such-account")
	broken := firm
	broken.Code = "91350100M000100Y44"
	refused(t, "a code with a wrong check digit", r.Ask(ctx, sys, broken, "看过执照"), "credit-code-wrong")
	x.Desk.Heed(twice{one: sys.Person, other: "boss"})
	if err := r.Ask(ctx, sys, firm, "看过执照"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("who registers, by another account: %v", err)
	}
	x.Desk.Heed(twice{})
	represented(t, x, r, firm)

	kinds := r.Kinds()
	if len(kinds) < 2 {
		t.Fatalf("only %q are reported at a door", kinds)
	}
	acts := func(who desk.Caller) []string {
		t.Helper()
		c, _, err := r.Acting(ctx, who, code)
		if err != nil {
			t.Fatal(err)
		}
		if c.Kinds != nil && c.For != "" && c.For != name.Person("firm-"+"91350100m000100y43") {
			t.Errorf("acts for %s", c.For)
		}
		return c.Kinds
	}
	if acts(boss) != nil {
		t.Error("the representative is held to kinds")
	}
	if k := acts(agent); k == nil || len(k) != 0 {
		t.Errorf("without a mandate the agent acts in %q", k)
	}
	until := x.Clock.Now() + int64(30*24*time.Hour/time.Microsecond)
	mandate := account.FirmChange{Person: "agent", Kinds: kinds[:1], Until: until}
	refused(t, "the agent gives themselves a mandate", r.Give(ctx, agent, code, mandate, "代办"), "firm-not-yours")
	outside := mandate
	outside.Kinds = []string{"works/project"}
	refused(t, "a mandate for what no door takes", r.Give(ctx, boss, code, outside, "代办"), "no-such-option")
	if err := r.Give(ctx, boss, code, mandate, "代办报修"); err != nil {
		t.Fatal(err)
	}
	if k := acts(agent); !slices.Equal(k, kinds[:1]) {
		t.Errorf("the agent acts in %q", k)
	}
	if k := acts(other); k == nil || len(k) != 0 {
		t.Errorf("somebody else acts in %q", k)
	}
	waits := agent
	waits.Waits = true
	if k := acts(waits); k == nil || len(k) != 0 {
		t.Errorf("with a password that is too old the agent acts in %q", k)
	}
	represents, serves, err := r.Of(ctx, "agent")
	if err != nil || len(represents) != 0 || len(serves) != 1 {
		t.Errorf("the agent represents %d and serves %d firms, %v", len(represents), len(serves), err)
	}
	id := serves[0].Mandates[0].ID
	refused(t, "somebody else revokes", r.Revoke(ctx, other, code, id), "not-found")
	if err := r.Revoke(ctx, agent, code, id); err != nil {
		t.Fatal(err)
	}
	if k := acts(agent); k == nil || len(k) != 0 {
		t.Errorf("after it was revoked the agent acts in %q", k)
	}
	if err := r.Give(ctx, boss, code, mandate, "再次代办"); err != nil {
		t.Fatal(err)
	}
	x.Clock.Forward(30 * 24 * time.Hour)
	if k := acts(agent); k == nil || len(k) != 0 {
		t.Errorf("after its end the agent acts in %q", k)
	}
	c, _, err := r.Acting(ctx, agent, "911")
	if err != nil || c.Kinds == nil || len(c.Kinds) != 0 || c.For != "" {
		t.Errorf("for a firm that nobody knows: %+v, %v", c, err)
	}
}

// listening remembers the last question for rows of matters.
type listening struct {
	desk.Store
	asked *journal.Query
}

func (l listening) Rows(ctx context.Context, q journal.Query) (journal.Page, error) {
	if q.Noun == ledger.Matter {
		*l.asked = q
	}
	return l.Store.Rows(ctx, q)
}

// TestAFirmsMattersAreListedAsTheMandateGoes: the representative is shown every kind, an agent those of their mandates in force, and for whoever
// does not act for the firm there is none.
func TestAFirmsMattersAreListedAsTheMandateGoes(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	t.Cleanup(func() { x.Verify(t, Keep) })
	ctx, asked := t.Context(), journal.Query{}
	r := New(x.Desk, listening{x.Store, &asked}, func(context.Context, name.Person) error { return nil })
	boss := desk.Caller{Person: "boss"}
	represented(t, x, r, account.FirmChange{Code: code, Name: "长春某某清洁有限公司", Person: "boss"})
	kind := r.Kinds()[1]
	if err := r.Give(ctx, boss, code, account.FirmChange{Person: "agent", Kinds: []string{kind}, Until: x.Desk.Now() + int64(48*time.Hour/time.Microsecond)}, "代办"); err != nil {
		t.Fatal(err)
	}
	f, _, err := r.Filed(ctx, "boss", code, "")
	if err != nil || len(asked.Kinds) != 0 || !slices.Contains(asked.Facets, journal.Facet{Name: journal.Firm, Text: string(f.Key())}) {
		t.Errorf("the representative asks for %+v: %v", asked, err)
	}
	if _, _, err := r.Filed(ctx, "agent", code, ""); err != nil || !slices.Equal(asked.Kinds, []string{kind}) {
		t.Errorf("an agent for %s asks for %q: %v", kind, asked.Kinds, err)
	}
	if _, _, err := r.Filed(ctx, "other", code, ""); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("somebody else: %v", err)
	}
	x.Clock.Forward(72 * time.Hour)
	if _, _, err := r.Filed(ctx, "agent", code, ""); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("after the mandate ended: %v", err)
	}
}

// TestAFirmThatWasLeftIsReplayed: an agent's mandates and the representation end in the batch in which their person closes the account, and the rows are what the log makes of it. While a matter of the firm is
// under way its representative stays.
func TestAFirmThatWasLeftIsReplayed(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	t.Cleanup(func() { x.Verify(t, Keep) })
	ctx := t.Context()
	r := New(x.Desk, x.Store, func(context.Context, name.Person) error { return nil })
	represented(t, x, r, account.FirmChange{Code: codelist.CreditCode(code), Name: "长春某某清洁有限公司", Person: "boss"})
	give := account.FirmChange{Person: "agent", Kinds: r.Kinds()[:1], Until: x.Desk.Now() + 30*24*3600*1_000_000}
	if err := r.Give(ctx, desk.Caller{Person: "boss"}, code, give, "代办"); err != nil {
		t.Fatal(err)
	}
	leave := func(p name.Person) error {
		b := x.Desk.Begin(ctx, x.Desk.NewCommand())
		err := r.Leave(ctx, b, p)
		if err == nil {
			_, err = b.Commit()
		}
		return err
	}
	refused(t, "with an agent", leave("boss"), "leave-mandates")
	if err := leave("agent"); err != nil {
		t.Fatal(err)
	}
	if f, err := r.Firm(ctx, code); err != nil || f.ActsFor("agent", x.Desk.Now()) || f.Mandates[0].EndedBy != "agent" {
		t.Fatalf("%+v, %v", f, err)
	}
	if err := leave("boss"); err != nil {
		t.Fatal(err)
	}
	f, err := r.Firm(ctx, code)
	if err != nil || f.Representative != "" || f.ActsFor("boss", x.Desk.Now()) || f.Name == "" {
		t.Fatalf("%+v, %v", f, err)
	}
	if represents, _, err := r.Of(ctx, "boss"); err != nil || len(represents) != 0 {
		t.Errorf("%v, %v", represents, err)
	}
	represented(t, x, r, account.FirmChange{Code: codelist.CreditCode(code), Name: "长春某某清洁有限公司", Person: "heir"})
}
