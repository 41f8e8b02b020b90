package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// countQuery returns the question whose answer is a counted figure for a goal, as it stands at a time: the same question
// counts, and lists the rows behind the figure.
func (d *Desk) countQuery(def *indicator.Definition, g *indicator.Goal, at int64) (journal.Query, error) {
	c := def.Count
	where, err := d.predicate(c.Of, c.Where)
	if err != nil {
		return journal.Query{}, fmt.Errorf("indicator %s: %w", def.Ref, err)
	}
	q := journal.Query{Log: d.world.District, Now: at, Scope: journal.Scope{All: true}, Kinds: []string{c.Of}, Where: where}
	in := journal.Between{From: int64(g.Start.Start()), Until: min(at+1, int64((g.Due + 1).Start()))}
	switch c.Cohort {
	case indicator.ByOpening:
		q.Opened = in
	case indicator.ByClosing:
		q.Closed = in
	case indicator.ByDue:
		q.Due = in
	}
	return q, nil
}

// count returns a counted figure and how many rows stand behind it.
func (d *Desk) count(ctx context.Context, def *indicator.Definition, g *indicator.Goal, at int64) (money.Decimal, int64, error) {
	q, err := d.countQuery(def, g, at)
	if err != nil {
		return money.Decimal{}, 0, err
	}
	whole, err := d.tally(ctx, q, def.Count.Sum)
	if err != nil {
		return money.Decimal{}, 0, err
	}
	switch def.Count.Measure {
	case indicator.Sum:
		v, err := money.Scaled(whole.Sum, 4)
		return v, whole.Count, err
	case indicator.Ratio:
		if q.Where, err = d.predicate(def.Count.Of, and(def.Count.Where, def.Count.Of100)); err != nil {
			return money.Decimal{}, 0, err
		}
		part, err := d.tally(ctx, q, "")
		if err != nil || whole.Count == 0 {
			return money.Decimal{}, whole.Count, err
		}
		v, err := money.Int(part.Count * 100).Quo(money.Int(whole.Count))
		return v.Round(2), whole.Count, err
	}
	return money.Int(whole.Count), whole.Count, nil
}

func and(a, b string) string {
	if a == "" {
		return b
	}
	return "(" + a + ") && (" + b + ")"
}

func (d *Desk) tally(ctx context.Context, q journal.Query, sum string) (journal.Bucket, error) {
	buckets, err := d.store.Tally(ctx, journal.Tally{Query: q, Sum: sum})
	if err != nil || len(buckets) == 0 {
		return journal.Bucket{}, err
	}
	return buckets[0], nil
}

// Behind returns a page of the rows behind a counted goal's figure. The pages that follow are of the same moment as
// the first one, which the cursor keeps. Of a matter that the caller may not read it tells what anybody may read of one of its kind, as [Desk.OpenRow]
// leaves it; a title that is not public is its number.
func (d *Desk) Behind(ctx context.Context, who Caller, id name.ID, cursor string, limit int) (journal.Page, error) {
	v, err := d.Goal(ctx, who, id)
	if err != nil || v.Definition == nil || v.Definition.Count == nil {
		return journal.Page{}, err
	}
	page, err := d.behind(ctx, &v, journal.Scope{All: true}, cursor, limit)
	if err != nil {
		return page, err
	}
	return page, d.coverUnread(ctx, who, page.Rows)
}

// coverUnread leaves in rows of matters that the caller may not read what may be known of them by whoever reads what they count for.
func (d *Desk) coverUnread(ctx context.Context, who Caller, rows []journal.Row) error {
	for i := range rows {
		r := &rows[i]
		if r.Noun != ledger.Matter {
			continue
		}
		may, err := d.MayReadMatter(ctx, who, r.Stream)
		if err != nil {
			return err
		}
		if may {
			continue
		}
		k, _ := d.Packs().Kind(r.Kind)
		open := r.Public && k != nil && slices.Contains(k.Public, "title")
		if err := d.OpenRow(r); err != nil {
			return err
		}
		if !open {
			r.Title, r.Body = r.Number, []byte("{}")
		}
	}
	return nil
}

func (d *Desk) behind(ctx context.Context, v *GoalView, scope journal.Scope, cursor string, limit int) (journal.Page, error) {
	at, from := d.world.Now(), ""
	if cursor != "" {
		moment, rest, ok := strings.Cut(cursor, ".")
		n, err := strconv.ParseInt(moment, 10, 64)
		if err != nil || !ok || n > at {
			return journal.Page{}, fmt.Errorf("a cursor of another list: %w", fault.ErrInvalid)
		}
		at, from = n, rest
	}
	q, err := d.countQuery(v.Definition, &v.Goal, at)
	if err != nil {
		return journal.Page{}, err
	}
	q.Scope, q.Order, q.Cursor, q.Limit = scope, journal.ByOpened, from, limit
	page, err := d.store.Rows(ctx, q)
	if page.Next != "" {
		page.Next = strconv.FormatInt(at, 10) + "." + page.Next
	}
	return page, err
}

// Feeding returns a page of every row of the kind that a counted goal counts from, whatever its state: those that
// count already and those that hold it back. Of a matter that the caller may not read it tells as little as [Desk.Behind].
func (d *Desk) Feeding(ctx context.Context, who Caller, id name.ID, cursor string, limit int) (journal.Page, error) {
	v, err := d.Goal(ctx, who, id)
	if err != nil || v.Definition == nil || v.Definition.Count == nil {
		return journal.Page{}, err
	}
	where, err := d.predicate(v.Definition.Count.Of, v.Definition.Count.Where)
	if err != nil {
		return journal.Page{}, err
	}
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Kinds: []string{v.Definition.Count.Of},
		Where: withoutState(where), Order: journal.ByDue, Cursor: cursor, Limit: limit})
	if err != nil {
		return page, err
	}
	return page, d.coverUnread(ctx, who, page.Rows)
}

// Recount counts a goal again and records the figure if it has moved; cause is the matter whose act moved it.
func (d *Desk) Recount(ctx context.Context, id, cause name.ID) error {
	return d.onGoal(ctx, "", id, func(b *Batch, p *part) error {
		def, ok := d.Packs().Indicator(p.goal.Feed.Indicator)
		if !ok || p.goal.Closed != 0 {
			return nil
		}
		if p.goal.Feed.Mode == indicator.Derived {
			return b.derive(p, def)
		}
		if def.Count == nil {
			return nil
		}
		v, rows, err := d.count(ctx, def, p.goal, b.at)
		if err != nil {
			return err
		}
		return b.counted(p, v, rows, cause)
	})
}

// counted records a figure that the platform worked out, unless it is the one that stands.
func (b *Batch) counted(p *part, v money.Decimal, rows int64, cause name.ID) error {
	today := calendar.Instant(b.at).Date()
	last, has := p.goal.Latest(today)
	if has && last.Value.Cmp(v) == 0 && last.Rows == rows && last.Period == indicator.Month(today) {
		return nil
	}
	body, err := p.goal.Record(indicator.Figure{Period: indicator.Month(today), Value: v, Standing: indicator.Confirmed, Rows: rows, Cause: cause}, name.System)
	if err != nil {
		return err
	}
	return b.add(p, name.System, indicator.Recorded, "", body)
}

// light adds the event that announces a goal's light, if it is another one than was announced last.
func (b *Batch) light(p *part) error {
	r := b.d.read(p.goal)
	if r.Light == p.goal.Light {
		return nil
	}
	body, err := json.Marshal(indicator.Lamp{Light: r.Light, Was: p.goal.Light, Why: r.Why, Gap: r.Gap})
	if err != nil {
		return err
	}
	return b.add(p, name.System, indicator.Lit, "", body)
}

// readFeeds finds the goals that are counted or derived, by what they follow; see [Desk.feeders].
func (d *Desk) readFeeds(ctx context.Context) (map[string][]name.ID, error) {
	feeds := map[string][]name.ID{}
	for _, mode := range []indicator.Mode{indicator.Counted, indicator.Derived} {
		if err := d.readFeedsOf(ctx, mode, feeds); err != nil {
			return nil, err
		}
	}
	return feeds, nil
}

func (d *Desk) readFeedsOf(ctx context.Context, mode indicator.Mode, feeds map[string][]name.ID) error {
	yes := true
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "indicator", Kinds: []string{GoalKind}, Open: &yes,
		Facets: []journal.Facet{{Name: "mode", Text: string(mode)}}, Order: journal.ByOpened, Limit: 500}
	for {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			if def := d.measuredBy(&page.Rows[i]); def != nil {
				for _, key := range d.feeders(def) {
					feeds[key] = append(feeds[key], page.Rows[i].Stream)
				}
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}

// measuredBy is the indicator of a goal's row, nil for none that is installed.
func (d *Desk) measuredBy(r *journal.Row) *indicator.Definition {
	for _, f := range r.Facets {
		if f.Name == "indicator" {
			def, _ := d.Packs().Indicator(f.Text)
			return def
		}
	}
	return nil
}

// Follow brings the figures up with what was appended: it is heard after each batch and recounts the goals that
// are counted from, or derived of, what the batch changed. New ones join the feeds and are counted at once.
func (d *Desk) Follow(ctx context.Context, a Announcement) error {
	for _, ap := range a.Batch.Appends {
		if ap.Row == nil {
			continue
		}
		if ap.Kind == "indicator" && ap.Expected == 0 {
			if err := d.joinFeed(ctx, ap.Row); err != nil {
				return err
			}
			continue
		}
		if moved, isMatter := a.Moved[ap.Stream]; isMatter && !moved {
			continue
		}
		for _, id := range d.following(ap.Row) {
			if err := d.counts.once(id, func() error { return d.Recount(ctx, id, ap.Stream) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// recounts keeps two goroutines from counting one goal at a time: what comes while a goal is being counted makes it
// be counted once more, by the one who is at it.
type recounts struct {
	mu    sync.Mutex
	under map[name.ID]bool // being counted; true if it has to be counted again
}

func (r *recounts) once(id name.ID, count func() error) error {
	r.mu.Lock()
	if _, busy := r.under[id]; busy {
		r.under[id] = true
		r.mu.Unlock()
		return nil
	}
	if r.under == nil {
		r.under = map[name.ID]bool{}
	}
	for again := true; again; {
		r.under[id] = false
		r.mu.Unlock()
		err := count()
		r.mu.Lock()
		again = r.under[id] && err == nil
		if !again {
			delete(r.under, id)
			r.mu.Unlock()
			return err
		}
	}
	return nil
}

func (d *Desk) joinFeed(ctx context.Context, r *journal.Row) error {
	def := d.measuredBy(r)
	if def == nil {
		return nil
	}
	if def.Returns != nil {
		if err := d.onGoal(ctx, "", r.Stream, func(b *Batch, p *part) error { return b.takeReturns(p, def.Returns) }); err != nil {
			return err
		}
	}
	keys := d.feeders(def)
	if len(keys) == 0 {
		return nil
	}
	d.mu.Lock()
	for _, key := range keys {
		d.feeds[key] = append(d.feeds[key], r.Stream)
	}
	d.mu.Unlock()
	return d.Recount(ctx, r.Stream, "")
}
