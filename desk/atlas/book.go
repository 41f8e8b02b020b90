package atlas

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"strings"
)

// book is what spots have by numbers.
type book struct {
	standings numbers[standing]
	places    places
	parts     numbers[part]
	hands     sets

	setOf []uint32 // the parts of one row, used again
}

// numbers gives each value a number, from 0 on in the order in which they come.
type numbers[T comparable] struct {
	at   map[T]uint32
	list []T
}

// number returns the number of a value; clone makes of a new one what is kept.
func (n *numbers[T]) number(v T, clone func(T) T) uint32 {
	if i, ok := n.at[v]; ok {
		return i
	}
	if n.at == nil {
		n.at = map[T]uint32{}
	}
	v, i := clone(v), uint32(len(n.list))
	n.at[v], n.list = i, append(n.list, v)
	return i
}

// clone returns the value in memory of its own: the row that it is from is not kept.
func (s standing) clone() standing {
	s.kind, s.state, s.class = strings.Clone(s.kind), strings.Clone(s.state), strings.Clone(s.class)
	return s
}

func (p part) clone() part   { return part{p.as, strings.Clone(p.who)} }
func (p place) clone() place { return place{strings.Clone(p.area), strings.Clone(p.grid)} }

// places numbers places, 0 is the one that nothing is known of. When numbers run short the grid is left out, so that it is still
// known in which area a matter lies; what comes when none is left lies in none that anybody can ask for.
type places struct {
	numbers[place]
	most int // numbers; 0 is as many as a spot can tell apart
}

// forAreas is the share of the numbers of places, one in so many, that is kept for areas without a grid.
const forAreas = 8

func (p *places) number(v place) uint16 {
	if len(p.list) == 0 {
		p.numbers.number(place{}, place.clone)
	}
	most := p.most
	if most == 0 {
		most = math.MaxUint16 + 1
	}
	if i, ok := p.at[v]; ok {
		return uint16(i)
	}
	if len(p.list) >= most-most/forAreas {
		v.grid = ""
	}
	if _, ok := p.at[v]; !ok && len(p.list) >= most {
		v = place{}
	}
	return uint16(p.numbers.number(v, place.clone))
}

// sets numbers sets of numbers, from 0 on. They stand one behind the other as bytes, without a pointer, for as many as there are
// matters may differ: 20 bytes for a set of six.
type sets struct {
	bytes []byte   // the sets, each its numbers ascending, as [binary.Uvarint] reads them
	ends  []uint32 // where each ends
	slots []uint32 // by hash, its number and one more; 0 is free. A power of two, at most three quarters taken
	seed  maphash.Seed
	began int // how many they were when those that nobody has were forgotten
}

// of returns a set.
func (s *sets) of(n uint32) []byte {
	from := uint32(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	return s.bytes[from:s.ends[n]]
}

// number returns the number of a set, whose order it changes.
func (s *sets) number(of []uint32) uint32 {
	slices.Sort(of)
	var room [64]byte
	b := room[:0]
	for _, n := range slices.Compact(of) {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return s.add(b)
}

func (s *sets) add(set []byte) uint32 {
	if 4*len(s.ends) >= 3*len(s.slots) {
		s.grow()
	}
	at := s.slot(set)
	if s.slots[at] == 0 {
		s.bytes = append(s.bytes, set...)
		s.ends = append(s.ends, uint32(len(s.bytes)))
		s.slots[at] = uint32(len(s.ends))
	}
	return s.slots[at] - 1
}

// slot returns where the number of a set stands or belongs.
func (s *sets) slot(set []byte) uint64 {
	last := uint64(len(s.slots) - 1)
	at := maphash.Bytes(s.seed, set) & last
	for s.slots[at] != 0 && string(s.of(s.slots[at]-1)) != string(set) {
		at = (at + 1) & last
	}
	return at
}

func (s *sets) grow() {
	if s.slots == nil {
		s.seed = maphash.MakeSeed()
	}
	s.slots = make([]uint32, max(64, 2*len(s.slots)))
	for n := range s.ends {
		s.slots[s.slot(s.of(uint32(n)))] = uint32(n) + 1
	}
}

// someMore is how many sets may come in any case before those that nobody has are forgotten.
const someMore = 1 << 16

// many reports whether so many sets have come that it is time to forget: whoever takes part in a matter makes another set of it, and a
// process runs for months.
func (s *sets) many() bool { return len(s.ends) > 2*s.began+someMore }

// forget gives up the sets that no spot of a shelf has. The others get other numbers.
func (s *sets) forget(shelf *shelf) {
	kept, now := sets{}, make([]uint32, len(s.ends)) // by old number, the new one and one more
	for _, block := range shelf.blocks {
		for i := range block {
			n := &now[block[i].hands]
			if *n == 0 {
				*n = kept.add(s.of(block[i].hands)) + 1
			}
			block[i].hands = *n - 1
		}
	}
	kept.began = len(kept.ends)
	*s = kept
}

// meeting tells which sets have one of some numbers, looking at each set once.
type meeting struct {
	sets  *sets
	some  []bool  // by number
	known []uint8 // by set
}

// What is known of a set.
const (
	meets uint8 = iota + 1
	differs
)

// meeting returns the one of what is among some of the numbers; nil if none is.
func (s *sets) meeting(some []bool) *meeting {
	if !slices.Contains(some, true) {
		return nil
	}
	return &meeting{sets: s, some: some, known: make([]uint8, len(s.ends))}
}

func (m *meeting) has(set uint32) bool {
	if m == nil {
		return false
	}
	if m.known[set] == 0 {
		m.known[set] = m.look(set)
	}
	return m.known[set] == meets
}

func (m *meeting) look(set uint32) uint8 {
	for b := m.sets.of(set); len(b) > 0; {
		n, size := binary.Uvarint(b)
		if m.some[n] {
			return meets
		}
		b = b[size:]
	}
	return differs
}
