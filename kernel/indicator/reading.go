package indicator

import (
	"bihuan/ground/calendar"
	"bihuan/ground/money"
)

// Light is the light of a goal.
type Light string

// The lights. Grey is for what cannot be judged: no figure yet, or no base.
const (
	Green  Light = "green"
	Yellow Light = "yellow"
	Red    Light = "red"
	Grey   Light = "grey"
)

// Thresholds are the district's limits for lights, in percentage points behind plan.
// Source of the defaults: a published city rule (10–30 points behind is yellow, more is red); parameters of the district.
type Thresholds struct {
	Yellow money.Decimal // more than this behind plan is yellow
	Red    money.Decimal // more than this is red
}

// DefaultThresholds are 10 and 30 percentage points.
func DefaultThresholds() Thresholds { return Thresholds{money.Int(10), money.Int(30)} }

// Reading is where a goal stands on a day.
type Reading struct {
	On       calendar.Date
	Has      bool          // whether there is a figure
	Figure   Figure        // the latest one
	Actual   money.Decimal // its value
	Planned  money.Decimal // what the plan wants by the figure's month, or by On without one; in the figure's unit
	HasPlan  bool
	Progress money.Decimal // per cent of the target reached; not clamped
	Gap      money.Decimal // percentage points against plan, negative is behind
	Elapsed  money.Decimal // per cent of the time gone
	Reached  bool
	Light    Light
	Why      Why
	Required money.Decimal // for Accumulate: what is still needed for each working day that is left; 0 when reached or over
	DaysLeft int           // working days from On to Due, 0 when over
}

// Why is the reason for a light, a closed set that the catalogue words.
type Why string

// The reasons.
const (
	WhyOnPlan      Why = "on-plan"      // 符合序时进度
	WhyReached     Why = "reached"      // 已达目标
	WhyBehind      Why = "behind"       // 落后序时进度
	WhyOverdue     Why = "overdue"      // 逾期未达
	WhyNoFigure    Why = "no-figure"    // 尚无数据
	WhyNoBase      Why = "no-base"      // 缺少基数
	WhyOverLimit   Why = "over-limit"   // 超过上限
	WhyOccurred    Why = "occurred"     // 发生了不应发生的
	WhyNotYet      Why = "not-yet"      // 未到节点
	WhySoon        Why = "soon"         // 临近节点
	WhyBelowTarget Why = "below-target" // 低于目标水平
)

var hundred = money.Int(100)

// Read returns where the goal stands on a day. cal counts the working days that are left.
//
// By shape: Accumulate and Level against the plan (a curve, or a straight line from nothing or the
// base), Growth against the target at any time, Ceiling and Zero against the limit at any time,
// Milestone against its date. A figure is judged against the plan of its own month, so that a goal
// reported monthly does not turn red on the first of the next.
func (g *Goal) Read(on calendar.Date, cal *calendar.Calendar, th Thresholds) Reading {
	r := Reading{On: on, Light: Grey, Why: WhyNoFigure}
	r.Elapsed = g.elapsed(on)
	if g.Due >= on {
		r.DaysLeft = cal.WorkingBetween(on-1, g.Due)
	}
	r.Figure, r.Has = g.Latest(on)
	r.Actual = r.Figure.Value
	r.Planned, r.HasPlan = g.planned(g.judgedOn(&r))
	switch g.Shape {
	case Accumulate:
		g.readAccumulate(&r, th)
	case Level:
		g.readLevel(&r, th)
	case Growth, Ceiling:
		g.readRate(&r, th)
	case Zero:
		g.readZero(&r)
	case Milestone:
		g.readMilestone(&r)
	}
	return r
}

// judgedOn is the day whose plan the figure is held against: the end of the figure's month, or the day itself if that is
// earlier, or if the figure is counted and therefore always of the day.
func (g *Goal) judgedOn(r *Reading) calendar.Date {
	if !r.Has || g.Feed.Mode == Counted {
		return r.On
	}
	end, err := calendar.ParseDate(r.Figure.Period + "-01")
	if err != nil {
		return r.On
	}
	if end = end.MonthEnd(); r.On < end {
		return r.On
	}
	if r.Figure.Period < Month(r.On-35) {
		return r.On // more than a month old: judged by today
	}
	return end
}

// elapsed returns the per cent of the time from start to due that is gone on a day, 0 to 100.
func (g *Goal) elapsed(on calendar.Date) money.Decimal {
	total := int(g.Due-g.Start) + 1
	gone := int(on-g.Start) + 1
	if total <= 0 || gone >= total {
		return hundred
	}
	if gone <= 0 {
		return money.Int(0)
	}
	return percent(money.Int(int64(gone)), money.Int(int64(total)))
}

// planned returns the plan on a day, in the figure's unit, and false where the shape has none.
func (g *Goal) planned(on calendar.Date) (money.Decimal, bool) {
	switch g.Shape {
	case Accumulate:
		return g.onCurve(on, money.Int(0)), true
	case Level:
		if g.Base == nil || g.Base.Unit != g.Target.Unit {
			if len(g.Curve) == 0 {
				return money.Decimal{}, false
			}
			return g.onCurve(on, money.Int(0)), true
		}
		return g.onCurve(on, g.Base.Value), true
	case Growth, Ceiling:
		return g.limit()
	case Zero:
		return money.Int(0), true
	}
	return money.Decimal{}, false
}

// onCurve reads the plan curve, or the straight line from a value to the target.
func (g *Goal) onCurve(on calendar.Date, from money.Decimal) money.Decimal {
	if on >= g.Due {
		return g.Target.Value
	}
	if len(g.Curve) == 0 {
		return line(from, g.Target.Value, g.elapsed(on), hundred)
	}
	month := Month(on)
	before := from
	for _, p := range g.Curve {
		if p.Month == month {
			return line(before, p.Value, money.Int(dayOf(on)), money.Int(dayOf(on.MonthEnd())))
		}
		if p.Month > month {
			break
		}
		before = p.Value
	}
	return before
}

func dayOf(d calendar.Date) int64 {
	_, _, day := d.Civil()
	return int64(day)
}

// line returns from + (to − from) × part ÷ whole.
func line(from, to, part, whole money.Decimal) money.Decimal {
	return must(from.Add(must(must(must(to.Sub(from)).Mul(part)).Quo(whole)))).Round(4)
}

// must drops an error that values within the limits of a goal (15 digits) cannot cause; where it occurs all
// the same the result is 0, which no light mistakes for good.
func must(d money.Decimal, err error) money.Decimal {
	if err != nil {
		return money.Decimal{}
	}
	return d
}

func percent(part, whole money.Decimal) money.Decimal {
	if whole.IsZero() {
		return money.Int(0)
	}
	return must(must(part.Mul(hundred)).Quo(whole)).Round(2)
}

func (g *Goal) readAccumulate(r *Reading, th Thresholds) {
	if !r.Has {
		g.unknown(r, th)
		return
	}
	r.Progress = percent(r.Actual, g.Target.Value)
	r.Gap = must(r.Progress.Sub(percent(r.Planned, g.Target.Value)))
	r.Reached = !r.Actual.Less(g.Target.Value)
	if !r.Reached && r.DaysLeft > 0 {
		r.Required = must(must(g.Target.Value.Sub(r.Actual)).Quo(money.Int(int64(r.DaysLeft)))).Round(2)
	}
	g.byGap(r, th)
}

func (g *Goal) readLevel(r *Reading, th Thresholds) {
	if !r.Has {
		g.unknown(r, th)
		return
	}
	from := money.Int(0)
	if g.Base != nil && g.Base.Unit == g.Target.Unit {
		from = g.Base.Value
	}
	r.Reached = !g.better(g.Target.Value, r.Actual)
	way := must(g.Target.Value.Sub(from))
	if !way.IsZero() {
		r.Progress = percent(must(r.Actual.Sub(from)), way)
	}
	if !r.HasPlan { // a level without base or curve is due at its date and not before
		g.byDate(r, WhyBelowTarget)
		return
	}
	if !way.IsZero() {
		r.Gap = must(r.Progress.Sub(percent(must(r.Planned.Sub(from)), way)))
	}
	g.byGap(r, th)
}

// better reports whether a is strictly better than b in the goal's direction.
func (g *Goal) better(a, b money.Decimal) bool {
	if g.Lower {
		return a.Less(b)
	}
	return b.Less(a)
}

// limit returns what a rate or ceiling is held against, in the figure's unit: the target itself if figures are
// rates, or the level that the target makes of the base. It is false when that needs a base that is not known.
func (g *Goal) limit() (money.Decimal, bool) {
	if !g.isRate() || g.Base == nil {
		return g.Target.Value, !g.NeedsBase()
	}
	if g.Base.Unit == g.Target.Unit { // figures are rates like the base
		return g.Target.Value, true
	}
	change := g.Target.Value
	if hasPrefix(g.Target.Op, "decline") {
		change = change.Neg()
	}
	if g.Target.Unit != "%" { // an absolute change
		return must(g.Base.Value.Add(change)), true
	}
	return must(must(g.Base.Value.Mul(must(hundred.Add(change)))).Quo(hundred)).Round(4), true
}

// readRate judges growth, decline and ceilings: at any time against the target.
func (g *Goal) readRate(r *Reading, th Thresholds) {
	if !r.Has {
		g.unknown(r, th)
		return
	}
	if !r.HasPlan {
		r.Why = WhyNoBase
		return
	}
	lower := g.lowerIsBetter()
	short := must(r.Planned.Sub(r.Actual))
	if lower {
		short = short.Neg()
	}
	r.Reached = short.Sign() <= 0
	r.Progress = percent(r.Actual, r.Planned)
	if !r.Planned.IsZero() {
		r.Gap = percent(short.Neg(), r.Planned.Abs())
	} else {
		r.Gap = short.Neg()
	}
	g.byGap(r, th)
	if r.Light != Green {
		if r.Why = WhyBelowTarget; lower {
			r.Why = WhyOverLimit
		}
	}
}

// lowerIsBetter reports the direction of the figures: of a decline reported as a rate, more is better;
// of the level behind it, less is.
func (g *Goal) lowerIsBetter() bool {
	if hasPrefix(g.Target.Op, "decline") {
		return g.Base != nil && g.Base.Unit != g.Target.Unit
	}
	return g.Shape == Ceiling || g.Lower
}

func (g *Goal) readZero(r *Reading) {
	if !r.Has {
		return
	}
	if r.Reached = r.Actual.Sign() <= 0; r.Reached {
		r.Light, r.Why, r.Progress = Green, WhyReached, hundred
		return
	}
	r.Light, r.Why, r.Gap = Red, WhyOccurred, r.Actual.Neg()
}

func (g *Goal) readMilestone(r *Reading) {
	if r.Reached = r.Has && r.Actual.Sign() > 0; r.Reached {
		r.Light, r.Why, r.Progress = Green, WhyReached, hundred
		return
	}
	r.Light, r.Why = Green, WhyNotYet
	if !r.Elapsed.Less(money.Int(80)) {
		r.Light, r.Why = Yellow, WhySoon
	}
	if g.Due < r.On {
		r.Light, r.Why = Red, WhyOverdue
	}
}

// unknown judges a goal without any figure: grey, but red once its date has passed, and yellow once the plan
// wants more than the yellow threshold allows without anybody having reported.
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

// byDate sets the light of what is due at a date and not before.
func (g *Goal) byDate(r *Reading, why Why) {
	switch {
	case r.Reached:
		r.Light, r.Why = Green, WhyReached
	case g.Due < r.On:
		r.Light, r.Why = Red, WhyOverdue
	case !r.Elapsed.Less(money.Int(80)):
		r.Light, r.Why = Yellow, why
	default:
		r.Light, r.Why = Green, WhyNotYet
	}
}
