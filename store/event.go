package store

import (
	"context"
	"fmt"
	"iter"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// MaxEntries is the most that Log returns at once.
const MaxEntries = 1000

const insertEvent = `INSERT INTO event (log, seq, stream, kind, version, at, person, acting_for, unit, role, type, schema,
	suite, number, reason, command, part, salt, body, leaf, head, line, previous, asked)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`

// ofLog are the events of log $1 behind seq $2, in order and from the table alone.
const ofLog = `line > (SELECT (number << 44) + $2 FROM head WHERE log = $1) AND line < (SELECT (number + 1) << 44 FROM head WHERE log = $1) ORDER BY line`

// lineOf is where an event stands among those of all logs: behind the logs with a smaller number, and by its seq.
func lineOf(number, seq int64) int64 { return number<<44 + seq }

// numberOf is the number of the log that a line belongs to.
func numberOf(line int64) int64 { return line >> 44 }

// sealing is an event on its way into the log, with the arguments of insertEvent.
type sealing struct {
	ledger.Event
	part       int64
	schema     int64
	suite      int64
	body       string
	leaf, head ledger.Hash
	line       int64
	previous   int64
	args       [24]any // point to the above, but for what was asked
}

// prepare sets everything but what the log gives an event. asked is nil but for the first event of its command.
func (s *sealing) prepare(e *ledger.Event, part int, asked []byte) {
	s.Event, s.part, s.schema, s.suite, s.body = *e, int64(part), int64(e.Schema), int64(e.Suite), string(e.Body)
	e = &s.Event
	s.args = [...]any{(*string)(&e.Log), &e.Seq, (*string)(&e.Stream), (*string)(&e.Kind), &e.Version, &e.At,
		(*string)(&e.Actor.Person), (*string)(&e.Actor.For), (*string)(&e.Actor.Unit), (*string)(&e.Actor.Role), &e.Type, &s.schema,
		&s.suite, &e.Number, &e.Reason, &e.Command, &s.part, &e.Salt, &s.body, (*[32]byte)(&s.leaf), (*[32]byte)(&s.head), &s.line, &s.previous, asked}
}

// event writes an event behind the one of its stream with seq previous.
func (t *txn) event(e *sealing, log *headAt, previous int64) error {
	e.head, e.line, e.previous = log.head, lineOf(log.number, e.Seq), previous
	_, err := t.exec(insertEvent, e.args[:]...)
	return err
}

const selectEvent = `SELECT log, seq, stream, kind, version, at, person, acting_for, unit, role, type, schema,
	suite, number, reason, command, salt, body, leaf, head, previous, part FROM event `

// ofStream puts before a question a table past of the lines of stream $3 in log $1, from the event with seq $2 back to the one
// behind version $4. Each event names the one before it, so that the cost is that of the events found.
const ofStream = `WITH RECURSIVE past (line, seq, previous) AS (
	SELECT line, seq, previous FROM event WHERE line = (SELECT (number << 44) + $2 FROM head WHERE log = $1) AND stream = $3 AND version > $4
	UNION ALL SELECT event.line, event.seq, event.previous FROM past JOIN event
	ON event.line = past.line - past.seq + past.previous AND event.line < past.line AND event.stream = $3 AND event.version > $4) `

func scanEntry(r cells) ledger.Entry {
	var e ledger.Entry
	e.Log, e.Seq, e.Stream, e.Kind = name.District(r.text(0)), r.int(1), name.ID(r.text(2)), ledger.StreamKind(r.text(3))
	e.Version, e.At = r.int(4), r.int(5)
	e.Actor = name.Actor{Person: name.Person(r.text(6)), For: name.Person(r.text(7)), Unit: name.Unit(r.text(8)), Role: name.Role(r.text(9))}
	e.Type, e.Schema, e.Suite = r.text(10), int(r.int(11)), ledger.Suite(r.int(12))
	e.Number, e.Reason, e.Command = r.text(13), r.text(14), r.text(15)
	r.copy(16, e.Salt[:])
	e.Body = r.bytes(17)
	r.copy(18, e.Leaf[:])
	r.copy(19, e.Head[:])
	return e
}

func entries(c conn, with, where string, args ...any) ([]ledger.Entry, error) {
	var out []ledger.Entry
	err := c.query(with+selectEvent+where, args, func(r cells) error {
		out = append(out, scanEntry(r))
		return nil
	})
	return out, err
}

// Events returns the events of a stream behind the given version, oldest first; none is no error.
func (s *Store) Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error) {
	waiting := s.writer.behind.row(stream)
	var out []ledger.Event
	err := s.read(ctx, "events of "+string(stream), func(c conn) error {
		end, err := streamEnd(c, stream, waiting)
		if err != nil || end.version <= after {
			return err
		}
		out = make([]ledger.Event, 0, end.version-after)
		if err := c.query(ofStream+selectEvent+"WHERE line IN (SELECT line FROM past) ORDER BY line",
			[]any{string(stream.District()), end.seq, string(stream), after}, func(r cells) error {
				out = append(out, scanEntry(r).Event)
				return nil
			}); err != nil {
			return err
		}
		if n := len(out); n == 0 || out[0].Version != after+1 || int64(n) != end.version-after {
			return fmt.Errorf("stream %s has version %d, but %d events are found behind version %d: verify the log", stream, end.version, n, after)
		}
		return nil
	})
	return out, err
}

// end is where a stream ends.
type end struct{ version, seq int64 }

// streamEnd returns the end of a stream, the zero one if there is none. waiting is its row if the tables do not show it yet, asked for
// before the database is, so that a row that has just been taken there is seen in one of the two.
func streamEnd(c conn, stream name.ID, waiting *journal.Row) (e end, err error) {
	if waiting != nil {
		return end{waiting.Version, waiting.Seq}, nil
	}
	_, err = one(c, "SELECT version, seq FROM row WHERE log = $1 AND stream = $2", []any{string(stream.District()), string(stream)},
		func(r cells) { e = end{r.int(0), r.int(1)} })
	return e, err
}

// Log returns at most limit entries of a log behind the given place, in order. A limit of 0,
// or above [MaxEntries], means MaxEntries.
func (s *Store) Log(ctx context.Context, log name.District, after int64, limit int) (out []ledger.Entry, err error) {
	if limit <= 0 || limit > MaxEntries {
		limit = MaxEntries
	}
	err = s.read(ctx, "log "+string(log), func(c conn) (err error) {
		out, err = entries(c, "", "WHERE "+ofLog+" LIMIT $3", string(log), after, limit)
		return err
	})
	return out, err
}

// Head returns how many entries a log has and the head after the last. An empty log has
// the head that [ledger.Chainer.Start] gives.
func (s *Store) Head(ctx context.Context, log name.District) (seq int64, head ledger.Hash, err error) {
	var chain ledger.Chainer
	head = chain.Start(log)
	err = s.read(ctx, "head of "+string(log), func(c conn) error {
		_, err := one(c, selectHead, []any{string(log)}, func(r cells) {
			seq = r.int(0)
			r.copy(1, head[:])
		})
		return err
	})
	return seq, head, err
}

// Logs returns the logs that have begun, in order; none is no error.
func (s *Store) Logs(ctx context.Context) (all []name.District, err error) {
	err = s.read(ctx, "logs", func(c conn) error {
		all = nil
		return c.query("SELECT log FROM head WHERE seq > 0 ORDER BY log", nil, func(r cells) error {
			all = append(all, name.District(r.text(0)))
			return nil
		})
	})
	return all, err
}

// Entries reads a log from behind the given place to its present end, a page at a time, so
// that a long reading holds up nobody. It ends after the first error.
func (s *Store) Entries(ctx context.Context, log name.District, after int64) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for {
			page, err := s.Log(ctx, log, after, MaxEntries)
			if err != nil {
				yield(ledger.Entry{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
				after = e.Seq
			}
			if len(page) < MaxEntries {
				return
			}
		}
	}
}

// receipt reads back what a command was answered: its events stand together, from its first, which stands at line.
func receipt(c conn, command string, line int64) (r journal.Receipt, err error) {
	r.Command = command
	err = c.query("SELECT seq, at, stream, version, number, head, command, asked FROM event WHERE line >= $1 ORDER BY line", []any{line}, func(row cells) error {
		if row.text(6) != command {
			return errStop
		}
		addToReceipt(&r, row)
		return nil
	})
	return r, err
}

func addToReceipt(r *journal.Receipt, row cells) {
	if r.LastSeq == 0 {
		r.FirstSeq, r.At = row.int(0), row.int(1)
		row.copy(7, r.Asked[:])
	}
	r.LastSeq = row.int(0)
	row.copy(5, r.Head[:])
	stream := name.ID(row.text(2))
	if n := len(r.Streams); n == 0 || r.Streams[n-1].Stream != stream {
		r.Streams = append(r.Streams, journal.StreamAt{Stream: stream, Number: row.text(4)})
	}
	r.Streams[len(r.Streams)-1].Version = row.int(3)
}
