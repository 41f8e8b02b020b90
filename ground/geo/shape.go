package geo

import (
	"math"
	"slices"
	"strconv"
)

// Ring is a closed line: its last point is its first. It has at least four.
type Ring []Point

// Polygon is a ring, counter-clockwise, with its holes, clockwise (RFC 7946 §3.1.6).
type Polygon []Ring

// Shape is the ground of a place: one polygon or several that lie apart. The empty Shape holds nothing.
type Shape []Polygon

// Box returns the smallest box that holds the shape; [Nowhere] for the empty one.
func (s Shape) Box() Box {
	b := Nowhere()
	for _, p := range s {
		if len(p) > 0 {
			for _, at := range p[0] {
				b = b.With(at)
			}
		}
	}
	return b
}

// Points returns how many points the shape is drawn with.
func (s Shape) Points() (n int) {
	for _, p := range s {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

// Has reports whether a point lies within, by the even-odd rule. Where two shapes share an edge drawn with the same points,
// a point on it lies in exactly one of them, so that cells that tile the ground neither overlap nor leave gaps. Linear in
// the points of the shape; see [Index] for many questions.
func (s Shape) Has(p Point) bool {
	in := false
	s.edges(func(e edge) {
		if e.crosses(p) {
			in = !in
		}
	})
	return in
}

// edge is one side of a ring with its lower end first, so that neighbours reckon with the same numbers.
type edge struct{ a, b Point }

func (s Shape) edges(visit func(edge)) {
	for _, p := range s {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				visit(newEdge(r[i-1], r[i]))
			}
		}
	}
}

func newEdge(a, b Point) edge {
	if b.Lat < a.Lat || b.Lat == a.Lat && b.Lng < a.Lng {
		return edge{b, a}
	}
	return edge{a, b}
}

// crosses reports whether the line from p to the east crosses the edge, its upper end left out.
func (e edge) crosses(p Point) bool {
	return e.a.Lat <= p.Lat && p.Lat < e.b.Lat && p.Lng < e.a.Lng+(p.Lat-e.a.Lat)*(e.b.Lng-e.a.Lng)/(e.b.Lat-e.a.Lat)
}

// AreaM2 returns the ground's size in square metres, holes taken off: on a sphere, within 1 % for what fits in a district.
func (s Shape) AreaM2() (sum float64) {
	for _, p := range s {
		for i, r := range p {
			if a := math.Abs(signedM2(r)); i == 0 {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	return sum
}

// signedM2 returns the area of a ring, above zero when it runs counter-clockwise.
func signedM2(r Ring) (sum float64) {
	const rad = math.Pi / 180
	for i := 1; i < len(r); i++ {
		sum -= (r[i].Lng - r[i-1].Lng) * rad * (math.Sin(r[i-1].Lat*rad) + math.Sin(r[i].Lat*rad)) / 2
	}
	return sum * EarthRadiusM * EarthRadiusM
}

// Inside returns a point within the shape, for a label: in the middle of the widest part of the line halfway up its first
// polygon. The zero Point for the empty shape.
func (s Shape) Inside() Point {
	if len(s) == 0 || len(s[0]) == 0 {
		return Point{}
	}
	first := s[:1]
	b := first.Box()
	for _, part := range []float64{0.5, 0.382, 0.618, 0.29, 0.71, 0.1, 0.9} { // a line through a corner alone cuts nothing
		lat := b.Min.Lat + part*(b.Max.Lat-b.Min.Lat)
		if p, ok := first.widest(lat); ok {
			return p
		}
	}
	return s[0][0][0]
}

// widest returns the middle of the longest stretch of a parallel within the shape.
func (s Shape) widest(lat float64) (best Point, ok bool) {
	var cuts []float64
	s.edges(func(e edge) {
		if e.a.Lat <= lat && lat < e.b.Lat {
			cuts = append(cuts, e.a.Lng+(lat-e.a.Lat)*(e.b.Lng-e.a.Lng)/(e.b.Lat-e.a.Lat))
		}
	})
	slices.Sort(cuts)
	width := 0.0
	for i := 1; i < len(cuts); i += 2 {
		if w := cuts[i] - cuts[i-1]; w > width {
			best, width, ok = Point{(cuts[i] + cuts[i-1]) / 2, lat}, w, true
		}
	}
	return best, ok
}

// String returns the shape as a GeoJSON geometry, the stored form of a shape: a Polygon where there is one, otherwise a
// MultiPolygon, coordinates with at most seven digits behind the point. Empty for the empty shape.
func (s Shape) String() string {
	if len(s) == 0 {
		return ""
	}
	b := make([]byte, 0, 64+24*s.Points())
	if len(s) == 1 {
		b = append(b, `{"type":"Polygon","coordinates":`...)
		b = appendPolygon(b, s[0])
	} else {
		b = append(b, `{"type":"MultiPolygon","coordinates":`...)
		b = appendList(b, s, appendPolygon)
	}
	return string(append(b, '}'))
}

func appendPolygon(b []byte, p Polygon) []byte { return appendList(b, p, appendRing) }

func appendRing(b []byte, r Ring) []byte {
	return appendList(b, r, func(b []byte, p Point) []byte {
		b = strconv.AppendFloat(append(b, '['), round(p.Lng)+0, 'f', -1, 64)
		b = strconv.AppendFloat(append(b, ','), round(p.Lat)+0, 'f', -1, 64)
		return append(b, ']')
	})
}

func appendList[T any](b []byte, list []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}
