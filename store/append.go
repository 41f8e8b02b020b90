package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Limits of a batch.
const (
	MaxStreams = 100_000  // streams in one batch: the largest import, each record of which ends another
	MaxEvents  = 100_000  // events in one batch
	MaxFile    = 32 << 20 // bytes of one file
	MaxFacets  = 200      // facets of one row
	maxTitle   = 1000     // bytes
	maxText    = 400      // bytes of a facet, a state, a kind …
	maxValue   = 6000     // bytes of a personal value, sealed: 4,400 of what somebody wrote
)

// Append remembers a batch and returns its receipt when it is on the disk. The same command
// again returns the old receipt and changes nothing, whatever else the batch holds.
//
// It wraps [fault.ErrInvalid] if the batch breaks a limit, [fault.ErrConflict] if a stream
// has another version than expected, and [fault.ErrUnavailable] if the queue or the disk is
// full, the writer has stopped, or ctx ended: in the last case the batch may yet be remembered.
// It does not change the batch. Events without a suite get SM3.
func (s *Store) Append(ctx context.Context, b journal.Batch) (journal.Receipt, error) {
	p, err := prepare(b)
	if err != nil {
		return journal.Receipt{}, fmt.Errorf("append %s: %w", b.Command, err)
	}
	var r journal.Receipt
	if err := s.writer.write(ctx, func(t *txn) (err error) {
		r, err = t.append(p)
		return err
	}); err != nil {
		return journal.Receipt{}, fmt.Errorf("append %s: %w", b.Command, err)
	}
	return r, nil
}

// Receipt returns the receipt of a command that was appended before, and whether there is one.
func (s *Store) Receipt(ctx context.Context, log name.District, command string) (r journal.Receipt, found bool, err error) {
	err = s.read(ctx, "receipt of "+command, func(c conn) error { // in no snapshot: once its first event is seen, all are
		line, err := s.writer.commands.find(c, nil, spotOf(string(log), command), string(log), command)
		if err != nil || line == 0 {
			return err
		}
		found = true
		r, err = receipt(c, command, line)
		return err
	})
	return r, found, err
}

// prepared is a batch that was checked, with what its statements are given: what the asker's
// goroutine can do, the writer's need not.
type prepared struct {
	journal.Batch
	events [][]sealing // of each append
	spot   int64       // see spotOf
}

// prepare checks a batch and returns a copy with everything set that does not depend on the database.
func prepare(b journal.Batch) (*prepared, error) {
	if err := checkBatch(&b); err != nil {
		return nil, err
	}
	p := &prepared{b, make([][]sealing, len(b.Appends)), spotOf(string(b.Log), b.Command)}
	p.Appends = make([]journal.Append, len(b.Appends))
	seen := make(map[name.ID]bool, len(b.Appends))
	events := 0
	for i, a := range b.Appends {
		if seen[a.Stream] {
			return nil, fmt.Errorf("stream %s stands twice in the batch: %w", a.Stream, fault.ErrInvalid)
		}
		seen[a.Stream] = true
		if err := prepareAppend(&b, &a); err != nil {
			return nil, fmt.Errorf("stream %s: %w", a.Stream, err)
		}
		p.Appends[i] = a
		p.events[i] = make([]sealing, len(a.Events))
		for j := range a.Events {
			var asked []byte
			if events == 0 && b.Asked != (ledger.Hash{}) {
				asked = b.Asked[:]
			}
			p.events[i][j].prepare(&a.Events[j], events, asked)
			events++
		}
	}
	if events > MaxEvents {
		return nil, fmt.Errorf("%d events in a batch, %d are allowed: %w", events, MaxEvents, fault.ErrInvalid)
	}
	return p, nil
}

func checkBatch(b *journal.Batch) error {
	if _, err := name.ParseDistrict(string(b.Log)); err != nil {
		return err
	}
	if len(b.Appends) == 0 || len(b.Appends) > MaxStreams {
		return fmt.Errorf("%d streams in a batch, 1 to %d are allowed: %w", len(b.Appends), MaxStreams, fault.ErrInvalid)
	}
	for _, f := range b.Files {
		if len(f.Bytes) > MaxFile {
			return fmt.Errorf("file %s has %d bytes, %d are allowed: %w", f.Hash, len(f.Bytes), MaxFile, fault.ErrInvalid)
		}
		if sm3.Sum(f.Bytes) != f.Hash {
			return fmt.Errorf("file %s is not what its hash says: %w", f.Hash, fault.ErrInvalid)
		}
		if err := plain("file name", f.Name, maxText); err != nil {
			return err
		}
		if err := plain("media type", f.Media, maxText); err != nil {
			return err
		}
	}
	for _, p := range b.Personal {
		if p.Subject.District() != b.Log || p.Field == "" || p.Suite == "" {
			return fmt.Errorf("personal value of %q without subject, field or suite: %w", p.Subject, fault.ErrInvalid)
		}
		for _, s := range []string{string(p.Subject), p.Field, p.Suite, p.Value, p.Blind} {
			if err := plain("personal value", s, maxValue); err != nil {
				return err
			}
		}
	}
	return checkKeys(b)
}

func prepareAppend(b *journal.Batch, a *journal.Append) error {
	if a.Stream.District() != b.Log {
		return fmt.Errorf("a stream of another district than log %s: %w", b.Log, fault.ErrInvalid)
	}
	if len(a.Events) == 0 || a.Expected < 0 {
		return fmt.Errorf("%d events after version %d: %w", len(a.Events), a.Expected, fault.ErrInvalid)
	}
	if err := plain("series", a.Series, 100); err != nil {
		return err
	}
	events := make([]ledger.Event, len(a.Events))
	for i, e := range a.Events {
		if e.Command != "" && e.Command != b.Command {
			return fmt.Errorf("event of command %q in a batch of %q: %w", e.Command, b.Command, fault.ErrInvalid)
		}
		e.Log, e.Stream, e.Kind, e.Command = b.Log, a.Stream, a.Kind, b.Command
		e.Seq, e.Version, e.Number = 0, a.Expected+int64(i)+1, ""
		if e.Suite == 0 {
			e.Suite = ledger.SM3
		}
		if err := e.Check(); err != nil {
			return err
		}
		if err := object("body of event "+e.Type, e.Body); err != nil {
			return err
		}
		events[i] = e
	}
	a.Events = events
	if a.Row == nil {
		return fmt.Errorf("no row comes with the events: %w", fault.ErrInvalid)
	}
	r, err := prepareRow(a)
	a.Row = r
	return err
}

// object checks that b is a JSON object.
func object(what string, b []byte) error {
	if t := bytes.TrimLeft(b, " \t\r\n"); len(t) == 0 || t[0] != '{' || !json.Valid(b) {
		return fmt.Errorf("%s is not a JSON object: %w", what, fault.ErrInvalid)
	}
	return nil
}

// append carries out a prepared batch, unless its command was carried out before. Until the first write it refuses without a trace.
func (t *txn) append(b *prepared) (journal.Receipt, error) {
	line, err := t.commands.find(t.c, t.placed, b.spot, string(b.Log), b.Command)
	if err != nil {
		return journal.Receipt{}, err
	}
	if line != 0 {
		old, err := receipt(t.c, b.Command, line)
		old.Again = true
		return old, err
	}
	r, err := t.attempt(b)
	if err == nil {
		t.placed = append(t.placed, placed{b.spot, lineOf(t.heads[b.Log].number, r.FirstSeq)})
	}
	return r, err
}

func (t *txn) attempt(b *prepared) (journal.Receipt, error) {
	old := make([]*journal.Row, len(b.Appends))
	for i := range b.Appends {
		row, err := t.end(&b.Appends[i])
		if err != nil {
			return journal.Receipt{}, err
		}
		old[i] = row
	}
	h, err := t.head(b.Log)
	if err != nil {
		return journal.Receipt{}, err
	}
	r := journal.Receipt{Command: b.Command, Asked: b.Asked, FirstSeq: h.seq + 1, At: b.Appends[0].Events[0].At, Streams: make([]journal.StreamAt, len(b.Appends))}
	for i := range b.Appends {
		if r.Streams[i], err = t.one(h, b, i, old[i]); err != nil {
			return journal.Receipt{}, fmt.Errorf("stream %s: %w", b.Appends[i].Stream, err)
		}
	}
	r.LastSeq, r.Head = h.seq, h.head
	if err := t.files(b.Files); err != nil {
		return journal.Receipt{}, err
	}
	return r, t.persons(&b.Batch)
}

// one appends the events of the i-th stream of a batch and remembers its row.
func (t *txn) one(h *headAt, b *prepared, i int, old *journal.Row) (journal.StreamAt, error) {
	a := &b.Appends[i]
	at := journal.StreamAt{Stream: a.Stream, Version: a.Expected + int64(len(a.Events))}
	r, previous := *a.Row, int64(0)
	r.Version = at.Version
	if old != nil {
		previous, r.Number = old.Seq, cmp.Or(r.Number, old.Number)
	}
	if a.Series != "" {
		number, err := t.next(b.Log, a.Series)
		if err != nil {
			return at, err
		}
		at.Number, r.Number = number, number
	}
	for j := range a.Events {
		e := &b.events[i][j]
		h.seq++
		e.Seq, e.Number = h.seq, ""
		if j == 0 {
			e.Number = at.Number
		}
		e.leaf = t.chain.Leaf(&e.Event)
		h.head = t.chain.Head(e.Suite, h.head, e.leaf)
		if err := t.event(e, h, previous); err != nil {
			return at, err
		}
		previous = e.Seq
	}
	r.Seq = previous
	t.changed(b.Log, &r, old)
	return at, nil
}
