package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver with which the cheat edits the copy, as an administrator would

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/store"
	"bihuan/web"
)

// cheat alters a figure in a copy of the database, as somebody with full rights over the file would, and lets verify
// look at the copy. The real database is not touched.
func (h *house) cheat(ctx context.Context, goal name.ID) (web.Cheated, error) {
	dir, err := os.MkdirTemp("", "bihuan-cheat-")
	if err != nil {
		return web.Cheated{}, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "copy.db")
	if err := h.store.Backup(ctx, path); err != nil {
		return web.Cheated{}, fmt.Errorf("copy the database: %w", err)
	}
	c, err := alter(ctx, path, goal)
	if err != nil {
		return c, err
	}
	copied, err := store.Open(path, store.Options{})
	if err != nil {
		return c, err
	}
	defer copied.Close()
	r, err := copied.Verify(ctx, h.desk.District(), nil)
	if err != nil {
		return c, err
	}
	c.Verdict = web.Verdict{Events: r.Events, Head: r.Head.String()}
	if r.Flaw != nil {
		c.Verdict.Bad, c.Verdict.Reason = r.Flaw.Seq, string(r.Flaw.Code)+": "+r.Flaw.Text
	}
	return c, nil
}

// alter changes the value in the last figure recorded for a goal.
func alter(ctx context.Context, path string, goal name.ID) (web.Cheated, error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return web.Cheated{}, err
	}
	defer db.Close()
	var seq int64
	var body string
	err = db.QueryRowContext(ctx, `SELECT seq, body FROM event WHERE stream = $1 AND type = 'goal.recorded' ORDER BY seq DESC LIMIT 1`, string(goal)).Scan(&seq, &body)
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
