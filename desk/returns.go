package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// This file is how returns move goals: what the statistics office reports by matters of a kind stands as a figure with each goal on the
// indicator, and what is derived of several indicators is worked out for every month for which all of them are known.

// isOf reports whether a return with such fields is of an indicator.
func isOf(r *indicator.Returns, fields map[string]string) bool {
	for key, v := range r.Where {
		if fields[key] != v {
			return false
		}
	}
	return true
}

// returned carries what an act on a return says on to the goals on its indicators: a figure that nobody has looked at yet as a quick one, what somebody else
// has verified as confirmed, or as corrected where a confirmed one stands. A period longer than a month moves the month that it ends with, and a text that
// is no period is refused. Goals that the platform counts are left alone.
func (b *Batch) returned(p *part, by name.Actor, dec *matter.Decision) error {
	for def := range b.d.Packs().Indicators() {
		r := def.Returns
		if r == nil || r.Of != p.def.Ref || !isOf(r, p.matter.Fields) {
			continue
		}
		month, ok := field.EndMonth(p.matter.Fields[r.Period])
		if !ok {
			if dec.Change.Fields[r.Period] != "" { // what nobody can read would move no goal, and nobody would notice
				return fault.Refuse(fault.ErrInvalid, "not-period", r.Period)
			}
			continue
		}
		value, verified := p.matter.Fields[r.Value], dec.Change.Verb == matter.Verify
		if v := dec.Change.Fields[r.Value]; !verified {
			if value = v; v == "" && r.Quick != "" {
				value = dec.Change.Fields[r.Quick]
			}
		}
		v, err := money.Parse(value)
		if err != nil {
			continue // this act says nothing of it
		}
		if err := b.carry(p, by, def.Ref, indicator.Figure{Period: month, Value: v, Cause: p.stream}, verified); err != nil {
			return err
		}
	}
	return nil
}

// carry records a figure on every goal on an indicator in the figure's year.
func (b *Batch) carry(p *part, by name.Actor, ref string, f indicator.Figure, verified bool) error {
	ids, err := b.d.goalsOn(b.ctx, ref, f.Period[:4])
	if err != nil {
		return err
	}
	for _, id := range ids {
		g, err := b.goalPart(id)
		if err != nil {
			return err
		}
		if err := b.take(g, by, f, verified, p.matter.Number); err != nil {
			return err
		}
	}
	return nil
}

// takeReturns records on a goal what was returned of its indicator in its year before it was published: a goal set in autumn begins with the figures of
// spring. Of several returns for one month the newest says what it is.
func (b *Batch) takeReturns(p *part, r *indicator.Returns) error {
	page, err := b.d.returnRows(b.ctx, r, nil)
	if err != nil {
		return err
	}
	for _, row := range slices.Backward(page.Rows) { // the oldest first, as they came
		m, err := b.d.loadMatter(b.ctx, row.Stream)
		if err != nil {
			return err
		}
		month, ok := field.EndMonth(m.Fields[r.Period])
		if !ok || month[:4] != yearText(p.goal.Year) || m.Phase == matter.Stopped {
			continue
		}
		v, err := money.Parse(cmp.Or(m.Fields[r.Value], m.Fields[r.Quick]))
		if err != nil {
			continue // nothing is reported yet
		}
		verified := slices.Contains(verifiedPhases, m.Phase)
		if err := b.take(p, name.System, indicator.Figure{Period: month, Value: v, Cause: m.ID}, verified, m.Number); err != nil {
			return err
		}
	}
	return nil
}

// take records a figure of a return on a goal in the standings that it has there; number is that of the return.
func (b *Batch) take(p *part, by name.Actor, f indicator.Figure, verified bool, number string) error {
	for _, s := range standings(p.goal, f, verified) {
		if f.Standing = s; s == indicator.Corrected {
			f.Note = number
		}
		body, err := p.goal.Record(f, by)
		if err != nil {
			return err
		}
		if err := b.add(p, by, indicator.Recorded, f.Note, body); err != nil {
			return err
		}
	}
	return nil
}

// standings are the standings in which a figure is recorded on a goal, one after the other; none where it says nothing new.
func standings(g *indicator.Goal, f indicator.Figure, verified bool) []indicator.Standing {
	series := g.Series()
	i := slices.IndexFunc(series, func(x indicator.Figure) bool { return x.Period == f.Period })
	firm := i >= 0 && series[i].Standing != indicator.Quick
	same := i >= 0 && series[i].Value.Cmp(f.Value) == 0
	switch {
	case g.Feed.Mode != indicator.Reported, firm && (!verified || same), !verified && same, g.Closed != 0 && !(firm && verified):
		return nil
	case firm:
		return []indicator.Standing{indicator.Corrected}
	case !verified:
		return []indicator.Standing{indicator.Quick}
	case i < 0:
		return []indicator.Standing{indicator.Quick, indicator.Confirmed}
	}
	return []indicator.Standing{indicator.Confirmed}
}

// goalsOn returns the goals on an indicator in a year, at most 500.
func (d *Desk) goalsOn(ctx context.Context, ref, year string) (ids []name.ID, err error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "indicator", Kinds: []string{GoalKind},
		Facets: []journal.Facet{{Name: "indicator", Text: ref}, {Name: "year", Text: year}}, Order: journal.ByOpened, Limit: 500})
	for _, r := range page.Rows {
		ids = append(ids, r.Stream)
	}
	return ids, err
}

// derive records the figures of a derived goal for every month of its year for which every operand has one. What stands already is left.
func (b *Batch) derive(p *part, def *indicator.Definition) error {
	known := map[string]map[string]money.Decimal{}
	for _, ref := range def.Operands {
		var err error
		if known[ref], err = b.d.seriesOf(b.ctx, ref, p.goal.Year); err != nil || len(known[ref]) == 0 {
			return err
		}
	}
	stands := map[string]money.Decimal{}
	for _, f := range p.goal.Series() {
		stands[f.Period] = f.Value
	}
	for _, period := range slices.Sorted(maps.Keys(known[def.Operands[0]])) {
		facts := map[string]money.Decimal{}
		for _, ref := range def.Operands {
			if v, ok := known[ref][period]; ok {
				facts[ref] = v
			}
		}
		if len(facts) < len(def.Operands) {
			continue
		}
		v, err := formula(def, facts)
		if err != nil {
			return err
		}
		if old, has := stands[period]; has && old.Cmp(v) == 0 {
			continue
		}
		body, err := p.goal.Record(indicator.Figure{Period: period, Value: v, Standing: indicator.Confirmed, Rows: int64(len(facts))}, name.System)
		if err != nil {
			return err
		}
		if err := b.add(p, name.System, indicator.Recorded, "", body); err != nil {
			return err
		}
	}
	return nil
}

// seriesOf returns the figures of an indicator in a year by month: those of the first goal on it, and where it has none those of its returns that
// somebody has verified.
func (d *Desk) seriesOf(ctx context.Context, ref string, year int) (map[string]money.Decimal, error) {
	series := map[string]money.Decimal{}
	if def, ok := d.Packs().Indicator(ref); ok && def.Returns != nil {
		if err := d.readReturns(ctx, def.Returns, yearText(year), series); err != nil {
			return nil, err
		}
	}
	ids, err := d.goalsOn(ctx, ref, yearText(year))
	if err != nil || len(ids) == 0 {
		return series, err
	}
	g, err := d.loadGoal(ctx, ids[0])
	if err != nil {
		return nil, err
	}
	for _, f := range g.Series() {
		series[f.Period] = f.Value
	}
	return series, nil
}

// Beside is the indicator that is shown beside another, with its newest figure of a year.
type Beside struct {
	Definition *indicator.Definition
	Month      string // 2023-09; empty while there is no figure
	Value      money.Decimal
}

// BesideOf returns what stands beside the indicator of a goal, with the figure of the goal's year; false where nothing does.
func (d *Desk) BesideOf(ctx context.Context, g *GoalView) (b Beside, ok bool, err error) {
	if g.Definition == nil {
		return b, false, nil
	}
	if b.Definition, ok = d.Packs().Indicator(g.Definition.Beside); !ok {
		return b, false, nil
	}
	series, err := d.seriesOf(ctx, b.Definition.Ref, g.Year)
	for month, v := range series {
		if month > b.Month {
			b.Month, b.Value = month, v
		}
	}
	return b, true, err
}

// readReturns adds the verified figures of returns of a year; of two for one month the newer one.
func (d *Desk) readReturns(ctx context.Context, r *indicator.Returns, year string, series map[string]money.Decimal) error {
	page, err := d.returnRows(ctx, r, verifiedPhases)
	for _, row := range slices.Backward(page.Rows) { // newest first: what comes later here is newer
		body := map[string]string{}
		if err := json.Unmarshal(row.Body, &body); err != nil {
			return err
		}
		month, ok := field.EndMonth(body[r.Period])
		if v, err := money.Parse(body[r.Value]); err == nil && ok && month[:4] == year {
			series[month] = v
		}
	}
	return err
}

// verifiedPhases are the phases of a return whose figure somebody else has verified.
var verifiedPhases = []matter.Phase{matter.Verified, matter.Closed, matter.Archived}

// returnRows returns the returns of an indicator in such phases, in any where there are none given, the newest first, at most 500.
func (d *Desk) returnRows(ctx context.Context, r *indicator.Returns, in []matter.Phase) (journal.Page, error) {
	k, ok := d.Packs().Kind(r.Of)
	if !ok {
		return journal.Page{}, nil
	}
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{r.Of}, Order: journal.ByOpened, Limit: 500}
	for _, key := range slices.Sorted(maps.Keys(r.Where)) {
		q.Facets = append(q.Facets, journal.Facet{Name: key, Text: r.Where[key]})
	}
	for _, s := range k.States {
		if slices.Contains(in, s.Phase) {
			q.States = append(q.States, s.Key)
		}
	}
	return d.store.Rows(ctx, q)
}

// feeders are the keys under which the desk remembers that a goal follows others: the kind of matter that it is counted from, or for a derived one each
// operand and the kind by which it is returned.
func (d *Desk) feeders(def *indicator.Definition) (keys []string) {
	if def.Count != nil {
		keys = append(keys, def.Count.Of)
	}
	for _, ref := range def.Operands {
		keys = append(keys, operand+ref)
		if o, ok := d.Packs().Indicator(ref); ok && o.Returns != nil {
			for _, key := range returnsKeys(o.Returns) {
				if !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

// returnsKeys are the keys of the returns of an indicator: their kind with the first of the facets by which they are known, or the kind alone.
func returnsKeys(r *indicator.Returns) []string {
	for _, key := range slices.Sorted(maps.Keys(r.Where)) {
		return []string{facetKey(r.Of, key, r.Where[key])}
	}
	return []string{r.Of}
}

func facetKey(kind, facet, value string) string { return kind + "?" + facet + "=" + value }

// following returns the goals that follow what a row shows: those counted from its kind, and those derived of what a return with its facets is of; of a goal's
// row those derived of its indicator.
func (d *Desk) following(r *journal.Row) (ids []name.ID) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if r.Noun == "indicator" {
		if def := d.measuredBy(r); def != nil {
			return slices.Clone(d.feeds[operand+def.Ref])
		}
		return nil
	}
	ids = slices.Clone(d.feeds[r.Kind])
	for _, f := range r.Facets {
		ids = append(ids, d.feeds[facetKey(r.Kind, f.Name, f.Text)]...)
	}
	return ids
}

// operand begins the key of an indicator that others are derived of.
const operand = "operand:"
