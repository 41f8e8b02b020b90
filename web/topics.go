package web

import (
	"fmt"
	"html/template"
	"net/url"

	"bihuan/desk/search"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// topicsView is the page of what is written of more than before.
type topicsView struct {
	Days    int
	Spans   []int
	To      calendar.Date // the last day of the period
	From    calendar.Date
	Area    string
	Kind    string
	Areas   []choiceCount
	Kinds   []choiceCount
	Waiting bool // the answer is being worked out: the page is asked for again by itself
	Now     int
	Before  int
	Terms   []topicShown
	Classes []topicShown
}

// topicShown is one topic in words.
type topicShown struct {
	search.Topic
	Words  string
	Link   string
	Change string
	Bar    template.HTML
	Where  []areaShown
}

// areaShown is where a topic is, with the link to its matters there.
type areaShown struct {
	Words string
	Count int
	Link  string
}

// topicSpans are the periods that can be chosen, in days.
var topicSpans = []int{7, 30, 90, 365}

// mostAreas is how many streets of a topic are named.
const mostAreas = 3

// showTopics is the page.
func (s *server) showTopics(q *request) error {
	v := topicsView{Days: 30, Spans: topicSpans, To: q.Today(), Area: q.Asked("area"), Kind: q.Asked("kind")}
	for _, n := range topicSpans {
		if fmt.Sprint(n) == q.Asked("days") {
			v.Days = n
		}
	}
	if d, err := calendar.ParseDate(q.Asked("to")); err == nil {
		v.To = d
	}
	v.From = v.To - calendar.Date(v.Days-1)
	ask := search.TopicAsk{Period: journal.Between{From: int64(v.From.Start()), Until: int64((v.To + 1).Start())}, Area: v.Area, Kinds: q.kindsOf(v.Kind), Limit: 20}
	t, ready, err := s.Search.Topics(q.Context(), q.Who, ask)
	if err != nil {
		return err
	}
	if v.Waiting = !ready; v.Waiting {
		q.w.Header().Set("Refresh", "3")
	}
	v.Now, v.Before = t.Now, t.Before
	most := 1
	for _, one := range append(t.Terms[:len(t.Terms):len(t.Terms)], t.Classes...) {
		most = max(most, one.Count, one.Before)
	}
	for _, one := range t.Terms {
		v.Terms = append(v.Terms, v.shown(q, one, one.Text, "q", most))
	}
	for _, one := range t.Classes {
		v.Classes = append(v.Classes, v.shown(q, one, s.Desk.ClassWords(q.Context(), one.Text).In(q.Lang), "class", most))
	}
	v.Areas = q.areaChoices(v.Area)
	for _, k := range s.Desk.Packs().Kinds() {
		v.Kinds = append(v.Kinds, choiceCount{Key: k.Ref, Words: k.Words.In(q.Lang), On: k.Ref == v.Kind})
	}
	return q.render(200, "topics", v)
}

// shown gives a topic its words and its links.
func (v *topicsView) shown(q *request, t search.Topic, called, key string, most int) topicShown {
	link := func(area string) string {
		values := url.Values{key: {t.Text}, "from": {v.From.String()}, "to": {v.To.String()}}
		for name, value := range map[string]string{"area": area, "kind": v.Kind} {
			if value != "" {
				values.Set(name, value)
			}
		}
		return address("/search", values)
	}
	s := topicShown{Topic: t, Words: called, Link: link(v.Area), Bar: drawPair(t.Before, t.Count, most)}
	switch {
	case t.Before == 0:
		s.Change = q.Says("topics.new")
	case t.Count >= t.Before:
		s.Change = q.Says("topics.more", "n", t.Count-t.Before)
	default:
		s.Change = q.Says("topics.less", "n", t.Before-t.Count)
	}
	for _, a := range t.Areas[:min(len(t.Areas), mostAreas)] {
		s.Where = append(s.Where, areaShown{q.areaName(a.Area), a.Count, link(a.Area)})
	}
	return s
}

// drawPair draws two counts as bars, the earlier above the later; most is what fills the width.
func drawPair(before, now, most int) template.HTML {
	const width = 120
	part := func(n int) int { return max(n*width/max(most, 1), min(n, 1)) }
	return template.HTML(fmt.Sprintf(`<svg class="draw-pair" viewBox="0 0 %d 20" width="%d" height="20" aria-hidden="true"><rect class="pair-before" x="0" y="1" width="%d" height="7"/><rect class="pair-now" x="0" y="11" width="%d" height="8"/></svg>`,
		width, width, part(before), part(now)))
}
