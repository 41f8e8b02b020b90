package proof

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/note"
)

// signing is by which key the log is signed now, which it was before, and how each followed.
type signing struct {
	signer   *note.Signer
	keys     note.Keys
	followed []string
}

// Keys returns the keys by which the log is signed and was.
func (r *Room) Keys() note.Keys { return r.signs.Load().keys }

// Followed returns the notes by which each key followed the one before, the oldest first: whoever trusts one key follows them to the others.
func (r *Room) Followed() []string { return r.signs.Load().followed }

// Succeed has the log signed by another key from now on (换钥). The old key signs the log as it is, both sign that one follows the other, carry
// puts that on the disk and into the log, and the new key signs the log as it is then. Nothing else is signed meanwhile. It returns the last
// checkpoint of the new key.
//
// pending is the note of a change that was interrupted and is ended now, empty for a new one. When carry fails nothing is signed any more, with a
// [fault.ErrUnavailable], until Succeed was called with what is pending, or the house was started anew: nobody knows how far it came.
func (r *Room) Succeed(ctx context.Context, next *note.Signer, pending string, carry func(succession string) error) (Signed, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if pending == "" {
		if r.halted != nil {
			return Signed{}, r.halted
		}
		last, err := r.checkpoint(ctx, true)
		if err != nil {
			return Signed{}, err
		}
		n, err := note.Succeed(r.signs.Load().signer, next, last.Size, r.Now()/1e6, r.Chance)
		if err != nil {
			return Signed{}, err
		}
		pending = n.String()
	}
	s, err := note.OpenSuccession(pending)
	if err != nil {
		return Signed{}, err
	}
	if s.From != r.Key() || s.To != next.Verifier() {
		return Signed{}, fmt.Errorf("%s does not follow %s, which signs now: %w", next.Verifier().Fingerprint(), r.Key().Fingerprint(), fault.ErrConflict)
	}
	if err := carry(pending); err != nil {
		r.halted = fmt.Errorf("the log is not signed before its change of keys is ended: %w: %w", fault.ErrUnavailable, err)
		return Signed{}, err
	}
	was := r.signs.Load()
	keys := note.Keys{Now: s.To, Past: append(was.keys.Past[:len(was.keys.Past):len(was.keys.Past)], note.Past{Verifier: s.From, Until: s.Size})}
	r.signs.Store(&signing{next, keys, append(was.followed[:len(was.followed):len(was.followed)], pending)})
	r.halted = nil
	return r.checkpoint(ctx, true)
}
