package accounts

import (
	"context"
	"errors"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// day is a day in µs.
const day = 24 * 60 * minute

// warnDays is how long before it is disabled the person of an account is told: a week. Ours.
const warnDays = 7

// Retire looks after accounts of staff: their persons are told a week and a day before their password ends. Of accounts to which nobody has signed
// in for long their persons are told a week before, and then the
// accounts are disabled, for the system administrator to enable again. The three administrators are told and never disabled by
// themselves, since nobody could bring them back. Limits.Dormant is the span. The scheduler calls it.
//
// Source: GB/T 22239-2019 (等保2.0 level 3) 8.1.4.2 c as read about: accounts that are surplus or out of date are disabled in time. How
// long that is it does not say; 90 days are ours.
func (r *Room) Retire(ctx context.Context) error {
	if err := r.sweep(ctx); err != nil {
		return err
	}
	if r.Vouched {
		return nil // the demo's persons come in on its word, which no log tells
	}
	now := r.Desk.Now()
	r.mu.Lock()
	soon := now < r.retired+60*minute
	if !soon {
		r.retired = now
	}
	r.mu.Unlock()
	if soon {
		return nil // once an hour is enough for days
	}
	q := r.query()
	q.States, q.Limit = []string{string(account.Active)}, 200
	var errs []error
	for {
		page, err := r.Store.Rows(ctx, q)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		for _, row := range page.Rows {
			a, err := r.Account(ctx, row.Stream)
			if err == nil {
				err = errors.Join(r.tellOfAge(ctx, &a, now), r.retire(ctx, &a, now))
			}
			if err != nil && fault.KindOf(err) == nil {
				errs = append(errs, err)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return errors.Join(errs...)
		}
	}
}

func (r *Room) retire(ctx context.Context, a *account.Account, now int64) error {
	rested := a.Rested()
	ends := rested + r.Limits.Dormant
	system := account.Hand{Actor: name.System}
	switch {
	case a.Sort != account.Staff || now < ends-warnDays*day:
		return nil
	case a.Warned <= rested:
		_, err := r.change(ctx, a.ID, account.Command{Verb: account.Warn, By: system, With: account.Change{Until: max(ends, now+warnDays*day)}})
		return err
	case now < max(ends, a.Warned+warnDays*day) || r.isOfficer(a, now):
		return nil
	}
	if _, err := r.change(ctx, a.ID, account.Command{Verb: account.Disable, By: system, Reason: "长期未登录"}); err != nil {
		return err
	}
	_, err := account.CloseAll(ctx, r.Sittings(), a.ID, "")
	return err
}

// ageDays is how long before a password ends its person is told for the first time; on the last day they are told once more. Ours.
const ageDays = 7

// PasswordEnds returns when the account's password has to be changed, in µs; 0 for never.
func (r *Room) PasswordEnds(a *account.Account) int64 {
	if r.Profile.Days == 0 || a.Changed == 0 {
		return 0
	}
	return a.Changed + int64(r.Profile.Days)*day
}

// EndsSoon is the same while it is a week or less away, and 0 otherwise.
func (r *Room) EndsSoon(a *account.Account) int64 {
	if ends, now := r.PasswordEnds(a), r.Desk.Now(); now < ends && now >= ends-ageDays*day {
		return ends
	}
	return 0
}

// tellOfAge tells the person that their password ends soon.
func (r *Room) tellOfAge(ctx context.Context, a *account.Account, now int64) error {
	ends := r.EndsSoon(a)
	if a.Sort != account.Staff || ends == 0 || !a.DueToTell(now, ends) {
		return nil
	}
	_, err := r.change(ctx, a.ID, account.Command{Verb: account.WarnPassword, By: account.Hand{Actor: name.System}, With: account.Change{Until: ends}})
	return err
}

func (r *Room) isOfficer(a *account.Account, now int64) bool {
	for _, o := range Officers {
		if a.Holds(o, now) {
			return true
		}
	}
	return false
}
