package hooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"bihuan/desk"
	"bihuan/desk/hooks"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/notice"
)

// errand is a small pack: a job that is set, signed for and finished.
const errand = `pack: errand
version: 1.0.0
effective: 2022-01-01
source: {zh: 测试用，非真实办法, en: for tests only}
words: {zh: 跑腿, en: Errands}
needs: [cn, erdao]
matters:
  - matter: job
    words: {zh: 任务, en: Job}
    series: J
    fields:
      - {field: title, kind: text, class: N, words: {zh: 名称, en: Title}}
      - {field: unit, kind: unit, class: P, words: {zh: 单位, en: Unit}}
    states:
      - {state: doing, phase: handling, words: {zh: 办理中, en: Doing}}
      - {state: done, phase: closed, words: {zh: 办结, en: Done}}
    acts:
      - {act: set, verb: register, words: {zh: 交办, en: Set}, to: doing, by: [issuer/issuer], form: [title!, unit!], holder: "field:unit"}
      - {act: step, verb: progress, words: {zh: 推进, en: Step}, from: [doing], by: [holder/handler]}
      - {act: finish, verb: close, words: {zh: 办结, en: Finish}, from: [doing], to: done, by: [holder/handler]}
`

// receiver is a program of others.
type receiver struct {
	mu     sync.Mutex
	answer func(e *hooks.Event) (int, time.Duration, error)
	got    []hooks.Event
	ids    map[string]int    // how often each was taken
	bodies map[string]string // by id: a body that changes is a fault
	calls  int
	at     []int64
	now    func() int64
}

func (r *receiver) Call(_ context.Context, c hooks.Call) (int, time.Duration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	r.at = append(r.at, r.now())
	var e hooks.Event
	if err := json.Unmarshal(c.Body, &e); err != nil {
		return 400, 0, nil
	}
	if was, seen := r.bodies[c.ID]; seen && was != string(c.Body) {
		return 409, 0, errors.New("the same event with another body")
	}
	r.bodies[c.ID] = string(c.Body)
	if r.answer != nil {
		if status, wait, err := r.answer(&e); status != 200 || err != nil {
			return status, wait, err
		}
	}
	r.ids[c.ID]++
	r.got = append(r.got, e)
	return 200, 0, nil
}

type world struct {
	t *testing.T
	*district.District
	room   *hooks.Room
	far    *receiver
	admin  desk.Caller
	issuer desk.Caller
	hand   desk.Caller
	rnd    *rand.Rand
}

func newWorld(t *testing.T) *world {
	t.Helper()
	x := district.New(t, calendar.NewDate(2023, 10, 9), fstest.MapFS{"errand/pack.yaml": {Data: []byte(errand)}, "errand/README.md": {Data: []byte("# 跑腿\n")}})
	t.Cleanup(func() { x.Verify(t, hooks.Keep) })
	w := &world{t: t, District: x, far: &receiver{ids: map[string]int{}, bodies: map[string]string{}, now: x.Clock.Now}, rnd: rand.New(rand.NewPCG(3, 4))}
	w.room = w.open(x.Store, "one")
	w.admin, w.issuer, w.hand = x.As(t, "services", "sysadmin", 0), x.As(t, "office", "issuer", 0), x.As(t, "housing", "handler", 0)
	return w
}

func (w *world) open(s hooks.Store, holder string) *hooks.Room {
	return hooks.New(hooks.Config{Desk: w.Desk, Store: s, Caller: w.far, Holder: holder, Secret: []byte("house"), Check: func(url string) error {
		if !strings.HasPrefix(url, "https://") {
			return fault.Refuse(fault.ErrInvalid, "url-malformed", "url")
		}
		return nil
	}, Chance: func(b []byte) {
		for i := range b {
			b[i] = byte(w.rnd.Uint32())
		}
	}})
}

func (w *world) make(o hooks.Order) hooks.Hook {
	w.t.Helper()
	if o.Name == "" {
		o = hooks.Order{Name: "市平台", URL: "https://city.example.cn/in", Events: []string{"*"}}
	}
	h, err := w.room.Make(context.Background(), w.admin, w.Desk.NewCommand(), o)
	must(w.t, err)
	return h
}

func (w *world) set() name.ID {
	w.t.Helper()
	done, err := w.Desk.Start(context.Background(), w.issuer, desk.Do{Kind: "errand/job", With: map[string]string{"title": "李四家的事", "unit": "housing"}})
	must(w.t, err)
	return done.Matter
}

func (w *world) act(id name.ID, act string) {
	w.t.Helper()
	_, err := w.Desk.Act(context.Background(), w.hand, desk.Do{Matter: id, Act: act})
	must(w.t, err)
}

func (w *world) tick() {
	w.t.Helper()
	must(w.t, w.room.Tick(context.Background()))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ordered fails unless the versions of every matter came in their order, without gaps, up to what the log has.
func (w *world) ordered(ids []name.ID) (events int) {
	w.t.Helper()
	last := map[name.ID]int64{}
	for _, e := range w.far.got {
		if e.Data.Version > last[e.Data.Matter]+1 {
			w.t.Errorf("matter %s: version %d came after %d", e.Data.Number, e.Data.Version, last[e.Data.Matter])
		}
		last[e.Data.Matter] = max(last[e.Data.Matter], e.Data.Version)
	}
	for _, id := range ids {
		log, err := w.Store.Events(context.Background(), id, 0)
		must(w.t, err)
		if events += len(log); last[id] != int64(len(log)) {
			w.t.Errorf("matter %s: %d of %d events came", id, last[id], len(log))
		}
	}
	return events
}

// ordered2 reports whether the subscription is behind.
func (w *world) ordered2() bool {
	all, err := w.room.Stand(context.Background())
	must(w.t, err)
	return all[0].Behind > 0
}

func TestWhatTheReceiverRefusesHoldsUpItsMatterOnly(t *testing.T) {
	w := newWorld(t)
	w.make(hooks.Order{})
	a, b := w.set(), w.set()
	w.far.answer = func(e *hooks.Event) (int, time.Duration, error) {
		if e.Data.Matter == a && e.Data.Version == 1 {
			return 422, 0, nil
		}
		return 200, 0, nil
	}
	w.act(a, "step")
	w.act(b, "step")
	w.tick()
	if got := w.versions(); got != "b1 b2" {
		t.Errorf("at first: %s", got)
	}
	for range 24 {
		w.Clock.Forward(30 * time.Minute)
		w.tick()
	}
	if got := w.versions(); got != "b1 b2 a2" {
		t.Errorf("after eight refusals the next one comes: %s", got)
	}
	all, err := w.room.List(context.Background(), w.admin)
	must(t, err)
	if len(all[0].Dead) != 1 || all[0].Dead[0].Tries != notice.MostTries || all[0].Dead[0].State != notice.Failed || all[0].Dead[0].Why != "@not-taken status 422" {
		t.Fatalf("dead letters: %+v", all[0].Dead)
	}
	w.far.answer = nil
	must(t, w.room.Again(context.Background(), w.admin, all[0].ID, all[0].Dead[0].Seq))
	w.tick()
	if got := w.versions(); got != "b1 b2 a2 a1" {
		t.Errorf("sent again: %s", got)
	}
}

// versions tells what came, matter by letter in the order in which they were set.
func (w *world) versions() string {
	letters, next := map[string]string{}, 'a'
	numbers := slices.Sorted(maps.Keys(func() map[string]bool {
		m := map[string]bool{}
		for _, body := range w.far.bodies {
			var e hooks.Event
			json.Unmarshal([]byte(body), &e)
			m[e.Data.Number] = true
		}
		return m
	}()))
	for _, n := range numbers {
		letters[n], next = string(next), next+1
	}
	var out []string
	for _, e := range w.far.got {
		out = append(out, fmt.Sprintf("%s%d", letters[e.Data.Number], e.Data.Version))
	}
	return strings.Join(out, " ")
}

// TestOneEventThatBreaksTheReceiver: an answer of 500 to one event, again and again, does not hold up the others.
func TestOneEventThatBreaksTheReceiver(t *testing.T) {
	w := newWorld(t)
	w.make(hooks.Order{})
	a, b := w.set(), w.set()
	w.far.answer = func(e *hooks.Event) (int, time.Duration, error) {
		if e.Data.Matter == a && e.Data.Version == 1 {
			return 500, 0, nil
		}
		return 200, 0, nil
	}
	for range 5 {
		w.act(b, "step")
	}
	for range 10 {
		w.Clock.Forward(time.Minute)
		w.tick()
	}
	seen := map[string]bool{}
	for _, v := range strings.Fields(w.versions()) {
		seen[v] = true
	}
	if !seen["b6"] || seen["a1"] {
		t.Errorf("came: %s", w.versions())
	}
	w.ordered([]name.ID{b})
}

func TestReplayFromAPlaceOrADay(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	h := w.make(hooks.Order{})
	a := w.set()
	w.Clock.Forward(24 * time.Hour)
	w.act(a, "step")
	second := w.set()
	w.tick()
	if got := w.versions(); got != "a1 a2 b1" {
		t.Fatal(got)
	}
	w.far.got = nil
	must(t, w.room.Replay(ctx, w.admin, h.ID, "2023-10-10"))
	w.tick()
	if got := w.versions(); got != "a2 b1" {
		t.Errorf("from the second day: %s", got)
	}
	w.far.got = nil
	events, err := w.Store.Events(ctx, second, 0)
	must(t, err)
	must(t, w.room.ReplayAs(ctx, h.ID, fmt.Sprint(events[0].Seq)))
	w.tick()
	if got := w.versions(); got != "b1" {
		t.Errorf("from a place: %s", got)
	}
	for _, bad := range []string{"", "0", "-1", "1e3", "yesterday", "01"} {
		if err := w.room.Replay(ctx, w.admin, h.ID, bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestNobodyKeepsEventsBackInTheDatabase: whoever may write into it makes a subscription neither wait for ever nor pass over what is to come.
func TestNobodyKeepsEventsBackInTheDatabase(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	h := w.make(hooks.Order{})
	w.set()
	w.Exec(t, "UPDATE hook SET until = ?", w.Desk.Now()+int64(2*time.Hour/time.Microsecond))
	w.tick()
	if got := w.versions(); got != "a1" {
		t.Errorf("made to wait for two hours: %q came", got)
	}
	w.far.answer = func(*hooks.Event) (int, time.Duration, error) { return 400, 0, nil }
	w.set()
	w.tick()
	w.far.answer = nil
	w.Exec(t, "UPDATE delivery SET due = ? WHERE state = 'waiting'", int64(1)<<60)
	w.tick()
	if got := w.versions(); got != "a1 b1" {
		t.Errorf("one event made to wait for ever: %q came", got)
	}
	w.Exec(t, "UPDATE hook SET seq = 1000000")
	w.set()
	if err := w.room.Tick(ctx); !errors.Is(err, fault.ErrConflict) || !strings.Contains(err.Error(), "record 1000000") {
		t.Errorf("it is said to be ahead of the log: %v", err)
	}
	last, _, err := w.Store.Head(ctx, w.Desk.District())
	must(t, err)
	must(t, w.room.ReplayAs(ctx, h.ID, fmt.Sprint(last)))
	w.tick()
	if got := w.versions(); got != "a1 b1 c1" {
		t.Errorf("begun again: %q came", got)
	}
}

func TestWhatASubscriptionGets(t *testing.T) {
	w := newWorld(t)
	w.make(hooks.Order{Name: "只要办结", URL: "https://city.example.cn/in", Events: []string{"matter.close"}, Kinds: []string{"errand/job"}})
	a := w.set()
	w.act(a, "step")
	w.act(a, "finish")
	w.tick()
	if len(w.far.got) != 1 {
		t.Fatalf("%+v", w.far.got)
	}
	for _, body := range w.far.bodies {
		if strings.Contains(body, "李四") || !strings.Contains(body, `"type":"matter.close"`) || !strings.Contains(body, `"state":"done"`) {
			t.Error(body)
		}
	}
}

func TestWhoMayAndWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	right := hooks.Order{Name: "x", URL: "https://city.example.cn/in", Events: []string{"*"}}
	if _, err := w.room.Make(ctx, w.issuer, "c", right); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("an issuer: %v", err)
	}
	for name, change := range map[string]func(*hooks.Order){
		"no name":          func(o *hooks.Order) { o.Name = " " },
		"no events":        func(o *hooks.Order) { o.Events = nil },
		"an unknown event": func(o *hooks.Order) { o.Events = []string{"matter.gossip"} },
		"an unknown kind":  func(o *hooks.Order) { o.Kinds = []string{"errand/gossip"} },
		"an address":       func(o *hooks.Order) { o.URL = "http://city.example.cn" },
	} {
		o := right
		change(&o)
		if _, err := w.room.Make(ctx, w.admin, w.Desk.NewCommand(), o); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := w.make(right)
	first := w.room.Secrets(&h, w.Clock.Now())
	must(t, w.room.Rotate(ctx, w.admin, h.ID))
	all, err := w.room.All(ctx)
	must(t, err)
	both := w.room.Secrets(&all[0], w.Clock.Now())
	if len(both) != 2 || string(both[1]) != string(first[0]) || string(both[0]) == string(first[0]) {
		t.Error("for a day both secrets sign")
	}
	if later := w.room.Secrets(&all[0], w.Clock.Now()+25*time.Hour.Microseconds()); len(later) != 1 {
		t.Error("after a day the old secret signs still")
	}
	must(t, w.room.Stop(ctx, w.admin, h.ID, "换了系统"))
	w.set()
	w.tick()
	if len(w.far.got) != 0 {
		t.Error("a stopped subscription gets events")
	}
	w.Verify(t)
}

// TestAProcessThatIsKilledDeliversAgainAndLosesNothing: the store fails at one write in five.
func TestAProcessThatIsKilledDeliversAgainAndLosesNothing(t *testing.T) {
	w := newWorld(t)
	w.make(hooks.Order{})
	c := &chaos{Store: w.Store, rnd: rand.New(rand.NewPCG(5, 5))}
	w.room = w.open(c, "one")
	var ids []name.ID
	for i := range 60 {
		ids = append(ids, w.set())
		w.act(ids[w.rnd.IntN(len(ids))], "step")
		c.odds = 5
		if err := w.room.Tick(context.Background()); err != nil {
			w.room = w.open(c, fmt.Sprintf("after %d", i))
			w.Clock.Forward(61 * time.Second)
		}
		c.odds = 0
	}
	w.Clock.Forward(2 * time.Minute)
	w.tick()
	n := w.ordered(ids)
	twice := 0
	for _, times := range w.far.ids {
		if times > 1 {
			twice++
		}
	}
	if c.killed < 5 || twice == 0 {
		t.Errorf("killed %d times, %d events came twice: the test has seen nothing", c.killed, twice)
	}
	t.Logf("%d events, %d came twice by their id, killed %d times", n, twice, c.killed)
}

type chaos struct {
	hooks.Store
	rnd    *rand.Rand
	odds   int
	killed int
}

func (c *chaos) PutHook(ctx context.Context, log name.District, hook name.ID, at notice.HookAt, all []notice.Delivery) error {
	if c.odds > 0 && c.rnd.IntN(c.odds) == 0 {
		c.killed++
		return errors.New("killed")
	}
	return c.Store.PutHook(ctx, log, hook, at, all)
}
