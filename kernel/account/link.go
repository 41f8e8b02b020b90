package account

import (
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
)

// Proposal is an identity at a provider that an administrator has proposed for an account, and that the security administrator
// has to approve before it opens anything. Only the keyed hash of the subject stands in it.
type Proposal struct {
	Factor Factor
	By     Hand
	At     int64 // µs
}

// The verbs of linking an identity elsewhere for somebody.
const (
	ProposeLink Verb = "propose-link" // 提出关联
	ApproveLink Verb = "approve-link" // 同意关联
	DropLink    Verb = "drop-link"    // 不予关联
)

// The types of their events.
const (
	TypeLinkProposed = "account.link-proposed"
	TypeLinkApproved = "account.link-approved"
	TypeLinkDropped  = "account.link-dropped"
)

// proposeLink reads Factor. It has to be an identity at a provider: every other factor is its person's alone to add (ASVS 5.0
// 6.4.6). Nobody proposes for their own account.
func (a *Account) proposeLink(c *Command, _ *Env) (Decision, error) {
	f := c.With.Factor
	switch {
	case f == nil || f.Kind != OIDC:
		return Decision{}, fault.Refuse(fault.ErrInvalid, "field-missing", "subject")
	case f.check() != nil:
		return Decision{}, f.check()
	case c.By.is(a.Person, a.Natural):
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	case a.hasFactor(f.ID) || a.proposed(f.ID) >= 0:
		return Decision{}, fault.Refuse(fault.ErrConflict, "link-there", "subject")
	case len(a.Factors)+len(a.Proposed) >= MaxFactors:
		return Decision{}, fault.Refuse(fault.ErrInvalid, "too-many-factors", "factor")
	}
	return Decision{Type: TypeLinkProposed, Change: Change{Factor: &Factor{ID: f.ID, Kind: f.Kind, Label: f.Label}, Maker: c.By.Natural}}, reasonGiven(c)
}

// approveLink reads Factor's ID. Whoever proposed it does not approve it, under another name either, nor whose account it is.
func (a *Account) approveLink(c *Command, _ *Env) (Decision, error) {
	i := a.proposedIn(c)
	switch {
	case i < 0:
		return Decision{}, fault.Refuse(fault.ErrNotFound, "no-such-factor", "factor")
	case c.By.is(a.Person, a.Natural):
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	case a.Proposed[i].By.is(c.By.Person, c.By.Natural):
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-proposal", "")
	}
	f := a.Proposed[i].Factor
	return Decision{Type: TypeLinkApproved, Change: Change{Factor: &f}}, reasonGiven(c)
}

// dropLink reads Factor's ID: any administrator, also whoever proposed it, and its person.
func (a *Account) dropLink(c *Command, _ *Env) (Decision, error) {
	i := a.proposedIn(c)
	if i < 0 {
		return Decision{}, fault.Refuse(fault.ErrNotFound, "no-such-factor", "factor")
	}
	return Decision{Type: TypeLinkDropped, Change: Change{Factor: &Factor{ID: a.Proposed[i].Factor.ID}}}, reasonGiven(c)
}

func (a *Account) proposedIn(c *Command) int {
	if c.With.Factor == nil {
		return -1
	}
	return a.proposed(c.With.Factor.ID)
}

func (a *Account) proposed(id string) int {
	return slices.IndexFunc(a.Proposed, func(p Proposal) bool { return p.Factor.ID == id })
}

func (a *Account) hasFactor(id string) bool {
	return slices.ContainsFunc(a.Factors, func(f Factor) bool { return f.ID == id })
}

func linkProposed(a *Account, e *ledger.Event, c *Change) {
	if c.Factor != nil {
		a.Proposed = append(unproposed(a.Proposed, c.Factor.ID), Proposal{*c.Factor, Hand{e.Actor, c.Maker}, e.At})
	}
}

func linkApproved(a *Account, e *ledger.Event, c *Change) {
	if c.Factor != nil {
		f := *c.Factor
		f.Added = e.At
		a.Proposed = unproposed(a.Proposed, f.ID)
		a.Factors = append(otherFactors(a.Factors, f.ID), f)
	}
}

func linkDropped(a *Account, _ *ledger.Event, c *Change) {
	if c.Factor != nil {
		a.Proposed = unproposed(a.Proposed, c.Factor.ID)
	}
}

func unproposed(all []Proposal, id string) []Proposal {
	return slices.DeleteFunc(slices.Clone(all), func(p Proposal) bool { return p.Factor.ID == id })
}
