package find

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"unicode"
)

// Period is a span of time in µs, [From, Until).
type Period struct{ From, Until int64 }

// Rise is a term with how many documents of two periods have it.
type Rise struct {
	Term        Term
	Now, Before int
	Score       float64 // how far Now is from what Before leads one to expect, in standard deviations
}

// Comparison is two periods of an index side by side, as it stood when they were compared: it may change since.
type Comparison struct {
	Now, Before int     // documents of the period, and of the one before
	period      []uint8 // of each document, a bit for each period that it is in
	slot        []uint16
	parts       []*Part
}

// Compare looks which documents are in a period and which in the one before.
func (x *Index) Compare(where [][]Want, now, before Period, pages Pages) (*Comparison, error) {
	c := &Comparison{period: make([]uint8, len(x.slot)), slot: slices.Clone(x.slot), parts: x.Parts()}
	for i, n := range []*int{&c.Now, &c.Before} {
		p := []Period{now, before}[i]
		in, err := x.compile(&Ask{Where: where, From: p.From, Until: p.Until}, pages)
		if err != nil {
			return nil, err
		}
		for id := range x.slot {
			if x.slot[id] != none && x.length[id] > 0 && in.passes(&x.cards, uint32(id)) {
				c.period[id] |= 1 << i
				*n++
			}
		}
	}
	return c, nil
}

// Changes returns for each text of a trait how many documents of the two periods have it; those with none in either are left out. The
// index must not have changed since they were compared.
func (x *Index) Changes(c *Comparison, trait int) map[string][2]int {
	counts := make([][2]int, len(x.keys[trait]))
	for id, in := range c.period {
		for i := range 2 {
			counts[x.traits[trait][id]][i] += int(in >> i & 1)
		}
	}
	out := map[string][2]int{}
	for i, n := range counts {
		if n != [2]int{} {
			out[x.keys[trait][i]] = n
		}
	}
	return out
}

// Rising returns the terms that more documents of the period have than those of the period before lead one to expect, the most
// striking first, at most most of them. Terms of fewer than least documents now, and those with a digit in
// them or of nothing but Latin letters, are left out. read yields the leaves of a kept part; the index may change meanwhile, the leaves
// must not. It reads the whole index as it was: some 100 ns for each document and page of text.
//
// The measure is the difference from the expected count over its standard deviation, as of a Poisson count with one half added, so that
// what was never there before is not infinitely striking; it is ours.
func (c *Comparison) Rising(least, most int, read func(*Part) iter.Seq2[Leaf, error]) (all []Rise, err error) {
	streams := make([]stream, len(c.parts))
	for i, p := range c.parts {
		leaves := inMemory(p.leaves)
		if p.Kept() {
			leaves = read(p)
		}
		next, stop := pullEntries(leaves)
		defer stop()
		streams[i].next = next
		if err := streams[i].step(); err != nil {
			return nil, err
		}
	}
	for {
		t := leastOf(streams)
		if t == math.MaxUint64 {
			break
		}
		var n [2]int
		for i := range streams {
			if s := &streams[i]; !s.done && s.term == t {
				c.tally(&s.list, c.parts[i].slot, &n)
				if err := s.step(); err != nil {
					return nil, err
				}
			}
		}
		if n[0] >= least && t.says() {
			all = append(all, Rise{Term: t, Now: n[0], Before: n[1], Score: Striking(n[0], n[1], c.Now, c.Before)})
		}
	}
	slices.SortStableFunc(all, func(a, b Rise) int { return cmp.Compare(b.Score, a.Score) })
	return all[:min(len(all), most)], nil
}

// leastOf is the least term at which a stream stands.
func leastOf(streams []stream) Term {
	least := Term(math.MaxUint64)
	for i := range streams {
		if !streams[i].done {
			least = min(least, streams[i].term)
		}
	}
	return least
}

// tally counts the documents of a list in the two periods.
func (c *Comparison) tally(l *list, slot uint16, n *[2]int) {
	r := l.reader()
	for r.next() {
		if int(r.doc) < len(c.period) && c.period[r.doc] != 0 && c.slot[r.doc] == slot {
			n[0] += int(c.period[r.doc] & 1)
			n[1] += int(c.period[r.doc] >> 1)
		}
	}
}

// says reports whether a term may be part of a word that says something: not of a number, a plate or an id.
func (t Term) says() bool {
	if t.isKey() {
		return false
	}
	a, b := rune(t>>runeBits), rune(t&(1<<runeBits-1))
	return !unicode.IsNumber(a) && !unicode.IsNumber(b) && (a > unicode.MaxLatin1 || b > unicode.MaxLatin1)
}

// Striking is how far a count of documents is from what the one before leads one to expect: in standard deviations, negative
// where it is less. docsNow and docsBefore are all documents of the periods; where there were none before, nothing is expected.
func Striking(now, before, docsNow, docsBefore int) float64 {
	expected := 0.0
	if docsBefore > 0 {
		expected = float64(before) * float64(docsNow) / float64(docsBefore)
	}
	return (float64(now) - expected) / math.Sqrt(expected+0.5)
}

// Grow makes of a term the word that it stands in: the longest row of characters around it, at most nine, that stands in at least
// share of the texts that have the term. Texts are as they are written; the word is folded.
func Grow(t Term, texts []string, share float64) string {
	a, b := rune(t>>runeBits), rune(t&(1<<runeBits-1))
	rows := map[string]int{}
	with := 0
	for _, text := range texts {
		seen := map[string]bool{}
		var row []rune
		for _, r := range text {
			row = append(row, Fold(r))
		}
		for i := 0; i+1 < len(row); i++ {
			if row[i] == a && row[i+1] == b {
				around(row, i, seen)
			}
		}
		if len(seen) > 0 {
			with++
		}
		for s := range seen {
			rows[s]++
		}
	}
	best := t.String()
	for s, n := range rows {
		if longer := len(s) - len(best); float64(n) >= share*float64(with) && (longer > 0 || longer == 0 && s < best) {
			best = s
		}
	}
	return best
}

// maxWord is how many characters a word has at most.
const maxWord = 9

// around adds each row of characters around the two at i that no sign or digit parts.
func around(row []rune, i int, seen map[string]bool) {
	whole := func(r rune) bool { return r != 0 && !unicode.IsNumber(r) }
	for from := i; from >= 0 && whole(row[from]) && i+2-from <= maxWord; from-- {
		for to := i + 2; to <= len(row) && to-from <= maxWord && whole(row[to-1]); to++ {
			seen[string(row[from:to])] = true
		}
	}
}
