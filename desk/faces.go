package desk

import (
	"context"
	"fmt"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Faces call the parts of packs by these names, so that they need not know the pack language.
type (
	PackList     = pack.List     // PackList is a list that a pack gives its face
	PackTemplate = pack.Template // PackTemplate is a form of words that a pack fills in
	PackOffer    = pack.Pack     // PackOffer is what a pack brings, before it is installed and after
)

// ListAsk is what somebody narrows a pack's list to.
type ListAsk struct {
	Facets map[string]string
	State  string
	Unit   name.Unit
	Text   string
	Cursor string
	Limit  int
}

// orders are a list's orders as the rows know them.
var orders = map[string]journal.Order{"due": journal.ByDue, "opened": journal.ByOpened, "number": journal.ByNumber, "title": journal.ByTitle}

// List returns a page of a pack's list, of what the caller may read.
func (d *Desk) List(ctx context.Context, who Caller, l *PackList, ask ListAsk) (journal.Page, error) {
	q := d.listQuery(l, ask)
	if _, ok := d.Packs().Register(l.Of); ok {
		return d.recordsOf(ctx, who, l.Of, q)
	}
	return d.Worklist(ctx, who, q)
}

// CountList returns how many rows a pack's list has for the caller; [MostCounted] for as many or more.
func (d *Desk) CountList(ctx context.Context, who Caller, l *PackList, ask ListAsk) (n int64, err error) {
	q := d.listQuery(l, ask)
	if _, ok := d.Packs().Register(l.Of); !ok {
		return d.counted(ctx, who, q)
	}
	if _, some, err := d.found(&q, d.bestRecords(ctx, who, l.Of)); err != nil || !some {
		return 0, err
	}
	q.Log, q.Now, q.Noun, q.Scope = d.world.District, d.world.Now(), "record", d.Scope(who, access.RegisterRead, access.Register)
	buckets, err := d.store.Tally(ctx, journal.Tally{Query: q, Most: MostCounted})
	if err != nil {
		return 0, err
	}
	return buckets[0].Count, nil
}

// counted counts the matters of a question up to [MostCounted].
func (d *Desk) counted(ctx context.Context, who Caller, q journal.Query) (n int64, err error) {
	buckets, err := d.Tally(ctx, who, journal.Tally{Query: q, Most: MostCounted})
	if err != nil || len(buckets) == 0 { // what is looked for stands nowhere
		return 0, err
	}
	return buckets[0].Count, nil
}

func (d *Desk) listQuery(l *PackList, ask ListAsk) journal.Query {
	q := journal.Query{Kinds: []string{l.Of}, States: l.States, Order: orders[l.Order], Text: ask.Text, Cursor: ask.Cursor, Limit: ask.Limit}
	if q.Order == "" {
		q.Order = journal.ByDue
		if _, ok := d.Packs().Register(l.Of); ok {
			q.Order = journal.ByNumber
		}
	}
	if l.Open != "" {
		open := l.Open == "yes"
		q.Open = &open
	}
	if ask.State != "" && (len(l.States) == 0 || slices.Contains(l.States, ask.State)) {
		q.States = []string{ask.State}
	}
	if ask.Unit != "" {
		q.Units = []name.Unit{ask.Unit}
	}
	for _, w := range l.Where {
		q.Facets = append(q.Facets, journal.Facet{Name: w.Facet, Text: w.Value})
	}
	fields := d.FacetsOf(l.Of)
	for i := range fields {
		f := &fields[i]
		if v := ask.Facets[f.Key]; v != "" {
			q.Facets = append(q.Facets, facet(f, f.Key, v))
		}
	}
	return q
}

// FacetsOf returns the fields by which rows of a kind or register can be filtered, without those that every row has.
func (d *Desk) FacetsOf(ref string) (fields []field.Field) {
	var all []field.Field
	var facets []string
	if k, ok := d.Packs().Kind(ref); ok {
		all, facets = k.Fields, k.Facets
	} else if k, ok := d.Packs().Register(ref); ok {
		all, facets = k.Fields, k.Facets
	}
	for _, key := range facets {
		if f := field.Find(all, key); f != nil {
			fields = append(fields, *f)
		}
	}
	return fields
}

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

// RegisterAsk is what somebody asks of a register.
type RegisterAsk struct {
	Text   string
	On     calendar.Date // only records valid on the day; 0 for all
	Facets map[string]string
	Cursor string
	Limit  int
}

// Register returns a page of the records of a register.
func (d *Desk) Register(ctx context.Context, who Caller, ref string, ask RegisterAsk) (journal.Page, error) {
	if _, ok := d.Packs().Register(ref); !ok {
		return journal.Page{}, fmt.Errorf("register %s: %w", ref, fault.ErrNotFound)
	}
	l := &PackList{Of: ref, Order: "number"}
	q := d.listQuery(l, ListAsk{Text: ask.Text, Facets: ask.Facets, Cursor: ask.Cursor, Limit: ask.Limit})
	if ask.On != 0 {
		q.Opened.Until = int64(ask.On.Start()) + 1
	}
	page, err := d.recordsOf(ctx, who, ref, q)
	if err != nil || ask.On == 0 {
		return page, err
	}
	day := int64(ask.On.Start())
	page.Rows = slices.DeleteFunc(page.Rows, func(r journal.Row) bool { return !isValid(&r, day) })
	return page, nil
}

// recordsOf is [Desk.Records] of one register, found by its text too.
func (d *Desk) recordsOf(ctx context.Context, who Caller, register string, q journal.Query) (journal.Page, error) {
	more, some, err := d.found(&q, d.bestRecords(ctx, who, register))
	if err != nil || !some {
		return journal.Page{}, err
	}
	page, err := d.Records(ctx, who, q)
	page.Found = more
	return page, err
}

// Holders returns the units that hold open matters of a kind as far as the caller may see them, those with most first.
func (d *Desk) Holders(ctx context.Context, who Caller, kind string) (units []name.Unit, err error) {
	yes := true
	buckets, err := d.Tally(ctx, who, journal.Tally{Query: journal.Query{Kinds: []string{kind}, Open: &yes}, By: "unit"})
	slices.SortStableFunc(buckets, func(a, b journal.Bucket) int { return int(b.Count - a.Count) })
	for _, b := range buckets {
		units = append(units, name.Unit(b.Key))
	}
	return units, err
}
