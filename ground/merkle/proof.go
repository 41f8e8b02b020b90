package merkle

import (
	"fmt"
	"math/bits"
	"strings"

	"bihuan/ground/fault"
)

// MaxProof is the most hashes of a proof.
//
// Source: C2SP tlog-witness, “add-checkpoint”.
const MaxProof = 63

// Inclusion returns the proof that leaf index, from 0, is in the tree over the first size leaves: the roots of the
// subtrees beside the path from the leaf up. It wraps [fault.ErrInvalid] for an index that is not below size.
//
// Source: RFC 6962, section 2.1.1.
func Inclusion(a Algorithm, index, size int64, at NodeAt) (proof []Hash, err error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	if index < 0 || index >= size {
		return nil, fmt.Errorf("leaf %d of a tree of %d: %w", index, size, fault.ErrInvalid)
	}
	from, until := int64(0), size
	var asks [][2]int64 // the subtrees beside the path, the largest first
	for until-from > 1 {
		middle := from + split(until-from)
		if index < middle {
			asks, until = append(asks, [2]int64{middle, until}), middle
		} else {
			asks, from = append(asks, [2]int64{from, middle}), middle
		}
	}
	return roots(a, asks, at)
}

// Consistency returns the proof that the tree over the first size leaves begins with the tree over the first old.
// It is empty for old of 0 and of size. It wraps [fault.ErrInvalid] for an old above size.
//
// Source: RFC 6962, section 2.1.2.
func Consistency(a Algorithm, old, size int64, at NodeAt) (proof []Hash, err error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	if old < 0 || old > size {
		return nil, fmt.Errorf("consistency of %d leaves with %d: %w", old, size, fault.ErrInvalid)
	}
	if old == 0 || old == size {
		return nil, nil
	}
	from, until := int64(0), size
	var asks [][2]int64
	for until != old {
		middle := from + split(until-from)
		if old <= middle {
			asks, until = append(asks, [2]int64{middle, until}), middle
		} else {
			asks, from = append(asks, [2]int64{from, middle}), middle
		}
	}
	if from != 0 { // otherwise the old root itself is the subtree, and is known
		asks = append(asks, [2]int64{from, until})
	}
	return roots(a, asks, at)
}

// roots returns the roots of subtrees in reverse order.
func roots(a Algorithm, asks [][2]int64, at NodeAt) ([]Hash, error) {
	proof := make([]Hash, len(asks))
	for i, s := range asks {
		h, err := a.subtree(s[0], s[1], at)
		if err != nil {
			return nil, err
		}
		proof[len(asks)-1-i] = h
	}
	return proof, nil
}

// VerifyInclusion checks that a leaf, by its hash, stands at index in the tree of the given size and root. It returns
// nil if it does, and wraps [fault.ErrInvalid] if that is not proven.
//
// Source: RFC 9162, section 2.1.3.2.
func VerifyInclusion(a Algorithm, leaf Hash, index, size int64, proof []Hash, root Hash) error {
	if !a.Known() || checkSize(size) != nil || index < 0 || index >= size {
		return fmt.Errorf("leaf %d of a tree of %d by %q cannot be proven: %w", index, size, a, fault.ErrInvalid)
	}
	fn, sn, r := index, size-1, leaf
	for _, p := range proof {
		if sn == 0 {
			return fmt.Errorf("the proof of leaf %d is too long: %w", index, fault.ErrInvalid)
		}
		if fn&1 == 1 || fn == sn {
			r = a.Node(p, r)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			r = a.Node(r, p)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 {
		return fmt.Errorf("the proof of leaf %d is too short: %w", index, fault.ErrInvalid)
	}
	if r != root {
		return fmt.Errorf("leaf %d is not in the tree of %d with root %s: %w", index, size, root, fault.ErrInvalid)
	}
	return nil
}

// VerifyConsistency checks that the tree of size and root begins with the tree of old and oldRoot. It returns nil
// if it does, and wraps [fault.ErrInvalid] if that is not proven. A tree without leaves is the beginning of
// every tree.
//
// Source: RFC 9162, section 2.1.4.2.
func VerifyConsistency(a Algorithm, old, size int64, oldRoot, root Hash, proof []Hash) error {
	if !a.Known() || checkSize(size) != nil || old < 0 || old > size {
		return fmt.Errorf("consistency of %d leaves with %d by %q cannot be proven: %w", old, size, a, fault.ErrInvalid)
	}
	if old == size || old == 0 {
		if len(proof) != 0 || (old == size && oldRoot != root) || (old == 0 && oldRoot != a.Empty()) {
			return fmt.Errorf("trees of %d and %d leaves do not agree: %w", old, size, fault.ErrInvalid)
		}
		return nil
	}
	if old&(old-1) == 0 { // a complete subtree, which the proof leaves out
		proof = append([]Hash{oldRoot}, proof...)
	}
	if len(proof) == 0 {
		return fmt.Errorf("the proof that %d leaves begin %d is empty: %w", old, size, fault.ErrInvalid)
	}
	fn, sn := old-1, size-1
	shift := bits.TrailingZeros64(^uint64(fn))
	fn, sn = fn>>shift, sn>>shift
	fr, sr := proof[0], proof[0]
	for _, c := range proof[1:] {
		if sn == 0 {
			return fmt.Errorf("the proof that %d leaves begin %d is too long: %w", old, size, fault.ErrInvalid)
		}
		if fn&1 == 1 || fn == sn {
			fr, sr = a.Node(c, fr), a.Node(c, sr)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			sr = a.Node(sr, c)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 || fr != oldRoot || sr != root {
		return fmt.Errorf("the tree of %d leaves is not shown to begin with that of %d: %w", size, old, fault.ErrInvalid)
	}
	return nil
}

// FormatProof writes a proof as lines of base64, each with its newline.
func FormatProof(proof []Hash) string {
	var b strings.Builder
	for _, h := range proof {
		b.WriteString(h.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// ParseProof reads what FormatProof writes: at most [MaxProof] lines, each ended by a newline. An empty text is an empty
// proof. It wraps [fault.ErrInvalid] and names the line.
func ParseProof(text string) (proof []Hash, err error) {
	for n := 1; text != ""; n++ {
		line, rest, ended := strings.Cut(text, "\n")
		if !ended || n > MaxProof {
			return nil, fmt.Errorf("line %d of a proof: not ended, or more than %d: %w", n, MaxProof, fault.ErrInvalid)
		}
		h, err := ParseHash(line)
		if err != nil {
			return nil, fmt.Errorf("line %d of a proof: %w", n, err)
		}
		proof, text = append(proof, h), rest
	}
	return proof, nil
}
