package rights

import (
	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// Keep has a replay hold the rows by which rights are found against what the log makes of them: what is not found holds nobody back.
func Keep(r *desk.Replay) {
	for _, first := range []string{account.TypeRoleHeld, account.TypeRoleRenewed, account.TypeRoleEnded} { // a role that came with a post is ended or renewed first
		r.Keep(first, kept(HoldingKind, account.ApplyHolding, holdingRow))
	}
	r.Keep(account.TypeDelegated, kept(DelegationKind, account.ApplyDelegation, delegationRow))
	r.Keep(account.TypeGlassAsked, kept(GlassKind, account.ApplyGlass, glassRow))
	r.Keep(account.TypeRecused, kept(RecusalKind, account.ApplyRecusal, recusalRow))
	r.Keep(account.TypeActProposed, kept(TwofoldKind, account.ApplyTwofold, twofoldRow))
	r.Keep(account.TypeReviewPlanned, kept(ReviewKind, account.ApplyReview, reviewRow))
}

func kept[T any](kind string, apply func(T, *ledger.Event) (T, error), row func(*T) journal.Row) func() desk.Kept {
	return func() desk.Kept {
		var state T
		var id name.ID
		return desk.Kept{Apply: func(e *ledger.Event) (err error) {
			id = e.Stream
			state, err = apply(state, e)
			return err
		}, Row: func() (*journal.Row, error) {
			out := row(&state)
			out.Stream, out.Noun, out.Kind = id, ledger.Account, kind
			return &out, nil
		}}
	}
}
