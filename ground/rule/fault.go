package rule

import (
	"errors"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Fault is one thing wrong with an expression.
type Fault struct {
	Line, Column int // both from 1; columns count characters
	What         name.Text
}

func (f Fault) Error() string { return fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.What.EN) }

// Unwrap makes errors.Is find the kind.
func (f Fault) Unwrap() error { return fault.ErrInvalid }

// Faults returns the faults that an error of [Compile] or [Rule.Predicate] joins.
func Faults(err error) []Fault {
	if f, ok := err.(Fault); ok {
		return []Fault{f}
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var all []Fault
	for _, e := range joined.Unwrap() {
		all = append(all, Faults(e)...)
	}
	return all
}

// text2 formats the same values into both languages.
func text2(zh, en string, with ...any) name.Text {
	return name.Text{ZH: fmt.Sprintf(zh, with...), EN: fmt.Sprintf(en, with...)}
}

// at returns a fault placed at an expression.
func at(a *ast.AST, e ast.Expr, zh, en string, with ...any) Fault {
	loc := a.SourceInfo().GetStartLocation(e.ID())
	return Fault{max(loc.Line(), 1), max(loc.Column(), 0) + 1, text2(zh, en, with...)}
}

// syntaxError begins what CEL says of a text that it cannot take apart.
const syntaxError = "Syntax error: "

// said are the messages of CEL that we say in other words; the first row that fits is used.
// %s is what the message says behind the text.
var said = []struct{ starts, zh, en string }{
	{"undeclared reference to '", "没有名为 %s 的字段或函数（文字要写在双引号里）", "there is no field or function called %s (a text stands in double quotes)"},
	{"found no matching overload for '_/_'", "整数不能相除，请写成 decimal(x) / y", "whole numbers are not divided; write decimal(x) / y"},
	{"found no matching overload for '", "两边的类型不符：%s（金额写作 yuan(…)，日期写作 date(\"2023-12-31\")）", "the types do not fit: %s (money is written yuan(…), a day date(\"2023-12-31\"))"},
	{syntaxError + "token recognition error at: '=", "相等写两个等号 ==", "equal is written with two signs, =="},
	{syntaxError, "写法有误：%s", "syntax error: %s"},
}

// faultsOf turns the issues of CEL into faults. Of a text that it cannot take apart only the first is one: the others come of it.
func faultsOf(iss *cel.Issues) error {
	var all []error
	broken := false
	for _, e := range iss.Errors() {
		if strings.HasPrefix(e.Message, syntaxError) {
			if broken {
				continue
			}
			broken = true
		}
		f := Fault{Line: max(e.Location.Line(), 1), Column: max(e.Location.Column(), 0) + 1, What: name.Text{ZH: "规则有误：" + e.Message, EN: e.Message}}
		for _, s := range said {
			if rest, ok := strings.CutPrefix(e.Message, s.starts); ok {
				if what, types, ok := strings.Cut(rest, "' applied to "); ok {
					rest = strings.Trim(what, "_@") + " " + strings.Trim(types, "'")
				} else if strings.HasSuffix(s.starts, "'") {
					rest, _, _ = strings.Cut(rest, "'") // what is behind tells of containers, which rules have none of
				}
				f.What = name.Text{ZH: strings.ReplaceAll(s.zh, "%s", rest), EN: strings.ReplaceAll(s.en, "%s", rest)}
				break
			}
		}
		all = append(all, f)
	}
	return errors.Join(all...)
}
