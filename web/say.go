package web

import (
	"html/template"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/web/draw"
)

// upload is a file as a form brought it.
type upload = journal.File

func itoa(n int) string { return strconv.Itoa(n) }

// dateText is a day for a file, empty for none.
func dateText(d calendar.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// unitNames joins the names of units.
func (q *request) unitNames(units []name.Unit) string {
	names := make([]string, len(units))
	for i, u := range units {
		names[i] = q.Unit(u).Short.In(q.Lang)
	}
	return strings.Join(names, q.Says("list.and"))
}

// personName is a person's name, empty for nobody.
func (q *request) personName(p name.Person) string {
	if p == "" {
		return ""
	}
	return q.Person(p).Words.In(q.Lang)
}

// persons joins the names of persons.
func (q *request) persons(who []name.Person) string {
	names := make([]string, len(who))
	for i, p := range who {
		names[i] = q.personName(p)
	}
	return strings.Join(names, q.Says("list.and"))
}

// UnitNames joins the names of units for a template.
func (q *request) UnitNames(units []name.Unit) string { return q.unitNames(units) }

// Query is the page's own query, for links that ask the same in another form.
func (q *request) Query() template.URL { return template.URL(q.URL.Query().Encode()) }

// PackOf is the pack of a kind.
func (q *request) PackOf(kind string) string {
	called, _, _ := strings.Cut(kind, "/")
	return called
}

// GoalLamp is the light of a goal with its word.
func (q *request) GoalLamp(l indicator.Light) template.HTML {
	if l == "" {
		return ""
	}
	return draw.Badge(l, q.Says("light."+string(l)))
}

// MonthWords writes a month as people do: 2023年9月, Sep 2023.
func (q *request) MonthWords(month string) string { return monthWords(q.Lang, month) }

func monthWords(lang, month string) string {
	d, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return month
	}
	if lang == "en" {
		return strings.TrimPrefix(date("en", d), "1 ")
	}
	return strings.TrimSuffix(date("zh", d), "1日")
}
