package find

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Ask is a question to an index.
type Ask struct {
	Query  Query    // the zero one holds everywhere
	Where  [][]Want // each of which at least one must hold; none passes everything
	From   int64    // µs, documents from then on; 0 for all
	Until  int64    // µs, documents before; 0 for all
	Newest bool     // newest first instead of best first
	After  *Place   // goes on behind a place
	Limit  int      // hits, 0 for none: counts only
	Count  []int    // traits by whose texts what is found is counted
}

// Want is a trait that a document must have, or with Not must not have.
type Want struct {
	Trait int
	Text  string
	How   How
	Not   bool
}

// How a text is compared with a document's.
type How int

// The ways of comparing.
const (
	Whole  How = iota // it is the same
	Word              // it is one of the words that stand there with blanks between
	Prefix            // it is its beginning
	Key               // it is one of its Keys, whatever Trait says; Not is not looked at
)

// Place is where a hit stands in the order of an answer.
type Place struct {
	Score float32
	At    int32
	Doc   uint32
}

// Hit is a document that was found.
type Hit = Place

// Answer is what was found: a page of hits, how many there are in all, and for each trait asked for how many there are of each text.
type Answer struct {
	Hits   []Hit
	Total  int
	Counts []map[string]int
}

// The parameters of the score: the two of BM25 as is usual, and what standing in the head is worth beside the most that the body
// can give, which is 1 + saturation.
const (
	saturation = 1.2
	byLength   = 0.75
	headBonus  = 3
)

// Search answers a question. It takes time in the length of the postings of the rarest phrases, and memory for one page. What Pages returns
// as an error is returned.
func (x *Index) Search(ask Ask, pages Pages) (Answer, error) {
	s := search{x: x, ask: &ask, top: top{most: ask.Limit, newest: ask.Newest}}
	for _, trait := range ask.Count {
		s.counts = append(s.counts, make([]int, len(x.keys[trait])))
	}
	lists, err := x.gather(ask.Query.terms(), pages)
	if err != nil {
		return Answer{}, err
	}
	if s.filter, err = x.compile(&ask, pages); err != nil {
		return Answer{}, err
	}
	s.weigh(lists)
	if len(ask.Query.phrases) == 0 {
		s.everything()
		return s.answer(), nil
	}
	for i, p := range x.parts {
		s.part(p, lists[i])
	}
	return s.answer(), nil
}

// gather returns the list of each term in each part.
func (x *Index) gather(terms []Term, pages Pages) ([]map[Term]list, error) {
	lists := make([]map[Term]list, len(x.parts))
	var asks []Page
	for _, p := range x.parts {
		for _, t := range terms {
			if p.Kept() {
				asks = append(asks, Page{p.ID, t})
			}
		}
	}
	var kept []Leaf
	if len(asks) > 0 {
		var err error
		if kept, err = pages.Leaves(asks); err != nil {
			return nil, err
		}
	}
	for i, p := range x.parts {
		lists[i] = make(map[Term]list, len(terms))
		for _, t := range terms {
			var leaf Leaf
			if p.Kept() {
				leaf, kept = kept[0], kept[1:]
			} else {
				leaf, _ = leafOf(p.leaves, t)
			}
			if l, ok := leaf.list(t); ok {
				lists[i][t] = l
			}
		}
	}
	return lists, nil
}

// search is a question being answered.
type search struct {
	x      *Index
	ask    *Ask
	filter filter
	weight []float64 // of each phrase
	avg    float64
	top    top
	total  int
	counts [][]int
}

// weigh works out how much a phrase says: the rarer, the more. How many documents have it is taken from its rarest term.
func (s *search) weigh(lists []map[Term]list) {
	n := float64(max(s.x.live, 1))
	s.avg = max(1, float64(s.x.total)/n)
	for _, p := range s.ask.Query.phrases {
		rarest := math.MaxInt
		for _, t := range p.terms {
			sum := 0
			for _, part := range lists {
				sum += part[t].n
			}
			rarest = min(rarest, sum)
		}
		df := min(float64(rarest), n)
		s.weight = append(s.weight, math.Log(1+(n-df+0.5)/(df+0.5)))
	}
}

// part looks through one part.
func (s *search) part(p *Part, lists map[Term]list) {
	phrases := make([]matcher, 0, len(s.ask.Query.phrases))
	for _, ph := range s.ask.Query.phrases {
		m, ok := newMatcher(&ph, lists)
		if !ok {
			return
		}
		phrases = append(phrases, m)
	}
	order := make([]int, len(phrases)) // the rarest phrase leads
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(phrases[a].n, phrases[b].n) })
	lead := &phrases[order[0]]
	for lead.next() {
		doc := lead.doc()
		if int(doc) >= len(s.x.slot) || s.x.slot[doc] != p.slot || !s.filter.passes(&s.x.cards, doc) || !lead.stands() {
			continue
		}
		if s.all(phrases, order[1:], doc) {
			s.hit(phrases, doc)
		}
	}
}

// everything looks at each document.
func (s *search) everything() {
	for id, slot := range s.x.slot {
		if slot != none && s.x.length[id] > 0 && s.filter.passes(&s.x.cards, uint32(id)) {
			s.hit(nil, uint32(id))
		}
	}
}

// all reports whether the other phrases stand in a document too.
func (s *search) all(phrases []matcher, others []int, doc uint32) bool {
	for _, i := range others {
		if !phrases[i].seek(doc) || !phrases[i].stands() {
			return false
		}
	}
	return true
}

// hit counts a document and puts it among the best.
func (s *search) hit(phrases []matcher, doc uint32) {
	s.total++
	for i, trait := range s.ask.Count {
		s.counts[i][s.x.traits[trait].of(doc)]++
	}
	if s.top.most == 0 {
		return
	}
	norm := saturation * (1 - byLength + byLength*float64(s.x.length[doc])/s.avg)
	score := 0.0
	for i := range phrases {
		tf := float64(phrases[i].tf)
		score += s.weight[i] * tf * (saturation + 1) / (tf + norm)
		if phrases[i].head {
			score += s.weight[i] * headBonus
		}
	}
	h := Hit{float32(score), s.x.at[doc], doc}
	if s.ask.After == nil || s.top.before(*s.ask.After, h) {
		s.top.add(h)
	}
}

func (s *search) answer() Answer {
	a := Answer{Total: s.total, Hits: s.top.sorted()}
	for i, trait := range s.ask.Count {
		m := map[string]int{}
		for k, n := range s.counts[i] {
			if n > 0 {
				m[s.x.keys[trait][k]] = n
			}
		}
		a.Counts = append(a.Counts, m)
	}
	return a
}

// filter is Where and the time, ready to be asked of many documents.
type filter struct {
	clauses     []clause
	from, until int32
}

// clause passes a document by one of its traits, or by a key.
type clause struct {
	tables []table
	having bitmap
}

// table tells for each text of a trait whether it is wanted.
type table struct {
	trait int
	want  []bool
}

// minutes is a number of minutes as cards hold it; what is further away than they reach is as far as they reach.
func minutes(n int64) int32 { return int32(min(max(n, math.MinInt32), math.MaxInt32)) }

func (x *Index) compile(ask *Ask, pages Pages) (filter, error) {
	f := filter{from: math.MinInt32, until: math.MaxInt32}
	if ask.From != 0 {
		f.from = minutes(ask.From / minute)
	}
	if ask.Until != 0 {
		until := ask.Until / minute
		if ask.Until%minute > 0 {
			until++
		}
		f.until = minutes(until)
	}
	lists, err := x.gather(ask.keys(), pages)
	if err != nil {
		return f, err
	}
	for _, wants := range ask.Where {
		f.clauses = append(f.clauses, clause{x.tables(wants), x.having(wants, lists)})
	}
	return f, nil
}

// tables makes of the wants of a clause a table for each trait that they are about.
func (x *Index) tables(clause []Want) (tables []table) {
	for trait := range Traits {
		var mine []Want
		exact := map[string]bool{}
		for _, w := range clause {
			switch {
			case w.Trait != trait || w.How == Key:
			case w.How == Prefix || w.Not:
				mine = append(mine, w)
			default:
				exact[w.Text] = exact[w.Text] || w.How == Word
			}
		}
		if len(mine)+len(exact) == 0 {
			continue
		}
		t := table{trait, make([]bool, len(x.keys[trait]))}
		for n, text := range x.keys[trait] {
			t.want[n] = has(exact, text) || slices.ContainsFunc(mine, func(w Want) bool { return w.holds(text) })
		}
		tables = append(tables, t)
	}
	return tables
}

// has reports whether a text, or a word of it where words are wanted, is among those wanted.
func has(wanted map[string]bool, text string) bool {
	if _, whole := wanted[text]; whole {
		return true
	}
	for word := range strings.FieldsSeq(text) {
		if wanted[word] {
			return true
		}
	}
	return false
}

func (w *Want) holds(text string) bool {
	holds := text == w.Text
	switch w.How {
	case Word:
		holds = slices.Contains(strings.Fields(text), w.Text)
	case Prefix:
		holds = strings.HasPrefix(text, w.Text)
	}
	return holds != w.Not
}

func (f *filter) passes(c *cards, doc uint32) bool {
	if at := c.at[doc]; at < f.from || at >= f.until {
		return false
	}
	for i := range f.clauses {
		if !f.clauses[i].passes(c, doc) {
			return false
		}
	}
	return true
}

func (cl *clause) passes(c *cards, doc uint32) bool {
	for i := range cl.tables {
		if t := &cl.tables[i]; t.want[c.traits[t.trait].of(doc)] {
			return true
		}
	}
	return cl.having.has(doc)
}

// top keeps the best hits, the worst of them first.
type top struct {
	most   int
	newest bool
	hits   []Hit
}

// before reports whether a comes before b in the answer.
func (t *top) before(a, b Hit) bool {
	if !t.newest && a.Score != b.Score {
		return a.Score > b.Score
	}
	if a.At != b.At {
		return a.At > b.At
	}
	return a.Doc > b.Doc
}

func (t *top) add(h Hit) {
	if len(t.hits) < t.most {
		t.hits = append(t.hits, h)
		for i := len(t.hits) - 1; i > 0 && t.before(t.hits[(i-1)/2], t.hits[i]); i = (i - 1) / 2 {
			t.hits[i], t.hits[(i-1)/2] = t.hits[(i-1)/2], t.hits[i]
		}
		return
	}
	if !t.before(h, t.hits[0]) {
		return
	}
	t.hits[0] = h
	for i := 0; ; {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(t.hits); c++ {
			if t.before(t.hits[worst], t.hits[c]) {
				worst = c
			}
		}
		if worst == i {
			return
		}
		t.hits[i], t.hits[worst] = t.hits[worst], t.hits[i]
		i = worst
	}
}

func (t *top) sorted() []Hit {
	slices.SortFunc(t.hits, func(a, b Hit) int {
		switch {
		case t.before(a, b):
			return -1
		case t.before(b, a):
			return 1
		}
		return 0
	})
	return t.hits
}
