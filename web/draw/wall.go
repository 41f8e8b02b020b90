package draw

import (
	"html/template"
	"math"

	"bihuan/kernel/indicator"
)

// WallView is one month of one goal on the wall chart 挂图作战, in per cent of the target.
type WallView struct {
	Light   indicator.Light // empty for a month to come, or one before the goal began
	Actual  float64
	Has     bool
	Plan    float64
	HasPlan bool
	Now     bool
	Title   string
}

// WallCell draws a month: what is planned as an outline that rises through the year, what is done as a filled
// column within, and the month's light. A month to come has only its outline.
func WallCell(c WallView) template.HTML {
	const wide, high, floor, tall = 36.0, 34.0, 31.0, 28.0
	d := picture("draw-wall", wide, high, c.Title, "", false)
	level := func(percent float64) float64 { return tall * math.Max(0, math.Min(percent, 110)) / 100 }
	if c.HasPlan {
		h := math.Max(level(c.Plan), 1)
		d.el("rect", "class", "wall-plan", "x", 17, "y", floor-h, "width", 16, "height", h)
	}
	if c.Has {
		h := math.Max(level(c.Actual), 1)
		d.el("rect", "class", "wall-actual "+string(c.Light), "x", 20, "y", floor-h, "width", 10, "height", h)
		if c.Actual > 110 {
			d.path("wall-over", "M21 4l4-4l4 4")
		}
	}
	d.path("grid base", "M15 "+num(floor)+"H35")
	if c.Light != "" {
		d.lamp(c.Light, 1, 11, 13)
	}
	return d.done()
}
