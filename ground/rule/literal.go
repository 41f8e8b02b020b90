package rule

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"bihuan/ground/field"
	"bihuan/ground/money"
)

// numberFunc makes a decimal from its text. No expression can name it: @ begins no name.
const numberFunc = "@number"

// exact replaces every floating-point literal by the decimal that was written, and every
// whole literal beside a decimal by a decimal, so that growth >= 5 means what it says.
func (s *Schema) exact(a *ast.AST) error {
	fac, next := ast.NewExprFactory(), ast.MaxID(a)
	var faults []error
	replace := func(e ast.Expr, text string) {
		loc, _ := a.SourceInfo().GetOffsetRange(e.ID())
		next++
		lit := fac.NewLiteral(next, types.String(text))
		a.SourceInfo().SetOffsetRange(next, loc)
		e.SetKindCase(fac.NewCall(e.ID(), numberFunc, lit))
	}
	ast.PostOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if d, ok := literal(e).(types.Double); ok {
			text := strconv.FormatFloat(float64(d), 'f', -1, 64)
			if _, err := money.Parse(text); err != nil || len(strings.Trim(strings.ReplaceAll(text, ".", ""), "0")) > 15 {
				faults = append(faults, at(a, e, "小数 %s 超过 15 位有效数字", "the decimal %s has more than 15 digits", text))
				return
			}
			replace(e, text)
		}
		beside := neighbours(e)
		if !slices.ContainsFunc(beside, s.isDecimal) {
			return
		}
		for _, b := range beside {
			if n, ok := literal(b).(types.Int); ok {
				replace(b, strconv.FormatInt(int64(n), 10))
			}
		}
	}))
	return errors.Join(faults...)
}

// literal returns the value of a literal, nil for any other expression.
func literal(e ast.Expr) any {
	if e.Kind() != ast.LiteralKind {
		return nil
	}
	return e.AsLiteral()
}

// mixing are the operators whose two sides have one type.
var mixing = []string{operators.Add, operators.Subtract, operators.Multiply, operators.Divide, operators.Equals, operators.NotEquals,
	operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals}

// neighbours returns the expressions that must have the same type within e.
func neighbours(e ast.Expr) []ast.Expr {
	switch {
	case e.Kind() == ast.ListKind:
		return e.AsList().Elements()
	case e.Kind() != ast.CallKind:
		return nil
	}
	args := e.AsCall().Args()
	switch fn := e.AsCall().FunctionName(); {
	case slices.Contains(mixing, fn):
		return args
	case fn == operators.In && len(args) == 2 && args[1].Kind() == ast.ListKind:
		return append([]ast.Expr{args[0]}, args[1].AsList().Elements()...)
	}
	return nil
}

// isDecimal reports whether e is a decimal as far as can be seen without types.
func (s *Schema) isDecimal(e ast.Expr) bool {
	if e.Kind() == ast.IdentKind {
		f := s.byName[e.AsIdent()]
		return f != nil && f.Kind == field.Decimal
	}
	if e.Kind() != ast.CallKind {
		return false
	}
	switch call := e.AsCall(); call.FunctionName() {
	case numberFunc, "decimal":
		return true
	case operators.Add, operators.Subtract, operators.Divide, operators.Negate:
		return slices.ContainsFunc(call.Args(), s.isDecimal)
	case operators.Multiply: // money times a decimal is money
		return !slices.ContainsFunc(call.Args(), func(a ast.Expr) bool { return !s.isDecimal(a) })
	}
	return false
}

// literals checks what types cannot: that written dates and instants exist, that amounts
// are whole fen, and that a choice is compared with one of its options.
func (s *Schema) literals(a *ast.AST) error {
	var faults []error
	ast.PreOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		switch fn := e.AsCall().FunctionName(); fn {
		case "date", "timestamp", "yuan":
			faults = append(faults, s.madeLiteral(a, e, fn)...)
		case operators.Equals, operators.NotEquals, operators.In:
			faults = append(faults, s.options(a, neighbours(e))...)
		}
	}))
	return errors.Join(faults...)
}

func (s *Schema) madeLiteral(a *ast.AST, e ast.Expr, fn string) []error {
	arg := e.AsCall().Args()[0]
	text, isText := literal(arg).(types.String)
	if a.GetType(arg.ID()) == types.StringType && !isText {
		return []error{at(a, arg, "%s(…) 里须直接写出文本", "%s(…) takes a written text", fn)}
	}
	_, isConstant := constant(e)
	switch {
	case isText && !isConstant && fn == "date":
		return []error{at(a, arg, "%q 不是日期，应如 2023-12-31", "%q is no day; write it like 2023-12-31", string(text))}
	case isText && !isConstant:
		return []error{at(a, arg, "%q 不是时刻，应如 2023-12-31T08:00:00+08:00", "%q is no instant; write it like 2023-12-31T08:00:00+08:00", string(text))}
	}
	if _, written := constant(arg); fn == "yuan" && written && !isConstant {
		return []error{at(a, arg, "金额须为整数分", "the amount is no whole number of fen")}
	}
	return nil
}

// options reports texts beside a choice that are none of its options.
func (s *Schema) options(a *ast.AST, beside []ast.Expr) []error {
	var choice *field.Field
	for _, e := range beside {
		if e.Kind() == ast.IdentKind {
			if f := s.byName[e.AsIdent()]; f != nil && f.Kind == field.Choice {
				choice = f
			}
		}
	}
	if choice == nil {
		return nil
	}
	var faults []error
	for _, e := range beside {
		if text, ok := literal(e).(types.String); ok {
			if _, known := choice.Option(string(text)); !known {
				faults = append(faults, at(a, e, "%q 不是“%s”的选项", "%q is no option of %s", string(text), choice.Key))
			}
		}
	}
	return faults
}
