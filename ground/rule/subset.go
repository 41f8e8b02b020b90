package rule

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"bihuan/ground/field"
	"bihuan/ground/money"
)

// Predicate returns the rule as a tree, or a [Fault] at the first place where the
// expression leaves the subset: comparisons of a field with a written value or with another
// field of its kind, in with a written list, text in a list field, startsWith, yes-no
// fields, and &&, || and ! of these.
func (r *Rule) Predicate() (Predicate, error) {
	p, err := subset{r.checked, r.schema}.tree(r.checked.Expr())
	if err != nil {
		return Predicate{}, errors.Join(err)
	}
	return p, nil
}

type subset struct {
	a *ast.AST
	s *Schema
}

var comparisons = map[string]Op{operators.Equals: Equal, operators.NotEquals: NotEqual, operators.Less: Less, operators.LessEquals: AtMost,
	operators.Greater: Greater, operators.GreaterEquals: AtLeast}

func (t subset) tree(e ast.Expr) (Predicate, error) {
	if f := t.field(e); f != nil { // a yes-no field alone
		return Predicate{Op: Equal, Field: f.Key, Kind: f.Kind, Value: "yes"}, nil
	}
	if b, ok := literal(e).(types.Bool); ok {
		if b {
			return Predicate{Op: And}, nil
		}
		return Predicate{Op: Or}, nil
	}
	if e.Kind() != ast.CallKind {
		return Predicate{}, t.outside(e)
	}
	call := e.AsCall()
	switch fn := call.FunctionName(); {
	case fn == operators.LogicalAnd:
		return t.join(And, flatten(e, fn))
	case fn == operators.LogicalOr:
		return t.join(Or, flatten(e, fn))
	case fn == operators.LogicalNot:
		return t.join(Not, call.Args())
	case fn == operators.In:
		return t.in(e, call.Args()[0], call.Args()[1])
	case fn == "startsWith" && call.IsMemberFunction():
		return t.startsWith(e, call.Target(), call.Args()[0])
	case comparisons[fn] != "":
		return t.compare(e, comparisons[fn], call.Args()[0], call.Args()[1])
	}
	return Predicate{}, t.outside(e)
}

// outside is the fault of an expression that has no portable form.
func (t subset) outside(e ast.Expr) Fault {
	return at(t.a, e, "这一处无法换算成查询条件，只能写字段与固定值或字段与字段的比较", "this part has no portable form: only a field compared with a written value or another field has")
}

// field returns the field that e names, nil if e is no name.
func (t subset) field(e ast.Expr) *field.Field {
	if e.Kind() != ast.IdentKind {
		return nil
	}
	return t.s.byName[e.AsIdent()]
}

func (t subset) join(op Op, es []ast.Expr) (Predicate, error) {
	p := Predicate{Op: op}
	for _, e := range es {
		arg, err := t.tree(e)
		if err != nil {
			return Predicate{}, err
		}
		p.Args = append(p.Args, arg)
	}
	return p, nil
}

func (t subset) compare(e ast.Expr, op Op, left, right ast.Expr) (Predicate, error) {
	if t.field(left) == nil {
		left, right, op = right, left, mirror(op)
	}
	f, other := t.field(left), t.field(right)
	if f == nil || f.Kind == field.Units || !ordered(f.Kind) && op != Equal && op != NotEqual {
		return Predicate{}, t.outside(e)
	}
	p := Predicate{Op: op, Field: f.Key, Kind: f.Kind}
	if other != nil {
		p.Other = other.Key
		return p, nil
	}
	v, ok := t.value(right)
	if !ok {
		return Predicate{}, t.outside(right)
	}
	p.Value = v
	return p, nil
}

func ordered(k field.Kind) bool {
	return slices.Contains([]field.Kind{field.Integer, field.Decimal, field.Money, field.Date, field.Instant}, k)
}

func (t subset) in(e, left, right ast.Expr) (Predicate, error) {
	if list := t.field(right); list != nil {
		v, ok := t.value(left)
		if !ok {
			return Predicate{}, t.outside(left)
		}
		return Predicate{Op: Has, Field: list.Key, Kind: list.Kind, Value: v}, nil
	}
	f := t.field(left)
	if f == nil || right.Kind() != ast.ListKind {
		return Predicate{}, t.outside(e)
	}
	p := Predicate{Op: In, Field: f.Key, Kind: f.Kind}
	for _, el := range right.AsList().Elements() {
		v, ok := t.value(el)
		if !ok {
			return Predicate{}, t.outside(el)
		}
		if !slices.Contains(p.Values, v) {
			p.Values = append(p.Values, v)
		}
	}
	return p, nil
}

func (t subset) startsWith(e, target, prefix ast.Expr) (Predicate, error) {
	f := t.field(target)
	v, ok := t.value(prefix)
	if f == nil || !ok {
		return Predicate{}, t.outside(e)
	}
	return Predicate{Op: StartsWith, Field: f.Key, Kind: f.Kind, Value: v}, nil
}

// value returns the stored text of a written value. An empty text is none: no stored value is empty.
func (t subset) value(e ast.Expr) (string, bool) {
	v, ok := constant(e)
	if !ok {
		return "", false
	}
	switch v := v.(type) {
	case types.String:
		return string(v), v != ""
	case types.Int:
		return strconv.FormatInt(int64(v), 10), true
	case types.Bool:
		return map[types.Bool]string{true: "yes", false: "no"}[v], true
	case types.Timestamp:
		return v.Time.In(china).Format(time.RFC3339), true
	case number:
		if v.typ == dateType {
			return v.day().Format(time.DateOnly), true
		}
		return v.n.String(), true
	}
	return "", false
}

// constant returns the value of an expression that is written out: a literal, a negated
// number, or a literal within date, timestamp, yuan or decimal.
func constant(e ast.Expr) (any, bool) {
	if v := literal(e); v != nil {
		return v, true
	}
	if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 1 || e.AsCall().IsMemberFunction() {
		return nil, false
	}
	arg, ok := constant(e.AsCall().Args()[0])
	if !ok {
		return nil, false
	}
	switch v := arg.(type) {
	case types.String:
		return constantText(e.AsCall().FunctionName(), string(v))
	case types.Int:
		return constantNumber(e.AsCall().FunctionName(), types.IntType, money.Int(int64(v)))
	case number:
		return constantNumber(e.AsCall().FunctionName(), v.typ, v.n)
	}
	return nil, false
}

func constantText(fn, s string) (any, bool) {
	switch fn {
	case "date":
		n, ok := dateOf(s).(number)
		return n, ok
	case numberFunc:
		n, err := money.Parse(s)
		return number{decimalType, n}, err == nil
	case "timestamp":
		t, err := time.Parse(time.RFC3339, s)
		return types.Timestamp{Time: t}, err == nil && t.Nanosecond() == 0 && t.Year() >= 1 && t.Year() <= 9999
	}
	return nil, false
}

func constantNumber(fn string, t *types.Type, n money.Decimal) (any, bool) {
	switch fn {
	case operators.Negate:
		if i, err := n.Neg().ToScaled(0); err == nil && t == types.IntType {
			return types.Int(i), true
		}
		return number{t, n.Neg()}, t != types.IntType
	case "decimal":
		return number{decimalType, n}, true
	case "yuan":
		fen, ok := inFen(n).(number)
		return fen, ok
	}
	return nil, false
}
