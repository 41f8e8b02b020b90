package draw

import (
	"html/template"
	"math"
	"strconv"
)

// TrendBar is one month of what came in and what was brought to an end.
type TrendBar struct {
	Label   string // 10
	Month   string // 2023-10
	In, Out int64
}

// The trend's measures.
const trendMonth, trendHigh = 54.0, 150.0

// Trend draws two bars a month beside each other, each with its number: what was opened, and what was closed.
// Without months it draws nothing.
func Trend(bars []TrendBar, title, in, out string) template.HTML {
	if len(bars) == 0 {
		return ""
	}
	most := int64(1)
	for _, b := range bars {
		most = max(most, b.In, b.Out)
	}
	wide := trendMonth*float64(len(bars)) + 12
	d := picture("draw-trend", wide, trendHigh+46, title, "", false)
	for i, legend := range []struct{ class, words string }{{"trend-in", in}, {"trend-out", out}} {
		x := 8 + 130*float64(i)
		d.el("rect", "class", legend.class, "x", x, "y", 4, "width", 12, "height", 12, "rx", 2)
		d.text(x+18, 15, "tick", legend.words)
	}
	floor := trendHigh + 22
	for i, b := range bars {
		x := 8 + trendMonth*float64(i)
		for j, bar := range []struct {
			n     int64
			class string
		}{{b.In, "trend-in"}, {b.Out, "trend-out"}} {
			high := math.Round((trendHigh - 30) * float64(bar.n) / float64(most))
			left := x + 4 + 21*float64(j)
			d.el("rect", "class", bar.class, "x", left, "y", floor-high, "width", 18, "height", math.Max(high, 1), "rx", 2)
			if bar.n > 0 {
				d.text(left+9, floor-high-4, "tick mid", strconv.FormatInt(bar.n, 10))
			}
		}
		d.text(x+24, floor+16, "tick mid", b.Label)
	}
	d.path("grid", "M4 "+num(floor)+"H"+num(wide-4))
	return d.done()
}
