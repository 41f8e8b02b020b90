package draw

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"

	"bihuan/ground/geo"
	"bihuan/kernel/indicator"
)

// AtlasPicture is a map drawn on the server: for paper, for browsers without WebGL or script, and until the other is there.
type AtlasPicture struct {
	west, north float64 // of the window, on the square of web maps
	scale       float64 // user units for the whole of that square
	wide, high  float64
	areas       []func(*drawing)
	names       []drawnName
	marks       []drawnMark
	small       float64 // marks are drawn so much smaller than on the wide one
}

type drawnName struct {
	x, y         float64 // of the middle of its foot
	words, level string
}

type drawnMark struct {
	x, y, r     float64
	count       int
	shade       string
	words, link string
}

// Widths of the map, in user units.
const (
	atlasWidth  = 960.0
	narrowWidth = 400.0 // on a phone: names and counts are read without scrolling sideways
	narrowMarks = 0.62
)

// NewAtlas begins a map of a box.
func NewAtlas(b geo.Box) *AtlasPicture { return newAtlas(b, atlasWidth, 1) }

// NewNarrowAtlas begins the same map for a phone.
func NewNarrowAtlas(b geo.Box) *AtlasPicture { return newAtlas(b, narrowWidth, narrowMarks) }

func newAtlas(b geo.Box, wide, small float64) *AtlasPicture {
	west, north := geo.Point{Lng: b.Min.Lng, Lat: b.Max.Lat}.Mercator()
	east, south := geo.Point{Lng: b.Max.Lng, Lat: b.Min.Lat}.Mercator()
	p := &AtlasPicture{west: west, north: north, wide: wide, small: small}
	w, h := max(east-west, 1e-9), max(south-north, 1e-9)
	p.scale = (wide - 2*atlasRim) / w
	if p.high = h*p.scale + 2*atlasRim; p.high > wide { // a tall one is not to fill three screens
		p.scale *= (wide - 2*atlasRim) / (h * p.scale)
		p.high = wide
		p.west -= ((wide-2*atlasRim)/p.scale - w) / 2
	}
	return p
}

// atlasRim is the free ground about the box.
const atlasRim = 24.0

func (p *AtlasPicture) at(g geo.Point) (x, y float64) {
	x, y = g.Mercator()
	return atlasRim + (x-p.west)*p.scale, atlasRim + (y-p.north)*p.scale
}

// Area draws the outline of a place with its name, as a link unless that is empty.
func (p *AtlasPicture) Area(level string, s geo.Shape, words, link string) {
	if len(s) == 0 {
		return
	}
	path := outline(s, p.at)
	p.areas = append(p.areas, func(d *drawing) {
		tag, kv := "a", []any{"href", link}
		if link == "" {
			tag, kv = "g", nil
		}
		d.open(tag, kv...)
		d.hover(words)
		d.el("path", "class", "atlas-area "+level, "d", path)
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
		p.names = append(p.names, drawnName{x, y, words, level})
	}
}

// Dot draws a point.
func (p *AtlasPicture) Dot(at geo.Point) {
	x, y := p.at(at)
	p.areas = append(p.areas, func(d *drawing) { d.el("circle", "class", "atlas-dot", "cx", x, "cy", y, "r", 4) })
}

// Mark draws how many things lie about a point, in the shade of the gravest, as a link to their list.
func (p *AtlasPicture) Mark(at geo.Point, count int, shade, words, link string) {
	x, y := p.at(at)
	p.marks = append(p.marks, drawnMark{x, y, p.size(count), count, shade, words, link})
}

// size is the radius of a mark; one with a count holds its figures.
func (p *AtlasPicture) size(count int) float64 {
	r := p.small * math.Min(30, 7+3.2*math.Sqrt(float64(count)-1))
	if count == 1 {
		return max(r, 6)
	}
	return max(r, 4.5+3.4*float64(len(strconv.Itoa(count))))
}

// Done ends the map: names above outlines, small marks above large ones, the note at its foot.
func (p *AtlasPicture) Done(title, desc, note string) template.HTML {
	d := picture("draw-atlas", p.wide, p.high+26, title, desc, true)
	for _, draw := range p.areas {
		draw(d)
	}
	p.part()
	for _, n := range p.clear() {
		d.text(n.x, n.y, "atlas-name mid "+n.level, n.words)
	}
	slices.SortStableFunc(p.marks, func(a, b drawnMark) int { return cmp.Compare(b.r, a.r) }) // small ones on top
	for _, m := range p.marks {
		m.draw(d)
	}
	d.el("rect", "class", "atlas-foot", "x", 0, "y", p.high, "width", p.wide, "height", 26)
	d.text(p.wide/2, p.high+18, "tick mid", note)
	return d.done()
}

// mostParted is up to how many marks are moved apart: each is held against each.
const mostParted = 300

// part moves marks that cover each other apart until they touch, so that the count of each is read; by no more than a mark's width or two, since
// a mark stands for its neighbourhood. Marks at the very same place part by the golden angle. The outcome depends on their order alone.
func (p *AtlasPicture) part() {
	if len(p.marks) > mostParted {
		return
	}
	for range 40 {
		moved := false
		for i := range p.marks {
			for j := range i {
				moved = touch(&p.marks[j], &p.marks[i], float64(i)) || moved
			}
		}
		if !moved {
			return
		}
	}
}

// touch moves two marks that cover each other to where they touch, the smaller one more, and reports whether they did.
func touch(a, b *drawnMark, turn float64) bool {
	dx, dy := b.x-a.x, b.y-a.y
	far, want := math.Hypot(dx, dy), a.r+b.r+2
	if far >= want-0.5 {
		return false
	}
	if far < 1e-6 {
		dx, dy, far = math.Cos(turn*2.4), math.Sin(turn*2.4), 1
	}
	push, share := want-math.Hypot(b.x-a.x, b.y-a.y), b.r/(a.r+b.r)
	a.x, a.y = a.x-dx/far*push*share, a.y-dy/far*push*share
	b.x, b.y = b.x+dx/far*push*(1-share), b.y+dy/far*push*(1-share)
	return true
}

// farName is how far a name may stand from its place before it would name another.
const farName = 60.0

// clear are the names where they are drawn: those that would cover another or stand too far away are left out, since the list beside the map has
// them and the area says its own when it is pointed at.
func (p *AtlasPicture) clear() (all []drawnName) {
	for _, n := range p.names {
		at := n.y
		n.y = p.free(n)
		covers := slices.ContainsFunc(all, func(o drawnName) bool {
			return math.Abs(o.y-n.y) < 14 && math.Abs(o.x-n.x) < (textWidth(o.words, 13)+textWidth(n.words, 13))/2
		})
		if !covers && math.Abs(n.y-at) <= farName {
			all = append(all, n)
		}
	}
	return all
}

// free is the height at which a name is covered by no mark: its own, or above the marks that stand there.
func (p *AtlasPicture) free(n drawnName) float64 {
	half, y := textWidth(n.words, 13)/2, n.y
	for range 6 {
		next := y
		for _, m := range p.marks {
			if math.Abs(m.x-n.x) < m.r+half && y > m.y-m.r && y-13 < m.y+m.r {
				next = min(next, m.y-m.r-5)
			}
		}
		if next == y {
			break
		}
		y = next
	}
	if y < atlasRim { // at the map's upper rim there is no room above
		return n.y
	}
	return y
}

func (m *drawnMark) draw(d *drawing) {
	d.open("a", "href", m.link)
	d.hover(m.words)
	d.el("circle", "class", "atlas-mark "+m.shade, "cx", m.x, "cy", m.y, "r", m.r)
	lit := HasLamp(indicator.Light(m.shade))
	switch {
	case m.count == 1 && lit:
		d.lamp(indicator.Light(m.shade), m.x-6, m.y-6, 12)
	case m.count > 1:
		d.text(m.x, m.y+4.5, "atlas-count mid", strconv.Itoa(m.count))
		if lit && m.r > 9 {
			d.lamp(indicator.Light(m.shade), m.x+m.r*0.5, m.y-m.r*0.5-10, 13)
		}
	}
	d.shut("a")
}
