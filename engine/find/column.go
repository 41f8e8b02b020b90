package find

import "math"

// column has a small number for each document: in a byte each while none is larger, as of most traits, which have some hundred texts at the
// most, and in two from then on.
type column struct {
	narrow []uint8
	wide   []uint16 // once there is a number that no byte holds; narrow is then empty
}

// of returns the number of a document that there is room for.
func (c *column) of(id uint32) uint16 {
	if c.wide != nil {
		return c.wide[id]
	}
	return uint16(c.narrow[id])
}

// set writes the number of a document that there is room for.
func (c *column) set(id uint32, n uint16) {
	if c.wide == nil && n > math.MaxUint8 {
		c.widen()
	}
	if c.wide != nil {
		c.wide[id] = n
	} else {
		c.narrow[id] = uint8(n)
	}
}

func (c *column) widen() {
	c.wide = make([]uint16, len(c.narrow), cap(c.narrow))
	for i, n := range c.narrow {
		c.wide[i] = uint16(n)
	}
	c.narrow = nil
}

// move makes room for so many documents in all.
func (c *column) move(room int) {
	if c.wide != nil {
		c.wide = roomy(c.wide, room)
	} else {
		c.narrow = roomy(c.narrow, room)
	}
}

// grow gives the documents below n a number, 0 where they have none; there is room for them.
func (c *column) grow(n int) {
	if c.wide != nil {
		c.wide = c.wide[:n]
	} else {
		c.narrow = c.narrow[:n]
	}
}

// size is how many bytes of memory there are.
func (c *column) size() int { return cap(c.narrow) + 2*cap(c.wide) }
