package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"bihuan/desk"
	"bihuan/ground/name"
)

// packMove puts the open matters of a pack under its newest version, or with --dry-run tells what would come of it. A
// database that is being served is moved by the process that serves it.
func packMove(c packCall) int {
	if len(c.args) != 1 {
		return wrongPack(c.std, errors.New("move needs one pack"))
	}
	if c.reason == "" && !c.dry {
		return wrongPack(c.std, errors.New("move needs --reason, which stands in every matter's history, or --dry-run"))
	}
	v, err := moveIn(context.Background(), c.db, c.args[0], map[bool]string{false: c.reason}[c.dry])
	if err != nil {
		fmt.Fprintln(c.std.err, "bihuan pack move:", err)
		return exitBad
	}
	fmt.Fprintf(c.std.out, "%s %s: %d current, %d moved, %d ready, %d stuck\n", v.Pack, v.Version, v.Current, v.Moved, len(v.Ready), len(v.Stuck))
	for _, s := range v.Stuck {
		fmt.Fprintf(c.std.out, "stuck %s %s", s.Number, s.State)
		for _, o := range s.Obstacles {
			fmt.Fprintf(c.std.out, " %s:%s", o.Code, o.Key)
		}
		fmt.Fprintln(c.std.out)
	}
	if len(v.Stuck) > 0 {
		return exitBad
	}
	return exitFine
}

// moveIn moves in a database, or has the process that holds it do so.
func moveIn(ctx context.Context, database, called, reason string) (desk.Move, error) {
	q := url.Values{"pack": {called}, "reason": {reason}}
	return in(ctx, database, "/move?"+q.Encode(), func(ctx context.Context, h *house) (desk.Move, error) { return h.move(ctx, called, reason) })
}

// move moves, or without a reason only looks.
func (h *house) move(ctx context.Context, called, reason string) (desk.Move, error) {
	if reason == "" {
		return h.desk.LookAtMove(ctx, called)
	}
	return h.desk.MoveAs(ctx, name.System, called, reason)
}
