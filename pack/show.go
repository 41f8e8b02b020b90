package pack

import (
	"fmt"
	"strings"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// shown are the headings of [Pack.Show].
var shown = map[string]name.Text{
	"version": {ZH: "版本 %s，自 %s 起", EN: "version %s, from %s on"}, "source": {ZH: "依据：%s", EN: "source: %s"}, "needs": {ZH: "需要：%s", EN: "needs: %s"},
	"matter": {ZH: "件 %s　%s", EN: "matter %s: %s"}, "states": {ZH: "状态：%s", EN: "states: %s"}, "fields": {ZH: "字段：%s", EN: "fields: %s"},
	"opens": {ZH: "立项", EN: "opens"}, "stays": {ZH: "不变", EN: "stays"}, "clock": {ZH: "时钟 %s", EN: "clock %s"}, "unconfirmed": {ZH: "（来源待确认）", EN: " (source to be confirmed)"},
	"limit": {ZH: "按“%s”所列，没有列的 %s", EN: "as %s says, otherwise %s"},
	"until": {ZH: "到“%s”那天", EN: "until the day of %s"}, "register": {ZH: "册 %s　%s，起始 %d 行", EN: "register %s: %s, begins with %d rows"},
	"indicator": {ZH: "数 %s　%s（%s）", EN: "indicator %s: %s (%s)"}, "template": {ZH: "模板 %s", EN: "template: %s"}, "list": {ZH: "清单 %s", EN: "list: %s"}, "scorecard": {ZH: "考评表 %s（%s）", EN: "scorecard: %s (%s)"},
	"door": {ZH: "入口 %s（%s）", EN: "door: %s (%s)"}, "handbook": {ZH: "手册 %s", EN: "handbook: %s"}, "assessment": {ZH: "含考核办法", EN: "has the assessment"},
}

// Show tells what a person wants to know of a pack, in lang: its kinds with states, acts and clocks, its
// registers, indicators, templates, lists and chapters, one a line.
func (p *Pack) Show(lang string) string {
	w := &shower{lang: lang}
	w.line(0, "%s　%s", p.Name, p.Words.In(lang))
	w.say(1, "version", p.Version, p.Effective)
	w.say(1, "source", p.Source.In(lang))
	if len(p.Needs) > 0 {
		w.say(1, "needs", strings.Join(p.Needs, " "))
	}
	for i := range p.Kinds {
		w.kind(&p.Kinds[i])
	}
	rows := map[string]int{}
	for _, r := range p.Records {
		rows[r.Register]++
	}
	for _, r := range p.Registers {
		w.say(0, "register", r.Ref, r.Words.In(lang), rows[r.Ref])
	}
	for _, d := range p.Indicators {
		w.say(0, "indicator", d.Ref, d.Words.In(lang), d.Unit)
	}
	for _, t := range p.Templates {
		w.say(0, "template", t.Words.In(lang))
	}
	for _, l := range p.Lists {
		w.say(0, "list", l.Words.In(lang))
	}
	for _, c := range p.Scorecards {
		w.say(0, "scorecard", c.Words.In(lang), c.Of)
	}
	for _, d := range p.Doors {
		w.say(0, "door", d.Words.In(lang), d.Of)
	}
	for _, n := range p.Notices {
		w.say(0, "notice", string(n.About), n.For)
	}
	for _, h := range p.Handbook {
		w.say(0, "handbook", h.Heading.In(lang))
	}
	if p.Assessment != nil {
		w.say(0, "assessment")
	}
	return w.String()
}

// shower writes lines in one language.
type shower struct {
	strings.Builder
	lang string
}

func (w *shower) line(indent int, format string, with ...any) {
	if w.lang == "en" {
		format = strings.ReplaceAll(format, "　", ": ")
	}
	fmt.Fprintf(w, strings.Repeat("  ", indent)+format+"\n", with...)
}

func (w *shower) say(indent int, what string, with ...any) {
	w.line(indent, shown[what].In(w.lang), with...)
}

func (w *shower) kind(k *matter.Kind) {
	w.say(0, "matter", k.Ref, k.Words.In(w.lang))
	var states, fields []string
	for _, s := range k.States {
		states = append(states, s.Words.In(w.lang))
	}
	for _, f := range k.Fields {
		fields = append(fields, f.Words.In(w.lang))
	}
	between := name.Text{ZH: "、", EN: ", "}.In(w.lang)
	w.say(1, "states", strings.Join(states, between))
	w.say(1, "fields", strings.Join(fields, between))
	for i := range k.Acts {
		w.act(k, &k.Acts[i])
	}
	for i := range k.Clocks {
		w.clock(k, &k.Clocks[i])
	}
}

// act tells an act: from which states to which, and by whom.
func (w *shower) act(k *matter.Kind, a *matter.Act) {
	var from, by []string
	for _, f := range a.From {
		from = append(from, k.State(f).Words.In(w.lang))
	}
	if len(from) == 0 {
		from = []string{shown["opens"].In(w.lang)}
	}
	to := shown["stays"].In(w.lang)
	if a.To != "" {
		to = k.State(a.To).Words.In(w.lang)
	}
	for _, p := range a.By {
		by = append(by, partyText(p))
	}
	w.line(1, "%s　%s → %s　%s", a.Words.In(w.lang), strings.Join(from, "/"), to, strings.Join(by, " "))
}

// clock tells a clock: how long, of which term, and its ladder.
func (w *shower) clock(k *matter.Kind, c *matter.ClockKind) {
	length := fmt.Sprintf("%d %s", c.Length, c.Basis.Words().In(w.lang))
	if c.Limit != nil {
		called := c.Limit.Field
		if f := field.Find(k.Fields, called); f != nil {
			called = f.Words.In(w.lang)
		}
		length = fmt.Sprintf(shown["limit"].In(w.lang), called, length)
	}
	if c.Until != "" {
		length = c.Until
		for _, f := range k.Fields {
			if f.Key == c.Until {
				length = fmt.Sprintf(shown["until"].In(w.lang), f.Words.In(w.lang))
			}
		}
	}
	if !c.Confirmed {
		length += shown["unconfirmed"].In(w.lang)
	}
	w.line(1, shown["clock"].In(w.lang)+"　%s", c.Words.In(w.lang), length)
	if l := k.Ladder(c.Ladder); l != nil {
		for _, r := range l.Rungs {
			w.line(2, "%s → %s", r.Words.In(w.lang), partyText(r.To))
		}
	}
}
