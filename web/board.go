package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"bihuan/desk/boards"
	"bihuan/export"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// boardView is a month of a scorecard, broken down.
type boardView struct {
	Sheet  *boards.Sheet
	Path   string
	By     string
	Months []monthTab
	Splits []boardSplit
	Cards  []*indicator.Scorecard
	Rows   []boardRow
	All    boardRow
	Before indicator.ScoreValue // the score of the month before, of all
	Ended  bool
	Flaw   flaw
}

// boardSplit is a field that the board can be broken down by.
type boardSplit struct {
	Words, Link string
	On          bool
}

// boardRow is a line of the board with the address behind each of its figures.
type boardRow struct {
	indicator.ScoreRow
	Rank  int
	Words string
	Links []string // by count
}

// showBoards leads to the first scorecard.
func (s *server) showBoards(q *request) error {
	cards := s.Boards.Cards()
	if len(cards) == 0 {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	return q.redirect("/boards/" + cards[0].Ref)
}

func (s *server) showBoard(q *request) error { return s.renderBoard(q, 200, flaw{}) }

func (s *server) renderBoard(q *request, status int, f flaw) error {
	v, err := s.boardView(q)
	if err != nil {
		return err
	}
	v.Flaw = f
	return q.render(status, "board", v)
}

// boardSheet reads the month that the address asks for, the running one if it names none.
func (s *server) boardSheet(q *request) (*boards.Sheet, error) {
	month := q.Asked("month")
	if month == "" {
		month = indicator.Month(q.Today())
	}
	return s.Boards.Month(q.Context(), q.Who, q.PathValue("pack")+"/"+q.PathValue("card"), month)
}

func (s *server) boardView(q *request) (*boardView, error) {
	sheet, err := s.boardSheet(q)
	if err != nil {
		return nil, err
	}
	v := &boardView{Sheet: sheet, Path: "/boards/" + sheet.Card.Ref, By: q.Asked("by"), Cards: s.Boards.Cards(), Ended: sheet.Month < indicator.Month(q.Today())}
	if !slices.Contains(sheet.Card.By, v.By) {
		v.By = sheet.Card.By[0]
	}
	for _, by := range sheet.Card.By {
		if f := sheet.Field(by); f != nil {
			v.Splits = append(v.Splits, boardSplit{f.Words.In(q.Lang), v.link("", "month", sheet.Month, "by", by), by == v.By})
		}
	}
	v.Months = boardMonths(q, sheet.Month)
	rows, all := sheet.Board(v.By)
	for i, r := range rows {
		v.Rows = append(v.Rows, v.row(q, r, true))
		v.Rows[i].Rank = rankOf(rows, i)
	}
	v.All = v.row(q, all, false)
	if before, err := s.Boards.Month(q.Context(), q.Who, sheet.Card.Ref, boardMonthBefore(sheet.Month)); err == nil {
		_, b := before.Board("")
		v.Before = b.Score
	}
	return v, nil
}

// link is an address of the board.
func (v *boardView) link(below string, kv ...string) string {
	vs := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		vs.Set(kv[i], kv[i+1])
	}
	return address(v.Path+below, vs)
}

// rankOf is the place of a row by its score, from 1: the same for scores that are the same, 0 for a row that has none.
func rankOf(rows []indicator.ScoreRow, at int) int {
	if !rows[at].Score.Known {
		return 0
	}
	rank := 1
	for i := range rows {
		if rows[i].Score.Known && rows[at].Score.Value.Less(rows[i].Score.Value) {
			rank++
		}
	}
	return rank
}

// row adds the words and addresses to a row of the breakdown, or to the last row, of all.
func (v *boardView) row(q *request, r indicator.ScoreRow, isOne bool) boardRow {
	out := boardRow{ScoreRow: r, Words: q.Says("board.all")}
	by := ""
	if isOne {
		by, out.Words = v.By, q.Says("board.unknown")
		if f := v.Sheet.Field(v.By); f != nil && r.Under != "" {
			out.Words = q.underText(f, r.Under)
		}
	}
	for _, c := range v.Sheet.Card.Counts {
		out.Links = append(out.Links, v.link("/rows", "month", v.Sheet.Month, "count", c.Key, "by", by, "under", r.Under))
	}
	return out
}

// underText is a value of a breakdown, a unit by its short name.
func (q *request) underText(f *field.Field, v string) string {
	if f.Kind == field.Unit {
		return q.unitShort(name.Unit(v))
	}
	return q.valueText(f, v)
}

// boardMonths are the six months up to today's, and the one that is shown.
func boardMonths(q *request, on string) (tabs []monthTab) {
	d := q.Today()
	for range 6 {
		m := indicator.Month(d)
		tabs = append(tabs, monthTab{Month: m, On: m == on})
		y, mo, _ := d.Civil()
		d = calendar.NewDate(y, mo, 1) - 1
	}
	return tabs
}

func boardMonthBefore(month string) string {
	d, err := calendar.ParseDate(month + "-01")
	if err != nil {
		return ""
	}
	return indicator.Month(d - 1)
}

// Formula says how the score comes about, in words.
func (v *boardView) Formula(q *request) string {
	text := ""
	for _, r := range v.Sheet.Card.Rates {
		part, whole := v.countWords(q, r.Part), v.countWords(q, r.Whole)
		if text != "" {
			text += q.Says("list.semicolon")
		}
		key := "board.rate"
		switch {
		case r.Weight > 0 && r.Lower:
			key = "board.rate-lower"
		case r.Weight > 0:
			key = "board.rate-weighted"
		}
		text += q.Says(key, "rate", r.Words.In(q.Lang), "part", part, "whole", whole, "weight", r.Weight)
	}
	return text
}

func (v *boardView) countWords(q *request, key string) string {
	if i := v.Sheet.Card.Count(key); i >= 0 {
		return v.Sheet.Card.Counts[i].Words.In(q.Lang)
	}
	return key
}

// rowsView is the matters behind one figure.
type rowsView struct {
	Sheet *boards.Sheet
	Back  string
	Count string
	Under string
	Lines []boardLine
	Total int
	Next  string
}

const boardPage = 200

// boardLine is a matter that a figure counts, as its reader may know it.
type boardLine struct {
	indicator.ScoreLine
	Shut bool // the reader may not read it: it has no page for them, and no title but a public one
}

// boardLines are lines as the caller may know them.
func (q *request) boardLines(lines []indicator.ScoreLine) ([]boardLine, error) {
	all := make([]boardLine, len(lines))
	for i := range lines {
		l := boardLine{ScoreLine: lines[i]}
		may, err := q.s.Desk.MayReadMatter(q.Context(), q.Who, l.Of)
		if err != nil {
			return nil, err
		}
		if l.Shut = !may; l.Shut {
			open, err := q.s.Desk.PublicMatter(q.Context(), l.Of)
			if err != nil && !errors.Is(err, fault.ErrNotFound) {
				return nil, err
			}
			l.Title = open.Fields["title"]
		}
		all[i] = l
	}
	return all, nil
}

// showBoardRows lists the very matters that a figure of a board counts.
func (s *server) showBoardRows(q *request) error {
	sheet, err := s.boardSheet(q)
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(q.Asked("from"))
	from = max(0, from)
	lines, all, err := sheet.Behind(q.Asked("count"), q.Asked("by"), q.Asked("under"), from, boardPage)
	if err != nil {
		return err
	}
	b := boardView{Sheet: sheet, Path: "/boards/" + sheet.Card.Ref}
	v := rowsView{Sheet: sheet, Total: all, Count: b.countWords(q, q.Asked("count")), Back: b.link("", "month", sheet.Month, "by", q.Asked("by")), Under: q.Says("board.all")}
	if f := sheet.Field(q.Asked("by")); f != nil {
		if v.Under = q.Says("board.unknown"); q.Asked("under") != "" {
			v.Under = q.valueText(f, q.Asked("under"))
		}
	}
	if v.Lines, err = q.boardLines(lines); err != nil {
		return err
	}
	if until := from + len(lines); until < all && len(lines) > 0 {
		v.Next = q.With("from", itoa(until))
	}
	return q.render(200, "board_rows", v)
}

// downloadBoard answers with the board as a file.
func (s *server) downloadBoard(q *request) error {
	v, err := s.boardView(q)
	if err != nil {
		return err
	}
	card := v.Sheet.Card
	t := export.Table{Title: card.Words.In(q.Lang) + " " + v.Sheet.Month, Columns: []export.Column{{Key: "under", Title: v.splitWords(q)}}}
	for _, c := range card.Counts {
		t.Columns = append(t.Columns, export.Column{Key: "n-" + c.Key, Title: c.Words.In(q.Lang), Type: export.Number})
	}
	for _, r := range card.Rates {
		t.Columns = append(t.Columns, export.Column{Key: "r-" + r.Key, Title: r.Words.In(q.Lang) + "%", Type: export.Number})
	}
	t.Columns = append(t.Columns, export.Column{Key: "score", Title: q.Says("board.score"), Type: export.Number})
	var rows [][]string
	for _, r := range append(slices.Clip(v.Rows), v.All) {
		row := []string{r.Words}
		for _, n := range r.Counts {
			row = append(row, strconv.FormatInt(n, 10))
		}
		for _, x := range append(slices.Clip(r.Rates), r.Score) {
			if x.Known {
				row = append(row, x.Value.String())
			} else {
				row = append(row, "")
			}
		}
		rows = append(rows, row)
	}
	t.Rows = rowsOf(rows)
	return q.download(t.Title, q.PathValue("format"), t)
}

func (v *boardView) splitWords(q *request) string {
	if f := v.Sheet.Field(v.By); f != nil {
		return f.Words.In(q.Lang)
	}
	return v.By
}

// settleBoard settles a month that has ended.
func (s *server) settleBoard(q *request) error {
	ref, month := q.PathValue("pack")+"/"+q.PathValue("card"), q.Asked("month")
	err := s.Boards.Freeze(q.Context(), q.Who, q.sentCommand(), ref, month)
	if err == nil {
		return q.redirect("/boards/" + ref + "?month=" + url.QueryEscape(month) + "&done=settled")
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	return s.renderBoard(q, 422, f)
}
