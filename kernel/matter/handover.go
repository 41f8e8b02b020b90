package matter

import (
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// holder hands the matter over: invariant 8. Who hands it to another unit is its giver from then on.
func (d *decider) holder() error {
	h := d.act.Holder
	if h.To == Stays {
		return nil
	}
	next := d.target(h)
	if next.Unit == "" {
		return fault.Refuse(fault.ErrInvalid, "target-missing", h.Field)
	}
	if d.opens() || next.Unit != d.m.Holder.Unit {
		giver := d.actor()
		if d.c.Actor.IsSystem() {
			giver = d.issuer()
		}
		d.out.Change.Giver = &giver
	}
	d.out.Change.Holder = &next
	return nil
}

// issuer returns who set the task, also while it is being set.
func (d *decider) issuer() Hand {
	if i := d.out.Change.Issuer; i != nil {
		return *i
	}
	return d.m.Issuer
}

// target returns the hand that the act passes the matter to, the zero Hand if there is none.
func (d *decider) target(h Handover) Hand {
	switch h.To {
	case ToIssuer:
		return Hand{Unit: d.issuer().Unit}
	case ToGiver:
		return Hand{Unit: d.m.Giver.Unit}
	case ToWorker:
		return d.m.Worker
	case ToSupervision:
		return Hand{Unit: d.env.Supervision}
	case ToActor:
		return d.actor()
	case ToUnit:
		return Hand{Unit: h.Unit}
	case ToField:
		return d.named(h.Field)
	}
	return Hand{}
}

// named returns the hand that a field names: a unit, or a person of the unit that holds the matter. Without a
// person it is the unit's as a whole.
func (d *decider) named(key string) Hand {
	f := field.Find(d.k.Fields, key)
	if f == nil || f.Kind != field.Person {
		return Hand{Unit: name.Unit(d.value(key))}
	}
	unit := d.m.Holder.Unit
	if d.opens() {
		unit = d.issuer().Unit
	}
	return Hand{Unit: unit, Person: name.Person(d.value(key))}
}

// consequences gathers what else the act leads to: matters raised and a figure reported.
func (d *decider) consequences() error {
	for _, r := range d.act.Raises {
		d.out.Raises = append(d.out.Raises, d.raise(r)...)
	}
	if r := d.act.Reports; r != nil && d.reported(r.Value) != "" {
		d.out.Report = &Figure{Value: d.reported(r.Value), Period: d.reported(r.Period)}
	}
	return nil
}

// reported returns a field as this act says it: one that the form asks for and that was left out says nothing, whatever
// an earlier act said.
func (d *decider) reported(key string) string {
	_, given := d.c.With[key]
	if !given && slices.ContainsFunc(d.act.Form, func(in Input) bool { return in.Field == key }) {
		return ""
	}
	return d.value(key)
}

// raise returns the matters that the act asks for: one, or one for each row that the act adds to a table, so that a
// table that is shown again and sent again does not raise its rows twice.
func (d *decider) raise(r Raise) (all []Opening) {
	if r.Each == "" {
		return []Opening{d.opening(r, nil, nil)}
	}
	table := field.Find(d.k.Fields, r.Each)
	if table == nil {
		return nil
	}
	old := field.Rows(d.m.Fields[r.Each])
	for _, row := range field.Rows(d.out.Change.Fields[r.Each]) {
		if i := slices.IndexFunc(old, func(o []string) bool { return slices.Equal(o, row) }); i >= 0 {
			old = slices.Delete(old, i, i+1)
			continue
		}
		all = append(all, d.opening(r, table.Columns, row))
	}
	return all
}

// opening fills the fields of one raised matter, a column of the row before a field of the matter.
func (d *decider) opening(r Raise, columns []field.Field, row []string) Opening {
	fields := map[string]string{}
	for to, value := range r.Sets {
		fields[to] = value
	}
	for to, from := range r.Fields {
		fields[to] = d.value(from)
		for i := range min(len(columns), len(row)) {
			if columns[i].Key == from {
				fields[to] = row[i]
			}
		}
	}
	return Opening{Kind: r.Kind, Link: r.Link, Fields: fields, Issuer: d.actor()}
}
