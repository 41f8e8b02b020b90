package desk

import (
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// This file is who holds which role at this moment: whoever is chosen to do something has to be able to do it when it comes to
// them. The directory says who is there, and no more than that.

// RolesNow returns the roles that a person holds at this moment, by their accounts and what was granted and revoked; by the
// directory alone where nobody keeps rights.
func (d *Desk) RolesNow(p name.Person) []name.Role {
	if d.rights == nil {
		return d.Directory().Person(p).Roles
	}
	roles := d.rights.Now(p)
	if len(roles) == 0 {
		return nil
	}
	roles, _ = d.world.Policy.Separate(roles, d.elsewhere(p, nil)) // what falls beside an administrator's falls for whoever asks
	return roles
}

// RolesGranted returns the roles that a person holds by what was granted and revoked; none where nobody keeps rights, whatever the directory says.
func (d *Desk) RolesGranted(p name.Person) []name.Role {
	if d.rights == nil {
		return nil
	}
	return d.rights.Now(p)
}

// StaffWith returns the persons of a unit, of every unit if it is empty, who hold one of the roles at this moment, in the order of
// the directory. Its cost is a look at the accounts of each person of the unit.
func (d *Desk) StaffWith(unit name.Unit, roles ...name.Role) (all []Person) {
	for _, p := range d.Directory().Persons {
		if (unit == "" || p.Unit == unit) && slices.ContainsFunc(d.RolesNow(p.Key), func(r name.Role) bool { return slices.Contains(roles, r) }) {
			all = append(all, p)
		}
	}
	return all
}

// roster is [matter.Roster] over the roles that people hold at this moment: a rung reaches nobody whose role was revoked, and whoever
// was granted one.
type roster struct{ d *Desk }

// With implements [matter.Roster]: of the leaders of a unit the one in charge comes first.
func (s roster) With(unit name.Unit, role name.Role) (all []name.Person) {
	if lead := s.d.Directory().Unit(unit).Leader; role == "leader" && lead != "" && slices.Contains(s.d.RolesNow(lead), role) {
		all = append(all, lead)
	}
	for _, p := range s.d.StaffWith(unit, role) {
		if !slices.Contains(all, p.Key) {
			all = append(all, p.Key)
		}
	}
	return all
}

// Serves implements [matter.Roster].
func (s roster) Serves(p name.Person) bool { return len(s.d.RolesNow(p)) > 0 }

// GoalDeciders returns the persons who could do an action to a goal at this moment, had they proved who they are: who can be
// asked to. The caller is left out.
func (d *Desk) GoalDeciders(who Caller, a access.Action, g *indicator.Goal) (all []Person) {
	o := d.goalObject(g)
	for _, p := range d.Directory().Persons {
		if p.Key != who.Person && p.Key != who.For && d.could(Caller{Person: p.Key, Unit: p.Unit, Roles: d.RolesNow(p.Key)}, a, o) {
			all = append(all, p)
		}
	}
	return all
}

// could reports whether the caller may do the action to the object but for the moment: once they have proved who they are, at work.
func (d *Desk) could(c Caller, a access.Action, o access.Object) bool {
	o.UnitPath = d.Directory().Path(o.Unit)
	switch d.world.Policy.Evaluate(d.subject(c), a, o).Code {
	case access.Granted, access.ProveAgain, access.OffDuty, access.WrongNetwork:
		return true
	}
	return false
}
