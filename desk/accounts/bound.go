package accounts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/kernel/account"
)

// This file binds what stands beside the log to whose it is, by the key of accounts, which stands outside of the database: a session that somebody with
// every right over the database wrote, or a password, a recovery code and an invitation that they moved from their own account to another, opens nothing.

// macSize is the length of what stands before the body of a session.
const macSize = 32

// sittings keeps the sessions of a store under the key of accounts.
type sittings struct {
	account.Store
	r *Room
}

// Sittings is where sessions are kept: what is read out of it the room has written itself.
func (r *Room) Sittings() account.Store { return sittings{r.Store, r} }

func (s sittings) PutSession(ctx context.Context, owner name.ID, hash ledger.Hash, body []byte, now, until int64) error {
	return s.Store.PutSession(ctx, owner, hash, s.bound(hash, body), now, until)
}

func (s sittings) RenewSession(ctx context.Context, hash ledger.Hash, body []byte, until int64) error {
	return s.Store.RenewSession(ctx, hash, s.bound(hash, body), until)
}

// Session wraps [fault.ErrNotFound] for a session that the room did not write, as for none.
func (s sittings) Session(ctx context.Context, hash ledger.Hash, now int64) ([]byte, int64, error) {
	kept, until, err := s.Store.Session(ctx, hash, now)
	if err != nil {
		return nil, 0, err
	}
	body, ok := s.own(hash, kept)
	if !ok {
		return nil, 0, fmt.Errorf("session that the house did not write: %w", fault.ErrNotFound)
	}
	return body, until, nil
}

func (s sittings) SessionsOf(ctx context.Context, owner name.ID, now int64) (own []account.Kept, err error) {
	all, err := s.Store.SessionsOf(ctx, owner, now)
	for _, k := range all {
		if body, ok := s.own(k.Hash, k.Body); ok {
			k.Body = body
			own = append(own, k)
		}
	}
	return own, err
}

// bound puts before the body of a session what only the key of now makes of it.
func (s sittings) bound(hash ledger.Hash, body []byte) []byte {
	return append(mac(s.r.ring.Load().sessions[0], string(hash[:]), string(body)), body...)
}

// own returns the body of a session that is bound by one of the keys.
func (s sittings) own(hash ledger.Hash, kept []byte) ([]byte, bool) {
	if len(kept) < macSize {
		return nil, false
	}
	body := kept[macSize:]
	for _, key := range s.r.ring.Load().sessions {
		if hmac.Equal(kept[:macSize], mac(key, string(hash[:]), string(body))) {
			return body, true
		}
	}
	return nil, false
}

// verifierIn returns the verifier that a credential holds, sealed for its owner; one of before that stands open.
func (r *Room) verifierIn(c *account.Credential) (verifier []byte, sealed bool) {
	if _, err := password.GenerationOf(c.Body); err == nil {
		return c.Body, false
	}
	v, err := r.open(c.Owner, c.Kind, c.Body)
	if err != nil {
		return nil, true // somebody else's, or under a key that was lost: nothing matches it
	}
	return v, true
}

// recoveryID is what is kept of a recovery code of an owner.
func (r *Room) recoveryID(owner name.ID, code string) string {
	return r.current().hash(credRecovery, string(owner), plainCode(code))
}

// recoveryIDs is what may be kept of a recovery code that somebody types, under whichever key it was made, and of one that was given before codes were bound
// to their owner.
func (r *Room) recoveryIDs(owner name.ID, typed string) []string {
	return append(r.hashes(credRecovery, string(owner), plainCode(typed)), r.codeIDs(credRecovery, typed)...)
}

// isInvitationOf reports whether a credential is the invitation that the log tells of: made for this account, and until the moment that its record names. One
// that was moved, an earlier one that was put back and one that somebody made last longer are none.
func (r *Room) isInvitationOf(a *account.Account, c *account.Credential) bool {
	body, err := r.open(a.ID, credInvite, c.Body)
	return err == nil && bytes.Equal(body, invitationOf(c.ID, a.Until)) && c.Until == a.Until
}

// invitationOf is what is sealed of an invitation.
func invitationOf(id string, until int64) []byte { return fmt.Appendf(nil, "%s until %d", id, until) }
