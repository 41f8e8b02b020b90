package web

import (
	"math"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// casesMap is what the script needs to show the cases of the list on a map to move in.
type casesMap struct {
	atlasMap
	Cases []caseSpot `json:"cases"`
}

// caseSpot is one case on the map: its place as “lng,lat”, the shade of its light, what it is, and where it leads.
type caseSpot struct {
	At    string `json:"at"`
	Shade string `json:"shade"`
	Words string `json:"words"`
	Link  string `json:"link"`
	On    bool   `json:"on,omitempty"`
}

// points are the cases of the list that have a place, and the one that is being looked at.
func (v *casesView) points(q *request) (points []draw.CasePoint) {
	seen := false
	for _, r := range v.Rows {
		if r.Place == (geo.Point{}) {
			continue
		}
		on := v.Case != nil && r.Stream == v.Case.Matter.ID
		seen = seen || on
		points = append(points, draw.CasePoint{At: r.Place, Light: indicator.Light(r.Row.Light), Words: r.Title + " " + r.State.In(q.Lang), Link: q.With("case", string(r.Stream), "act", ""), On: on})
	}
	if v.Case == nil || seen {
		return points
	}
	if at, err := geo.ParsePoint(v.Case.Matter.Fields["place"]); err == nil {
		m := v.Case.Matter
		points = append(points, draw.CasePoint{At: at, Light: indicator.Light(m.Light), Words: m.Title(), Link: q.With("case", string(m.ID), "act", ""), On: true})
	}
	return points
}

// draw puts the cases on the drawing of the server and on the map of the browser.
func (v *casesView) draw(q *request) error {
	points := v.points(q)
	v.Placed = len(points)
	box := geo.Nowhere()
	for _, p := range points {
		box = box.With(p.At)
	}
	var outlines []draw.CaseGround
	if !box.IsEmpty() {
		areas, _ := q.s.Desk.Within(q.Context(), desk.Community, box, q.Today()) // without them the points stand alone
		for i := range areas {
			outlines = append(outlines, draw.CaseGround{Shape: areas[i].Shape, Words: areas[i].Words.In(q.Lang)})
		}
	}
	v.Picture = draw.Cases(points, outlines, q.Says("cases.map"), q.Says("cases.map-desc", "n", len(points)), q.Says("map.note"))
	ground, err := q.s.Atlas.Extent(q.Context(), q.Today())
	if err != nil {
		return err
	}
	if !box.IsEmpty() {
		ground = roomAbout(box)
	}
	v.Map = casesMap{atlasMap: q.mapOf(ground)}
	v.Map.Lamps = lampSVGs()
	for _, p := range points {
		v.Map.Cases = append(v.Map.Cases, caseSpot{At: p.At.String(), Shade: shadeOf(p.Light), Words: p.Words, Link: p.Link, On: p.On})
	}
	return nil
}

// shadeOf is the shade of a light on the map: the plain one where nothing runs.
func shadeOf(l indicator.Light) string {
	if draw.HasLamp(l) {
		return string(l)
	}
	return "plain"
}

// narrowest is how wide a map of cases is at least, in metres to each side: one case alone is not brought nearer than its street.
const narrowest = 300

// roomAbout is a box and what makes a map of it large enough to be read.
func roomAbout(b geo.Box) geo.Box {
	about := geo.Around(b.Center(), narrowest)
	if width, least := b.Max.Lng-b.Min.Lng, about.Max.Lng-about.Min.Lng; math.Max(width, b.Max.Lat-b.Min.Lat) >= least {
		return b
	}
	return b.Union(about)
}
