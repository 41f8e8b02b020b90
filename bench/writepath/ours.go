package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// ours is the store as the desk uses it: each step is a batch with an event in the chain,
// the row with its clock, and the command's idempotency.
type ours struct {
	dir   string
	path  string
	s     *store.Store
	round int
	n     atomic.Int64
}

const district = name.District("220105")

func (o *ours) name() string { return "ours" }
func (o *ours) served() bool { return false }

func (o *ours) start(_ context.Context, _ int) (err error) {
	o.round++
	o.path = filepath.Join(o.dir, fmt.Sprintf("ours-%d.db", o.round))
	o.s, err = store.Open(o.path, store.Options{})
	return err
}

func (o *ours) stop() error {
	if r, err := o.s.Verify(context.Background(), district, nil); err != nil || r.Flaw != nil {
		return fmt.Errorf("the log does not verify: %v %v", r.Flaw, err)
	}
	if err := o.s.Close(); err != nil {
		return err
	}
	return os.Remove(o.path)
}

var states = [steps]string{"registered", "accepted", "dispatched", "signed", "handled", "reported", "verified", "closed"}

func (o *ours) lifecycle(ctx context.Context) error {
	u := uuid7()
	id := name.NewID(district, u)
	for v := range steps {
		b := o.step(id, v)
		if _, err := o.s.Append(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// step is one transition: the clock is set anew at each, the holder changes on some, the last one closes.
func (o *ours) step(id name.ID, v int) journal.Batch {
	now := time.Now().UnixMicro()
	e := ledger.Event{At: now, Actor: name.Actor{Person: "p1024", Unit: "housing", Role: "handler"},
		Type: "matter." + states[v], Schema: 1, Suite: ledger.SM3, Body: payload}
	rand.Read(e.Salt[:])
	n := o.n.Add(1)
	row := journal.Row{Kind: "city/component", Title: "吉林大路井盖破损", State: states[v], Open: v < steps-1,
		Unit: []name.Unit{"hotline", "housing"}[min(v/3, 1)], Area: "220105002", Opened: now - int64(v)*1000,
		Due: now + 1e9, Wake: now + 9e8, Light: "green", Body: payload,
		Facets: []journal.Facet{{Name: "class", Text: "manhole"}, {Name: "source", Text: "patrol"}}}
	a := journal.Append{Stream: id, Kind: ledger.Matter, Expected: int64(v), Events: []ledger.Event{e}, Row: &row}
	switch v {
	case 0:
		a.Series = "城管〔2026〕"
	case steps - 1:
		row.Due, row.Wake, row.Closed = 0, 0, now
	}
	return journal.Batch{Log: district, Command: string(id) + fmt.Sprint("/", v, "/", n), Appends: []journal.Append{a}}
}

// uuid7 is a time-ordered identifier, as the desk makes them.
func uuid7() (u [16]byte) {
	rand.Read(u[:])
	ms := time.Now().UnixMilli()
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	u[6], u[8] = u[6]&0x0f|0x70, u[8]&0x3f|0x80
	return u
}
