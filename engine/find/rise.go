package find

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/bits"
	"slices"
	"unicode"

	"bihuan/ground/fault"
)

// Period is a span of time in µs, [From, Until).
type Period struct{ From, Until int64 }

// Rise is a term with how many documents of two periods have it.
type Rise struct {
	Term        Term
	Now, Before int
	Score       float64 // how far Now is from what Before leads one to expect, in standard deviations
}

// Spans are two periods to be compared, of the documents that Where leaves as it does in an [Ask].
type Spans struct {
	Where       [][]Want
	Now, Before Period
}

// MostSpans is how many pairs of periods are compared at once.
const MostSpans = 32

// Comparison is periods of an index side by side, as it stood when they were compared: it may change since.
type Comparison struct {
	Docs  [][2]int // of each pair, documents of the period and of the one before
	in    []uint64 // of each document, a bit for each period that it is in: two for each pair
	slot  []uint8
	parts []*Part
}

// Compare looks which documents are in which of up to [MostSpans] pairs of periods. It wraps [fault.ErrInvalid] for more.
func (x *Index) Compare(spans []Spans, pages Pages) (*Comparison, error) {
	if len(spans) > MostSpans {
		return nil, fmt.Errorf("%d pairs of periods, at most %d: %w", len(spans), MostSpans, fault.ErrInvalid)
	}
	c := &Comparison{Docs: make([][2]int, len(spans)), in: make([]uint64, len(x.slot)), slot: slices.Clone(x.slot), parts: x.Parts()}
	for k, s := range spans {
		for i, p := range []Period{s.Now, s.Before} {
			in, err := x.compile(&Ask{Where: s.Where, From: p.From, Until: p.Until}, pages)
			if err != nil {
				return nil, err
			}
			for id := range x.slot {
				if x.slot[id] != none && x.length[id] > 0 && in.passes(&x.cards, uint32(id)) {
					c.in[id] |= 1 << (2*k + i)
					c.Docs[k][i]++
				}
			}
		}
	}
	return c, nil
}

// Changes returns for each text of a trait how many documents of the two periods of a pair have it; those with none in either are left
// out. The index must not have changed since they were compared.
func (x *Index) Changes(c *Comparison, pair, trait int) map[string][2]int {
	counts := make([][2]int, len(x.keys[trait]))
	for id, in := range c.in {
		for i := range 2 {
			counts[x.traits[trait].of(uint32(id))][i] += int(in >> (2*pair + i) & 1)
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

// Rising returns for each pair the terms that more documents of the period have than those of the period before lead one to expect, the most
// striking first, at most most of them. Terms of fewer than least documents now, and those with a digit in
// them or of nothing but Latin letters, are left out. read yields the leaves of a kept part; the index may change meanwhile, the leaves
// must not. It reads the whole index as it was, once for all pairs: some 100 ns for each document and page of text.
//
// The measure is the difference from the expected count over its standard deviation, as of a Poisson count with one half added, so that
// what was never there before is not infinitely striking; it is ours.
func (c *Comparison) Rising(least, most int, read func(*Part) iter.Seq2[Leaf, error]) (all [][]Rise, err error) {
	all = make([][]Rise, len(c.Docs))
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
		var n [2 * MostSpans]int
		for i := range streams {
			if s := &streams[i]; !s.done && s.term == t {
				c.tally(&s.list, c.parts[i].slot, &n)
				if err := s.step(); err != nil {
					return nil, err
				}
			}
		}
		if !t.says() {
			continue
		}
		for k, docs := range c.Docs {
			if now, before := n[2*k], n[2*k+1]; now >= least {
				all[k] = append(all[k], Rise{Term: t, Now: now, Before: before, Score: Striking(now, before, docs[0], docs[1])})
			}
			if len(all[k]) >= 4096+2*most { // the rest will not be among the most
				all[k] = striking(all[k], most)
			}
		}
	}
	for k := range all {
		all[k] = striking(all[k], most)
	}
	return all, nil
}

// striking leaves the most striking of terms in their order.
func striking(all []Rise, most int) []Rise {
	slices.SortStableFunc(all, func(a, b Rise) int { return cmp.Compare(b.Score, a.Score) })
	return all[:min(len(all), most)]
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

// tally counts the documents of a list in each period.
func (c *Comparison) tally(l *list, slot uint8, n *[2 * MostSpans]int) {
	r := l.reader()
	for r.next() {
		if int(r.doc) >= len(c.in) || c.in[r.doc] == 0 || c.slot[r.doc] != slot {
			continue
		}
		for in := c.in[r.doc]; in != 0; in &= in - 1 {
			n[bits.TrailingZeros64(in)]++
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
