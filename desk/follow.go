package desk

import (
	"context"
	"encoding/json"

	"bihuan/ground/access"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// FollowKind is the kind of the rows of those who follow somebody else's report instead of making their own (同问跟踪).
const FollowKind = "follow"

// typeFollowed is the event by which somebody joins a report.
const typeFollowed = "matter.followed"

// followBody is its body. It tells nothing of who follows: their receipt is all that leads to it, and nobody has to reach them.
type followBody struct {
	Of name.ID `json:"of"`
}

// FollowInstead has somebody follow a public matter instead of reporting it once more: the command leads to it from then on,
// as that of a report does. The same command again does nothing.
func (d *Desk) FollowInstead(ctx context.Context, command string, of name.ID) error {
	if err := d.allow(Nobody, access.DoorReport, access.Object{Type: access.Platform, Class: access.Public}); err != nil {
		return err
	}
	if _, done, err := d.store.Receipt(ctx, d.world.District, command); err != nil || done {
		return err
	}
	if _, err := d.PublicMatter(ctx, of); err != nil {
		return err
	}
	b := d.Begin(ctx, command)
	id := d.NewID()
	stream := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return followRow(id, of, b.At()) })
	if err := stream.Add(name.Visitor, typeFollowed, "", followBody{of}); err != nil {
		return err
	}
	_, err := b.Commit()
	return err
}

func followRow(id, of name.ID, at int64) (*journal.Row, error) {
	j, err := json.Marshal(followBody{of})
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: FollowKind, Opened: at, Parent: of, Body: j}, err
}

// followNext plays somebody's joining of a report.
func followNext(row *journal.Row, e *ledger.Event) (*journal.Row, error) {
	var body followBody
	if err := json.Unmarshal(e.Body, &body); err != nil || row != nil {
		return row, err
	}
	return followRow(e.Stream, body.Of, e.At)
}

// Followers returns how many people follow a matter instead of having reported it.
func (d *Desk) Followers(ctx context.Context, of name.ID) (int64, error) {
	buckets, err := d.store.Tally(ctx, journal.Tally{Query: journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{FollowKind}, Parent: of}})
	if err != nil || len(buckets) == 0 {
		return 0, err
	}
	return buckets[0].Count, nil
}
