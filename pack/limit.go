package pack

import (
	"slices"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// limit compiles what a record lays down for a clock, as far as it needs no other pack.
func (m *making) limit(s *clockSyntax) *matter.Limit {
	l := &s.Limit
	if l.At.line == 0 {
		return nil
	}
	if s.Until.given() {
		m.add(l.At, "limit-until", "clock", s.Clock.Text)
	}
	out := &matter.Limit{Field: l.From.Text, Length: l.Length.Text, Basis: l.Basis.Text, Source: l.Source.Text, Confirmed: l.Confirmed.Text}
	if m.one(l.From, "field", keysOfFields(m.k.Fields)) {
		f := field.Find(m.k.Fields, l.From.Text)
		if f.Kind != field.Record {
			m.add(l.From.At, "limit-kind", "field", f.Key)
		}
		out.Register = f.Register
	}
	m.twice(keysOfAll(l.Stages, func(s stageSyntax) word { return s.Stage }))
	for _, st := range l.Stages {
		out.Stages = append(out.Stages, matter.Stage{Key: st.Stage.Text, Words: st.Words.text(), Length: st.Length.Text, Basis: st.Basis.Text})
	}
	if len(out.Stages) == 1 {
		m.add(l.Stages[0].Stage.At, "stage-alone", "stage", out.Stages[0].Key)
	}
	return out
}

// passes compiles which stages an act ends, written clock/stage.
func (m *making) passes(s *actSyntax) (all []matter.ClockEffect, touched []word) {
	for _, w := range s.Clocks.Pass {
		key, stage := cutPair(w)
		if !m.one(key, "clock", m.clockKeys()) {
			continue
		}
		touched = append(touched, key)
		c := m.k.Clock(key.Text)
		var stages []string
		if c.Limit != nil {
			for _, st := range c.Limit.Stages {
				stages = append(stages, st.Key)
			}
		}
		switch {
		case len(stages) == 0:
			m.add(w.At, "clock-no-stages", "clock", c.Key)
		case m.one(stage, "stage", stages) && stage.Text == stages[len(stages)-1]:
			m.add(stage.At, "stage-last", "stage", stage.Text, "clock", c.Key)
		}
		all = append(all, matter.ClockEffect{Op: matter.Pass, Clock: key.Text, Stage: stage.Text})
	}
	return all, touched
}

// cutPair cuts a word at its slash.
func cutPair(w word) (a, b word) {
	for i := range w.Text {
		if w.Text[i] == '/' {
			return w.part(0, i), w.part(i+1, len(w.Text))
		}
	}
	return w, word{At: w.At}
}

// staged checks that each stage of a clock but the last is ended by some act, which begins the next.
func (m *making) staged(s *clockSyntax, c *matter.ClockKind) {
	for i := range s.Limit.Stages {
		passed := func(e matter.ClockEffect) bool {
			return e.Op == matter.Pass && e.Clock == c.Key && e.Stage == s.Limit.Stages[i].Stage.Text
		}
		if i+1 < len(s.Limit.Stages) && !slices.ContainsFunc(m.k.Acts, func(a matter.Act) bool { return slices.ContainsFunc(a.Clocks, passed) }) {
			m.add(s.Limit.Stages[i].Stage.At, "stage-never-passed", "stage", s.Limit.Stages[i].Stage.Text, "clock", c.Key)
		}
	}
}

// limitRefs checks the columns that a limit reads, once the register's pack is there.
func (u *unit) limitRefs(s *clockSyntax, c *matter.ClockKind) {
	l := &s.Limit
	if l.At.line == 0 || c == nil || c.Limit == nil || c.Limit.Register == "" {
		return
	}
	other := u.all.unitOf(packOf(c.Limit.Register))
	if other == nil {
		return
	}
	reg, ok := other.pack.register(c.Limit.Register)
	if !ok {
		return // reported at the field
	}
	u.limitColumn(reg, l.Length, field.Integer)
	u.limitColumn(reg, l.Basis, field.Choice)
	u.limitColumn(reg, l.Source, field.Text)
	u.limitColumn(reg, l.Confirmed, field.YesNo)
	for _, st := range l.Stages {
		u.limitColumn(reg, st.Length, field.Integer)
		u.limitColumn(reg, st.Basis, field.Choice)
	}
}

// limitColumn checks one column that a limit reads: its kind, and that a choice is among the bases.
func (u *unit) limitColumn(reg *register.Kind, w word, kind field.Kind) {
	if !u.one(w, "field", keysOfFields(reg.Fields)) {
		return
	}
	f := field.Find(reg.Fields, w.Text)
	if f.Kind != kind && f.Kind != "" {
		u.add(w.At, "limit-column", "field", f.Key, "kind", string(kind))
		return
	}
	for _, o := range f.Options {
		if _, err := calendar.ParseBasis(o.Key); kind == field.Choice && err != nil && o.Key != "" {
			u.add(w.At, "limit-basis", "field", f.Key, "value", o.Key, "known", listed(texts(calendar.Bases())))
			return
		}
	}
}
