package account

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Session is one place in which somebody is signed in.
type Session struct {
	ID       string      `json:"-"` // short and public: it names the session and opens nothing
	Account  name.ID     `json:"account"`
	Person   name.Person `json:"person"`
	Opened   int64       `json:"opened"`         // µs
	Proved   int64       `json:"proved"`         // µs: when all factors that are asked for were shown last
	Seen     int64       `json:"seen"`           // µs, to about a fifteenth of Idle
	Ends     int64       `json:"ends"`           // µs: when it ends, whatever happens
	Idle     int64       `json:"idle"`           // µs: how long it lives without a request
	Strength uint8       `json:"strength"`       // of the proof that opened it
	Must     string      `json:"must,omitempty"` // what has to be done before anything else: "password" once it is too old
	Device   string      `json:"device"`         // the browser, as it calls itself
	Until    int64       `json:"-"`              // µs: Seen + Idle, Ends at the latest
}

// secretBytes is the length of a session's secret: 256 bits of chance.
const secretBytes = 32

// Open keeps a new session and returns its secret in hexadecimal. chance fills a slice with random bytes. Opened, Seen and
// Until are set to now and what follows from it.
func Open(ctx context.Context, s Store, chance func([]byte), session Session, now int64) (secret string, _ Session, err error) {
	return put(ctx, s, chance, session, now, now)
}

// put keeps a session under a new secret.
func put(ctx context.Context, s Store, chance func([]byte), session Session, now, opened int64) (secret string, _ Session, err error) {
	var b [secretBytes]byte
	chance(b[:])
	secret = hex.EncodeToString(b[:])
	session.Opened, session.Seen = opened, now
	session.Until = min(now+session.Idle, session.Ends)
	h := hash(secret)
	session.ID = publicID(h)
	body, err := json.Marshal(session)
	if err != nil {
		return "", session, err
	}
	return secret, session, s.PutSession(ctx, session.Account, h, body, now, session.Until)
}

// Read returns the session of a secret. It wraps [fault.ErrNotFound] for one that does not exist or has ended.
func Read(ctx context.Context, s Store, secret string, now int64) (Session, error) {
	if len(secret) != 2*secretBytes {
		return Session{}, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	h := hash(secret)
	body, until, err := s.Session(ctx, h, now)
	if err != nil {
		return Session{}, err
	}
	if until <= now {
		return Session{}, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	session, err := decode(Kept{h, body, until})
	if err == nil && min(session.Seen+session.Idle, session.Ends) <= now { // whatever the store says of its end
		return Session{}, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	return session, err
}

func decode(k Kept) (Session, error) {
	session := Session{ID: publicID(k.Hash), Until: k.Until}
	return session, json.Unmarshal(k.Body, &session)
}

// parts is how many times in its idle span a session that is used is written down again.
const parts = 15

// Touch notes that a session is used: it lives its idle span from now on. It writes only when a fifteenth of that span has
// passed since it was written last, and never brings a session back that was ended meanwhile.
func Touch(ctx context.Context, s Store, secret string, session *Session, now int64) error {
	if now < session.Seen+session.Idle/parts {
		return nil
	}
	session.Seen = now
	return Renew(ctx, s, secret, session, now)
}

// Renew writes a session down as it now is: after its person has proven who they are once more.
func Renew(ctx context.Context, s Store, secret string, session *Session, now int64) error {
	session.Until = min(now+session.Idle, session.Ends)
	body, err := json.Marshal(session)
	if err != nil {
		return err
	}
	return s.RenewSession(ctx, hash(secret), body, session.Until)
}

// Replace goes on with a session under a new secret and ends the old one: after its person has proven who they are once more, so
// that a secret that was seen before is of no use (ASVS 5.0 7.2.4). It wraps [fault.ErrNotFound] for a session that was ended
// meanwhile, and brings none back.
func Replace(ctx context.Context, s Store, chance func([]byte), secret string, session Session, now int64) (string, Session, error) {
	opened := session.Opened
	fresh, session, err := put(ctx, s, chance, session, now, opened)
	if err != nil {
		return "", session, err
	}
	// the new one stands before the old one is looked for: whoever ends all sessions of the account from here on ends both
	if _, _, err := s.Session(ctx, hash(secret), now); err != nil {
		return "", session, errors.Join(err, Close(ctx, s, fresh))
	}
	return fresh, session, Close(ctx, s, secret)
}

// List returns the sessions of an account, the one used last first.
func List(ctx context.Context, s Store, owner name.ID, now int64) (all []Session, err error) {
	kept, err := s.SessionsOf(ctx, owner, now)
	for _, k := range kept {
		one, err := decode(k)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, err
}

// Close ends the session of a secret; one that is not there is no error.
func Close(ctx context.Context, s Store, secret string) error {
	return s.DeleteSession(ctx, hash(secret))
}

// CloseOne ends the session of an account that has a public id. It wraps [fault.ErrNotFound] if there is none.
func CloseOne(ctx context.Context, s Store, owner name.ID, id string, now int64) error {
	kept, err := s.SessionsOf(ctx, owner, now)
	if err != nil {
		return err
	}
	for _, k := range kept {
		if publicID(k.Hash) == id {
			return s.DeleteSession(ctx, k.Hash)
		}
	}
	return fault.Refuse(fault.ErrNotFound, "no-such-session", "session")
}

// CloseAll ends every session of an account but that of a secret, which may be empty, and returns how many there were.
func CloseAll(ctx context.Context, s Store, owner name.ID, except string) (int, error) {
	var keep ledger.Hash
	if except != "" {
		keep = hash(except)
	}
	return s.DeleteSessions(ctx, owner, keep)
}

// hash is what a store knows of a secret: SM3, so that a stolen table opens nothing.
func hash(secret string) (h ledger.Hash) {
	sm3 := ledger.SM3.New()
	sm3.Write([]byte(secret))
	sm3.Sum(h[:0])
	return h
}

// publicID names a session by 40 bits of its hash.
func publicID(h ledger.Hash) string { return hex.EncodeToString(h[:5]) }
