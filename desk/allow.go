package desk

import (
	"slices"
	"strings"

	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// subject describes a caller to access.
func (d *Desk) subject(c Caller) access.Subject {
	if c.IsNobody() {
		return access.Visitor
	}
	s := access.Subject{Person: c.Person, Unit: c.Unit, UnitPath: d.Directory().Path(c.Unit), Roles: c.Roles,
		Clearance: d.world.Policy.Clearance(c.Roles)}
	if !d.world.Guarded {
		s.At, s.Proved, s.OnDuty, s.Zone = 1, 1, true, access.Office
	}
	return s
}

// Allow returns nil if the caller may do the action to the object, and otherwise the error to show.
func (d *Desk) Allow(c Caller, a access.Action, o access.Object) error {
	return d.world.Policy.Check(d.subject(c), a, o)
}

func (d *Desk) allow(c Caller, a access.Action, o access.Object) error {
	if o.Unit != "" && o.UnitPath == "" {
		o.UnitPath = d.Directory().Path(o.Unit)
	}
	if o.Class == 0 {
		o.Class = access.Internal
	}
	return d.Allow(c, a, o)
}

// Holds reports whether the caller may do the action to any object of a type at all: for menus and buttons.
func (d *Desk) Holds(c Caller, a access.Action, t access.ObjectType) bool {
	return d.world.Policy.Holds(d.subject(c), a, t)
}

// object describes a matter to access.
func (d *Desk) object(m *matter.Matter) access.Object {
	o := access.Object{Type: access.Matter, Unit: m.Holder.Unit, Assist: slices.Clip(m.Assisting()), SetBy: m.Issuer.Unit, Holder: m.Holder.Person,
		Involved: m.DidWork, Public: m.Public, Class: access.Internal, DidWork: m.DidWork}
	if m.Worker.Unit != "" {
		o.Assist = append(o.Assist, m.Worker.Unit)
	}
	return o
}

// goalObject describes a goal to access.
func (d *Desk) goalObject(g *indicator.Goal) access.Object {
	return access.Object{Type: access.Goal, Unit: g.Lead, Assist: g.Assist, Holder: g.Person, Involved: []name.Person{g.Leader, g.Person},
		Public: g.Public, Class: access.Public}
}

// Scope returns the rows of a type that the caller may do an action to.
func (d *Desk) Scope(c Caller, a access.Action, t access.ObjectType) journal.Scope {
	var s journal.Scope
	dir := d.Directory()
	for _, term := range d.world.Policy.Filter(d.subject(c), a, t).Terms {
		switch term.Scope {
		case access.All:
			s.All = true
		case access.OwnUnit, access.Assisting, access.SetByUnit:
			s.Units = append(s.Units, term.Unit)
		case access.Subtree:
			s.Units = append(s.Units, dir.Below(term.Path)...)
		case access.Assigned, access.Involved:
			s.Person = c.Person
		case access.Published:
			s.Public = true
		}
	}
	slices.Sort(s.Units)
	s.Units = slices.Compact(s.Units)
	return s
}

// isBelow reports whether a unit's path is root or below it.
func isBelow(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }
