package web

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/export"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/web/draw"
)

// workView is a person's worklist.
type workView struct {
	Tab    desk.Tab
	Tabs   []tabCount
	Ask    workFilter
	Kinds  []choiceCount
	State  []choiceCount // of the chosen kind
	Units  []choiceCount
	Light  []choiceCount
	Areas  []choiceCount
	Rows   []workRow
	Next   string // cursor
	Found  int64  // see part_rows, best
	Views  []savedView
	Passed string // the act by which a matter has just left the caller
}

type tabCount struct {
	Tab   desk.Tab
	Count int64
}

// savedView is a link to a narrowed list.
type savedView struct{ Words, Link string }

// workFilter is what a worklist is narrowed to.
type workFilter struct{ Kind, State, Unit, Light, Text, Open, Area string }

// workRow is a matter in a list, with what its clock says.
type workRow struct {
	journal.Row
	Kind     *matter.Kind
	State    name.Text
	Standing name.Text
	Clock    name.Text
	Prov     bool
}

func workFilterOf(v url.Values) workFilter {
	return workFilter{v.Get("kind"), v.Get("state"), v.Get("unit"), v.Get("light"), strings.TrimSpace(v.Get("text")), v.Get("open"), v.Get("area")}
}

// query writes the filter as a question.
func (f workFilter) query() journal.Query {
	q := journal.Query{Text: f.Text, Area: f.Area}
	if f.Kind != "" {
		q.Kinds = []string{f.Kind}
	}
	if f.State != "" {
		q.States = []string{f.State}
	}
	if f.Unit != "" {
		q.Units = []name.Unit{name.Unit(f.Unit)}
	}
	if f.Light != "" {
		q.Lights = []string{f.Light}
	}
	if f.Open == "yes" || f.Open == "no" {
		open := f.Open == "yes"
		q.Open = &open
	}
	return q
}

// tabOf reads the tab of an address; what waits for the caller is first.
func tabOf(typed string) desk.Tab {
	for _, t := range desk.Tabs {
		if string(t) == typed {
			return t
		}
	}
	return desk.Waiting
}

// worklist is the page of what there is to do.
func (s *server) worklist(q *request) error {
	v := workView{Tab: tabOf(q.Asked("tab")), Ask: workFilterOf(q.URL.Query()), Passed: q.passed()}
	ask := v.Ask.query()
	ask.Cursor, ask.Limit = q.Asked("cursor"), 50
	work, err := s.Desk.Desktop(q.Context(), q.Who, v.Tab, ask)
	if err != nil {
		return err
	}
	for i, t := range desk.Tabs {
		v.Tabs = append(v.Tabs, tabCount{t, work.Counts[i]})
	}
	page := work.Page
	v.Next, v.Found = page.Next, page.Found
	for _, r := range page.Rows {
		v.Rows = append(v.Rows, q.workRow(r))
	}
	v.choices(q)
	return q.render(200, "worklist", v)
}

// workRow gives a row its words and says how its clock stands, for which the matter is loaded.
func (q *request) workRow(r journal.Row) workRow {
	w := q.plainRow(r)
	if c, ok := q.s.Desk.Standing(q.Context(), &r); ok {
		w.Standing, w.Prov, w.Clock = c.Standing, c.Provisional, c.Words()
	}
	return w
}

// plainRow is a row with its words, without what the clock says.
func (q *request) plainRow(r journal.Row) workRow {
	w := workRow{Row: r}
	w.Row.Light = r.LightAt(q.s.Desk.Now())
	if k, ok := q.s.Desk.Packs().Kind(r.Kind); ok {
		w.Kind = k
		if st := k.State(r.State); st != nil {
			w.State = st.Words
		}
	}
	if w.State.IsZero() {
		w.State = name.Text{ZH: r.State, EN: r.State}
	}
	return w
}

// choices fills in the filters.
func (v *workView) choices(q *request) {
	for _, k := range q.s.Desk.Packs().Kinds() {
		v.Kinds = append(v.Kinds, choiceCount{Key: k.Ref, Words: k.Words.In(q.Lang), On: k.Ref == v.Ask.Kind})
	}
	if k, ok := q.s.Desk.Packs().Kind(v.Ask.Kind); ok {
		for _, st := range k.States {
			v.State = append(v.State, choiceCount{Key: st.Key, Words: st.Words.In(q.Lang), On: st.Key == v.Ask.State})
		}
	}
	for _, u := range q.Units() {
		v.Units = append(v.Units, choiceCount{Key: string(u.Key), Words: u.Short.In(q.Lang), On: string(u.Key) == v.Ask.Unit})
	}
	for _, l := range []matter.Light{matter.Red, matter.Yellow, matter.Green, matter.Grey} {
		v.Light = append(v.Light, choiceCount{Key: string(l), Words: q.Says("clock.light-" + string(l)), On: string(l) == v.Ask.Light})
	}
	v.Areas = q.areaChoices(v.Ask.Area)
	for _, p := range q.s.Desk.Packs().Packs() {
		for _, l := range p.Lists {
			if _, isMatter := q.s.Desk.Packs().Kind(l.Of); isMatter {
				v.Views = append(v.Views, savedView{p.Words.In(q.Lang) + " · " + l.Words.In(q.Lang), "/packs/" + p.Name + "/list?list=" + url.QueryEscape(l.Key)})
			}
		}
	}
}

// Lamp is the light of a clock or a matter with its word; nothing where no clock runs.
func (q *request) Lamp(l matter.Light) template.HTML {
	if l == matter.NoLight {
		return ""
	}
	return draw.Badge(indicator.Light(l), q.Says("clock.light-"+string(l)))
}

// LampOf is Lamp for the light of a row.
func (q *request) LampOf(l string) template.HTML { return q.Lamp(matter.Light(l)) }

// mostExported is how many rows one file of a list has.
const mostExported = 20000

// downloadWork answers with a worklist as a file.
func (s *server) downloadWork(q *request) error {
	tab, ask := tabOf(q.Asked("tab")), workFilterOf(q.URL.Query()).query()
	t := export.Table{Title: q.Says("desk.title")}
	for _, c := range []struct {
		key, words string
		typ        export.Type
	}{{"number", "field.number", export.Text}, {"title", "desk.matter", export.Text}, {"kind", "field.kind", export.Text}, {"state", "field.state", export.Text}, {"holder", "field.holder", export.Text},
		{"person", "field.person", export.Text}, {"due", "field.due", export.Date}, {"light", "field.light", export.Text}, {"opened", "field.opened", export.Instant}} {
		t.Columns = append(t.Columns, export.Column{Key: c.key, Title: q.Says(c.words), Type: c.typ})
	}
	t.Rows = q.eachRow(func(cursor string) (journal.Page, error) {
		ask.Cursor, ask.Limit = cursor, 500
		return s.Desk.Work(q.Context(), q.Who, tab, ask)
	}, func(r journal.Row) []string {
		w := q.plainRow(r)
		kind := ""
		if w.Kind != nil {
			kind = w.Kind.Words.In(q.Lang)
		}
		return []string{r.Number, r.Title, kind, w.State.In(q.Lang), q.Unit(r.Unit).Words.In(q.Lang), q.personName(r.Person), dueText(r.Due), q.lightWord(w.Row.Light), instantText(r.Opened)}
	})
	return q.download(q.Says("desk.title"), q.PathValue("format"), t)
}

// eachRow yields the rows of a list page by page.
func (q *request) eachRow(page func(cursor string) (journal.Page, error), cells func(journal.Row) []string) func(func([]string, error) bool) {
	return func(yield func([]string, error) bool) {
		for cursor, n := "", 0; n < mostExported; {
			p, err := page(cursor)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range p.Rows {
				if n++; !yield(cells(r), nil) {
					return
				}
			}
			if cursor = p.Next; cursor == "" {
				return
			}
		}
	}
}

// upto writes how many a list has: from a bound on nobody counts.
func upto(n int64) string {
	if n >= desk.MostCounted {
		return itoa(desk.MostCounted) + "+"
	}
	return strconv.FormatInt(n, 10)
}

func (q *request) lightWord(l string) string {
	if l == "" {
		return ""
	}
	return q.Says("clock.light-" + l)
}

// dueText is the last day of a due time, for a file.
func dueText(micros int64) string {
	if micros == 0 {
		return ""
	}
	return calendar.Instant(micros - 1).Date().String()
}

func instantText(micros int64) string {
	if micros == 0 {
		return ""
	}
	return calendar.Instant(micros).Time().Format("2006-01-02T15:04:05+08:00")
}

// passed is the name of the act by which a matter has just left the caller's hands, as the address says it: kind and act.
func (q *request) passed() string {
	kind, act, _ := strings.Cut(q.Asked("done"), " ")
	if k, ok := q.s.Desk.Packs().Kind(kind); ok {
		if a := k.Act(act); a != nil {
			return a.Words.In(q.Lang)
		}
	}
	return ""
}
