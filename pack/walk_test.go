package pack_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// walker drives one matter of one kind at random.
type walker struct {
	set   *pack.Set
	k     *matter.Kind
	env   matter.Env
	m     matter.Matter
	at    int64
	ended bool
}

var walkUnits = []name.Unit{"office", "housing", "supervision", "statistics"}

// value draws a value that fits a field.
func (w *walker) value(t *rapid.T, f *field.Field) string {
	day := calendar.Instant(w.at).Date() + calendar.Date(rapid.IntRange(1, 200).Draw(t, "days"))
	switch f.Kind {
	case field.Integer, field.Decimal, field.Money:
		n := rapid.IntRange(1, 40).Draw(t, "n")
		if least, err := strconv.Atoi(f.Min); err == nil {
			n = max(n, least)
		}
		return strconv.Itoa(n)
	case field.Date:
		return day.String()
	case field.Instant:
		return day.String() + "T09:00"
	case field.Choice:
		return rapid.SampledFrom(f.Options).Draw(t, "option").Key
	case field.YesNo:
		return rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "yes-no")
	case field.Unit, field.Units:
		return string(rapid.SampledFrom(walkUnits).Draw(t, "unit"))
	case field.Place:
		return "125.37,43.86"
	case field.File:
		return strings.Repeat("a", 64)
	case field.Table:
		var rows [][]string
		for range rapid.IntRange(1, 2).Draw(t, "rows") {
			var row []string
			for i := range f.Columns {
				row = append(row, w.value(t, &f.Columns[i]))
			}
			rows = append(rows, row)
		}
		b, _ := json.Marshal(rows)
		return string(b)
	}
	return "p" + strconv.Itoa(rapid.IntRange(1, 5).Draw(t, "person"))
}

// command draws a command for an act, most of the time by somebody who may do it and with all that it asks for.
func (w *walker) command(t *rapid.T, a *matter.Act) matter.Command {
	by := rapid.SampledFrom(a.By).Draw(t, "by")
	unit := rapid.SampledFrom([]name.Unit{w.m.Holder.Unit, w.m.Issuer.Unit, w.m.Giver.Unit, w.env.Supervision, "office"}).Draw(t, "actor's unit")
	person := rapid.SampledFrom([]name.Person{w.m.Holder.Person, "p1", "p2", "p3", "p4"}).Draw(t, "actor")
	if unit == "" {
		unit = "office"
	}
	if person == "" {
		person = "p5"
	}
	c := matter.Command{ID: "walk", Act: a.Key, At: w.at, With: map[string]string{}, Reason: "r", Units: rapid.IntRange(1, 3).Draw(t, "units"),
		Actor: name.Actor{Person: person, Unit: unit, Role: by.Role}}
	if by.Part == matter.Platform {
		c.Actor = name.System
	}
	for _, in := range a.Form {
		f := field.Find(w.k.Fields, in.Field)
		if in.Required || rapid.Bool().Draw(t, "fill "+in.Field) {
			c.With[in.Field] = w.value(t, f)
		}
	}
	for _, n := range a.Evidence {
		for i := range n.Min {
			c.Evidence = append(c.Evidence, matter.Evidence{Kind: n.Kind, File: strings.Repeat(strconv.Itoa(i%10), 64), Text: "t"})
		}
	}
	for _, e := range a.Clocks {
		ck := w.k.Clock(e.Clock)
		if e.Op == matter.Hold && len(ck.Pauses) > 0 {
			c.Code = ck.Pauses[0].Code
		}
		if e.Op == matter.Lengthen {
			c.Clock = e.Clock
			if now := w.m.Clock(e.Clock); now != nil && now.Until != "" {
				d, _ := calendar.ParseDate(now.Until)
				c.Until = (d + 2).String()
			}
		}
	}
	return c
}

// apply applies a decision and says which promise of every pack that compiles is broken.
func (w *walker) apply(actor name.Actor, d *matter.Decision) error {
	body, err := json.Marshal(d.Change)
	if err != nil {
		return err
	}
	if w.m, err = matter.Apply(w.m, &ledger.Event{Stream: "x", Version: w.m.Version + 1, At: w.at, Actor: actor, Type: d.Type, Body: body}); err != nil {
		return err
	}
	s := w.k.State(w.m.State)
	if s == nil || s.Phase != w.m.Phase {
		return fmt.Errorf("%s: %s leaves the states of the kind: %q in phase %q", w.k.Ref, d.Change.Act, w.m.State, w.m.Phase)
	}
	if w.m.IsOpen() && w.m.Holder.Unit == "" {
		return fmt.Errorf("%s: after %s the matter is nobody's", w.k.Ref, d.Change.Act)
	}
	if a := w.k.Act(d.Change.Act); a != nil && !w.m.IsOpen() && !w.ended {
		for _, c := range w.m.Running() {
			if !slices.Contains(a.Clocks, matter.ClockEffect{Op: matter.Start, Clock: c.Key}) {
				return fmt.Errorf("%s: after %s the clock %s runs on", w.k.Ref, a.Key, c.Key)
			}
		}
	}
	w.ended = !w.m.IsOpen()
	for _, o := range d.Raises {
		if k, ok := w.set.Kind(o.Kind); !ok || len(k.Opening()) == 0 {
			return fmt.Errorf("%s: %s raises %s, which cannot be opened", w.k.Ref, d.Change.Act, o.Kind)
		}
	}
	return nil
}

// walk walks one kind at random.
func walk(t *rapid.T, set *pack.Set, k *matter.Kind, reached map[string]int) error {
	cal, err := calendar.New(nil, nil)
	if err != nil {
		return err
	}
	w := &walker{set: set, k: k, env: matter.Env{Calendar: cal, Supervision: "supervision"}}
	start, _ := calendar.ParseInstant("2023-03-01T09:00")
	w.at = int64(start)
	for range rapid.IntRange(5, 40).Draw(t, "steps") {
		w.at += int64(rapid.IntRange(1, 30).Draw(t, "later")) * 8 * 3_600_000_000
		var may []*matter.Act
		for i := range w.k.Acts {
			if a := &w.k.Acts[i]; w.m.Version == 0 == (len(a.From) == 0) && (len(a.From) == 0 || slices.Contains(a.From, w.m.State)) {
				may = append(may, a)
			}
		}
		if len(may) == 0 {
			break
		}
		a := rapid.SampledFrom(may).Draw(t, "act")
		c := w.command(t, a)
		d, err := matter.Decide(w.k, &w.m, c, w.env)
		if err != nil {
			continue
		}
		reached[w.k.Ref+" "+a.Key]++
		if err := w.apply(c.Actor, &d); err != nil {
			return err
		}
		for _, fired := range matter.Tick(w.k, &w.m, w.at, w.env) {
			if err := w.apply(name.System, &fired); err != nil {
				return err
			}
		}
		if again := matter.Tick(w.k, &w.m, w.at, w.env); len(again) > 0 {
			return fmt.Errorf("%s: a rung fires twice: %+v", w.k.Ref, again[0].Change.Rung)
		}
	}
	return nil
}

// TestWalks walks every kind of every pack at random: whatever is done, the matter stays within its states, is
// somebody's, fires each rung once, and leaves no clock running when it has come to its end.
func TestWalks(t *testing.T) {
	set, err := carried()
	if err != nil {
		t.Fatal(err)
	}
	reached := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		if err := walk(t, set, rapid.SampledFrom(set.Kinds()).Draw(t, "kind"), reached); err != nil {
			t.Fatal(err)
		}
	})
	acts := 0
	for _, k := range set.Kinds() {
		acts += len(k.Acts)
	}
	t.Logf("%d of %d acts reached", len(reached), acts)
	if len(reached) < acts/3 {
		t.Errorf("only %d of %d acts reached: the walks go nowhere", len(reached), acts)
	}
}

// TestWalksFind breaks a compiled kind as the compiler would never let it be, and the walks find each break.
func TestWalksFind(t *testing.T) {
	set, err := pack.Load(base(t))
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := set.Kind("bridge/defect")
	tests := []struct {
		name, finds string
		plant       func(k *matter.Kind)
	}{
		{"an act that leaves the clocks running", "runs on", func(k *matter.Kind) { k.Act("approve").Clocks = nil }},
		{"an opening act that leads to no state", "leaves the states", func(k *matter.Kind) { k.Act("find").To = "nowhere" }},
		{"an act that raises what is not there", "cannot be opened", func(k *matter.Kind) { k.Act("progress").Raises[0].Kind = "order/none" }},
	}
	for _, tt := range tests {
		k := *whole
		k.Acts = slices.Clone(whole.Acts)
		for i := range k.Acts {
			k.Acts[i].Raises = slices.Clone(k.Acts[i].Raises)
		}
		tt.plant(&k)
		once := rapid.Custom(func(t *rapid.T) string {
			if err := walk(t, set, &k, map[string]int{}); err != nil {
				return err.Error()
			}
			return ""
		})
		found := ""
		for seed := 0; seed < 2000 && found == ""; seed++ {
			found = once.Example(seed)
		}
		if !strings.Contains(found, tt.finds) {
			t.Errorf("%s: the walks found %q", tt.name, found)
		}
	}
}
