package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/money"
	"bihuan/ground/name"
)

// Parameter is a limit, rate, threshold or weight 参数 that holds from one day to another:
// who set it, where it is written, and whether anybody could confirm the number.
type Parameter struct {
	Key       string     `json:"key" yaml:"key"` // lower-case ASCII letters, digits and hyphens
	Words     name.Text  `json:"words" yaml:"words"`
	Kind      field.Kind `json:"kind" yaml:"kind"`   // integer, decimal, money, date, yes-no or text
	Value     string     `json:"value" yaml:"value"` // the stored text of the kind
	Unit      string     `json:"unit,omitempty" yaml:"unit,omitempty"`
	Authority string     `json:"authority,omitempty" yaml:"authority,omitempty"` // who set it, such as 国务院办公厅
	Source    string     `json:"source,omitempty" yaml:"source,omitempty"`       // number, year and clause of the text
	From      string     `json:"from" yaml:"from"`                               // first day, 2006-01-02
	To        string     `json:"to,omitempty" yaml:"to,omitempty"`               // last day, inclusive; empty while it holds
	// Confirmed is false for a number that nobody could confirm, or that is ours; it is shown so.
	Confirmed bool `json:"confirmed" yaml:"confirmed"`
}

// parameterKinds are the kinds that a parameter can have.
var parameterKinds = []field.Kind{field.Integer, field.Decimal, field.Money, field.Date, field.YesNo, field.Text}

// Quantity returns the value of an integer, decimal or money parameter with its unit (money
// in 元). It wraps [fault.ErrInvalid] for the other kinds.
func (p Parameter) Quantity() (money.Quantity, error) {
	n, err := money.Parse(p.Value)
	switch {
	case err != nil || !slices.Contains([]field.Kind{field.Integer, field.Decimal, field.Money}, p.Kind):
		return money.Quantity{}, fmt.Errorf("parameter %s is no number: %w", p.Key, fault.ErrInvalid)
	case p.Kind == field.Money:
		fen, err := n.ToScaled(0)
		return money.Fen(fen).Quantity(), err
	}
	return money.Quantity{Value: n, Unit: p.Unit}, nil
}

// Format returns the value for a person, and says behind it if it is not confirmed.
func (p Parameter) Format(lang string) string {
	s := p.Value + p.Unit
	if q, err := p.Quantity(); err == nil {
		s = q.Format(lang)
	}
	mark := name.Text{ZH: "（待核实）", EN: " (unconfirmed)"}
	if p.Confirmed {
		return s
	}
	return s + mark.In(lang)
}

// holds reports whether the parameter is in force on a day.
func (p Parameter) holds(day string) bool { return p.From <= day && (p.To == "" || day <= p.To) }

// RowFault is one thing wrong with a row of a parameter table.
type RowFault struct {
	Row  int // from 0
	Key  string
	What name.Text
}

func (f RowFault) Error() string {
	return fmt.Sprintf("parameter %d (%s): %s", f.Row, f.Key, f.What.EN)
}

// Unwrap makes errors.Is find the kind.
func (f RowFault) Unwrap() error { return fault.ErrInvalid }

// Parameters is a checked table of parameters. It does not change and may be used by many
// goroutines; the zero value is empty.
type Parameters struct {
	rows map[string][]Parameter // by key, in order of time
	keys []string               // in order of first mention
}

// NewParameters checks the rows. The error joins every [RowFault], each wrapping
// [fault.ErrInvalid]: a bad key, kind, value or day, words that are missing, two rows of one
// key that overlap or differ in kind or unit, and a number said to be confirmed without
// naming authority and source.
func NewParameters(rows []Parameter) (*Parameters, error) {
	t := &Parameters{rows: map[string][]Parameter{}}
	var faults []error
	for i, p := range rows {
		for _, w := range append(p.faults(), t.clash(p)...) {
			faults = append(faults, RowFault{i, p.Key, w})
		}
		if t.rows[p.Key] == nil {
			t.keys = append(t.keys, p.Key)
		}
		t.rows[p.Key] = append(t.rows[p.Key], p)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	for _, rs := range t.rows {
		slices.SortFunc(rs, func(a, b Parameter) int { return strings.Compare(a.From, b.From) })
	}
	return t, nil
}

// faults returns what is wrong with a row by itself.
func (p Parameter) faults() []name.Text {
	var all []name.Text
	for _, c := range []struct {
		bad    bool
		zh, en string
	}{
		{!field.IsKey(p.Key) || !isName(Name(p.Key)), "代码须为小写字母、数字和连字符，且不是保留字", "the key must be lower-case letters, digits and hyphens, and no reserved word"},
		{p.Words.ZH == "" || p.Words.EN == "", "缺少中文或英文名称", "words in zh and en are needed"},
		{!slices.Contains(parameterKinds, p.Kind), "类型须为整数、小数、金额、日期、是否或文本", "the kind must be integer, decimal, money, date, yes-no or text"},
		{!isStored(p.Kind, p.Value), "值与类型不符", "the value is not of its kind"},
		{p.From == "" || !isStored(field.Date, p.From), "缺少生效日期，应如 2023-01-01", "the first day is needed, like 2023-01-01"},
		{p.To != "" && (!isStored(field.Date, p.To) || p.To < p.From), "失效日期不是日期，或早于生效日期", "the last day is no day or before the first"},
		{p.Confirmed && (p.Authority == "" || p.Source == ""), "标为已核实的参数须写明发布机关和出处", "a confirmed parameter must name its authority and source"},
	} {
		if c.bad {
			all = append(all, name.Text{ZH: c.zh, EN: c.en})
		}
	}
	return all
}

func isStored(k field.Kind, value string) bool {
	kind, ok := kinds[k]
	if !ok || value == "" {
		return false
	}
	_, err := kind.read(value)
	return err == nil
}

// clash returns what is wrong between p and the rows of its key that came before.
func (t *Parameters) clash(p Parameter) []name.Text {
	var all []name.Text
	for _, o := range t.rows[p.Key] {
		if o.holds(p.From) || p.holds(o.From) {
			all = append(all, text2("有效期与自 %s 起的一行重叠", "it overlaps the row from %s", o.From))
		}
		if o.Kind != p.Kind || o.Unit != p.Unit {
			all = append(all, text2("类型或单位与自 %s 起的一行不同", "kind or unit differ from the row from %s", o.From))
		}
	}
	return all
}

// At returns the parameter that is in force on a day, given as 2006-01-02. It wraps
// [fault.ErrNotFound] if there is none of that key on that day, and [fault.ErrInvalid] if
// the day is none.
func (t *Parameters) At(key, day string) (Parameter, error) {
	if !isStored(field.Date, day) {
		return Parameter{}, fmt.Errorf("day %q: %w", clip(day), fault.ErrInvalid)
	}
	for _, p := range t.rows[key] {
		if p.holds(day) {
			return p, nil
		}
	}
	return Parameter{}, fmt.Errorf("parameter %s on %s: %w", key, day, fault.ErrNotFound)
}

// Keys returns the keys in order of first mention. The slice is the caller's.
func (t *Parameters) Keys() []string { return slices.Clone(t.keys) }

// History returns the rows of a key in order of time, none if there is no such key. The slice is the caller's.
func (t *Parameters) History(key string) []Parameter { return slices.Clone(t.rows[key]) }

// Fields returns the parameters as fields, for a [Schema] whose rules speak of them.
func (t *Parameters) Fields() []field.Field {
	var fs []field.Field
	for _, k := range t.keys {
		p := t.rows[k][len(t.rows[k])-1]
		fs = append(fs, field.Field{Key: k, Kind: p.Kind, Class: field.P, Words: p.Words, Unit: p.Unit})
	}
	return fs
}

// Facts returns the values in force on a day, for [Rule.Eval] and [Predicate.Bind]. A
// parameter without a value that day is a missing fact.
func (t *Parameters) Facts(day string) Facts {
	facts := Facts{}
	for _, k := range t.keys {
		if p, err := t.At(k, day); err == nil {
			facts[k] = p.Value
		}
	}
	return facts
}
