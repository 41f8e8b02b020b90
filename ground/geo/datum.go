package geo

import (
	"fmt"
	"math"

	"bihuan/ground/fault"
)

// GCJ02 is a place in the datum of Chinese map services (火星坐标, used by Amap and Tencent), in degrees: WGS-84 moved by
// 300 to 700 metres. It is the same as WGS-84 outside of China.
type GCJ02 struct{ Lng, Lat float64 }

// BD09 is a place in Baidu's datum (百度坐标), in degrees: GCJ-02 moved once more by up to 1,200 metres.
type BD09 struct{ Lng, Lat float64 }

// Datum says in which of them coordinates from outside are written.
type Datum string

// The datums. CGCS2000 is read as WGS-84.
const (
	WGS Datum = "wgs84"
	GCJ Datum = "gcj02"
	BD  Datum = "bd09"
)

// Datums are all of them, the house's own first.
var Datums = []Datum{WGS, GCJ, BD}

// ParseDatum returns the datum that a word names; empty is WGS-84. It wraps [fault.ErrInvalid].
func ParseDatum(s string) (Datum, error) {
	switch d := Datum(s); d {
	case "":
		return WGS, nil
	case WGS, GCJ, BD:
		return d, nil
	}
	return "", fmt.Errorf("datum %.20q is none of wgs84, gcj02, bd09: %w", s, fault.ErrInvalid)
}

// Point returns the place whose coordinates in the datum are given.
func (d Datum) Point(lng, lat float64) Point {
	switch d {
	case GCJ:
		return GCJ02{lng, lat}.WGS84()
	case BD:
		return BD09{lng, lat}.WGS84()
	}
	return Point{lng, lat}
}

// The ellipsoid that the shift is reckoned on (Krasovsky 1940). The formula was never published by its makers; what stands
// here is the one that public map libraries have in common, and agrees with the services within a metre or two.
const (
	semiMajor    = 6378245.0
	eccentricity = 0.00669342162296594323 // squared
)

// inChina reports whether the shift is made: within the box that those libraries use.
func inChina(lng, lat float64) bool {
	return lng > 72.004 && lng < 137.8347 && lat > 0.8293 && lat < 55.8271
}

// GCJ02 returns the place in GCJ-02.
func (p Point) GCJ02() GCJ02 {
	if !inChina(p.Lng, p.Lat) {
		return GCJ02(p)
	}
	lng, lat := shift(p.Lng, p.Lat)
	return GCJ02{p.Lng + lng, p.Lat + lat}
}

// shift returns by how many degrees GCJ-02 lies from a place in WGS-84.
func shift(lng, lat float64) (dLng, dLat float64) {
	x, y := lng-105, lat-35
	waves := 20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) +
		2./3*(waves+20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi)+160*math.Sin(y/12*math.Pi)+320*math.Sin(y/30*math.Pi))
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) +
		2./3*(waves+20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi)+150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))
	sin := math.Sin(lat * math.Pi / 180)
	w := 1 - eccentricity*sin*sin
	return east * 180 / (semiMajor / math.Sqrt(w) * math.Cos(lat*math.Pi/180) * math.Pi),
		north * 180 / (semiMajor * (1 - eccentricity) / (w * math.Sqrt(w)) * math.Pi)
}

// settled is when an inverse is near enough, in degrees: a tenth of a millimetre.
const settled = 1e-9

// WGS84 returns the place in WGS-84: the one whose [Point.GCJ02] is g, within a millimetre.
func (g GCJ02) WGS84() Point {
	if !inChina(g.Lng, g.Lat) {
		return Point(g)
	}
	p := Point(g)
	for range 30 { // each round leaves about a hundredth of the error
		lng, lat := shift(p.Lng, p.Lat)
		next := Point{g.Lng - lng, g.Lat - lat}
		done := math.Abs(next.Lng-p.Lng) < settled && math.Abs(next.Lat-p.Lat) < settled
		if p = next; done {
			break
		}
	}
	return p
}

// BD09 returns the place in BD-09.
func (g GCJ02) BD09() BD09 {
	const turn = math.Pi * 3000 / 180
	r := math.Hypot(g.Lng, g.Lat) + 0.00002*math.Sin(g.Lat*turn)
	angle := math.Atan2(g.Lat, g.Lng) + 0.000003*math.Cos(g.Lng*turn)
	return BD09{r*math.Cos(angle) + 0.0065, r*math.Sin(angle) + 0.006}
}

// GCJ02 returns the place in GCJ-02: the one whose [GCJ02.BD09] is b, within a millimetre.
func (b BD09) GCJ02() GCJ02 {
	g := GCJ02{b.Lng - 0.0065, b.Lat - 0.006}
	for range 30 {
		at := g.BD09()
		lng, lat := b.Lng-at.Lng, b.Lat-at.Lat
		g.Lng, g.Lat = g.Lng+lng, g.Lat+lat
		if math.Abs(lng) < settled && math.Abs(lat) < settled {
			break
		}
	}
	return g
}

// WGS84 returns the place in WGS-84.
func (b BD09) WGS84() Point { return b.GCJ02().WGS84() }
