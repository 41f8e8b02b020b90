package pack

import (
	"slices"
	"strings"

	"bihuan/ground/field"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// indicators compiles the indicators as far as they need no other pack.
func (u *unit) indicators() {
	u.twice(keysOfAll(u.syntax.Indicators, func(i indicatorSyntax) word { return i.Indicator }))
	for _, s := range u.syntax.Indicators {
		u.pack.Indicators = append(u.pack.Indicators, indicator.Definition{
			Ref: u.pack.Name + "/" + s.Indicator.Text, Version: u.pack.Hash, Words: s.Words.text(), Unit: s.Unit.Text, Mode: indicator.Mode(s.Mode.Text),
			Shape: indicator.Shape(s.Shape.Text), Lower: s.Direction.Text == "lower", Formula: s.Formula.Text, Beside: u.qualified(s.Beside.Text),
			Subjects: plain(s.Subjects), Source: s.Source.text(), Confirmed: s.Confirmed.yes()})
	}
}

func (u *unit) indicatorKeys() (refs []string) {
	for _, d := range u.pack.Indicators {
		refs = append(refs, d.Ref)
	}
	return refs
}

// indicatorRef checks that a ref, if there is one, names an indicator.
func (u *unit) indicatorRef(w word) {
	if w.Text == "" {
		return
	}
	other := u.reach(w)
	if other == nil {
		return
	}
	if _, ok := other.pack.indicator(u.qualified(w.Text)); !ok {
		u.unknown(w, "indicator", other, other.indicatorKeys())
	}
}

// indicatorRefs checks what indicators refer to: what they count, their formulas, the one beside.
func (u *unit) indicatorRefs() {
	for i := range u.syntax.Indicators {
		s, d := &u.syntax.Indicators[i], &u.pack.Indicators[i]
		u.indicatorRef(s.Beside)
		u.ofMode(s)
		if s.Count.At.line > 0 {
			d.Count = u.count(&s.Count)
		}
		if s.Returns.At.line > 0 {
			d.Returns = u.returns(s)
		}
		if s.Formula.Text != "" {
			d.Operands = u.formula(s, d)
		}
	}
	u.circles()
}

// circles reports each formula that reads itself by way of others.
func (u *unit) circles() {
	var walk func(ref string, path []string) bool
	for i := range u.pack.Indicators {
		start := u.pack.Indicators[i].Ref
		walk = func(ref string, path []string) bool {
			d, ok := u.pack.indicator(ref)
			if !ok || slices.Contains(path, ref) {
				return false
			}
			path = append(path, ref)
			for _, o := range d.Operands {
				if o == start && len(path) > 1 {
					u.add(u.syntax.Indicators[i].Formula.At, "formula-circle", "refs", strings.Join(append(path, start), " → "))
					return true
				}
				if walk(o, path) {
					return true
				}
			}
			return false
		}
		walk(start, nil)
	}
}

// ofMode checks that the keys of an indicator go with its mode.
func (u *unit) ofMode(s *indicatorSyntax) {
	for _, k := range []struct {
		key   string
		mode  indicator.Mode
		given bool
		at    spot
	}{{"count", indicator.Counted, s.Count.At.line > 0, s.Count.At}, {"formula", indicator.Derived, s.Formula.given(), s.Formula.At}} {
		switch mode := indicator.Mode(s.Mode.Text); {
		case mode == "":
		case k.given && mode != k.mode:
			u.add(k.at, "key-not-of-mode", "key", k.key, "mode", string(k.mode))
		case !k.given && mode == k.mode:
			u.add(s.Mode.At, "mode-needs-key", "key", k.key, "mode", string(mode))
		}
	}
}

// returns compiles by which matters an indicator is reported.
func (u *unit) returns(s *indicatorSyntax) *indicator.Returns {
	r := &s.Returns
	if mode := indicator.Mode(s.Mode.Text); mode != "" && mode != indicator.Reported {
		u.add(r.At, "key-not-of-mode", "key", "returns", "mode", string(indicator.Reported))
	}
	out := &indicator.Returns{Of: u.qualified(r.Of.Text), Value: r.Value.Text, Quick: r.Quick.Text, Period: r.Period.Text, Where: map[string]string{}}
	k := u.kindRef(r.Of)
	if k == nil {
		return out
	}
	for _, w := range []struct {
		word
		kinds []field.Kind
	}{{r.Value, []field.Kind{field.Decimal, field.Integer}}, {r.Quick, []field.Kind{field.Decimal, field.Integer}}, {r.Period, months}} {
		if !u.one(w.word, "field", keysOfFields(k.Fields)) || w.Text == "" {
			continue
		}
		if f := field.Find(k.Fields, w.Text); !slices.Contains(w.kinds, f.Kind) || f.Class.IsPersonal() {
			u.add(w.At, "report-kind", "field", w.Text, "kind", listed(texts(w.kinds)))
		}
	}
	for _, w := range r.Where {
		if !u.one(w.Key, "facet", k.Facets) {
			continue
		}
		if v, err := field.Find(k.Fields, w.Key.Text).Check(w.Value.Text); err != nil || v != w.Value.Text {
			u.add(w.Value.At, "facet-value", "value", clip(w.Value.Text), "field", w.Key.Text)
		}
		out.Where[w.Key.Text] = w.Value.Text
	}
	return out
}

// count compiles what is counted.
func (u *unit) count(s *countSyntax) *indicator.Count {
	c := &indicator.Count{Of: u.qualified(s.Of.Text), Measure: indicator.Measure(s.Measure.Text), Sum: s.Sum.Text, Where: s.Where.Text, Of100: s.Of100.Text, Cohort: indicator.Cohort(s.Cohort.Text)}
	for _, k := range []struct {
		key     string
		measure indicator.Measure
		w       word
	}{{"sum", indicator.Sum, s.Sum}, {"of100", indicator.Ratio, s.Of100}} {
		switch {
		case c.Measure == "":
		case k.w.given() && c.Measure != k.measure:
			u.add(k.w.At, "key-not-of-measure", "key", k.key, "measure", string(k.measure))
		case !k.w.given() && c.Measure == k.measure:
			u.add(s.Measure.At, "measure-needs-key", "key", k.key, "measure", string(c.Measure))
		}
	}
	fields, facets, ok := u.counted(s.Of)
	if !ok {
		return c
	}
	if c.Cohort == indicator.ByDue && !u.isKind(s.Of) {
		u.add(s.Cohort.At, "register-due")
	}
	if u.one(s.Sum, "facet", facets) {
		if f := field.Find(fields, s.Sum.Text); !slices.Contains([]field.Kind{field.Integer, field.Decimal, field.Money}, f.Kind) {
			u.add(s.Sum.At, "sum-kind", "field", f.Key, "kind", string(f.Kind))
		}
	}
	var k *matter.Kind
	if u.isKind(s.Of) {
		k = u.kindRef(s.Of)
	}
	spoken := rowFields(k, fields, facets)
	u.rule(s.Where, spoken)
	u.rule(s.Of100, spoken)
	return c
}

// isKind reports whether a ref names a kind of matter.
func (u *unit) isKind(w word) bool {
	other := u.all.unitOf(packOf(u.qualified(w.Text)))
	if other == nil {
		return false
	}
	_, ok := other.pack.kind(u.qualified(w.Text))
	return ok
}

// counted returns fields and facets of the kind or register that a ref names; false with a fault if there is none.
func (u *unit) counted(w word) (fields []field.Field, facets []string, ok bool) {
	if w.Text == "" {
		return nil, nil, false
	}
	other := u.reach(w)
	if other == nil {
		return nil, nil, false
	}
	ref := u.qualified(w.Text)
	if k, ok := other.pack.kind(ref); ok {
		return k.Fields, k.Facets, true
	}
	if k, ok := other.pack.register(ref); ok {
		return k.Fields, k.Facets, true
	}
	u.unknown(w, "kind", other, append(other.kindRefs(), other.registerKeys()...))
	return nil, nil, false
}
