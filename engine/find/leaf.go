package find

import (
	"encoding/binary"
	"iter"
	"slices"
)

// Leaf is one page of a part: the lists of some neighbouring terms, from First on. What its bytes mean is known only here.
type Leaf struct {
	First Term
	Bytes []byte
}

// leafSize is how many bytes fill a leaf: two of them with their keys fill a database's page of 8 KiB. A longer list has a leaf for itself.
const leafSize = 3960

// leaves cuts rising terms with their lists into leaves.
func leaves(all iter.Seq2[Term, list]) iter.Seq[Leaf] {
	return func(yield func(Leaf) bool) {
		var leaf Leaf
		var last Term
		for t, l := range all {
			entry := appendEntry(nil, 0, &l)
			if len(leaf.Bytes) > 0 && len(leaf.Bytes)+len(entry) > leafSize {
				if !yield(leaf) {
					return
				}
				leaf = Leaf{}
			}
			if len(leaf.Bytes) == 0 {
				leaf.First, last = t, t
			}
			leaf.Bytes = appendEntry(leaf.Bytes, t-last, &l)
			last = t
		}
		if len(leaf.Bytes) > 0 {
			yield(leaf)
		}
	}
}

// appendEntry writes the distance of a term from the one before, how many documents it has, and its list; the lengths of the
// two halves only where there is more than one document.
func appendEntry(b []byte, delta Term, l *list) []byte {
	b = binary.AppendUvarint(b, uint64(delta))
	b = binary.AppendUvarint(b, uint64(l.n))
	if l.n > 1 {
		b = binary.AppendUvarint(b, uint64(len(l.docs)))
		b = binary.AppendUvarint(b, uint64(len(l.places)))
	}
	return append(append(b, l.docs...), l.places...)
}

// entries yields the lists of a leaf in order. It ends where the bytes are no leaf.
func (f *Leaf) entries() iter.Seq2[Term, list] {
	return func(yield func(Term, list) bool) {
		t, b := f.First, f.Bytes
		for len(b) > 0 {
			var l list
			delta, n := uvarint(b)
			if n <= 0 {
				return
			}
			t += Term(delta)
			if b, l = readList(b[n:]); l.n == 0 || !yield(t, l) {
				return
			}
		}
	}
}

// readList takes one list off the front; n is 0 where there is none.
func readList(b []byte) (rest []byte, l list) {
	count, n := uvarint(b)
	if n <= 0 || count == 0 {
		return nil, list{}
	}
	b = b[n:]
	if count == 1 {
		r := reader{docs: b, last: -1}
		if !r.next() {
			return nil, list{}
		}
		l = list{1, b[:len(b)-len(r.docs)], nil}
		rest = skip(r.docs, r.tf)
		l.places = r.docs[:len(r.docs)-len(rest)]
		return rest, l
	}
	docs, n := uvarint(b)
	if n <= 0 {
		return nil, list{}
	}
	b = b[n:]
	places, n := uvarint(b)
	if n <= 0 || uint64(len(b)-n) < docs || uint64(len(b)-n)-docs < places {
		return nil, list{}
	}
	b = b[n:]
	return b[docs+places:], list{int(min(count, docs)), b[:docs:docs], b[docs : docs+places : docs+places]}
}

// list returns the list of a term, not ok if the leaf has none.
func (f *Leaf) list(t Term) (list, bool) {
	for at, l := range f.entries() {
		if at >= t {
			return l, at == t
		}
	}
	return list{}, false
}

// leafOf returns the leaf in which a term would stand.
func leafOf(all []Leaf, t Term) (Leaf, bool) {
	i, exact := slices.BinarySearchFunc(all, t, func(l Leaf, t Term) int {
		switch {
		case l.First < t:
			return -1
		case l.First > t:
			return 1
		}
		return 0
	})
	if !exact {
		i--
	}
	if i < 0 {
		return Leaf{}, false
	}
	return all[i], true
}
