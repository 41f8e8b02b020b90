package account

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// MaxDelegation is the longest that somebody acts for somebody else: 30 days, in µs. Ours.
const MaxDelegation = 30 * 24 * 3600 * 1_000_000

// Delegation 委托代办 is that one person acts for another in some of the other's roles, for a time. It is a stream of its
// own. The zero Delegation has not been given.
type Delegation struct {
	ID      name.ID
	Version int64
	By      Hand // who is acted for
	To      name.Person
	Roles   []name.Role
	From    int64 // µs
	Until   int64 // µs
	Why     string
	Given   int64 // µs
	Ended   int64 // µs: before its time, 0 for not
	EndedBy name.Person
}

// The types of a delegation's events.
const (
	TypeDelegated       = "account.delegated"
	TypeDelegationEnded = "account.delegation-ended"
)

// DelegationChange is the body of a delegation's events.
type DelegationChange struct {
	To      name.Person `json:"to,omitempty"`
	Roles   []name.Role `json:"roles,omitempty"`
	From    int64       `json:"from,omitempty"`  // µs
	Until   int64       `json:"until,omitempty"` // µs
	Natural string      `json:"natural,omitempty"`
}

// DelegationEnv is what the rules of a delegation know about the world.
type DelegationEnv struct {
	Own       []name.Role   // what who gives it holds themselves, without what was delegated to them
	Receiver  []name.Role   // what who gets it holds
	Natural   string        // keyed hash of the natural person who gets it, empty if that is not known
	Exclusive [][]name.Role // sets of which one natural person holds at most one role
}

// Give decides that somebody acts for by from an instant to another. A delegation is given in person, never for somebody
// else, so that none is given on; it holds roles that the giver has; it lasts 30 days at most; and none of the roles that
// exclude each other is given or is the receiver's, so that an administrator never becomes a clerk this way.
func Give(by Hand, at int64, why string, w DelegationChange, env DelegationEnv) (DelegationChange, error) {
	barred := func(r name.Role) bool { return isExclusive(r, &Env{Exclusive: env.Exclusive}) }
	switch {
	case by.For != "":
		return w, fault.Refuse(fault.ErrDenied, "delegation-transitive", "")
	case w.To == "":
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "to")
	case by.is(w.To, env.Natural):
		return w, fault.Refuse(fault.ErrInvalid, "delegation-to-oneself", "to")
	case len(w.Roles) == 0:
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "roles")
	case w.From < at || w.Until <= w.From || w.Until > w.From+MaxDelegation:
		return w, fault.Refuse(fault.ErrInvalid, "delegation-span", "until", "days", "30")
	case strings.TrimSpace(why) == "":
		return w, fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	case slices.ContainsFunc(w.Roles, barred) || slices.ContainsFunc(env.Receiver, barred):
		return w, fault.Refuse(fault.ErrDenied, "delegation-administrator", "to")
	}
	w.Roles = slices.Clone(w.Roles)
	slices.Sort(w.Roles)
	w.Roles = slices.Compact(w.Roles)
	for _, r := range w.Roles {
		if !slices.Contains(env.Own, r) {
			return w, fault.Refuse(fault.ErrDenied, "delegation-not-yours", "roles", "role", string(r))
		}
	}
	w.Natural = by.Natural
	return w, nil
}

// End decides that a delegation ends before its time: by whoever gave it or got it, or by whoever may revoke roles.
func (d *Delegation) End(by Hand, at int64, revokes bool) error {
	switch {
	case d.Version == 0:
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	case d.Ended != 0 || at >= d.Until:
		return fault.Refuse(fault.ErrConflict, "delegation-over", "")
	case !revokes && by.Person != d.By.Person && by.Person != d.To:
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	return nil
}

// InForce reports whether somebody acts for somebody by it at an instant.
func (d *Delegation) InForce(at int64) bool { return d.Ended == 0 && d.From <= at && at < d.Until }

// ApplyDelegation returns the delegation after an event: total, and without changing d. It reports an error only for a body
// that is not JSON.
func ApplyDelegation(d Delegation, e *ledger.Event) (Delegation, error) {
	d.Version++
	d.ID = e.Stream
	var w DelegationChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return d, fmt.Errorf("body of event %d of delegation %s: %w", e.Version, e.Stream, err)
	}
	switch e.Type {
	case TypeDelegated:
		d.By, d.To, d.Roles, d.From, d.Until = Hand{e.Actor, w.Natural}, w.To, w.Roles, w.From, w.Until
		d.Why, d.Given = e.Reason, e.At
	case TypeDelegationEnded:
		d.Ended, d.EndedBy = e.At, e.Actor.Person
	}
	return d, nil
}
