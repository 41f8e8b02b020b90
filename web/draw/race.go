package draw

import (
	"html/template"
	"math"
	"strconv"

	"bihuan/kernel/indicator"
)

// RaceView is one runner's value on the common scale of its group, in percentage points ahead of plan, or behind.
type RaceView struct {
	Value     float64
	Low, High float64 // of the whole group
	Few       bool
	Title     string
}

// RaceBar draws the value from the line of the plan: to the right ahead of it, to the left behind it.
func RaceBar(v RaceView) template.HTML {
	const wide, high = 320.0, 22.0
	d := picture("draw-race", wide, high, v.Title, "", false)
	low, top := math.Min(v.Low, 0), math.Max(v.High, 0)
	if top == low {
		top = low + 1
	}
	x := func(value float64) float64 { return 4 + (wide-8)*(value-low)/(top-low) }
	class := "race-bar ahead"
	if v.Value < 0 {
		class = "race-bar behind"
	}
	if v.Few {
		class += " few"
	}
	a, b := math.Min(x(0), x(v.Value)), math.Max(x(0), x(v.Value))
	d.el("rect", "class", class, "x", a, "y", 4, "width", math.Max(b-a, 1.5), "height", high-8, "rx", 2)
	d.path("race-plan", "M"+num(x(0))+" 0V"+num(high))
	return d.done()
}

// Change draws how many places were gained ▲, lost ▼ or kept –, with the number; words say it in full.
func Change(p indicator.Place, words, newWords string) template.HTML {
	d := &drawing{}
	class, sign := "kept", "–"
	switch {
	case p.New:
		class, sign = "new", newWords
	case p.Change > 0:
		class, sign = "gained", "▲"+strconv.Itoa(p.Change)
	case p.Change < 0:
		class, sign = "lost", "▼"+strconv.Itoa(-p.Change)
	}
	d.open("span", "class", "change "+class)
	d.open("span", "aria-hidden", "true")
	d.say(sign)
	d.shut("span")
	d.open("span", "class", "visually-hidden")
	d.say(words)
	d.shut("span")
	d.shut("span")
	return template.HTML(d.b.String())
}
