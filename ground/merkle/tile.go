package merkle

import (
	"fmt"

	"bihuan/ground/fault"
)

// The measures of a tile.
//
// Source: C2SP tlog-tiles, “Merkle tree”.
const (
	TileHeight = 8               // levels of the tree in a tile
	TileWidth  = 1 << TileHeight // hashes of a full tile
	MaxLevel   = 7               // tiles above it would hold more than MaxSize leaves
)

// Place is where a tile lies: its level, 0 for hashes of leaves, and its number on that level.
type Place struct {
	Level int
	Index int64
}

// Tile is up to 256 hashes that lie side by side: on level 0 hashes of leaves, on level l roots over 256^l leaves.
type Tile struct {
	Place
	Hashes []Hash
}

// Width returns how many hashes the tile at p has in a tree of size leaves, 0 if there is none.
func (p Place) Width(size int64) int {
	if p.Level < 0 || p.Level > MaxLevel || p.Index < 0 || size < 0 {
		return 0
	}
	n := size >> (p.Level * TileHeight) // hashes on the level
	if p.Index > n/TileWidth {
		return 0
	}
	return int(min(n-p.Index*TileWidth, TileWidth))
}

// Tiles returns at least the first width hashes of a tile.
type Tiles func(p Place, width int) ([]Hash, error)

// Nodes answers nodes of a tree of size leaves from its tiles. It remembers the tiles that it was given, so one proof asks for each
// once; it serves one goroutine at a time. It wraps [fault.ErrInvalid] for a node that such a tree does not have.
func Nodes(a Algorithm, size int64, tiles Tiles) NodeAt {
	seen := map[Place][]Hash{}
	return func(level int, index int64) (Hash, error) {
		if level < 0 || level > 62 || index < 0 || index > size>>level {
			return Hash{}, fmt.Errorf("node %d of level %d in a tree of %d: %w", index, level, size, fault.ErrInvalid)
		}
		at := Place{Level: level / TileHeight}
		up := level % TileHeight
		at.Index = index >> (TileHeight - up)
		width := at.Width(size)
		first := int(index<<up) & (TileWidth - 1)
		if first+1<<up > width {
			return Hash{}, fmt.Errorf("node %d of level %d in a tree of %d: %w", index, level, size, fault.ErrInvalid)
		}
		hashes, ok := seen[at]
		if !ok {
			var err error
			if hashes, err = tiles(at, width); err != nil {
				return Hash{}, err
			}
			if len(hashes) < width {
				return Hash{}, fmt.Errorf("tile %d/%d has %d hashes, not %d: %w", at.Level, at.Index, len(hashes), width, fault.ErrInvalid)
			}
			seen[at] = hashes
		}
		return a.complete(hashes[first : first+1<<up]), nil
	}
}

// complete returns the root over hashes, whose number is a power of two.
func (a Algorithm) complete(hashes []Hash) Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return a.Node(a.complete(hashes[:half]), a.complete(hashes[half:]))
}

// Edge is the right edge of a growing tree: the unfinished tile of each level. A new one comes from [NewEdge].
type Edge struct {
	algorithm Algorithm
	size      int64
	open      [MaxLevel + 1][]Hash
	changed   map[Place]bool
	full      []Tile
}

// NewEdge returns the edge of a tree of size leaves, read from its tiles.
func NewEdge(a Algorithm, size int64, tiles Tiles) (*Edge, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	e := &Edge{algorithm: a, size: size, changed: map[Place]bool{}}
	for level := range e.open {
		p := Place{level, size >> (level * TileHeight) / TileWidth}
		width := p.Width(size)
		if width == 0 {
			continue
		}
		hashes, err := tiles(p, width)
		if err != nil {
			return nil, err
		}
		if len(hashes) < width {
			return nil, fmt.Errorf("tile %d/%d has %d hashes, not %d: %w", level, p.Index, len(hashes), width, fault.ErrInvalid)
		}
		e.open[level] = append([]Hash(nil), hashes[:width]...)
	}
	return e, nil
}

// Size returns how many leaves the tree has.
func (e *Edge) Size() int64 { return e.size }

// Add appends a leaf by its data.
func (e *Edge) Add(data Hash) {
	h := e.algorithm.Leaf(data)
	for level := range e.open {
		p := Place{level, e.size >> (level * TileHeight) / TileWidth}
		e.open[level] = append(e.open[level], h)
		if len(e.open[level]) < TileWidth {
			e.changed[p] = true
			break
		}
		delete(e.changed, p)
		e.full = append(e.full, Tile{p, e.open[level]})
		h, e.open[level] = e.algorithm.complete(e.open[level]), nil
	}
	e.size++
}

// Changed returns the tiles that were filled or lengthened since it was last called, and forgets them. The hashes of an
// unfinished tile are a copy.
func (e *Edge) Changed() []Tile {
	out := e.full
	for p := range e.changed {
		out = append(out, Tile{p, append([]Hash(nil), e.open[p.Level]...)})
	}
	e.full = nil
	clear(e.changed)
	return out
}

// Open returns the unfinished tiles, one a level that has one. Their hashes are not a copy.
func (e *Edge) Open() (tiles []Tile) {
	for level, hashes := range e.open {
		if len(hashes) > 0 {
			tiles = append(tiles, Tile{Place{level, e.size >> (level * TileHeight) / TileWidth}, hashes})
		}
	}
	return tiles
}

// Root returns the root of the tree as it is now.
func (e *Edge) Root() Hash {
	h, any := Hash{}, false
	for level := range e.open {
		for part := e.open[level]; len(part) > 0; {
			size := len(part) & -len(part) // the smallest complete subtree on the right
			sub := e.algorithm.complete(part[len(part)-size:])
			if part = part[:len(part)-size]; any {
				h = e.algorithm.Node(sub, h)
			} else {
				h, any = sub, true
			}
		}
	}
	if !any {
		return e.algorithm.Empty()
	}
	return h
}
