package web

import (
	"html/template"
	"math"
	"strconv"

	"bihuan/kernel/indicator"
)

// matrixRow is one unit with how many goals it has of each light.
type matrixRow struct {
	Words  string
	Link   string // empty for none
	Lights map[indicator.Light]int
}

// lightsInOrder are the lights as people look at them: trouble first.
var lightsInOrder = []indicator.Light{indicator.Red, indicator.Yellow, indicator.Green, indicator.Grey}

// drawMatrix draws units × lights: a circle for each, its area in proportion, and the number. heads words the lights in
// the order of lightsInOrder.
func drawMatrix(rows []matrixRow, heads []string, title string) template.HTML {
	const label, cell, high, top = 150.0, 64.0, 34.0, 40.0
	d := picture("draw-matrix", label+cell*float64(len(lightsInOrder))+8, top+high*float64(len(rows))+6, title, "", true)
	most := 1
	for _, r := range rows {
		for _, n := range r.Lights {
			most = max(most, n)
		}
	}
	for i, l := range lightsInOrder {
		x := label + cell*(float64(i)+0.5)
		d.lamp(l, x-8, 2, 16)
		if i < len(heads) {
			d.text(x, 33, "tick mid", heads[i])
		}
	}
	for j, r := range rows {
		y := top + high*float64(j)
		d.path("grid", "M0 "+num(y)+"H"+num(label+cell*4+8))
		if r.Link != "" {
			d.open("a", "href", r.Link)
		}
		d.text(4, y+22, "gantt-words", clipped(r.Words, 13, label-12))
		if r.Link != "" {
			d.shut("a")
		}
		for i, l := range lightsInOrder {
			n := r.Lights[l]
			if n == 0 {
				continue
			}
			x, radius := label+cell*(float64(i)+0.5), 6+9*math.Sqrt(float64(n)/float64(most))
			d.el("circle", "class", "matrix-dot "+string(l), "cx", x, "cy", y+high/2, "r", radius)
			d.text(x, y+high/2+4.5, "matrix-count mid "+string(l), strconv.Itoa(n))
		}
	}
	return d.done()
}

// drawStrip draws the lights of one group as one bar in parts, trouble first; each part has its number if there is room.
func drawStrip(lights map[indicator.Light]int, title string) template.HTML {
	const wide, high = 240.0, 22.0
	d := picture("draw-strip", wide, high, title, "", false)
	total := 0
	for _, l := range lightsInOrder {
		total += lights[l]
	}
	x := 0.0
	for _, l := range lightsInOrder {
		n := lights[l]
		if n == 0 {
			continue
		}
		w := wide * float64(n) / float64(total)
		d.el("rect", "class", "strip "+string(l), "x", x, "y", 0, "width", math.Max(w-1.5, 1), "height", high, "rx", 2)
		if w > 16 {
			d.text(x+w/2-0.75, 15.5, "strip-count mid "+string(l), strconv.Itoa(n))
		}
		x += w
	}
	return d.done()
}
