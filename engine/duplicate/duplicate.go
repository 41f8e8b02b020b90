// Package duplicate says which of several reports are of the same thing as another one (重复上报), and how near they come.
//
// [Find] keeps those of the same class, at most 50 metres and 24 hours apart, in whose words something is alike, and puts the
// likeliest first. A hit is a proposal to a person; whether two reports are one is theirs to say. The same reports give the
// same hits in whatever order they come. It rests on [geo].
//
// Source: the rule for merging of grid events, same class, ≤ 50 m, ≤ 24 h, as districts write it; the share of words is ours.
package duplicate

import (
	"cmp"
	"math"
	"slices"
	"unicode"

	"bihuan/ground/geo"
)

// The limits of what can be one thing.
const (
	WithinM     = 50.0
	WithinHours = 24.0
	leastAlike  = 0.10 // of the pairs of characters of the shorter text, where both say something
)

// Report is one report. An empty Class is any, an empty Text says nothing.
type Report struct {
	Key   string
	Class string
	Place geo.Point
	At    int64 // µs
	Text  string
}

// Hit is a report that may be of the same thing.
type Hit struct {
	Index     int     // of the others
	DistanceM float64 // metres apart
	Hours     float64 // apart, never below zero
	Alike     float64 // 0 to 1: the share of the shorter text's pairs of characters that the other has too
}

// Find returns those of others that may be of the same thing as one, likeliest first. Without a place nothing is found.
func Find(one Report, others []Report) (hits []Hit) {
	if one.Place.IsZero() {
		return nil
	}
	said := Pairs(one.Text)
	for i, o := range others {
		if o.Place.IsZero() || one.Class != "" && o.Class != "" && o.Class != one.Class {
			continue
		}
		h := Hit{Index: i, DistanceM: one.Place.DistanceM(o.Place), Hours: math.Abs(float64(one.At-o.At)) / 3.6e9}
		if h.DistanceM > WithinM || h.Hours > WithinHours {
			continue
		}
		pairs := Pairs(o.Text)
		if h.Alike = shared(said, pairs); h.Alike < leastAlike && len(said) > 0 && len(pairs) > 0 {
			continue
		}
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.likely(), a.likely()), cmp.Compare(others[a.Index].Key, others[b.Index].Key))
	})
	return hits
}

// likely weighs a hit: words count as much as place and time together.
func (h *Hit) likely() float64 {
	return 2*h.Alike + (1 - h.DistanceM/WithinM) + (1 - h.Hours/WithinHours)
}

// Pairs returns the pairs of letters and digits that stand side by side in a text, small and without regard to what parts them.
func Pairs(text string) map[string]bool {
	all := map[string]bool{}
	last := rune(-1)
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			last = -1
			continue
		}
		r = unicode.ToLower(r)
		if last >= 0 {
			all[string([]rune{last, r})] = true
		}
		last = r
	}
	return all
}

// shared returns which share of the smaller set stands in the other, 0 where one is empty.
func shared(a, b map[string]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	n := 0
	for p := range a {
		if b[p] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}
