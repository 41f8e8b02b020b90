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
	Waited waited
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
	s.Waited = q.waits(p.At, due)
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

// waited says how long something has waited and by when it is to be decided; nothing for less than a working day without a term.
type waited struct {
	Says string
	Late bool
}

// waits tells of something that was asked for at a time: for how many working days it has waited, the day of asking not counted, and by
// when it is to be decided. Due is the first instant that is late, 0 where nothing says by when.
func (q *request) waits(at, due int64) waited {
	var says []string
	if n := q.s.Desk.Env().Calendar.WorkingBetween(calendar.Instant(at).Date(), calendar.Instant(q.Now()).Date()); n > 0 {
		says = append(says, q.Says("asked.waited", "n", n))
	}
	late := due != 0 && q.Now() >= due
	switch day := date(q.Lang, calendar.Instant(due-1).Date()); {
	case late:
		says = append(says, q.Says("asked.late", "day", day))
	case due != 0:
		says = append(says, q.Says("asked.by", "day", day))
	}
	return waited{strings.Join(says, q.Says("comma")), late}
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
