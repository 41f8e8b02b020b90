// Package personal is what the platform does with the data that it holds of persons besides using it: how long it keeps it, when it
// destroys it, who looked at it, and what it answers to the person whose data it is (个人信息保护).
//
// [Room.Tick] is retention: it destroys what is due and looks at nothing else, so that it may be called again and again.
// [Room.Erase] is erasure on somebody's wish, [Room.Hold] keeps it from happening (保全), [Room.About] is the person's own page.
//
// It promises: a hold goes before every rule and every wish; nothing is destroyed before its rule says so, nor later than the tick that
// follows; whoever asks is told for each field what stands against it and until when; proofs of the log hold whatever was
// destroyed. Which rule holds for what stands in packs/retention.yaml; what an envelope is in [bihuan/ground/seal].
package personal

import (
	"context"
	"sync"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// Store is what the room asks of the store besides what the desk asks.
type Store interface {
	desk.Store
	KeysDue(ctx context.Context, log name.District, now int64, limit int) ([]journal.Key, error)
	SetDue(ctx context.Context, log name.District, due int64, subjects ...name.ID) error
	Scrub(ctx context.Context, whole bool) error
}

// Index is the index of full text, which forgets what is no longer there.
type Index interface {
	Forget(ctx context.Context) error
}

// Logs are the logs of the application, a day each.
type Logs interface {
	Days() ([]calendar.Date, error)
	Drop(calendar.Date) error
}

// Room is personal data of one desk. It is safe for many goroutines.
type Room struct {
	desk  *desk.Desk
	store Store
	rules pack.Retention
	index Index // nil: there is none
	logs  Logs  // nil: the operator keeps them

	mu      sync.Mutex // held by whoever runs retention
	adopted bool       // the rules of now stand in the log
}

// New returns the room over a desk. index and logs may be nil.
func New(d *desk.Desk, store Store, rules pack.Retention, index Index, logs Logs) *Room {
	return &Room{desk: d, store: store, rules: rules, index: index, logs: logs}
}

// all asks for everything, of which the room itself shows only what somebody may see.
func (r *Room) all(kind string) journal.Query {
	return journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: "account", Kinds: []string{kind}, Order: journal.ByOpened, Limit: 500}
}

// swept makes what was destroyed disappear from where copies of it may be left: the log file of the database, and the index.
func (r *Room) swept(ctx context.Context) error {
	if r.index != nil {
		if err := r.index.Forget(ctx); err != nil {
			return err
		}
	}
	return r.store.Scrub(ctx, false)
}
