package store

import (
	"fmt"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/rule"
	"bihuan/kernel/journal"
)

// Limits of a predicate.
const (
	maxNodes = 500
	maxDepth = 40
)

// ruleColumns are the facts that are columns of a row. Every other fact is a facet.
var ruleColumns = map[string]bool{"state": true, "unit": true, "area": true}

// comparisons are the operations between two values that SQL has too.
var comparisons = map[rule.Op]string{rule.Equal: "=", rule.NotEqual: "<>", rule.Less: "<", rule.AtMost: "<=", rule.Greater: ">", rule.AtLeast: ">="}

// checkPredicate refuses what holds cannot write. It wraps [fault.ErrInvalid].
func checkPredicate(p *rule.Predicate) error {
	if p == nil {
		return nil
	}
	nodes := 0
	return checkNode(p, &nodes, 0)
}

func checkNode(p *rule.Predicate, nodes *int, depth int) error {
	if *nodes++; *nodes > maxNodes || depth > maxDepth || len(p.Values) > maxChoice {
		return fmt.Errorf("a rule of more than %d parts, %d levels or %d values: %w", maxNodes, maxDepth, maxChoice, fault.ErrInvalid)
	}
	_, compared := comparisons[p.Op]
	switch p.Op {
	case rule.And, rule.Or:
	case rule.Not:
		if len(p.Args) != 1 {
			return fmt.Errorf("a rule that denies %d parts: %w", len(p.Args), fault.ErrInvalid)
		}
	case rule.In, rule.Has, rule.StartsWith:
		compared = true
	default:
		if !compared {
			return fmt.Errorf("rule operation %q: %w", p.Op, fault.ErrInvalid)
		}
	}
	if compared {
		return checkLeaf(p)
	}
	for i := range p.Args {
		if err := checkNode(&p.Args[i], nodes, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func checkLeaf(p *rule.Predicate) error {
	values := p.Values
	if p.Op != rule.In && p.Other == "" {
		values = []string{p.Value}
	}
	for _, v := range values {
		if err := plain("value of a rule", v, maxText); err != nil {
			return err
		}
		if _, ok := field.Scaled(v); isNumber(p.Kind) && !ok {
			return fmt.Errorf("%q has more digits than a facet holds: %w", v, fault.ErrInvalid)
		}
	}
	if p.Field == "" || ruleColumns[p.Field] && isNumber(p.Kind) {
		return fmt.Errorf("rule over field %q of kind %s: %w", p.Field, p.Kind, fault.ErrInvalid)
	}
	return nil
}

func isNumber(k field.Kind) bool {
	return k == field.Integer || k == field.Decimal || k == field.Money
}

// holds writes a predicate as a condition with NULL for unknown: SQL's and, or and not are the
// rule's, and WHERE keeps the rows that answer yes.
func (b *builder) holds(p *rule.Predicate) string {
	switch p.Op {
	case rule.And:
		return b.join(p.Args, " AND ", "1 = 1")
	case rule.Or:
		return b.join(p.Args, " OR ", "1 = 0")
	case rule.Not:
		return "NOT " + b.holds(&p.Args[0])
	}
	fact := b.fact(p.Field, p.Kind)
	switch p.Op {
	case rule.In:
		return b.among(fact, p)
	case rule.Has: // the text is a list joined by blanks; replace is exact about case, LIKE is not
		padded := "' ' || " + fact + " || ' '"
		return "(replace(" + padded + ", " + b.arg(" "+p.Value+" ") + ", '') <> " + "' ' || " + b.fact(p.Field, p.Kind) + " || ' ')"
	case rule.StartsWith:
		return fmt.Sprintf("(substr(%s, 1, %d) = %s)", fact, utf8.RuneCountInString(p.Value), b.arg(p.Value))
	}
	other := ""
	if p.Other != "" {
		other = b.fact(p.Other, p.Kind)
	} else {
		other = b.value(p.Kind, p.Value)
	}
	return "(" + fact + " " + comparisons[p.Op] + " " + other + ")"
}

func (b *builder) join(args []rule.Predicate, by, none string) string {
	if len(args) == 0 {
		return "(" + none + ")"
	}
	s := "(" + b.holds(&args[0])
	for i := range args[1:] {
		s += by + b.holds(&args[i+1])
	}
	return s + ")"
}

// among is fact IN (values); of no values it is no where the fact is known.
func (b *builder) among(fact string, p *rule.Predicate) string {
	if len(p.Values) == 0 {
		return "(" + fact + " <> " + fact + ")"
	}
	s := "(" + fact + " IN ("
	for i, v := range p.Values {
		if i > 0 {
			s += ", "
		}
		s += b.value(p.Kind, v)
	}
	return s + "))"
}

func (b *builder) value(k field.Kind, v string) string {
	if isNumber(k) {
		n, _ := field.Scaled(v) // checked before
		return b.arg(n)
	}
	return b.arg(v)
}

// fact is the value of a fact of a row, NULL where it is missing.
func (b *builder) fact(key string, k field.Kind) string {
	if ruleColumns[key] {
		return "NULLIF(row." + key + ", '')"
	}
	column := "text"
	if isNumber(k) {
		column = "number"
	}
	return "(SELECT MIN(facet." + column + ") FROM facet WHERE facet.log = row.log AND facet.stream = row.stream AND facet.name = " +
		b.arg(key) + " AND facet.text <> '')"
}

// predicateDrivers are those of the parts that must hold: a facet that is one of some texts, or an area's beginning.
func predicateDrivers(q *journal.Query) (out []driver) {
	if q.Where == nil {
		return nil
	}
	for _, p := range conjuncts(*q.Where) {
		switch {
		case p.Other != "" || isNumber(p.Kind):
		case p.Op == rule.Equal && !ruleColumns[p.Field]:
			out = append(out, facetDriver(q, p.Field, []string{p.Value}))
		case p.Op == rule.In && !ruleColumns[p.Field] && len(p.Values) > 0:
			out = append(out, facetDriver(q, p.Field, p.Values))
		case p.Op == rule.StartsWith && p.Field == "area" && p.Value != "":
			out = append(out, rowDriver(q, func(b *builder) { b.open(q); b.prefix("area", p.Value); b.add("area <> ''") }))
		}
	}
	return out
}

func conjuncts(p rule.Predicate) (out []rule.Predicate) {
	if p.Op != rule.And {
		return []rule.Predicate{p}
	}
	for _, a := range p.Args {
		out = append(out, conjuncts(a)...)
	}
	return out
}
