package pack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Fault is one thing wrong with a pack, told like a compiler tells it: where, what, the line,
// and where we can guess, what was meant.
type Fault struct {
	File   string // folder and file, such as works/pack.yaml
	Line   int    // from 1; 0 for a fault of the file as a whole
	Column int    // from 1, in characters
	Width  int    // how many characters the caret underlines, at least 1
	Source string // the line as it stands in the file
	Code   string // such as unknown-key; each has a sentence in two languages and a rejected form in testdata
	With   map[string]string
}

// Faults are all faults of all files that were read together, in the order of file and place.
// As an error it is told in English and wraps [fault.ErrInvalid].
type Faults []Fault

// maxFaults bounds how many faults are kept; a broken file of a megabyte has no more to tell.
const maxFaults = 500

func (fs Faults) Error() string { return fs.In("en") }

// Unwrap makes errors.Is find the kind.
func (fs Faults) Unwrap() error { return fault.ErrInvalid }

// In returns the faults in lang, "en" or anything else for Chinese, one below the other.
func (fs Faults) In(lang string) string {
	var b strings.Builder
	for i := range fs {
		b.WriteString(fs[i].In(lang))
	}
	if len(fs) == maxFaults {
		b.WriteString(name.Text{ZH: "（到此为止，其余的改完这些再看）\n", EN: "(no further; mend these first)\n"}.In(lang))
	}
	return b.String()
}

// In returns one fault in lang: place and sentence, the line, the caret, the hint; each line ends with \n.
func (f *Fault) In(lang string) string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	fmt.Fprintf(&b, ": %s\n", f.Says(lang))
	if f.Line > 0 {
		line, caret := f.picture()
		fmt.Fprintf(&b, "%5d | %s\n      | %s\n", f.Line, line, caret)
	}
	if hint := f.Hint(lang); hint != "" {
		fmt.Fprintf(&b, "      %s\n", hint)
	}
	return b.String()
}

// Says returns the fault's sentence in lang, without its place.
func (f *Fault) Says(lang string) string { return fill(sayings[f.Code].says.In(lang), f.With) }

// Hint returns what may help in lang, empty if we cannot guess.
func (f *Fault) Hint(lang string) string {
	if f.With["meant"] != "" {
		return fill(name.Text{ZH: "提示：是不是想写“{meant}”？", EN: "hint: did you mean “{meant}”?"}.In(lang), f.With)
	}
	hint := sayings[f.Code].hint.In(lang)
	if strings.Contains(hint, "{known}") && f.With["known"] == "" {
		return ""
	}
	hint = fill(hint, f.With)
	if hint == "" {
		return ""
	}
	return name.Text{ZH: "提示：", EN: "hint: "}.In(lang) + hint
}

func fill(s string, with map[string]string) string {
	for k, v := range with {
		s = strings.ReplaceAll(s, "{"+k+"}", v)
	}
	return s
}

// The window of a long line that is shown around the caret, in columns of the terminal.
const (
	window = 100
	before = 60
)

// picture returns the line, cut to a window around the fault if it is long, and the carets below it.
// A full-width character takes two columns, a combining mark none; a tab stays a tab in both lines.
func (f *Fault) picture() (line, caret string) {
	runes := []rune(f.Source)
	at := min(max(f.Column-1, 0), len(runes))
	from := at
	for room := before; from > 0; from-- {
		if room -= column(runes[from-1]); room < 0 {
			break
		}
	}
	if from > 0 && !longer(runes, window) {
		from = 0
	}
	to, room := from, window
	for ; to < len(runes); to++ {
		if room -= column(runes[to]); room < 0 && to > at {
			break
		}
	}
	left, right := "", ""
	if from > 0 {
		left = "…"
	}
	if to < len(runes) {
		right = "…"
	}
	end := min(at+max(f.Width, 1), to)
	pad := widened([]rune(left + string(runes[from:at])))
	return left + printable(string(runes[from:to])) + right, pad + strings.Repeat("^", max(1, columns(runes[at:end])))
}

// longer reports whether the characters take more columns than most, without looking further than it has to.
func longer(runes []rune, most int) bool {
	for _, r := range runes {
		if most -= column(r); most < 0 {
			return true
		}
	}
	return false
}

// widened returns a text of as many characters as the given ones take columns, tabs kept.
func widened(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteString(strings.Repeat(" ", column(r)))
	}
	return b.String()
}

// printable replaces what would move the terminal's cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if moves(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// moves reports whether a character would move the terminal's cursor or turn the direction of what follows.
func moves(r rune) bool {
	return r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

func columns(runes []rune) (n int) {
	for _, r := range runes {
		n += column(r)
	}
	return n
}

// column returns how many columns of a terminal a character takes (Unicode UAX 11; ambiguous ones are narrow).
func column(r rune) int {
	if moves(r) {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// collector gathers faults; a lenient one leaves judgements out.
type collector struct {
	faults  Faults
	lenient bool
}

// add notes a fault at a place. with alternates names and values.
func (c *collector) add(at spot, code string, with ...string) {
	if len(c.faults) >= maxFaults || c.lenient && sayings[code].judges {
		return
	}
	f := Fault{Line: at.line, Column: at.column, Width: at.width, Code: code, With: map[string]string{}}
	if at.src != nil {
		f.File, f.Source = at.src.name, at.src.line(at.line)
	}
	for i := 0; i+1 < len(with); i += 2 {
		f.With[with[i]] = with[i+1]
	}
	c.faults = append(c.faults, f)
}

// err returns the faults in order, nil if there are none.
func (c *collector) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(c.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.faults
}

// nearest returns the candidate that differs least from s, empty if all differ by more than a third.
func nearest(s string, candidates []string) string {
	best, most := "", len(s)/3+1
	for _, c := range candidates {
		if d := distance(s, c, most); d <= most && c != s {
			best, most = c, d-1
		}
	}
	return best
}

// distance returns how many letters have to be put in, taken out, changed or swapped with their neighbour
// to turn a into b (the optimal string alignment distance), or more than most as soon as that is certain.
func distance(a, b string, most int) int {
	if len(a) > 60 || len(b) > 60 || len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
