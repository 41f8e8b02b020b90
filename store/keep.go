package store

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"sync"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// This file keeps what stands beside the log: files, personal values, sessions, the places
// of consumers, and leases.

func (t *txn) files(files []journal.File) error {
	for _, f := range files {
		n, err := t.exec("INSERT INTO blob (hash, name, media, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			f.Hash.String(), f.Name, f.Media, f.Bytes)
		if err != nil {
			return err
		}
		if n == 1 && len(f.Bytes) <= maxRecentFile {
			t.stored = append(t.stored, f)
		}
	}
	return nil
}

// File returns an upload by its hash. It wraps [fault.ErrNotFound], and [fault.ErrUnavailable] where the bytes are not those that came any
// more. The first name and media type under which the bytes came are the ones that stay.
func (s *Store) File(ctx context.Context, hash ledger.Hash) (journal.File, error) {
	if f, found := s.writer.recent.file(hash); found {
		return f, nil
	}
	f := journal.File{Hash: hash}
	err := s.read(ctx, "file "+hash.String(), func(c conn) error {
		found, err := one(c, "SELECT name, media, bytes FROM blob WHERE hash = $1", []any{hash.String()}, func(r cells) {
			f.Name, f.Media, f.Bytes = r.text(0), r.text(1), r.bytes(2)
		})
		return foundOr(found, err)
	})
	if err == nil && hashFile(f.Bytes) != hash {
		return journal.File{}, altered(hash)
	}
	return f, err
}

func foundOr(found bool, err error) error {
	if err == nil && !found {
		return fault.ErrNotFound
	}
	return err
}

func (t *txn) personal(log name.District, values []journal.Personal) error {
	for _, p := range values {
		if _, err := t.exec(`INSERT INTO personal (log, subject, field, suite, salt, value, blind) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (log, subject, field) DO UPDATE SET suite = excluded.suite, salt = excluded.salt, value = excluded.value, blind = excluded.blind`,
			string(log), string(p.Subject), p.Field, p.Suite, p.Salt[:], p.Value, p.Blind); err != nil {
			return err
		}
	}
	return nil
}

// PersonalOf returns the present personal values of a subject by field; none is no error.
func (s *Store) PersonalOf(ctx context.Context, subject name.ID) (out []journal.Personal, err error) {
	err = s.read(ctx, "personal values of "+string(subject), func(c conn) error {
		return c.query("SELECT field, suite, salt, value, blind FROM personal WHERE log = $1 AND subject = $2 ORDER BY field",
			[]any{string(subject.District()), string(subject)}, func(r cells) error {
				p := journal.Personal{Subject: subject, Field: r.text(0), Suite: r.text(1), Value: r.text(3), Blind: r.text(4)}
				r.copy(2, p.Salt[:])
				out = append(out, p)
				return nil
			})
	})
	return out, err
}

// Subjects returns the subjects that have a value with a blind index, at most limit, those with the latest ids first; none is
// no error, and an empty index finds none.
func (s *Store) Subjects(ctx context.Context, log name.District, blind string, limit int) (all []name.ID, err error) {
	if blind == "" || limit <= 0 {
		return nil, nil
	}
	err = s.read(ctx, "subjects of a value", func(c conn) error {
		return c.query("SELECT DISTINCT subject FROM personal WHERE log = $1 AND blind = $2 AND blind <> '' ORDER BY subject DESC LIMIT $3",
			[]any{string(log), blind, min(limit, MaxPage)}, func(r cells) error {
				all = append(all, name.ID(r.text(0)))
				return nil
			})
	})
	return all, err
}

// MaxSession is the most bytes of a session's body.
const MaxSession = 16 << 10

// PutSession keeps a small body under the hash of a session's secret until the given
// instant (µs), and drops the sessions that ended before now. owner is the account whose session it is, empty for none.
func (s *Store) PutSession(ctx context.Context, owner name.ID, hash ledger.Hash, body []byte, now, until int64) error {
	if len(body) > MaxSession || until <= now {
		return fmt.Errorf("session of %d bytes for %d µs: %w", len(body), until-now, fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		t.ended, t.before = append(t.ended, hash), max(t.before, now)
		if _, err := t.exec("DELETE FROM session WHERE until <= $1", now); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO session (hash, until, body, owner) VALUES ($1, $2, $3, $4)
			ON CONFLICT (hash) DO UPDATE SET until = excluded.until, body = excluded.body, owner = excluded.owner`, hash.String(), until, body, string(owner))
		return err
	})
}

// RenewSession gives a session another body and end. It wraps [fault.ErrNotFound] for one that was ended: nothing
// brings it back.
func (s *Store) RenewSession(ctx context.Context, hash ledger.Hash, body []byte, until int64) error {
	if len(body) > MaxSession {
		return fmt.Errorf("session of %d bytes: %w", len(body), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		t.ended = append(t.ended, hash)
		n, err := t.exec("UPDATE session SET until = $1, body = $2 WHERE hash = $3", until, body, hash.String())
		return foundOr(n == 1, err)
	})
}

// SessionsOf returns the sessions of an account that have not ended at now, the one that ends last first; none is no error.
func (s *Store) SessionsOf(ctx context.Context, owner name.ID, now int64) (all []account.Kept, err error) {
	err = s.read(ctx, "sessions of "+string(owner), func(c conn) error {
		return c.query("SELECT hash, body, until FROM session WHERE owner = $1 AND owner <> '' AND until > $2 ORDER BY until DESC, hash LIMIT $3",
			[]any{string(owner), now, MaxPage}, func(r cells) error {
				h, err := ledger.ParseHash(r.text(0))
				all = append(all, account.Kept{Hash: h, Body: r.bytes(1), Until: r.int(2)})
				return err
			})
	})
	return all, err
}

// DeleteSessions ends every session of an account but one, and returns how many there were. Once it has returned nobody
// finds one of them.
func (s *Store) DeleteSessions(ctx context.Context, owner name.ID, except ledger.Hash) (n int, err error) {
	var done int
	err = s.writer.write(ctx, func(t *txn) error {
		var hashes []ledger.Hash
		if err := t.c.query("SELECT hash FROM session WHERE owner = $1 AND owner <> '' AND hash <> $2", []any{string(owner), except.String()}, func(r cells) error {
			h, err := ledger.ParseHash(r.text(0))
			hashes = append(hashes, h)
			return err
		}); err != nil {
			return err
		}
		done = len(hashes)
		t.ended = append(t.ended, hashes...)
		_, err := t.exec("DELETE FROM session WHERE owner = $1 AND owner <> '' AND hash <> $2", string(owner), except.String())
		return err
	})
	if err != nil {
		return 0, err
	}
	return done, nil
}

// Session returns the body of a session that has not ended at now, and when it ends. It wraps [fault.ErrNotFound].
func (s *Store) Session(ctx context.Context, hash ledger.Hash, now int64) (body []byte, until int64, err error) {
	v, found, turn := s.writer.recent.session(hash)
	if !found {
		if err := s.read(ctx, "session", func(c conn) error {
			found, err := one(c, "SELECT body, until FROM session WHERE hash = $1", []any{hash.String()}, func(r cells) {
				v = session{r.bytes(0), r.int(1)}
			})
			return foundOr(found, err)
		}); err != nil {
			return nil, 0, err
		}
		s.writer.recent.keepSession(hash, v, turn)
	}
	if v.until <= now {
		return nil, 0, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	return bytes.Clone(v.body), v.until, nil
}

// DeleteSession ends a session; one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, hash ledger.Hash) error {
	return s.writer.write(ctx, func(t *txn) error {
		t.ended = append(t.ended, hash)
		_, err := t.exec("DELETE FROM session WHERE hash = $1", hash.String())
		return err
	})
}

// Cursor returns how far a consumer has read a log, 0 if it has not begun.
//
// One process has the file, so that it knows where it left a consumer: one that somebody moved on in the file meanwhile goes on from where it was.
func (s *Store) Cursor(ctx context.Context, log name.District, consumer string) (seq int64, err error) {
	err = s.read(ctx, "cursor "+consumer, func(c conn) error {
		_, err := one(c, "SELECT seq FROM cursor WHERE log = $1 AND name = $2", []any{string(log), consumer}, func(r cells) { seq = r.int(0) })
		return err
	})
	if err != nil {
		return 0, err
	}
	if left, known := s.left.at(log, consumer); known {
		return min(seq, left), nil
	}
	s.left.put(log, consumer, seq)
	return seq, nil
}

// left is where this process left consumers, or found them first.
type left struct {
	mu  sync.Mutex
	seq map[string]int64
}

func (l *left) at(log name.District, consumer string) (seq int64, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seq, known = l.seq[string(log)+" "+consumer]
	return seq, known
}

// most is beyond where a consumer cannot be but by somebody else's hand.
func (l *left) most(log name.District, consumer string) int64 {
	if seq, known := l.at(log, consumer); known {
		return seq
	}
	return math.MaxInt64
}

func (l *left) put(log name.District, consumer string, seq int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seq == nil {
		l.seq = map[string]int64{}
	}
	key := string(log) + " " + consumer
	l.seq[key] = max(l.seq[key], seq)
}

// Consumers returns how far everybody has come who reads a log: consumers by their names, subscriptions by "hook/" and their ids.
func (s *Store) Consumers(ctx context.Context, log name.District) (at map[string]int64, err error) {
	at = map[string]int64{}
	err = s.read(ctx, "consumers of "+string(log), func(c conn) error {
		return c.query("SELECT name, seq FROM cursor WHERE log = $1 UNION ALL SELECT 'hook/' || hook, seq FROM hook WHERE log = $1", []any{string(log)}, func(r cells) error {
			at[r.text(0)] = r.int(1)
			return nil
		})
	})
	return at, err
}

// SetCursor moves a consumer forward to seq. It wraps [fault.ErrConflict] if the consumer is
// already there or further: somebody else has done the work.
func (s *Store) SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		n, err := t.exec(`INSERT INTO cursor (log, name, seq) VALUES ($1, $2, $3) ON CONFLICT (log, name) DO UPDATE SET seq = excluded.seq
			WHERE cursor.seq < excluded.seq OR cursor.seq > $4`, string(log), consumer, seq, s.left.most(log, consumer))
		return s.moved(log, consumer, seq, n, err)
	})
}

// moved is the end of a statement that moved n consumers to seq.
func (s *Store) moved(log name.District, consumer string, seq, n int64, err error) error {
	if err == nil && n == 0 {
		err = fmt.Errorf("cursor %s is at %d or further: %w", consumer, seq, fault.ErrConflict)
	}
	if err == nil { // before it is committed: whoever asks meanwhile is told the lesser of both
		s.left.put(log, consumer, seq)
	}
	return err
}

// maxLease is the longest lease there is, in µs: one that is said to last longer was written by somebody else, so that work be left undone, and is none.
const maxLease = 10 * 60 * 1_000_000

// Lease takes or renews the work called work for holder until the given instant (µs). It
// returns the fencing token, which grows each time the work changes hands, from 1. It wraps
// [fault.ErrConflict] while another holder's lease has not ended at now, and [fault.ErrInvalid] for one that lasts longer than ten minutes.
func (s *Store) Lease(ctx context.Context, work, holder string, now, until int64) (token int64, err error) {
	if until <= now || until > now+maxLease {
		return 0, fmt.Errorf("lease of %d µs: %w", until-now, fault.ErrInvalid)
	}
	var got int64 // apart from the result, which is read even when the write goes on behind an ended ctx
	err = s.writer.write(ctx, func(t *txn) error {
		owner, end, token := "", int64(0), int64(0)
		if _, err := one(t.c, "SELECT holder, until, token FROM lease WHERE name = $1", []any{work}, func(r cells) {
			owner, end, token = r.text(0), r.int(1), r.int(2)
		}); err != nil {
			return err
		}
		if owner != holder && end > now && end <= now+maxLease {
			return fmt.Errorf("%s is done by %s: %w", work, owner, fault.ErrConflict)
		}
		before := token
		if owner != holder {
			token++
		}
		got = token
		return t.swap("UPDATE lease SET holder = $1, until = $2, token = $3 WHERE name = $4 AND token = $5",
			"INSERT INTO lease (holder, until, token, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			before, holder, until, token, work)
	})
	if err != nil {
		return 0, err
	}
	return got, nil
}
