package web

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// promiseGroup is the promises of one domain.
type promiseGroup struct {
	Words   string
	Open    bool // shown at once: the list is short, or narrowed
	Reached int
	Behind  int
	Strip   template.HTML
	Goals   []goalShown

	lights map[indicator.Light]int
}

// promisesView is the public list of promises.
type promisesView struct {
	Filter   goalFilter
	Text     string
	Total    int
	Found    int
	Reached  int
	Narrowed int // by how much of the filter
	Lamps    []lampCount
	Strip    template.HTML
	Groups   []promiseGroup
	Choices  filterChoices
	Source   string // the report that they come from
}

// promisesAtOnce is how many promises are shown without their domains being folded: a page of lines. It is ours.
const promisesAtOnce = 12

// listPromises shows every published promise to anybody: 看承诺. Each domain is one line, unfolded where the list is narrowed.
func (s *server) listPromises(q *request) error {
	f, text := q.goalFilter(), strings.TrimSpace(q.FormValue("q"))
	all, err := s.Desk.Promises(q.Context(), f.Year, "")
	if err != nil {
		return err
	}
	v := promisesView{Filter: f, Text: text, Total: len(all), Choices: q.promiseChoices(all)}
	for _, set := range []bool{text != "", f.Domain != "", f.Unit != "", f.Light != ""} {
		if set {
			v.Narrowed++
		}
	}
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
		v.Lamps = append(v.Lamps, lampCount{l, lights[l], goalFilter{Year: f.Year, Light: l}.link("/promises", "light", string(l))})
	}
	v.Groups = q.promiseGroups(f.of(s.withText(all, text)))
	for i := range v.Groups {
		v.Found += len(v.Groups[i].Goals)
	}
	for i := range v.Groups {
		v.Groups[i].Open = v.Narrowed > 0 || v.Found <= promisesAtOnce
	}
	return q.render(200, "promises", v)
}

// promiseGroups puts promises together by domain, in the order of the report.
func (q *request) promiseGroups(goals []desk.GoalView) (all []promiseGroup) {
	at := map[string]int{}
	for _, g := range q.shownGoals(goals) {
		i, ok := at[g.Domain]
		if !ok {
			i = len(all)
			at[g.Domain] = i
			all = append(all, promiseGroup{Words: q.domainText(g), lights: map[indicator.Light]int{}})
		}
		d := &all[i]
		d.Goals = append(d.Goals, g)
		d.lights[g.Reading.Light]++
		switch {
		case g.Reading.Reached:
			d.Reached++
		case g.Reading.Light == indicator.Red:
			d.Behind++
		}
	}
	for i := range all {
		all[i].Strip = q.stripOf(all[i].lights)
	}
	return all
}

// domainText names a goal's domain, also where it has none.
func (q *request) domainText(g goalShown) string {
	if words := g.DomainText(); words != "" {
		return words
	}
	return q.Says("cockpit.no-domain")
}

// promiseChoices are the domains and units that the promises of a year have.
func (q *request) promiseChoices(all []desk.GoalView) (c filterChoices) {
	units, domains := map[name.Unit]bool{}, map[string]bool{"": true} // a filter for no domain would not narrow
	for _, g := range q.shownGoals(all) {
		if !domains[g.Domain] {
			domains[g.Domain] = true
			c.Domains = append(c.Domains, choice{g.Domain, g.DomainText()})
		}
		if !units[g.Lead] {
			units[g.Lead] = true
			c.Units = append(c.Units, choice{string(g.Lead), q.Unit(g.Lead).Words.In(q.Lang)})
		}
	}
	slices.SortFunc(c.Units, func(a, b choice) int { return strings.Compare(a.Words, b.Words) })
	return c
}

// promiseView is one promise for anybody.
type promiseView struct {
	goalShown
	Wide    template.HTML
	Narrow  template.HTML
	Course  []courseRow
	Feeding feedShown
	Matters []promiseState
	Count   int
	More    bool // there are more pieces of work than are listed
	Unit    string
}

// promiseState is the pieces of work of a promise that stand alike, in public words.
type promiseState struct {
	Words string
	Done  bool
	Rows  []rowShown

	order int // of the state in its kind
}

// promiseWork is how many pieces of work of one promise are listed. It is ours.
const promiseWork = 200

// showPromise shows one promise to anybody, in public words and without names of persons.
func (s *server) showPromise(q *request) error {
	g, err := s.Desk.Promise(q.Context(), name.ID(q.PathValue("id")))
	if err != nil {
		return err
	}
	v := promiseView{goalShown: goalShown{GoalView: g, lang: q.Lang}, Feeding: q.feed(&g), Unit: q.Unit(g.Lead).Words.In(q.Lang)}
	course := s.Goals.Course(&g.Goal)
	v.Wide, v.Narrow = v.charts(course, q.Today(), 760), v.charts(course, q.Today(), 340)
	for _, r := range q.course(v.goalShown) {
		r.By = ""
		if r.Actual != "" {
			v.Course = append(v.Course, r)
		}
	}
	rows, err := s.Desk.PromiseMatters(q.Context(), &g, promiseWork+1)
	if err != nil {
		return err
	}
	if v.More = len(rows) > promiseWork; v.More {
		rows = rows[:promiseWork]
	}
	v.Matters, v.Count = q.byPublicState(rows), len(rows)
	return q.render(200, "promise", v)
}

// byPublicState puts rows together by how they stand in public words: what is still to be done first, in the order of the kind's
// states, and by name within each.
func (q *request) byPublicState(rows []journal.Row) (all []promiseState) {
	at := map[string]int{}
	for _, r := range q.shownRows(rows) {
		words := r.PublicState()
		i, ok := at[words]
		if !ok {
			i = len(all)
			at[words] = i
			all = append(all, promiseState{Words: words, Done: r.Closed != 0, order: q.stateOrder(r)})
		}
		all[i].Rows = append(all[i].Rows, r)
	}
	slices.SortStableFunc(all, func(a, b promiseState) int {
		if a.Done != b.Done {
			return cmp.Compare(doneOrder(a.Done), doneOrder(b.Done))
		}
		return cmp.Compare(b.order, a.order) // nearest to the end first
	})
	for i := range all {
		slices.SortStableFunc(all[i].Rows, func(a, b rowShown) int { return compareNatural(a.Title, b.Title) })
	}
	return all
}

// doneOrder puts what is done behind what is not.
func doneOrder(done bool) int {
	if done {
		return 1
	}
	return 0
}

// stateOrder is the place of a row's state among those of its kind.
func (q *request) stateOrder(r rowShown) int {
	k, ok := q.s.Desk.Packs().Kind(r.Kind)
	if !ok {
		return 0
	}
	return slices.IndexFunc(k.States, func(s matter.State) bool { return s.Key == r.State })
}

// compareNatural compares texts as people order them: numbers in them by their value, 9号 before 10号.
func compareNatural(a, b string) int {
	for a != "" && b != "" {
		na, nb := leadingDigits(a), leadingDigits(b)
		if na > 0 && nb > 0 {
			da, db := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(da), len(db)), strings.Compare(da, db)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// leadingDigits is how many digits a text begins with.
func leadingDigits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
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
