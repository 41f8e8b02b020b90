// Package password says which passwords are accepted, and turns one into a verifier that tells nothing about it.
//
// A [Profile] checks a password that somebody chooses; [Hasher.Make] makes the verifier of one, [Hasher.Matches] holds a
// password against it. A verifier is HMAC-SM3(key, argon2id(password, salt)): the memory-hard hash makes guessing dear, and
// the key, which does not lie in the database, makes it impossible for who has stolen the database alone.
//
// It promises to be pure: salt and key come from the caller. It leaves to others where verifiers lie, how many hashes run at
// once (each takes [Cost.Memory]), and how often somebody may guess.
//
// Source: argon2id of RFC 9106 (2021); HMAC of RFC 2104 over SM3 of GB/T 32905-2016.
package password

import (
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/crypto/argon2"

	"bihuan/ground/fault"
)

// Cost is what one hash costs: passes over Memory KiB by one thread.
type Cost struct {
	Time, Memory uint32
}

// Usual is the second of the settings that the OWASP Password Storage Cheat Sheet (read 2026) gives for argon2id: 19 MiB and
// two passes, some 35 ms on one core.
var Usual = Cost{Time: 2, Memory: 19 << 10}

// Hasher makes and checks verifiers under a key.
type Hasher struct {
	Key        []byte // at least 16 bytes, kept apart from the verifiers
	Generation uint32 // of the key; verifiers under another one are not this hasher's to check
	Cost       Cost   // of new verifiers; an older one is checked at its own cost
}

// The bytes of a verifier: a version, the generation of its key unless that is the first, what it cost, its salt and its sum.
const (
	ofFirst  = 1 // the version of a verifier under the first key
	ofLater  = 2
	saltSize = 16
	sumSize  = 32
	size     = 1 + 4 + 4 + saltSize + sumSize
)

// Bounds of what a verifier may cost, so that a row that was tampered with costs no more than it should.
const (
	maxTime   = 16
	maxMemory = 256 << 10
)

// Make returns the verifier of a password, 57 bytes, and 61 under a key that is not the first. salt is chance. It takes as long as Cost says.
func (h Hasher) Make(password string, salt [saltSize]byte) []byte {
	b := make([]byte, 0, size+4)
	if h.Generation == 0 {
		b = append(b, ofFirst)
	} else {
		b = binary.BigEndian.AppendUint32(append(b, ofLater), h.Generation)
	}
	b = binary.BigEndian.AppendUint32(b, h.Cost.Time)
	b = binary.BigEndian.AppendUint32(b, h.Cost.Memory)
	b = append(b, salt[:]...)
	return append(b, h.sum(password, b, h.Cost)...)
}

// GenerationOf returns the generation of the key that a verifier was made under, 0 for the first. It wraps [fault.ErrInvalid] for what
// is no verifier.
func GenerationOf(verifier []byte) (uint32, error) {
	switch {
	case len(verifier) == size && verifier[0] == ofFirst:
		return 0, nil
	case len(verifier) == size+4 && verifier[0] == ofLater:
		return binary.BigEndian.Uint32(verifier[1:]), nil
	}
	return 0, fmt.Errorf("verifier of %d bytes: %w", len(verifier), fault.ErrInvalid)
}

// Matches reports whether a verifier was made of the password under the key. It wraps [fault.ErrInvalid] for what is no verifier, or one under a key
// of another generation.
func (h Hasher) Matches(verifier []byte, password string) (bool, error) {
	of, err := GenerationOf(verifier)
	if err == nil && of != h.Generation {
		err = fmt.Errorf("verifier of generation %d: %w", of, fault.ErrInvalid)
	}
	if err != nil {
		return false, err
	}
	cost := verifier[len(verifier)-size+1:]
	c := Cost{binary.BigEndian.Uint32(cost), binary.BigEndian.Uint32(cost[4:])}
	if c.Time < 1 || c.Time > maxTime || c.Memory < 8 || c.Memory > maxMemory {
		return false, fmt.Errorf("verifier that costs %d passes over %d KiB: %w", c.Time, c.Memory, fault.ErrInvalid)
	}
	head := verifier[:len(verifier)-sumSize]
	return hmac.Equal(h.sum(password, head, c), verifier[len(verifier)-sumSize:]), nil
}

// sum is HMAC-SM3 over head and the argon2id of the password with the salt at head's end.
func (h Hasher) sum(password string, head []byte, c Cost) []byte {
	inner := argon2.IDKey([]byte(password), head[len(head)-saltSize:], c.Time, c.Memory, 1, sumSize)
	m := hmac.New(func() hash.Hash { return sm3.New() }, h.Key)
	m.Write([]byte("bihuan/password/1"))
	m.Write(head)
	m.Write(inner)
	clear(inner)
	return m.Sum(nil)
}
