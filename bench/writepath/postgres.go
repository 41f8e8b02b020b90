package main

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// plainPostgres is hand-written SQL on PostgreSQL: one statement for each step that writes
// the case, the audit row and the timer; no chain, no lists, no engine.
type plainPostgres struct {
	dsn  string
	pool *pgxpool.Pool
}

func (p *plainPostgres) name() string { return "postgres" }
func (p *plainPostgres) served() bool { return true }

// tables are also the ones that the job queue's worker writes.
const tables = `DROP TABLE IF EXISTS kase, audit, timer;
CREATE TABLE kase (id BIGSERIAL PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL, version BIGINT NOT NULL);
CREATE TABLE audit (id BIGSERIAL PRIMARY KEY, kase BIGINT NOT NULL, version BIGINT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX audit_kase ON audit (kase);
CREATE TABLE timer (kase BIGINT PRIMARY KEY, due BIGINT NOT NULL);
CREATE INDEX timer_due ON timer (due);`

const create = `WITH k AS (INSERT INTO kase (state, body, version) VALUES ($1, $2, 0) RETURNING id),
a AS (INSERT INTO audit (kase, version, type, body) SELECT id, 0, $1, $2 FROM k),
t AS (INSERT INTO timer (kase, due) SELECT id, 1000000000 + id FROM k)
SELECT id FROM k`

const move = `WITH k AS (UPDATE kase SET state = $2, version = $3 WHERE id = $1 AND version = $3 - 1 RETURNING id),
a AS (INSERT INTO audit (kase, version, type, body) SELECT id, $3, $2, $4 FROM k),
t AS (INSERT INTO timer (kase, due) SELECT id, 1000000000 + id + $3 FROM k ON CONFLICT (kase) DO UPDATE SET due = excluded.due)
SELECT id FROM k`

const finish = `WITH k AS (UPDATE kase SET state = $2, version = $3 WHERE id = $1 AND version = $3 - 1 RETURNING id),
a AS (INSERT INTO audit (kase, version, type, body) SELECT id, $3, $2, $4 FROM k),
t AS (DELETE FROM timer WHERE kase = $1)
SELECT id FROM k`

func (p *plainPostgres) start(ctx context.Context, inFlight int) (err error) {
	p.pool, err = connect(ctx, p.dsn, inFlight)
	if err != nil {
		return err
	}
	_, err = p.pool.Exec(ctx, tables)
	return err
}

func connect(ctx context.Context, dsn string, connections int) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	c.MaxConns = int32(connections)
	return pgxpool.NewWithConfig(ctx, c)
}

// stop writes what the server still holds back, so that it does not do so in another's turn.
func (p *plainPostgres) stop() error {
	_, err := p.pool.Exec(context.Background(), "CHECKPOINT")
	p.pool.Close()
	return err
}

func (p *plainPostgres) lifecycle(ctx context.Context) error {
	var id int64
	if err := p.pool.QueryRow(ctx, create, states[0], string(payload)).Scan(&id); err != nil {
		return err
	}
	for v := 1; v < steps; v++ {
		sql := move
		if v == steps-1 {
			sql = finish
		}
		if err := p.pool.QueryRow(ctx, sql, id, states[v], v, string(payload)).Scan(&id); err != nil {
			return err
		}
	}
	return nil
}
