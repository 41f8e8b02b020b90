package account

import "bihuan/ground/fault"

// WarnPassword 口令将到期: the person of an account is told some days before the password ends, and once more on the last.
const WarnPassword Verb = "warn-password"

// TypeAgeing is the event of the telling.
const TypeAgeing = "account.ageing"

// lastDay is how long before its end a password is told of for the last time, in µs.
const lastDay = int64(24 * 3600 * 1e6)

// DueToTell reports whether the person has to be told at a time that the password ends at another, both in µs: they were not yet, or not on the
// last day. A password that has ended is asked for at the door, and nobody is told.
func (a *Account) DueToTell(now, ends int64) bool {
	if a.Changed == 0 || now >= ends {
		return false
	}
	return a.Aged <= a.Changed || now >= ends-lastDay && a.Aged < ends-lastDay
}

// warnPassword reads Until: when the password ends. The platform alone warns.
func (a *Account) warnPassword(c *Command, _ *Env) (Decision, error) {
	switch {
	case !c.By.IsSystem():
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	case !a.DueToTell(c.At, c.With.Until):
		return Decision{}, fault.Refuse(fault.ErrConflict, "account-state", "", "state", string(a.State))
	}
	return Decision{Type: TypeAgeing, Change: Change{Until: c.With.Until}}, nil
}
