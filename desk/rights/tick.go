package rights

import (
	"context"
	"errors"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// notRenewed is the reason in the log of a role that lapsed.
const notRenewed = "逾期未复核，自动收回"

// moved is the reason in the log of a role that rests.
const moved = "本人已调到其他单位，角色暂停"

// Tick ends the roles that nobody renewed, notes which rest since their person was moved, notes which lapse soon and how the review of posts goes on, and notes as a finding each
// broken glass whose review is late. It returns how many of all; a change that somebody else made first is left for the next tick. The scheduler calls it.
func (r *Room) Tick(ctx context.Context) (n int, err error) {
	r.one.Lock()
	defer r.one.Unlock()
	now, platform := r.desk.Now(), account.Hand{Actor: name.System}
	var all []error
	count := func(err error) {
		switch {
		case err == nil:
			n++
		case !errors.Is(err, fault.ErrConflict):
			all = append(all, err)
		}
	}
	for _, h := range r.holdingsWhere(func(h *account.Holding) bool { return h.Since != 0 && h.Ended == 0 && now >= h.Until }) {
		count(r.end(ctx, platform, h.Person, h.Role, notRenewed))
	}
	for _, h := range r.holdingsWhere(func(h *account.Holding) bool { return h.IsDue(now, r.Notice()) && !r.Rests(h) }) {
		count(r.commit(ctx, r.holdingStep(h, name.System, account.TypeRoleDue, "", account.HoldingChange{Until: h.Until})))
	}
	for _, h := range r.holdingsWhere(func(h *account.Holding) bool {
		p := r.desk.Directory().Person(h.Person)
		return h.IsToRest(now, p.Unit, p.Roles)
	}) {
		count(r.commit(ctx, r.holdingStep(h, name.System, account.TypeRoleRests, moved, account.HoldingChange{Person: h.Person, Role: h.Role, Unit: r.desk.Directory().Person(h.Person).Unit})))
	}
	if due, err := r.tickReview(ctx, now); due || err != nil {
		count(err)
	}
	for _, g := range r.glassesWhere(func(g *account.Glass) bool { return g.IsLate(now) }) {
		_, err := r.stepGlass(ctx, g, account.GlassCommand{Step: account.GlassTick, By: platform, At: now})
		count(err)
	}
	return n, errors.Join(all...)
}
