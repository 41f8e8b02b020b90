package web

import (
	"encoding/json"
	"html/template"
	"strings"

	"bihuan/desk"
	"bihuan/export"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// packListView is one list of a pack.
type packListView struct {
	packFrame
	Lists   []listTab
	List    *desk.PackList
	Columns []listColumn
	Filters []listFilter
	Rows    []listRow
	Next    string
	Found   int64 // see part_rows, best
	Count   int64
	Text    string
	Matters bool // the rows are matters, not records
	Books   []registerTab
}

// listTab is a list with how many rows it has.
type listTab struct {
	List  *desk.PackList
	Count int64
	On    bool
}

// registerTab is a register of the pack.
type registerTab struct {
	Key   string
	Words string
	Count int64
}

// listColumn is a column: one that every row has, or a field of the kind.
type listColumn struct {
	Key   string
	Words string
	Field *field.Field // nil for one that every row has
	Among []field.Field
}

// listFilter is a facet to filter by.
type listFilter struct {
	Key     string
	Words   string
	Value   string
	Choices []desk.Named
}

// listRow is a row with its cells in words.
type listRow struct {
	journal.Row
	Cells []listCell
}

// listCell is one cell.
type listCell struct {
	Text  string
	Lamp  template.HTML
	Link  string
	Label string
	Num   bool
	Short bool // not to be broken over lines
}

// packList is the face 清单.
func (s *server) packList(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := packListView{packFrame: packFrame{p, "list"}, Text: strings.TrimSpace(q.Asked("text"))}
	for i := range p.Registers {
		k := &p.Registers[i]
		n, err := s.Desk.CountList(q.Context(), q.Who, &desk.PackList{Of: k.Ref}, desk.ListAsk{})
		if err != nil {
			return err
		}
		v.Books = append(v.Books, registerTab{k.Ref, k.Words.In(q.Lang), n})
	}
	v.List = q.chosenList(p)
	for i := range p.Lists {
		l := &p.Lists[i]
		n, err := s.Desk.CountList(q.Context(), q.Who, l, desk.ListAsk{})
		if err != nil {
			return err
		}
		v.Lists = append(v.Lists, listTab{l, n, l == v.List})
	}
	if v.List == nil {
		return q.render(200, "pack_list", v)
	}
	if err := v.fill(q); err != nil {
		return err
	}
	return q.render(200, "pack_list", v)
}

// chosenList is the list that the address names, the first otherwise; nil for a pack without lists.
func (q *request) chosenList(p *desk.PackOffer) *desk.PackList {
	for i := range p.Lists {
		if p.Lists[i].Key == q.Asked("list") {
			return &p.Lists[i]
		}
	}
	if len(p.Lists) == 0 {
		return nil
	}
	return &p.Lists[0]
}

// listAsk reads the filters of an address.
func (q *request) listAsk(of string) desk.ListAsk {
	ask := desk.ListAsk{Facets: map[string]string{}, State: q.Asked("state"), Unit: name.Unit(q.Asked("unit")), Text: strings.TrimSpace(q.Asked("text")), Cursor: q.Asked("cursor"), Limit: 50}
	for _, f := range q.s.Desk.FacetsOf(of) {
		if f.Key != "unit" {
			ask.Facets[f.Key] = q.Asked("f." + f.Key)
		}
	}
	if u := q.Asked("f.unit"); u != "" {
		ask.Facets["unit"] = u
	}
	return ask
}

func (v *packListView) fill(q *request) error {
	ask := q.listAsk(v.List.Of)
	page, err := q.s.Desk.List(q.Context(), q.Who, v.List, ask)
	if err != nil {
		return err
	}
	if v.Count, err = q.s.Desk.CountList(q.Context(), q.Who, v.List, ask); err != nil {
		return err
	}
	_, v.Matters = q.s.Desk.Packs().Kind(v.List.Of)
	v.Next, v.Found, v.Columns = page.Next, page.Found, q.listColumns(v.List)
	for _, r := range page.Rows {
		v.Rows = append(v.Rows, q.listRow(r, v.Columns))
	}
	v.filters(q, ask)
	return nil
}

// listColumns are the columns of a list with their words.
func (q *request) listColumns(l *desk.PackList) (all []listColumn) {
	var fields []field.Field
	if k, ok := q.s.Desk.Packs().Kind(l.Of); ok {
		fields = k.Fields
	} else if k, ok := q.s.Desk.Packs().Register(l.Of); ok {
		fields = k.Fields
	}
	for _, key := range l.Columns {
		c := listColumn{Key: key, Field: field.Find(fields, key), Among: fields}
		if c.Field != nil {
			c.Words = c.Field.Words.In(q.Lang)
		} else {
			c.Words = q.Says("field." + key)
		}
		all = append(all, c)
	}
	return all
}

// listRow writes a row's cells.
func (q *request) listRow(r journal.Row, columns []listColumn) listRow {
	w := listRow{Row: r}
	body := map[string]string{}
	if json.Unmarshal(r.Body, &body) != nil {
		body = nil
	}
	for i, c := range columns {
		cell := q.listCell(&r, body, c)
		cell.Label = c.Words
		cell.Short = c.Key == "state" || c.Key == "due" || c.Field != nil && c.Field.Kind == field.Date
		if (c.Key == "title" || i == 0 && !hasTitle(columns)) && r.Noun != "record" {
			cell.Link = "/matters/" + string(r.Stream)
		}
		w.Cells = append(w.Cells, cell)
	}
	return w
}

func hasTitle(columns []listColumn) bool {
	for _, c := range columns {
		if c.Key == "title" {
			return true
		}
	}
	return false
}

// rowColumns are the columns that every row has.
var rowColumns = map[string]func(q *request, r *journal.Row) listCell{
	"number": func(_ *request, r *journal.Row) listCell { return listCell{Text: r.Number} },
	"title":  func(_ *request, r *journal.Row) listCell { return listCell{Text: r.Title} },
	"state":  func(q *request, r *journal.Row) listCell { return listCell{Text: q.stateWords(r)} },
	"holder": func(q *request, r *journal.Row) listCell {
		return listCell{Text: q.handWords(matter.Hand{Unit: r.Unit, Person: r.Person})}
	},
	"unit": func(q *request, r *journal.Row) listCell { return listCell{Text: q.unitShort(r.Unit)} },
	"area": func(q *request, r *journal.Row) listCell { return listCell{Text: q.areaName(r.Area)} },
	"due": func(q *request, r *journal.Row) listCell {
		if r.Due == 0 {
			return listCell{}
		}
		return listCell{Text: date(q.Lang, calendar.Instant(r.Due-1).Date())}
	},
	"light": func(q *request, r *journal.Row) listCell {
		l := r.LightAt(q.s.Desk.Now())
		return listCell{Lamp: q.LampOf(l), Text: q.lightWord(l)}
	},
	"opened": func(q *request, r *journal.Row) listCell { return listCell{Text: dayText(q.Lang, r.Opened)} },
	"closed": func(q *request, r *journal.Row) listCell { return listCell{Text: dayText(q.Lang, r.Closed)} },
}

func dayText(lang string, micros int64) string {
	if micros == 0 {
		return ""
	}
	return date(lang, calendar.Instant(micros).Date())
}

func (q *request) listCell(r *journal.Row, body map[string]string, c listColumn) listCell {
	if c.Field != nil && c.Key != "title" {
		num := c.Field.Kind == field.Integer || c.Field.Kind == field.Decimal || c.Field.Kind == field.Money
		return listCell{Text: q.valueText(c.Field.Among(c.Among, body), body[c.Key]), Num: num}
	}
	if f, ok := rowColumns[c.Key]; ok {
		return f(q, r)
	}
	return listCell{Text: body[c.Key]}
}

func (q *request) stateWords(r *journal.Row) string {
	if k, ok := q.s.Desk.Packs().Kind(r.Kind); ok {
		if st := k.State(r.State); st != nil {
			return st.Words.In(q.Lang)
		}
	}
	return r.State
}

// areaName is the name of a street by its division code.
func (q *request) areaName(code string) string {
	for _, st := range q.s.Desk.Directory().Streets {
		if st.Code == code {
			return st.Words.In(q.Lang)
		}
	}
	return code
}

// filters are the facets whose values can be chosen.
func (v *packListView) filters(q *request, ask desk.ListAsk) {
	v.Filters = q.facetFilters(v.List.Of, ask.Facets)
	if k, ok := q.s.Desk.Packs().Kind(v.List.Of); ok && len(v.List.States) != 1 {
		f := listFilter{Key: "state", Words: q.Says("field.state"), Value: ask.State}
		for _, st := range k.States {
			f.Choices = append(f.Choices, desk.Named{Key: st.Key, Words: st.Words})
		}
		v.Filters = append([]listFilter{f}, v.Filters...)
	}
}

// facetFilters makes a filter of each facet that has a known set of values.
func (q *request) facetFilters(ref string, values map[string]string) (all []listFilter) {
	fields := q.s.Desk.FacetsOf(ref)
	for i := range fields {
		f := &fields[i]
		filter := listFilter{Key: "f." + f.Key, Words: f.Words.In(q.Lang), Value: values[f.Key]}
		switch f.Kind {
		case field.Choice:
			for _, o := range f.Options {
				filter.Choices = append(filter.Choices, desk.Named{Key: o.Key, Words: o.Words})
			}
		case field.YesNo:
			filter.Choices = []desk.Named{{Key: "yes", Words: name.Text{ZH: "是", EN: "Yes"}}, {Key: "no", Words: name.Text{ZH: "否", EN: "No"}}}
		case field.Unit:
			for _, u := range q.Units() {
				filter.Choices = append(filter.Choices, desk.Named{Key: string(u.Key), Words: u.Short})
			}
		case field.Record:
			filter.Choices, _ = q.s.Desk.RecordChoices(q.Context(), f.Register)
		}
		if len(filter.Choices) > 0 {
			all = append(all, filter)
		}
	}
	return all
}

// downloadList answers with a pack's list as a file.
func (s *server) downloadList(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	l := q.chosenList(p)
	if l == nil {
		return s.missing(q)
	}
	columns, ask := q.listColumns(l), q.listAsk(l.Of)
	t := export.Table{Title: l.Words.In(q.Lang)}
	for _, c := range columns {
		t.Columns = append(t.Columns, export.Column{Key: c.Key, Title: c.Words, Type: columnType(c)})
	}
	t.Rows = q.eachRow(func(cursor string) (journal.Page, error) {
		ask.Cursor, ask.Limit = cursor, 500
		return s.Desk.List(q.Context(), q.Who, l, ask)
	}, func(r journal.Row) []string { return q.fileCells(&r, columns) })
	return q.download(l.Words.In(q.Lang), q.PathValue("format"), t)
}

// columnType is a column's type in a file.
func columnType(c listColumn) export.Type {
	switch {
	case c.Key == "due", c.Field != nil && c.Field.Kind == field.Date:
		return export.Date
	case c.Field != nil && (c.Field.Kind == field.Integer || c.Field.Kind == field.Decimal):
		return export.Number
	case c.Field == nil && (c.Key == "opened" || c.Key == "closed"):
		return export.Instant
	}
	return export.Text
}

// fileCells are a row's cells for a file: dates and numbers as such, everything else in words.
func (q *request) fileCells(r *journal.Row, columns []listColumn) []string {
	body := map[string]string{}
	if json.Unmarshal(r.Body, &body) != nil {
		body = nil
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		switch {
		case c.Key == "due" && c.Field == nil:
			cells[i] = dueText(r.Due)
		case c.Field == nil && c.Key == "opened":
			cells[i] = instantText(r.Opened)
		case c.Field == nil && c.Key == "closed":
			cells[i] = instantText(r.Closed)
		case c.Field != nil && columnType(c) != export.Text:
			cells[i] = body[c.Key]
		default:
			cells[i] = q.listCell(r, body, c).Text
		}
	}
	return cells
}
