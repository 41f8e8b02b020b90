package extract

import "strings"

// part says whether a stretch of the report looks back or ahead.
type part int

const (
	partUnknown part = iota
	partReview
	partPlan
)

// heading is a heading of the report as the reader needs it.
type heading struct {
	text  []rune // narrowed, without its marks
	level int
}

// document is the report laid out.
type document struct {
	title      string
	paragraphs []paragraph
	headings   []heading // parallel to Result.Sections
	review     int
	sure       bool // the years are well attested
	given      bool // the year planned is the caller's
	ofHalf     bool // the text sums up half a year
	midyear    bool // the text opens with what a part of a year has brought
	rewritten  bool // the report is in traditional characters, its paragraphs in simplified ones
	partless   bool // no heading names a part
	period     int  // last year of the plan period that the title says the text plans, 0 if none
	plan       int
	spoken     int   // month in which the report was given, 0 if unknown
	horizons   []int // parallel to headings: the year a plan section aims at, 0 for the plan year
}

// maxHeading is the longest heading, in code points (jilin-2026, tongchuan-2010: up to 40).
const maxHeading = 60

// layOut cuts the report into headings and paragraphs, and fills in title, sections and sentences of res. shown is the report
// in its own characters, src in those of the lexicons.
func layOut(src, shown []rune, res *Result) *document {
	doc := &document{}
	ls := stack(src, lines(src))
	full := pageWidth(src, ls) - 4
	if full > 0 {
		ls = joinNumbered(src, ls, full)
	}
	rows := tables(src, ls)
	news := headlines(src, ls, rows, full > 0)
	for i := 0; i < len(ls); {
		l, point := ls[i], false
		if l.cells != nil { // a row is no heading and no title
			point = true
		} else if h, ok := headingOf(src, l); ok && rows[i] == nil && !(full > 0 && wraps(src, l, full)) {
			if i == 0 || doc.title == "" && h.level == 0 {
				doc.title, res.Title = string(src[h.a:h.b]), string(shown[h.a:h.b])
			}
			doc.addHeading(src, shown, res, h)
			if h.body >= l.b {
				i++
				continue
			}
			l.a = h.body
		} else if doc.title == "" && i < 6 && (isTitle(src[l.a:l.b]) || news[i]) {
			doc.title, res.Title = string(src[l.a:l.b]), string(shown[l.a:l.b])
		} else if level, mark := numbering(src[l.a:l.b]); level > 0 && l.a+mark < l.b { // the number of a point is no word of it
			l.a, point = l.a+mark, true
		}
		p := paragraph{section: len(res.Sections) - 1, title: doc.title != "" && i == 0 && l.a == ls[0].a || news[i], point: point, row: rows[i]}
		if l.cells != nil {
			if p.row == nil {
				p.row = &row{}
			}
			p.cleanCells(src, l.cells)
		} else {
			p.clean(src, l.a, l.b)
		}
		prev := ls[i]
		i++
		if l.cells == nil && glossary(src[l.a:l.b]) {
			break
		}
		for i < len(ls) && !p.title && continues(src, prev, ls[i], full) {
			if _, ok := headingOf(src, ls[i]); ok && !(full > 0 && wraps(src, ls[i], full)) {
				break
			}
			if n := len(p.r); n > 0 && isASCIIWord(p.r[n-1]) && isASCIIWord(narrow(src[ls[i].a])) && !brokenNumber(src, prev, ls[i]) && !brokenName(src, prev, ls[i]) {
				break
			}
			p.clean(src, ls[i].a, ls[i].b)
			prev = ls[i]
			i++
		}
		p.settle()
		if len(p.r) > 0 {
			doc.paragraphs = append(doc.paragraphs, p)
		}
	}
	for k := range res.Sections {
		res.Sections[k].End = len(src)
		if k > 0 {
			res.Sections[k-1].End = res.Sections[k].Start
		}
	}
	for k := range doc.paragraphs {
		p := &doc.paragraphs[k]
		for _, s := range p.sentences() {
			res.Sentences = append(res.Sentences, Span{p.src(s.a), p.end(s.b)})
		}
	}
	return doc
}

// joinNumbered puts a numbered line that the width of the page has cut before its first stop together with the next, so that
// a heading of two lines is one, and the sentence of a point is none.
func joinNumbered(src []rune, ls []line, full int) []line {
	out := ls[:0]
	for i := 0; i < len(ls); i++ {
		l := ls[i]
		if i+1 < len(ls) && l.cells == nil && ls[i+1].cells == nil && l.columns(src) >= full && !holds(src[l.a:l.b], "。：；！") {
			level, _ := numbering(src[l.a:l.b])
			next, _ := numbering(src[ls[i+1].a:ls[i+1].b])
			if level > 0 && next == 0 && !ls[i+1].indented {
				l.b = ls[i+1].b
				i++
			}
		}
		out = append(out, l)
	}
	return out
}

// wraps reports whether a line without number or mark is as wide as the page, so that it is no heading but goes on in the next.
func wraps(src []rune, l line, full int) bool {
	if l.columns(src) < full || oneOf(src[l.a], "#*") {
		return false
	}
	level, _ := numbering(src[l.a:l.b])
	return level == 0
}

// glossary reports whether a line opens the explanations of terms behind a report, which state nothing.
func glossary(r []rune) bool {
	if len(r) > 30 {
		return false
	}
	for _, w := range []string{"名词解释", "名词注释", "名词说明", "用语说明", "有关用语", "术语解释", "有关名词"} {
		if contains(r, w) {
			return true
		}
	}
	return false
}

// isTitle reports whether a line is the title of a report.
func isTitle(r []rune) bool {
	return len(r) <= 40 && (contains(r, "报告") || plansByTitle(r) || ofReached(r) && lastYear(r) > 0) && !oneOf(r[len(r)-1], "。，：；")
}

func (doc *document) addHeading(src, shown []rune, res *Result, h found) {
	b := h.b
	for b > h.a && oneOf(src[b-1], "。：；，") {
		b--
	}
	if b == h.a { // nothing but marks
		b = h.b
	}
	text := make([]rune, 0, b-h.a)
	for _, c := range src[h.a:b] {
		if !isBlank(c) {
			text = append(text, narrow(c))
		}
	}
	doc.headings = append(doc.headings, heading{text, h.level})
	res.Sections = append(res.Sections, Section{Title: strings.ReplaceAll(string(shown[h.a:b]), "\n", ""), Level: max(1, h.level), Start: h.a})
}
