package boards

import (
	"context"
	"fmt"
	"slices"

	"bihuan/desk"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Overview is how the matters of one kind stand, as far as somebody may read them.
type Overview struct {
	Kind   *matter.Kind
	States []StateCount
	Units  []UnitCount // with most open matters first
	Areas  []AreaCount
	Months []MonthCount // the last twelve, oldest first
	Open   int64
	Late   int64
	Closed int64
	Next   []journal.Row // open ones by due time
}

// StateCount is a state with how many matters are in it.
type StateCount struct {
	State *matter.State
	Count int64
}

// UnitCount is a unit with how many open matters it holds, and how many of them are late.
type UnitCount struct {
	Unit       name.Unit
	Open, Late int64
}

// AreaCount is an area with how many open matters of each light lie in it.
type AreaCount struct {
	Area   string
	Lights map[string]int64
	Open   int64
}

// MonthCount is a month with how many matters were opened and closed in it.
type MonthCount struct {
	Month          string
	Opened, Closed int64
}

// mostNext is how many open matters an overview shows over time.
const mostNext = 30

// Overview returns how the matters of a kind stand that the caller may read.
func (r *Room) Overview(ctx context.Context, who desk.Caller, k *matter.Kind) (b Overview, err error) {
	b.Kind = k
	yes := true
	all := journal.Query{Kinds: []string{k.Ref}}
	open := journal.Query{Kinds: []string{k.Ref}, Open: &yes}
	late := open
	late.Lights = []string{string(matter.Red)}
	for _, step := range []func() error{
		func() error { return r.countStates(ctx, who, all, &b) },
		func() error { return r.countUnits(ctx, who, open, late, &b) },
		func() error { return r.countAreas(ctx, who, open, &b) },
		func() error { return r.countMonths(ctx, who, all, &b) },
	} {
		if err := step(); err != nil {
			return b, fmt.Errorf("overview of %s: %w", k.Ref, err)
		}
	}
	open.Order, open.Limit = journal.ByDue, mostNext
	page, err := r.desk.Worklist(ctx, who, open)
	b.Next = page.Rows
	return b, err
}

func (r *Room) countStates(ctx context.Context, who desk.Caller, q journal.Query, b *Overview) error {
	buckets, err := r.desk.Tally(ctx, who, journal.Tally{Query: q, By: "state"})
	for i := range b.Kind.States {
		s := StateCount{State: &b.Kind.States[i]}
		for _, x := range buckets {
			if x.Key == s.State.Key {
				s.Count = x.Count
			}
		}
		if s.State.Phase.IsOpen() {
			b.Open += s.Count
		} else {
			b.Closed += s.Count
		}
		b.States = append(b.States, s)
	}
	return err
}

func (r *Room) countUnits(ctx context.Context, who desk.Caller, open, late journal.Query, b *Overview) error {
	buckets, err := r.desk.Tally(ctx, who, journal.Tally{Query: open, By: "unit"})
	if err != nil {
		return err
	}
	behind, err := r.desk.Tally(ctx, who, journal.Tally{Query: late, By: "unit"})
	for _, x := range buckets {
		u := UnitCount{Unit: name.Unit(x.Key), Open: x.Count}
		for _, y := range behind {
			if y.Key == x.Key {
				u.Late = y.Count
				b.Late += y.Count
			}
		}
		b.Units = append(b.Units, u)
	}
	slices.SortStableFunc(b.Units, func(a, c UnitCount) int { return int(c.Open - a.Open) })
	return err
}

func (r *Room) countAreas(ctx context.Context, who desk.Caller, open journal.Query, b *Overview) error {
	if field.Find(b.Kind.Fields, "area") == nil {
		return nil
	}
	for _, light := range []matter.Light{matter.Red, matter.Yellow, matter.Green, matter.Grey, matter.NoLight} {
		q := open
		if light != matter.NoLight {
			q.Lights = []string{string(light)}
		}
		buckets, err := r.desk.Tally(ctx, who, journal.Tally{Query: q, By: "area"})
		if err != nil {
			return err
		}
		for _, x := range buckets {
			if x.Key == "" {
				continue
			}
			a := b.area(x.Key)
			if light == matter.NoLight {
				a.Open = x.Count
			} else {
				a.Lights[string(light)] = x.Count
			}
		}
	}
	return nil
}

func (b *Overview) area(code string) *AreaCount {
	for i := range b.Areas {
		if b.Areas[i].Area == code {
			return &b.Areas[i]
		}
	}
	b.Areas = append(b.Areas, AreaCount{Area: code, Lights: map[string]int64{}})
	return &b.Areas[len(b.Areas)-1]
}

func (r *Room) countMonths(ctx context.Context, who desk.Caller, q journal.Query, b *Overview) error {
	first := firstOf(r.desk.Today())
	for i := 11; i >= 0; i-- {
		from := first.AddMonths(-i)
		until := from.MonthEnd() + 1
		m := MonthCount{Month: from.String()[:7]}
		between := journal.Between{From: int64(from.Start()), Until: int64(until.Start())}
		opened, closed := q, q
		opened.Opened, closed.Closed = between, between
		for _, x := range []struct {
			q  journal.Query
			to *int64
		}{{opened, &m.Opened}, {closed, &m.Closed}} {
			buckets, err := r.desk.Tally(ctx, who, journal.Tally{Query: x.q})
			if err != nil {
				return err
			}
			for _, y := range buckets {
				*x.to += y.Count
			}
		}
		b.Months = append(b.Months, m)
	}
	return nil
}
