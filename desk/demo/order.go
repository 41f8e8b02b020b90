package demo

import (
	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// orders has the units answer the supervision orders that the ladders raised, once a week: signed after a few days, answered in
// the week after, looked at and struck off in the one after that. A few units are slow, as everywhere.
func (b *Builder) orders() error {
	supervisor, checker := b.as("supervision", "supervisor"), b.as("supervision", "checker")
	today := calendar.Instant(b.Clock.Now()).Date()
	page, err := b.Desk.Worklist(b.ctx, supervisor, journal.Query{Kinds: []string{"supervision/order"}, States: []string{"issued", "answering", "answered", "checked"},
		Order: journal.ByOpened, Limit: mostOrders})
	if err != nil {
		return err
	}
	paper := document("督办答复.txt", "督办答复（演示材料，内容虚构）\n")
	for i, r := range page.Rows {
		age := int(today - calendar.Instant(r.Opened).Date())
		if len(r.Number) > 0 && r.Number[len(r.Number)-1]%5 == 0 {
			age -= 10 // a slow one
		}
		if err := b.order(r, age, i, supervisor, checker, paper); err != nil {
			return err
		}
	}
	return nil
}

// mostOrders is the most rows of one page.
const mostOrders = 500

// order takes one order a step further if it is old enough for it.
func (b *Builder) order(r journal.Row, age, n int, supervisor, checker desk.Caller, paper journal.File) error {
	unit := b.as(r.Unit, "head")
	switch {
	case r.State == "issued" && age >= 3:
		return b.act(unit, r.Stream, "acknowledge", desk.Do{})
	case r.State == "answering" && age >= 9:
		return b.act(unit, r.Stream, "answer", desk.Do{With: map[string]string{"answer": answers[n%len(answers)]}, Evidence: evidenceOf([]journal.File{paper}), Files: []journal.File{paper}})
	case r.State == "answered" && age >= 15:
		return b.act(checker, r.Stream, "check", desk.Do{With: map[string]string{"check-note": "答复属实，措施已落实"}})
	case r.State == "checked" && age >= 18:
		return b.act(supervisor, r.Stream, "strike-off", desk.Do{})
	}
	return nil
}

// answers are what units say to an order.
var answers = []string{
	"已倒排工期，增加两个作业班组，每周报进度。",
	"滞后原因是前期手续，现已办结，本月赶上计划。",
	"已约谈施工单位，调换项目负责人，落实到人到天。",
}
