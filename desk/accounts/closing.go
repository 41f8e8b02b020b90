package accounts

import (
	"context"
	"errors"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// This file is how a resident closes their account 注销账号: the log says that it is closed, and everything that stood beside it goes, the ways in, the receipts that were kept and the
// sessions. Who comes with the same number or identity afterwards is somebody new.

// Leave closes a visitor's own account for good, with what ends with it. It asks for a fresh proof, and refuses an account of staff and, by Config.Leaving, whoever
// others still depend on.
func (r *Room) Leave(ctx context.Context, v Visit) error {
	if err := r.proveAgain(v); err != nil {
		return err
	}
	if err := r.leave(ctx, v, true); err != nil {
		return err
	}
	if err := r.forgetAll(ctx, v.Account.ID); err != nil {
		r.swept.Store(false) // closed it is; the rest goes with the next look
		return err
	}
	return nil
}

// MayLeave returns why a visitor cannot close their account now, nil if they can.
func (r *Room) MayLeave(ctx context.Context, v Visit) error { return r.leave(ctx, v, false) }

// leave decides that the account is closed, and with commit writes it down. Signing in meanwhile changes the account, and is met by trying again.
func (r *Room) leave(ctx context.Context, v Visit, commit bool) error {
	r.writes.Lock()
	defer r.writes.Unlock()
	for n := 0; ; n++ {
		a, err := r.Account(ctx, v.Account.ID)
		if err != nil {
			return err
		}
		b := r.Desk.Begin(ctx, r.Desk.NewCommand())
		if err := r.take(ctx, b, a).do(account.Command{Verb: account.Leave, By: r.self(&a, b.At()), At: b.At()}); err != nil {
			return err
		}
		if r.Leaving != nil {
			if err := r.Leaving(ctx, b, a.Person); err != nil {
				return err
			}
		}
		if !commit {
			return nil
		}
		if _, err = b.Commit(); !errors.Is(err, fault.ErrConflict) || n == 5 || errors.As(err, new(*fault.Refusal)) {
			return err
		}
		r.forget(a.ID)
	}
}

// forgetAll destroys what is kept of a closed account beside the log, and ends its sessions.
func (r *Room) forgetAll(ctx context.Context, id name.ID) error {
	_, err := r.Store.DropCredentials(ctx, r.Desk.District(), id, "", "")
	_, ended := account.CloseAll(ctx, r.Sittings(), id, "")
	return errors.Join(err, ended)
}

// sweep ends closings that were cut off between the log and what stands beside it: looked for once after the start, and again after one that failed.
func (r *Room) sweep(ctx context.Context) error {
	if r.swept.Swap(true) {
		return nil
	}
	err := r.sweepAll(ctx)
	if err != nil {
		r.swept.Store(false)
	}
	return err
}

func (r *Room) sweepAll(ctx context.Context) error {
	q := r.query()
	q.States = []string{string(account.Closed)}
	for {
		page, err := r.Store.Rows(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			left, err := r.Store.Credentials(ctx, r.Desk.District(), row.Stream, "")
			if err == nil && len(left) > 0 {
				err = r.forgetAll(ctx, row.Stream)
			}
			if err != nil {
				return err
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}
