package demo

import (
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
)

// call is what somebody says to the hotline, and what becomes of it.
type call struct {
	demand, class string
	title, said   string
	unit          name.Unit // that it is sent to; none: answered at once
	answer        string
}

// calls of the demo's autumn.
var calls = []call{
	{"question", "G04-07", "咨询低保怎么申请", "家里人病了，想问低保怎么办", "", "向户籍地社区提交申请，社区受理后入户调查，符合条件的按月发放。"},
	{"help", "G04-05", "暖气试水时漏水", "楼上暖气试水，漏到我家了", "heating-company", "供热单位当天到场关阀修复，并答应试水前逐户通知。"},
	{"complaint", "G03-05", "夜里施工吵人", "隔壁工地夜里十二点还在打混凝土", "enforcement", "执法大队夜查两次，已责令停止夜间施工并处罚。"},
	{"question", "G04-07", "咨询居住证办理", "外地来的，想问居住证要什么材料", "", "带身份证和居住证明到居住地派出所办理，十五日内发证。"},
	{"help", "G04-06", "高层水压低", "六楼以上水上不来", "water-company", "泵房调压后水压正常，已列入二次供水改造。"},
	{"proposal", "G01-06", "建议规范早市出摊", "早市散了垃圾没人扫，建议统一管", "city-management", "早市已改为定时定点，散市后由环卫中心半小时内清扫。"},
}

// callers plans the hotline's calls: questions are answered at once, the rest goes to a unit and is asked back.
func (b *Builder) callers() {
	first := calendar.Instant(Start).Date() - cityDays
	for n := range 60 {
		b.oneCall(n, b.working(first+calendar.Date(n*cityDays/60)))
	}
	b.three(b.working(calendar.Instant(Start).Date() - 4))
}

// oneCall plans one of them. The callers' names and numbers are made up.
func (b *Builder) oneCall(n int, day calendar.Date) {
	c, s := calls[n%len(calls)], spots[(n*5)%len(spots)]
	taker, other, handler := b.nth("hotline-centre", "call-operator", n%4), b.nth("hotline-centre", "call-operator", (n+1)%4), b.as(c.unit, "handler")
	minute := 8*60 + 31 + (n*19)%120
	what := map[string]string{"title": c.title, "demand": c.demand, "channel": "phone", "text": c.said, "class": c.class,
		"caller": [6]string{"示例来电人甲", "示例来电人乙", "示例来电人丙", "示例来电人丁", "示例来电人戊", "示例来电人己"}[n%6], "phone": fmt.Sprintf("1380000%04d", n*37%9973)}
	if c.unit == "" {
		what["answer"] = c.answer
		b.course("hotline/call", day, []move{{0, minute, "tell", taker, what, nil, ""}, {0, minute + 4, "tell-close", taker, fields("rating", "good"), nil, ""}})
		return
	}
	what["area"], what["street"], what["place"] = s.code, string(s.unit), around(s, n+3)
	what["address"] = fmt.Sprintf("%s%d号", s.roads[n%2], 10+(n*23)%150)
	moves := []move{{0, minute, "take", taker, what, nil, ""},
		{0, minute + 9, "send", taker, fields("unit", string(c.unit), "why-unit", "按职责由该单位办理"), nil, ""},
		{0, minute + 50, "sign", handler, fields("person", string(handler.Person)), nil, ""},
		{2 + n%3, minute + 60, "reply", handler, fields("answer", c.answer), nil, ""},
		{1, minute, "call-back", other, fields("rating", [4]string{"good", "very-good", "fair", "good"}[n%4]), nil, ""},
		{0, minute + 5, "close", other, nil, nil, ""}}
	if n%12 == 8 {
		moves[4].with = fields("rating", "bad", "rating-note", "来过人，问题没解决")
		moves = append(moves[:5:5], move{0, minute + 5, "redo", other, fields("rating", "bad", "rating-note", "来电人说情况依旧，已核实"), nil, "不满意且有道理"},
			move{2, minute + 60, "reply", handler, fields("answer", c.answer+"（第二次办理，已请来电人当面确认）"), nil, ""},
			move{1, minute, "call-back", other, fields("rating", "good"), nil, ""}, move{0, minute + 5, "close", other, nil, nil, ""})
	}
	b.course("hotline/call", day, moves)
}

// three is a call with three demands: one each, every one on its own way.
func (b *Builder) three(day calendar.Date) {
	taker := b.as("hotline-centre", "call-operator")
	b.course("hotline/call", day, []move{
		{0, 10 * 60, "take", taker, map[string]string{"title": "一个电话三件事", "demand": "help", "channel": "phone", "area": spots[0].code, "street": string(spots[0].unit),
			"text": "路灯不亮，垃圾没人清，还想问医保怎么转", "caller": "示例来电人庚", "phone": "13800000001"}, nil, ""},
		{0, 10*60 + 3, "split", taker, fields("demands", `[["岭东路路灯不亮","路灯不亮"],["岭东路垃圾没人清","垃圾没人清"],["咨询医保转移","想问医保怎么转"]]`), nil, ""},
		{0, 10*60 + 4, "split-end", taker, nil, nil, "三件各自登记"},
	})
}
