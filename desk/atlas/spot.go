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

// spot is what tiles ask of a matter: what it has for itself, and the numbers of what it has like others, which stand in the
// [book]. 48 bytes, and none of them empty.
type spot struct {
	id       [16]byte // of its stream, without the district
	cell     geo.Cell
	opened   uint32 // seconds
	due      uint32 // seconds, 0 none
	yellow   uint32 // seconds, 0 none
	standing uint32 // number
	hands    uint32 // number of the set of parts that somebody has in it
	lies     uint16 // number of its place
	version  uint16 // of its row; the greatest stands for all beyond
}

// nowhere is the cell of what has no place, before all others: no part of the map meets it.
const nowhere geo.Cell = -1

// standing is what a matter is and how it stands, but for clocks.
type standing struct {
	kind, state, class string
	flags              uint8
}

// What the flags of a standing say; the light of what is open and has no due time stands in the bits from lightShift on.
const (
	isOpen uint8 = 1 << iota
	isPublic
	isAsked    // what a sieve found: it is asked for
	isKnown    // what a sieve found: it was looked at
	lightShift = 4
)

// part is the part that somebody has in a matter.
type part struct {
	as  role
	who string // a unit or a person
}

type role uint8

// The roles.
const (
	holds      role = iota // the unit that has it
	named                  // the person who has it
	assists                // a unit that has a part besides
	issued                 // the unit that set the task
	supervises             // a unit with an order about it
	took                   // a person who took part
)

// place is where a matter lies by codes.
type place struct{ area, grid string }

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

// shade is that of [journal.Row.LightAt] at now, in seconds, for a spot whose standing has these flags.
func (s *spot) shade(flags uint8, now uint32) shade {
	switch {
	case flags&isOpen == 0:
		return Done
	case s.due == 0:
		return shade(flags >> lightShift)
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

// classFacet is the facet that tells the class of a matter, in every pack that has one.
const classFacet = "class"

// spot returns what is kept of a row; ok is false for an id that is none of ours.
func (b *book) spot(r *journal.Row, version int64) (s spot, ok bool) {
	if s.id, ok = idOf(r.Stream); !ok {
		return s, false
	}
	s.version, s.opened, s.due, s.yellow = uint16(min(version, lastVersion)), seconds(r.Opened), seconds(r.Due), seconds(r.Yellow)
	what, where := standing{kind: r.Kind, state: r.State}, place{area: r.Area}
	parts := b.setOf[:0]
	add := func(as role, who string) { parts = append(parts, b.parts.number(part{as, who}, part.clone)) }
	add(holds, string(r.Unit))
	add(named, string(r.Person))
	for _, f := range r.Facets {
		switch f.Name {
		case classFacet:
			what.class = f.Text
		case journal.Involved:
			add(assists, f.Text)
		case journal.Issuer:
			add(issued, f.Text)
		case journal.Supervisor:
			add(supervises, f.Text)
		case journal.Took:
			add(took, f.Text)
		case journal.Lies:
			where.grid = f.Text
		}
	}
	what.flags = flagsOf(r)
	if s.cell = r.Place.Cell(); r.Place.IsZero() {
		s.cell = nowhere
	}
	s.standing, s.lies, s.hands = b.standings.number(what, standing.clone), b.places.number(where), b.hands.number(parts)
	b.setOf = parts
	return s, true
}

func flagsOf(r *journal.Row) (flags uint8) {
	if r.Open {
		flags |= isOpen
		if r.Due == 0 {
			flags |= uint8(shadeOf(r.Light)) << lightShift
		}
	}
	if r.Public {
		flags |= isPublic
	}
	return flags
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
