package account

import (
	"context"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Kept is a session as a store has it.
type Kept struct {
	Hash  ledger.Hash // of the secret
	Body  []byte
	Until int64 // µs
}

// Store is where sessions are kept.
type Store interface {
	PutSession(ctx context.Context, owner name.ID, hash ledger.Hash, body []byte, now, until int64) error
	Session(ctx context.Context, hash ledger.Hash, now int64) (body []byte, until int64, err error)
	RenewSession(ctx context.Context, hash ledger.Hash, body []byte, until int64) error
	SessionsOf(ctx context.Context, owner name.ID, now int64) ([]Kept, error)
	DeleteSession(ctx context.Context, hash ledger.Hash) error
	DeleteSessions(ctx context.Context, owner name.ID, except ledger.Hash) (int, error)
}

// Credential is what proves that somebody is who they say, or part of it. It stands beside the log and goes when it is no
// longer needed.
type Credential struct {
	Owner name.ID // the account
	Kind  string  // password, totp, recovery, login, invitation …
	ID    string  // of one kind no two have the same
	Body  []byte  // what the kind needs: a verifier, a sealed seed; never a secret in the clear
	Used  int64   // only grows; what it counts is the kind's own business
	Until int64   // µs, 0 for no end
}

// Vault is where credentials are kept.
type Vault interface {
	// PutCredential keeps a credential, in place of the one with the same owner, kind and id. It wraps fault.ErrConflict if
	// another owner has one of that kind and id.
	PutCredential(ctx context.Context, log name.District, c Credential) error
	// Credentials returns those of an owner by kind and id, of every kind if kind is empty; none is no error.
	Credentials(ctx context.Context, log name.District, owner name.ID, kind string) ([]Credential, error)
	// CredentialsAfter returns those behind one by owner, kind and id, of all owners in this order, at most limit.
	CredentialsAfter(ctx context.Context, log name.District, c Credential, limit int) ([]Credential, error)
	// ReplaceBody puts another body in the place of a credential's. It wraps fault.ErrConflict if it has another one by now, or is gone.
	ReplaceBody(ctx context.Context, log name.District, c Credential, body []byte) error
	// CredentialBy returns the one with a kind and id. It wraps fault.ErrNotFound.
	CredentialBy(ctx context.Context, log name.District, kind, id string) (Credential, error)
	// UseCredential moves Used forward. It wraps fault.ErrConflict unless used is greater than what it was.
	UseCredential(ctx context.Context, log name.District, c Credential, used int64) error
	// DropCredentials ends the credential with an id, all of a kind if id is empty, all of the owner's if kind is empty too,
	// and returns how many there were.
	DropCredentials(ctx context.Context, log name.District, owner name.ID, kind, id string) (int, error)
}
