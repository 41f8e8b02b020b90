package atlas

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// TestASpotHasNoEmptyBytes: a million matters take a million times as many, and a field more is to be weighed by that.
func TestASpotHasNoEmptyBytes(t *testing.T) {
	var s spot
	fields := unsafe.Sizeof(s.id) + unsafe.Sizeof(s.cell) + unsafe.Sizeof(s.opened) + unsafe.Sizeof(s.due) + unsafe.Sizeof(s.yellow) + unsafe.Sizeof(s.standing) +
		unsafe.Sizeof(s.hands) + unsafe.Sizeof(s.lies) + unsafe.Sizeof(s.version)
	if size := unsafe.Sizeof(s); size != 48 || size != fields {
		t.Errorf("a spot takes %d bytes, its fields %d, want 48", size, fields)
	}
}

// TestPlacesRunShort: when numbers run short the grid is left out, and when there are none nothing is known; what has one keeps it.
func TestPlacesRunShort(t *testing.T) {
	p := places{most: 16}
	numbers := map[place]uint16{}
	for area := range 5 {
		for grid := range 5 {
			v := place{fmt.Sprint("area ", area), fmt.Sprint("grid ", grid)}
			numbers[v] = p.number(v)
		}
	}
	whole, halved, lost := 0, 0, 0
	for v, n := range numbers {
		switch at := p.list[n]; at {
		case v:
			whole++
		case place{area: v.area}:
			halved++
		case place{}:
			lost++
		default:
			t.Errorf("%v has the number of %v", v, at)
		}
	}
	// 14 numbers are for any place, one of them for none; area 2 was begun and keeps a number without a grid, area 3 too; area 4 finds none.
	if whole != 13 || halved != 7 || lost != 5 || len(p.list) != 16 {
		t.Errorf("of 25 places %d stand whole, %d without their grid and %d nowhere, in %d numbers; want 13, 7, 5 in 16", whole, halved, lost, len(p.list))
	}
	if v := (place{"area 0", "grid 3"}); p.number(v) != numbers[v] {
		t.Errorf("%v has another number later", v)
	}
	if n := (&places{}).number(place{}); n != 0 {
		t.Errorf("the empty place has number %d", n)
	}
}

// TestSetsHaveOneNumberEach, whatever their order, and are what was numbered; those that no spot has are forgotten.
func TestSetsHaveOneNumberEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s sets
		numbers, shelf := map[string]uint32{}, newShelf(4)
		have := map[[16]byte]string{}
		for i, of := range rapid.SliceOfN(rapid.SliceOfN(rapid.Uint32Range(0, 400), 0, 6), 1, 300).Draw(t, "sets") {
			n := s.number(slices.Clone(of))
			slices.Sort(of)
			of = slices.Compact(of)
			key := fmt.Sprint(of)
			if was, ok := numbers[key]; ok && was != n {
				t.Fatalf("%v has number %d and %d", of, was, n)
			}
			numbers[key] = n
			if got := unfold(s.of(n)); !slices.Equal(got, of) {
				t.Fatalf("%v came back as %v", of, got)
			}
			if i%3 == 0 {
				sp := spot{cell: geo.Cell(i % 7), hands: n}
				binary.BigEndian.PutUint32(sp.id[:], uint32(i))
				have[sp.id] = key
				shelf.add(sp)
			}
		}
		if len(s.ends) != len(numbers) {
			t.Fatalf("%d sets have %d numbers", len(numbers), len(s.ends))
		}
		s.forget(shelf)
		left := map[string]bool{}
		for _, block := range shelf.blocks {
			for _, sp := range block {
				key := fmt.Sprint(unfold(s.of(sp.hands)))
				if left[key] = true; key != have[sp.id] {
					t.Fatalf("a spot had %s and has %s", have[sp.id], key)
				}
			}
		}
		if len(s.ends) != len(left) {
			t.Fatalf("%d sets are kept, spots have %d", len(s.ends), len(left))
		}
		if n := s.number([]uint32{401}); int(n) != len(left) {
			t.Fatalf("a new set has number %d behind %d", n, len(left))
		}
	})
}

func unfold(set []byte) (all []uint32) {
	for len(set) > 0 {
		n, size := binary.Uvarint(set)
		all, set = append(all, uint32(n)), set[size:]
	}
	return all
}

// TestTheMapForgetsWhoHasNoPartAnyMore: people come to matters and go for as long as the process runs.
func TestTheMapForgetsWhoHasNoPartAnyMore(t *testing.T) {
	r := &Room{shelf: newShelf(perBlock)}
	row := func(person string) *journal.Row {
		return &journal.Row{Stream: idAt(1), Place: geo.Point{Lng: 125.4, Lat: 43.86}, Facets: []journal.Facet{{Name: journal.Took, Text: person}}}
	}
	for i := range someMore {
		if _, ok := r.book.spot(row(fmt.Sprint("p", i)), int64(i)); !ok {
			t.Fatal("no spot")
		}
	}
	hear := func(person string, version int64) {
		r.heard = map[name.ID]heard{idAt(1): {row(person), version}}
		r.take()
	}
	hear("p0", someMore)
	if n := len(r.book.hands.ends); n != someMore {
		t.Errorf("%d sets are kept before it is time to forget, want %d", n, someMore)
	}
	hear("the last", someMore+1)
	if n := len(r.book.hands.ends); n != 1 {
		t.Errorf("%d sets are kept, one matter is there", n)
	}
	seen := 0
	v := r.book.sieve(&Ask{}, journal.Scope{Took: []name.Person{"the last"}}, 0)
	r.shelf.within(geo.Span{Until: 1 << 62}, func(s *spot) {
		if _, ok := v.shows(s); ok {
			seen++
		}
	})
	if seen != 1 {
		t.Errorf("who took part sees %d matters, want 1", seen)
	}
}
