package rule

import (
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/money"
)

// Op is what a node of a predicate does. The set is closed.
type Op string

// The operations.
const (
	And        Op = "and"         // all of Args; of none: yes
	Or         Op = "or"          // one of Args; of none: no
	Not        Op = "not"         // not Args[0]
	Equal      Op = "="           // Field = Value, or = Other
	NotEqual   Op = "!="          // likewise
	Less       Op = "<"           // numbers, money, days, instants
	AtMost     Op = "<="          // likewise
	Greater    Op = ">"           // likewise
	AtLeast    Op = ">="          // likewise
	In         Op = "in"          // Field is one of Values
	Has        Op = "has"         // Field, a list, holds Value
	StartsWith Op = "starts-with" // Field, a text, begins with Value
)

// Predicate is a rule over facets as a tree: what a store turns into a condition on rows
// and a page into words. Values are the stored texts of their kind; Field and Other are
// keys. A comparison with a fact that is missing is unknown, and and, or and not are those
// of SQL with NULL for unknown, so that a WHERE keeps exactly the rows that answer yes.
type Predicate struct {
	Op     Op          `json:"op"`
	Args   []Predicate `json:"args,omitempty"`
	Field  string      `json:"field,omitempty"`
	Kind   field.Kind  `json:"kind,omitempty"`   // of Field
	Value  string      `json:"value,omitempty"`  // what Field is compared with, unless Other is set
	Other  string      `json:"other,omitempty"`  // another field of the same kind
	Values []string    `json:"values,omitempty"` // of in, in the order written, none twice
}

// Fields returns the keys that the predicate names, each once, in order of first mention.
func (p Predicate) Fields() []string {
	var keys []string
	p.walk(func(n Predicate) {
		for _, k := range []string{n.Field, n.Other} {
			if k != "" && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	})
	return keys
}

func (p Predicate) walk(visit func(Predicate)) {
	visit(p)
	for _, a := range p.Args {
		a.walk(visit)
	}
}

// Match answers the predicate from the facts: the slow reading of what a store does in
// SQL, and of [Rule.Eval]. It wraps [fault.ErrInvalid] if a fact is not of its kind.
func (p Predicate) Match(facts Facts) (Verdict, error) {
	v, err := p.match(facts)
	slices.Sort(v.Missing)
	v.Missing = slices.Compact(v.Missing)
	return v, err
}

func (p Predicate) match(facts Facts) (Verdict, error) {
	switch p.Op {
	case And, Or:
		return p.join(facts)
	case Not:
		v, err := p.Args[0].match(facts)
		v.Answer = map[Answer]Answer{Yes: No, No: Yes}[v.Answer]
		return v, err
	}
	left, right := facts[p.Field], p.Value
	if p.Other != "" {
		right = facts[p.Other]
	}
	var missing []string
	for _, f := range []string{p.Field, p.Other} {
		if f != "" && facts[f] == "" {
			missing = append(missing, f)
		}
	}
	if len(missing) > 0 {
		return Verdict{Missing: missing}, nil
	}
	ok, err := p.holds(left, right)
	if err != nil {
		return Verdict{}, err
	}
	return Verdict{Answer: answerOf(ok)}, nil
}

func answerOf(ok bool) Answer {
	if ok {
		return Yes
	}
	return No
}

// join is and and or: the deciding answer of any part, else unknown of any part, else the other answer.
func (p Predicate) join(facts Facts) (Verdict, error) {
	deciding, other := No, Yes
	if p.Op == Or {
		deciding, other = Yes, No
	}
	all := Verdict{Answer: other}
	for _, a := range p.Args {
		v, err := a.match(facts)
		if err != nil || v.Answer == deciding {
			return v, err
		}
		if v.Answer == Unknown {
			all.Answer = Unknown
			all.Missing = append(all.Missing, v.Missing...)
		}
	}
	return all, nil
}

// holds answers a leaf whose facts are there.
func (p Predicate) holds(left, right string) (bool, error) {
	switch p.Op {
	case Has:
		return slices.Contains(strings.Fields(left), right), nil
	case StartsWith:
		return strings.HasPrefix(left, right), nil
	case In:
		for _, v := range p.Values {
			if c, err := compare(p.Kind, left, v); err != nil || c == 0 {
				return err == nil, err
			}
		}
		return false, nil
	}
	c, err := compare(p.Kind, left, right)
	if err != nil {
		return false, err
	}
	switch p.Op {
	case Equal:
		return c == 0, nil
	case NotEqual:
		return c != 0, nil
	case Less:
		return c < 0, nil
	case AtMost:
		return c <= 0, nil
	case Greater:
		return c > 0, nil
	case AtLeast:
		return c >= 0, nil
	}
	return false, fmt.Errorf("predicate operation %q: %w", p.Op, fault.ErrInvalid)
}

// compare orders two stored texts of a kind. Days and instants in one zone order as text.
func compare(k field.Kind, a, b string) (int, error) {
	for _, s := range []string{a, b} {
		if _, err := kinds[k].read(s); err != nil {
			return 0, fmt.Errorf("%q is no %s: %w", clip(s), k, fault.ErrInvalid)
		}
	}
	switch k {
	case field.Integer, field.Decimal, field.Money:
		x, errX := money.Parse(a)
		y, errY := money.Parse(b)
		if errX != nil || errY != nil {
			return 0, fmt.Errorf("%q and %q are no %s: %w", clip(a), clip(b), k, fault.ErrInvalid)
		}
		return x.Cmp(y), nil
	}
	return strings.Compare(a, b), nil
}

// Bind returns the predicate with every Other that is known replaced by its value, such as
// a limit of the day, so that only facets remain. Facts that are missing stay names.
func (p Predicate) Bind(facts Facts) Predicate {
	if p.Other != "" && facts[p.Other] != "" {
		p.Value, p.Other = facts[p.Other], ""
	} else if p.Other != "" && facts[p.Field] != "" {
		p.Field, p.Other, p.Value, p.Op = p.Other, "", facts[p.Field], mirror(p.Op)
	}
	args := make([]Predicate, 0, len(p.Args))
	for _, a := range p.Args {
		args = append(args, a.Bind(facts))
	}
	if len(args) > 0 {
		p.Args = args
	}
	return p
}

// mirror returns the operation that holds with the sides exchanged.
func mirror(op Op) Op {
	if m, ok := map[Op]Op{Less: Greater, Greater: Less, AtMost: AtLeast, AtLeast: AtMost}[op]; ok {
		return m
	}
	return op
}
