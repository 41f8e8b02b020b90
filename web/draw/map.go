package draw

import (
	"html/template"
	"math"
	"strconv"

	"bihuan/kernel/indicator"
)

// Tile is one street on the schematic map: a six-sided tile, not its outline.
type Tile struct {
	Name   string
	Link   string // empty for none
	Light  indicator.Light
	Counts []Count // how many of each light
	Total  int
	Heat   float64 // 0 to 1: how many of the worst light there are, against the street that has most
	Words  string  // said in full
}

// Count is how many of a light there are.
type Count struct {
	Light indicator.Light
	Count int
}

const tileRadius = 62.0

// Map draws streets as tiles of one size in rings around the first: schematic, without true outlines, which may not
// be shipped. note says so in the picture itself, so that a printed copy says it too.
func Map(tiles []Tile, title, desc, note string) template.HTML {
	places := rings(len(tiles))
	minX, maxX, minY, maxY := 0.0, 0.0, 0.0, 0.0
	for _, p := range places {
		minX, maxX = math.Min(minX, p[0]), math.Max(maxX, p[0])
		minY, maxY = math.Min(minY, p[1]), math.Max(maxY, p[1])
	}
	half := tileRadius * math.Sqrt(3) / 2
	wide, high := maxX-minX+2*half+8, maxY-minY+2*tileRadius+36
	d := picture("draw-map", wide, high, title, desc, true)
	for i, t := range tiles {
		d.tile(t, places[i][0]-minX+half+4, places[i][1]-minY+tileRadius+4)
	}
	d.text(wide/2, high-8, "tick mid", note)
	return d.done()
}

func (d *drawing) tile(t Tile, x, y float64) {
	if t.Link != "" {
		d.open("a", "href", t.Link)
	}
	d.hover(t.Words)
	d.open("g", "class", "tile "+string(t.Light), "aria-hidden", "true") // the words say all of it
	d.path("tile-ground", hexagon(x, y, tileRadius-2.5))
	d.el("path", "class", "tile-body", "d", hexagon(x, y, tileRadius-2.5), "fill-opacity", 0.15+0.85*math.Max(0, math.Min(t.Heat, 1)))
	size := 14.0
	lines := halves(t.Name, size, tileRadius*1.45)
	for i, part := range lines {
		d.text(x, y-20-float64(len(lines)-1)*9+float64(i)*14, "tile-name mid", part)
	}
	if t.Total > 0 {
		d.lamp(t.Light, x-26, y-3, 18)
		d.text(x+8, y+13, "tile-total mid", strconv.Itoa(t.Total))
	}
	at := x - float64(len(t.Counts)-1)*15
	for _, c := range t.Counts {
		d.lamp(c.Light, at-11, y+22, 9)
		d.text(at+1, y+30.5, "tile-count", strconv.Itoa(c.Count))
		at += 30
	}
	d.shut("g")
	if t.Link != "" {
		d.shut("a")
	}
}

// halves breaks a name that is too wide into two lines: an English one at a space, of which the second line, a word such as Subdistrict, is left out
// where it is too wide as well. What hovers over it says it in full.
func halves(name string, size, width float64) []string {
	if textWidth(name, size) <= width {
		return []string{name}
	}
	runes := []rune(name)
	cut := len(runes) / 2
	at := -1
	for i := range runes {
		if runes[i] == ' ' && (at < 0 || abs(i-cut) < abs(at-cut)) {
			at = i
		}
	}
	if at > 0 && textWidth(string(runes[:at]), size) <= width {
		if second := string(runes[at+1:]); textWidth(second, size) <= width {
			return []string{string(runes[:at]), second}
		}
		return []string{string(runes[:at])}
	}
	return []string{clipped(string(runes[:cut]), size, width), clipped(string(runes[cut:]), size, width)}
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func hexagon(x, y, r float64) string {
	path := ""
	for i := range 6 {
		a := math.Pi/3*float64(i) + math.Pi/6
		move := "L"
		if i == 0 {
			move = "M"
		}
		path += move + num(x+r*math.Cos(a)) + " " + num(y+r*math.Sin(a))
	}
	return path + "z"
}

// rings returns the centres of count tiles: the first in the middle, then ring by ring, each ring from the west on
// clockwise. No two are the same.
func rings(count int) [][2]float64 {
	places := make([][2]float64, 0, count)
	at := func(q, r int) {
		if len(places) < count {
			places = append(places, [2]float64{tileRadius * math.Sqrt(3) * (float64(q) + float64(r)/2), tileRadius * 1.5 * float64(r)})
		}
	}
	at(0, 0)
	for ring := 1; len(places) < count; ring++ {
		q, r := -ring, 0
		for _, step := range [][2]int{{1, -1}, {1, 0}, {0, 1}, {-1, 1}, {-1, 0}, {0, -1}} {
			for range ring {
				at(q, r)
				q, r = q+step[0], r+step[1]
			}
		}
	}
	return places[:count]
}
