package indicator

import (
	"cmp"
	"slices"

	"bihuan/ground/money"
)

// Runner is one of the peers in a race 赛马: a unit with the value it is ranked by.
type Runner struct {
	Key    string // the unit
	Group  string // peers are only ranked among themselves
	Value  money.Decimal
	Sample int // what the value was made of: goals, cases
}

// Place is a runner's place.
type Place struct {
	Runner
	Rank   int  // within the group, from 1; ties share a rank and the next one is skipped
	Change int  // places gained since the last edition, negative for lost; 0 if it was not ranked then
	New    bool // not ranked in the last edition
	Few    bool // fewer than the smallest fair sample: shown, but said so
}

// Rank ranks runners within their groups, larger values first, ties sharing a rank; runners of one rank are
// in the order of their keys. before has the ranks of the last frozen edition by key. few is the smallest
// fair sample. The result is ordered by group and rank.
func Rank(runners []Runner, before map[string]int, few int) []Place {
	runners = slices.Clone(runners)
	slices.SortFunc(runners, func(a, b Runner) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), b.Value.Cmp(a.Value), cmp.Compare(a.Key, b.Key))
	})
	places, first := make([]Place, len(runners)), 0 // first of the group
	for i, r := range runners {
		p := Place{Runner: r, Few: r.Sample < few}
		switch {
		case i == 0 || runners[i-1].Group != r.Group:
			first, p.Rank = i, 1
		case runners[i-1].Value == r.Value:
			p.Rank = places[i-1].Rank
		default:
			p.Rank = i - first + 1
		}
		was, ranked := before[r.Key]
		if p.New = !ranked; ranked {
			p.Change = was - p.Rank
		}
		places[i] = p
	}
	return places
}

// Coverage is how far the targets of children cover the target of their parent.
type Coverage struct {
	Sum      money.Decimal
	Percent  money.Decimal
	Covered  bool     // Sum ≥ target: no gap between the promise and what was handed out (目标缺口)
	Unlike   []string // titles of children whose unit or shape cannot be added up
	NotOwned []string // titles of children without a named person
}

// Cover holds a goal against its children (以目标倒逼责任): the sum of their targets must reach its own, and
// each must have one person. Only accumulating goals add up; for other shapes every child must reach the
// parent's own target, and Sum is the weakest child's. Children that are unlike the parent count for nothing.
func Cover(parent *Goal, children []Goal) Coverage {
	c, like := Coverage{}, 0
	for _, child := range children {
		if child.Person == "" {
			c.NotOwned = append(c.NotOwned, child.Title)
		}
		if child.Target.Unit != parent.Target.Unit || child.Shape != parent.Shape {
			c.Unlike = append(c.Unlike, child.Title)
			continue
		}
		like++
		switch {
		case parent.Shape == Accumulate:
			c.Sum = add(c.Sum, child.Target.Value)
		case like == 1 || parent.better(c.Sum, child.Target.Value):
			c.Sum = child.Target.Value
		}
	}
	c.Percent = percent(c.Sum, parent.Target.Value)
	c.Covered = like > 0 && !parent.better(parent.Target.Value, c.Sum)
	return c
}
