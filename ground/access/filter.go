package access

import (
	"slices"

	"bihuan/ground/name"
)

// Filter is a policy's answer for lists: a row passes if any term passes and none of the
// exclusions holds. The zero value passes nothing. A store turns it into SQL: terms joined
// by OR, each its scope's condition AND class ≤ Class; then AND NOT the exclusions. A row
// without a class has class 4 ([Restricted]).
type Filter struct {
	Terms []Term `json:"terms"`
	// NotBy are persons, and NotByUnit the unit, that must not have done the work: rows whose
	// DidWork (DidWorkUnits) holds one of them fall out. Empty excludes nobody.
	NotBy     []name.Person `json:"notBy,omitempty"`
	NotByUnit name.Unit     `json:"notByUnit,omitempty"`
	// NotMadeBy and NotConcerning are persons: rows whose MadeBy (Concerns) holds one of them fall out.
	NotMadeBy     []name.Person `json:"notMadeBy,omitempty"`
	NotConcerning []name.Person `json:"notConcerning,omitempty"`
}

// Term is one way for a row to pass. Scope tells which of the other fields is used; a term
// never has that field empty.
type Term struct {
	Scope   Scope         `json:"scope"`
	Unit    name.Unit     `json:"unit,omitempty"`    // OwnUnit: unit = Unit; Assisting: Unit is among assist; SetByUnit: setBy = Unit; Supervising: Unit is among supervisors
	Path    string        `json:"path,omitempty"`    // Subtree: path = Path OR path > Path+"/" AND path < Path+"0" (bytewise; 0 follows /)
	Persons []name.Person `json:"persons,omitempty"` // Assigned: holder in Persons; Involved: holder or one involved in Persons
	Class   Class         `json:"class"`             // rows above this class do not pass
	Grids   []string      `json:"grids,omitempty"`   // not nil: the row's grid is one of these or below it, as with Path
	Task    bool          `json:"task,omitempty"`    // only rows that an open task links with the subject: no list has any
}

// Filter returns the rows of type t to which s may do a, as a condition. A policy of n
// grants gives at most n terms; terms that another one covers are left out.
func (p *Policy) Filter(s Subject, a Action, t ObjectType) Filter {
	law := p.laws[a]
	if law == nil || !slices.Contains(law.On, t) || p.clash(s.Roles) || law.inPerson && s.For != "" {
		return Filter{}
	}
	var f Filter
	for _, r := range append(slices.Clone(s.Roles), Anyone) {
		grants := p.byCell[cell{r, a, t}]
		for i := range grants {
			if term, ok := s.term(&grants[i]); ok && grants[i].When.moment(&s) == granted {
				f.Terms = addTerm(f.Terms, term)
			}
		}
	}
	if len(f.Terms) == 0 {
		return f
	}
	if law.apart&bitWorked != 0 {
		f.NotBy, f.NotByUnit = s.hands(), s.Unit
	}
	if law.apart&bitMade != 0 {
		f.NotMadeBy = s.hands()
	}
	if law.apart&bitConcerned != 0 {
		f.NotConcerning = s.hands()
	}
	return f
}

// term turns a grant into a condition; not ok if it can match nothing. What it asks of the moment is not looked at.
func (s *Subject) term(g *Grant) (Term, bool) {
	t := Term{Scope: g.Scope, Class: min(g.Class, max(s.Clearance, Public)), Task: g.When.Task}
	if g.When.Grid {
		if t.Grids = s.Grids; len(t.Grids) == 0 {
			return t, false
		}
	}
	switch g.Scope {
	case OwnUnit, Assisting, SetByUnit, Supervising:
		t.Unit = s.Unit
		return t, s.Unit != ""
	case Subtree:
		t.Path = s.UnitPath
		return t, s.UnitPath != ""
	case Assigned, Involved:
		t.Persons = s.persons()
		return t, len(t.Persons) > 0
	}
	return t, true
}

func (s *Subject) persons() []name.Person {
	var ps []name.Person
	for _, p := range []name.Person{s.Person, s.For} {
		if p != "" && !slices.Contains(ps, p) {
			ps = append(ps, p)
		}
	}
	return ps
}

// hands are the persons whose doing is the subject's: those that it is, and its other accounts.
func (s *Subject) hands() []name.Person {
	ps := s.persons()
	for _, p := range s.Also {
		if !slices.Contains(ps, p) {
			ps = append(ps, p)
		}
	}
	return ps
}

// addTerm adds t unless another term covers it, and drops what it covers.
func addTerm(terms []Term, t Term) []Term {
	for _, other := range terms {
		if other.covers(t) {
			return terms
		}
	}
	return append(slices.DeleteFunc(terms, t.covers), t)
}

// covers reports whether every row that passes o passes t. Both are of one subject.
func (t Term) covers(o Term) bool {
	wider := t.Scope == All || t.Scope == o.Scope || t.Scope == Involved && o.Scope == Assigned
	return wider && t.Class >= o.Class && (t.Grids == nil || o.Grids != nil) && (!t.Task || o.Task)
}

// Match reports whether a row passes: the slow reading of what a store does in SQL.
func (f Filter) Match(o Object) bool {
	if meet(f.NotBy, o.DidWork) || f.NotByUnit != "" && slices.Contains(o.DidWorkUnits, f.NotByUnit) || meet(f.NotMadeBy, o.MadeBy) || meet(f.NotConcerning, o.Concerns) {
		return false
	}
	return slices.ContainsFunc(f.Terms, func(t Term) bool { return t.match(o) })
}

func meet(a, b []name.Person) bool {
	return slices.ContainsFunc(a, func(p name.Person) bool { return slices.Contains(b, p) })
}

func (t Term) match(o Object) bool {
	if o.Class.needed() > t.Class || t.Task && !o.Task {
		return false
	}
	if t.Grids != nil && !slices.ContainsFunc(t.Grids, func(g string) bool { return isBelow(o.Grid, g) }) {
		return false
	}
	switch t.Scope {
	case All:
		return true
	case OwnUnit:
		return o.Unit == t.Unit
	case Subtree:
		return isBelow(o.UnitPath, t.Path)
	case Assisting:
		return slices.Contains(o.Assist, t.Unit)
	case SetByUnit:
		return o.SetBy == t.Unit
	case Supervising:
		return slices.Contains(o.Supervisors, t.Unit)
	case Assigned:
		return slices.Contains(t.Persons, o.Holder)
	case Involved:
		return slices.Contains(t.Persons, o.Holder) || meet(o.Involved, t.Persons)
	case Published:
		return o.Public
	}
	return false
}
