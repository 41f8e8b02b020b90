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
func (b *builder) add(d *Document) uint32 {
	end := uint32(0)
	for t, place := range terms(d.Head, 0) {
		b.posting(t, d.ID, place)
		end = place + 2
	}
	for t, place := range terms(d.Body, max(bodyFrom, end+1)) {
		b.posting(t, d.ID, place)
	}
	for _, key := range d.Keys {
		b.posting(keyTerm(key), d.ID, bodyFrom)
	}
	return characters(d.Head) + characters(d.Body)
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
