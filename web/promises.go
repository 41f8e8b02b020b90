package web

import (
	"html/template"
	"strconv"
	"strings"

	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// promiseGroup is the promises of one domain.
type promiseGroup struct {
	Words  string
	Anchor string
	Goals  []goalShown
}

// promisesView is the public list of promises.
type promisesView struct {
	Text    string
	Year    int
	Total   int
	Found   int
	Reached int
	Lamps   []lampCount
	Strip   template.HTML
	Groups  []promiseGroup
	Source  string // the report that they come from
}

// listPromises shows every published promise to anybody: 看承诺.
func (s *server) listPromises(q *request) error {
	text := strings.TrimSpace(q.FormValue("q"))
	year, _ := strconv.Atoi(q.FormValue("year"))
	if year == 0 {
		year = q.Today().Year()
	}
	all, err := s.Desk.Promises(q.Context(), year, "")
	if err != nil {
		return err
	}
	v := promisesView{Text: text, Year: year, Total: len(all)}
	lights := map[indicator.Light]int{}
	for _, g := range all {
		lights[g.Reading.Light]++
		if g.Reading.Reached {
			v.Reached++
		}
		if v.Source == "" {
			v.Source = g.Source.Title
		}
	}
	v.Strip = q.stripOf(lights)
	for _, l := range indicator.Lights {
		v.Lamps = append(v.Lamps, lampCount{Light: l, Count: lights[l]})
	}
	at := map[string]int{}
	for _, g := range q.shownGoals(s.withText(all, text)) {
		i, ok := at[g.Domain]
		if !ok {
			i = len(v.Groups)
			at[g.Domain] = i
			words := g.DomainText()
			if words == "" {
				words = q.Says("cockpit.no-domain")
			}
			v.Groups = append(v.Groups, promiseGroup{Words: words, Anchor: "d" + strconv.Itoa(i)})
		}
		v.Groups[i].Goals = append(v.Groups[i].Goals, g)
		v.Found++
	}
	return q.render(200, "promises", v)
}

// promiseView is one promise for anybody.
type promiseView struct {
	goalShown
	Wide    template.HTML
	Narrow  template.HTML
	Course  []courseRow
	Feeding feedShown
	Matters []rowShown
	Unit    string
}

// showPromise shows one promise to anybody, in public words and without names of persons.
func (s *server) showPromise(q *request) error {
	g, err := s.Desk.Promise(q.Context(), name.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	v := promiseView{goalShown: goalShown{GoalView: g, lang: q.Lang}, Feeding: q.feed(&g), Unit: q.Unit(g.Lead).Words.In(q.Lang)}
	course := s.Desk.Course(&g.Goal)
	v.Wide, v.Narrow = v.charts(course, q.Today(), 760), v.charts(course, q.Today(), 340)
	for _, r := range q.course(v.goalShown) {
		r.By = ""
		if r.Actual != "" {
			v.Course = append(v.Course, r)
		}
	}
	rows, err := s.Desk.PromiseMatters(q.Context(), &g, 60)
	if err != nil {
		return err
	}
	v.Matters = q.shownRows(rows)
	return q.render(200, "promise", v)
}

// PublicStanding says in public words how a promise stands.
func (g goalShown) PublicStanding() string {
	switch {
	case g.Reading.Reached:
		return g.say("public.reached")
	case g.Reading.Light == indicator.Red:
		return g.say("public.behind")
	case g.Reading.Light == indicator.Yellow:
		return g.say("public.slow")
	case g.Reading.Light == indicator.Green:
		return g.say("public.on-plan")
	}
	return g.say("public.no-figure")
}
