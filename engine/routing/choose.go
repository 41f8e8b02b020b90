package routing

import (
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
)

// Case is what is known of a matter when somebody asks to whom it goes. What is not known is empty.
type Case struct {
	Kind      string // pack/kind
	Class     string // code
	Line      string // what the class's record says of whom first
	Places    []string
	At        calendar.Instant
	DayOff    bool      // whether the day of At is none of work
	Owner     name.Unit // of the component, otherwise of the class
	Street    name.Unit
	Community name.Unit
}

// Choice is to whom a matter goes. The zero Choice says that no rule fits.
type Choice struct {
	Unit  name.Unit
	Rule  *Rule   // nil for none
	Tried []Tried // the rules that were asked before, in their order
}

// Tried is a rule that did not fit, and the first thing about it that did not.
type Tried struct {
	Rule *Rule
	Why  Miss
}

// Miss is what did not fit about a rule.
type Miss string

// The misses, in the order in which they are looked for.
const (
	NotYet  Miss = "dates"  // it does not hold on the day
	Kind    Miss = "kind"   // it is for another kind of matter
	Class   Miss = "class"  // the class is another, or not known
	Line    Miss = "line"   // the class goes to somebody else first
	Place   Miss = "place"  // the place is another, or not known
	Hours   Miss = "hours"  // another time of the day
	DayKind Miss = "days"   // a working day, or none
	Seasons Miss = "season" // another time of the year
	Nobody  Miss = "nobody" // it fits, but nobody knows whom it means: no owner, no street
)

// Choose returns to whom a case goes by rules in their order, see [Sort]. Linear in the rules.
func Choose(rules []Rule, c Case) (out Choice) {
	for i := range rules {
		r := &rules[i]
		miss := r.misses(&c)
		unit := r.unit(&c)
		if miss == "" && unit == "" {
			miss = Nobody
		}
		if miss == "" {
			out.Unit, out.Rule = unit, r
			return out
		}
		out.Tried = append(out.Tried, Tried{r, miss})
	}
	return out
}

// misses returns the first thing that does not fit, empty for none.
func (r *Rule) misses(c *Case) Miss {
	day := c.At.Date()
	for _, test := range []struct {
		fits bool
		miss Miss
	}{
		{r.From <= day && (r.Until == 0 || day < r.Until), NotYet},
		{r.Of == "" || r.Of == c.Kind, Kind},
		{begins(r.Classes, c.Class), Class},
		{r.Line == "" || r.Line == c.Line, Line},
		{begins(r.Places, c.Places...), Place},
		{len(r.Hours) == 0 || slices.ContainsFunc(r.Hours, func(s Span) bool { return s.has(int(c.At.TimeOfDay() / 60_000_000)) }), Hours},
		{r.Days == "" || (r.Days == Off) == c.DayOff, DayKind},
		{r.Season.has(day), Seasons},
	} {
		if !test.fits {
			return test.miss
		}
	}
	return ""
}

// begins reports whether one of the codes begins with one of the wanted ones; nothing wanted is always there.
func begins(wanted []string, codes ...string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return c != "" && strings.HasPrefix(c, w) })
	})
}

func (r *Rule) unit(c *Case) name.Unit {
	switch r.To {
	case Owner:
		return c.Owner
	case Street:
		return c.Street
	case Community:
		return c.Community
	}
	return r.Unit
}
