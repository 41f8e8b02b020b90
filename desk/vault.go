package desk

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"sync"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
)

// vault seals personal values on their way to the store and opens them on their way back. Each subject, that is each stream
// which holds values of persons, has a key of its own; see decision 0016.
type vault struct {
	holder seal.KeyHolder  // nil: values stay plain, as in tests that have no keys
	mu     sync.RWMutex    // held for reading from sealing to appending, for writing while a key is destroyed
	keys   *cache[heldKey] // of subjects, unwrapped
}

// heldKey is the key of a subject as memory holds it.
type heldKey struct{ key seal.Key }

// mostKeys bounds the keys that memory holds unwrapped.
const mostKeys = 2000

func newVault(h seal.KeyHolder) *vault { return &vault{holder: h, keys: newCache[heldKey](mostKeys)} }

// sealed seals the plain values of a batch and adds the keys of subjects that have none. With a holder the vault stays locked
// against destruction until the function that it returns is called, after the batch was appended.
func (d *Desk) sealed(ctx context.Context, b *journal.Batch, isNew func(name.ID) bool) (unlock func(), err error) {
	v := d.vault
	if len(b.Personal)+len(b.Erase) == 0 || v == nil || v.holder == nil {
		return func() {}, nil
	}
	if len(b.Erase) > 0 {
		v.mu.Lock() // nobody seals under a key that goes, or reads it again, before it is gone
		for _, id := range b.Erase {
			v.keys.drop(id)
		}
		err := d.sealAll(ctx, b, func(id name.ID) bool { return slices.Contains(b.Erase, id) || isNew(id) })
		if err != nil {
			v.mu.Unlock()
			return nil, err
		}
		return v.mu.Unlock, nil
	}
	v.mu.RLock()
	if err := d.sealAll(ctx, b, isNew); err != nil {
		v.mu.RUnlock()
		return nil, err
	}
	return v.mu.RUnlock, nil
}

// sealAll is sealed without the lock, for who has it.
func (d *Desk) sealAll(ctx context.Context, b *journal.Batch, isNew func(name.ID) bool) error {
	fresh := map[name.ID]seal.Key{}
	values := make([]journal.Personal, len(b.Personal))
	for i, p := range b.Personal {
		key, made := fresh[p.Subject]
		if !made {
			var err error
			key, err = d.keyFor(ctx, p.Subject, isNew(p.Subject))
			if errors.Is(err, fault.ErrNotFound) {
				if key, err = d.makeKey(b, p.Subject); err == nil {
					fresh[p.Subject] = key
				}
			}
			if err != nil {
				return err
			}
		}
		if p.Blind != "" {
			p.Blind = d.blind(p.Field, p.Value) // under the lock: by the key of now, whenever the batch was gathered
		}
		values[i] = d.sealValue(key, p)
	}
	b.Personal = values
	return nil
}

// keyFor returns the key of a subject. It wraps [fault.ErrNotFound] for one that has none.
func (d *Desk) keyFor(ctx context.Context, subject name.ID, isNew bool) (seal.Key, error) {
	if isNew {
		return seal.Key{}, fault.ErrNotFound
	}
	if k, _, ok := d.vault.keys.get(subject); ok {
		return k.key, nil
	}
	key, err := d.storedKey(ctx, subject)
	if err == nil {
		d.vault.keys.put(subject, 1, heldKey{key})
	}
	return key, err
}

// storedKey returns the key of a subject as it stands in the store, whatever memory holds of it. It wraps [fault.ErrNotFound] for one that has none.
func (d *Desk) storedKey(ctx context.Context, subject name.ID) (seal.Key, error) {
	locked, err := d.store.KeyOf(ctx, subject)
	if err != nil {
		return seal.Key{}, err
	}
	key, err := d.vault.holder.Unwrap(d.world.District, subject, locked.Under, locked.Wrapped)
	if err != nil {
		err = fmt.Errorf("key of %s: %w", subject, err)
	}
	return key, err
}

// makeKey draws a key for a subject, locked, into a batch. Memory holds it only once somebody reads it again.
func (d *Desk) makeKey(b *journal.Batch, subject name.ID) (key seal.Key, err error) {
	d.vault.holder.Random(key[:])
	k := journal.Key{Subject: subject, Made: d.world.Now(), Due: d.world.Now()}
	k.Under, k.Wrapped, err = d.vault.holder.Wrap(d.world.District, subject, key)
	b.Keys = append(b.Keys, k)
	return key, err
}

// sealValue returns a value as the store keeps it: salt and text in one envelope. The salt is sealed too, since with it a telephone
// number could be tried out against the commitment in the log.
func (d *Desk) sealValue(key seal.Key, p journal.Personal) journal.Personal {
	var chance [16]byte
	d.vault.holder.Random(chance[:])
	env := seal.Seal(key, chance, seal.Place{Log: d.world.District, Subject: p.Subject, Field: p.Field}, append(p.Salt[:], p.Value...))
	p.Suite, p.Salt, p.Value = seal.SM4GCM.String(), [16]byte{}, base64.RawStdEncoding.EncodeToString(env)
	return p
}

// openValue is the reverse of sealValue; a plain value is returned as it is.
func (d *Desk) openValue(key seal.Key, p journal.Personal) (journal.Personal, error) {
	env, err := base64.RawStdEncoding.DecodeString(p.Value)
	if err != nil {
		return p, fmt.Errorf("value of %s of %s: %w", p.Field, p.Subject, fault.ErrInvalid)
	}
	b, err := seal.Open(key, seal.Place{Log: d.world.District, Subject: p.Subject, Field: p.Field}, env)
	if err != nil {
		return p, err
	}
	if len(b) < len(p.Salt) {
		return p, fmt.Errorf("value of %s of %s is too short: %w", p.Field, p.Subject, fault.ErrInvalid)
	}
	p.Suite = seal.Plain
	copy(p.Salt[:], b)
	p.Value = string(b[len(p.Salt):])
	return p, nil
}

// personalOf returns the personal values of a subject in the clear, by field. What was erased is not among them: neither a value that is gone
// nor one whose key is.
func (d *Desk) personalOf(ctx context.Context, subject name.ID) ([]journal.Personal, error) {
	d.vault.mu.RLock() // before the values are read: none is of a key that was destroyed since
	defer d.vault.mu.RUnlock()
	values, err := d.store.PersonalOf(ctx, subject)
	if err != nil {
		return nil, err
	}
	var open []journal.Personal
	for _, p := range values {
		if p.Suite == seal.Plain {
			if d.vault.holder == nil {
				open = append(open, p)
			} // with keys nothing that the house wrote lies open once SealPlain was here: somebody wrote it into the database
			continue
		}
		if d.vault.holder == nil {
			return nil, fmt.Errorf("values of %s are sealed and no keys are at hand: %w", subject, fault.ErrUnavailable)
		}
		key, err := d.keyFor(ctx, subject, false)
		if errors.Is(err, fault.ErrNotFound) {
			return open, nil
		}
		if err == nil {
			p, err = d.openValue(key, p)
		}
		if err != nil {
			return nil, err
		}
		open = append(open, p)
	}
	return open, nil
}

// Vault is what the store keeps of keys beside what the desk asks of it on every day.
type Vault interface {
	Keys(ctx context.Context, log name.District, after name.ID, limit int) ([]journal.Key, error)
	Rewrap(ctx context.Context, log name.District, all []journal.Rewrap) (int, error)
	Reindex(ctx context.Context, log name.District, all []journal.Reindex) (int, error)
	Unsealed(ctx context.Context, log name.District, after journal.Personal, limit int) ([]journal.Personal, error)
	Seal(ctx context.Context, log name.District, keys []journal.Key, values []journal.Personal) error
	Scrub(ctx context.Context, whole bool) error
}

// portion is how many keys or values one transaction seals or locks anew.
const portion = 200

// SealPlain seals the values that a database from before still holds in the clear, in portions, and then makes the database anew so
// that none of them is left in the room of deleted rows. It returns how many it sealed, and how many it did not since no record of their subject commits to
// them: somebody else wrote those, and nobody is shown them. None costs one question. Interrupted, the next start goes on with it.
func (d *Desk) SealPlain(ctx context.Context, s Vault) (n, foreign int, err error) {
	if d.vault.holder == nil {
		return 0, 0, nil
	}
	for last := (journal.Personal{}); ; {
		page, err := s.Unsealed(ctx, d.world.District, last, portion)
		if err != nil {
			return n, foreign, err
		}
		if len(page) == 0 {
			break
		}
		last = page[len(page)-1]
		values, err := d.committed(ctx, page)
		if err != nil {
			return n, foreign, err
		}
		foreign += len(page) - len(values)
		b := journal.Batch{Personal: values}
		unlock, err := d.sealed(ctx, &b, func(name.ID) bool { return false })
		if err != nil {
			return n, foreign, err
		}
		err = s.Seal(ctx, d.world.District, b.Keys, b.Personal)
		unlock()
		if err != nil {
			return n, foreign, fmt.Errorf("seal personal values: %w", err)
		}
		n += len(values)
	}
	if n > 0 {
		err = s.Scrub(ctx, true)
	}
	return n, foreign, err
}

// committed leaves of values, which lie by their subjects, those to which a record of their subject commits.
func (d *Desk) committed(ctx context.Context, values []journal.Personal) (own []journal.Personal, err error) {
	var events []ledger.Event
	of := name.ID("")
	for i := range values {
		p := &values[i]
		if p.Subject != of {
			of = p.Subject
			if events, err = d.store.Events(ctx, of, 0); err != nil && !errors.Is(err, fault.ErrNotFound) {
				return nil, err
			}
		}
		if slices.ContainsFunc(events, func(e ledger.Event) bool {
			return bytes.Contains(e.Body, []byte(ledger.Commit(e.Suite, p.Salt, p.Subject, p.Field, p.Value)))
		}) {
			own = append(own, *p)
		}
	}
	return own, nil
}

// Rewrap locks every subject's key under the district's key of now, in portions, while others read and write. It returns how many it locked
// anew. When it returns without an error no key is under an older one.
func (d *Desk) Rewrap(ctx context.Context, s Vault) (n int, err error) {
	h := d.vault.holder
	if h == nil {
		return 0, fmt.Errorf("no keys are at hand: %w", fault.ErrUnavailable)
	}
	for after, left := name.ID(""), 0; ; {
		keys, err := s.Keys(ctx, d.world.District, after, portion)
		if err != nil {
			return n, err
		}
		if len(keys) == 0 {
			if left == 0 {
				return n, nil
			}
			after, left = "", 0 // some changed meanwhile: once more
			continue
		}
		after = keys[len(keys)-1].Subject
		var all []journal.Rewrap
		for _, k := range keys {
			if k.Under == h.Current() {
				continue
			}
			key, err := h.Unwrap(d.world.District, k.Subject, k.Under, k.Wrapped)
			if err != nil {
				return n, fmt.Errorf("key of %s: %w", k.Subject, err)
			}
			was := k.Wrapped
			if k.Under, k.Wrapped, err = h.Wrap(d.world.District, k.Subject, key); err != nil {
				return n, err
			}
			all = append(all, journal.Rewrap{Was: was, Key: k})
		}
		if len(all) == 0 {
			continue
		}
		done, err := s.Rewrap(ctx, d.world.District, all)
		if err != nil {
			return n, err
		}
		n, left = n+done, left+len(all)-done
	}
}

// OpenForProof opens a stored personal value so that verifying can compare it with the commitments of the log; nobody is shown it.
// It wraps [fault.ErrNotFound] for one whose key was destroyed.
func (d *Desk) OpenForProof(ctx context.Context, p journal.Personal) (journal.Personal, error) {
	if p.Suite == seal.Plain {
		return p, nil
	}
	if d.vault.holder == nil {
		return p, fmt.Errorf("no keys are at hand: %w", fault.ErrNotFound)
	}
	d.vault.mu.RLock()
	defer d.vault.mu.RUnlock()
	key, err := d.storedKey(ctx, p.Subject) // what memory holds would hide that somebody took the key away
	if err != nil {
		return p, err
	}
	return d.openValue(key, p)
}
