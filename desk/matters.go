package desk

import (
	"context"
	"errors"
	"fmt"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// MatterView is a matter with everything that its page shows.
type MatterView struct {
	matter.Matter
	Def     *matter.Kind
	Light   matter.Light
	Acts    []ActView
	Clocks  []ClockView
	History []Entry
	Goals   []GoalView    // that it fulfils
	Related []journal.Row // matters linked to it, either way
}

// ClockView is a clock as it stands now, with its own explanation.
type ClockView struct {
	matter.Clock
	Def        *matter.ClockKind
	Light      matter.Light
	Standing   name.Text // 剩余3个工作日, 已超2个工作日, 暂停
	DueDate    calendar.Date
	Derivation []name.Text
}

// Words are the clock's words, with its stage if it has stages; its key where its kind has gone.
func (v ClockView) Words() name.Text {
	if v.Def == nil {
		return name.Text{ZH: v.Key, EN: v.Key}
	}
	return v.Def.WordsOf(v.Stage)
}

// Entry is one line of a history: an event in words' raw material.
type Entry struct {
	ledger.Event
	Change matter.Change
	Leaf   ledger.Hash // what the chain commits to
}

// Matter returns one matter that the caller may read; one that it may not is not found.
func (d *Desk) Matter(ctx context.Context, who Caller, id name.ID) (MatterView, error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return MatterView{}, err
	}
	if err := d.allow(who, access.MatterRead, d.object(&m)); err != nil {
		return MatterView{}, fmt.Errorf("matter %s: %w", id, fault.ErrNotFound)
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return MatterView{}, err
	}
	v := MatterView{Matter: m, Def: k, Light: m.Light(d.world.Now()), Acts: d.Acts(who, k, &m)}
	for _, c := range m.Clocks {
		v.Clocks = append(v.Clocks, d.clockView(k, c))
	}
	if v.History, err = d.history(ctx, id); err != nil {
		return v, err
	}
	for _, g := range m.Linked(matter.Fulfils) {
		gv, err := d.goalView(ctx, g)
		if err != nil {
			return v, err
		}
		v.Goals = append(v.Goals, gv)
	}
	v.Related, err = d.related(ctx, who, &m)
	return v, err
}

// clockView explains a clock. A clock whose times cannot be derived again shows what stands in the events.
func (d *Desk) clockView(k *matter.Kind, c matter.Clock) ClockView {
	v := d.plainClock(k, c)
	if v.Def != nil {
		v.Standing, v.Derivation = matter.Explain(v.Def, &c, d.world.Now(), d.Env())
	}
	return v
}

// plainClock is clockView without how the clock stands and how that came about.
func (d *Desk) plainClock(k *matter.Kind, c matter.Clock) ClockView {
	return ClockView{Clock: c, Def: k.Clock(c.Key), Light: c.Light(d.world.Now()), DueDate: calendar.Instant(c.Due - 1).Date()}
}

func (d *Desk) history(ctx context.Context, id name.ID) ([]Entry, error) {
	events, err := d.store.Events(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(events))
	var chain ledger.Chainer
	for i, e := range events {
		entries[i].Event, entries[i].Leaf = e, chain.Leaf(&e)
		if entries[i].Change, err = matter.ReadChange(&e); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// related returns the matters that are linked to m and those that m is linked to, as far as the caller may see them.
func (d *Desk) related(ctx context.Context, who Caller, m *matter.Matter) ([]journal.Row, error) {
	scope := d.Scope(who, access.MatterRead, access.Matter)
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: scope, Noun: "matter",
		Facets: []journal.Facet{{Name: facetLink, Text: string(m.ID)}}, Order: journal.ByOpened, Limit: 100})
	if err != nil {
		return nil, err
	}
	rows := page.Rows
	var to []name.ID
	for _, l := range m.Links {
		if l.Kind != matter.Fulfils {
			to = append(to, l.To)
		}
	}
	if len(to) > 0 {
		page, err = d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: scope, Noun: "matter", Streams: to, Limit: 100})
		rows = append(rows, page.Rows...)
	}
	return rows, err
}

// MattersOf returns the matters that fulfil a goal, promise first.
func (d *Desk) MattersOf(ctx context.Context, who Caller, goal name.ID) ([]journal.Row, error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(who, access.MatterRead, access.Matter), Noun: "matter",
		Facets: []journal.Facet{{Name: facetLink, Text: string(goal)}}, Order: journal.ByOpened, Limit: 200})
	return page.Rows, err
}

// Worklist returns a page of the matters that the caller may read, narrowed by q. A text is found in every field that is in the
// index; see [MostFound].
func (d *Desk) Worklist(ctx context.Context, who Caller, q journal.Query) (journal.Page, error) {
	return d.worklist(ctx, who, q, d.best(ctx, who))
}

func (d *Desk) worklist(ctx context.Context, who Caller, q journal.Query, find best) (journal.Page, error) {
	d.readable(who, &q)
	more, some, err := d.found(&q, find)
	if err != nil || !some {
		return journal.Page{}, err
	}
	page, err := d.store.Rows(ctx, q)
	page.Found = more
	return page, err
}

// readable narrows a question to the matters that the caller may read now.
func (d *Desk) readable(who Caller, q *journal.Query) {
	q.Log, q.Now, q.Noun = d.world.District, d.world.Now(), "matter"
	q.Scope = d.Scope(who, access.MatterRead, access.Matter)
}

// Tally counts the matters that the caller may read; narrowed by a text, those that [Desk.Worklist] lists.
func (d *Desk) Tally(ctx context.Context, who Caller, t journal.Tally) ([]journal.Bucket, error) {
	return d.tallied(ctx, who, t, d.best(ctx, who))
}

func (d *Desk) tallied(ctx context.Context, who Caller, t journal.Tally, find best) ([]journal.Bucket, error) {
	d.readable(who, &t.Query)
	if _, some, err := d.found(&t.Query, find); err != nil {
		return nil, err
	} else if !some && t.By == "" {
		return []journal.Bucket{{}}, nil // as the store counts nothing
	} else if !some {
		return nil, nil
	}
	return d.store.Tally(ctx, t)
}

// MayReadMatter reports whether the caller may read a matter: what a page asks before it names one that stands behind a figure. A
// matter that is not there is none that they may read.
func (d *Desk) MayReadMatter(ctx context.Context, who Caller, id name.ID) (bool, error) {
	m, err := d.loadMatter(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return d.allow(who, access.MatterRead, d.object(&m)) == nil, nil
}

// Filed returns where a command came to stand in the log, and whether it was carried out at all.
func (d *Desk) Filed(ctx context.Context, command string) (journal.Receipt, bool, error) {
	return d.store.Receipt(ctx, d.world.District, command)
}

// FiledBy returns the place in the log of the record by which the caller opened a matter. It wraps [fault.ErrNotFound] for one that
// somebody else opened: what they filed is theirs to prove.
func (d *Desk) FiledBy(ctx context.Context, who Caller, id name.ID) (int64, error) {
	if _, err := d.Matter(ctx, who, id); err != nil {
		return 0, err
	}
	events, err := d.store.Events(ctx, id, 0)
	if err != nil {
		return 0, err
	}
	if who.IsNobody() || len(events) == 0 || events[0].Actor.Person != who.Person {
		return 0, fmt.Errorf("matter %s was opened by somebody else: %w", id, fault.ErrNotFound)
	}
	return events[0].Seq, nil
}

// Stands returns a matter after at least so many events, with its kind, for what follows the log on the platform's own behalf:
// nobody is asked whether they may. Walking past all matters with it leaves the memory of the desk as it is. It wraps [fault.ErrNotFound], also for a kind that is not installed.
func (d *Desk) Stands(ctx context.Context, id name.ID, version int64) (matter.Matter, *matter.Kind, error) {
	m, err := d.glanceMatter(ctx, id, version)
	if err != nil {
		return m, nil, err
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return m, nil, fmt.Errorf("%w: %w", fault.ErrNotFound, err)
	}
	return m, k, nil
}
