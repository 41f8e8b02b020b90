package extract

import (
	"bufio"
	"encoding/json"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// This file is a transcription of the scorer that the annotated reports come with, used only in tests.

const (
	maxNumberSpan    = 80
	maxMilestoneSpan = 120
	maxScoredSubject = 40
)

// goldItem is a line of a gold file, or a statement brought into the same shape.
type goldItem struct {
	Type       string       `json:"type"`
	Kind       string       `json:"kind"`
	Year       int          `json:"year"`
	Subject    string       `json:"subject"`
	SubjectAlt []string     `json:"subject_alt"`
	Op         string       `json:"op"`
	Value      *json.Number `json:"value"`
	ValueMax   *json.Number `json:"value_max"`
	Unit       string       `json:"unit"`
	Text       string       `json:"text"`
	Start      int          `json:"start"`
	End        int          `json:"end"`
	confidence float64
}

func (g goldItem) span() (int, int) { return g.Start, g.Start + len([]rune(g.Text)) }

// loadGold reads a gold file: the annotated stretch and its items.
func loadGold(t testing.TB, path string) (from, to int, items []goldItem) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var g goldItem
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if g.Type == "meta" {
			from, to = g.Start, g.End
			continue
		}
		items = append(items, g)
	}
	return from, to, items
}

func fromStatement(s Statement) goldItem {
	g := goldItem{Type: string(s.Type), Kind: string(s.Kind), Year: s.Year, Subject: s.Subject, Op: string(s.Op), Unit: s.Unit, Text: s.Text, Start: s.Start, confidence: s.Confidence}
	if s.Value != "" {
		n := json.Number(s.Value)
		g.Value = &n
	}
	if s.ValueMax != "" {
		n := json.Number(s.ValueMax)
		g.ValueMax = &n
	}
	return g
}

func sameNumber(a, b *json.Number) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, okX := new(big.Rat).SetString(a.String())
	y, okY := new(big.Rat).SetString(b.String())
	if !okX || !okY {
		return false
	}
	diff := new(big.Rat).Sub(x, y)
	limit := new(big.Rat).Abs(x)
	if ay := new(big.Rat).Abs(y); ay.Cmp(limit) > 0 {
		limit = ay
	}
	return diff.Abs(diff).Cmp(limit.Mul(limit, big.NewRat(1, 1_000_000_000))) <= 0
}

var blanks = regexp.MustCompile(`\s`)

func scoredUnit(u string) string {
	u = blanks.ReplaceAllString(norm.NFKC.String(u), "")
	if rest, ok := strings.CutPrefix(u, "个"); ok && rest != "" {
		u = rest
	}
	switch u {
	case "千米":
		return "公里"
	case "平方千米":
		return "平方公里"
	case "百分比":
		return "%"
	}
	return u
}

func plainWords(s string) []rune {
	var out []rune
	for _, c := range norm.NFKC.String(s) {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			out = append(out, c)
		}
	}
	return out
}

// subjectLike is containment, or at least half of the characters in common.
func subjectLike(gold, pred goldItem) bool {
	p := plainWords(pred.Subject)
	if len(p) == 0 {
		return false
	}
	for _, name := range append([]string{gold.Subject}, gold.SubjectAlt...) {
		g := plainWords(name)
		if len(g) == 0 {
			continue
		}
		if string(g) == string(p) {
			return true
		}
		if len(p) <= maxScoredSubject && min(len(g), len(p)) >= 2 && (strings.Contains(string(p), string(g)) || strings.Contains(string(g), string(p))) {
			return true
		}
		rest := map[rune]int{}
		for _, c := range g {
			rest[c]++
		}
		hit := 0
		for _, c := range p {
			if rest[c] > 0 {
				rest[c]--
				hit++
			}
		}
		if 4*hit >= len(g)+len(p) {
			return true
		}
	}
	return false
}

func overlapping(a, b goldItem) int {
	a0, a1 := a.span()
	b0, b1 := b.span()
	return max(0, min(a1, b1)-max(a0, b0))
}

func numberOK(g, p goldItem) bool {
	n := len([]rune(p.Text))
	return n > 0 && n <= maxNumberSpan && overlapping(g, p) > 0 && g.Value != nil && sameNumber(g.Value, p.Value) &&
		sameNumber(g.ValueMax, p.ValueMax) && scoredUnit(g.Unit) == scoredUnit(p.Unit)
}

func fullOK(g, p goldItem) bool { return g.Kind == p.Kind && g.Year == p.Year && g.Op == p.Op }

func milestoneOK(g, p goldItem) bool {
	return len([]rune(p.Text)) <= maxMilestoneSpan && overlapping(g, p) > 0 && subjectLike(g, p)
}

func agreement(g, p goldItem) float64 {
	inter := overlapping(g, p)
	union := len([]rune(g.Text)) + len([]rune(p.Text)) - inter
	w := 1000 + 9*float64(inter)/float64(max(1, union))
	if fullOK(g, p) {
		w += 30
	}
	if subjectLike(g, p) {
		w += 30
	}
	return w
}

// pairing is a gold item and the prediction assigned to it, by index.
type pairing struct{ gold, pred int }

// assign matches one to one with the greatest total agreement: successive best augmenting paths (Bellman–Ford).
func assign(golds, preds []goldItem, ok func(g, p goldItem) bool) []pairing {
	type edge struct {
		pred int
		w    float64
	}
	adj := map[int][]edge{}
	for i, g := range golds {
		for j, p := range preds {
			if ok(g, p) {
				adj[i] = append(adj[i], edge{j, agreement(g, p)})
			}
		}
	}
	mg, mp := map[int]int{}, map[int]int{}
	for {
		dg, dp := map[int]float64{}, map[int]float64{}
		backP, backG := map[int]int{}, map[int]int{}
		for i := range adj {
			if _, matched := mg[i]; !matched {
				dg[i] = 0
			}
		}
		for changed, rounds := true, 0; changed && rounds < len(adj)+len(mp)+2; rounds++ {
			changed = false
			for i := range golds {
				d, seen := dg[i]
				if !seen {
					continue
				}
				for _, e := range adj[i] {
					if j, matched := mg[i]; matched && j == e.pred {
						continue
					}
					if old, seen := dp[e.pred]; !seen || d+e.w > old+1e-9 {
						dp[e.pred], backP[e.pred], changed = d+e.w, i, true
					}
				}
			}
			for j, i := range mp {
				d, seen := dp[j]
				if !seen {
					continue
				}
				w := agreement(golds[i], preds[j])
				if old, seen := dg[i]; !seen || d-w > old+1e-9 {
					dg[i], backG[i], changed = d-w, j, true
				}
			}
		}
		best := -1
		for j, d := range dp {
			if _, matched := mp[j]; !matched && (best < 0 || d > dp[best] || d == dp[best] && j < best) {
				best = j
			}
		}
		if best < 0 {
			break
		}
		for j, steps := best, 0; steps < 4*(len(adj)+len(mp)+2); steps++ {
			i := backP[j]
			next, more := backG[i]
			mg[i], mp[j] = j, i
			if !more {
				break
			}
			j = next
		}
	}
	var out []pairing
	for i := range golds {
		if j, matched := mg[i]; matched {
			out = append(out, pairing{i, j})
		}
	}
	return out
}

// rate is precision, recall and F1 of one measure.
type rate struct{ tp, gold, pred int }

func (r rate) f1() float64 {
	if r.tp == 0 {
		return 0
	}
	return 2 * float64(r.tp) / float64(r.gold+r.pred)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// marks is what the scorer says of one report.
type marks struct {
	number, full, subject, fullSubject, milestone, milestoneFull rate
	right                                                        map[int]bool // predictions that are right in full, by index among those kept
	kept                                                         []goldItem
}

// scoreReport compares statements with gold inside [from, to).
func scoreReport(from, to int, gold []goldItem, statements []Statement) marks {
	m := marks{right: map[int]bool{}}
	var gn, gm, pn, pm []goldItem
	var at, atM []int
	for _, g := range gold {
		if g.Type == "milestone" {
			gm = append(gm, g)
		} else {
			gn = append(gn, g)
		}
	}
	for _, s := range statements {
		p := fromStatement(s)
		a, b := p.span()
		if min(b, to)-max(a, from) <= 0 {
			continue
		}
		if p.Type == "milestone" {
			pm, atM = append(pm, p), append(atM, len(m.kept))
		} else {
			pn, at = append(pn, p), append(at, len(m.kept))
		}
		m.kept = append(m.kept, p)
	}
	all := rate{gold: len(gn), pred: len(pn)}
	m.number, m.full, m.subject, m.fullSubject = all, all, all, all
	for _, x := range assign(gn, pn, numberOK) {
		f, s := fullOK(gn[x.gold], pn[x.pred]), subjectLike(gn[x.gold], pn[x.pred])
		m.number.tp++
		if f {
			m.full.tp++
		}
		if s {
			m.subject.tp++
		}
		if f && s {
			m.fullSubject.tp++
			m.right[at[x.pred]] = true
		}
	}
	all = rate{gold: len(gm), pred: len(pm)}
	m.milestone, m.milestoneFull = all, all
	for _, x := range assign(gm, pm, milestoneOK) {
		m.milestone.tp++
		if gm[x.gold].Kind == pm[x.pred].Kind && gm[x.gold].Year == pm[x.pred].Year {
			m.milestoneFull.tp++
			m.right[atM[x.pred]] = true
		}
	}
	return m
}
