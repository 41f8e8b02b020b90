// Package search finds matters and records by what is written in them 全文检索.
//
// [Room.Find] answers whoever is signed in, [Room.FindOpen] anybody, [Room.Topics] tells what people write of more than before, and
// [Room.Best] serves the lists of packs and registers. [Open] reads the indexes that are kept, and [Room.Run] keeps them up with the log.
//
// There are three books: one of all matters, one of the records of registers, and one of what anybody may read of public
// matters, masked: a word that is not public cannot be found there, not even by the number of hits.
//
// It promises: rights come first. The scope of [desk.Desk.Scope] narrows the question before anything is counted or ranked, and the rows
// that are shown are asked of the store under the same scope once more. What was appended before a question is found by it, unless the
// index is more than 500 events behind, as it is while it is built.
//
// The rooms it rests on are [find], which ranks, and [desk]; a store keeps the leaves.
package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"bihuan/desk"
	"bihuan/engine/find"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/register"
)

// The traits of a document.
const (
	traitKind = iota
	traitState
	traitUnit
	traitPerson
	traitArea
	traitInvolved // units, with blanks between
	traitFlags    // words of: open, public
	traitClass
)

// Log is the log that the books are made from.
type Log interface {
	Log(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Entry, error)
	Head(ctx context.Context, log name.District) (seq int64, head ledger.Hash, err error)
	Cursor(ctx context.Context, log name.District, consumer string) (int64, error)
	SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error
}

// Room is the books of one desk. It is safe for many goroutines.
type Room struct {
	desk    *desk.Desk
	log     Log
	matters *Book
	records *Book
	open    *Book
	wake    chan struct{}

	reading sync.Mutex // held by whoever follows the log
	seen    atomic.Int64
	kept    int64 // up to which the parts that are kept go
	told    told  // topics that were worked out lately
	wanted  chan struct{}

	// Small is how many matters an index has at the most of which topics are worked out while somebody waits, see [Room.Topics]; [Open] makes
	// it 10,000. It is changed before requests are served.
	Small int
}

// consumer is the name under which the store keeps how far the books are written down. It changes when a book is told more of a
// document than before: then all are taken in once more, over what is there.
const consumer = "search-2"

// Open reads the books that are kept.
func Open(ctx context.Context, d *desk.Desk, s interface {
	Store
	Log
}) (*Room, error) {
	r := &Room{desk: d, log: s, wake: make(chan struct{}, 1), wanted: make(chan struct{}, 1), Small: smallIndex}
	var g errgroup.Group
	for _, b := range []struct {
		to   **Book
		name journal.Book
	}{{&r.matters, "matter"}, {&r.records, "record"}, {&r.open, "open"}} {
		g.Go(func() (err error) {
			*b.to, err = OpenBook(ctx, s, d.District(), b.name)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	seq, err := s.Cursor(ctx, d.District(), consumer)
	r.seen.Store(seq)
	r.kept = seq
	return r, err
}

// Heard tells the room that something was appended. It costs next to nothing.
func (r *Room) Heard(desk.Announcement) {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// pause is how long Run lets the log run ahead.
const pause = 100 * time.Millisecond

// renewing is how often is looked which topics are to be worked out, ours.
const renewing = time.Minute

// keepTold works topics out, those that somebody waits for at once, until ctx ends.
func (r *Room) keepTold(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(renewing)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wanted:
		case <-t.C:
		}
		if ctx.Err() == nil {
			if err := r.Renew(ctx); err != nil && ctx.Err() == nil {
				log.Error("work topics out anew", "error", err)
			}
		}
	}
}

// Run follows the log until ctx ends, and then writes down what is in memory only.
func (r *Room) Run(ctx context.Context, log *slog.Logger) {
	var beside sync.WaitGroup
	beside.Go(func() { r.keepTold(ctx, log) })
	defer beside.Wait()
	r.Heard(desk.Announcement{})
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := r.Flush(last); err != nil {
				log.Error("write the index down", "error", err)
			}
			return
		case <-r.wake:
			select { // what comes close together is taken in together; a question does not wait for this
			case <-ctx.Done():
				continue
			case <-time.After(pause):
			}
			if err := r.CatchUp(ctx); err != nil && ctx.Err() == nil {
				log.Error("follow the log for the index", "error", err)
			}
		}
	}
}

// manyParts is how many parts a book may have while more is taken in than was ever written down: merging each at once would write
// everything eight times over. Reading so many side by side takes some 25 MB.
const manyParts = 24

// CatchUp takes in everything that was appended, writes down what has become much, and merges parts.
func (r *Room) CatchUp(ctx context.Context) error {
	for flushed := false; ; {
		more, err := r.follow(ctx)
		if err != nil {
			return err
		}
		if r.matters.Loose()+r.records.Loose()+r.open.Loose() >= loose {
			if err := r.Flush(ctx); err != nil {
				return err
			}
			flushed = true
		}
		for _, b := range r.books() {
			if _, parts := b.Size(); flushed && (!more || parts > manyParts) {
				if err := b.Merge(ctx); err != nil {
					return err
				}
			}
		}
		if !more {
			return nil
		}
	}
}

func (r *Room) books() []*Book { return []*Book{r.matters, r.records, r.open} }

// Flush writes down what is in memory only, and how far in the log that is.
func (r *Room) Flush(ctx context.Context) error {
	r.reading.Lock()
	defer r.reading.Unlock()
	for _, b := range r.books() {
		if err := b.Flush(ctx); err != nil {
			return err
		}
	}
	seq := r.seen.Load()
	if seq == r.kept {
		return nil
	}
	if err := r.log.SetCursor(ctx, r.desk.District(), consumer, seq); err != nil && !errors.Is(err, fault.ErrConflict) {
		return err
	}
	r.kept = seq
	return nil
}

// Forget makes the books anew without anything that was written over or taken out: after personal text was erased, nothing of it
// is left in any leaf.
func (r *Room) Forget(ctx context.Context) error {
	if err := r.CatchUp(ctx); err != nil {
		return err
	}
	for _, b := range r.books() {
		if err := b.Compact(ctx); err != nil {
			return err
		}
	}
	return r.Flush(ctx)
}

// atOnce is how many events are followed at once: the most that a question waits for.
const atOnce = 500

// follow takes in the next events of the log, at most atOnce, and reports whether there may be more.
func (r *Room) follow(ctx context.Context) (more bool, err error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	entries, err := r.log.Log(ctx, r.desk.District(), r.seen.Load(), atOnce)
	if err != nil || len(entries) == 0 {
		return false, err
	}
	versions := map[name.ID]int64{}
	var matters, records []name.ID
	for _, e := range entries {
		_, met := versions[e.Stream]
		versions[e.Stream] = e.Version
		switch {
		case met:
		case e.Kind == ledger.Matter:
			matters = append(matters, e.Stream)
		case e.Type == register.PutDown || e.Type == register.EndedOn:
			records = append(records, e.Stream)
		}
	}
	full := len(entries) == atOnce
	if err := r.takeMatters(ctx, matters, versions, full); err != nil {
		return false, err
	}
	if err := r.takeRecords(ctx, records); err != nil {
		return false, err
	}
	r.seen.Store(entries[len(entries)-1].Seq)
	return full, nil
}

// takeMatters takes in matters as they are after so many events or more. Far behind the log, those that have gone on are left for when
// the log comes to where they are now: each is taken in once, and not once for each of its events.
func (r *Room) takeMatters(ctx context.Context, ids []name.ID, versions map[name.ID]int64, behind bool) error {
	all, open := make([]Entry, 0, len(ids)), make([]Entry, 0, len(ids))
	for _, id := range ids {
		t, err := r.desk.TextsOf(ctx, id, versions[id])
		if errors.Is(err, fault.ErrNotFound) {
			continue // of a kind that is no longer there: one such matter must not hold up the others
		}
		if err != nil {
			return fmt.Errorf("text of matter %s: %w", id, err)
		}
		if behind && t.Text.Row.Version > versions[id] {
			continue
		}
		all = append(all, entryOf(id, &t.Text, r.desk.ClassOf(&t.Text.Row)))
		e := Entry{Stream: id}
		if t.Open.Row.Stream != "" {
			e = entryOf(id, &t.Open, r.desk.ClassOf(&t.Open.Row))
		}
		open = append(open, e)
	}
	if err := r.matters.Take(ctx, all); err != nil {
		return err
	}
	return r.open.Take(ctx, open)
}

func (r *Room) takeRecords(ctx context.Context, ids []name.ID) error {
	var all []Entry
	for _, id := range ids {
		t, err := r.desk.RecordTextOf(ctx, id)
		if errors.Is(err, fault.ErrNotFound) {
			continue // a register that no pack has
		}
		if err != nil {
			return fmt.Errorf("text of record %s: %w", id, err)
		}
		all = append(all, entryOf(id, &t, ""))
	}
	return r.records.Take(ctx, all)
}

// entryOf makes of a text what a book takes in.
func entryOf(id name.ID, t *desk.Text, class string) Entry {
	e := Entry{Stream: id, Head: t.Row.Number + "。" + t.Row.Title, At: t.Row.Opened}
	var body []string
	for _, w := range t.Words {
		body = append(body, w.Text)
	}
	e.Body = strings.Join(body, "。")
	var involved, flags []string
	path := ""
	for _, f := range t.Row.Facets {
		switch f.Name {
		case journal.Involved:
			involved = append(involved, f.Text)
		case journal.Issuer:
			involved = append(involved, setBy+f.Text)
		case journal.Supervisor:
			involved = append(involved, supervise+f.Text)
		case journal.Took:
			e.Keys = append(e.Keys, f.Text)
		case journal.Lies:
			for at := range strings.SplitSeq(f.Text, "/") {
				path = strings.TrimPrefix(path+"/"+at, "/")
				flags = append(flags, flagLies+path)
			}
		}
	}
	if t.Row.Open {
		flags = append(flags, flagOpen)
	}
	if t.Row.Public {
		flags = append(flags, flagPublic)
	}
	e.Traits = [find.Traits]string{traitKind: t.Row.Kind, traitState: t.Row.State, traitUnit: string(t.Row.Unit), traitPerson: string(t.Row.Person),
		traitArea: t.Row.Area, traitInvolved: strings.Join(involved, " "), traitFlags: strings.Join(flags, " "), traitClass: class}
	return e
}

// The words of the flags.
const (
	flagOpen   = "open"
	flagPublic = "public"
	flagLies   = "lies:"      // with a place in the tree of grids
	setBy      = "set:"       // with the unit that set the task, among those involved
	supervise  = "supervise:" // with a unit that set an order about it, likewise
)

// Behind returns how many events the books are behind the log.
func (r *Room) Behind(ctx context.Context) (int64, error) {
	seq, _, err := r.log.Head(ctx, r.desk.District())
	return max(0, seq-r.seen.Load()), err
}

// upToDate takes in what was appended since, unless that is too much to wait for.
func (r *Room) upToDate(ctx context.Context) (behind int64, err error) {
	if behind, err = r.Behind(ctx); err != nil || behind == 0 {
		return 0, err
	}
	if behind > atOnce {
		r.Heard(desk.Announcement{})
		return behind, nil
	}
	if _, err := r.follow(ctx); err != nil {
		return behind, err
	}
	return r.Behind(ctx)
}
