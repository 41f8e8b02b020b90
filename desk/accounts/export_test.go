package accounts

import "bihuan/kernel/account"

// VerifierIn is for the tests.
func (r *Room) VerifierIn(c *account.Credential) ([]byte, bool) { return r.verifierIn(c) }
