package rule

import (
	"fmt"
	"reflect"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"bihuan/ground/money"
)

// The number types that CEL lacks. All three hold an exact decimal: a plain number, fen,
// or days since 1970-01-01.
var (
	decimalType = types.NewObjectType("decimal", traits.ComparerType, traits.AdderType, traits.SubtractorType, traits.MultiplierType, traits.DividerType, traits.NegatorType)
	moneyType   = types.NewObjectType("money", traits.ComparerType, traits.AdderType, traits.SubtractorType, traits.MultiplierType, traits.DividerType, traits.NegatorType)
	dateType    = types.NewObjectType("date", traits.ComparerType, traits.AdderType, traits.SubtractorType)
)

// arithmetic is every operation on the number types besides comparison: what is not in
// the table has no type.
var arithmetic = []struct {
	op                  string
	left, right, result *types.Type
}{
	{operators.Add, decimalType, decimalType, decimalType},
	{operators.Add, moneyType, moneyType, moneyType},
	{operators.Add, dateType, types.IntType, dateType},
	{operators.Subtract, decimalType, decimalType, decimalType},
	{operators.Subtract, moneyType, moneyType, moneyType},
	{operators.Subtract, dateType, dateType, types.IntType},
	{operators.Subtract, dateType, types.IntType, dateType},
	{operators.Multiply, decimalType, decimalType, decimalType},
	{operators.Multiply, moneyType, decimalType, moneyType},
	{operators.Multiply, decimalType, moneyType, moneyType},
	{operators.Divide, decimalType, decimalType, decimalType},
	{operators.Divide, moneyType, moneyType, decimalType},
}

// orders are the comparisons that the number types have with their own kind.
var orders = []string{operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals}

// overloads declares the tables above, and the functions that make and read such values.
func overloads() []cel.EnvOption {
	var opts []cel.EnvOption
	add := func(fn, id string, args []*types.Type, result *types.Type, with ...cel.OverloadOpt) {
		opts = append(opts, cel.Function(fn, cel.Overload(id, args, result, with...)))
	}
	for _, t := range []*types.Type{decimalType, moneyType, dateType} {
		for _, op := range orders {
			add(op, t.TypeName()+op, []*types.Type{t, t}, types.BoolType)
		}
	}
	for _, a := range arithmetic {
		id := fmt.Sprint(a.left.TypeName(), a.op, a.right.TypeName())
		if a.op == operators.Divide { // the standard division is left out
			add(a.op, id, []*types.Type{a.left, a.right}, a.result, cel.BinaryBinding(func(l, r ref.Val) ref.Val { return l.(number).Divide(r) }))
			continue
		}
		add(a.op, id, []*types.Type{a.left, a.right}, a.result)
	}
	for _, t := range []*types.Type{decimalType, moneyType} {
		add(operators.Negate, operators.Negate+t.TypeName(), []*types.Type{t}, t)
	}
	unary := func(fn, id string, arg, result *types.Type, do func(ref.Val) ref.Val) {
		add(fn, id, []*types.Type{arg}, result, cel.UnaryBinding(do))
	}
	unary(numberFunc, "number_literal", types.StringType, decimalType, func(v ref.Val) ref.Val {
		n, err := money.Parse(string(v.(types.String)))
		return made(decimalType, n, err)
	})
	unary("decimal", "decimal_int", types.IntType, decimalType, func(v ref.Val) ref.Val { return number{decimalType, money.Int(int64(v.(types.Int)))} })
	unary("yuan", "yuan_int", types.IntType, moneyType, func(v ref.Val) ref.Val { return inFen(money.Int(int64(v.(types.Int)))) })
	unary("yuan", "yuan_decimal", decimalType, moneyType, func(v ref.Val) ref.Val { return inFen(v.(number).n) })
	unary("date", "date_text", types.StringType, dateType, func(v ref.Val) ref.Val { return dateOf(string(v.(types.String))) })
	unary("date", "date_instant", types.TimestampType, dateType, func(v ref.Val) ref.Val {
		return dateOf(v.(types.Timestamp).Time.In(china).Format(time.DateOnly))
	})
	unary("year", "year_date", dateType, types.IntType, func(v ref.Val) ref.Val { return types.Int(v.(number).day().Year()) })
	unary("month", "month_date", dateType, types.IntType, func(v ref.Val) ref.Val { return types.Int(v.(number).day().Month()) })
	return opts
}

// china is Beijing time: the country has had one time and no summer time since 1991.
var china = time.FixedZone("+08:00", 8*3600)

// number is a value of one of the three types.
type number struct {
	typ *types.Type
	n   money.Decimal
}

func made(t *types.Type, n money.Decimal, err error) ref.Val {
	if err != nil {
		return types.NewErr("%s: %v", t.TypeName(), err)
	}
	return number{t, n}
}

func inFen(yuan money.Decimal) ref.Val {
	fen, err := yuan.Mul(money.Hundred)
	if err == nil && !fen.IsInt() {
		return types.NewErr("money: %s yuan is no whole number of fen", yuan)
	}
	return made(moneyType, fen, err)
}

func dateOf(s string) ref.Val {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return types.NewErr("date: %q is not a day such as 2023-12-31", s)
	}
	return number{dateType, money.Int(day.Unix() / 86400)}
}

// day returns the date that the number stands for.
func (v number) day() time.Time {
	days, _ := v.n.ToScaled(0) // dates are whole by construction
	return time.Unix(days*86400, 0).UTC()
}

// calc does one operation of the table, or says that there is none.
func (v number) calc(op string, other ref.Val, do func(a, b money.Decimal) (money.Decimal, error)) ref.Val {
	var right money.Decimal
	switch o := other.(type) {
	case number:
		right = o.n
	case types.Int:
		right = money.Int(int64(o))
	}
	for _, a := range arithmetic {
		if a.op == op && a.left == v.typ && a.right.TypeName() == other.Type().TypeName() {
			n, err := do(v.n, right)
			switch {
			case err == nil && a.result == moneyType:
				n = n.Round(0)
			case err == nil && a.result == types.IntType:
				i, err := n.ToScaled(0)
				if err != nil {
					return types.NewErr("%v", err)
				}
				return types.Int(i)
			}
			return made(a.result, n, err)
		}
	}
	return types.MaybeNoSuchOverloadErr(other)
}

func (v number) Add(o ref.Val) ref.Val      { return v.calc(operators.Add, o, money.Decimal.Add) }
func (v number) Subtract(o ref.Val) ref.Val { return v.calc(operators.Subtract, o, money.Decimal.Sub) }
func (v number) Multiply(o ref.Val) ref.Val { return v.calc(operators.Multiply, o, money.Decimal.Mul) }
func (v number) Divide(o ref.Val) ref.Val   { return v.calc(operators.Divide, o, money.Decimal.Quo) }
func (v number) Negate() ref.Val            { return number{v.typ, v.n.Neg()} }

// Compare orders two values of the same type.
func (v number) Compare(other ref.Val) ref.Val {
	o, ok := other.(number)
	if !ok || o.typ != v.typ {
		return types.MaybeNoSuchOverloadErr(other)
	}
	return types.Int(v.n.Cmp(o.n))
}

// Equal reports whether type and value are the same.
func (v number) Equal(other ref.Val) ref.Val {
	o, ok := other.(number)
	return types.Bool(ok && o.typ == v.typ && o.n == v.n)
}

func (v number) Type() ref.Type { return v.typ }
func (v number) Value() any     { return v.n }

// ConvertToNative is not offered: values leave this room as answers only.
func (v number) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("%s has no native form %v", v.typ.TypeName(), t)
}

// ConvertToType knows the identity and the type of types.
func (v number) ConvertToType(t ref.Type) ref.Val {
	if t.TypeName() == v.typ.TypeName() {
		return v
	}
	return types.NewErr("%s is not converted to %s", v.typ.TypeName(), t.TypeName())
}
