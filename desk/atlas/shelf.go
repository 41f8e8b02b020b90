package atlas

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

	"bihuan/ground/geo"
)

// shelf is all spots in the order of their cells, each id once, in blocks small enough to be moved for one spot: a million
// change one by one without ever being copied as a whole.
type shelf struct {
	blocks [][]spot // none is empty
	most   int      // spots of a block
	ids    known
}

// blockStep is by how many spots a block grows, as many as fit into the 8 kB that the allocator gives at least of what is large, and perBlock how
// many stand in one: with fewer more lies empty, with more it takes longer to put one in between.
const (
	blockStep = 170
	perBlock  = 8 * blockStep
)

func newShelf(most int) *shelf { return &shelf{most: most, ids: newKnown(1 << 12)} }

// place returns where a spot of this cell and id stands or belongs; the shelf is not empty.
func (s *shelf) place(n *spot) (block, i int, found bool) {
	block = max(0, sort.Search(len(s.blocks), func(i int) bool { return bySpot(&s.blocks[i][0], n) > 0 })-1)
	in := s.blocks[block]
	i = sort.Search(len(in), func(i int) bool { return bySpot(&in[i], n) >= 0 })
	return block, i, i < len(in) && bySpot(&in[i], n) == 0
}

// add takes in a spot whose id is not there.
func (s *shelf) add(n spot) {
	s.know(n.id)
	if len(s.blocks) == 0 {
		s.blocks = append(s.blocks, append(make([]spot, 0, min(blockStep, s.most)), n))
		return
	}
	b, i, _ := s.place(&n)
	block := s.blocks[b]
	switch {
	case len(block) < cap(block):
	case len(block) < s.most:
		block = append(make([]spot, 0, min(len(block)+blockStep, s.most)), block...)
	default:
		half := len(block) / 2
		left, right := slices.Clone(block[:half]), slices.Clone(block[half:])
		s.blocks[b] = left
		s.blocks = slices.Insert(s.blocks, b+1, right)
		if i > half {
			b, i = b+1, i-half
		}
		block = append(make([]spot, 0, min(len(s.blocks[b])+blockStep, s.most)), s.blocks[b]...)
	}
	s.blocks[b] = slices.Insert(block, i, n)
}

// know remembers an id. Those that have stood here and stand here no more are forgotten when the set has to grow.
func (s *shelf) know(id [16]byte) {
	if s.ids.full() {
		s.ids = newKnown(2 * s.ids.room)
		for _, block := range s.blocks {
			for i := range block {
				s.ids.add(block[i].id)
			}
		}
	}
	s.ids.add(id)
}

// remove takes out the spot that stands at a place.
func (s *shelf) remove(b, i int) {
	if s.blocks[b] = slices.Delete(s.blocks[b], i, i+1); len(s.blocks[b]) == 0 {
		s.blocks = slices.Delete(s.blocks, b, b+1)
	}
}

// put takes over spots, each id once, unless a later version is there. It costs some microseconds a spot, and once for all of
// them a walk through the shelf if one is no longer where it was.
func (s *shelf) put(all ...spot) {
	elsewhere := map[[16]byte]spot{}
	for _, n := range all {
		if len(s.blocks) > 0 {
			if b, i, found := s.place(&n); found {
				if old := &s.blocks[b][i]; old.givesWay(&n) {
					*old = n
				}
				continue
			}
		}
		if s.ids.mayHold(n.id) {
			elsewhere[n.id] = n
		} else {
			s.add(n)
		}
	}
	s.move(elsewhere)
}

// move takes over spots that may stand at other cells.
func (s *shelf) move(all map[[16]byte]spot) {
	if len(all) == 0 {
		return
	}
	var olds []spot
	for _, block := range s.blocks {
		for i := range block {
			if _, is := all[block[i].id]; is {
				olds = append(olds, block[i])
			}
		}
	}
	for i := range olds {
		old, n := &olds[i], all[olds[i].id]
		delete(all, old.id)
		switch b, at, _ := s.place(old); {
		case old.givesWay(&n):
			s.remove(b, at)
			s.add(n)
		}
	}
	for _, n := range all {
		s.add(n)
	}
}

// givesWay reports whether a later version, or one that cannot be told from this, takes the place of a spot.
func (s *spot) givesWay(to *spot) bool { return s.version < to.version || s.version == lastVersion }

// within calls f for each spot of a span of cells.
func (s *shelf) within(span geo.Span, f func(*spot)) {
	first := max(0, sort.Search(len(s.blocks), func(i int) bool { return s.blocks[i][0].cell >= span.From })-1)
	for b := first; b < len(s.blocks) && s.blocks[b][0].cell < span.Until; b++ {
		block := s.blocks[b]
		i := 0
		if block[0].cell < span.From {
			i = sort.Search(len(block), func(i int) bool { return block[i].cell >= span.From })
		}
		for ; i < len(block) && block[i].cell < span.Until; i++ {
			f(&block[i])
		}
	}
}

// bySpot orders spots as they are kept: by cell, then by id.
func bySpot(a, b *spot) int {
	return cmp.Or(cmp.Compare(a.cell, b.cell), bytes.Compare(a.id[:], b.id[:]))
}
