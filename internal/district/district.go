// Package district stands up a desk over a temporary database for tests: the embedded packs, a clock that only the test
// moves, chance that is the same each time, and the figures following the log as they do in service.
package district

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

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
// embedded ones. The embedded packs alone are installed once for each day; every district opens a copy of its own.
func New(t testing.TB, on calendar.Date, more ...fs.FS) *District {
	t.Helper()
	ctx := context.Background()
	clock := demo.NewClock(int64(on.At(9*60)), func() int64 { return 0 })
	w, err := world(clock.Now, chance(2), more...)
	must(t, err)
	path := filepath.Join(t.TempDir(), "district.db")
	if len(more) == 0 {
		b, err := installedOn(on)
		must(t, err)
		must(t, os.WriteFile(path, b, 0o600))
	}
	st, err := store.Open(path, store.Options{})
	must(t, err)
	t.Cleanup(func() { st.Close() })
	if len(more) > 0 {
		_, err = desk.InstallPacks(ctx, st, w, w.Packs, name.System)
		must(t, err)
		w.Packs, err = desk.InstalledPacks(ctx, st, w.District, clock.Now())
		must(t, err)
	}
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
	w.Packs, err = pack.Load(packs.FS)
	return w, err
})

// world returns the world of a district with the embedded packs and more beside them.
func world(now func() int64, drawn func([]byte), more ...fs.FS) (desk.World, error) {
	w, err := embedded()
	if err == nil && len(more) > 0 {
		var all fs.FS
		if all, err = together(append([]fs.FS{packs.FS}, more...)); err == nil {
			w.Packs, err = pack.Load(all)
		}
	}
	w.District, w.Now, w.Chance, w.Blind = "220105", now, drawn, []byte("a key that is for tests alone, ok")
	w.Keys = seal.NewRing(chance(3))
	return w, err
}

var (
	made     = map[calendar.Date][]byte{} // databases that hold the packs and nothing else, by day
	makingMu sync.Mutex
)

// installedOn returns a database that holds the embedded packs since a day, and nothing else.
func installedOn(on calendar.Date) ([]byte, error) {
	makingMu.Lock()
	defer makingMu.Unlock()
	if b, ok := made[on]; ok {
		return b, nil
	}
	dir, err := os.MkdirTemp("", "bihuan-district-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "first.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return nil, err
	}
	w, err := world(func() int64 { return int64(on.At(9 * 60)) }, chance(1))
	if err == nil {
		_, err = desk.InstallPacks(context.Background(), st, w, w.Packs, name.System)
	}
	if err := errors.Join(err, st.Close()); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	made[on] = b
	return b, err
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

// Verify replays the chain and holds every row against its events.
func (x *District) Verify(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	replay := x.Desk.Replay()
	r, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error { return replay.Each(&e.Event) })
	must(t, err)
	if r.Flaw != nil {
		t.Fatalf("verify: %v", r.Flaw)
	}
	seq, why, err := replay.Compare(ctx)
	must(t, err)
	if seq != 0 {
		t.Fatalf("verify: record %d: %s", seq, why)
	}
}

// together lays file systems over one another, later ones on top.
func together(all []fs.FS) (fs.FS, error) {
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
