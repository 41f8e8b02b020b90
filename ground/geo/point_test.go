package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	. "bihuan/ground/geo"
)

func TestParsePoint(t *testing.T) {
	for _, c := range []struct {
		name, text, want string // no want: refused
	}{
		{"longitude first", "125.3744,43.8651", "125.3744,43.8651"},
		{"seven digits are kept", "125.12345678,43", "125.1234568,43"},
		{"the edge of the world", "-180,90", "-180,90"},
		{"minus zero is zero", "-0.00000001,0", "0,0"},
		{"latitude first is out of range", "43.86,125.37", ""},
		{"beyond the edge", "180.1,0", ""},
		{"one number", "125.3", ""},
		{"three numbers", "1,2,3", ""},
		{"no number", "NaN,0", ""},
		{"infinity", "Inf,0", ""},
		{"an exponent", "1e2,0", ""},
		{"hexadecimal", "0x10,0", ""},
		{"two points", "1.2.3,0", ""},
		{"blanks", "1, 2", ""},
		{"nothing", "", ""},
	} {
		p, err := ParsePoint(c.text)
		if c.want == "" {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("%s: %v %v, want invalid", c.name, p, err)
			}
			continue
		}
		if err != nil || p.String() != c.want {
			t.Errorf("%s: %v %v, want %s", c.name, p, err, c.want)
		}
	}
}

// anywhere draws a point of the populated world, to the digits that are stored.
func anywhere(t *rapid.T, name string) Point {
	return FromE7(rapid.Int64Range(-1_800_000_000, 1_800_000_000).Draw(t, name+" lng"), rapid.Int64Range(-850_000_000, 850_000_000).Draw(t, name+" lat"))
}

func TestStoredPointsAreReadAgainAsThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t, "p")
		again, err := ParsePoint(p.String())
		if err != nil || again != p {
			t.Fatalf("%v is stored as %s and read as %v, %v", p, p, again, err)
		}
		if x, y := p.E7(); FromE7(x, y) != p {
			t.Fatalf("%v is %d,%d in whole numbers and %v again", p, x, y, FromE7(x, y))
		}
	})
}

// TestDistanceM: the first three are Vincenty's on the ellipsoid, as published calculators give them; ours may be off by 0.6 %.
func TestDistanceM(t *testing.T) {
	for _, c := range []struct {
		name string
		p, q Point
		want float64
	}{
		{"a degree of latitude at the equator", Point{0, 0}, Point{0, 1}, 110574.4},
		{"a degree of longitude at the equator", Point{0, 0}, Point{1, 0}, 111319.5},
		{"a degree of latitude at 44 north", Point{125, 43.5}, Point{125, 44.5}, 111114.8},
		{"no way at all", Point{125.3, 43.8}, Point{125.3, 43.8}, 0},
	} {
		if got := c.p.DistanceM(c.q); math.Abs(got-c.want) > 0.006*c.want {
			t.Errorf("%s: %.1f m, want %.1f within 0.6 %%", c.name, got, c.want)
		}
	}
}

// TestDistanceToTheOtherSideOfTheWorld: where an arc sine loses eight digits, eight centimetres must still be seen.
func TestDistanceToTheOtherSideOfTheWorld(t *testing.T) {
	want := math.Pi*EarthRadiusM - 7e-7*math.Pi/180*EarthRadiusM
	if got := (Point{0, 7e-7}).DistanceM(Point{180, 0}); math.Abs(got-want) > 1e-6 {
		t.Errorf("%.6f m, want %.6f", got, want)
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anywhere(t, "a"), anywhere(t, "b"), anywhere(t, "c")
		if d, e := a.DistanceM(b), b.DistanceM(a); math.Abs(d-e) > 1e-6 || d < 0 || d > math.Pi*EarthRadiusM+1 {
			t.Fatalf("%v to %v is %g, back %g", a, b, d, e)
		}
		if a.DistanceM(c) > a.DistanceM(b)+b.DistanceM(c)+1e-3 {
			t.Fatal("the way over a third point is shorter")
		}
	})
}

func TestAroundHoldsEveryPointWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t, "p")
		m := rapid.Float64Range(0, 50_000).Draw(t, "metres")
		turn := rapid.Float64Range(0, 2*math.Pi).Draw(t, "turn")
		q := Point{p.Lng + m*math.Cos(turn)/(111_320*math.Cos(p.Lat*math.Pi/180)), p.Lat + m*math.Sin(turn)/111_320}
		if q.IsValid() && p.DistanceM(q) <= m && !Around(p, m).Has(q) {
			t.Fatalf("%v lies %g m from %v, outside of %v", q, p.DistanceM(q), p, Around(p, m))
		}
	})
}

func TestBoxes(t *testing.T) {
	b := Nowhere()
	if !b.IsEmpty() || b.Has(Point{}) {
		t.Error("nowhere holds something")
	}
	b = b.With(Point{1, 2}).With(Point{3, -4})
	if b != (Box{Point{1, -4}, Point{3, 2}}) || b.IsEmpty() || b.Center() != (Point{2, -1}) {
		t.Errorf("got %v", b)
	}
	for _, c := range []struct {
		name string
		o    Box
		want bool
	}{
		{"its own", b, true},
		{"a corner in common", Box{Point{3, 2}, Point{9, 9}}, true},
		{"beside it", Box{Point{3.1, 0}, Point{4, 1}}, false},
		{"nowhere", Nowhere(), false},
	} {
		if got := b.Meets(c.o); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if u := b.Union(Box{Point{5, 5}, Point{6, 6}}); u != (Box{Point{1, -4}, Point{6, 6}}) {
		t.Errorf("union %v", u)
	}
}

func ExamplePoint_DistanceM() {
	gate, _ := ParsePoint("125.3744,43.8651")
	lamp, _ := ParsePoint("125.3748,43.8654")
	fmt.Printf("%.0f m\n", gate.DistanceM(lamp))
	// Output: 46 m
}
