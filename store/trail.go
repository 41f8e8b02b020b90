package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// maxLooked is how many events one question of a trail looks through: some tenths of a second. The log has no indexes by
// who and what, which would cost its writer more than the few who ask would gain.
const (
	maxLooked = 200_000
	maxTypes  = 40
)

// Trail returns events of a log, newest first; see [journal.Trail]. It wraps [fault.ErrInvalid] for a limit passed.
func (s *Store) Trail(ctx context.Context, q journal.Trail) (out journal.Trace, err error) {
	if q.Limit == 0 {
		q.Limit = 50
	}
	if q.Limit < 0 || q.Limit > MaxPage || len(q.Types) > maxTypes || len(q.Roles) > maxTypes || q.Before < 0 {
		return out, fmt.Errorf("trail of %d events by %d types: %w", q.Limit, len(q.Types), fault.ErrInvalid)
	}
	var waiting *journal.Row
	if q.Stream != "" {
		waiting = s.writer.behind.row(q.Stream)
	}
	err = s.snapshot(ctx, "trail", func(c conn) error {
		from, until, err := s.span(c, &q)
		if err != nil || from >= until {
			return err
		}
		if q.Stream == "" && until-from > maxLooked {
			from = until - maxLooked
			out.Reached = from
		}
		out.Entries, err = trail(c, &q, waiting, from, until)
		if len(out.Entries) > q.Limit {
			out.Entries = out.Entries[:q.Limit]
			out.Reached = out.Entries[q.Limit-1].Seq
		}
		return err
	})
	return out, err
}

// span returns the places in the log, from the first up to but not including the last, between which a trail lies.
func (s *Store) span(c conn, q *journal.Trail) (from, until int64, err error) {
	last := int64(0)
	if _, err := one(c, selectHead, []any{string(q.Log)}, func(r cells) { last = r.int(0) }); err != nil {
		return 0, 0, err
	}
	from, until = 1, last+1
	if q.Time.From > 0 {
		if from, err = s.placeAt(c, q.Log, q.Time.From, last); err != nil {
			return 0, 0, err
		}
	}
	if q.Time.Until > 0 {
		if until, err = s.placeAt(c, q.Log, q.Time.Until, last); err != nil {
			return 0, 0, err
		}
	}
	if q.Before > 0 {
		until = min(until, q.Before)
	}
	return from, until, nil
}

// placeAt returns the place of the first event at or after an instant: events come in the order of the server's clock.
func (s *Store) placeAt(c conn, log name.District, at, last int64) (int64, error) {
	low, high := int64(1), last+1
	for low < high {
		middle, found := (low+high)/2, int64(0)
		if _, err := one(c, "SELECT at FROM event WHERE "+ofLog+" LIMIT 1", []any{string(log), middle - 1}, func(r cells) { found = r.int(0) }); err != nil {
			return 0, err
		}
		if found < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// trail reads one event more than the limit of those from..until that a trail asks for. waiting is as for streamEnd.
func trail(c conn, q *journal.Trail, waiting *journal.Row, from, until int64) ([]ledger.Entry, error) {
	b := &builder{}
	with, log := "", b.arg(string(q.Log))
	if q.Stream != "" {
		end, err := streamEnd(c, q.Stream, waiting)
		if err != nil {
			return nil, err
		}
		b.args = append(b.args, end.seq, string(q.Stream), 0) // in the order of ofStream
		with = ofStream
		b.add("line IN (SELECT line FROM past)")
	}
	b.add("line >= (SELECT (number << 44) + " + b.arg(from) + " FROM head WHERE log = " + log + ")")
	b.add("line < (SELECT (number << 44) + " + b.arg(until) + " FROM head WHERE log = " + log + ")")
	if q.Person != "" {
		who := b.arg(string(q.Person))
		b.add("(person = " + who + " OR acting_for = " + who + ")")
	}
	if q.Unit != "" {
		b.add("unit = " + b.arg(string(q.Unit)))
	}
	if len(q.Roles) > 0 {
		b.add("role IN (" + list(b, q.Roles) + ")")
	}
	if len(q.Types) > 0 {
		b.add("(" + strings.Join(ofTypes(b, q.Types), " OR ") + ")")
	}
	return entries(c, with, "WHERE "+b.where()+" ORDER BY line DESC LIMIT "+b.arg(q.Limit+1), b.args...)
}

// ofTypes returns a condition for each type, or beginning of one.
func ofTypes(b *builder, types []string) (conds []string) {
	for _, t := range slices.Compact(slices.Sorted(slices.Values(types))) {
		if family, ok := strings.CutSuffix(t, "."); ok { // ranges instead of LIKE, which databases read differently
			conds = append(conds, "(type >= "+b.arg(t)+" AND type < "+b.arg(family+"/")+")")
		} else {
			conds = append(conds, "type = "+b.arg(t))
		}
	}
	return conds
}
