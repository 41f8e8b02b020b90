package assess_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// reads counts how often the events of a stream were read, and can end a reader's patience after so many.
type reads struct {
	assess.Store
	n         int
	most      int // 0: any
	impatient context.CancelFunc
}

func (r *reads) Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error) {
	if r.n++; r.most > 0 && r.n%r.most == 0 {
		r.impatient()
	}
	return r.Store.Events(ctx, stream, after)
}

// sheet is what a room shows of a month.
func sheet(t *testing.T, room *assess.Room, who desk.Caller, month string) string {
	t.Helper()
	e, err := room.Month(t.Context(), who, month)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAMonthIsPlayedOnce: who looks at it again reads no matter anew; after something has happened to one matter, that one is read.
func TestAMonthIsPlayedOnce(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 8, 28))
	h := &history{T: t, x: x, chance: rand.New(rand.NewPCG(1, 2))}
	for range 30 {
		h.step()
	}
	store := &reads{Store: x.Store}
	room, reader, month := assess.New(x.Desk, store), x.As(t, "supervision", "supervisor", 0), x.Desk.Today().String()[:7]
	look := func() (read int) {
		t.Helper()
		before := store.n
		sheet(t, room, reader, month)
		return store.n - before
	}
	if look() < 5 {
		t.Fatal("hardly any matter was played")
	}
	for range 2 {
		if again := look(); again != 0 {
			t.Errorf("%d matters were read again", again)
		}
	}
	h.open()
	if read := look(); read != 1 {
		t.Errorf("one matter was opened, and %d were read", read)
	}
}

// TestAKeptMonthIsWhatOneReadAnewIs: whatever happens, and whatever becomes late while nothing happens, a room that has looked all along shows of every month
// what one shows that looks for the first time.
func TestAKeptMonthIsWhatOneReadAnewIs(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 8, 28))
	seed := rand.Uint64()
	h := &history{T: t, x: x, chance: rand.New(rand.NewPCG(seed, 2))}
	kept, reader := assess.New(x.Desk, x.Store), x.As(t, "supervision", "supervisor", 0)
	lost := 0
	for step := range 30 {
		switch h.chance.IntN(3) {
		case 0:
			x.Clock.Forward(time.Duration(h.chance.IntN(5*24)) * time.Hour)
		default:
			h.step()
		}
		for back := range 2 {
			day := x.Desk.Today() - calendar.Date(30*back)
			if day < calendar.NewDate(2023, 8, 1) {
				continue
			}
			month := day.String()[:7]
			got, want := sheet(t, kept, reader, month), sheet(t, assess.New(x.Desk, x.Store), reader, month)
			if got != want {
				t.Fatalf("seed %d, step %d, %s\nkept  %s\nanew  %s", seed, step, month, got, want)
			}
		}
		e, err := kept.Month(t.Context(), reader, x.Desk.Today().String()[:7])
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range e.Units {
			lost += len(u.Causes)
		}
	}
	if lost == 0 {
		t.Errorf("seed %d: nobody lost a point", seed)
	}
}

// TestWhoAsksNextGoesOn: a month that takes longer than anybody waits is there in the end: each goes on where the one before gave up.
func TestWhoAsksNextGoesOn(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 8, 28))
	h := &history{T: t, x: x, chance: rand.New(rand.NewPCG(3, 2))}
	for range 40 {
		h.step()
	}
	reader, month := x.As(t, "supervision", "supervisor", 0), x.Desk.Today().String()[:7]
	plain := &reads{Store: x.Store}
	want := sheet(t, assess.New(x.Desk, plain), reader, month)
	store := &reads{Store: x.Store, most: 4}
	room := assess.New(x.Desk, store)
	for gaveUp := 0; ; gaveUp++ {
		ctx, cancel := context.WithCancel(t.Context())
		store.impatient = cancel
		_, err := room.Month(ctx, reader, month)
		over := ctx.Err() == nil
		cancel()
		if err == nil && over {
			if gaveUp < 3 {
				t.Errorf("the month was there after %d had given up", gaveUp)
			}
			break
		}
		if err != nil && !errors.Is(err, context.Canceled) || gaveUp > 100 {
			t.Fatalf("after %d: %v", gaveUp, err)
		}
		h.open() // meanwhile the work goes on
		want = sheet(t, assess.New(x.Desk, plain), reader, month)
	}
	store.most = 0
	if got := sheet(t, room, reader, month); got != want {
		t.Errorf("worked out by several: %s\nby one: %s", got, want)
	}
}

// lists lets something happen before a list is read.
type lists struct {
	assess.Store
	before []func() // the first list, the second …
}

func (l *lists) Rows(ctx context.Context, q journal.Query) (journal.Page, error) {
	if len(l.before) > 0 && len(q.Kinds) > 1 {
		do := l.before[0]
		if l.before = l.before[1:]; do != nil {
			do()
		}
	}
	return l.Store.Rows(ctx, q)
}

// TestWhatNothingHappenedToCountsToo: a matter that lies about for a whole month counts in it as late, whether it becomes late while somebody looks, was ended
// when one looks for the first time, or is ended and opened again just while the lists are read.
func TestWhatNothingHappenedToCountsToo(t *testing.T) {
	const month = "2023-09"
	take := func(h *history, id name.ID, acts ...move) {
		t.Helper()
		for _, mv := range acts {
			if err := h.do(id, &mv); err != nil {
				t.Fatalf("%s: %v", mv.act, err)
			}
		}
	}
	file := move{unit: "watch-centre", role: "operator", act: "file"}
	dispatch := move{unit: "command-centre", role: "dispatcher", act: "dispatch", with: map[string]string{"unit": "road-maintenance", "why-unit": "属主"}}
	sign := move{unit: "road-maintenance", role: "handler", act: "sign"}
	void := move{unit: "watch-centre", role: "operator", act: "void", reason: "重复录入"}
	closes := []move{{unit: "road-maintenance", role: "handler", act: "feedback", with: map[string]string{"note": "已处置"}, photos: 1},
		{unit: "watch-centre", role: "collector", act: "pass", with: map[string]string{"check-note": "好"}, photos: 1}, {unit: "watch-centre", role: "operator", act: "close", with: map[string]string{"answer": "已办"}}}
	reopen := move{unit: "watch-centre", role: "operator", act: "reopen", reason: "又坏了"}

	for _, c := range []struct {
		name  string
		acts  []move // in August
		unit  name.Unit
		until func(h *history, id name.ID, kept *assess.Room, reader desk.Caller) assess.Store // the store of a room that looks for the first time
	}{
		{"it becomes late while one looks", []move{file, dispatch, sign}, "road-maintenance", func(h *history, id name.ID, kept *assess.Room, reader desk.Caller) assess.Store {
			sheet(t, kept, reader, month)
			h.x.Clock.Forward(20 * 24 * time.Hour)
			return h.x.Store
		}},
		{"it has ended when one looks", []move{file}, "command-centre", func(h *history, id name.ID, kept *assess.Room, reader desk.Caller) assess.Store {
			sheet(t, kept, reader, month)
			h.x.Clock.Forward(40 * 24 * time.Hour)
			take(h, id, void)
			return h.x.Store
		}},
		{"it changes while one looks", []move{file, dispatch, sign}, "road-maintenance", func(h *history, id name.ID, kept *assess.Room, reader desk.Caller) assess.Store {
			h.x.Clock.Forward(20 * 24 * time.Hour)
			sheet(t, kept, reader, month)
			return &lists{Store: h.x.Store, before: []func(){func() { take(h, id, closes...) }, func() { take(h, id, reopen) }}}
		}},
	} {
		x := district.New(t, calendar.NewDate(2023, 8, 31))
		h := &history{T: t, x: x, chance: rand.New(rand.NewPCG(1, 2))}
		h.open()
		id := h.cases[0]
		take(h, id, c.acts...)
		x.Clock.Forward(24 * time.Hour)
		kept, reader := assess.New(x.Desk, x.Store), x.As(t, "supervision", "supervisor", 0)
		room := assess.New(x.Desk, c.until(h, id, kept, reader))
		got, want := sheet(t, room, reader, month), sheet(t, kept, reader, month)
		if got != want {
			t.Errorf("%s: anew %s\nkept %s", c.name, got, want)
		}
		e, err := room.Month(t.Context(), reader, month)
		if err != nil {
			t.Fatal(err)
		}
		late := [2]int{}
		for i := range e.Units {
			if e.Units[i].Unit == c.unit {
				late = timeliness(&e.Units[i])
			}
		}
		if late[0] == late[1] {
			t.Errorf("%s: %s kept %v of its times", c.name, c.unit, late)
		}
	}
}
