package rights

import (
	"cmp"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Mine is what somebody may, and what of their rights is under way.
type Mine struct {
	Grants     []access.Grant // what the caller's roles have, in the order of the policy
	Post       []name.Role    // the roles that the caller acts in now
	Held       []account.Holding
	Resting    []account.Holding    // without effect, since the caller was moved to another unit
	Given      []account.Delegation // who acts for the caller, running and to come
	Got        []account.Delegation // whom the caller acts for, running and to come
	Glasses    []account.Glass      // of the caller, the newest first, ten at most
	KeepsOutOf []account.Recusal
	GlassRoles []access.RoleRow  // that may be asked for
	Delegable  []name.Role       // roles that the caller may have somebody act in
	Waiting    []account.Twofold // that the caller may approve, and did not propose
}

// Mine returns what the caller may.
func (r *Room) Mine(who desk.Caller) Mine {
	now, p := r.desk.Now(), who.Person
	m := Mine{Grants: r.desk.Grants(who), Post: who.Roles, Delegable: r.own(p)}
	coming := func(d *account.Delegation) bool { return d.Ended == 0 && now < d.Until }
	m.Given = r.delegationsWhere(func(d *account.Delegation) bool { return d.By.Person == p && coming(d) })
	m.Got = r.delegationsWhere(func(d *account.Delegation) bool {
		return d.To == p && coming(d) && r.people.Works(d.By.Person) && !r.leftBehind(d)
	})
	m.Held, m.Resting = r.Held(p), r.Resting(p)
	m.Glasses = r.glassesWhere(func(g *account.Glass) bool { return g.By.Person == p })
	m.Glasses = m.Glasses[:min(10, len(m.Glasses))]
	m.KeepsOutOf = r.recusalsWhere(func(c *account.Recusal) bool { return c.Person == p && c.Ended == 0 })
	m.Waiting = r.actsWhere(func(t *account.Twofold) bool {
		return t.Waits(now) && t.By.Person != p && t.For != p && r.approves(who, t.Act)
	})
	if r.desk.Allow(who, access.GlassAsk, platform) == nil {
		for _, row := range r.desk.Policy().Roles() {
			if row.Glass != 0 {
				m.GlassRoles = append(m.GlassRoles, row)
			}
		}
	}
	return m
}

// Held returns the roles that were granted to a person and are in force.
func (r *Room) Held(p name.Person) []account.Holding {
	now := r.desk.Now()
	return r.holdingsWhere(func(h *account.Holding) bool { return h.Person == p && h.InForce(now) && !r.Rests(h) })
}

// Resting returns the roles that were granted to a person for the business of another unit than the one in which they are now: without effect until they are granted anew.
func (r *Room) Resting(p name.Person) []account.Holding {
	now := r.desk.Now()
	return r.holdingsWhere(func(h *account.Holding) bool { return h.Person == p && h.InForce(now) && r.Rests(h) })
}

// Staff is one person with their roles, for whoever grants them.
type Staff struct {
	desk.Person
	Now     []name.Role // that they have at this moment
	Taken   []name.Role // that came with the post and were revoked
	Granted []account.Holding
}

// Administration is what waits for whoever grants roles.
type Administration struct {
	Proposed []account.Twofold // waits for approval, all dangerous acts that the caller may approve or proposed
	Approved []account.Twofold // approved, and waits to be carried out
	Review   []account.Holding // lapses within a month unless it is renewed
	Resting  []account.Holding // rests since its person was moved, of whom the caller may propose or revoke
	Glasses  []account.Glass   // waits for approval, is broken, or waits for review
	Staff    []Staff           // by unit, sixty at most
	More     int               // how many more there are
	Posts    Review            // of the roles that came with posts, for whoever reviews them
}

// soon is how long before it lapses a role is put before whoever reviews it: 30 days, in µs.
const soon = 30 * 24 * 3600 * 1_000_000

// mostStaff is how many persons are shown at once.
const mostStaff = 60

// Administration returns what waits for the caller: for whoever approves or revokes, and for whoever proposed it. find narrows
// the persons by part of their name, key or unit.
func (r *Room) Administration(who desk.Caller, find string) (Administration, error) {
	if !r.administers(who) {
		return Administration{}, fault.Refuse(fault.ErrDenied, "no-grant", "")
	}
	now := r.desk.Now()
	var a Administration
	a.Proposed = r.actsWhere(func(t *account.Twofold) bool {
		return t.Waits(now) && (t.By.Person == who.Person || r.approves(who, t.Act))
	})
	for _, t := range r.approved(now) {
		if t.By.Person == who.Person || r.approves(who, t.Act) {
			a.Approved = append(a.Approved, t)
		}
	}
	if r.desk.Holds(who, access.RoleRevoke, access.Person) {
		a.Review = r.holdingsWhere(func(h *account.Holding) bool { return h.InForce(now) && h.Until < now+soon && !r.Rests(h) })
	}
	a.Resting = r.holdingsWhere(func(h *account.Holding) bool { return h.InForce(now) && r.Rests(h) })
	a.Resting = slices.DeleteFunc(a.Resting, func(h account.Holding) bool {
		return !r.mayAsk(who, access.RoleRevoke, h.Person) && !r.mayAsk(who, access.RolePropose, h.Person)
	})
	if r.desk.Holds(who, access.RoleReview, access.Person) {
		a.Posts = r.Posts(who)
	}
	if r.desk.Holds(who, access.GlassApprove, access.Platform) {
		a.Glasses = r.glassesWhere(func(g *account.Glass) bool { return g.Waits(now) || g.InForce(now) })
	}
	if r.desk.Holds(who, access.RoleRevoke, access.Person) || r.Proposes(who) {
		a.Staff, a.More = r.staff(who, find)
	}
	return a, nil
}

// Proposes reports whether the caller may propose a role for anybody.
func (r *Room) Proposes(who desk.Caller) bool {
	return r.desk.Holds(who, access.RolePropose, access.Person) || r.Begins(who)
}

// Proposable returns the roles that the caller may propose for anybody at all, in the order of the policy: of who proposes the first
// role only those that propose further ones.
func (r *Room) Proposable(who desk.Caller) (rows []access.RoleRow) {
	only := r.openers()
	all := r.desk.Holds(who, access.RolePropose, access.Person)
	for _, row := range r.desk.Policy().Roles() {
		if row.Glass == 0 && row.Role != access.Anyone && !r.isOfficer(row.Role) && (all || slices.Contains(only, row.Role)) {
			rows = append(rows, row)
		}
	}
	return rows
}

// isOfficer reports whether a role is one of those of which a natural person holds one: the three administrators'.
func (r *Room) isOfficer(role name.Role) bool {
	return slices.ContainsFunc(r.desk.Policy().Exclusive(), func(set []name.Role) bool { return slices.Contains(set, role) })
}

func (r *Room) administers(who desk.Caller) bool {
	return r.Proposes(who) || r.desk.Holds(who, access.RoleReview, access.Person) || r.desk.Holds(who, access.RoleRevoke, access.Person) || r.desk.Holds(who, access.GlassApprove, access.Platform) || r.desk.Holds(who, access.RestoreAsk, access.Platform)
}

func (r *Room) approves(who desk.Caller, act string) bool {
	row, err := r.together(act)
	if err != nil {
		return false
	}
	d, _ := access.Lookup(row.Approve)
	return r.desk.Holds(who, row.Approve, d.On[0])
}

// staff returns the persons whose roles the caller may propose or revoke.
func (r *Room) staff(who desk.Caller, find string) (all []Staff, more int) {
	dir := r.desk.Directory()
	order := map[name.Unit]int{}
	for i, u := range dir.Units {
		order[u.Key] = i
	}
	begins := r.Begins(who)
	persons := slices.Clone(dir.Persons)
	slices.SortStableFunc(persons, func(a, b desk.Person) int { return cmp.Compare(order[a.Unit], order[b.Unit]) })
	for _, p := range persons {
		unit := dir.Unit(p.Unit)
		text := strings.Join([]string{string(p.Key), p.Words.ZH, p.Words.EN, unit.Words.ZH, unit.Short.ZH, unit.Words.EN}, " ")
		if !strings.Contains(strings.ToLower(text), strings.ToLower(find)) {
			continue
		}
		if !r.mayAsk(who, access.RoleRevoke, p.Key) && !r.mayAsk(who, access.RolePropose, p.Key) && !begins {
			continue
		}
		if len(all) == mostStaff {
			more++
			continue
		}
		post := r.post(p.Key)
		s := Staff{Person: p, Now: r.Roles(p.Key, post)}
		for _, role := range post {
			if !slices.Contains(s.Now, role) {
				s.Taken = append(s.Taken, role)
			}
		}
		s.Granted = r.Held(p.Key)
		all = append(all, s)
	}
	return all, more
}

// mayAsk reports whether the caller may do an action to a person's rights, or has only to prove who they are once more.
func (r *Room) mayAsk(who desk.Caller, a access.Action, p name.Person) bool {
	d := r.desk.Policy().Evaluate(r.desk.Asker(who), a, r.person(p))
	return d.Allowed || d.Code == access.ProveAgain || d.Code == access.OffDuty
}

// Audit is every right beside the posts, for the auditor: the newest first, 500 of each at most.
type Audit struct {
	Acts        []account.Twofold
	Holdings    []account.Holding
	Delegations []account.Delegation
	Glasses     []account.Glass
	Recusals    []account.Recusal
}

// mostListed is how many of each kind the auditor's list shows.
const mostListed = 500

// Audit returns every right beside the posts, for the auditor.
func (r *Room) Audit(who desk.Caller) (Audit, error) {
	if err := r.desk.Allow(who, access.LogRead, access.Object{Type: access.Log, Class: access.Internal}); err != nil {
		return Audit{}, err
	}
	a := Audit{Acts: r.actsWhere(func(*account.Twofold) bool { return true }), Holdings: r.holdingsWhere(func(*account.Holding) bool { return true }),
		Delegations: r.delegationsWhere(func(*account.Delegation) bool { return true }), Glasses: r.glassesWhere(func(*account.Glass) bool { return true }),
		Recusals: r.recusalsWhere(func(*account.Recusal) bool { return true })}
	slices.Reverse(a.Holdings)
	a.Acts, a.Holdings, a.Delegations = a.Acts[:min(mostListed, len(a.Acts))], a.Holdings[:min(mostListed, len(a.Holdings))], a.Delegations[:min(mostListed, len(a.Delegations))]
	a.Glasses, a.Recusals = a.Glasses[:min(mostListed, len(a.Glasses))], a.Recusals[:min(mostListed, len(a.Recusals))]
	return a, nil
}

// Why is why the caller may do something to no object of a type, or to some: by the roles alone, so that it tells nothing
// about what exists.
type Why struct {
	Declared access.Declaration
	Code     access.Code
	Roles    []access.RoleRow // that have the action on that type
	Mine     []access.Grant   // of the caller's
	Apart    []access.Relation
	InPerson bool
}

// Why explains an action on a type of object to the caller.
func (r *Room) Why(who desk.Caller, a access.Action, t access.ObjectType) (Why, error) {
	d, known := access.Lookup(a)
	if !known || !slices.Contains(d.On, t) {
		return Why{}, fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	p := r.desk.Policy()
	w := Why{Declared: d, Code: r.desk.Barred(who, a, t), Apart: p.Apart(a), InPerson: p.InPerson(a)}
	rows := map[name.Role]access.RoleRow{}
	for _, row := range p.Roles() {
		rows[row.Role] = row
	}
	for _, g := range p.Grants() {
		if g.Action == a && g.On == t && !slices.ContainsFunc(w.Roles, func(row access.RoleRow) bool { return row.Role == g.Role }) {
			w.Roles = append(w.Roles, rows[g.Role])
		}
	}
	for _, g := range r.desk.Grants(who) {
		if g.Action == a && g.On == t {
			w.Mine = append(w.Mine, g)
		}
	}
	return w, nil
}
