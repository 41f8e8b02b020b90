package draw

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"bihuan/kernel/indicator"
)

// BarView is progress against a plan, both in per cent of the target. Neither is clamped: more than 100 is drawn
// beyond a break in the scale, less than 0 as an arrow to the left.
type BarView struct {
	Actual  float64
	Plan    float64
	HasPlan bool
	Empty   bool // nothing reported yet
	Light   indicator.Light
	Title   string
}

// The bar's measures in user units: a scale of 0 to 100, room for the break and what lies beyond.
const (
	barScale  = 160.0
	barBeyond = 40.0
	barHigh   = 14.0
)

// Bar draws progress against plan: a filled bar, a tick where the plan wants it to be.
func Bar(v BarView) template.HTML {
	d := picture("draw-bar", barScale+barBeyond, barHigh+6, v.Title, "", false)
	d.el("rect", "class", "bar-ground", "x", 0, "y", 3, "width", barScale, "height", barHigh, "rx", 3)
	fill := math.Max(0, math.Min(100, v.Actual)) / 100 * barScale
	switch {
	case v.Empty:
	case v.Actual < 0:
		d.path("bar-fill "+string(v.Light), "M0 10L9 3V17z")
	case fill > 0:
		d.el("rect", "class", "bar-fill "+string(v.Light), "x", 0, "y", 3, "width", math.Max(fill, 2), "height", barHigh, "rx", 3)
	}
	if !v.Empty && v.Actual > 100 {
		d.beyond(v)
	}
	if v.HasPlan {
		x := math.Max(0, math.Min(100, v.Plan)) / 100 * barScale
		x = math.Max(1.5, math.Min(barScale-1.5, x))
		d.path("bar-plan", "M"+num(x)+" 0V20")
	}
	return d.done()
}

// beyond draws what lies above 100 % behind a break; it grows with the logarithm, up to tenfold.
func (d *drawing) beyond(v BarView) {
	long := math.Min(1, math.Log10(v.Actual/100)) * (barBeyond - 12)
	d.path("bar-break", "M"+num(barScale+2)+" 18l4-16M"+num(barScale+6)+" 18l4-16")
	d.el("rect", "class", "bar-fill "+string(v.Light), "x", barScale+11, "y", 3, "width", math.Max(long, 3), "height", barHigh, "rx", 3)
}

// fraction writes a scale factor.
func fraction(f float64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.4f", f), "0"), ".")
}
