package web

import (
	"strings"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/kernel/matter"
)

// askedShown is an act that was asked for and waits for a decision, as people read it.
type askedShown struct {
	What   string // 申请调整目标
	By     string
	Reason string
	At     int64
	Waited string // for how long and by when it is to be decided, empty for less than a working day and no term
	Terms  []askedTerm
	Files  []matter.Evidence // that came with it
	Says   []string          // and statements
}

// askedTerm is one thing that the act would change.
type askedTerm struct{ Title, From, To string }

// askedFor returns what waits for a decision in a matter, nil for nothing.
func (q *request) askedFor(m *desk.MatterView) *askedShown {
	p := m.Pending
	if p == nil {
		return nil
	}
	s := &askedShown{What: p.Act, By: q.byline(p.By), Reason: p.Reason, At: p.At}
	var due int64
	if c := m.Matter.Deciding(); c != nil {
		due = c.Due
	}
	s.Waited = q.Waits(p.At, due)
	if a := m.Def.Asks(p.Act); a != nil {
		s.What = a.Words.In(q.Lang)
	}
	for i := range m.Def.Fields {
		f := m.Def.Fields[i].Among(m.Def.Fields, m.Fields)
		if v, changed := p.With[f.Key]; changed {
			s.Terms = append(s.Terms, askedTerm{f.Words.In(q.Lang), q.termText(f, m.Fields[f.Key]), q.termText(f, v)})
		}
	}
	s.Terms = append(s.Terms, q.askedClocks(m.Def, p)...)
	for _, e := range m.History {
		for _, piece := range e.Change.Evidence {
			if e.Version != p.Version {
				break
			}
			if piece.File != "" {
				s.Files = append(s.Files, piece)
			} else {
				s.Says = append(s.Says, piece.Text)
			}
		}
	}
	return s
}

// Waits says how long something that was asked for at a time has waited, and by when it is to be decided: due is the first instant that is
// late, 0 where nothing says by when.
func (q *request) Waits(at, due int64) string {
	waited := q.waited(at)
	switch {
	case due == 0:
		return waited
	case q.Now() >= due:
		return strings.Trim(waited+q.Says("comma")+q.Says("asked.late", "day", date(q.Lang, calendar.Instant(due-1).Date())), q.Says("comma"))
	case waited == "":
		return q.Says("asked.by", "day", date(q.Lang, calendar.Instant(due-1).Date()))
	}
	return waited + q.Says("comma") + q.Says("asked.by", "day", date(q.Lang, calendar.Instant(due-1).Date()))
}

// waited says for how many working days something has waited, the day of asking not counted; nothing for less than one.
func (q *request) waited(at int64) string {
	n := q.s.Desk.Env().Calendar.WorkingBetween(calendar.Instant(at).Date(), calendar.Instant(q.Now()).Date())
	if n < 1 {
		return ""
	}
	return q.Says("asked.waited", "n", n)
}

// termText writes a value, of a table how many rows it has.
func (q *request) termText(f *field.Field, v string) string {
	s := q.shown(f, v)
	switch {
	case v == "":
		return q.Says("asked.none")
	case f.Kind == field.Table:
		return q.Says("history.rows", "count", len(s.Rows))
	case s.File != "":
		return q.Says("history.file")
	}
	return s.Text
}

// askedClocks are what an act would do to clocks for a reason or by a time that was asked for.
func (q *request) askedClocks(k *matter.Kind, p *matter.Asking) (all []askedTerm) {
	act := k.Act(p.Act)
	if act == nil {
		return nil
	}
	for _, e := range act.Clocks {
		c := k.Clock(e.Clock)
		switch {
		case c == nil:
		case e.Op == matter.Hold && p.Code != "":
			all = append(all, askedTerm{c.Words.In(q.Lang), "", c.PauseWords(p.Code).In(q.Lang)})
		case e.Op == matter.Lengthen && p.Until != "" && (p.Clock == "" || p.Clock == c.Key):
			until := p.Until
			if d, err := calendar.ParseDate(until); err == nil {
				until = date(q.Lang, d)
			}
			all = append(all, askedTerm{c.Words.In(q.Lang), "", until})
		case e.Op == matter.Lengthen && p.Units > 0 && (p.Clock == "" || p.Clock == c.Key):
			all = append(all, askedTerm{c.Words.In(q.Lang), "", "+" + q.span(p.Units, c.Basis)})
		}
	}
	return all
}

// askedChanges tells in a history what was asked for.
func (q *request) askedChanges(m *desk.MatterView, a *matter.Asking) (all []string) {
	if a == nil {
		return nil
	}
	for i := range m.Def.Fields {
		f := m.Def.Fields[i].Among(m.Def.Fields, m.Fields)
		if v, changed := a.With[f.Key]; changed {
			all = append(all, q.matterChange(f, v))
		}
	}
	for _, t := range q.askedClocks(m.Def, a) {
		all = append(all, t.Title+q.Says("form.colon")+t.To)
	}
	return all
}
