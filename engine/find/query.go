package find

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// Limits of what is looked for.
const (
	MaxQuery   = 200 // bytes
	maxPhrases = 8
)

// Query is what somebody looks for: phrases that must all stand in a document.
type Query struct {
	phrases []phrase
}

// phrase is a row of characters, folded, and the terms that they make.
type phrase struct {
	runes []rune
	terms []Term
}

// Parse reads what was typed. Blanks and signs part phrases; a single character beside a phrase of two or more is left out, since
// it narrows little. It wraps [fault.ErrInvalid] where no two characters stand together, where there are more than 8 phrases, and
// for more than 200 bytes.
func Parse(text string) (q Query, err error) {
	if len(text) > MaxQuery || !utf8.ValidString(text) {
		return q, fault.Refuse(fault.ErrInvalid, "search-too-long", "q", "limit", fmt.Sprint(MaxQuery))
	}
	var row []rune
	end := func() {
		p := phrase{runes: row}
		for i := range len(row) - 1 {
			p.terms = append(p.terms, termOf(row[i], row[i+1]))
		}
		if len(row) > 1 && !slices.ContainsFunc(q.phrases, func(o phrase) bool { return slices.Equal(o.runes, row) }) {
			q.phrases = append(q.phrases, p)
		}
		row = nil
	}
	for _, r := range text {
		if f := Fold(r); f != 0 {
			row = append(row, f)
		} else if len(row) > 0 {
			end()
		}
	}
	if len(row) > 0 {
		end()
	}
	switch {
	case len(q.phrases) == 0:
		return q, fault.Refuse(fault.ErrInvalid, "search-too-short", "q")
	case len(q.phrases) > maxPhrases:
		return q, fault.Refuse(fault.ErrInvalid, "search-too-long", "q", "limit", fmt.Sprint(MaxQuery))
	}
	return q, nil
}

// terms returns each term once.
func (q *Query) terms() (all []Term) {
	for _, p := range q.phrases {
		all = append(all, p.terms...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// String returns the phrases, folded, with blanks between.
func (q Query) String() string {
	s := ""
	for i, p := range q.phrases {
		if i > 0 {
			s += " "
		}
		s += string(p.runes)
	}
	return s
}
