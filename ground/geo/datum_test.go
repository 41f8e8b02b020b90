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

func codeOf(err error) string {
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		return r.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// TestDatumsAgreeWithOthers: the pairs are those that widely used open converters test themselves with (eviltransform,
// coordtransform), so that what a map of Amap or Baidu shows comes to the place where it shows it.
func TestDatumsAgreeWithOthers(t *testing.T) {
	for _, c := range []struct {
		name string
		wgs  Point
		gcj  GCJ02
	}{
		{"Shanghai", Point{121.5272106, 31.1774276}, GCJ02{121.531541859215, 31.17530398364597}},
		{"Shenzhen", Point{113.912316, 22.543847}, GCJ02{113.9171764808363, 22.540796131694766}},
		{"Beijing", Point{116.377817, 39.911954}, GCJ02{116.38404722455657, 39.91334545536069}},
		{"outside of China", Point{2.35, 48.85}, GCJ02{2.35, 48.85}},
	} {
		if got := c.wgs.GCJ02(); Point(got).DistanceM(Point(c.gcj)) > 1 {
			t.Errorf("%s: %v, want %v", c.name, got, c.gcj)
		}
		if got := c.gcj.WGS84(); got.DistanceM(c.wgs) > 1 {
			t.Errorf("%s back: %v, want %v", c.name, got, c.wgs)
		}
	}
	if got := (GCJ02{116.404, 39.915}).BD09(); math.Hypot(got.Lng-116.41036949371029, got.Lat-39.92133699351021) > 1e-9 {
		t.Errorf("to BD-09: %v", got)
	}
}

// TestRoundTrip: whatever the datum, a place in China comes back to where it was, within a millimetre, and lies 300 to 2,000
// metres away in the other datum: nobody takes one for the other unpunished.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Float64Range(73, 136).Draw(t, "lng"), rapid.Float64Range(2, 55).Draw(t, "lat")}
		g := p.GCJ02()
		if back := g.WGS84(); p.DistanceM(back) > 0.001 {
			t.Fatalf("%v by GCJ-02 comes back %.4f m off", p, p.DistanceM(back))
		}
		if back := g.BD09().WGS84(); p.DistanceM(back) > 0.001 {
			t.Fatalf("%v by BD-09 comes back %.4f m off", p, p.DistanceM(back))
		}
		if d := p.DistanceM(Point(g.BD09())); d > 3000 {
			t.Fatalf("%v lies %.0f m away in BD-09", p, d)
		}
	})
	if d := (Point{125.37, 43.86}).DistanceM(Point(Point{125.37, 43.86}.GCJ02())); d < 400 || d > 800 {
		t.Errorf("in Erdao GCJ-02 lies %.0f m away; it is said to be about 600", d)
	}
}

func TestParseDatum(t *testing.T) {
	for in, want := range map[string]Datum{"": WGS, "gcj02": GCJ, "bd09": BD, "wgs84": WGS} {
		if got, err := ParseDatum(in); err != nil || got != want {
			t.Errorf("%q: %v %v", in, got, err)
		}
	}
	if _, err := ParseDatum("xian80"); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("another datum: %v", err)
	}
}

func ExampleDatum_Point() {
	fmt.Println(GCJ.Point(125.3806, 43.8672).Round())
	// Output: 125.3739664,43.8646902
}
