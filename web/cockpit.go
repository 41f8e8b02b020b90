package web

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"bihuan/desk"
	"bihuan/desk/cockpit"
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
	if !slices.Contains(indicator.Lights, f.Light) {
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

// found is what is asked for: each goal with its parts under it, and a part alone where its goal is not asked for.
func (q *request) found(c cockpit.View, holds func(*desk.GoalView) bool) (all []goalShown) {
	for i := range c.Goals {
		g := &c.Goals[i]
		if holds(g) {
			all = append(all, q.shownWithParts(c.Goals[i:i+1], c.Parts)...)
			continue
		}
		for _, p := range c.Parts[g.ID] {
			if holds(&p) {
				all = append(all, goalShown{GoalView: p, lang: q.Lang})
			}
		}
	}
	return all
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
	Lamps []lampCount // by light, trouble first
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
	Goals   []goalShown // when the filter narrows
	Choices filterChoices
	Path    string
	Gist    gist
}

// filterChoices are what a filter may be set to.
type filterChoices struct {
	Years   []int
	Units   []choice
	Domains []choice
}

// showCockpit shows all goals at a glance, by domain, unit and light, and what is behind and why.
func (s *server) showCockpit(q *request) error {
	f := q.goalFilter()
	c, err := s.cockpit.View(q.Context(), q.Who, f.Year)
	if err != nil {
		return err
	}
	v := cockpitView{Tab: "all", On: c.On, Filter: f, Total: len(c.Goals), All: f.link("/cockpit", "light", ""), Path: "/cockpit", Strip: q.stripOf(c.Lights)}
	for _, l := range indicator.Lights {
		v.Lamps = append(v.Lamps, lampCount{l, c.Lights[l], f.link("/cockpit", "light", string(l))})
	}
	for _, st := range c.Stuck {
		if f.holds(&st.GoalView) {
			v.Stuck = append(v.Stuck, stuckShown{goalShown{GoalView: st.GoalView, lang: q.Lang}, q.shownRows(st.Holding), st.Count})
		}
	}
	v.Gist = q.gistOf(v.Stuck, f)
	v.Domains = q.groups(c.Domains, c.Parts, f, "domain")
	v.Units = q.groups(c.Units, c.Parts, f, "unit")
	v.Choices = q.choices(c)
	if f.IsNarrow() {
		v.Goals = q.found(c, f.holds)
	}
	return q.render(200, "cockpit", v)
}

// choices are what the filter of a page over the cockpit's goals offers: also the units that lead nothing but parts.
func (q *request) choices(c cockpit.View) filterChoices {
	v := filterChoices{Years: c.Years}
	seen := map[name.Unit]bool{}
	for _, g := range c.All {
		if !seen[g.Lead] {
			seen[g.Lead] = true
			v.Units = append(v.Units, choice{string(g.Lead), q.unitShort(g.Lead)})
		}
	}
	for _, d := range c.Domains {
		words := d.Words.In(q.Lang)
		if words == "" {
			continue // a filter for no domain would not narrow
		}
		v.Domains = append(v.Domains, choice{d.Key, words})
	}
	return v
}

func (q *request) groups(all []cockpit.Group, parts cockpit.Parts, f goalFilter, key string) (shown []cockpitGroup) {
	for _, g := range all {
		words := g.Words.In(q.Lang)
		if words == "" {
			words = q.Says("cockpit.no-domain")
		}
		shown = append(shown, cockpitGroup{words, f.link("/cockpit", key, g.Key), len(g.Goals), q.stripOf(g.Lights), lampCounts(g, f, key), q.shownWithParts(g.Goals, parts)})
	}
	return shown
}

// lampCounts counts a group's goals by light, each with the address that shows those.
func lampCounts(g cockpit.Group, f goalFilter, key string) (all []lampCount) {
	if key == "unit" {
		f.Unit = name.Unit(g.Key)
	} else {
		f.Domain = g.Key
	}
	for _, l := range indicator.Lights {
		all = append(all, lampCount{l, g.Lights[l], f.link("/cockpit", "light", string(l))})
	}
	return all
}

// choice is one entry of a list to choose from.
type choice struct{ Key, Words string }
