package classify

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
)

// Class is one class of a dictionary.
type Class struct {
	Code  string
	Words []string // its name, other names, key words, what it is filed for; each counts like an example
}

// Example is a text that a person gave a class.
type Example struct {
	Text string
	Code string
}

// Model knows how much each feature of a text speaks for each class. It is not changed after it was learnt and is safe
// for many goroutines. The zero Model makes no guess.
type Model struct {
	codes  []string
	index  map[string]int // of a feature
	idf    []float64      // how much a feature says, by how seldom it is met
	weight []float32      // [feature × class]
	called [][]string     // of a class: its words, the longest first
}

// The settings of learning. Ours: two passes are as good as eight on real messages, a feature that was met once
// only names a place, and 50,000 features keep a dictionary of 150 classes below 30 MB.
const (
	passes      = 2
	rate        = 4.0
	halfway     = 20_000.0 // steps after which the rate is halved
	leastMet    = 2
	mostFeature = 50_000
	idle        = 1e-3 // a class whose share is off by less is not corrected
)

// Learn returns a model of the classes, in their order; a code that stands twice is one class. Examples of other codes are
// left out. It costs about 20 µs an example for ten classes.
func Learn(classes []Class, examples []Example) *Model {
	m := &Model{index: map[string]int{}}
	at := map[string]int{}
	var all []lesson
	told := map[string]bool{} // by the classes' own words
	for _, c := range classes {
		if _, ok := at[c.Code]; !ok {
			at[c.Code] = len(m.codes)
			m.codes, m.called = append(m.codes, c.Code), append(m.called, nil)
		}
		for _, w := range c.Words {
			l := newLesson(w, at[c.Code])
			for f := range l.seen {
				told[f] = true
			}
			all = append(all, l)
		}
		called := &m.called[at[c.Code]]
		*called = append(*called, c.Words...)
		slices.SortStableFunc(*called, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	for _, e := range examples {
		if c, ok := at[e.Code]; ok {
			all = append(all, newLesson(e.Text, c))
		}
	}
	slices.SortFunc(all, func(a, b lesson) int { return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.class, b.class)) })
	m.choose(all, told)
	m.weight = make([]float32, len(m.idf)*len(m.codes))
	m.descend(all)
	return m
}

// lesson is one text to learn from.
type lesson struct {
	seen  map[string]float64
	class int
	order uint64 // by the text, so that the order of the examples does not matter and classes are well mixed
}

func newLesson(text string, class int) lesson {
	h := fnv.New64a()
	h.Write([]byte(text))
	return lesson{features(text), class, h.Sum64()}
}

// choose takes the features that are worth a weight, those met most often if there are too many. told are those of the classes' own words. What stands in
// one example alone is no feature: nobody would learn a class by it, and whoever asks could read out of the answer that a name stands there.
func (m *Model) choose(all []lesson, told map[string]bool) {
	met := map[string]int{}
	for _, l := range all {
		for f := range l.seen {
			met[f]++
		}
	}
	few := len(all) < 1000 // hardly more than a dictionary: each of its words counts
	var names []string
	for f, n := range met {
		if n >= leastMet || few && told[f] {
			names = append(names, f)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(met[b], met[a]), cmp.Compare(a, b)) })
	names = names[:min(len(names), mostFeature)]
	for i, f := range names {
		m.index[f] = i
		m.idf = append(m.idf, math.Log((float64(len(all))+1)/(float64(met[f])+0.5)))
	}
}

// vector is a text as the model sees it: the features that it knows, of length 1.
type vector struct {
	at    []int
	value []float64
}

// vector returns a text's features in their order, so that sums do not depend on the order of a map.
func (m *Model) vector(seen map[string]float64) (v vector) {
	for f := range seen {
		if i, ok := m.index[f]; ok {
			v.at = append(v.at, i)
		}
	}
	slices.Sort(v.at)
	v.value = make([]float64, len(v.at))
	byIndex := make(map[int]float64, len(seen))
	for f, n := range seen {
		if i, ok := m.index[f]; ok {
			byIndex[i] = n
		}
	}
	length := 0.0
	for x, i := range v.at {
		v.value[x] = (1 + math.Log(byIndex[i])) * m.idf[i]
		length += v.value[x] * v.value[x]
	}
	for x := range v.value {
		v.value[x] /= math.Sqrt(length)
	}
	return v
}

// descend walks down the gradient of the logarithmic loss, one text after the other.
func (m *Model) descend(all []lesson) {
	k := len(m.codes)
	vectors := make([]vector, len(all))
	for i, l := range all {
		vectors[i] = m.vector(l.seen)
	}
	share := make([]float64, k)
	step := 0
	for range passes {
		for i, v := range vectors {
			step++
			r := rate / (1 + float64(step)/halfway)
			m.shares(v, share)
			for c := range share {
				off := share[c]
				if c == all[i].class {
					off--
				}
				if math.Abs(off) < idle {
					continue
				}
				for x, f := range v.at {
					m.weight[f*k+c] -= float32(r * off * v.value[x])
				}
			}
		}
	}
}

// shares sets how the model spreads its belief over the classes; they add up to 1.
func (m *Model) shares(v vector, share []float64) {
	k := len(m.codes)
	clear(share)
	for x, f := range v.at {
		for c, w := range m.weight[f*k : f*k+k] {
			share[c] += float64(w) * v.value[x]
		}
	}
	top, sum := slices.Max(share), 0.0
	for c := range share {
		share[c] = math.Exp(share[c] - top)
		sum += share[c]
	}
	for c := range share {
		share[c] /= sum
	}
}
