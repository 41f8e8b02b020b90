// Package draw makes the pictures of the pages as SVG: charts, maps, flows, lights. Each function is given what it shows, ready in words and
// numbers, and returns markup into which words go escaped.
package draw

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"bihuan/ground/geo"
	"bihuan/ground/money"
)

// drawing gathers the text of one SVG picture. Words and attribute values are escaped where they go in, so that
// nothing a person typed can become markup. Colours are classes of style/draw.css: they follow the page, the wall
// screen and paper alike, and the strict content policy lets them be.
type drawing struct{ b strings.Builder }

// picture begins a drawing of a size in user units. A picture is one image to a screen reader, with a title and a
// description; one that holds links is a group, so that the links stay in reach.
func picture(class string, width, height float64, title, desc string, links bool) *drawing {
	d := &drawing{}
	role := "img"
	if links {
		role = "group"
	}
	d.open("svg", "class", "draw "+class, "viewBox", "0 0 "+num(width)+" "+num(height), "width", width, "height", height, "role", role, "aria-label", title)
	if desc != "" {
		d.open("desc")
		d.say(desc)
		d.shut("desc")
	}
	return d
}

// done ends the drawing.
func (d *drawing) done() template.HTML {
	d.shut("svg")
	return template.HTML(d.b.String())
}

// open writes an opening tag; kv alternates names and values, which may be text, whole or broken numbers.
func (d *drawing) open(tag string, kv ...any) {
	d.tag(tag, kv)
	d.b.WriteByte('>')
}

func (d *drawing) shut(tag string) { d.b.WriteString("</" + tag + ">") }

// el writes an element without content.
func (d *drawing) el(tag string, kv ...any) {
	d.tag(tag, kv)
	d.b.WriteString("/>")
}

func (d *drawing) tag(tag string, kv []any) {
	d.b.WriteString("<" + tag)
	for i := 0; i+1 < len(kv); i += 2 {
		v := ""
		switch x := kv[i+1].(type) {
		case float64:
			v = num(x)
		case int:
			v = strconv.Itoa(x)
		default:
			v = template.HTMLEscapeString(fmt.Sprint(x))
		}
		fmt.Fprintf(&d.b, ` %s="%s"`, kv[i], v)
	}
}

// say writes words, escaped.
func (d *drawing) say(words string) { d.b.WriteString(template.HTMLEscapeString(words)) }

// text writes words at a place; class says which kind, and may name the anchor: "mid" or "end".
func (d *drawing) text(x, y float64, class, words string) {
	d.open("text", "x", x, "y", y, "class", class)
	d.say(words)
	d.shut("text")
}

// hover gives the element that is open words that appear when one points at it.
func (d *drawing) hover(words string) {
	d.open("title")
	d.say(words)
	d.shut("title")
}

// path writes a line of the given commands.
func (d *drawing) path(class, commands string) { d.el("path", "class", class, "d", commands) }

// num writes a coordinate with at most one digit behind the point.
func num(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	return strconv.FormatFloat(math.Round(f*10)/10+0, 'f', -1, 64) // + 0: a negative zero is zero
}

// Coordinate is where a value is drawn. Values are exact everywhere else; a place on paper need not be.
func Coordinate(v money.Decimal) float64 {
	f, err := strconv.ParseFloat(v.String(), 64)
	if err != nil {
		return 0
	}
	return f
}

// textWidth estimates how wide words are at a font size: a hanzi takes its size, a Latin letter a bit more than half.
func textWidth(words string, size float64) float64 {
	w := 0.0
	for _, r := range words {
		if r < 0x2E80 {
			w += 0.56
		} else {
			w++
		}
	}
	return w * size
}

// clipped shortens words that would be wider than width at a font size, with an ellipsis.
func clipped(words string, size, width float64) string {
	if textWidth(words, size) <= width {
		return words
	}
	runes := []rune(words)
	for len(runes) > 1 && textWidth(string(runes), size)+size*0.6 > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// axis are the even steps of a value axis that covers from low to high with about count steps of 1, 2 or 5 times a
// power of ten. The first is not above low, the last not below high. Equal ends are widened by a tenth to both sides.
func axis(low, high float64, count int) []float64 {
	if high <= low {
		wider := math.Abs(low) / 10
		low, high = low-wider, low+wider
		if wider == 0 {
			high = 1
		}
	}
	raw := (high - low) / float64(max(count, 1))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := power * 10
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw*0.999 {
			step = m * power
			break
		}
	}
	var steps []float64
	first := math.Floor(low/step + 1e-9)
	for i := first; ; i++ {
		steps = append(steps, i*step)
		if i*step >= high-step*1e-9 || len(steps) > 50 {
			return steps
		}
	}
}

// tick writes a value of an axis, as a number.
func tick(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// outline writes the rings of a shape as commands of a path.
func outline(s geo.Shape, at func(geo.Point) (x, y float64)) string {
	path := []byte(nil)
	for _, polygon := range s {
		for _, ring := range polygon {
			for i, g := range ring[:len(ring)-1] {
				x, y := at(g)
				path = append(append(append(append(path, "ML"[min(i, 1)]), num(x)...), ' '), num(y)...)
			}
			path = append(path, 'z')
		}
	}
	return string(path)
}
