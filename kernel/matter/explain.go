package matter

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// ReadChange returns what an event of a matter changed.
func ReadChange(e *ledger.Event) (c Change, err error) {
	err = json.Unmarshal(e.Body, &c)
	return c, err
}

// Standing returns how a clock stands at now, in its own unit.
func Standing(ck *ClockKind, c *Clock, now int64, env Env) name.Text {
	if c.Stopped != 0 {
		now = c.Stopped
	}
	if ck.Until != "" {
		return untilStanding(c, now)
	}
	clock, _ := c.Running(ck)
	st, err := env.schedule().Standing(clock, calendar.Instant(now), calendar.Warning{})
	if err != nil {
		return name.Text{}
	}
	return name.Text{ZH: st.In("zh"), EN: st.In("en")}
}

// Explain returns [Standing], and how the clock's due time came about.
func Explain(ck *ClockKind, c *Clock, now int64, env Env) (standing name.Text, steps []name.Text) {
	standing = Standing(ck, c, now, env)
	if ck.Until != "" {
		return standing, append(untilSteps(ck, c), c.shifted()...)
	}
	steps = c.laidDown(ck)
	clock, _ := c.Running(ck)
	if d, err := env.schedule().Derive(clock); err == nil {
		en := d.Lines("en")
		for i, zh := range d.Lines("zh") {
			steps = append(steps, name.Text{ZH: zh, EN: en[i]})
		}
	}
	return standing, append(steps, c.shifted()...)
}

// laidDown tells which record the limit is from, and of which stage it is.
func (c *Clock) laidDown(ck *ClockKind) (steps []name.Text) {
	if c.Laid == nil {
		return nil
	}
	term := c.BasisOf(ck).Words()
	t := name.Text{ZH: fmt.Sprintf("时限取自 %s：%d个%s", c.Laid.Key, c.Length, term.ZH), EN: fmt.Sprintf("limit of %s: %d %s", c.Laid.Key, c.Length, term.EN)}
	if c.Length != 1 {
		t.EN += "s"
	}
	if c.Laid.Source != "" {
		t.ZH, t.EN = t.ZH+"，依据："+c.Laid.Source, t.EN+", source: "+c.Laid.Source
	}
	if !c.Laid.Confirmed {
		t.ZH, t.EN = t.ZH+"（依据待确认）", t.EN+" (to be confirmed)"
	}
	steps = append(steps, t)
	if i := c.Laid.index(c.Stage); i >= 0 {
		w := c.StageWords(ck)
		steps = append(steps, name.Text{ZH: fmt.Sprintf("第%d阶段，共%d阶段：%s", i+1, len(c.Laid.Stages), w.ZH), EN: fmt.Sprintf("stage %d of %d: %s", i+1, len(c.Laid.Stages), w.EN)})
	}
	return steps
}

// StageWords are the words of the clock's stage, zero for one without stages.
func (c *Clock) StageWords(ck *ClockKind) name.Text {
	if s := ck.Limit.Stage(c.Stage); s != nil {
		return s.Words
	}
	return name.Text{ZH: c.Stage, EN: c.Stage}
}

// WordsOf are the words of the clock in a stage: 处置·围护. Without a stage they are its own.
func (ck *ClockKind) WordsOf(stage string) name.Text {
	if s := ck.Limit.Stage(stage); s != nil {
		return name.Text{ZH: ck.Words.ZH + "·" + s.Words.ZH, EN: ck.Words.EN + ": " + s.Words.EN}
	}
	return ck.Words
}

// shifted tells how holiday notices and mergers moved the due time: the old value, the new one, and why.
func (c *Clock) shifted() (steps []name.Text) {
	for _, s := range c.Shifts {
		on := name.Text{ZH: calendar.Instant(s.At).Date().In("zh"), EN: calendar.Instant(s.At).Date().In("en")}
		why := name.Text{ZH: "日历更新", EN: "a new calendar"}
		if len(s.Notices) > 0 {
			why = name.Text{ZH: "放假通知" + strings.Join(s.Notices, "、"), EN: "the holiday notices " + strings.Join(s.Notices, ", ")}
		}
		from, to := dueText(s.From), dueText(s.To)
		if s.Started != 0 {
			began := dueText(s.Started)
			steps = append(steps, name.Text{ZH: fmt.Sprintf("%s并入 %s，从较早的一件起算（原从%s起算）：原到期%s，改为%s", on.ZH, s.Of, began.ZH, from.ZH, to.ZH),
				EN: fmt.Sprintf("%s merged in on %s, counted from the earlier start (before that from %s): due %s, before that %s", s.Of, on.EN, began.EN, to.EN, from.EN)})
			continue
		}
		if s.From == s.To {
			steps = append(steps, name.Text{ZH: fmt.Sprintf("%s按%s重新计算，到期%s不变", on.ZH, why.ZH, to.ZH), EN: fmt.Sprintf("counted again on %s by %s: due %s as before", on.EN, why.EN, to.EN)})
			continue
		}
		steps = append(steps, name.Text{ZH: fmt.Sprintf("%s按%s重新计算：原到期%s，改为%s", on.ZH, why.ZH, from.ZH, to.ZH), EN: fmt.Sprintf("counted again on %s by %s: due %s, before that %s", on.EN, why.EN, to.EN, from.EN)})
	}
	return steps
}

// dueText tells a due time: the day, or the minute where it is not the end of one.
func dueText(at int64) name.Text {
	if i := calendar.Instant(at); i.TimeOfDay() != 0 {
		return name.Text{ZH: i.In("zh"), EN: i.In("en")}
	}
	d := calendar.Instant(at - 1).Date()
	return name.Text{ZH: d.In("zh"), EN: d.In("en")}
}

func untilStanding(c *Clock, now int64) name.Text {
	due := calendar.Instant(c.Due - 1).Date()
	days := int(due - calendar.Instant(now).Date())
	switch {
	case c.IsPaused():
		return name.Text{ZH: "暂停计时", EN: "paused"}
	case days > 0:
		return name.Text{ZH: fmt.Sprintf("剩余%d天", days), EN: fmt.Sprintf("%d days left", days)}
	case days == 0:
		return name.Text{ZH: "今日到期", EN: "due today"}
	}
	return name.Text{ZH: fmt.Sprintf("已超%d天", -days), EN: fmt.Sprintf("%d days over", -days)}
}

// dayWords writes a stored YYYY-MM-DD as people do, and leaves anything else as it is.
func dayWords(day, lang string) string {
	d, err := calendar.ParseDate(day)
	if err != nil {
		return day
	}
	return d.In(lang)
}

func untilSteps(ck *ClockKind, c *Clock) []name.Text {
	steps := []name.Text{{ZH: "完成时限为任务确定的日期" + dayWords(c.Until, "zh") + "，当日24时止", EN: "the task sets the date " + dayWords(c.Until, "en") + "; it ends at midnight of that day"}}
	if c.Extended > 0 {
		was := calendar.Instant(c.Original - 1).Date()
		steps = append(steps, name.Text{ZH: fmt.Sprintf("原定%s，延期%d天", was.In("zh"), c.Extended), EN: fmt.Sprintf("first set for %s, extended by %d days", was.In("en"), c.Extended)})
	}
	for _, p := range c.Pauses {
		w := ck.PauseWords(p.Reason)
		steps = append(steps, name.Text{ZH: "曾因" + w.ZH + "挂起；日期不因挂起而顺延", EN: "paused for " + w.EN + "; the date does not move"})
	}
	return steps
}
