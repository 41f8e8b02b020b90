package indicator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
)

// The types of a goal's events.
const (
	Published = "goal.published"        // 下达: body Terms
	Asked     = "goal.change-asked"     // 申请调整: body Amend
	Changed   = "goal.changed"          // 同意调整，随任务改派: body Amend
	Declined  = "goal.change-declined"  // 不同意调整: body Settled
	Withdrawn = "goal.change-withdrawn" // 撤回申请: body Settled
	Urged     = "goal.change-urged"     // 催促审定: body Urge
	Recorded  = "goal.recorded"         // 填报、计数: body Figure
	Based     = "goal.based"            // 补基数: body Base
	Lit       = "goal.lit"              // 亮灯: body Lamp
	Joined    = "goal.joined"           // 挂接: body Join
	Pressed   = "goal.pressed"          // 催办、督办: body Press
	Ended     = "goal.ended"            // 销号: body Join, empty
)

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

// Limits of what one goal holds.
const (
	maxTitle    = 600 // bytes
	maxNote     = 3000
	maxAssist   = 100
	maxCurve    = 240 // points: twenty years
	maxEvidence = 100
)

// Check reports what is wrong with terms, as a [fault.Refusal] on the field.
func (t *Terms) Check() error {
	for _, c := range []struct {
		bad         bool
		code, field string
	}{
		{strings.TrimSpace(t.Title) == "", "field-missing", "title"},
		{len(t.Title) > maxTitle, "too-long", "title"},
		{!slices.Contains(Shapes, t.Shape), "no-such-option", "shape"},
		{t.Lead == "", "field-missing", "lead"},
		{t.Year < 1990 || t.Year > 2200, "not-year", "year"},
		{t.Start == 0 || t.Due == 0, "field-missing", "due"},
		{t.Due < t.Start, "due-before-start", "due"},
		{t.Shape != Milestone && t.Target.Op == "", "field-missing", "target"},
		{!isValue(t.Target.Value) || t.Target.Max != nil && !isValue(*t.Target.Max), "not-decimal", "target"},
		{t.Target.Max != nil && t.Target.Max.Less(t.Target.Value), "too-small", "target"},
		{t.Base != nil && t.Base.Unit == "", "field-missing", "base"},
		{t.Base != nil && !isValue(t.Base.Value), "not-decimal", "base"},
		{!slices.Contains(Modes, t.Feed.Mode), "no-such-option", "feed"},
		{t.Feed.Mode != Reported && t.Feed.Indicator == "", "field-missing", "feed"},
		{len(t.Curve) > maxCurve || !t.isAscending(), "curve-order", "curve"},
		{slices.Contains(t.Assist, t.Lead), "lead-assists", "assist"},
		{len(t.Assist) > maxAssist, "too-long", "assist"},
	} {
		if c.bad {
			return fault.Refuse(fault.ErrInvalid, c.code, c.field, "limit", limits[c.field])
		}
	}
	return nil
}

// limits are what the words of a refusal name, by field.
var limits = map[string]string{"title": strconv.Itoa(maxTitle / 3), "reason": strconv.Itoa(maxNote / 3), "assist": strconv.Itoa(maxAssist), "target": "0"}

// isAscending reports whether the points are months in order, with values that a goal may hold, and, where a goal
// accumulates, never fall.
func (t *Terms) isAscending() bool {
	for i, p := range t.Curve {
		if !isMonth(p.Month) || !isValue(p.Value) {
			return false
		}
		if i > 0 && (p.Month <= t.Curve[i-1].Month || t.Shape == Accumulate && p.Value.Less(t.Curve[i-1].Value)) {
			return false
		}
	}
	return true
}

// isMonth reports whether s is a month such as 2023-10.
func isMonth(s string) bool {
	_, err := calendar.ParseDate(s + "-01")
	return err == nil && len(s) == len("2006-01")
}

// Publish returns the body of the event that publishes a goal, or refuses the terms.
func Publish(t Terms) ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	return json.Marshal(t)
}

// AnswerBase returns the body of the event that tells the base that a goal was missing, with its unit and whoever told it. One that
// is there is changed like other terms, by two persons: what the light is judged against is not one person's.
func (g *Goal) AnswerBase(b Base) ([]byte, error) {
	switch {
	case g.Base != nil:
		return nil, fault.Refuse(fault.ErrConflict, "base-known", "value")
	case g.Closed != 0:
		return nil, fault.Refuse(fault.ErrConflict, "goal-closed", "")
	case b.Unit == "":
		return nil, fault.Refuse(fault.ErrInvalid, "field-missing", "unit")
	case !isValue(b.Value):
		return nil, fault.Refuse(fault.ErrInvalid, "not-decimal", "value")
	}
	return json.Marshal(b)
}

// Record returns the body of an event that records a figure. What is counted or derived is the platform's to record.
// Standings only grow firmer within a period: a quick figure may be followed by a confirmed one, a confirmed one by
// a corrected one, each beside the former: there is nothing to confirm or to correct that nobody reported, and a figure is confirmed
// once. Of a milestone the figure is 1, done, or 0, not yet. A confirmed or corrected figure is entered by another person than the one it replaces, and a corrected one says why. After the goal has ended only corrections are taken.
func (g *Goal) Record(f Figure, by name.Actor) ([]byte, error) {
	counted := g.Feed.Mode == Counted || g.Feed.Mode == Derived
	switch {
	case !isMonth(f.Period):
		return nil, fault.Refuse(fault.ErrInvalid, "not-month", "period")
	case !slices.Contains(Standings, f.Standing):
		return nil, fault.Refuse(fault.ErrInvalid, "no-such-option", "standing")
	case !counted && !isValue(f.Value):
		return nil, fault.Refuse(fault.ErrInvalid, "not-decimal", "value")
	case !counted && g.Shape == Milestone && f.Value != money.Zero && f.Value != money.One:
		return nil, fault.Refuse(fault.ErrInvalid, "not-done-or-not", "value")
	case len(f.Note) > maxNote:
		return nil, fault.Refuse(fault.ErrInvalid, "too-long", "note", "limit", strconv.Itoa(maxNote/3))
	case len(f.Evidence) > maxEvidence:
		return nil, fault.Refuse(fault.ErrInvalid, "evidence-unreadable", "evidence")
	case len(g.Figures) >= maxFigures:
		return nil, fault.Refuse(fault.ErrConflict, "too-many-figures", "")
	case g.Closed != 0 && f.Standing != Corrected:
		return nil, fault.Refuse(fault.ErrConflict, "goal-closed", "")
	case counted && !by.IsSystem():
		return nil, fault.Refuse(fault.ErrDenied, "counted-by-platform", "")
	case counted:
		return json.Marshal(f)
	}
	if err := g.follows(f, by); err != nil {
		return nil, err
	}
	return json.Marshal(f)
}

// sameHands reports whether one person stands behind two acts: did them, or had them done in their name.
func sameHands(a, b name.Actor) bool {
	is := func(p name.Person) bool { return p != "" && (p == b.Person || p == b.For) }
	return is(a.Person) || is(a.For)
}

// follows checks a reported figure against the one that it comes beside.
func (g *Goal) follows(f Figure, by name.Actor) error {
	old, has := g.figureOf(f.Period)
	switch {
	case has && f.Standing == Confirmed && old.Standing != Quick:
		return fault.Refuse(fault.ErrConflict, "confirmed-already", "standing")
	case has && f.Standing != Corrected && old.Standing != Quick:
		return fault.Refuse(fault.ErrConflict, "standing-backwards", "standing")
	case f.Standing == Confirmed && !has:
		return fault.Refuse(fault.ErrConflict, "nothing-to-confirm", "standing")
	case f.Standing == Corrected && !has:
		return fault.Refuse(fault.ErrConflict, "nothing-to-correct", "standing")
	case f.Standing != Quick && has && f.Cause == "" && sameHands(old.By, by): // a return is verified by somebody else before it comes here
		return fault.Refuse(fault.ErrDenied, "same-reporter", "")
	case f.Standing == Corrected && strings.TrimSpace(f.Note) == "":
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "note")
	}
	return nil
}

// figureOf returns the valid figure of a period: the one recorded last.
func (g *Goal) figureOf(period string) (f Figure, ok bool) {
	for _, x := range g.Figures {
		if x.Period == period {
			f, ok = x, true
		}
	}
	return f, ok
}

// Apply returns the goal after an event: total, and without changing g or the event. It reports
// an error, and returns g as it was, only for a body that is not what the type says, which no written event has. An event
// of a type that it does not know counts and changes nothing else.
func Apply(g Goal, e *ledger.Event) (Goal, error) {
	after := g
	after.Version++
	effect, known := effects[e.Type]
	if !known {
		return after, nil
	}
	if err := effect(&after, e); err != nil {
		return g, fmt.Errorf("body of event %d of goal %s: %w", e.Version, e.Stream, err)
	}
	return after, nil
}

// effects has a row for every type of event.
var effects = map[string]func(*Goal, *ledger.Event) error{
	Published: body(func(g *Goal, e *ledger.Event, t Terms) {
		g.Terms, g.First, g.ID, g.Opened, g.Public = t, t, e.Stream, e.At, true
	}),
	Asked: body(func(g *Goal, e *ledger.Event, a Amend) {
		g.Pending = &Pending{Amend: a, By: e.Actor, At: e.At, Reason: e.Reason, Version: g.Version}
	}),
	Changed: body(func(g *Goal, _ *ledger.Event, a Amend) {
		g.amend(&a)
		g.Changes++
		if a.Cause == "" { // what is asked waits on
			g.Pending = nil
		}
	}),
	Urged: body(func(g *Goal, _ *ledger.Event, u Urge) {
		if p := g.Pending; p != nil && p.Version == u.Asked {
			again := *p
			again.Urged = append(slices.Clip(p.Urged), u.Rung)
			g.Pending = &again
		}
	}),
	Declined:  settle,
	Withdrawn: settle,
	Recorded: body(func(g *Goal, e *ledger.Event, f Figure) {
		f.By, f.At, f.Version = e.Actor, e.At, g.Version
		g.Figures = append(slices.Clip(g.Figures), f)
	}),
	Based: body(func(g *Goal, _ *ledger.Event, b Base) { g.Base, g.BaseAsked = &b, false }),
	Lit: body(func(g *Goal, e *ledger.Event, l Lamp) {
		if g.Light, g.LitAt = l.Light, e.At; l.Light == Green {
			g.Pressed = nil
		}
	}),
	Pressed: body(func(g *Goal, _ *ledger.Event, p Press) { g.Pressed = append(slices.Clip(g.Pressed), p.Rung) }),
	Joined:  body(func(g *Goal, _ *ledger.Event, j Join) { g.Matter = j.Matter }),
	Ended:   func(g *Goal, e *ledger.Event) error { g.Closed, g.Pending = e.At, nil; return nil },
}

// settle ends an asking without a change.
func settle(g *Goal, _ *ledger.Event) error {
	g.Pending = nil
	return nil
}

// body reads the body of an event into what its type says, always anew, so that nothing of g is written through.
func body[T any](then func(*Goal, *ledger.Event, T)) func(*Goal, *ledger.Event) error {
	return func(g *Goal, e *ledger.Event) error {
		var b T
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return err
		}
		then(g, e, b)
		return nil
	}
}
