package atlas

import "hash/maphash"

// known is a set of ids that never denies one it holds, and takes one in four hundred for its own that it does not hold: a
// filter of Bloom, of sixteen bits and four looks an id.
type known struct {
	bits []uint64
	room int // how many ids it is made for
	n    int
	seed maphash.Seed
}

// newKnown returns a set for so many ids, a power of two from 4 on.
func newKnown(room int) known {
	return known{bits: make([]uint64, room/4), room: room, seed: maphash.MakeSeed()}
}

func (k *known) full() bool { return k.n >= k.room }

func (k *known) add(id [16]byte) {
	k.n++
	for bit, step, looks := k.looks(id); looks > 0; looks-- {
		k.bits[bit/64%uint64(len(k.bits))] |= 1 << (bit % 64)
		bit += step
	}
}

func (k *known) mayHold(id [16]byte) bool {
	if k.n == 0 {
		return false
	}
	for bit, step, looks := k.looks(id); looks > 0; looks-- {
		if k.bits[bit/64%uint64(len(k.bits))]&(1<<(bit%64)) == 0 {
			return false
		}
		bit += step
	}
	return true
}

// looks returns the first bit of an id, by how much the next ones are further, and how many they are.
func (k *known) looks(id [16]byte) (bit, step uint64, n int) {
	h := maphash.Bytes(k.seed, id[:])
	return h, h>>32 | 1, 4
}
