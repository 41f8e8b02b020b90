package find

import (
	"encoding/binary"
	"fmt"
	"math"

	"bihuan/ground/fault"
)

// Traits is how many traits a document has: short texts by which finds are narrowed and counted, such as kind, state and unit.
const Traits = 8

// Document is what is taken into an index. One that has neither head nor body is found no longer, whatever it held before.
type Document struct {
	ID     uint32 // dense: memory is used for every number below the highest
	Head   string // title and key: what stands here weighs more
	Body   string
	At     int64 // µs, for narrowing by time; kept to the minute
	Traits [Traits]string
	Keys   []string // further texts that finds are narrowed by, any number of them in all documents; see [Key]
}

const minute = 60_000_000

// none is the slot of a document that no part holds.
const none = math.MaxUint8

// cards keep what must be at hand of every document, by number.
type cards struct {
	slot   []uint8  // of the part that holds it
	length []uint16 // characters, at most 65535
	at     []int32  // minutes since 1970
	traits [Traits]column
	keys   [Traits][]string // the texts of a trait, by number; the first is empty
	ids    [Traits]map[string]uint16
	live   int   // documents that a part holds
	total  int64 // characters of those
}

// grow makes room for the numbers below n: at once for many, so that nothing is copied again and again and little is spare.
func (c *cards) grow(n int) {
	if n <= len(c.slot) {
		return
	}
	if n > cap(c.slot) {
		room := n + n/spare
		c.slot, c.length, c.at = roomy(c.slot, room), roomy(c.length, room), roomy(c.at, room)
		for i := range c.traits {
			c.traits[i].move(room)
		}
	}
	for i := len(c.slot); i < n; i++ {
		c.slot = append(c.slot, none)
	}
	c.length, c.at = c.length[:n], c.at[:n]
	for i := range c.traits {
		c.traits[i].grow(n)
	}
}

// spare is the part of all documents that there is room for besides, so that one more does not move the others.
const spare = 16

func roomy[T any](s []T, room int) []T {
	return append(make([]T, 0, room), s...)
}

// set writes a document's card. It wraps [fault.ErrInvalid] where a trait has more than 65,535 texts.
func (c *cards) set(id uint32, slot uint8, length uint32, at int64, traits *[Traits]string) (err error) {
	var numbers [Traits]uint16
	for i, text := range traits {
		if numbers[i], err = c.number(i, text); err != nil {
			return err
		}
	}
	c.grow(int(id) + 1)
	c.put(id, slot, uint16(min(length, math.MaxUint16)), minutes(at/minute), &numbers)
	return nil
}

// put writes a card that there is room for.
func (c *cards) put(id uint32, slot uint8, length uint16, at int32, traits *[Traits]uint16) {
	c.drop(id)
	c.slot[id], c.length[id], c.at[id] = slot, length, at
	if slot != none && length > 0 {
		c.live++
		c.total += int64(length)
	}
	for i, n := range traits {
		c.traits[i].set(id, n)
	}
}

// drop takes a document out of the sums.
func (c *cards) drop(id uint32) {
	if c.slot[id] != none && c.length[id] > 0 {
		c.live--
		c.total -= int64(c.length[id])
	}
}

func (c *cards) number(trait int, text string) (uint16, error) {
	if c.ids[trait] == nil {
		c.ids[trait] = map[string]uint16{"": 0}
		c.keys[trait] = []string{""}
	}
	n, ok := c.ids[trait][text]
	if !ok {
		if len(c.keys[trait]) > math.MaxUint16 {
			return 0, fmt.Errorf("trait %d has more than %d texts: %w", trait, math.MaxUint16, fault.ErrInvalid)
		}
		n = uint16(len(c.keys[trait]))
		c.ids[trait][text] = n
		c.keys[trait] = append(c.keys[trait], text)
	}
	return n, nil
}

// pack writes the cards of documents, which rise, so that another index reads them: the texts of each trait, then the documents.
func (c *cards) pack(ids []uint32) []byte {
	var b []byte
	var local [Traits]map[uint16]uint64
	for i := range local {
		local[i] = map[uint16]uint64{}
		var used []string
		for _, id := range ids {
			n := c.traits[i].of(id)
			if _, ok := local[i][n]; !ok {
				local[i][n] = uint64(len(used))
				used = append(used, c.keys[i][n])
			}
		}
		b = binary.AppendUvarint(b, uint64(len(used)))
		for _, s := range used {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(ids)))
	last, at := int64(-1), int64(0)
	for _, id := range ids {
		b = binary.AppendUvarint(b, uint64(int64(id)-last))
		b = binary.AppendUvarint(b, uint64(c.length[id]))
		b = binary.AppendVarint(b, int64(c.at[id])-at)
		last, at = int64(id), int64(c.at[id])
		for i := range c.traits {
			b = binary.AppendUvarint(b, local[i][c.traits[i].of(id)])
		}
	}
	return b
}

// unpack reads what pack wrote into a slot, and returns how many documents there are.
func (c *cards) unpack(b []byte, slot uint8) (n int, err error) {
	r := cardReader{b: b}
	var numbers [Traits][]uint16 // here, by the number that a text has in b
	for i := range numbers {
		for range r.count() {
			here, err := c.number(i, r.text())
			if err != nil {
				return 0, err
			}
			numbers[i] = append(numbers[i], here)
		}
	}
	count := r.count()
	if !r.bad && count <= len(b) { // a card takes more than a byte
		c.grow(count) // there are that many at least, and seldom many more
	}
	last, at := int64(-1), int64(0)
	for range count {
		last += int64(r.number())
		length := uint16(min(r.number(), math.MaxUint16))
		at += r.signed()
		var traits [Traits]uint16
		for i := range traits {
			if k := r.number(); k < uint64(len(numbers[i])) {
				traits[i] = numbers[i][k]
			} else {
				r.bad = true
			}
		}
		if r.bad || last < 0 || last >= maxID {
			return n, fmt.Errorf("cards of a part cannot be read: %w", fault.ErrInvalid)
		}
		c.grow(int(last) + 1)
		c.put(uint32(last), slot, length, minutes(at), &traits)
		n++
	}
	if r.bad {
		return n, fmt.Errorf("cards of a part cannot be read: %w", fault.ErrInvalid)
	}
	return n, nil
}

// maxID bounds the numbers of documents: from it on a card is damaged, not large.
const maxID = 1 << 24

type cardReader struct {
	b   []byte
	bad bool
}

func (r *cardReader) number() uint64 {
	v, n := uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *cardReader) signed() int64 {
	u := r.number()
	return int64(u>>1) ^ -int64(u&1)
}

// count is a number of things that follow: never more than there are bytes left.
func (r *cardReader) count() int {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *cardReader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
