package indicator

import (
	"cmp"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
)

// Goal is a promise of the report turned into a figure that somebody owns, as its events add
// up to it. The zero Goal has not been published.
type Goal struct {
	ID      name.ID
	Version int64
	Terms            // what holds now
	First   Terms    // what was published, kept for ever
	Figures []Figure // in the order they were recorded
	Changes int      // how often the terms were changed
	Pending *Pending // a change that has been asked for and not been decided, nil for none
	Light   Light    // as last announced
	LitAt   int64    // µs, since when
	Pressed []string // rungs reached since it was green
	Opened  int64    // µs
	Closed  int64    // µs, 0 while open
	Matter  name.ID  // the promise that is to fulfil it
	Public  bool
}

// Terms is what a goal demands of whom until when. It is the body of the event that publishes a goal.
type Terms struct {
	Source    Source        `json:"source"`
	Title     string        `json:"title"`
	Subject   string        `json:"subject"`
	Domain    string        `json:"domain,omitempty"` // the report's heading or the office's own grouping
	Year      int           `json:"year"`
	Shape     Shape         `json:"shape"`
	Lower     bool          `json:"lower,omitempty"` // lower is better
	Target    Target        `json:"target"`
	Base      *Base         `json:"base,omitempty"`
	BaseAsked bool          `json:"base-asked,omitempty"` // a base is needed and the unit has been asked for it
	Start     calendar.Date `json:"start"`
	Due       calendar.Date `json:"due"`
	Lead      name.Unit     `json:"lead"`
	Assist    []name.Unit   `json:"assist,omitempty"`
	Leader    name.Person   `json:"leader,omitempty"`
	Person    name.Person   `json:"person,omitempty"`
	Evidence  string        `json:"evidence,omitempty"` // what has to be shown
	Curve     []Point       `json:"curve,omitempty"`    // planned by the end of each month, empty for a straight line
	Feed      Feed          `json:"feed"`
	Parent    name.ID       `json:"parent,omitempty"`
	Weight    int           `json:"weight,omitempty"` // in assessment, 0 counts as 1
}

// FeedBy has an indicator measure the goal, or its unit report it for nil. Lower is better where the shape says so, or the indicator.
func (t *Terms) FeedBy(def *Definition) {
	t.Feed, t.Lower = Feed{Mode: Reported}, t.Shape == Ceiling || t.Shape == Zero
	if def != nil {
		t.Feed, t.Lower = Feed{Mode: def.Mode, Indicator: def.Ref}, t.Lower || def.Lower
	}
}

// FigureUnit is the unit of the goal's figures: that of the base where the target is a change of it.
func (t Terms) FigureUnit() string {
	if t.Base != nil && t.Base.Unit != "" && (strings.HasPrefix(t.Target.Op, "growth") || strings.HasPrefix(t.Target.Op, "decline")) {
		return t.Base.Unit
	}
	return t.Target.Unit
}

// Source is where in the report a goal comes from.
type Source struct {
	Report    name.ID `json:"report,omitempty"`
	Title     string  `json:"title,omitempty"`
	Quote     string  `json:"quote,omitempty"`
	Sentence  string  `json:"sentence,omitempty"`
	Start     int     `json:"start"`               // of the quote, in code points of the report's text
	Statement string  `json:"statement,omitempty"` // the statement's stable identity
}

// Target is the figure promised. A milestone has none: its Value is 1, in unit "".
type Target struct {
	Op    string         `json:"op"` // the op of the statement: eq, ge, reach, growth, decline_ge …
	Value money.Decimal  `json:"value"`
	Max   *money.Decimal `json:"max,omitempty"` // of a range
	Unit  string         `json:"unit"`
}

// Base is a level of the same quantity and unit in the year before. It is never computed from a rate.
type Base struct {
	Value money.Decimal `json:"value"`
	Unit  string        `json:"unit"`
	Year  int           `json:"year"`
	From  string        `json:"from,omitempty"` // the statement it was linked from, or who told it
}

// Point is one point of the plan curve: the cumulative plan, or the level planned, at the end of a month.
type Point struct {
	Month string        `json:"month"` // 2023-10
	Value money.Decimal `json:"value"`
}

// Feed says where a goal's figures come from.
type Feed struct {
	Mode      Mode   `json:"mode"`
	Indicator string `json:"indicator,omitempty"` // pack/indicator; empty for one reported by hand
}

// Standing is how firm a figure is.
type Standing string

// The standings.
const (
	Quick     Standing = "quick"     // 快报
	Confirmed Standing = "confirmed" // 核定
	Corrected Standing = "corrected" // 修正
)

// Standings are the standings from soft to firm.
var Standings = []Standing{Quick, Confirmed, Corrected}

// Figure is one recorded value of a goal: the cumulative value, level or rate at the end of its period.
type Figure struct {
	Period   string        `json:"period"` // 2023-10
	Value    money.Decimal `json:"value"`
	Standing Standing      `json:"standing"`
	Note     string        `json:"note,omitempty"`
	Evidence []string      `json:"evidence,omitempty"` // SM3 of uploads
	Rows     int64         `json:"rows,omitempty"`     // counted: how many rows stand behind it
	Cause    name.ID       `json:"cause,omitempty"`    // counted: the matter whose act moved it

	By      name.Actor `json:"-"`
	At      int64      `json:"-"` // µs
	Version int64      `json:"-"` // the event's place in the goal's stream
}

// Month returns the period that the day belongs to.
func Month(d calendar.Date) string { return d.String()[:7] }

// Series returns the valid figure of each period in ascending order: the latest recorded one.
func (g *Goal) Series() []Figure {
	latest := map[string]Figure{}
	for _, f := range g.Figures {
		latest[f.Period] = f
	}
	series := make([]Figure, 0, len(latest))
	for _, f := range latest {
		series = append(series, f)
	}
	slices.SortFunc(series, func(a, b Figure) int { return cmp.Compare(a.Period, b.Period) })
	return series
}

// Latest returns the valid figure of the latest period up to and including the month of the day, and false if there is none.
func (g *Goal) Latest(on calendar.Date) (last Figure, ok bool) {
	month := Month(on)
	for _, f := range g.Figures {
		if f.Period <= month && (!ok || f.Period >= last.Period) {
			last, ok = f, true
		}
	}
	return last, ok
}

// NeedsBase reports whether the goal cannot be judged without a base that it does not have:
// its target is a change, and its figures are levels.
func (t *Terms) NeedsBase() bool {
	return t.Base == nil && (t.Shape == Growth || t.Shape == Ceiling) && t.isRate() && t.Target.Unit != "%" && t.Target.Unit != "百分点"
}

// isRate reports whether the target is a change against the base rather than a level.
func (t *Terms) isRate() bool {
	return strings.HasPrefix(t.Target.Op, "growth") || strings.HasPrefix(t.Target.Op, "decline")
}
