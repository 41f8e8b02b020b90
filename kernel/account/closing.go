package account

import (
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
)

// Leave 注销账号 is that a person closes their own account, for good: nobody signs in to it again, and whoever comes with the same number or
// identity later is given another account.
//
// Source: 个人信息保护法 (2021), articles 15, 47 and 50: what somebody agreed to is taken back as easily as it was given; GB/T 35273-2020, 8.5: an account
// is closed by a simple means. Both as read about.
const Leave Verb = "close"

// TypeClosed is its event.
const TypeClosed = "account.closed"

// leave reads nothing. An account of staff goes with the post and not by its person: what they still have to do has to be handed on first.
func (a *Account) leave(c *Command, _ *Env) (Decision, error) {
	switch {
	case !c.By.is(a.Person, a.Natural) || c.By.For != "":
		return Decision{}, fault.Refuse(fault.ErrDenied, "only-own-account", "")
	case a.Sort == Staff:
		return Decision{}, fault.Refuse(fault.ErrDenied, "staff-account-stays", "")
	}
	return Decision{Type: TypeClosed}, nil
}

func closed(a *Account, e *ledger.Event, _ *Change) {
	a.State, a.Off = Closed, e.At
	a.Factors, a.Proposed, a.Offered = nil, nil, nil
}

// InUse reports whether somebody signs in with the account, or is invited to: it is neither disabled nor closed.
func (a *Account) InUse() bool { return a.State != Disabled && a.State != Closed }
