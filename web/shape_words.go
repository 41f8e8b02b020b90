package web

import (
	"strconv"

	"bihuan/ground/geo"
)

// shapeText tells of an outline what a person can use: how many pieces and points it has and how large it is.
func (q *request) shapeText(v string) string {
	s, _, err := geo.ReadShape([]byte(v), geo.WGS)
	if err != nil {
		return v
	}
	area := q.Says("form.hectares", "n", strconv.FormatFloat(s.AreaM2()/1e4, 'f', 1, 64))
	if s.AreaM2() >= 1e6 {
		area = q.Says("form.square-km", "n", strconv.FormatFloat(s.AreaM2()/1e6, 'f', 2, 64))
	}
	return q.Says("form.shape", "parts", len(s), "points", s.Points(), "area", area)
}
