package calendar

import (
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Basis is the unit in which a clock counts, and what it counts.
type Basis string

// The six bases.
const (
	WorkingDay    Basis = "working-day"    // 工作日: days on which the office works
	CalendarDay   Basis = "calendar-day"   // 自然日: every day; the last one moves off a rest day
	Month         Basis = "month"          // 月: to the corresponding day; moves off a rest day
	WorkingHour   Basis = "working-hour"   // 工作时: office hours only
	EmergencyHour Basis = "emergency-hour" // 紧急工作时: every hour, day and night
	EmergencyDay  Basis = "emergency-day"  // 紧急工作日: blocks of 24 hours, day and night
)

// bases tells what is peculiar to each basis.
var bases = []struct {
	basis Basis
	words name.Text // of the unit
	dated bool      // due at the end of a date, not at a moment of the day
}{
	{WorkingDay, name.Text{ZH: "工作日", EN: "working day"}, true},
	{CalendarDay, name.Text{ZH: "自然日", EN: "calendar day"}, true},
	{Month, name.Text{ZH: "月", EN: "month"}, true},
	{WorkingHour, name.Text{ZH: "工作时", EN: "working hour"}, false},
	{EmergencyHour, name.Text{ZH: "紧急工作时", EN: "emergency hour"}, false},
	{EmergencyDay, name.Text{ZH: "紧急工作日", EN: "emergency day"}, false},
}

// Bases returns the six bases in their order.
func Bases() []Basis {
	var all []Basis
	for _, b := range bases {
		all = append(all, b.basis)
	}
	return all
}

// ParseBasis returns s as a Basis. It wraps [fault.ErrInvalid] for any other word.
func ParseBasis(s string) (Basis, error) {
	for _, b := range bases {
		if string(b.basis) == s {
			return b.basis, nil
		}
	}
	return "", fmt.Errorf("basis %q is none of %v: %w", clip(s), Bases(), fault.ErrInvalid)
}

// Words returns the name of the unit.
func (b Basis) Words() name.Text {
	for _, row := range bases {
		if row.basis == b {
			return row.words
		}
	}
	return name.Text{}
}

// IsDated reports whether a clock of this basis is due at the end of a date
// (working day, calendar day, month) rather than at a moment.
func (b Basis) IsDated() bool {
	for _, row := range bases {
		if row.basis == b {
			return row.dated
		}
	}
	return false
}

// Term is the length of a period (期限), such as 20 working days. Length is 1 to 100,000.
type Term struct {
	Basis  Basis `json:"basis"`
	Length int   `json:"length"`
}

// Longer terms, or more pauses and extensions, are a slip of the pen.
const (
	maxLength     = 100_000
	maxPauses     = 10_000
	maxExtensions = 100
)

// Pause is a span in which a clock does not run (挂起, 中止计时), from From up to To, To not
// included. To zero: not resumed yet. A pause in which nothing lies is no pause.
//
// Clocks that count days leave out every day of which any part is paused; so the day of the
// pausing act and the day of the resuming act do not count, as the day of the start does
// not. Clocks that count hours stop and go on to the microsecond.
type Pause struct {
	From   Instant   `json:"from"`
	To     Instant   `json:"to,omitempty"`
	Reason name.Text `json:"reason,omitzero"` // shown in the derivation
}

// Clock is one running period: when it began, how long it is, when it stood still, and by
// how much it was extended.
type Clock struct {
	Start  Instant `json:"start"`
	Term   Term    `json:"term"`
	Pauses []Pause `json:"pauses,omitempty"` // in any order; overlaps count once
	// Extensions are lengths in the basis of the term, each counted on from the due that
	// stood before it: the day that was due is not counted, as a start is not.
	Extensions []int `json:"extensions,omitempty"`
}

// check wraps fault.ErrInvalid for a clock that cannot run.
func (c Clock) check() error {
	if _, err := ParseBasis(string(c.Term.Basis)); err != nil {
		return err
	}
	if !c.Start.Date().IsValid() {
		return fmt.Errorf("start is outside the years 0001 to 9999: %w", fault.ErrInvalid)
	}
	if len(c.Pauses) > maxPauses || len(c.Extensions) > maxExtensions {
		return fmt.Errorf("%d pauses and %d extensions, more than %d and %d: %w", len(c.Pauses), len(c.Extensions), maxPauses, maxExtensions, fault.ErrInvalid)
	}
	if n := c.Term.Length; n < 1 || n > maxLength {
		return fmt.Errorf("length %d is not between 1 and %d: %w", n, maxLength, fault.ErrInvalid)
	}
	for _, n := range c.Extensions {
		if n < 1 || n > maxLength {
			return fmt.Errorf("extension %d is not between 1 and %d: %w", n, maxLength, fault.ErrInvalid)
		}
	}
	for _, p := range c.Pauses {
		if p.To != 0 && p.To < p.From {
			return fmt.Errorf("pause ends at %s, before it begins at %s: %w", p.To, p.From, fault.ErrInvalid)
		}
		if !p.From.Date().IsValid() || !p.To.Date().IsValid() {
			return fmt.Errorf("pause is outside the years 0001 to 9999: %w", fault.ErrInvalid)
		}
	}
	return nil
}
