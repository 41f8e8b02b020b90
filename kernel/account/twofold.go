package account

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Bounds of an act that takes two. Ours.
const (
	MaxProposal = 7 * 24 * 3600 * 1_000_000 // µs within which it has to be approved
	MaxApproval = 24 * 3600 * 1_000_000     // µs within which it has to be carried out
)

// Twofold 双人双控 is a dangerous act that one person proposes and another approves before it may be done, once: granting a
// role, changing what is masked, exporting a key, restoring a backup. It is a stream of its own. The zero Twofold has not
// been proposed.
type Twofold struct {
	ID       name.ID
	Version  int64
	Act      string // key of the act, out of the policy
	By       Hand
	For      name.Person // whose rights it is about, empty if nobody's
	Benefits string      // their natural person, as in [Account]
	Role     name.Role   // that is to be granted, empty for other acts
	Ends     int64       // µs: until when it is to be granted, 0 for as long as nobody revokes it
	Why      string
	Proposed int64 // µs
	Approver Hand
	Approved int64 // µs, 0 for not
	Refused  int64 // µs, 0 for not
	Done     int64 // µs: carried out, 0 for not
}

// The types of the events of an act that takes two.
const (
	TypeActProposed = "account.act-proposed"
	TypeActApproved = "account.act-approved"
	TypeActRefused  = "account.act-refused"
	TypeActDone     = "account.act-done"
)

// TwofoldChange is the body of these events.
type TwofoldChange struct {
	Act      string      `json:"act,omitempty"`
	For      name.Person `json:"for,omitempty"`
	Role     name.Role   `json:"role,omitempty"`
	Ends     int64       `json:"ends,omitempty"` // µs
	Natural  string      `json:"natural,omitempty"`
	Benefits string      `json:"benefits,omitempty"`
	Approver string      `json:"approver,omitempty"`
}

// Propose decides that an act is proposed. Nobody proposes a right for themselves.
func Propose(by Hand, at int64, why string, w TwofoldChange) (TwofoldChange, error) {
	switch {
	case by.For != "":
		return w, fault.Refuse(fault.ErrDenied, "in-person", "")
	case w.Act == "":
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "act")
	case w.For != "" && by.is(w.For, w.Benefits):
		return w, fault.Refuse(fault.ErrDenied, "twofold-for-oneself", "for")
	case w.Ends != 0 && w.Ends <= at:
		return w, fault.Refuse(fault.ErrInvalid, "due-before-start", "ends")
	case strings.TrimSpace(why) == "":
		return w, fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	}
	w.Natural = by.Natural
	return w, nil
}

// Approve decides that the act may be done. Whoever proposed it, and whoever it benefits, does not approve it: by natural
// person, not by account.
func (t *Twofold) Approve(by Hand, at int64) (TwofoldChange, error) {
	if err := t.waits(at); err != nil {
		return TwofoldChange{}, err
	}
	if by.For != "" || by.is(t.By.Person, t.By.Natural) || t.For != "" && by.is(t.For, t.Benefits) {
		return TwofoldChange{}, fault.Refuse(fault.ErrDenied, "twofold-other-person", "")
	}
	return TwofoldChange{Approver: by.Natural}, nil
}

// Refuse decides that the act is not done: by anybody who may approve it, or by whoever proposed it.
func (t *Twofold) Refuse(at int64) error { return t.waits(at) }

func (t *Twofold) waits(at int64) error {
	switch {
	case t.Version == 0:
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	case t.Approved != 0 || t.Refused != 0:
		return fault.Refuse(fault.ErrConflict, "twofold-state", "")
	case at > t.Proposed+MaxProposal:
		return fault.Refuse(fault.ErrLate, "twofold-stale", "")
	}
	return nil
}

// Carry decides that the act is carried out now, which it is once and within a day of its approval.
func (t *Twofold) Carry(at int64) error {
	switch {
	case t.Version == 0:
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	case t.Approved == 0 || t.Done != 0:
		return fault.Refuse(fault.ErrConflict, "twofold-state", "")
	case at > t.Approved+MaxApproval:
		return fault.Refuse(fault.ErrLate, "twofold-stale", "")
	}
	return nil
}

// Waits reports whether it waits for approval at an instant.
func (t *Twofold) Waits(at int64) bool { return t.waits(at) == nil }

// ApplyTwofold returns the act after an event: total, and without changing t. It reports an error only for a body that is
// not JSON.
func ApplyTwofold(t Twofold, e *ledger.Event) (Twofold, error) {
	t.Version++
	t.ID = e.Stream
	var w TwofoldChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return t, fmt.Errorf("body of event %d of act %s: %w", e.Version, e.Stream, err)
	}
	switch e.Type {
	case TypeActProposed:
		t.Act, t.By, t.For, t.Benefits, t.Role, t.Ends = w.Act, Hand{e.Actor, w.Natural}, w.For, w.Benefits, w.Role, w.Ends
		t.Why, t.Proposed = e.Reason, e.At
	case TypeActApproved:
		t.Approver, t.Approved = Hand{e.Actor, w.Approver}, e.At
	case TypeActRefused:
		t.Refused = e.At
	case TypeActDone:
		t.Done = e.At
	}
	return t, nil
}
