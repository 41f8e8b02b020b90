package notices_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bihuan/desk"
	"bihuan/desk/notices"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
	"bihuan/kernel/notice"
)

// errand is a small pack: a job with a clock of ten working days and a ladder that ends at the leader.
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
      - {state: given, phase: dispatched, words: {zh: 待签收, en: Given}}
      - {state: doing, phase: handling, words: {zh: 办理中, en: Doing}}
      - {state: back, phase: accepted, words: {zh: 已退回, en: Back}}
      - {state: dropped, phase: stopped, words: {zh: 不办, en: Dropped}}
      - {state: done, phase: closed, words: {zh: 办结, en: Done}}
    acts:
      - {act: set, verb: register, words: {zh: 交办, en: Set}, to: given, by: [issuer/issuer], form: [title!, unit!], clocks: {start: [work]}, holder: "field:unit"}
      - {act: sign, verb: acknowledge, words: {zh: 签收, en: Sign}, from: [given], to: doing, by: [holder/handler, holder/head]}
      - {act: return, verb: return, words: {zh: 退回, en: Return}, from: [given], to: back, by: [holder/handler, holder/head], clocks: {stop: [work]}, holder: issuer}
      - {act: longer, verb: extend, words: {zh: 延期, en: Longer}, from: [doing], by: [issuer/issuer], clocks: {extend: [work]}}
      - {act: finish, verb: close, words: {zh: 办结, en: Finish}, from: [doing], to: done, by: [holder/handler, holder/head], clocks: {stop: [work]}}
      - {act: drop, verb: decline, words: {zh: 不办, en: Drop}, from: [back], to: dropped, by: [holder/issuer]}
    clocks:
      - clock: work
        words: {zh: 办理, en: Work}
        term: internal
        basis: working-day
        length: 10
        source: {zh: 测试, en: test}
        confirmed: no
        extend: {most: 5, by: issuer/issuer}
        ladder: long
    ladders:
      - ladder: long
        rungs:
          - {rung: urge, after: 1, to: holder}
          - {rung: circulate, after: 6, to: holder/leader}
notices:
  - {notice: assigned, for: job, words: {zh: "新任务{number}，{due}前办好。", en: "A new job {number}, by {due}."}}
`

func errandPack() fstest.MapFS {
	return fstest.MapFS{"errand/pack.yaml": {Data: []byte(errand)}, "errand/README.md": {Data: []byte("# 跑腿\n")}}
}

// world is a district with a room of notices and everything that was sent from it.
type world struct {
	t *testing.T
	*district.District
	room   *notices.Room
	ways   *ways
	rnd    *rand.Rand
	issuer desk.Caller
	hand   desk.Caller
}

func newWorld(t *testing.T) *world {
	t.Helper()
	x := district.New(t, calendar.NewDate(2023, 10, 9), errandPack())
	w := &world{t: t, District: x, ways: &ways{}, rnd: rand.New(rand.NewPCG(1, 2))}
	w.room = w.open(x.Store)
	w.issuer, w.hand = x.As(t, "office", "issuer", 0), x.As(t, "housing", "handler", 0)
	must(t, w.room.Tick(context.Background()))
	return w
}

func (w *world) open(s notices.Store) *notices.Room {
	return notices.New(notices.Config{Desk: w.Desk, Store: s, Ways: w.ways, Holder: fmt.Sprint(w.rnd.Uint64()), Secret: []byte("secret"), Base: "https://bihuan.example.cn",
		Chance: func(b []byte) {
			for i := range b {
				b[i] = byte(w.rnd.Uint32())
			}
		}})
}

func (w *world) set(title string) name.ID {
	w.t.Helper()
	done, err := w.Desk.Start(context.Background(), w.issuer, desk.Do{Kind: "errand/job", With: map[string]string{"title": title, "unit": "housing"}})
	must(w.t, err)
	return done.Matter
}

func (w *world) act(who desk.Caller, id name.ID, act string, more ...func(*desk.Do)) {
	w.t.Helper()
	do := desk.Do{Matter: id, Act: act, Reason: "原因"}
	for _, f := range more {
		f(&do)
	}
	_, err := w.Desk.Act(context.Background(), who, do)
	must(w.t, err)
}

func (w *world) tick() {
	w.t.Helper()
	must(w.t, w.room.Tick(context.Background()))
}

// inbox returns what a person was told, oldest first; read ones in brackets.
func (w *world) inbox(who desk.Caller) (all []string) {
	w.t.Helper()
	in, err := w.room.Inbox(context.Background(), who, notices.Ask{})
	must(w.t, err)
	for _, e := range in.Entries {
		s := string(e.About)
		if e.Read != 0 {
			s = "(" + s + ")"
		}
		all = append(all, s)
	}
	slices.Reverse(all)
	return all
}

func (w *world) is(who desk.Caller, want ...string) {
	w.t.Helper()
	if got := w.inbox(who); !slices.Equal(got, want) {
		w.t.Errorf("%s was told %q, want %q", who.Person, got, want)
	}
}

// ways are ways that remember what went by them.
type ways struct {
	sent   []sent
	fail   func(to string) error
	robots []name.Unit
}

type sent struct{ channel, id, to, subject, text string }

func (w *ways) Open(c notice.Channel) bool { return true }
func (w *ways) Robots() []name.Unit        { return w.robots }
func (w *ways) take(s sent) error {
	if w.fail != nil {
		if err := w.fail(s.to); err != nil {
			return err
		}
	}
	w.sent = append(w.sent, s)
	return nil
}
func (w *ways) Mail(_ context.Context, id, to, subject, text string) error {
	return w.take(sent{"mail", id, to, subject, text})
}
func (w *ways) SMS(_ context.Context, id, to, text, _ string) error {
	return w.take(sent{"sms", id, to, "", text})
}
func (w *ways) Say(_ context.Context, u name.Unit, text string) error {
	return w.take(sent{"robot", "", string(u), "", text})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoIsToldWhatWhen(t *testing.T) {
	w := newWorld(t)
	boss := w.Desk.Directory().Unit("housing").Leader
	leader, ok := w.Desk.Directory().Caller(boss, "zh")
	if !ok {
		t.Fatal("the unit has no leader in charge")
	}
	id := w.set("给老张家修水管")
	w.tick()
	w.is(w.hand, "assigned")
	w.is(w.issuer)
	w.act(w.hand, id, "return")
	w.tick()
	w.is(w.hand, "(assigned)")
	w.is(w.issuer, "returned")

	id = w.set("第二件")
	w.act(w.hand, id, "sign")
	w.tick()
	w.is(w.hand, "(assigned)", "(assigned)") // who signs for it knows that it is there
	w.act(w.issuer, id, "longer", func(d *desk.Do) { d.Clock, d.Units = "work", 2 })
	w.tick()
	w.is(w.hand, "(assigned)", "(assigned)", "extended")
	for range 40 {
		w.Forward(t, 1)
		w.tick()
	}
	w.is(w.hand, "(assigned)", "(assigned)", "extended", "(due-soon)", "(overdue)", "(urged)", "circulated")
	w.is(leader, "watched")
	all, watched, _, err := w.room.Unread(context.Background(), leader)
	if err != nil || all != 1 || watched != 1 {
		t.Errorf("the leader has %d unread, %d to look at, %v", all, watched, err)
	}
	w.act(w.hand, id, "finish")
	w.tick()
	w.is(w.hand, "(assigned)", "(assigned)", "extended", "(due-soon)", "(overdue)", "(urged)", "(circulated)")
	w.is(leader, "(watched)")
	w.tick()
	w.is(w.hand, "(assigned)", "(assigned)", "extended", "(due-soon)", "(overdue)", "(urged)", "(circulated)")
}

func TestAnInboxIsOnesOwn(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.set("一")
	w.tick()
	in, err := w.room.Inbox(ctx, w.hand, notices.Ask{})
	must(t, err)
	e := in.Entries[0]
	if e.Title != "一" || e.Text != "新任务"+e.Facts.Number+"，10月23日前办好。" || in.Total != 1 {
		t.Errorf("%+v", e)
	}
	must(t, w.room.Mark(ctx, w.issuer, []string{e.ID}, true))
	w.is(w.hand, "assigned")
	must(t, w.room.Mark(ctx, w.hand, []string{e.ID}, true))
	w.is(w.hand, "(assigned)")
	must(t, w.room.Mark(ctx, w.hand, []string{e.ID}, false))
	w.is(w.hand, "assigned")
	must(t, w.room.Mark(ctx, w.hand, nil, true))
	w.is(w.hand, "(assigned)")
	for _, err := range []error{w.room.Mark(ctx, desk.Nobody, nil, true), w.room.SetReach(ctx, desk.Nobody, notices.Reach{}), w.room.SendAgain(ctx, w.hand, "n-1")} {
		if !errors.Is(err, fault.ErrDenied) {
			t.Errorf("got %v", err)
		}
	}
}

func TestOneDigestInsteadOfTwenty(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true}))
	for i := range 20 {
		w.set(fmt.Sprintf("王小明家第%d件", i))
		w.Clock.Forward(time.Minute)
		w.tick()
	}
	if len(w.ways.sent) != 0 {
		t.Fatalf("%d were sent at once", len(w.ways.sent))
	}
	w.Clock.Forward(30 * time.Minute)
	w.tick()
	if len(w.ways.sent) != 1 {
		t.Fatalf("%d messages: %v", len(w.ways.sent), w.ways.sent)
	}
	m := w.ways.sent[0]
	if m.to != "hand@erdao.example.cn" || !strings.Contains(m.subject, "20条") || strings.Count(m.text, "新任务") != 20 || strings.Count(m.text, "https://bihuan.example.cn/matters/") != 20 {
		t.Errorf("%+v", m)
	}
	if strings.Contains(m.text+m.subject, "王小明") {
		t.Error("a title that somebody typed was sent")
	}
	w.Clock.Forward(24 * time.Hour)
	w.tick()
	if len(w.ways.sent) != 1 {
		t.Errorf("again: %v", w.ways.sent[1:])
	}
}

func TestQuietHoursAndWhatPassesThem(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true, Phone: "13900000000", BySMS: true}))
	w.Clock.Set(int64(calendar.NewDate(2023, 10, 9).At(23 * 60)))
	id := w.set("夜里的事")
	w.tick()
	w.Clock.Forward(2 * time.Hour)
	w.tick()
	if len(w.ways.sent) != 0 {
		t.Fatalf("sent at night: %v", w.ways.sent)
	}
	w.Clock.Set(int64(calendar.NewDate(2023, 10, 10).At(7*60 + 30)))
	w.tick()
	if len(w.ways.sent) != 1 || w.ways.sent[0].channel != "mail" {
		t.Fatalf("in the morning: %v", w.ways.sent)
	}
	w.ways.sent = nil
	w.act(w.hand, id, "sign")
	w.Clock.Set(int64(calendar.NewDate(2023, 11, 6).At(2 * 60)))
	_, err := w.Watch.Tick(ctx)
	must(t, err)
	w.tick()
	channels := map[string]int{}
	for _, s := range w.ways.sent {
		channels[s.channel]++
		if s.channel == "mail" && !strings.Contains(s.text, "通报") {
			t.Errorf("%+v", s)
		}
	}
	if !reflect.DeepEqual(channels, map[string]int{"mail": 1, "sms": 1}) {
		t.Errorf("what is urgent at two in the morning: %v", w.ways.sent)
	}
}

func TestWhatIsOverIsNotSent(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true}))
	id := w.set("一")
	w.tick()
	w.act(w.hand, id, "return")
	w.Clock.Forward(time.Hour)
	w.tick()
	if len(w.ways.sent) != 0 {
		t.Errorf("sent %v", w.ways.sent)
	}
	counts, err := w.Store.CountPostings(ctx, w.Desk.District())
	if err != nil || counts[notice.Skipped] != 1 {
		t.Errorf("%v, %v", counts, err)
	}
}

func TestMutedAndDaily(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true, Mute: []notice.About{notice.Assigned}}))
	w.set("一")
	w.tick()
	w.Clock.Forward(2 * time.Hour)
	w.tick()
	if w.is(w.hand, "assigned"); len(w.ways.sent) != 0 {
		t.Errorf("muted: %v", w.ways.sent)
	}
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true, Daily: true}))
	w.set("二")
	w.tick()
	w.Clock.Forward(8 * time.Hour)
	w.tick()
	if len(w.ways.sent) != 0 {
		t.Errorf("on the same day: %v", w.ways.sent)
	}
	w.Clock.Set(int64(calendar.NewDate(2023, 10, 10).At(8*60 + 31)))
	w.tick()
	if len(w.ways.sent) != 1 {
		t.Errorf("in the morning: %v", w.ways.sent)
	}
	for _, bad := range []notices.Reach{{Mail: "x"}, {ByMail: true}, {Phone: "abc"}, {BySMS: true}, {Mute: []notice.About{"gossip"}}, {Mail: "a@example.cn\r\nBcc: b@example.cn"}} {
		if err := w.room.SetReach(ctx, w.hand, bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestPreferencesAreNotInTheClear(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", Phone: "13900000000"}))
	values, err := w.Store.PersonalOf(ctx, notices.SubjectOf(w.Desk.District(), w.hand.Person))
	must(t, err)
	if len(values) != 1 || strings.Contains(values[0].Value, "erdao") || strings.Contains(values[0].Value, "1390") || values[0].Suite != "sm4-gcm" {
		t.Errorf("%q", values)
	}
	if got, err := w.room.Reach(ctx, w.hand); err != nil || got.Phone != "13900000000" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTriesAreBoundedAndShown(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	admin := w.As(t, "services", "sysadmin", 0)
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true}))
	w.ways.robots = []name.Unit{"housing"}
	tries := map[string]int{}
	w.ways.fail = func(to string) error {
		tries[to]++
		if to == "housing" {
			return fmt.Errorf("status 400: %w", fault.ErrInvalid)
		}
		return fmt.Errorf("no route to host: %w", fault.ErrUnavailable)
	}
	w.set("一")
	w.tick()
	for range 50 {
		w.Clock.Forward(time.Minute * 10)
		w.tick()
	}
	if !reflect.DeepEqual(tries, map[string]int{"hand@erdao.example.cn": notice.MostTries, "housing": 1}) {
		t.Errorf("tried %v", tries)
	}
	p, err := w.room.Post(ctx, admin)
	must(t, err)
	if p.Counts[notice.Failed] != 2 || len(p.Stuck) != 2 {
		t.Fatalf("%+v", p)
	}
	w.ways.fail = nil
	for _, s := range p.Stuck {
		if !strings.Contains(s.Why, "no route to host") && !strings.Contains(s.Why, "status 400") {
			t.Errorf("why: %+v", s)
		}
		must(t, w.room.SendAgain(ctx, admin, s.Batch))
	}
	w.tick()
	if len(w.ways.sent) != 2 {
		t.Errorf("sent again: %v", w.ways.sent)
	}
	if _, err := w.room.Post(ctx, w.hand); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a handler sees the post: %v", err)
	}
}

var errKilled = errors.New("killed")

// chaos kills its process before or behind a write.
type chaos struct {
	notices.Store
	rnd  *rand.Rand
	odds int
	dead bool
}

func (c *chaos) around(do func() error) error {
	if c.dead || c.odds > 0 && c.rnd.IntN(c.odds) == 0 {
		c.dead = true
		return errKilled
	}
	err := do()
	if c.odds > 0 && c.rnd.IntN(c.odds) == 0 {
		c.dead = true
		return errKilled
	}
	return err
}

func (c *chaos) Tell(ctx context.Context, log name.District, consumer string, seq int64, told notice.Told) error {
	return c.around(func() error { return c.Store.Tell(ctx, log, consumer, seq, told) })
}

func (c *chaos) Claim(ctx context.Context, log name.District, batch string, all []notice.Posting) error {
	return c.around(func() error { return c.Store.Claim(ctx, log, batch, all) })
}

func (c *chaos) Settle(ctx context.Context, log name.District, batch string, state notice.State, due int64, why string) error {
	return c.around(func() error { return c.Store.Settle(ctx, log, batch, state, due, why) })
}

func (c *chaos) Unsettled(ctx context.Context, log name.District) (n int64, err error) {
	err = c.around(func() error { n, err = c.Store.Unsettled(ctx, log); return err })
	return n, err
}

// TestAccessInAnEmergencyIsToldAtOnce: whoever watches over permissions hears of it.
func TestAccessInAnEmergencyIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	auditor, sec := w.As(t, "audit", "auditor", 0), w.As(t, "services", "secadmin", 0)
	must(t, w.room.SetReach(ctx, auditor, notices.Reach{Mail: "auditor@erdao.example.cn", ByMail: true, Mute: []notice.About{notice.ReviewDue}}))
	id := w.Desk.NewID()
	b := w.Desk.Begin(ctx, "glass")
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
		return &journal.Row{Stream: id, Noun: ledger.Account, Kind: "test", Body: []byte("{}")}, nil
	})
	must(t, own.Add(name.System, account.TypeGlassOpened, "", struct{}{}))
	must(t, own.Add(name.System, account.TypeGlassClosed, "", struct{}{}))
	_, err := b.Commit()
	must(t, err)
	w.tick()
	w.is(auditor, "break-glass", "review-due")
	w.is(sec, "break-glass")
	w.is(w.hand)
	if len(w.ways.sent) != 1 || !strings.Contains(w.ways.sent[0].text, "紧急授权") {
		t.Errorf("sent %v", w.ways.sent)
	}
}

// TestWhoseRoleRestsIsTold: whose role rests since they were moved, the head of the unit in which they are now, its leader where it has no head, and the security administrator; nobody of the unit before.
func TestWhoseRoleRestsIsTold(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	sec, old, head := w.As(t, "services", "secadmin", 0), w.As(t, "housing", "head", 0), w.As(t, "city-management", "head", 0)
	rests := func(command string, to name.Unit) {
		id := w.Desk.NewID()
		b := w.Desk.Begin(ctx, command)
		own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
			return &journal.Row{Stream: id, Noun: ledger.Account, Kind: "test", Body: []byte("{}")}, nil
		})
		must(t, own.Add(name.System, account.TypeRoleRests, "调动", account.HoldingChange{Person: w.hand.Person, Role: "checker", Unit: to}))
		_, err := b.Commit()
		must(t, err)
		w.tick()
	}
	rests("one", "city-management")
	w.is(sec, "review-due")
	w.is(head, "review-due")
	w.is(w.hand, "account")
	w.is(old)
	var headless desk.Unit
	for _, u := range w.Desk.Directory().Units {
		if u.Leader != "" && len(w.Desk.Directory().Of(u.Key, "head")) == 0 {
			headless = u
		}
	}
	if headless.Key == "" {
		t.Fatal("every unit has a head")
	}
	rests("two", headless.Key)
	lead, _ := w.Desk.Directory().Caller(headless.Leader, "zh")
	w.is(lead, "review-due")
	in, err := w.room.Inbox(ctx, w.hand, notices.Ask{})
	must(t, err)
	if text := w.room.Text(&in.Entries[0].Notice, "zh"); !strings.Contains(text, "角色暂停使用") {
		t.Errorf("told %q", text)
	}
}

// TestAPageOfAnInboxHoldsFiftyRows: three hundred alike notices are one page of one row, fifty-one different days are two pages.
func TestAPageOfAnInboxHoldsFiftyRows(t *testing.T) {
	var same, apart []notice.Notice
	for i := range 400 {
		same = append(same, notice.Notice{About: notice.Assigned, Facts: notice.Facts{Kind: "works/site"}})
		apart = append(apart, notice.Notice{About: notice.Assigned, At: int64(calendar.NewDate(2023, 10, 16).Start()) - int64(i)*24*3600*1e6})
	}
	if n := notices.Fits(same); n != 300 {
		t.Errorf("%d alike notices on a page, want 300", n)
	}
	if n := notices.Fits(apart); n != 50 {
		t.Errorf("%d notices of different days on a page, want 50", n)
	}
	if n := notices.Fits(apart[:7]); n != 7 {
		t.Errorf("%d of seven notices", n)
	}
}
