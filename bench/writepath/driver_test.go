package main

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// These benchmarks chose the driver of the write path (decision 0003): sixteen steps in one
// transaction under synchronous=FULL, each step an event row and a case row, by prepared statements
// on one connection. Both run the same SQLite code. What counts is the processor time: the sync is the same.
const (
	group  = 16
	schema = `CREATE TABLE event (log TEXT, seq BIGINT, stream TEXT, version BIGINT, type TEXT, body TEXT, leaf BLOB, PRIMARY KEY (log, seq)) WITHOUT ROWID;
CREATE UNIQUE INDEX event_stream ON event (log, stream, version);
CREATE TABLE kase (log TEXT, stream TEXT, version BIGINT, state TEXT, due BIGINT, body TEXT, PRIMARY KEY (log, stream)) WITHOUT ROWID;
CREATE INDEX kase_due ON kase (log, due, stream);`
	insert = "INSERT INTO event (log, seq, stream, version, type, body, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	upsert = `INSERT INTO kase (log, stream, version, state, due, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (log, stream) DO UPDATE SET version = excluded.version, state = excluded.state, due = excluded.due`
)

func BenchmarkDatabaseSQL(b *testing.B) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "a.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-65536)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		b.Fatal(err)
	}
	ins, err := db.Prepare(insert)
	if err != nil {
		b.Fatal(err)
	}
	ups, err := db.Prepare(upsert)
	if err != nil {
		b.Fatal(err)
	}
	leaf, seq, cpu := make([]byte, 32), 0, cpuTime()
	for b.Loop() {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		i, u := tx.Stmt(ins), tx.Stmt(ups)
		for range group {
			seq++
			stream := streamOf(seq)
			if _, err := i.Exec("220105", seq, stream, seq, "matter.accept", string(payload), leaf); err != nil {
				b.Fatal(err)
			}
			if _, err := u.Exec("220105", stream, seq, "accepted", seq*1000, string(payload)); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/1000/float64(b.N*group), "cpu-µs/step")
}

func BenchmarkZombiezen(b *testing.B) {
	c, err := sqlite.OpenConn(filepath.Join(b.TempDir(), "a.db"), sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for _, q := range []string{"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536"} {
		if err := sqlitex.ExecuteTransient(c, q, nil); err != nil {
			b.Fatal(err)
		}
	}
	if err := sqlitex.ExecuteScript(c, schema, nil); err != nil {
		b.Fatal(err)
	}
	begin, commit, ins, ups := c.Prep("BEGIN IMMEDIATE"), c.Prep("COMMIT"), c.Prep(insert), c.Prep(upsert)
	run := func(s *sqlite.Stmt) {
		if _, err := s.Step(); err != nil {
			b.Fatal(err)
		}
		s.Reset()
	}
	leaf, seq, cpu := make([]byte, 32), 0, cpuTime()
	for b.Loop() {
		run(begin)
		for range group {
			seq++
			stream := streamOf(seq)
			bind(ins, "220105", seq, stream, seq, "matter.accept", string(payload), leaf)
			run(ins)
			bind(ups, "220105", stream, seq, "accepted", seq*1000, string(payload))
			run(ups)
		}
		run(commit)
	}
	b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/1000/float64(b.N*group), "cpu-µs/step")
}

// streamOf spreads the steps over cases that are touched again, as transitions do.
func streamOf(seq int) string {
	const hex = "0123456789abcdef"
	n := seq % 4096
	return "220105-018b3a5e-7c00-7000-8000-0000000000" + string([]byte{hex[n>>8], hex[n>>4&15], hex[n&15]})
}

func bind(s *sqlite.Stmt, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			s.BindText(i+1, a)
		case int:
			s.BindInt64(i+1, int64(a))
		case []byte:
			s.BindBytes(i+1, a)
		}
	}
}
