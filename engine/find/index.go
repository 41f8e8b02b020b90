package find

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"bihuan/ground/fault"
)

// Index is the full text of some documents: what must be at hand of each, and the parts in which their texts stand. The
// zero value is empty and ready.
type Index struct {
	cards
	parts []*Part // by age
}

// Part is the text of some documents, which never changes: what is put in anew stands in a younger part, which is believed.
type Part struct {
	ID     int64 // under which its leaves are kept; 0 while they are in memory
	Age    int64 // rises from part to part; one that was merged has that of its youngest
	Docs   int   // documents that it has brought, some of which may stand in younger parts by now
	slot   uint8
	leaves []Leaf
}

// Kept reports whether somebody else keeps the part's leaves.
func (p *Part) Kept() bool { return p.ID != 0 }

// Pages reads leaves that are kept: for each ask the leaf of the part in which the term would stand, an empty one if there is none.
type Pages interface {
	Leaves(asks []Page) ([]Leaf, error)
}

// Page asks for the leaf of a kept part with the greatest First that is at most Term.
type Page struct {
	Part int64
	Term Term
}

// Len returns how many documents can be found.
func (x *Index) Len() int { return x.live }

// Parts returns the parts by age. The slice is the caller's, the parts are not.
func (x *Index) Parts() []*Part { return slices.Clone(x.parts) }

// Put takes documents in, as a part in memory; one that was there before is found by its new text only. A number that comes
// twice counts by its last document. It wraps [fault.ErrInvalid] for a number of 2²⁴ or more, and where there is no room for another part.
func (x *Index) Put(docs []Document) (*Part, error) {
	docs = slices.Clone(docs)
	slices.SortStableFunc(docs, func(a, b Document) int { return int(int64(a.ID) - int64(b.ID)) })
	b := builder{at: map[Term]int32{}}
	p := &Part{Age: x.youngest() + 1}
	var err error
	if p.slot, err = x.free(); err != nil {
		return nil, err
	}
	for i, d := range docs {
		if i+1 < len(docs) && docs[i+1].ID == d.ID {
			continue
		}
		if d.ID >= maxID {
			return nil, fmt.Errorf("document %d: %w", d.ID, fault.ErrInvalid)
		}
		if err := x.set(d.ID, p.slot, b.add(&d), d.At, &d.Traits); err != nil {
			return nil, err
		}
		p.Docs++
	}
	p.leaves = slices.Collect(leaves(b.all()))
	x.parts = append(x.parts, p)
	return p, nil
}

// Load takes in a part that is kept, with the cards that [Merged.Cards] had written. Parts are loaded by age.
func (x *Index) Load(id, age int64, cards []byte) error {
	slot, err := x.free()
	if err != nil {
		return err
	}
	n, err := x.unpack(cards, slot)
	if err != nil {
		return err
	}
	x.parts = append(x.parts, &Part{ID: id, Age: age, Docs: n, slot: slot})
	return nil
}

func (x *Index) youngest() int64 {
	if len(x.parts) == 0 {
		return 0
	}
	return x.parts[len(x.parts)-1].Age
}

// free returns a slot that no part has.
func (x *Index) free() (uint8, error) {
	for slot := range uint8(none) {
		if !slices.ContainsFunc(x.parts, func(p *Part) bool { return p.slot == slot }) {
			return slot, nil
		}
	}
	return 0, fmt.Errorf("%d parts: %w", none, fault.ErrInvalid)
}

// partOf returns the part in a slot.
func (x *Index) partOf(slot uint8) int {
	return slices.IndexFunc(x.parts, func(p *Part) bool { return p.slot == slot })
}

// Merged is what becomes of several parts: one that holds what of them is still believed.
type Merged struct {
	Age   int64
	Docs  int
	Cards []byte // to be kept with it
	old   []*Part
	ids   []uint32
	alive [][]uint64 // of each old part, a bit for each document that it is believed about
	reads []iter.Seq2[Leaf, error]
}

// Merge begins to merge parts that stand together by age; read yields the leaves of one that is kept, in order. The index may
// change while [Merged.Leaves] is read; [Index.Replace] ends the merge.
func (x *Index) Merge(parts []*Part, read func(*Part) iter.Seq2[Leaf, error]) *Merged {
	m := &Merged{old: slices.Clone(parts)}
	index := make(map[uint8]int, len(parts))
	for i, p := range parts {
		m.Age = max(m.Age, p.Age)
		index[p.slot] = i
		m.alive = append(m.alive, make([]uint64, (len(x.slot)+63)/64))
		if p.Kept() {
			m.reads = append(m.reads, read(p))
		} else {
			m.reads = append(m.reads, inMemory(p.leaves))
		}
	}
	// The oldest part need not remember what is found no longer: nothing older could come back.
	oldest := len(parts) > 0 && len(x.parts) > 0 && parts[0] == x.parts[0]
	for id, slot := range x.slot {
		i, mine := index[slot]
		if !mine || x.length[id] == 0 && oldest {
			continue
		}
		m.alive[i][id/64] |= 1 << (id % 64)
		m.ids = append(m.ids, uint32(id))
	}
	m.Docs = len(m.ids)
	m.Cards = x.pack(m.ids)
	return m
}

func inMemory(all []Leaf) iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		for _, l := range all {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// Replace puts the merged part in the place of those that it was made of. id is under which its leaves are kept, 0 for
// keeping them here, in memory.
func (x *Index) Replace(m *Merged, id int64, leaves []Leaf) (*Part, error) {
	slot, err := x.free()
	if err != nil {
		return nil, err
	}
	p := &Part{ID: id, Age: m.Age, Docs: m.Docs, slot: slot, leaves: leaves}
	old := map[uint8]bool{}
	for _, o := range m.old {
		old[o.slot] = true
	}
	for _, id := range m.ids {
		if old[x.slot[id]] {
			x.slot[id] = slot
		}
	}
	for id, s := range x.slot {
		if old[s] {
			x.drop(uint32(id))
			x.slot[id] = none // nothing is left to be remembered
		}
	}
	at := x.partOf(m.old[0].slot)
	x.parts = slices.DeleteFunc(x.parts, func(p *Part) bool { return old[p.slot] })
	x.parts = slices.Insert(x.parts, at, p)
	return p, nil
}

// Size returns about how many bytes of memory the index takes.
func (x *Index) Size() (bytes int) {
	bytes = cap(x.slot) + cap(x.length)*2 + cap(x.at)*4
	for i := range x.traits {
		bytes += x.traits[i].size()
	}
	for _, p := range x.parts {
		for _, l := range p.leaves {
			bytes += len(l.Bytes) + 40
		}
	}
	return bytes
}

// Leaves yields the leaves of the merged part. It ends after the first error of what it reads.
func (m *Merged) Leaves() iter.Seq2[Leaf, error] {
	return func(yield func(Leaf, error) bool) {
		var failed error
		for leaf := range leaves(m.lists(&failed)) {
			if !yield(leaf, nil) {
				return
			}
		}
		if failed != nil {
			yield(Leaf{}, failed)
		}
	}
}

// stream is a part being merged: where it stands.
type stream struct {
	next func() (Term, list, error, bool)
	term Term
	list list
	done bool
}

// lists yields the merged lists by term.
func (m *Merged) lists(failed *error) iter.Seq2[Term, list] {
	return func(yield func(Term, list) bool) {
		streams := make([]stream, len(m.reads))
		for i, read := range m.reads {
			next, stop := pullEntries(read)
			defer stop()
			streams[i].next = next
			if *failed = streams[i].step(); *failed != nil {
				return
			}
		}
		for {
			least := leastOf(streams)
			if least == math.MaxUint64 {
				return
			}
			l := m.join(streams, least)
			for i := range streams {
				if !streams[i].done && streams[i].term == least {
					if *failed = streams[i].step(); *failed != nil {
						return
					}
				}
			}
			if l.n > 0 && !yield(least, l) {
				return
			}
		}
	}
}

// join merges the lists of one term: of each document what is believed.
func (m *Merged) join(streams []stream, t Term) list {
	type source struct {
		r     reader
		alive []uint64
		more  bool
	}
	var from []source
	for i := range streams {
		if s := &streams[i]; !s.done && s.term == t {
			c := source{r: s.list.reader(), alive: m.alive[i]}
			c.more = c.r.nextAlive(c.alive)
			from = append(from, c)
		}
	}
	w := writer{doc: -1}
	for {
		at := -1
		for i := range from {
			if from[i].more && (at < 0 || from[i].r.doc < from[at].r.doc) {
				at = i
			}
		}
		if at < 0 {
			w.end()
			return w.list
		}
		c := &from[at]
		w.whole(c.r.doc, c.r.tf, c.r.head, c.r.raw())
		c.more = c.r.nextAlive(c.alive)
	}
}

func (r *reader) nextAlive(alive []uint64) bool {
	for r.next() {
		if int(r.doc/64) < len(alive) && alive[r.doc/64]&(1<<(r.doc%64)) != 0 {
			return true
		}
	}
	return false
}

func (s *stream) step() (err error) {
	var more bool
	s.term, s.list, err, more = s.next()
	s.done = !more
	return err
}

// pullEntries reads the lists of leaves one by one.
func pullEntries(read iter.Seq2[Leaf, error]) (next func() (Term, list, error, bool), stop func()) {
	type entry struct {
		t   Term
		l   list
		err error
	}
	pull, stop := iter.Pull(func(yield func(entry) bool) {
		for leaf, err := range read {
			if err != nil {
				yield(entry{err: err})
				return
			}
			for t, l := range leaf.entries() {
				if !yield(entry{t: t, l: l}) {
					return
				}
			}
		}
	})
	return func() (Term, list, error, bool) {
		e, more := pull()
		return e.t, e.l, e.err, more && e.err == nil
	}, stop
}
