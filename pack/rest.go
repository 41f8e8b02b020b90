package pack

import (
	"regexp"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// placeholder is {name} in a template; braces around anything else stay as they are.
var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9-]*)\}`)

// templates compiles the templates: every placeholder is a field of the kind or one of [Placeholders].
func (u *unit) templates() {
	u.twice(keysOfAll(u.syntax.Templates, func(t templateSyntax) word { return t.Template }))
	for _, s := range u.syntax.Templates {
		u.pack.Templates = append(u.pack.Templates, Template{Key: s.Template.Text, Words: s.Words.text(), For: u.qualified(s.For.Text), Body: s.Body.text()})
		k := u.kindRef(s.For)
		if k == nil {
			continue
		}
		known := append(keysOfFields(k.Fields), Placeholders...)
		for _, body := range []word{s.Body.ZH, s.Body.EN} {
			for _, m := range placeholder.FindAllStringSubmatchIndex(body.Text, -1) {
				u.one(word{body.Text[m[2]:m[3]], body.part(m[0], m[1]).At}, "placeholder", known)
			}
		}
	}
}

// part returns a part of a word, from and to in bytes, with its own place as far as it can be found in the file:
// on the first line at or below the word that holds it. Otherwise the place is the word's.
func (w word) part(from, to int) word {
	return word{w.Text[from:to], w.inside(from, to)}
}

func (w word) inside(from, to int) spot {
	if w.At.src == nil {
		return w.At
	}
	part := w.Text[from:to]
	line := w.At.line + strings.Count(w.Text[:from], "\n")
	for n := w.At.line; n <= line+1; n++ {
		text := w.At.src.line(n)
		skip := 0
		if n == w.At.line {
			skip = len(string([]rune(text)[:min(w.At.column-1, len([]rune(text)))]))
		}
		if i := strings.Index(text[skip:], part); i >= 0 && n >= line {
			return spot{w.At.src, n, len([]rune(text[:skip+i])) + 1, len([]rune(part))}
		}
	}
	return w.At
}

// lists compiles the lists.
func (u *unit) lists() {
	u.twice(keysOfAll(u.syntax.Lists, func(l listSyntax) word { return l.List }))
	for i := range u.syntax.Lists {
		s := &u.syntax.Lists[i]
		l := List{Key: s.List.Text, Words: s.Words.text(), Of: u.qualified(s.Of.Text), Open: s.Open.Text, States: plain(s.States), Columns: plain(s.Columns), Order: s.Order.Text}
		for _, w := range s.Where {
			l.Where = append(l.Where, Fixed{w.Key.Text, w.Value.Text})
		}
		u.pack.Lists = append(u.pack.Lists, l)
		u.list(s)
	}
}

// list checks a list against the kind or register that it lists.
func (u *unit) list(s *listSyntax) {
	u.twice(s.Columns)
	u.twice(s.States)
	fields, facets, ok := u.counted(s.Of)
	if !ok {
		return
	}
	known := keysOfFields(fields)
	if u.isKind(s.Of) {
		known = append(known, Columns...)
		k := u.kindRef(s.Of)
		for _, st := range s.States {
			u.one(st, "state", texts(stateKeys(k)))
		}
	} else if s.Open.given() || len(s.States) > 0 {
		u.add(s.List.At, "list-of-register")
	}
	for _, c := range s.Columns {
		if !u.one(c, "column", known) {
			continue
		}
		if f := field.Find(fields, c.Text); f != nil && (f.Class.IsPersonal() || f.Kind == field.LongText || f.Kind == field.Table || f.Kind == field.Shape) {
			u.add(c.At, "column-kind", "field", f.Key, "kind", string(f.Kind), "class", string(f.Class))
		}
	}
	for _, w := range s.Where {
		if !u.one(w.Key, "facet", facets) || w.Value.Text == "" {
			continue
		}
		if v, err := field.Find(fields, w.Key.Text).Check(w.Value.Text); err != nil || v != w.Value.Text {
			u.add(w.Value.At, "facet-value", "value", clip(w.Value.Text), "field", w.Key.Text)
		}
	}
}

func stateKeys(k *matter.Kind) (keys []string) {
	for _, s := range k.States {
		keys = append(keys, s.Key)
	}
	return keys
}

// assessment compiles how units are assessed.
func (u *unit) assessment() {
	s := &u.syntax.Assessment
	if s.At.line == 0 {
		return
	}
	a := &Assessment{Appeal: calendar.Term{Basis: calendar.Basis(s.Appeal.Basis.Text), Length: number(s.Appeal.Length)}}
	a.BonusMost = number(s.Bonus)
	sum := 0
	for _, p := range s.Pieces {
		a.Pieces = append(a.Pieces, indicator.Piece{Key: indicator.PieceKind(p.Piece.Text), Weight: number(p.Weight), Words: p.Words.text()})
		sum += number(p.Weight)
	}
	u.twice(keysOfAll(s.Pieces, func(p pieceSyntax) word { return p.Piece }))
	if sum != 100 && len(s.Pieces) > 0 {
		u.add(s.Pieces[0].Piece.At, "weights", "sum", itoa(sum))
	}
	u.twice(keysOfAll(s.Deductions, func(d deductionSyntax) word { return d.Event }))
	for _, d := range s.Deductions {
		a.Deductions = append(a.Deductions, indicator.Deduction{Event: d.Event.Text, Points: number(d.Points), Words: d.Words.text()})
	}
	for _, v := range s.Veto {
		u.indicatorRef(v.Indicator)
		a.Veto = append(a.Veto, indicator.Veto{Event: u.qualified(v.Indicator.Text), Words: v.Words.text()})
	}
	u.pack.Assessment = a
}

// cases checks the names in the pack's own tests; whether they hold is what [Test] finds out.
func (u *unit) cases() {
	for i := range u.pack.cases {
		c := &u.pack.cases[i]
		var known []string
		for _, m := range u.syntax.Matters {
			known = append(known, m.Matter.Text)
		}
		if !u.one(c.Matter, "kind", known) {
			continue
		}
		k, _ := u.pack.kind(u.pack.Name + "/" + c.Matter.Text)
		var persons []string
		for _, p := range c.Persons {
			persons = append(persons, p.Key.Text)
			u.one(p.Value.Role, "role", u.knownRoles())
			if p.Value.Unit.Text == "" && !slices.Contains([]string{"public", "sensor"}, p.Value.Role.Text) {
				u.add(p.Value.At, "person-unit")
				continue
			}
			if p.Value.Unit.Text != "" {
				u.among(p.Value.Unit, "unit", u.rowsOf("unit"))
			}
		}
		for j := range c.Steps {
			u.step(k, &c.Steps[j], persons)
			if j > 0 && c.Steps[j].On.Text != "" && instant(c.Steps[j].On) < instant(c.Steps[j-1].On) {
				u.add(c.Steps[j].On.At, "step-back")
			}
		}
	}
}

// step checks the names in one step.
func (u *unit) step(k *matter.Kind, s *stepSyntax, persons []string) {
	if s.Do.given() == s.Tick.yes() {
		u.add(s.On.At, "step-do-or-tick")
	}
	if s.Do.given() && !s.By.given() {
		u.add(s.Do.At, "step-by")
	}
	u.one(s.By, "person", append(persons, string(name.System.Person)))
	acts, clocks := keysOfActs(k), keysOfClocks(k)
	u.one(s.Do, "act", acts)
	u.one(s.Clock, "clock", clocks)
	u.one(s.Expect.State, "state", stateKeys(k))
	for _, w := range s.With {
		u.one(w.Key, "field", keysOfFields(k.Fields))
	}
	for _, f := range s.Expect.Fields {
		u.one(f.Key, "field", keysOfFields(k.Fields))
	}
	for _, c := range s.Expect.Clocks {
		u.one(c.Key, "clock", clocks)
	}
	for _, r := range s.Expect.Rungs {
		clock, rung, _ := strings.Cut(r.Text, "/")
		u.one(r.part(0, len(clock)), "clock", clocks)
		u.one(r.part(len(r.Text)-len(rung), len(r.Text)), "rung", texts(matter.RungKinds))
	}
}

func keysOfActs(k *matter.Kind) (keys []string) {
	for _, a := range k.Acts {
		keys = append(keys, a.Key)
	}
	return keys
}

func keysOfClocks(k *matter.Kind) (keys []string) {
	for _, c := range k.Clocks {
		keys = append(keys, c.Key)
	}
	return keys
}
