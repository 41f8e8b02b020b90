package pack

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/ground/rule"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// rowFields are what a rule over rows may speak of: state, unit and area, then the facets. The state is
// a choice among the kind's states, so that a misspelt one is found.
func rowFields(k *matter.Kind, fields []field.Field, facets []string) []field.Field {
	spoken := []field.Field{{Key: "unit", Kind: field.Unit, Words: name.Text{ZH: "单位", EN: "unit"}}, {Key: "area", Kind: field.Text, Words: name.Text{ZH: "区域", EN: "area"}}}
	if k != nil {
		state := field.Field{Key: "state", Kind: field.Choice, Words: name.Text{ZH: "状态", EN: "state"}}
		for _, s := range k.States {
			state.Options = append(state.Options, field.Option{Key: s.Key, Words: s.Words})
		}
		spoken = append(spoken, state)
	}
	for _, key := range facets {
		if f := field.Find(fields, key); f != nil && field.Find(spoken, key) == nil {
			spoken = append(spoken, *f)
		}
	}
	return spoken
}

// rule checks that an expression over rows is a yes or no that a store can turn into a condition.
func (u *unit) rule(w word, fields []field.Field) {
	unread := func(f field.Field) bool { return f.Kind == "" || slices.Contains(optionsOf(&f), "") }
	if w.Text == "" || slices.ContainsFunc(fields, unread) {
		return
	}
	schema, err := rule.NewSchema(fields)
	if err != nil {
		return // a key twice, which has been reported
	}
	r, err := rule.Compile(w.Text, schema)
	if err == nil {
		_, err = r.Predicate()
	}
	u.ruleFaults(w, err, "known", listed(namesOf(fields)))
}

// namesOf returns what fields are called in an expression.
func namesOf(fields []field.Field) []string {
	all := keysOfFields(fields)
	for i, key := range all {
		all[i] = rule.Name(key)
	}
	return all
}

// ruleFaults places the faults of an expression in the file.
func (u *unit) ruleFaults(w word, err error, with ...string) {
	for _, f := range rule.Faults(err) {
		u.add(w.inRule(f.Line, f.Column), "bad-rule", append(with, "zh", f.What.ZH, "en", f.What.EN)...)
	}
}

// inRule returns the place of a line and column of an expression; of one that is written on several lines, the place of the whole.
func (w word) inRule(line, column int) spot {
	runes := []rune(w.Text)
	if line != 1 || column > len(runes) || strings.Contains(w.Text, "\n") {
		return w.At
	}
	at := w.At
	source := []rune(w.At.src.line(at.line))
	if at.column <= len(source) && strings.ContainsRune(`"'`, source[at.column-1]) {
		at.column++
	}
	at.column += column - 1
	at.width = max(1, utf8.RuneCountInString(identifier.FindString(string(runes[column-1:]))))
	return at
}

// identifier is a name at the beginning of a text, identifiers every name in it.
var (
	identifier  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	identifiers = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// formula checks a formula over the pack's indicators and returns those that it reads, in the order of their first use.
func (u *unit) formula(s *indicatorSyntax, d *indicator.Definition) (operands []string) {
	var fields []field.Field
	byName := map[string]string{}
	for _, i := range u.syntax.Indicators {
		if i.Indicator.Text == "" {
			return nil // the formula may speak of it
		}
		fields = append(fields, field.Field{Key: i.Indicator.Text, Kind: field.Decimal, Words: i.Words.text()})
		byName[rule.Name(i.Indicator.Text)] = u.pack.Name + "/" + i.Indicator.Text
	}
	schema, err := rule.NewSchema(fields)
	if err != nil {
		return nil // a key twice, which has been reported
	}
	_, err = rule.CompileFormula(s.Formula.Text, schema)
	u.ruleFaults(s.Formula, err, "known", listed(namesOf(fields)))
	for _, n := range identifiers.FindAllString(s.Formula.Text, -1) {
		ref, ok := byName[n]
		if !ok || slices.Contains(operands, ref) {
			continue
		}
		if ref == d.Ref {
			u.add(s.Formula.At, "formula-itself")
		}
		operands = append(operands, ref)
	}
	return operands
}
