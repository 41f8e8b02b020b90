package geo

import (
	"cmp"
	"math"
	"slices"
)

// Index finds, among many shapes, those that hold a point or meet a box. It is made once and never changed, so that any
// number of goroutines may ask it.
//
// It is a tree of boxes packed from south-west to north-east (sort-tile-recursive), and each large shape keeps its edges by
// latitude: a question costs microseconds among tens of thousands of shapes.
type Index struct {
	shapes []prepared
	levels [][]Box // from the leaves, one for each fan shapes in the order of order, to the root
	order  []int   // positions of shapes, packed
}

// fan is how many boxes stand under one.
const fan = 8

// NewIndex returns an index of shapes, which keep their positions. Empty shapes are never found.
func NewIndex(shapes []Shape) *Index {
	x := &Index{shapes: make([]prepared, len(shapes))}
	for i, s := range shapes {
		x.shapes[i] = prepare(s)
		if len(s) > 0 {
			x.order = append(x.order, i)
		}
	}
	x.pack()
	level := make([]Box, 0, len(x.order)/fan+1)
	for chunk := range slices.Chunk(x.order, fan) {
		b := Nowhere()
		for _, i := range chunk {
			b = b.Union(x.shapes[i].box)
		}
		level = append(level, b)
	}
	for x.levels = append(x.levels, level); len(level) > 1; x.levels = append(x.levels, level) {
		var up []Box
		for chunk := range slices.Chunk(level, fan) {
			b := Nowhere()
			for _, c := range chunk {
				b = b.Union(c)
			}
			up = append(up, b)
		}
		level = up
	}
	return x
}

// pack orders the shapes in strips from west to east, each from south to north.
func (x *Index) pack() {
	mid := func(i int) Point { return x.shapes[i].box.Center() }
	slices.SortStableFunc(x.order, func(a, b int) int { return cmp.Compare(mid(a).Lng, mid(b).Lng) })
	strip := fan * max(1, int(math.Ceil(math.Sqrt(float64(len(x.order))/fan))))
	for chunk := range slices.Chunk(x.order, strip) {
		slices.SortStableFunc(chunk, func(a, b int) int { return cmp.Compare(mid(a).Lat, mid(b).Lat) })
	}
}

// At returns the positions of the shapes that hold a point, ascending; nil for none.
func (x *Index) At(p Point) (all []int) {
	x.walk(len(x.levels)-1, 0, func(b Box) bool { return b.Has(p) }, func(i int) {
		if x.shapes[i].has(p) {
			all = append(all, i)
		}
	})
	slices.Sort(all)
	return all
}

// Meeting returns the positions of the shapes whose boxes meet a box, ascending: what a map's window shows.
func (x *Index) Meeting(b Box) (all []int) {
	x.walk(len(x.levels)-1, 0, b.Meets, func(i int) {
		if b.Meets(x.shapes[i].box) {
			all = append(all, i)
		}
	})
	slices.Sort(all)
	return all
}

// walk visits the shapes under a box of a level, as far as boxes are wanted.
func (x *Index) walk(level, at int, wanted func(Box) bool, visit func(int)) {
	if level < 0 || at >= len(x.levels[level]) || !wanted(x.levels[level][at]) {
		return
	}
	if level == 0 {
		for _, i := range x.order[at*fan : min(len(x.order), (at+1)*fan)] {
			visit(i)
		}
		return
	}
	for below := at * fan; below < min(len(x.levels[level-1]), (at+1)*fan); below++ {
		x.walk(level-1, below, wanted, visit)
	}
}

// prepared is a shape made ready for many questions.
type prepared struct {
	box   Box
	bands [][]edge // of equal height from box.Min.Lat up; an edge stands in each that it reaches into
}

// perBand is about how many edges a band is to hold.
const perBand = 8

func prepare(s Shape) prepared {
	p := prepared{box: s.Box()}
	if len(s) == 0 {
		return p
	}
	for n := max(1, s.Points()/perBand); ; n = max(1, n/4) {
		p.bands = make([][]edge, n)
		if p.fill(s) || n == 1 {
			break
		}
	}
	return p
}

// fill puts the edges into the bands, and reports false where tall edges would stand in too many of them.
func (p *prepared) fill(s Shape) bool {
	room := 16*s.Points() + 64
	s.edges(func(e edge) {
		for i := p.band(e.a.Lat); i <= p.band(e.b.Lat) && room > 0; i++ {
			p.bands[i] = append(p.bands[i], e)
			room--
		}
	})
	return room > 0
}

func (p *prepared) band(lat float64) int {
	height := p.box.Max.Lat - p.box.Min.Lat
	if height <= 0 {
		return 0
	}
	return min(len(p.bands)-1, max(0, int((lat-p.box.Min.Lat)/height*float64(len(p.bands)))))
}

// has is [Shape.Has].
func (p *prepared) has(at Point) bool {
	if len(p.bands) == 0 || !p.box.Has(at) {
		return false
	}
	in := false
	for _, e := range p.bands[p.band(at.Lat)] {
		if e.crosses(at) {
			in = !in
		}
	}
	return in
}
