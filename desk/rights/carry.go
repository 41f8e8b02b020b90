package rights

import (
	"context"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Carried says which dangerous acts something carries out once they are approved: what has a carrier can be proposed, what
// has none cannot, so that nobody approves what nothing would do. A grant needs none: it is carried out by its approval.
// It is called before requests are served.
func (r *Room) Carried(acts ...string) { r.carried = append(r.carried, acts...) }

// IsCarried reports whether an act can be proposed here.
func (r *Room) IsCarried(act string) bool { return act == GrantAct || slices.Contains(r.carried, act) }

// CarryOut takes an approval of an act other than a grant: it may be carried out now, and not once more. It is for the command
// line, which knows no person: the log says by which command.
func (r *Room) CarryOut(ctx context.Context, id name.ID, act string) error {
	r.one.Lock()
	defer r.one.Unlock()
	t, _, err := r.act(id)
	if err != nil {
		return err
	}
	if t.Act != act || !r.IsCarried(act) || act == GrantAct {
		return fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	if err := t.Carry(r.desk.Now()); err != nil {
		return err
	}
	return r.commit(ctx, r.actStep(t, name.System, account.TypeActDone, t.Why, account.TwofoldChange{}))
}

// approved returns the acts that were approved and wait to be carried out, the newest first.
func (r *Room) approved(now int64) []account.Twofold {
	return r.actsWhere(func(t *account.Twofold) bool { return t.Act != GrantAct && t.Carry(now) == nil })
}
