package geo

import (
	"cmp"
	"math"
	"slices"

	"bihuan/ground/fault"
)

// Notices are what was put right in a shape as it was read, each once, in this order.
const (
	NoticeClosed  = "ring-closed"  // a ring did not end where it began (RFC 7946 §3.1.6)
	NoticeTurned  = "ring-turned"  // a ring ran the other way round; RFC 7946 §3.1.6 asks readers not to refuse that
	NoticeRepeats = "point-repeat" // the same point twice in a row, to a centimetre
)

var noticeOrder = []string{NoticeClosed, NoticeTurned, NoticeRepeats}

// sound returns the shape with its rings closed, turned the right way and without repeated points, and what was put right.
// It refuses, with the place, rings of fewer than three corners or without area, edges that cross one another within one
// polygon, and holes outside of their ring. Rings may touch themselves in a point.
func sound(s Shape) (Shape, []string, *fault.Refusal) {
	did := map[string]bool{}
	whole := make(Shape, 0, len(s))
	for _, p := range s {
		var rings Polygon
		for i, r := range p {
			ring, bad := soundRing(r, i == 0, did)
			if bad != nil {
				return nil, nil, bad
			}
			rings = append(rings, ring)
		}
		if bad := crossing(rings); bad != nil {
			return nil, nil, bad
		}
		if bad := holesOutside(rings); bad != nil {
			return nil, nil, bad
		}
		whole = append(whole, rings)
	}
	var notices []string
	for _, n := range noticeOrder {
		if did[n] {
			notices = append(notices, n)
		}
	}
	return whole, notices, nil
}

func soundRing(r Ring, outer bool, did map[string]bool) (Ring, *fault.Refusal) {
	ring := make(Ring, 0, len(r)+1)
	for _, p := range r {
		p = p.Round()
		if n := len(ring); n > 0 && ring[n-1] == p {
			did[NoticeRepeats] = true
			continue
		}
		ring = append(ring, p)
	}
	if n := len(ring); n > 0 && ring[0] != ring[n-1] {
		ring = append(ring, ring[0])
		did[NoticeClosed] = true
	}
	if len(ring) < 4 {
		return nil, placed("shape-ring-short", first(r))
	}
	area := signedM2(ring)
	if math.Abs(area) < 0.01 { // a square of ten centimetres
		return nil, placed("shape-ring-flat", ring[0])
	}
	if area > 0 != outer {
		slices.Reverse(ring)
		did[NoticeTurned] = true
	}
	return ring, nil
}

func first(r Ring) Point {
	if len(r) == 0 {
		return Point{}
	}
	return r[0]
}

// crossing refuses two edges of a polygon that cross each other; sharing an end or touching is no crossing. The edges are
// gone through from west to east, so that only those that lie side by side are compared.
func crossing(p Polygon) *fault.Refusal {
	var all []edge
	Shape{p}.edges(func(e edge) { all = append(all, e) })
	slices.SortFunc(all, func(a, b edge) int { return cmp.Compare(west(a), west(b)) })
	for i := range all {
		for j := i + 1; j < len(all) && west(all[j]) <= east(all[i]); j++ {
			if cross(all[i], all[j]) {
				return placed("shape-crosses", all[i].a)
			}
		}
	}
	return nil
}

func west(e edge) float64 { return min(e.a.Lng, e.b.Lng) }
func east(e edge) float64 { return max(e.a.Lng, e.b.Lng) }

// cross reports whether two edges have one point inside of both in common.
func cross(e, f edge) bool {
	if e.b.Lat < f.a.Lat || f.b.Lat < e.a.Lat {
		return false
	}
	return side(e, f.a)*side(e, f.b) < 0 && side(f, e.a)*side(f, e.b) < 0
}

// side tells on which side of an edge a point lies, and 0 on it: exact, as the coordinates are whole numbers of 10⁻⁷ degrees
// whose differences multiply within 2⁵³ wherever edges are shorter than nine degrees.
func side(e edge, p Point) int {
	ax, ay := e7(e.a)
	bx, by := e7(e.b)
	px, py := e7(p)
	return cmp.Compare((bx-ax)*(py-ay), (by-ay)*(px-ax))
}

func e7(p Point) (x, y float64) { return math.Round(p.Lng * scale), math.Round(p.Lat * scale) }

// holesOutside refuses a hole that has a corner outside of the polygon's ring. Corners on the ring are taken for inside.
func holesOutside(p Polygon) *fault.Refusal {
	if len(p) < 2 {
		return nil
	}
	outer := prepare(Shape{p[:1]})
	for _, hole := range p[1:] {
		for _, at := range hole {
			if !outer.has(at) && !onRing(p[0], at) {
				return placed("shape-hole-outside", at)
			}
		}
	}
	return nil
}

func onRing(r Ring, p Point) bool {
	for i := 1; i < len(r); i++ {
		if e := newEdge(r[i-1], r[i]); (Nowhere().With(e.a).With(e.b)).Has(p) && side(e, p) == 0 {
			return true
		}
	}
	return false
}

// placed is a refusal with the place it is about.
func placed(code string, p Point) *fault.Refusal {
	return fault.Refuse(fault.ErrInvalid, code, "", "at", p.String())
}
