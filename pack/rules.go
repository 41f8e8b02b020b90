package pack

import (
	"regexp"
	"slices"
	"strings"

	"bihuan/ground/field"
	"bihuan/kernel/indicator"
)

// rule checks an expression over fields.
func (u *unit) rule(w word, fields []field.Field) {
	for _, m := range identifier.FindAllString(quoted.ReplaceAllString(w.Text, `""`), -1) {
		if !slices.Contains(ruleWords, m) {
			u.one(word{strings.ReplaceAll(m, "_", "-"), w.At}, "facet", keysOfFields(fields))
		}
	}
}

var (
	quoted     = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	identifier = regexp.MustCompile(`[a-z][a-zA-Z0-9_]*`)
	ruleWords  = strings.Fields("true false in date timestamp yuan decimal size startsWith endsWith contains all exists filter")
)

// formula returns the indicators that a formula reads, in the order of their first use.
func (u *unit) formula(s *indicatorSyntax, d *indicator.Definition) (operands []string) {
	for _, m := range identifier.FindAllString(s.Formula.Text, -1) {
		w := word{u.pack.Name + "/" + strings.ReplaceAll(m, "_", "-"), s.Formula.At}
		if slices.Contains(ruleWords, m) || !u.one(w, "indicator", u.indicatorKeys()) || slices.Contains(operands, w.Text) {
			continue
		}
		if w.Text == d.Ref {
			u.add(s.Formula.At, "formula-itself")
		}
		operands = append(operands, w.Text)
	}
	return operands
}
