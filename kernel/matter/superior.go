package matter

import "bihuan/ground/name"

// Staff is who holds which role in which unit, in the order in which they are asked; under the role leader first the leader in
// charge 分管领导, who need not be of the unit.
type Staff map[name.Unit]map[name.Role][]name.Person

// The roles of superiors, from the nearest up.
const (
	head   name.Role = "head"
	leader name.Role = "leader"
)

// named returns who of a unit is told in a role: the first who holds it; if nobody does, or it would be the one who is being
// pressed, the head of the unit, and then the leader in charge. Empty where the directory knows nobody.
func (s Staff) named(unit name.Unit, role name.Role, pressed name.Person) (name.Person, name.Role) {
	for _, r := range []name.Role{role, head, leader} {
		for _, p := range s[unit][r] {
			if p != pressed {
				return p, r
			}
		}
	}
	return "", ""
}

// told returns who is told of a rung, by name where the directory has one: the person who has the matter in hand, or a
// superior in the role that the rung names, and in which role. Where a rung names no
// role and nobody has it in hand, the head of the unit.
func told(m *Matter, p Party, env *Env) (Hand, name.Role) {
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
		if h.Person != "" || p.Part == Holder && role == "" {
			return h, ""
		}
		role = head
	}
	h.Person, role = env.Staff.named(h.Unit, role, m.Holder.Person)
	return h, role
}
