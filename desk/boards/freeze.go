package boards

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Kind is the kind of the row of a settled month.
const Kind = "board"

const typeFrozen = "board.frozen"

// frozenBody is the body of the event that settles a month.
type frozenBody struct {
	Card  string `json:"card"`
	Month string `json:"month"`
	Sheet string `json:"sheet"` // file of the month's matters, by hash
}

// sheetFile is the file of a settled month. It keeps the card too: what was settled is counted by the card of its day.
type sheetFile struct {
	Card  indicator.Scorecard   `json:"card"`
	At    int64                 `json:"at"`
	Lines []indicator.ScoreLine `json:"lines"`
}

// Freeze settles a month that has ended: its matters are written down as they are now, and the figures never change again.
func (r *Room) Freeze(ctx context.Context, who desk.Caller, command, ref, month string) error {
	if err := r.allow(who, access.AssessmentScore); err != nil {
		return err
	}
	s, err := r.Month(ctx, who, ref, month)
	if err != nil {
		return err
	}
	switch first, _ := calendar.ParseDate(month + "-01"); {
	case first.MonthEnd() >= r.desk.Today():
		return fault.Refuse(fault.ErrConflict, "month-runs", "month")
	case s.Frozen != 0:
		return fault.Refuse(fault.ErrConflict, "month-settled", "month")
	}
	if _, done, err := r.store.Receipt(ctx, r.desk.District(), command); err != nil || done {
		return err
	}
	first, _ := calendar.ParseDate(month + "-01")
	if s, err = r.count(ctx, s.Card, first); err != nil { // what is settled is of this moment
		return err
	}
	b, err := json.Marshal(sheetFile{*s.Card, s.At, s.lines.whole()})
	if err != nil {
		return err
	}
	f, err := desk.Upload("sheet", "board-"+month+".json", "application/json", b)
	if err != nil {
		return err
	}
	id := r.desk.NewID()
	batch := r.desk.Begin(ctx, command)
	own := batch.Own(id, ledger.Record, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return frozenRow(id, ref, month, batch.At()) })
	batch.Keep(f)
	by := name.Actor{Person: who.Person, Unit: who.Unit, Role: "supervisor"}
	if !who.Has(by.Role) && len(who.Roles) > 0 {
		by.Role = who.Roles[0]
	}
	if err := own.Add(by, typeFrozen, "", frozenBody{ref, month, f.Hash.String()}); err != nil {
		return err
	}
	_, err = batch.Commit()
	if err == nil {
		r.mu.Lock()
		delete(r.kept, ref+" "+month)
		r.mu.Unlock()
	}
	return err
}

// frozenRow is the row by which a settled month is found. Its number is the month of the card, so that there is one.
func frozenRow(id name.ID, ref, month string, at int64) (*journal.Row, error) {
	return &journal.Row{Stream: id, Noun: ledger.Record, Kind: Kind, Title: ref + " " + month, State: "frozen", Opened: at, Body: []byte("{}"),
		Facets: []journal.Facet{{Name: "edition", Text: ref + " " + month}}}, nil
}

// Keep has a replay hold the rows by which settled months are found against what the log makes of them. The moment is that of the row where it was taken down
// after the event's.
func Keep(r *desk.Replay) {
	r.Keep(typeFrozen, desk.KeptRows(func(_ *journal.Row, e *ledger.Event) (*journal.Row, error) {
		var body frozenBody
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return nil, err
		}
		return frozenRow(e.Stream, body.Card, body.Month, e.At)
	}, func(want, got *journal.Row) {
		if got.Opened > want.Opened && got.Opened < want.Opened+time.Minute.Microseconds() {
			want.Opened = got.Opened
		}
	}))
}

// frozen returns a settled month, nil if it is not settled. Should two persons settle it in one moment, the first counts.
func (r *Room) frozen(ctx context.Context, card *indicator.Scorecard, month string) (*Sheet, error) {
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Record, Kinds: []string{Kind},
		Facets: []journal.Facet{{Name: "edition", Text: card.Ref + " " + month}}, Order: journal.ByOpened, Limit: 10})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	first := slices.MinFunc(page.Rows, func(a, b journal.Row) int { return int(a.Opened - b.Opened) })
	events, err := r.store.Events(ctx, first.Stream, 0)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	e := events[0]
	var body frozenBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return nil, fmt.Errorf("body of %s: %w", e.Stream, err)
	}
	file, err := r.file(ctx, body.Sheet)
	if err != nil {
		return nil, err
	}
	k, ok := r.desk.Packs().Kind(file.Card.Of)
	if !ok {
		return nil, fmt.Errorf("kind %s: %w", file.Card.Of, fault.ErrNotFound)
	}
	return &Sheet{Card: &file.Card, Kind: k, Month: month, At: file.At, Frozen: e.At, By: e.Actor, lines: newLines(len(file.Card.By), file.Lines)}, nil
}

func (r *Room) file(ctx context.Context, hash string) (out sheetFile, err error) {
	h, err := ledger.ParseHash(hash)
	if err != nil {
		return out, err
	}
	f, err := r.store.File(ctx, h)
	if err != nil {
		return out, err
	}
	if err = json.Unmarshal(f.Bytes, &out); err != nil {
		err = errors.Join(fmt.Errorf("the file of a settled month: %w", err), fault.ErrInvalid)
	}
	return out, err
}
