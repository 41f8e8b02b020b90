package demo

import (
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// small is what a grid comes upon: a class of pack grid, the level that handles it, and what was done.
type small struct {
	class, level string
	title, said  string
	done         string
}

// smalls of the demo's autumn.
var smalls = []small{
	{"G02-01", "grid", "楼道堆放杂物", "三单元二楼楼道堆了旧家具", "和住户一起搬走"},
	{"G04-01", "grid", "独居老人探访", "按周探访，老人家里灯管闪", "换好灯管，记下电话"},
	{"G03-01", "grid", "楼上楼下为漏水争执", "卫生间漏水，两家说不拢", "请来维修师傅，当面说定各出一半"},
	{"G02-02", "community", "电动车飞线充电", "从二楼窗户拉线充电", "拆除飞线，引导到充电棚"},
	{"G03-02", "community", "物业费纠纷", "电梯停用期间的物业费怎么算", "三方面谈，按停用天数减免"},
	{"G02-04", "street", "消防栓没有水", "小区消防栓放不出水", "联系供水抢修，试水正常"},
	{"G01-11", "street", "背街小巷清扫不到位", "背街小巷落叶成堆", "组织清扫，纳入每日巡查"},
}

// events plans the grids' events: most are handled where they are found, some by the community or the street, and once a month the
// street whistles for the bureaus.
func (b *Builder) events() {
	first := calendar.Instant(Start).Date() - cityDays
	const past, fresh = 48, 8
	for n := range past {
		b.course("grid/event", b.working(first+calendar.Date(n*cityDays/past)), b.event(n))
	}
	for n := past; n < past+fresh; n++ {
		b.course("grid/event", b.working(calendar.Instant(Start).Date()-3), b.event(n)[:1+n%2])
	}
}

// event is the life of one of them.
func (b *Builder) event(n int) []move {
	e, s := smalls[n%len(smalls)], spots[n%len(spots)]
	before, after := theFiles()
	worker, community, street := b.as(s.own, "grid-worker"), b.as(s.own, "handler"), b.as(s.unit, "handler")
	head := b.as(s.unit, "head")
	minute := 9*60 + (n*13)%80
	what := map[string]string{"title": s.roads[n%2] + e.title, "class": e.class, "street": string(s.unit), "community": string(s.own), "area": s.code,
		"place": around(s, n), "address": fmt.Sprintf("%s%d号院", s.roads[n%2], 3+(n*29)%90), "text": e.said, "source": "grid-worker", "level": e.level}
	done := move{1, minute, "report-done", community, fields("note", e.done), []journal.File{after}, ""}
	var moves []move
	switch e.level {
	case "grid":
		moves = []move{{0, minute, "take-on", worker, what, []journal.File{before}, ""},
			{0, minute + 60, "grid-done", worker, fields("note", e.done), []journal.File{after}, ""}}
	case "community":
		delete(what, "level")
		moves = []move{{0, minute, "register", worker, what, []journal.File{before}, ""},
			{0, minute + 40, "to-community", street, fields("unit", string(s.own), "class", e.class, "level", "community", "why-unit", "小区内的事，社区就近办"), nil, ""},
			{0, minute + 70, "sign", community, fields("person", string(community.Person)), nil, ""}, done}
	default:
		delete(what, "level")
		done.who, done.after = street, 2
		moves = []move{{0, minute, "register", worker, what, []journal.File{before}, ""},
			{0, minute + 40, "street-takes", street, fields("class", e.class, "level", "street"), nil, ""}}
		if n%14 == 5 {
			moves = append(moves, move{0, minute + 60, "whistle", head, fields("calls", whistled), nil, ""})
		}
		moves = append(moves, done)
	}
	return append(moves,
		move{0, minute + 120, "pass", head, fields("check-note", "现场看过，已办好"), nil, ""},
		move{0, minute + 130, "close", head, fields("answer", e.done+"。"), nil, ""},
		move{1, minute, "call-back", head, fields("rating", [3]string{"very-good", "good", "good"}[n%3]), nil, ""})
}

// whistled are the bureaus that a street calls, as the rows of the form's table.
const whistled = `[["fire","核查消防设施水压"],["housing","核查物业维保责任"]]`
