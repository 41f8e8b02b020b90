// Package assess scores units month by month 考核: completion, timeliness, quality and satisfaction out of what the log
// recorded, deductions only for recorded events, each with the matter that it comes from.
//
// Faces call [Room.Month] for the score sheet of a month, [Room.Freeze] to settle it as the month's circular 通报,
// [Room.Appeal] and [Room.Decide] within the appeal window, and [Room.Bonus] before it is settled. A settled month
// never changes: what an appeal wins stands beside it.
//
// How the sheet is weighed is the pack's; what counts as reached, in time or passed is said at [gather].
package assess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// Kind is the kind of a month's row.
const Kind = "assessment"

// Store is what the room asks of a store: besides what the desk does, the log in the order in which it was written.
type Store interface {
	desk.Store
	Head(ctx context.Context, log name.District) (seq int64, head ledger.Hash, err error)
	Log(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Entry, error)
}

// Room is where units are assessed.
type Room struct {
	desk  *desk.Desk
	store Store
	goals *goals.Room // as they stood when a month ended
	kept  kept
}

// New returns the room over a desk and its store.
func New(d *desk.Desk, store Store) *Room {
	return &Room{desk: d, store: store, goals: goals.New(d, store), kept: kept{turn: make(chan struct{}, 1), months: map[int64]*month{}}}
}

// Sheet returns how units are assessed, nil if no pack says so.
func (r *Room) Sheet() *pack.Assessment { return r.desk.Packs().Assessment() }

func (r *Room) allow(who desk.Caller, a access.Action, unit name.Unit) error {
	return r.desk.Allow(who, a, access.Object{Type: access.Assessment, Unit: unit, UnitPath: r.desk.Directory().Path(unit), Class: access.Internal})
}

// Month returns the score sheet of a month, with all that stands behind the scores: the settled one if there is one, otherwise what the log says now. A month
// that has not begun, or that lies before the first goal, has no units. See [kept] for what it costs.
func (r *Room) Month(ctx context.Context, who desk.Caller, month string) (Edition, error) {
	return r.month(ctx, who, month, func(name.Unit) bool { return true })
}

// Scores returns the same with what stands behind the scores of one unit, of none if none is named.
func (r *Room) Scores(ctx context.Context, who desk.Caller, month string, behind name.Unit) (Edition, error) {
	return r.month(ctx, who, month, func(u name.Unit) bool { return u == behind })
}

func (r *Room) month(ctx context.Context, who desk.Caller, month string, behind func(name.Unit) bool) (Edition, error) {
	if err := r.allow(who, access.AssessmentRead, who.Unit); err != nil {
		return Edition{}, err
	}
	first, err := calendar.ParseDate(month + "-01")
	if err != nil || len(month) != 7 || first > r.desk.Today() {
		return Edition{}, fault.Refuse(fault.ErrNotFound, "no-edition", "month")
	}
	if r.Sheet() == nil {
		return Edition{}, fault.Refuse(fault.ErrUnavailable, "no-assessment", "")
	}
	e, err := r.load(ctx, month)
	if err != nil {
		return e, err
	}
	if e.Frozen == 0 {
		if e.Units, err = r.score(ctx, who, &e, behind); err != nil {
			return e, err
		}
	}
	e.settle()
	return e, nil
}

// Name gives causes the number and title of their matters. It reads one row for each that has none.
func (r *Room) Name(ctx context.Context, causes []Cause) error {
	for i := range causes {
		c := &causes[i]
		if c.Title != "" {
			continue
		}
		row, err := r.store.Row(ctx, c.Of)
		if err != nil {
			return err
		}
		c.Number, c.Title = row.Number, row.Title
	}
	return nil
}

// load reads a month's record; a month without one is empty.
func (r *Room) load(ctx context.Context, month string) (Edition, error) {
	e := Edition{Month: month}
	row, ok, err := r.row(ctx, month)
	if err != nil || !ok {
		return e, err
	}
	events, err := r.store.Events(ctx, row.Stream, 0)
	if err != nil {
		return e, err
	}
	for i := range events {
		sheet, err := e.apply(&events[i])
		if err != nil {
			return e, err
		}
		if sheet == "" {
			continue
		}
		if e.Units, err = r.sheet(ctx, sheet); err != nil {
			return e, err
		}
	}
	return e, nil
}

func (r *Room) sheet(ctx context.Context, hash string) (units []Unit, err error) {
	return sheetOf(ctx, r.store, hash)
}

func (r *Room) row(ctx context.Context, month string) (journal.Row, bool, error) {
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Record, Kinds: []string{Kind},
		Facets: []journal.Facet{{Name: "month", Text: month}}, Order: journal.ByOpened, Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		return journal.Row{}, false, err
	}
	return page.Rows[0], true, nil
}

// Months returns the months that can be looked at in a year, newest first, and which of them are settled.
func (r *Room) Months(ctx context.Context, who desk.Caller, year int) (months []string, settled map[string]bool, err error) {
	if err := r.allow(who, access.AssessmentRead, who.Unit); err != nil {
		return nil, nil, err
	}
	for m := 12; m >= 1; m-- {
		if d := calendar.NewDate(year, m, 1); d <= r.desk.Today() {
			months = append(months, indicator.Month(d))
		}
	}
	settled = map[string]bool{}
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Record, Kinds: []string{Kind}, Order: journal.ByOpened, Limit: 500})
	for _, row := range page.Rows {
		if row.State == "frozen" {
			settled[row.Title] = true
		}
	}
	return months, settled, err
}

// change runs a command on a month's record, again when it lost a race.
func (r *Room) change(ctx context.Context, command, month string, do func(e *Edition, b *desk.Batch, own desk.Own) error) error {
	if command == "" {
		command = r.desk.NewCommand()
	}
	for try := 1; ; try++ {
		if _, done, err := r.store.Receipt(ctx, r.desk.District(), command); err != nil || done {
			return err
		}
		e, err := r.load(ctx, month)
		if err != nil {
			return err
		}
		id := e.ID
		if id == "" {
			id = r.desk.NewID()
		}
		b := r.desk.Begin(ctx, command)
		own := b.Own(id, ledger.Record, e.version, func(ev *ledger.Event) error { _, err := e.apply(ev); return err }, func() (*journal.Row, error) { return e.row() })
		if err := do(&e, b, own); err != nil {
			return err
		}
		if _, err = b.Commit(); err == nil || try == 4 || !errors.Is(err, fault.ErrConflict) {
			return err
		}
	}
}

// Freeze settles a month that has ended as its circular, with the window for appeals.
func (r *Room) Freeze(ctx context.Context, who desk.Caller, command, month string) error {
	if err := r.allow(who, access.AssessmentScore, who.Unit); err != nil {
		return err
	}
	e, err := r.Month(ctx, who, month)
	if err != nil {
		return err
	}
	switch first, _ := calendar.ParseDate(month + "-01"); {
	case first.MonthEnd() >= r.desk.Today():
		return fault.Refuse(fault.ErrConflict, "month-runs", "month")
	case e.Frozen != 0:
		return fault.Refuse(fault.ErrConflict, "month-settled", "month")
	case len(e.Units) == 0:
		return fault.Refuse(fault.ErrConflict, "nobody-to-score", "month")
	}
	for i := range e.Units {
		if err := r.Name(ctx, e.Units[i].Causes); err != nil {
			return err
		}
	}
	sheet, err := json.Marshal(e.Units)
	if err != nil {
		return err
	}
	f, err := desk.Upload("sheet", "assessment-"+month+".json", "application/json", sheet)
	if err != nil {
		return err
	}
	until, err := r.window()
	if err != nil {
		return err
	}
	return r.change(ctx, command, month, func(old *Edition, b *desk.Batch, own desk.Own) error {
		if old.Frozen != 0 {
			return fault.Refuse(fault.ErrConflict, "month-settled", "month")
		}
		old.Units = e.Units
		b.Keep(f)
		return own.Add(actor(who), typeFrozen, "", frozenBody{month, f.Hash.String(), until})
	})
}

// window returns the last day on which units may object if a month is settled now.
func (r *Room) window() (calendar.Date, error) {
	env := r.desk.Env()
	s := calendar.Schedule{Calendar: env.Calendar, Office: env.Office}
	due, err := s.Due(calendar.Clock{Start: calendar.Instant(r.desk.Now()), Term: r.Sheet().Appeal})
	return due.Due, err
}

// mostBonus is what one bonus may be; the sheet caps the sum.
const mostBonus = 20

// Bonus grants points to a unit for a reason, before the month is settled.
func (r *Room) Bonus(ctx context.Context, who desk.Caller, command, month string, unit name.Unit, points int, reason string) error {
	if err := r.allow(who, access.AssessmentScore, who.Unit); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case !r.desk.Directory().Has(unit):
		return fault.Refuse(fault.ErrInvalid, "field-missing", "unit")
	case points < 1 || points > mostBonus:
		return fault.Refuse(fault.ErrInvalid, "bonus-points", "points", "limit", fmt.Sprint(mostBonus))
	case reason == "":
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	if _, err := calendar.ParseDate(month + "-01"); err != nil {
		return fault.Refuse(fault.ErrInvalid, "not-month", "month")
	}
	return r.change(ctx, command, month, func(e *Edition, _ *desk.Batch, own desk.Own) error {
		if e.Frozen != 0 {
			return fault.Refuse(fault.ErrConflict, "month-settled", "month")
		}
		return own.Add(actor(who), typeBonus, reason, bonusBody{month, unit, points})
	})
}

// Appeal objects to a line of the caller's own unit within the window.
func (r *Room) Appeal(ctx context.Context, who desk.Caller, command, month, line, reason string) error {
	if err := r.allow(who, access.AssessmentAppeal, who.Unit); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	return r.change(ctx, command, month, func(e *Edition, _ *desk.Batch, own desk.Own) error {
		i := slices.IndexFunc(e.Units, func(u Unit) bool { return u.Unit == who.Unit })
		switch {
		case e.Frozen == 0:
			return fault.Refuse(fault.ErrConflict, "month-open", "month")
		case r.desk.Today() > e.AppealUntil:
			return fault.Refuse(fault.ErrLate, "appeal-late", "", "day", e.AppealUntil.String())
		case i < 0 || !slices.ContainsFunc(e.Units[i].Score.Lines, func(l indicator.Line) bool { return l.Key == line }):
			return fault.Refuse(fault.ErrInvalid, "no-such-option", "line")
		case slices.ContainsFunc(e.Appeals, func(a Appeal) bool { return a.Unit == who.Unit && a.Line == line }):
			return fault.Refuse(fault.ErrConflict, "appealed-already", "line")
		}
		return own.Add(actor(who), typeAppealed, reason, appealBody{who.Unit, line})
	})
}

// isOwn reports whether an appeal is the caller's own or their unit's, in whoever's name they come: a head does not answer it for somebody who may.
func (r *Room) isOwn(a *Appeal, who desk.Caller) bool {
	for _, p := range r.desk.Hands(who) {
		if p != "" && (p == a.By.Person || p == a.By.For || r.desk.Directory().Person(p).Unit == a.Unit) {
			return true
		}
	}
	return a.Unit == who.Unit
}

// Decide answers an appeal: upheld with the points given back, or not. Nobody decides for their own unit, in somebody else's name either.
func (r *Room) Decide(ctx context.Context, who desk.Caller, command, month string, n int, points, answer string) error {
	if err := r.allow(who, access.AssessmentDecideAppeal, who.Unit); err != nil {
		return err
	}
	if answer = strings.TrimSpace(answer); answer == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "answer")
	}
	back := money.Zero
	if points = strings.TrimSpace(points); points != "" {
		var err error
		if back, err = money.Parse(points); err != nil || back.Sign() < 0 || money.Hundred.Less(back) {
			return fault.Refuse(fault.ErrInvalid, "not-decimal", "points")
		}
	}
	return r.change(ctx, command, month, func(e *Edition, _ *desk.Batch, own desk.Own) error {
		switch {
		case n < 1 || n > len(e.Appeals):
			return fmt.Errorf("appeal %d of %s: %w", n, month, fault.ErrNotFound)
		case e.Appeals[n-1].Decided:
			return fault.Refuse(fault.ErrConflict, "appeal-decided", "")
		case r.isOwn(&e.Appeals[n-1], who):
			return fault.Refuse(fault.ErrDenied, "own-appeal", "")
		}
		return own.Add(actor(who), typeDecided, answer, decideBody{n, back.Sign() > 0, back})
	})
}

// actor is the caller in the first role that the work needs.
func actor(who desk.Caller) name.Actor {
	role := name.Role("supervisor")
	if !who.Has(role) && len(who.Roles) > 0 {
		role = who.Roles[0]
	}
	return name.Actor{Person: who.Person, Unit: who.Unit, Role: role}
}
