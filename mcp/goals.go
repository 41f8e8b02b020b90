package mcp

import (
	"fmt"
	"slices"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// goalRow is a goal in a list.
type goalRow struct {
	ID     name.ID `json:"id"`
	Title  string  `json:"title"`
	Year   int     `json:"year"`
	Unit   string  `json:"unit" jsonschema:"the lead unit"`
	Due    string  `json:"due"`
	Light  string  `json:"light" jsonschema:"green, yellow, red or grey"`
	Why    string  `json:"why,omitempty" jsonschema:"the reason for the light"`
	Target figure  `json:"target"`
	Actual *figure `json:"actual,omitempty" jsonschema:"the latest figure; none when nothing was recorded"`
	Page   string  `json:"page"`
}

// figure is a number with its unit, in the digits in which it was recorded.
type figure struct {
	Value  string `json:"value"`
	Unit   string `json:"unit,omitempty"`
	Period string `json:"period,omitempty"`
}

func (c *call) goal(g *desk.GoalView) goalRow {
	out := goalRow{ID: g.ID, Title: g.Title, Year: g.Year, Unit: c.s.Desk.Directory().Unit(g.Lead).Words.In(c.lang), Due: g.Due.String(), Light: string(g.Reading.Light),
		Target: figure{Value: g.Target.Value.String(), Unit: g.Target.Unit}, Page: c.page("/goals/" + string(g.ID))}
	if key := "why." + string(g.Reading.Why); words.Has(key) {
		out.Why = words.Say(c.lang, key)
	}
	if g.Reading.Has {
		out.Actual = &figure{g.Reading.Actual.String(), g.FigureUnit(), g.Reading.Figure.Period}
	}
	return out
}

type searchGoalsIn struct {
	Text  string `json:"text,omitempty" jsonschema:"words of its title"`
	Year  int    `json:"year,omitempty"`
	Unit  string `json:"unit,omitempty" jsonschema:"only those that this unit leads: its key or its name"`
	Light string `json:"light,omitempty" jsonschema:"green, yellow, red or grey"`
	Limit int    `json:"limit,omitempty" jsonschema:"1 to 50, 20 if not said"`
}

type goalsOut struct {
	Goals []goalRow `json:"goals"`
	More  bool      `json:"more" jsonschema:"whether there are more than these"`
}

func searchGoals(c *call, in searchGoalsIn) (goalsOut, error) {
	q := desk.GoalQuery{Text: in.Text, Year: in.Year, Light: indicator.Light(in.Light), Limit: rows(in.Limit)}
	if in.Unit != "" {
		unit, err := c.unit(in.Unit)
		if err != nil {
			return goalsOut{}, err
		}
		q.Unit = unit
	}
	found, next, err := c.s.Desk.Goals(c, c.who, q)
	if err != nil {
		return goalsOut{}, err
	}
	out := goalsOut{Goals: make([]goalRow, len(found)), More: next != ""}
	for i := range found {
		out.Goals[i] = c.goal(&found[i])
	}
	return out, nil
}

type readGoalIn struct {
	Goal string `json:"goal" jsonschema:"its id"`
}

// goalOut is a goal with its figures.
type goalOut struct {
	goalRow
	Sentence string     `json:"sentence,omitempty" jsonschema:"the report's own words"`
	Report   string     `json:"report,omitempty"`
	Evidence string     `json:"evidence,omitempty" jsonschema:"what has to be shown"`
	Assist   []string   `json:"assist,omitempty"`
	Planned  *figure    `json:"planned,omitempty" jsonschema:"what the plan wants by now"`
	Progress string     `json:"progress,omitempty" jsonschema:"per cent of the target"`
	Figures  []recorded `json:"figures"`
	Matters  []row      `json:"matters" jsonschema:"those that are to fulfil it and that the person may read"`
}

type recorded struct {
	figure
	Standing string `json:"standing" jsonschema:"quick, confirmed or corrected"`
	Rows     int64  `json:"rows,omitempty" jsonschema:"counted by the platform: of how many matters"`
	Note     string `json:"note,omitempty"`
	At       string `json:"at"`
}

// mostFigures is how many of the last figures are told.
const mostFigures = 36

func readGoal(c *call, in readGoalIn) (goalOut, error) {
	id, err := name.ParseID(in.Goal)
	if err != nil {
		return goalOut{}, fmt.Errorf("goal %q: %w", in.Goal, fault.ErrNotFound)
	}
	g, err := c.s.Desk.Goal(c, c.who, id)
	if err != nil {
		return goalOut{}, err
	}
	out := goalOut{goalRow: c.goal(&g), Sentence: g.Source.Sentence, Report: g.Source.Title, Evidence: g.Evidence, Figures: []recorded{}, Matters: []row{}}
	for _, u := range g.Assist {
		out.Assist = append(out.Assist, c.s.Desk.Directory().Unit(u).Words.In(c.lang))
	}
	if g.Reading.HasPlan {
		out.Planned = &figure{Value: g.Reading.Planned.Round(2).String(), Unit: g.FigureUnit()}
	}
	if g.Reading.Has {
		out.Progress = g.Reading.Progress.Round(1).String()
	}
	for _, f := range slices.Backward(g.Figures) {
		if len(out.Figures) == mostFigures {
			break
		}
		out.Figures = append(out.Figures, recorded{figure{f.Value.String(), g.FigureUnit(), f.Period}, string(f.Standing), f.Rows, f.Note, calendar.Instant(f.At).String()})
	}
	found, err := c.s.Desk.MattersOf(c, c.who, id)
	for i := range found[:min(len(found), mostRows)] {
		out.Matters = append(out.Matters, c.row(&found[i]))
	}
	return out, err
}
