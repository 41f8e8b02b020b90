package pack

import (
	"fmt"
	"slices"

	"bihuan/ground/field"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// Scorecards returns all scorecards in the order of the packs.
func (s *Set) Scorecards() (all []*indicator.Scorecard) {
	for _, p := range s.packs {
		for i := range p.Scorecards {
			all = append(all, &p.Scorecards[i])
		}
	}
	return all
}

// Scorecard returns the scorecard with the ref.
func (s *Set) Scorecard(ref string) (*indicator.Scorecard, bool) {
	for _, c := range s.Scorecards() {
		if c.Ref == ref {
			return c, true
		}
	}
	return nil, false
}

// ScoreFields are what the counts of a scorecard over a kind may speak of: state, unit and area, the measures, and every field
// that a row keeps.
func ScoreFields(k *matter.Kind) []field.Field {
	var keys []string
	for _, f := range k.Fields {
		if kept(&f) {
			keys = append(keys, f.Key)
		}
	}
	fields := rowFields(k, k.Fields, keys)
	for _, f := range matter.MeasureFields() {
		if field.Find(fields, f.Key) == nil {
			fields = append(fields, f)
		}
	}
	return fields
}

// kept reports whether a row keeps a field's value: neither personal nor long.
func kept(f *field.Field) bool {
	return !f.Class.IsPersonal() && !slices.Contains([]field.Kind{field.LongText, field.Table, field.Shape, field.File, field.Units}, f.Kind)
}

// scorecards compiles the scorecards over the pack's own kinds.
func (u *unit) scorecards() {
	u.twice(keysOfAll(u.syntax.Scorecards, func(s scorecardSyntax) word { return s.Scorecard }))
	for i := range u.syntax.Scorecards {
		s := &u.syntax.Scorecards[i]
		k := u.kindRef(s.Of)
		if k == nil {
			continue
		}
		c := indicator.Scorecard{Ref: u.pack.Name + "/" + s.Scorecard.Text, Version: u.pack.Hash, Words: s.Words.text(), Of: k.Ref, Clock: s.Clock.Text, By: plain(s.By)}
		u.scoreClock(s, k)
		u.scoreBy(s, k)
		u.scoreCounts(s, k, &c)
		u.scoreRates(s, &c)
		for _, b := range s.Bands {
			c.Bands = append(c.Bands, indicator.ScoreBand{From: number(b.From), Words: b.Words.text(), Light: indicator.Light(b.Light.Text)})
		}
		slices.SortStableFunc(c.Bands, func(a, b indicator.ScoreBand) int { return b.From - a.From })
		u.pack.Scorecards = append(u.pack.Scorecards, c)
	}
}

// scoreClock marks the clock by which the kind is measured; a kind has one.
func (u *unit) scoreClock(s *scorecardSyntax, k *matter.Kind) {
	var clocks []string
	for _, c := range k.Clocks {
		clocks = append(clocks, c.Key)
	}
	if !u.one(s.Clock, "clock", clocks) {
		return
	}
	if k.Measured != "" && k.Measured != s.Clock.Text {
		u.add(s.Clock.At, "scorecard-two", "kind", k.Ref, "clock", k.Measured)
		return
	}
	if c := k.Clock(s.Clock.Text); len(c.Decides) > 0 {
		u.add(s.Clock.At, "scorecard-decides", "clock", c.Key)
		return
	}
	k.Measured = s.Clock.Text
}

// scoreBy checks the fields to break down by: those whose values repeat.
func (u *unit) scoreBy(s *scorecardSyntax, k *matter.Kind) {
	u.twice(s.By)
	for _, w := range s.By {
		if !u.one(w, "field", keysOfFields(k.Fields)) {
			continue
		}
		f := field.Find(k.Fields, w.Text)
		if !slices.Contains([]field.Kind{field.Choice, field.Record, field.Unit, field.Person}, f.Kind) || f.Class.IsPersonal() {
			u.add(w.At, "scorecard-by", "field", w.Text)
		}
	}
}

func (u *unit) scoreCounts(s *scorecardSyntax, k *matter.Kind, c *indicator.Scorecard) {
	u.twice(keysOfAll(s.Counts, func(x scoreCountSyntax) word { return x.Count }))
	if len(s.Counts) > indicator.MaxScoreCounts {
		u.add(s.Scorecard.At, "scorecard-many", "n", fmt.Sprint(len(s.Counts)), "most", fmt.Sprint(indicator.MaxScoreCounts))
	}
	fields := ScoreFields(k)
	for _, x := range s.Counts {
		u.rule(x.Where, fields)
		c.Counts = append(c.Counts, indicator.ScoreCount{Key: x.Count.Text, Words: x.Words.text(), Cohort: indicator.Cohort(x.Cohort.Text), Where: x.Where.Text})
	}
}

func (u *unit) scoreRates(s *scorecardSyntax, c *indicator.Scorecard) {
	u.twice(keysOfAll(s.Rates, func(x scoreRateSyntax) word { return x.Rate }))
	counts := plain(keysOfAll(s.Counts, func(x scoreCountSyntax) word { return x.Count }))
	sum := 0
	for _, x := range s.Rates {
		u.one(x.Part, "count", counts)
		u.one(x.Whole, "count", counts)
		weight := number(x.Weight)
		sum += weight
		c.Rates = append(c.Rates, indicator.ScoreRate{Key: x.Rate.Text, Words: x.Words.text(), Part: x.Part.Text, Whole: x.Whole.Text, Weight: weight, Lower: x.Direction.Text == "lower"})
	}
	if sum != 0 && sum != 100 {
		u.add(s.Scorecard.At, "scorecard-weights", "sum", fmt.Sprint(sum))
	}
}
