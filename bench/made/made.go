// Package made makes a district's year of matters in a database: two thirds of them about sixty places, the others anywhere;
// three kinds, all units, a holder and another unit involved in each, one in fifty open, a report of some 200 characters in each.
//
// Every matter has the events that its row follows from: when it was opened, and when it was done.
package made

import (
	"context"
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"time"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// District is the one that is made.
const District = name.District("220105")

// Key is the key of blind indexes of what is made, 32 bytes; a server over it wants it in a file.
const Key = "a key that is for measuring only"

// year is in µs.
const year = int64(365 * 86400e6)

// OpenDesk installs the packs that come with the product and opens a desk whose time stands still at an instant.
func OpenDesk(ctx context.Context, st *store.Store, now int64) (*desk.Desk, error) {
	offered, err := pack.Load(packs.FS)
	if err != nil {
		return nil, err
	}
	w, err := world(offered, now)
	if err != nil {
		return nil, err
	}
	if _, err = desk.InstallPacks(ctx, st, w, offered, name.System); err != nil {
		return nil, err
	}
	if w.Packs, err = desk.InstalledPacks(ctx, st, District, w.Now(), offered); err != nil {
		return nil, err
	}
	return desk.Open(ctx, st, w)
}

// world is the desk's, with a time that stands still.
func world(all *pack.Set, now int64) (w desk.World, err error) {
	w = desk.World{District: District, Now: func() int64 { return now }, Chance: func(b []byte) { rand.Read(b) }, Blind: []byte(Key), Packs: all}
	w.Policy, err = pack.ReadPolicy(packs.FS)
	return w, err
}

// hotspots are about which places matters gather; the others lie anywhere in the district.
func hotspots(r *mrand.Rand, box geo.Box) (all []geo.Point) {
	for range 60 {
		all = append(all, Anywhere(r, box))
	}
	return all
}

// Anywhere is a point of a box.
func Anywhere(r *mrand.Rand, b geo.Box) geo.Point {
	return geo.Point{Lng: b.Min.Lng + r.Float64()*(b.Max.Lng-b.Min.Lng), Lat: b.Min.Lat + r.Float64()*(b.Max.Lat-b.Min.Lat)}
}

// Fill makes n matters of the year that ends at now, unless there are any. They stand in the log in the order of time, as those of a real year do.
func Fill(ctx context.Context, st *store.Store, d *desk.Desk, n int, now int64) error {
	some, err := st.Placed(ctx, District, "", 1)
	if err != nil || len(some) > 0 {
		return err
	}
	m, err := newMaker(ctx, st, d, n, now)
	if err != nil {
		return err
	}
	began, b := time.Now(), batcher{st: st}
	for i := range n {
		life, err := m.matter(ctx, i)
		if err != nil {
			return err
		}
		for _, due := range m.ended(life.opened) {
			if err := b.add(ctx, due); err != nil {
				return err
			}
		}
		if err := b.add(ctx, life.first); err != nil {
			return err
		}
		if life.end != nil {
			m.await(life)
		}
		if i%50_000 == 0 {
			fmt.Fprintf(os.Stderr, "%d made after %v\n", i, time.Since(began).Round(time.Second))
		}
	}
	for _, due := range m.ended(now) {
		if err := b.add(ctx, due); err != nil {
			return err
		}
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	fmt.Printf("%d matters made in %v\n", n, time.Since(began).Round(time.Second))
	return nil
}

// batcher appends so many changes to a command.
type batcher struct {
	st       *store.Store
	appends  []journal.Append
	streams  map[name.ID]bool // of appends
	commands int
}

// add adds a change, to the next command if its stream has one in this.
func (b *batcher) add(ctx context.Context, a *journal.Append) error {
	if len(b.appends) == 500 || b.streams[a.Stream] {
		if err := b.flush(ctx); err != nil {
			return err
		}
	}
	if b.streams == nil {
		b.streams = map[name.ID]bool{}
	}
	b.appends, b.streams[a.Stream] = append(b.appends, *a), true
	return nil
}

func (b *batcher) flush(ctx context.Context) error {
	if len(b.appends) == 0 {
		return nil
	}
	_, err := b.st.Append(ctx, journal.Batch{Log: District, Command: fmt.Sprint("made-", b.commands), Appends: b.appends})
	b.commands++
	b.appends, b.streams = nil, nil
	return err
}

// Ground is what the schematic outlines cover.
var Ground = geo.Box{Min: geo.Point{Lng: 125.325, Lat: 43.835}, Max: geo.Point{Lng: 125.475, Lat: 43.895}}
