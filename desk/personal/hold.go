package personal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/desk/notices"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// HoldKind is the kind of the rows of legal holds (证据保全).
const HoldKind = "hold"

// Hold is a legal hold on what is kept of a subject: nothing of it is destroyed until the hold is lifted.
type Hold struct {
	ID      name.ID
	Of      name.ID // the subject
	Article string  // the law, the court's paper, the number of the case
	Reason  string
	At      int64 // µs
	By      name.Person
	Lifted  int64 // µs, 0 while it holds
}

type holdBody struct {
	Of      name.ID `json:"of"`
	Article string  `json:"article"`
	Reason  string  `json:"reason"`
}

// The types of a hold's events.
const (
	typeHeld   = "personal.held"
	typeLifted = "personal.hold-lifted"
)

// longest is how many characters a reason or an article has at most.
const longest = 500

// said refuses an empty or overlong text of a form.
func said(field, v string) (string, error) {
	v = strings.TrimSpace(v)
	switch {
	case v == "":
		return "", fault.Refuse(fault.ErrInvalid, "reason-missing", field)
	case utf8.RuneCountInString(v) > longest:
		return "", fault.Refuse(fault.ErrInvalid, "too-long", field, "max", fmt.Sprint(longest))
	}
	return v, nil
}

// Hold keeps what is held of a subject from being destroyed. Whoever does so names the article or the paper, and why.
func (r *Room) Hold(ctx context.Context, who desk.Caller, of name.ID, article, reason string) (h Hold, err error) {
	if err := r.mayKeep(ctx, who, access.PersonHold, of); err != nil {
		return h, err
	}
	body := holdBody{Of: of}
	if body.Article, err = said("article", article); err != nil {
		return h, err
	}
	if body.Reason, err = said("reason", reason); err != nil {
		return h, err
	}
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	h = Hold{ID: r.desk.NewID(), Of: of, Article: body.Article, Reason: body.Reason, At: b.At(), By: who.Person}
	own := b.Own(h.ID, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return holdRow(&h, who.Unit) })
	if err := own.Add(who.As("data-officer"), typeHeld, body.Reason, body); err != nil {
		return h, err
	}
	_, err = b.Commit()
	return h, err
}

// Lift ends a hold; retention looks at the subject with its next tick.
func (r *Room) Lift(ctx context.Context, who desk.Caller, id name.ID, reason string) error {
	row, err := r.store.Row(ctx, id)
	if err != nil {
		return err
	}
	h, err := readHold(&row)
	if err != nil || row.Kind != HoldKind {
		return fmt.Errorf("hold %s: %w", id, fault.ErrNotFound)
	}
	if err := r.mayKeep(ctx, who, access.PersonHold, h.Of); err != nil {
		return err
	}
	if reason, err = said("reason", reason); err != nil {
		return err
	}
	if h.Lifted != 0 {
		return fault.Refuse(fault.ErrConflict, "hold-lifted", "")
	}
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	h.Lifted = b.At()
	own := b.Own(id, ledger.Account, row.Version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return holdRow(&h, row.Unit) })
	if err := own.Add(who.As("data-officer"), typeLifted, reason, map[string]name.ID{"of": h.Of}); err != nil {
		return err
	}
	if _, err := b.Commit(); err != nil {
		return err
	}
	return r.store.SetDue(ctx, r.desk.District(), 0, h.Of)
}

func holdRow(h *Hold, unit name.Unit) (*journal.Row, error) {
	j, err := json.Marshal(holdBody{h.Of, h.Article, h.Reason})
	row := &journal.Row{Stream: h.ID, Noun: ledger.Account, Kind: HoldKind, State: "held", Open: h.Lifted == 0, Unit: unit, Person: h.By, Parent: h.Of, Opened: h.At, Closed: h.Lifted, Body: j}
	if h.Lifted != 0 {
		row.State = "lifted"
	}
	return row, err
}

// holdNext plays a hold.
func holdNext(row *journal.Row, e *ledger.Event) (*journal.Row, error) {
	if row == nil {
		var b holdBody
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return nil, err
		}
		return holdRow(&Hold{ID: e.Stream, Of: b.Of, Article: b.Article, Reason: b.Reason, At: e.At, By: e.Actor.Person}, e.Actor.Unit)
	}
	h, err := readHold(row)
	if err == nil && e.Type == typeLifted {
		h.Lifted = e.At
	}
	if err != nil {
		return row, err
	}
	return holdRow(&h, row.Unit)
}

// Keep has a replay hold the rows of holds and of the rules of retention that were adopted against what the log makes of them.
func Keep(r *desk.Replay) {
	r.Keep(typeHeld, desk.KeptRows(holdNext, nil))
	r.Keep(typeAdopted, desk.KeptRows(func(_ *journal.Row, e *ledger.Event) (*journal.Row, error) {
		var body map[string]string
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return nil, err
		}
		return adoptedRow(e.Stream, body, e.At)
	}, nil))
}

func readHold(row *journal.Row) (Hold, error) {
	var b holdBody
	if err := json.Unmarshal(row.Body, &b); err != nil {
		return Hold{}, fmt.Errorf("hold %s: %w", row.Stream, err)
	}
	return Hold{ID: row.Stream, Of: b.Of, Article: b.Article, Reason: b.Reason, At: row.Opened, By: row.Person, Lifted: row.Closed}, nil
}

// held returns the holds that hold a subject now.
func (r *Room) held(ctx context.Context, of name.ID) (all []Hold, err error) {
	q := r.all(HoldKind)
	yes := true
	q.Open, q.Parent = &yes, of
	page, err := r.store.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range page.Rows {
		h, err := readHold(&page.Rows[i])
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// mayKeep refuses whoever may not decide about what is kept of a subject. What is not there looks like what may not be seen.
func (r *Room) mayKeep(ctx context.Context, who desk.Caller, a access.Action, of name.ID) error {
	if err := r.desk.Allow(who, a, access.Object{Type: access.Person, Class: access.Internal}); err != nil {
		return err
	}
	_, err := r.desk.Subject(ctx, of)
	return err
}

// Correct puts a value in the place of one that is held: the data officer's, for who asked.
func (r *Room) Correct(ctx context.Context, who desk.Caller, of name.ID, field, value string) error {
	if err := r.mayKeep(ctx, who, access.PersonErase, of); err != nil {
		return err
	}
	return r.desk.Correct(ctx, who.As("data-officer"), of, field, value)
}

// Restrict keeps the values of a subject from being shown, or ends that: the data officer's, for who asked.
func (r *Room) Restrict(ctx context.Context, who desk.Caller, of name.ID, reason string, on bool) (err error) {
	if err := r.mayKeep(ctx, who, access.PersonHold, of); err != nil {
		return err
	}
	if reason, err = said("reason", reason); err != nil {
		return err
	}
	return r.desk.Restrict(ctx, who.As("data-officer"), of, reason, on)
}

// Holds returns the holds on a subject that hold now, to the data officer.
func (r *Room) Holds(ctx context.Context, who desk.Caller, of name.ID) ([]Hold, error) {
	if err := r.mayKeep(ctx, who, access.PersonHold, of); err != nil {
		return nil, err
	}
	return r.held(ctx, of)
}

// Numbered returns the matter of a number, to the data officer, who need not be allowed to read it: of its persons only the fields are
// told. It refuses a number that there is none of.
func (r *Room) Numbered(ctx context.Context, who desk.Caller, number string) (name.ID, error) {
	if err := r.desk.Allow(who, access.PersonHold, access.Object{Type: access.Person, Class: access.Internal}); err != nil {
		return "", err
	}
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Numbers: []string{number}, Order: journal.ByOpened, Limit: 2})
	if err != nil {
		return "", err
	}
	if len(page.Rows) == 0 { // perhaps the key of somebody who works here
		own := notices.SubjectOf(r.desk.District(), name.Person(number))
		if _, err := r.store.Row(ctx, own); !errors.Is(err, fault.ErrNotFound) {
			return own, err
		}
	}
	if len(page.Rows) != 1 {
		return "", fault.Refuse(fault.ErrInvalid, "no-such-number", "number")
	}
	return page.Rows[0].Stream, nil
}
