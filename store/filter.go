package store

import (
	"math/bits"
	"sync/atomic"
)

// filter tells of most numbers that were never added that they were not: a Bloom filter whose bits for a number lie in one
// line of the processor's cache, one in each of eight words. With keyBits bits a number it is wrong about one in a thousand of the others.
// It may be added to and asked at once.
type filter struct {
	words    []uint64
	capacity int64
}

const keyBits = 16

// newFilter makes a filter for so many numbers. One that holds more is wrong more often.
func newFilter(capacity int64) *filter {
	return &filter{make([]uint64, 8*(capacity*keyBits/512+1)), capacity}
}

// salts are odd and otherwise without pattern: the fractions of the square roots of the primes 2 to 19.
var salts = [8]uint64{0x6a09e667f3bcc909, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
	0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179}

// of returns the eight words of a number, and the number from which its bits in them are made.
func (f *filter) of(n int64) (block []uint64, mixed uint64) {
	mixed = uint64(n) * 0x9e3779b97f4a7c15
	at, _ := bits.Mul64(mixed, uint64(len(f.words)/8))
	return f.words[8*at : 8*at+8], mixed ^ mixed>>32
}

func (f *filter) add(n int64) {
	block, mixed := f.of(n)
	for i := range block {
		atomic.OrUint64(&block[i], 1<<(mixed*salts[i]>>58))
	}
}

// has reports whether a number may have been added; false is certain.
func (f *filter) has(n int64) bool {
	block, mixed := f.of(n)
	for i := range block {
		if atomic.LoadUint64(&block[i])&(1<<(mixed*salts[i]>>58)) == 0 {
			return false
		}
	}
	return true
}
