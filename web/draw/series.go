package draw

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// SeriesView is a goal's figures against its plan. Places along the axis are in months from the left edge: 0 is the
// beginning of the first month, 1 its end.
type SeriesView struct {
	Width, Height float64
	Title, Desc   string
	Unit          string
	Months        []string // one label for each month; the axis is as long as there are months
	Plan          []SeriesPoint
	Actual        []SeriesPoint
	Levels        []SeriesLevel
	Today         float64 // negative for none
	TodayWords    string
	FromZero      bool // amounts start at nothing; levels and rates where they are
	PlanWords     string
	ActualWords   string
	Tick          func(number string) string // writes a number of the value axis; nil: as it is
}

// tick writes a value of the value axis.
func (v *SeriesView) tick(value float64) string {
	if v.Tick == nil {
		return tick(value)
	}
	return v.Tick(tick(value))
}

// SeriesPoint is one point; Label, if any, is written beside it.
type SeriesPoint struct {
	At    float64
	Value float64
	Label string
}

// SeriesLevel is a level line across the chart: the target, the target as it was first promised, the base.
type SeriesLevel struct {
	Value float64
	Words string
	Class string // target, original or base
}

// frame is where the chart's inside lies and what its edges mean.
type frame struct {
	left, right, top, bottom float64
	low, high                float64
	months                   float64
}

func (f *frame) x(at float64) float64 {
	return f.left + (f.right-f.left)*math.Max(0, math.Min(at/f.months, 1))
}

func (f *frame) y(v float64) float64 { return f.bottom - (f.bottom-f.top)*(v-f.low)/(f.high-f.low) }

// Series draws the planned curve, the actual points, the level lines and today's mark over months. Without any
// value it draws the empty axes.
func Series(v SeriesView) template.HTML {
	d := picture("draw-series", v.Width, v.Height, v.Title, v.Desc, false)
	steps := axis(v.low(), v.high(), int(math.Max(2, v.Height/60)))
	f := frame{left: 14 + v.widest(steps), right: v.Width - 14, top: 34, bottom: v.Height - 28,
		low: steps[0], high: steps[len(steps)-1], months: math.Max(1, float64(len(v.Months)))}
	d.legend(v, f)
	d.valueAxis(&v, steps, f)
	d.monthAxis(v.Months, f)
	d.today(v, f)
	d.levels(v.Levels, f)
	d.line("series-plan", v.Plan, f)
	d.line("series-actual", v.Actual, f)
	d.dots(v.Actual, f)
	return d.done()
}

func (v *SeriesView) values() (all []float64) {
	for _, p := range v.Plan {
		all = append(all, p.Value)
	}
	for _, p := range v.Actual {
		all = append(all, p.Value)
	}
	for _, l := range v.Levels {
		all = append(all, l.Value)
	}
	return all
}

func (v *SeriesView) low() float64 {
	low, _ := bounds(v.values())
	if v.FromZero {
		return math.Min(0, low)
	}
	return low
}

func (v *SeriesView) high() float64 {
	_, high := bounds(v.values())
	if v.FromZero {
		return math.Max(0, high)
	}
	return high
}

func (v *SeriesView) widest(steps []float64) float64 {
	w := 0.0
	for _, s := range steps {
		w = math.Max(w, textWidth(v.tick(s), 12))
	}
	return w
}

func (d *drawing) legend(v SeriesView, f frame) {
	x := f.left
	for _, l := range []struct{ class, words string }{{"series-actual", v.ActualWords}, {"series-plan", v.PlanWords}} {
		if l.words == "" {
			continue
		}
		d.path(l.class, "M"+num(x)+" 13H"+num(x+24))
		d.text(x+30, 17, "tick", l.words)
		x += 46 + textWidth(l.words, 12)
	}
	if v.Unit != "" {
		d.text(v.Width-14, 17, "tick end", v.Unit)
	}
}

func (d *drawing) valueAxis(v *SeriesView, steps []float64, f frame) {
	for _, s := range steps {
		y := f.y(s)
		class := "grid"
		if s == 0 && f.low < 0 {
			class = "grid zero"
		}
		d.path(class, "M"+num(f.left)+" "+num(y)+"H"+num(f.right))
		d.text(f.left-6, y+4, "tick end", v.tick(s))
	}
}

// monthAxis labels each month in its middle, or every second or third where there is no room.
func (d *drawing) monthAxis(months []string, f frame) {
	room := (f.right - f.left) / f.months
	every := 1
	for _, m := range months {
		every = max(every, int(math.Ceil((textWidth(m, 12)+6)/room)))
	}
	for i, m := range months {
		d.path("grid-tick", "M"+num(f.x(float64(i+1)))+" "+num(f.bottom)+"v4")
		if i%every == 0 {
			d.text(f.x(float64(i)+0.5), f.bottom+18, "tick mid", m)
		}
	}
	d.path("grid base", "M"+num(f.left)+" "+num(f.bottom)+"H"+num(f.right))
}

func (d *drawing) today(v SeriesView, f frame) {
	if v.Today < 0 || v.Today > f.months {
		return
	}
	x := f.x(v.Today)
	d.path("series-today", "M"+num(x)+" "+num(f.top)+"V"+num(f.bottom))
	anchor := "mid"
	if x > f.right-30 {
		anchor = "end"
	}
	d.text(x, f.top-4, "tick today "+anchor, v.TodayWords)
}

// levels draws the level lines; words that would touch each other step aside.
func (d *drawing) levels(levels []SeriesLevel, f frame) {
	var taken []float64
	for _, l := range levels {
		y := f.y(l.Value)
		d.path("series-level "+l.Class, "M"+num(f.left)+" "+num(y)+"H"+num(f.right))
		at := y - 5
		if at < f.top+8 {
			at = y + 14
		}
		for _, t := range taken {
			if math.Abs(t-at) < 13 {
				at = t + 14
			}
		}
		if at > f.bottom { // below the axis the months have their place
			at = y - 5 - 14*float64(len(taken))
		}
		taken = append(taken, at)
		if l.Class == "original" { // at the other end, clear of the target that replaced it
			d.text(f.right-4, y-5, "tick end level "+l.Class, l.Words)
			continue
		}
		d.text(f.left+6, at, "tick level "+l.Class, l.Words)
	}
}

func (d *drawing) line(class string, points []SeriesPoint, f frame) {
	if len(points) < 2 {
		return
	}
	var line strings.Builder
	for i, p := range points {
		move := "L"
		if i == 0 {
			move = "M"
		}
		fmt.Fprintf(&line, "%s%s %s", move, num(f.x(p.At)), num(f.y(p.Value)))
	}
	d.path(class, line.String())
}

func (d *drawing) dots(points []SeriesPoint, f frame) {
	for _, p := range points {
		x, y := f.x(p.At), f.y(p.Value)
		d.open("circle", "class", "series-dot", "cx", x, "cy", y, "r", 4)
		if p.Label != "" {
			d.hover(p.Label)
		}
		d.shut("circle")
	}
	if n := len(points); n > 0 && points[n-1].Label != "" {
		p := points[n-1]
		x, anchor := f.x(p.At)-8, "end"
		if x-textWidth(p.Label, 13) < f.left {
			x, anchor = f.x(p.At)+8, "start"
		}
		d.text(x, math.Max(f.y(p.Value)-9, f.top+10), "value "+anchor, p.Label)
	}
}

// bounds returns the smallest and largest of the values, 0 and 0 for none.
func bounds(values []float64) (low, high float64) {
	for i, v := range values {
		if i == 0 || v < low {
			low = v
		}
		if i == 0 || v > high {
			high = v
		}
	}
	return low, high
}
