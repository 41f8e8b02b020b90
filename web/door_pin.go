package web

import (
	"math"
	"net/url"
	"strconv"

	"bihuan/desk"
	"bihuan/ground/geo"
)

// pinView is how a place is chosen on a map: a tap on the map of the browser or, without script, on a picture.
type pinView struct {
	Map           atlasMap
	Box           string // the window of the picture
	Picture       string // its address
	Width, Height int
	Open, Chosen  bool
}

// The picture's size in pixels: it is shown as large as it is, so that a tap says where it was.
const pinWidth, pinHeight = 288, 216

// pin prepares the choice of a place; place is what has been chosen, “lng,lat” or empty.
func (q *request) pin(place string) (v pinView, err error) {
	extent, err := q.s.Atlas.Extent(q.Context(), q.Today())
	if err != nil {
		return v, err
	}
	at, bad := geo.ParsePoint(place)
	box, asked := parseBox(q.FormValue("pin-box"))
	if !asked {
		if box = extent; bad == nil {
			box = geo.Around(at, 400)
		}
	}
	v = pinView{Map: q.mapOf(extent), Box: boxText(box), Width: pinWidth, Height: pinHeight, Open: bad == nil, Chosen: bad == nil}
	v.Picture = "/open/map.svg?" + url.Values{"box": {v.Box}, "at": {place}}.Encode()
	return v, nil
}

// closer is how many times a tap on the picture brings it nearer, and nearest how wide its window is at least, in degrees.
const closer, nearest = 4, 0.002

// tapReport takes a tap on the picture of the door's form, and shows the form again with the place chosen and the picture nearer.
// Nothing is filed.
func (s *server) tapReport(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	v := doorView{Filing: q.filing()}
	x, errX := strconv.Atoi(q.FormValue("pin.x"))
	y, errY := strconv.Atoi(q.FormValue("pin.y"))
	box, ok := parseBox(q.FormValue("pin-box"))
	if errX == nil && errY == nil && ok && x >= 0 && x <= pinWidth && y >= 0 && y <= pinHeight {
		w := newPinWindow(box)
		v.Filing.Place = w.ground(float64(x), float64(y)).Round().String()
		if box.Max.Lng-box.Min.Lng > nearest {
			dx, dy := pinWidth/2./closer, pinHeight/2./closer
			nw, se := w.ground(float64(x)-dx, float64(y)-dy), w.ground(float64(x)+dx, float64(y)+dy)
			box = geo.Box{Min: geo.Point{Lng: nw.Lng, Lat: se.Lat}, Max: geo.Point{Lng: se.Lng, Lat: nw.Lat}}
		}
		q.Form.Set("pin-box", boxText(box))
	}
	if err := s.photos(q, &v); err != nil {
		f, ok := q.flaw(err)
		if !ok {
			return err
		}
		v.Flaw = f
		return s.renderDoor(q, 422, &v)
	}
	return s.renderDoor(q, 200, &v)
}

// pinWindow is the ground that the picture shows: a box, and what fills the picture about it.
type pinWindow struct {
	west, north float64 // on the square of web maps
	scale       float64 // pixels for the whole of it
}

func newPinWindow(b geo.Box) pinWindow {
	west, north := geo.Point{Lng: b.Min.Lng, Lat: b.Max.Lat}.Mercator()
	east, south := geo.Point{Lng: b.Max.Lng, Lat: b.Min.Lat}.Mercator()
	w := pinWindow{scale: math.Min(pinWidth/max(east-west, 1e-12), pinHeight/max(south-north, 1e-12))}
	w.west, w.north = (west+east)/2-pinWidth/2/w.scale, (north+south)/2-pinHeight/2/w.scale
	return w
}

func (w pinWindow) ground(x, y float64) geo.Point {
	return geo.FromMercator(w.west+x/w.scale, w.north+y/w.scale)
}

func (w pinWindow) at(p geo.Point) (x, y float64) {
	x, y = p.Mercator()
	return (x - w.west) * w.scale, (y - w.north) * w.scale
}

// pinPicture is the picture that a place is chosen on: the outlines of the registers, and the place chosen so far.
func (s *server) pinPicture(q *request) error {
	extent, err := s.Atlas.Extent(q.Context(), q.Today())
	if err != nil {
		return err
	}
	box := q.boxAsked(extent)
	w := newPinWindow(box)
	nw, se := w.ground(0, 0), w.ground(pinWidth, pinHeight)
	seen := geo.Box{Min: geo.Point{Lng: nw.Lng, Lat: se.Lat}, Max: geo.Point{Lng: se.Lng, Lat: nw.Lat}}
	d := &drawing{}
	d.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 "+num(pinWidth)+" "+num(pinHeight), "width", pinWidth, "height", pinHeight)
	d.el("rect", "width", pinWidth, "height", pinHeight, "fill", "#f3f6fa")
	part := (box.Max.Lng - box.Min.Lng) / (extent.Max.Lng - extent.Min.Lng)
	for _, l := range levelsShown {
		if part > l.part || !s.Atlas.MayRead(q.Who, l.level) {
			continue
		}
		areas, err := s.Desk.Within(q.Context(), l.level, seen, q.Today())
		if err != nil {
			return err
		}
		for i := range areas {
			d.pinArea(w, &areas[i], l.level, q.Lang)
		}
	}
	if at, err := geo.ParsePoint(q.Asked("at")); err == nil {
		x, y := w.at(at)
		d.el("circle", "cx", x, "cy", y, "r", 7, "fill", "#c62828", "stroke", "#ffffff", "stroke-width", 2)
	}
	d.shut("svg")
	h := q.w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "private, max-age=300")
	q.done = true
	_, err = q.w.Write([]byte(d.b.String()))
	return err
}

// pinArea draws a place with attributes alone: a picture has no style sheet.
func (d *drawing) pinArea(w pinWindow, a *desk.Area, l desk.Level, lang string) {
	colour, width := "#9aa8b8", 0.8
	if l == desk.StreetIn {
		colour, width = "#5f7084", 1.6
	}
	for _, polygon := range a.Shape {
		for _, ring := range polygon {
			path := ""
			for i, g := range ring[:len(ring)-1] {
				x, y := w.at(g)
				path += map[bool]string{true: "M", false: "L"}[i == 0] + num(x) + " " + num(y)
			}
			d.el("path", "d", path+"z", "fill", "none", "stroke", colour, "stroke-width", width)
		}
	}
	x, y := w.at(a.Shape.Inside())
	x0, _ := w.at(a.Shape.Box().Min)
	x1, _ := w.at(a.Shape.Box().Max)
	if words := a.Words.In(lang); x > 0 && x < pinWidth && y > 0 && y < pinHeight && textWidth(words, 11) < 1.3*(x1-x0) && l != desk.Cell {
		d.open("text", "x", x, "y", y, "text-anchor", "middle", "font-size", 11, "font-family", "sans-serif", "fill", "#45525f")
		d.say(words)
		d.shut("text")
	}
}
