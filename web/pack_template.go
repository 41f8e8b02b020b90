package web

import (
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// templatesView is the documents and forms of a pack.
type templatesView struct {
	packFrame
	Templates []templateShown
	Forms     []formShown
	Matter    *desk.MatterView // to fill them from, nil for none
}

// templateShown is a document with whether it can be filled from the chosen matter.
type templateShown struct {
	Template *desk.PackTemplate
	For      string
	Fits     bool
}

// formShown is the form of an act, blank.
type formShown struct {
	Kind *matter.Kind
	Act  *matter.Act
	Rows []formRow
}

type formRow struct {
	Words    string
	Help     string
	Required bool
}

// packTemplates is the face 模板.
func (s *server) packTemplates(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := templatesView{packFrame: packFrame{p, "template"}}
	if id := q.Asked("matter"); id != "" {
		m, err := s.Desk.Matter(q.Context(), q.Who, name.ID(id))
		if err != nil {
			return err
		}
		v.Matter = &m
	}
	for i := range p.Templates {
		t := &p.Templates[i]
		shown := templateShown{Template: t, Fits: v.Matter != nil && v.Matter.Kind == t.For}
		if k, ok := s.Desk.Packs().Kind(t.For); ok {
			shown.For = k.Words.In(q.Lang)
		}
		v.Templates = append(v.Templates, shown)
	}
	for i := range p.Kinds {
		for j := range p.Kinds[i].Acts {
			if f := q.blank(&p.Kinds[i], &p.Kinds[i].Acts[j]); len(f.Rows) > 0 {
				v.Forms = append(v.Forms, f)
			}
		}
	}
	return q.render(200, "pack_template", v)
}

func (q *request) blank(k *matter.Kind, act *matter.Act) formShown {
	f := formShown{Kind: k, Act: act}
	for _, in := range act.Form {
		for i := range k.Fields {
			if fd := &k.Fields[i]; fd.Key == in.Field {
				f.Rows = append(f.Rows, formRow{fd.Words.In(q.Lang), fd.Help.In(q.Lang), in.Required})
			}
		}
	}
	return f
}

// documentView is one document, filled, to print.
type documentView struct {
	packFrame
	Template *desk.PackTemplate
	Matter   *desk.MatterView
	Text     string
	Gaps     int // placeholders without a value
}

// document is a document filled from a matter, or blank.
func (s *server) document(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := documentView{packFrame: packFrame{Pack: p, Face: "template"}}
	for i := range p.Templates {
		if p.Templates[i].Key == q.PathValue("template") {
			v.Template = &p.Templates[i]
		}
	}
	if v.Template == nil {
		return fmt.Errorf("template %s of pack %s: %w", q.PathValue("template"), p.Name, fault.ErrNotFound)
	}
	if id := q.Asked("matter"); id != "" {
		m, err := s.Desk.Matter(q.Context(), q.Who, name.ID(id))
		if err != nil {
			return err
		}
		if m.Kind != v.Template.For {
			return fault.Refuse(fault.ErrInvalid, "template-other-kind", "")
		}
		v.Matter = &m
	}
	v.Text, v.Gaps = q.filled(v.Template.Body.In(q.Lang), v.Matter)
	return q.render(200, "pack_document", v)
}

// gap is what stands where a document has no value yet, to be written by hand.
const gap = "＿＿＿＿＿＿"

// filled fills a document's placeholders from a matter; nil leaves all of them open.
func (q *request) filled(body string, m *desk.MatterView) (text string, gaps int) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(body, "{")
		b.WriteString(before)
		if !ok {
			return b.String(), gaps
		}
		key, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String(), gaps
		}
		value := q.placeholder(key, m)
		if value == "" {
			value = gap
			gaps++
		}
		b.WriteString(value)
		body = after
	}
}

func (q *request) placeholder(key string, m *desk.MatterView) string {
	if key == "today" {
		return date(q.Lang, q.Today())
	}
	if m == nil {
		return ""
	}
	switch key {
	case "number":
		return m.Number
	case "holder":
		return q.handWords(m.Holder)
	case "state":
		if st := m.Def.State(m.State); st != nil {
			return st.Words.In(q.Lang)
		}
	}
	for i := range m.Def.Fields {
		if f := &m.Def.Fields[i]; f.Key == key {
			s := q.shown(f.Among(m.Def.Fields, m.Fields), m.Fields[key])
			if s.Rows == nil {
				return s.Text
			}
			lines := make([]string, len(s.Rows))
			for j, row := range s.Rows {
				lines[j] = "  " + itoa(j+1) + ". " + strings.Join(row, "  ")
			}
			return "\n" + strings.Join(lines, "\n")
		}
	}
	return ""
}
