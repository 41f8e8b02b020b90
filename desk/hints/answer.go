package hints

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
)

// Answers is the register of standard answers (知识库).
const Answers = "hotline/answer"

// Answer is a standard answer that may fit what somebody asks.
type Answer struct {
	Code     string
	Question string
	Text     string
	Unit     name.Unit
	Checked  calendar.Date // when somebody last checked it, 0 if never
	Why      []string      // the words that both have
	score    float64
}

// Answers returns the standard answers that share words with a text, best first, at most n. A key word that stands in the
// text weighs most; otherwise pairs of characters that question and text share, the more the seldomer they are. Chance
// meetings of one common pair are left out.
func (r *Room) Answers(ctx context.Context, text string, n int) (all []Answer, err error) {
	records, err := r.desk.ValidRecords(ctx, Answers)
	if err != nil {
		return nil, fmt.Errorf("standard answers: %w", err)
	}
	questions := make([]map[string]bool, len(records))
	met := map[string]int{}
	for i, rec := range records {
		questions[i] = pairs(rec.Fields["question"] + "\n" + rec.Fields[keywordsField])
		for p := range questions[i] {
			met[p]++
		}
	}
	said := pairs(text)
	for i, rec := range records {
		a := Answer{Code: rec.Key, Question: rec.Fields["question"], Text: rec.Fields["answer"], Unit: name.Unit(rec.Fields["unit"])}
		a.Checked, _ = calendar.ParseDate(rec.Fields["checked"])
		for _, w := range split(rec.Fields[keywordsField]) {
			if len([]rune(w)) > 1 && strings.Contains(text, w) {
				a.score += 4
				a.Why = append(a.Why, w)
			}
		}
		for p := range questions[i] {
			if said[p] {
				a.score += 1 / float64(met[p])
			}
		}
		if a.score >= leastScore {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b Answer) int { return cmp.Compare(b.score, a.score) })
	return all[:min(n, len(all))], nil
}

// leastScore is what an answer needs: one key word, or two pairs of characters that no other answer has. Ours.
const leastScore = 2

// pairs returns the pairs of neighbouring letters of a text.
func pairs(text string) map[string]bool {
	all := map[string]bool{}
	last := rune(0)
	for _, c := range strings.ToLower(text) {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			last = 0
			continue
		}
		if last != 0 {
			all[string([]rune{last, c})] = true
		}
		last = c
	}
	return all
}
