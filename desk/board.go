package desk

import (
	"context"
	"fmt"
	"slices"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Board is how the matters of one kind stand.
type Board struct {
	Kind   *matter.Kind
	States []BoardState
	Units  []BoardUnit // with most open matters first
	Areas  []BoardArea
	Months []BoardMonth // the last twelve, oldest first
	Open   int64
	Late   int64
	Closed int64
	Next   []journal.Row // open ones by due time
}

// BoardState is a state with how many matters are in it.
type BoardState struct {
	State *matter.State
	Count int64
}

// BoardUnit is a unit with how many open matters it holds, and how many of them are late.
type BoardUnit struct {
	Unit       name.Unit
	Open, Late int64
}

// BoardArea is an area with how many open matters of each light lie in it.
type BoardArea struct {
	Area   string
	Lights map[string]int64
	Open   int64
}

// BoardMonth is a month with how many matters were opened and closed in it.
type BoardMonth struct {
	Month          string
	Opened, Closed int64
}

// boardNext is how many open matters a board shows over time.
const boardNext = 30

// Board returns how the matters of a kind stand that the caller may read.
func (d *Desk) Board(ctx context.Context, who Caller, k *matter.Kind) (b Board, err error) {
	b.Kind = k
	yes := true
	all := journal.Query{Kinds: []string{k.Ref}}
	open := journal.Query{Kinds: []string{k.Ref}, Open: &yes}
	late := open
	late.Lights = []string{string(matter.Red)}
	for _, step := range []func() error{
		func() error { return d.boardStates(ctx, who, all, &b) },
		func() error { return d.boardUnits(ctx, who, open, late, &b) },
		func() error { return d.boardAreas(ctx, who, open, &b) },
		func() error { return d.boardMonths(ctx, who, all, &b) },
	} {
		if err := step(); err != nil {
			return b, fmt.Errorf("board of %s: %w", k.Ref, err)
		}
	}
	open.Order, open.Limit = journal.ByDue, boardNext
	page, err := d.Worklist(ctx, who, open)
	b.Next = page.Rows
	return b, err
}

func (d *Desk) boardStates(ctx context.Context, who Caller, q journal.Query, b *Board) error {
	buckets, err := d.Tally(ctx, who, journal.Tally{Query: q, By: "state"})
	for i := range b.Kind.States {
		s := BoardState{State: &b.Kind.States[i]}
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

func (d *Desk) boardUnits(ctx context.Context, who Caller, open, late journal.Query, b *Board) error {
	buckets, err := d.Tally(ctx, who, journal.Tally{Query: open, By: "unit"})
	if err != nil {
		return err
	}
	behind, err := d.Tally(ctx, who, journal.Tally{Query: late, By: "unit"})
	for _, x := range buckets {
		u := BoardUnit{Unit: name.Unit(x.Key), Open: x.Count}
		for _, y := range behind {
			if y.Key == x.Key {
				u.Late = y.Count
				b.Late += y.Count
			}
		}
		b.Units = append(b.Units, u)
	}
	slices.SortStableFunc(b.Units, func(a, c BoardUnit) int { return int(c.Open - a.Open) })
	return err
}

func (d *Desk) boardAreas(ctx context.Context, who Caller, open journal.Query, b *Board) error {
	if field.Find(b.Kind.Fields, "area") == nil {
		return nil
	}
	for _, light := range []matter.Light{matter.Red, matter.Yellow, matter.Green, matter.Grey, matter.NoLight} {
		q := open
		if light != matter.NoLight {
			q.Lights = []string{string(light)}
		}
		buckets, err := d.Tally(ctx, who, journal.Tally{Query: q, By: "area"})
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

func (b *Board) area(code string) *BoardArea {
	for i := range b.Areas {
		if b.Areas[i].Area == code {
			return &b.Areas[i]
		}
	}
	b.Areas = append(b.Areas, BoardArea{Area: code, Lights: map[string]int64{}})
	return &b.Areas[len(b.Areas)-1]
}

func (d *Desk) boardMonths(ctx context.Context, who Caller, q journal.Query, b *Board) error {
	this := d.Today()
	first := this - calendar.Date(dayOfMonth(this)-1)
	for i := 11; i >= 0; i-- {
		from := first.AddMonths(-i)
		until := from.MonthEnd() + 1
		m := BoardMonth{Month: from.String()[:7]}
		between := journal.Between{From: int64(from.Start()), Until: int64(until.Start())}
		opened, closed := q, q
		opened.Opened, closed.Closed = between, between
		for _, x := range []struct {
			q  journal.Query
			to *int64
		}{{opened, &m.Opened}, {closed, &m.Closed}} {
			buckets, err := d.Tally(ctx, who, journal.Tally{Query: x.q})
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

func dayOfMonth(d calendar.Date) int { _, _, day := d.Civil(); return day }
