package matter

import "bihuan/ground/access"

// Permission returns the action of the access policy that an act asks for, on top of the parties that its kind names.
func (a *Act) Permission() access.Action {
	if a.IsAsked() || a.Verb == Refuse {
		return access.MatterApprove
	}
	switch a.Verb {
	case Register:
		return access.MatterOpen
	case Verify, Rework, CallBack:
		return access.MatterVerify
	case StrikeOff:
		return access.MatterStrikeOff
	case Extend:
		return access.MatterExtend
	case Dispatch, Arbitrate, Reassign, Transfer:
		return access.MatterAssign
	case Supervise:
		return access.SupervisionRaise
	}
	return access.MatterAct
}
