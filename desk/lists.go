package desk

import (
	"context"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
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
