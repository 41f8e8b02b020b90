// Package account is who someone is: for now [Session], an ordinary signed-in session kept in our own
// table under the hash of its secret. Passwords, second factors and certificates join here later.
package account

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Session is who is behind a request, and in which words the pages speak.
type Session struct {
	Person name.Person `json:"person"`
	Opened int64       `json:"opened"` // µs
	Until  int64       `json:"-"`      // µs
}

// Store is where sessions are kept.
type Store interface {
	PutSession(ctx context.Context, hash ledger.Hash, body []byte, now, until int64) error
	Session(ctx context.Context, hash ledger.Hash, now int64) (body []byte, until int64, err error)
	DeleteSession(ctx context.Context, hash ledger.Hash) error
}

// secretBytes is the length of a session's secret: 256 bits of chance.
const secretBytes = 32

// Open keeps a new session and returns its secret in hexadecimal. chance fills a slice with random bytes.
func Open(ctx context.Context, s Store, chance func([]byte), person name.Person, now, until int64) (secret string, err error) {
	var b [secretBytes]byte
	chance(b[:])
	body, err := json.Marshal(Session{Person: person, Opened: now})
	if err != nil {
		return "", err
	}
	secret = hex.EncodeToString(b[:])
	return secret, s.PutSession(ctx, hash(secret), body, now, until)
}

// Read returns the session of a secret. It wraps [fault.ErrNotFound] for one that does not exist or has ended.
func Read(ctx context.Context, s Store, secret string, now int64) (Session, error) {
	if len(secret) != 2*secretBytes {
		return Session{}, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	body, until, err := s.Session(ctx, hash(secret), now)
	if err != nil {
		return Session{}, err
	}
	if until <= now {
		return Session{}, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	session := Session{Until: until}
	return session, json.Unmarshal(body, &session)
}

// Close ends the session of a secret; one that is not there is no error.
func Close(ctx context.Context, s Store, secret string) error {
	return s.DeleteSession(ctx, hash(secret))
}

// hash is what a store knows of a secret: SM3, so that a stolen table opens nothing.
func hash(secret string) (h ledger.Hash) {
	sm3 := ledger.SM3.New()
	sm3.Write([]byte(secret))
	sm3.Sum(h[:0])
	return h
}
