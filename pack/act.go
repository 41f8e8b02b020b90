package pack

import (
	"slices"
	"strings"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

func (m *making) acts() {
	m.twice(m.actWords())
	for i := range m.s.Acts {
		s := &m.s.Acts[i]
		a := m.act(s)
		m.physics(s, &a)
		m.k.Acts = append(m.k.Acts, a)
	}
	for i := range m.s.Acts {
		m.k.Acts[i].Instead = m.instead(&m.s.Acts[i])
	}
}

// instead compiles which answers make another act of an act: options of a choice that both ask for, and an act that leads on
// from the same states by the same people.
func (m *making) instead(s *actSyntax) (out matter.Instead) {
	in := &s.Instead
	if in.At.line == 0 {
		return out
	}
	known := m.one(in.Field, "field", keysOfFields(m.k.Fields))
	for _, w := range in.In {
		if known && !m.one(w, "option", optionsOf(field.Find(m.k.Fields, in.Field.Text))) {
			known = false
		}
	}
	if !m.one(in.Do, "act", plain(keysOfAll(m.s.Acts, func(a actSyntax) word { return a.Act }))) || !known {
		return out
	}
	other, own := m.k.Act(in.Do.Text), m.k.Act(s.Act.Text)
	asks := func(a *matter.Act) bool {
		return slices.ContainsFunc(a.Form, func(i matter.Input) bool { return i.Field == in.Field.Text })
	}
	for _, from := range own.From {
		if !slices.Contains(other.From, from) {
			m.add(in.Do.At, "instead-from", "act", other.Key, "state", from)
		}
	}
	for _, by := range own.By {
		if !slices.ContainsFunc(other.By, func(p matter.Party) bool { return overlap(p, by) }) {
			m.add(in.Do.At, "instead-by", "act", other.Key, "by", partyText(by))
		}
	}
	if !asks(own) || !asks(other) {
		m.add(in.Field.At, "instead-asked", "field", in.Field.Text, "act", other.Key)
	}
	return matter.Instead{Field: in.Field.Text, In: plain(in.In), Act: other.Key}
}

func (m *making) act(s *actSyntax) matter.Act {
	a := matter.Act{Key: s.Act.Text, Verb: matter.Verb(s.Verb.Text), Words: s.Words.text(), Help: s.Help.text(), To: s.To.Text, Publish: s.Publish.yes()}
	m.twice(s.From)
	for _, from := range s.From {
		if m.one(from, "state", m.stateKeys()) {
			a.From = append(a.From, from.Text)
		}
	}
	if !m.one(s.To, "state", m.stateKeys()) {
		a.To = ""
	}
	m.twice(s.By)
	for _, by := range s.By {
		a.By = append(a.By, m.party(by))
	}
	a.Form = m.form(s)
	for _, e := range s.Evidence {
		a.Evidence = append(a.Evidence, matter.Need{Kind: matter.EvidenceKind(e.Kind.Text), Words: e.Words.text(), Min: number(e.Min)})
	}
	a.Clocks = m.effects(s)
	a.Holder = m.handover(s)
	a.Reports = m.report(s)
	a.Signs = m.signs(s)
	m.asked(s, &a)
	if a.Publish && len(m.s.Public) == 0 {
		m.add(s.Publish.At, "publish-nothing")
	}
	return a
}

// form compiles the fields that an act asks for.
func (m *making) form(s *actSyntax) (form []matter.Input) {
	var asked []word
	for _, w := range s.Form {
		key, required := strings.CutSuffix(w.Text, "!")
		asked = append(asked, word{key, w.At})
		if m.one(word{key, w.At}, "field", keysOfFields(m.k.Fields)) {
			form = append(form, matter.Input{Field: key, Required: required})
		}
	}
	m.twice(asked)
	return form
}

// effects compiles what an act does to the clocks, each clock once.
func (m *making) effects(s *actSyntax) (all []matter.ClockEffect) {
	var touched []word
	for _, e := range []struct {
		op    matter.ClockOp
		words []word
		verb  matter.Verb // that may do it, if not empty; with those that pause for their own name
	}{
		{matter.Stop, s.Clocks.Stop, ""}, {matter.Start, s.Clocks.Start, ""}, {matter.Restart, s.Clocks.Restart, ""},
		{matter.Hold, s.Clocks.Pause, matter.Pause}, {matter.Go, s.Clocks.Resume, ""}, {matter.Lengthen, s.Clocks.Extend, matter.Extend},
	} {
		for _, w := range e.words {
			touched = append(touched, w)
			if !m.one(w, "clock", m.clockKeys()) {
				continue
			}
			m.effect(s, w, e.op, e.verb)
			all = append(all, matter.ClockEffect{Op: e.op, Clock: w.Text})
		}
	}
	passed, clocks := m.passes(s)
	m.twice(append(touched, clocks...))
	return append(all, passed...)
}

// effect checks one effect against the clock and the verb.
func (m *making) effect(s *actSyntax, w word, op matter.ClockOp, verb matter.Verb) {
	allowed := verb == "" || s.Verb.Text == "" || s.Verb.Text == string(verb) || op == matter.Hold && matter.Verb(s.Verb.Text).Pauses()
	if !allowed {
		m.add(w.At, "effect-verb", "op", string(op), "verb", string(verb))
	}
	c := m.k.Clock(w.Text)
	switch {
	case op == matter.Hold && len(c.Pauses) == 0:
		m.add(w.At, "clock-no-pauses", "clock", c.Key)
	case op == matter.Lengthen && c.Extend == nil:
		m.add(w.At, "clock-no-extension", "clock", c.Key)
	case op == matter.Lengthen && !slices.ContainsFunc(s.By, func(by word) bool { return overlap(party(by), c.Extend.By) }):
		m.add(w.At, "extension-by", "clock", c.Key, "by", partyText(c.Extend.By))
	}
}

// overlap reports whether somebody can be both parties by their wording: the same part, and the same role unless one names none.
func overlap(a, b matter.Party) bool {
	return (a.Part == b.Part || a.Part == matter.Anybody || b.Part == matter.Anybody) && (a.Role == b.Role || a.Role == "" || b.Role == "")
}

func partyText(p matter.Party) string {
	if p.Role == "" {
		return string(p.Part)
	}
	return string(p.Part) + "/" + string(p.Role)
}

// handover compiles whose the matter is afterwards.
func (m *making) handover(s *actSyntax) matter.Handover {
	kind, key, _ := strings.Cut(s.Holder.Text, ":")
	switch matter.Target(kind) {
	case matter.ToField:
		w := s.Holder.part(len(kind)+1, len(s.Holder.Text))
		if m.one(w, "field", keysOfFields(m.k.Fields)) {
			if f := field.Find(m.k.Fields, key); f.Kind != field.Unit && f.Kind != field.Person {
				m.add(w.At, "holder-kind", "field", key, "kind", string(f.Kind))
			}
		}
		return matter.Handover{To: matter.ToField, Field: key}
	case matter.ToUnit:
		return matter.Handover{To: matter.ToUnit, Unit: name.Unit(key)}
	}
	return matter.Handover{To: matter.Target(kind)}
}

// months are the kinds of field that can say of which month a figure is.
var months = []field.Kind{field.Month, field.Text}

// report checks the fields that are a figure: a number, and one for the month.
func (m *making) report(s *actSyntax) *matter.Report {
	if s.Reports.At.line == 0 {
		return nil
	}
	for _, w := range []struct {
		word
		kinds []field.Kind
		asked bool // by this very act
	}{{s.Reports.Value, []field.Kind{field.Decimal, field.Integer}, true}, {s.Reports.Period, months, false}} {
		if !m.one(w.word, "field", keysOfFields(m.k.Fields)) {
			continue
		}
		if f := field.Find(m.k.Fields, w.Text); !slices.Contains(w.kinds, f.Kind) {
			m.add(w.At, "report-kind", "field", w.Text, "kind", listed(texts(w.kinds)))
		}
		if w.asked && !slices.Contains(plain(s.Form), w.Text) && !slices.Contains(plain(s.Form), w.Text+"!") {
			m.add(w.At, "not-asked", "field", w.Text)
		}
	}
	return &matter.Report{Value: s.Reports.Value.Text, Period: s.Reports.Period.Text}
}

// physics reports each way in which an act breaks what its verb means.
func (m *making) physics(s *actSyntax, a *matter.Act) {
	if a.Verb == "" {
		return
	}
	verb, _ := a.Verb.Words()
	for _, b := range m.k.Breaches(a) {
		at := s.Act.At
		switch b.Code {
		case "phase-from", "phase-stays":
			for _, from := range s.From {
				if from.Text == b.State {
					at = from.At
				}
			}
		case "phase-to":
			at = s.To.At
		}
		m.add(at, b.Code, "act", a.Key, "verb", string(a.Verb), "verb-zh", verb.ZH, "state", b.State, "allow", listed(texts(b.Allow)))
	}
	if a.Verb == matter.Register && a.To == "" && !s.To.given() {
		m.add(s.Act.At, "opens-nowhere", "act", a.Key)
	}
	if a.Verb == matter.Pause && len(s.Clocks.Pause) == 0 {
		m.add(s.Act.At, "pause-no-clock", "act", a.Key)
	}
	if a.Verb == matter.Extend && len(s.Clocks.Extend) == 0 {
		m.add(s.Act.At, "extend-no-clock", "act", a.Key)
	}
}
