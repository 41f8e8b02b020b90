package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"bihuan/desk/search"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// searchView is the page on which people find matters by what is written in them.
type searchView struct {
	Ask    searchFilter
	Asked  bool // something is looked for
	Hits   []searchHit
	Total  int64
	Packs  []packChoice
	States []choiceCount // of the chosen kind
	Units  []choiceCount
	Areas  []choiceCount
	Next   string
	Behind int64
	Flaw   string
	Public bool // the caller sees what anybody sees
	Try    []search.Topic
	Class  name.Text // the class that is asked for
}

// searchFilter is what the address of a search says.
type searchFilter struct{ Text, Kind, State, Unit, Area, Class, Open, From, To, Order string }

// Narrowed reports whether anything besides the text is said.
func (f searchFilter) Narrowed() bool {
	f.Text, f.Order = "", ""
	return f != searchFilter{}
}

// packChoice is a pack with its kinds, to be chosen from.
type packChoice struct {
	choiceCount
	Kinds []choiceCount
}

// searchHit is one matter as a card.
type searchHit struct {
	rowShown
	Title   []markedText
	Label   name.Text
	Words   []markedText
	CutFrom bool
	CutEnd  bool
}

// markedText is a piece of a text, found or not.
type markedText struct {
	Text string
	On   bool
}

// marked cuts a text at what is marked in it.
func marked(p search.Piece) (all []markedText) {
	at := 0
	for _, s := range p.Spans {
		if s.Start > at {
			all = append(all, markedText{p.Text[at:s.Start], false})
		}
		all = append(all, markedText{p.Text[s.Start:s.End], true})
		at = s.End
	}
	if at < len(p.Text) {
		all = append(all, markedText{p.Text[at:], false})
	}
	return all
}

func searchFilterOf(v url.Values) searchFilter {
	return searchFilter{strings.TrimSpace(v.Get("q")), v.Get("kind"), v.Get("state"), v.Get("unit"), v.Get("area"), v.Get("class"), v.Get("open"), v.Get("from"), v.Get("to"), v.Get("order")}
}

// ask writes the filter as a question. A kind may be a pack's name, for all its kinds. A day that is none is no limit.
func (f searchFilter) ask(kinds []string) search.Ask {
	ask := search.Ask{Text: f.Text, Kinds: kinds, Area: f.Area, Class: f.Class, Newest: f.Order == "newest"}
	if f.State != "" {
		ask.States = []string{f.State}
	}
	if f.Unit != "" {
		ask.Units = []name.Unit{name.Unit(f.Unit)}
	}
	if f.Open == "yes" || f.Open == "no" {
		open := f.Open == "yes"
		ask.Open = &open
	}
	if d, err := calendar.ParseDate(f.From); err == nil {
		ask.Opened.From = int64(d.Start())
	}
	if d, err := calendar.ParseDate(f.To); err == nil {
		ask.Opened.Until = int64((d + 1).Start())
	}
	return ask
}

// kindsOf are the kinds that a filter means.
func (q *request) kindsOf(chosen string) (kinds []string) {
	for _, k := range q.s.Desk.Packs().Kinds() {
		if k.Ref == chosen || strings.HasPrefix(k.Ref, chosen+"/") && chosen != "" {
			kinds = append(kinds, k.Ref)
		}
	}
	if chosen != "" && len(kinds) == 0 {
		kinds = []string{chosen} // nothing is of a kind that is not there
	}
	return kinds
}

// find is the page.
func (s *server) find(q *request) error {
	v := searchView{Ask: searchFilterOf(q.URL.Query()), Public: !s.Desk.Holds(q.Who, access.MatterRead, access.Matter)}
	v.Asked = v.Ask.Text != "" || v.Ask.Narrowed()
	if v.Ask.Class != "" {
		v.Class = s.Desk.ClassWords(q.Context(), v.Ask.Class)
	}
	status := 200
	res, err := v.look(q)
	var refused *fault.Refusal
	if errors.As(err, &refused) {
		status, v.Flaw = 422, words.Of(err, q.Lang)
	} else if err != nil {
		return err
	}
	v.Total, v.Next, v.Behind = res.Total, res.Next, res.Behind
	for i := range res.Hits {
		h := &res.Hits[i]
		v.Hits = append(v.Hits, searchHit{rowShown{Row: h.Row, q: q}, marked(h.Title), h.Label, marked(h.Words), h.Words.CutFrom, h.Words.CutEnd})
	}
	v.choices(q, &res)
	if !v.Asked && !v.Public {
		if v.Try, err = s.tryTopics(q); err != nil {
			return err
		}
	}
	return q.render(status, "search", v)
}

func (v *searchView) look(q *request) (search.Results, error) {
	if !v.Asked {
		return search.Results{}, nil
	}
	ask := v.Ask.ask(q.kindsOf(v.Ask.Kind))
	ask.Cursor = q.Asked("cursor")
	if v.Public {
		return q.s.Search.FindOpen(q.Context(), ask)
	}
	return q.s.Search.Find(q.Context(), q.Who, ask)
}

// choices fills in the filters, with how many there are of each; what is chosen stays, also where there is none.
func (v *searchView) choices(q *request, res *search.Results) {
	for _, p := range q.s.Desk.Packs().Packs() {
		c := packChoice{choiceCount: choiceCount{Key: p.Name, Words: p.Words.In(q.Lang), On: v.Ask.Kind == p.Name}}
		for _, k := range q.s.Desk.Packs().Kinds() {
			if !strings.HasPrefix(k.Ref, p.Name+"/") {
				continue
			}
			n := int(res.Kinds[k.Ref])
			c.Count += n
			c.Kinds = append(c.Kinds, choiceCount{Key: k.Ref, Words: k.Words.In(q.Lang), Count: n, On: v.Ask.Kind == k.Ref})
		}
		if len(c.Kinds) > 0 {
			v.Packs = append(v.Packs, c)
		}
	}
	if k, ok := q.s.Desk.Packs().Kind(v.Ask.Kind); ok {
		for _, st := range k.States {
			v.States = append(v.States, choiceCount{Key: st.Key, Words: st.Words.In(q.Lang), Count: int(res.States[st.Key]), On: st.Key == v.Ask.State})
		}
	}
	for _, u := range q.Units() {
		if n := int(res.Units[string(u.Key)]); n > 0 || string(u.Key) == v.Ask.Unit {
			v.Units = append(v.Units, choiceCount{Key: string(u.Key), Words: u.Short.In(q.Lang), Count: n, On: string(u.Key) == v.Ask.Unit})
		}
	}
	slices.SortStableFunc(v.Units, func(a, b choiceCount) int { return b.Count - a.Count })
	v.Areas = q.areaChoices(v.Ask.Area)
}

// areaChoices are the streets to choose from.
func (q *request) areaChoices(chosen string) (all []choiceCount) {
	for _, st := range q.s.Desk.Directory().Streets {
		all = append(all, choiceCount{Key: st.Code, Words: st.Words.In(q.Lang), On: st.Code == chosen})
	}
	return all
}

// tryTopics are what the empty page offers to look for: the words and classes that have risen in thirty days.
func (s *server) tryTopics(q *request) ([]search.Topic, error) {
	ask := search.Lately(q.Today())
	ask.Limit = 5
	t, _, err := s.Search.Topics(q.Context(), q.Who, ask) // what is not there yet is not waited for
	for i := range t.Classes {
		one := t.Classes[i]
		one.Text = s.Desk.ClassWords(q.Context(), one.Text).ZH // as it is written in matters
		t.Terms = append(t.Terms[:len(t.Terms):len(t.Terms)], one)
	}
	return t.Terms, err
}
