package store

import (
	"sync"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// behind is what the tables row and facet are behind the log with: the streams whose rows have
// changed since they were last written there. The same stands in the table behind, so that
// nothing of it is lost with the process; see decision 0007.
//
// The writer changes it, after each COMMIT; readers look rows up in it and wait for it.
type behind struct {
	mu      sync.Mutex
	changes map[name.ID]*change
	order   []*change // the oldest first
	marks   []mark    // the entries of the table behind, the oldest first
	bytes   int       // of those entries
	round   int64     // the last transaction that changed rows
	waits   []wait
	wanted  chan struct{} // somebody waits
}

// change is a row that was changed. A row does not change once it stands in one.
type change struct {
	stream name.ID
	before *journal.Row // as the tables have it, nil if they do not
	now    *journal.Row
	since  int64 // the transaction whose entry is the first that the tables do not show for this row
}

// mark is an entry of the table behind.
type mark struct {
	round int64
	log   name.District
	line  int64
	bytes int
}

// wait is a reader that wants to see what transactions up to round have written.
type wait struct {
	round int64
	ready chan struct{}
}

// Bounds of what the tables may be behind with, besides the number of rows, which is an option.
const (
	maxMarks = 4096
	maxBytes = 16 << 20
	portion  = 64 // rows that one transaction takes to the tables at least, if it takes any, so that they share pages, and at most for who waits, so that writing goes on between
)

func newBehind() *behind {
	return &behind{changes: map[name.ID]*change{}, wanted: make(chan struct{}, 1)}
}

// row returns a stream's present row if the tables do not show it yet, or nil.
func (b *behind) row(stream name.ID) *journal.Row {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.changes[stream]; c != nil {
		return c.now
	}
	return nil
}

// settled returns nil if the tables show everything written so far, and otherwise a channel
// that is closed when they do, or when they cannot be brought there.
func (b *behind) settled() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.order) == 0 {
		return nil
	}
	w := wait{b.round, make(chan struct{})}
	b.waits = append(b.waits, w)
	b.want()
	return w.ready
}

func (b *behind) want() {
	select {
	case b.wanted <- struct{}{}:
	default:
	}
}

// due returns the changes that the next transaction takes to the tables, the oldest first: what
// is more than the bounds allow, and a portion of what somebody waits for, or of everything.
func (b *behind) due(bound int, everything bool) []*change {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	if everything || len(b.marks) > maxMarks || b.bytes > maxBytes {
		n = portion
	} else if len(b.waits) > 0 {
		last := b.waits[len(b.waits)-1].round
		for n < min(portion, len(b.order)) && b.order[n].since <= last {
			n++
		}
	}
	if over := len(b.order) - bound; over > 0 {
		n = max(n, over, portion)
	}
	return b.order[:min(n, len(b.order))]
}

// past returns the entries that are no longer needed once the n oldest changes are in the tables.
func (b *behind) past(n int) []mark {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.marks[:b.count(n)]
}

func (b *behind) count(n int) (passed int) {
	if n == len(b.order) {
		return len(b.marks)
	}
	for passed < len(b.marks) && b.marks[passed].round < b.order[n].since {
		passed++
	}
	return passed
}

// advance takes over what a transaction has done: the n oldest changes were taken to the tables,
// fresh ones were remembered under marks.
func (b *behind) advance(n int, fresh []*change, marks []mark) {
	b.mu.Lock()
	defer b.mu.Unlock()
	passed := b.count(n)
	for _, m := range b.marks[:passed] {
		b.bytes -= m.bytes
	}
	b.marks = b.marks[passed:]
	for _, c := range b.order[:n] {
		delete(b.changes, c.stream)
	}
	b.order = b.order[n:]
	for _, c := range fresh {
		b.add(c)
	}
	for _, m := range marks {
		b.marks, b.bytes, b.round = append(b.marks, m), b.bytes+m.bytes, m.round
	}
	b.answer()
}

func (b *behind) add(c *change) {
	if old := b.changes[c.stream]; old != nil {
		old.now = c.now
		return
	}
	b.changes[c.stream] = c
	b.order = append(b.order, c)
}

// answer lets those go on whose wait is over.
func (b *behind) answer() {
	over := 0
	for over < len(b.waits) && (len(b.order) == 0 || b.waits[over].round < b.order[0].since) {
		close(b.waits[over].ready)
		over++
	}
	if b.waits = b.waits[over:]; len(b.waits) > 0 {
		b.want()
	}
}

// giveUp lets everybody go on: the tables cannot be written now.
func (b *behind) giveUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.waits {
		close(w.ready)
	}
	b.waits = nil
}

func (b *behind) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.order) == 0
}
