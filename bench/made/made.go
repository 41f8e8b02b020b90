// Package made makes a district's year of matters in a database: two thirds of them about sixty places, the others anywhere;
// three kinds, all units, a holder and another unit involved in each, one in fifty open.
package made

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"time"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// District is the one that is made.
const District = name.District("220105")

// year is in µs.
const year = int64(365 * 86400e6)

// OpenDesk installs the packs that come with the product and opens a desk whose time stands still at an instant.
func OpenDesk(ctx context.Context, st *store.Store, now int64) (*desk.Desk, error) {
	w := desk.World{District: District, Now: func() int64 { return now }, Chance: func(b []byte) { rand.Read(b) }, Blind: []byte("a key that is for measuring, alone")}
	var err error
	if w.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return nil, err
	}
	offered, err := pack.Load(packs.FS)
	if err != nil {
		return nil, err
	}
	w.Packs = offered
	if _, err = desk.InstallPacks(ctx, st, w, offered, name.System); err != nil {
		return nil, err
	}
	if w.Packs, err = desk.InstalledPacks(ctx, st, District, w.Now()); err != nil {
		return nil, err
	}
	return desk.Open(ctx, st, w)
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

// Fill makes n matters of the year that ends at now, 500 to a command, unless there are any.
func Fill(ctx context.Context, st *store.Store, d *desk.Desk, n int, now int64) error {
	some, err := st.Placed(ctx, District, "", 1)
	if err != nil || len(some) > 0 {
		return err
	}
	r := mrand.New(mrand.NewPCG(220105, 1))
	box := Ground
	spots, units, streets := hotspots(r, box), d.Directory().Units, d.Directory().Streets
	began := time.Now()
	for at := 0; at < n; at += 500 {
		b := journal.Batch{Log: District, Command: fmt.Sprint("made-", at)}
		for i := at; i < min(n, at+500); i++ {
			row := matter(r, i, n, now, spots, units, streets)
			b.Appends = append(b.Appends, journal.Append{Stream: row.Stream, Kind: ledger.Matter, Row: &row, Events: []ledger.Event{{At: row.Opened, Actor: name.System,
				Type: "matter.made", Schema: 1, Suite: ledger.SM3, Body: []byte(`{"made":"yes"}`)}}})
		}
		if _, err := st.Append(ctx, b); err != nil {
			return err
		}
		if at%50_000 == 0 {
			fmt.Fprintf(os.Stderr, "%d made after %v\n", at, time.Since(began).Round(time.Second))
		}
	}
	fmt.Printf("%d matters made in %v\n", n, time.Since(began).Round(time.Second))
	return nil
}

// Ground is what the schematic outlines cover.
var Ground = geo.Box{Min: geo.Point{Lng: 125.325, Lat: 43.835}, Max: geo.Point{Lng: 125.475, Lat: 43.895}}

func matter(r *mrand.Rand, i, n int, now int64, spots []geo.Point, units []desk.Unit, streets []desk.Street) journal.Row {
	var u [16]byte
	opened := now - year + int64(float64(year)*float64(i)/float64(n))
	binary.BigEndian.PutUint64(u[:], uint64(opened/1000)<<16|0x7000)
	binary.BigEndian.PutUint64(u[8:], uint64(i)|1<<63)
	at := Anywhere(r, Ground)
	if r.IntN(3) > 0 {
		s := spots[r.IntN(len(spots))]
		at = geo.Point{Lng: s.Lng + r.NormFloat64()*0.002, Lat: s.Lat + r.NormFloat64()*0.0015}
	}
	unit, other := units[r.IntN(len(units))].Key, units[r.IntN(len(units))].Key
	class := fmt.Sprintf("E%02d%03d", 1+r.IntN(9), 1+r.IntN(12))
	row := journal.Row{Stream: name.NewID(District, u), Noun: ledger.Matter, Kind: []string{"urban/case", "grid/event", "hotline/call"}[r.IntN(3)], Number: fmt.Sprintf("M%07d", i),
		Title: []string{"井盖破损", "路灯不亮", "占道经营", "渣土未清"}[r.IntN(4)], State: "closed", Unit: unit, Person: name.Person(fmt.Sprintf("p%d", 100+r.IntN(400))), Area: streets[r.IntN(len(streets))].Code,
		Opened: opened, Closed: opened + 3*86400e6, Due: opened + 5*86400e6, Place: at.Round(), Public: r.IntN(3) > 0,
		Facets: []journal.Facet{{Name: "class", Text: class}, {Name: journal.Involved, Text: string(other)}, {Name: "source", Text: []string{"patrol", "hotline", "web"}[r.IntN(3)]}},
		Body:   fmt.Appendf(nil, `{"address":"示意大街%d号","class":%q,"place":%q,"source":"patrol","title":"井盖破损"}`, i%900, class, at)}
	if opened+3*86400e6 > now || r.IntN(50) == 0 {
		row.State, row.Open, row.Closed = "handling", true, 0
		row.Due = now + int64(r.IntN(20)-6)*86400e6
		row.Yellow = row.Due - 86400e6
	}
	return row
}
