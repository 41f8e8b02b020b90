package find

import (
	"hash/fnv"
	"math/bits"
)

// keyed is the bit by which the terms of keys differ from those of texts, and sort behind them. It leaves a term a positive int64.
const keyed Term = 1 << 62

// keyTerm is the term under which the documents with a key stand.
func keyTerm(key string) Term {
	h := fnv.New64a()
	h.Write([]byte(key))
	return keyed | Term(h.Sum64()&uint64(keyed-1))
}

// isKey reports whether a term is that of a key: nobody has written it.
func (t Term) isKey() bool { return t&keyed != 0 }

// keys returns the terms of the keys that a question wants.
func (ask *Ask) keys() (all []Term) {
	for _, clause := range ask.Where {
		for _, w := range clause {
			if w.How == Key {
				all = append(all, keyTerm(w.Text))
			}
		}
	}
	return all
}

// having marks the documents that have one of the keys of a clause, as far as the part that is believed about them says so; nil if
// the clause wants no key.
func (x *Index) having(clause []Want, lists []map[Term]list) bitmap {
	var in bitmap
	for _, w := range clause {
		if w.How != Key {
			continue
		}
		if in == nil {
			in = make(bitmap, (len(x.slot)+bits.UintSize-1)/bits.UintSize)
		}
		for i, p := range x.parts {
			l := lists[i][keyTerm(w.Text)]
			for r := l.reader(); r.next(); {
				if int(r.doc) < len(x.slot) && x.slot[r.doc] == p.slot {
					in[r.doc/bits.UintSize] |= 1 << (r.doc % bits.UintSize)
				}
			}
		}
	}
	return in
}

// bitmap has a bit for each document.
type bitmap []uint

func (b bitmap) has(doc uint32) bool {
	return int(doc/bits.UintSize) < len(b) && b[doc/bits.UintSize]&(1<<(doc%bits.UintSize)) != 0
}
