package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver with which the cheat edits the copy, as an administrator would

	"bihuan/desk/proof"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/merkle"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/store"
	"bihuan/web"
)

// cheat alters a figure in copies of the database, as somebody with full rights over the file would, and lets verify look at them: one
// in which the record alone was edited, and one in which every hash after it was computed anew and everything else made to agree. The real
// database is not touched.
func (h *house) cheat(ctx context.Context, goal name.ID) (web.Cheated, error) {
	dir, err := os.MkdirTemp("", "bihuan-cheat-")
	if err != nil {
		return web.Cheated{}, err
	}
	defer os.RemoveAll(dir)
	seq, _, err := h.store.Head(ctx, h.desk.District())
	if err != nil {
		return web.Cheated{}, err
	}
	signed, err := h.proof.Covering(ctx, seq) // what a witness or a resident holds
	if err != nil {
		return web.Cheated{}, err
	}
	c, err := h.cheatIn(ctx, filepath.Join(dir, "copy.db"), goal, false)
	if err != nil {
		return c, err
	}
	if c.Verdict, err = h.lookAt(ctx, filepath.Join(dir, "copy.db")); err != nil {
		return c, err
	}
	clever := filepath.Join(dir, "clever.db")
	if _, err := h.cheatIn(ctx, clever, goal, true); err != nil {
		return c, err
	}
	if c.Alone, err = h.lookAt(ctx, clever); err != nil {
		return c, err
	}
	c.Signed = signed.Size
	c.Against, err = h.lookAt(ctx, clever, signed.Checkpoint)
	return c, err
}

// cheatIn makes a copy at path and alters it; whole computes every hash after the record anew.
func (h *house) cheatIn(ctx context.Context, path string, goal name.ID, whole bool) (web.Cheated, error) {
	if err := h.store.Backup(ctx, path); err != nil {
		return web.Cheated{}, fmt.Errorf("copy the database: %w", err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return web.Cheated{}, err
	}
	c, err := alter(ctx, db, goal)
	if err == nil && whole {
		err = rewrite(ctx, db, h.desk.District())
	}
	return c, errors.Join(err, db.Close())
}

// lookAt verifies a copy, against checkpoints if there are any.
func (h *house) lookAt(ctx context.Context, path string, signed ...note.Checkpoint) (web.Verdict, error) {
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return web.Verdict{}, err
	}
	defer st.Close()
	trial, err := proof.NewTrial(ctx, st, h.desk.District(), note.Keys{}, signed)
	if err != nil {
		return web.Verdict{}, err
	}
	r, err := st.Verify(ctx, h.desk.District(), func(e *ledger.Entry) error { return trial.Each(ctx, e) })
	if err == nil && r.Flaw == nil {
		if err = trial.End(ctx, nil); errors.As(err, &r.Flaw) {
			err = nil
		}
	}
	if err != nil {
		return web.Verdict{}, err
	}
	v := web.Verdict{Events: r.Events, Head: r.Head.String()}
	if r.Flaw != nil {
		v.Bad, v.Reason = r.Flaw.Seq, string(r.Flaw.Code)+": "+r.Flaw.Text
	}
	return v, nil
}

// alter changes the value in the last figure recorded for a goal.
func alter(ctx context.Context, db *sql.DB, goal name.ID) (web.Cheated, error) {
	var seq int64
	var body string
	err := db.QueryRowContext(ctx, `SELECT seq, body FROM event WHERE stream = $1 AND type = 'goal.recorded' ORDER BY seq DESC LIMIT 1`, string(goal)).Scan(&seq, &body)
	if err == sql.ErrNoRows {
		return web.Cheated{}, fmt.Errorf("goal %s has no figure to alter: %w", goal, fault.ErrNotFound)
	} else if err != nil {
		return web.Cheated{}, err
	}
	altered := strings.Replace(body, `"value":"`, `"value":"9`, 1)
	if _, err := db.ExecContext(ctx, `UPDATE event SET body = $1 WHERE seq = $2`, altered, seq); err != nil {
		return web.Cheated{}, err
	}
	return web.Cheated{Seq: seq, Was: body, Now: altered}, nil
}

// rewrite computes the whole chain and its tree anew, so that the database agrees with itself.
func rewrite(ctx context.Context, db *sql.DB, log name.District) error {
	all, err := readAll(ctx, db, log)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var chain ledger.Chainer
	head := chain.Start(log)
	edge, err := merkle.NewEdge(merkle.SM3, 0, nil)
	if err != nil {
		return err
	}
	for i := range all {
		e := &all[i]
		leaf := chain.Leaf(&e.Event)
		head = chain.Head(e.Suite, head, leaf)
		edge.Add(merkle.Hash(leaf))
		if leaf == e.Leaf && head == e.Head {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE event SET leaf = $1, head = $2 WHERE line = (SELECT (number << 44) + $3 FROM head WHERE log = $4)`, leaf[:], head[:], e.Seq, string(log)); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM checkpoint WHERE log = $1`, string(log)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE head SET head = $1 WHERE log = $2`, head[:], string(log)); err != nil {
		return err
	}
	for _, t := range edge.Changed() {
		var b []byte
		for _, h := range t.Hashes {
			b = append(b, h[:]...)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE tile SET hashes = substr($1, 1, length(hashes)) WHERE log = $2 AND level = $3 AND place = $4`, b, string(log), t.Level, t.Index); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func readAll(ctx context.Context, db *sql.DB, log name.District) (all []ledger.Entry, err error) {
	rows, err := db.QueryContext(ctx, `SELECT seq, stream, kind, version, at, person, acting_for, unit, role, type, schema, suite, number, reason, command, salt, body, leaf, head
		FROM event WHERE log = $1 ORDER BY seq`, string(log))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		e := ledger.Entry{}
		e.Log = log
		var salt, leaf, head []byte
		var body string
		if err := rows.Scan(&e.Seq, &e.Stream, &e.Kind, &e.Version, &e.At, &e.Actor.Person, &e.Actor.For, &e.Actor.Unit, &e.Actor.Role, &e.Type, &e.Schema, &e.Suite, &e.Number, &e.Reason,
			&e.Command, &salt, &body, &leaf, &head); err != nil {
			return nil, err
		}
		copy(e.Salt[:], salt)
		copy(e.Leaf[:], leaf)
		copy(e.Head[:], head)
		e.Body = []byte(body)
		all = append(all, e)
	}
	return all, rows.Err()
}
