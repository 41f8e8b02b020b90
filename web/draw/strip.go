package draw

import (
	"html/template"
	"math"
	"strconv"

	"bihuan/kernel/indicator"
)

// Strip draws the lights of one group as one bar in parts, trouble first; each part has its number if there is room.
func Strip(lights map[indicator.Light]int, title string) template.HTML {
	return strip(lights, title, 240)
}

// LongStrip draws the same for a whole sheet, where it fills what the words beside it leave.
func LongStrip(lights map[indicator.Light]int, title string) template.HTML {
	return strip(lights, title, 400)
}

func strip(lights map[indicator.Light]int, title string, wide float64) template.HTML {
	const high = 22.0
	d := picture("draw-strip", wide, high, title, "", false)
	total := 0
	for _, l := range indicator.Lights {
		total += lights[l]
	}
	x := 0.0
	for _, l := range indicator.Lights {
		n := lights[l]
		if n == 0 {
			continue
		}
		w := wide * float64(n) / float64(total)
		d.el("rect", "class", "strip "+string(l), "x", x, "y", 0, "width", math.Max(w-1.5, 1), "height", high, "rx", 2)
		if text := strconv.Itoa(n); w > 6+7*float64(len(text)) {
			d.text(x+w/2-0.75, 15.5, "strip-count mid "+string(l), text)
		}
		x += w
	}
	return d.done()
}
