package calendar

import (
	"fmt"
	"strings"

	"bihuan/ground/name"
)

// sentences tell each kind of step. The verbs take, in order: the span of days or
// moments, then what fill gives for the kind.
var sentences = map[StepKind]name.Text{
	StepStart:         {ZH: "自%s起算%s%s", EN: "%[2]s from %[1]s%[3]s"},
	StepCounted:       {ZH: "%s　%s", EN: "%s  %s"},
	StepMakeUp:        {ZH: "%s　%s：%s调休上班%s", EN: "%s  %s: make-up working day of %s%s"},
	StepWeekend:       {ZH: "%s　不计：周末", EN: "%s  not counted: weekend"},
	StepHoliday:       {ZH: "%s　不计：%s%s", EN: "%s  not counted: %s%s"},
	StepPaused:        {ZH: "%s　不计：暂停计时%s", EN: "%s  not counted: paused%s"},
	StepCorresponding: {ZH: "%s后的对应日为%s%s", EN: "%s later corresponds to %s%s"},
	StepMoved:         {ZH: "末日%s为休息日，顺延至%s（民法典第203条）", EN: "the last day %s is a rest day, moved to %s (Civil Code art. 203)"},
	StepExtended:      {ZH: "延期%s，自原到期%s之后起算", EN: "extended by %s, counted on from the due %s"},
	StepOpen:          {ZH: "自%s起暂停计时%s，尚未恢复，剩余%s", EN: "paused from %s%s and not resumed, %s left"},
	StepDue:           {ZH: "到期：%s%s", EN: "due %s%s"},
	StepProvisional:   {ZH: "暂定：%s年的放假安排尚未公布，公布后重新计算", EN: "provisional: the holiday notice for %s is not out; counted again when it is"},
}

// restDays tells days off where they do not interrupt the count but carry its last day on.
var restDays = map[StepKind]name.Text{
	StepWeekend: {ZH: "%s　休息日：周末", EN: "%s  rest day: weekend"},
	StepHoliday: {ZH: "%s　休息日：%s%s", EN: "%s  rest day: %s%s"},
}

// holidayNames are the holidays of 全国年节及纪念日放假办法 in English.
var holidayNames = strings.NewReplacer(
	"元旦", "New Year's Day", "春节", "Spring Festival", "清明节", "Tomb-Sweeping Day", "劳动节", "Labour Day",
	"端午节", "Dragon Boat Festival", "中秋节", "Mid-Autumn Festival", "国庆节", "National Day", "、", " and ",
)

// Lines returns the derivation in words, one line a step, in lang ("en", otherwise Chinese).
func (d Derivation) Lines(lang string) []string {
	lines := make([]string, len(d.Steps))
	for i, st := range d.Steps {
		sentence := sentences[st.Kind]
		if rest, ok := restDays[st.Kind]; ok && (d.Clock.Term.Basis == CalendarDay || d.Clock.Term.Basis == Month) {
			sentence = rest
		}
		lines[i] = fmt.Sprintf(sentence.In(lang), d.fill(st, lang)...)
	}
	return lines
}

// fill gives the values for a step's sentence.
func (d Derivation) fill(st Step, lang string) []any {
	b := d.Clock.Term.Basis
	switch st.Kind {
	case StepStart:
		return []any{st.at(b, lang), b.length(st.Length, lang), d.startNote(st, lang)}
	case StepExtended:
		return []any{b.length(st.Length, lang), st.at(b, lang)}
	case StepCounted:
		return []any{st.span(lang), d.counted(st, lang)}
	case StepMakeUp:
		return []any{st.span(lang), d.counted(st, lang), st.name(lang), bracket(st.Notice, lang)}
	case StepHoliday:
		return []any{st.span(lang), st.name(lang), bracket(st.Notice, lang)}
	case StepPaused:
		return []any{st.span(lang), d.pauseNote(st, lang)}
	case StepCorresponding:
		return []any{b.length(st.Length, lang), st.First.In(lang), monthEnd(st, lang)}
	case StepMoved:
		return []any{st.First.In(lang), st.Last.In(lang)}
	case StepOpen:
		return []any{st.From.In(lang), bracket(st.Reason.In(lang), lang), st.Count.In(lang)}
	case StepDue:
		return d.due(st, lang)
	case StepProvisional:
		return []any{years(st.Years, lang)}
	}
	return []any{st.span(lang)}
}

// at is the day or moment at which a step begins.
func (s Step) at(b Basis, lang string) string {
	if b.IsDated() {
		return s.First.In(lang)
	}
	return s.From.In(lang)
}

// span is the days of a step, or its moments where it has them.
func (s Step) span(lang string) string {
	a, b := s.First.In(lang), s.Last.In(lang)
	if s.From != 0 {
		a, b = s.From.In(lang), s.To.In(lang)
		if s.From.Date() == s.To.Date() {
			b = s.To.Time().Format("15:04")
		}
	}
	if a == b {
		return a
	}
	return a + name.Text{ZH: "至", EN: " to "}.In(lang) + b
}

// name is the holiday's name in the language.
func (s Step) name(lang string) string {
	if lang == "en" {
		return holidayNames.Replace(s.Name)
	}
	return s.Name
}

// length is a number of units of the basis, in words.
func (b Basis) length(n int, lang string) string {
	if lang == "en" {
		return plural(int64(n), b.Words().EN)
	}
	return fmt.Sprintf("%d个%s", n, b.Words().ZH)
}

func (d Derivation) startNote(st Step, lang string) string {
	t := name.Text{}
	switch b := d.Clock.Term.Basis; {
	case b.IsDated():
		t = name.Text{ZH: "，当日不计入（民法典第201条）", EN: ", that day not counted (Civil Code art. 201)"}
	case st.Opening != 0:
		t = name.Text{
			ZH: fmt.Sprintf("；不在办公时间（%s），从%s开始计时", d.Office, st.Opening.In("zh")),
			EN: fmt.Sprintf("; outside office hours (%s), counted from %s", d.Office, st.Opening.In("en")),
		}
	case b == WorkingHour:
		t = name.Text{ZH: fmt.Sprintf("（办公时间 %s）", d.Office), EN: fmt.Sprintf(" (office hours %s)", d.Office)}
	default:
		t = name.Text{ZH: "，昼夜连续计时", EN: ", night and day"}
	}
	return t.In(lang)
}

// counted says which days a run is, or how much time.
func (d Derivation) counted(st Step, lang string) string {
	var t name.Text
	switch {
	case st.Nth == 0:
		t.ZH, t.EN = "计"+st.Count.In("zh"), st.Count.In("en")+" counted"
	case st.Nth == st.NthLast:
		t.ZH, t.EN = fmt.Sprintf("第%d日", st.Nth), fmt.Sprintf("day %d", st.Nth)
	default:
		t.ZH, t.EN = fmt.Sprintf("第%d至%d日", st.Nth, st.NthLast), fmt.Sprintf("days %d to %d", st.Nth, st.NthLast)
	}
	if st.Weekend > 0 {
		t.ZH += fmt.Sprintf("（其间周末%d天不计）", st.Weekend)
		t.EN += fmt.Sprintf(" (%s in between not counted)", plural(int64(st.Weekend), "weekend day"))
	}
	return t.In(lang)
}

// pauseNote gives a pause's reason, and for months by how many days it moves the end.
func (d Derivation) pauseNote(st Step, lang string) string {
	note := bracket(st.Reason.In(lang), lang)
	if d.Clock.Term.Basis == Month {
		n := int64(st.Count.Days)
		note += name.Text{ZH: fmt.Sprintf("，末日后移%d天", n), EN: ", the last day moves on by " + plural(n, "day")}.In(lang)
	}
	return note
}

func monthEnd(st Step, lang string) string {
	if !st.MonthEnd {
		return bracket(name.Text{ZH: "民法典第202条", EN: "Civil Code art. 202"}.In(lang), lang)
	}
	return bracket(name.Text{ZH: "该月无对应日，取月末，民法典第202条", EN: "no such day, so the month's end, Civil Code art. 202"}.In(lang), lang)
}

func (d Derivation) due(st Step, lang string) []any {
	if d.Clock.Term.Basis.IsDated() {
		return []any{st.Last.In(lang), bracket(name.Text{ZH: "当日24:00止", EN: "until 24:00"}.In(lang), lang)}
	}
	return []any{st.To.In(lang), ""}
}

func years(all []int, lang string) string {
	var said []string
	for i, y := range all {
		// A run of years is told by its ends.
		if i > 0 && i < len(all)-1 && all[i-1] == y-1 && all[i+1] == y+1 {
			if said[len(said)-1] != "…" {
				said = append(said, "…")
			}
			continue
		}
		said = append(said, fmt.Sprint(y))
	}
	return strings.Join(said, name.Text{ZH: "、", EN: ", "}.In(lang))
}

// bracket puts words in the brackets of the language, and nothing in none.
func bracket(s, lang string) string {
	switch {
	case s == "":
		return ""
	case lang == "en":
		return " (" + s + ")"
	}
	return "（" + s + "）"
}
