package web

import (
	"html/template"
	"net/url"
	"strconv"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// goalFilter narrows the goals of a page; its values stand in the page's address.
type goalFilter struct {
	Year   int
	Unit   name.Unit
	Domain string
	Light  indicator.Light
}

// goalFilter reads the filter of the page's address. What is not understood does not narrow.
func (q *request) goalFilter() goalFilter {
	v := q.URL.Query()
	f := goalFilter{Unit: name.Unit(v.Get("unit")), Domain: v.Get("domain"), Light: indicator.Light(v.Get("light"))}
	f.Year, _ = strconv.Atoi(v.Get("year"))
	if f.Year < 1990 || f.Year > 2200 {
		f.Year = q.Today().Year()
	}
	if _, known := lampShapes[f.Light]; !known {
		f.Light = ""
	}
	return f
}

// IsNarrow reports whether anything but the year narrows.
func (f goalFilter) IsNarrow() bool { return f.Unit != "" || f.Domain != "" || f.Light != "" }

func (f goalFilter) holds(g *desk.GoalView) bool {
	return (f.Unit == "" || g.Lead == f.Unit) && (f.Domain == "" || g.Domain == f.Domain) && (f.Light == "" || g.Reading.Light == f.Light)
}

func (f goalFilter) of(goals []desk.GoalView) (some []desk.GoalView) {
	for i := range goals {
		if f.holds(&goals[i]) {
			some = append(some, goals[i])
		}
	}
	return some
}

// link is the address of a page under the filter with one value changed; changing to nothing drops it.
func (f goalFilter) link(path, key, value string) string {
	v := url.Values{"year": {strconv.Itoa(f.Year)}, "unit": {string(f.Unit)}, "domain": {f.Domain}, "light": {string(f.Light)}}
	v.Set(key, value)
	for k := range v {
		if v.Get(k) == "" {
			v.Del(k)
		}
	}
	return path + "?" + v.Encode()
}

// cockpitGroup is a domain or unit with its goals at a glance.
type cockpitGroup struct {
	Words string
	Link  string
	Count int
	Strip template.HTML
	Red   int
	Goals []goalShown
}

// stuckShown is a goal behind plan with the matters that hold it back.
type stuckShown struct {
	goalShown
	Holding []rowShown
	Count   int64
}

// cockpitView is all goals at a glance.
type cockpitView struct {
	Tab     string
	On      calendar.Date
	Filter  goalFilter
	Total   int
	All     string // the address that shows all
	Lamps   []lampCount
	Strip   template.HTML
	Stuck   []stuckShown
	Domains []cockpitGroup
	Units   []cockpitGroup
	Matrix  template.HTML
	Goals   []goalShown // when the filter narrows
	Choices filterChoices
	Path    string
}

// filterChoices are what a filter may be set to.
type filterChoices struct {
	Years   []int
	Units   []cockpitGroup
	Domains []cockpitGroup
}

// showCockpit shows all goals at a glance, by domain, unit and light, and what is behind and why.
func (s *server) showCockpit(q *request) error {
	f := q.goalFilter()
	c, err := s.Desk.Cockpit(q.Context(), q.Who, f.Year)
	if err != nil {
		return err
	}
	v := cockpitView{Tab: "all", On: c.On, Filter: f, Total: len(c.Goals), All: f.link("/cockpit", "light", ""), Path: "/cockpit", Strip: q.stripOf(c.Lights)}
	for _, l := range lightsInOrder {
		v.Lamps = append(v.Lamps, lampCount{l, c.Lights[l], f.link("/cockpit", "light", string(l))})
	}
	for _, st := range c.Stuck {
		if f.holds(&st.GoalView) {
			v.Stuck = append(v.Stuck, stuckShown{goalShown{st.GoalView, q.Lang}, q.shownRows(st.Holding), st.Count})
		}
	}
	v.Domains = q.groups(c.Domains, f, "domain")
	v.Units = q.groups(c.Units, f, "unit")
	v.Matrix = q.unitMatrix(c.Units, f)
	v.Choices = filterChoices{years(c.On.Year()), v.Units, v.Domains}
	if f.IsNarrow() {
		v.Goals = q.shownGoals(f.of(c.Goals))
	}
	return q.render(200, "cockpit", v)
}

// years are the years that a filter offers, newest first.
func years(now int) []int { return []int{now + 1, now, now - 1, now - 2} }

func (q *request) groups(all []desk.Group, f goalFilter, key string) (shown []cockpitGroup) {
	for _, g := range all {
		words := g.Words.In(q.Lang)
		if words == "" {
			words = q.Says("cockpit.no-domain")
		}
		shown = append(shown, cockpitGroup{words, f.link("/cockpit", key, g.Key), len(g.Goals), q.stripOf(g.Lights), g.Lights[indicator.Red], q.shownGoals(g.Goals)})
	}
	return shown
}

func (q *request) unitMatrix(units []desk.Group, f goalFilter) template.HTML {
	var rows []matrixRow
	for _, u := range units {
		rows = append(rows, matrixRow{u.Words.In(q.Lang), f.link("/cockpit", "unit", u.Key), u.Lights})
	}
	return drawMatrix(rows, q.lightWords(), q.Says("cockpit.matrix"))
}

// lightWords are the words of the lights, trouble first.
func (q *request) lightWords() (all []string) {
	for _, l := range lightsInOrder {
		all = append(all, q.Says("light."+string(l)))
	}
	return all
}
