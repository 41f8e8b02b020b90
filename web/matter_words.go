package web

import (
	"cmp"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// shownField is a field with its value in words.
type shownField struct {
	Field *field.Field
	Text  string     // empty for a table or a file
	Rows  [][]string // of a table, in words
	File  string     // hash of an upload
	Map   string     // of a place: where the map shows it, empty for who has no map
	Long  bool
}

// shown writes a stored value as people read it.
func (q *request) shown(f *field.Field, v string) shownField {
	s := shownField{Field: f, Long: f.Kind == field.LongText}
	switch f.Kind {
	case field.Table:
		for _, row := range field.Rows(v) {
			cells := make([]string, len(row))
			for i := range row {
				if i < len(f.Columns) {
					cells[i] = q.shown(&f.Columns[i], row[i]).Text
				}
			}
			s.Rows = append(s.Rows, cells)
		}
	case field.File:
		s.File = v
	case field.Place:
		s.Text, s.Map = v, q.mapAt(v)
	default:
		s.Text = q.valueText(f, v)
	}
	return s
}

// mapAt is the address of the map about a place, empty for who has none.
func (q *request) mapAt(place string) string {
	const about = 250 // m
	p, err := geo.ParsePoint(place)
	if err != nil || !q.s.Desk.Holds(q.Who, access.MatterRead, access.Matter) {
		return ""
	}
	box := geo.Around(p, about)
	return address("/map", url.Values{"box": {boxText(geo.Box{Min: box.Min.Round(), Max: box.Max.Round()})}})
}

// valueText writes a single value as people read it.
func (q *request) valueText(f *field.Field, v string) string {
	if v == "" {
		return ""
	}
	switch f.Kind {
	case field.Month:
		return monthWords(q.Lang, v)
	case field.Money:
		if fen, err := strconv.ParseInt(v, 10, 64); err == nil {
			return money.Fen(fen).Format(q.Lang)
		}
	case field.Integer, field.Decimal:
		if f.Unit != "" {
			if d, err := money.Parse(v); err == nil {
				return money.Quantity{Value: d, Unit: f.Unit}.Format(q.Lang)
			}
		}
	case field.Date:
		if d, err := calendar.ParseDate(v); err == nil {
			return date(q.Lang, d)
		}
	case field.Instant:
		if i, err := calendar.ParseInstant(v); err == nil {
			return moment(q.Lang, int64(i))
		}
	case field.Choice:
		if o, ok := f.Option(v); ok {
			return o.Words.In(q.Lang)
		}
	case field.YesNo:
		return q.Says("form." + v)
	case field.Unit:
		return q.Unit(name.Unit(v)).Words.In(q.Lang)
	case field.Units:
		var units []name.Unit
		for _, u := range strings.Fields(v) {
			units = append(units, name.Unit(u))
		}
		return q.unitNames(units)
	case field.Person:
		return q.personName(name.Person(v))
	case field.Shape:
		return q.shapeText(v)
	case field.Record:
		return q.s.Desk.RecordName(q.Context(), f.Register, v).In(q.Lang)
	}
	return v
}

// shownFields are the fields of a matter that hold something, in the order of the kind.
func (q *request) shownFields(m *desk.MatterView) (all []shownField) {
	masked, err := q.s.masked(q, &m.Matter)
	if err != nil && q.Context().Err() == nil {
		q.s.Log.Error("mask personal values", "error", err) // the page shows that they are held, and nothing of them
	}
	for i := range m.Def.Fields {
		f := &m.Def.Fields[i]
		switch v := m.Fields[f.Key]; {
		case f.Class.IsPersonal() && m.Personal[f.Key] != "":
			all = append(all, shownField{Field: f, Text: cmp.Or(masked[f.Key], q.Says("matter.personal"))})
		case isID(v): // the page links to it by its title
		case v != "" && f.Key != "title":
			all = append(all, q.shown(f.Among(m.Def.Fields, m.Fields), v))
		}
	}
	return all
}

// FieldOf is one field of a matter in words, nil if it holds nothing.
func (q *request) FieldOf(m *desk.MatterView, key string) *shownField {
	f := field.Find(m.Def.Fields, key)
	if f == nil || m.Fields[key] == "" || f.Class.IsPersonal() {
		return nil
	}
	s := q.shown(f.Among(m.Def.Fields, m.Fields), m.Fields[key])
	return &s
}

// GeoOf is the address by which a phone opens a place in its own map, latitude first (RFC 5870); empty for what is no place.
func (q *request) GeoOf(place string) template.URL {
	lng, lat, _ := strings.Cut(place, ",")
	if strings.Trim(lng+lat, "0123456789.-") != "" {
		return ""
	}
	return template.URL("geo:" + lat + "," + lng)
}

// isID reports whether a value is the id of a stream, which says nothing to a person.
func isID(v string) bool {
	_, err := name.ParseID(v)
	return err == nil
}

// matterLine is one event of a matter in words.
type matterLine struct {
	desk.Entry
	What    string   // 签收
	To      string   // the new state
	Changes []string // what else changed
	Files   []matter.Evidence
	Says    []string // statements given as evidence
	Reason  string
	Role    string
	Leaf    string // the first digits of the leaf's hash
}

// lines writes a history, newest first.
func (q *request) lines(m *desk.MatterView) []matterLine {
	all := make([]matterLine, 0, len(m.History))
	for i := len(m.History) - 1; i >= 0; i-- {
		all = append(all, q.line(m, m.History[i]))
	}
	return all
}

func (q *request) line(m *desk.MatterView, e desk.Entry) matterLine {
	c := &e.Change
	l := matterLine{Entry: e, Reason: e.Reason, Role: q.roleWords(e.Actor.Role), Leaf: e.Leaf.String()[:12]}
	l.What = q.eventWords(m, &e)
	if st := m.Def.State(c.To); st != nil {
		l.To = st.Words.In(q.Lang)
	}
	if c.Holder != nil && e.Version > 1 {
		l.Changes = append(l.Changes, q.Says("history.holder", "who", q.handWords(*c.Holder)))
	}
	for i := range m.Def.Fields {
		f := &m.Def.Fields[i]
		if v, ok := c.Fields[f.Key]; ok && isID(v) {
			continue // the page links to it by its title, for whoever may read it
		} else if ok {
			l.Changes = append(l.Changes, q.matterChange(f.Among(m.Def.Fields, m.Fields), v))
		} else if commit, ok := c.Personal[f.Key]; ok && commit != "" {
			l.Changes = append(l.Changes, f.Words.In(q.Lang)+q.Says("form.colon")+q.Says("matter.personal"))
		}
	}
	l.Changes = append(l.Changes, q.askedChanges(m, c.Asked)...)
	if c.Settled != nil && c.Settled.As == matter.Lapsed {
		l.Changes = append(l.Changes, q.Says("asked.lapsed"))
	}
	for _, cc := range c.Clocks {
		l.Changes = append(l.Changes, q.clockWords(m.Def, &cc))
	}
	for _, ev := range c.Evidence {
		if ev.File != "" {
			l.Files = append(l.Files, ev)
		} else {
			l.Says = append(l.Says, ev.Text)
		}
	}
	if e.Type == desk.TypeErased {
		l.What, l.Reason = q.Says("personal.erased-"+cmp.Or(e.Reason, "asked")), ""
		for i := range m.Def.Fields {
			if _, ok := c.Personal[m.Def.Fields[i].Key]; ok {
				l.Changes = append(l.Changes, m.Def.Fields[i].Words.In(q.Lang))
			}
		}
	}
	if l.Reason == "goal-behind" {
		l.Reason = q.Says("history.goal-behind")
	}
	return l
}

// eventWords names what happened: the act in the pack's words, otherwise the rung or the clock.
func (q *request) eventWords(m *desk.MatterView, e *desk.Entry) string {
	c := &e.Change
	if act := m.Def.Act(c.Act); act != nil {
		return act.Words.In(q.Lang)
	}
	if c.Rung != nil {
		return q.Says("clerk.rung-"+string(c.Rung.Rung), "who", q.handWords(c.Rung.To))
	}
	if words, ok := c.Verb.Words(); ok {
		return words.In(q.Lang)
	}
	if c.Order != nil && c.Order.Void {
		return q.Says("history.order-void", "unit", q.Unit(c.Order.By).Short.In(q.Lang))
	} else if c.Order != nil {
		return q.Says("history.order", "unit", q.Unit(c.Order.By).Short.In(q.Lang))
	}
	return q.Says("history.clock")
}

func (q *request) matterChange(f *field.Field, v string) string {
	s := q.shown(f, v)
	text := s.Text
	switch {
	case v == "":
		text = q.Says("history.cleared")
	case f.Kind == field.Table:
		text = q.Says("history.rows", "count", len(s.Rows))
	case s.File != "":
		text = q.Says("history.file")
	}
	return f.Words.In(q.Lang) + q.Says("form.colon") + text
}

// clockWords says what happened to a clock.
func (q *request) clockWords(k *matter.Kind, cc *matter.ClockChange) string {
	called := cc.Clock
	reason := cc.Reason
	if def := k.Clock(cc.Clock); def != nil {
		called = def.WordsOf(cc.Stage).In(q.Lang)
		if reason != "" {
			reason = def.PauseWords(reason).In(q.Lang)
		}
	}
	return q.Says("clock.op-"+string(cc.Op), "clock", called, "due", due(q.Lang, cc.Due), "reason", reason, "was", due(q.Lang, cc.Was))
}

// handWords is a unit with the person in it.
func (q *request) handWords(h matter.Hand) string {
	s := q.Unit(h.Unit).Short.In(q.Lang)
	if h.Person != "" {
		s += " " + q.personName(h.Person)
	}
	return s
}

// roleWords is a role in the words of the policy or of the pack that has it.
func (q *request) roleWords(r name.Role) string {
	if r == name.System.Role {
		return ""
	}
	return q.s.Desk.RoleWords(r).In(q.Lang)
}

// SourceOf names where a clock's length comes from, and says that it is still to be confirmed unless the source says so.
func (q *request) SourceOf(c *matter.ClockKind) string {
	source := c.Source.In(q.Lang)
	if c.Confirmed || strings.Contains(source, "确认") || strings.Contains(source, "confirm") {
		return source
	}
	return source + " · " + q.Says("handbook.unconfirmed")
}
