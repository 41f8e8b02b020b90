package desk

import (
	"cmp"
	"context"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// This file is what waits for a decision: acts that somebody asked for and that somebody else does or declines.

// AskedView is a matter in which an act was asked for.
type AskedView struct {
	Row    journal.Row
	Def    *matter.Kind
	Ask    *matter.Act   // by which it was asked for, in whose words it is told; nil where its pack has none
	Matter matter.Matter // Pending is what was asked for, never nil
	Clock  *ClockView    // by when it is to be decided, nil where the pack says nothing of it
}

// Asked returns the matters in which an act was asked for that the caller may decide, once they have proved who they are: what has
// waited longest first, 50 at most.
func (d *Desk) Asked(ctx context.Context, who Caller) ([]AskedView, error) {
	if who.IsNobody() {
		return nil, nil
	}
	var all []AskedView
	seen := map[name.ID]bool{}
	for _, party := range d.partiesOf(who) {
		page, err := d.worklist(ctx, who, opened(journal.Query{Facets: []journal.Facet{{Name: facetDecides, Text: party}}, Order: journal.ByOpened, Limit: mostAsked}), d.best(ctx, who))
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			if seen[r.Stream] {
				continue
			}
			seen[r.Stream] = true
			m, err := d.loadMatter(ctx, r.Stream)
			if err != nil {
				return nil, err
			}
			k, err := d.kindOf(&m)
			if err != nil {
				return nil, err
			}
			if m.Pending != nil && d.decides(who, k, &m) {
				v := AskedView{Row: r, Def: k, Ask: k.Asks(m.Pending.Act), Matter: m}
				if c := m.Deciding(); c != nil {
					on := d.clockView(k, *c)
					v.Clock = &on
				}
				all = append(all, v)
			}
		}
	}
	slices.SortFunc(all, func(a, b AskedView) int {
		return cmp.Or(cmp.Compare(a.Matter.Pending.At, b.Matter.Pending.At), cmp.Compare(a.Row.Stream, b.Row.Stream))
	})
	return all[:min(len(all), mostAsked)], nil
}

// decides reports whether the caller may do what was asked for.
func (d *Desk) decides(who Caller, k *matter.Kind, m *matter.Matter) bool {
	act := k.Act(m.Pending.Act)
	if act == nil {
		return false
	}
	r := d.refusal(who, k, m, act)
	return r == nil || r.Code == string(access.ProveAgain)
}

// The parts of a party that are no unit, in the facet of who decides.
const (
	anyUnit     = "*"
	supervising = "@supervision"
)

// partiesOf are the parties that a caller can be, as the facet of who decides writes them.
func (d *Desk) partiesOf(who Caller) (all []string) {
	units := []string{string(who.Unit), anyUnit}
	if who.Unit != "" && who.Unit == d.Env().Supervision {
		units = append(units, supervising)
	}
	for _, u := range units {
		for _, role := range who.Roles {
			all = append(all, u+"/"+string(role))
		}
		if u != anyUnit {
			all = append(all, u+"/")
		}
	}
	return all
}

// deciders are the parties that may decide what was asked for in a matter, as the facet writes them.
func deciders(k *matter.Kind, m *matter.Matter) (all []string) {
	act := k.Act(m.Pending.Act)
	if act == nil {
		return nil
	}
	for _, p := range act.By {
		var units []string
		switch p.Part {
		case matter.Issuer:
			units = []string{string(m.Issuer.Unit)}
		case matter.Giver:
			units = []string{string(m.Giver.Unit)}
		case matter.Holder:
			units = []string{string(m.Holder.Unit)}
		case matter.Involved:
			for _, u := range m.Assisting() {
				units = append(units, string(u))
			}
		case matter.Supervision:
			units = []string{supervising}
		case matter.Anybody, matter.Verifier:
			units = []string{anyUnit}
		}
		for _, u := range units {
			all = append(all, u+"/"+string(p.Role))
		}
	}
	return all
}
