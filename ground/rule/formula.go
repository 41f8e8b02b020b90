package rule

import (
	"errors"
	"fmt"

	"cel.dev/cel-go/cel"

	"bihuan/ground/fault"
	"bihuan/ground/money"
)

// Formula is a compiled expression whose result is a number, such as growth - city_growth. It does not change and
// may be used by many goroutines.
type Formula struct {
	source  string
	schema  *Schema
	program cel.Program
}

// CompileFormula checks an expression of at most [MaxSource] characters against a schema. Its result must be a
// decimal. Faults are those of [Compile].
func CompileFormula(source string, schema *Schema) (*Formula, error) {
	if len([]rune(source)) > MaxSource {
		return nil, errors.Join(Fault{1, 1, text2("公式超过 %d 个字符", "the formula has more than %d characters", MaxSource)})
	}
	parsed, iss := schema.env.Parse(source)
	if iss.Err() != nil {
		return nil, faultsOf(iss)
	}
	if err := schema.exact(parsed.NativeRep()); err != nil {
		return nil, err
	}
	checked, iss := schema.env.Check(parsed)
	if iss.Err() != nil {
		return nil, faultsOf(iss)
	}
	native := checked.NativeRep()
	if !checked.OutputType().IsExactType(decimalType) {
		return nil, errors.Join(at(native, native.Expr(), "公式的结果须为数，而不是 %s", "the formula must be a number, not %s", cel.FormatCELType(checked.OutputType())))
	}
	if err := schema.literals(native); err != nil {
		return nil, err
	}
	program, err := schema.env.Program(checked, cel.EvalOptions(cel.OptTrackCost), cel.CostLimit(CostLimit))
	if err != nil {
		return nil, fmt.Errorf("plan formula: %v: %w", err, fault.ErrInvalid)
	}
	return &Formula{source, schema, program}, nil
}

// Eval works the formula out. Every fact that it names must be there; it wraps [fault.ErrInvalid] if one is
// missing or not of its kind, a number overflows or is divided by zero.
func (f *Formula) Eval(facts Facts) (money.Decimal, error) {
	vals, err := f.schema.values(facts)
	if err != nil {
		return money.Decimal{}, err
	}
	out, _, err := f.program.Eval(vals)
	if err != nil {
		return money.Decimal{}, fmt.Errorf("evaluate formula %q: %v: %w", clip(f.source), err, fault.ErrInvalid)
	}
	n, ok := out.(number)
	if !ok {
		return money.Decimal{}, fmt.Errorf("formula %q answered %v: %w", clip(f.source), out, fault.ErrInvalid)
	}
	return n.n, nil
}
