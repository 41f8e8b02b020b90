package find

import "unicode/utf8"

// Span is a piece of a text, in bytes, [Start, End).
type Span struct{ Start, End int }

// Highlight returns where the phrases of a query stand in a text, in order and without overlap: what touches is one span.
// It takes time in the length of the text times the number of phrases.
func Highlight(text string, q Query) (spans []Span) {
	folded := make([]rune, 0, len(text)/2)
	starts := make([]int, 0, len(text)/2+1)
	for i, r := range text {
		folded = append(folded, Fold(r))
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	marked := make([]bool, len(folded))
	for _, p := range q.phrases {
		for i := 0; i+len(p.runes) <= len(folded); i++ {
			if hasPrefix(folded[i:], p.runes) {
				for j := range p.runes {
					marked[i+j] = true
				}
			}
		}
	}
	for i := 0; i < len(marked); i++ {
		if !marked[i] {
			continue
		}
		from := i
		for i < len(marked) && marked[i] {
			i++
		}
		spans = append(spans, Span{starts[from], starts[i]})
	}
	return spans
}

func hasPrefix(s, prefix []rune) bool {
	for i, r := range prefix {
		if s[i] != r {
			return false
		}
	}
	return true
}

// Piece is a part of a text with what is marked in it, in bytes of Text. Cut tells whether something was left out at its ends.
type Piece struct {
	Text            string
	Spans           []Span
	CutFrom, CutEnd bool
}

// Snippet returns the piece of about so many characters of a text that has its first find near its beginning, the text's
// beginning if there is none.
func Snippet(text string, q Query, about int) Piece {
	spans := Highlight(text, q)
	from := 0
	if len(spans) > 0 {
		from = back(text, spans[0].Start, about/4)
		if utf8.RuneCountInString(text[:spans[0].Start]) <= about/3 {
			from = 0
		}
	}
	end := forth(text, from, about)
	p := Piece{Text: text[from:end], CutFrom: from > 0, CutEnd: end < len(text)}
	for _, s := range spans {
		if s.Start >= from && s.End <= end {
			p.Spans = append(p.Spans, Span{s.Start - from, s.End - from})
		}
	}
	return p
}

// back goes n characters back from a place.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// forth goes n characters on from a place.
func forth(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
