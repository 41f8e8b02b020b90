package rights

import (
	"cmp"
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// Give has somebody act for the caller in some of the caller's roles from the beginning of one day, or at once if that is
// today, to the end of another.
func (r *Room) Give(ctx context.Context, who desk.Caller, to name.Person, roles []name.Role, from, until calendar.Date, why string) (account.Delegation, error) {
	if err := r.desk.Allow(who, access.DelegateGive, r.person(who.Person)); err != nil {
		return account.Delegation{}, err
	}
	if _, known := r.people.Post(to); !known {
		return account.Delegation{}, fault.Refuse(fault.ErrInvalid, "person-unknown", "to")
	}
	r.one.Lock()
	defer r.one.Unlock()
	now := r.desk.Now()
	by := r.hand(r.actor(who, access.DelegateGive))
	w, err := account.Give(by, now, why, account.DelegationChange{To: to, Roles: roles, From: max(int64(from.Start()), now), Until: int64((until + 1).Start())},
		account.DelegationEnv{Own: r.own(who.Person), Receiver: r.ofNatural(to), Natural: r.people.Natural(to), Exclusive: r.desk.Policy().Exclusive()})
	if err != nil {
		return account.Delegation{}, err
	}
	c := r.delegation(account.Delegation{}, by.Actor, account.TypeDelegated, why, w)
	err = r.commit(ctx, c)
	return c.state, err
}

// EndDelegation ends a delegation before its time: for whoever gave it or got it, and for whoever revokes roles.
func (r *Room) EndDelegation(ctx context.Context, who desk.Caller, id name.ID, why string) error {
	r.one.Lock()
	defer r.one.Unlock()
	r.mu.RLock()
	d := r.delegations[id]
	r.mu.RUnlock()
	by := r.hand(r.actor(who, access.DelegateGive))
	revokes := r.desk.Allow(who, access.RoleRevoke, r.person(d.By.Person)) == nil
	if err := d.End(by, r.desk.Now(), revokes); err != nil {
		return err
	}
	return r.commit(ctx, r.delegation(d, by.Actor, account.TypeDelegationEnded, why, account.DelegationChange{}))
}

func (r *Room) delegation(d account.Delegation, by name.Actor, typ, why string, w account.DelegationChange) *change[account.Delegation] {
	return &change[account.Delegation]{kind: DelegationKind, state: d, id: d.ID, old: d.Version, by: by, typ: typ, reason: why, body: w,
		apply: account.ApplyDelegation, row: delegationRow, put: r.putDelegation}
}

func delegationRow(d *account.Delegation) journal.Row {
	row := journal.Row{State: "given", Open: d.Ended == 0, Unit: d.By.Unit, Person: d.By.Person, Opened: d.Given, Closed: d.Ended, Due: d.Until,
		Facets: []journal.Facet{{Name: "to", Text: string(d.To)}}}
	if d.Ended != 0 {
		row.State, row.Due = "ended", 0
	}
	row.Body = inJSON(map[string]string{"to": string(d.To)})
	return row
}

// delegationsWhere returns every delegation for which a test holds, the newest first.
func (r *Room) delegationsWhere(holds func(*account.Delegation) bool) (all []account.Delegation) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, d := range r.delegations {
		if holds(&d) {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b account.Delegation) int {
		return cmp.Or(cmp.Compare(b.Given, a.Given), cmp.Compare(a.ID, b.ID))
	})
	return all
}
