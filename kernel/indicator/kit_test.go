package indicator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	. "bihuan/kernel/indicator"
)

const goalID name.ID = "220105-01890000-0000-7000-8000-000000000001"

var (
	lin = name.Actor{Person: "lin", Unit: "housing", Role: "handler"}
	sun = name.Actor{Person: "sun", Unit: "statistics", Role: "statistician"}
)

func dec(s string) money.Decimal { return money.MustParse(s) }

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// workdays has weekends and no holidays.
func workdays() *calendar.Calendar {
	c, err := calendar.New(nil, []int{2022, 2023, 2024, 2025})
	if err != nil {
		panic(err)
	}
	return c
}

// goal is a reported goal for the year 2023.
func goal(shape Shape, op, target, unit string, more ...func(*Terms)) *Goal {
	t := Terms{Title: "goal", Subject: "goal", Year: 2023, Shape: shape, Target: Target{Op: op, Value: dec(target), Unit: unit},
		Start: date("2023-01-01"), Due: date("2023-12-31"), Lead: "housing", Person: "lin", Feed: Feed{Mode: Reported}}
	for _, f := range more {
		f(&t)
	}
	return &Goal{Version: 1, ID: goalID, Terms: t, First: t}
}

func base(v, unit string) func(*Terms) {
	return func(t *Terms) { t.Base = &Base{Value: dec(v), Unit: unit, Year: 2022} }
}

func lower(t *Terms) { t.Lower = true }

func counted(t *Terms) { t.Feed = Feed{Mode: Counted, Indicator: "works/sites"} }

func curve(points ...string) func(*Terms) {
	return func(t *Terms) {
		for i := 0; i < len(points); i += 2 {
			t.Curve = append(t.Curve, Point{Month: points[i], Value: dec(points[i+1])})
		}
	}
}

func span(start, due string) func(*Terms) {
	return func(t *Terms) { t.Start, t.Due = date(start), date(due) }
}

// with records figures as period, value, period, value …
func with(g *Goal, figures ...string) *Goal {
	for i := 0; i < len(figures); i += 2 {
		g.Figures = append(g.Figures, Figure{Period: figures[i], Value: dec(figures[i+1]), Standing: Quick, By: lin})
	}
	return g
}

// event applies an event with a body.
func event(t testing.TB, g Goal, typ string, body any) Goal {
	t.Helper()
	b, ok := body.([]byte)
	if !ok {
		var err error
		if b, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	after, err := Apply(g, &ledger.Event{Stream: goalID, Kind: ledger.Indicator, Version: g.Version + 1, At: 1000 * (g.Version + 1), Actor: lin, Type: typ, Body: b})
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func code(err error) string {
	if err == nil {
		return ""
	}
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		return r.Code
	}
	return fmt.Sprint(err)
}
