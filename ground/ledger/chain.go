package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Suite names the algorithms of a record. Its number stands in the record, so that one log
// can change its algorithms without breaking what is older.
type Suite uint16

// The suites.
const (
	SM3    Suite = 1 // GB/T 32905-2016
	SHA256 Suite = 2 // FIPS 180-4
)

// New returns the suite's hash function, or nil for a suite that this version does not know.
func (s Suite) New() hash.Hash {
	switch s {
	case SM3:
		return sm3.New()
	case SHA256:
		return sha256.New()
	}
	return nil
}

// Known reports whether this version can compute by the suite.
func (s Suite) Known() bool { return s == SM3 || s == SHA256 }

// Hash is a digest of 32 bytes, the size of every suite so far.
type Hash [32]byte

// String returns the digest in lower-case hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String prints. It wraps [fault.ErrInvalid].
func ParseHash(s string) (Hash, error) {
	var h Hash
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return Hash{}, fmt.Errorf("%q is not a digest of 64 hexadecimal digits: %w", s, fault.ErrInvalid)
	}
	copy(h[:], b)
	return h, nil
}

// Chainer computes leaves and heads. It keeps buffers, so it serves one goroutine at a time;
// the zero value is ready.
type Chainer struct {
	suite Suite
	h     hash.Hash
	buf   []byte
}

// Leaf returns H("bihuan/leaf/1" ‖ suite ‖ salt ‖ canonical event), the suite as two bytes big-endian.
// It returns the zero Hash for an unknown suite, which no real leaf can be.
func (c *Chainer) Leaf(e *Event) Hash {
	c.buf = append(c.buf[:0], "bihuan/leaf/1"...)
	c.buf = append(c.buf, byte(e.Suite>>8), byte(e.Suite))
	c.buf = append(c.buf, e.Salt[:]...)
	c.buf = e.AppendCanonical(c.buf)
	return c.sum(e.Suite)
}

// Head returns H("bihuan/head/1" ‖ previous head ‖ leaf) by the suite of the event that leaf belongs to.
func (c *Chainer) Head(s Suite, prev, leaf Hash) Hash {
	c.buf = append(c.buf[:0], "bihuan/head/1"...)
	c.buf = append(c.buf, prev[:]...)
	c.buf = append(c.buf, leaf[:]...)
	return c.sum(s)
}

// Start returns the head of an empty log: H("bihuan/log/1" ‖ district), always by SM3.
func (c *Chainer) Start(log name.District) Hash {
	c.buf = append(c.buf[:0], "bihuan/log/1"...)
	c.buf = append(c.buf, log...)
	return c.sum(SM3)
}

func (c *Chainer) sum(s Suite) (sum Hash) {
	if c.h == nil || c.suite != s {
		if c.h = s.New(); c.h == nil {
			return Hash{}
		}
		c.suite = s
	}
	c.h.Reset()
	c.h.Write(c.buf)
	c.h.Sum(sum[:0])
	return sum
}

// Commitment stands in a body for a personal value: it proves the value without telling it.
type Commitment string

// Commit returns the commitment to one field of one subject: suite, a colon, and
// H("bihuan/personal/1" ‖ salt ‖ subject ‖ field ‖ value) in hexadecimal, each text with its length.
func Commit(s Suite, salt [16]byte, subject name.ID, field, value string) Commitment {
	b := append([]byte("bihuan/personal/1"), salt[:]...)
	b = appendText(b, string(subject))
	b = appendText(b, field)
	b = appendText(b, value)
	c := Chainer{buf: b}
	return Commitment(fmt.Sprintf("%d:%s", s, c.sum(s)))
}
