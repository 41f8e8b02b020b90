package notices

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
	"bihuan/kernel/notice"
)

// ofOwners are the events of an account that its own person is told of at once, whoever did them: who has taken an account over does
// not say so (ASVS 5.0 6.3.5, 6.3.7). What is told stands in words.json under notice.account-.
var ofOwners = map[string]string{
	account.TypeFactorAdded:     "factor-added",
	account.TypeLinkApproved:    "factor-added",
	account.TypeFactorRemoved:   "factor-removed",
	account.TypePasswordChanged: "password-changed",
	account.TypeLocked:          "locked",
	account.TypeSignedIn:        "new-network",
	account.TypeDormant:         "dormant",
	account.TypeAgeing:          "ageing",
}

// tellOwner tells the person of an account what happened to it. The factors with which it is activated are no news, nor is signing in
// from where one signed in before.
func (r *Room) tellOwner(ctx context.Context, told *notice.Told, e *ledger.Event) error {
	what, known := ofOwners[e.Type]
	if !known || e.Kind != ledger.Account {
		return nil
	}
	var c account.Change
	if err := json.Unmarshal(e.Body, &c); err != nil || e.Type == account.TypeSignedIn && !c.New {
		return err
	}
	facts := notice.Facts{State: what}
	if e.Type == account.TypeLocked || e.Type == account.TypeDormant || e.Type == account.TypeAgeing {
		facts.Due = c.Until
	}
	events, err := r.Store.Events(ctx, e.Stream, 0)
	if err != nil {
		return err
	}
	var a account.Account
	for i := range events {
		if a, err = account.Apply(a, &events[i]); err != nil {
			return err
		}
		if events[i].Type == account.TypeActivated && events[i].At == e.At {
			return nil
		}
	}
	if a.Sort != account.Staff {
		return nil
	}
	g := gathering{r: r, ctx: ctx, told: told, at: e.At, id: itoa(e.Seq), facts: facts, joined: map[name.Person]bool{}}
	g.to(notice.Account, []name.Person{a.Person})
	return g.err
}

// tellOfAccounts tells of what happens to permissions.
func (r *Room) tellOfAccounts(ctx context.Context, told *notice.Told, e *ledger.Event) error {
	switch e.Type {
	case account.TypeDisabled:
		return errors.Join(r.tellOfOfficer(ctx, told, e, "officer-disabled"), r.leave(ctx, e))
	case account.TypeRoleRests:
		return r.tellOfRest(ctx, told, e)
	case account.TypeClosed:
		return r.leave(ctx, e)
	case account.TypeRoleGranted:
		if e.Actor.Person == name.System.Person { // by the console
			return r.tellOfOfficer(ctx, told, e, "officer-invited")
		}
	}
	about, known := ofAccounts[e.Type]
	if !known {
		return r.tellOwner(ctx, told, e)
	}
	g := gathering{r: r, ctx: ctx, told: told, at: e.At, id: itoa(e.Seq), actor: e.Actor.Person, joined: map[name.Person]bool{}}
	if about.about == notice.ReviewDue {
		g.facts.State = strings.TrimPrefix(e.Type, "account.")
	}
	g.to(about.about, keys(r.Desk.StaffWith("", about.roles...)))
	return g.err
}

// tellOfRest tells whose role rests since they were moved, the heads of the unit in which they are now, its leader where it has none, and the security administrator.
func (r *Room) tellOfRest(ctx context.Context, told *notice.Told, e *ledger.Event) error {
	var w account.HoldingChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return err
	}
	g := gathering{r: r, ctx: ctx, told: told, at: e.At, id: itoa(e.Seq), facts: notice.Facts{State: "role-rests"}, joined: map[name.Person]bool{}}
	g.to(notice.Account, []name.Person{w.Person})
	heads := keys(r.Desk.StaffWith(w.Unit, "head"))
	if lead := r.Desk.Directory().Unit(w.Unit).Leader; len(heads) == 0 && lead != "" {
		heads = append(heads, lead)
	}
	g.to(notice.ReviewDue, append(heads, keys(r.Desk.StaffWith("", "secadmin"))...))
	return g.err
}

// tellOfOfficer tells leaders and the three administrators that one of the three was disabled, or that the console invites another in the place of one: whoever
// alone disables two and has their successors invited does not do it unseen. The first of each role is no news.
func (r *Room) tellOfOfficer(ctx context.Context, told *notice.Told, e *ledger.Event, what string) error {
	a, err := r.account(ctx, e.Stream)
	if err != nil {
		return err
	}
	var whom []name.Person
	isOne, before := false, false
	for _, role := range slices.Concat(r.Desk.Policy().Exclusive()...) {
		page, err := r.Store.Rows(ctx, journal.Query{Log: r.Desk.District(), Now: e.At, Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{accountKind},
			Facets: []journal.Facet{{Name: "role", Text: string(role)}}, Order: journal.ByOpened, Limit: mostOfficers})
		if err != nil {
			return err
		}
		has := slices.ContainsFunc(a.Roles, func(h account.Held) bool { return h.Role == role })
		isOne = isOne || has
		for _, row := range page.Rows {
			before = before || has && row.Stream != e.Stream
			whom = append(whom, row.Person)
		}
	}
	if !isOne || e.Type == account.TypeRoleGranted && !before {
		return nil
	}
	whom = append(whom, keys(r.Desk.StaffWith("", "leader"))...)
	slices.Sort(whom)
	g := gathering{r: r, ctx: ctx, told: told, at: e.At, id: itoa(e.Seq), facts: notice.Facts{State: what}, joined: map[name.Person]bool{}}
	g.to(notice.Account, slices.Compact(whom))
	return g.err
}

// accountKind is the kind of an account's row, and mostOfficers how many accounts of a role are told.
const (
	accountKind  = "account"
	mostOfficers = 20
)

// ofAccounts says which events of accounts whom concern.
var ofAccounts = map[string]struct {
	about notice.About
	roles []name.Role
}{
	account.TypeGlassAsked:  {notice.BreakGlass, []name.Role{"secadmin", "leader"}}, // one of each approves
	account.TypeGlassOpened: {notice.BreakGlass, []name.Role{"secadmin", "auditor"}},
	account.TypeGlassClosed: {notice.ReviewDue, []name.Role{"auditor"}},
	account.TypeGlassLate:   {notice.ReviewDue, []name.Role{"auditor", "secadmin"}},
	account.TypeRoleEnded:   {notice.ReviewDue, []name.Role{"secadmin"}}, // nobody renewed it
	account.TypeRoleDue:     {notice.ReviewDue, []name.Role{"secadmin"}},

	account.TypeReviewOpened: {notice.ReviewDue, []name.Role{"secadmin", "auditor"}},
	account.TypeReviewLate:   {notice.ReviewDue, []name.Role{"secadmin", "auditor"}},
}
