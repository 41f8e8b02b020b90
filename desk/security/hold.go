package security

import (
	"context"
	"fmt"
	"slices"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// FlawSecurity is what verifying finds where the security log is not what the record says of it.
const FlawSecurity ledger.FlawCode = "security"

// Trial holds the security log against what the record says of it, while the record is verified: it is given every event by [Trial.Take], then
// looks at what stands there by [Trial.End]. The zero value is ready. It keeps the seals of lines that were not dropped.
type Trial struct {
	seals []placedSeal
	fault error
}

// placedSeal is a seal and its place in the record.
type placedSeal struct {
	Seal
	at int64
}

// Take takes an event of the record, whose place and leaf are known to be right.
func (t *Trial) Take(e *ledger.Event) {
	if e.Type != TypeSealed || t.fault != nil {
		return
	}
	s, err := readSeal(e)
	n := len(t.seals)
	if err == nil && n > 0 && (s.Through < t.seals[n-1].Through || s.After < t.seals[n-1].After) {
		err = fmt.Errorf("it seals up to line %d what was sealed up to line %d before", s.Through, t.seals[n-1].Through)
	}
	if err != nil {
		t.fault = &ledger.Flaw{Seq: e.Seq, Code: FlawSecurity, Text: err.Error()}
		return
	}
	t.seals = append(slices.DeleteFunc(t.seals, func(x placedSeal) bool { return x.Through <= s.After }), placedSeal{s, e.Seq})
}

// Reader is where lines and seals stand.
type Reader interface {
	SecurityLines(ctx context.Context, a journal.SecurityAsk) ([]journal.SecurityLine, error)
	Rows(ctx context.Context, q journal.Query) (journal.Page, error)
	Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error)
}

// End holds the lines against the seals. It returns a [ledger.Flaw] at the first seal that does not agree. Lines behind the last seal are not held:
// the next one holds them.
func (t *Trial) End(ctx context.Context, from Reader, log name.District) error {
	if t.fault != nil || len(t.seals) == 0 {
		return t.fault
	}
	err := t.hold(ctx, from, log)
	if err == nil {
		return nil
	}
	_, last, found, broken := lastSeal(ctx, from, log) // lines may have been dropped since the record was read
	if broken != nil {
		return broken
	}
	if !found || last.After <= t.last().After {
		return err
	}
	t.seals = append(t.seals, placedSeal{last, t.last().at})
	return t.hold(ctx, from, log)
}

func (t *Trial) last() *placedSeal { return &t.seals[len(t.seals)-1] }

func (t *Trial) hold(ctx context.Context, from Reader, log name.District) error {
	first, err := from.SecurityLines(ctx, journal.SecurityAsk{Log: log, Rising: true, Limit: 1})
	if err != nil {
		return err
	}
	base := t.last() // or one before, where lines still stand of which it says that they were dropped: they go next
	for i := len(t.seals) - 1; len(first) > 0 && i >= 0 && first[0].Seq <= base.After; i-- {
		base = &t.seals[i]
	}
	if len(first) > 0 && first[0].Seq <= base.After {
		return base.flaw(fmt.Sprintf("line %d of the security log stands where the lines up to %d were dropped", first[0].Seq, base.After))
	}
	head, err := ledger.ParseHash(base.Start)
	if err != nil {
		return err
	}
	at, next := base.After, 0
	for next < len(t.seals) && t.seals[next].Through <= at {
		next++
	}
	err = walk(ctx, from, log, base.After, t.last().Through, head, func(l *journal.SecurityLine, after ledger.Hash) error {
		head = after
		for ; next < len(t.seals) && t.seals[next].Through <= l.Seq; next++ {
			s := &t.seals[next]
			if s.Through < l.Seq || s.Head != after.String() {
				return s.flaw(fmt.Sprintf("lines %d to %d of the security log are not those that this record seals", at+1, s.Through))
			}
			at = s.Through
		}
		return nil
	})
	if err == nil && next < len(t.seals) {
		s := &t.seals[next]
		err = s.flaw(fmt.Sprintf("lines %d to %d of the security log are not those that this record seals: the last of them are not there", at+1, s.Through))
	}
	return err
}

func (s *placedSeal) flaw(text string) error {
	return &ledger.Flaw{Seq: s.at, Code: FlawSecurity, Text: text}
}
