package indicator

import (
	"cmp"
	"iter"
	"slices"

	"bihuan/ground/money"
	"bihuan/ground/name"
)

// Scorecard is a monthly assessment of matters of one kind (考评表): how many were reported, due and done, the rates of these
// counts, and a score out of the rates. Every figure is the number of a set of matters, and every rate is of a set and a part
// of that same set, so that it is at most 100 % and anybody can count it again.
type Scorecard struct {
	Ref     string // pack/scorecard
	Version string
	Words   name.Text
	Of      string   // pack/kind
	Clock   string   // whose due time places a matter in the cohort “due”, and which tells in time from late
	By      []string // fields to break down by
	Counts  []ScoreCount
	Rates   []ScoreRate
	Bands   []ScoreBand // from the best on
}

// ScoreCount is a set of matters: of those of the cohort in the month, the ones for which Where holds.
type ScoreCount struct {
	Key    string
	Words  name.Text
	Cohort Cohort
	Where  string // a rule; empty for all
}

// ScoreRate is a part of a whole, both counts. Weight is its share in the score, 0 for a rate that is only shown.
type ScoreRate struct {
	Key    string
	Words  name.Text
	Part   string // a count: its matters outside of the whole's do not count
	Whole  string // a count
	Weight int
	Lower  bool // less is better, as with rework
}

// ScoreBand is what a score from From on is called.
type ScoreBand struct {
	From  int
	Words name.Text
	Light Light
}

// ScoreLine is one matter of a month: to which counts it belongs, and under what it is broken down.
type ScoreLine struct {
	Of     name.ID  `json:"of"`
	Number string   `json:"number"`
	Title  string   `json:"title"`
	Under  []string `json:"under"` // by the scorecard's By, empty where unknown
	In     uint64   `json:"in"`    // bit i for Counts[i]
}

// MaxScoreCounts is how many counts a scorecard may have: a line keeps a bit for each.
const MaxScoreCounts = 40

// ScoreRow is one line of a board: the counts, rates in per cent and the score of what is under one key.
type ScoreRow struct {
	Under  string
	Counts []int64
	Rates  []ScoreValue
	Score  ScoreValue
	Band   *ScoreBand // nil without a score
}

// ScoreValue is a value that may be missing: of nothing there is no rate.
type ScoreValue struct {
	Value money.Decimal
	Known bool
}

// Board breaks a month's lines down by one of the scorecard's fields, best score first, and ends with all of them together. Of each line it is given Under,
// which it does not keep, and In. A breakdown that the card does not have leaves only the last. It takes time in proportion to lines × counts.
func (c *Scorecard) Board(lines iter.Seq2[[]string, uint64], by string) (rows []ScoreRow, all ScoreRow) {
	at := slices.Index(c.By, by)
	whole, groups := c.newSum(), map[string]*scoreSum{}
	for under, in := range lines {
		whole.add(in)
		if at < 0 || at >= len(under) {
			continue
		}
		g := groups[under[at]]
		if g == nil {
			g = c.newSum()
			groups[under[at]] = g
		}
		g.add(in)
	}
	for key, g := range groups {
		rows = append(rows, c.row(key, g))
	}
	slices.SortFunc(rows, func(a, b ScoreRow) int {
		switch {
		case a.Score.Known != b.Score.Known:
			return cmp.Compare(yesNo(b.Score.Known), yesNo(a.Score.Known))
		case a.Score.Value.Cmp(b.Score.Value) != 0:
			return b.Score.Value.Cmp(a.Score.Value)
		}
		return cmp.Compare(a.Under, b.Under)
	})
	return rows, c.row("", whole)
}

// scoreSum adds up lines.
type scoreSum struct {
	counts []int64
	rates  []scoreShare // by the card's
}

// scoreShare is how many lines belong to the whole of a rate, and how many of those to its part.
type scoreShare struct {
	part, whole uint64 // the bit of each count, 0 where the card has none
	some, all   int64
}

func (c *Scorecard) newSum() *scoreSum {
	bit := func(key string) uint64 {
		if i := c.Count(key); i >= 0 {
			return 1 << i
		}
		return 0
	}
	s := &scoreSum{counts: make([]int64, len(c.Counts))}
	for _, r := range c.Rates {
		s.rates = append(s.rates, scoreShare{part: bit(r.Part), whole: bit(r.Whole)})
	}
	return s
}

func (s *scoreSum) add(in uint64) {
	for i := range s.counts {
		if in&(1<<i) != 0 {
			s.counts[i]++
		}
	}
	for i := range s.rates {
		if r := &s.rates[i]; in&r.whole != 0 {
			if r.all++; in&r.part != 0 {
				r.some++
			}
		}
	}
}

func yesNo(b bool) int {
	if b {
		return 1
	}
	return 0
}

// row is what the lines of one group come to.
func (c *Scorecard) row(under string, sum *scoreSum) ScoreRow {
	r := ScoreRow{Under: under, Counts: sum.counts}
	for _, share := range sum.rates {
		r.Rates = append(r.Rates, share.rate())
	}
	r.Score = c.score(r.Rates)
	for i := range c.Bands {
		if r.Score.Known && !r.Score.Value.Less(money.Int(int64(c.Bands[i].From))) {
			r.Band = &c.Bands[i]
			break
		}
	}
	return r
}

// Has reports whether the line belongs to the i-th count.
func (l *ScoreLine) Has(i int) bool { return i >= 0 && l.In&(1<<i) != 0 }

// Count returns the index of a count, -1 for none.
func (c *Scorecard) Count(key string) int {
	return slices.IndexFunc(c.Counts, func(x ScoreCount) bool { return x.Key == key })
}

func (s scoreShare) rate() ScoreValue {
	if s.all == 0 {
		return ScoreValue{}
	}
	v, err := money.Int(s.some * 100).Quo(money.Int(s.all))
	return ScoreValue{v.Round(2), err == nil}
}

// score is Σ weight × rate, a rate where less is better taken from 100, over the weights of those rates that there are. It is
// unknown where there is none.
func (c *Scorecard) score(rates []ScoreValue) ScoreValue {
	sum, weights := money.Zero, int64(0)
	for i, r := range c.Rates {
		if r.Weight == 0 || !rates[i].Known {
			continue
		}
		v := rates[i].Value
		if r.Lower {
			v = sub(money.Hundred, v)
		}
		sum, weights = add(sum, mul(v, money.Int(int64(r.Weight)))), weights+int64(r.Weight)
	}
	if weights == 0 {
		return ScoreValue{}
	}
	return ScoreValue{quo(sum, money.Int(weights)).Round(2), true}
}
