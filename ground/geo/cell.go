package geo

import (
	"cmp"
	"math"
	"slices"
)

// Cell is a square of the smallest size in the pyramid of web maps, some two centimetres wide at the equator: the world in Web
// Mercator, halved [CellBits] times each way, the bits of column and row interleaved (Z-order). What lies in one square of any
// level is one interval of cells, so that an index on a whole number answers boxes; see [Box.Spans]. Cells are never negative.
type Cell int64

// CellBits is how many times the world is halved each way.
const CellBits = 31

// MaxLat is where the world of web maps ends, north and south; what lies beyond is in the outermost cells.
const MaxLat = 85.05112877980659

// Mercator returns where a point stands on the square of web maps: x from west to east and y from north to south, from 0 to 1.
func (p Point) Mercator() (x, y float64) {
	s := math.Sin(max(-MaxLat, min(MaxLat, p.Lat)) * math.Pi / 180)
	return (p.Lng + 180) / 360, 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
}

// FromMercator is the inverse of [Point.Mercator] up to MaxLat.
func FromMercator(x, y float64) Point {
	return Point{x*360 - 180, math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi}
}

// Cell returns the cell that a point lies in.
func (p Point) Cell() Cell {
	x, y := p.Mercator()
	return CellAt(column(x), column(y))
}

// column returns the column of a place between 0 and 1.
func column(v float64) uint32 {
	return uint32(max(0, min(1<<CellBits-1, math.Floor(v*(1<<CellBits)))))
}

// CellAt returns the cell of a column and a row, counted from the north-west.
func CellAt(x, y uint32) Cell { return Cell(spread(x) | spread(y)<<1) }

// XY returns the column and the row of a cell.
func (c Cell) XY() (x, y uint32) { return gather(uint64(c)), gather(uint64(c) >> 1) }

// spread sets the bits of v apart, a zero before each.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// gather is the inverse of spread: every other bit, beginning with the lowest.
func gather(x uint64) uint32 {
	x &= 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}

// Span is an interval of cells, From included and Until not.
type Span struct{ From, Until Cell }

// Spans returns intervals of cells that together hold every cell which meets the box, ascending and apart, at most so many (and at
// least one); nil for the empty box. They may hold cells outside of the box, the fewer the more intervals are allowed: who asks an
// index by them compares the coordinates as well.
func (b Box) Spans(most int) []Span {
	if b.IsEmpty() {
		return nil
	}
	w, n := Point{b.Min.Lng, b.Max.Lat}.Mercator()
	e, s := Point{b.Max.Lng, b.Min.Lat}.Mercator()
	area := window{column(w), column(n), column(e), column(s)}
	open := []square{{0, 0, CellBits}}
	for len(open) < 4*max(1, most) {
		next, split := area.divide(open)
		if open = next; !split {
			break
		}
	}
	return joined(open, max(1, most))
}

// window is a rectangle of columns and rows, its edges included.
type window struct{ west, north, east, south uint32 }

// square is 2 to the power of size columns and rows, from the north-west.
type square struct {
	x, y uint32
	size uint
}

// divide replaces the squares that lie only in part within the window by those of their quarters that meet it.
func (w window) divide(open []square) (next []square, split bool) {
	for _, s := range open {
		if s.size == 0 || w.holds(s) {
			next = append(next, s)
			continue
		}
		split = true
		half := uint32(1) << (s.size - 1)
		for _, q := range [...]square{{s.x, s.y, s.size - 1}, {s.x + half, s.y, s.size - 1}, {s.x, s.y + half, s.size - 1}, {s.x + half, s.y + half, s.size - 1}} {
			if w.meets(q) {
				next = append(next, q)
			}
		}
	}
	return next, split
}

func (s square) last() (x, y uint32) {
	wide := uint32(1)<<s.size - 1
	return s.x + wide, s.y + wide
}

func (w window) holds(s square) bool {
	x, y := s.last()
	return w.west <= s.x && x <= w.east && w.north <= s.y && y <= w.south
}

func (w window) meets(s square) bool {
	x, y := s.last()
	return s.x <= w.east && w.west <= x && s.y <= w.south && w.north <= y
}

// joined makes intervals of squares in their order: neighbours become one, and the narrowest gaps are closed until few enough
// are left.
func joined(squares []square, most int) []Span {
	var all []Span
	for _, s := range squares { // quarters come in Z-order, so the squares do
		from := CellAt(s.x, s.y)
		span := Span{from, from + 1<<(2*s.size)}
		if n := len(all); n > 0 && all[n-1].Until == span.From {
			all[n-1].Until = span.Until
			continue
		}
		all = append(all, span)
	}
	if len(all) <= most {
		return all
	}
	gaps := make([]int, len(all)-1) // the gap before all[i+1], by i
	for i := range gaps {
		gaps[i] = i
	}
	wide := func(i int) Cell { return all[i+1].From - all[i].Until }
	slices.SortFunc(gaps, func(a, b int) int { return cmp.Or(cmp.Compare(wide(b), wide(a)), cmp.Compare(a, b)) })
	keep := gaps[:most-1]
	slices.Sort(keep)
	out := make([]Span, 0, most)
	from := 0
	for _, i := range append(keep, len(all)-1) {
		out = append(out, Span{all[from].From, all[i].Until})
		from = i + 1
	}
	return out
}
