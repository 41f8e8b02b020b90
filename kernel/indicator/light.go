package indicator

import (
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
)

// judges has one row for every shape.
var judges = map[Shape]func(*Goal, *Reading, Thresholds){
	Accumulate: (*Goal).readAccumulate,
	Level:      (*Goal).readLevel,
	Growth:     (*Goal).readRate,
	Ceiling:    (*Goal).readRate,
	Zero:       (*Goal).readZero,
	Milestone:  (*Goal).readMilestone,
}

// readAccumulate: Gap is the completion rate beside the planned one, as offices put it (超过时间进度13.8个百分点).
func (g *Goal) readAccumulate(r *Reading, th Thresholds) {
	if !r.Has {
		g.unknown(r, th)
		return
	}
	r.Progress = percent(r.Actual, g.Target.Value)
	r.Gap = sub(r.Progress, percent(r.Planned, g.Target.Value))
	r.Reached = !r.Actual.Less(g.Target.Value)
	if !r.Reached && g.Due >= r.On {
		r.Required = quo(sub(g.Target.Value, r.Actual), money.Int(int64(max(r.DaysLeft, 1)))).Round(2)
	}
	g.byGap(r, th)
}

// readLevel: Progress is how much of the way from the base is made, or of the target where there is no way to make.
func (g *Goal) readLevel(r *Reading, th Thresholds) {
	if !r.Has {
		g.unknown(r, th)
		return
	}
	from, has := g.origin()
	way := sub(g.Target.Value, from)
	if !has || !g.better(g.Target.Value, from) {
		from, way = money.Zero, g.Target.Value
	}
	r.Progress = percent(sub(r.Actual, from), way)
	r.Reached = !g.better(g.Target.Value, r.Actual)
	if !r.HasPlan { // a level without base or curve is due at its date and not before
		g.byDate(r, WhyNotYet, WhyBelowTarget)
		return
	}
	r.Gap = g.ahead(r, way)
	g.byGap(r, th)
}

// ahead returns by how many hundredths of a whole the figure is better than the plan, negative for worse; in the
// figure's unit where the whole is nothing.
func (g *Goal) ahead(r *Reading, whole money.Decimal) money.Decimal {
	d := sub(r.Actual, r.Planned)
	if g.lowerIsBetter() {
		d = d.Neg()
	}
	if whole.IsZero() {
		return d
	}
	return percent(d, whole.Abs())
}

// better reports whether a is strictly better than b in the goal's direction.
func (g *Goal) better(a, b money.Decimal) bool {
	if g.lowerIsBetter() {
		return a.Less(b)
	}
	return b.Less(a)
}

// lowerIsBetter reports the direction of the figures: of a decline reported as a rate, more is better;
// of the level behind it, less is.
func (g *Goal) lowerIsBetter() bool {
	if strings.HasPrefix(g.Target.Op, "decline") && (g.Shape == Growth || g.Shape == Ceiling) {
		return g.isOfLevels() || g.NeedsBase()
	}
	return g.Shape == Ceiling || g.Shape == Zero || g.Lower
}

// readRate judges growth, decline and ceilings: at any time against the target. Progress and Gap are in hundredths of
// the limit, so that 9 % where 10 % are wanted is 10 points behind.
func (g *Goal) readRate(r *Reading, th Thresholds) {
	switch {
	case !r.Has:
		g.unknown(r, th)
		return
	case !r.HasPlan:
		r.Why = WhyNoBase
		return
	}
	r.Reached = !g.better(r.Planned, r.Actual)
	r.Progress = percent(r.Actual, r.Planned)
	if r.Reached && r.Planned.IsZero() {
		r.Progress = money.Hundred // of nothing there is no share, and it is kept
	}
	r.Gap = g.ahead(r, r.Planned)
	if unit, _ := money.SplitUnit(g.Target.Unit); r.Planned.IsZero() && unit == money.PercentagePoint { // of nothing there are no hundredths: a point behind the city is what ten of a whole are
		th = Thresholds{Yellow: quo(th.Yellow, money.Int(10)), Red: quo(th.Red, money.Int(10))}
	}
	if g.byGap(r, th); r.Light != Green {
		if r.Why = WhyBelowTarget; g.lowerIsBetter() {
			r.Why = WhyOverLimit
		}
	}
}

// readZero: what should not occur has occurred, or it has not.
func (g *Goal) readZero(r *Reading, th Thresholds) {
	if !r.Has {
		g.unknown(r, th)
		return
	}
	if r.Reached = r.Actual.Sign() <= 0; r.Reached {
		r.Light, r.Why, r.Progress = Green, WhyReached, money.Hundred
		return
	}
	r.Light, r.Why, r.Gap = Red, WhyOccurred, r.Actual.Neg()
}

// readMilestone: done is a figure above zero.
func (g *Goal) readMilestone(r *Reading, _ Thresholds) {
	if r.Reached = r.Has && r.Actual.Sign() > 0; r.Reached {
		r.Progress = money.Hundred
	}
	g.byDate(r, WhyNotYet, WhySoon)
}

// unknown judges a goal without any figure: grey, but red once its date has passed, and yellow once an accumulating plan
// wants more than the red threshold allows without anybody having reported.
func (g *Goal) unknown(r *Reading, th Thresholds) {
	if g.Due < r.On {
		r.Light, r.Why = Red, WhyOverdue
		return
	}
	if g.Shape == Accumulate && th.Red.Less(percent(r.Planned, g.Target.Value)) {
		r.Light = Yellow
	}
}

// byGap sets the light by the percentage points behind plan.
func (g *Goal) byGap(r *Reading, th Thresholds) {
	behind := r.Gap.Neg()
	switch {
	case r.Reached:
		r.Light, r.Why = Green, WhyReached
	case g.Due < r.On:
		r.Light, r.Why = Red, WhyOverdue
	case th.Red.Less(behind):
		r.Light, r.Why = Red, WhyBehind
	case th.Yellow.Less(behind):
		r.Light, r.Why = Yellow, WhyBehind
	default:
		r.Light, r.Why = Green, WhyOnPlan
	}
}

// soon is the per cent of the time gone from which what is due at a date is yellow; ours, as for clocks.
var soon = money.Int(80)

// byDate sets the light of what is due at a date and not before.
func (g *Goal) byDate(r *Reading, before, near Why) {
	switch {
	case r.Reached:
		r.Light, r.Why = Green, WhyReached
	case g.Due < r.On:
		r.Light, r.Why = Red, WhyOverdue
	case !r.Elapsed.Less(soon):
		r.Light, r.Why = Yellow, near
	default:
		r.Light, r.Why = Green, before
	}
}

// stale is how many days into the next month a figure is still held against the plan of its own month; ours.
const stale = 35

// judgedOn is the day whose plan the figure is held against: the end of the figure's month, or the day itself if that is
// earlier, if the figure is counted and therefore always of the day, or if the figure is more than a month old.
func (g *Goal) judgedOn(r *Reading) calendar.Date {
	end, err := calendar.ParseDate(r.Figure.Period + "-01")
	if !r.Has || err != nil || g.Feed.Mode == Counted || r.Figure.Period < Month(r.On-stale) {
		return r.On
	}
	return min(end.MonthEnd(), r.On)
}
