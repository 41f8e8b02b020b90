package web

import (
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/atlas"
	"bihuan/desk/boards"
	"bihuan/desk/demo"
	"bihuan/desk/doors"
	"bihuan/desk/goals"
	"bihuan/desk/personal"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/search"
	"bihuan/desk/watch"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/internal/people"
	"bihuan/kernel/indicator"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// built is the demo's database, made once for all tests: each opens a copy of its own.
var built = sync.OnceValues(func() ([]byte, error) { return database(buildDemo) })

// demoWorld is what a desk over the demo's district needs.
func demoWorld(w desk.World, clock *demo.Clock) desk.World {
	src, mu := rand.NewChaCha8([32]byte{byte(clock.Now())}), sync.Mutex{}
	w.Chance, w.Now = func(b []byte) { mu.Lock(); defer mu.Unlock(); src.Read(b) }, clock.Now
	return w
}

// buildDemo makes the demo's past.
func buildDemo(st *store.Store, w desk.World) error {
	ctx := context.Background()
	clock := demo.NewClock(int64((demo.Opening - 30).Start()), func() int64 { return 0 })
	w = demoWorld(w, clock)
	if _, err := desk.InstallPacks(ctx, st, w, w.Packs, name.System); err != nil {
		return err
	}
	var err error
	if w.Packs, err = desk.InstalledPacks(ctx, st, "220105", clock.Now(), w.Packs); err != nil {
		return err
	}
	d, err := desk.Open(ctx, st, w)
	if err != nil {
		return err
	}
	d.Listen(func(a desk.Announcement) {
		if err := d.Follow(ctx, a); err != nil {
			panic(err)
		}
	})
	b := demo.Builder{Desk: d, Reports: reports.New(d, st), Watch: watch.New(d, st, st, "test"), Clock: clock}
	if err := b.Build(ctx); err != nil {
		return err
	}
	return indexed(st, w)
}

// kept is the packs as the demo's database keeps them.
var kept struct {
	once  sync.Once
	packs *pack.Set
	err   error
}

// standDemo stands up the pages over the demo's district, with goals, sites and ten months of progress.
func standDemo(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, secrets: map[name.Person]string{}}
	h.now.Store(int64(demo.Start))
	st := copyOf(t, built)
	clock := demo.NewClock(int64(demo.Start), func() int64 { return 0 })
	w, err := shared()
	h.must(err)
	w = demoWorld(w, clock)
	kept.once.Do(func() { kept.packs, kept.err = desk.InstalledPacks(ctx, st, "220105", clock.Now(), w.Packs) })
	h.must(kept.err)
	w.Packs = kept.packs
	h.desk, err = desk.Open(ctx, st, w)
	h.must(err)
	h.desk.Listen(func(a desk.Announcement) { h.must(h.desk.Follow(ctx, a)) })
	h.store, h.reports = st, reports.New(h.desk, st)
	look := watch.New(h.desk, st, st, "test")
	h.search, err = search.Open(ctx, h.desk, st)
	h.must(err)
	h.desk.FindBy(h.search)
	h.rights, err = rights.Open(context.Background(), h.desk, st, nil)
	h.must(err)
	h.rights.Carried("unmask", "key", "restore")
	h.accounts, err = people.Full(ctx, h.desk, st, w.Policy)
	h.must(err)
	rules, err := pack.ReadRetention(packs.FS)
	h.must(err)
	out := h.outgoing()
	h.pages, err = New(Config{Desk: h.desk, Goals: goals.New(h.desk, st), Notices: h.notices, Outgoing: out, Rights: h.rights, Persons: personal.New(h.desk, st, rules, h.search, nil), Reports: h.reports, Doors: doors.New(h.desk), Agenda: agenda.New(h.desk, st, func(b []byte) {
		for i := range b {
			b[i] = byte(rand.Uint32())
		}
	}), Assess: assess.New(h.desk, st), Atlas: atlas.New(h.desk, st), Search: h.search, Boards: boards.New(h.desk, st), Accounts: h.accounts, Version: "test", Sheet: csvSheet,
		Decode: func(_ context.Context, _ string, r io.Reader) (string, error) {
			b, err := io.ReadAll(r)
			return string(b), err
		},
		Verify: func(context.Context) (Verdict, error) {
			return Verdict{Events: 12, Head: "ab12", Took: time.Second}, nil
		},
		Demo: &Demo{
			ActAs: func(ctx context.Context, p name.Person) (string, error) {
				return people.SignIn(ctx, h.accounts, p)
			},
			Step: func(ctx context.Context, step string) (int, error) {
				clock.Forward(map[string]time.Duration{"day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": clock.MonthEnd()}[step])
				l, err := look.Tick(ctx)
				return l.Rungs, err
			},
			Cheat: func(_ context.Context, id name.ID) (Cheated, error) {
				if id == "" {
					return Cheated{}, fault.ErrNotFound
				}
				return Cheated{Seq: 41, Was: `{"value":"14"}`, Now: `{"value":"914"}`, Verdict: Verdict{Events: 12, Bad: 41, Reason: "leaf"}}, nil
			},
		}})
	h.must(err)
	return h
}

// goal returns the first goal of which is wanted.
func (h *house) goal(what string, is func(*desk.GoalView) bool) desk.GoalView {
	h.t.Helper()
	all, err := h.desk.Promises(context.Background(), 0, "")
	h.must(err)
	for _, g := range all {
		if is(&g) {
			return g
		}
	}
	h.t.Fatalf("the demo has no goal that is %s", what)
	return desk.GoalView{}
}

func titled(part string) func(*desk.GoalView) bool {
	return func(g *desk.GoalView) bool { return strings.Contains(g.Title, part) }
}

// TestTargetsInWords writes each shape of target in both languages.
func TestTargetsInWords(t *testing.T) {
	seven := indicator.Target{Op: "growth_ge", Unit: "%"}
	seven.Value = money.MustParse("7")
	for _, c := range []struct {
		shape  indicator.Shape
		target indicator.Target
		zh, en string
	}{
		{indicator.Growth, seven, "增长7%以上", "grow by at least 7%"},
		{indicator.Accumulate, indicator.Target{Op: "eq", Value: money.MustParse("21"), Unit: "个"}, "21个", "21"},
		{indicator.Level, indicator.Target{Op: "reach", Value: money.MustParse("60"), Unit: "%"}, "达到60%", "reach 60%"},
		{indicator.Ceiling, indicator.Target{Op: "decline", Value: money.MustParse("15"), Unit: "%"}, "下降15%", "fall by 15%"},
		{indicator.Milestone, indicator.Target{}, "按期完成", "done by the date"},
		{indicator.Zero, indicator.Target{}, "零发生", "none at all"},
		{indicator.Level, indicator.Target{Op: "unheard", Value: money.MustParse("3"), Unit: "户"}, "3户", "3 households"},
	} {
		if zh, en := targetText("zh", c.shape, c.target), targetText("en", c.shape, c.target); zh != c.zh || en != c.en {
			t.Errorf("%s %s: %q, %q, want %q, %q", c.shape, c.target.Op, zh, en, c.zh, c.en)
		}
	}
}
