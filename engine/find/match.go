package find

import (
	"cmp"
	"slices"
)

// matcher walks over the documents of a part in which a phrase may stand.
type matcher struct {
	readers []reader
	offset  []uint32 // of each reader's term in the phrase
	n       int      // documents of its rarest term
	tf      int      // how often the phrase stands in the document, after stands
	head    bool     // whether once in the head
	ended   bool
	places  []uint32
	other   []uint32
}

// newMatcher returns the matcher of a phrase, not ok if a term of it has no list in the part. Terms that come twice in a
// phrase have a reader each.
func newMatcher(p *phrase, lists map[Term]list) (matcher, bool) {
	m := matcher{}
	type at struct {
		l      list
		offset uint32
	}
	var all []at
	for i, t := range p.terms {
		l, ok := lists[t]
		if !ok {
			return m, false
		}
		all = append(all, at{l, uint32(i)})
	}
	slices.SortStableFunc(all, func(a, b at) int { return cmp.Compare(a.l.n, b.l.n) })
	for _, a := range all {
		m.readers = append(m.readers, a.l.reader())
		m.offset = append(m.offset, a.offset)
	}
	m.n = all[0].l.n
	return m, true
}

func (m *matcher) doc() uint32 { return m.readers[0].doc }

// next goes to the next document that has every term of the phrase.
func (m *matcher) next() bool {
	for !m.ended && m.readers[0].next() {
		if m.level() {
			return true
		}
	}
	m.ended = true
	return false
}

// seek goes to a document, and reports whether it has every term. Documents must rise from call to call.
func (m *matcher) seek(doc uint32) bool {
	lead := &m.readers[0]
	for lead.last < int64(doc) {
		if m.ended || !lead.next() {
			m.ended = true
			return false
		}
	}
	return lead.last == int64(doc) && m.level()
}

// level brings the other readers to the first one's document, and reports whether all have it.
func (m *matcher) level() bool {
	doc := m.readers[0].last
	for i := 1; i < len(m.readers); i++ {
		r := &m.readers[i]
		for r.last < doc {
			if !r.next() {
				m.ended = true
				return false
			}
		}
		if r.last != doc {
			return false
		}
	}
	return true
}

// stands reports whether the terms stand in a row, and how often.
func (m *matcher) stands() bool {
	first := &m.readers[0]
	if len(m.readers) == 1 {
		m.tf, m.head = first.tf, first.head
		return true
	}
	m.places = first.at(m.places[:0])
	at := m.places[:0]
	for _, p := range m.places {
		if p >= m.offset[0] {
			at = append(at, p-m.offset[0])
		}
	}
	for i := 1; i < len(m.readers) && len(at) > 0; i++ {
		m.other = m.readers[i].at(m.other[:0])
		at = keep(at, m.other, m.offset[i])
	}
	m.tf, m.head = len(at), len(at) > 0 && at[0] < bodyFrom
	return m.tf > 0
}

// keep leaves those places that come offset before one of others. Both rise.
func keep(at, others []uint32, offset uint32) []uint32 {
	out, j := at[:0], 0
	for _, p := range at {
		for j < len(others) && others[j] < p+offset {
			j++
		}
		if j < len(others) && others[j] == p+offset {
			out = append(out, p)
		}
	}
	return out
}
