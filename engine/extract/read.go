package extract

import (
	"fmt"
	"sort"

	"bihuan/ground/fault"
)

// MaxLength is the longest report that [Read] takes, in code points: twenty national reports.
const MaxLength = 2_000_000

// Options adjust [Read]. The zero value reads a report of an unknown year without telling how far it is.
type Options struct {
	// Year is the year that the report plans for, if the caller knows it; it goes before what the text says. 0 if unknown.
	Year int
	// Progress, if not nil, is told after each paragraph how many code points of how many are read. It runs in the caller's goroutine.
	Progress func(done, total int)
}

// Section is a heading of the report with the stretch below it.
type Section struct {
	Title string `json:"title"`
	Level int    `json:"level"` // 1 for a part (一、), 2 for （一）, 3 below
	Start int    `json:"start"` // of the heading, in code points
	End   int    `json:"end"`   // where the next heading begins, or the text ends
	Kind  Kind   `json:"kind"`  // what a sentence without other sign is here: review or plan
}

// Span is a stretch [Start, End) of the report in code points.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Result is what [Read] found.
type Result struct {
	Title      string      `json:"title"`       // the report's own title, empty if it has none
	ReviewYear int         `json:"review_year"` // the year looked back on, 0 if the text does not tell
	PlanYear   int         `json:"plan_year"`   // the year planned, 0 if the text does not tell
	Length     int         `json:"length"`      // of the report in code points
	Sections   []Section   `json:"sections"`    // in order of place
	Sentences  []Span      `json:"sentences"`   // in order of place, without headings
	Statements []Statement `json:"statements"`  // in order of place
}

// Sentence returns the sentence in which the code point start stands, the empty span if it stands in none.
func (res *Result) Sentence(start int) Span {
	lo, hi := 0, len(res.Sentences)
	for lo < hi {
		mid := (lo + hi) / 2
		if res.Sentences[mid].End <= start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(res.Sentences) && res.Sentences[lo].Start <= start {
		return res.Sentences[lo]
	}
	return Span{}
}

// Read finds the statements of a report.
//
// text is the plain text; all offsets count its code points, a byte that is no valid UTF-8
// counting as one (quoted as U+FFFD). Headings, line breaks inside sentences and full-width
// digits are understood. An empty text gives an empty result. Read returns an error that wraps
// [fault.ErrInvalid] if the text is longer than [MaxLength]. The same text and options give the
// same result. The time is proportional to the length, about half a millisecond per thousand code points at most.
func Read(text string, opt Options) (*Result, error) {
	src := []rune(text)
	if len(src) > MaxLength {
		return nil, fmt.Errorf("report of %d characters, at most %d: %w", len(src), MaxLength, fault.ErrInvalid)
	}
	res := &Result{Length: len(src), Sections: []Section{}, Sentences: []Span{}, Statements: []Statement{}}
	shown := unmark(src)
	plain := simplify(shown)
	doc := layOut(widen(plain), shown, res)
	doc.rewritten = len(plain) > 0 && &plain[0] != &shown[0]
	e := &reader{src: src, doc: doc, res: res}
	doc.settleYears(opt.Year)
	res.ReviewYear, res.PlanYear = doc.review, doc.plan
	for i := range doc.paragraphs {
		p := &doc.paragraphs[i]
		if !p.title {
			e.paragraph(p)
		}
		if opt.Progress != nil {
			opt.Progress(p.end(len(p.r)), len(src))
		}
	}
	sort.SliceStable(res.Statements, func(i, j int) bool { return res.Statements[i].Start < res.Statements[j].Start })
	doc.nameParts(res)
	identify(res, src)
	return res, nil
}
