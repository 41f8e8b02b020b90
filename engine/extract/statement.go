package extract

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Type says whether a statement is a number item or a milestone.
type Type string

// The two types of statement.
const (
	Number    Type = "number"    // 数量: something measured or counted
	Milestone Type = "milestone" // 节点: a definite thing that is there or is not
)

// Kind says on which side of now a statement stands.
type Kind string

// The two kinds of statement.
const (
	Achievement Kind = "achievement" // 成绩: a past fact
	Commitment  Kind = "commitment"  // 承诺: a future target
)

// Op is the relation between the subject and the value. The list is closed; see [Ops].
type Op string

// The operators.
const (
	Eq            Op = "eq"
	Reach         Op = "reach"
	From          Op = "from"
	Ge            Op = "ge"
	Gt            Op = "gt"
	Le            Op = "le"
	Lt            Op = "lt"
	Approx        Op = "approx"
	Range         Op = "range"
	Growth        Op = "growth"
	GrowthGe      Op = "growth_ge"
	GrowthGt      Op = "growth_gt"
	GrowthLe      Op = "growth_le"
	GrowthLt      Op = "growth_lt"
	GrowthApprox  Op = "growth_approx"
	GrowthRange   Op = "growth_range"
	Decline       Op = "decline"
	DeclineGe     Op = "decline_ge"
	DeclineGt     Op = "decline_gt"
	DeclineLe     Op = "decline_le"
	DeclineLt     Op = "decline_lt"
	DeclineApprox Op = "decline_approx"
	DeclineRange  Op = "decline_range"
	Above         Op = "above"
	Below         Op = "below"
)

var typeNames = map[Type]name.Text{
	Number:    {ZH: "数量", EN: "number"},
	Milestone: {ZH: "节点", EN: "milestone"},
}

var kindNames = map[Kind]name.Text{
	Achievement: {ZH: "成绩", EN: "achievement"},
	Commitment:  {ZH: "承诺", EN: "commitment"},
}

// opNames is in the order in which a form lists the operators.
var opNames = []struct {
	op   Op
	text name.Text
}{
	{Eq, name.Text{ZH: "为", EN: "equals"}},
	{Reach, name.Text{ZH: "达到", EN: "reaches"}},
	{From, name.Text{ZH: "原为", EN: "from"}},
	{Ge, name.Text{ZH: "不低于", EN: "at least"}},
	{Gt, name.Text{ZH: "超过", EN: "more than"}},
	{Le, name.Text{ZH: "不超过", EN: "at most"}},
	{Lt, name.Text{ZH: "低于", EN: "less than"}},
	{Approx, name.Text{ZH: "左右", EN: "about"}},
	{Range, name.Text{ZH: "介于", EN: "between"}},
	{Growth, name.Text{ZH: "增长", EN: "grows by"}},
	{GrowthGe, name.Text{ZH: "增长不低于", EN: "grows by at least"}},
	{GrowthGt, name.Text{ZH: "增长超过", EN: "grows by more than"}},
	{GrowthLe, name.Text{ZH: "增长不超过", EN: "grows by at most"}},
	{GrowthLt, name.Text{ZH: "增长低于", EN: "grows by less than"}},
	{GrowthApprox, name.Text{ZH: "增长约", EN: "grows by about"}},
	{GrowthRange, name.Text{ZH: "增长介于", EN: "grows by between"}},
	{Decline, name.Text{ZH: "下降", EN: "falls by"}},
	{DeclineGe, name.Text{ZH: "下降不低于", EN: "falls by at least"}},
	{DeclineGt, name.Text{ZH: "下降超过", EN: "falls by more than"}},
	{DeclineLe, name.Text{ZH: "下降不超过", EN: "falls by at most"}},
	{DeclineLt, name.Text{ZH: "下降低于", EN: "falls by less than"}},
	{DeclineApprox, name.Text{ZH: "下降约", EN: "falls by about"}},
	{DeclineRange, name.Text{ZH: "下降介于", EN: "falls by between"}},
	{Above, name.Text{ZH: "高出", EN: "above a reference by"}},
	{Below, name.Text{ZH: "低于参照", EN: "below a reference by"}},
}

// Name returns the words for t, empty for a type outside the list.
func (t Type) Name() name.Text { return typeNames[t] }

// Name returns the words for k, empty for a kind outside the list.
func (k Kind) Name() name.Text { return kindNames[k] }

// Name returns the words for o, empty for an operator outside the list.
func (o Op) Name() name.Text {
	for _, n := range opNames {
		if n.op == o {
			return n.text
		}
	}
	return name.Text{}
}

// Kinds returns the closed list of kinds.
func Kinds() []Kind { return []Kind{Achievement, Commitment} }

// Ops returns the closed list of operators in the order in which a form shows them.
func Ops() []Op {
	ops := make([]Op, len(opNames))
	for i, n := range opNames {
		ops[i] = n.op
	}
	return ops
}

// Decimal is an exact decimal number as text: an optional sign, digits, and an optional
// fraction, without exponent, leading or trailing zeros, such as "-0.8" or "52641000000".
// Empty means there is no number. In JSON it is a plain number, null when empty.
type Decimal string

// MarshalJSON writes the digits as a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("null"), nil
	}
	if !d.valid() {
		return nil, fmt.Errorf("decimal %q: %w", string(d), fault.ErrInvalid)
	}
	return []byte(d), nil
}

// UnmarshalJSON reads a JSON number, or a string that holds one, without exponent.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" {
		*d = ""
		return nil
	}
	if len(s) > 0 && s[0] == '"' {
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("decimal %s: %w", b, fault.ErrInvalid)
		}
	}
	if !Decimal(s).valid() {
		return fmt.Errorf("decimal %s: %w", b, fault.ErrInvalid)
	}
	*d = shift(s, 0)
	return nil
}

func (d Decimal) valid() bool {
	s := strings.TrimPrefix(string(d), "-")
	whole, fraction, point := strings.Cut(s, ".")
	return whole != "" && strings.Trim(whole, "0123456789") == "" &&
		strings.Trim(fraction, "0123456789") == "" && (!point || fraction != "")
}

// shift returns digits (with an optional sign and point) times ten to the n, in normal form.
func shift(digits string, n int) Decimal {
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	for ; n > 0; n-- {
		if fraction == "" {
			whole += "0"
		} else {
			whole, fraction = whole+fraction[:1], fraction[1:]
		}
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		return Decimal(sign + whole + "." + fraction)
	}
	if whole == "0" {
		return "0"
	}
	return Decimal(sign + whole)
}

// Statement is one measurable statement or milestone of a report.
//
// Text is quoted exactly: the code points of the report from Start on. The fields Op,
// Value, ValueMax and Unit are empty for a milestone; ValueMax is empty unless Op is a range.
type Statement struct {
	Type       Type    `json:"type"`
	Kind       Kind    `json:"kind"`
	Year       int     `json:"year"`                // the year it speaks of; 0 if the text names none
	Subject    string  `json:"subject"`             // what is measured or delivered, in the words of the text
	Action     string  `json:"action"`              // the verb, empty if there is none
	Op         Op      `json:"op,omitempty"`        // relation between subject and value
	Value      Decimal `json:"value,omitempty"`     // in the base unit; per cent as 0–100
	ValueMax   Decimal `json:"value_max,omitempty"` // the upper end of a range
	Unit       string  `json:"unit,omitempty"`      // as counted in the text, without 万 and 亿
	Text       string  `json:"text"`                // exact quotation
	Start      int     `json:"start"`               // offset of Text, in code points
	Section    string  `json:"section"`             // nearest heading above, empty if none
	Rule       Rule    `json:"rule"`                // how it was found
	Confidence float64 `json:"confidence"`          // from 0 to 1, see quality.txt for what it is worth
	ID         string  `json:"id"`                  // see Identity in the package comment
}

// End returns the offset behind Text, in code points.
func (s Statement) End() int { return s.Start + len([]rune(s.Text)) }
