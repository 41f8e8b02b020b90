package seal

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// KeyHolder locks the keys of subjects under a key of the district that it never hands out. Its methods may be called by
// many goroutines. A device of GM/T 0018 locks inside itself; [Ring] does it in software.
type KeyHolder interface {
	// Current returns the id of the key that Wrap locks under now.
	Current() string
	// Wrap locks the key of a subject and returns under which key it did.
	Wrap(log name.District, subject name.ID, key Key) (id string, wrapped []byte, err error)
	// Unwrap opens what Wrap locked under the key of an id. It wraps [fault.ErrUnavailable] for a key that is not held any
	// more, and [fault.ErrInvalid] for what was changed.
	Unwrap(log name.District, subject name.ID, id string, wrapped []byte) (Key, error)
	// Random fills b from the holder's own source of chance.
	Random(b []byte)
}

// wrapField is the field in the place of a wrapped key; no field of a pack has a blank.
const wrapField = "subject key"

// Ring is a [KeyHolder] in software: the district's keys by id, the last one current. Older ones stay until everything that
// they lock has been locked anew; see [Ring.Drop].
type Ring struct {
	mu     sync.RWMutex
	ids    []string // in the order in which they were made
	keys   map[string]Key
	chance func([]byte)
}

// NewRing returns a ring with one key, drawn from chance. chance is used for everything that the ring draws later too.
func NewRing(chance func([]byte)) *Ring {
	r := &Ring{keys: map[string]Key{}, chance: chance}
	r.Turn()
	return r
}

// ringHead is the first line of a ring's file.
const ringHead = "bihuan-keys 1"

// maxKeys bounds the keys of a ring.
const maxKeys = 100

// ParseRing reads what [Ring.Text] writes. It wraps [fault.ErrInvalid] and never quotes the text.
func ParseRing(text string, chance func([]byte)) (*Ring, error) {
	wrong := func(line int, what string) (*Ring, error) {
		return nil, fmt.Errorf("line %d: %s: %w", line, what, fault.ErrInvalid)
	}
	r := &Ring{keys: map[string]Key{}, chance: chance}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if strings.TrimSpace(lines[0]) != ringHead {
		return wrong(1, "not a file of keys")
	}
	for i, line := range lines[1:] {
		f := strings.Fields(line)
		if len(f) != 2 || len(f[0]) != 8 {
			return wrong(i+2, "an id of 8 characters and a key are expected")
		}
		b, err := hex.DecodeString(f[1])
		if err != nil || len(b) != KeySize {
			return wrong(i+2, fmt.Sprintf("the key is not %d hexadecimal digits", 2*KeySize))
		}
		if _, twice := r.keys[f[0]]; twice || len(r.ids) == maxKeys {
			return wrong(i+2, "the id stands there twice, or there are too many keys")
		}
		r.ids = append(r.ids, f[0])
		r.keys[f[0]] = Key(b)
	}
	if len(r.ids) == 0 {
		return wrong(1, "no key")
	}
	return r, nil
}

// Text is the ring as a file keeps it: a first line, then id and key, the current one last. It is secret.
func (r *Ring) Text() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var b strings.Builder
	b.WriteString(ringHead + "\n")
	for _, id := range r.ids {
		k := r.keys[id]
		b.WriteString(id + " " + hex.EncodeToString(k[:]) + "\n")
	}
	return b.String()
}

// Turn draws a new key and makes it the current one; it returns the key's id.
func (r *Ring) Turn() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var b [4 + KeySize]byte
		r.chance(b[:])
		id := hex.EncodeToString(b[:4])
		if _, there := r.keys[id]; there {
			continue
		}
		r.ids = append(r.ids, id)
		r.keys[id] = Key(b[4:])
		return id
	}
}

// Drop destroys every key but the current one and returns how many there were: what is still locked under them is lost.
func (r *Ring) Drop() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.ids) - 1
	for _, id := range r.ids[:last] {
		k := r.keys[id]
		k.Wipe()
		delete(r.keys, id)
	}
	r.ids = r.ids[last:]
	return last
}

// Current returns the id of the newest key.
func (r *Ring) Current() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.ids[len(r.ids)-1]
}

// Wrap implements [KeyHolder].
func (r *Ring) Wrap(log name.District, subject name.ID, key Key) (string, []byte, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	id := r.ids[len(r.ids)-1]
	var chance [16]byte
	r.chance(chance[:])
	return id, Seal(r.keys[id], chance, Place{log, subject, wrapField}, key[:]), nil
}

// Unwrap implements [KeyHolder].
func (r *Ring) Unwrap(log name.District, subject name.ID, id string, wrapped []byte) (Key, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	own, ok := r.keys[id]
	if !ok {
		return Key{}, fmt.Errorf("key %q is not held: %w", id, fault.ErrUnavailable)
	}
	b, err := Open(own, Place{log, subject, wrapField}, wrapped)
	if err != nil {
		return Key{}, err
	}
	if len(b) != KeySize {
		return Key{}, fmt.Errorf("a wrapped key of %d bytes: %w", len(b), fault.ErrInvalid)
	}
	return Key(b), nil
}

// Random implements [KeyHolder].
func (r *Ring) Random(b []byte) { r.chance(b) }
