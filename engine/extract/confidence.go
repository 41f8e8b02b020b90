package extract

import "strings"

// trust is where the confidence of a rule starts: how often the rule was right on texts that were read
// for the first time. quality.txt holds what it comes to on the annotated reports.
var trust = map[Rule]float64{
	RulePredicate: 0.96, RuleCarried: 0.92, RuleList: 0.93, RuleObject: 0.94, RuleCounted: 0.89,
	RuleAttribute: 0.87, RuleShare: 0.78, RuleFrom: 0.94, RuleTo: 0.94, RuleReference: 0.92,
	RuleMultiple: 0.85, RuleTerm: 0.65, RuleMagnitude: 0.8, RuleTable: 0.9, RuleGuess: 0.45,
	RuleBringAbout: 0.86, RuleComeAbout: 0.85, RuleTitle: 0.86, RuleCoverage: 0.86, RuleAll: 0.86,
	RuleStandard: 0.8, RuleStep: 0.86, RuleRecord: 0.86,
}

// doubts are what makes a statement less sure, each with what it costs.
var doubts = []struct {
	cost  float64
	holds func(s Statement, n *number, sure bool) bool
}{
	{0.3, func(s Statement, _ *number, _ bool) bool { return s.Year == 0 }},
	{0.12, func(_ Statement, _ *number, sure bool) bool { return !sure }}, // little speaks for the year
	{0.2, func(s Statement, _ *number, _ bool) bool { return subjectLength(s) < 2 || subjectLength(s) > 24 }},
	{0.06, func(s Statement, _ *number, _ bool) bool { return subjectLength(s) > 16 && subjectLength(s) <= 24 }},
	{0.05, func(s Statement, _ *number, _ bool) bool {
		return s.Action == "" && (s.Rule == RuleObject || s.Rule == RuleCounted)
	}},
	{0.1, func(_ Statement, n *number, _ bool) bool { return n != nil && (n.word || n.unit == "") }},
	{0.04, func(s Statement, n *number, _ bool) bool { // a share of something unnamed
		return n != nil && s.Rule == RulePredicate && n.dim == dimRate && !hasMeasureEnd([]rune(s.Subject))
	}},
	{0.06, func(s Statement, n *number, _ bool) bool { // 新增|78家, 连续|7次, 国家下达|110万人: cut at the wrong place
		return n != nil && (n.unit == "次" || doubtful([]rune(s.Subject)))
	}},
	{0.15, func(s Statement, _ *number, _ bool) bool { // （不含新区
		return strings.Count(s.Subject, "（") != strings.Count(s.Subject, "）")
	}},
	{0.08, func(s Statement, _ *number, _ bool) bool {
		return s.Rule != RuleTerm && holds([]rune(s.Subject), "，；：")
	}},
}

func subjectLength(s Statement) int { return len([]rune(s.Subject)) }

// doubtful reports whether a subject is nothing but a verb, or begins or ends as noun phrases seldom do.
func doubtful(r []rune) bool {
	if len(r) == 0 || bareVerb(r, span{0, len(r)}) {
		return true
	}
	if k, tag := oddStarts.at(r, 0); k > 0 && (tag == 1 || len(r) < 6) {
		return true
	}
	k, _ := oddEnds.before(r, len(r))
	return k > 0 && k < len(r)
}

// Words that subjects seldom begin or end with. Of the statements that these doubts, numbers of times and open brackets take below 0.9, 8 of 18
// were right at their first reading (sets W to Y).
var (
	oddStarts = newLexicon(
		group{1, `跨过 跨越 迈上 入选 赋予 享受 给予 超额 因为 由于 就有 已 在 被 从 每 国家下达 省下达 市下达`, "a city's report of 2018, provinces' reports of 2023, 2026"},
		group{2, `到 对 以 为 按`, "general usage"},
	)
	oddEnds = newLexicon(
		group{1, `增长 下降 增加 减少 降低 均 都 已 了 再次 达`, "a province's report of 2026"},
	)
)

// confidence starts from the rule and takes away for every doubt. n is nil for a milestone; sure
// says that the report's year is well attested.
func confidence(s Statement, n *number, sure bool) float64 {
	c := trust[s.Rule]
	for _, d := range doubts {
		if d.holds(s, n, sure) {
			c -= d.cost
		}
	}
	return float64(int(max(0.05, min(0.99, c))*100+0.5)) / 100
}

// certain reports whether enough speaks for the year of a report, and headings say which part of it looks back: a text without parts may
// tell of this year or of the last.
func (doc *document) certain() bool { return doc.given || doc.sure && !doc.partless }
