package rule

import (
	"errors"
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"bihuan/ground/fault"
)

// Answer is one of three values.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota // 未知: facts are missing
	Yes                   // 是
	No                    // 否
)

var answers = [...]string{"unknown", "yes", "no"}

func (a Answer) String() string { return answers[min(int(a), len(answers)-1)] }

// MarshalText returns unknown, yes or no.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Verdict is an answer and, if it is unknown, the keys of the missing facts that it waits
// for: at least one, each once. A missing fact that the known ones make idle is not named.
type Verdict struct {
	Answer  Answer   `json:"answer"`
	Missing []string `json:"missing,omitempty"`
}

// Rule is a compiled expression. It does not change and may be used by many goroutines.
type Rule struct {
	source  string
	schema  *Schema
	checked *ast.AST
	program cel.Program
}

// Compile checks an expression of at most [MaxSource] characters against a schema. It must
// be a yes or no. The error joins every [Fault], placed by line and column and wrapping
// [fault.ErrInvalid]; get at them with [Faults].
func Compile(source string, schema *Schema) (*Rule, error) {
	if len([]rune(source)) > MaxSource {
		return nil, errors.Join(Fault{1, 1, text2("规则超过 %d 个字符", "the rule has more than %d characters", MaxSource)})
	}
	parsed, iss := schema.env.Parse(source)
	if iss.Err() != nil {
		return nil, faultsOf(iss)
	}
	if e := tooManyLoops(parsed.NativeRep().Expr(), 0); e != nil {
		return nil, errors.Join(at(parsed.NativeRep(), e, "all、exists、map、filter 最多嵌套 %d 层", "all, exists, map and filter nest at most %d deep", maxLoops))
	}
	if err := schema.exact(parsed.NativeRep()); err != nil {
		return nil, err
	}
	checked, iss := schema.env.Check(parsed)
	if iss.Err() != nil {
		return nil, faultsOf(iss)
	}
	native := checked.NativeRep()
	if checked.OutputType() != types.BoolType {
		return nil, errors.Join(at(native, native.Expr(), "规则的结果须为是或否，而不是 %s", "the rule must be a yes or no, not %s", cel.FormatCELType(checked.OutputType())))
	}
	if err := schema.literals(native); err != nil {
		return nil, err
	}
	program, err := schema.env.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptTrackCost), cel.CostLimit(CostLimit))
	if err != nil {
		return nil, fmt.Errorf("plan rule: %v: %w", err, fault.ErrInvalid)
	}
	return &Rule{source: source, schema: schema, checked: native, program: program}, nil
}

// flatten returns the operands of a tree of one associative operator, left to right.
func flatten(e ast.Expr, op string) []ast.Expr {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != op {
		return []ast.Expr{e}
	}
	var all []ast.Expr
	for _, a := range e.AsCall().Args() {
		all = append(all, flatten(a, op)...)
	}
	return all
}

// tooManyLoops returns the first loop that stands within more than maxLoops-1 others, nil if none does.
func tooManyLoops(e ast.Expr, within int) ast.Expr {
	if e.Kind() == ast.ComprehensionKind {
		if within++; within > maxLoops {
			return e
		}
	}
	for _, c := range children(e) {
		if found := tooManyLoops(c, within); found != nil {
			return found
		}
	}
	return nil
}

// children returns the expressions directly within e.
func children(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.CallKind:
		if c := e.AsCall(); c.IsMemberFunction() {
			return append([]ast.Expr{c.Target()}, c.Args()...)
		}
		return e.AsCall().Args()
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		return []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()}
	case ast.MapKind:
		var all []ast.Expr
		for _, en := range e.AsMap().Entries() {
			all = append(all, en.AsMapEntry().Key(), en.AsMapEntry().Value())
		}
		return all
	case ast.StructKind:
		var all []ast.Expr
		for _, f := range e.AsStruct().Fields() {
			all = append(all, f.AsStructField().Value())
		}
		return all
	}
	return nil
}

// Source returns the expression as it was written.
func (r *Rule) Source() string { return r.source }

// Eval answers the rule from the facts. It wraps [fault.ErrInvalid] if a fact is not of its
// kind, a number overflows or is divided by zero, or the cost passes [CostLimit].
func (r *Rule) Eval(facts Facts) (Verdict, error) {
	vals, err := r.schema.values(facts)
	if err != nil {
		return Verdict{}, err
	}
	partial, err := r.schema.env.PartialVars(vals)
	if err != nil {
		return Verdict{}, fmt.Errorf("facts: %w", err)
	}
	out, _, err := r.program.Eval(partial)
	if err != nil {
		return Verdict{}, fmt.Errorf("evaluate rule %q: %v: %w", clip(r.source), err, fault.ErrInvalid)
	}
	switch v := out.(type) {
	case types.Bool:
		if v {
			return Verdict{Answer: Yes}, nil
		}
		return Verdict{Answer: No}, nil
	case *types.Unknown:
		return Verdict{Answer: Unknown, Missing: r.schema.missing(v)}, nil
	}
	return Verdict{}, fmt.Errorf("rule %q answered %v", clip(r.source), out)
}

// Facts returns the keys of the fields that the rule speaks of, in the order of the schema.
func (r *Rule) Facts() []string {
	var names []string
	ast.PreOrderVisit(r.checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.IdentKind {
			names = append(names, e.AsIdent())
		}
	}))
	var keys []string
	for _, f := range r.schema.fields {
		if n := Name(f.Key); r.schema.byName[n] != nil && slices.Contains(names, n) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}
