package desk

import (
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Caller is who makes a request: a person of a unit with the roles of the account, or nobody.
type Caller struct {
	Person name.Person
	Unit   name.Unit
	Roles  []name.Role
	For    name.Person // whom they act for 代办, empty for themselves; Unit and Roles are then that one's
	// Kinds are the kinds of matter in which they may act for a firm, under its mandate; nil where nothing is bounded so.
	Kinds []string
	Zone  access.Zone // from which network they ask, empty if that is not known
	Lang  string      // "zh" or "en": in which words refusals are explained
	// Proved is when this person last proved who they are with all the factors that are asked of them, in µs; 0 for never.
	Proved int64
	// Session is the short public id of the session, for the log; empty without one. It opens nothing.
	Session string
	// Waits says that something has to be done before anything else, such as changing a password that is too old: until then no role
	// holds, however it was come by.
	Waits bool
	// Fell says that roles of this person are without effect, since the natural person is one of the three administrators: see [access.Policy.Separate].
	Fell bool
}

// Nobody is the caller without an account.
var Nobody = Caller{Roles: []name.Role{"public"}}

// IsNobody reports whether the caller has no account.
func (c Caller) IsNobody() bool { return c.Person == "" }

// Has reports whether the caller has the role.
func (c Caller) Has(r name.Role) bool { return slices.Contains(c.Roles, r) }

// within refuses what lies outside of the mandate under which somebody acts for a firm.
func (c Caller) within(kind string) error {
	if c.Kinds == nil || slices.Contains(c.Kinds, kind) {
		return nil
	}
	return fault.Refuse(fault.ErrDenied, "mandate-outside", "")
}

// as returns the caller as an actor in one of the roles; who has no account is the visitor.
func (c Caller) as(r name.Role) name.Actor {
	if c.IsNobody() {
		return name.Visitor
	}
	return name.Actor{Person: c.Person, Unit: c.Unit, Role: r, For: c.For}
}

// As returns the caller as an actor in the first of the roles that they have, otherwise in their own first one: for sub-rooms.
func (c Caller) As(roles ...name.Role) name.Actor { return c.actor(roles...) }

// actor returns the caller in the first of the roles that it has, or in its own first role.
func (c Caller) actor(roles ...name.Role) name.Actor {
	for _, r := range roles {
		if c.Has(r) {
			return c.as(r)
		}
	}
	if len(c.Roles) > 0 {
		return c.as(c.Roles[0])
	}
	return c.as("public")
}

// IsSame reports whether two accounts are of one natural person.
func (d *Desk) IsSame(a, b name.Person) bool { return a == b || slices.Contains(d.same(a), b) }

// same returns every name under which the natural person behind one has an account, that one among them.
func (d *Desk) same(p name.Person) []name.Person {
	if d.rights == nil {
		return []name.Person{p}
	}
	return d.rights.Same(p)
}

// Hands returns every name of the natural persons who stand behind what a caller does: whoever they are, and whom they act for. It is
// what is asked wherever an act takes another person than one before it. The slice is not to be changed.
func (d *Desk) Hands(c Caller) []name.Person {
	own := d.same(c.Person)
	if c.For == "" || c.For == c.Person {
		return own
	}
	return slices.Concat(own, d.same(c.For))
}
