package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Light is the colour in which a clock is shown (亮灯).
type Light string

// The lights. The thresholds of yellow are in [Warning].
const (
	Green  Light = "green"
	Yellow Light = "yellow" // nearly used up (临期)
	Red    Light = "red"    // overdue (超期)
	Grey   Light = "grey"   // paused (暂停计时)
)

// Warning says from when on a clock is yellow: at a share of the period, or with few
// working days left, whichever comes first. The zero Warning is 80 % and 1 working day.
// A negative value switches that half off.
type Warning struct {
	UsedPercent int `json:"usedPercent" yaml:"usedPercent"`
	// DaysLeft is in working days. It applies to dated bases only: a clock of four hours
	// would otherwise be born yellow.
	DaysLeft int `json:"daysLeft" yaml:"daysLeft"`
}

// Amount is a length of time in the unit of a basis: months and days for months, days for
// day bases, days and microseconds for emergency days, microseconds for hours.
type Amount struct {
	Basis  Basis `json:"basis"`
	Months int   `json:"months,omitempty"`
	Days   int   `json:"days,omitempty"`
	Micros int64 `json:"micros,omitempty"`
}

// Standing is how a clock stands at an instant.
type Standing struct {
	Deadline
	Paused  bool   `json:"paused,omitempty"`
	Overdue bool   `json:"overdue,omitempty"`
	Left    Amount `json:"left"` // 剩余: still to come, today or now not included; zero when overdue
	Over    Amount `json:"over"` // 已超: passed since the due; zero unless overdue
	Used    int64  `json:"used"` // of Total, in days or microseconds; above Total when overdue
	Total   int64  `json:"total"`
	Light   Light  `json:"light"`
}

// Standing returns how the clock stands at now. It wraps [fault.ErrInvalid] as
// [Schedule.Due] does.
//
// Dated clocks count whole days: a day is used as soon as it begins, so on the due day
// nothing is left (今日到期) and the clock is overdue when the day is over. A clock due on
// Friday is overdue on Saturday, by no working day yet. Pauses after the due change nothing.
func (s Schedule) Standing(c Clock, now Instant, w Warning) (Standing, error) {
	r, err := s.run(c)
	if err != nil {
		return Standing{}, err
	}
	st := Standing{Deadline: r.deadline}
	b := c.Term.Basis
	at := max(b.place(now), r.start)
	end := r.end()
	st.Total = r.total()
	st.Overdue = !st.Open && now >= st.End
	st.Paused = !st.Overdue && isPaused(c.Pauses, now) && now >= c.Start
	left := r.counted(at, end) + r.left
	if st.Overdue {
		over := r.axis.rank(at) - r.axis.rank(end)
		st.Used, left = st.Total+over, 0
		st.Over = b.amount(end, over)
	} else {
		st.Used = st.Total - left
	}
	st.Left = b.amount(at, left)
	st.Light = w.light(st, func() int { return s.Calendar.WorkingBetween(now.Date(), r.deadline.Due) })
	return st, nil
}

// end is where the run ends on the axis: its due, or where the open pause begins.
func (r *run) end() int64 { return r.legs[len(r.legs)-1].due }

// counted is what counts after from, up to and including to.
func (r *run) counted(from, to int64) int64 {
	if to <= from {
		return 0
	}
	sum := r.axis.rank(to) - r.axis.rank(from)
	i, _ := slices.BinarySearchFunc(r.gaps, from, func(g gap, at int64) int { return cmp.Compare(g.to, at) })
	for ; i < len(r.gaps) && r.gaps[i].from < to; i++ {
		a, b := max(r.gaps[i].from, from), min(r.gaps[i].to, to)
		sum -= r.axis.rank(b) - r.axis.rank(a)
	}
	return sum
}

func isPaused(pauses []Pause, now Instant) bool {
	for _, p := range pauses {
		if p.From <= now && (now < p.To || p.To == 0 && p.From != p.To) {
			return true
		}
	}
	return false
}

// amount is n units of the axis after a point, told in the basis's unit.
func (b Basis) amount(at, n int64) Amount {
	a := Amount{Basis: b}
	switch {
	case b == Month:
		// From a date: the whole months first, then days.
		from, to := Date(at), Date(at+n)
		for from.AddMonths(a.Months+1) <= to {
			a.Months++
		}
		a.Days = int(to - from.AddMonths(a.Months))
	case b.IsDated():
		a.Days = int(n)
	case b == EmergencyDay:
		a.Days, a.Micros = int(n/dayMicros), n%dayMicros
	default:
		a.Micros = n
	}
	return a
}

// light decides the colour. daysLeft is asked only where it matters.
func (w Warning) light(st Standing, daysLeft func() int) Light {
	w = w.orDefault()
	switch {
	case st.Overdue:
		return Red
	case st.Paused:
		return Grey
	case w.UsedPercent > 0 && st.Used >= percent(st.Total, w.UsedPercent):
		return Yellow
	case w.DaysLeft > 0 && st.Left.Basis.IsDated() && !st.Open && daysLeft() <= w.DaysLeft:
		return Yellow
	}
	return Green
}

func (w Warning) orDefault() Warning {
	return Warning{UsedPercent: cmp.Or(w.UsedPercent, 80), DaysLeft: cmp.Or(w.DaysLeft, 1)}
}

// percent is p per cent of total, rounded up.
func percent(total int64, p int) int64 {
	return total/100*int64(p) + (total%100*int64(p)+99)/100
}

// In returns the amount in words: "3个工作日", "1个月2天", "2小时30分钟"; in English "3 working
// days". A part that is zero is left out, all of them leave "0" of the smallest unit.
func (a Amount) In(lang string) string {
	type part struct {
		n      int64
		zh, en string
	}
	hours, minutes := a.Micros/hourMicros, a.Micros%hourMicros/minuteMicros
	var parts []part
	switch a.Basis {
	case WorkingDay:
		parts = []part{{int64(a.Days), "个工作日", "working day"}}
	case CalendarDay:
		parts = []part{{int64(a.Days), "天", "day"}}
	case Month:
		parts = []part{{int64(a.Months), "个月", "month"}, {int64(a.Days), "天", "day"}}
	case WorkingHour:
		parts = []part{{hours, "工作时", "working hour"}, {minutes, "分钟", "minute"}}
	default:
		parts = []part{{int64(a.Days), "天", "day"}, {hours, "小时", "hour"}, {minutes, "分钟", "minute"}}
	}
	var said []string
	for i, p := range parts {
		if p.n == 0 && (len(said) > 0 || i < len(parts)-1) {
			continue
		}
		if lang == "en" {
			said = append(said, plural(p.n, p.en))
		} else {
			said = append(said, fmt.Sprintf("%d%s", p.n, p.zh))
		}
	}
	if lang != "en" {
		return strings.Join(said, "")
	}
	return strings.Join(said, " ")
}

// In returns the standing in one phrase: 剩余3个工作日, 今日到期, 已超2个工作日, 暂停计时.
func (s Standing) In(lang string) string {
	zh := lang != "en"
	switch {
	case s.Overdue && zh:
		return "已超" + s.Over.In(lang)
	case s.Overdue:
		return s.Over.In(lang) + " overdue"
	case s.Paused && zh:
		return "暂停计时，剩余" + s.Left.In(lang)
	case s.Paused:
		return "paused, " + s.Left.In(lang) + " left"
	case s.Left == Amount{Basis: s.Left.Basis} && s.Left.Basis.IsDated() && zh:
		return "今日到期"
	case s.Left == Amount{Basis: s.Left.Basis} && s.Left.Basis.IsDated():
		return "due today"
	case zh:
		return "剩余" + s.Left.In(lang)
	}
	return s.Left.In(lang) + " left"
}

func plural(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
