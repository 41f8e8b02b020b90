package extract

import "strings"

// reader carries what one statement leaves to the next.
type reader struct {
	src []rune
	doc *document
	res *Result

	carried  []string     // subjects of the last number or list, for a predicate without its own
	aside    string       // subject of a share or rate said beside carried (占计划, 增幅), for percentage points right behind it
	head     string       // noun phrase of the last clause without a number
	tallied  string       // subject of the last count of this sentence, for a count of stages behind an amount: 项目53个，投资3亿元，竣工21个
	object   string       // what is worked on in the clause before, if it has no number: 实施棚户区改造项目
	action   string       // last verb, for 企业91家 after 签约落地项目12个
	told     []string     // subjects of the amounts of this sentence, for 分别增长17%和25% behind them
	thing    string       // subject of the last milestone of this sentence, for an event without its own
	label    string       // the work that a point of this paragraph is headed with, for an event without its own thing: 水厂三期工程。…，确保年底前投入运行
	past     []clauseRead // the clauses of this sentence since that milestone
	foreign  bool         // another government acts in this sentence
	sentence int          // index of the sentence in which carried was set
	pred     predKind     // predicate of the last number
	last     int          // where the last item of this sentence stands
	listed   moment       // what the paragraph said that announced the points below it (项目如下：); its year is 0 if there is none
	under    int          // section of listed
	taken    int          // end of the noun that the number before counts, in this clause
	now      int          // index of the current sentence

	own   map[rune]rune // the characters that the report has for those of paragraph ownOf, if they were rewritten
	ownOf *paragraph
}

// paragraph reads the sentences of p.
func (e *reader) paragraph(p *paragraph) {
	if p.row != nil && p.row.head || furniture(p.r) { // the head of a table, the counters of a web page
		return
	}
	base := e.doc.base(p)
	if (base.kind == Achievement || e.listed.year > base.year) && e.listed.year > 0 && p.section == e.under && (p.point || len(p.r) > 1 && p.r[0] == '—') {
		base = e.listed
	} else {
		e.listed = moment{}
	}
	e.carried, e.head, e.action, e.label = nil, "", "", ""
	if p.section >= 0 && e.res.Sections[p.section].Level > 2 {
		title := []rune(e.res.Sections[p.section].Title)
		e.label = headingWork(title, span{0, len(title)})
	}
	if p.row != nil {
		if e.label = p.row.about; base.kind == Commitment {
			base.year = max(base.year, p.row.due)
		}
	}
	said, aimed := base, false
	for k, s := range p.sentences() {
		e.now++
		before := said
		if k == 0 && base.kind == Achievement && p.point {
			if aimed = aimsFirst(p); aimed {
				base.kind = Commitment
			}
		} else if aimed && tellsStage(p.r[s.a:s.b]) {
			base.kind, aimed = Achievement, false
		}
		if p.turn > 0 && s.a >= p.turn && base.kind == Achievement {
			base = moment{Commitment, e.doc.plan}
		}
		m := base
		ns := e.sift(p.r, s)
		e.action, e.told, e.foreign, e.thing, e.object, e.aside, e.tallied = "", nil, false, e.label, "", "", ""
		if e.past = e.past[:0]; p.row != nil {
			e.object = p.row.about
		}
		cs, opened := clauses(p.r, s), false
		for i, c := range cs {
			if c.a > 0 && p.r[c.a-1] == '；' && !opened && base.kind == Achievement && m.kind == Commitment { // …，将有力带动就业；贷款全部到位
				m = base
			}
			f := p.figure(c)
			if f != nil && f.words {
				m, _ = e.doc.ofCell(f, base)
			} else if f != nil && e.cell(p, c, f, m) {
				continue
			}
			if k := labelOf(p.r, c); k != "" { // 任务目标：…。进展情况：…
				if m.kind = k; c.b-c.a <= maxLabel {
					base.kind = k
					m = base
				}
				continue
			}
			m = e.doc.moment(p, c, m)
			if i == 0 && m.kind == Commitment && yearAt(p.r, c.a) == m.year { // 2013年，全县计划…；…
				opened = true
			}
			e.clause(p, cs, i, within(ns, c), m)
			e.milestones(p, c, within(ns, c), m)
			if n := len(e.res.Statements); f != nil && f.aim > 0 && p.row.about == "" && n > 0 && e.res.Statements[n-1].Start >= f.a { // 改造街巷50条 | 已完成|20条
				p.row.about = e.res.Statements[n-1].Subject
			}
		}
		if name := headingWork(p.r, s); name != "" || opensPoint(p.r, s) {
			e.label = name
		}
		if said = m; said == base && s.b-s.a < 20 { // 今年将实施39个项目。项目如下：
			said = before
		}
		if p.r[s.b-1] == '：' && s.b == len(p.r) && said.kind == Commitment {
			e.listed, e.under = said, p.section
		}
		if k == 0 && m.kind == Commitment && m.year > e.doc.plan && m.year > base.year {
			base = m // 到2030年, … holds for the rest of the paragraph
		}
		if k == 0 && m.kind == Commitment && base.kind == Achievement && e.doc.partless && yearAt(p.r, s.a) == m.year {
			base = m // 1.…。2023年启动…。完成…: a point of a newspaper on what a year will bring
		}
		if k == 0 && m.kind == Achievement && m.year > base.year && base.kind == Achievement && reads(p.r, s.a, "今年以来") {
			base = m
		}
		if m.kind == Achievement && m.year == e.doc.plan && e.doc.partless && (reads(p.r, s.a, "截至今年") || reads(p.r, s.a, "截止今年")) { // the rest of the paragraph goes on about it
			base = m
		}
	}
}

// sift finds the numbers of a sentence and says of each that is no item why.
func (e *reader) sift(r []rune, s span) []number {
	ns := numbers(r, s)
	e.last = s.a
	if len(ns) == 0 {
		return nil
	}
	in := quoted(r, s)
	for i := range ns {
		n := &ns[i]
		n.readAfterBound(r)
		n.drop = n.drops(r, s, in)
		if i > 0 && n.a < ns[i-1].b { // the 1 of a ratio a∶1
			n.drop = "part of the number before"
		}
		if n.drop == "" {
			e.last = n.a
		}
	}
	return ns
}

// within returns the numbers of ns that lie in c.
func within(ns []number, c span) []number {
	a := 0
	for a < len(ns) && ns[a].a < c.a {
		a++
	}
	b := a
	for b < len(ns) && ns[b].b <= c.b && ns[b].qb <= c.b {
		b++
	}
	return ns[a:b]
}

// clause turns the numbers of a clause into statements.
func (e *reader) clause(p *paragraph, cs []span, at int, ns []number, m moment) {
	c := cs[at]
	if e.action != "" && !afterAmong(p.r, cs, at) {
		e.action = ""
	}
	e.taken = 0
	fs := frames(p.r, c, ns)
	if len(fs) == 0 {
		if c.a > e.last { // no number follows that could want a subject
			return
		}
		if noun := e.clauseHead(p.r, c); noun != "" {
			e.head = noun
		}
		if e.object = workedOn(p.r, c); e.object == "" && p.row != nil {
			e.object = p.row.about
		}
		return
	}
	for i := 0; i < len(fs); {
		j := i + 1
		for j < len(fs) && fs[j].joins {
			j++
		}
		if j-i > 1 {
			e.list(p, c, fs[i:j], m)
			i = j
			continue
		}
		if k := e.fromTo(p, fs[i:], m); k > 0 {
			i += k
			continue
		}
		e.single(p, cs, at, fs, i, m)
		i++
	}
	e.head, e.object = "", ""
}

// afterAmong reports whether the clauses since 其中 go on with what was said before it: 企业91家。其中，央企9家，民企18家.
func afterAmong(r []rune, cs []span, at int) bool {
	for i := at; i >= 0 && i > at-6; i-- {
		if reads(r, cs[i].a, "其中") {
			return true
		}
	}
	return false
}

// clauseHead returns the noun phrase that a clause without number is about.
func (e *reader) clauseHead(r []rune, c span) string {
	a, _ := strip(r, c.a, c.b, false)
	if n := measures(r, a, c.b); !n.empty() {
		return string(r[n.a:n.b])
	}
	n, verb := rightNoun(r, a, c.b)
	if n.empty() || n.b-n.a < 2 {
		return ""
	}
	if !verb.empty() && n.b-n.a <= 20 {
		return string(r[n.a:n.b])
	}
	for i := n.a + 2; i < n.b && i < n.a+16; i++ { // 粮食总产|连续七年增产
		if k, tag := openers.at(r[:n.b], i); k > 1 && (tag == wordManner || tag == wordTime) || reads(r[:n.b], i, "连续") {
			return string(r[n.a:i])
		}
	}
	for i := min(n.b, n.a+20); i > n.a+2; i-- { // 地区生产总值|连跨两个万亿元台阶
		if k, _ := measureNouns.before(r[:i], i); k > 1 && i-k > n.a {
			return string(r[n.a:i])
		}
	}
	return ""
}

// measures returns the names of several measures at the front of r[a:b): 事故起数、死亡人数|“双下降”.
func measures(r []rune, a, b int) span {
	from, n, marks := a, span{}, 0
	for i := a + 1; i <= b && i < a+30; i++ {
		if k, _ := measureNouns.before(r[:i], i); k > 1 && i-k >= from && marks > 0 {
			n = span{a, i}
		}
		if i < b && r[i] == '、' {
			if !hasMeasureEnd(r[from:i]) {
				return n
			}
			from, marks = i+1, marks+1
		}
	}
	return n
}

// emit appends the statement for f.
func (e *reader) emit(p *paragraph, f frame, subject, action string, op Op, rule Rule, m moment) {
	n := f.n
	subject = shortSubject(e.whole(dropRemark(subject)))
	n.item = true
	if n.word {
		rule = RuleMagnitude
	}
	s := Statement{
		Type: Number, Kind: m.kind, Year: m.year, Subject: subject, Action: action, Op: op,
		Value: n.value, ValueMax: n.max, Unit: n.unit, Rule: rule, Section: e.section(p),
	}
	e.inOwnWords(p, &s)
	s.Start = p.src(n.qa)
	s.Text = string(e.src[s.Start:p.end(n.qb)])
	s.Confidence = confidence(s, n, e.doc.certain())
	e.res.Statements = append(e.res.Statements, s)
	if n.dim == dimCount && countsWorks(n.unit) {
		e.tallied = subject
	}
	if f.side.pred == predNone {
		e.action = action
	}
}

// whole gives 人均 the measure that it is a part of: 生产总值4406亿元，人均64331元.
func (e *reader) whole(subject string) string {
	switch subject {
	case "人均", "户均", "亩均":
		if len(e.carried) > 0 && hasMeasureEnd([]rune(e.carried[len(e.carried)-1])) && !strings.HasPrefix(e.carried[len(e.carried)-1], subject) {
			return subject + e.carried[len(e.carried)-1]
		}
	}
	if rateNoun(subject) && len(e.carried) > 0 && e.sentence == e.now {
		return e.carried[len(e.carried)-1] + subject
	}
	return subject
}

func (e *reader) section(p *paragraph) string {
	if p.section < 0 {
		return ""
	}
	return e.res.Sections[p.section].Title
}

// bound returns the bound of n: the one behind it goes before the one in front (达到1000个以上).
func (f frame) bound() boundKind {
	switch {
	case f.n.post != boundNone:
		return f.n.post
	case f.side.bound != boundNone:
		return f.side.bound
	case f.n.more:
		return boundGt
	case f.n.least:
		return boundGe
	}
	return boundNone
}

func (f frame) op(pred predKind) Op { return operator(pred, f.bound(), f.n.max != "") }

// single resolves a number that is neither in a list nor part of a change.
func (e *reader) single(p *paragraph, cs []span, at int, fs []frame, i int, m moment) {
	f, end := fs[i], cs[at].b
	if i+1 < len(fs) {
		end = fs[i+1].n.qa
	}
	switch {
	case e.reference(p, f, m), e.referenceAgain(p, f, m), e.pace(p, f, m), e.paced(p, f, m), e.multiple(p, f, m), e.before(p, f, end, m), e.term(p, cs, at, f, end, m):
		return
	}
	s := e.look(p.r, cs[at], fs, i, end)
	e.choose(p, fs[i], s, m)
}

// spoken returns the subject that this sentence has been about so far, empty if there is none.
func (e *reader) spoken(n *number) string {
	if len(e.carried) > 0 && e.sentence == e.now {
		return e.lately(n)
	}
	return e.head
}

// take emits and remembers the subject.
func (e *reader) take(p *paragraph, f frame, subject, action string, op Op, rule Rule, m moment) {
	e.emit(p, f, subject, action, op, rule, m)
	e.pred, e.aside = f.side.pred, ""
	if f.n.dim == dimRate && len(e.carried) > 0 && e.sentence == e.now && said(subject) {
		e.aside = subject
		return
	}
	e.carried, e.sentence = []string{subject}, e.now
	e.object = "" // what is counted from now on is this
	e.tell(subject)
}

// said reports whether a subject is only a share or a rate of the one before it, which stays what the sentence is about:
// 总产值540亿元，占计划的100%，下降2%.
func said(subject string) bool {
	return strings.HasPrefix(subject, "占") || rateNoun(subject)
}

// rateNoun reports whether a subject is the bare noun of a rate: 增幅, 自然增幅.
func rateNoun(subject string) bool {
	switch subject {
	case "增幅", "增速", "涨幅", "降幅", "增长率", "同比增幅", "同比增速", "自然增幅", "同口径增幅", "自然增长", "年均增速", "年均增幅", "平均增速", "实际增速", "名义增速", "可比增幅":
		return true
	}
	return false
}

// lately returns the subject that a predicate without its own goes on about: the share just told for percentage points, else the one before it.
func (e *reader) lately(n *number) string {
	if e.aside != "" && n.unit == "百分点" && e.sentence == e.now {
		return e.aside
	}
	return e.carried[len(e.carried)-1]
}

// tell remembers a subject of this sentence, unless it is the one before.
func (e *reader) tell(subject string) {
	if n := len(e.told); n == 0 || e.told[n-1] != subject {
		e.told = append(e.told, subject)
	}
}

func words(r []rune, s span) string {
	if s.empty() {
		return ""
	}
	return string(r[s.a:s.b])
}
