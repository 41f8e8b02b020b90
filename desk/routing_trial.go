package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"bihuan/engine/routing"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// RouteTrial tells what a draft of a rule would change about the matters of a time.
type RouteTrial struct {
	From, Until calendar.Date // opened from the first day up to, and without, the other
	Looked      int           // matters that were looked at
	Changed     int           // that would go elsewhere
	Units       []UnitShift   // those that would get more or fewer, the largest change first
	Matters     []RouteShift  // that would go elsewhere, newest first, at most MostShifts
	Cut         bool          // there were more matters than are looked at
}

// UnitShift is how many matters a unit gets by the rules as they are and with the draft. The empty unit is nobody.
type UnitShift struct {
	Unit      name.Unit
	Now, Then int
}

// RouteShift is a matter that would go elsewhere.
type RouteShift struct {
	Row       journal.Row
	Now, Then routing.Choice
	Given     name.Unit // to whom it was given in fact, empty for nobody yet
}

// Limits of a trial: a month of a district has some thousands of matters.
const (
	MostTried  = 50_000
	MostShifts = 200
)

// TryRoute tells what a draft of a rule would change about the matters that were opened from a day up to, and without,
// another: each is sent once by the rules as they are today and once with the draft, which takes the place of the rule of
// its code. withdraw leaves the rule of that code out instead. The fields are refused as [routing.ReadRule] does.
func (d *Desk) TryRoute(ctx context.Context, who Caller, fields map[string]string, withdraw bool, from, until calendar.Date) (t RouteTrial, err error) {
	if err := d.allow(who, access.RegisterRead, access.Object{Type: access.Register}); err != nil {
		return t, err
	}
	now, err := d.Routes(ctx)
	if err != nil {
		return t, err
	}
	then := slices.DeleteFunc(slices.Clone(now), func(r routing.Rule) bool { return r.Key == fields["code"] })
	if !withdraw {
		draft, err := d.readRoute(fields)
		if err != nil {
			return t, err
		}
		then = append(then, draft)
		routing.Sort(then)
	}
	t.From, t.Until = from, until
	counts := map[name.Unit]*UnitShift{}
	f := d.facts(ctx)
	q := journal.Query{Noun: ledger.Matter, Kinds: d.routedKinds(), Order: journal.ByOpened, Opened: journal.Between{From: int64(from.Start()), Until: int64(until.Start())}}
	if len(q.Kinds) == 0 {
		return t, nil
	}
	err = d.eachRow(ctx, q, func(r *journal.Row) error {
		if t.Looked == MostTried {
			t.Cut = true
			return nil
		}
		return t.try(f, r, now, then, counts)
	})
	for _, s := range counts {
		if s.Now != s.Then {
			t.Units = append(t.Units, *s)
		}
	}
	slices.SortFunc(t.Units, func(a, b UnitShift) int {
		return cmp.Or(cmp.Compare(distance(b), distance(a)), cmp.Compare(a.Unit, b.Unit))
	})
	return t, err
}

func distance(s UnitShift) int { return max(s.Then-s.Now, s.Now-s.Then) }

// try sends one matter both ways.
func (t *RouteTrial) try(f *facts, r *journal.Row, now, then []routing.Rule, counts map[name.Unit]*UnitShift) error {
	k, ok := f.d.Packs().Kind(r.Kind)
	if !ok {
		return nil
	}
	fields := map[string]string{}
	if err := json.Unmarshal(r.Body, &fields); err != nil {
		return fmt.Errorf("matter %s: %w", r.Stream, err)
	}
	c, err := f.caseOf(k, fields, r.Opened)
	if err != nil {
		return err
	}
	t.Looked++
	s := RouteShift{Row: *r, Now: routing.Choose(now, c), Then: routing.Choose(then, c)}
	for _, u := range []name.Unit{s.Now.Unit, s.Then.Unit} {
		if counts[u] == nil {
			counts[u] = &UnitShift{Unit: u}
		}
	}
	counts[s.Now.Unit].Now++
	counts[s.Then.Unit].Then++
	if s.Now.Unit == s.Then.Unit {
		return nil
	}
	t.Changed++
	for i := range k.Acts {
		if key := routedField(k, &k.Acts[i]); key != "" {
			s.Given = cmp.Or(s.Given, name.Unit(fields[key]))
		}
	}
	if len(t.Matters) < MostShifts {
		t.Matters = append(t.Matters, s)
	}
	return nil
}

// routedKinds are the kinds of matter that are given to units by an act, and have a class.
func (d *Desk) routedKinds() (all []string) {
	for _, k := range d.Packs().Kinds() {
		if pointing(k.Fields, "class") != nil && slices.ContainsFunc(k.Acts, func(a matter.Act) bool { return routedField(k, &a) != "" }) {
			all = append(all, k.Ref)
		}
	}
	return all
}

// readRoute reads a draft: its fields by their kinds, then as a rule, then what it names.
func (d *Desk) readRoute(fields map[string]string) (routing.Rule, error) {
	k := d.registerNamed(RouteRegister)
	if k == nil {
		return routing.Rule{}, fmt.Errorf("register of rules: %w", fault.ErrNotFound)
	}
	stored := map[string]string{}
	for key, typed := range fields {
		f := field.Find(k.Fields, key)
		if f == nil {
			return routing.Rule{}, fault.Refuse(fault.ErrInvalid, "field-not-asked", key)
		}
		v, err := f.Check(typed)
		if err != nil {
			return routing.Rule{}, err
		}
		stored[key] = v
	}
	if stored[k.Title] == "" {
		return routing.Rule{}, fault.Refuse(fault.ErrInvalid, "route-field-missing", k.Title)
	}
	r, err := routing.ReadRule(stored, 0, 0)
	switch {
	case err != nil:
	case r.Unit != "" && !d.Directory().Has(r.Unit):
		err = fault.Refuse(fault.ErrInvalid, "unit-unknown", "unit")
	case r.Of != "":
		if _, known := d.Packs().Kind(r.Of); !known {
			err = fault.Refuse(fault.ErrInvalid, "route-kind-unknown", "of", "value", r.Of)
		}
	}
	return r, err
}

// PublishRoute makes a draft a rule from a day on: the rule of its code ends on that day. A day that has passed is refused,
// for what was dispatched by the old rule stands.
func (d *Desk) PublishRoute(ctx context.Context, who Caller, command string, fields map[string]string, on calendar.Date, reason string) error {
	if _, err := d.readRoute(fields); err != nil {
		return err
	}
	if on < d.Today() {
		return fault.Refuse(fault.ErrInvalid, "route-day-passed", "on")
	}
	return d.PutRecord(ctx, who, Put{Command: command, Register: d.registerNamed(RouteRegister).Ref, Fields: fields, On: on, Reason: reason})
}

// WithdrawRoute ends a rule on a day, and none takes its place.
func (d *Desk) WithdrawRoute(ctx context.Context, who Caller, command, key string, on calendar.Date, reason string) error {
	k := d.registerNamed(RouteRegister)
	switch {
	case k == nil:
		return fmt.Errorf("register of rules: %w", fault.ErrNotFound)
	case on < d.Today():
		return fault.Refuse(fault.ErrInvalid, "route-day-passed", "on")
	}
	return d.PutRecord(ctx, who, Put{Command: command, Register: k.Ref, Fields: map[string]string{k.Key: key}, On: on, End: true, Reason: reason})
}
