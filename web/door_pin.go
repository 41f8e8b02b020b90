package web

import (
	"net/url"
	"strconv"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/web/draw"
)

// pinView is how a place is chosen on a map: a tap on the map of the browser or, without script, on a picture.
type pinView struct {
	Map           atlasMap
	Box           string // the window of the picture
	Picture       string // its address
	Width, Height int
	Open, Chosen  bool
}

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
	v = pinView{Map: q.mapOf(extent), Box: boxText(box), Width: draw.PinWidth, Height: draw.PinHeight, Open: bad == nil, Chosen: bad == nil}
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
	if errX == nil && errY == nil && ok && x >= 0 && x <= draw.PinWidth && y >= 0 && y <= draw.PinHeight {
		w := draw.NewPinWindow(box)
		v.Filing.Place = w.Ground(float64(x), float64(y)).Round().String()
		if box.Max.Lng-box.Min.Lng > nearest {
			dx, dy := draw.PinWidth/2./closer, draw.PinHeight/2./closer
			nw, se := w.Ground(float64(x)-dx, float64(y)-dy), w.Ground(float64(x)+dx, float64(y)+dy)
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

// pinPicture is the picture that a place is chosen on: the outlines of the registers, and the place chosen so far.
func (s *server) pinPicture(q *request) error {
	extent, err := s.Atlas.Extent(q.Context(), q.Today())
	if err != nil {
		return err
	}
	box := q.boxAsked(extent)
	w := draw.NewPinWindow(box)
	nw, se := w.Ground(0, 0), w.Ground(draw.PinWidth, draw.PinHeight)
	seen := geo.Box{Min: geo.Point{Lng: nw.Lng, Lat: se.Lat}, Max: geo.Point{Lng: se.Lng, Lat: nw.Lat}}
	part := (box.Max.Lng - box.Min.Lng) / (extent.Max.Lng - extent.Min.Lng)
	var grounds []draw.PinGround
	for _, l := range levelsShown {
		if part > l.part || !s.Atlas.MayRead(q.Who, l.level) {
			continue
		}
		areas, err := s.Desk.Within(q.Context(), l.level, seen, q.Today())
		if err != nil {
			return err
		}
		for i := range areas {
			grounds = append(grounds, draw.PinGround{Shape: areas[i].Shape, Words: areas[i].Words.In(q.Lang), Wide: l.level == desk.StreetIn, Named: l.level != desk.Cell})
		}
	}
	at, err := geo.ParsePoint(q.Asked("at"))
	if err != nil {
		at = geo.Point{} // none is chosen yet
	}
	h := q.w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "private, max-age=300")
	q.done = true
	_, err = q.w.Write(w.Draw(grounds, at))
	return err
}
