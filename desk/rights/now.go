package rights

import (
	"slices"

	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Roles returns the roles of a person now: those of the post, less what was revoked, with what was granted and what a broken
// glass gives; see [desk.Rights].
func (r *Room) Roles(p name.Person, post []name.Role) []name.Role {
	r.mu.RLock()
	defer r.mu.RUnlock()
	s := r.rightsOf[p]
	if s == nil || len(s.holdings)+len(s.glasses) == 0 {
		return post
	}
	now := r.desk.Now()
	roles := slices.Clone(post)
	for _, id := range s.holdings {
		h := r.holdings[id]
		roles = slices.DeleteFunc(roles, func(role name.Role) bool { return role == h.Role })
		if h.InForce(now) && !r.Rests(&h) {
			roles = append(roles, h.Role)
		}
	}
	for _, id := range s.glasses {
		if g := r.glasses[id]; g.InForce(now) && !slices.Contains(roles, g.Role) {
			roles = append(roles, g.Role)
		}
	}
	return roles
}

// Rests reports whether a role is without effect, since its person was moved to another unit by the register; see [account.Holding.RestsIn].
func (r *Room) Rests(h *account.Holding) bool {
	p := r.desk.Directory().Person(h.Person)
	return h.RestsIn(p.Unit, p.Roles)
}

// Now returns the roles of a person now, by their accounts and by this room, none of whoever left: nothing is handed to them, and no rung reaches them; see [desk.Rights].
func (r *Room) Now(p name.Person) []name.Role {
	roles := r.Roles(p, r.post(p))
	if len(roles) > 0 && !r.people.Works(p) {
		return nil
	}
	return roles
}

// ActsFor returns the roles in which a person acts for another now: those delegated that the other one still has, none if that one has left; see
// [desk.Rights].
func (r *Room) ActsFor(p, other name.Person) (roles []name.Role) {
	delegated := r.delegated(p, other)
	if len(delegated) == 0 || !r.people.Works(other) {
		return nil
	}
	for _, role := range delegated {
		if slices.Contains(r.own(other), role) && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

func (r *Room) delegated(p, other name.Person) (roles []name.Role) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if s := r.rightsOf[p]; s != nil {
		for _, id := range s.acting {
			if d := r.delegations[id]; d.By.Person == other && d.InForce(r.desk.Now()) && !r.leftBehind(&d) {
				roles = append(roles, d.Roles...)
			}
		}
	}
	return roles
}

// leftBehind reports whether the register has moved whoever asked somebody to act for them to another unit since: they were asked for the business of the
// one before, and nobody there has let them in. Where a unit is not known it goes on.
func (r *Room) leftBehind(d *account.Delegation) bool {
	now := r.desk.Directory().Person(d.By.Person).Unit
	return d.By.Unit != "" && now != "" && now != d.By.Unit
}

// own returns the roles that a person has without those that a broken glass gives: what may be delegated.
func (r *Room) own(p name.Person) []name.Role {
	glass := r.glassRoles()
	return slices.DeleteFunc(slices.Clone(r.Roles(p, r.post(p))), func(role name.Role) bool { _, ok := glass[role]; return ok })
}

// glassRoles are the roles that are had by breaking the glass, with how long at most in µs.
func (r *Room) glassRoles() map[name.Role]int64 {
	all := map[name.Role]int64{}
	for _, row := range r.desk.Policy().Roles() {
		if row.Glass != 0 {
			all[row.Role] = int64(row.Glass)
		}
	}
	return all
}

// KeepOut returns who keeps out of a matter; see [desk.Rights]. The slice is not to be changed.
func (r *Room) KeepOut(matter name.ID) []name.Person {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.keepOut[matter]
}

// Same returns the accounts of the natural person behind one; see [desk.Rights].
func (r *Room) Same(p name.Person) []name.Person { return r.people.Same(p) }

// ofNatural returns every role of every account of a natural person.
func (r *Room) ofNatural(p name.Person) (roles []name.Role) {
	for _, same := range r.people.Same(p) {
		roles = append(roles, r.Roles(same, r.post(same))...)
	}
	return roles
}
