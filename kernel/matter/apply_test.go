package matter_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

func eventOf(v int64, body []byte) *ledger.Event {
	return &ledger.Event{Stream: jobID, Kind: ledger.Matter, Version: v, At: v * hour, Actor: lin, Type: "matter.note", Schema: 1, Suite: ledger.SM3, Command: "c", Body: body}
}

func TestApplyIsTotal(t *testing.T) {
	whole := told(t).m
	for _, c := range []struct {
		name, body string
		broken     bool
	}{
		{"an empty change", `{}`, false},
		{"parts of a later version", `{"mood":"good","note":{"deep":[1,2]}}`, false},
		{"a clock that never was", `{"clocks":[{"op":"stop","clock":"moon"},{"op":"pause","clock":"moon"},{"op":"extend","clock":"moon"}]}`, false},
		{"an operation that there is not", `{"clocks":[{"op":"rewind","clock":"work"}]}`, false},
		{"a stopped clock that is paused", `{"clocks":[{"op":"pause","clock":"work","reason":"frost"}]}`, false},
		{"a rung of a clock that never was", `{"rung":{"clock":"moon","rung":"urge","to":{"unit":"x"}}}`, false},
		{"a verb that there is not", `{"verb":"fly"}`, false},
		{"null", `null`, false},
		{"a list", `[]`, true},
		{"a number for a state", `{"to":5}`, true},
		{"no JSON", `{`, true},
		{"nothing", ``, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Apply(whole, eventOf(9, []byte(c.body)))
			if (err != nil) != c.broken {
				t.Fatalf("error %v", err)
			}
			if c.broken && !reflect.DeepEqual(got, whole) {
				t.Error("a body that cannot be read changed the matter")
			}
			if !c.broken && got.Version != whole.Version+1 {
				t.Errorf("version %d", got.Version)
			}
			if running := got.Running(); len(running) != 0 {
				t.Errorf("a stopped clock runs again: %v", running)
			}
		})
	}
}

func TestApplyKeepsTheNumberOfTheStore(t *testing.T) {
	e := eventOf(1, []byte(`{"kind":"test/job"}`))
	e.Number = "P2023-0001"
	m, _ := Apply(Matter{}, e)
	if m, _ = Apply(m, eventOf(2, []byte(`{}`))); m.Number != "P2023-0001" {
		t.Errorf("number %q", m.Number)
	}
}

// drawChange draws the body of an event from few words, so that events of one stream meet.
func drawChange(t *rapid.T) []byte {
	one := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	c := Change{Verb: Verb(one("verb", "", "progress", "feedback", "verify", "note")), To: one("to", "", "doing", "told"),
		Phase: Phase(one("phase", "", "handling", "closed")), Count: one("count", "", "reworks"), Public: rapid.Bool().Draw(t, "public")}
	if rapid.Bool().Draw(t, "hands") {
		c.Holder, c.Giver = &Hand{Unit: name.Unit(one("unit", "roads", "parks"))}, &Hand{Unit: "office"}
	}
	if rapid.Bool().Draw(t, "fields") {
		c.Fields = map[string]string{one("field", "a", "b"): one("value", "", "1", "2")}
		c.Personal = map[string]ledger.Commitment{one("personal", "p", "q"): "x"}
		c.Evidence = []Evidence{{Kind: Statement, Text: one("text", "s", "t")}}
		c.Links = []Link{{ChildOf, jobID}}
	}
	if rapid.Bool().Draw(t, "clocks") {
		op := rapid.SampledFrom([]ClockOp{Start, Stop, Restart, Hold, Go, Lengthen, Pass, Recompute, Earlier}).Draw(t, "op")
		c.Clocks = []ClockChange{{Op: op, Clock: one("clock", "work", "due"), Length: 3, Due: 100 * hour, Yellow: 80 * hour, By: 1, Reason: "frost",
			Rungs: []RungAt{{Key: RungRemind, At: 70 * hour}, {Key: RungUrge, At: 100 * hour}}}}
	}
	if rapid.Bool().Draw(t, "rung") {
		c.Rung = &Fired{Clock: one("rung clock", "work", "due"), Rung: RungRemind}
	}
	body, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestApplyNeverMutates: two futures of one matter do not see each other, which the desk's cache rests on.
func TestApplyNeverMutates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m Matter
		var bodies [][]byte
		for i := range rapid.IntRange(1, 12).Draw(t, "events") {
			bodies = append(bodies, drawChange(t))
			m, _ = Apply(m, eventOf(int64(i)+1, bodies[i]))
		}
		var again Matter
		for i, b := range bodies {
			again, _ = Apply(again, eventOf(int64(i)+1, b))
		}
		v := int64(len(bodies)) + 1
		left, _ := Apply(m, eventOf(v, drawChange(t)))
		kept := deep(t, left)
		right, _ := Apply(m, eventOf(v, drawChange(t)))
		Apply(right, eventOf(v+1, drawChange(t)))
		if !reflect.DeepEqual(m, again) {
			t.Fatalf("applying changed what it was given:\n%+v\n%+v", m, again)
		}
		if got := deep(t, left); got != kept {
			t.Fatalf("one future changed the other:\n%s\n%s", kept, got)
		}
	})
}

// deep is a matter in words, so that later changes through shared memory show.
func deep(t *rapid.T, m Matter) string {
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// FuzzApply: no body, however made, makes Apply panic, nor what is asked of the matter behind it.
func FuzzApply(f *testing.F) {
	tr := told(f)
	for _, e := range tr.events {
		f.Add(e.Body)
	}
	f.Add([]byte(`{"clocks":[{"op":"start","clock":"work","rungs":[{"rung":"urge","at":-1}]}],"rung":{"clock":"work","rung":"urge"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m := tr.m
		for v := range int64(3) {
			m, _ = Apply(m, eventOf(v+9, body))
		}
		m.Light(5 * hour)
		m.Due()
		m.Wake()
		for _, d := range Tick(tr.k, &m, 1<<60, tr.env) {
			if d.Change.Rung == nil {
				t.Fatal("a tick without a rung")
			}
		}
		for i := range tr.k.Acts {
			Decide(tr.k, &m, Command{Act: tr.k.Acts[i].Key, Actor: lin, At: 9 * hour, Reason: "x", Code: "frost", Units: 1, Until: "2023-05-01"}, tr.env)
			MayDo(tr.k, &m, &tr.k.Acts[i], qin, tr.env)
		}
		RecomputeClocks(tr.k, &m, tr.env, "x")
		Obstacles(tr.k, tr.k, &m)
		for i := range m.Clocks {
			if ck := tr.k.Clock(m.Clocks[i].Key); ck != nil {
				Explain(ck, &m.Clocks[i], 9*hour, tr.env)
			}
		}
	})
}
