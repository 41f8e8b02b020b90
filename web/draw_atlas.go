package web

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"

	"bihuan/desk/atlas"
	"bihuan/ground/geo"
	"bihuan/kernel/indicator"
)

// atlasPicture is a map drawn on the server: for paper, for browsers without WebGL or script, and until the other is there.
type atlasPicture struct {
	west, north  float64 // of the window, on the square of web maps
	scale        float64 // user units for the whole of that square
	wide, high   float64
	areas, names []func(*drawing)
	marks        []drawnMark
}

type drawnMark struct {
	x, y, r float64
	mark    atlas.Mark
	words   string
	link    string
}

const atlasWidth = 960.0

// newAtlasPicture begins a map of a box.
func newAtlasPicture(b geo.Box) *atlasPicture {
	west, north := geo.Point{Lng: b.Min.Lng, Lat: b.Max.Lat}.Mercator()
	east, south := geo.Point{Lng: b.Max.Lng, Lat: b.Min.Lat}.Mercator()
	p := &atlasPicture{west: west, north: north, wide: atlasWidth}
	w, h := max(east-west, 1e-9), max(south-north, 1e-9)
	p.scale = (atlasWidth - 2*atlasRim) / w
	if p.high = h*p.scale + 2*atlasRim; p.high > atlasWidth { // a tall one is not to fill three screens
		p.scale *= (atlasWidth - 2*atlasRim) / (h * p.scale)
		p.high = atlasWidth
		p.west -= ((atlasWidth-2*atlasRim)/p.scale - w) / 2
	}
	return p
}

// atlasRim is the free ground about the box.
const atlasRim = 24.0

func (p *atlasPicture) at(g geo.Point) (x, y float64) {
	x, y = g.Mercator()
	return atlasRim + (x-p.west)*p.scale, atlasRim + (y-p.north)*p.scale
}

// area draws the outline of a place with its name, as a link unless that is empty.
func (p *atlasPicture) area(level string, s geo.Shape, words, link string) {
	if len(s) == 0 {
		return
	}
	path := []byte(nil)
	for _, polygon := range s {
		for _, ring := range polygon {
			for i, g := range ring[:len(ring)-1] {
				x, y := p.at(g)
				path = append(path, map[bool]string{true: "M", false: "L"}[i == 0]...)
				path = append(path, num(x)+" "+num(y)...)
			}
			path = append(path, 'z')
		}
	}
	p.areas = append(p.areas, func(d *drawing) {
		tag, kv := "a", []any{"href", link}
		if link == "" {
			tag, kv = "g", nil
		}
		d.open(tag, kv...)
		d.hover(words)
		d.el("path", "class", "atlas-area "+level, "d", string(path))
		d.shut(tag)
	})
	if level == "new" { // the names of what comes in are not known to the registers yet
		return
	}
	b := s.Box()
	x0, _ := p.at(b.Min)
	x1, _ := p.at(b.Max)
	x, y := p.at(s.Inside())
	if size := 13.0; x > 0 && x < p.wide && y > 0 && y < p.high && textWidth(words, size) < max(60, (x1-x0)*1.2) {
		p.names = append(p.names, func(d *drawing) { d.text(x, y, "atlas-name mid "+level, words) })
	}
}

// dot draws a point.
func (p *atlasPicture) dot(at geo.Point) {
	x, y := p.at(at)
	p.areas = append(p.areas, func(d *drawing) { d.el("circle", "class", "atlas-dot", "cx", x, "cy", y, "r", 4) })
}

// mark draws what lies in a square, as a link to its list.
func (p *atlasPicture) mark(m atlas.Mark, words, link string) {
	x, y := p.at(m.At)
	p.marks = append(p.marks, drawnMark{x, y, math.Min(30, 7+3.2*math.Sqrt(float64(m.Count)-1)), m, words, link})
}

func (p *atlasPicture) done(title, desc, note string) template.HTML {
	d := picture("draw-atlas", p.wide, p.high+26, title, desc, true)
	for _, draw := range p.areas {
		draw(d)
	}
	for _, draw := range p.names {
		draw(d)
	}
	slices.SortStableFunc(p.marks, func(a, b drawnMark) int { return cmp.Compare(b.r, a.r) }) // small ones on top
	for _, m := range p.marks {
		m.draw(d)
	}
	d.el("rect", "class", "atlas-foot", "x", 0, "y", p.high, "width", p.wide, "height", 26)
	d.text(p.wide/2, p.high+18, "tick mid", note)
	return d.done()
}

func (m *drawnMark) draw(d *drawing) {
	d.open("a", "href", m.link)
	d.hover(m.words)
	d.el("circle", "class", "atlas-mark "+m.mark.Gravest, "cx", m.x, "cy", m.y, "r", m.r)
	_, lit := lampShapes[indicator.Light(m.mark.Gravest)]
	switch {
	case m.mark.Count == 1 && lit:
		d.lamp(indicator.Light(m.mark.Gravest), m.x-6, m.y-6, 12)
	case m.mark.Count > 1:
		d.text(m.x, m.y+4.5, "atlas-count mid", strconv.Itoa(m.mark.Count))
		if lit && m.r > 9 {
			d.lamp(indicator.Light(m.mark.Gravest), m.x+m.r*0.5, m.y-m.r*0.5-10, 13)
		}
	}
	d.shut("a")
}
