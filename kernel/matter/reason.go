package matter

import (
	"slices"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// Reason tells why the platform gave a field its value, or would have (依据): by the outline that a place lies in, or by a
// rule. It stands in the event in words, so that whoever reads it later reads what was known then, whatever has become of
// outlines and rules.
type Reason struct {
	Field string    `json:"field"`
	Value string    `json:"value,omitempty"` // what it led to; empty where it led to nothing
	Rule  string    `json:"rule,omitempty"`  // key of the rule, empty where none was asked
	Words name.Text `json:"words"`
}

// Limits of the reasons of one command.
const (
	MaxReasons     = 20
	maxReasonWords = 600 // characters in one language
)

// reasons takes down why fields have their values. The desk makes them; what is too long or of no field is a fault of ours,
// refused rather than kept.
func (d *decider) reasons() error {
	if len(d.c.Reasons) > MaxReasons {
		return fault.Refuse(fault.ErrInvalid, "too-many-rows", "reason", "limit", "20")
	}
	for _, r := range d.c.Reasons {
		if field.Find(d.k.Fields, r.Field) == nil || utf8.RuneCountInString(r.Words.ZH) > maxReasonWords || utf8.RuneCountInString(r.Words.EN) > maxReasonWords {
			return fault.Refuse(fault.ErrInvalid, "field-not-asked", r.Field)
		}
	}
	d.out.Change.Reasons = d.c.Reasons
	return nil
}

// understand keeps the newest reason of each field.
func (m *Matter) understand(rs []Reason) {
	if len(rs) == 0 {
		return
	}
	m.Reasons = slices.DeleteFunc(slices.Clone(m.Reasons), func(old Reason) bool {
		return slices.ContainsFunc(rs, func(r Reason) bool { return r.Field == old.Field })
	})
	m.Reasons = append(m.Reasons, rs...)
}

// Reason returns why a field has its value, or nil where nobody but its writer knows.
func (m *Matter) Reason(key string) *Reason {
	for i := range m.Reasons {
		if m.Reasons[i].Field == key {
			return &m.Reasons[i]
		}
	}
	return nil
}
