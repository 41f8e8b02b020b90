package classify

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Guess is a class that a text may have.
type Guess struct {
	Code  string
	Share float64  // how far the model believes it: 0 to 1, all classes add up to 1
	Why   []string // the words of the text that weighed most for this class, heaviest first, at most five; it may have none
}

// Rank returns the likeliest classes of a text, best first, at most n of them; none for a text in which the model knows
// no word. A text of 200 characters takes about 50 µs.
func (m *Model) Rank(text string, n int) []Guess {
	v := m.vector(features(text))
	if len(v.at) == 0 || len(m.codes) == 0 {
		return nil
	}
	share := make([]float64, len(m.codes))
	m.shares(v, share)
	order := make([]int, len(share))
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(share[b], share[a]) })
	all := make([]Guess, 0, n)
	for _, c := range order[:min(n, len(order))] {
		all = append(all, Guess{Code: m.codes[c], Share: share[c], Why: m.why(text, v, c)})
	}
	return all
}

// mostWhy is how many words explain a guess.
const mostWhy = 5

// why returns the words of the text that weighed most for a class: those by which the class is called, where the text has any. Otherwise the stretches
// of characters that each speak for it, in pairs that overlap, put together; since the model knows pairs and no words, a short clause
// is told whole, and of a long one a stretch of fewer than four characters, which may be pieces of two words, says nothing.
func (m *Model) why(text string, v vector, c int) (words []string) {
	isTold := func(word string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, word) || strings.Contains(word, w) })
	}
	said := strings.ToLower(text)
	for _, w := range m.called[c] {
		if len(words) < mostWhy && w != "" && strings.Contains(said, strings.ToLower(w)) && !isTold(w) {
			words = append(words, w)
		}
	}
	if len(words) > 0 {
		return words
	}
	weight := map[int]float64{}
	for x, f := range v.at {
		weight[f] = float64(m.weight[f*len(m.codes)+c]) * v.value[x]
	}
	type stretch struct {
		word   string
		weight float64
	}
	var all []stretch
	r := normal(text)
	for i := 0; i+1 < len(r); i++ {
		sum, from := 0.0, i
		for i+1 < len(r) && i-from < 5 {
			f, ok := m.index[string(r[i:i+2])]
			if w := weight[f]; !ok || w <= 0 {
				break
			}
			sum += weight[f]
			i++
		}
		if i > from {
			all = append(all, stretch{string(r[from : i+1]), sum})
		}
	}
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Compare(b.weight, a.weight) })
	for _, s := range all {
		word := clauseOf(text, s.word)
		if len(words) < mostWhy && utf8.RuneCountInString(word) >= leastStretch && !isTold(word) {
			words = append(words, word)
		}
	}
	return words
}

// leastStretch is how many characters of a long clause say something at least. It is ours.
const leastStretch = 4

// mostClause is how long a clause is that is told whole, in characters. It is ours.
const mostClause = 8

// clauseOf returns the clause of a text in which some words stand, if it is short, and the words themselves otherwise.
func clauseOf(text, words string) string {
	for _, c := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if strings.Contains(c, words) && utf8.RuneCountInString(c) <= mostClause {
			return c
		}
	}
	return words
}
