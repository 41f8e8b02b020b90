package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// plainSQLite is hand-written SQL on one connection with synchronous=FULL: a case row, an
// audit row and a timer row for each step, a commit for each; no chain, no lists, no engine.
type plainSQLite struct {
	dir  string
	path string
	mu   sync.Mutex
	c    *sqlite.Conn
	id   int64
}

func (p *plainSQLite) name() string { return "sqlite" }
func (p *plainSQLite) served() bool { return false }

func (p *plainSQLite) start(context.Context, int) (err error) {
	p.path = filepath.Join(p.dir, "plain.db")
	if p.c, err = sqlite.OpenConn(p.path, sqlite.OpenReadWrite|sqlite.OpenCreate); err != nil {
		return err
	}
	for _, q := range []string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536",
		"CREATE TABLE kase (id INTEGER PRIMARY KEY, state TEXT, body TEXT, version INTEGER)",
		"CREATE TABLE audit (kase INTEGER, version INTEGER, type TEXT, body TEXT, PRIMARY KEY (kase, version)) WITHOUT ROWID",
		"CREATE TABLE timer (kase INTEGER PRIMARY KEY, due INTEGER)", "CREATE INDEX timer_due ON timer (due)"} {
		if err := sqlitex.ExecuteTransient(p.c, q, nil); err != nil {
			return err
		}
	}
	return nil
}

func (p *plainSQLite) stop() error {
	if err := p.c.Close(); err != nil {
		return err
	}
	return os.Remove(p.path)
}

func (p *plainSQLite) lifecycle(context.Context) error {
	p.mu.Lock()
	p.id++
	id := p.id
	p.mu.Unlock()
	for v := range steps {
		if err := p.step(id, v); err != nil {
			return err
		}
	}
	return nil
}

func (p *plainSQLite) step(id int64, v int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	timer := "INSERT INTO timer (kase, due) VALUES (?1, ?2) ON CONFLICT (kase) DO UPDATE SET due = excluded.due"
	if v == steps-1 {
		timer = "DELETE FROM timer WHERE kase = ?1 AND ?2 > 0"
	}
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{"BEGIN IMMEDIATE", nil},
		{"INSERT INTO kase (id, state, body, version) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version",
			[]any{id, states[v], string(payload), v}},
		{"INSERT INTO audit (kase, version, type, body) VALUES (?1, ?2, ?3, ?4)", []any{id, v, states[v], string(payload)}},
		{timer, []any{id, 1e9 + id}},
		{"COMMIT", nil},
	} {
		if err := sqlitex.Execute(p.c, q.sql, &sqlitex.ExecOptions{Args: q.args}); err != nil {
			return err
		}
	}
	return nil
}
