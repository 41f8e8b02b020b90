package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/money"
)

// Limits of an expression.
const (
	MaxSource = 4000    // characters of one expression
	CostLimit = 200_000 // units of one evaluation, under 100 ms; an ordinary rule costs about 10
	maxLoops  = 4       // all, exists, map, filter within each other: the library's look-up doubles with each
	maxNodes  = 2000
	maxDepth  = 60
	maxFields = 500
)

// Facts are what is known: the stored text of each field by its key, as [field.Field.Check]
// gives it. A key that is absent or empty is a missing fact.
type Facts map[string]string

// Schema is the typed names that rules of one kind may speak of. It does not change and
// may be used by many goroutines.
type Schema struct {
	fields []field.Field
	byName map[string]*field.Field // by the name in expressions
	env    *cel.Env
}

// kinds tells how the values of each field kind look in an expression. A kind without a
// row (table, place, file) cannot be spoken of.
var kinds = map[field.Kind]struct {
	typ  *types.Type
	read func(string) (any, error)
}{
	field.Text: {types.StringType, readText}, field.LongText: {types.StringType, readText}, field.Choice: {types.StringType, readText}, field.Month: {types.StringType, readText},
	field.Unit: {types.StringType, readText}, field.Person: {types.StringType, readText}, field.Record: {types.StringType, readText},
	field.Integer: {types.IntType, readInteger}, field.YesNo: {types.BoolType, readYesNo}, field.Decimal: {decimalType, readDecimal},
	field.Money: {moneyType, readMoney}, field.Date: {dateType, readDate}, field.Instant: {types.TimestampType, readInstant},
	field.Units: {types.NewListType(types.StringType), readUnits},
}

func readText(s string) (any, error)  { return s, nil }
func readUnits(s string) (any, error) { return strings.Fields(s), nil }

func readInteger(s string) (any, error) { return strconv.ParseInt(s, 10, 64) }

func readYesNo(s string) (any, error) {
	if s != "yes" && s != "no" {
		return nil, fmt.Errorf("%q is neither yes nor no", s)
	}
	return s == "yes", nil
}

func readDecimal(s string) (any, error) {
	n, err := money.Parse(s)
	return number{decimalType, n}, err
}

func readMoney(s string) (any, error) {
	fen, err := strconv.ParseInt(s, 10, 64)
	return number{moneyType, money.Int(fen)}, err
}

func readDate(s string) (any, error) {
	v := dateOf(s)
	if e, bad := v.(*types.Err); bad {
		return nil, e
	}
	return v, nil
}

func readInstant(s string) (any, error) { return time.Parse(time.RFC3339, s) }

// standard are the functions of CEL that rules may use: no conversion, no division of
// whole numbers, no regular expression, no clock, nothing that looks outside.
var standard = []string{
	operators.Conditional, operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.NotStrictlyFalse,
	operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals,
	operators.Add, operators.Subtract, operators.Multiply, operators.Negate, operators.In, operators.Index,
	"size", "startsWith", "endsWith", "contains", "timestamp",
}

// NewSchema returns the schema of the fields, in their order. A field of a kind that rules
// cannot speak of, or whose key is a word of CEL, is left out: naming it is then a fault of
// the rule. It wraps [fault.ErrInvalid] for more than 500 fields or one key twice.
func NewSchema(fields []field.Field) (*Schema, error) {
	if len(fields) > maxFields {
		return nil, fmt.Errorf("more than %d fields: %w", maxFields, fault.ErrInvalid)
	}
	s := &Schema{byName: map[string]*field.Field{}}
	subset := &env.LibrarySubset{IncludeMacros: []string{"all", "exists", "exists_one", "map", "filter"}}
	for _, f := range standard {
		subset.IncludeFunctions = append(subset.IncludeFunctions, env.NewFunction(f))
	}
	opts := append([]cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(subset)), cel.EnableMacroCallTracking(), cel.ParserExpressionSizeLimit(MaxSource),
		cel.ExpressionNodeLimit(maxNodes), cel.ExpressionNestingDepthLimit(maxDepth), cel.ParserRecursionLimit(maxDepth),
	}, overloads()...)
	s.fields = slices.Clone(fields)
	for i := range s.fields {
		f := &s.fields[i]
		k, speakable := kinds[f.Kind]
		n := Name(f.Key)
		if !speakable || !isName(n) {
			continue
		}
		if s.byName[n] != nil {
			return nil, fmt.Errorf("two fields are called %s: %w", n, fault.ErrInvalid)
		}
		s.byName[n] = f
		opts = append(opts, cel.Variable(n, k.typ))
	}
	var err error
	if s.env, err = cel.NewCustomEnv(opts...); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return s, nil
}

// Fields returns the fields that the schema was made of. The slice is the caller's.
func (s *Schema) Fields() []field.Field { return slices.Clone(s.fields) }

// Name returns the name of a field in expressions: its key with _ for each hyphen.
func Name(key string) string { return strings.ReplaceAll(key, "-", "_") }

// reserved are the words that CEL keeps for itself.
var reserved = strings.Fields("as break const continue else false for function if import in let loop package namespace null return true var void while")

func isName(s string) bool {
	return s != "" && !slices.Contains(reserved, s) && (s[0] < '0' || s[0] > '9') &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// values turns facts into what CEL reads; missing ones are left out.
func (s *Schema) values(facts Facts) (map[string]any, error) {
	vals := make(map[string]any, len(facts))
	for n, f := range s.byName {
		text := facts[f.Key]
		if text == "" {
			continue
		}
		v, err := kinds[f.Kind].read(text)
		if err != nil {
			return nil, fmt.Errorf("fact %s is %q, no %s: %w", f.Key, clip(text), f.Kind, fault.ErrInvalid)
		}
		vals[n] = v
	}
	return vals, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// missing returns the keys of the facts that an unknown waits for, in the order of the schema.
func (s *Schema) missing(u *types.Unknown) []string {
	waits := map[string]bool{}
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			waits[t.Variable()] = true
		}
	}
	var keys []string
	for _, f := range s.fields {
		if waits[Name(f.Key)] && s.byName[Name(f.Key)] != nil {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

var _ ref.Val = number{}
