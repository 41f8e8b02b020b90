package accounts

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// This file is the change of the room's key (换钥). Whatever the key guards says of which generation it is, or is sealed anew: an older key is
// kept as long as something needs it.

// Key is the key of accounts of one generation (代).
type Key struct {
	Generation uint32 // 0 is the first; what it guards names none
	Secret     []byte // at least 32 bytes
}

// ring is the keys that the room holds, the one of now first, with what is derived from each and used at every request.
type ring struct {
	keys     []Key
	hashers  []password.Hasher
	sessions [][]byte // the keys by which sessions are bound
	dummy    []byte   // a verifier of nothing under the key of now, hashed against where there is no account
}

// Take takes keys into use, the one of now first. It wraps [fault.ErrInvalid] for none, one that is too short and two of one generation.
func (r *Room) Take(keys []Key) error {
	x := &ring{keys: keys}
	for i, k := range keys {
		if len(k.Secret) < 32 {
			return fmt.Errorf("key of accounts has %d bytes, 32 are needed: %w", len(k.Secret), fault.ErrInvalid)
		}
		if slices.ContainsFunc(keys[:i], func(o Key) bool { return o.Generation == k.Generation }) {
			return fmt.Errorf("two keys of accounts of generation %d: %w", k.Generation, fault.ErrInvalid)
		}
		x.hashers = append(x.hashers, password.Hasher{Key: k.derive("password"), Generation: k.Generation, Cost: r.Cost})
		x.sessions = append(x.sessions, k.derive("session"))
	}
	if len(keys) == 0 {
		return fmt.Errorf("no key of accounts: %w", fault.ErrInvalid)
	}
	var salt [16]byte
	r.Chance(salt[:])
	x.dummy = x.hashers[0].Make("", salt)
	r.ring.Store(x)
	return nil
}

// derive returns a key for one purpose: 32 bytes, HMAC-SM3 under the key.
func (k *Key) derive(purpose string) []byte { return mac(k.Secret, "bihuan/accounts/1", purpose) }

// hash is the keyed hash of parts for a purpose, in hexadecimal, with the generation before it unless that is the first.
func (k *Key) hash(purpose string, parts ...string) string {
	h := hex.EncodeToString(mac(k.derive(purpose), parts...))
	if k.Generation == 0 {
		return h
	}
	return fmt.Sprintf("%d.%s", k.Generation, h)
}

// generationOf is the generation that a hash names.
func generationOf(hash string) (g uint32) {
	if before, _, named := strings.Cut(hash, "."); named {
		fmt.Sscanf(before, "%d", &g)
	}
	return g
}

// current is the key under which everything new is made.
func (r *Room) current() *Key { return &r.ring.Load().keys[0] }

// hashes are the hashes of parts under every key, that of now first.
func (r *Room) hashes(purpose string, parts ...string) (all []string) {
	keys := r.ring.Load().keys
	for i := range keys {
		all = append(all, keys[i].hash(purpose, parts...))
	}
	return all
}

// known returns the first of some hashes that is there already, the first of all if none is: what was hashed under an older key keeps its name.
func known(all []string, there func(string) (bool, error)) (string, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	for _, h := range all {
		if yes, err := there(h); yes || err != nil {
			return h, err
		}
	}
	return all[0], nil
}

// unsealed are the kinds of credential whose body is not sealed.
var unsealed = []string{credLogin, credRecovery, credNetwork}

// unhashed are the kinds whose id is no hash under the key.
var unhashed = []string{credLogin, credPassword, credPast, credTOTP}

// each calls f with every credential of the log.
func (r *Room) each(ctx context.Context, f func(account.Credential) error) error {
	for at := (account.Credential{}); ; {
		all, err := r.Store.CredentialsAfter(ctx, r.Desk.District(), at, 200)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, c := range all {
			if err := f(c); err != nil {
				return err
			}
		}
		at = all[len(all)-1]
	}
}

// Reseal seals what is kept for accounts under the key of now, and returns how much that was. It may be interrupted and done again, while
// people sign in; what none of the keys opens stays as it is.
func (r *Room) Reseal(ctx context.Context) (n int, err error) {
	err = r.each(ctx, func(c account.Credential) error {
		if slices.Contains(unsealed, c.Kind) {
			return nil
		}
		value, of, err := r.unseal(c.Owner, c.Kind, c.Body)
		if err != nil || of == r.current().Generation {
			return nil
		}
		err = r.Store.ReplaceBody(ctx, r.Desk.District(), c, r.seal(c.Owner, c.Kind, value))
		if errors.Is(err, fault.ErrConflict) {
			return nil // it was sealed by somebody else meanwhile, or is gone
		}
		n++
		return err
	})
	return n, err
}

// Fits reports whether the keys are those of the database: whether one of them opens what is kept sealed. It wraps [fault.ErrUnavailable] if none does.
func (r *Room) Fits(ctx context.Context) error {
	seen, fits := false, false
	err := r.each(ctx, func(c account.Credential) error {
		if slices.Contains(unsealed, c.Kind) || len(c.Body) == 0 { // an invitation from before they were sealed
			return nil
		}
		seen = true
		if _, _, err := r.unseal(c.Owner, c.Kind, c.Body); err == nil {
			fits = true
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	if err == nil && seen && !fits {
		err = fmt.Errorf("the key of accounts is another one: %w", fault.ErrUnavailable)
	}
	return err
}

// errEnough ends [Room.each].
var errEnough = errors.New("enough")

// Hanging returns how many accounts hang on each generation: by a password that nobody has signed in with since, a code or a way of proving that
// is under its key, or the hash by which the natural person is known. A key on which none hangs is needed no more.
func (r *Room) Hanging(ctx context.Context) (map[uint32]int, error) {
	on := map[uint32]map[name.ID]bool{}
	hang := func(g uint32, owner name.ID) {
		if on[g] == nil {
			on[g] = map[name.ID]bool{}
		}
		on[g][owner] = true
	}
	if err := r.each(ctx, func(c account.Credential) error {
		if !slices.Contains(unhashed, c.Kind) {
			hang(generationOf(c.ID), c.Owner)
		}
		switch {
		case c.Kind == credPassword || c.Kind == credPast:
			v, sealed := r.verifierIn(&c)
			if g, err := password.GenerationOf(v); err == nil {
				hang(g, c.Owner)
			}
			if _, g, err := r.unseal(c.Owner, c.Kind, c.Body); sealed && err == nil {
				hang(g, c.Owner)
			}
		case !slices.Contains(unsealed, c.Kind):
			if _, g, err := r.unseal(c.Owner, c.Kind, c.Body); err == nil {
				hang(g, c.Owner)
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for q := r.query(); ; {
		page, err := r.Store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Rows {
			if h := naturalIn(&page.Rows[i]); h != "" {
				hang(generationOf(h), page.Rows[i].Stream)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	counts := map[uint32]int{}
	for g, owners := range on {
		counts[g] = len(owners)
	}
	return counts, nil
}

// naturalIn is the hash of the natural person on the row of an account.
func naturalIn(row *journal.Row) string {
	for _, f := range row.Facets {
		if f.Name == "natural" {
			return f.Text
		}
	}
	return ""
}

// renew makes the verifier of a password anew under the key of now, and seals it for its account, after it was right: of two at once one does, and a password that was changed
// meanwhile stays as it is.
func (r *Room) renew(ctx context.Context, c *account.Credential, typed string) error {
	old, sealed := r.verifierIn(c)
	if g, err := password.GenerationOf(old); err != nil || sealed && g == r.current().Generation {
		return err
	}
	v, err := r.verifier(ctx, c.Owner, typed)
	if err == nil {
		err = r.Store.ReplaceBody(ctx, r.Desk.District(), *c, v)
	}
	if errors.Is(err, fault.ErrConflict) {
		return nil
	}
	return err
}
