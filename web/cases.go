package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/hints"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// casesView is the operator's three panes: the cases by remaining time, where they are, and the one that is being looked at.
type casesView struct {
	Ask     caseFilter
	Kinds   []choiceCount
	States  []choiceCount
	Areas   []choiceCount
	Class   []choiceCount
	Lights  []choiceCount
	Rows    []taskRow
	Next    string
	Found   int64 // see part_rows, best
	Map     casesMap
	Picture template.HTML // the same, drawn by the server
	Placed  int           // rows that have a place
	Case    *casePane
	Done    string
	DoneOf  *journal.Row
}

// caseFilter is what the list is narrowed to.
type caseFilter struct{ Kind, State, Area, Class, Light, Text, Whose string }

// casePane is one case with what is to be done with it.
type casePane struct {
	*phoneView
	State   *matter.State
	Before  []matter.Evidence
	After   []matter.Evidence
	Near    []nearView
	Demands []callPiece
	Fields  []shownField
	Steps   []caseAct
	Query   template.URL // of the list, for the form and its links
}

// caseAct is an act as a button: one that needs nothing more is done at one press.
type caseAct struct {
	*matter.Act
	Key  int // Alt and this digit, 0 for none
	Once bool
	Full bool // it asks for a clock: only its own page does
	On   bool // its form is shown
}

// mostCases is how many rows the list shows at once.
const mostCases = 30

func caseFilterOf(v url.Values) caseFilter {
	f := caseFilter{v.Get("kind"), v.Get("state"), v.Get("area"), v.Get("class"), v.Get("light"), strings.TrimSpace(v.Get("text")), v.Get("whose")}
	if !slices.Contains(fieldKinds, f.Kind) {
		f.Kind = ""
	}
	if f.Whose != "all" {
		f.Whose = "unit" // what the caller's own unit has in hand comes first
	}
	return f
}

// ask writes the filter as a question about open cases.
func (f caseFilter) ask(who desk.Caller) journal.Query {
	yes := true
	q := journal.Query{Kinds: fieldKinds, Open: &yes, Area: f.Area, Text: f.Text, Order: journal.ByDue}
	if f.Kind != "" {
		q.Kinds = []string{f.Kind}
	}
	if f.State != "" {
		q.States = []string{f.State}
	}
	if f.Class != "" {
		q.Facets = []journal.Facet{{Name: "class", Text: f.Class}}
	}
	if f.Light != "" {
		q.Lights = []string{f.Light}
	}
	if f.Whose == "unit" {
		q.Units = []name.Unit{who.Unit}
	}
	return q
}

// showCases is the page of the three panes.
func (s *server) showCases(q *request) error {
	v, err := s.cases(q)
	if err != nil {
		return err
	}
	a, err := s.chosenCase(q, v)
	if err != nil {
		return err
	}
	if a != nil {
		a.fill(q, nil)
		if v.Case, err = s.casePane(q, a); err != nil {
			return err
		}
	}
	if err := v.draw(q); err != nil {
		return err
	}
	return q.render(200, "cases", v)
}

// mostTried is how many rows are looked at for one that the caller can do something with.
const mostTried = 8

// chosenCase is the case of the address; without one the first of the list with which the caller can do something, otherwise
// the first; nil where the list is empty.
func (s *server) chosenCase(q *request, v *casesView) (first *actView, err error) {
	if id := name.ID(q.Asked("case")); id != "" {
		return s.caseOf(q, id, q.Asked("act"))
	}
	for i, r := range v.Rows {
		if i == mostTried {
			break
		}
		a, err := s.caseOf(q, r.Stream, "")
		if err != nil {
			return nil, err
		}
		if a.Act.Key != "" {
			return a, nil
		}
		if first == nil {
			first = a
		}
	}
	return first, nil
}

// cases fills in the list and its filters.
func (s *server) cases(q *request) (*casesView, error) {
	v := &casesView{Ask: caseFilterOf(q.URL.Query())}
	ask := v.Ask.ask(q.Who)
	ask.Cursor, ask.Limit = q.Asked("cursor"), mostCases
	page, err := s.Desk.Worklist(q.Context(), q.Who, ask)
	if err != nil {
		return nil, err
	}
	v.Next, v.Found = page.Next, page.Found
	for _, r := range page.Rows {
		v.Rows = append(v.Rows, q.taskRow(r))
	}
	if id := name.ID(q.Asked("done")); id != "" {
		if m, err := s.Desk.Matter(q.Context(), q.Who, id); err == nil {
			v.DoneOf = &journal.Row{Stream: id, Number: m.Number, Title: m.Title()}
			if act := m.Def.Act(q.Asked("did")); act != nil {
				v.Done = act.Words.In(q.Lang)
			}
		}
	}
	return v, v.choices(q)
}

// choices fills in the filters, each with how many open cases it leaves.
func (v *casesView) choices(q *request) error {
	for _, ref := range fieldKinds {
		if k, ok := q.s.Desk.Packs().Kind(ref); ok {
			v.Kinds = append(v.Kinds, choiceCount{Key: ref, Words: k.Words.In(q.Lang), On: ref == v.Ask.Kind})
		}
	}
	for _, st := range q.s.Desk.Directory().Streets {
		v.Areas = append(v.Areas, choiceCount{Key: st.Code, Words: st.Words.In(q.Lang), On: st.Code == v.Ask.Area})
	}
	for _, l := range []matter.Light{matter.Red, matter.Yellow, matter.Green, matter.Grey} {
		v.Lights = append(v.Lights, choiceCount{Key: string(l), Words: q.Says("clock.light-" + string(l)), On: string(l) == v.Ask.Light})
	}
	for _, by := range []struct {
		tally string
		to    *[]choiceCount
		on    string
		words func(ref, key string) string
	}{
		{"state", &v.States, v.Ask.State, q.stateOf},
		{"class", &v.Class, v.Ask.Class, func(ref, key string) string {
			if k, ok := q.s.Desk.Packs().Kind(ref); ok {
				return q.recordWords(k, "class", key).In(q.Lang)
			}
			return ""
		}},
	} {
		for _, ref := range v.Ask.ask(q.Who).Kinds {
			ask := caseFilter{Kind: ref, Whose: v.Ask.Whose}.ask(q.Who)
			buckets, err := q.s.Desk.Tally(q.Context(), q.Who, journal.Tally{Query: ask, By: by.tally})
			if err != nil {
				return err
			}
			for _, b := range buckets {
				if words := by.words(ref, b.Key); words != "" && b.Count > 0 {
					*by.to = append(*by.to, choiceCount{Key: b.Key, Words: words, Count: int(b.Count), On: b.Key == by.on})
				}
			}
		}
	}
	return nil
}

// stateOf are the words of a state of a kind, empty for one that it has not.
func (q *request) stateOf(ref, key string) string {
	if k, ok := q.s.Desk.Packs().Kind(ref); ok {
		if st := k.State(key); st != nil {
			return st.Words.In(q.Lang)
		}
	}
	return ""
}

// caseOf finds a case and one of its acts: the one asked for, otherwise the first that brings it on.
func (s *server) caseOf(q *request, id name.ID, act string) (*actView, error) {
	m, err := s.Desk.Matter(q.Context(), q.Who, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(fieldKinds, m.Kind) {
		return nil, fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	acts := fieldActs(&m)
	i := slices.IndexFunc(acts, func(a *matter.Act) bool { return a.Key == act })
	if i < 0 && act != "" {
		return nil, fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", act)
	}
	if act == "" {
		i = slices.IndexFunc(acts, func(a *matter.Act) bool { return !isFull(a) && a.Verb != matter.Split })
	}
	if i < 0 {
		return &actView{Matter: &m, Kind: m.Def, Act: &matter.Act{}, Version: m.Version}, nil
	}
	return &actView{Matter: &m, Kind: m.Def, Act: acts[i], Version: m.Version}, nil
}

// isFull reports whether an act asks which clock is stopped or made longer, and why, or has to do with what was asked for.
func isFull(a *matter.Act) bool {
	return a.Verb == matter.Pause || a.Verb == matter.Extend || a.Of != "" || a.IsAsked()
}

// casePane gathers what the third pane shows of a case.
func (s *server) casePane(q *request, a *actView) (*casePane, error) {
	ph, err := s.phone(q, a)
	if err != nil {
		return nil, err
	}
	m := a.Matter
	p := &casePane{phoneView: ph, State: m.Def.State(m.State), Fields: q.shownFields(m), Query: template.URL(listQuery(q.URL.Query()).Encode())}
	p.Acts = fieldActs(m)
	p.Before, p.After = beforeAfter(m)
	key := 0
	for _, act := range p.Acts {
		c := caseAct{Act: act, Once: isOnce(m, act), Full: isFull(act), On: act.Key == a.Act.Key}
		if key < 9 && act.Verb != matter.Split { // which stands beside the demands
			key++
			c.Key = key
		}
		p.Steps = append(p.Steps, c)
	}
	if m.Phase == matter.Registered {
		if said := hints.Demands(m.Fields["text"]); len(said) > 1 {
			p.Demands = pieces(m.Fields["text"])
		}
		near, err := s.Desk.Alike(q.Context(), q.Who, desk.ProbeOf(m))
		if err != nil {
			return nil, err
		}
		p.Near = q.nearViews(near, false)
	}
	return p, nil
}

// listQuery keeps of an address what narrows the list.
func listQuery(v url.Values) url.Values {
	kept := url.Values{}
	for _, key := range []string{"kind", "state", "area", "class", "light", "text", "whose", "cursor"} {
		if x := v.Get(key); x != "" {
			kept.Set(key, x)
		}
	}
	return kept
}

// beforeAfter parts the photos of a matter: those that came before somebody said that it is done, and those that came then
// or later. Where one act brings both, what was put right at once, the first is before.
func beforeAfter(m *desk.MatterView) (before, after []matter.Evidence) {
	done := false
	for _, e := range m.History {
		done = done || e.Change.Verb == matter.Feedback
		opens := e.Change.Verb == matter.Register && m.Def.State(e.Change.To) != nil && m.Def.State(e.Change.To).Phase == matter.Handling
		for i, p := range e.Change.Evidence {
			switch {
			case p.Kind != matter.Photo:
			case done || opens && i > 0:
				after = append(after, p)
			default:
				before = append(before, p)
			}
		}
	}
	return before, after
}

// isOnce reports whether an act needs nothing that the matter does not hold: it is done at one press.
func isOnce(m *desk.MatterView, a *matter.Act) bool {
	if isFull(a) || m.Def.NeedsReason(a) || a.Verb.Pauses() || a.Verb == matter.Merge || a.Verb == matter.Extend {
		return false
	}
	for _, n := range a.Evidence {
		if n.Min > 0 {
			return false
		}
	}
	for _, in := range a.Form {
		if in.Required && m.Fields[in.Field] == "" && m.Personal[in.Field] == "" {
			return false
		}
	}
	return true
}
