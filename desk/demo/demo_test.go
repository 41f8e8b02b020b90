package demo_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/demo"
	"bihuan/desk/reports"
	"bihuan/desk/watch"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// district is a demo in a temporary database.
type district struct {
	desk    *desk.Desk
	store   *store.Store
	reports *reports.Room
	watch   *watch.Watch
	clock   *demo.Clock
}

// built is made once: the tests that follow move it forward in their order.
func build(t *testing.T) *district {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(filepath.Join(t.TempDir(), "demo.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	policy, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	set, err := pack.Load(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	clock := demo.NewClock(int64((demo.Opening - 30).Start()), func() int64 { return 0 })
	w := desk.World{District: "220105", Now: clock.Now, Chance: chance(), Policy: policy, Packs: set}
	if _, err := desk.InstallPacks(ctx, st, w, set, name.System); err != nil {
		t.Fatal(err)
	}
	if w.Packs, err = desk.InstalledPacks(ctx, st, "220105", clock.Now()); err != nil {
		t.Fatal(err)
	}
	d, err := desk.Open(ctx, st, w)
	if err != nil {
		t.Fatal(err)
	}
	d.Listen(func(a desk.Announcement) {
		if err := d.Follow(ctx, a); err != nil {
			t.Error(err)
		}
	})
	x := &district{desk: d, store: st, reports: reports.New(d, st), watch: watch.New(d, st, st, "test"), clock: clock}
	b := demo.Builder{Desk: d, Reports: x.reports, Watch: x.watch, Clock: clock}
	if err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	return x
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

func (x *district) as(t *testing.T, unit name.Unit, role name.Role, n int) desk.Caller {
	t.Helper()
	all := x.desk.Directory().Of(unit, role)
	if len(all) <= n {
		t.Fatalf("no %s number %d in %s", role, n, unit)
	}
	who, _ := x.desk.Directory().Caller(all[n].Key, "zh")
	return who
}

func (x *district) goal(t *testing.T, title string) desk.GoalView {
	t.Helper()
	goals, err := x.desk.AllGoals(context.Background(), x.as(t, "office", "issuer", 0), 2023)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goals {
		if strings.Contains(g.Title, title) {
			return g
		}
	}
	t.Fatalf("no goal with %q in its title", title)
	return desk.GoalView{}
}

// TestDistrict walks the demo's first minute at the desk: the report is there, a site that is accepted moves figure and
// light, time turns a goal red and urges its unit, and the chain holds.
func TestDistrict(t *testing.T) {
	x := build(t)
	ctx := context.Background()
	office := x.as(t, "office", "issuer", 1)

	cockpit, err := x.desk.Cockpit(ctx, office, 2023)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d goals, lights %v, %d stuck, %d in the race", len(cockpit.Goals), cockpit.Lights, len(cockpit.Stuck), len(cockpit.Race))
	if len(cockpit.Goals) < 45 || cockpit.Lights[indicator.Red] == 0 || cockpit.Lights[indicator.Yellow] == 0 || cockpit.Lights[indicator.Green] < 20 {
		t.Errorf("the district looks unreal: %d goals, lights %v", len(cockpit.Goals), cockpit.Lights)
	}

	estates := x.goal(t, "老旧小区改造")
	if got := estates.Reading.Actual.String(); got != "14" || estates.Reading.Light != indicator.Yellow {
		t.Fatalf("old estates stand at %s, %s; want 14, yellow", got, estates.Reading.Light)
	}
	site := x.checked(t, "old-estate")
	if _, err := x.desk.Act(ctx, office, desk.Do{Matter: site, Act: "accept"}); err != nil {
		t.Fatal(err)
	}
	after := x.goal(t, "老旧小区改造")
	if got := after.Reading.Actual.String(); got != "15" || after.Reading.Light != indicator.Green {
		t.Errorf("after the acceptance they stand at %s, %s; want 15, green", got, after.Reading.Light)
	}

	water := x.goal(t, "二次供水")
	if water.Reading.Light != indicator.Yellow {
		t.Fatalf("secondary water is %s before the time bar moves, want yellow", water.Reading.Light)
	}
	for range 21 {
		x.clock.Forward(24 * time.Hour)
		if _, err := x.watch.Tick(ctx); err != nil {
			t.Fatal(err)
		}
	}
	water = x.goal(t, "二次供水")
	m, err := x.desk.Matter(ctx, office, water.Matter)
	if err != nil {
		t.Fatal(err)
	}
	if water.Reading.Light != indicator.Red || m.Counts["urge"] == 0 {
		t.Errorf("after three weeks secondary water is %s and its promise was urged %d times, want red and at least once", water.Reading.Light, m.Counts["urge"])
	}
	x.verified(t)
}

// checked returns a site of a category that waits for acceptance.
func (x *district) checked(t *testing.T, category string) name.ID {
	t.Helper()
	page, err := x.desk.Worklist(context.Background(), x.as(t, "office", "issuer", 1), journal.Query{Kinds: []string{"works/site"}, States: []string{"checked"},
		Facets: []journal.Facet{{Name: "category", Text: category}}})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("no site of %s waits for acceptance: %v", category, err)
	}
	return page.Rows[0].Stream
}

// verified replays the chain and holds every row against its events.
func (x *district) verified(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	replay := x.desk.Replay()
	r, err := x.store.Verify(ctx, "220105", func(e *ledger.Entry) error { return replay.Each(&e.Event) })
	if err != nil || r.Flaw != nil {
		t.Fatalf("verify: %v, flaw %v", err, r.Flaw)
	}
	if seq, why, err := replay.Compare(ctx); err != nil || seq != 0 {
		t.Fatalf("rows: %d %s %v", seq, why, err)
	}
	t.Logf("%d events, head %s", r.Events, r.Head)
}
