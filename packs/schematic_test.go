package packs

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"bihuan/ground/geo"
	"bihuan/pack"
)

var update = flag.Bool("update", false, "write the schematic places anew")

// The ground that the schematic map is drawn on: a lattice of quadrilaterals whose corners were pushed about.
const (
	columns, rows      = 30, 16
	west, south        = 125.325, 43.835
	stepLng, stepLat   = 0.005, 0.00375
	pushed             = 0.28 // of a step, at most
	schematicFrom      = "2022-01-01"
	schematicChanceOne = 220105
)

// seeds say about where each street lies on the schematic map; the eastern ones lie nearer than in truth.
var seeds = []struct {
	street string
	at     []geo.Point
}{
	{"220105100", []geo.Point{{Lng: 125.430, Lat: 43.886}, {Lng: 125.422, Lat: 43.888}}},
	{"220105174", []geo.Point{{Lng: 125.430, Lat: 43.862}, {Lng: 125.418, Lat: 43.864}}},
	{"220105270", []geo.Point{{Lng: 125.430, Lat: 43.842}, {Lng: 125.410, Lat: 43.841}}},
	{"220105173", []geo.Point{{Lng: 125.462, Lat: 43.880}, {Lng: 125.462, Lat: 43.850}}},
}

// lattice is the corners of the quadrilaterals.
type lattice [rows + 1][columns + 1]geo.Point

func newLattice() (l lattice) {
	chance := rand.New(rand.NewPCG(schematicChanceOne, 1))
	for y := range l {
		for x := range l[y] {
			dx, dy := chance.Float64()*2-1, chance.Float64()*2-1
			if x == 0 || x == columns {
				dx = 0
			}
			if y == 0 || y == rows {
				dy = 0
			}
			p := geo.Point{Lng: west + stepLng*(float64(x)+pushed*dx), Lat: south + stepLat*(float64(y)+pushed*dy)}
			l[y][x] = geo.FromE7(roundTo100(p.E7()))
		}
	}
	return l
}

// roundTo100 keeps five digits behind the point: a metre.
func roundTo100(lng, lat int64) (int64, int64) { return (lng + 50) / 100 * 100, (lat + 50) / 100 * 100 }

// quad is one quadrilateral by its column and row.
type quad struct{ x, y int }

func (l *lattice) middle(q quad) geo.Point {
	return geo.Nowhere().With(l[q.y][q.x]).With(l[q.y+1][q.x+1]).Center()
}

// corner is a corner of the lattice.
type corner struct{ x, y int }

// outline is the shape of some quadrilaterals together: the edges that two of them share fall away, the others are
// followed with the ground to the left.
func (l *lattice) outline(quads []quad) (s geo.Shape) {
	next := map[corner][]corner{}
	for _, q := range quads {
		around := []corner{{q.x, q.y}, {q.x + 1, q.y}, {q.x + 1, q.y + 1}, {q.x, q.y + 1}}
		for i, from := range around {
			to := around[(i+1)%4]
			if back := slices.Index(next[to], from); back >= 0 {
				next[to] = slices.Delete(next[to], back, back+1)
			} else {
				next[from] = append(next[from], to)
			}
		}
	}
	var holes []geo.Ring
	starts := slices.SortedFunc(maps.Keys(next), func(a, b corner) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
	for _, start := range starts {
		for len(next[start]) > 0 {
			ring, left := l.follow(next, start)
			if left {
				s = append(s, geo.Polygon{ring})
			} else {
				holes = append(holes, ring)
			}
		}
	}
	for _, h := range holes {
		inside := geo.Shape{{h}}.Inside()
		for i := range s {
			if (geo.Shape{s[i][:1]}).Has(inside) {
				s[i] = append(s[i], h)
			}
		}
	}
	return s
}

// follow takes one ring out of the edges, turning left where two lead on, and reports whether it runs counter-clockwise.
func (l *lattice) follow(next map[corner][]corner, at corner) (ring geo.Ring, left bool) {
	start, area := at, 0
	came := corner{}
	ring = geo.Ring{l[at.y][at.x]}
	for first := true; first || at != start; first = false {
		pick := 0
		for i, c := range next[at] {
			if dx, dy := c.x-at.x, c.y-at.y; !first && came.x*dy-came.y*dx > 0 {
				pick = i
			}
		}
		to := next[at][pick]
		next[at] = slices.Delete(next[at], pick, pick+1)
		came = corner{to.x - at.x, to.y - at.y}
		area += at.x*to.y - at.y*to.x
		at = to
		ring = append(ring, l[at.y][at.x])
	}
	return ring, area > 0
}

// halves cuts some quadrilaterals at a column or row, across their longer side, as nearly in two as it goes.
func halves(quads []quad) (parts [][]quad) {
	if len(quads) < 2 {
		return [][]quad{quads}
	}
	across := func(q quad) int { return q.x }
	if spread(quads, func(q quad) int { return q.y }) > spread(quads, across) {
		across = func(q quad) int { return q.y }
	}
	sorted := slices.Clone(quads)
	slices.SortStableFunc(sorted, func(a, b quad) int { return cmp.Compare(across(a), across(b)) })
	best := 0
	for i := 1; i < len(sorted); i++ {
		if across(sorted[i]) != across(sorted[i-1]) && (best == 0 || abs(2*i-len(sorted)) < abs(2*best-len(sorted))) {
			best = i
		}
	}
	return [][]quad{sorted[:best], sorted[best:]}
}

func spread(quads []quad, of func(quad) int) int {
	least, most := of(quads[0]), of(quads[0])
	for _, q := range quads {
		least, most = min(least, of(q)), max(most, of(q))
	}
	return most - least
}

func abs(n int) int { return max(n, -n) }

// sheet is one file of records being written.
type sheet struct{ rows [][]string }

func (s *sheet) add(cells ...string) { s.rows = append(s.rows, cells) }

func (s *sheet) bytes() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(s.rows) // to memory
	return b.Bytes()
}

// schematic is the places of a district as files by name, made of its streets, their communities' units and grid workers,
// and where its components stand.
func schematic(set *pack.Set) (map[string][]byte, error) {
	l := newLattice()
	at := map[string][]geo.Point{}
	for _, s := range seeds {
		at[s.street] = s.at
	}
	units, workers := map[string]map[string]string{}, map[string]string{}
	var streets []map[string]string
	for _, p := range set.Packs() {
		for _, e := range p.Records {
			switch f := e.Fields; e.Register {
			case "erdao/street":
				streets = append(streets, f)
			case "erdao/unit":
				if f["kind"] == "community" {
					units[f["parent"]] = f
				}
			case "erdao/person":
				if f["roles"] == "grid-worker" {
					workers[f["unit"]] = f["key"]
				}
			case "urban/component":
				place, err := geo.ParsePoint(f["place"])
				if err != nil {
					return nil, err
				}
				at[f["area"]] = append(at[f["area"]], place)
			}
		}
	}
	ground := map[string][]quad{}
	for y := range rows {
		for x := range columns {
			s := nearest(l.middle(quad{x, y}), at)
			ground[s] = append(ground[s], quad{x, y})
		}
	}
	head := []string{"valid-from", "valid-to"}
	outlines, communities, grids, cells := &sheet{}, &sheet{}, &sheet{}, &sheet{}
	outlines.add(append([]string{"code", "name", "name-en", "level", "unit", "shape", "schematic"}, head...)...)
	communities.add(append([]string{"code", "name", "name-en", "street", "unit", "shape", "schematic"}, head...)...)
	grids.add(append([]string{"code", "name", "name-en", "community", "worker", "shape", "schematic"}, head...)...)
	cells.add(append([]string{"code", "grid", "shape", "schematic"}, head...)...)
	number := []string{"一", "二"}
	for _, st := range streets {
		outlines.add(st["code"], st["name"], st["name-en"], st["level"], st["unit"], l.outline(ground[st["code"]]).String(), "yes", schematicFrom, "")
		own := units[st["unit"]] // the committee of its first community
		for i, part := range halves(ground[st["code"]]) {
			community := fmt.Sprintf("%s%03d", st["code"], i+1)
			stem, kind, english := []rune(own["short"]), "社区", "Community"
			if st["level"] != "street" {
				kind, english = "村", "Village"
			}
			called := string(stem[:len(stem)-len([]rune("一"+kind))])
			unit, worker := "", ""
			if i == 0 {
				unit, worker = own["key"], workers[own["key"]]
			}
			calledEN := firstWord(own["short-en"]) + " " + []string{"First", "Second"}[i] + " " + english
			communities.add(community, called+"第"+number[i]+kind+"（示意）", calledEN+" (schematic)", st["code"], unit, l.outline(part).String(), "yes", schematicFrom, "")
			serial := 0
			for j, piece := range halves(part) {
				grid := fmt.Sprintf("%sG%02d", community, j+1)
				grids.add(grid, fmt.Sprintf("%s第%s%s第%s网格（示意）", called, number[i], kind, number[j]), fmt.Sprintf("%s, grid %d (schematic)", calledEN, j+1), community, worker, l.outline(piece).String(), "yes", schematicFrom, "")
				for _, q := range piece {
					serial++
					cells.add(fmt.Sprintf("%s%03d", community, serial), grid, l.outline([]quad{q}).String(), "yes", schematicFrom, "")
				}
			}
		}
	}
	return map[string][]byte{"erdao/records/streets.csv": outlines.bytes(), "place/records/communities.csv": communities.bytes(),
		"place/records/grids.csv": grids.bytes(), "place/records/cells.csv": cells.bytes()}, nil
}

func firstWord(s string) string {
	for i, r := range s {
		if r == ' ' {
			return s[:i]
		}
	}
	return s
}

// nearest returns the street that has the point nearest to a place.
func nearest(p geo.Point, at map[string][]geo.Point) (street string) {
	least := 0.0
	for _, s := range slices.Sorted(maps.Keys(at)) {
		for _, q := range at[s] {
			if d := p.DistanceM(q); street == "" || d < least {
				street, least = s, d
			}
		}
	}
	return street
}

// TestSchematicPlaces: the outlines that come with the packs are those that this program draws, and nobody else's.
func TestSchematicPlaces(t *testing.T) {
	files, err := schematic(load(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, called := range slices.Sorted(maps.Keys(files)) {
		want := files[called]
		if *update {
			if err := os.WriteFile(called, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(called); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the program draws (%v); -update writes it", called, err)
		}
	}
}

// TestPlacesLieInOneAnother: what the packs ship tiles the ground on every level without overlap or gap, a cell lies in the
// grid, the community and the street that it names, and every component stands in the street that it names.
func TestPlacesLieInOneAnother(t *testing.T) {
	set := load(t)
	type level struct {
		within string // field that names the one above
		codes  []string
		above  map[string]string
		index  *geo.Index
	}
	levels := []*level{}
	for _, l := range []struct{ pack, ref, within string }{{"place", "place/cell", "grid"}, {"place", "place/grid", "community"}, {"place", "place/community", "street"}, {"erdao", "erdao/street", ""}} {
		lv := &level{within: l.within, above: map[string]string{}}
		var shapes []geo.Shape
		for _, f := range records(t, set, l.pack, l.ref) {
			s, notices, err := geo.ReadShape([]byte(f["shape"]), geo.WGS)
			if err != nil || len(notices) > 0 {
				t.Fatalf("%s: %v %v", f["code"], notices, err)
			}
			shapes = append(shapes, s)
			lv.codes = append(lv.codes, f["code"])
			lv.above[f["code"]] = f[l.within]
			if f["schematic"] != "yes" {
				t.Errorf("%s is not marked as schematic", f["code"])
			}
		}
		lv.index = geo.NewIndex(shapes)
		levels = append(levels, lv)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		p := geo.Point{Lng: west + chance.Float64()*stepLng*columns, Lat: south + chance.Float64()*stepLat*rows}.Round()
		want := ""
		for i, lv := range levels {
			at := lv.index.At(p)
			if len(at) != 1 {
				t.Fatalf("%v lies in %d places of level %d", p, len(at), i)
			}
			code := lv.codes[at[0]]
			if want != "" && code != want {
				t.Fatalf("%v lies in %s, but what is in it says %s", p, code, want)
			}
			want = lv.above[code]
		}
	}
	streets := levels[len(levels)-1]
	for _, f := range records(t, set, "urban", "urban/component") {
		p, err := geo.ParsePoint(f["place"])
		if err != nil {
			t.Fatal(err)
		}
		if at := streets.index.At(p); len(at) != 1 || streets.codes[at[0]] != f["area"] {
			t.Errorf("component %s says %s, its place lies elsewhere: %v", f["code"], f["area"], at)
		}
	}
}
