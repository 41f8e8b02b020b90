package draw

import (
	"html/template"

	"bihuan/kernel/indicator"
)

// lampShapes are the shapes of the lights in a square of 16: they differ in outline as well as in colour, so that
// nobody needs to see colours, and a photocopy stays readable.
var lampShapes = map[indicator.Light]struct{ body, sign string }{
	indicator.Green:  {"M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14z", "M4.8 8.2l2.3 2.3l4.2-4.6"},
	indicator.Yellow: {"M8 1.2L15.4 14.6H.6z", "M8 6v4M8 12.1v.2"},
	indicator.Red:    {"M4.8 1h6.4L15 4.8v6.4L11.2 15H4.8L1 11.2V4.8z", "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"},
	indicator.Grey:   {"M8 1.8a6.2 6.2 0 1 1 0 12.4a6.2 6.2 0 1 1 0-12.4z", "M5 8h6"},
}

// LampPaths returns what the shape of a light is drawn by, in a square of 16, and whether there is such a light.
func LampPaths(l indicator.Light) (body, sign string, ok bool) {
	shape, ok := lampShapes[l]
	return shape.body, shape.sign, ok
}

// HasLamp reports whether a light has a shape.
func HasLamp(l indicator.Light) bool {
	_, ok := lampShapes[l]
	return ok
}

// lamp draws a light's shape alone at a place and size; a light that is not known is drawn grey.
func (d *drawing) lamp(l indicator.Light, x, y, size float64) {
	shape, ok := lampShapes[l]
	if !ok {
		l, shape = indicator.Grey, lampShapes[indicator.Grey]
	}
	d.open("g", "class", "lamp "+string(l), "transform", "translate("+num(x)+" "+num(y)+") scale("+fraction(size/16)+")")
	d.path("lamp-body", shape.body)
	d.path("lamp-sign", shape.sign)
	d.shut("g")
}

// Badge draws a light as its shape beside its word: colour never says it alone.
func Badge(l indicator.Light, word string) template.HTML {
	if _, ok := lampShapes[l]; !ok {
		l = indicator.Grey
	}
	d := &drawing{}
	d.open("span", "class", "badge-light "+string(l))
	d.shape(l)
	d.open("span")
	d.say(word)
	d.shut("span")
	d.shut("span")
	return template.HTML(d.b.String())
}

// Lamp draws a light's shape alone, where the word stands beside it already.
func Lamp(l indicator.Light) template.HTML {
	d := &drawing{}
	d.shape(l)
	return template.HTML(d.b.String())
}

func (d *drawing) shape(l indicator.Light) {
	d.open("svg", "class", "draw draw-lamp", "viewBox", "0 0 16 16", "width", 16, "height", 16, "aria-hidden", "true")
	d.lamp(l, 0, 0, 16)
	d.shut("svg")
}
