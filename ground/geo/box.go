package geo

import "math"

// Box is the ground between two meridians and two parallels, its edges included. The zero Box holds the zero Point alone;
// start from [Nowhere] to gather points. Boxes across the 180th meridian are not made: China lies far from it.
type Box struct{ Min, Max Point }

// Nowhere returns the box that holds nothing and grows with [Box.With].
func Nowhere() Box {
	return Box{Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}}
}

// Around returns the box about a point that holds every point within so many metres of it, and a little more.
func Around(p Point, metres float64) Box {
	lat := metres / EarthRadiusM * 180 / math.Pi * 1.001
	lng := 180.0
	if c := math.Cos(min(90, math.Abs(p.Lat)+lat) * math.Pi / 180); c*180 > lat {
		lng = lat / c
	}
	return Box{Point{max(-180, p.Lng-lng), max(-90, p.Lat-lat)}, Point{min(180, p.Lng+lng), min(90, p.Lat+lat)}}
}

// IsEmpty reports whether the box holds no point.
func (b Box) IsEmpty() bool { return !(b.Min.Lng <= b.Max.Lng && b.Min.Lat <= b.Max.Lat) }

// Has reports whether a point lies in the box or on its edge.
func (b Box) Has(p Point) bool {
	return b.Min.Lng <= p.Lng && p.Lng <= b.Max.Lng && b.Min.Lat <= p.Lat && p.Lat <= b.Max.Lat
}

// Meets reports whether two boxes have a point in common.
func (b Box) Meets(o Box) bool {
	return b.Min.Lng <= o.Max.Lng && o.Min.Lng <= b.Max.Lng && b.Min.Lat <= o.Max.Lat && o.Min.Lat <= b.Max.Lat
}

// With returns the smallest box that holds b and a point.
func (b Box) With(p Point) Box {
	return Box{Point{min(b.Min.Lng, p.Lng), min(b.Min.Lat, p.Lat)}, Point{max(b.Max.Lng, p.Lng), max(b.Max.Lat, p.Lat)}}
}

// Union returns the smallest box that holds both.
func (b Box) Union(o Box) Box {
	return Box{Point{min(b.Min.Lng, o.Min.Lng), min(b.Min.Lat, o.Min.Lat)}, Point{max(b.Max.Lng, o.Max.Lng), max(b.Max.Lat, o.Max.Lat)}}
}

// Center returns the point in the middle of the box.
func (b Box) Center() Point {
	return Point{(b.Min.Lng + b.Max.Lng) / 2, (b.Min.Lat + b.Max.Lat) / 2}
}
