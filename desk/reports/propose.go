package reports

import (
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/engine/extract"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

// propose turns what the engine found into drafts: commitments with proposed terms, facts as facts.
func propose(res *extract.Result, text []rune, dir *desk.Directory, defs []*indicator.Definition) []Draft {
	suggest := newSuggester(dir)
	drafts := make([]Draft, 0, len(res.Statements))
	for _, s := range res.Statements {
		d := Draft{ID: s.ID, State: Proposed, Statement: statement(s, res.Sentence(s.Start))}
		if s.Kind == extract.Achievement || s.Op == extract.From {
			d.State = Fact
			drafts = append(drafts, d)
			continue
		}
		sentence := string(text[d.Statement.Sentence.Start:d.Statement.Sentence.End])
		d.Leads = suggest.leads(d.Statement.Subject+d.Statement.Action, sentence, d.Statement.Section)
		d.Terms = terms(&d, sentence, res, dir, defs)
		drafts = append(drafts, d)
	}
	for i := range drafts {
		if drafts[i].State == Proposed {
			linkLastYear(&drafts[i], drafts)
		}
	}
	return drafts
}

func statement(s extract.Statement, sentence extract.Span) Statement {
	return Statement{Type: s.Type, Kind: s.Kind, Year: s.Year, Subject: s.Subject, Action: s.Action, Op: string(s.Op), Value: string(s.Value),
		ValueMax: string(s.ValueMax), Unit: s.Unit, Text: s.Text, Start: s.Start, End: s.End(), Section: s.Section, Rule: string(s.Rule),
		Confidence: int(s.Confidence*100 + 0.5), Sentence: sentence}
}

// terms proposes what a statement demands of whom until when.
func terms(d *Draft, sentence string, res *extract.Result, dir *desk.Directory, defs []*indicator.Definition) indicator.Terms {
	s := &d.Statement
	year := s.Year
	if year == 0 {
		year = res.PlanYear
	}
	t := indicator.Terms{Subject: s.Subject, Domain: domain(res, s), Year: year, Shape: shape(s),
		Start: calendar.NewDate(min(year, max(res.PlanYear, 1990)), 1, 1), Due: calendar.NewDate(max(year, 1990), 12, 31)}
	if res.PlanYear == 0 {
		t.Start = calendar.NewDate(max(year, 1990), 1, 1)
	}
	t.Source = indicator.Source{Title: res.Title, Quote: s.Text, Sentence: sentence, Start: s.Start, Statement: d.ID}
	t.Target = target(s, t.Shape)
	t.Title = title(s, t.Shape, t.Target)
	t.Evidence = evidence[t.Shape]
	if len(d.Leads) > 0 {
		t.Lead = d.Leads[0].Unit
		u := dir.Unit(t.Lead)
		t.Leader = u.Leader
		if handlers := dir.Of(t.Lead, "handler"); len(handlers) > 0 {
			t.Person = handlers[0].Key
		}
	}
	t.FeedBy(fitting(s, t.Shape, defs))
	return t
}

// evidence is what is usually asked for, by shape; people change it.
var evidence = map[indicator.Shape]string{
	indicator.Accumulate: "完成清单、现场照片、验收材料",
	indicator.Level:      "统计口径说明、数据来源截图",
	indicator.Growth:     "统计部门认定数据",
	indicator.Ceiling:    "统计部门认定数据",
	indicator.Zero:       "台账、逐月零报告",
	indicator.Milestone:  "批复或验收文件、现场照片",
}

// target reads the figure promised. A milestone is reached at 1; what must not happen is counted in cases.
func target(s *Statement, shape indicator.Shape) indicator.Target {
	switch {
	case s.Type == extract.Milestone && shape == indicator.Zero:
		return indicator.Target{Op: "eq", Value: money.Int(0), Unit: "起"}
	case s.Type == extract.Milestone:
		return indicator.Target{Op: "reach", Value: money.Int(1)}
	}
	v, err := money.Parse(s.Value)
	if err != nil {
		v = money.Int(0)
	}
	t := indicator.Target{Op: s.Op, Value: v, Unit: s.Unit}
	if upper, err := money.Parse(s.ValueMax); err == nil && s.ValueMax != "" {
		t.Max = &upper
	}
	return t
}

// shape tells the shape of a goal by operator, unit and verb.
func shape(s *Statement) indicator.Shape {
	switch {
	case s.Value == "0" || strings.Contains(s.Text, "清零") || strings.Contains(s.Text, "零发生"):
		return indicator.Zero
	case s.Type == extract.Milestone:
		return indicator.Milestone
	case strings.HasPrefix(s.Op, "growth"), s.Op == "above":
		return indicator.Growth
	case strings.HasPrefix(s.Op, "decline"), s.Op == "le", s.Op == "lt", s.Op == "below":
		return indicator.Ceiling
	case isDuration(s.Unit) && (s.Op == "reach" || s.Op == "eq"):
		return indicator.Ceiling // 压缩至30分钟: the shorter the better
	case strings.ContainsAny(s.Unit, "%‰") || s.Unit == "百分点" || s.Op == "reach" || s.Op == "gt" && strings.Contains(s.Text, "突破"):
		return indicator.Level
	}
	return indicator.Accumulate
}

func isDuration(unit string) bool {
	return slices.Contains([]string{"分钟", "小时", "天", "日", "工作日", "个工作日", "秒", "个月"}, unit)
}

// title writes a goal's title out of the statement's own words, in the order in which a clerk would say them: an act stands before what it is done to
// (新增四上企业20户), the way a figure moves stands between the figure and its value (审批事项办结时限压缩80%).
func title(s *Statement, shape indicator.Shape, t indicator.Target) string {
	if s.Type == extract.Milestone {
		if strings.Contains(s.Text, s.Subject) {
			return clip(s.Text, 60)
		}
		return clip(s.Action+s.Subject, 60)
	}
	subject, target := clip(s.Subject, 60), desk.TargetText(shape, t)
	switch {
	case s.Rule == "share":
		return subject + "达标占比" + target
	case s.Rule == "term":
		return s.Action + target + subject
	case isCourse(s.Action):
		return subject + s.Action + bare(target)
	case s.Action == "" || strings.Contains(s.Subject, s.Action) || slices.Contains(saidByTarget, s.Action):
		return subject + target
	}
	return clip(s.Action+s.Subject, 60) + target
}

// Said is what a statement says, in as few words as a title has.
func (d *Draft) Said() string {
	s := &d.Statement
	if s.Type == extract.Milestone {
		return clip(s.Text, 60)
	}
	of := shape(s)
	return title(s, of, target(s, of))
}

// saidByTarget are the verbs that the target says itself (增长10%) or that say nothing (为).
var saidByTarget = []string{"达", "达到", "增长", "下降", "超过", "突破", "高于", "低于", "为", "有", "是"}

// courses are the verbs that say how a figure moves; with 至 or 到 behind them they say where to.
var courses = []string{"压缩", "压减", "压降", "缩减", "缩短", "减少", "降低", "下降", "提升", "提高", "增加", "增长", "净增", "增收", "控制", "稳定", "保持", "维持"}

// isCourse reports whether the verb says how a figure moves. 增长 and 下降 alone are said by the target.
func isCourse(action string) bool {
	verb, to := action, false
	for _, tail := range []string{"至", "到", "在"} {
		if v, ok := strings.CutSuffix(action, tail); ok {
			verb, to = v, true
		}
	}
	return slices.Contains(courses, verb) && (to || verb != "增长" && verb != "下降")
}

// bare is a target without the verb that [desk.TargetText] puts before it, where the statement has one of its own.
func bare(target string) string {
	for _, verb := range []string{"达到", "不超过", "增长", "下降"} {
		if rest, ok := strings.CutPrefix(target, verb); ok {
			return rest
		}
	}
	return target
}

func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// domain is the nearest heading of the first or second level above a statement, without its number.
func domain(res *extract.Result, s *Statement) string {
	best := ""
	for _, sec := range res.Sections {
		if sec.Start <= s.Start && sec.Level <= 2 {
			best = sec.Title
		}
	}
	if best == "" {
		best = s.Section
	}
	if i := strings.IndexAny(best, "、）)"); i >= 0 && utf8.RuneCountInString(best[:i]) <= 4 {
		best = strings.TrimLeft(best[i:], "、）) ")
	}
	return clip(best, 40)
}

// fitting returns the indicator whose subjects are in the statement's subject, the longest first, if its unit is the statement's. A rate of growth
// (固定资产投资增速) feeds no goal of another shape, and what something is a share of (占固定资产投资比重) is not what the goal is about.
func fitting(s *Statement, shape indicator.Shape, defs []*indicator.Definition) (best *indicator.Definition) {
	longest := 0
	for i := range defs {
		for _, w := range defs[i].Subjects {
			alike := defs[i].Shape == shape || defs[i].Mode == indicator.Reported && defs[i].Shape != indicator.Growth
			about := strings.Contains(s.Subject+s.Action, w) && !strings.Contains(s.Subject, "占"+w)
			if len(w) > longest && about && alike && sameUnit(defs[i].Unit, s.Unit) {
				best, longest = defs[i], len(w)
			}
		}
	}
	return best
}

// plainUnit joins the spellings of a unit; counters are those that say nothing of what is counted.
var (
	plainUnit = strings.NewReplacer("千米", "公里", "平方米", "㎡", "％", "%")
	counters  = []string{"个", "处", "条", "座", "所", "项", "家", "户", ""}
)

// sameUnit compares units as counted: 个 before another counter says nothing, 公里 is 千米.
func sameUnit(a, b string) bool {
	a, b = plainUnit.Replace(a), plainUnit.Replace(b)
	return a == b || slices.Contains(counters, a) && slices.Contains(counters, b)
}

// leastLike is how much two subjects must have in common to be taken for the same; ours, by looking at reports.
const leastLike = 0.6

// linkLastYear links the fact of the year before that speaks of the same, after the rule of the design: it is the
// goal's base only if it is a level of the same quantity and unit; otherwise the base is missing and asked for.
func linkLastYear(d *Draft, all []Draft) {
	bestScore, best := 0.0, (*Draft)(nil)
	for i := range all {
		f := &all[i]
		if f.State != Fact || f.Statement.Type == extract.Milestone || f.Statement.Year >= d.Statement.Year {
			continue
		}
		score := likeness(d.Statement.Subject, f.Statement.Subject)
		if score < leastLike {
			continue // a fact of the same unit on another subject is no base
		}
		if isLevelOf(f, d) {
			score += 0.5 // of two facts on the same subject the one that could be the base
		}
		if score > bestScore {
			bestScore, best = score, f
		}
	}
	if best != nil {
		if v, err := money.Parse(best.Statement.Value); err == nil {
			d.LastYear = &LastYear{Statement: best.ID, Text: best.Statement.Text, Value: v, Unit: best.Statement.Unit,
				IsBase: isLevelOf(best, d) && d.Terms.Shape == indicator.Level}
		}
	}
	if d.LastYear != nil && d.LastYear.IsBase {
		d.Terms.Base = &indicator.Base{Value: d.LastYear.Value, Unit: d.LastYear.Unit, Year: best.Statement.Year, From: best.ID}
		return
	}
	askForBase(d)
}

// isLevelOf reports whether a fact tells a level in the unit of the draft's target.
func isLevelOf(f, d *Draft) bool {
	return slices.Contains([]string{"eq", "reach", "gt", "ge", "approx"}, f.Statement.Op) && sameUnit(f.Statement.Unit, d.Terms.Target.Unit)
}

func askForBase(d *Draft) {
	d.Terms.BaseAsked = d.Terms.NeedsBase() || d.Terms.Shape == indicator.Ceiling && strings.HasPrefix(d.Terms.Target.Op, "decline") && d.Terms.Base == nil
}

// likeness is how much two subjects have in common: 1 when one contains the other, otherwise the share of common characters.
func likeness(a, b string) float64 {
	ra, rb := []rune(a), []rune(b)
	if len(ra) < 2 || len(rb) < 2 {
		return 0
	}
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return 1
	}
	rest, hit := slices.Clone(rb), 0
	for _, c := range ra {
		if i := slices.Index(rest, c); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			hit++
		}
	}
	return 2 * float64(hit) / float64(len(ra)+len(rb))
}

// suggester finds lead units by the words of their duties.
type suggester struct {
	dir  *desk.Directory
	rare map[string]int // in how many units' duties a word stands
}

func newSuggester(dir *desk.Directory) *suggester {
	s := &suggester{dir: dir, rare: map[string]int{}}
	for _, u := range dir.Units {
		for _, w := range u.Duties {
			s.rare[w]++
		}
	}
	return s
}

// mostLeads is how many units are suggested.
const mostLeads = 3

// leads returns the units whose duties speak of the statement: words found in the subject count most, then those
// in its sentence, then those in the heading; longer words and words of fewer units count more.
func (s *suggester) leads(subject, sentence, section string) []Suggestion {
	var all []Suggestion
	for _, u := range s.dir.Units {
		sg := Suggestion{Unit: u.Key}
		for _, w := range u.Duties {
			weight := 0
			switch {
			case strings.Contains(subject, w):
				weight = 60
			case strings.Contains(sentence, w):
				weight = 15
			case strings.Contains(section, w):
				weight = 4
			}
			if weight > 0 {
				sg.Score += weight * utf8.RuneCountInString(w) / s.rare[w]
				sg.Words = append(sg.Words, w)
			}
		}
		if sg.Score > 0 {
			all = append(all, sg)
		}
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int { return b.Score - a.Score })
	return all[:min(len(all), mostLeads)]
}
