package atlas

import (
	"bytes"
	"slices"
	"sort"

	"bihuan/ground/geo"
)

// shelf is all spots: most of them in the order of their cells, the newest beside them in no order.
type shelf struct {
	base  []spot
	byID  []int32 // positions in base, in the order of ids
	fresh []spot
	at    map[[16]byte]int32 // positions in fresh
}

// mostFresh is how many spots stand beside the others before all are put in order; every tile looks at each of them.
const mostFresh = 8192

// newShelf returns a shelf of spots that come in the order of their ids, each once. It keeps the slice.
func newShelf(spots []spot) *shelf {
	s := &shelf{base: spots, at: map[[16]byte]int32{}}
	slices.SortFunc(s.base, func(a, b spot) int { return bySpot(&a, &b) })
	s.byID = make([]int32, len(s.base))
	for i := range s.byID {
		s.byID[i] = int32(i)
	}
	slices.SortFunc(s.byID, func(a, b int32) int { return bytes.Compare(s.base[a].id[:], s.base[b].id[:]) })
	return s
}

// find returns the spot of an id, nil if there is none.
func (s *shelf) find(id [16]byte) *spot {
	if i, ok := s.at[id]; ok {
		return &s.fresh[i]
	}
	n, ok := sort.Find(len(s.byID), func(i int) int { return bytes.Compare(id[:], s.base[s.byID[i]].id[:]) })
	if !ok {
		return nil
	}
	return &s.base[s.byID[n]]
}

// put takes over a spot unless a later version is there.
func (s *shelf) put(n spot) {
	old := s.find(n.id)
	switch {
	case old != nil && old.version >= n.version && old.version != lastVersion:
		return
	case old != nil && (old.cell == n.cell || n.flags&isGone != 0):
		n.cell = old.cell // so that it stays in its place also when it has none any more
		*old = n
		return
	}
	if i, ok := s.at[n.id]; ok {
		s.fresh[i] = n
		return
	}
	if old != nil {
		old.flags |= isGone
		old.version = n.version
	}
	s.at[n.id] = int32(len(s.fresh))
	s.fresh = append(s.fresh, n)
	if len(s.fresh) > mostFresh {
		s.settle()
	}
}

// settle puts the fresh spots in order among the others.
func (s *shelf) settle() {
	all := make([]spot, 0, len(s.base)+len(s.fresh))
	slices.SortFunc(s.fresh, func(a, b spot) int { return bySpot(&a, &b) })
	i, j := 0, 0
	for i < len(s.base) || j < len(s.fresh) {
		switch {
		case j == len(s.fresh) || i < len(s.base) && bySpot(&s.base[i], &s.fresh[j]) < 0:
			if _, moved := s.at[s.base[i].id]; !moved { // a gone one that has not moved is kept: it may come back
				all = append(all, s.base[i])
			}
			i++
		default:
			all = append(all, s.fresh[j])
			j++
		}
	}
	*s = *newShelf(all)
}

// within calls f for each spot of a span of cells.
func (s *shelf) within(span geo.Span, f func(*spot)) {
	from := sort.Search(len(s.base), func(i int) bool { return s.base[i].cell >= span.From })
	for i := from; i < len(s.base) && s.base[i].cell < span.Until; i++ {
		f(&s.base[i])
	}
	for i := range s.fresh {
		if c := s.fresh[i].cell; span.From <= c && c < span.Until {
			f(&s.fresh[i])
		}
	}
}
