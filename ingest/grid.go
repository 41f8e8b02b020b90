package ingest

import (
	"strings"
)

// grid is what a spreadsheet holds before it is known which row is the header.
type grid struct {
	name   string
	sheets []string
	rows   []gridRow
	cells  int
	merged []rectangle
}

type gridRow struct {
	number int // from 1
	cells  []string
}

// rectangle is a range of cells merged into its upper left one, all from 1 and inclusive.
type rectangle struct{ top, left, bottom, right int }

// add appends a row; one that holds nothing is passed over. cells is copied.
func (g *grid) add(number int, cells []string) error {
	width, filled := 0, 0
	for i, c := range cells {
		if len(c) > MaxCell {
			return refuse("cell-too-long", "cell", Cell{Row: number, Col: i + 1}.Ref(), "limit", itoa(MaxCell>>10))
		}
		if strings.TrimSpace(c) != "" {
			width = i + 1
			filled++
		}
	}
	if filled == 0 {
		return nil
	}
	if g.cells += filled; g.cells > MaxCells {
		return refuse("too-many-cells", "limit", itoa(MaxCells), "row", itoa(number))
	}
	if width > MaxColumns {
		return refuse("too-many-columns", "limit", itoa(MaxColumns), "cell", Cell{Row: number, Col: width}.Ref())
	}
	if len(g.rows) > MaxRows { // one more than the rows for the header
		return refuse("too-many-rows", "limit", itoa(MaxRows), "row", itoa(number))
	}
	row := gridRow{number, make([]string, width)}
	for i := range row.cells {
		row.cells[i] = strings.TrimSpace(cells[i])
	}
	g.rows = append(g.rows, row)
	return nil
}

// table finds the header and cuts the grid below it into rows.
func (g *grid) table() (Table, error) {
	if len(g.rows) == 0 {
		return Table{}, refuse("is-empty")
	}
	g.spread()
	first, last := g.header()
	t := Table{Name: g.name, Sheets: g.sheets, Header: g.headerNames(first, last)}
	var above []string
	for _, r := range g.rows[:first] {
		above = append(above, distinct(r.cells, " "))
	}
	t.Title = strings.Join(above, "\n")
	for _, r := range g.rows[last+1:] {
		t.Rows = append(t.Rows, r.row(len(t.Header)))
	}
	return t, nil
}

func (r gridRow) row(width int) []Cell {
	out := make([]Cell, max(width, len(r.cells)))
	for i := range out {
		out[i] = Cell{Row: r.number, Col: i + 1}
		if i < len(r.cells) {
			out[i].Text = r.cells[i]
		}
	}
	return out
}

// spread gives every merged cell the text of its upper left one. Rows that are merged but
// hold nothing of their own are not made up.
func (g *grid) spread() {
	at := make(map[int]int, len(g.rows))
	for i, r := range g.rows {
		at[r.number] = i
	}
	for _, m := range g.merged {
		i, ok := at[m.top]
		if !ok || m.left > len(g.rows[i].cells) {
			continue
		}
		text := g.rows[i].cells[m.left-1]
		right := min(m.right, MaxColumns)
		for ; i < len(g.rows) && g.rows[i].number <= m.bottom && text != ""; i++ {
			g.rows[i].fill(m.left, right, text)
		}
	}
}

func (r *gridRow) fill(left, right int, text string) {
	for len(r.cells) < right {
		r.cells = append(r.cells, "")
	}
	for c := left; c <= right; c++ {
		r.cells[c-1] = text
	}
}

// header returns the first and last index of the rows that are the header: the first row
// with two different texts, and the rows that its merged cells reach down to.
func (g *grid) header() (first, last int) {
	for i, r := range g.rows {
		if different(r.cells) {
			first = i
			break
		}
	}
	bottom := g.rows[first].number
	for _, m := range g.merged {
		if m.top == g.rows[first].number && m.bottom > bottom && m.bottom-m.top < 3 {
			bottom = m.bottom
		}
	}
	last = first
	for last+1 < len(g.rows) && g.rows[last+1].number <= bottom {
		last++
	}
	return first, last
}

// headerNames joins the texts of each column of the header rows by /, each once.
func (g *grid) headerNames(first, last int) []string {
	width := 0
	for _, r := range g.rows[first : last+1] {
		width = max(width, len(r.cells))
	}
	names := make([]string, width)
	for c := range names {
		var parts []string
		for _, r := range g.rows[first : last+1] {
			if c < len(r.cells) {
				parts = append(parts, strings.Join(strings.Fields(r.cells[c]), ""))
			}
		}
		names[c] = distinct(parts, "/")
	}
	return names
}

// distinct joins the texts that are not empty and not equal to the one before.
func distinct(texts []string, by string) string {
	var out []string
	for _, s := range texts {
		if s != "" && (len(out) == 0 || out[len(out)-1] != s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, by)
}

func different(cells []string) bool {
	seen := ""
	for _, c := range cells {
		if c != "" && seen != "" && c != seen {
			return true
		}
		if c != "" {
			seen = c
		}
	}
	return false
}
