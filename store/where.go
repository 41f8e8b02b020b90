package store

import (
	"fmt"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/rule"
)

// whereColumns are the columns that a predicate may name besides facets.
var whereColumns = []string{"state", "unit", "area"}

// comparisons are the predicate's operations that are SQL's own.
var comparisons = map[rule.Op]string{rule.Equal: "=", rule.NotEqual: "<>", rule.Less: "<", rule.AtMost: "<=", rule.Greater: ">", rule.AtLeast: ">="}

// where turns a predicate into a condition on rows. A fact that is missing is NULL, so that and, or and not have the
// three values of [rule.Predicate], and WHERE keeps the rows that answer yes. It wraps [fault.ErrInvalid] for a
// predicate that no compiler made.
func where(b *builder, p *rule.Predicate) (string, error) {
	switch p.Op {
	case rule.And, rule.Or:
		return join(b, p)
	case rule.Not:
		if len(p.Args) != 1 {
			return "", fmt.Errorf("not of %d predicates: %w", len(p.Args), fault.ErrInvalid)
		}
		inner, err := where(b, &p.Args[0])
		return "NOT (" + inner + ")", err
	case rule.In:
		if len(p.Values) == 0 {
			return "1 = 0", nil
		}
		values := make([]string, len(p.Values))
		for i, v := range p.Values {
			var err error
			if values[i], err = value(b, p.Kind, v); err != nil {
				return "", err
			}
		}
		return fact(b, p.Kind, p.Field) + " IN (" + strings.Join(values, ", ") + ")", nil
	case rule.Has:
		return "(' ' || " + fact(b, field.Text, p.Field) + " || ' ') LIKE " + b.arg("% "+escape(p.Value)+" %") + ` ESCAPE '\'`, nil
	case rule.StartsWith:
		return fact(b, field.Text, p.Field) + " LIKE " + b.arg(escape(p.Value)+"%") + ` ESCAPE '\'`, nil
	}
	op, ok := comparisons[p.Op]
	if !ok {
		return "", fmt.Errorf("predicate operation %q: %w", p.Op, fault.ErrInvalid)
	}
	left, right := fact(b, p.Kind, p.Field), ""
	if p.Other != "" {
		right = fact(b, p.Kind, p.Other)
	} else {
		var err error
		if right, err = value(b, p.Kind, p.Value); err != nil {
			return "", err
		}
	}
	return left + " " + op + " " + right, nil
}

// join is and and or; of no parts they are yes and no.
func join(b *builder, p *rule.Predicate) (string, error) {
	if len(p.Args) == 0 {
		return map[rule.Op]string{rule.And: "1 = 1", rule.Or: "1 = 0"}[p.Op], nil
	}
	parts := make([]string, len(p.Args))
	for i := range p.Args {
		part, err := where(b, &p.Args[i])
		if err != nil {
			return "", err
		}
		parts[i] = "(" + part + ")"
	}
	return strings.Join(parts, map[rule.Op]string{rule.And: " AND ", rule.Or: " OR "}[p.Op]), nil
}

// isNumber reports whether values of the kind are compared as numbers, which facets keep × 10⁴.
func isNumber(k field.Kind) bool { return k == field.Integer || k == field.Decimal || k == field.Money }

// fact is a column, or the first text or the number of a facet; NULL where there is none.
func fact(b *builder, k field.Kind, key string) string {
	for _, c := range whereColumns {
		if c == key {
			return "NULLIF(row." + c + ", '')"
		}
	}
	column := "text"
	if isNumber(k) {
		column = "number"
	}
	return "(SELECT facet." + column + " FROM facet WHERE facet.log = row.log AND facet.name = " + b.arg(key) +
		" AND facet.kind = row.kind AND facet.stream = row.stream ORDER BY facet.text LIMIT 1)"
}

// value binds what a fact is compared with.
func value(b *builder, k field.Kind, v string) (string, error) {
	if !isNumber(k) {
		return b.arg(v), nil
	}
	n, ok := field.Scaled(v)
	if !ok {
		return "", fmt.Errorf("%q is no number: %w", v, fault.ErrInvalid)
	}
	return b.arg(n), nil
}

// lightAt is the light of a row at an instant, as [journal.Row.LightAt] has it.
func lightAt(b *builder, now int64) string {
	at := b.arg(now)
	return fmt.Sprintf("CASE WHEN due = %[1]s OR open = 0 THEN light WHEN due <= %[2]s THEN 'red' WHEN yellow <= %[2]s THEN 'yellow' ELSE 'green' END", b.arg(int64(never)), at)
}
