package matter

import (
	"encoding/json"
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// ReadChange returns what an event of a matter changed.
func ReadChange(e *ledger.Event) (c Change, err error) {
	err = json.Unmarshal(e.Body, &c)
	return c, err
}

// Explain returns how a clock stands at now, in its own unit, and how its due time came about.
func Explain(ck *ClockKind, c *Clock, now int64, env Env) (standing name.Text, steps []name.Text) {
	if c.Stopped != 0 {
		now = c.Stopped
	}
	if ck.Until != "" {
		return untilStanding(c, now), untilSteps(ck, c)
	}
	s := env.schedule()
	clock, _ := c.Running(ck)
	if st, err := s.Standing(clock, calendar.Instant(now), calendar.Warning{}); err == nil {
		standing = name.Text{ZH: st.In("zh"), EN: st.In("en")}
	}
	if d, err := s.Derive(clock); err == nil {
		en := d.Lines("en")
		for i, zh := range d.Lines("zh") {
			steps = append(steps, name.Text{ZH: zh, EN: en[i]})
		}
	}
	return standing, steps
}

func untilStanding(c *Clock, now int64) name.Text {
	due := calendar.Instant(c.Due - 1).Date()
	days := int(due - calendar.Instant(now).Date())
	switch {
	case c.IsPaused():
		return name.Text{ZH: "暂停计时", EN: "paused"}
	case days > 0:
		return name.Text{ZH: fmt.Sprintf("剩余 %d 天", days), EN: fmt.Sprintf("%d days left", days)}
	case days == 0:
		return name.Text{ZH: "今日到期", EN: "due today"}
	}
	return name.Text{ZH: fmt.Sprintf("已超 %d 天", -days), EN: fmt.Sprintf("%d days over", -days)}
}

func untilSteps(ck *ClockKind, c *Clock) []name.Text {
	steps := []name.Text{{ZH: "完成时限为任务确定的日期 " + c.Until + "，当日24时止", EN: "the task sets the date " + c.Until + "; it ends at midnight of that day"}}
	if c.Extended > 0 {
		was := calendar.Instant(c.Original - 1).Date()
		steps = append(steps, name.Text{ZH: fmt.Sprintf("原定 %s，延期 %d 天", was, c.Extended), EN: fmt.Sprintf("first set for %s, extended by %d days", was, c.Extended)})
	}
	for _, p := range c.Pauses {
		w := ck.pause(p.Reason)
		steps = append(steps, name.Text{ZH: "曾因" + w.ZH + "挂起；日期不因挂起而顺延", EN: "paused for " + w.EN + "; the date does not move"})
	}
	return steps
}
