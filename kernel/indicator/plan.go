package indicator

import (
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
)

// elapsed returns the per cent of the time from start to due that is gone on a day (时间进度), 0 to 100; the day
// itself is gone, so that it is 100 on the due day.
func (g *Goal) elapsed(on calendar.Date) money.Decimal {
	gone, total := g.days(on)
	return percent(gone, total)
}

// days returns how many days from the start to a day, both included, are gone, and of how many.
func (g *Goal) days(on calendar.Date) (gone, total money.Decimal) {
	all := max(int64(g.Due-g.Start)+1, 1)
	return money.Int(min(max(int64(on-g.Start)+1, 0), all)), money.Int(all)
}

// planned returns the plan on a day (序时进度), in the figure's unit, and false where the shape has none.
func (g *Goal) planned(on calendar.Date) (money.Decimal, bool) {
	switch g.Shape {
	case Accumulate:
		return g.onCurve(on, money.Zero, true)
	case Level:
		from, has := g.origin()
		switch {
		case has && !g.better(g.Target.Value, from):
			return g.Target.Value, true // nothing to gain: the level is to be held from the first day
		case !has && len(g.Curve) == 0:
			return money.Zero, false
		}
		return g.onCurve(on, from, has)
	case Growth, Ceiling:
		return g.limit()
	case Zero:
		return money.Zero, true
	}
	return money.Zero, false
}

// origin returns the level from which a level sets out: its base, if that is one of the same unit.
func (g *Goal) origin() (from money.Decimal, has bool) {
	if g.Base == nil || g.Base.Unit != g.Target.Unit {
		return money.Zero, false
	}
	return g.Base.Value, true
}

// onCurve reads the plan curve, or the straight line from a value to the target. From the due day on it is the target.
// Within a month that has a point the plan goes evenly by days to that point; in months without one it stands. Where it
// is not known from which value the goal sets out, there is no plan before the first point.
func (g *Goal) onCurve(on calendar.Date, from money.Decimal, known bool) (money.Decimal, bool) {
	if on >= g.Due {
		return g.Target.Value, true
	}
	if len(g.Curve) == 0 {
		gone, total := g.days(on)
		return line(from, g.Target.Value, gone, total), known
	}
	month, before := Month(on), from
	for _, p := range g.Curve {
		switch {
		case p.Month > month:
			return before, known
		case p.Month == month && !known:
			return p.Value, true
		case p.Month == month:
			return line(before, p.Value, money.Int(dayOf(on)), money.Int(dayOf(on.MonthEnd()))), true
		}
		before, known = p.Value, true
	}
	return before, known
}

func dayOf(d calendar.Date) int64 {
	_, _, day := d.Civil()
	return int64(day)
}

// limit returns what a rate or ceiling is held against, in the figure's unit: the target itself if figures are
// rates, or the level that the target makes of the base (再下降15%: 85 % of the base). It is false when that needs a
// base that is not known.
func (g *Goal) limit() (money.Decimal, bool) {
	if !g.isOfLevels() {
		return g.Target.Value, !g.NeedsBase()
	}
	change := g.Target.Value
	if strings.HasPrefix(g.Target.Op, "decline") {
		change = change.Neg()
	}
	if g.Target.Unit != "%" { // an absolute change
		return add(g.Base.Value, change), true
	}
	return quo(mul(g.Base.Value, add(money.Hundred, change)), money.Hundred).Round(valuePlaces), true
}

// isOfLevels reports whether the target is a change, and the figures are the levels that it makes of a base.
func (g *Goal) isOfLevels() bool {
	return g.isRate() && g.Base != nil && g.Base.Unit != g.Target.Unit
}
