package boards

import (
	"iter"
	"slices"
	"sort"
	"strings"

	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// lines are the matters of a month in memory, by matter. A month of a large district has tens of thousands, and a year of months is kept: so their texts
// stand one behind the other, without a pointer, and what they are broken down by stands once. Lines never change; see [lines.with].
type lines struct {
	in    []uint64
	under []uint32 // of each line as many numbers of words as it is broken down by
	wide  int      // how many those are
	ends  []uint32 // of each line, where its matter, its number and its title end
	text  []byte
	words []string
	at    map[string]uint32 // the numbers of words; only who makes lines of lines uses it, one at a time
}

// newLines returns the lines of matters, which are in order, each broken down by so many.
func newLines(wide int, all []indicator.ScoreLine) *lines {
	size := 0
	for i := range all {
		size += len(all[i].Of) + len(all[i].Number) + len(all[i].Title)
	}
	l := &lines{wide: wide, at: map[string]uint32{}}
	l.grow(len(all), size)
	for i := range all {
		l.add(&all[i])
	}
	return l
}

func (l *lines) grow(n, size int) {
	l.in, l.under, l.ends, l.text = make([]uint64, 0, n), make([]uint32, 0, n*l.wide), make([]uint32, 0, n*texts), make([]byte, 0, size)
}

// texts is how many texts a line has: its matter, its number and its title.
const texts = 3

func (l *lines) add(line *indicator.ScoreLine) {
	l.in = append(l.in, line.In)
	for i := range l.wide {
		word := ""
		if i < len(line.Under) {
			word = line.Under[i]
		}
		l.under = append(l.under, l.word(word))
	}
	for _, s := range [texts]string{string(line.Of), line.Number, line.Title} {
		l.text = append(l.text, s...)
		l.ends = append(l.ends, uint32(len(l.text)))
	}
}

func (l *lines) word(s string) uint32 {
	n, ok := l.at[s]
	if !ok {
		n = uint32(len(l.words))
		l.at[s], l.words = n, append(l.words, s)
	}
	return n
}

// copy adds some of other lines, which have the same words.
func (l *lines) copy(from *lines, first, until int) {
	begin, end := from.end(first*texts), from.end(until*texts)
	here := uint32(len(l.text))
	l.in = append(l.in, from.in[first:until]...)
	l.under = append(l.under, from.under[first*l.wide:until*l.wide]...)
	l.text = append(l.text, from.text[begin:end]...)
	for _, e := range from.ends[first*texts : until*texts] {
		l.ends = append(l.ends, e-begin+here)
	}
}

// end returns where the first n texts end.
func (l *lines) end(n int) uint32 {
	if n == 0 {
		return 0
	}
	return l.ends[n-1]
}

func (l *lines) len() int { return len(l.in) }

func (l *lines) of(i int) []byte { return l.text[l.end(i*texts):l.end(i*texts+1)] }

// find returns where the line of a matter stands or belongs.
func (l *lines) find(of name.ID) (i int, found bool) {
	i = sort.Search(l.len(), func(i int) bool { return string(l.of(i)) >= string(of) })
	return i, i < l.len() && string(l.of(i)) == string(of)
}

// line returns a line whole.
func (l *lines) line(i int) indicator.ScoreLine {
	said := func(n int) string { return string(l.text[l.end(i*texts+n):l.end(i*texts+n+1)]) }
	s := indicator.ScoreLine{Of: name.ID(said(0)), Number: said(1), Title: said(2), In: l.in[i], Under: make([]string, l.wide)}
	l.put(s.Under, i)
	return s
}

func (l *lines) put(under []string, i int) {
	for n := range under {
		under[n] = l.words[l.under[i*l.wide+n]]
	}
}

// whole returns all lines whole.
func (l *lines) whole() []indicator.ScoreLine {
	all := make([]indicator.ScoreLine, 0, l.len())
	for i := range l.len() {
		all = append(all, l.line(i))
	}
	return all
}

// shares returns what each line counts for, as [indicator.Scorecard.Board] is given it.
func (l *lines) shares() iter.Seq2[[]string, uint64] {
	return func(yield func([]string, uint64) bool) {
		under := make([]string, l.wide)
		for i, in := range l.in {
			if l.put(under, i); !yield(under, in) {
				return
			}
		}
	}
}

// with returns the lines with others in their place or between them, and without those that count for nothing any more. Each matter is among the changed once.
func (l *lines) with(changed []indicator.ScoreLine) *lines {
	slices.SortFunc(changed, byMatter)
	out, size := &lines{wide: l.wide, words: l.words, at: l.at}, len(l.text)
	for i := range changed {
		size += len(changed[i].Of) + len(changed[i].Number) + len(changed[i].Title)
	}
	out.grow(l.len()+len(changed), size)
	next := 0
	for i := range changed {
		at, found := l.find(changed[i].Of)
		out.copy(l, next, at)
		if next = at; found {
			next++
		}
		if changed[i].In != 0 {
			out.add(&changed[i])
		}
	}
	out.copy(l, next, l.len())
	return out
}

func byMatter(a, b indicator.ScoreLine) int { return strings.Compare(string(a.Of), string(b.Of)) }
