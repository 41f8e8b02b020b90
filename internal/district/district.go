// Package district stands up a desk over a temporary database for tests: the embedded packs, a clock that only the test
// moves, chance that is the same each time, and the figures following the log as they do in service.
package district

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"bihuan/desk"
	"bihuan/desk/demo"
	"bihuan/desk/reports"
	"bihuan/desk/watch"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
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
}

// New returns a district without reports or matters on a day at nine in the morning, with the packs of more beside the
// embedded ones.
func New(t testing.TB, on calendar.Date, more ...fs.FS) *District {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(filepath.Join(t.TempDir(), "district.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { st.Close() })
	policy, err := pack.ReadPolicy(packs.FS)
	must(t, err)
	set, err := pack.Load(together(t, append([]fs.FS{packs.FS}, more...)))
	must(t, err)
	clock := demo.NewClock(int64(on.At(9*60)), func() int64 { return 0 })
	w := desk.World{District: "220105", Now: clock.Now, Chance: chance(), Policy: policy, Packs: set, Blind: []byte("a key that is for tests alone, ok")}
	_, err = desk.InstallPacks(ctx, st, w, set, name.System)
	must(t, err)
	w.Packs, err = desk.InstalledPacks(ctx, st, w.District, clock.Now())
	must(t, err)
	d, err := desk.Open(ctx, st, w)
	must(t, err)
	d.Listen(func(a desk.Announcement) {
		if err := d.Follow(ctx, a); err != nil {
			t.Error(err)
		}
	})
	return &District{Desk: d, Store: st, Reports: reports.New(d, st), Watch: watch.New(d, st, st, "test"), Clock: clock}
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
func together(t testing.TB, all []fs.FS) fs.FS {
	t.Helper()
	if len(all) == 1 {
		return all[0]
	}
	files := fstest.MapFS{}
	for _, one := range all {
		must(t, fs.WalkDir(one, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(one, path)
			files[path] = &fstest.MapFile{Data: b}
			return err
		}))
	}
	return files
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func chance() func([]byte) {
	src := rand.NewChaCha8([32]byte{1})
	var mu sync.Mutex
	return func(b []byte) {
		mu.Lock()
		defer mu.Unlock()
		src.Read(b)
	}
}
