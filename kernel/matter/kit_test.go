package matter_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

var update = flag.Bool("update", false, "write what is got into the golden files")

// at reads a time of Shanghai, such as 2023-03-01 or 2023-03-01T09:00.
func at(s string) int64 {
	i, err := calendar.ParseInstant(s)
	if err != nil {
		d, err := calendar.ParseDate(s)
		if err != nil {
			panic(err)
		}
		i = d.Start()
	}
	return int64(i)
}

// world has weekends and no holidays in 2022 to 2026.
func world() Env {
	cal, err := calendar.New(nil, []int{2021, 2022, 2023, 2024, 2025, 2026})
	if err != nil {
		panic(err)
	}
	return Env{Calendar: cal, Supervision: "watch"}
}

// The people of the tests: the office sets tasks, roads does them, checks looks, watch supervises.
var (
	chen = name.Actor{Person: "chen", Unit: "office", Role: "issuer"}
	gao  = name.Actor{Person: "gao", Unit: "office", Role: "head"}
	lin  = name.Actor{Person: "lin", Unit: "roads", Role: "handler"}
	mei  = name.Actor{Person: "mei", Unit: "roads", Role: "handler"}
	bo   = name.Actor{Person: "bo", Unit: "roads", Role: "head"}
	wu   = name.Actor{Person: "wu", Unit: "parks", Role: "handler"}
	qin  = name.Actor{Person: "qin", Unit: "checks", Role: "checker"}
	su   = name.Actor{Person: "su", Unit: "watch", Role: "supervisor"}
)

const jobID name.ID = "220105-01890000-0000-7000-8000-000000000001"

func text(s string) name.Text { return name.Text{ZH: s, EN: s} }

func by(parts ...Part) (all []Party) {
	for _, p := range parts {
		all = append(all, Party{Part: p})
	}
	return all
}

func starts(clocks ...string) []ClockEffect { return effects(Start, clocks...) }

func effects(op ClockOp, clocks ...string) (all []ClockEffect) {
	for _, c := range clocks {
		all = append(all, ClockEffect{Op: op, Clock: c})
	}
	return all
}

// job is a kind of matter that uses every part of the language.
func job() *Kind {
	all := []string{"ours", "sent", "doing", "waiting", "told", "seen"}
	return &Kind{
		Ref: "test/job", Version: "v1", Words: text("job"), OtherUnit: true, Facets: []string{"unit"},
		Fields: []field.Field{
			{Key: "title", Kind: field.Text, Words: text("Title")}, {Key: "unit", Kind: field.Unit}, {Key: "assist", Kind: field.Units},
			{Key: "person", Kind: field.Person}, {Key: "due", Kind: field.Date}, {Key: "done", Kind: field.Decimal, Min: "0"}, {Key: "period", Kind: field.Text},
			{Key: "phone", Kind: field.Text, Class: field.S}, {Key: "note", Kind: field.LongText},
			{Key: "parts", Kind: field.Table, Columns: []field.Field{{Key: "part", Kind: field.Text}, {Key: "maker", Kind: field.Unit}}},
		},
		States: []State{{Key: "filed", Phase: Registered}, {Key: "ours", Phase: Accepted}, {Key: "sent", Phase: Dispatched}, {Key: "doing", Phase: Handling},
			{Key: "waiting", Phase: Paused}, {Key: "told", Phase: Reported}, {Key: "seen", Phase: Verified}, {Key: "done", Phase: Closed}, {Key: "gone", Phase: Stopped}, {Key: "kept", Phase: Archived}},
		Acts: []Act{
			{Key: "file", Verb: Register, To: "sent", By: []Party{{Part: Issuer, Role: "issuer"}, {Part: Platform}}, Publish: true,
				Form:   []Input{{Field: "title", Required: true}, {Field: "unit", Required: true}, {Field: "due"}, {Field: "assist"}, {Field: "phone"}},
				Clocks: starts("ack", "work", "due"), Holder: Handover{To: ToField, Field: "unit"}},
			{Key: "take", Verb: Acknowledge, From: []string{"sent"}, To: "doing", By: by(Holder), Form: []Input{{Field: "person"}},
				Clocks: effects(Stop, "ack"), Holder: Handover{To: ToField, Field: "person"}},
			{Key: "back", Verb: Return, From: []string{"sent"}, To: "ours", By: by(Holder), Clocks: effects(Stop, "ack"), Holder: Handover{To: ToGiver}},
			{Key: "again", Verb: Dispatch, From: []string{"ours"}, To: "sent", By: by(Issuer), Form: []Input{{Field: "unit", Required: true}},
				Clocks: effects(Restart, "ack"), Holder: Handover{To: ToField, Field: "unit"}},
			{Key: "step", Verb: Progress, From: []string{"doing"}, To: "doing", By: by(Holder, Involved), Reports: &Report{Value: "done", Period: "period"},
				Form:   []Input{{Field: "done"}, {Field: "period"}, {Field: "note"}, {Field: "parts"}, {Field: "phone"}},
				Raises: []Raise{{Kind: "test/job", Link: ChildOf, Each: "parts", Fields: map[string]string{"title": "part", "unit": "maker", "due": "due"}}}},
			{Key: "wait", Verb: Pause, From: []string{"doing"}, To: "waiting", By: by(Holder), Clocks: effects(Hold, "work", "due")},
			{Key: "on", Verb: Resume, From: []string{"waiting"}, To: "doing", By: by(Holder), Clocks: effects(Go, "work", "due")},
			{Key: "tell", Verb: Feedback, From: []string{"doing"}, To: "told", By: by(Holder), Clocks: effects(Stop, "work", "due"), Holder: Handover{To: ToIssuer},
				Evidence: []Need{{Kind: Photo, Min: 2, Words: text("two photos")}, {Kind: Statement, Min: 1, Words: text("a statement")}}},
			{Key: "see", Verb: Verify, From: []string{"told"}, To: "seen", By: by(Verifier), Holder: Handover{To: ToIssuer}},
			{Key: "redo", Verb: Rework, From: []string{"told", "seen"}, To: "doing", By: by(Verifier), Clocks: starts("work", "due"), Holder: Handover{To: ToWorker}},
			{Key: "strike", Verb: StrikeOff, From: []string{"seen"}, To: "done", By: by(Anybody)},
			{Key: "longer", Verb: Extend, From: []string{"sent", "doing", "waiting"}, By: by(Anybody), Clocks: effects(Lengthen, "work", "due")},
			{Key: "alter", Verb: Adjust, From: []string{"sent", "doing"}, By: by(Anybody), Form: []Input{{Field: "due"}}, Clocks: effects(Restart, "due")},
			{Key: "whip", Verb: Supervise, From: all, By: by(Supervision), Raises: []Raise{{Kind: "test/order", Link: RaisedBy, Fields: map[string]string{"title": "title", "unit": "unit"}}}},
			{Key: "keep", Verb: Archive, From: []string{"done", "gone"}, To: "kept", By: by(Issuer)},
			{Key: "remark", Verb: Note, From: all, By: by(Anybody), Form: []Input{{Field: "note", Required: true}}},
			{Key: "drop", Verb: Withdraw, From: all, To: "gone", By: by(Issuer), Clocks: effects(Stop, "ack", "work", "due")},
			{Key: "giver", Verb: Transfer, From: []string{"sent", "doing"}, To: "doing", By: by(Giver), Holder: Handover{To: ToActor}},
		},
		Clocks: []ClockKind{
			{Key: "ack", Words: text("ack"), Basis: calendar.WorkingDay, Length: 1, Ladder: "short"},
			{Key: "work", Words: text("work"), Basis: calendar.WorkingDay, Length: 10, Ladder: "long", Extend: &Extension{Most: 5, By: Party{Part: Issuer, Role: "head"}},
				Pauses: []PauseReason{{Code: "frost", Words: text("frost")}}},
			{Key: "due", Words: text("due"), Basis: calendar.CalendarDay, Until: "due", Ladder: "long", Extend: &Extension{Most: 60, By: Party{Part: Issuer, Role: "head"}},
				Pauses: []PauseReason{{Code: "frost", Words: text("frost")}, {Code: "flood", Words: text("flood")}}},
		},
		Ladders: []Ladder{
			{Key: "short", Rungs: []Rung{{Key: RungRemind, To: Party{Part: Holder}}, {Key: RungUrge, After: 1, To: Party{Part: Holder, Role: "head"}}}},
			{Key: "long", Rungs: []Rung{{Key: RungRemind, Used: 80, To: Party{Part: Holder, Role: "handler"}}, {Key: RungUrge, To: Party{Part: Giver}},
				{Key: RungSupervise, After: 3, To: Party{Part: Supervision}, Raises: "test/order"}, {Key: RungCirculate, After: 5, To: Party{Part: Issuer, Role: "head"}}}},
		},
	}
}

// failer is what the helpers need of a test, be it Go's or rapid's.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// trail is one matter with everything that happened to it.
type trail struct {
	t      failer
	k      *Kind
	env    Env
	m      Matter
	events []ledger.Event
}

func begin(t testing.TB) *trail { return &trail{t: t, k: job(), env: world()} }

// do decides a command, written as the act, who does it and when, and what else it carries; a refusal leaves the matter as it is.
func (tr *trail) do(act string, who name.Actor, when string, with ...func(*Command)) (Decision, error) {
	tr.t.Helper()
	c := Command{ID: "c", Matter: jobID, Act: act, Actor: who, At: at(when)}
	for _, f := range with {
		f(&c)
	}
	d, err := Decide(tr.k, &tr.m, c, tr.env)
	if err == nil {
		tr.take(who, c.At, &d)
	}
	return d, err
}

// must is do for steps that a test stands on.
func (tr *trail) must(act string, who name.Actor, when string, with ...func(*Command)) Decision {
	tr.t.Helper()
	d, err := tr.do(act, who, when, with...)
	if err != nil {
		tr.t.Fatalf("%s by %s at %s: %v", act, who.Person, when, err)
	}
	return d
}

// take appends the event of a decision.
func (tr *trail) take(who name.Actor, when int64, d *Decision) {
	tr.t.Helper()
	body, err := json.Marshal(d.Change)
	if err != nil {
		tr.t.Fatal(err)
	}
	e := ledger.Event{Log: "220105", Seq: int64(len(tr.events)) + 1, Stream: jobID, Kind: ledger.Matter, Version: int64(len(tr.events)) + 1, At: when,
		Actor: who, Type: d.Type, Schema: 1, Suite: ledger.SM3, Reason: d.Reason, Command: "c", Body: body}
	if tr.m, err = Apply(tr.m, &e); err != nil {
		tr.t.Fatal(err)
	}
	tr.events = append(tr.events, e)
}

// tick fires what is due, and tells it as clock/rung.
func (tr *trail) tick(when string) (fired []string) {
	tr.t.Helper()
	for _, d := range Tick(tr.k, &tr.m, at(when), tr.env) {
		fired = append(fired, d.Change.Rung.Clock+"/"+string(d.Change.Rung.Rung))
		tr.take(name.System, at(when), &d)
	}
	return fired
}

// The parts of commands.

func form(pairs ...string) func(*Command) {
	return func(c *Command) {
		if c.With == nil {
			c.With = map[string]string{}
		}
		for i := 0; i < len(pairs); i += 2 {
			c.With[pairs[i]] = pairs[i+1]
		}
	}
}

func because(s string) func(*Command) { return func(c *Command) { c.Reason = s } }
func code(s string) func(*Command)    { return func(c *Command) { c.Code = s } }
func clock(s string) func(*Command)   { return func(c *Command) { c.Clock = s } }
func moreUnits(n int) func(*Command)  { return func(c *Command) { c.Units = n } }
func until(s string) func(*Command)   { return func(c *Command) { c.Until = s } }
func links(l ...Link) func(*Command)  { return func(c *Command) { c.Links = l } }
func forWhom(p name.Person) func(*Command) {
	return func(c *Command) { c.Actor.For = p }
}

// photos is so many different photos with a statement.
func photos(n int) func(*Command) {
	return func(c *Command) {
		for i := range n {
			c.Evidence = append(c.Evidence, Evidence{Kind: Photo, File: fmt.Sprintf("%064x", i), Name: "photo"})
		}
		c.Evidence = append(c.Evidence, Evidence{Kind: Statement, Text: "done as agreed"})
	}
}

// The trail up to a state, on the first days of March 2023; the first is a Wednesday.

func sent(t testing.TB, more ...string) *trail {
	tr := begin(t)
	tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"), form(more...))
	return tr
}

func doing(t testing.TB, more ...string) *trail {
	tr := sent(t, more...)
	tr.must("take", lin, "2023-03-01T10:00", form("person", "lin"))
	return tr
}

func told(t testing.TB) *trail {
	tr := doing(t)
	tr.must("tell", lin, "2023-03-02T09:00", photos(2))
	return tr
}

func seen(t testing.TB) *trail {
	tr := told(t)
	tr.must("see", qin, "2023-03-03T09:00")
	return tr
}

func refusal(err error) (code, field string) {
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		return r.Code, r.Field
	}
	return fmt.Sprint(err), ""
}

func day(micros int64) string {
	return strings.TrimSuffix(calendar.Instant(micros).String(), "+08:00")
}
