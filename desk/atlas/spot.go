package atlas

import (
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// spot is what tiles ask of a matter.
type spot struct {
	id       [16]byte // of its stream, without the district
	cell     geo.Cell
	opened   uint32 // seconds
	due      uint32 // seconds, 0 none
	yellow   uint32 // seconds, 0 none
	involved uint32 // number of the set of units that assist or set it
	took     uint32 // number of the set of persons who took part
	version  uint16 // of its row; the greatest stands for all beyond
	kind     word
	state    word
	unit     word
	person   word
	class    word
	area     word
	grid     word
	flags    uint8
}

// What the flags of a spot say; the light that was given stands in the bits from lightShift on.
const (
	isOpen uint8 = 1 << iota
	isPublic
	isGone     // another spot has taken its place
	lightShift = 4
)

// shade is how a matter is shown: by its light while it is open.
type shade uint8

// The shades.
const (
	Red shade = iota
	Yellow
	Green
	Grey
	Plain // open, without a clock
	Done
	shades
)

// Shades are the names of the shades, in their order, as tiles have them.
var Shades = [...]string{"red", "yellow", "green", "grey", "plain", "done"}

func shadeOf(light string) shade {
	if i := slices.Index(Shades[:], light); i >= 0 {
		return shade(i)
	}
	return Plain
}

// shade is that of [journal.Row.LightAt] at now, in seconds.
func (s *spot) shade(now uint32) shade {
	switch {
	case s.flags&isOpen == 0:
		return Done
	case s.due == 0:
		return shade(s.flags >> lightShift)
	case now >= s.due:
		return Red
	case s.yellow != 0 && now >= s.yellow:
		return Yellow
	}
	return Green
}

// seconds returns an instant in whole seconds, so that what comes after it in µs comes after it in seconds; 0 stays 0.
// What is later than 2106 is as late as that.
func seconds(micros int64) uint32 {
	s := max(0, micros) / 1_000_000
	if micros > s*1_000_000 {
		s++
	}
	return uint32(min(s, math.MaxUint32))
}

// lastVersion is the greatest that a spot tells from others.
const lastVersion = 1<<16 - 1

// word is the number of a text; see words.
type word uint16

// words numbers texts from 1; 0 is the empty text. What comes when all numbers are given away is unknown, which is equal to
// nothing that can be asked for.
type words struct {
	at   map[string]word
	list []string
}

const unknown = ^word(0)

func (w *words) number(s string) word {
	if s == "" {
		return 0
	}
	if n, ok := w.at[s]; ok {
		return n
	}
	if len(w.list) >= int(unknown)-1 {
		return unknown
	}
	if w.at == nil {
		w.at = map[string]word{}
	}
	s = strings.Clone(s)
	w.list = append(w.list, s)
	w.at[s] = word(len(w.list))
	return word(len(w.list))
}

// among returns, by number, which words are among some; nil if there are none, which narrows to nothing.
func among[T ~string](w *words, some []T) []bool {
	in := make([]bool, len(w.list)+1)
	for _, s := range some {
		if s == "" {
			in[0] = true
		} else if n, ok := w.at[string(s)]; ok {
			in[n] = true
		}
	}
	return in
}

func has(in []bool, n word) bool { return int(n) < len(in) && in[n] }

func isOf(in []bool, set uint32) bool { return int(set) < len(in) && in[set] }

// sets numbers sets of units, or of persons; 0 is the empty one.
type sets struct {
	at   map[string]uint32
	list [][]word
}

func (s *sets) number(of []word) uint32 {
	if len(of) == 0 {
		return 0
	}
	slices.Sort(of)
	key := make([]byte, 0, 2*len(of))
	for _, w := range of {
		key = append(key, byte(w), byte(w>>8))
	}
	if n, ok := s.at[string(key)]; ok {
		return n
	}
	if s.at == nil {
		s.at = map[string]uint32{}
	}
	s.list = append(s.list, slices.Clone(of))
	s.at[string(key)] = uint32(len(s.list))
	return uint32(len(s.list))
}

// meeting returns, by number, which sets have one of some.
func (s *sets) meeting(some []bool) []bool {
	in := make([]bool, len(s.list)+1)
	for i, set := range s.list {
		in[i+1] = slices.ContainsFunc(set, func(w word) bool { return has(some, w) })
	}
	return in
}

// book is the words of all spots.
type book struct {
	kinds, states, units, persons, classes, areas, grids words
	involved, took                                       sets
}

// What stands before a unit that set the task, and before one with an order about it, among the units of a set.
const (
	setBy     = "set:"
	supervise = "supervise:"
)

// classFacet is the facet that tells the class of a matter, in every pack that has one.
const classFacet = "class"

// spot returns what is kept of a row; ok is false for an id that is none of ours.
func (b *book) spot(r *journal.Row, version int64) (s spot, ok bool) {
	if s.id, ok = idOf(r.Stream); !ok {
		return s, false
	}
	s.cell, s.version, s.area = r.Place.Cell(), uint16(min(version, lastVersion)), b.areas.number(r.Area)
	s.opened, s.due, s.yellow = seconds(r.Opened), seconds(r.Due), seconds(r.Yellow)
	s.kind, s.state, s.unit, s.person = b.kinds.number(r.Kind), b.states.number(r.State), b.units.number(string(r.Unit)), b.persons.number(string(r.Person))
	var units, persons []word
	for _, f := range r.Facets {
		switch f.Name {
		case classFacet:
			s.class = b.classes.number(f.Text)
		case journal.Involved:
			units = append(units, b.units.number(f.Text))
		case journal.Issuer:
			units = append(units, b.units.number(setBy+f.Text))
		case journal.Supervisor:
			units = append(units, b.units.number(supervise+f.Text))
		case journal.Took:
			persons = append(persons, b.persons.number(f.Text))
		case journal.Lies:
			s.grid = b.grids.number(f.Text)
		}
	}
	s.involved, s.took = b.involved.number(units), b.took.number(persons)
	s.flags = uint8(shadeOf(r.Light)) << lightShift
	if r.Open {
		s.flags |= isOpen
	}
	if r.Public {
		s.flags |= isPublic
	}
	if r.Place.IsZero() {
		s.flags |= isGone
	}
	return s, true
}

// idOf returns the UUID of a stream's id.
func idOf(stream name.ID) (id [16]byte, ok bool) {
	_, text, _ := strings.Cut(string(stream), "-")
	text = strings.ReplaceAll(text, "-", "")
	if len(text) != 32 {
		return id, false
	}
	_, err := hex.Decode(id[:], []byte(text))
	return id, err == nil
}
