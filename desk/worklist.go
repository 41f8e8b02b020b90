package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Tab is one view of the worklist.
type Tab string

// The tabs, in the order in which the page shows them.
const (
	Waiting Tab = "waiting" // 待我办理: named to me, or of my unit, named to nobody and a step of my roles
	OfUnit  Tab = "unit"    // 本单位在办
	SetByMe Tab = "set"     // 我单位下达的
	Overdue Tab = "overdue" // 已超期的, of all that I may see
	AllOpen Tab = "all"     // 全部
)

// Tabs are all tabs.
var Tabs = []Tab{Waiting, OfUnit, SetByMe, Overdue, AllOpen}

// mostWaiting is how many matters a person's own list shows; more is more than a person can have in hand.
const mostWaiting = 300

// Work returns a page of the matters of a tab that the caller may read, narrowed by q. Open matters unless q says
// otherwise. What waits for the caller comes nearest due time first, on one page if q has no limit; of it the caller gets the
// nearest 300.
func (d *Desk) Work(ctx context.Context, who Caller, tab Tab, q journal.Query) (journal.Page, error) {
	return d.work(ctx, who, tab, q, d.best(ctx, who))
}

func (d *Desk) work(ctx context.Context, who Caller, tab Tab, q journal.Query, find best) (journal.Page, error) {
	if tab != Waiting {
		return d.worklist(ctx, who, d.narrowed(who, tab, q), find)
	}
	var questions []journal.Query
	var found int64
	most := mostWaiting
	if q.Cursor == "" && q.Limit > 0 {
		most = min(most, q.Limit+1) // one more says that the page has a next
	}
	d.readable(who, &q)
	for _, one := range d.waiting(who, q) {
		one.Limit, one.Cursor = most, ""
		more, some, err := d.found(&one, find)
		if err != nil {
			return journal.Page{}, err
		}
		if found += more; some {
			questions = append(questions, one)
		}
	}
	if len(questions) == 0 {
		return journal.Page{}, nil
	}
	all, err := d.store.Together(ctx, questions)
	if err != nil {
		return journal.Page{}, err
	}
	page, err := pageOf(all, q)
	page.Found = found
	return page, err
}

// byDue is the order of what waits: nearest due time first, none last, ties by stream.
func byDue(a, b journal.Row) int {
	if (a.Due == 0) != (b.Due == 0) {
		return cmp.Compare(b.Due, a.Due)
	}
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Stream, b.Stream))
}

// pageOf cuts the page of a question out of what waits. Its cursor says behind which row it goes on, so that rows may come
// and go meanwhile.
func pageOf(all []journal.Row, q journal.Query) (journal.Page, error) {
	if q.Cursor != "" {
		due, stream, _ := strings.Cut(q.Cursor, ".")
		at, err := strconv.ParseInt(due, 10, 64)
		if err != nil {
			return journal.Page{}, fmt.Errorf("cursor %q: %w", q.Cursor, fault.ErrInvalid)
		}
		last := journal.Row{Due: at, Stream: name.ID(stream)}
		n, _ := slices.BinarySearchFunc(all, last, byDue)
		if n < len(all) && byDue(all[n], last) == 0 {
			n++
		}
		all = all[n:]
	}
	if q.Limit <= 0 || len(all) <= q.Limit {
		return journal.Page{Rows: all}, nil
	}
	last := &all[q.Limit-1]
	return journal.Page{Rows: all[:q.Limit], Next: fmt.Sprintf("%d.%s", last.Due, last.Stream)}, nil
}

// MostCounted is where counting what a list holds ends: nobody works through more, and of a million it would take seconds.
const MostCounted = 1000

// CountWork returns how many matters a tab has for the caller, narrowed by q; [MostCounted] for as many or more.
func (d *Desk) CountWork(ctx context.Context, who Caller, tab Tab, q journal.Query) (int64, error) {
	counts, err := d.countTabs(ctx, who, []Tab{tab}, q, d.best(ctx, who), d.total(ctx, who))
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// total asks the index how many matters that the caller may read hold a text.
func (d *Desk) total(ctx context.Context, who Caller) func(*journal.Query) (int, error) {
	return func(q *journal.Query) (int, error) { return d.finder.Holding(ctx, who, *q) }
}

// countTabs counts what tabs hold, at most [MostCounted] of each, by one question to the store; of what is closed too only what it alone knows. Where the index
// knows everything that is asked of them it tells how many they are: of what is open the streams are asked for by other tabs anyway.
func (d *Desk) countTabs(ctx context.Context, who Caller, tabs []Tab, q journal.Query, find best, total func(*journal.Query) (int, error)) ([]int64, error) {
	d.readable(who, &q)
	var all []journal.Query
	var tabOf []int
	for i, tab := range tabs {
		some := []journal.Query{d.narrowed(who, tab, q)}
		if tab == Waiting {
			some = d.waiting(who, q)
		}
		for _, one := range some {
			all, tabOf = append(all, one), append(tabOf, i)
		}
	}
	counts, has := make([]int64, len(tabs)), make([]bool, len(all))
	var g errgroup.Group
	for i := range all { // what is looked for in an index takes a processor each
		g.Go(func() (err error) {
			if all[i].Open == nil {
				n, ok, err := d.holding(&all[i], total)
				if counts[tabOf[i]] = n; ok || err != nil { // such a tab is one question
					return err
				}
			}
			_, has[i], err = d.found(&all[i], find)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var questions []journal.Query
	var of []int // the tab of each
	for i := range all {
		if has[i] {
			questions, of = append(questions, all[i]), append(of, tabOf[i])
		}
	}
	if len(questions) == 0 {
		return counts, nil
	}
	found, err := d.store.Counts(ctx, questions, MostCounted)
	if err != nil {
		return nil, err
	}
	for i, n := range found {
		counts[of[i]] = min(counts[of[i]]+n, MostCounted)
	}
	return counts, nil
}

// Desktop is a page of a worklist, and what each tab holds.
type Desktop struct {
	Page   journal.Page
	Counts []int64 // in the order of [Tabs], as [Desk.CountWork] counts
}

// Desktop returns what [Desk.Work] and [Desk.CountWork] return, of which a worklist shows all at once. The page and the counts are asked for side by
// side, the counts by one question, and a text is looked for once for all of them that differ in nothing an index knows.
func (d *Desk) Desktop(ctx context.Context, who Caller, tab Tab, q journal.Query) (v Desktop, err error) {
	g, ctx := errgroup.WithContext(ctx)
	find := once(d.best(ctx, who))
	g.Go(func() (err error) {
		v.Page, err = d.work(ctx, who, tab, q, find)
		return err
	})
	whole := q
	whole.Cursor, whole.Limit = "", 0
	total := d.total(ctx, who)
	if tab == AllOpen { // the page asks for the best of them
		total = func(q *journal.Query) (int, error) {
			_, n, err := find(q)
			return n, err
		}
	}
	g.Go(func() (err error) {
		v.Counts, err = d.countTabs(ctx, who, Tabs, whole, find, total)
		return err
	})
	err = g.Wait()
	return v, err
}

// waiting are the questions whose answers wait for the caller: what is named to them, and what their unit has that is named to
// nobody and in which their roles have an act. No matter answers two of them.
func (d *Desk) waiting(who Caller, q journal.Query) []journal.Query {
	q = opened(q)
	q.Order = journal.ByDue
	mine, unit := q, q
	mine.Person = who.Person
	unit.Units, unit.Unnamed = []name.Unit{who.Unit}, true
	all := []journal.Query{mine}
	if !*q.Open {
		return all // what is closed waits for nobody
	}
	for _, step := range d.stepsOf(who.Roles) {
		one, ok := step.narrow(unit)
		if ok {
			all = append(all, one)
		}
	}
	return all
}

// steps are states of some kinds of matter: each of the states in each of the kinds.
type steps struct{ kinds, states []string }

// narrow narrows a question to the steps; false if nothing is left of it.
func (s steps) narrow(q journal.Query) (journal.Query, bool) {
	within := func(asked, has []string) []string {
		if len(asked) == 0 {
			return has
		}
		return slices.DeleteFunc(slices.Clone(asked), func(x string) bool { return !slices.Contains(has, x) })
	}
	q.Kinds, q.States = within(q.Kinds, s.kinds), within(q.States, s.states)
	return q, len(q.Kinds) > 0 && len(q.States) > 0
}

// stepsOf returns the states in which one of the roles has an act, over every version of every kind. Kinds that do not contradict
// each other stand together, so that there are few questions: a state that two kinds have must count for both or for neither.
func (d *Desk) stepsOf(roles []name.Role) (all []steps) {
	type group struct{ has, may map[string]bool }
	var groups []group
	for _, k := range d.Packs().Kinds() {
		g := group{map[string]bool{}, map[string]bool{}}
		for _, version := range d.Packs().Versions(k.Ref) {
			for i := range version.States {
				key := version.States[i].Key
				g.has[key] = true
				g.may[key] = g.may[key] || version.IsActive(key, roles)
			}
		}
		at := slices.IndexFunc(groups, func(o group) bool {
			for state := range g.has {
				if o.has[state] && o.may[state] != g.may[state] {
					return false
				}
			}
			return true
		})
		if at < 0 {
			at, groups, all = len(groups), append(groups, group{map[string]bool{}, map[string]bool{}}), append(all, steps{})
		}
		maps.Copy(groups[at].has, g.has)
		maps.Copy(groups[at].may, g.may)
		all[at].kinds = append(all[at].kinds, k.Ref)
	}
	for i := range all {
		for state, may := range groups[i].may {
			if may {
				all[i].states = append(all[i].states, state)
			}
		}
		slices.Sort(all[i].states)
	}
	return all
}

func (d *Desk) narrowed(who Caller, tab Tab, q journal.Query) journal.Query {
	switch tab {
	case OfUnit:
		q = opened(q)
		q.Units = []name.Unit{who.Unit}
	case SetByMe:
		q = opened(q)
		q.Facets = append(slices.Clip(q.Facets), journal.Facet{Name: journal.Issuer, Text: string(who.Unit)})
	case Overdue:
		q = opened(q)
		q.Lights = []string{string(matter.Red)}
	}
	if q.Order == "" {
		q.Order = journal.ByDue
	}
	return q
}

// opened narrows a question to open matters unless it says otherwise.
func opened(q journal.Query) journal.Query {
	if q.Open == nil {
		yes := true
		q.Open = &yes
	}
	return q
}

// Standing returns how the clock that a row is due by stands, in the clock's own unit, and not how that came about; zero words when none runs.
func (d *Desk) Standing(ctx context.Context, row *journal.Row) (ClockView, bool) {
	if row.Due == 0 {
		return ClockView{}, false
	}
	m, err := d.loadMatter(ctx, row.Stream)
	if err != nil {
		return ClockView{}, false
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return ClockView{}, false
	}
	for _, c := range m.Running() {
		if c.Due == row.Due && !c.Decision {
			v := d.plainClock(k, c)
			if v.Def != nil {
				v.Standing = matter.Standing(v.Def, &c, d.world.Now(), d.Env())
			}
			return v, true
		}
	}
	return ClockView{}, false
}

// Opening is a kind of matter that the caller may open, and by which act.
type Opening struct {
	Kind *matter.Kind
	Act  *matter.Act
}

// Openings returns what the caller may open, in the order of the packs.
func (d *Desk) Openings(who Caller) (all []Opening) {
	if d.allow(who, access.MatterOpen, access.Object{Type: access.Matter, Unit: who.Unit}) != nil {
		return nil
	}
	for _, k := range d.Packs().Kinds() {
		for _, act := range k.Opening() {
			for _, role := range who.Roles {
				if matter.MayDo(k, &matter.Matter{}, act, who.as(role), d.Env()) == nil {
					all = append(all, Opening{k, act})
					break
				}
			}
		}
	}
	return all
}
