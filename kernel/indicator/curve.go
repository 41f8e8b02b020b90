package indicator

import (
	"bihuan/ground/calendar"
	"bihuan/ground/money"
)

// Preset is a usual way in which a plan grows over its months.
type Preset string

// The presets. Their rhythms are ours; a district's own plan replaces them month by month.
const (
	StraightLine Preset = "line"     // 均匀推进: by days, the default of 序时进度
	QuarterSteps Preset = "quarters" // 按季推进: what a quarter is to bring is there at its end
	BuildSeason  Preset = "season"   // 施工季: April to October; in the north-east building stops for the winter
)

// Presets are all presets in the order of the documentation.
var Presets = []Preset{StraightLine, QuarterSteps, BuildSeason}

// maxMonths is how many months a plan written out by a preset may have.
const maxMonths = 60

// Months returns the months from start to due, both included, in order: at most 60, and none if due lies before start.
func Months(start, due calendar.Date) (months []string) {
	for d := start; start != 0 && d <= due && len(months) < maxMonths; d = d.MonthEnd() + 1 {
		months = append(months, Month(d))
	}
	return months
}

// Curve writes a preset out: one point for each month from start to due, the value planned by its end on the way from
// one value to another. The last one is the target. Values are rounded to the digits that the two have. It is nil for
// no months, for more than 60, and for a season that lies wholly outside the plan.
func Curve(p Preset, start, due calendar.Date, from, target money.Decimal) []Point {
	months := Months(start, due)
	if len(months) == 0 || months[len(months)-1] != Month(due) {
		return nil
	}
	steps, whole := make([]int64, len(months)), int64(0)
	for i := range months {
		steps[i] = p.step(start, due, i, months)
		whole += steps[i]
	}
	if whole == 0 {
		return nil
	}
	curve, done := make([]Point, len(months)), int64(0)
	for i, m := range months {
		done += steps[i]
		curve[i] = Point{Month: m, Value: part(from, target, done, whole)}
	}
	return curve
}

// step is the share of the whole that a month brings, in parts: its days for a straight line, otherwise months.
func (p Preset) step(start, due calendar.Date, i int, months []string) int64 {
	first := start
	if i > 0 {
		first, _ = calendar.ParseDate(months[i] + "-01") // made by Months
	}
	last := i == len(months)-1
	_, n, _ := first.Civil()
	switch {
	case p == StraightLine:
		return int64(min(first.MonthEnd(), due)-first) + 1
	case p == BuildSeason && n >= 4 && n <= 10:
		return 1
	case p == QuarterSteps && n%3 == 0:
		return 3
	case p == QuarterSteps && last:
		return int64(n % 3) // a plan that ends before its quarter does brings that quarter's months
	}
	return 0
}

// part returns from + (to − from) × done ÷ whole to the digits of the two; the whole is exactly to.
func part(from, to money.Decimal, done, whole int64) money.Decimal {
	if done == whole {
		return to
	}
	way := quo(mul(sub(to, from), money.Int(done)), money.Int(whole))
	return add(from, way.Round(max(from.Places(), to.Places())))
}
