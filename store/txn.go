package store

import (
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// txn is one transaction of the writer. It keeps the heads and the numbers that it moves in
// memory and writes them once at the end, with the entry of the rows that it changed.
type txn struct {
	c        conn
	memory        // what the writer remembers between transactions
	dirty    bool // something was written since the job began
	chain    ledger.Chainer
	behind   *behind
	commands *commands
	taken    map[name.ID]*journal.Row // rows that this transaction has taken to their table
	fresh    []*change
	entry    map[name.District][]byte
	marks    []mark
	placed   []placed       // commands that this transaction carries out
	stored   []journal.File // small ones that are new
	ended    []ledger.Hash  // sessions that were changed
	before   int64          // sessions that ended by then were dropped
}

// memory is what the writer knows because it has written it and nobody else writes. It is
// forgotten when a transaction fails.
type memory struct {
	heads map[name.District]*headAt
	last  map[seriesKey]*lastAt
	ends  map[name.ID]*journal.Row // of streams written lately
}

func newMemory() memory {
	return memory{map[name.District]*headAt{}, map[seriesKey]*lastAt{}, map[name.ID]*journal.Row{}}
}

type headAt struct {
	number      int64 // of the log, from 1 in the order in which logs began
	seq, before int64 // before is what the table holds, 0 if it has no row
	head        ledger.Hash
}

type seriesKey struct {
	log  name.District
	name string
}

type lastAt struct{ last, before int64 }

// maxEnds bounds what the writer remembers; at about 1 kB each, 8 MB.
const maxEnds = 8192

// keep remembers a stream's new end for the next batch on it.
func (t *txn) keep(r *journal.Row) {
	if len(t.ends) >= maxEnds {
		for old := range t.ends { // any will do: what is dropped is read again
			delete(t.ends, old)
			break
		}
	}
	t.ends[r.Stream] = r
}

func (t *txn) exec(sql string, args ...any) (int64, error) {
	t.dirty = true
	return t.c.exec(sql, args...)
}

const selectHead = "SELECT seq, head, number FROM head WHERE log = $1"

// head returns the end of a log as this transaction sees it.
func (t *txn) head(log name.District) (*headAt, error) {
	if h := t.heads[log]; h != nil {
		return h, nil
	}
	h := &headAt{head: t.chain.Start(log)}
	found, err := one(t.c, selectHead, []any{string(log)}, func(r cells) {
		h.seq, h.before = r.int(0), r.int(0)
		r.copy(1, h.head[:])
		h.number = r.int(2)
	})
	if err == nil && !found {
		err = t.number(h)
	}
	if err != nil {
		return nil, err
	}
	t.heads[log] = h
	return h, nil
}

// number gives a new log the number behind those of all others.
func (t *txn) number(h *headAt) error {
	_, err := one(t.c, "SELECT coalesce(max(number), 0) FROM head", nil, func(r cells) { h.number = r.int(0) })
	for _, other := range t.heads { // some may not be written yet
		h.number = max(h.number, other.number)
	}
	h.number++
	return err
}

// next allots the next number of a series: its name and at least five digits.
func (t *txn) next(log name.District, series string) (string, error) {
	key := seriesKey{log, series}
	at := t.last[key]
	if at == nil {
		at = &lastAt{}
		_, err := one(t.c, "SELECT last FROM series WHERE log = $1 AND name = $2", []any{string(log), series}, func(r cells) {
			at.last, at.before = r.int(0), r.int(0)
		})
		if err != nil {
			return "", err
		}
		t.rememberSeries(key, at)
	}
	at.last++
	return numberIn(series, at.last), nil
}

// maxSeries bounds what the writer remembers of numbers.
const maxSeries = 4096

func (t *txn) rememberSeries(key seriesKey, at *lastAt) {
	if len(t.last) >= maxSeries {
		for k, old := range t.last {
			if old.last == old.before {
				delete(t.last, k)
			}
		}
	}
	t.last[key] = at
}

// changed remembers a stream's row as it is after this transaction.
func (t *txn) changed(log name.District, r, old *journal.Row) {
	before := old
	if row, taken := t.taken[r.Stream]; taken {
		before = row
	}
	t.fresh = append(t.fresh, &change{stream: r.Stream, before: before, now: r})
	t.entry[log] = appendEntry(t.entry[log], old, r)
	t.keep(r)
}

// take writes what is due to the tables and forgets the entries that are no longer needed.
func (t *txn) take(due *arrears) error {
	if due.lot != nil {
		t.dirty = true
		if err := t.commands.putLot(t.c, due.lot); err != nil {
			return err
		}
	}
	for _, c := range due.rows {
		t.taken[c.stream] = c.now
	}
	if err := t.project(due.rows); err != nil || len(due.rows) == 0 {
		return err
	}
	return t.past(t.behind.past(len(due.rows)))
}

// finish writes the heads and numbers that moved, each only if nobody else has moved it, and the entry of the rows.
func (t *txn) finish(round int64) error {
	for log, h := range t.heads {
		if h.seq == h.before {
			continue
		}
		if err := t.swap("UPDATE head SET seq = $1, head = $2 WHERE log = $3 AND number = $4 AND seq = $5",
			"INSERT INTO head (seq, head, log, number) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			h.before, h.seq, h.head[:], string(log), h.number); err != nil {
			return err
		}
		h.before = h.seq
	}
	for key, at := range t.last {
		if at.last == at.before {
			continue
		}
		if err := t.swap("UPDATE series SET last = $1 WHERE log = $2 AND name = $3 AND last = $4",
			"INSERT INTO series (last, log, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
			at.before, at.last, string(key.log), key.name); err != nil {
			return err
		}
		at.before = at.last
	}
	return t.entries(round)
}

func (t *txn) entries(round int64) error {
	for log, rows := range t.entry {
		if len(rows) == 0 {
			continue
		}
		h := t.heads[log]
		line := lineOf(h.number, h.seq)
		if _, err := t.exec("INSERT INTO behind (line, log, seq, rows) VALUES ($1, $2, $3, $4)", line, string(log), h.seq, rows); err != nil {
			return err
		}
		t.marks = append(t.marks, mark{round, log, line, len(rows)})
	}
	for _, c := range t.fresh {
		c.since = round
	}
	return nil
}

// swap updates a row whose old value is before, or inserts the first one.
func (t *txn) swap(update, insert string, before int64, args ...any) error {
	sql := insert
	if before != 0 {
		sql, args = update, append(args, before)
	}
	n, err := t.exec(sql, args...)
	if err == nil && n != 1 {
		err = fmt.Errorf("another process has written: %w", fault.ErrConflict)
	}
	return err
}
