package store

import (
	"context"
	"errors"
	"fmt"
	"os"
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

// Verify replays a log from its first entry and compares the versions of its rows. each, if
// not nil, is called for every good entry in order, so that the caller can replay the
// projections; an error from it that is a [ledger.Flaw] ends in the report.
//
// It cannot see a log that was cut off, or rewritten as a whole, together with its head:
// that takes a head kept elsewhere. What is appended meanwhile is left for the next time.
func (s *Store) Verify(ctx context.Context, log name.District, each func(*ledger.Entry) error) (Report, error) {
	var r Report
	last, head, err := s.Head(ctx, log)
	if err != nil {
		return r, err
	}
	c := ledger.NewChecker(log)
	err = s.replay(ctx, c, log, last, each)
	if err == nil {
		err = c.End(last, head)
	}
	if err == nil {
		err = s.compare(ctx, log, c, &r)
	}
	r.Events, r.Head = c.At()
	if errors.As(err, &r.Flaw) {
		return r, nil
	}
	return r, err
}

// page is a page of the log on its way through the replay, with the leaves of its events once done is closed.
type page struct {
	entries []ledger.Entry
	leaves  []ledger.Hash
	err     error
	done    chan struct{}
}

// ahead is how many pages are read and hashed before they are looked at.
const ahead = 4

// replay reads, hashes and checks side by side: a page is read while others are hashed and one is looked at, in order.
func (s *Store) replay(ctx context.Context, c *ledger.Checker, log name.District, last int64, each func(*ledger.Entry) error) error {
	ctx, end := context.WithCancel(ctx)
	pages := make(chan *page, ahead)
	var readers sync.WaitGroup
	readers.Go(func() {
		defer close(pages)
		s.readPages(ctx, log, pages)
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
			if err := c.AddLeaf(e, p.leaves[i]); err != nil {
				return err
			}
			if each == nil {
				continue
			}
			if err := each(e); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// readPages reads a log page by page and has each hashed.
func (s *Store) readPages(ctx context.Context, log name.District, to chan<- *page) {
	var hashers sync.WaitGroup
	defer hashers.Wait()
	for after := int64(0); ctx.Err() == nil; {
		p := &page{done: make(chan struct{})}
		p.entries, p.err = s.Log(ctx, log, after, MaxEntries)
		n := len(p.entries)
		if n > 0 {
			after = p.entries[n-1].Seq
		}
		hashers.Go(func() {
			defer close(p.done)
			var chain ledger.Chainer
			p.leaves = make([]ledger.Hash, n)
			for i := range p.entries {
				p.leaves[i] = chain.Leaf(&p.entries[i].Event)
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
	after := ""
	for {
		page, err := s.versions(ctx, log, after)
		if err != nil {
			return err
		}
		for _, at := range page {
			if err := s.compareOne(ctx, c, at); err != nil {
				return err
			}
			r.Rows++
			after = string(at.Stream)
		}
		if len(page) < MaxEntries {
			return nil
		}
	}
}

func (s *Store) versions(ctx context.Context, log name.District, after string) (out []journal.StreamAt, err error) {
	err = s.settled(ctx, "versions of rows", func(c conn) error {
		return c.query("SELECT stream, version FROM row WHERE log = $1 AND stream > $2 ORDER BY stream LIMIT $3",
			[]any{string(log), after, MaxEntries}, func(r cells) error {
				out = append(out, journal.StreamAt{Stream: name.ID(r.text(0)), Version: r.int(1)})
				return nil
			})
	})
	return out, err
}

func (s *Store) compareOne(ctx context.Context, c *ledger.Checker, at journal.StreamAt) error {
	if c.Version(at.Stream) == at.Version {
		return nil
	}
	version, row, seq := int64(0), int64(0), int64(0)
	if err := s.snapshot(ctx, "row "+string(at.Stream), func(c conn) error {
		key := []any{string(at.Stream.District()), string(at.Stream)}
		if _, err := one(c, "SELECT version, seq FROM event WHERE log = $1 AND stream = $2 ORDER BY version DESC LIMIT 1", key,
			func(r cells) { version, seq = r.int(0), r.int(1) }); err != nil {
			return err
		}
		if _, err := one(c, "SELECT version FROM row WHERE log = $1 AND stream = $2", key, func(r cells) { row = r.int(0) }); err != nil {
			return err
		}
		changes, err := leftBehind(c) // in this snapshot
		for _, ch := range changes {
			if ch.stream == at.Stream {
				row = ch.now.Version
			}
		}
		return err
	}); err != nil {
		return err
	}
	if row == version && version >= c.Version(at.Stream) && version > 0 {
		return nil
	}
	return &ledger.Flaw{Seq: seq, Code: FlawRow, Text: fmt.Sprintf("the row of %s has version %d, its events end with %d", at.Stream, row, version)}
}

// FlawRow says that a row does not follow from the events.
const FlawRow ledger.FlawCode = "row"

// Backup writes a compact copy of the database to path, which must not exist yet, while reading and writing go on. It
// is complete but for the keys of subjects: whoever keeps copies keeps one list of keys beside them, the newest, so
// that what was erased since stays lost in every copy.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("backup: %s is there already: %w", path, fault.ErrInvalid)
	}
	c, err := openSQLite(s.path, sqlite.OpenReadWrite) // its own: a reader may only ask
	if err != nil {
		return wrap(ctx, "backup to "+path, err)
	}
	defer c.close()
	defer c.during(ctx)()
	if _, err := c.exec("VACUUM INTO $1", path); err != nil {
		return wrap(ctx, "backup to "+path, err)
	}
	if err := withoutKeys(path); err != nil {
		return wrap(ctx, "backup to "+path, err)
	}
	return syncFile(path)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
