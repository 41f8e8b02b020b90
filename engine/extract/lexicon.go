package extract

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// word is an entry of a lexicon: its code points and what the lexicon says of it.
type word struct {
	runes []rune
	tag   int
}

// lexicon finds the longest word that begins or ends at a place. The zero value holds nothing.
type lexicon struct {
	first table
	last  table
}

// table holds words by one of their letters: two steps of 256, so that looking up costs no hashing. The second step says
// where in lists the words are, 0 for none: a number each, since most letters of a page have none.
type table struct {
	pages [256]*[256]uint16
	lists [][]word
}

func (t *table) of(c rune) []word {
	if c < 0 || c > 0xffff || t.pages[c>>8] == nil {
		return nil
	}
	if i := t.pages[c>>8][c&0xff]; i > 0 {
		return t.lists[i-1]
	}
	return nil
}

func (t *table) add(c rune, w word) {
	if t.pages[c>>8] == nil {
		t.pages[c>>8] = new([256]uint16)
	}
	i := &t.pages[c>>8][c&0xff]
	if *i == 0 {
		t.lists = append(t.lists, nil)
		*i = uint16(len(t.lists))
	}
	t.lists[*i-1] = append(t.lists[*i-1], w)
}

// group is a row of a lexicon: words (separated by blanks) that share a tag, and the texts that motivated them.
type group struct {
	tag    int
	words  string
	source string
}

// newLexicon builds a lexicon from rows. A word that occurs twice keeps the tag of its first row.
func newLexicon(groups ...group) *lexicon {
	l := &lexicon{}
	seen := map[string]bool{}
	for _, g := range groups {
		for _, s := range fields(g.words) {
			if seen[s] {
				continue
			}
			seen[s] = true
			w := word{[]rune(s), g.tag}
			l.first.add(w.runes[0], w)
			l.last.add(w.runes[len(w.runes)-1], w)
		}
	}
	for _, t := range []*table{&l.first, &l.last} {
		for _, ws := range t.lists {
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
	for _, w := range l.first.of(r[i]) {
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
	for _, w := range l.last.of(r[j-1]) {
		if n := len(w.runes); n <= j && hasAt(r, j-n, w.runes) {
			return n, w.tag
		}
	}
	return 0, 0
}

// in returns length and tag of the first word of the lexicon in r, length 0 if none.
func (l *lexicon) in(r []rune) (length, tag int) {
	for i := range r {
		if n, t := l.at(r, i); n > 0 {
			return n, t
		}
	}
	return 0, 0
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

// reads reports whether s stands at r[i].
func reads(r []rune, i int, s string) bool {
	if i < 0 {
		return false
	}
	for _, c := range s {
		if i >= len(r) || r[i] != c {
			return false
		}
		i++
	}
	return true
}

func hasSuffix(r []rune, s string) bool { return reads(r, len(r)-utf8.RuneCountInString(s), s) }

func hasPrefix(r []rune, s string) bool { return reads(r, 0, s) }

// index returns the first place of s in r, -1 if it is not there.
func index(r []rune, s string) int {
	first, _ := utf8.DecodeRuneInString(s)
	for i, c := range r {
		if c == first && reads(r, i, s) {
			return i
		}
	}
	return -1
}

func contains(r []rune, s string) bool { return index(r, s) >= 0 }

// oneOf reports whether c is one of the runes of set.
func oneOf(c rune, set string) bool {
	if c < utf8.RuneSelf {
		return strings.IndexByte(set, byte(c)) >= 0
	}
	for i := 0; i < len(set); {
		s, n := utf8.DecodeRuneInString(set[i:])
		if s == c {
			return true
		}
		i += n
	}
	return false
}

// joinedWords returns every word of the first list before every word of the second.
func joinedWords(front, back string) []string {
	return fields(joined(fields(front), fields(back)...))
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
