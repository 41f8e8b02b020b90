// Package imports takes files of others into registers 册: outlines and points of places as GeoJSON, whole or not at all.
//
// Faces call [Room.Places], first with [File.Dry] to show what would come of it. Records of other shapes are written one at a time with
// [desk.Desk.PutRecord].
package imports

import (
	"context"
	"sync"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
)

// Store is what the room asks of a store.
type Store interface {
	Rows(ctx context.Context, q journal.Query) (journal.Page, error)
}

// Room is where files are taken in.
type Room struct {
	desk  *desk.Desk
	store Store
	one   sync.Mutex // held by the one import that is on its way
}

// New returns the room over a desk and its store. One desk has one, since imports wait for one another.
func New(d *desk.Desk, store Store) *Room { return &Room{desk: d, store: store} }

// eachRecord visits every record of a register, those that have ended too, by number.
func (r *Room) eachRecord(ctx context.Context, ref string, visit func(*journal.Row) error) error {
	return desk.EachRow(ctx, r.store.Rows, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true},
		Noun: ledger.Record, Kinds: []string{ref}, Order: journal.ByNumber}, visit)
}
