package search

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"bihuan/engine/find"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Store is what a book is kept in.
type Store interface {
	Parts(ctx context.Context, log name.District, book journal.Book) ([]journal.Part, error)
	PutPart(ctx context.Context, log name.District, book journal.Book, p journal.Part, instead []int64) error
	PutLeaves(ctx context.Context, log name.District, book journal.Book, part int64, leaves []journal.Leaf) error
	LooseParts(ctx context.Context, log name.District, book journal.Book) ([]int64, error)
	DropLeaves(ctx context.Context, log name.District, book journal.Book, part int64) (int64, error)
	LeavesAt(ctx context.Context, log name.District, book journal.Book, asks []journal.LeafAt) ([]journal.Leaf, error)
	Leaves(ctx context.Context, log name.District, book journal.Book, part, from int64, limit int) ([]journal.Leaf, error)
	Docs(ctx context.Context, log name.District, book journal.Book, streams []name.ID) ([]int64, error)
	DocStreams(ctx context.Context, log name.District, book journal.Book, docs []int64) ([]name.ID, error)
	PutDocs(ctx context.Context, log name.District, book journal.Book, first int64, streams []name.ID) error
	NextDoc(ctx context.Context, log name.District, book journal.Book) (int64, error)
}

// Entry is what a book is told of a stream: an entry without head and body is found no longer.
type Entry struct {
	Stream     name.ID
	Head, Body string
	At         int64 // µs
	Traits     [find.Traits]string
	Keys       []string
}

// Book is an index of full text that is kept in a store. What is taken in can be found at once; from time to time it is written
// down as a part, and parts are merged. It may be used by many goroutines.
type Book struct {
	store Store
	log   name.District
	name  journal.Book

	merging sync.Mutex   // held by whoever merges what is kept
	reading sync.RWMutex // held for reading by whoever reads parts through: what was merged is dropped when they are done
	part    atomic.Int64 // the last number of a part

	writing sync.Mutex // held by whoever takes in or writes down
	next    int64      // the next number of a document
	numbers map[name.ID]uint32
	fresh   []name.ID // numbered, and not yet written down: from document base on
	base    int64

	mu    sync.RWMutex // of index, and of fresh and base for reading
	index find.Index
}

// loose is how many documents may be in memory before they are written down as a part.
const loose = 4000

// OpenBook reads what is kept of a book.
func OpenBook(ctx context.Context, s Store, log name.District, called journal.Book) (*Book, error) {
	b := &Book{store: s, log: log, name: called, numbers: map[name.ID]uint32{}}
	parts, err := s.Parts(ctx, log, called)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if err := b.index.Load(p.ID, p.Age, p.Cards); err != nil {
			return nil, fmt.Errorf("part %d of book %s: %w", p.ID, called, err)
		}
		b.part.Store(max(b.part.Load(), p.ID))
	}
	left, err := s.LooseParts(ctx, log, called)
	if err != nil {
		return nil, err
	}
	for _, id := range left {
		b.part.Store(max(b.part.Load(), id))
		if err := b.drop(ctx, id); err != nil {
			return nil, err
		}
	}
	b.next, err = s.NextDoc(ctx, log, called)
	b.base = b.next
	return b, err
}

// Size returns about how many bytes of memory the book takes, and of how many parts it is.
func (b *Book) Size() (bytes, parts int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.index.Size() + 100*len(b.fresh), len(b.index.Parts())
}

// Take takes entries in: they are found as they are now as soon as it returns. Of a stream that comes twice the last counts.
func (b *Book) Take(ctx context.Context, entries []Entry) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.take(ctx, entries)
}

func (b *Book) take(ctx context.Context, entries []Entry) error {
	docs, err := b.number(ctx, entries)
	if err != nil || len(docs) == 0 {
		return err
	}
	b.mu.Lock()
	_, err = b.index.Put(docs)
	b.mu.Unlock()
	if err != nil {
		return fmt.Errorf("book %s: %w", b.name, err)
	}
	return b.tidy()
}

// number gives entries their document's number. What was never there and has no text is left out.
func (b *Book) number(ctx context.Context, entries []Entry) (docs []find.Document, err error) {
	var ask []name.ID
	for _, e := range entries {
		if _, ok := b.numbers[e.Stream]; !ok {
			ask = append(ask, e.Stream)
		}
	}
	known, err := b.store.Docs(ctx, b.log, b.name, ask)
	if err != nil {
		return nil, err
	}
	for i, stream := range ask {
		if known[i] >= 0 {
			b.numbers[stream] = uint32(known[i])
		}
	}
	for _, e := range entries {
		n, ok := b.numbers[e.Stream]
		if !ok && e.Head == "" && e.Body == "" {
			continue
		}
		if !ok {
			n = uint32(b.next)
			b.next++
			b.numbers[e.Stream] = n
			b.mu.Lock()
			b.fresh = append(b.fresh, e.Stream)
			b.mu.Unlock()
		}
		docs = append(docs, find.Document{ID: n, Head: e.Head, Body: e.Body, At: e.At, Traits: e.Traits, Keys: e.Keys})
	}
	return docs, nil
}

// Loose returns how many documents are in memory only.
func (b *Book) Loose() (n int) {
	for _, p := range b.parts() {
		if !p.Kept() {
			n += p.Docs
		}
	}
	return n
}

// read yields the leaves of a kept part.
func (b *Book) read(ctx context.Context) func(*find.Part) iter.Seq2[find.Leaf, error] {
	return func(p *find.Part) iter.Seq2[find.Leaf, error] {
		id := p.ID
		return func(yield func(find.Leaf, error) bool) {
			for from := int64(0); ; {
				page, err := b.store.Leaves(ctx, b.log, b.name, id, from, most)
				if err != nil {
					yield(find.Leaf{}, err)
					return
				}
				for _, l := range page {
					if !yield(find.Leaf{First: find.Term(l.First), Bytes: l.Bytes}, nil) {
						return
					}
					from = l.First + 1
				}
				if len(page) < most {
					return
				}
			}
		}
	}
}

// pages reads leaves for a question.
type pages struct {
	ctx context.Context
	b   *Book
}

func (p pages) Leaves(asks []find.Page) ([]find.Leaf, error) {
	at := make([]journal.LeafAt, len(asks))
	for i, a := range asks {
		at[i] = journal.LeafAt{Part: a.Part, Term: int64(a.Term)}
	}
	got, err := p.b.store.LeavesAt(p.ctx, p.b.log, p.b.name, at)
	if err != nil {
		return nil, err
	}
	out := make([]find.Leaf, len(got))
	for i, l := range got {
		out[i] = find.Leaf{First: find.Term(l.First), Bytes: l.Bytes}
	}
	return out, nil
}

// Ask answers a question.
func (b *Book) Ask(ctx context.Context, ask find.Ask) (find.Answer, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	a, err := b.index.Search(ask, pages{ctx, b})
	if err != nil {
		return a, fmt.Errorf("search book %s: %w", b.name, err)
	}
	return a, nil
}

// Len returns how many documents can be found.
func (b *Book) Len() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.index.Len()
}

// Rises is what rises from one period to the next.
type Rises struct {
	Now, Before int // documents of the two
	Terms       []find.Rise
	Texts       map[string][2]int // of a trait, with the documents of the two that have each
}

// Rising compares up to [find.MostSpans] pairs of periods, reading the book once for all of them. Asking and taking in go on while it
// reads; parts that were merged meanwhile are dropped when it is done.
func (b *Book) Rising(ctx context.Context, spans []find.Spans, trait, least, most int) ([]Rises, error) {
	b.reading.RLock()
	defer b.reading.RUnlock()
	all := make([]Rises, len(spans))
	b.mu.RLock()
	c, err := b.index.Compare(spans, pages{ctx, b})
	if err == nil {
		for i := range all {
			all[i] = Rises{Now: c.Docs[i][0], Before: c.Docs[i][1], Texts: b.index.Changes(c, i, trait)}
		}
	}
	b.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	terms, err := c.Rising(least, most, b.read(ctx))
	for i := range terms {
		all[i].Terms = terms[i]
	}
	return all, err
}

// Streams returns the streams of hits, in their order.
func (b *Book) Streams(ctx context.Context, hits []find.Hit) ([]name.ID, error) {
	b.mu.RLock()
	base, fresh := b.base, b.fresh
	b.mu.RUnlock()
	docs := make([]int64, len(hits))
	for i, h := range hits {
		docs[i] = int64(h.Doc)
	}
	streams, err := b.store.DocStreams(ctx, b.log, b.name, docs)
	if err != nil {
		return nil, err
	}
	for i, d := range docs {
		if streams[i] == "" && d >= base && d-base < int64(len(fresh)) {
			streams[i] = fresh[d-base]
		}
	}
	return streams, nil
}
