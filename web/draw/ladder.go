package draw

import (
	"html/template"
	"math"
)

// LadderRung is one rung of the ladder of what happens when something is late: 提醒 → 催办 → 督办 → 通报.
type LadderRung struct {
	Words   string // 催办
	When    string // 超期1个工作日
	To      string // 区住建局主要负责人
	Reached bool
}

// Ladder draws rungs as rising steps, those reached filled. Without rungs it draws nothing.
func Ladder(rungs []LadderRung, title string) template.HTML {
	if len(rungs) == 0 {
		return ""
	}
	wide := 120.0
	for _, r := range rungs {
		wide = math.Max(wide, 20+math.Max(textWidth(r.When, 12), math.Max(textWidth(r.To, 12), textWidth(r.Words, 15))))
	}
	wide = math.Min(wide, 220)
	const rise = 26.0
	high := 70 + rise*float64(len(rungs)-1) + 8
	d := picture("draw-ladder", wide*float64(len(rungs))+8, high, title, "", false)
	for i, r := range rungs {
		x, y := 4+wide*float64(i), high-4-66-rise*float64(i)
		class := "rung"
		if r.Reached {
			class = "rung reached"
		}
		d.open("g", "class", class)
		d.el("rect", "x", x, "y", y, "width", wide-2, "height", high-4-y, "rx", 3)
		d.text(x+10, y+22, "rung-words", clipped(r.Words, 15, wide-20))
		d.text(x+10, y+41, "rung-note", clipped(r.When, 12, wide-16))
		d.text(x+10, y+58, "rung-note", clipped(r.To, 12, wide-16))
		d.shut("g")
	}
	return d.done()
}
