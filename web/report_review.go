package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/reports"
	"bihuan/desk/words"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// draftsPerPage keeps the page of a long report light: the list is cut, and the text shows the stretch that it is about.
const draftsPerPage = 40

// reviewView is a report beside the goals that its sentences propose.
type reviewView struct {
	Report   *reports.Report
	Ask      draftFilter
	States   []choiceCount
	Units    []choiceCount
	Sections []choiceCount
	Sure     []choiceCount
	Text     []paragraph
	Rows     []*reports.Draft
	Page     int // from 1
	Pages    int
	Ready    int // of those, proposed and fit to be confirmed
	Lacking  int // of those, proposed and lacking something
	// NoPromise is true where the engine found what was achieved and nothing that is promised: a list left empty without
	// a reason would look like a fault of ours.
	NoPromise bool
	Pickable  bool // a draft on the page can still be confirmed, dropped or restored
	Flaw      flaw
	Chosen    []string // ticked when something was refused
	whole     []rune   // the report's text
}

// most of a sentence that a list shows before and behind what it quotes.
const mostBefore, mostBehind = 36, 16

// Quoted is what a draft quotes, within as much of its sentence as a list has room for.
func (v reviewView) Quoted(d *reports.Draft) (s sentence) {
	at, span := &d.Statement, d.Statement.Sentence
	if s.Quote = at.Text; span.Start > at.Start || at.End > span.End || span.End > len(v.whole) || at.Start >= at.End {
		return s
	}
	before, after := v.whole[span.Start:at.Start], v.whole[at.End:span.End]
	s.Before, s.Quote, s.After = strings.TrimLeft(string(before), " \t\n　"), string(v.whole[at.Start:at.End]), strings.TrimRight(string(after), " \t\n　")
	if len(before) > mostBefore {
		s.Before = "…" + string(before[len(before)-mostBefore:])
	}
	if len(after) > mostBehind {
		s.After = string(after[:mostBehind]) + "…"
	}
	return s
}

// choiceCount is one value of a filter with how many drafts have it.
type choiceCount struct {
	Key   string
	Words string
	Count int
	On    bool
}

// draftFilter is what the list is narrowed to.
type draftFilter struct {
	State, Unit, Sure, Section, Text string
}

func filterOf(v url.Values) draftFilter {
	return draftFilter{v.Get("state"), v.Get("unit"), v.Get("sure"), v.Get("section"), strings.TrimSpace(v.Get("text"))}
}

// sureness names how sure the engine was: 90 and more, 70 and more, below.
func sureness(confidence int) string {
	switch {
	case confidence >= 90:
		return "high"
	case confidence >= 70:
		return "mid"
	}
	return "low"
}

// unitKey is the value of the filter for a lead unit; a draft without one is to be found too.
func unitKey(u name.Unit) string {
	if u == "" {
		return "none"
	}
	return string(u)
}

// passes reports whether a draft is to be listed. Facts are listed only when asked for.
func (f draftFilter) passes(d *reports.Draft) bool {
	switch {
	case f.State == "" && d.State == reports.Fact, f.State != "" && string(d.State) != f.State:
		return false
	case f.Unit != "" && unitKey(d.Terms.Lead) != f.Unit, f.Sure != "" && sureness(d.Statement.Confidence) != f.Sure:
		return false
	case f.Section != "" && d.Statement.Section != f.Section:
		return false
	}
	return f.Text == "" || strings.Contains(d.Terms.Title, f.Text) || strings.Contains(d.Statement.Text, f.Text)
}

// narrows reports whether the list leaves gaps in the text.
func (f draftFilter) narrows() bool {
	return f.Unit != "" || f.Sure != "" || f.Section != "" || f.Text != "" || f.State != ""
}

// reviewReport is the page on which the statements of a report become goals.
func (s *server) reviewReport(q *request) error { return s.showReview(q, 200, flaw{}, nil) }

func (s *server) showReview(q *request, status int, f flaw, chosen []string) error {
	rep, text, err := s.Reports.Report(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	v := reviewView{Report: rep, Ask: filterOf(q.URL.Query()), Flaw: f, Chosen: chosen}
	var all []*reports.Draft
	for i := range rep.Drafts {
		if v.Ask.passes(&rep.Drafts[i]) {
			all = append(all, &rep.Drafts[i])
		}
	}
	ready, lacking := rep.Ready(v.Ask.passes)
	v.Ready, v.Lacking = len(ready), lacking
	v.Pages = max(1, (len(all)+draftsPerPage-1)/draftsPerPage)
	v.Page = min(max(1, atoi(q.Asked("page"))), v.Pages)
	v.Rows = all[min(len(all), (v.Page-1)*draftsPerPage):min(len(all), v.Page*draftsPerPage)]
	v.Pickable = slices.ContainsFunc(v.Rows, func(d *reports.Draft) bool { return isOpen(d.State) })
	v.count(q)
	v.NoPromise = len(all) == 0 && !v.Ask.narrows() && rep.Count(reports.Fact) == len(rep.Drafts)
	v.whole = []rune(text)
	v.Text = stretch(v.whole, rep, v.Rows, v.next(all), v.Page == 1, v.Ask.narrows())
	return q.render(status, "report_review", v)
}

// isOpen reports whether drafts of the state are still decided upon.
func isOpen(s reports.State) bool {
	return s == reports.Proposed || s == reports.Confirmed || s == reports.Dropped
}

// next returns the first draft of the next page, nil on the last one.
func (v *reviewView) next(all []*reports.Draft) *reports.Draft {
	if v.Page < v.Pages {
		return all[v.Page*draftsPerPage]
	}
	return nil
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// count fills in the choices of the filters.
func (v *reviewView) count(q *request) {
	units, sections, sure := map[string]int{}, map[string]int{}, map[string]int{}
	var order []string
	goals := 0
	for i := range v.Report.Drafts {
		d := &v.Report.Drafts[i]
		if d.State == reports.Fact {
			continue
		}
		goals++
		units[unitKey(d.Terms.Lead)]++
		sure[sureness(d.Statement.Confidence)]++
		if sections[d.Statement.Section]++; sections[d.Statement.Section] == 1 && d.Statement.Section != "" {
			order = append(order, d.Statement.Section)
		}
	}
	v.States = append(v.States, choiceCount{"", q.Says("report.state.all"), goals, v.Ask.State == ""})
	for _, st := range reports.States {
		if n := v.Report.Count(st); n > 0 || v.Ask.State == string(st) {
			v.States = append(v.States, choiceCount{string(st), q.Says("report.state." + string(st)), n, v.Ask.State == string(st)})
		}
	}
	for _, k := range []string{"high", "mid", "low"} {
		v.Sure = append(v.Sure, choiceCount{k, q.Says("report.sure." + k), sure[k], v.Ask.Sure == k})
	}
	for _, sec := range order {
		v.Sections = append(v.Sections, choiceCount{sec, sec, sections[sec], v.Ask.Section == sec})
	}
	for _, u := range q.Units() {
		if n := units[string(u.Key)]; n > 0 {
			v.Units = append(v.Units, choiceCount{string(u.Key), u.Short.In(q.Lang), n, v.Ask.Unit == string(u.Key)})
		}
	}
	if n := units["none"]; n > 0 {
		v.Units = append(v.Units, choiceCount{"none", q.Says("report.no-unit"), n, v.Ask.Unit == "none"})
	}
}

// paragraph is one line of the report's text; a gap stands for lines left out.
type paragraph struct {
	Gap   bool
	Head  bool
	Spans []span
}

// span is a piece of a paragraph: plain text, or a statement's quotation.
type span struct {
	Text  string
	Draft *reports.Draft // nil for plain text
	Has   bool           // whether the list beside it has the draft
}

// stretch cuts out the text that a page of the list is about: from its first draft's paragraph to the one before the
// next page's first draft, or, where the list is narrowed, only the paragraphs of its own drafts.
func stretch(text []rune, rep *reports.Report, rows []*reports.Draft, next *reports.Draft, first, narrowed bool) (out []paragraph) {
	from, until := 0, len(text)
	if !first && len(rows) > 0 {
		from = lineStart(text, rows[0].Statement.Start)
	}
	if next != nil {
		until = max(from, lineStart(text, next.Statement.Start))
	}
	asked := map[string]bool{}
	for _, d := range rows {
		asked[d.ID] = true
	}
	heads := map[string]bool{}
	for i := range rep.Drafts {
		heads[rep.Drafts[i].Statement.Section] = true
	}
	marks := marksOf(rep)
	for at := from; at < until; {
		end := lineEnd(text, at)
		p, has := cut(text, at, end, &marks, asked)
		line := strings.TrimSpace(string(text[at:end]))
		p.Head = line != "" && heads[line]
		switch {
		case narrowed && !has && !p.Head:
			if n := len(out); line != "" && (n == 0 || !out[n-1].Gap) {
				out = append(out, paragraph{Gap: true})
			}
		case line != "":
			out = append(out, p)
		}
		at = end + 1
	}
	return out
}

func lineStart(text []rune, at int) int {
	for at = min(at, len(text)); at > 0 && text[at-1] != '\n'; at-- {
	}
	return at
}

func lineEnd(text []rune, at int) int {
	if i := slices.Index(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// marksOf returns the drafts whose quotations are highlighted, by place; parts of a split share one quotation.
func marksOf(rep *reports.Report) (marks []*reports.Draft) {
	for i := range rep.Drafts {
		if d := &rep.Drafts[i]; markOf(d) == d.ID {
			marks = append(marks, d)
		}
	}
	slices.SortStableFunc(marks, func(a, b *reports.Draft) int { return a.Statement.Start - b.Statement.Start })
	return marks
}

// markOf returns the draft whose highlight stands for a draft: its own, or that of the whole it was split from.
func markOf(d *reports.Draft) string {
	if len(d.From) > 0 && strings.HasPrefix(d.ID, d.From[0]+".") {
		return d.From[0]
	}
	return d.ID
}

// Mark is markOf for a template.
func (v reviewView) Mark(d *reports.Draft) string { return markOf(d) }

// cut divides one line at its quotations. Where two overlap, the later one begins where the earlier one ends.
func cut(text []rune, from, until int, marks *[]*reports.Draft, asked map[string]bool) (p paragraph, has bool) {
	at := from
	plain := func(end int) {
		if end > at {
			p.Spans = append(p.Spans, span{Text: string(text[at:end])})
		}
	}
	for len(*marks) > 0 && (*marks)[0].Statement.Start < until {
		d := (*marks)[0]
		*marks = (*marks)[1:]
		start, end := max(d.Statement.Start, at), min(d.Statement.End, until)
		if d.Statement.Start < from {
			continue
		}
		plain(min(start, until))
		p.Spans = append(p.Spans, span{Text: string(text[min(start, until):max(end, min(start, until))]), Draft: d, Has: asked[d.ID]})
		at = max(at, end)
		has = has || asked[d.ID]
	}
	plain(until)
	return p, has
}

// Promised writes a target in the language of the request.
func (q *request) Promised(t indicator.Terms) string {
	if t.Shape == indicator.Milestone {
		return q.Says("report.milestone")
	}
	if q.Lang != "en" {
		return desk.TargetText(t.Shape, t.Target)
	}
	v := money.Quantity{Value: t.Target.Value, Unit: t.Target.Unit}.Format("en")
	if t.Target.Max != nil {
		v = money.Span(t.Target.Value, *t.Target.Max, t.Target.Unit, "en")
	}
	return strings.TrimSpace(reports.OpWords(t.Target.Op).EN + " " + v)
}

// RuleWords says in words how a statement was found.
func (q *request) RuleWords(rule string) string { return reports.RuleWords(rule).In(q.Lang) }

// Lacks says what keeps a draft from being confirmed, empty if nothing does.
func (q *request) Lacks(d *reports.Draft) string {
	if r := d.Problem(); r != nil {
		return words.Refusal(r, q.Lang)
	}
	return ""
}

// changeDrafts confirms, drops, restores or merges drafts: one by its own button, several by their ticks, or all that
// the filters leave.
func (s *server) changeDrafts(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	back, err := url.Parse(local(q.FormValue("back")))
	if err != nil {
		back = &url.URL{}
	}
	do, ids := q.FormValue("do"), q.Form["draft"]
	if what, one, ok := strings.Cut(q.FormValue("one"), ":"); ok {
		do, ids = what, []string{one}
	}
	q.URL.Path, q.URL.RawQuery = "/reports/"+q.PathValue("id"), back.RawQuery
	if do == "confirm-all" {
		rep, _, err := s.Reports.Report(q.Context(), q.Who, q.id())
		if err != nil {
			return err
		}
		do = "confirm"
		ids, _ = rep.Ready(filterOf(back.Query()).passes)
	}
	rep, err := s.Reports.Edit(q.Context(), q.Who, q.id(), reports.Edit{Command: q.sentCommand(), What: do, Drafts: ids})
	if err != nil {
		if f, ok := q.flaw(err); ok {
			return s.showReview(q, 422, f, ids)
		}
		return err
	}
	if do == "merge" {
		return q.redirect("/reports/" + string(rep.ID) + "/drafts/" + url.PathEscape(ids[0]) + "?done=merge")
	}
	to := q.With("page", back.Query().Get("page"), "done", do, "n", fmt.Sprint(len(ids)))
	if len(ids) > 0 {
		to += "#d-" + url.PathEscape(ids[0])
	}
	return q.redirect(to)
}
