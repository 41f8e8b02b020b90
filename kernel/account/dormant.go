package account

import "bihuan/ground/fault"

// Dormant 长期未登录: an account is told of it some days before it is disabled for it.
const Warn Verb = "warn-dormant"

// TypeDormant is the event of the telling.
const TypeDormant = "account.dormant"

// Rested is since when nobody has signed in to the account, in µs: since it was activated or taken into use again if that was later.
func (a *Account) Rested() int64 { return max(a.Seen, a.Used, a.Made) }

// warn reads Until: when the account will be disabled. The platform alone warns, once for each rest.
func (a *Account) warn(c *Command, _ *Env) (Decision, error) {
	switch {
	case !c.By.IsSystem():
		return Decision{}, fault.Refuse(fault.ErrDenied, "own-account", "")
	case c.With.Until <= c.At:
		return Decision{}, fault.Refuse(fault.ErrInvalid, "due-before-start", "until")
	case a.Warned > a.Rested():
		return Decision{}, fault.Refuse(fault.ErrConflict, "account-state", "", "state", string(a.State))
	}
	return Decision{Type: TypeDormant, Change: Change{Until: c.With.Until}}, nil
}
