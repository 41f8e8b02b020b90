// Package boards assesses matters month by month by the scorecards of packs 考评: how many were reported, due, done in time and
// done again, by unit, place and class, with a score. Every figure opens the very matters that it counts.
//
// A month that runs is counted from the rows once and then follows the matters that change; [Room.Freeze] settles it as the
// list of its matters, from which the same figures are counted ever after. [Room.Overview] tells how the matters of a kind stand now.
package boards

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/ground/rule"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Room is where boards are kept.
type Room struct {
	desk  *desk.Desk
	store desk.Store

	mu   sync.Mutex
	kept map[string]*followed // months asked for lately, by card and month
	most int                  // matters of those months together, [keptLines]
	asks int64                // how often a month was asked for
}

// New returns the room over a desk and its store, and has it told what the desk appends.
func New(d *desk.Desk, store desk.Store) *Room {
	r := &Room{desk: d, store: store, kept: map[string]*followed{}, most: keptLines}
	d.Listen(r.heard)
	return r
}

// Sheet is a month of a scorecard: every matter that belongs to it.
type Sheet struct {
	Card   *indicator.Scorecard
	Kind   *matter.Kind
	Month  string // 2023-09
	At     int64  // µs, as of when it holds
	Frozen int64  // µs, 0 while it is not settled
	By     name.Actor
	lines  *lines

	sorted *sorter // nil for one that is settled
}

// Limits of a month.
const (
	maxLines  = 500_000 // matters of one month
	maxKept   = 12      // months in memory, over all scorecards: those asked for last
	keptLines = 100_000 // matters of those months together, but for the last asked for: some 15 MB
)

// Cards returns the scorecards that there are.
func (r *Room) Cards() []*indicator.Scorecard { return r.desk.Packs().Scorecards() }

// Month returns a month of a scorecard: the settled one if there is one, otherwise as its matters are now.
// It wraps [fault.ErrNotFound] for a card that there is not and a month that has not begun.
func (r *Room) Month(ctx context.Context, who desk.Caller, ref, month string) (*Sheet, error) {
	if err := r.allow(who, access.AssessmentRead); err != nil {
		return nil, err
	}
	card, ok := r.desk.Packs().Scorecard(ref)
	if !ok {
		return nil, fmt.Errorf("scorecard %q: %w", ref, fault.ErrNotFound)
	}
	first, err := calendar.ParseDate(month + "-01")
	if err != nil || len(month) != 7 || first > r.desk.Today() {
		return nil, fault.Refuse(fault.ErrNotFound, "no-edition", "month")
	}
	return r.month(ctx, card, first)
}

func (r *Room) allow(who desk.Caller, a access.Action) error {
	return r.desk.Allow(who, a, access.Object{Type: access.Assessment, Unit: who.Unit, UnitPath: r.desk.Directory().Path(who.Unit), Class: access.Internal})
}

// count counts a month from the rows. It takes time in proportion to the month's matters.
func (r *Room) count(ctx context.Context, card *indicator.Scorecard, first calendar.Date) (*Sheet, error) {
	k, ok := r.desk.Packs().Kind(card.Of)
	if !ok {
		return nil, fmt.Errorf("kind %s: %w", card.Of, fault.ErrNotFound)
	}
	sorted, err := newSorter(card, k, first)
	if err != nil {
		return nil, err
	}
	now := r.desk.Now()
	s := &Sheet{Card: card, Kind: k, Month: indicator.Month(first), At: now, sorted: sorted}
	every := journal.Query{Log: r.desk.District(), Now: now, Scope: journal.Scope{All: true}, Kinds: []string{k.Ref}, Order: journal.ByOpened, Limit: 500}
	in := journal.Between{From: int64(first.Start()), Until: int64((first.MonthEnd() + 1).Start())}
	opened, closed, due := every, every, every
	opened.Opened, closed.Closed = in, in
	due.Facets = []journal.Facet{{Name: matter.MeasureDue, Text: s.Month}}
	seen, all := map[name.ID]bool{}, []indicator.ScoreLine(nil)
	for _, q := range []journal.Query{opened, closed, due} {
		if err := r.pages(ctx, q, func(row *journal.Row) error {
			if seen[row.Stream] {
				return nil
			}
			seen[row.Stream] = true
			line, err := sorted.line(row)
			if line.In != 0 {
				all = append(all, line)
			}
			if len(all) > maxLines {
				return fmt.Errorf("more than %d matters in %s: %w", maxLines, s.Month, fault.ErrInvalid)
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, byMatter)
	s.lines = newLines(len(card.By), all)
	return s, nil
}

// pages walks all rows of a query.
func (r *Room) pages(ctx context.Context, q journal.Query, do func(*journal.Row) error) error {
	for {
		page, err := r.store.Rows(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			if err := do(&page.Rows[i]); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}

// sorter tells to which counts of a month a row belongs.
type sorter struct {
	card  *indicator.Scorecard
	month string
	in    journal.Between
	rules []*rule.Rule // nil for all
}

func newSorter(card *indicator.Scorecard, k *matter.Kind, first calendar.Date) (*sorter, error) {
	schema, err := rule.NewSchema(pack.ScoreFields(k))
	if err != nil {
		return nil, fmt.Errorf("fields of %s: %w", k.Ref, err)
	}
	s := &sorter{card: card, month: indicator.Month(first), in: journal.Between{From: int64(first.Start()), Until: int64((first.MonthEnd() + 1).Start())}}
	for _, c := range card.Counts {
		var compiled *rule.Rule
		if c.Where != "" {
			if compiled, err = rule.Compile(c.Where, schema); err != nil {
				return nil, fmt.Errorf("count %s of %s: %w", c.Key, card.Ref, err)
			}
		}
		s.rules = append(s.rules, compiled)
	}
	return s, nil
}

// line sorts a row. A measure that it does not have is “no” for what is counted, and nothing for the month and being in time.
func (s *sorter) line(row *journal.Row) (indicator.ScoreLine, error) {
	line := indicator.ScoreLine{Of: row.Stream, Number: row.Number, Title: row.Title, Under: make([]string, 0, len(s.card.By))}
	facts, err := desk.Measured(row)
	if err != nil {
		return line, err
	}
	for _, key := range s.card.By {
		line.Under = append(line.Under, facts[key])
	}
	for i, c := range s.card.Counts {
		if !s.cohort(c.Cohort, row, facts) {
			continue
		}
		if s.rules[i] == nil {
			line.In |= 1 << i
			continue
		}
		v, err := s.rules[i].Eval(facts)
		if err != nil {
			return line, fmt.Errorf("count %s of %s at %s: %w", c.Key, s.card.Ref, row.Stream, err)
		}
		if v.Answer == rule.Yes {
			line.In |= 1 << i
		}
	}
	return line, nil
}

// cohort reports whether a row belongs to the month by what the cohort looks at.
func (s *sorter) cohort(c indicator.Cohort, row *journal.Row, facts map[string]string) bool {
	switch c {
	case indicator.ByOpening:
		return s.in.From <= row.Opened && row.Opened < s.in.Until
	case indicator.ByClosing:
		return row.Closed != 0 && s.in.From <= row.Closed && row.Closed < s.in.Until
	case indicator.ByDue:
		return facts[matter.MeasureDue] == s.month
	}
	return false
}

// Board is [indicator.Scorecard.Board] of the month's matters.
func (s *Sheet) Board(by string) (rows []indicator.ScoreRow, all indicator.ScoreRow) {
	return s.Card.Board(s.lines.shares(), by)
}

// Behind returns lines of a figure, of one count, under one key of a breakdown, or of all: from the from-th on so many, and how many there are.
func (s *Sheet) Behind(count, by, under string, from, most int) (lines []indicator.ScoreLine, all int, err error) {
	i, at := s.Card.Count(count), slices.Index(s.Card.By, by)
	if i < 0 || by != "" && at < 0 {
		return nil, 0, fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	word := slices.Index(s.lines.words, under)
	for n, in := range s.lines.in {
		if in&(1<<i) == 0 || by != "" && int(s.lines.under[n*s.lines.wide+at]) != word {
			continue
		}
		if all >= from && len(lines) < most {
			lines = append(lines, s.lines.line(n))
		}
		all++
	}
	return lines, all, nil
}

// Field returns the field of a breakdown.
func (s *Sheet) Field(by string) *field.Field { return field.Find(s.Kind.Fields, by) }
