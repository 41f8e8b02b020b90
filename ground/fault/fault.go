// Package fault is the closed list of error kinds.
//
// Rooms wrap one of the kinds below with what they were doing and to what; a face
// maps the kind to an answer with [KindOf]. An error that wraps none of them is a
// fault of ours: it is shown as one polite sentence and logged in full.
//
// A refusal that a person should read carries its words in a [Refusal]: a code that
// the catalogue translates, the field it concerns, and the values the sentence needs.
package fault

import "errors"

// The kinds. The list is closed: a new kind is a decision for every face.
var (
	ErrInvalid     = errors.New("invalid")     // the request is wrong as written (填写有误)
	ErrNotFound    = errors.New("not found")   // nothing there, or nothing you may know of (不存在)
	ErrConflict    = errors.New("conflict")    // somebody was faster, or the state has moved on (已被他人更新)
	ErrDenied      = errors.New("denied")      // not yours to do (无权办理)
	ErrLate        = errors.New("late")        // the window has closed (已过期限)
	ErrUnavailable = errors.New("unavailable") // not now; try again (暂时不可用)
)

var kinds = []error{ErrInvalid, ErrNotFound, ErrConflict, ErrDenied, ErrLate, ErrUnavailable}

// KindOf returns which of the kinds err wraps, the first in the order of their
// definition, or nil if it wraps none: then the fault is ours.
func KindOf(err error) error {
	for _, k := range kinds {
		if errors.Is(err, k) {
			return k
		}
	}
	return nil
}

// Refusal is an error that a person will read.
type Refusal struct {
	Kind  error             // one of the kinds
	Code  string            // key of the sentence in the catalogue, such as "evidence-missing"
	Field string            // the form field it concerns, empty if none
	With  map[string]string // values for the sentence's placeholders
}

// Refuse returns a Refusal. with alternates names and values; a name without a value is dropped.
func Refuse(kind error, code, field string, with ...string) *Refusal {
	r := &Refusal{Kind: kind, Code: code, Field: field}
	for i := 0; i+1 < len(with); i += 2 {
		if r.With == nil {
			r.With = map[string]string{}
		}
		r.With[with[i]] = with[i+1]
	}
	return r
}

func (r *Refusal) Error() string {
	s := r.Kind.Error() + ": " + r.Code
	if r.Field != "" {
		s += " (" + r.Field + ")"
	}
	return s
}

// Unwrap makes errors.Is find the kind.
func (r *Refusal) Unwrap() error { return r.Kind }
