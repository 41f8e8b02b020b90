package reports

import (
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Preset is a usual way in which a plan grows over its months.
type Preset = indicator.Preset

// The presets. A straight line needs no points; the others are written out and may be changed month by month.
const (
	StraightLine = indicator.StraightLine
	QuarterSteps = indicator.QuarterSteps
	BuildSeason  = indicator.BuildSeason
)

// Presets are the presets with their words.
func Presets() []Choice {
	return []Choice{
		{string(StraightLine), name.Text{ZH: "均匀推进（逐月等量）", EN: "evenly, month by month"}},
		{string(QuarterSteps), name.Text{ZH: "按季推进（每季末到位）", EN: "by quarters, at the end of each"}},
		{string(BuildSeason), name.Text{ZH: "施工季推进（4月至10月）", EN: "in the building season, April to October"}},
	}
}

// PlanCurve writes a preset out for terms: the value planned by the end of each month, from nothing, or from the base
// of a level, to the target at the due month. A shape that is judged against its target at any time has no curve, nor
// has a straight line, which the reading draws by itself.
func PlanCurve(p Preset, t *indicator.Terms) []indicator.Point {
	if p != QuarterSteps && p != BuildSeason || t.Shape != indicator.Accumulate && t.Shape != indicator.Level {
		return nil
	}
	from := money.Zero
	if t.Shape == indicator.Level && t.Base != nil {
		from = t.Base.Value
	}
	return indicator.Curve(p, t.Start, t.Due, from, t.Target.Value)
}
