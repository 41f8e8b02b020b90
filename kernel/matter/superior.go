package matter

import "bihuan/ground/name"

// Roster is who can be told at this moment.
type Roster interface {
	// With returns who of a unit holds a role, in the order in which they are asked; under the role leader first the leader in charge
	// 分管领导, who need not be of the unit.
	With(unit name.Unit, role name.Role) []name.Person
	// Serves reports whether a person holds any role.
	Serves(p name.Person) bool
}

// Staff is a [Roster] that never changes: who holds which role in which unit. Everybody serves.
type Staff map[name.Unit]map[name.Role][]name.Person

// With implements [Roster].
func (s Staff) With(unit name.Unit, role name.Role) []name.Person { return s[unit][role] }

// Serves implements [Roster].
func (Staff) Serves(name.Person) bool { return true }

// The roles of superiors, from the nearest up.
const (
	head   name.Role = "head"
	leader name.Role = "leader"
)

// named returns who of a unit is told in a role: the first who holds it; if nobody does, or it would be the one who is being
// pressed, the head of the unit, and then the leader in charge. Empty where the directory knows nobody.
func named(s Roster, unit name.Unit, role name.Role, pressed name.Person) (name.Person, name.Role) {
	if s == nil {
		return "", ""
	}
	for _, r := range []name.Role{role, head, leader} {
		for _, p := range s.With(unit, r) {
			if p != pressed {
				return p, r
			}
		}
	}
	return "", ""
}

// told returns who is told of a clock's rung, by name where the directory has one: the person who has the matter in hand, or a
// superior in the role that the rung names, and in which role. Where a rung names no
// role and nobody has it in hand, or somebody who holds no role any more, the head of the unit. Of a decision never whoever asked for it.
func told(m *Matter, c *Clock, p Party, env *Env) (Hand, name.Role) {
	h := m.Holder
	switch p.Part {
	case Giver:
		h = m.Giver
	case Issuer:
		h = m.Issuer
	case Supervision:
		h = Hand{Unit: env.Supervision}
	}
	role := p.Role
	if role == "" || role == handler {
		serves := h.Person != "" && (env.Staff == nil || env.Staff.Serves(h.Person))
		if serves || h.Person == "" && p.Part == Holder && role == "" {
			return h, ""
		}
		role = head
	}
	pressed := m.Holder.Person
	if c.Decision && m.Pending != nil {
		pressed = m.Pending.By.Person
	}
	h.Person, role = named(env.Staff, h.Unit, role, pressed)
	return h, role
}
