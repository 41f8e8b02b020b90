package draw

import (
	"math"

	"bihuan/ground/geo"
)

// The size of the picture on which a place is chosen, in pixels: it is shown as large as it is, so that a tap says where it was.
const PinWidth, PinHeight = 288, 216

// PinWindow is the ground that the picture shows: a box, and what fills the picture about it.
type PinWindow struct {
	west, north float64 // on the square of web maps
	scale       float64 // pixels for the whole of it
}

// NewPinWindow returns the window of a box, with what fills the picture about it.
func NewPinWindow(b geo.Box) PinWindow {
	west, north := geo.Point{Lng: b.Min.Lng, Lat: b.Max.Lat}.Mercator()
	east, south := geo.Point{Lng: b.Max.Lng, Lat: b.Min.Lat}.Mercator()
	w := PinWindow{scale: math.Min(PinWidth/max(east-west, 1e-12), PinHeight/max(south-north, 1e-12))}
	w.west, w.north = (west+east)/2-PinWidth/2/w.scale, (north+south)/2-PinHeight/2/w.scale
	return w
}

// Ground returns what a pixel of the picture shows.
func (w PinWindow) Ground(x, y float64) geo.Point {
	return geo.FromMercator(w.west+x/w.scale, w.north+y/w.scale)
}

func (w PinWindow) at(p geo.Point) (x, y float64) {
	x, y = p.Mercator()
	return (x - w.west) * w.scale, (y - w.north) * w.scale
}

// PinGround is a place on the picture: wide ones are drawn stronger, and some have no name there.
type PinGround struct {
	Shape geo.Shape
	Words string
	Wide  bool
	Named bool
}

// Draw makes the picture, as SVG: the outlines of places, and the point that was chosen, unless it is the zero one. With attributes alone: a
// picture that stands alone has no style sheet.
func (w PinWindow) Draw(grounds []PinGround, chosen geo.Point) []byte {
	d := &drawing{}
	d.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 "+num(PinWidth)+" "+num(PinHeight), "width", PinWidth, "height", PinHeight)
	d.el("rect", "width", PinWidth, "height", PinHeight, "fill", "#f3f6fa")
	for i := range grounds {
		d.pinGround(w, &grounds[i])
	}
	if !chosen.IsZero() {
		x, y := w.at(chosen)
		d.el("circle", "cx", x, "cy", y, "r", 7, "fill", "#c62828", "stroke", "#ffffff", "stroke-width", 2)
	}
	d.shut("svg")
	return []byte(d.b.String())
}

func (d *drawing) pinGround(w PinWindow, g *PinGround) {
	colour, width := "#9aa8b8", 0.8
	if g.Wide {
		colour, width = "#5f7084", 1.6
	}
	d.el("path", "d", outline(g.Shape, w.at), "fill", "none", "stroke", colour, "stroke-width", width)
	x, y := w.at(g.Shape.Inside())
	x0, _ := w.at(g.Shape.Box().Min)
	x1, _ := w.at(g.Shape.Box().Max)
	if g.Named && x > 0 && x < PinWidth && y > 0 && y < PinHeight && textWidth(g.Words, 11) < 1.3*(x1-x0) {
		d.open("text", "x", x, "y", y, "text-anchor", "middle", "font-size", 11, "font-family", "sans-serif", "fill", "#45525f")
		d.say(g.Words)
		d.shut("text")
	}
}
