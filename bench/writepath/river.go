package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// riverQueue is River on PostgreSQL: a job for each transition; the case, the audit row, the
// timer, the next job and the completion of this one in one transaction.
type riverQueue struct {
	dsn    string
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	waits  sync.Map // case id → chan error
}

func (r *riverQueue) name() string { return "river" }
func (r *riverQueue) served() bool { return true }

type transition struct {
	Case    int64 `json:"case"`
	Version int   `json:"version"`
}

func (transition) Kind() string { return "transition" }

type worker struct {
	river.WorkerDefaults[transition]
	r *riverQueue
}

func (w *worker) Work(ctx context.Context, job *river.Job[transition]) error {
	id, v := job.Args.Case, job.Args.Version
	err := pgx.BeginFunc(ctx, w.r.pool, func(tx pgx.Tx) error {
		sql := move
		if v == steps-1 {
			sql = finish
		}
		if err := tx.QueryRow(ctx, sql, id, states[v], v, string(payload)).Scan(&id); err != nil {
			return err
		}
		if v < steps-1 {
			if _, err := w.r.client.InsertTx(ctx, tx, transition{id, v + 1}, nil); err != nil {
				return err
			}
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if err != nil || v == steps-1 {
		if c, ok := w.r.waits.LoadAndDelete(id); ok {
			c.(chan error) <- err
		}
	}
	return err
}

func (r *riverQueue) start(ctx context.Context, inFlight int) (err error) {
	if r.pool, err = connect(ctx, r.dsn, max(inFlight, 4)+4); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(r.pool), nil)
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	if _, err := r.pool.Exec(ctx, tables+"TRUNCATE river_job;"); err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{r: r})
	r.client, err = river.NewClient(riverpgxv5.New(r.pool), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: inFlight, FetchCooldown: time.Millisecond, FetchPollInterval: 2 * time.Millisecond}},
		Workers: workers,
		Logger:  slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	return r.client.Start(ctx)
}

func (r *riverQueue) stop() error {
	ctx := context.Background()
	err := r.client.Stop(ctx)
	_, e := r.pool.Exec(ctx, "CHECKPOINT")
	r.pool.Close()
	return errors.Join(err, e)
}

// lifecycle creates the case with its first job in one transaction and waits for the last.
func (r *riverQueue) lifecycle(ctx context.Context) error {
	done := make(chan error, 1)
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, create, states[0], string(payload)).Scan(&id); err != nil {
			return err
		}
		r.waits.Store(id, done)
		_, err := r.client.InsertTx(ctx, tx, transition{id, 1}, nil)
		return err
	})
	if err != nil {
		return err
	}
	return <-done
}
