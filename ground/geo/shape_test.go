package geo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "bihuan/ground/geo"
)

// read reads one geometry or fails.
func read(t testing.TB, geometry string) Shape {
	t.Helper()
	s, _, err := ReadShape([]byte(geometry), WGS)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const withHole = `{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]}`

func TestHas(t *testing.T) {
	apart := read(t, `{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,6],[5,5]]]]}`)
	for _, c := range []struct {
		name  string
		shape Shape
		p     Point
		want  bool
	}{
		{"inside", read(t, withHole), Point{1, 1}, true},
		{"in the hole", read(t, withHole), Point{5, 5}, false},
		{"outside", read(t, withHole), Point{11, 5}, false},
		{"level with a corner", read(t, withHole), Point{-1, 10}, false},
		{"in the first part", apart, Point{0.5, 0.5}, true},
		{"in the second part", apart, Point{5.5, 5.5}, true},
		{"between the parts", apart, Point{3, 3}, false},
		{"in nothing", nil, Point{0, 0}, false},
	} {
		if got := c.shape.Has(c.p); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := len(NewIndex([]Shape{c.shape}).At(c.p)) == 1; got != c.want {
			t.Errorf("%s, by the index: %v", c.name, got)
		}
	}
}

// mesh is a piece of ground cut into n × n cells whose corners were pushed about: cells share their corners, and nothing else.
func mesh(n int, push func() float64) []Shape {
	at := make([][]Point, n+1)
	for y := range at {
		at[y] = make([]Point, n+1)
		for x := range at[y] {
			p := Point{125 + 0.01*float64(x), 43 + 0.01*float64(y)}
			if x > 0 && x < n && y > 0 && y < n {
				p.Lng, p.Lat = p.Lng+0.004*push(), p.Lat+0.004*push()
			}
			at[y][x] = p.Round()
		}
	}
	var all []Shape
	for y := range n {
		for x := range n {
			all = append(all, Shape{{{at[y][x], at[y][x+1], at[y+1][x+1], at[y+1][x], at[y][x]}}})
		}
	}
	return all
}

// TestCellsTileTheGround: a point within a cut piece of ground, on edges and corners too, lies in exactly one of its cells.
func TestCellsTileTheGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		cells := mesh(n, func() float64 { return rapid.Float64Range(-1, 1).Draw(t, "push") })
		x := NewIndex(cells)
		for range 20 {
			p := FromE7(1_250_000_000+rapid.Int64Range(1, int64(n)*100_000-1).Draw(t, "lng"), 430_000_000+rapid.Int64Range(1, int64(n)*100_000-1).Draw(t, "lat"))
			if rapid.IntRange(0, 3).Draw(t, "on a corner") == 0 {
				c := rapid.SampledFrom(cells).Draw(t, "cell")[0][0][rapid.IntRange(0, 3).Draw(t, "corner")]
				if c.Lng > 125 && c.Lng < 125+0.01*float64(n)-1e-8 && c.Lat > 43 && c.Lat < 43+0.01*float64(n)-1e-8 {
					p = c
				}
			}
			in := x.At(p)
			if len(in) != 1 {
				t.Fatalf("%v lies in %d of %d cells: %v", p, len(in), n*n, in)
			}
		}
	})
}

// TestIndexAgreesWithLooking: the tree and the bands answer as asking every shape does.
func TestIndexAgreesWithLooking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shapes []Shape
		for range rapid.IntRange(0, 60).Draw(t, "shapes") {
			center := Point{rapid.Float64Range(125, 126).Draw(t, "x"), rapid.Float64Range(43, 44).Draw(t, "y")}
			shapes = append(shapes, star(center, rapid.Float64Range(0.001, 0.3).Draw(t, "size"), rapid.IntRange(3, 200).Draw(t, "corners")))
		}
		x := NewIndex(shapes)
		for range 10 {
			p := Point{rapid.Float64Range(124.9, 126.1).Draw(t, "px"), rapid.Float64Range(42.9, 44.1).Draw(t, "py")}.Round()
			var want, near []int
			window := Around(p, 3000)
			for i, s := range shapes {
				if s.Has(p) {
					want = append(want, i)
				}
				if window.Meets(s.Box()) {
					near = append(near, i)
				}
			}
			if got := x.At(p); !slices.Equal(got, want) {
				t.Fatalf("at %v: %v, want %v", p, got, want)
			}
			if got := x.Meeting(window); !slices.Equal(got, near) {
				t.Fatalf("in the window: %v, want %v", got, near)
			}
		}
	})
}

// star is a ring of corners near and far in turn.
func star(c Point, size float64, corners int) Shape {
	var r Ring
	for i := range corners {
		far := size
		if i%2 == 1 {
			far = size / 3
		}
		turn := 2 * math.Pi * float64(i) / float64(corners)
		r = append(r, Point{c.Lng + far*math.Cos(turn), c.Lat + far*math.Sin(turn)}.Round())
	}
	return Shape{{append(r, r[0])}}
}

func TestInsideIsInside(t *testing.T) {
	for _, c := range []struct {
		name  string
		shape Shape
	}{
		{"a hole in the middle", read(t, withHole)},
		{"a horseshoe", read(t, `{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[8,9],[8,1],[1,1],[1,9],[0,9],[0,0]]]}`)},
		{"a star", star(Point{125, 43}, 0.01, 17)},
		{"a triangle whose corner is halfway up", read(t, `{"type":"Polygon","coordinates":[[[0,0],[5,5],[0,10],[0,0]]]}`)},
	} {
		if p := c.shape.Inside(); !c.shape.Has(p) {
			t.Errorf("%s: %v lies outside", c.name, p)
		}
	}
	if p := (Shape{}).Inside(); !p.IsZero() {
		t.Errorf("nothing has %v inside", p)
	}
}

func TestAreaM2(t *testing.T) {
	side := 100.0 / 111_194.93 // a hundred metres of latitude on our sphere
	for _, c := range []struct {
		name string
		lat  float64
		want float64
	}{{"a cell of a hundred metres at the equator", 0, 10_000}, {"the same at 60 north is half as wide", 60, 5_000}} {
		s := Shape{{{{0, c.lat}, {side, c.lat}, {side, c.lat + side}, {0, c.lat + side}, {0, c.lat}}}}
		if got := s.AreaM2(); math.Abs(got-c.want) > 0.01*c.want {
			t.Errorf("%s: %.0f m², want %.0f", c.name, got, c.want)
		}
	}
	if whole, cut := read(t, `{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}`).AreaM2(), read(t, withHole).AreaM2(); cut >= whole*0.97 || cut < whole*0.95 {
		t.Errorf("the hole of a 25th leaves %.4f", cut/whole)
	}
}

// TestRealOutline reads the outline of a district in both datums, as somebody else converted it, and compares with ours.
func TestRealOutline(t *testing.T) {
	const folder = "../../../shared/data/boundary/"
	ours, err := os.ReadFile(folder + "erdao_220105_wgs84.geojson")
	theirs, err2 := os.ReadFile(folder + "erdao_220105_gcj02.geojson")
	if err != nil || err2 != nil {
		t.Skip("SKIPPED: no outline to read, ../shared/data is not there")
	}
	want, bad := ReadFeatures(ours, WGS)
	got, bad2 := ReadFeatures(theirs, GCJ)
	if len(bad)+len(bad2) > 0 || len(got) != 1 || len(want) != 1 {
		t.Fatal(bad, bad2)
	}
	worst := 0.0
	for i, p := range got[0].Shape[0][0] {
		worst = max(worst, p.DistanceM(want[0].Shape[0][0][i]))
	}
	if worst > 0.1 {
		t.Errorf("the outlines lie %.3f m apart", worst)
	}
	if area := got[0].Shape.AreaM2() / 1e6; area < 510 || area > 530 {
		t.Errorf("%.1f km²; it is said to have 519", area)
	}
	if got[0].Properties["adcode"] != "220105" {
		t.Errorf("properties %v", got[0].Properties)
	}
}

func TestReadShapeRefuses(t *testing.T) {
	polygon := func(rings string) string { return `{"type":"Polygon","coordinates":[` + rings + `]}` }
	for _, c := range []struct{ name, in, code string }{
		{"no JSON", `{`, "shape-not-geojson"},
		{"a line", `{"type":"LineString","coordinates":[[0,0],[1,1]]}`, "shape-not-polygon"},
		{"a point", `{"type":"Point","coordinates":[0,0]}`, "shape-not-polygon"},
		{"a collection of geometries", `{"type":"GeometryCollection","geometries":[]}`, "shape-not-polygon"},
		{"no rings", polygon(``), "shape-empty"},
		{"no polygons", `{"type":"MultiPolygon","coordinates":[]}`, "shape-empty"},
		{"two corners", polygon(`[[0,0],[1,1],[0,0]]`), "shape-ring-short"},
		{"no corners", polygon(`[]`), "shape-ring-short"},
		{"all corners on a line", polygon(`[[0,0],[1,0],[2,0],[0,0]]`), "shape-ring-flat"},
		{"a bow-tie", polygon(`[[0,0],[2,2],[2,0],[0,3],[0,0]]`), "shape-crosses"},
		{"a hole outside", polygon(`[[0,0],[1,0],[1,1],[0,1],[0,0]],[[5,5],[5,6],[6,6],[6,5],[5,5]]`), "shape-hole-outside"},
		{"a hole across the edge", polygon(`[[0,0],[4,0],[4,4],[0,4],[0,0]],[[3,1],[3,3],[6,3],[6,1],[3,1]]`), "shape-crosses"},
		{"latitude first", polygon(`[[43,125],[43,126],[44,126],[43,125]]`), "shape-swapped"},
		{"metres for degrees", polygon(`[[4300000,500000],[4300001,500000],[4300001,500001],[4300000,500000]]`), "shape-out-of-range"},
		{"one number", polygon(`[[1],[2],[3],[1]]`), "shape-not-position"},
		{"text for numbers", polygon(`[["1","2"],["2","3"],["3","1"],["1","2"]]`), "shape-not-position"},
		{"a number that is too large", polygon(`[[1e999,0],[1,0],[1,1],[0,0]]`), "shape-not-position"},
		{"too deep", `{"type":"Polygon","coordinates":[[[[[[0,0]]]]]]}`, "shape-not-position"},
		{"too flat", `{"type":"Polygon","coordinates":[0,0]}`, "shape-not-geojson"},
		{"projected", `{"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4544"}},"coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`, "shape-crs-other"},
		{"5,001 points", polygon("[" + strings.Repeat("[0,0],", MaxShapePoints) + "[0,0]]"), "shape-too-many-points"},
	} {
		s, _, err := ReadShape([]byte(c.in), WGS)
		if codeOf(err) != c.code || s != nil {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}

func TestReadShapeRepairs(t *testing.T) {
	const want = `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}`
	for _, c := range []struct {
		name, in string
		notices  []string
	}{
		{"as it should be", want, nil},
		{"a ring left open", `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2]]]}`, []string{NoticeClosed}},
		{"clockwise", `{"type":"Polygon","coordinates":[[[0,0],[0,2],[2,2],[2,0],[0,0]]]}`, []string{NoticeTurned}},
		{"a point twice", `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,0.00000001],[2,2],[0,2],[0,0]]]}`, []string{NoticeRepeats}},
		{"heights", `{"type":"Polygon","coordinates":[[[0,0,7],[2,0,7],[2,2,7],[0,2,7],[0,0,7]]]}`, nil},
		{"one part of several", `{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,2],[0,0]]]]}`, nil},
		{"within a feature", `{"type":"Feature","properties":null,"geometry":` + want + `}`, nil},
		{"in degrees of CGCS2000, said so", `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},` + want[1:], nil},
	} {
		s, notices, err := ReadShape([]byte(c.in), WGS)
		if err != nil || s.String() != want || !slices.Equal(notices, c.notices) {
			t.Errorf("%s: %s %v %v, want notices %v", c.name, s, notices, err, c.notices)
		}
	}
	touching := `{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,1],[2,2],[0,2],[1,1],[0,0]]]}`
	if _, _, err := ReadShape([]byte(touching), WGS); err != nil {
		t.Errorf("a ring that touches itself in a point: %v", err)
	}
}

func TestReadFeaturesNamesTheFeature(t *testing.T) {
	ok := `{"type":"Feature","id":7,"properties":{"name":" 东盛 ","code":220105001,"open":true,"none":null,"list":[1]},"geometry":{"type":"Point","coordinates":[125.3,43.8]}}`
	bow := `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,3],[0,0]]]}}`
	none := `{"type":"Feature","properties":{},"geometry":null}`
	all, faults := ReadFeatures([]byte("\ufeff"+`{"type":"FeatureCollection","features":[`+ok+`]}`), WGS)
	want := []Feature{{Number: 1, ID: "7", Properties: map[string]string{"name": "东盛", "code": "220105001", "open": "yes"}, Point: Point{125.3, 43.8}}}
	if len(faults) > 0 || !reflect.DeepEqual(all, want) {
		t.Errorf("%+v %v", all, faults)
	}
	all, faults = ReadFeatures([]byte(`{"type":"FeatureCollection","features":[`+ok+","+bow+","+ok+","+none+`]}`), WGS)
	if all != nil || len(faults) != 2 || faults[0].With["feature"] != "2" || faults[0].Code != "shape-crosses" || faults[0].With["at"] == "" || faults[1].With["feature"] != "4" {
		t.Errorf("%v, %d faults: %+v", all, len(faults), faults)
	}
	if _, faults = ReadFeatures([]byte(`{"type":"FeatureCollection","features":[`+strings.Repeat(bow+",", 150)+bow+`]}`), WGS); len(faults) != MaxFaults {
		t.Errorf("%d faults are listed, want %d", len(faults), MaxFaults)
	}
	for name, in := range map[string]string{"shape-none": `{"type":"FeatureCollection","features":[]}`, "shape-not-collection": `{"type":"Topology"}`, "shape-not-geojson": `[]`} {
		if _, faults := ReadFeatures([]byte(in), WGS); len(faults) != 1 || faults[0].Code != name {
			t.Errorf("%s: %v, want %s", in, faults, name)
		}
	}
}

// TestWhatIsWrittenIsReadAgain: the stored form of a shape is read as itself, so that storing it twice changes nothing.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := star(Point{rapid.Float64Range(-170, 170).Draw(t, "x"), rapid.Float64Range(-60, 60).Draw(t, "y")}, rapid.Float64Range(0.01, 1).Draw(t, "size"), rapid.IntRange(3, 60).Draw(t, "corners"))
		again, notices, err := ReadShape([]byte(s.String()), WGS)
		if err != nil || len(notices) > 0 || again.String() != s.String() {
			t.Fatalf("%s\nis read as\n%s %v %v", s, again, notices, err)
		}
		if !json.Valid([]byte(s.String())) {
			t.Fatal("no JSON")
		}
	})
}

func FuzzReadFeatures(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":`+withHole+`}]}`), 0)
	f.Add([]byte(`{"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,0],[1,2]]]]}}`), 1)
	f.Add([]byte(`{"type":"Feature","geometry":{"type":"Point","coordinates":[125,43]}}`), 2)
	f.Fuzz(func(t *testing.T, b []byte, datum int) {
		d := Datums[((datum%3)+3)%3]
		all, faults := ReadFeatures(b, d)
		if (len(faults) > 0) == (len(all) > 0) {
			t.Fatalf("%d features and %d faults", len(all), len(faults))
		}
		for _, one := range all {
			if len(one.Shape) == 0 {
				continue
			}
			again, _, err := ReadShape([]byte(one.Shape.String()), WGS)
			if err != nil || again.String() != one.Shape.String() {
				t.Fatalf("%s is read again as %s, %v", one.Shape, again, err)
			}
			NewIndex([]Shape{one.Shape}).At(one.Shape.Inside())
		}
	})
}

// BenchmarkAt asks 50,000 cells of a city for a point, as a pin on a report does.
func BenchmarkAt(b *testing.B) {
	for _, n := range []int{60, 224} {
		b.Run(strconv.Itoa(n*n)+"cells", func(b *testing.B) {
			x := NewIndex(mesh(n, func() float64 { return 0.5 }))
			i := 0
			for b.Loop() {
				i = (i*7919 + 13) % 1_000_003
				p := Point{125 + 0.01*float64(n)*float64(i%1000)/1000, 43 + 0.01*float64(n)*float64(i/1000)/1001}
				if len(x.At(p)) > 1 {
					b.Fatal("two cells")
				}
			}
		})
	}
	b.Run("outline of 5000 points", func(b *testing.B) {
		x := NewIndex([]Shape{star(Point{125, 43}, 0.3, 4999)})
		for b.Loop() {
			x.At(Point{125.05, 43.05})
		}
	})
}

func ExampleIndex_At() {
	cells := []string{"220105001001001", "220105001001002"}
	west, _, _ := ReadShape([]byte(`{"type":"Polygon","coordinates":[[[125.35,43.86],[125.351,43.86],[125.351,43.861],[125.35,43.861],[125.35,43.86]]]}`), WGS)
	east, _, _ := ReadShape([]byte(`{"type":"Polygon","coordinates":[[[125.351,43.86],[125.352,43.86],[125.352,43.861],[125.351,43.861],[125.351,43.86]]]}`), WGS)
	for _, i := range NewIndex([]Shape{west, east}).At(Point{Lng: 125.3515, Lat: 43.8605}) {
		fmt.Println(cells[i])
	}
	// Output: 220105001001002
}
