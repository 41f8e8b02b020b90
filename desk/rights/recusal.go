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

// Recuse has a person keep out of a matter that the caller may read: themselves, or somebody of the unit whose head the
// caller is.
func (r *Room) Recuse(ctx context.Context, who desk.Caller, matter name.ID, p name.Person, why string) error {
	v, err := r.desk.Matter(ctx, who, matter)
	if err != nil {
		return err
	}
	if err := r.desk.Allow(who, access.RecusalAvow, access.Object{Type: access.Matter, Unit: v.Holder.Unit, Class: access.Internal}); err != nil {
		return err
	}
	r.one.Lock()
	defer r.one.Unlock()
	if slices.Contains(r.KeepOut(matter), p) {
		return fault.Refuse(fault.ErrConflict, "recusal-stands", "")
	}
	by, w := r.actor(who, access.RecusalAvow), account.RecusalChange{Matter: matter, Person: p}
	if err := account.Recuse(by, why, w, r.isAbove(who, p)); err != nil {
		return err
	}
	return r.commit(ctx, r.recusal(account.Recusal{}, by, account.TypeRecused, why, w))
}

// isAbove reports whether the caller heads the unit of a person.
func (r *Room) isAbove(who desk.Caller, p name.Person) bool {
	return who.Has("head") && r.desk.Directory().Person(p).Unit == who.Unit && who.Person != p
}

// EndRecusal finds that there was no ground to keep out: for the head of the unit of whoever keeps out.
func (r *Room) EndRecusal(ctx context.Context, who desk.Caller, id name.ID, why string) error {
	r.one.Lock()
	defer r.one.Unlock()
	r.mu.RLock()
	c, known := r.recusals[id]
	r.mu.RUnlock()
	own := slices.Contains(r.desk.Hands(who), c.Person) // by whichever of their accounts, and in whosever name
	if !known || !own && !r.isAbove(who, c.Person) {
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	by := r.actor(who, access.RecusalAvow)
	if err := c.End(by, !own && r.isAbove(who, c.Person)); err != nil {
		return err
	}
	return r.commit(ctx, r.recusal(c, by, account.TypeRecusalEnded, why, account.RecusalChange{}))
}

func (r *Room) recusal(c account.Recusal, by name.Actor, typ, why string, w account.RecusalChange) step {
	return &change[account.Recusal]{kind: RecusalKind, state: c, id: c.ID, old: c.Version, by: by, typ: typ, reason: why, body: w,
		apply: account.ApplyRecusal, row: recusalRow, put: r.putRecusal}
}

func recusalRow(c *account.Recusal) journal.Row {
	row := journal.Row{State: "out", Open: c.Ended == 0, Person: c.Person, Parent: c.Matter, Opened: c.At, Closed: c.Ended}
	if c.Ended != 0 {
		row.State = "ended"
	}
	return row
}

// Recusals returns who keeps out of a matter and why, the newest first: for whoever may read the matter.
func (r *Room) Recusals(matter name.ID) (all []account.Recusal) {
	return r.recusalsWhere(func(c *account.Recusal) bool { return c.Matter == matter && c.Ended == 0 })
}

func (r *Room) recusalsWhere(holds func(*account.Recusal) bool) (all []account.Recusal) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, c := range r.recusals {
		if holds(&c) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b account.Recusal) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(a.ID, b.ID)) })
	return all
}
