package store

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Report is the result of verifying a log.
type Report struct {
	Events int64        // entries that are good
	Head   ledger.Hash  // after them
	Rows   int64        // rows compared
	Flaw   *ledger.Flaw // the first thing that is wrong, nil if all is well
}

// Verify replays a log from its first entry, compares the versions of its rows and the ends of its series of numbers, and holds every file against its hash. each, if
// not nil, is called for every good entry in order, so that the caller can replay the
// projections; an error from it that is a [ledger.Flaw] ends in the report.
//
// It cannot see a log that was cut off, or rewritten as a whole, together with its head:
// that takes a head kept elsewhere. What is appended meanwhile is left for the next time.
func (s *Store) Verify(ctx context.Context, log name.District, each func(*ledger.Entry) error) (Report, error) {
	var r Report
	last, head, numbers, err := s.endOfLog(ctx, log)
	if err != nil {
		return r, err
	}
	c, places, files := ledger.NewChecker(log), &placeSum{seed: maphash.MakeSeed()}, map[ledger.Hash]int64{}
	err = s.replay(ctx, c, log, last, places, func(e *ledger.Entry) error {
		namedFiles(e.Body, e.Seq, files)
		if err := numbers.take(e); err != nil || each == nil {
			return err
		}
		return each(e)
	})
	if err == nil {
		err = c.End(last, head)
	}
	if err == nil {
		err = s.compare(ctx, log, c, &r)
	}
	if err == nil {
		err = numbers.end(last)
	}
	if err == nil {
		err = s.comparePlaces(ctx, log, last, places)
	}
	if err == nil {
		err = s.compareFiles(ctx, log, last, files)
	}
	r.Events, r.Head = c.At()
	if errors.As(err, &r.Flaw) {
		return r, nil
	}
	return r, err
}

// page is a page of the log on its way through the replay, with the leaves of its events, and what they add to the sum of the places of
// commands, once done is closed.
type page struct {
	entries  []ledger.Entry
	previous []int64 // what each names as the one before it in its stream
	begins   []bool  // whether each is the first of its command
	sums     []uint64
	leaves   []ledger.Hash
	err      error
	done     chan struct{}
}

// ahead is how many pages are read and hashed before they are looked at.
const ahead = 4

// replay reads, hashes and checks side by side: a page is read while others are hashed and one is looked at, in order.
func (s *Store) replay(ctx context.Context, c *ledger.Checker, log name.District, last int64, places *placeSum, each func(*ledger.Entry) error) error {
	ctx, end := context.WithCancel(ctx)
	pages := make(chan *page, ahead)
	var readers sync.WaitGroup
	readers.Go(func() {
		defer close(pages)
		s.readPages(ctx, log, places.seed, pages)
	})
	defer readers.Wait()
	defer end()
	for p := range pages {
		<-p.done
		if p.err != nil {
			return p.err
		}
		for i := range p.entries {
			e := &p.entries[i]
			if e.Seq > last {
				return s.appended(ctx, log, c, e)
			}
			before := c.Last(e.Stream)
			if err := c.AddLeaf(e, p.leaves[i]); err != nil {
				return err
			}
			if p.previous[i] != before {
				return &ledger.Flaw{Seq: e.Seq, Code: FlawPrevious, Text: fmt.Sprintf("it names %d as the event of %s before it, which is %d", p.previous[i], e.Stream, before)}
			}
			places.sum ^= p.sums[i]
			if err := each(e); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// readPages reads a log page by page and has each hashed.
func (s *Store) readPages(ctx context.Context, log name.District, seed maphash.Seed, to chan<- *page) {
	var hashers sync.WaitGroup
	defer hashers.Wait()
	for after := int64(0); ctx.Err() == nil; {
		p := &page{done: make(chan struct{})}
		p.err = s.readPage(ctx, log, after, p)
		n := len(p.entries)
		if n > 0 {
			after = p.entries[n-1].Seq
		}
		hashers.Go(func() {
			defer close(p.done)
			var chain ledger.Chainer
			p.leaves, p.sums = make([]ledger.Hash, n), make([]uint64, n)
			for i := range p.entries {
				e := &p.entries[i]
				p.leaves[i] = chain.Leaf(&e.Event)
				if p.begins[i] {
					p.sums[i] = maphash.Comparable(seed, placed{spotOf(string(e.Log), e.Command), e.Seq})
				}
			}
		})
		select {
		case to <- p:
		case <-ctx.Done():
			return
		}
		if p.err != nil || n < MaxEntries {
			return
		}
	}
}

// readPage reads a page of a log.
func (s *Store) readPage(ctx context.Context, log name.District, after int64, p *page) error {
	return s.read(ctx, "log "+string(log), func(c conn) error {
		return c.query(selectEvent+"WHERE "+ofLog+" LIMIT $3", []any{string(log), after, MaxEntries}, func(r cells) error {
			p.entries, p.previous, p.begins = append(p.entries, scanEntry(r)), append(p.previous, r.int(20)), append(p.begins, r.int(21) == 0)
			return nil
		})
	})
}

// appended looks whether an entry behind the end was appended since the replay began, or does not belong there.
func (s *Store) appended(ctx context.Context, log name.District, c *ledger.Checker, e *ledger.Entry) error {
	last, _, err := s.Head(ctx, log)
	if seq, _ := c.At(); err == nil && e.Seq > last {
		err = &ledger.Flaw{Seq: seq + 1, Code: ledger.FlawGap, Text: fmt.Sprintf("entry %d stands behind the end of the log, %d", e.Seq, last)}
	}
	return err
}

// compare looks for rows without events, and rows behind or ahead of their stream's events.
// A row that moved since the replay began is looked at by its own events.
func (s *Store) compare(ctx context.Context, log name.District, c *ledger.Checker, r *Report) error {
	after, known := "", 0
	for {
		page, err := s.ends(ctx, log, after)
		if err != nil {
			return err
		}
		for _, row := range page {
			if c.Version(row.stream) > 0 {
				known++
			}
			if err := s.compareOne(ctx, c, row.stream, row.end); err != nil {
				return err
			}
			if row.flaw != "" {
				return &ledger.Flaw{Seq: max(1, row.seq), Code: FlawRow, Text: fmt.Sprintf("the row of %s: %s", row.stream, row.flaw)}
			}
			r.Rows++
			after = string(row.stream)
		}
		if len(page) < MaxEntries {
			return s.rowless(ctx, c, known)
		}
	}
}

// rowEnd is where a row says that its stream ends, and why lists would not show it as it is, if so.
type rowEnd struct {
	stream name.ID
	end
	flaw string
}

// ends returns a page of a log's rows, by their streams, each held against what lists and filters find it by.
func (s *Store) ends(ctx context.Context, log name.District, after string) (out []rowEnd, err error) {
	err = s.settled(ctx, "ends of rows", func(c conn) error {
		out = nil
		var rows []journal.Row
		if err := c.query(selectRow+"WHERE log = $1 AND stream > $2 ORDER BY stream LIMIT $3", []any{string(log), after, MaxEntries}, func(r cells) error {
			row, err := scanRow(r)
			if err == nil {
				rows, out = append(rows, row), append(out, rowEnd{row.Stream, end{row.Version, row.Seq}, derivedFlaw(&row, r)})
			}
			return err
		}); err != nil {
			return err
		}
		out, err = compareFacets(c, log, after, rows, out)
		return err
	})
	return out, err
}

// derivedFlaw says which column of a row is not what the others make it, empty if all are.
func derivedFlaw(row *journal.Row, r cells) string {
	for i := range rowColumns {
		col := &rowColumns[i]
		if col.put != nil {
			continue
		}
		text, _ := col.get(row).(string)
		number, _ := col.get(row).(int64)
		if col.text && text != r.text(i+1) || !col.text && number != r.int(i+1) {
			return fmt.Sprintf("its column %s is not what the others make it", col.name)
		}
	}
	return ""
}

// facetEntry is a facet as filters find it.
type facetEntry struct {
	journal.Facet
	kind string
	open int64
}

// compareFacets holds the facets of a page of rows, by which filters find them, against those that the rows name, and adds what filters would find
// without a row. after is the stream before the page.
func compareFacets(c conn, log name.District, after string, rows []journal.Row, out []rowEnd) ([]rowEnd, error) {
	last := "\U0010ffff"
	if len(rows) == MaxEntries {
		last = string(rows[len(rows)-1].Stream)
	}
	found := map[name.ID][]facetEntry{}
	err := c.query("SELECT stream, name, text, number, kind, open FROM facet WHERE log = $1 AND stream > $2 AND stream <= $3 ORDER BY stream, name, text",
		[]any{string(log), after, last}, func(r cells) error {
			id := name.ID(r.text(0))
			found[id] = append(found[id], facetEntry{journal.Facet{Name: r.text(1), Text: r.text(2), Number: r.int(3)}, r.text(4), r.int(5)})
			return nil
		})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		row := &rows[i]
		if !slices.EqualFunc(found[row.Stream], row.Facets, func(e facetEntry, f journal.Facet) bool {
			return e == facetEntry{f, row.Kind, num(row.Open)}
		}) && out[i].flaw == "" {
			out[i].flaw = "filters do not find it by what it says"
		}
		delete(found, row.Stream)
	}
	for _, stream := range slices.Sorted(maps.Keys(found)) {
		out = append(out, rowEnd{stream: stream, flaw: "filters find it, and there is none"})
	}
	return out, nil
}

// compareOne compares the end of a row with the one that the replay came to. If the stream has grown since, its later events have to lead there.
func (s *Store) compareOne(ctx context.Context, c *ledger.Checker, stream name.ID, row end) error {
	last := end{c.Version(stream), c.Last(stream)}
	if row == last {
		return nil
	}
	seq, _ := c.At()
	at := last.seq
	if last == (end{}) { // there is no event to name: the place that the row claims, or the first behind the log
		at = max(1, min(row.seq, seq+1))
	}
	flaw := &ledger.Flaw{Seq: at, Code: FlawRow, Text: fmt.Sprintf("the row of %s has version %d by event %d, its events end with %d, %d", stream, row.version, row.seq, last.version, last.seq)}
	if row.version <= last.version || row.seq <= seq {
		return flaw
	}
	var from, to end // of what came since
	previous := int64(0)
	err := s.read(ctx, "row "+string(stream), func(c conn) error {
		return c.query(ofStream+"SELECT version, seq, previous FROM event WHERE line IN (SELECT line FROM past) ORDER BY line",
			[]any{string(stream.District()), row.seq, string(stream), last.version}, func(r cells) error {
				to = end{r.int(0), r.int(1)}
				if from == (end{}) {
					from, previous = to, r.int(2)
				}
				return nil
			})
	})
	if err == nil && (to != row || from.version != last.version+1 || previous != last.seq) {
		err = flaw
	}
	return err
}

// rowless names the first stream whose row is gone, if fewer have one than the replay came across.
func (s *Store) rowless(ctx context.Context, c *ledger.Checker, known int) error {
	if c.Streams() == known {
		return nil
	}
	for _, stream := range c.Sorted() {
		_, err := s.Row(ctx, stream)
		if errors.Is(err, fault.ErrNotFound) {
			return &ledger.Flaw{Seq: c.Last(stream), Code: FlawRow, Text: fmt.Sprintf("%s has no row, its events end with %d, %d", stream, c.Version(stream), c.Last(stream))}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// What verifying finds besides the flaws of a log by itself.
const (
	FlawRow      ledger.FlawCode = "row"      // a row does not follow from the events
	FlawPrevious ledger.FlawCode = "previous" // an event does not name the one before it in its stream, which would be left out of its history
	FlawCommand  ledger.FlawCode = "command"  // a command is not known to have been carried out
)

// Backup writes a compact copy of the database to path, which must not exist yet, while reading and writing go on. It
// is complete but for the keys of subjects: whoever keeps copies keeps one list of keys beside them, the newest, so
// that what was erased since stays lost in every copy.
func (s *Store) Backup(ctx context.Context, path string) error {
	c, err := openSQLite(s.path, sqlite.OpenReadWrite) // its own: a reader may only ask
	if err != nil {
		return wrap(ctx, "backup to "+path, err)
	}
	defer c.close()
	defer c.during(ctx)()
	if err := newFile(path); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("backup: %s is there already: %w", path, fault.ErrInvalid)
	} else if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if _, err := c.exec("VACUUM INTO $1", path); err != nil {
		os.Remove(path)
		return wrap(ctx, "backup to "+path, err)
	}
	if err := withoutKeys(path); err != nil {
		return wrap(ctx, "backup to "+path, err)
	}
	return syncFile(path)
}

// newFile makes an empty file that its owner alone reads, before SQLite would make one by the mask of the process; what SQLite puts beside it is
// as its file is. It wraps [fs.ErrExist].
func newFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
