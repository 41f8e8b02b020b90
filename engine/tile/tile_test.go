package tile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
)

// TestCommandsOfTheSpecification holds the encoding of geometry against the examples of §4.3.5.
func TestCommandsOfTheSpecification(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Feature
		want []uint64
	}{
		{"a point", Feature{Geometry: Points, Parts: [][]XY{{{25, 17}}}}, []uint64{9, 50, 34}},
		{"two points", Feature{Geometry: Points, Parts: [][]XY{{{5, 7}, {3, 2}}}}, []uint64{17, 10, 14, 3, 9}},
		{"a line", Feature{Geometry: Lines, Parts: [][]XY{{{2, 2}, {2, 10}, {10, 10}}}}, []uint64{9, 4, 4, 18, 0, 16, 16, 0}},
		{"two lines", Feature{Geometry: Lines, Parts: [][]XY{{{2, 2}, {2, 10}, {10, 10}}, {{1, 1}, {3, 5}}}},
			[]uint64{9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8}},
		{"a polygon", Feature{Geometry: Areas, Parts: [][]XY{{{3, 6}, {8, 12}, {20, 34}}}}, []uint64{9, 6, 12, 18, 10, 12, 24, 44, 15}},
		{"two polygons, one with a hole", Feature{Geometry: Areas, Parts: [][]XY{{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {{11, 11}, {20, 11}, {20, 20}, {11, 20}}, {{13, 13}, {13, 17}, {17, 17}, {17, 13}}}},
			[]uint64{9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15}},
		{"a line of one place", Feature{Geometry: Lines, Parts: [][]XY{{{2, 2}}}}, nil},
		{"no geometry", Feature{}, nil},
	} {
		var got []uint64
		for b := c.f.commands(nil); len(b) > 0; {
			v, n := binary.Uvarint(b)
			got, b = append(got, v), b[n:]
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func drawFeature(t *rapid.T) Feature {
	xy := rapid.Custom(func(t *rapid.T) XY {
		return XY{rapid.Int32Range(low, high).Draw(t, "x"), rapid.Int32Range(low, high).Draw(t, "y")}
	})
	f := Feature{ID: rapid.Uint64Range(1, 1<<53).Draw(t, "id"), Geometry: Geometry(rapid.IntRange(1, 3).Draw(t, "geometry"))}
	switch f.Geometry {
	case Points:
		f.Parts = [][]XY{rapid.SliceOfN(xy, 1, 4).Draw(t, "points")}
	case Lines:
		f.Parts = rapid.SliceOfN(rapid.SliceOfN(xy, 2, 5), 1, 3).Draw(t, "lines")
	case Areas:
		for i := range int32(rapid.IntRange(1, 3).Draw(t, "rings")) {
			f.Parts = append(f.Parts, []XY{{i * 100, 0}, {i*100 + 50, 0}, {i*100 + 50, rapid.Int32Range(1, 90).Draw(t, "height")}})
		}
	}
	for _, k := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"n", "state", "街道", "", "open"}), 0, 4, rapid.ID).Draw(t, "keys") {
		f.Tags = append(f.Tags, Tag{k, rapid.SampledFrom([]Value{Text("red"), Text(""), Text("东盛街道"), Int(0), Int(-7), Int(1 << 40)}).Draw(t, "value")})
	}
	return f
}

// TestAnotherReaderReadsWhatWeWrite decodes with github.com/paulmach/orb, version 0.14.0.
func TestAnotherReaderReadsWhatWeWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layers := []Layer{{Name: "matters"}, {Name: "单元网格"}}
		var filled []Layer
		for i := range layers {
			layers[i].Features = rapid.SliceOfN(rapid.Custom(drawFeature), 0, 5).Draw(t, "features")
			if len(layers[i].Features) > 0 {
				filled = append(filled, layers[i])
			}
		}
		b := Encode(layers...)
		if len(filled) == 0 {
			if len(b) != 0 {
				t.Fatalf("the tile of nothing has %d bytes", len(b))
			}
			return
		}
		got, err := mvt.Unmarshal(b)
		if err != nil || len(got) != len(filled) {
			t.Fatalf("%d layers, want %d, %v", len(got), len(filled), err)
		}
		for i, l := range filled {
			if got[i].Name != l.Name || got[i].Extent != Extent || got[i].Version != 2 || len(got[i].Features) != len(l.Features) {
				t.Fatalf("layer %s: %s of version %d with extent %d and %d features", l.Name, got[i].Name, got[i].Version, got[i].Extent, len(got[i].Features))
			}
			for j, f := range l.Features {
				g := got[i].Features[j]
				if int(g.ID.(float64)) != int(f.ID) || !maps.Equal(g.Properties, propertiesOf(f)) || !reflect.DeepEqual(partsOf(g.Geometry), f.Parts) {
					t.Fatalf("feature %+v\ncame back as %v %v %v", f, g.ID, g.Properties, g.Geometry)
				}
			}
		}
	})
}

func propertiesOf(f Feature) map[string]any {
	out := map[string]any{}
	for _, t := range f.Tags {
		switch v := t.Value; v.kind {
		case 1:
			out[t.Key] = v.text
		case 3:
			out[t.Key] = math.Float64frombits(v.bits)
		case 4:
			out[t.Key] = float64(int64(v.bits))
		case 7:
			out[t.Key] = v.bits == 1
		}
	}
	return out
}

func partsOf(g orb.Geometry) (parts [][]XY) {
	add := func(ps []orb.Point) {
		var part []XY
		for _, p := range ps {
			part = append(part, XY{int32(p[0]), int32(p[1])})
		}
		parts = append(parts, part)
	}
	rings := func(p orb.Polygon) {
		for _, r := range p {
			add(r[:len(r)-1])
		}
	}
	switch g := g.(type) {
	case orb.Point:
		add([]orb.Point{g})
	case orb.MultiPoint:
		add(g)
	case orb.LineString:
		add(g)
	case orb.MultiLineString:
		for _, l := range g {
			add(l)
		}
	case orb.Polygon:
		rings(g)
	case orb.MultiPolygon:
		for _, p := range g {
			rings(p)
		}
	}
	return parts
}

func FuzzAnotherReader(f *testing.F) {
	f.Add(make([]byte, 512))
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		if _, err := mvt.Unmarshal(Encode(Layer{Name: "l", Features: rapid.SliceOfN(rapid.Custom(drawFeature), 1, 8).Draw(t, "features")})); err != nil {
			t.Fatal(err)
		}
	}))
}

func TestIDs(t *testing.T) {
	for _, c := range []struct {
		name, z, x, y string
		want          ID
		ok            bool
	}{
		{"the world", "0", "0", "0", ID{}, true},
		{"the district", "12", "3474", "1500", ID{12, 3474, 1500}, true},
		{"beyond the edge", "1", "2", "0", ID{}, false},
		{"too deep", "25", "0", "0", ID{}, false},
		{"below nought", "3", "-1", "0", ID{}, false},
		{"another way to write one", "3", "01", "0", ID{}, false},
		{"a sign", "3", "+1", "0", ID{}, false},
		{"no number", "3", "1.5", "0", ID{}, false},
		{"nothing", "", "", "", ID{}, false},
	} {
		got, err := Parse(c.z, c.x, c.y)
		if got != c.want || (err == nil) != c.ok || err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// TestAPointLiesOnTheTileThatHoldsIt compares with orb's tiles.
func TestAPointLiesOnTheTileThatHoldsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := geo.Point{Lng: rapid.Float64Range(-179.9, 179.9).Draw(t, "lng"), Lat: rapid.Float64Range(-85, 85).Draw(t, "lat")}
		z := uint8(rapid.IntRange(0, 19).Draw(t, "z"))
		id, other := At(z, p), maptile.At(orb.Point{p.Lng, p.Lat}, maptile.Zoom(z))
		if !liesBy(id, p) {
			t.Fatalf("%v lies on %v, by the other on %v", p, id, other)
		}
		other.X, other.Y = id.X, id.Y // on an edge either will do
		at := id.Points(p)
		if len(at) != 1 || at[0].X < 0 || at[0].X >= Extent || at[0].Y < 0 || at[0].Y >= Extent {
			t.Fatalf("%v stands at %v of its own tile", p, at)
		}
		if exact := id.project(p); math.Abs(exact.x-float64(at[0].X)) > 1.1 || math.Abs(exact.y-float64(at[0].Y)) > 1.1 {
			t.Fatalf("%v stands at %v, reckoned %v", p, at[0], exact)
		}
		if b, o := id.Box(), other.Bound(); math.Abs(b.Min.Lng-o.Min[0]) > 1e-9 || math.Abs(b.Max.Lat-o.Max[1]) > 1e-9 || !b.Meets(geo.Around(p, 0.001)) {
			t.Fatalf("box %v, by the other %v", b, o)
		}
	})
}

// liesBy reports whether orb has a point on a tile, or another less than a tenth of a millimetre from it: on an edge the two round
// differently.
func liesBy(id ID, p geo.Point) bool {
	for _, x := range []float64{0, -1e-9, 1e-9} {
		for _, y := range []float64{0, -1e-9, 1e-9} {
			if o := maptile.At(orb.Point{p.Lng + x, p.Lat + y}, maptile.Zoom(id.Z)); o.X == id.X && o.Y == id.Y {
				return true
			}
		}
	}
	return false
}

// TestAreasCoverWhatTheShapeCovers asks at random places of a tile whether they lie within, before and after.
func TestAreasCoverWhatTheShapeCovers(t *testing.T) {
	tile := At(14, geo.Point{Lng: 125.4, Lat: 43.86})
	rapid.Check(t, func(t *rapid.T) {
		b := tile.Box()
		at := func(x, y float64) geo.Point {
			return geo.Point{Lng: b.Min.Lng + x*(b.Max.Lng-b.Min.Lng), Lat: b.Min.Lat + y*(b.Max.Lat-b.Min.Lat)}
		}
		cx, cy, r := rapid.Float64Range(-0.5, 1.5).Draw(t, "x"), rapid.Float64Range(-0.5, 1.5).Draw(t, "y"), rapid.Float64Range(0.2, 2).Draw(t, "r")
		star := func(size float64, turn float64) (ring geo.Ring) {
			for i := range 12 {
				a := turn * math.Pi / 6 * float64(i)
				ring = append(ring, at(cx+size*(1-0.4*float64(i%2))*math.Cos(a), cy+size*(1-0.4*float64(i%2))*math.Sin(a)))
			}
			return append(ring, ring[0])
		}
		shape := geo.Shape{{star(r, 1), star(r*0.3, -1)}}
		rings := tile.Areas(shape)
		var poly orb.MultiPolygon
		for _, xy := range rings {
			ring := orb.Ring{}
			for _, p := range append(slices.Clone(xy), xy[0]) {
				if p.X < low || p.X > high || p.Y < low || p.Y > high {
					t.Fatalf("%v lies outside of the window", p)
				}
				ring = append(ring, orb.Point{float64(p.X), float64(p.Y)})
			}
			if area(xy) > 0 {
				poly = append(poly, orb.Polygon{ring})
			} else if len(poly) == 0 {
				t.Fatal("a hole comes first")
			} else {
				poly[len(poly)-1] = append(poly[len(poly)-1], ring)
			}
		}
		for range 20 {
			p := at(rapid.Float64Range(0.01, 0.99).Draw(t, "px"), rapid.Float64Range(0.01, 0.99).Draw(t, "py"))
			xy := tile.project(p)
			here := orb.Point{xy.x, xy.y}
			if nearEdge(poly, here) {
				continue
			}
			if got, want := planar.MultiPolygonContains(poly, here), shape.Has(p); got != want {
				t.Fatalf("%v in the tile: %v, on the ground: %v", p, got, want)
			}
		}
	})
}

func nearEdge(m orb.MultiPolygon, p orb.Point) bool {
	return slices.ContainsFunc(m, func(poly orb.Polygon) bool {
		return slices.ContainsFunc(poly, func(r orb.Ring) bool { return planar.DistanceFrom(orb.LineString(r), p) < 2 })
	})
}

func TestLinesAreCutAtTheRim(t *testing.T) {
	tile := ID{12, 3474, 1500}
	b := tile.Box()
	at := func(x, y float64) geo.Point {
		return geo.Point{Lng: b.Min.Lng + x*(b.Max.Lng-b.Min.Lng), Lat: b.Max.Lat - y*(b.Max.Lat-b.Min.Lat)}
	}
	for _, c := range []struct {
		name string
		line []geo.Point
		want [][]XY
	}{
		{"within", []geo.Point{at(0.25, 0.5), at(0.75, 0.5)}, [][]XY{{{1024, 2048}, {3072, 2048}}}},
		{"through", []geo.Point{at(-1, 0.5), at(2, 0.5)}, [][]XY{{{-64, 2048}, {4160, 2048}}}},
		{"out and in again", []geo.Point{at(0.5, 0.5), at(2, 0.5), at(2, 0.75), at(0.5, 0.75)}, [][]XY{{{2048, 2048}, {4160, 2048}}, {{4160, 3072}, {2048, 3072}}}},
		{"past it", []geo.Point{at(2, 0), at(2, 1)}, nil},
		{"a corner cut off outside", []geo.Point{at(-0.5, 0.2), at(0.2, -0.5)}, nil},
		{"one point", []geo.Point{at(0.5, 0.5)}, nil},
		{"too short to see", []geo.Point{at(0.5, 0.5), at(0.500001, 0.5)}, nil},
	} {
		got := tile.Lines(c.line)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			for j, p := range got[i] {
				if w := c.want[i][j]; abs(p.X-w.X) > 1 || abs(p.Y-w.Y) > 1 { // latitude is not linear on the map
					t.Errorf("%s: %v, want %v", c.name, got, c.want)
				}
			}
		}
	}
}

func abs(n int32) int32 { return max(n, -n) }

func TestClustersCountEveryPointOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := At(uint8(rapid.IntRange(0, 20).Draw(t, "z")), geo.Point{Lng: 125.4, Lat: 43.86})
		span, bits := tile.Span(), uint8(rapid.IntRange(0, 6).Draw(t, "bits"))
		c := NewClusters(tile, bits)
		cells := rapid.SliceOfN(rapid.Int64Range(int64(span.From), int64(span.Until-1)), 0, 60).Draw(t, "cells")
		for i, cell := range cells {
			c.Add(geo.Cell(cell), uint8(i%States), i)
		}
		n := 0
		c.Each(func(k *Cluster) {
			n += k.Count
			at, sum := k.At, int32(0)
			for _, by := range k.By {
				sum += by
			}
			in := k.Square.Span()
			inside, first := 0, -1
			for i, cell := range cells {
				if in.From <= geo.Cell(cell) && geo.Cell(cell) < in.Until {
					if inside++; first < 0 {
						first = i
					}
				}
			}
			if int(sum) != k.Count || inside != k.Count || first != k.First {
				t.Fatalf("square %v has %d points, %d by state and %d by count; the first is %d, not %d", k.Square, inside, sum, k.Count, first, k.First)
			}
			if at.X < 0 || at.X >= Extent || at.Y < 0 || at.Y >= Extent {
				t.Fatalf("a cluster at %v", at)
			}
		})
		if n != len(cells) {
			t.Fatalf("%d points in squares, %d were added", n, len(cells))
		}
	})
}

func ExampleEncode() {
	id := At(14, geo.Point{Lng: 125.4, Lat: 43.86})
	b := Encode(Layer{Name: "matters", Features: []Feature{{ID: 1, Geometry: Points, Parts: [][]XY{id.Points(geo.Point{Lng: 125.4, Lat: 43.86})},
		Tags: []Tag{{"light", Text("red")}, {"n", Int(1)}}}}})
	layers, err := mvt.Unmarshal(b)
	fmt.Println(id, len(b), layers[0].Features[0].Properties, err)
	// Output: 14/13899/5966 56 map[light:red n:1] <nil>
}

// BenchmarkClusters gathers a million points and writes their tile.
func BenchmarkClusters(b *testing.B) {
	id := ID{11, 1737, 746}
	span := id.Span()
	step := (span.Until - span.From) / 1_000_000
	for b.Loop() {
		c := NewClusters(id, 4)
		for i := range 1_000_000 {
			c.Add(span.From+geo.Cell(i)*step, uint8(i&3), i)
		}
		l := Layer{Name: "matters"}
		c.Each(func(k *Cluster) {
			l.Features = append(l.Features, Feature{Geometry: Points, Parts: [][]XY{{k.At}}, Tags: []Tag{{"n", Int(int64(k.Count))}}})
		})
		Encode(l)
	}
}

func BenchmarkAreas(b *testing.B) {
	id := At(13, geo.Point{Lng: 125.4, Lat: 43.86})
	ring := geo.Ring{}
	for i := range 1000 {
		a := 2 * math.Pi * float64(i) / 1000
		ring = append(ring, geo.Point{Lng: 125.4 + 0.03*math.Cos(a), Lat: 43.86 + 0.02*math.Sin(a)})
	}
	shape := geo.Shape{{append(ring, ring[0])}}
	for b.Loop() {
		Encode(Layer{Name: "cells", Features: []Feature{{Geometry: Areas, Parts: id.Areas(shape)}}})
	}
}
