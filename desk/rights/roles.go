package rights

import (
	"cmp"
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// GrantAct is the key of the dangerous act of granting a role.
const GrantAct = "grant"

// together returns the dangerous act with a key, out of the policy.
func (r *Room) together(act string) (access.TogetherRow, error) {
	for _, row := range r.desk.Policy().Together() {
		if row.Act == act {
			return row, nil
		}
	}
	return access.TogetherRow{}, fault.Refuse(fault.ErrInvalid, "no-such-option", "act")
}

// about is the object of a dangerous act: somebody's rights, or the platform.
func (r *Room) about(a access.Action, p, by name.Person) access.Object {
	o := platform
	if d, ok := access.Lookup(a); ok && slices.Contains(d.On, access.Person) {
		o = r.person(p)
	}
	if by != "" {
		o.MadeBy = append(o.MadeBy, by)
	}
	return o
}

// Order is a dangerous act that is proposed.
type Order struct {
	Act  string
	For  name.Person // of a grant
	Role name.Role   // of a grant
	Ends int64       // µs, of a grant; 0 for as long as it is renewed
	Why  string
}

// Propose proposes a dangerous act. It becomes possible when somebody else approves it.
func (r *Room) Propose(ctx context.Context, who desk.Caller, o Order) (account.Twofold, error) {
	row, err := r.together(o.Act)
	if err != nil {
		return account.Twofold{}, err
	}
	if err := r.mayPropose(who, row.Propose, o); err != nil {
		return account.Twofold{}, err
	}
	if !r.IsCarried(o.Act) {
		return account.Twofold{}, fault.Refuse(fault.ErrInvalid, "act-not-carried", "act")
	}
	if o.Act != GrantAct {
		o.For, o.Role, o.Ends = "", "", 0 // these are of a grant
	} else {
		if err := r.grantable(o.For, o.Role); err != nil {
			return account.Twofold{}, err
		}
	}
	r.one.Lock()
	defer r.one.Unlock()
	by := r.hand(r.actor(who, row.Propose))
	w, err := account.Propose(by, r.desk.Now(), o.Why, account.TwofoldChange{Act: o.Act, For: o.For, Role: o.Role, Ends: o.Ends, Benefits: r.people.Natural(o.For)})
	if err != nil {
		return account.Twofold{}, err
	}
	c := r.actStep(account.Twofold{}, by.Actor, account.TypeActProposed, o.Why, w)
	err = r.commit(ctx, c)
	return c.state, err
}

// mayPropose returns nil for whoever may propose. While nobody proposes roles for the whole district, right after the first run or once the
// last such person is gone, the system administrator proposes who does: the security administrator decides about it as about any other.
func (r *Room) mayPropose(who desk.Caller, a access.Action, o Order) error {
	about := r.about(a, o.For, "")
	err := r.desk.Allow(who, a, about)
	if err == nil || a != access.RolePropose || !r.Begins(who) {
		return err
	}
	if !slices.Contains(r.openers(), o.Role) {
		return fault.Refuse(fault.ErrDenied, "first-role", "role")
	}
	return r.desk.Allow(who, access.AccountManage, about) // from the same network, and with as fresh a proof
}

// first is who proposes the first roles.
const first name.Role = "sysadmin"

// Begins reports whether the caller proposes the first role.
func (r *Room) Begins(who desk.Caller) bool { return who.Has(first) && who.For == "" && r.isFirst() }

// openers are the roles that propose roles for everybody. A head proposes for one unit: where heads were the first, nobody could ever
// propose for another unit or a leader.
func (r *Room) openers() (roles []name.Role) {
	for _, g := range r.desk.Policy().Grants() {
		if g.Action == access.RolePropose && g.Scope == access.All {
			roles = append(roles, g.Role)
		}
	}
	return roles
}

// isFirst reports whether nobody holds a role that proposes roles for everybody.
func (r *Room) isFirst() bool {
	open := r.openers()
	if slices.ContainsFunc(open, r.people.Anybody) {
		return false
	}
	return len(r.holdingsWhere(func(h *account.Holding) bool {
		return h.InForce(r.desk.Now()) && slices.Contains(open, h.Role) && !r.Rests(h)
	})) == 0
}

// grantable refuses a role or a person that nobody knows, and a role that is held or is not given so. Other rules hold when it is granted.
func (r *Room) grantable(p name.Person, role name.Role) error {
	if _, known := r.people.Post(p); !known {
		return fault.Refuse(fault.ErrInvalid, "person-unknown", "for")
	}
	if !slices.ContainsFunc(r.desk.Policy().Roles(), func(row access.RoleRow) bool { return row.Role == role && role != access.Anyone }) {
		return fault.Refuse(fault.ErrInvalid, "role-unknown", "role")
	}
	switch {
	case r.isOfficer(role): // one of the three administrators', see [bihuan/desk/accounts.Room.Appoint]
		return fault.Refuse(fault.ErrDenied, "officers-by-two", "role")
	case slices.Contains(r.Now(p), role):
		return fault.Refuse(fault.ErrConflict, "role-held", "role")
	case slices.ContainsFunc(r.ofNatural(p), func(held name.Role) bool { return slices.Contains(r.desk.Policy().Alone(), held) }): // before anybody is asked to approve it
		return fault.Refuse(fault.ErrDenied, "administrator-alone", "role")
	}
	return nil
}

// Approve approves a dangerous act. A role that was proposed is held from then on; anything else may be carried out within a day.
func (r *Room) Approve(ctx context.Context, who desk.Caller, id name.ID) (account.Twofold, error) {
	r.one.Lock()
	defer r.one.Unlock()
	t, row, err := r.act(id)
	if err != nil {
		return t, err
	}
	if err := r.desk.Allow(who, row.Approve, r.about(row.Approve, t.For, t.By.Person)); err != nil {
		return t, err
	}
	if !r.stillProposed(&t, row.Propose) {
		return t, fault.Refuse(fault.ErrDenied, "twofold-proposer", "")
	}
	by := r.hand(r.actor(who, row.Approve))
	w, err := t.Approve(by, r.desk.Now())
	if err != nil {
		return t, err
	}
	c := r.actStep(t, by.Actor, account.TypeActApproved, t.Why, w)
	if t.Act != GrantAct {
		err = r.commit(ctx, c)
		return c.state, err
	}
	held, err := r.hold(by, &t)
	if err == nil {
		err = r.commit(ctx, c, held)
	}
	return c.state, err
}

// stillProposed reports whether whoever proposed a role could do so at this moment: they have not left, nor lost what they did it by, and whom it is for
// is still one of those for whom they may. The first role is the system administrator's to propose, whoever proposes others by now.
func (r *Room) stillProposed(t *account.Twofold, a access.Action) bool {
	if t.Act != GrantAct || !t.Waits(r.desk.Now()) { // what does not wait is told for what it is
		return true
	}
	by := desk.Caller{Person: t.By.Person, Unit: r.desk.Directory().Person(t.By.Person).Unit, Roles: r.desk.RolesNow(t.By.Person)}
	return r.mayAsk(by, a, t.For) || by.Has(first)
}

// RefuseAct refuses a dangerous act that was proposed: for whoever may approve it, and for whoever proposed it.
func (r *Room) RefuseAct(ctx context.Context, who desk.Caller, id name.ID, why string) error {
	r.one.Lock()
	defer r.one.Unlock()
	t, row, err := r.act(id)
	if err != nil {
		return err
	}
	if t.By.Person != who.Person {
		if err := r.desk.Allow(who, row.Approve, r.about(row.Approve, t.For, "")); err != nil {
			return err
		}
	}
	if err := t.Refuse(r.desk.Now()); err != nil {
		return err
	}
	return r.commit(ctx, r.actStep(t, r.actor(who, row.Approve), account.TypeActRefused, why, account.TwofoldChange{}))
}

func (r *Room) act(id name.ID) (account.Twofold, access.TogetherRow, error) {
	r.mu.RLock()
	t, known := r.acts[id]
	r.mu.RUnlock()
	if !known {
		return t, access.TogetherRow{}, fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	row, err := r.together(t.Act)
	return t, row, err
}

func (r *Room) actStep(t account.Twofold, by name.Actor, typ, why string, w account.TwofoldChange) *change[account.Twofold] {
	return &change[account.Twofold]{kind: TwofoldKind, state: t, id: t.ID, old: t.Version, by: by, typ: typ, reason: why, body: w,
		apply: account.ApplyTwofold, row: twofoldRow, put: r.putAct}
}

func twofoldRow(t *account.Twofold) journal.Row {
	row := journal.Row{Title: t.Act, State: "proposed", Open: t.Approved == 0 && t.Refused == 0, Unit: t.By.Unit, Person: t.By.Person, Opened: t.Proposed, Closed: max(t.Refused, t.Done)}
	switch {
	case t.Refused != 0:
		row.State = "refused"
	case t.Done != 0:
		row.State = "done"
	case t.Approved != 0:
		row.State = "approved"
	}
	if t.For != "" {
		row.Facets = []journal.Facet{{Name: "for", Text: string(t.For)}}
	}
	return row
}

// holding returns what is known of a role of a person, the zero Holding if nothing.
func (r *Room) holding(p name.Person, role name.Role) account.Holding {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if s := r.rightsOf[p]; s != nil {
		for _, id := range s.holdings {
			if h := r.holdings[id]; h.Role == role {
				return h
			}
		}
	}
	return account.Holding{}
}

// hold decides that the role of a proposal is held.
func (r *Room) hold(by account.Hand, t *account.Twofold) (step, error) {
	h := r.holding(t.For, t.Role)
	w, err := h.Hold(by, r.desk.Now(), account.HoldingChange{Person: t.For, Role: t.Role, Unit: r.desk.Directory().Person(t.For).Unit, Until: t.Ends}, account.HoldingEnv{Held: r.ofNatural(t.For), Natural: r.people.Natural(t.For),
		Creator: r.people.Maker(t.For), Exclusive: r.desk.Policy().Exclusive(), Alone: r.desk.Policy().Alone(), Glass: r.glassRoles()[t.Role] != 0, Period: r.Period()})
	if err != nil {
		return nil, err
	}
	return r.holdingStep(h, by.Actor, account.TypeRoleHeld, t.Why, w), nil
}

func (r *Room) holdingStep(h account.Holding, by name.Actor, typ, why string, w account.HoldingChange) step {
	return &change[account.Holding]{kind: HoldingKind, state: h, id: h.ID, old: h.Version, by: by, typ: typ, reason: why, body: w,
		apply: account.ApplyHolding, row: holdingRow, put: r.putHolding}
}

func holdingRow(h *account.Holding) journal.Row {
	row := journal.Row{Title: string(h.Role), State: "held", Open: h.Ended == 0, Person: h.Person, Opened: h.Since, Closed: h.Ended, Due: h.Until,
		Facets: []journal.Facet{{Name: "role", Text: string(h.Role)}}}
	if h.Ended != 0 {
		row.State, row.Due = "ended", 0
	}
	return row
}

// Renew says that a role that was granted is still needed.
func (r *Room) Renew(ctx context.Context, who desk.Caller, p name.Person, role name.Role) error {
	if err := r.desk.Allow(who, access.RoleRevoke, r.person(p)); err != nil {
		return err
	}
	r.one.Lock()
	defer r.one.Unlock()
	h, by := r.holding(p, role), r.hand(r.actor(who, access.RoleRevoke))
	now := r.desk.Directory().Person(p)
	w, err := h.Renew(by, r.desk.Now(), r.Period(), r.people.Natural(p), now.Unit, now.Roles)
	if err != nil {
		return err
	}
	return r.commit(ctx, r.holdingStep(h, by.Actor, account.TypeRoleRenewed, "", w))
}

// Revoke takes a role from a person from the next request on, whether it was granted or came with the post. One of the three administrators is not
// dismissed so: one alone would be rid of who watches them, and the house would be served without. Their account is disabled, and two name the next.
func (r *Room) Revoke(ctx context.Context, who desk.Caller, p name.Person, role name.Role, why string) error {
	if err := r.desk.Allow(who, access.RoleRevoke, r.person(p)); err != nil {
		return err
	}
	r.one.Lock()
	defer r.one.Unlock()
	h := r.holding(p, role)
	if !h.InForce(r.desk.Now()) && !slices.Contains(r.Roles(p, r.post(p)), role) { // one that rests is in force, and can be revoked
		return fault.Refuse(fault.ErrConflict, "role-not-held", "role")
	}
	if r.isOfficer(role) && !h.InForce(r.desk.Now()) { // it is the account's
		return fault.Refuse(fault.ErrDenied, "officer-stays", "role")
	}
	return r.end(ctx, r.hand(r.actor(who, access.RoleRevoke)), p, role, why)
}

func (r *Room) end(ctx context.Context, by account.Hand, p name.Person, role name.Role, why string) error {
	h := r.holding(p, role)
	if err := h.End(by, r.desk.Now(), why); err != nil {
		return err
	}
	return r.commit(ctx, r.holdingStep(h, by.Actor, account.TypeRoleEnded, why, account.HoldingChange{Person: p, Role: role}))
}

func (r *Room) holdingsWhere(holds func(*account.Holding) bool) (all []account.Holding) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, h := range r.holdings {
		if holds(&h) {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b account.Holding) int { return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.ID, b.ID)) })
	return all
}

func (r *Room) actsWhere(holds func(*account.Twofold) bool) (all []account.Twofold) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, t := range r.acts {
		if holds(&t) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b account.Twofold) int {
		return cmp.Or(cmp.Compare(b.Proposed, a.Proposed), cmp.Compare(a.ID, b.ID))
	})
	return all
}
