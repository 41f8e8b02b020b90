package assess

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Edition is the score sheet of a month: as it stands now, or as it was settled.
type Edition struct {
	ID          name.ID // of the month's record, empty while there is none
	Month       string  // 2023-09
	Frozen      int64   // µs, 0 while it runs
	By          name.Actor
	AppealUntil calendar.Date // the last day of the window, 0 while it runs
	Units       []Unit        // by peer group and rank
	Appeals     []Appeal
	Bonuses     []Bonus
	version     int64
}

// Unit is a unit's result.
type Unit struct {
	Unit    name.Unit       `json:"unit"`
	Group   string          `json:"group"`
	Rank    int             `json:"rank"`
	Few     bool            `json:"few,omitempty"`
	Goals   int             `json:"goals"`
	Score   indicator.Score `json:"score"`
	Causes  []Cause         `json:"causes,omitempty"`
	Adjust  money.Decimal   `json:"-"` // points that appeals have given back
	Settled money.Decimal   `json:"-"` // Total with Adjust
}

// Cause is what a line of the sheet comes from: a recorded event of a matter, or a goal that is behind. Of a month that is not settled a matter's number
// and title are empty until [Room.Name] has looked them up.
type Cause struct {
	Line   string  `json:"line"` // completion, timeliness, quality, or the event of a deduction
	Of     name.ID `json:"of"`   // the matter or goal
	Goal   bool    `json:"goal,omitempty"`
	Number string  `json:"number,omitempty"`
	Title  string  `json:"title"`
	At     int64   `json:"at,omitempty"` // µs
	Seq    int64   `json:"seq,omitempty"`
}

// Appeal is a unit's objection to a line of its sheet.
type Appeal struct {
	N       int
	Unit    name.Unit
	Line    string
	Reason  string
	By      name.Actor
	At      int64
	Decided bool
	Upheld  bool
	Points  money.Decimal // given back
	Answer  string
	Decider name.Actor
}

// Bonus is points granted for something recorded.
type Bonus struct {
	Unit   name.Unit
	Points int
	Reason string
	By     name.Actor
	At     int64
}

// The types of a month's events, and their bodies.
const (
	typeBonus    = "assessment.bonus"
	typeFrozen   = "assessment.frozen"
	typeAppealed = "assessment.appealed"
	typeDecided  = "assessment.decided"
)

type bonusBody struct {
	Month  string    `json:"month"`
	Unit   name.Unit `json:"unit"`
	Points int       `json:"points"`
}

type frozenBody struct {
	Month       string        `json:"month"`
	Sheet       string        `json:"sheet"` // file of the units' results, by hash
	AppealUntil calendar.Date `json:"appeal-until"`
}

type appealBody struct {
	Unit name.Unit `json:"unit"`
	Line string    `json:"line"`
}

type decideBody struct {
	Appeal int           `json:"appeal"`
	Upheld bool          `json:"upheld"`
	Points money.Decimal `json:"points"`
}

// apply brings an event into the edition.
func (e *Edition) apply(ev *ledger.Event) (sheet string, err error) {
	e.version++
	e.ID = ev.Stream
	switch ev.Type {
	case typeBonus:
		var b bonusBody
		if err = json.Unmarshal(ev.Body, &b); err == nil {
			e.Month = b.Month
			e.Bonuses = append(e.Bonuses, Bonus{b.Unit, b.Points, ev.Reason, ev.Actor, ev.At})
		}
	case typeFrozen:
		var b frozenBody
		if err = json.Unmarshal(ev.Body, &b); err == nil {
			e.Month, e.Frozen, e.By, e.AppealUntil, sheet = b.Month, ev.At, ev.Actor, b.AppealUntil, b.Sheet
		}
	case typeAppealed:
		var b appealBody
		if err = json.Unmarshal(ev.Body, &b); err == nil {
			e.Appeals = append(e.Appeals, Appeal{N: len(e.Appeals) + 1, Unit: b.Unit, Line: b.Line, Reason: ev.Reason, By: ev.Actor, At: ev.At})
		}
	case typeDecided:
		var b decideBody
		if err = json.Unmarshal(ev.Body, &b); err == nil && b.Appeal >= 1 && b.Appeal <= len(e.Appeals) {
			a := &e.Appeals[b.Appeal-1]
			a.Decided, a.Upheld, a.Points, a.Answer, a.Decider = true, b.Upheld, b.Points, ev.Reason, ev.Actor
		}
	}
	if err != nil {
		err = fmt.Errorf("body of event %d of assessment %s: %w", ev.Version, ev.Stream, err)
	}
	return sheet, err
}

// settle adds what appeals have given back.
func (e *Edition) settle() {
	for i := range e.Units {
		u := &e.Units[i]
		u.Adjust = money.Zero
		for _, a := range e.Appeals {
			if a.Upheld && a.Unit == u.Unit {
				if sum, err := u.Adjust.Add(a.Points); err == nil {
					u.Adjust = sum
				}
			}
		}
		u.Settled = u.Score.Total
		if sum, err := u.Score.Total.Add(u.Adjust); err == nil {
			u.Settled = sum
		}
	}
}

// Files is where the sheets of settled months lie.
type Files interface {
	File(ctx context.Context, h ledger.Hash) (journal.File, error)
}

// sheetOf reads the units' results of a settled month.
func sheetOf(ctx context.Context, files Files, hash string) (units []Unit, err error) {
	h, err := ledger.ParseHash(hash)
	if err != nil {
		return nil, err
	}
	f, err := files.File(ctx, h)
	if err != nil {
		return nil, err
	}
	return units, json.Unmarshal(f.Bytes, &units)
}

// Keep returns what has a replay hold the rows by which scored months are found against what the log makes of them.
func Keep(ctx context.Context, files Files) func(*desk.Replay) {
	begin := func() desk.Kept {
		var e Edition
		return desk.Kept{Row: e.row, Apply: func(ev *ledger.Event) error {
			sheet, err := e.apply(ev)
			if err == nil && sheet != "" {
				e.Units, err = sheetOf(ctx, files, sheet)
			}
			return err
		}}
	}
	return func(r *desk.Replay) {
		r.Keep(typeBonus, begin)
		r.Keep(typeFrozen, begin)
	}
}

// row projects a month's record.
func (e *Edition) row() (*journal.Row, error) {
	state := "open"
	if e.Frozen != 0 {
		state = "frozen"
	}
	body, err := json.Marshal(map[string]int{"units": len(e.Units), "appeals": len(e.Appeals), "bonuses": len(e.Bonuses)})
	return &journal.Row{Stream: e.ID, Noun: ledger.Record, Kind: Kind, Title: e.Month, State: state, Open: e.Frozen == 0, Opened: e.Frozen, Body: body,
		Facets: []journal.Facet{{Name: "month", Text: e.Month}}}, err
}
