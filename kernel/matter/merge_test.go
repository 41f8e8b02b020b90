package matter_test

import (
	"reflect"
	"strings"
	"testing"

	"bihuan/ground/name"
	. "bihuan/kernel/matter"
)

// TestAMergedMatterNamesTheOneThatGoesOn, exactly one, another one, and by that link only.
func TestAMergedMatterNamesTheOneThatGoesOn(t *testing.T) {
	const other name.ID = "220105-01890000-0000-7000-8000-000000000002"
	merging := func() *trail {
		tr := begin(t)
		tr.k.Acts = append(tr.k.Acts, Act{Key: "join", Verb: Merge, From: []string{"sent"}, To: "gone", By: by(Issuer), Clocks: effects(Stop, "ack", "work", "due")})
		tr.must("file", chen, "2023-03-01T09:00", form("title", "East bridge", "unit", "roads"))
		return tr
	}
	links := func(ls ...Link) func(*Command) { return func(c *Command) { c.Links = ls } }
	for name, bad := range map[string][]Link{
		"into two":               {{MergedInto, other}, {MergedInto, other}},
		"by another link":        {{SameAs, other}},
		"into itself":            {{MergedInto, jobID}},
		"into what is no matter": {{MergedInto, "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			merging().refused("field-not-asked", "join", chen, "2023-03-01T10:00", because("the same"), links(bad...))
		})
	}
	tr := merging()
	tr.must("join", chen, "2023-03-01T10:00", because("the same"), links(Link{MergedInto, other}))
	if into := tr.m.Linked(MergedInto); len(into) != 1 || into[0] != other || tr.m.IsOpen() {
		t.Errorf("%v in %s", tr.m.Links, tr.m.Phase)
	}
}

// TestTheEarlierStartCounts when a matter that began earlier is merged into one that goes on: the limits stay, the due times move,
// and what they were is kept.
func TestTheEarlierStartCounts(t *testing.T) {
	begun := func(when string, more ...func(*trail)) *trail {
		tr := begin(t)
		tr.must("file", chen, when, form("title", "East bridge", "unit", "roads"))
		for _, do := range more {
			do(tr)
		}
		return tr
	}
	for name, c := range map[string]struct {
		survivor, merged *trail
		due              string // of work, empty if nothing changes
	}{
		"an earlier report moves the due time":   {begun("2023-03-08T09:00"), begun("2023-03-01T09:00"), "2023-03-16T00:00"},
		"a later one does not":                   {begun("2023-03-01T09:00"), begun("2023-03-08T09:00"), ""},
		"one of the same moment does not":        {begun("2023-03-01T09:00"), begun("2023-03-01T09:00"), ""},
		"a matter that is closed takes nothing":  {begun("2023-03-08T09:00", func(tr *trail) { tr.m.Clocks[0].Stopped, tr.m.Clocks[1].Stopped = 1, 1; tr.m.Clocks = tr.m.Clocks[:2] }), begun("2023-03-01T09:00"), ""},
		"a clock that the other never had stays": {begun("2023-03-08T09:00"), begin(t), ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := *c.survivor.m.Clock("work")
			c.merged.m.Number = "J7"
			d, changed, err := TakeOver(c.survivor.k, &c.survivor.m, &c.merged.m, c.survivor.env, "the same")
			if err != nil || changed != (c.due != "") {
				t.Fatalf("%v %v %+v", err, changed, d.Change.Clocks)
			}
			if !changed {
				return
			}
			c.survivor.take(chen, at("2023-03-09T10:00"), &d)
			now := c.survivor.m.Clock("work")
			if day(now.Due) != c.due || now.Started != at("2023-03-01T09:00") || now.Begun() != before.Started || now.Length != before.Length || now.Original != before.Due {
				t.Errorf("%+v", now)
			}
			if want := []Shift{{At: at("2023-03-09T10:00"), From: before.Due, To: now.Due, Started: before.Started, Of: "J7"}}; !reflect.DeepEqual(now.Shifts, want) {
				t.Errorf("shifts %+v, want %+v", now.Shifts, want)
			}
			if _, steps := Explain(c.survivor.k.Clock("work"), now, at("2023-03-09T10:00"), c.survivor.env); !strings.Contains(steps[len(steps)-1].ZH, "并入 J7，从较早的一件起算（原从2023年3月8日 09:00起算）：原到期2023年3月22日，改为2023年3月15日") {
				t.Errorf("explained: %s", steps[len(steps)-1].ZH)
			}
			if _, again, _ := TakeOver(c.survivor.k, &c.survivor.m, &c.merged.m, c.survivor.env, "again"); again {
				t.Error("a second time nothing changes")
			}
		})
	}
}
