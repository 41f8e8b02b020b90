package store

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// MaxCredential is the most bytes of a credential's body.
const MaxCredential = 16 << 10

// PutCredential keeps a credential in place of the one with the same owner, kind and id. It wraps [fault.ErrConflict] if
// another owner has one of that kind and id.
func (s *Store) PutCredential(ctx context.Context, log name.District, c account.Credential) error {
	if len(c.Body) > MaxCredential || c.Owner == "" || c.Kind == "" || c.ID == "" {
		return fmt.Errorf("credential %s of %d bytes: %w", c.Kind, len(c.Body), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		owner := ""
		if _, err := one(t.c, "SELECT owner FROM credential WHERE log = $1 AND kind = $2 AND id = $3", []any{string(log), c.Kind, c.ID},
			func(r cells) { owner = r.text(0) }); err != nil {
			return err
		}
		if owner != "" && owner != string(c.Owner) {
			return fmt.Errorf("credential %s is another owner's: %w", c.Kind, fault.ErrConflict)
		}
		_, err := t.exec(`INSERT INTO credential (log, owner, kind, id, body, used, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (log, owner, kind, id) DO UPDATE SET body = excluded.body, used = excluded.used, until = excluded.until`,
			string(log), string(c.Owner), c.Kind, c.ID, c.Body, c.Used, c.Until)
		return err
	})
}

const credentialColumns = "SELECT owner, kind, id, body, used, until FROM credential WHERE log = $1 AND "

func readCredential(r cells) account.Credential {
	return account.Credential{Owner: name.ID(r.text(0)), Kind: r.text(1), ID: r.text(2), Body: r.bytes(3), Used: r.int(4), Until: r.int(5)}
}

// Credentials returns those of an owner by kind and id, of every kind if kind is empty; none is no error.
func (s *Store) Credentials(ctx context.Context, log name.District, owner name.ID, kind string) (all []account.Credential, err error) {
	err = s.read(ctx, "credentials of "+string(owner), func(c conn) error {
		return c.query(credentialColumns+"owner = $2 AND ($3 = '' OR kind = $3) ORDER BY kind, id LIMIT $4",
			[]any{string(log), string(owner), kind, MaxPage}, func(r cells) error {
				all = append(all, readCredential(r))
				return nil
			})
	})
	return all, err
}

// CredentialsAfter returns those behind one by owner, kind and id, of all owners in this order, at most limit.
func (s *Store) CredentialsAfter(ctx context.Context, log name.District, after account.Credential, limit int) (all []account.Credential, err error) {
	err = s.read(ctx, "credentials", func(c conn) error {
		return c.query(credentialColumns+"(owner > $2 OR owner = $2 AND (kind > $3 OR kind = $3 AND id > $4)) ORDER BY owner, kind, id LIMIT $5",
			[]any{string(log), string(after.Owner), after.Kind, after.ID, min(limit, MaxPage)}, func(r cells) error {
				all = append(all, readCredential(r))
				return nil
			})
	})
	return all, err
}

// ReplaceBody puts another body in the place of a credential's. It wraps [fault.ErrConflict] if it has another one by now, or is gone.
func (s *Store) ReplaceBody(ctx context.Context, log name.District, c account.Credential, body []byte) error {
	if len(body) > MaxCredential {
		return fmt.Errorf("credential %s of %d bytes: %w", c.Kind, len(body), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		n, err := t.exec("UPDATE credential SET body = $1 WHERE log = $2 AND owner = $3 AND kind = $4 AND id = $5 AND body = $6",
			body, string(log), string(c.Owner), c.Kind, c.ID, c.Body)
		if err == nil && n == 0 {
			err = fmt.Errorf("credential %s was changed: %w", c.Kind, fault.ErrConflict)
		}
		return err
	})
}

// CredentialBy returns the one with a kind and id. It wraps [fault.ErrNotFound].
func (s *Store) CredentialBy(ctx context.Context, log name.District, kind, id string) (found account.Credential, err error) {
	err = s.read(ctx, "credential "+kind, func(c conn) error {
		ok, err := one(c, credentialColumns+"kind = $2 AND id = $3", []any{string(log), kind, id}, func(r cells) { found = readCredential(r) })
		return foundOr(ok, err)
	})
	return found, err
}

// UseCredential moves Used forward. It wraps [fault.ErrConflict] unless used is greater than what it was: of many who
// use one code at once, one does.
func (s *Store) UseCredential(ctx context.Context, log name.District, c account.Credential, used int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		n, err := t.exec("UPDATE credential SET used = $1 WHERE log = $2 AND owner = $3 AND kind = $4 AND id = $5 AND used < $1",
			used, string(log), string(c.Owner), c.Kind, c.ID)
		if err == nil && n == 0 {
			err = fmt.Errorf("credential %s was used: %w", c.Kind, fault.ErrConflict)
		}
		return err
	})
}

// DropCredentials ends the credential with an id, all of a kind if id is empty, all of the owner's if kind is empty too,
// and returns how many there were.
func (s *Store) DropCredentials(ctx context.Context, log name.District, owner name.ID, kind, id string) (int, error) {
	var done int64
	err := s.writer.write(ctx, func(t *txn) (err error) {
		n, err := t.exec("DELETE FROM credential WHERE log = $1 AND owner = $2 AND ($3 = '' OR kind = $3) AND ($4 = '' OR id = $4)",
			string(log), string(owner), kind, id)
		done = int64(n)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(done), nil
}
