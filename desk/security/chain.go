package security

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// This file ties the security log to the record: each line goes into a running hash, and an event of the record, a seal, says every so often how
// far the lines had come and what the hash then was. The record is chained, signed and cosigned, so that whoever alters a line that was sealed, or
// takes one away, is found by [Trial.End]. No line is dropped without a seal that says so.

// SealKind is the kind of the row of the seals.
const SealKind = "security-log"

// TypeSealed is the type of a seal's event.
const TypeSealed = "security.sealed"

// SealEvery is how long lines wait for a seal at most while the house is served, in µs. Ours: what is altered sooner, by somebody who also kills the
// process before the next seal, is not found.
const SealEvery = int64(time.Hour / time.Microsecond)

// Seal is the body of a seal: the lines after After and up to Through lead from Start to Head. Lines up to After were dropped when their time was
// over, or are older than the seals.
type Seal struct {
	After   int64  `json:"after"`
	Start   string `json:"start"` // hexadecimal
	Through int64  `json:"through"`
	Head    string `json:"head"` // hexadecimal
}

// follow is the hash after one more line: SM3 of a domain, the hash before, and every column with its length, so that no two logs share it.
func follow(head ledger.Hash, l *journal.SecurityLine) (next ledger.Hash) {
	b := append([]byte("bihuan/security-line/1"), head[:]...)
	b, _ = binary.Append(b, binary.BigEndian, []int64{l.Seq, l.From, l.Until, l.Record, l.Count}) // of whole numbers: cannot fail
	for _, s := range []string{l.Kind, l.Code, string(l.Person), l.Network, l.Where} {
		b, _ = binary.Append(b, binary.BigEndian, int64(len(s)))
		b = append(b, s...)
	}
	h := ledger.SM3.New()
	h.Write(b)
	h.Sum(next[:0])
	return next
}

// walk follows the lines behind a number up to another, 0 for all, and tells each of them with the hash after it.
func walk(ctx context.Context, s Reader, log name.District, after, through int64, head ledger.Hash, each func(*journal.SecurityLine, ledger.Hash) error) error {
	for {
		page, err := s.SecurityLines(ctx, journal.SecurityAsk{Log: log, After: after, Rising: true, Limit: walkAtOnce})
		if err != nil {
			return err
		}
		for i := range page {
			if through != 0 && page[i].Seq > through {
				return nil
			}
			head, after = follow(head, &page[i]), page[i].Seq
			if err := each(&page[i], head); err != nil {
				return err
			}
		}
		if len(page) < walkAtOnce {
			return nil
		}
	}
}

const walkAtOnce = 500

// chain is how far this process has come. What it wrote itself it does not read again: whoever alters a line is not followed.
type chain struct {
	sealing             // with an empty id before the first
	sealed  Seal        // the last
	at      int64       // µs, when it was made; 0 if there is none, or another process made it
	through int64       // the last line
	head    ledger.Hash // after it
	unsure  bool        // a write failed: what came of it stands in the table
}

// begin finds where the seals stand and follows the lines that came after the last. The caller holds flushes.
func (r *Room) begin(ctx context.Context) error {
	c := &chain{}
	stream, last, found, err := lastSeal(ctx, r.store, r.desk.District())
	if err != nil {
		return err
	}
	if found {
		c.sealing, c.sealed, c.through = stream, last, last.Through
		if c.head, err = ledger.ParseHash(last.Head); err != nil {
			return err
		}
		if err := r.store.DropSecurity(ctx, r.desk.District(), last.After); err != nil { // what a seal says is gone, and a crash left
			return err
		}
	} else {
		first, err := r.store.SecurityLines(ctx, journal.SecurityAsk{Log: r.desk.District(), Rising: true, Limit: 1})
		if err != nil {
			return err
		}
		if len(first) > 0 { // lines from before there were seals
			c.through = first[0].Seq - 1
		}
		c.sealed = Seal{After: c.through, Start: c.head.String(), Through: c.through, Head: c.head.String()}
	}
	r.chain = c
	return r.catchUp(ctx)
}

// sealing is the stream of the seals, and how many there are.
type sealing struct {
	id      name.ID
	version int64
}

// lastSeal returns the last seal of a log, if there is one.
func lastSeal(ctx context.Context, s Reader, log name.District) (of sealing, last Seal, found bool, err error) {
	page, err := s.Rows(ctx, journal.Query{Log: log, Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{SealKind}, Order: journal.ByOpened, Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		return of, last, false, err
	}
	of = sealing{page.Rows[0].Stream, page.Rows[0].Version}
	events, err := s.Events(ctx, of.id, of.version-1)
	if err == nil && len(events) == 0 {
		err = fmt.Errorf("seal %d of the security log: %w", of.version, fault.ErrNotFound)
	}
	if err != nil {
		return of, last, false, err
	}
	last, err = readSeal(&events[len(events)-1])
	of.version = events[len(events)-1].Version
	return of, last, err == nil, err
}

// catchUp follows what stands in the table and not in the chain: lines of a process that ended before it sealed them, or of a write of which
// nobody knows whether it went through.
func (r *Room) catchUp(ctx context.Context) error {
	c := r.chain
	c.unsure = true
	err := walk(ctx, r.store, r.desk.District(), c.through, 0, c.head, func(l *journal.SecurityLine, head ledger.Hash) error {
		c.through, c.head = l.Seq, head
		return nil
	})
	c.unsure = err != nil
	return err
}

// write adds lines and follows them.
func (r *Room) write(ctx context.Context, lines []journal.SecurityLine) error {
	c := r.chain
	last, err := r.store.AddSecurity(ctx, r.desk.District(), c.through, lines)
	if err != nil {
		c.unsure = true
		return err
	}
	for i := range lines {
		lines[i].Seq = last - int64(len(lines)-1-i)
		c.head = follow(c.head, &lines[i])
	}
	c.through = last
	return nil
}

// Seal writes into the record how far the lines have come, if there are new ones. It is called at the end of a process; [Room.Flush] does it while
// one runs.
func (r *Room) Seal(ctx context.Context) error {
	if r == nil {
		return nil
	}
	r.flushes.Lock()
	defer r.flushes.Unlock()
	if r.chain == nil {
		return nil
	}
	return r.seal(ctx, r.chain.sealed.After, r.chain.sealed.Start)
}

// seal seals the lines after one; start is the hash after that one. The caller holds flushes.
func (r *Room) seal(ctx context.Context, after int64, start string) error {
	c := r.chain
	s := Seal{After: after, Start: start, Through: c.through, Head: c.head.String()}
	if s == c.sealed {
		return nil
	}
	id := c.id
	if id == "" {
		id = r.desk.NewID()
	}
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	own := b.Own(id, ledger.Account, c.version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return sealRow(id, &s, b.At()) })
	if err := own.Add(name.System, TypeSealed, "", s); err != nil {
		return err
	}
	if _, err := b.Commit(); err != nil {
		r.chain = nil // it may be there: the next time begins from what is
		return err
	}
	c.id, c.version, c.sealed, c.at = id, c.version+1, s, b.At()
	return nil
}

func readSeal(e *ledger.Event) (s Seal, err error) {
	if err = json.Unmarshal(e.Body, &s); err != nil {
		err = fmt.Errorf("body of event %d of the seals %s: %w", e.Version, e.Stream, err)
	}
	return s, err
}

func sealRow(id name.ID, s *Seal, at int64) (*journal.Row, error) {
	body, err := json.Marshal(s)
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: SealKind, Title: "security", State: "sealed", Opened: at, Body: body}, err
}

// KeepSeals has a replay hold the row of the seals against what the log makes of it.
func KeepSeals(r *desk.Replay) {
	r.Keep(TypeSealed, desk.KeptRows(func(_ *journal.Row, e *ledger.Event) (*journal.Row, error) {
		s, err := readSeal(e)
		if err != nil {
			return nil, err
		}
		return sealRow(e.Stream, &s, e.At)
	}, nil))
}

// drop drops lines whose time is over, once a day: first a seal says from which line on there is something, then they go.
func (r *Room) drop(ctx context.Context) error {
	now, c := r.desk.Now(), r.chain
	if now-r.dropped < 24*time.Hour.Microseconds() {
		return nil
	}
	r.dropped = now
	through, err := r.store.OldSecurity(ctx, r.desk.District(), now-Keep, MostLines)
	if err != nil || through <= c.sealed.After {
		return err
	}
	start, err := ledger.ParseHash(c.sealed.Start)
	if err != nil {
		return err
	}
	if err := walk(ctx, r.store, r.desk.District(), c.sealed.After, through, start, func(_ *journal.SecurityLine, head ledger.Hash) error {
		start = head
		return nil
	}); err != nil {
		return err
	}
	if err := r.seal(ctx, through, start.String()); err != nil {
		return err
	}
	return r.store.DropSecurity(ctx, r.desk.District(), through)
}
