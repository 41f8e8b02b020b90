package store

import (
	"context"
	"fmt"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// FlawNumber is the flaw of a series of numbers that does not follow from the events.
const FlawNumber ledger.FlawCode = "number"

// seriesSum counts the numbers of a log's series again while the log is replayed: they are without a gap, and the table that allots the next
// one ends where they end. Otherwise a case to come would get a number that another has, or one would be left out.
type seriesSum struct {
	last   map[string]int64 // as the table says, at the end of what is replayed
	counts map[string]int64
}

// endOfLog returns the end of a log and its series as they were at one moment.
func (s *Store) endOfLog(ctx context.Context, log name.District) (seq int64, head ledger.Hash, n *seriesSum, err error) {
	err = s.snapshot(ctx, "end of "+string(log), func(c conn) error {
		var chain ledger.Chainer
		seq, head, n = 0, chain.Start(log), &seriesSum{map[string]int64{}, map[string]int64{}}
		if _, err := one(c, selectHead, []any{string(log)}, func(r cells) {
			seq = r.int(0)
			r.copy(1, head[:])
		}); err != nil {
			return err
		}
		return c.query("SELECT name, last FROM series WHERE log = $1", []any{string(log)}, func(r cells) error {
			n.last[r.text(0)] = r.int(1)
			return nil
		})
	})
	return seq, head, n, err
}

// take counts an entry's number, if it has one. A number is the name of its series and at least five digits; names end with digits too, so
// that the series is the one of the table whose next number it is.
func (n *seriesSum) take(e *ledger.Entry) error {
	if e.Number == "" {
		return nil
	}
	for width := 5; width < len(e.Number); width++ {
		series := e.Number[:len(e.Number)-width]
		if _, known := n.last[series]; known && e.Number == numberIn(series, n.counts[series]+1) {
			n.counts[series]++
			return nil
		}
	}
	return &ledger.Flaw{Seq: e.Seq, Code: FlawNumber, Text: fmt.Sprintf("no series comes to %s next", e.Number)}
}

// end compares the counts with the table. last is the end of the log.
func (n *seriesSum) end(last int64) error {
	worst := ""
	for series, at := range n.last {
		if at != n.counts[series] && (worst == "" || series < worst) {
			worst = series
		}
	}
	if worst == "" {
		return nil
	}
	return &ledger.Flaw{Seq: max(1, last), Code: FlawNumber, Text: fmt.Sprintf("the series %s is said to end with %d, its numbers end with %d", worst, n.last[worst], n.counts[worst])}
}

// numberIn returns the n-th number of a series.
func numberIn(series string, n int64) string { return fmt.Sprintf("%s%05d", series, n) }
