package draw

import (
	"html/template"
	"math"

	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
)

// GanttRow is one bar of a Gantt chart. A bar without an end is open: it reaches to today.
type GanttRow struct {
	Words string
	Link  string // empty for none
	From  calendar.Date
	To    calendar.Date // 0 for open
	Due   calendar.Date // 0 for none
	Light indicator.Light
	Child bool // indented
	Title string
}

// GanttView is a chart of rows between two days.
type GanttView struct {
	Rows       []GanttRow
	From, To   calendar.Date
	Today      calendar.Date
	TodayWords string
	Month      func(calendar.Date) string // the label of the month that begins on the day
	Title      string
	Desc       string
	Width      float64 // below 500 the words stand above their bars instead of before them
}

// ganttPlan says where words and bars have their places.
type ganttPlan struct{ left, high, bar float64 }

func (v *GanttView) plan() ganttPlan {
	if v.Width < 500 {
		return ganttPlan{left: 4, high: 40, bar: 17}
	}
	return ganttPlan{left: 190, high: 26}
}

// Gantt draws bars over months with due marks and today's line. Days outside the chart are drawn at its edge.
func Gantt(v GanttView) template.HTML {
	p := v.plan()
	high := 44 + p.high*float64(len(v.Rows)) + 8
	d := picture("draw-gantt", v.Width, high, v.Title, v.Desc, true)
	days := math.Max(1, float64(v.To-v.From+1))
	x := func(day calendar.Date) float64 {
		return p.left + (v.Width-p.left-8)*math.Max(0, math.Min(float64(day-v.From)/days, 1))
	}
	room := (v.Width - p.left - 8) / days * 30
	for i, m := 0, v.From.MonthStart(); m <= v.To; i, m = i+1, m.AddMonths(1) {
		d.path("grid", "M"+num(x(m))+" 34V"+num(high-6))
		if every := int(math.Ceil(34 / room)); i%max(every, 1) == 0 && v.Month != nil {
			d.text(x(m)+3, 28, "tick", v.Month(m))
		}
	}
	for i, r := range v.Rows {
		d.ganttRow(r, p, 40+p.high*float64(i), v.Width, v.Today, x)
	}
	if v.From <= v.Today && v.Today <= v.To {
		d.path("series-today", "M"+num(x(v.Today))+" 14V"+num(high-6))
		d.text(x(v.Today), 10, "tick today mid", v.TodayWords)
	}
	return d.done()
}

func (d *drawing) ganttRow(r GanttRow, p ganttPlan, y, wide float64, today calendar.Date, x func(calendar.Date) float64) {
	indent := 4.0
	if r.Child {
		indent = 16
	}
	if r.Link != "" {
		d.open("a", "href", r.Link)
	}
	room := p.left - indent - 10
	if p.bar > 0 {
		room = wide - indent - 10
	}
	d.text(indent, y+15, "gantt-words", clipped(r.Words, 13, room))
	if r.Link != "" {
		d.shut("a")
	}
	y += p.bar
	end, class := r.To, "gantt-bar done"
	if end == 0 {
		end, class = max(today, r.From), "gantt-bar "+string(r.Light)
	}
	d.open("rect", "class", class, "x", x(r.From), "y", y+4, "width", math.Max(x(end+1)-x(r.From), 3), "height", 14, "rx", 3)
	d.hover(r.Title)
	d.shut("rect")
	if r.Due != 0 {
		at := x(r.Due + 1)
		d.path("gantt-due", "M"+num(at)+" "+num(y+1)+"v20m-4-20h8m-8 20h8")
	}
}
