package web

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/export"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/register"
)

// registersView is all registers.
type registersView struct{ Groups []registerGroup }

type registerGroup struct {
	Pack  *desk.PackOffer
	Books []registerTab
}

// listRegisters is the page of all registers.
func (s *server) listRegisters(q *request) error {
	var v registersView
	for _, p := range s.Desk.Packs().Packs() {
		g := registerGroup{Pack: p}
		for i := range p.Registers {
			n, err := s.Desk.CountList(q.Context(), q.Who, &desk.PackList{Of: p.Registers[i].Ref}, desk.ListAsk{})
			if err != nil {
				return err
			}
			g.Books = append(g.Books, registerTab{p.Registers[i].Ref, p.Registers[i].Words.In(q.Lang), n})
		}
		if len(g.Books) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return q.render(200, "registers", v)
}

// registerView is the records of one register.
type registerView struct {
	Kind    *register.Kind
	Pack    *desk.PackOffer
	Columns []listColumn
	Filters []listFilter
	Rows    []recordRow
	Text    string
	On      string
	All     bool // also what is no longer or not yet valid
	Next    string
	Found   int64 // see part_rows, best
	Flaw    flaw
}

// recordRow is a record with its values in words.
type recordRow struct {
	journal.Row
	Cells []listCell
	Valid bool
}

// mostColumns is how many fields a register's table shows; the file has all.
const mostColumns = 9

func (s *server) registerKind(q *request) (*register.Kind, error) {
	k, ok := s.Desk.Packs().Register(q.PathValue("pack") + "/" + q.PathValue("register"))
	if !ok {
		return nil, fmt.Errorf("register %s/%s: %w", q.PathValue("pack"), q.PathValue("register"), fault.ErrNotFound)
	}
	return k, nil
}

// registerAsk reads what is asked of a register: by default what is valid today.
func (q *request) registerAsk(ref string) (ask desk.RegisterAsk, err error) {
	ask = desk.RegisterAsk{Text: strings.TrimSpace(q.Asked("text")), Cursor: q.Asked("cursor"), Limit: 100, Facets: map[string]string{}}
	for _, f := range q.s.Desk.FacetsOf(ref) {
		ask.Facets[f.Key] = q.Asked("f." + f.Key)
	}
	switch on := q.Asked("on"); {
	case q.Asked("all") == "yes":
	case on == "":
		ask.On = q.Today()
	default:
		if ask.On, err = calendar.ParseDate(on); err != nil {
			err = fault.Refuse(fault.ErrInvalid, "not-date", "on")
		}
	}
	return ask, err
}

// registerPage is the page of one register.
func (s *server) registerPage(q *request) error {
	k, err := s.registerKind(q)
	if err != nil {
		return err
	}
	ask, err := q.registerAsk(k.Ref)
	v := registerView{Kind: k, Text: ask.Text, On: dateText(ask.On), All: q.Asked("all") == "yes", Columns: q.recordColumns(k)}
	v.Columns = v.Columns[:min(len(v.Columns), mostColumns)]
	v.Pack, _ = s.Desk.Packs().Pack(q.PathValue("pack"))
	v.Filters = q.facetFilters(k.Ref, ask.Facets)
	if err != nil {
		return q.again(err, "register", func(f flaw) any { v.Flaw, v.On = f, q.Asked("on"); return v })
	}
	page, err := s.Desk.Register(q.Context(), q.Who, k.Ref, ask)
	if err != nil {
		return err
	}
	v.Next, v.Found = page.Next, page.Found
	now := s.Desk.Now()
	for _, r := range page.Rows {
		row := recordRow{Row: r, Valid: r.Opened <= now && (r.Closed == 0 || now < r.Closed)}
		for _, c := range v.Columns {
			cell := q.listCell(&r, bodyOf(&r), c)
			cell.Label = c.Words
			if c.Field.Kind == field.Text {
				cell.Text = q.namedText(cell.Text)
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	return q.render(200, "register", v)
}

func bodyOf(r *journal.Row) map[string]string {
	body := map[string]string{}
	if json.Unmarshal(r.Body, &body) != nil {
		return nil
	}
	return body
}

// namedText gives words to a text that holds the name of a kind of matter (urban/case) or the keys of roles and of nothing else.
func (q *request) namedText(v string) string {
	packs := q.s.Desk.Packs()
	if k, ok := packs.Kind(v); ok {
		return k.Words.In(q.Lang)
	}
	var all []string
	for _, key := range strings.Fields(v) {
		w, ok := packs.Role(name.Role(key))
		if !ok {
			return v
		}
		all = append(all, w.In(q.Lang))
	}
	return strings.Join(all, q.Says("list.and"))
}

// recordColumns are a register's fields: key and title first, long and personal ones left out, and on a Chinese page what only says in English what
// stands beside it.
func (q *request) recordColumns(k *register.Kind) (all []listColumn) {
	add := func(f *field.Field) {
		if f != nil && !f.Class.IsPersonal() && f.Kind != field.Table && (q.Lang == "en" || !inEnglish(k, f)) {
			all = append(all, listColumn{Key: f.Key, Words: f.Words.In(q.Lang), Field: f})
		}
	}
	add(field.Find(k.Fields, k.Key))
	if k.Title != k.Key {
		add(field.Find(k.Fields, k.Title))
	}
	for i := range k.Fields {
		if f := &k.Fields[i]; f.Key != k.Key && f.Key != k.Title {
			add(f)
		}
	}
	return all
}

// inEnglish reports whether a field says in English what another one of the register says in Chinese.
func inEnglish(k *register.Kind, f *field.Field) bool {
	said, ok := strings.CutSuffix(f.Key, "-en")
	return ok && field.Find(k.Fields, said) != nil
}

// downloadRegister answers with a register as a file.
func (s *server) downloadRegister(q *request) error {
	k, err := s.registerKind(q)
	if err != nil {
		return err
	}
	ask, err := q.registerAsk(k.Ref)
	if err != nil {
		return err
	}
	columns := q.recordColumns(k)
	t := export.Table{Title: k.Words.In(q.Lang)}
	for _, c := range columns {
		t.Columns = append(t.Columns, export.Column{Key: c.Key, Title: c.Words, Type: columnType(c)})
	}
	t.Columns = append(t.Columns, export.Column{Key: "valid-from", Title: q.Says("register.from"), Type: export.Date}, export.Column{Key: "valid-to", Title: q.Says("register.until"), Type: export.Date})
	t.Rows = q.eachRow(func(cursor string) (journal.Page, error) {
		ask.Cursor, ask.Limit = cursor, 500
		return s.Desk.Register(q.Context(), q.Who, k.Ref, ask)
	}, func(r journal.Row) []string {
		cells := make([]string, len(columns))
		for i, c := range columns {
			if cells[i] = bodyOf(&r)[c.Key]; columnType(c) == export.Text {
				cells[i] = q.valueText(c.Field, cells[i])
			}
		}
		return append(cells, dayKey(r.Opened), dayKey(r.Closed))
	})
	return q.download(k.Words.In(q.Lang), q.PathValue("format"), t)
}

func dayKey(micros int64) string {
	if micros == 0 {
		return ""
	}
	return calendar.Instant(micros).Date().String()
}
