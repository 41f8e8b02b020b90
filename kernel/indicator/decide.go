package indicator

import (
	"encoding/json"
	"fmt"
	"slices"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
)

// The types of a goal's events.
const (
	Published = "goal.published" // 下达: body Terms
	Changed   = "goal.changed"   // 调整: body Amend
	Recorded  = "goal.recorded"  // 填报、计数: body Figure
	Based     = "goal.based"     // 补基数: body Base
	Lit       = "goal.lit"       // 亮灯: body Lamp
	Joined    = "goal.joined"    // 挂接: body Join
	Pressed   = "goal.pressed"   // 催办、督办: body Press
	Ended     = "goal.ended"     // 销号: body Join, empty
)

// Amend changes the terms of a goal. Only what is set is changed; the reason stands in the envelope.
type Amend struct {
	Target   *Target        `json:"target,omitempty"`
	Due      *calendar.Date `json:"due,omitempty"`
	Lead     *name.Unit     `json:"lead,omitempty"`
	Assist   *[]name.Unit   `json:"assist,omitempty"`
	Leader   *name.Person   `json:"leader,omitempty"`
	Person   *name.Person   `json:"person,omitempty"`
	Curve    *[]Point       `json:"curve,omitempty"`
	Feed     *Feed          `json:"feed,omitempty"`
	Parent   *name.ID       `json:"parent,omitempty"`
	Approver name.Person    `json:"approver"` // who agreed, another person than who enters it
}

// Lamp announces a light.
type Lamp struct {
	Light Light         `json:"light"`
	Was   Light         `json:"was,omitempty"`
	Why   Why           `json:"why"`
	Gap   money.Decimal `json:"gap"`
}

// Join names the matter that is to fulfil the goal.
type Join struct {
	Matter name.ID `json:"matter,omitempty"`
}

// Press is a rung of the ladder that a goal behind plan has reached; each once until it is green again.
type Press struct {
	Rung   string  `json:"rung"`
	Matter name.ID `json:"matter,omitempty"` // the supervision raised
}

// maxFigures is how many figures one goal may gather; a goal recounted daily for twenty years has fewer.
const maxFigures = 20000

// Check reports what is wrong with terms, as a [fault.Refusal] on the field.
func (t *Terms) Check() error {
	for _, c := range []struct {
		bad         bool
		code, field string
	}{
		{t.Title == "", "field-missing", "title"},
		{len(t.Title) > 600, "too-long", "title"},
		{!slices.Contains(Shapes, t.Shape), "no-such-option", "shape"},
		{t.Lead == "", "field-missing", "lead"},
		{t.Year < 1990 || t.Year > 2200, "not-year", "year"},
		{t.Start == 0 || t.Due == 0, "field-missing", "due"},
		{t.Due < t.Start, "due-before-start", "due"},
		{t.Shape != Milestone && t.Target.Op == "", "field-missing", "target"},
		{t.Base != nil && t.Base.Unit == "", "field-missing", "base"},
		{!slices.Contains(Modes, t.Feed.Mode), "no-such-option", "feed"},
		{t.Feed.Mode != Reported && t.Feed.Indicator == "", "field-missing", "feed"},
		{!isAscending(t.Curve), "curve-order", "curve"},
		{slices.Contains(t.Assist, t.Lead), "lead-assists", "assist"},
	} {
		if c.bad {
			return fault.Refuse(fault.ErrInvalid, c.code, c.field)
		}
	}
	return nil
}

func isAscending(curve []Point) bool {
	for i := 1; i < len(curve); i++ {
		if curve[i].Month <= curve[i-1].Month {
			return false
		}
	}
	return true
}

// Publish returns the body of the event that publishes a goal, or refuses the terms.
func Publish(t Terms) ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	return json.Marshal(t)
}

// Change returns the body of an event that changes the terms. The approver must be named and be somebody
// else than the one who enters the change; the result must still be a goal.
func (g *Goal) Change(a Amend, by name.Actor, reason string) ([]byte, error) {
	switch {
	case g.Closed != 0:
		return nil, fault.Refuse(fault.ErrConflict, "goal-closed", "")
	case reason == "":
		return nil, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	case a.Approver == "" || a.Approver == by.Person:
		return nil, fault.Refuse(fault.ErrDenied, "approver-missing", "approver")
	}
	next := *g
	next.amend(&a)
	if err := next.Terms.Check(); err != nil {
		return nil, err
	}
	return json.Marshal(a)
}

// Record returns the body of an event that records a figure. Standings only grow firmer within a period: a
// quick figure may be followed by a confirmed one, a confirmed one by a corrected one, each beside the former.
// A confirmed or corrected figure is entered by another person than the one it replaces.
func (g *Goal) Record(f Figure, by name.Actor) ([]byte, error) {
	if _, err := calendar.ParseDate(f.Period + "-01"); err != nil || len(f.Period) != 7 {
		return nil, fault.Refuse(fault.ErrInvalid, "not-month", "period")
	}
	if len(g.Figures) >= maxFigures {
		return nil, fault.Refuse(fault.ErrConflict, "too-many-figures", "")
	}
	if g.Closed != 0 && f.Standing != Corrected {
		return nil, fault.Refuse(fault.ErrConflict, "goal-closed", "")
	}
	if g.Feed.Mode == Counted || g.Feed.Mode == Derived {
		if !by.IsSystem() {
			return nil, fault.Refuse(fault.ErrDenied, "counted-by-platform", "")
		}
		return json.Marshal(f)
	}
	old, has := g.figureOf(f.Period)
	switch {
	case f.Standing == Quick && has && old.Standing != Quick,
		f.Standing == Confirmed && has && old.Standing != Quick:
		return nil, fault.Refuse(fault.ErrConflict, "standing-backwards", "standing")
	case f.Standing == Corrected && !has:
		return nil, fault.Refuse(fault.ErrConflict, "nothing-to-correct", "standing")
	case f.Standing != Quick && has && old.By.Person == by.Person:
		return nil, fault.Refuse(fault.ErrDenied, "same-reporter", "")
	case f.Standing == Corrected && f.Note == "":
		return nil, fault.Refuse(fault.ErrInvalid, "reason-missing", "note")
	case f.Standing != Quick && f.Standing != Confirmed && f.Standing != Corrected:
		return nil, fault.Refuse(fault.ErrInvalid, "no-such-option", "standing")
	}
	return json.Marshal(f)
}

func (g *Goal) figureOf(period string) (f Figure, ok bool) {
	for _, x := range g.Figures {
		if x.Period == period {
			f, ok = x, true
		}
	}
	return f, ok
}

// Apply returns the goal after an event: total, and without changing g or the event. It reports
// an error only for a body that is not JSON, which no written event can have.
func Apply(g Goal, e *ledger.Event) (Goal, error) {
	g.Version++
	var err error
	switch e.Type {
	case Published:
		if err = json.Unmarshal(e.Body, &g.Terms); err == nil {
			g.ID, g.First, g.Opened, g.Public = e.Stream, g.Terms, e.At, true
		}
	case Changed:
		var a Amend
		if err = json.Unmarshal(e.Body, &a); err == nil {
			g.amend(&a)
			g.Changes++
		}
	case Recorded:
		var f Figure
		if err = json.Unmarshal(e.Body, &f); err == nil {
			f.By, f.At, f.Version = e.Actor, e.At, g.Version
			g.Figures = append(slices.Clip(g.Figures), f)
		}
	case Based:
		var b Base
		if err = json.Unmarshal(e.Body, &b); err == nil {
			g.Base, g.BaseAsked = &b, false
		}
	case Lit:
		var l Lamp
		if err = json.Unmarshal(e.Body, &l); err == nil {
			g.Light, g.LitAt = l.Light, e.At
			if l.Light == Green {
				g.Pressed = nil
			}
		}
	case Pressed:
		var p Press
		if err = json.Unmarshal(e.Body, &p); err == nil {
			g.Pressed = append(slices.Clip(g.Pressed), p.Rung)
		}
	case Joined:
		var j Join
		if err = json.Unmarshal(e.Body, &j); err == nil {
			g.Matter = j.Matter
		}
	case Ended:
		g.Closed = e.At
	}
	if err != nil {
		return g, fmt.Errorf("body of event %d of goal %s: %w", e.Version, e.Stream, err)
	}
	return g, nil
}

func (g *Goal) amend(a *Amend) {
	set(&g.Target, a.Target)
	set(&g.Due, a.Due)
	set(&g.Lead, a.Lead)
	set(&g.Assist, a.Assist)
	set(&g.Leader, a.Leader)
	set(&g.Person, a.Person)
	set(&g.Curve, a.Curve)
	set(&g.Feed, a.Feed)
	set(&g.Parent, a.Parent)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
