package demo

import (
	"fmt"
	"math"
	"strconv"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// paces are how fast goals move, in turn: most on plan, some ahead, some behind, one silent.
var paces = []float64{1.02, 1.08, 0.99, 1.15, 0.86, 1.01, 0.97, 1.1, 0.62, 1.04, 1.0, 0.93, 1.06, 0.8, 1.03, 0}

// promise plans the life of one goal's promise: acknowledged, reported on each month, and some of them struck off.
func (b *Builder) promise(g *desk.GoalView, n int) {
	if g.Matter == "" {
		return
	}
	handler := b.as(g.Lead, "handler")
	late := 0
	if n%17 == 11 {
		late = 4 // one in seventeen signs late
	}
	first := b.working(Opening + 2)
	signed, _ := b.Desk.Env().Calendar.AddWorking(first, late)
	b.plan(signed, 10*60, func() error {
		return b.act(handler, g.Matter, "acknowledge", desk.Do{With: map[string]string{"person": string(handler.Person)}})
	})
	pace := paces[n%len(paces)]
	done := n%9 == 4 && g.Shape == indicator.Milestone
	for month := 1; month <= 9; month++ {
		day := b.working(calendar.NewDate(Opening.Year()+1, month, 22+n%6))
		if pace == 0 && month > 3 || done && month > 7 {
			break // this one has fallen silent, or is finished
		}
		b.progress(g, handler, day, month, pace, done && month == 7)
	}
	if done {
		b.strikeOff(g, handler)
	}
}

// progress plans a monthly report; a figure goes with it where the goal is reported by hand.
func (b *Builder) progress(g *desk.GoalView, handler desk.Caller, day calendar.Date, month int, pace float64, reached bool) {
	period := fmt.Sprintf("%04d-%02d", day.Year(), month)
	with := map[string]string{"note": notes[month%len(notes)], "period": period, "public-note": "按计划推进中。"}
	if g.Feed.Mode == indicator.Reported {
		if v, ok := figure(&g.Goal, day.MonthEnd(), pace, reached); ok {
			with["done"] = v
		}
	}
	b.plan(day, 15*60, func() error { return b.act(handler, g.Matter, "report-progress", desk.Do{With: with}) })
	if g.Feed.Mode == indicator.Reported && month%3 == 0 && with["done"] != "" {
		statistician := b.nth("statistics", "statistician", month/3%2)
		b.plan(b.working(day+5), 16*60, func() error {
			return b.Desk.Record(b.ctx, statistician, desk.Report{Goal: g.ID, Period: period, Value: with["done"], Standing: indicator.Confirmed})
		})
	}
}

// figure is what a goal reports at a month's end, by its shape.
func figure(g *indicator.Goal, day calendar.Date, pace float64, reached bool) (string, bool) {
	target, err := strconv.ParseFloat(g.Target.Value.String(), 64)
	if err != nil {
		return "", false
	}
	switch g.Shape {
	case indicator.Accumulate:
		return round(target * share(g, day, pace)), true
	case indicator.Level:
		from := 0.55 * target
		if g.Base != nil {
			from, _ = strconv.ParseFloat(g.Base.Value.String(), 64)
		}
		return round(from + (target-from)*math.Min(1.05, share(g, day, pace))), true
	case indicator.Growth:
		return round1(target * (0.75 + 0.28*pace)), true
	case indicator.Ceiling:
		if g.Target.Op == "decline" {
			return round1(target * (0.7 + 0.33*pace)), true
		}
		return round(target * (2.4 - 1.4*math.Min(1, share(g, day, pace)))), true
	case indicator.Zero:
		return "0", true
	case indicator.Milestone:
		if reached {
			return "1", true
		}
	}
	return "", false
}

// round keeps figures as people report them: whole numbers, large ones to three digits.
func round(v float64) string {
	if v <= 0 {
		return "0"
	}
	unit := math.Pow(10, math.Max(0, math.Floor(math.Log10(v))-2))
	return strconv.FormatFloat(math.Round(v/unit)*unit, 'f', -1, 64)
}

func round1(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// notes are what handlers write, in turn.
var notes = []string{
	"已召开调度会，明确本月任务和责任人。", "前期手续办理完毕，现场按计划施工。", "本月任务完成，下月重点加快进度。",
	"与配合单位会商两次，堵点已逐项列出。", "完成阶段性目标，资料同步归集。", "组织现场检查一次，问题当场整改。",
}

// strikeOff plans the end of a promise: applied for with evidence, verified by another unit, struck off by the office.
func (b *Builder) strikeOff(g *desk.GoalView, handler desk.Caller) {
	paper := document("完成情况报告.txt", g.Title+"\n\n本文件为演示材料，内容虚构。\n")
	checker := b.as("supervision", "checker")
	office := b.nth("office", "issuer", 1)
	day := b.working(calendar.NewDate(Opening.Year()+1, 8, 3))
	b.plan(day, 9*60, func() error {
		return b.act(handler, g.Matter, "apply", desk.Do{With: map[string]string{"summary": "任务已按要求完成，材料附后。"},
			Evidence: []matter.Evidence{{Kind: matter.Document, File: paper.Hash.String(), Name: paper.Name}}, Files: []journal.File{paper}})
	})
	b.plan(b.working(day+2), 10*60, func() error {
		return b.act(checker, g.Matter, "verify", desk.Do{With: map[string]string{"verify-note": "现场核对，与材料一致。"},
			Evidence: []matter.Evidence{{Kind: matter.Statement, Text: "核验人员到现场查看并核对原始资料，情况属实。"}}})
	})
	b.plan(b.working(day+5), 14*60, func() error {
		return b.act(office, g.Matter, "strike-off", desk.Do{With: map[string]string{"strike-off-note": "同意销号。"}})
	})
}
