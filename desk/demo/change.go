package demo

import (
	"context"
	"strconv"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// changes plans what units ask to change of their goals: one asked in summer for less and was told no, one waits for its decision today.
func (b *Builder) changes(goals []desk.GoalView) {
	leader := b.as("government", "leader")
	var behind []*desk.GoalView
	for i := range goals {
		if g := &goals[i]; g.Feed.Mode == indicator.Reported && g.Shape == indicator.Accumulate && paces[i%len(paces)] < 0.9 {
			behind = append(behind, g)
		}
	}
	if len(behind) < 2 {
		return // a report of somebody else's
	}
	year := Opening.Year() + 1
	b.ask(behind[0], leader, b.working(calendar.NewDate(year, 7, 6)), func(g *desk.GoalView) indicator.Amend {
		t := g.Target
		if v, err := strconv.ParseFloat(t.Value.String(), 64); err == nil {
			t.Value = money.MustParse(round(0.8 * v))
		}
		return indicator.Amend{Target: &t}
	}, "上半年工期受汛期影响，申请按八成完成。", func(ctx context.Context, id name.ID, of int64) error {
		return b.Desk.DeclineChange(ctx, leader, "", id, of, "向人民代表大会报告过的数，不得下调；请排出赶工计划。")
	})
	b.ask(behind[1], leader, b.working(calendar.Instant(Start).Date()-3), func(g *desk.GoalView) indicator.Amend {
		due := g.Due.AddMonths(1)
		return indicator.Amend{Due: &due}
	}, "配套资金十一月底到位，申请顺延一个月。", nil)
}

// ask plans an asking for a change, and the day after what is decided, nil for nothing yet.
func (b *Builder) ask(g *desk.GoalView, leader desk.Caller, day calendar.Date, change func(*desk.GoalView) indicator.Amend, reason string, decide func(context.Context, name.ID, int64) error) {
	head := b.as(g.Lead, "head")
	b.plan(day, 11*60, func() error {
		a := change(g)
		a.Approver = leader.Person
		return b.Desk.AskChange(b.ctx, head, "", g.ID, a, reason)
	})
	if decide == nil {
		return
	}
	b.plan(b.working(day+1), 9*60+30, func() error {
		now, err := b.Desk.Goal(b.ctx, leader, g.ID)
		if err != nil {
			return err
		}
		return decide(b.ctx, g.ID, now.Pending.Version)
	})
}
