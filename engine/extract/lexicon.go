package extract

import "sort"

// word is an entry of a lexicon: its code points and what the lexicon says of it.
type word struct {
	runes []rune
	tag   int
}

// lexicon finds the longest word that begins or ends at a place. The zero value holds nothing.
type lexicon struct {
	first map[rune][]word
	last  map[rune][]word
}

// group is a row of a lexicon: words (separated by blanks) that share a tag, and the texts that motivated them.
type group struct {
	tag    int
	words  string
	source string
}

// newLexicon builds a lexicon from rows. A word that occurs twice keeps the tag of its first row.
func newLexicon(groups ...group) *lexicon {
	l := &lexicon{first: map[rune][]word{}, last: map[rune][]word{}}
	seen := map[string]bool{}
	for _, g := range groups {
		for _, s := range fields(g.words) {
			if seen[s] {
				continue
			}
			seen[s] = true
			w := word{[]rune(s), g.tag}
			l.first[w.runes[0]] = append(l.first[w.runes[0]], w)
			e := w.runes[len(w.runes)-1]
			l.last[e] = append(l.last[e], w)
		}
	}
	for _, index := range []map[rune][]word{l.first, l.last} {
		for _, ws := range index {
			sort.SliceStable(ws, func(i, j int) bool { return len(ws[i].runes) > len(ws[j].runes) })
		}
	}
	return l
}

// fields splits s at blanks and line ends; a word may hold any other rune.
func fields(s string) []string {
	var out []string
	start := -1
	for i, c := range s {
		blank := c == ' ' || c == '\n' || c == '\t'
		if !blank && start < 0 {
			start = i
		}
		if blank && start >= 0 {
			out = append(out, s[start:i])
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

// at returns length and tag of the longest word that begins at r[i], length 0 if none.
func (l *lexicon) at(r []rune, i int) (length, tag int) {
	if i < 0 || i >= len(r) {
		return 0, 0
	}
	for _, w := range l.first[r[i]] {
		if hasAt(r, i, w.runes) {
			return len(w.runes), w.tag
		}
	}
	return 0, 0
}

// before returns length and tag of the longest word that ends before r[j], length 0 if none.
func (l *lexicon) before(r []rune, j int) (length, tag int) {
	if j <= 0 || j > len(r) {
		return 0, 0
	}
	for _, w := range l.last[r[j-1]] {
		if n := len(w.runes); n <= j && hasAt(r, j-n, w.runes) {
			return n, w.tag
		}
	}
	return 0, 0
}

// in returns place, length and tag of the first word of the lexicon in r, length 0 if none.
func (l *lexicon) in(r []rune) (at, length, tag int) {
	for i := range r {
		if n, t := l.at(r, i); n > 0 {
			return i, n, t
		}
	}
	return 0, 0, 0
}

func hasAt(r []rune, i int, w []rune) bool {
	if i < 0 || i+len(w) > len(r) {
		return false
	}
	for k, c := range w {
		if r[i+k] != c {
			return false
		}
	}
	return true
}

func hasSuffix(r []rune, s string) bool {
	w := []rune(s)
	return hasAt(r, len(r)-len(w), w)
}

func hasPrefix(r []rune, s string) bool { return hasAt(r, 0, []rune(s)) }

// index returns the first place of s in r, -1 if it is not there.
func index(r []rune, s string) int {
	w := []rune(s)
	for i := 0; i+len(w) <= len(r); i++ {
		if hasAt(r, i, w) {
			return i
		}
	}
	return -1
}

func contains(r []rune, s string) bool { return index(r, s) >= 0 }

// oneOf reports whether c is one of the runes of set.
func oneOf(c rune, set string) bool {
	for _, s := range set {
		if s == c {
			return true
		}
	}
	return false
}

// withNew is newLexicon with every word of at most two letters once more behind 新: 新修, 新引进.
func withNew(groups ...group) *lexicon {
	out := groups
	for _, g := range groups {
		more := ""
		for _, w := range fields(g.words) {
			if r := []rune(w); len(r) <= 2 && r[0] != '新' {
				more += " 新" + w
			}
		}
		out = append(out, group{g.tag, more, g.source})
	}
	return newLexicon(out...)
}
