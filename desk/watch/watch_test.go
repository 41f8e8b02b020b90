package watch_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/desk"
	"bihuan/desk/watch"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// town is a small pack: a job with a clock in days and one in hours, a ladder that raises an order, and holidays.
const town = `pack: town
version: 1.0.0
effective: 2022-01-01
source: {zh: 测试用，非真实办法, en: for tests only}
words: {zh: 小城, en: Town}
matters:
  - matter: job
    words: {zh: 任务, en: Job}
    series: J
    fields:
      - {field: title, kind: text, class: P, words: {zh: 名称, en: Title}}
      - {field: unit, kind: unit, class: P, words: {zh: 单位, en: Unit}}
    states:
      - {state: doing, phase: handling, words: {zh: 办理中, en: Doing}}
      - {state: waiting, phase: paused, words: {zh: 暂停, en: Waiting}}
      - {state: done, phase: closed, words: {zh: 办结, en: Done}}
    acts:
      - act: set
        verb: register
        words: {zh: 交办, en: Set}
        to: doing
        by: [platform, issuer/issuer]
        form: [title!, unit!]
        clocks: {start: [work, look]}
        holder: field:unit
      - act: look
        verb: note
        words: {zh: 查看, en: Look}
        from: [doing]
        by: [holder/head]
        clocks: {stop: [look]}
      - act: wait
        verb: pause
        words: {zh: 暂停, en: Wait}
        from: [doing]
        to: waiting
        by: [holder/head]
        clocks: {pause: [work]}
      - act: go-on
        verb: resume
        words: {zh: 恢复, en: Go on}
        from: [waiting]
        to: doing
        by: [holder/head]
        clocks: {resume: [work]}
      - act: longer
        verb: extend
        words: {zh: 延期, en: Longer}
        from: [doing]
        by: [issuer/issuer]
        clocks: {extend: [work]}
      - act: finish
        verb: close
        words: {zh: 办结, en: Finish}
        from: [doing]
        to: done
        by: [holder/head]
        clocks: {stop: [work, look]}
    clocks:
      - clock: work
        words: {zh: 办理, en: Work}
        term: internal
        basis: working-day
        length: 10
        source: {zh: 测试, en: test}
        confirmed: no
        pauses:
          - {code: frost, words: {zh: 冰冻, en: Frost}, article: {zh: 测试, en: test}}
        extend: {most: 5, by: issuer/issuer}
        ladder: long
      - clock: look
        words: {zh: 查看, en: Look}
        term: internal
        basis: emergency-hour
        length: 30
        source: {zh: 测试, en: test}
        confirmed: no
        ladder: short
    ladders:
      - ladder: long
        rungs:
          - {rung: remind, used: 80, to: holder}
          - {rung: urge, after: 1, to: holder/head}
          - {rung: supervise, after: 3, to: issuer/issuer, raises: order}
          - {rung: circulate, after: 6, to: holder/leader}
      - ladder: short
        rungs:
          - {rung: urge, after: 2, to: holder/head}
  - matter: order
    words: {zh: 督办单, en: Order}
    series: O
    fields:
      - {field: title, kind: text, class: P, words: {zh: 名称, en: Title}}
      - {field: unit, kind: unit, class: P, words: {zh: 单位, en: Unit}}
    states:
      - {state: open, phase: handling, words: {zh: 督办中, en: Open}}
      - {state: shut, phase: closed, words: {zh: 已办结, en: Closed}}
    acts:
      - {act: raise, verb: register, words: {zh: 督办, en: Raise}, to: open, by: [platform], form: [title!, unit!], holder: field:unit}
      - {act: shut, verb: close, words: {zh: 办结, en: Close}, from: [open], to: shut, by: [anybody/issuer]}
registers:
  - register: unit
    words: {zh: 单位, en: Units}
    key: key
    title: name
    records: records/unit.csv
    fields:
      - {field: key, kind: text, class: P, words: {zh: 代号, en: Key}}
      - {field: name, kind: text, class: P, words: {zh: 名称, en: Name}}
      - {field: leader, kind: person, class: P, words: {zh: 分管领导, en: Leader}}
      - {field: supervises, kind: yes-no, class: P, words: {zh: 督查, en: Supervises}}
  - register: person
    words: {zh: 人员, en: Persons}
    key: key
    title: name
    records: records/person.csv
    fields:
      - {field: key, kind: text, class: P, words: {zh: 代号, en: Key}}
      - {field: name, kind: text, class: P, words: {zh: 姓名, en: Name}}
      - {field: unit, kind: unit, class: P, words: {zh: 单位, en: Unit}}
      - {field: roles, kind: text, class: P, words: {zh: 角色, en: Roles}}
  - register: holiday
    words: {zh: 节假日, en: Holidays}
    key: date
    title: name
    records: records/holiday.csv
    fields:
      - {field: date, kind: date, class: P, words: {zh: 日期, en: Date}}
      - {field: name, kind: text, class: P, words: {zh: 节日, en: Name}}
      - {field: off, kind: yes-no, class: P, words: {zh: 放假, en: Off}}
      - {field: notice, kind: text, class: P, words: {zh: 通知, en: Notice}}
`

// holidays are two years whose notices are out, the third year's is not.
const holidays = `date,name,off,notice
2022-01-01,元旦,yes,甲
2022-01-03,元旦,yes,甲
2023-01-01,元旦,yes,乙
2023-01-02,元旦,yes,乙
2023-05-01,劳动节,yes,乙
`

// files are the packs of the town with more rows of holidays.
func files(more string) fstest.MapFS {
	return fstest.MapFS{
		"town/pack.yaml":           {Data: []byte(town)},
		"town/README.md":           {Data: []byte("# 小城\n")},
		"town/records/unit.csv":    {Data: []byte("key,name,leader,supervises\noffice,办公室,,yes\nroads,道路处,yu,no\nparks,园林处,yu,no\n")},
		"town/records/person.csv":  {Data: []byte("key,name,unit,roles\nchen,陈,office,issuer\nbo,薄,roads,head\nwu,吴,parks,head\nyu,于,office,leader\n")},
		"town/records/holiday.csv": {Data: []byte(holidays + more)},
	}
}

// world is what survives a crash: the database and the time.
type world struct {
	t     *testing.T
	store *store.Store
	now   int64
	chaos *chaos
	desk.World
	born int // processes so far
}

func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	st, err := store.Open(filepath.Join(t.TempDir(), "town.db"), store.Options{})
	must(t, err)
	t.Cleanup(func() { st.Close() })
	w := &world{t: t, store: st, now: int64(calendar.NewDate(2023, 1, 3).At(9*60 + 17)), chaos: &chaos{}}
	rnd := rand.New(rand.NewPCG(seed, 9))
	policy, err := pack.ReadPolicy(packs.FS)
	must(t, err)
	w.World = desk.World{District: "220105", Now: func() int64 { return w.now }, Policy: policy, Chance: func(b []byte) {
		for i := range b {
			b[i] = byte(rnd.Uint32())
		}
	}}
	w.install("")
	return w
}

// install puts the town's pack down with more holidays, as pack install does.
func (w *world) install(more string) {
	w.t.Helper()
	set, err := pack.Load(files(more))
	must(w.t, err)
	w.Packs = set
	_, err = desk.InstallPacks(context.Background(), w.store, w.World, set, name.System)
	must(w.t, err)
	w.Packs, err = desk.InstalledPacks(context.Background(), w.store, "220105", w.now, nil)
	must(w.t, err)
}

// process is one running program: a desk with its own memory, and a scheduler.
type process struct {
	desk  *desk.Desk
	watch *watch.Watch
}

// start starts a process over the database, every call of which may be its last.
func (w *world) start() *process {
	w.t.Helper()
	w.born++
	s := &failing{Store: w.store, chaos: w.chaos}
	calm := w.chaos.odds
	w.chaos.odds = 0
	d, err := desk.Open(context.Background(), s, w.World)
	w.chaos.odds = calm
	must(w.t, err)
	return &process{d, watch.New(d, s, s, fmt.Sprint("process-", w.born))}
}

// chaos kills a process at a call to the database, before or behind it.
type chaos struct {
	rnd    *rand.Rand
	odds   int // one call in so many, 0 never
	killed int
	at     map[string]int
}

var errKilled = errors.New("killed")

func (c *chaos) strikes(call string) bool {
	if c.odds == 0 || c.rnd.IntN(c.odds) != 0 {
		return false
	}
	c.killed++
	c.at[call]++
	return true
}

// failing is the database as a process sees it that may be killed at any call.
type failing struct {
	*store.Store
	chaos *chaos
	dead  bool
}

// call makes one call; once killed, a process makes none.
func call[T any](f *failing, what string, do func() (T, error)) (T, error) {
	var none T
	if f.dead = f.dead || f.chaos.strikes("before "+what); f.dead {
		return none, errKilled
	}
	v, err := do()
	if f.dead = f.chaos.strikes("behind " + what); f.dead {
		return none, errKilled
	}
	return v, err
}

func (f *failing) Append(ctx context.Context, b journal.Batch) (journal.Receipt, error) {
	return call(f, "append", func() (journal.Receipt, error) { return f.Store.Append(ctx, b) })
}

func (f *failing) Rows(ctx context.Context, q journal.Query) (journal.Page, error) {
	return call(f, "rows", func() (journal.Page, error) { return f.Store.Rows(ctx, q) })
}

func (f *failing) Events(ctx context.Context, id name.ID, after int64) ([]ledger.Event, error) {
	return call(f, "events", func() ([]ledger.Event, error) { return f.Store.Events(ctx, id, after) })
}

func (f *failing) Lease(ctx context.Context, work, holder string, now, until int64) (int64, error) {
	return call(f, "lease", func() (int64, error) { return f.Store.Lease(ctx, work, holder, now, until) })
}

func (f *failing) SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error {
	_, err := call(f, "cursor", func() (int, error) { return 0, f.Store.SetCursor(ctx, log, consumer, seq) })
	return err
}

const (
	minute = int64(60_000_000)
	hour   = 60 * minute
)

// year plays a year: people act by a script that the seed draws, two processes watch, and after each step the scheduler has
// looked, however often it was killed meanwhile. It returns what fired, by matter, in order of the events.
func year(t *testing.T, seed uint64, odds int) (w *world, fired map[string][]string) {
	w = newWorld(t, seed)
	w.chaos.rnd, w.chaos.at, w.chaos.odds = rand.New(rand.NewPCG(seed, 77)), map[string]int{}, odds
	script := rand.New(rand.NewPCG(seed, 5))
	people := w.start() // who is never killed, and shares nothing with the watchers
	pair := []*process{w.start(), w.start()}
	var jobs []name.ID
	for step := 0; w.now < int64(calendar.NewDate(2024, 2, 1).Start()); step++ {
		w.now += int64(20+script.IntN(60)) * hour
		if step == 60 {
			w.notice(people)
		}
		w.lookUntilDone(pair)
		w.calm(func() { jobs = w.act(script, people, jobs) })
	}
	return w, w.fired()
}

// notice brings out the holidays of the next year. The watchers are not told.
func (w *world) notice(people *process) {
	w.calm(func() {
		w.install("2024-01-01,元旦,yes,丙\n2024-01-02,元旦,yes,丙\n")
		must(w.t, people.desk.Adopt(context.Background(), w.Packs))
	})
}

// calm does something that is not killed.
func (w *world) calm(do func()) {
	odds := w.chaos.odds
	w.chaos.odds = 0
	do()
	w.chaos.odds = odds
}

// lookUntilDone has one of the two processes tick until it has come to its end with the lease. One that was killed is started
// again under another name, and waits until the lease of the dead one has ended. No minute passes a full hour: rungs are
// due at full hours, and what is due does not depend on how often somebody was killed.
func (w *world) lookUntilDone(pair []*process) {
	w.t.Helper()
	before := w.now
	for try := 0; ; try++ {
		i := w.chaos.rnd.IntN(2)
		_, err := pair[i].watch.Tick(context.Background())
		switch {
		case errors.Is(err, errKilled):
			pair[i] = w.start()
			continue
		case err != nil:
			w.t.Fatalf("tick: %v", err)
		}
		if w.nothingDue() {
			w.now = before
			return
		}
		if w.now += 61_000_000; w.now-before > 40*minute {
			w.t.Fatalf("after %d tries something is still due", try)
		}
	}
}

// nothingDue reports whether no rung waits.
func (w *world) nothingDue() bool {
	page, err := w.store.Rows(context.Background(), journal.Query{Log: "220105", Now: w.now, Scope: journal.Scope{All: true}, Noun: "matter",
		Wake: journal.Between{From: 1, Until: w.now + 1}, Order: journal.ByWake, Limit: 1})
	must(w.t, err)
	return len(page.Rows) == 0
}

// act does one thing that the script draws, or nothing where it is not possible.
func (w *world) act(script *rand.Rand, p *process, jobs []name.ID) []name.ID {
	w.t.Helper()
	ctx := context.Background()
	who := func(key name.Person) desk.Caller { c, _ := p.desk.Directory().Caller(key, "zh"); return c }
	heads := map[name.Unit]name.Person{"roads": "bo", "parks": "wu"}
	if len(jobs) == 0 || script.IntN(5) == 0 {
		unit := []name.Unit{"roads", "parks"}[script.IntN(2)]
		done, err := p.desk.Start(ctx, who("chen"), desk.Do{Kind: "town/job", Act: "set", With: map[string]string{"title": fmt.Sprint("job ", len(jobs)), "unit": string(unit)}})
		must(w.t, err)
		return append(jobs, done.Matter)
	}
	id := jobs[script.IntN(len(jobs))]
	do := desk.Do{Matter: id, Act: []string{"look", "wait", "go-on", "go-on", "longer", "finish"}[script.IntN(6)], Reason: "x", Code: "frost", Clock: "work", Units: 1 + script.IntN(5)}
	row, err := w.store.Row(ctx, id)
	must(w.t, err)
	p.desk.Refresh(&row) // the page would have shown it
	actor := who(heads[row.Unit])
	if do.Act == "longer" {
		actor = who("chen")
	}
	_, err = p.desk.Act(ctx, actor, do)
	var r *fault.Refusal
	if err != nil && !errors.As(err, &r) {
		w.t.Fatalf("%s: %v", do.Act, err)
	}
	return jobs
}

// fired returns the rungs of every matter that people set, with who was told and by which run of the clock, and fails on one
// that fired twice in a run, out of its order, or before it was due.
func (w *world) fired() map[string][]string {
	w.t.Helper()
	all := map[string][]string{}
	ctx := context.Background()
	q := journal.Query{Log: "220105", Now: w.now, Scope: journal.Scope{All: true}, Noun: "matter", Order: journal.ByOpened, Limit: 500}
	page, err := w.store.Rows(ctx, q)
	must(w.t, err)
	raised := 0
	for _, r := range page.Rows {
		events, err := w.store.Events(ctx, r.Stream, 0)
		must(w.t, err)
		var m matter.Matter
		seen := map[string]bool{}
		for i := range events {
			before := m
			if m, err = matter.Apply(m, &events[i]); err != nil {
				w.t.Fatal(err)
			}
			c, err := matter.ReadChange(&events[i])
			must(w.t, err)
			if c.Rung == nil {
				continue
			}
			clock := before.Clock(c.Rung.Clock)
			key := fmt.Sprintf("%s/%s since %s told %s/%s", c.Rung.Clock, c.Rung.Rung, calendar.Instant(clock.Started).Date(), c.Rung.To.Unit, c.Rung.To.Person)
			at := slices.IndexFunc(clock.Rungs, func(x matter.RungAt) bool { return x.Key == c.Rung.Rung })
			if seen[key] || at < 0 || clock.Rungs[at].At > events[i].At {
				w.t.Errorf("%s: %s fired twice or early", r.Title, key)
			}
			seen[key] = true
			if c.Rung.Rung == matter.RungSupervise {
				raised++
			}
			all[r.Title] = append(all[r.Title], key)
		}
	}
	orders := 0
	for _, r := range page.Rows {
		if r.Parent != "" {
			orders++
		}
	}
	if orders != raised {
		w.t.Errorf("%d orders were raised by %d rungs", orders, raised)
	}
	return all
}

// TestAYearOfCrashes plays the same year undisturbed and with a process killed at one call to the database in twenty-five: every
// rung fires in both, once, and to the same person.
func TestAYearOfCrashes(t *testing.T) {
	for _, seed := range []uint64{2} {
		_, want := year(t, seed, 0)
		w, got := year(t, seed, 25)
		total := 0
		for title, rungs := range want {
			slices.Sort(rungs)
			slices.Sort(got[title])
			if total += len(rungs); !reflect.DeepEqual(rungs, got[title]) {
				t.Errorf("seed %d, %s:\nundisturbed %v\nwith crashes %v", seed, title, rungs, got[title])
			}
		}
		if len(got) != len(want) {
			t.Errorf("seed %d: rungs of %d matters, want of %d", seed, len(got), len(want))
		}
		t.Logf("seed %d: %d rungs, %d processes, killed %d times: %v", seed, total, w.born, w.chaos.killed, w.chaos.at)
		for _, at := range []string{"before append", "behind append", "before lease", "behind lease", "before rows", "behind events"} {
			if w.chaos.at[at] == 0 {
				t.Errorf("seed %d: nothing was killed %s", seed, at)
			}
		}
		if total < 30 {
			t.Errorf("seed %d: only %d rungs fired", seed, total)
		}
	}
}

// TestOneWatches: of two processes one has the lease; when it is gone the other one takes over after the lease has ended.
func TestOneWatches(t *testing.T) {
	w := newWorld(t, 3)
	ctx := context.Background()
	a, b := w.start(), w.start()
	chen, _ := a.desk.Directory().Caller("chen", "zh")
	done, err := a.desk.Start(ctx, chen, desk.Do{Kind: "town/job", With: map[string]string{"title": "x", "unit": "roads"}})
	must(t, err)
	tick := func(p *process) int {
		t.Helper()
		l, err := p.watch.Tick(ctx)
		must(t, err)
		return l.Rungs
	}
	if tick(a) != 0 {
		t.Fatal("something fired at once")
	}
	w.now += 32*hour + minute
	if n := tick(a); n != 1 {
		t.Fatalf("a rang %d", n)
	}
	if n := tick(b); n != 0 {
		t.Errorf("b has no lease and rang %d", n)
	}
	w.now += 14*24*hour + minute // a is gone; b's memory, if any, is of long ago
	if n := tick(b); n != 2 {
		t.Errorf("b took over and rang %d, want the reminder and the urging", n)
	}
	if n := tick(a); n != 0 {
		t.Errorf("a came back and rang %d", n)
	}
	w.now += 61_000_000 + 2*24*hour
	if n := tick(a); n != 1 {
		t.Errorf("a took over again and rang %d; its memory of the matter is older than the matter", n)
	}
	v, err := a.desk.Matter(ctx, chen, done.Matter)
	must(t, err)
	if len(v.Related) != 1 {
		t.Errorf("%d orders were raised", len(v.Related))
	}
}

// TestWhatCannotBeRungDoesNotHinder: matters that fail are told, and those behind them ring.
func TestWhatCannotBeRungDoesNotHinder(t *testing.T) {
	w := newWorld(t, 4)
	ctx := context.Background()
	p := w.start()
	chen, _ := p.desk.Directory().Caller("chen", "zh")
	var first name.ID
	for i := range 3 {
		done, err := p.desk.Start(ctx, chen, desk.Do{Kind: "town/job", With: map[string]string{"title": fmt.Sprint(i), "unit": "roads"}})
		must(t, err)
		if i == 0 {
			first = done.Matter
		}
		w.now += minute
	}
	bad := &broken{Store: w.store, stream: first}
	q, err := desk.Open(ctx, bad, w.World)
	must(t, err)
	w.now += 33 * hour
	l, err := watch.New(q, bad, w.store, "q").Tick(ctx)
	if l.Rungs != 2 || err == nil || !strings.Contains(err.Error(), string(first)) {
		t.Errorf("%d rungs, %v", l.Rungs, err)
	}
	l, err = watch.New(p.desk, w.store, w.store, "q").Tick(ctx)
	if l.Rungs != 1 || err != nil {
		t.Errorf("mended: %d rungs, %v", l.Rungs, err)
	}
}

// broken cannot read one stream.
type broken struct {
	*store.Store
	stream name.ID
}

func (b *broken) Events(ctx context.Context, id name.ID, after int64) ([]ledger.Event, error) {
	if id == b.stream {
		return nil, errors.New("a bad sector")
	}
	return b.Store.Events(ctx, id, after)
}

// TestANoticeMovesProvisionalClocks: the process that watches hears of the notice by itself, counts every running clock anew,
// and the page tells old, new and why; killed in the middle it goes on with it.
func TestANoticeMovesProvisionalClocks(t *testing.T) {
	w := newWorld(t, 5)
	ctx := context.Background()
	w.now = int64(calendar.NewDate(2023, 12, 25).At(9 * 60))
	p := w.start()
	chen, _ := p.desk.Directory().Caller("chen", "zh")
	var jobs []name.ID
	for i := range 4 {
		done, err := p.desk.Start(ctx, chen, desk.Do{Kind: "town/job", With: map[string]string{"title": fmt.Sprint(i), "unit": "roads"}})
		must(t, err)
		jobs = append(jobs, done.Matter)
	}
	if _, err := p.watch.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	w.calm(func() { w.install("2024-01-01,元旦,yes,丙\n2024-01-02,元旦,yes,丙\n") })
	w.chaos.rnd, w.chaos.at = rand.New(rand.NewPCG(1, 1)), map[string]int{}
	moved, crashes := 0, 0
	for w.chaos.odds = 12; ; crashes++ {
		p := w.start()
		l, err := p.watch.Tick(ctx)
		if moved += l.Moved; err == nil && !w.stale(jobs) {
			break
		}
		if w.now += 61_000_000; crashes > 200 {
			t.Fatal("it never comes to its end")
		}
	}
	w.chaos.odds = 0
	p = w.start()
	v, err := p.desk.Matter(ctx, chen, jobs[3])
	must(t, err)
	c := v.Clocks[0]
	if c.Provisional || c.DueDate.String() != "2024-01-10" || len(c.Shifts) != 1 {
		t.Errorf("due %s, provisional %v, shifts %v", c.DueDate, c.Provisional, c.Shifts)
	}
	if got := c.Derivation[len(c.Derivation)-1].ZH; got != "2023年12月25日按放假通知丙重新计算：原到期2024年1月8日，改为2024年1月10日" {
		t.Errorf("explained: %s", got)
	}
	w.now += 2 * minute
	if l, err := p.watch.Tick(ctx); err != nil || l.Moved != 0 {
		t.Errorf("again: %+v, %v", l, err)
	}
	t.Logf("killed %d times", w.chaos.killed)
}

// stale reports whether a clock of the jobs is provisional still.
func (w *world) stale(jobs []name.ID) bool {
	for _, id := range jobs {
		events, err := w.store.Events(context.Background(), id, 0)
		must(w.t, err)
		var m matter.Matter
		for i := range events {
			m, err = matter.Apply(m, &events[i])
			must(w.t, err)
		}
		if m.Clock("work").Provisional {
			return true
		}
	}
	return false
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
