// Package name holds the identifiers that every room speaks of: [District], [ID],
// [Unit], [Person], [Actor] and [Text], a word in two languages.
//
// Identifiers are opaque text made by us. Every id that is stored begins with its
// district, so that a table can be distributed by district: 220105-<uuidv7>.
package name

import (
	"fmt"
	"strings"

	"bihuan/ground/fault"
)

// District is a county-level division, six digits by GB/T 2260, such as 220105 长春市二道区.
type District string

// ParseDistrict returns s as a District. It wraps [fault.ErrInvalid] unless s is six ASCII digits.
// Whether the division exists is a question for the register of divisions in pack cn.
func ParseDistrict(s string) (District, error) {
	if len(s) != 6 || strings.Trim(s, "0123456789") != "" {
		return "", fmt.Errorf("district %q is not six digits: %w", s, fault.ErrInvalid)
	}
	return District(s), nil
}

// ID is the identifier of a stored thing: its district, a hyphen, and a UUIDv7 in lower
// case with hyphens, 43 bytes in all. Ids made later by the same process sort later.
type ID string

// NewID composes an ID from a district and the sixteen bytes of a UUIDv7.
// Making the bytes needs a clock and chance, so the caller brings them.
func NewID(d District, u [16]byte) ID {
	return ID(fmt.Sprintf("%s-%x-%x-%x-%x-%x", d, u[:4], u[4:6], u[6:8], u[8:10], u[10:]))
}

// ParseID returns s as an ID. It wraps [fault.ErrInvalid] unless s has the shape that NewID gives.
func ParseID(s string) (ID, error) {
	if len(s) != 43 || s[6] != '-' || s[15] != '-' || s[20] != '-' || s[25] != '-' || s[30] != '-' {
		return "", fmt.Errorf("id %q has not the shape district-uuid: %w", s, fault.ErrInvalid)
	}
	if _, err := ParseDistrict(s[:6]); err != nil {
		return "", fmt.Errorf("id %q: %w", s, err)
	}
	if strings.Trim(strings.ReplaceAll(s[7:], "-", ""), "0123456789abcdef") != "" {
		return "", fmt.Errorf("id %q is not lower-case hexadecimal: %w", s, fault.ErrInvalid)
	}
	return ID(s), nil
}

// UUID returns the sixteen bytes that NewID composes the id from, and false for an id that it does not make.
func (id ID) UUID() (u [16]byte, ok bool) {
	if len(id) != 43 || id[6] != '-' || id[15] != '-' || id[20] != '-' || id[25] != '-' || id[30] != '-' {
		return u, false
	}
	at := 7
	for i := range u {
		if at == 15 || at == 20 || at == 25 || at == 30 { // the hyphens
			at++
		}
		high, low := strings.IndexByte(digits, id[at]), strings.IndexByte(digits, id[at+1])
		if high < 0 || low < 0 {
			return u, false
		}
		u[i] = byte(high<<4 | low)
		at += 2
	}
	return u, strings.Trim(string(id[:6]), digits[:10]) == ""
}

const digits = "0123456789abcdef"

// District returns the district that the id begins with, empty for an id of fewer than six bytes.
func (id ID) District() District {
	if len(id) < 6 {
		return ""
	}
	return District(id[:6])
}

// Unit is the key of an organisation in the register of units, such as "housing" 区住建局:
// lower-case ASCII letters, digits and hyphens. Names and their validity stand in the register.
type Unit string

// Person is the key of a natural person in the register of persons. It says nothing about the person.
type Person string

// Role is what somebody may do in an office, such as "handler" 经办人 or "supervisor" 督查员.
type Role string

// Actor is who does something, and in which capacity: one person, for a unit, in a role.
type Actor struct {
	Person Person
	Unit   Unit
	Role   Role
	For    Person // whom the person acts for (代办), empty if for themselves
}

// System is the actor of what no person does: the scheduler's rungs, the first installation.
var System = Actor{Person: "system", Unit: "system", Role: "system"}

// Visitor is the actor of what somebody does who has no account: a report at a public door, a rating by its receipt.
var Visitor = Actor{Person: "visitor", Unit: "public", Role: "public"}

// IsVisitor reports whether the actor is somebody without an account.
func (a Actor) IsVisitor() bool { return a.Person == Visitor.Person }

// IsSystem reports whether the actor is the platform itself.
func (a Actor) IsSystem() bool { return a.Person == System.Person }

// Text is one thing said in the two languages of the platform. Both are required of everything that is shown.
type Text struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// In returns the words in lang, "en" or anything else for Chinese, and the other language where one is missing.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// IsZero reports whether nothing is said in either language.
func (t Text) IsZero() bool { return t == Text{} }
