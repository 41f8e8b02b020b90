package merkle

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/bits"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/fault"
)

// Hash is a digest of 32 bytes.
type Hash [32]byte

// String returns the digest in standard base64, as checkpoints and proofs are written.
func (h Hash) String() string { return base64.StdEncoding.EncodeToString(h[:]) }

// ParseHash reads what String prints. It wraps [fault.ErrInvalid].
func ParseHash(s string) (h Hash, err error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != len(h) || base64.StdEncoding.EncodeToString(b) != s {
		return Hash{}, fmt.Errorf("%q is not a digest in base64: %w", s, fault.ErrInvalid)
	}
	return Hash(b), nil
}

// Algorithm is the hash function of a tree, under the name that checkpoints give it.
type Algorithm string

// The algorithms.
const (
	SM3    Algorithm = "SM3"     // GB/T 32905-2016
	SHA256 Algorithm = "SHA-256" // FIPS 180-4
)

// Known reports whether this version can compute by the algorithm.
func (a Algorithm) Known() bool { return a == SM3 || a == SHA256 }

func (a Algorithm) sum(b []byte) Hash {
	if a == SHA256 {
		return sha256.Sum256(b)
	}
	return sm3.Sum(b)
}

// Empty returns the root of a tree without leaves: the hash of nothing.
//
// Source: RFC 6962, section 2.1.
func (a Algorithm) Empty() Hash { return a.sum(nil) }

// Leaf returns H(0x00 ‖ data), the hash of a leaf.
//
// Source: RFC 6962, section 2.1.
func (a Algorithm) Leaf(data Hash) Hash {
	var b [33]byte
	copy(b[1:], data[:])
	return a.sum(b[:])
}

// Node returns H(0x01 ‖ left ‖ right), the hash of an inner node.
//
// Source: RFC 6962, section 2.1.
func (a Algorithm) Node(left, right Hash) Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return a.sum(b[:])
}

// NodeAt returns the hash of the complete subtree over the 2^level leaves from index·2^level on.
type NodeAt func(level int, index int64) (Hash, error)

// MaxSize is the largest tree: far more than a log will hold, and small enough that no sum overflows.
const MaxSize = 1 << 60

func checkSize(size int64) error {
	if size < 0 || size > MaxSize {
		return fmt.Errorf("a tree of %d leaves: %w", size, fault.ErrInvalid)
	}
	return nil
}

// subtree returns the root over the leaves from..until, which must be a subtree of an RFC 6962 tree: from is a multiple of
// the power of two that its size is rounded up to.
func (a Algorithm) subtree(from, until int64, at NodeAt) (Hash, error) {
	size := until - from
	if size&(size-1) == 0 {
		level := bits.TrailingZeros64(uint64(size))
		return at(level, from>>level)
	}
	k := split(size)
	left, err := a.subtree(from, from+k, at)
	if err != nil {
		return Hash{}, err
	}
	right, err := a.subtree(from+k, until, at)
	return a.Node(left, right), err
}

// split is the largest power of two smaller than n, for n > 1.
func split(n int64) int64 { return 1 << (bits.Len64(uint64(n-1)) - 1) }

// Root returns the root of the tree over the first size leaves, the hash of nothing for size 0. It asks for at most 60
// nodes and returns the first error of at.
func Root(a Algorithm, size int64, at NodeAt) (Hash, error) {
	if err := checkSize(size); err != nil || size == 0 {
		return a.Empty(), err
	}
	return a.subtree(0, size, at)
}

// Range adds leaves up to a root without keeping them: it remembers one node for each bit of its size. The zero
// Range with its Algorithm set is empty and ready.
type Range struct {
	Algorithm Algorithm
	size      int64
	nodes     []Hash // of complete subtrees, the largest first
}

// Add appends a leaf by its data, such as the leaf of a [ledger.Entry].
func (r *Range) Add(data Hash) { r.AddHash(r.Algorithm.Leaf(data)) }

// AddHash appends a leaf by its hash, as [Algorithm.Leaf] gives it.
func (r *Range) AddHash(h Hash) {
	for n := r.size; n&1 == 1; n >>= 1 {
		last := len(r.nodes) - 1
		h = r.Algorithm.Node(r.nodes[last], h)
		r.nodes = r.nodes[:last]
	}
	r.nodes = append(r.nodes, h)
	r.size++
}

// Root returns the root over the leaves so far.
func (r *Range) Root() Hash {
	if r.size == 0 {
		return r.Algorithm.Empty()
	}
	h := r.nodes[len(r.nodes)-1]
	for i := len(r.nodes) - 2; i >= 0; i-- {
		h = r.Algorithm.Node(r.nodes[i], h)
	}
	return h
}
