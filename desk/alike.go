package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/engine/duplicate"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Probe is what somebody is about to report or to merge.
type Probe struct {
	Kind   string
	Class  string // code, empty while nobody knows
	Place  string // "lng,lat"; without it nothing is found
	Text   string
	At     int64   // µs; 0: now
	Except name.ID // the matter itself
}

// Alike is a matter that may be of the same thing.
type Alike struct {
	Row       journal.Row
	DistanceM int
	Hours     int     // apart
	Words     float64 // 0 to 1: how much of the words is alike
}

// mostNear is how many matters near a place are read in full, and mostAlike how many are proposed.
const (
	mostNear  = 100
	mostAlike = 5
)

// Alike returns the matters of the kind, as far as the caller may read them, that may be of the same thing: see [duplicate.Find].
// What was ended without being done is left out.
func (d *Desk) Alike(ctx context.Context, who Caller, p Probe) ([]Alike, error) {
	return d.alike(ctx, p, d.Scope(who, access.MatterRead, access.Matter), reportOf)
}

// PublicAlike is [Desk.Alike] for whoever reports at a door: among what is public, by what is public of it, and the rows hold nothing else. A kind that
// keeps the place to the house has none: how far away a quarrel in a family is would tell the house. Nor are words that it keeps compared: what is found
// or not would tell whether a name stands there.
func (d *Desk) PublicAlike(ctx context.Context, p Probe) ([]Alike, error) {
	all, err := d.alike(ctx, p, d.Scope(Nobody, access.PublicRead, access.Matter), func(k *matter.Kind, m *matter.Matter) duplicate.Report {
		open := *m
		open.Fields = d.PublicFields(k, m.Fields)
		r := reportOf(k, &open)
		if text := field.KeyOf(k.Fields, field.LongText); p.Class != "" && !slices.Contains(k.Public, text) {
			r.Text = "" // the class says as much as the title
		}
		return r
	})
	for i := range all {
		v, err := d.PublicMatter(ctx, all[i].Row.Stream)
		if err != nil {
			return nil, err
		}
		row, err := matterRow(v.Def, &v.Matter)
		if err != nil {
			return nil, err
		}
		row.Number = all[i].Row.Number
		all[i].Row = *row
	}
	return all, err
}

func (d *Desk) alike(ctx context.Context, p Probe, scope journal.Scope, asReport func(*matter.Kind, *matter.Matter) duplicate.Report) (all []Alike, err error) {
	at, err := geo.ParsePoint(strings.TrimSpace(p.Place))
	if err != nil {
		return nil, nil // nobody has said where yet
	}
	if p.At == 0 {
		p.At = d.world.Now()
	}
	window := int64(duplicate.WithinHours * 3.6e9)
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: scope, Noun: ledger.Matter, Kinds: []string{p.Kind},
		Box: geo.Around(at, duplicate.WithinM), Opened: journal.Between{From: p.At - window, Until: p.At + window + 1}, Order: journal.ByOpened, Limit: mostNear})
	if err != nil {
		return nil, err
	}
	var rows []journal.Row
	var reports []duplicate.Report
	for _, r := range page.Rows {
		m, err := d.loadMatter(ctx, r.Stream)
		if err != nil {
			return nil, err
		}
		k, err := d.kindOf(&m)
		if err != nil {
			return nil, err
		}
		if m.ID == p.Except || m.Phase == matter.Stopped {
			continue
		}
		rows = append(rows, r)
		reports = append(reports, asReport(k, &m))
	}
	for _, h := range duplicate.Find(duplicate.Report{Class: p.Class, Place: at, At: p.At, Text: p.Text}, reports) {
		if len(all) < mostAlike {
			all = append(all, Alike{rows[h.Index], int(h.DistanceM + 0.5), int(h.Hours), h.Alike})
		}
	}
	return all, nil
}

// reportOf is a matter as a report of something: its class, its place, and what was said in its title and its longest text.
func reportOf(k *matter.Kind, m *matter.Matter) duplicate.Report {
	r := duplicate.Report{Key: string(m.ID), Place: placeOf(k.Fields, m.Fields), At: m.Opened, Text: m.Title()}
	if f := pointing(k.Fields, "class"); f != nil {
		r.Class = m.Fields[f.Key]
	}
	if key := field.KeyOf(k.Fields, field.LongText); key != "" {
		r.Text += "\n" + m.Fields[key]
	}
	return r
}

// ProbeOf is the probe that a matter itself makes: what it may be merged into.
func ProbeOf(v *MatterView) Probe {
	r := reportOf(v.Def, &v.Matter)
	p := Probe{Kind: v.Kind, Class: r.Class, Text: r.Text, At: v.Opened, Except: v.ID}
	if !r.Place.IsZero() {
		p.Place = r.Place.String()
	}
	return p
}

// mergeTarget returns the link of a merger: the matter into which another one goes, by its id or number. It refuses what is not
// there or may not be read, the matter itself, one of another kind, and one that has come to an end without being done.
func (b *Batch) mergeTarget(p *part, who Caller, into string) (matter.Link, error) {
	no := func(code string) (matter.Link, error) {
		return matter.Link{}, fault.Refuse(fault.ErrInvalid, code, "into", "value", into)
	}
	if into = strings.TrimSpace(into); into == "" {
		if split, err := b.wasSplit(p.stream); err != nil || split {
			return matter.Link{}, err
		}
		return no("merge-into-missing")
	}
	m, err := b.named(who, into)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return no("merge-into-unknown")
	case err != nil:
		return matter.Link{}, err
	case m.ID == p.stream:
		return no("merge-into-itself")
	case m.Kind != p.matter.Kind:
		return no("merge-into-other")
	case m.Phase == matter.Stopped:
		return no("merge-into-ended")
	}
	return matter.Link{Kind: matter.MergedInto, To: m.ID}, nil
}

// named returns the matter that somebody names by its id or number, as far as they may read it: what they may not read is as
// absent as what is not there. It wraps [fault.ErrNotFound].
func (b *Batch) named(who Caller, what string) (matter.Matter, error) {
	id := name.ID(what)
	if _, err := name.ParseID(what); err != nil {
		page, err := b.d.store.Rows(b.ctx, journal.Query{Log: b.d.world.District, Now: b.d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Numbers: []string{what}, Order: journal.ByOpened, Limit: 1})
		if err != nil {
			return matter.Matter{}, err
		}
		if len(page.Rows) == 0 {
			return matter.Matter{}, fmt.Errorf("matter %q: %w", what, fault.ErrNotFound)
		}
		id = page.Rows[0].Stream
	}
	m, err := b.d.loadMatter(b.ctx, id)
	if err != nil {
		return m, err
	}
	if b.d.allow(who, access.MatterRead, b.d.object(&m)) != nil {
		return matter.Matter{}, fmt.Errorf("matter %q: %w", what, fault.ErrNotFound)
	}
	return m, nil
}

// takeOver gives the matter into which p was just merged the earlier starts of p's clocks.
func (b *Batch) takeOver(p *part, by name.Actor) error {
	last := p.events[len(p.events)-1]
	if last.Type != "matter."+string(matter.Merge) {
		return nil
	}
	into := p.matter.Linked(matter.MergedInto)
	if len(into) == 0 {
		return nil // it was split, and goes on in its parts
	}
	survivor, err := b.matterPart(into[len(into)-1])
	if err != nil {
		return err
	}
	dec, earlier, err := matter.TakeOver(survivor.def, survivor.matter, p.matter, b.d.Env(), last.Reason)
	if err != nil || !earlier {
		return err
	}
	actor := name.System
	actor.For = by.Person
	return b.decide(survivor, actor, dec)
}

// wasSplit reports whether a matter was split into others: it goes on in all of them, and ends without naming one.
func (b *Batch) wasSplit(id name.ID) (bool, error) {
	for _, p := range b.parts {
		if p.matter != nil && slices.Contains(p.matter.Linked(matter.SplitFrom), id) {
			return true, nil
		}
	}
	d, ctx := b.d, b.ctx
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter,
		Facets: []journal.Facet{{Name: facetLink, Text: string(id)}}, Order: journal.ByOpened, Limit: 100})
	if err != nil {
		return false, err
	}
	for _, r := range page.Rows {
		m, err := d.loadMatter(ctx, r.Stream)
		if err != nil {
			return false, err
		}
		if slices.Contains(m.Linked(matter.SplitFrom), id) {
			return true, nil
		}
	}
	return false, nil
}

// Survivor returns the matter that has taken another one up, through however many mergers: itself where it was not merged.
func (d *Desk) Survivor(ctx context.Context, id name.ID) (name.ID, error) {
	for range 20 {
		m, err := d.loadMatter(ctx, id)
		if err != nil {
			return id, fmt.Errorf("survivor: %w", err)
		}
		into := m.Linked(matter.MergedInto)
		if len(into) == 0 {
			return id, nil
		}
		id = into[len(into)-1]
	}
	return id, nil
}
