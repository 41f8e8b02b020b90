package find

import (
	"iter"
	"maps"
	"slices"
)

// builder gathers the postings of documents that rise.
type builder struct {
	at    map[Term]int32
	lists []writer
}

// add takes a document in and returns how long it is, in characters.
func (b *builder) add(doc uint32, head, body string) uint32 {
	end := uint32(0)
	for t, place := range terms(head, 0) {
		b.posting(t, doc, place)
		end = place + 2
	}
	for t, place := range terms(body, max(bodyFrom, end+1)) {
		b.posting(t, doc, place)
	}
	return characters(head) + characters(body)
}

func (b *builder) posting(t Term, doc, place uint32) {
	i, ok := b.at[t]
	if !ok {
		i = int32(len(b.lists))
		b.at[t] = i
		b.lists = append(b.lists, writer{doc: -1})
	}
	w := &b.lists[i]
	if w.doc != int64(doc) {
		w.begin(doc)
	}
	w.add(place)
}

// all yields the lists by term.
func (b *builder) all() iter.Seq2[Term, list] {
	return func(yield func(Term, list) bool) {
		for _, t := range slices.Sorted(maps.Keys(b.at)) {
			w := &b.lists[b.at[t]]
			w.end()
			if !yield(t, w.list) {
				return
			}
		}
	}
}
