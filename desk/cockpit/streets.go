package cockpit

import (
	"context"

	"bihuan/desk"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// StreetView is a street with what is open in it and what its office has promised.
type StreetView struct {
	desk.Street
	Open   int64
	Lights map[indicator.Light]int // of open matters in the street
	Goals  []desk.GoalView         // that the street's office leads, of the year
	Worst  indicator.Light         // the worst light there is, empty for none
}

// Streets returns every street with its open matters by light, as far as the caller may read them.
func (r *Room) Streets(ctx context.Context, who desk.Caller, year int) (all []StreetView, err error) {
	goals, err := r.desk.AllGoals(ctx, who, year)
	if err != nil {
		return nil, err
	}
	yes := true
	for _, s := range r.desk.Directory().Streets {
		v := StreetView{Street: s, Lights: map[indicator.Light]int{}}
		buckets, err := r.desk.Tally(ctx, who, journal.Tally{By: "light", Query: journal.Query{Open: &yes, Area: s.Code}})
		if err != nil {
			return nil, err
		}
		for _, b := range buckets {
			l := indicator.Light(b.Key)
			if _, known := gravity[l]; !known {
				l = indicator.Grey
			}
			v.Lights[l] += int(b.Count)
			v.Open += b.Count
		}
		for _, g := range goals {
			if g.Lead == s.Unit && s.Unit != "" {
				v.Goals = append(v.Goals, g)
			}
		}
		for l, n := range v.Lights {
			if n > 0 && (v.Worst == "" || gravity[l] > gravity[v.Worst]) {
				v.Worst = l
			}
		}
		all = append(all, v)
	}
	return all, nil
}
