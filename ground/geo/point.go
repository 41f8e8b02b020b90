package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"bihuan/ground/fault"
)

// Point is a place on the ground in WGS-84, longitude first, both in degrees. CGCS2000, the national datum, is the same
// within a metre. The zero Point is a place in the Gulf of Guinea and stands for none in this house; see [Point.IsZero].
type Point struct{ Lng, Lat float64 }

// Places is how many digits behind the point a coordinate is stored with: a centimetre on the ground.
const Places = 7

const scale = 10_000_000 // 10 to the power of Places

// ParsePoint reads the stored form of a place, “lng,lat”. It returns [fault.ErrInvalid] for what is none: not two plain
// decimals, or outside of ±180 and ±90.
func ParsePoint(s string) (Point, error) {
	lng, lat, ok := strings.Cut(s, ",")
	x, okX := degrees(lng)
	y, okY := degrees(lat)
	if p := (Point{x, y}); ok && okX && okY && p.IsValid() {
		return p.Round(), nil
	}
	return Point{}, fmt.Errorf("place %.40q: %w", s, fault.ErrInvalid)
}

// degrees reads a plain decimal: exponents, signs of infinity and hexadecimal digits, which strconv takes, are none.
func degrees(s string) (float64, bool) {
	if s == "" || len(s) > 24 || strings.Trim(s, "0123456789.-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// IsValid reports whether the coordinates are numbers within ±180 and ±90 degrees.
func (p Point) IsValid() bool {
	return p.Lng >= -180 && p.Lng <= 180 && p.Lat >= -90 && p.Lat <= 90 // false for NaN
}

// IsZero reports whether p is the zero Point: no place.
func (p Point) IsZero() bool { return p == Point{} }

// Round returns p to the digits that are stored.
func (p Point) Round() Point { return Point{round(p.Lng), round(p.Lat)} }

func round(v float64) float64 { return math.Round(v*scale) / scale }

// String returns the stored form of a place, “lng,lat”, without needless zeros.
func (p Point) String() string {
	return strconv.FormatFloat(round(p.Lng)+0, 'f', -1, 64) + "," + strconv.FormatFloat(round(p.Lat)+0, 'f', -1, 64) // +0: no minus before zero
}

// E7 returns the coordinates as whole numbers of 10⁻⁷ degrees, for columns that databases compare as integers.
func (p Point) E7() (lng, lat int64) {
	return int64(math.Round(p.Lng * scale)), int64(math.Round(p.Lat * scale))
}

// FromE7 is the inverse of [Point.E7].
func FromE7(lng, lat int64) Point { return Point{float64(lng) / scale, float64(lat) / scale} }

// EarthRadiusM is the mean radius of the ellipsoid of WGS-84 in metres, (2a+b)/3.
const EarthRadiusM = 6_371_008.8

// DistanceM returns the metres between two points along the great circle of a sphere: within 0.6 % of the ellipsoid's,
// which is 30 cm at 50 m. The haversine of the way and that of the way left to the antipode are counted apart, so that
// neither near points nor opposite ones lose digits.
func (p Point) DistanceM(q Point) float64 {
	a, b := p.Lat*math.Pi/180, q.Lat*math.Pi/180
	half, both := (q.Lng-p.Lng)*math.Pi/360, math.Cos(a)*math.Cos(b)
	near, far := math.Sin((b-a)/2), math.Sin((b+a)/2)
	x, y := math.Sin(half), math.Cos(half)
	return 2 * EarthRadiusM * math.Atan2(math.Sqrt(near*near+both*x*x), math.Sqrt(far*far+both*y*y))
}
