package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Finder finds what holds a text. A room beside the desk keeps the index; see [Desk.FindBy].
type Finder interface {
	// Best returns the matters that the caller may read and that hold the text of a question, best first, at most n, and how many
	// there are. It narrows by kinds, states, units, area and whether they are open; what else the question asks is the list's.
	Best(ctx context.Context, who Caller, q journal.Query, n int) (streams []name.ID, total int, err error)
	// Holding returns how many there are for Best to find, without looking which are the best.
	Holding(ctx context.Context, who Caller, q journal.Query) (int, error)
	// BestRecords is Best over the records of a register.
	BestRecords(ctx context.Context, who Caller, register, text string, n int) (streams []name.ID, total int, err error)
	// BestOpen is Best over what anybody may read of public matters of some kinds.
	BestOpen(ctx context.Context, kinds []string, text string, n int) (streams []name.ID, total int, err error)
}

// FindBy lets lists look for texts in a full-text index. It is called before requests are served.
func (d *Desk) FindBy(f Finder) { d.finder = f }

// MostFound is how many rows a list that is narrowed by a text has at most: the best ones. [journal.Page.Found] says how many
// there are where there are more.
const MostFound = 500

// found narrows a question of a list to what holds its text, where there is an index; what is too short for it is looked for in
// title and number. It returns how many hold the text where the list has only the best of them, otherwise 0, and reports false
// when nothing can be found.
func (d *Desk) found(q *journal.Query, find best) (more int64, some bool, err error) {
	if d.finder == nil || q.Text == "" || len(q.Streams) > 0 {
		return 0, true, nil
	}
	streams, total, err := find(q)
	if errors.Is(err, fault.ErrInvalid) {
		return 0, true, nil
	}
	if q.Text, q.Streams = "", streams; total > len(streams) {
		more = int64(total)
	}
	return more, len(streams) > 0, err
}

// best finds the [MostFound] best of what a question narrows to, and how many there are.
type best func(q *journal.Query) (streams []name.ID, total int, err error)

// best finds matters that the caller may read.
func (d *Desk) best(ctx context.Context, who Caller) best {
	return func(q *journal.Query) ([]name.ID, int, error) { return d.finder.Best(ctx, who, *q, MostFound) }
}

// bestRecords finds records of a register.
func (d *Desk) bestRecords(ctx context.Context, who Caller, register string) best {
	return func(q *journal.Query) ([]name.ID, int, error) {
		return d.finder.BestRecords(ctx, who, register, q.Text, MostFound)
	}
}

// bestOpen finds what anybody may read.
func (d *Desk) bestOpen(ctx context.Context) best {
	return func(q *journal.Query) ([]name.ID, int, error) {
		return d.finder.BestOpen(ctx, q.Kinds, q.Text, MostFound)
	}
}

// once finds what it has found before for a question that is the same in all that a [Finder] looks at, and what is open of some units, kinds and
// states among all that is open, if all of that was found: the list narrows it. It may be asked by many goroutines.
func once(find best) best {
	type answer struct {
		streams []name.ID
		total   int
		err     error
	}
	var mu sync.Mutex
	asked := map[string]func() answer{}
	ask := func(q *journal.Query) answer {
		open := "both"
		if q.Open != nil {
			open = strconv.FormatBool(*q.Open)
		}
		key := fmt.Sprintf("%q %q %q %q %q %s", q.Text, q.Kinds, q.States, q.Units, q.Area, open)
		mu.Lock()
		f, ok := asked[key]
		if !ok {
			q := *q
			f = sync.OnceValue(func() (a answer) {
				a.streams, a.total, a.err = find(&q)
				return a
			})
			asked[key] = f
		}
		mu.Unlock()
		return f()
	}
	return func(q *journal.Query) ([]name.ID, int, error) {
		if q.Open != nil && *q.Open && len(q.Units)+len(q.Kinds)+len(q.States)+len(q.Area) > 0 {
			all := *q
			all.Units, all.Kinds, all.States, all.Area = nil, nil, nil, ""
			if a := ask(&all); a.err == nil && a.total <= len(a.streams) {
				return a.streams, a.total, nil
			}
		}
		a := ask(q)
		return a.streams, a.total, a.err
	}
}

// Shown returns the rows of streams that the caller may read, in the order of the streams: what a list shows of what was
// found. At most 500.
func (d *Desk) Shown(ctx context.Context, who Caller, noun ledger.StreamKind, streams []name.ID) ([]journal.Row, error) {
	if len(streams) == 0 {
		return nil, nil
	}
	q := journal.Query{Streams: streams, Limit: len(streams)}
	var page journal.Page
	var err error
	switch {
	case noun == ledger.Record:
		page, err = d.Records(ctx, who, q)
	case d.Holds(who, access.MatterRead, access.Matter):
		page, err = d.Worklist(ctx, who, q)
	default:
		page, err = d.PublicMatters(ctx, q)
	}
	rank := make(map[name.ID]int, len(streams))
	for i, s := range streams {
		rank[s] = i
	}
	slices.SortFunc(page.Rows, func(a, b journal.Row) int { return rank[a.Stream] - rank[b.Stream] })
	return page.Rows, err
}
