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

// Lights are the lights, trouble first.
var Lights = []Light{Red, Yellow, Green, Grey}

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
	Gap      money.Decimal // percentage points against plan, negative is behind; for Zero how often it occurred, negative
	Elapsed  money.Decimal // per cent of the time gone
	Reached  bool
	Light    Light
	Why      Why
	Required money.Decimal // for Accumulate: what is still needed for each working day that is left, all of it when none is; 0 when reached or over
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

// Read returns where the goal stands on a day. cal counts the working days that are left.
//
// By shape: Accumulate and Level against the plan (a curve, or a straight line from nothing or the
// base), Growth against the target at any time, Ceiling and Zero against the limit at any time,
// Milestone against its date. A figure is judged against the plan of its own month, so that a goal
// reported monthly does not turn red on the first of the next. Values outside the limits of a goal,
// which [Publish] and [Goal.Record] refuse, are read as very large.
func (g *Goal) Read(on calendar.Date, cal *calendar.Calendar, th Thresholds) Reading {
	r := Reading{On: on, Light: Grey, Why: WhyNoFigure, Elapsed: g.elapsed(on)}
	if g.Due >= on {
		r.DaysLeft = cal.WorkingBetween(on-1, g.Due)
	}
	r.Figure, r.Has = g.Latest(on)
	r.Actual = r.Figure.Value
	r.Planned, r.HasPlan = g.planned(g.judgedOn(&r))
	if judge := judges[g.Shape]; judge != nil {
		judge(g, &r, th)
	}
	return r
}
