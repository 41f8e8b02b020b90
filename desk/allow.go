package desk

import (
	"cmp"
	"context"
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
	s := access.Subject{Person: c.Person, For: c.For, Unit: c.Unit, UnitPath: d.Directory().Path(c.Unit), Roles: c.Roles,
		Clearance: d.world.Policy.Clearance(c.Roles), Fell: c.Fell}
	if d.rights != nil {
		s.Also = d.Hands(c)
	}
	if d.world.Policy.Bound(c.Roles) {
		if g, err := d.theGround(context.Background()); err == nil { // without grids whoever is bound to them sees the less
			s.Grids = g.gridsOf(cmp.Or(c.For, c.Person), d.world.Now())
		}
	}
	if !d.world.Guarded {
		s.At, s.Proved, s.OnDuty, s.Zone = 1, 1, true, access.Office
		return s
	}
	s.At, s.Proved, s.Zone = d.world.Now(), c.Proved, c.Zone
	s.OnDuty = d.onDuty(s.At)
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
	return access.Object{Type: access.Matter, Unit: m.Holder.Unit, Assist: assisting(m), SetBy: m.Issuer.Unit, Supervisors: m.Supervisors(), Holder: m.Holder.Person,
		Involved: m.DidWork, Public: m.Public, Class: access.Internal, DidWork: m.DidWork, Grid: gridPath(m.Fields),
		Task: m.IsOpen(), Concerns: d.keepOut(m.ID)}
}

// asking describes a matter to whoever would decide what was asked for: who asked has made what is decided.
func (d *Desk) asking(m *matter.Matter) access.Object {
	o := d.object(m)
	if m.Pending != nil {
		o.MadeBy = askers(m.Pending.By)
	}
	return o
}

// askers are the persons behind an asking: who asked, and for whom.
func askers(by name.Actor) []name.Person {
	if by.For == "" {
		return []name.Person{by.Person}
	}
	return []name.Person{by.Person, by.For}
}

// goalObject describes a goal to access.
func (d *Desk) goalObject(g *indicator.Goal) access.Object {
	return access.Object{Type: access.Goal, Unit: g.Lead, Assist: g.Assist, Holder: g.Person, Involved: []name.Person{g.Leader, g.Person},
		Public: g.Public, Class: access.Public}
}

// changeObject describes a goal to whoever would decide the change that was asked for: who asked has made what is decided.
func (d *Desk) changeObject(g *indicator.Goal) access.Object {
	o := d.goalObject(g)
	if p := g.Pending; p != nil {
		o.MadeBy = askers(p.By)
	}
	return o
}

// rowClass is the class that one must reach to know of an object of a type; what is published is public.
func rowClass(a access.Action, t access.ObjectType) access.Class {
	if t == access.Goal || a == access.PublicRead {
		return access.Public
	}
	return access.Internal
}

// Scope returns the rows of a type that the caller may do an action to. Rows do not tell whom a matter concerns, or who is
// kept from checking it: what somebody may do to a row is asked of the row's own matter.
func (d *Desk) Scope(c Caller, a access.Action, t access.ObjectType) journal.Scope {
	var s journal.Scope
	who := d.subject(c)
	for _, term := range d.world.Policy.Filter(who, a, t).Terms {
		if term.Class < rowClass(a, t) || term.Task {
			continue
		}
		to := &s
		if term.Grids != nil {
			if s.There == nil {
				s.Grids, s.There = term.Grids, &journal.Scope{}
			}
			to = s.There
		}
		d.widen(to, &term)
	}
	return s
}

func (d *Desk) widen(s *journal.Scope, term *access.Term) {
	switch term.Scope {
	case access.All:
		s.All = true
	case access.OwnUnit:
		s.Units = with(s.Units, term.Unit)
	case access.Assisting:
		s.Assist = with(s.Assist, term.Unit)
	case access.SetByUnit:
		s.SetBy = with(s.SetBy, term.Unit)
	case access.Supervising:
		s.Supervise = with(s.Supervise, term.Unit)
	case access.Subtree:
		s.Units = with(s.Units, d.Directory().Below(term.Path)...)
	case access.Assigned:
		s.Persons = with(s.Persons, term.Persons...)
	case access.Involved:
		s.Persons, s.Took = with(s.Persons, term.Persons...), with(s.Took, term.Persons...)
	case access.Published:
		s.Public = true
	}
}

// with returns a sorted list with more, each once.
func with[T cmp.Ordered](all []T, more ...T) []T {
	all = append(all, more...)
	slices.Sort(all)
	return slices.Compact(all)
}

// isBelow reports whether a unit's path is root or below it.
func isBelow(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// assisting returns the units that have a part in a matter besides whoever holds it and whoever set it.
func assisting(m *matter.Matter) []name.Unit {
	units := m.Assisting()
	if m.Worker.Unit != "" && m.Worker.Unit != m.Holder.Unit {
		units = append(units[:len(units):len(units)], m.Worker.Unit)
	}
	return units
}
