package tile

import "bihuan/ground/geo"

// States is how many states the points of a cluster are counted by.
const States = 8

// Clusters gathers the points of a tile into squares, as many each way as was said when it was made. A million points take a
// few milliseconds.
type Clusters struct {
	tile    ID
	bits    uint8
	parts   uint8      // into how many parts each way a square is divided, as a power of two
	squares []gathered // by the square's number in Z-order
	fine    []int32    // how many lie in each part of a square: where its middle is
}

// gathered is what lies in one square.
type gathered struct {
	by    [States]int32
	first int32
	some  bool
	apart bool // not all lie in the very same cell
	cell  geo.Cell
}

// Cluster is what lies in one square of a tile.
type Cluster struct {
	Square ID  // at a deeper level
	At     XY  // on the tile, about in the middle of its points; exactly where they lie if they all do in the same place
	Count  int // of its points
	By     [States]int32
	First  int  // what the first that was added is known by
	Same   bool // all lie in the very same cell
}

// MaxSquares is the most squares of a tile each way, as a power of two.
const MaxSquares = 8

// Large squares are divided into eight parts each way, small ones into two: nobody sees the difference, and the table stays small.
const (
	largeSquares        = 5 // as a power of two
	manyParts, fewParts = 3, 1
)

// NewClusters returns the empty clusters of a tile with 2 to the power of bits squares each way, at most [MaxSquares].
func NewClusters(t ID, bits uint8) *Clusters {
	bits = min(bits, MaxSquares, geo.CellBits-manyParts-t.Z)
	parts := uint8(manyParts)
	if bits > largeSquares {
		parts = fewParts
	}
	return &Clusters{tile: t, bits: bits, parts: parts, squares: make([]gathered, 1<<(2*bits)), fine: make([]int32, 1<<(2*(bits+parts)))}
}

// Add counts a point of the tile: its cell, its state below [States], and what it is known by, from 0.
func (c *Clusters) Add(cell geo.Cell, state uint8, ref int) {
	part := uint64(cell) >> (2 * (geo.CellBits - c.tile.Z - c.bits - c.parts)) & uint64(len(c.fine)-1)
	c.fine[part]++
	g := &c.squares[part>>(2*c.parts)]
	g.by[state%States]++
	switch {
	case !g.some:
		g.some, g.cell, g.first = true, cell, int32(ref)
	case g.cell != cell:
		g.apart = true
	}
}

// Each calls f for every square that holds something, in Z-order.
func (c *Clusters) Each(f func(*Cluster)) {
	for i := range c.squares {
		g := &c.squares[i]
		k := Cluster{By: g.by, First: int(g.first), Same: !g.apart}
		for _, n := range g.by {
			k.Count += int(n)
		}
		if k.Count == 0 {
			continue
		}
		dx, dy := geo.Cell(i).XY()
		k.Square = ID{c.tile.Z + c.bits, c.tile.X<<c.bits + dx, c.tile.Y<<c.bits + dy}
		if k.At = c.tile.XY(g.cell); g.apart {
			k.At = c.middle(i, k.Count)
		}
		f(&k)
	}
}

// middle returns where the points of a square lie on average, to a part of its width.
func (c *Clusters) middle(square, count int) XY {
	var x, y int64
	for p := range 1 << (2 * c.parts) {
		at := square<<(2*c.parts) + p
		n := int64(c.fine[at])
		if n == 0 {
			continue
		}
		px, py := geo.Cell(at).XY()
		x, y = x+n*int64(2*px+1), y+n*int64(2*py+1)
	}
	half := int64(Extent) >> (c.bits + c.parts) // of twice a part's width
	n := 2 * int64(count)
	return XY{int32(x * half / n), int32(y * half / n)}
}
