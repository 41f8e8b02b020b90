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

// Holding 角色持有 is that a person holds a role, since it was granted and until it lapses, or no longer holds one that came
// with their post. It is a stream of its own. The zero Holding has not begun.
type Holding struct {
	ID      name.ID
	Version int64
	Person  name.Person
	Role    name.Role
	Unit    name.Unit  // in which the person was when it was granted or renewed last: it is for that unit's business; empty where that is not known
	Rested  name.Unit  // the unit to which they had moved when it was noted last that it rests, empty for never
	By      name.Actor // who granted or renewed it last
	Since   int64      // µs
	Until   int64      // µs: by when it has to be renewed
	Ended   int64      // µs, 0 while it is held
	EndedBy name.Actor
	Why     string
	Told    int64 // µs: when it was noted that it lapses soon, 0 for not
}

// The types of a holding's events.
const (
	TypeRoleHeld    = "account.role-held"
	TypeRoleRenewed = "account.role-renewed"
	TypeRoleEnded   = "account.role-ended"
	TypeRoleDue     = "account.role-due"   // 复核将到期
	TypeRoleRests   = "account.role-rests" // 因调动暂停
)

// HoldingChange is the body of a holding's events.
type HoldingChange struct {
	Person name.Person `json:"person,omitempty"`
	Role   name.Role   `json:"role,omitempty"`
	Unit   name.Unit   `json:"unit,omitempty"`
	Until  int64       `json:"until,omitempty"` // µs
}

// HoldingEnv is what the rules of a holding know about the world.
type HoldingEnv struct {
	Held      []name.Role   // every role of every account of the natural person
	Natural   string        // of the person, empty if that is not known
	Creator   Hand          // who made the person's account, zero if that is not known
	Exclusive [][]name.Role // sets of which one natural person holds at most one role: no holding is of one of them
	Alone     []name.Role   // roles beside which one natural person holds no other
	Glass     bool          // the role is had by breaking the glass only
	Period    int64         // µs: how long a role is held before somebody has to say that it is still needed
}

// Hold decides that a person holds a role from now on, for the period at most. Nobody grants to themselves or to an account that
// they made. A role of an exclusive set, one of the three administrators', is not held so: two of them give it, see [Grant].
func (h *Holding) Hold(by Hand, at int64, w HoldingChange, env HoldingEnv) (HoldingChange, error) {
	switch {
	case w.Person == "" || w.Role == "":
		return w, fault.Refuse(fault.ErrInvalid, "field-missing", "role")
	case env.Glass:
		return w, fault.Refuse(fault.ErrInvalid, "role-by-glass", "role")
	case isExclusive(w.Role, &Env{Exclusive: env.Exclusive}):
		return w, fault.Refuse(fault.ErrDenied, "officers-by-two", "role")
	case by.is(w.Person, env.Natural):
		return w, fault.Refuse(fault.ErrDenied, "own-account", "")
	case slices.ContainsFunc(env.Held, func(r name.Role) bool { return slices.Contains(env.Alone, r) }):
		return w, fault.Refuse(fault.ErrDenied, "administrator-alone", "role")
	case env.Creator.Person != "" && by.is(env.Creator.Person, env.Creator.Natural):
		return w, fault.Refuse(fault.ErrDenied, "granter-made-account", "")
	case slices.Contains(env.Held, w.Role):
		return w, fault.Refuse(fault.ErrConflict, "role-held", "role")
	case w.Until != 0 && w.Until <= at:
		return w, fault.Refuse(fault.ErrInvalid, "due-before-start", "until")
	}
	if w.Until == 0 || w.Until > at+env.Period {
		w.Until = at + env.Period
	}
	return w, nil
}

// RestsIn reports whether the role is without effect, since its person is in another unit by now than that for whose business it was granted, unless the post that they have
// there calls for it too. Where the unit is not known, on either side, it does not rest.
func (h *Holding) RestsIn(unit name.Unit, post []name.Role) bool {
	return h.Unit != "" && unit != "" && unit != h.Unit && !slices.Contains(post, h.Role)
}

// IsToRest reports whether the platform has to note that the role rests: once for each move.
func (h *Holding) IsToRest(at int64, unit name.Unit, post []name.Role) bool {
	return h.InForce(at) && h.Rested != unit && h.RestsIn(unit, post)
}

// Renew decides that the role is still needed, for a period in µs from now, in the unit and the post that its person has now: never by who holds it, and not
// while it rests, since who renews does not say that another unit needs it.
func (h *Holding) Renew(by Hand, at, period int64, natural string, unit name.Unit, post []name.Role) (HoldingChange, error) {
	switch {
	case !h.InForce(at):
		return HoldingChange{}, fault.Refuse(fault.ErrConflict, "role-not-held", "")
	case h.RestsIn(unit, post):
		return HoldingChange{}, fault.Refuse(fault.ErrConflict, "role-rests", "")
	case by.is(h.Person, natural):
		return HoldingChange{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	}
	return HoldingChange{Until: at + period, Unit: unit}, nil
}

// IsDue reports whether the platform has to note that the role lapses within a span in µs: once for each renewal.
func (h *Holding) IsDue(at, notice int64) bool {
	return h.InForce(at) && h.Told == 0 && at >= h.Until-notice
}

// End decides that the person holds the role no longer, also where it came with their post and not by a grant. The platform
// ends what was not renewed.
func (h *Holding) End(by Hand, at int64, why string) error {
	switch {
	case h.Ended != 0:
		return fault.Refuse(fault.ErrConflict, "role-not-held", "")
	case by.IsSystem() && at < h.Until:
		return fault.Refuse(fault.ErrConflict, "role-not-lapsed", "")
	case strings.TrimSpace(why) == "":
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	}
	return nil
}

// InForce reports whether the role is held by this at an instant.
func (h *Holding) InForce(at int64) bool { return h.Since != 0 && h.Ended == 0 && at < h.Until }

// ApplyHolding returns the holding after an event: total, and without changing h. It reports an error only for a body that
// is not JSON.
func ApplyHolding(h Holding, e *ledger.Event) (Holding, error) {
	h.Version++
	h.ID = e.Stream
	var w HoldingChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return h, fmt.Errorf("body of event %d of holding %s: %w", e.Version, e.Stream, err)
	}
	switch e.Type {
	case TypeRoleHeld:
		h.Person, h.Role, h.By, h.Since, h.Until, h.Ended, h.Why = w.Person, w.Role, e.Actor, e.At, w.Until, 0, e.Reason
		h.Told, h.Unit, h.Rested = 0, w.Unit, ""
	case TypeRoleRenewed:
		h.By, h.Until, h.Told = e.Actor, w.Until, 0
		if w.Unit != "" {
			h.Unit, h.Rested = w.Unit, ""
		}
	case TypeRoleRests:
		h.Rested = w.Unit
	case TypeRoleDue:
		h.Told = e.At
	case TypeRoleEnded:
		if h.Person == "" {
			h.Person, h.Role = w.Person, w.Role
		}
		h.Ended, h.EndedBy, h.Why = e.At, e.Actor, e.Reason
	}
	return h, nil
}
