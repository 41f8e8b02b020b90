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

	if err := r.Represent(ctx, boss, firm, "自荐"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("somebody registers their own firm: %v", err)
	}
	nobody := firm
	nobody.Person = "nobody"
	refused(t, "somebody without an account represents", r.Represent(ctx, sys, nobody, "看过执照"), "no-such-account")
	broken := firm
	broken.Code = "91350100M000100Y44"
	refused(t, "a code with a wrong check digit", r.Represent(ctx, sys, broken, "看过执照"), "credit-code-wrong")
	x.Desk.Heed(twice{one: sys.Person, other: "boss"})
	refused(t, "who registers, by another account", r.Represent(ctx, sys, firm, "看过执照"), "own-account")
	x.Desk.Heed(twice{})
	if err := r.Represent(ctx, sys, firm, "看过执照和身份证"); err != nil {
		t.Fatal(err)
	}

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
	if err := r.Represent(ctx, x.As(t, "services", "sysadmin", 0), account.FirmChange{Code: code, Name: "长春某某清洁有限公司", Person: "boss"}, "看过执照和身份证"); err != nil {
		t.Fatal(err)
	}
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
