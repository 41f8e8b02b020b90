package matter_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// luo works for the company that a main belongs to.
var luo = name.Actor{Person: "luo", Unit: "mains", Role: "handler"}

// burst is the job with a limit that a record lays down, of one length or in three stages.
func burst() *Kind {
	k := job()
	k.Fields = append(k.Fields, field.Field{Key: "condition", Kind: field.Record, Register: "test/condition"})
	k.Act("file").Form = append(k.Act("file").Form, Input{Field: "condition"})
	k.Act("redo").Clocks = starts("work")
	k.Acts = append(k.Acts,
		Act{Key: "fenced", Verb: Handle, From: []string{"doing"}, To: "doing", By: by(Holder), Clocks: []ClockEffect{{Op: Pass, Clock: "work", Stage: "fence"}}},
		Act{Key: "patched", Verb: Handle, From: []string{"doing"}, To: "doing", By: by(Holder), Clocks: []ClockEffect{{Op: Pass, Clock: "work", Stage: "repair"}}},
		Act{Key: "other", Verb: Reassign, From: []string{"sent", "doing"}, To: "sent", By: by(Giver), Form: []Input{{Field: "unit", Required: true}, {Field: "condition"}},
			Clocks: effects(Restart, "work"), Holder: Handover{To: ToField, Field: "unit"}})
	k.Clock("work").Limit = &Limit{Field: "condition", Register: "test/condition", Length: "limit", Basis: "basis", Source: "source", Confirmed: "sure", Stages: []Stage{
		{Key: "fence", Words: text("Fence"), Length: "fence", Basis: "fence-basis"}, {Key: "repair", Words: text("Repair"), Length: "repair", Basis: "repair-basis"},
		{Key: "restore", Words: text("Restore"), Length: "restore", Basis: "restore-basis"}}}
	return k
}

const conditionID name.ID = "220105-01890000-0000-7000-8000-0000000000c1"

// record brings a record of the condition with the command.
func record(key string, pairs ...string) func(*Command) {
	fields := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	return func(c *Command) {
		c.Chosen = map[string]Chosen{"condition": {Record: conditionID, Version: 3, Key: key, Fields: fields}}
	}
}

// mainBurst is the record of a water main burst.
func mainBurst() func(*Command) {
	return record("main", "fence", "3", "fence-basis", "emergency-hour", "repair", "8", "repair-basis", "emergency-hour", "restore", "5", "restore-basis", "working-day",
		"source", "manual 3", "sure", "yes")
}

// bursting is a burst that the company has in hand, filed at a time under a calendar.
func bursting(t testing.TB, when string, with func(*Command)) *trail {
	tr := begin(t)
	tr.k = burst()
	days := []calendar.Day{{Date: calendar.NewDate(2023, 4, 23), Name: "劳动节"}, {Date: calendar.NewDate(2023, 5, 6), Name: "劳动节"}}
	for d := calendar.NewDate(2023, 4, 29); d <= calendar.NewDate(2023, 5, 3); d++ {
		days = append(days, calendar.Day{Date: d, Name: "劳动节", Off: true, Notice: "国办发明电〔2022〕16号"})
	}
	var err error
	if tr.env.Calendar, err = calendar.New(days, []int{2021, 2022, 2023, 2024}); err != nil {
		t.Fatal(err)
	}
	tr.must("file", chen, when, form("title", "Main", "unit", "mains", "condition", "main"), with)
	tr.must("take", luo, when, form("person", "luo"))
	return tr
}

func fencing(t testing.TB, _ ...string) *trail { return bursting(t, "2023-03-06T08:00", mainBurst()) }

// mendingOnly is of a record that lays down no third stage.
func mendingOnly(t testing.TB, _ ...string) *trail {
	tr := bursting(t, "2023-03-06T07:00", record("main", "fence", "3", "repair", "8"))
	tr.must("fenced", luo, "2023-03-06T08:00")
	return tr
}

// stands tells how the clock of the work stands at a time: its stage, when it is due, and its light.
func (tr *trail) stands(now string) string {
	c := tr.m.Clock("work")
	return strings.TrimSpace(c.Stage + " " + day(c.Due) + " " + string(c.Light(at(now))))
}

// TestThreeStagesAcrossAHoliday: a main bursts in the evening before Labour Day; hours of an emergency run on, working days wait.
func TestThreeStagesAcrossAHoliday(t *testing.T) {
	tr := bursting(t, "2023-04-28T16:50", mainBurst())
	for _, s := range []struct{ act, when, now, want, rungs string }{
		{"", "", "2023-04-28T17:00", "fence 2023-04-28T19:50 green", ""},
		{"", "", "2023-04-28T19:14", "fence 2023-04-28T19:50 yellow", "work/remind"},
		{"", "", "2023-04-28T19:50", "fence 2023-04-28T19:50 red", "work/urge"},
		{"fenced", "2023-04-28T20:00", "2023-04-28T20:00", "repair 2023-04-29T04:00 green", ""},
		{"", "", "2023-04-29T04:00", "repair 2023-04-29T04:00 red", "work/remind work/urge"},
		{"patched", "2023-04-29T04:30", "2023-04-29T04:30", "restore 2023-05-10T00:00 green", ""},
		{"wait", "2023-05-05T10:00", "2023-05-05T11:00", "restore 2023-05-10T00:00 grey", ""},
		{"on", "2023-05-06T10:00", "2023-05-06T10:00", "restore 2023-05-12T00:00 green", ""},
		{"", "", "2023-05-12T00:00", "restore 2023-05-12T00:00 red", "work/remind work/urge"},
		{"tell", "2023-05-12T09:00", "2023-05-12T09:00", "restore 2023-05-12T00:00", ""},
	} {
		if s.act != "" {
			tr.must(s.act, luo, s.when, code("frost"), because("ice"), photos(2))
		}
		var fired []string
		for _, r := range tr.tick(s.now) {
			if strings.HasPrefix(r, "work/") {
				fired = append(fired, r)
			}
		}
		if got := tr.stands(s.now); got != s.want || strings.Join(fired, " ") != s.rungs {
			t.Errorf("at %s: %s, rungs %v; want %s, %s", s.now, got, fired, s.want, s.rungs)
		}
	}
	tr.must("redo", qin, "2023-05-15T09:00", because("it sinks"))
	if got := tr.stands("2023-05-15T09:00"); got != "restore 2023-05-23T00:00 green" {
		t.Errorf("after rework: %s", got)
	}
}

// TestOneLateStageIsLate: an emergency is in time only if each of its stages is.
func TestOneLateStageIsLate(t *testing.T) {
	for fenced, want := range map[string]string{"2023-03-06T10:00": "yes", "2023-03-06T11:30": "no"} {
		tr := fencing(t) // due at 11:00
		tr.must("fenced", luo, fenced)
		tr.must("patched", luo, "2023-03-06T16:00")
		tr.must("tell", luo, "2023-03-07T09:00", photos(2))
		if got := tr.m.Measures("work")[MeasureInTime]; got != want {
			t.Errorf("fenced at %s: in time %s, want %s", fenced, got, want)
		}
	}
}

// TestAStageIsExtendedOnce: each stage has its own limit and may be extended once within the cap, by the named approver.
func TestAStageIsExtendedOnce(t *testing.T) {
	tr := fencing(t)
	tr.refused("asked-for-it", "longer", luo, "2023-03-06T09:00", because("x"), clock("work"), moreUnits(1))
	tr.refused("not-your-part", "longer", qin, "2023-03-06T09:00", because("x"), clock("work"), moreUnits(1))
	tr.refused("extension-too-long", "longer", gao, "2023-03-06T09:00", because("x"), clock("work"), moreUnits(6))
	tr.must("longer", gao, "2023-03-06T09:00", because("x"), clock("work"), moreUnits(2))
	if got := tr.stands("2023-03-06T09:00"); got != "fence 2023-03-06T13:00 green" {
		t.Error(got)
	}
	tr.refused("extension-used", "longer", gao, "2023-03-06T10:00", because("x"), clock("work"), moreUnits(1))
}

// TestTheLimitStandsInTheEvent: replay and later stages stand on what the record said when the clock was started.
func TestTheLimitStandsInTheEvent(t *testing.T) {
	tr := fencing(t)
	c := tr.m.Clock("work")
	want := &Laid{Record: conditionID, Version: 3, Field: "condition", Key: "main", Source: "manual 3", Confirmed: true, Stages: []LaidStage{
		{"fence", 3, calendar.EmergencyHour}, {"repair", 8, calendar.EmergencyHour}, {"restore", 5, calendar.WorkingDay}}}
	if !reflect.DeepEqual(c.Laid, want) || c.Basis != calendar.EmergencyHour || c.Length != 3 {
		t.Fatalf("laid %+v, basis %s, length %d", c.Laid, c.Basis, c.Length)
	}
	tr.must("fenced", luo, "2023-03-06T09:00") // no record comes with it: the register may say what it likes now
	if got := tr.stands("2023-03-06T09:00"); got != "repair 2023-03-06T17:00 green" {
		t.Error(got)
	}
	tr.must("other", chen, "2023-03-06T10:00", form("unit", "mains"), because("x")) // retired: the limit that it had stays
	if got := tr.stands("2023-03-06T10:00"); got != "repair 2023-03-06T18:00 green" {
		t.Error(got)
	}
	tr.must("other", chen, "2023-03-06T11:00", form("unit", "mains", "condition", "drip"), because("x"), record("drip", "limit", "4", "basis", "working-hour"))
	if got := tr.stands("2023-03-06T11:00"); got != "2023-03-06T16:30 green" {
		t.Error(got)
	}
	var replayed Matter
	for i := range tr.events {
		var err error
		if replayed, err = Apply(replayed, &tr.events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(replayed, tr.m) {
		t.Error("the events add up to another matter")
	}
}

// TestWhereTheRecordSaysNothing: the clock has the length of its kind.
func TestWhereTheRecordSaysNothing(t *testing.T) {
	for name, with := range map[string]func(*Command){
		"a record without limits": record("main"), "no record in force": func(*Command) {}, "a record of another key": record("other", "limit", "1"),
		"a length that is none": record("main", "limit", "soon"),
	} {
		tr := bursting(t, "2023-03-06T08:00", with)
		if c := tr.m.Clock("work"); c.Length != 10 || c.Laid != nil || day(c.Due) != "2023-03-21T00:00" {
			t.Errorf("%s: %+v", name, c)
		}
	}
	tr := bursting(t, "2023-03-06T08:00", record("main", "limit", "2", "basis", "fortnight"))
	if c := tr.m.Clock("work"); c.Basis != calendar.WorkingDay || c.Length != 2 {
		t.Errorf("a basis that is none: %+v", c)
	}
}

// TestAsksFor: only an act that starts a clock needs a record, by the key that the form brings or the matter has.
func TestAsksFor(t *testing.T) {
	tr := fencing(t)
	for act, want := range map[string][]Asked{"other": {{"condition", "test/condition", "main"}}, "fenced": nil, "longer": nil} {
		if got := AsksFor(tr.k, &tr.m, tr.k.Act(act), nil); !reflect.DeepEqual(got, want) {
			t.Errorf("%s asks for %v, want %v", act, got, want)
		}
	}
	if got := AsksFor(tr.k, &tr.m, tr.k.Act("other"), map[string]string{"condition": "drip"}); len(got) != 1 || got[0].Key != "drip" {
		t.Errorf("got %v", got)
	}
}

// TestAStageIsExplained: the page tells which record the limit is from and which stage it is.
func TestAStageIsExplained(t *testing.T) {
	tr := fencing(t)
	ck, c := tr.k.Clock("work"), tr.m.Clock("work")
	_, steps := Explain(ck, c, at("2023-03-06T09:00"), tr.env)
	if steps[0].ZH != "时限取自 main：3个紧急工作时，依据：manual 3" || !strings.HasPrefix(steps[0].EN, "limit of main: 3 emergency hours, ") || steps[1].ZH != "第1阶段，共3阶段：Fence" {
		t.Errorf("%v", steps)
	}
	if got := ck.WordsOf(c.Stage).ZH; got != "work·Fence" {
		t.Error(got)
	}
}

// TestAMoveKeepsTheStage: a version of the kind without the stage that runs is no place to go.
func TestAMoveKeepsTheStage(t *testing.T) {
	tr := fencing(t)
	if o := Obstacles(burst(), burst(), &tr.m); len(o) != 0 {
		t.Errorf("to the same kind: %v", o)
	}
	without := burst()
	without.Clock("work").Limit.Stages = without.Clock("work").Limit.Stages[1:]
	if o := Obstacles(burst(), without, &tr.m); len(o) != 1 || o[0] != (Obstacle{"clock", "work"}) {
		t.Errorf("got %v", o)
	}
}

// gone is a roster in which some serve no longer.
type gone struct {
	Staff
	whom []name.Person
}

func (g gone) Serves(p name.Person) bool { return !slices.Contains(g.whom, p) }

// TestWhoeverServesNoLongerIsNotTold: the head is told in the place of somebody who has the matter in hand and holds no role any more.
func TestWhoeverServesNoLongerIsNotTold(t *testing.T) {
	for _, c := range []struct {
		whom []name.Person
		want Hand
	}{{nil, Hand{"roads", "lin"}}, {[]name.Person{"lin"}, Hand{"roads", "bo"}}} {
		tr := doing(t)
		tr.env.Staff = gone{Staff{"roads": {"head": {"bo"}}}, c.whom}
		tr.m.Holder.Person = "lin"
		tr.k.Ladders[1].Rungs = []Rung{{Key: RungUrge, After: 1, To: Party{Part: Holder}}}
		tr.m.Clock("work").Rungs = []RungAt{{Key: RungUrge, At: at("2023-03-17")}}
		var got Hand
		for _, d := range Tick(tr.k, &tr.m, at("2023-03-20T09:00"), tr.env) {
			if d.Change.Rung.Clock == "work" {
				got = d.Change.Rung.To
			}
		}
		if got != c.want {
			t.Errorf("without %v: %v, want %v", c.whom, got, c.want)
		}
	}
}

// TestSuperiorsAreTold: a rung names who holds the role; whoever is pressed himself is passed over.
func TestSuperiorsAreTold(t *testing.T) {
	staff := Staff{"roads": {"handler": {"lin", "mei"}, "head": {"bo"}, "leader": {"he"}}, "watch": {"head": {"dai"}, "supervisor": {"su"}}, "office": {"leader": {"yu"}}}
	for _, c := range []struct {
		name string
		to   Party
		held name.Person
		want Hand
		as   name.Role
	}{
		{"whoever has it in hand", Party{Part: Holder}, "lin", Hand{"roads", "lin"}, ""},
		{"the whole unit where nobody has", Party{Part: Holder}, "", Hand{Unit: "roads"}, ""},
		{"the head of the unit", Party{Part: Holder, Role: "head"}, "lin", Hand{"roads", "bo"}, "head"},
		{"the leader in charge", Party{Part: Holder, Role: "leader"}, "lin", Hand{"roads", "he"}, "leader"},
		{"a head who has it in hand is pressed by the leader", Party{Part: Holder, Role: "head"}, "bo", Hand{"roads", "he"}, "leader"},
		{"the head of the supervision office", Party{Part: Supervision}, "lin", Hand{"watch", "dai"}, "head"},
		{"an officer of it", Party{Part: Supervision, Role: "supervisor"}, "lin", Hand{"watch", "su"}, "supervisor"},
		{"a unit without a head", Party{Part: Issuer, Role: "head"}, "lin", Hand{"office", "yu"}, "leader"},
		{"nobody known", Party{Part: Giver, Role: "head"}, "lin", Hand{Unit: "parks"}, ""},
	} {
		tr := doing(t)
		tr.env.Staff = staff
		tr.m.Giver, tr.m.Holder.Person = Hand{Unit: "parks"}, c.held
		tr.k.Ladders[1].Rungs = []Rung{{Key: RungUrge, After: 1, To: c.to}}
		tr.m.Clock("work").Rungs = []RungAt{{Key: RungUrge, At: at("2023-03-17")}}
		all := Tick(tr.k, &tr.m, at("2023-03-20T09:00"), tr.env)
		var got *Fired
		for _, d := range all {
			if d.Change.Rung.Clock == "work" {
				got = d.Change.Rung
			}
		}
		if got == nil || got.To != c.want || got.As != c.as {
			t.Errorf("%s: %+v, want %v as %q", c.name, got, c.want, c.as)
		}
	}
}
