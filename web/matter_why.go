package web

import (
	"bihuan/desk"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// whyView is why a field of a matter has its value, or why several have.
type whyView struct {
	Title string
	Says  string
	Rule  string // key of the rule, empty for none
}

// whys are the reasons that the platform has given for what stands in a matter: whose it is first, then where it is; what
// several fields have in common is said once.
func (q *request) whys(m *desk.MatterView) (all []whyView) {
	said := map[name.Text]int{}
	for _, units := range []bool{true, false} {
		for _, r := range m.Reasons {
			f := field.Find(m.Def.Fields, r.Field)
			if f == nil || (f.Kind == field.Unit && r.Rule != "") != units {
				continue
			}
			if at, twice := said[r.Words]; twice {
				all[at].Title += q.Says("form.comma") + f.Words.In(q.Lang)
				continue
			}
			said[r.Words] = len(all)
			w := whyView{Title: f.Words.In(q.Lang), Says: r.Words.In(q.Lang), Rule: r.Rule}
			switch {
			case units && m.Holder.Unit == q.Who.Unit && name.Unit(m.Fields[f.Key]) == q.Who.Unit:
				w.Title = q.Says("why.yours")
			case units:
				w.Title = q.Says("why.theirs", "unit", q.Unit(name.Unit(m.Fields[f.Key])).Short.In(q.Lang))
			}
			all = append(all, w)
		}
	}
	return all
}

// routeHint is what the rules say to whoever dispatches: whom they propose, why, and why no rule before.
type routeHint struct {
	Says  string
	Tried []triedView
}

// triedView is a rule that did not fit.
type triedView struct {
	Key, Rule, Why string
}

// proposed are the values with which the form of an act that gives a matter to a unit comes: the unit that the rules name,
// and why, unless the matter was given to one before. The hint is shown in any case.
func (v *actView) proposed(q *request) map[string]string {
	if v.Matter == nil {
		return nil
	}
	r, has, err := q.s.Desk.Route(q.Context(), v.Kind, v.Act, v.Matter.Fields)
	if err != nil || !has {
		return nil // without a proposal the unit is chosen by hand
	}
	v.Hint = &routeHint{Says: r.Words.In(q.Lang), Tried: q.tried(r.Tried)}
	if r.Unit == "" || v.Matter.Fields[r.Field] != "" {
		return nil
	}
	values := map[string]string{r.Field: string(r.Unit)}
	if f := field.Find(v.Kind.Fields, "why-"+r.Field); f != nil && v.Matter.Fields[f.Key] == "" {
		if words, err := f.Check(r.Words.ZH); err == nil { // the record is kept in Chinese
			values[f.Key] = words
		}
	}
	return values
}

func (q *request) tried(all []desk.RouteTried) (rows []triedView) {
	for _, t := range all {
		rows = append(rows, triedView{t.Rule.Key, t.Rule.Words.In(q.Lang), q.Says("route.miss-" + string(t.Why))})
	}
	return rows
}
