package draw

import (
	"html/template"
	"math"

	"bihuan/ground/geo"
	"bihuan/kernel/indicator"
)

// CasePoint is one case on the schematic map.
type CasePoint struct {
	At    geo.Point
	Light indicator.Light
	Words string
	Link  string
	On    bool // the one that is being looked at
}

// CaseGround is the outline of a place that cases lie in.
type CaseGround struct {
	Shape geo.Shape
	Words string
}

// casesWidth is the width of the picture of cases in user units; its height follows from the place.
const casesWidth = 420.0

// Cases draws cases where they are, over outlines of communities that are schematic themselves. Points outside of every
// outline are drawn too. Nothing placed gives an empty picture that says so.
func Cases(points []CasePoint, outlines []CaseGround, title, desc, note string) template.HTML {
	box := geo.Nowhere()
	for _, p := range points {
		box = box.With(p.At)
	}
	for _, a := range outlines {
		box = box.Union(a.Shape.Box())
	}
	if box.IsEmpty() {
		box = box.With(geo.Point{Lng: 125.37, Lat: 43.86})
	}
	const edge = 14
	squeeze := math.Cos(box.Center().Lat * math.Pi / 180) // a degree of longitude is shorter than one of latitude
	wide, high := math.Max((box.Max.Lng-box.Min.Lng)*squeeze, 0.004), math.Max(box.Max.Lat-box.Min.Lat, 0.003)
	scale := (casesWidth - 2*edge) / wide
	height := math.Min(high*scale, 520)
	scale = math.Min(scale, height/high)
	d := picture("draw-cases", casesWidth, height+2*edge+18, title, desc, true)
	at := func(p geo.Point) (x, y float64) {
		return edge + (p.Lng-box.Min.Lng)*squeeze*scale, edge + (box.Max.Lat-p.Lat)*scale
	}
	for _, a := range outlines {
		d.open("g", "class", "ground")
		d.hover(a.Words)
		d.path("", outline(a.Shape, at))
		d.shut("g")
	}
	for _, late := range []bool{false, true} { // the one that is looked at stands on top
		for _, p := range points {
			if p.On == late {
				d.point(p, at)
			}
		}
	}
	d.text(casesWidth/2, height+2*edge+12, "tick mid", note)
	return d.done()
}

func (d *drawing) point(p CasePoint, at func(geo.Point) (x, y float64)) {
	x, y := at(p.At)
	class := "case"
	if p.On {
		class = "case on"
	}
	d.open("a", "href", p.Link, "class", class, "aria-label", p.Words)
	d.hover(p.Words)
	if p.On {
		d.el("circle", "cx", x, "cy", y, "r", 13.0, "class", "ring")
	}
	d.lamp(p.Light, x-8, y-8, 16)
	d.shut("a")
}
