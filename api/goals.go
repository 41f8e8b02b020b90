package api

import (
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// named is a unit or a person with its name in the language of the request.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// goalItem is a goal in a list.
type goalItem struct {
	ID     name.ID         `json:"id"`
	Title  string          `json:"title"`
	Shape  indicator.Shape `json:"shape" enum:"accumulate level growth ceiling zero milestone"`
	Lead   *named          `json:"lead" doc:"the unit whose it is"`
	Due    *string         `json:"due" format:"date"`
	Target *target         `json:"target" doc:"null for a milestone, which is a date"`
	Actual *number         `json:"actual" doc:"the latest figure, in the target's unit"`
	Light  indicator.Light `json:"light" enum:"green yellow red grey"`
	Source *source         `json:"source" doc:"where in a report it stands"`
}

// target is the figure promised.
type target struct {
	Op    string  `json:"op" doc:"eq, ge, reach, growth, decline_ge …, as extracted"`
	Value *number `json:"value"`
	Max   *number `json:"max,omitempty" doc:"of a range"`
	Unit  string  `json:"unit"`
}

// source is where in a report a goal stands.
type source struct {
	Report *name.ID `json:"report"`
	Quote  string   `json:"quote"`
	Start  int      `json:"start" doc:"of the quote, in code points of the report's text"`
}

// goalList is a page of goals.
type goalList struct {
	Items []goalItem `json:"items"`
	Next  *string    `json:"next" doc:"the cursor of the next page"`
}

// goalFull is one goal with where it stands and what it belongs to.
type goalFull struct {
	goalItem
	Version   int64        `json:"version"`
	Subject   string       `json:"subject"`
	Sentence  string       `json:"sentence"`
	Domain    *string      `json:"domain"`
	Year      int          `json:"year"`
	Lower     bool         `json:"lower" doc:"lower is better"`
	Base      *base        `json:"base"`
	BaseAsked bool         `json:"base_asked" doc:"a base is needed and the unit has been asked for it"`
	Begin     *string      `json:"begin" format:"date"`
	Assist    []named      `json:"assist"`
	Leader    *named       `json:"leader" doc:"null for whoever works nowhere here"`
	Person    *named       `json:"person" doc:"null for whoever works nowhere here"`
	Evidence  *string      `json:"evidence" doc:"what has to be shown"`
	Feed      feed         `json:"feed"`
	Curve     []point      `json:"curve" doc:"planned by the end of each month; empty for a straight line"`
	Reading   reading      `json:"reading"`
	Figures   []figure     `json:"figures" doc:"the valid one of each period, oldest first"`
	Original  original     `json:"original" doc:"as it was published, for ever"`
	Changes   int          `json:"changes" doc:"how often the terms were changed"`
	Parent    *name.ID     `json:"parent"`
	Children  []goalItem   `json:"children"`
	Matter    *name.ID     `json:"matter" doc:"the promise that is to fulfil it; null for whoever may not read that"`
	Matters   []matterItem `json:"matters" doc:"that fulfil it"`
	Holding   []matterItem `json:"holding" doc:"open matters that hold it back, nearest due time first, at most 20"`
	Held      int64        `json:"held" doc:"how many there are"`
	Closed    *string      `json:"closed" format:"date-time"`
}

type base struct {
	Value *number `json:"value"`
	Unit  string  `json:"unit"`
	Year  int     `json:"year"`
}

type feed struct {
	Mode      indicator.Mode `json:"mode" enum:"reported counted derived"`
	Indicator *string        `json:"indicator"`
	Counts    *string        `json:"counts" doc:"the kind that is counted"`
	Formula   *name.Text     `json:"formula" doc:"what is counted, in words"`
}

type point struct {
	Month string  `json:"month"`
	Value *number `json:"value"`
}

// reading is where a goal stands today.
type reading struct {
	On       string        `json:"on" format:"date"`
	Planned  *number       `json:"planned" doc:"what the plan wants by now, in the figure's unit"`
	Progress *number       `json:"progress" doc:"per cent of the target; may pass 100"`
	Gap      *number       `json:"gap" doc:"percentage points against plan; negative is behind"`
	Elapsed  *number       `json:"elapsed" doc:"per cent of the time gone"`
	Required *number       `json:"required" doc:"needed for each working day that is left; null without a figure"`
	DaysLeft int           `json:"days_left" doc:"working days"`
	Reached  bool          `json:"reached"`
	Why      indicator.Why `json:"why" doc:"the reason for the light"`
}

// original is what was published.
type original struct {
	Title  string  `json:"title"`
	Target *target `json:"target"`
	Due    *string `json:"due" format:"date"`
	Lead   *named  `json:"lead"`
}

func (s *server) goals(q *request) (answer, error) {
	gq := desk.GoalQuery{Year: q.number("year"), Unit: name.Unit(q.said("unit")), Light: indicator.Light(q.said("light")), Cursor: q.said("cursor"), Limit: q.limit()}
	var views []desk.GoalView
	var next string
	var err error
	if q.sees() {
		views, next, err = s.Desk.Goals(q.Context(), q.Who, gq)
	} else {
		views, next, err = s.Desk.PublicGoals(q.Context(), gq)
	}
	if err != nil {
		return answer{}, err
	}
	list := goalList{Items: make([]goalItem, 0, len(views)), Next: orNull(next)}
	for i := range views {
		if gq.Light == "" || views[i].Reading.Light == gq.Light { // a light that has changed today and is not announced yet
			list.Items = append(list.Items, q.goalItem(&views[i]))
		}
	}
	return answer{body: list}, nil
}

// view returns the goal in the path, as far as the caller may read it.
func (q *request) view() (desk.GoalView, error) {
	id, err := q.id()
	if err != nil {
		return desk.GoalView{}, err
	}
	if q.s.Desk.Holds(q.Who, "goal.read", "goal") {
		return q.s.Desk.Goal(q.Context(), q.Who, id)
	}
	return q.s.Desk.Promise(q.Context(), id)
}

func (s *server) goal(q *request) (answer, error) {
	v, err := q.view()
	if err != nil {
		return answer{}, err
	}
	full, err := q.goalFull(&v)
	if err != nil {
		return answer{}, err
	}
	if err := q.addChildren(q.Context(), &v, &full); err != nil {
		return answer{}, err
	}
	if err := q.addMatters(q.Context(), &v, &full); err != nil {
		return answer{}, err
	}
	return answer{body: full, etag: etagOf(v.Version)}, nil
}

func (q *request) goalItem(v *desk.GoalView) goalItem {
	item := goalItem{ID: v.ID, Title: v.Title, Shape: v.Shape, Lead: q.unit(v.Lead), Due: dateOf(v.Due), Target: targetOf(&v.Terms), Light: v.Reading.Light}
	if v.Reading.Has {
		item.Actual = exact(v.Reading.Actual)
	}
	if src := v.Source; src.Report != "" || src.Quote != "" {
		item.Source = &source{Report: orNull(src.Report), Quote: src.Quote, Start: src.Start}
	}
	return item
}

func targetOf(t *indicator.Terms) *target {
	if t.Shape == indicator.Milestone {
		return nil
	}
	to := &target{Op: t.Target.Op, Value: exact(t.Target.Value), Unit: t.Target.Unit}
	if t.Target.Max != nil {
		to.Max = exact(*t.Target.Max)
	}
	return to
}

func dateOf(d calendar.Date) *string {
	if d == 0 {
		return nil
	}
	s := d.String()
	return &s
}

// timeOf writes an instant as RFC 3339 in +08:00, nil for none.
func timeOf(us int64) *string {
	if us == 0 {
		return nil
	}
	s := moment(us)
	return &s
}

// moment writes an instant to the second, as the pages do.
func moment(us int64) string { return calendar.Instant(us).Time().Format("2006-01-02T15:04:05-07:00") }

func (q *request) unit(key name.Unit) *named {
	if key == "" {
		return nil
	}
	return &named{string(key), q.s.Desk.Directory().Unit(key).Words.In(q.Lang)}
}

// person names somebody to whoever works here.
func (q *request) person(key name.Person) *named {
	if q.outside() {
		return nil
	}
	return q.named(key)
}

func (q *request) named(key name.Person) *named {
	if key == "" {
		return nil
	}
	return &named{string(key), q.s.Desk.Directory().Person(key).Words.In(q.Lang)}
}

// outside reports whether the caller works nowhere here: nobody, a resident, or whoever acts for a firm. An account that anybody opens with a telephone
// reads what everybody does.
func (q *request) outside() bool {
	return !slices.ContainsFunc(q.Who.Roles, func(r name.Role) bool { return r != name.Visitor.Role })
}

func (q *request) unitsOf(keys []name.Unit) []named {
	all := make([]named, 0, len(keys))
	for _, k := range keys {
		all = append(all, *q.unit(k))
	}
	return all
}

func (q *request) goalFull(v *desk.GoalView) (goalFull, error) {
	figures, err := q.figuresOf(&v.Goal, v.Series())
	f := goalFull{goalItem: q.goalItem(v), Version: v.Version, Subject: v.Subject, Sentence: v.Source.Sentence, Domain: orNull(v.Domain), Year: v.Year, Lower: v.Lower,
		BaseAsked: v.BaseAsked, Begin: dateOf(v.Start), Assist: q.unitsOf(v.Assist), Leader: q.person(v.Leader), Person: q.person(v.Person), Evidence: orNull(v.Evidence),
		Feed: q.feed(v), Curve: []point{}, Reading: readingOf(v), Figures: figures, Changes: v.Changes, Parent: orNull(v.Parent), Closed: timeOf(v.Closed),
		Original: original{Title: v.First.Title, Target: targetOf(&v.First), Due: dateOf(v.First.Due), Lead: q.unit(v.First.Lead)},
		Children: []goalItem{}, Matters: []matterItem{}, Holding: []matterItem{}}
	if b := v.Base; b != nil {
		f.Base = &base{exact(b.Value), b.Unit, b.Year}
	}
	for _, p := range v.Curve {
		f.Curve = append(f.Curve, point{p.Month, exact(p.Value)})
	}
	return f, err
}

func (q *request) feed(v *desk.GoalView) feed {
	f := feed{Mode: v.Feed.Mode, Indicator: orNull(v.Feed.Indicator)}
	if v.Definition != nil && v.Definition.Count != nil {
		f.Counts = orNull(v.Definition.Count.Of)
		if zh := q.s.Desk.FormulaWords(v.Feed.Indicator, "zh"); zh != "" {
			f.Formula = &name.Text{ZH: zh, EN: q.s.Desk.FormulaWords(v.Feed.Indicator, "en")}
		}
	}
	return f
}

func readingOf(v *desk.GoalView) reading {
	r := v.Reading
	out := reading{On: r.On.String(), Elapsed: exact(r.Elapsed), DaysLeft: r.DaysLeft, Reached: r.Reached, Why: r.Why}
	if r.HasPlan {
		out.Planned = exact(r.Planned)
	}
	if r.Has && r.Light != indicator.Grey {
		out.Progress, out.Gap = exact(r.Progress), exact(r.Gap)
	}
	if v.Shape == indicator.Accumulate && r.Has { // without a figure nobody knows what is still to be done; 0 would say: nothing
		out.Required = exact(r.Required)
	}
	return out
}

// mostChildren is how many parts of a goal are shown.
const mostChildren = 500

func (q *request) addChildren(ctx context.Context, v *desk.GoalView, f *goalFull) (err error) {
	var parts []desk.GoalView
	of := desk.GoalQuery{Parent: v.ID, Limit: mostChildren}
	if q.sees() {
		parts, _, err = q.s.Desk.Goals(ctx, q.Who, of)
	} else {
		parts, _, err = q.s.Desk.PublicGoals(ctx, of)
	}
	for i := range parts {
		f.Children = append(f.Children, q.goalItem(&parts[i]))
	}
	return err
}

// mostHolding is how many matters that hold a goal back are shown.
const mostHolding = 20

func (q *request) addMatters(ctx context.Context, v *desk.GoalView, f *goalFull) error {
	if !q.Holds("matter.read", "matter") {
		var of journal.Query
		desk.Fulfilling(v.ID, &of)
		page, err := q.s.Desk.PublicMatters(ctx, of)
		f.Matters = q.matterItems(page.Rows)
		return err
	}
	var err error
	if f.Matter, err = q.readable(v.Matter); err != nil {
		return err
	}
	rows, err := q.s.Desk.MattersOf(ctx, q.Who, v.ID)
	if err != nil {
		return err
	}
	f.Matters = q.matterItems(rows)
	holding, count, err := q.s.Desk.Holding(ctx, q.Who, v, mostHolding)
	f.Holding, f.Held = q.matterItems(holding), count
	return err
}
