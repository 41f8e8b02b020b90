package account

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Recusal 回避 is that somebody keeps out of a matter because it concerns them or somebody close to them: declared by
// themselves, or ordered by who is above them. It is a stream of its own. The zero Recusal has not been declared.
//
// Source: Civil Servants Law (公务员法, 2018), articles 76 and 77, as read about.
type Recusal struct {
	ID      name.ID
	Version int64
	Matter  name.ID
	Person  name.Person
	By      name.Actor
	Why     string
	At      int64 // µs
	Ended   int64 // µs: found to be without ground, 0 for not
	EndedBy name.Person
}

// The types of a recusal's events.
const (
	TypeRecused      = "account.recused"
	TypeRecusalEnded = "account.recusal-ended"
)

// RecusalChange is the body of a recusal's events.
type RecusalChange struct {
	Matter name.ID     `json:"matter,omitempty"`
	Person name.Person `json:"person,omitempty"`
}

// Recuse decides that somebody keeps out of a matter. Somebody else is ordered to by who is above them only.
func Recuse(by name.Actor, why string, w RecusalChange, above bool) error {
	switch {
	case w.Matter == "" || w.Person == "":
		return fault.Refuse(fault.ErrInvalid, "field-missing", "person")
	case by.Person != w.Person && !above:
		return fault.Refuse(fault.ErrDenied, "recusal-of-others", "person")
	case strings.TrimSpace(why) == "":
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "why")
	}
	return nil
}

// End decides that there was no ground to keep out: never by who keeps out themselves.
func (r *Recusal) End(by name.Actor, above bool) error {
	switch {
	case r.Version == 0:
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	case r.Ended != 0:
		return fault.Refuse(fault.ErrConflict, "recusal-over", "")
	case by.Person == r.Person || by.For == r.Person || !above:
		return fault.Refuse(fault.ErrDenied, "recusal-not-by-oneself", "")
	}
	return nil
}

// ApplyRecusal returns the recusal after an event: total, and without changing r. It reports an error only for a body that
// is not JSON.
func ApplyRecusal(r Recusal, e *ledger.Event) (Recusal, error) {
	r.Version++
	r.ID = e.Stream
	var w RecusalChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return r, fmt.Errorf("body of event %d of recusal %s: %w", e.Version, e.Stream, err)
	}
	switch e.Type {
	case TypeRecused:
		r.Matter, r.Person, r.By, r.Why, r.At = w.Matter, w.Person, e.Actor, e.Reason, e.At
	case TypeRecusalEnded:
		r.Ended, r.EndedBy = e.At, e.Actor.Person
	}
	return r, nil
}
