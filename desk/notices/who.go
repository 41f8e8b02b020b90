package notices

import (
	"slices"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// This file says who is meant by a hand, a party or a role.

// mostHands is how many persons of one unit are told of what is nobody's by name.
const mostHands = 6

// Whoever is told without being staff.
const (
	reporterPrefix = "@reporter" // of the matter of the notice
	groupPrefix    = "@unit."    // the group of a unit in an enterprise chat
)

// deciders are those who may decide an act that was asked for: a leader in charge of the matter before the others, at most six.
func (r *Room) deciders(k *matter.Kind, m *matter.Matter, called string) (all []name.Person) {
	act := k.Act(called)
	if act == nil {
		return nil
	}
	for _, p := range act.By {
		who := r.party(m, p)
		if p.Part == matter.Anybody && p.Role == "leader" {
			who = r.inCharge(m, who)
		}
		all = append(all, who...)
	}
	return all[:min(len(all), mostHands)]
}

// inCharge narrows leaders to the one who is accountable for a matter, or in charge of the unit that works on it, if there is one.
func (r *Room) inCharge(m *matter.Matter, leaders []name.Person) []name.Person {
	for _, p := range []name.Person{name.Person(m.Fields["leader"]), r.Desk.Directory().Unit(m.Holder.Unit).Leader} {
		if slices.Contains(leaders, p) {
			return []name.Person{p}
		}
	}
	return leaders
}

// party returns the persons who are a party of a matter.
func (r *Room) party(m *matter.Matter, p matter.Party) (all []name.Person) {
	unit := name.Unit("")
	switch p.Part {
	case matter.Holder:
		if m.Holder.Person != "" {
			return []name.Person{m.Holder.Person}
		}
		unit = m.Holder.Unit
	case matter.Giver:
		unit = m.Giver.Unit
	case matter.Issuer:
		unit = m.Issuer.Unit
	case matter.Supervision:
		unit = r.Desk.Directory().Supervision
	case matter.Anybody, matter.Verifier:
		if p.Role == "" || p.Role == name.Visitor.Role {
			return nil
		}
	default:
		return nil
	}
	if p.Role != "" {
		return keys(r.Desk.StaffWith(unit, p.Role))
	}
	return keys(r.Desk.Directory().Of(unit, "")) // without a role there is a unit
}

// hands returns who is meant by a hand in a state: the person, or those of the unit who may do what comes next, or its handlers, or
// its head; at most six.
func (r *Room) hands(k *matter.Kind, state string, h matter.Hand) []name.Person {
	if h.Person != "" {
		return []name.Person{h.Person}
	}
	var roles []name.Role
	for i := range k.Acts {
		if act := &k.Acts[i]; slices.Contains(act.From, state) && act.Verb != matter.Note {
			for _, by := range act.By {
				if by.Part == matter.Holder && by.Role != "" {
					roles = append(roles, by.Role)
				}
			}
		}
	}
	return r.firstOf(h.Unit, roles, []name.Role{"handler"}, []name.Role{"head"}, []name.Role{"leader"})
}

// above returns who is meant by the hand that a rung names: the person, or whoever answers for the unit.
func (r *Room) above(h matter.Hand) []name.Person {
	if h.Person != "" {
		return []name.Person{h.Person}
	}
	return r.firstOf(h.Unit, []name.Role{"head"}, []name.Role{"supervisor"}, []name.Role{"leader"}, []name.Role{"handler"})
}

// firstOf returns those of a unit who hold one of the first roles that anybody there holds now, at most six.
func (r *Room) firstOf(unit name.Unit, ranks ...[]name.Role) []name.Person {
	if unit == "" {
		return nil
	}
	for _, roles := range ranks {
		if all := r.Desk.StaffWith(unit, roles...); len(all) > 0 {
			return keys(all[:min(len(all), mostHands)])
		}
	}
	return nil
}

func keys(persons []desk.Person) (all []name.Person) {
	for _, p := range persons {
		all = append(all, p.Key)
	}
	return all
}
