package tile

import (
	"math"

	"bihuan/ground/geo"
)

// Points returns the places of points that lie on the tile itself: each point stands on exactly one tile of a level.
func (t ID) Points(points ...geo.Point) (out []XY) {
	span := t.Span()
	for _, p := range points {
		if c := p.Cell(); span.From <= c && c < span.Until {
			out = append(out, t.XY(c))
		}
	}
	return out
}

// The window that lines and areas are cut to.
const low, high = -Rim, Extent + Rim

// Lines returns the parts of a line that lie on the tile or its rim, each of at least two places.
func (t ID) Lines(line []geo.Point) (out [][]XY) {
	var part []place
	end := func() {
		if xy := rounded(part); len(xy) > 1 {
			out = append(out, xy)
		}
		part = nil
	}
	for i := 1; i < len(line); i++ {
		a, b, ok := cut(t.project(line[i-1]), t.project(line[i]))
		if !ok {
			end()
			continue
		}
		if len(part) == 0 || part[len(part)-1] != a {
			end()
			part = append(part, a)
		}
		part = append(part, b)
	}
	end()
	return out
}

// cut returns the part of a line from a to b within the window (Liang and Barsky 1984).
func cut(a, b place) (from, to place, ok bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := b.x-a.x, b.y-a.y
	for _, e := range [...]struct{ p, q float64 }{{-dx, a.x - low}, {dx, high - a.x}, {-dy, a.y - low}, {dy, high - a.y}} {
		switch {
		case e.p == 0 && e.q < 0:
			return a, b, false
		case e.p < 0:
			t0 = max(t0, e.q/e.p)
		case e.p > 0:
			t1 = min(t1, e.q/e.p)
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	from, to = a, b // kept as they are where they are not cut, so that parts join
	if t0 > 0 {
		from = place{a.x + t0*dx, a.y + t0*dy}
	}
	if t1 < 1 {
		to = place{a.x + t1*dx, a.y + t1*dy}
	}
	return from, to, true
}

// Areas returns the rings of a shape on the tile and its rim: each outer ring, whose area is above zero in the coordinates of
// the tile, is followed by its holes, whose area is below (specification §4.3.4.4). Rings do not repeat their first place. What
// is too small for one unit is left out; a ring that leaves the window and comes back runs along its edge in between.
func (t ID) Areas(s geo.Shape) (out [][]XY) {
	for _, polygon := range s {
		for i, ring := range polygon {
			xy := t.ring(ring)
			size := area(xy)
			if size == 0 {
				if i == 0 {
					break // its holes are smaller still
				}
				continue
			}
			if (size > 0) != (i == 0) {
				reverse(xy)
			}
			out = append(out, xy)
		}
	}
	return out
}

func (t ID) ring(r geo.Ring) []XY {
	if len(r) < 4 {
		return nil
	}
	ps := make([]place, 0, len(r)+4)
	for _, p := range r[:len(r)-1] {
		ps = append(ps, t.project(p))
	}
	for _, side := range sides {
		ps = side.clip(ps)
	}
	xy := rounded(ps)
	for len(xy) > 1 && xy[0] == xy[len(xy)-1] {
		xy = xy[:len(xy)-1]
	}
	return straightened(xy)
}

// side is one edge of the window: what is left of a ring lies where sign·coordinate is at most limit.
type side struct {
	vertical    bool // the edge is one of constant x
	sign, limit float64
}

var sides = [...]side{{true, 1, high}, {true, -1, -low}, {false, 1, high}, {false, -1, -low}}

func (s side) over(p place) float64 {
	if s.vertical {
		return s.sign*p.x - s.limit
	}
	return s.sign*p.y - s.limit
}

// clip cuts a ring by one edge (Sutherland and Hodgman 1974).
func (s side) clip(ring []place) []place {
	if len(ring) == 0 {
		return nil
	}
	var out []place
	prev := ring[len(ring)-1]
	was := s.over(prev)
	for _, p := range ring {
		is := s.over(p)
		if (is <= 0) != (was <= 0) {
			f := was / (was - is)
			out = append(out, place{prev.x + f*(p.x-prev.x), prev.y + f*(p.y-prev.y)})
		}
		if is <= 0 {
			out = append(out, p)
		}
		prev, was = p, is
	}
	return out
}

// rounded returns places in whole units, none the same as the one before.
func rounded(ps []place) (out []XY) {
	for _, p := range ps {
		xy := XY{int32(math.Round(p.x)), int32(math.Round(p.y))}
		if len(out) == 0 || out[len(out)-1] != xy {
			out = append(out, xy)
		}
	}
	return out
}

// straightened leaves out what lies on the line between its neighbours.
func straightened(ring []XY) []XY {
	if len(ring) < 3 {
		return nil
	}
	var out []XY
	for i, p := range ring {
		a, b := ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)]
		if cross(a, p, b) != 0 {
			out = append(out, p)
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

func cross(a, b, c XY) int64 {
	return (int64(b.X)-int64(a.X))*(int64(c.Y)-int64(b.Y)) - (int64(b.Y)-int64(a.Y))*(int64(c.X)-int64(b.X))
}

// area is twice the area of a ring by the surveyor's formula: above zero where it runs clockwise on the screen.
func area(ring []XY) (sum int64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p.X)*int64(q.Y) - int64(q.X)*int64(p.Y)
	}
	return sum
}

func reverse(ring []XY) {
	for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
		ring[i], ring[j] = ring[j], ring[i]
	}
}
