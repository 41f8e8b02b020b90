// Package district stands up a desk over a temporary database for tests: the embedded packs, a clock that only the test
// moves, chance that is the same each time, and the figures following the log as they do in service.
package district

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"bihuan/desk"
	"bihuan/desk/demo"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/watch"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// District is a desk with everything around it.
type District struct {
	Desk    *desk.Desk
	Store   *store.Store
	Reports *reports.Room
	Watch   *watch.Watch
	Clock   *demo.Clock
	Rights  *rights.Room
	Keys    *seal.Ring // the district's keys for personal values
	Path    string     // of the database
}

// New returns a district without reports or matters on a day at nine in the morning, with the packs of more beside the
// embedded ones. The same packs are compiled once, and installed once for each day; every district opens a copy of its own.
func New(t testing.TB, on calendar.Date, more ...fs.FS) *District {
	t.Helper()
	ctx := context.Background()
	clock := demo.NewClock(int64(on.At(9*60)), func() int64 { return 0 })
	w, err := world(clock.Now, chance(2))
	must(t, err)
	first, err := installedOn(on, more...)
	must(t, err)
	w.Packs = first.packs
	path := filepath.Join(t.TempDir(), "district.db")
	must(t, os.WriteFile(path, first.file, 0o600))
	st, err := store.Open(path, store.Options{})
	must(t, err)
	t.Cleanup(func() { st.Close() })
	d, err := desk.Open(ctx, st, w)
	must(t, err)
	d.Listen(func(a desk.Announcement) {
		if err := d.Follow(ctx, a); err != nil {
			t.Error(err)
		}
	})
	room, err := rights.Open(ctx, d, st, nil)
	must(t, err)
	room.Carried("unmask", "key", "restore")
	return &District{Desk: d, Store: st, Reports: reports.New(d, st), Watch: watch.New(d, st, st, "test"), Clock: clock, Rights: room, Keys: w.Keys.(*seal.Ring), Path: path}
}

// World returns the world of a district on a day at nine in the morning, for a test that opens a store of its own.
func World(t testing.TB, on calendar.Date) desk.World {
	t.Helper()
	w, err := world(func() int64 { return int64(on.At(9 * 60)) }, chance(2))
	must(t, err)
	return w
}

// embedded is what no test changes: the policy and the packs of the binary, compiled once.
var embedded = sync.OnceValues(func() (w desk.World, err error) {
	if w.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return w, err
	}
	w.Packs, err = pack.LoadToRun(packs.FS)
	return w, err
})

// world returns the world of a district with the embedded packs.
func world(now func() int64, drawn func([]byte)) (desk.World, error) {
	w, err := embedded()
	w.District, w.Now, w.Chance, w.Blind = "220105", now, drawn, []byte("a key that is for tests alone, ok")
	w.Keys = seal.NewRing(chance(3))
	return w, err
}

// installed is a database that holds packs since a day and nothing else, and the packs as they are read back from it.
type installed struct {
	file  []byte
	packs *pack.Set
}

// since says which packs beside the embedded ones, by their files, are installed since which day.
type since struct {
	on    calendar.Date
	files [sha256.Size]byte
}

var (
	made     = map[since]installed{}
	makingMu sync.Mutex
)

// installedOn returns what holds the embedded packs, and those of more, since a day.
func installedOn(on calendar.Date, more ...fs.FS) (installed, error) {
	files, err := together(more)
	if err != nil {
		return installed{}, err
	}
	key := since{on, sum(files)}
	makingMu.Lock()
	defer makingMu.Unlock()
	if x, ok := made[key]; ok {
		return x, nil
	}
	dir, err := os.MkdirTemp("", "bihuan-district-")
	if err != nil {
		return installed{}, err
	}
	defer os.RemoveAll(dir)
	x, err := install(filepath.Join(dir, "first.db"), on, files)
	if err == nil {
		made[key] = x
	}
	return x, err
}

// install makes at path what installedOn returns.
func install(path string, on calendar.Date, more fstest.MapFS) (x installed, err error) {
	w, err := world(func() int64 { return int64(on.At(9 * 60)) }, chance(1))
	if err != nil {
		return x, err
	}
	if len(more) > 0 {
		all, err := together([]fs.FS{packs.FS, more})
		if err != nil {
			return x, err
		}
		if w.Packs, err = pack.LoadToRun(all); err != nil {
			return x, err
		}
	}
	ctx := context.Background()
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return x, err
	}
	_, err = desk.InstallPacks(ctx, st, w, w.Packs, name.System)
	x.packs = w.Packs
	if err == nil && len(more) > 0 {
		x.packs, err = desk.InstalledPacks(ctx, st, w.District, w.Now(), nil)
	}
	if err := errors.Join(err, st.Close()); err != nil {
		return x, err
	}
	x.file, err = os.ReadFile(path)
	return x, err
}

// sum is the same for files with the same names and bytes.
func sum(files fstest.MapFS) (s [sha256.Size]byte) {
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %d\n%s", path, len(files[path].Data), files[path].Data)
	}
	h.Sum(s[:0])
	return s
}

// Demo returns the demo's district as a visitor finds it. It takes some seconds to make.
func Demo(t testing.TB) *District {
	t.Helper()
	x := New(t, demo.Opening-30)
	b := demo.Builder{Desk: x.Desk, Reports: x.Reports, Watch: x.Watch, Clock: x.Clock}
	must(t, b.Build(context.Background()))
	return x
}

// As returns the n-th person of a unit with a role as a caller.
func (x *District) As(t testing.TB, unit name.Unit, role name.Role, n int) desk.Caller {
	t.Helper()
	all := x.Desk.Directory().Of(unit, role)
	if len(all) <= n {
		t.Fatalf("no %s number %d in unit %s", role, n, unit)
	}
	who, _ := x.Desk.Directory().Caller(all[n].Key, "zh")
	return who
}

// Forward moves the clock on day by day; the scheduler looks each time.
func (x *District) Forward(t testing.TB, days int) {
	t.Helper()
	for range days {
		x.Clock.Forward(24 * time.Hour)
		_, err := x.Watch.Tick(context.Background())
		must(t, err)
	}
}

// Verify replays the chain and holds every row against its events; keep tells of the streams of sub-rooms, such as rights.Keep.
func (x *District) Verify(t testing.TB, keep ...func(*desk.Replay)) {
	t.Helper()
	ctx := context.Background()
	replay := x.Desk.Replay()
	for _, k := range keep {
		k(replay)
	}
	r, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error { return replay.Each(ctx, &e.Event) })
	must(t, err)
	if r.Flaw != nil {
		t.Fatalf("verify: %v", r.Flaw)
	}
	seq, why, err := replay.End(ctx)
	must(t, err)
	if seq != 0 {
		t.Fatalf("verify: record %d: %s", seq, why)
	}
}

// together lays file systems over one another, later ones on top.
func together(all []fs.FS) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	for _, one := range all {
		err := fs.WalkDir(one, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(one, path)
			files[path] = &fstest.MapFile{Data: b}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// chance is the same each time, and another one for each seed: a district's ids must not be those of its packs.
func chance(seed byte) func([]byte) {
	src := rand.NewChaCha8([32]byte{seed})
	var mu sync.Mutex
	return func(b []byte) {
		mu.Lock()
		defer mu.Unlock()
		src.Read(b)
	}
}

// Exec writes into the database behind the platform's back, as whoever owns the file may.
func (x *District) Exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	c, err := sqlite.OpenConn(x.Path, sqlite.OpenReadWrite)
	must(t, err)
	defer c.Close()
	must(t, sqlitex.Execute(c, sql, &sqlitex.ExecOptions{Args: args}))
}

// Sees reports whether replaying the log finds that somebody wrote another value into a column of the rows of a kind, behind the platform's back. The rows are
// as they were afterwards.
func (x *District) Sees(t testing.TB, kind, column, value string, keep ...func(*desk.Replay)) bool {
	t.Helper()
	c, err := sqlite.OpenConn(x.Path, sqlite.OpenReadWrite)
	must(t, err)
	defer c.Close()
	was := map[string]string{}
	must(t, sqlitex.Execute(c, "SELECT stream, "+column+" FROM row WHERE kind = ?", &sqlitex.ExecOptions{Args: []any{kind}, ResultFunc: func(s *sqlite.Stmt) error {
		was[s.ColumnText(0)] = s.ColumnText(1)
		return nil
	}}))
	if len(was) == 0 {
		t.Fatalf("no row is of kind %s", kind)
	}
	put := func(value, stream string) {
		must(t, sqlitex.Execute(c, "UPDATE row SET "+column+" = ? WHERE stream = ?", &sqlitex.ExecOptions{Args: []any{value, stream}}))
	}
	for stream := range was {
		put(value, stream)
	}
	ctx := context.Background()
	replay := x.Desk.Replay()
	for _, k := range keep {
		k(replay)
	}
	for stream := range was {
		events, err := x.Store.Events(ctx, name.ID(stream), 0)
		must(t, err)
		for i := range events {
			must(t, replay.Each(ctx, &events[i]))
		}
	}
	seq, _, err := replay.End(ctx)
	must(t, err)
	for stream, value := range was {
		put(value, stream)
	}
	return seq != 0
}
