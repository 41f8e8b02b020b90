// Command tiles measures the map over a million matters of one made year: how long a tile takes at each level, for who may see
// everything and for who may see what a unit has, narrowed and not; how long a square's list takes; how much memory it all needs.
//
//	go run ./tiles -db /tmp/million.db
//
// The database is filled through the store when it is empty, which takes some minutes, and used again afterwards.
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	mrand "math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/engine/tile"
	"bihuan/ground/calendar"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

const district = name.District("220105")

// The year that is made; now is its end.
var (
	first = calendar.NewDate(2023, 1, 1)
	now   = int64(calendar.NewDate(2024, 1, 1).Start())
)

func main() {
	path := flag.String("db", "", "the database to fill or to use again")
	n := flag.Int("n", 1_000_000, "how many matters it is filled with")
	rounds := flag.Int("rounds", 200, "how many tiles are asked for at each level")
	flag.Parse()
	if *path == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), *path, *n, *rounds); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, path string, n, rounds int) error {
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	d, err := openDesk(ctx, st)
	if err != nil {
		return err
	}
	if err := fill(ctx, st, d, n); err != nil {
		return err
	}
	before := resident("RssAnon:")
	began := time.Now()
	r := atlas.New(d, st)
	if err := r.Open(ctx); err != nil {
		return err
	}
	debug.FreeOSMemory()
	fmt.Printf("read into memory in %v; memory of its own %d MB before, %d MB after\n", time.Since(began).Round(time.Millisecond), before, resident("RssAnon:"))
	measure(ctx, d, r, rounds)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("at the end %d MB of its own, %d MB of it Go's heap in use; besides %d MB of the database's file mapped\n", resident("RssAnon:"), m.HeapInuse>>20, resident("RssFile:"))
	return nil
}

func openDesk(ctx context.Context, st *store.Store) (*desk.Desk, error) {
	w := desk.World{District: district, Now: func() int64 { return now }, Chance: func(b []byte) { rand.Read(b) }, Blind: []byte("a key that is for measuring, alone")}
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
	if w.Packs, err = desk.InstalledPacks(ctx, st, district, w.Now()); err != nil {
		return nil, err
	}
	return desk.Open(ctx, st, w)
}

// hotspots are about which places matters gather; the others lie anywhere in the district.
func hotspots(r *mrand.Rand, box geo.Box) (all []geo.Point) {
	for range 60 {
		all = append(all, anywhere(r, box))
	}
	return all
}

func anywhere(r *mrand.Rand, b geo.Box) geo.Point {
	return geo.Point{Lng: b.Min.Lng + r.Float64()*(b.Max.Lng-b.Min.Lng), Lat: b.Min.Lat + r.Float64()*(b.Max.Lat-b.Min.Lat)}
}

// fill makes the matters, 500 to a command, unless there are any.
func fill(ctx context.Context, st *store.Store, d *desk.Desk, n int) error {
	some, err := st.Placed(ctx, district, "", 1)
	if err != nil || len(some) > 0 {
		return err
	}
	r := mrand.New(mrand.NewPCG(220105, 1))
	box := districtBox
	spots, units, streets := hotspots(r, box), d.Directory().Units, d.Directory().Streets
	began := time.Now()
	for at := 0; at < n; at += 500 {
		b := journal.Batch{Log: district, Command: fmt.Sprint("made-", at)}
		for i := at; i < min(n, at+500); i++ {
			row := made(r, i, n, spots, units, streets)
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

// districtBox is the ground of the schematic outlines.
var districtBox = geo.Box{Min: geo.Point{Lng: 125.325, Lat: 43.835}, Max: geo.Point{Lng: 125.475, Lat: 43.895}}

func made(r *mrand.Rand, i, n int, spots []geo.Point, units []desk.Unit, streets []desk.Street) journal.Row {
	var u [16]byte
	opened := int64(first.Start()) + int64(float64(now-int64(first.Start()))*float64(i)/float64(n))
	binary.BigEndian.PutUint64(u[:], uint64(opened/1000)<<16|0x7000)
	binary.BigEndian.PutUint64(u[8:], uint64(i)|1<<63)
	at := anywhere(r, districtBox)
	if r.IntN(3) > 0 {
		s := spots[r.IntN(len(spots))]
		at = geo.Point{Lng: s.Lng + r.NormFloat64()*0.002, Lat: s.Lat + r.NormFloat64()*0.0015}
	}
	unit, other := units[r.IntN(len(units))].Key, units[r.IntN(len(units))].Key
	class := fmt.Sprintf("E%02d%03d", 1+r.IntN(9), 1+r.IntN(12))
	row := journal.Row{Stream: name.NewID(district, u), Noun: ledger.Matter, Kind: []string{"urban/case", "grid/event", "hotline/call"}[r.IntN(3)], Number: fmt.Sprintf("M%07d", i),
		Title: []string{"井盖破损", "路灯不亮", "占道经营", "渣土未清"}[r.IntN(4)], State: "closed", Unit: unit, Person: name.Person(fmt.Sprintf("p%d", 100+r.IntN(400))), Area: streets[r.IntN(len(streets))].Code,
		Opened: opened, Closed: opened + 3*86400e6, Due: opened + 5*86400e6, Place: at.Round(), Public: r.IntN(3) > 0,
		Facets: []journal.Facet{{Name: "class", Text: class}, {Name: journal.Involved, Text: string(other)}, {Name: "source", Text: []string{"patrol", "hotline", "web"}[r.IntN(3)]}},
		Body:   fmt.Appendf(nil, `{"address":"示意大街%d号","class":%q,"place":%q,"source":"patrol","title":"井盖破损"}`, i%900, class, at)}
	if opened+3*86400e6 > now || r.IntN(50) == 0 {
		row.State, row.Open, row.Closed = "handling", true, 0
		row.Due = now + int64(r.IntN(20)-6)*86400e6
		row.Yellow, row.Wake = row.Due-86400e6, row.Due-86400e6
	}
	return row
}

// measure asks for tiles at each level, where something lies, and prints how long they take.
func measure(ctx context.Context, d *desk.Desk, r *atlas.Room, rounds int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	leader, handler := as(d, "government", "leader"), as(d, "housing", "handler")
	open := true
	for _, c := range []struct {
		name string
		who  desk.Caller
		ask  atlas.Ask
	}{
		{"everything, by a leader", leader, atlas.Ask{}},
		{"what is open, by a leader", leader, atlas.Ask{Open: &open}},
		{"one kind, one month, by a leader", leader, atlas.Ask{Kinds: []string{"urban/case"}, Opened: journal.Between{From: int64(calendar.NewDate(2023, 8, 1).Start()), Until: int64(calendar.NewDate(2023, 9, 1).Start())}}},
		{"what a handler may see", handler, atlas.Ask{}},
		{"what anybody may see", desk.Nobody, atlas.Ask{Public: true}},
	} {
		fmt.Printf("%s\n", c.name)
		chance := mrand.New(mrand.NewPCG(7, 7))
		for z := uint8(9); z <= 18; z++ {
			var took, worked []time.Duration
			bytes := 0
			for range rounds {
				t := tile.At(z, anywhere(chance, districtBox))
				began, before := time.Now(), processorTime()
				b, err := r.Matters(ctx, c.who, t, c.ask)
				if err != nil {
					log.Fatal(err)
				}
				took, worked = append(took, time.Since(began)), append(worked, processorTime()-before)
				bytes += len(b)
			}
			fmt.Printf("  level %2d  %s  processor time %s  %6d bytes\n", z, quantiles(took), quantiles(worked), bytes/rounds)
		}
	}
	for _, z := range []uint8{13, 16, 19, 22} {
		chance := mrand.New(mrand.NewPCG(8, 8))
		var took, worked []time.Duration
		for range rounds {
			t := tile.At(z, anywhere(chance, districtBox))
			began, before := time.Now(), processorTime()
			if _, err := r.Rows(ctx, leader, atlas.Ask{}, atlas.Part{Square: &t, Limit: 30}); err != nil {
				log.Fatal(err)
			}
			if _, err := r.Count(ctx, leader, atlas.Ask{}, atlas.Part{Square: &t}); err != nil {
				log.Fatal(err)
			}
			took, worked = append(took, time.Since(began)), append(worked, processorTime()-before)
		}
		fmt.Printf("list and count of a square of level %2d  %s  processor time %s\n", z, quantiles(took), quantiles(worked))
	}
}

func as(d *desk.Desk, unit name.Unit, role name.Role) desk.Caller {
	who, _ := d.Directory().Caller(d.Directory().Of(unit, role)[0].Key, "zh")
	return who
}

func quantiles(took []time.Duration) string {
	slices.Sort(took)
	at := func(q int) float64 { return float64(took[min(len(took)-1, len(took)*q/100)].Microseconds()) / 1000 }
	return fmt.Sprintf("p50 %7.2f ms  p99 %7.2f ms", at(50), at(99))
}

// resident is how many megabytes of a sort of memory the process holds, as Linux counts; 0 where it does not say. The system takes pages of
// the mapped file back when it needs them.
func resident(sort string) int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if kb, ok := strings.CutPrefix(line, sort); ok {
			n := 0
			fmt.Sscan(kb, &n)
			return n >> 10
		}
	}
	return 0
}

// processorTime is how long this thread has worked.
func processorTime() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD of Linux
	var u syscall.Rusage
	if syscall.Getrusage(thisThread, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
