package reports

import (
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Preset is a usual way in which a plan grows over its months.
type Preset string

// The presets. A straight line needs no points; the others are written out and may be changed month by month.
const (
	StraightLine Preset = "line"
	QuarterSteps Preset = "quarters" // 按季: what a quarter is to bring is there at its end
	BuildSeason  Preset = "season"   // 施工季: April to October, as the north-east builds
)

// Presets are the presets with their words.
func Presets() []Choice {
	return []Choice{
		{string(StraightLine), name.Text{ZH: "均匀推进（逐月等量）", EN: "evenly, month by month"}},
		{string(QuarterSteps), name.Text{ZH: "按季推进（每季末到位）", EN: "by quarters, at the end of each"}},
		{string(BuildSeason), name.Text{ZH: "施工季推进（4月至10月）", EN: "in the building season, April to October"}},
	}
}

// maxCurve is how many months a plan may have.
const maxCurve = 60

// PlanMonths returns the months of a plan from start to due, at most 60.
func PlanMonths(start, due calendar.Date) (months []string) {
	if start == 0 || due < start {
		return nil
	}
	for d := start; len(months) < maxCurve; d = d.MonthEnd() + 1 {
		m := indicator.Month(d)
		months = append(months, m)
		if m == indicator.Month(due) {
			break
		}
	}
	return months
}

// PlanCurve writes a preset out for terms: the value planned by the end of each month, from nothing, or from the base
// of a level, to the target at the due month. A shape that is judged against its target at any time has no curve, nor
// has a straight line, which the reading draws by itself.
func PlanCurve(p Preset, t *indicator.Terms) []indicator.Point {
	if p != QuarterSteps && p != BuildSeason || t.Shape != indicator.Accumulate && t.Shape != indicator.Level {
		return nil
	}
	months := PlanMonths(t.Start, t.Due)
	from := money.Zero
	if t.Shape == indicator.Level && t.Base != nil {
		from = t.Base.Value
	}
	steps, whole := make([]int64, len(months)), int64(0)
	for i, m := range months {
		steps[i] = presetStep(p, m, i == len(months)-1)
		whole += steps[i]
	}
	if whole == 0 {
		return nil
	}
	curve, done := make([]indicator.Point, 0, len(months)), int64(0)
	for i, m := range months {
		done += steps[i]
		v, ok := partOf(from, t.Target.Value, done, whole)
		if !ok {
			return nil
		}
		curve = append(curve, indicator.Point{Month: m, Value: v})
	}
	return curve
}

// presetStep is the share of the whole that a month brings, in parts. A plan that ends before its quarter does
// still brings that quarter's months.
func presetStep(p Preset, month string, last bool) int64 {
	n := int64(month[5]-'0')*10 + int64(month[6]-'0')
	switch {
	case p == BuildSeason && n >= 4 && n <= 10:
		return 1
	case p == QuarterSteps && n%3 == 0:
		return 3
	case p == QuarterSteps && last:
		return n % 3
	}
	return 0
}

// partOf returns from + (to − from) × part ÷ whole, rounded to the target's own digits; all of it is exactly to.
func partOf(from, to money.Decimal, part, whole int64) (money.Decimal, bool) {
	if part == whole {
		return to, true
	}
	way, err := to.Sub(from)
	if err != nil {
		return from, false
	}
	way, err = way.Mul(money.Int(part))
	if err != nil {
		return from, false
	}
	if way, err = way.Quo(money.Int(whole)); err != nil {
		return from, false
	}
	v, err := from.Add(way.Round(max(to.Places(), from.Places())))
	return v, err == nil
}
