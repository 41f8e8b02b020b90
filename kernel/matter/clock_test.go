package matter_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// TestClockOps walks every operation of a clock with a length: ten working days from Wednesday 1 March 2023.
func TestClockOps(t *testing.T) {
	due := func(t *testing.T, tr *trail, clock, want string) {
		t.Helper()
		if got := day(tr.m.Clock(clock).Due); got != want+"T00:00" {
			t.Errorf("%s is late from %s, want %s", clock, got, want)
		}
	}
	t.Run("a start counts from the day behind it", func(t *testing.T) {
		tr := doing(t)
		due(t, tr, "work", "2023-03-16")
		c := tr.m.Clock("work")
		if day(c.Yellow) != "2023-03-13T00:00" || c.Original != c.Due || c.Provisional {
			t.Errorf("yellow from %s, %+v; 8 of 10 days are used when 13 March begins", day(c.Yellow), c)
		}
	})
	t.Run("a running clock is not started again", func(t *testing.T) {
		tr := doing(t)
		tr.k.Act("remark").Clocks = starts("work")
		if d := tr.must("remark", lin, "2023-03-06T09:00", form("note", "x")); d.Change.Clocks != nil {
			t.Errorf("got %v", d.Change.Clocks)
		}
	})
	t.Run("a restart ends the old one and starts a new one", func(t *testing.T) {
		tr := doing(t)
		tr.k.Act("remark").Clocks = effects(Restart, "work")
		tr.must("remark", lin, "2023-03-06T09:00", form("note", "x"))
		due(t, tr, "work", "2023-03-21")
		if len(tr.m.Clocks) != 3 || tr.m.Clocks[1].Stopped != at("2023-03-06T09:00") || len(tr.m.Running()) != 1 {
			t.Errorf("clocks %+v", tr.m.Clocks)
		}
	})
	t.Run("a stopped clock is not stopped again", func(t *testing.T) {
		tr := told(t)
		tr.k.Act("remark").Clocks = effects(Stop, "work", "due")
		if d := tr.must("remark", lin, "2023-03-06T09:00", form("note", "x")); d.Change.Clocks != nil {
			t.Errorf("got %v", d.Change.Clocks)
		}
		if c := tr.m.Clock("work"); c.Stopped != at("2023-03-02T09:00") || c.Light(at("2024-01-01")) != NoLight {
			t.Errorf("%+v", c)
		}
	})
	t.Run("a pause keeps the remainder, a resumption counts on", func(t *testing.T) {
		tr := doing(t)
		tr.must("wait", lin, "2023-03-03T09:00", because("ice"), code("frost"))
		c := tr.m.Clock("work")
		if !c.IsPaused() || c.Light(at("2023-06-01")) != Grey || tr.m.Light(at("2023-06-01")) != Grey || tr.m.Due() != 0 || tr.m.Wake() != 0 {
			t.Errorf("paused: %+v, due %d, wake %d", c, tr.m.Due(), tr.m.Wake())
		}
		due(t, tr, "work", "2023-03-16")
		tr.must("on", lin, "2023-03-07T09:00")
		due(t, tr, "work", "2023-03-21") // 3, 6 and 7 March do not count
		if got := tr.m.Clock("work").Pauses; !reflect.DeepEqual(got, []Stretch{{at("2023-03-03T09:00"), at("2023-03-07T09:00"), "frost"}}) {
			t.Errorf("pauses %v", got)
		}
	})
	t.Run("what does not stand still is not resumed", func(t *testing.T) {
		tr := doing(t)
		tr.k.Act("remark").Clocks = effects(Go, "work")
		if d := tr.must("remark", lin, "2023-03-06T09:00", form("note", "x")); d.Change.Clocks != nil {
			t.Errorf("got %v", d.Change.Clocks)
		}
	})
	t.Run("an extension counts on from the due", func(t *testing.T) {
		tr := extended(t)
		due(t, tr, "work", "2023-03-23")
		if c := tr.m.Clock("work"); c.Extended != 5 || day(c.Original) != "2023-03-16T00:00" {
			t.Errorf("%+v", c)
		}
	})
	t.Run("an extension within a pause counts when the clock goes on", func(t *testing.T) {
		tr := doing(t)
		tr.must("wait", lin, "2023-03-03T09:00", because("ice"), code("frost"))
		d := tr.must("longer", gao, "2023-03-06T09:00", because("ice"), clock("work"), moreUnits(2))
		due(t, tr, "work", "2023-03-18") // without the pause
		if cc := d.Change.Clocks[0]; cc.By != 2 || cc.Due != tr.m.Clock("work").Due {
			t.Errorf("the event says %+v", cc)
		}
		tr.must("on", lin, "2023-03-07T09:00")
		due(t, tr, "work", "2023-03-23")
	})
	t.Run("an extension within a pause saves a clock that was overdue before", func(t *testing.T) {
		tr := doing(t)
		tr.must("wait", lin, "2023-03-16T09:00", because("ice"), code("frost"))
		if got := tr.m.Light(at("2023-03-17")); got != Red {
			t.Errorf("paused when overdue it is %s, want red", got)
		}
		tr.must("longer", gao, "2023-03-17T09:00", because("ice"), clock("work"), moreUnits(2))
		if got := tr.m.Light(at("2023-03-18")); got != Grey {
			t.Errorf("extended it is %s, want grey", got)
		}
	})
	t.Run("an extension of two clocks at once extends only the one that is named", func(t *testing.T) {
		tr := dated(t)
		d := tr.must("longer", gao, "2023-03-02T09:00", because("x"), clock("due"), until("2023-05-31"))
		if len(d.Change.Clocks) != 1 || tr.m.Fields["due"] != "2023-05-31" || tr.m.Clock("due").Until != "2023-05-31" {
			t.Errorf("%+v, due field %s", d.Change.Clocks, tr.m.Fields["due"])
		}
	})
	t.Run("a clock stopped while paused is judged by when it was paused", func(t *testing.T) {
		tr := doing(t)
		tr.must("wait", lin, "2023-03-03T09:00", because("ice"), code("frost"))
		tr.must("drop", chen, "2023-06-01T09:00", because("given up"))
		if c := tr.m.Clock("work"); c.WasLate(at("2023-07-01")) || c.Stopped != at("2023-06-01T09:00") || c.Pauses[0].To != c.Stopped {
			t.Errorf("%+v", c)
		}
	})
}

// TestLate: the first instant that is late is the end of the due day.
func TestLate(t *testing.T) {
	for _, c := range []struct {
		name    string
		stopped string
		want    bool
	}{
		{"in the last second of the due day", "2023-03-15T23:59", false},
		{"when it is over", "2023-03-16T00:00", true},
	} {
		tr := doing(t)
		tr.must("tell", lin, c.stopped, photos(2))
		if got := tr.m.Clock("work").WasLate(at("2023-12-31")); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	running := doing(t).m.Clock("work")
	if running.WasLate(at("2023-03-15T23:59")) || !running.WasLate(at("2023-03-16")) {
		t.Error("a running clock is late from its due on")
	}
}

// TestUntil: a clock that ends with a date, Sunday 30 April 2023.
func TestUntil(t *testing.T) {
	t.Run("it is due at the end of that day, whatever day it is", func(t *testing.T) {
		tr := dated(t)
		if c := tr.m.Clock("due"); day(c.Due) != "2023-05-01T00:00" || c.Length != 0 || c.Provisional {
			t.Errorf("%+v", c)
		}
	})
	t.Run("it turns yellow with one working day left when that comes before 80 per cent", func(t *testing.T) {
		tr := doing(t, "due", "2023-03-06") // a Monday, five days on: 80 % are used on Sunday the 5th
		if c := tr.m.Clock("due"); day(c.Yellow) != "2023-03-03T00:00" {
			t.Errorf("yellow from %s, want Friday 3 March: only Monday comes after it", day(c.Yellow))
		}
	})
	t.Run("or at 80 per cent when that comes before", func(t *testing.T) {
		tr := dated(t) // sixty days: 48 are used on 18 April
		if c := tr.m.Clock("due"); day(c.Yellow) != "2023-04-18T00:00" {
			t.Errorf("yellow from %s", day(c.Yellow))
		}
	})
	t.Run("a pause does not move it, and what came due meanwhile is due at once", func(t *testing.T) {
		tr := dated(t)
		tr.must("wait", lin, "2023-03-03T09:00", because("flood"), code("flood"))
		if got := tr.m.Clock("due").Light(at("2023-05-06")); got != Grey {
			t.Errorf("paused past its date it is %s, want grey", got)
		}
		if fired := tr.tick("2023-05-06T09:00"); slices.ContainsFunc(fired, func(s string) bool { return strings.HasPrefix(s, "due/") }) {
			t.Errorf("fired %v while it stood still", fired)
		}
		tr.must("on", lin, "2023-05-06T10:00")
		if c := tr.m.Clock("due"); day(c.Due) != "2023-05-01T00:00" || c.Light(at("2023-05-06T10:00")) != Red {
			t.Errorf("%+v", c)
		}
		if fired := tr.tick("2023-05-06T10:00"); !slices.Contains(fired, "due/remind") || !slices.Contains(fired, "due/circulate") {
			t.Errorf("fired %v on resuming", fired)
		}
	})
	t.Run("without a date there is no clock", func(t *testing.T) {
		if c := doing(t).m.Clock("due"); c != nil {
			t.Errorf("%+v", c)
		}
	})
	t.Run("a date that is taken away stops it", func(t *testing.T) {
		tr := dated(t)
		tr.must("alter", chen, "2023-03-02T09:00", because("x"), form("due", ""))
		if c := tr.m.Clock("due"); c.Stopped != at("2023-03-02T09:00") {
			t.Errorf("%+v", c)
		}
	})
	t.Run("with the same date after rework it is the same promise still", func(t *testing.T) {
		tr := doing(t, "due", "2023-03-10")
		tr.must("longer", gao, "2023-03-02T09:00", because("x"), clock("due"), until("2023-03-20"))
		if fired := tr.tick("2023-03-18T09:00"); !slices.Contains(fired, "due/remind") {
			t.Fatalf("fired %v", fired)
		}
		tr.must("tell", lin, "2023-03-18T10:00", photos(2))
		tr.must("redo", qin, "2023-03-18T11:00", because("cracks"))
		if c := tr.m.Clock("due"); c.Extended != 10 || day(c.Original) != "2023-03-11T00:00" || !c.Rungs[0].Fired {
			t.Errorf("%+v", c)
		}
		if fired := tr.tick("2023-03-18T12:00"); slices.Contains(fired, "due/remind") {
			t.Errorf("fired %v again", fired)
		}
		if _, err := tr.do("longer", gao, "2023-03-18T13:00", because("x"), clock("due"), until("2023-03-25")); !isRefused(err, "extension-used") {
			t.Errorf("a second extension: %v", err)
		}
	})
	t.Run("with another date it is a new one", func(t *testing.T) {
		tr := doing(t, "due", "2023-03-10")
		tr.must("longer", gao, "2023-03-02T09:00", because("x"), clock("due"), until("2023-03-20"))
		tr.must("alter", chen, "2023-03-03T09:00", because("x"), form("due", "2023-06-30"))
		if c := tr.m.Clock("due"); c.Extended != 0 || day(c.Original) != "2023-07-01T00:00" {
			t.Errorf("%+v", c)
		}
	})
}

// TestLadder: 提醒 → 催办 → 督办 → 通报, each rung once and at its day. Ten working days from 1 March are up on the 15th.
func TestLadder(t *testing.T) {
	tr := doing(t)
	for _, c := range []struct{ when, want string }{
		{"2023-03-12T23:59", ""},
		{"2023-03-13T00:00", "work/remind"}, // 80 % used
		{"2023-03-13T00:00", ""},
		{"2023-03-14T23:59", ""},
		{"2023-03-15T00:00", "work/urge"}, // the due day begins
		{"2023-03-19T23:59", ""},
		{"2023-03-20T00:00", "work/supervise"}, // overdue by 16, 17 and 20 March
		{"2023-04-20T09:00", "work/circulate"}, // late, because nobody looked
		{"2023-12-31T09:00", ""},
	} {
		if got := strings.Join(tr.tick(c.when), " "); got != c.want {
			t.Errorf("at %s fired %q, want %q", c.when, got, c.want)
		}
	}
	if tr.m.Counts["remind"] != 1 || tr.m.Counts["circulate"] != 1 || tr.m.Wake() != 0 {
		t.Errorf("counted %v, wake %d", tr.m.Counts, tr.m.Wake())
	}
	t.Run("who is told, and what is raised", func(t *testing.T) {
		tr := doing(t)
		all := Tick(tr.k, &tr.m, at("2023-04-20"), tr.env)
		var told []Hand
		for _, d := range all {
			told = append(told, d.Change.Rung.To)
		}
		if want := []Hand{{"roads", "lin"}, {"office", "chen"}, {Unit: "watch"}, {Unit: "office"}}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
		want := []Opening{{Kind: "test/order", Link: RaisedBy, Issuer: Hand{Unit: "watch"},
			Fields: map[string]string{"unit": "roads", "title": "East bridge", "about": string(jobID), "reason": all[2].Raises[0].Fields["reason"]}}}
		if !reflect.DeepEqual(all[2].Raises, want) || want[0].Fields["reason"] == "" {
			t.Errorf("raised %v, want %v", all[2].Raises, want)
		}
	})
	t.Run("all at once they come in the order of their times", func(t *testing.T) {
		tr := sent(t)
		if got := strings.Join(tr.tick("2023-12-31"), " "); got != "ack/remind ack/urge work/remind work/urge work/supervise work/circulate" {
			t.Errorf("fired %s", got)
		}
	})
	t.Run("overdue before a pause it stays red and climbs on", func(t *testing.T) {
		tr := doing(t)
		tr.tick("2023-03-16T09:00")
		tr.must("wait", lin, "2023-03-16T10:00", because("ice"), code("frost"))
		if tr.m.Light(at("2023-03-16T11:00")) != Red || tr.m.Due() == 0 || tr.m.Wake() == 0 {
			t.Errorf("light %s, due %d, wake %d", tr.m.Light(at("2023-03-16T11:00")), tr.m.Due(), tr.m.Wake())
		}
		if got := strings.Join(tr.tick("2023-03-20T00:00"), " "); got != "work/supervise" {
			t.Errorf("fired %q", got)
		}
	})
	t.Run("what is closed waits for nothing", func(t *testing.T) {
		tr := doing(t)
		tr.m.Phase = Stopped
		if got := tr.tick("2023-12-31"); got != nil || tr.m.Wake() != 0 || tr.m.Light(at("2023-12-31")) != NoLight || tr.m.Due() != 0 {
			t.Errorf("fired %v, wake %d, due %d", got, tr.m.Wake(), tr.m.Due())
		}
	})
}

// TestRecompute: a holiday notice that comes out moves a due time and says from which to which.
func TestRecompute(t *testing.T) {
	tr := begin(t)
	before, err := calendar.New(nil, []int{2022, 2023})
	if err != nil {
		t.Fatal(err)
	}
	tr.env.Calendar = before
	tr.must("file", chen, "2023-12-27T09:00", form("title", "x", "unit", "roads"))
	if c := tr.m.Clock("work"); !c.Provisional || day(c.Due) != "2024-01-11T00:00" {
		t.Fatalf("%+v", c)
	}
	after, err := calendar.New([]calendar.Day{{Date: calendar.NewDate(2024, 1, 1), Name: "New Year", Off: true, Notice: "n"}}, []int{2022, 2023, 2024})
	if err != nil {
		t.Fatal(err)
	}
	tr.env.Calendar = after
	d, changed, err := RecomputeClocks(tr.k, &tr.m, tr.env, "notice of 2024")
	if err != nil || !changed || d.Reason != "notice of 2024" || d.Type != "matter.clock" {
		t.Fatalf("%v %v %+v", err, changed, d)
	}
	tr.take(name.System, at("2024-01-02T09:00"), &d)
	c := tr.m.Clock("work")
	if c.Provisional || day(c.Due) != "2024-01-12T00:00" {
		t.Errorf("%+v", c)
	}
	if want := []Shift{{At: at("2024-01-02T09:00"), From: at("2024-01-11"), To: at("2024-01-12"), Notices: []string{"n"}}}; !reflect.DeepEqual(c.Shifts, want) {
		t.Errorf("shifts %v, want %v", c.Shifts, want)
	}
	_, steps := Explain(tr.k.Clock("work"), c, at("2024-01-02T09:00"), tr.env)
	if got := steps[len(steps)-1].ZH; got != "2024年1月2日按放假通知n重新计算：原到期2024年1月10日，改为2024年1月11日" {
		t.Errorf("explained: %s", got)
	}
	if _, changed, _ := RecomputeClocks(tr.k, &tr.m, tr.env, "again"); changed {
		t.Error("a second time nothing changes")
	}
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		name  string
		tr    *trail
		clock string
		now   string
		want  string
		steps string // in the last line
	}{
		{"a running clock", doing(t), "work", "2023-03-10T09:00", "剩余3个工作日", "2023年3月15日"},
		{"a date", dated(t), "due", "2023-04-20T09:00", "剩余10天", "2023年4月30日"},
		{"a date that is today", dated(t), "due", "2023-04-30T09:00", "今日到期", "2023年4月30日"},
		{"a date that has passed", dated(t), "due", "2023-05-03T09:00", "已超3天", "2023年4月30日"},
	} {
		standing, steps := Explain(c.tr.k.Clock(c.clock), c.tr.m.Clock(c.clock), at(c.now), c.tr.env)
		if standing.ZH != c.want || standing.EN == "" || len(steps) == 0 || !strings.Contains(steps[len(steps)-1].ZH, c.steps) {
			t.Errorf("%s: %v, %v", c.name, standing, steps)
		}
	}
	tr := dated(t)
	tr.must("wait", lin, "2023-03-03T09:00", because("x"), code("flood"))
	tr.must("longer", gao, "2023-03-06T09:00", because("x"), clock("due"), until("2023-05-31"))
	standing, steps := Explain(tr.k.Clock("due"), tr.m.Clock("due"), at("2023-03-07"), tr.env)
	if standing.ZH != "暂停计时" || len(steps) != 3 || !strings.Contains(steps[1].ZH, "原定2023年4月30日，延期31天") || !strings.Contains(steps[2].ZH, "不因挂起而顺延") {
		t.Errorf("%v %v", standing, steps)
	}
}

func TestMove(t *testing.T) {
	tr := dated(t)
	next := job()
	next.Version = "v2"
	if o := Obstacles(tr.k, next, &tr.m); o != nil {
		t.Fatalf("obstacles %v", o)
	}
	if _, err := Move(tr.k, next, &tr.m, ""); !isRefused(err, "reason-missing") {
		t.Errorf("without a reason: %v", err)
	}
	d, err := Move(tr.k, next, &tr.m, "new rules of 1 April")
	if err != nil || d.Type != Moved {
		t.Fatal(err)
	}
	before := tr.m
	tr.take(gao, at("2023-04-01"), &d)
	if before.Pack, before.Version, before.Changed = "v2", before.Version+1, at("2023-04-01"); !reflect.DeepEqual(tr.m, before) {
		t.Errorf("got %+v, want nothing but the version to change: %+v", tr.m, before)
	}
	for _, c := range []struct {
		name string
		with func(*Kind)
		want Obstacle
	}{
		{"another kind", func(k *Kind) { k.Ref = "test/other" }, Obstacle{"kind", "test/other"}},
		{"the state is gone", func(k *Kind) { k.States[3].Key = "busy" }, Obstacle{"state", "doing"}},
		{"the state has another phase", func(k *Kind) { k.States[3].Phase = Verified }, Obstacle{"phase", "doing"}},
		{"a field is gone", func(k *Kind) { k.Fields[0].Key = "name" }, Obstacle{"field", "title"}},
		{"a value no longer fits", func(k *Kind) { k.Fields[4].Max = "2023-04-01" }, Obstacle{"value", "due"}},
		{"a clock counts otherwise", func(k *Kind) { k.Clocks[1].Basis = calendar.CalendarDay }, Obstacle{"clock", "work"}},
	} {
		k := job()
		c.with(k)
		if o := Obstacles(tr.k, k, &tr.m); len(o) != 1 || o[0] != c.want {
			t.Errorf("%s: %v, want %v", c.name, o, c.want)
		}
		if _, err := Move(tr.k, k, &tr.m, "x"); !isRefused(err, "kind-differs") {
			t.Errorf("%s: moved with %v", c.name, err)
		}
	}
}
