package demo

import (
	"fmt"
	"maps"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// trouble is what is wrong in a street: a class of pack urban with its filing condition, who puts it right in how many days, and
// how somebody who walks by says it.
type trouble struct {
	class, condition string
	unit             name.Unit
	why              string
	days             int
	title, said      string
	done             string
}

// troubles of the demo's autumn.
var troubles = []trouble{
	{"C01003", "C01003-2", "road-maintenance", "雨水井盖由市政设施维护中心管养", 2, "雨水井盖松动", "井盖一压就响，怕掉下去", "井座垫平，更换胶圈"},
	{"E06002", "E06002-1", "road-maintenance", "路灯由市政设施维护中心维修", 1, "路灯不亮", "这一段晚上黑，老人不敢走", "更换灯具和镇流器"},
	{"E01002", "E01002-1", "sanitation", "道路垃圾由环卫中心清运", 0, "路边堆着垃圾", "垃圾袋堆了两天没人收", "已清运，冲洗地面"},
	{"E04002", "E04002-1", "enforcement", "店外经营由执法大队劝离", 0, "饭店把桌子摆到人行道", "人行道走不过去，只能走车道", "已劝导收回，签订门前责任书"},
	{"E02001", "E02001-1", "enforcement", "小广告由执法大队清理", 1, "墙上贴满小广告", "公交站牌背面全是小广告", "已清除并涂覆"},
	{"E05006", "E05006-1", "road-maintenance", "市政雨水口由维护中心疏通", 0, "路面积水过脚面", "雨停了水还在，车一过溅一身", "疏通雨水口，水已排净"},
	{"E01003", "E01003-2", "sanitation", "无主建筑垃圾由环卫中心清运", 2, "成堆建筑垃圾", "装修垃圾倒在绿化带边上", "清运两车，立警示牌"},
	{"C03004", "C03004-1", "sanitation", "果皮箱由环卫中心管养", 2, "果皮箱破了", "箱门掉了，垃圾往外淌", "更换果皮箱一组"},
	{"E03008", "E03008-1", "road-maintenance", "道路恢复由维护中心负责", 3, "挖开的路没有恢复", "挖沟以后坑洼不平，骑车颠得慌", "分层夯实，恢复沥青面层"},
	{"E04004", "E04004-1", "traffic-police", "违停由交警大队处理", 0, "车停在盲道上", "盲道被车占了大半", "已告知驶离，依法处罚"},
	{"C02007", "C02007-1", "traffic-police", "交通护栏由交警大队管养", 4, "护栏被撞歪", "护栏倒了一截，容易绊人", "更换护栏三节"},
	{"E01004", "E01004-1", "sanitation", "道路保洁由环卫中心负责", 0, "路面有泥", "拉土车带了一路泥", "机扫并冲洗"},
}

// cases plans the city's cases of the last weeks: two of three found by collectors, the others reported by residents; most are
// closed, the last days' stand at every step, and some took the long way.
func (b *Builder) cases() {
	first := calendar.Instant(Start).Date() - cityDays
	const past, fresh = 96, 18
	for n := range past + fresh {
		c, day := b.cast(n), b.working(first+calendar.Date(n*cityDays/past))
		minute := 8*60 + 35 + (n*17)%110
		moves := slices.Concat(c.filed(minute), c.given(minute), c.ending(minute))
		switch steps := 1 + n%9; {
		case n >= past && steps <= 2: // of this very morning
			day, moves = calendar.Instant(Start).Date(), c.filed(8*60 + 31 + n%20)[:1]
		case n >= past: // of the last working day, each at another step
			day, moves = b.working(calendar.Instant(Start).Date()-3), moves[:min(steps, len(moves))]
		}
		b.course("urban/case", day, moves)
	}
}

// caseOf is a case with everybody who has a part in it.
type caseOf struct {
	n             int
	t             trouble
	what          map[string]string
	operator      desk.Caller
	finder, check desk.Caller // collectors
	dispatcher    desk.Caller
	command       desk.Caller // head of the command centre
	handler       desk.Caller
	before, after []journal.File
}

func (b *Builder) cast(n int) *caseOf {
	t, s := troubles[(n*5+n/12)%len(troubles)], spots[(n*3)%len(spots)]
	if hard(n) {
		t = troubles[0] // what may be put off is something to be repaired, with days to do it in
	}
	before, after := theFiles()
	return &caseOf{n: n, t: t,
		what: map[string]string{"title": s.roads[n%2] + t.title, "class": t.class, "condition": t.condition, "text": t.said,
			"area": s.code, "place": around(s, n), "address": fmt.Sprintf("%s%d号门前", s.roads[n%2], 6+(n*37)%180)},
		operator: b.nth("watch-centre", "operator", n%3), finder: b.nth("watch-centre", "collector", n%6), check: b.nth("watch-centre", "collector", (n+1)%6),
		dispatcher: b.as("command-centre", "dispatcher"), command: b.as("command-centre", "head"), handler: b.nth(t.unit, "handler", n%2),
		before: []journal.File{before}, after: []journal.File{after}}
}

// hard says whether a case is put off: postponed, shelved or escalated.
func hard(n int) bool { return n%24 == 11 || n%40 == 13 || n%60 == 29 }

// reported says whether a resident reported it; the others are found by collectors.
func (c *caseOf) reported() bool { return c.n%3 == 0 }

// filed is how the case comes to be filed.
func (c *caseOf) filed(minute int) []move {
	what := maps.Clone(c.what)
	if !c.reported() {
		what["source"] = "collector"
		return []move{{0, minute, "collect", c.finder, what, c.before, ""}}
	}
	delete(what, "condition")
	what["source"] = "public"
	return []move{
		{0, minute, "report", c.operator, what, nil, ""},
		{0, minute + 4, "send-collector", c.operator, fields("collector", string(c.finder.Person)), nil, ""},
		{0, minute + 45, "confirm", c.finder, map[string]string{"class": c.t.class, "condition": c.t.condition, "area": c.what["area"], "place": c.what["place"],
			"address": c.what["address"], "confirm-note": "到现场查看，情况属实"}, c.before, ""},
	}
}

// given is how it comes to the unit that puts it right; some come back before they stay.
func (c *caseOf) given(minute int) []move {
	moves := []move{
		{0, minute + 55, "file", c.operator, nil, nil, ""},
		{0, minute + 70, "dispatch", c.dispatcher, fields("unit", string(c.t.unit), "why-unit", c.t.why), nil, ""},
	}
	if c.n%20 == 7 {
		back := fields("refusal", "该处不在我单位管养名录内")
		moves = append(moves,
			move{0, minute + 85, "refuse", c.handler, back, nil, "不属本单位职责"},
			move{0, minute + 90, "dispatch", c.dispatcher, fields("unit", string(c.t.unit), "why-unit", c.t.why+"，请再核对名录"), nil, ""},
			move{0, minute + 93, "refuse", c.handler, back, nil, "名录内没有这一处"},
			move{1, minute, "arbitrate", c.command, fields("unit", string(c.t.unit)), nil, "按权属登记由该单位处置，名录随后补登"})
	}
	return append(moves, move{0, minute + 95, "sign", c.handler, fields("person", string(c.handler.Person)), nil, ""})
}

// ending is what becomes of it: most are put right, verified and closed; some are put off, and some are not right at once.
func (c *caseOf) ending(minute int) []move {
	switch {
	case c.n%24 == 11:
		return []move{{1, minute, "postpone", c.dispatcher, fields("resume-on", "2023-11-20"), nil, "井盖型号特殊，厂家排产，到货后更换"}}
	case c.n%40 == 13:
		return []move{{1, minute, "shelve", c.command, nil, nil, "权属单位已注销，维修资金正在落实"},
			{20, minute, "review", c.dispatcher, fields("note", "资金已列入四季度计划，下月再核"), nil, ""}}
	case c.n%60 == 29:
		return []move{{1, minute, "escalate", c.command, nil, nil, "红线内外分属两家，管养界线不清"}}
	}
	days := c.t.days
	if c.n%10 == 6 {
		days += 4 // late
	}
	moves := c.putRight(days, minute+130)
	if c.n%15 == 4 {
		last := len(moves) - 2 // instead of passing
		moves = append(moves[:last:last], move{0, minute + 165, "redo", c.check, fields("check-note", "处置不彻底，旁边一处没有处理"), nil, "核查不通过"})
		moves = append(moves, c.putRight(1, minute+130)...)
	}
	if c.reported() {
		moves = append(moves, c.rated(minute)...)
	}
	return moves
}

// putRight is the work, its check and the closing.
func (c *caseOf) putRight(days, minute int) []move {
	return []move{
		{days, minute, "feedback", c.handler, fields("note", c.t.done), c.after, ""},
		{0, minute + 12, "send-check", c.operator, fields("collector", string(c.check.Person)), nil, ""},
		{0, minute + 50, "pass", c.check, fields("check-note", "现场已恢复"), c.after, ""},
		{0, minute + 75, "close", c.operator, fields("answer", "您反映的问题已处置："+c.t.done+"。感谢您的监督。"), nil, ""},
	}
}

// rated is what the reporter says afterwards; a bad rating is looked into.
func (c *caseOf) rated(minute int) []move {
	caller := c.operator
	if c.n%18 != 9 {
		good := [3]string{"very-good", "good", "fair"}[c.n/3%3]
		return []move{{1, minute, "rate", caller, fields("rating", good), nil, ""}}
	}
	moves := []move{{1, minute, "rate", caller, fields("rating", "bad", "rating-note", "过了一天又坏了"), nil, ""}}
	moves = append(moves, move{1, minute, "redo", c.operator, fields("check-note", "核实属实，原处再次损坏"), nil, "异议属实"})
	moves = append(moves, c.putRight(1, minute+130)...)
	return append(moves, move{1, minute, "rate", caller, fields("rating", "good", "rating-note", "这回修好了"), nil, ""})
}

// fields makes a form of keys and values.
func fields(kv ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i]] = kv[i+1]
	}
	return m
}
