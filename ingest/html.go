package ingest

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxToken bounds one tag or stretch of text of a page, in bytes.
const maxToken = 4 * MaxText

// layout is what a tag does to the text around it.
type layout byte

const (
	inline layout = iota
	block         // stands on lines of its own
	breaks        // ends the line
	cell          // is divided from the cell before by a tab
	unseen        // is not shown, nor what it holds
)

// layouts are the tags that are not inline, by what a browser does with them
// (HTML Living Standard §15.3, as read).
var layouts = map[atom.Atom]layout{
	atom.Address: block, atom.Article: block, atom.Aside: block, atom.Blockquote: block, atom.Body: block,
	atom.Caption: block, atom.Center: block, atom.Dd: block, atom.Details: block, atom.Dialog: block, atom.Div: block,
	atom.Dl: block, atom.Dt: block, atom.Fieldset: block, atom.Figcaption: block, atom.Figure: block,
	atom.Footer: block, atom.Form: block, atom.H1: block, atom.H2: block, atom.H3: block, atom.H4: block,
	atom.H5: block, atom.H6: block, atom.Header: block, atom.Hr: block, atom.Html: block, atom.Legend: block,
	atom.Li: block, atom.Main: block, atom.Nav: block, atom.Ol: block, atom.P: block, atom.Pre: block,
	atom.Section: block, atom.Summary: block, atom.Table: block, atom.Tbody: block, atom.Tfoot: block,
	atom.Thead: block, atom.Tr: block, atom.Ul: block,
	atom.Br: breaks,
	atom.Td: cell, atom.Th: cell,
	atom.Script: unseen, atom.Style: unseen, atom.Template: unseen, atom.Noscript: unseen, atom.Title: unseen,
	atom.Iframe: unseen, atom.Object: unseen, atom.Svg: unseen, atom.Select: unseen, atom.Textarea: unseen,
	atom.Audio: unseen, atom.Video: unseen, atom.Canvas: unseen, atom.Rt: unseen, atom.Rp: unseen, atom.Button: unseen,
}

// htmlText returns the text of a page that a browser would show: one line for a block and
// one for a row of a table, its cells divided by tabs; entities decoded; blanks run
// together to one, and none where a line break of the source stands between two Chinese
// characters (CSS Text 3 §4.1.2). Empty lines are dropped. Scripts, styles, form fields
// and what carries hidden or display:none are left out. The page is read as a stream of
// tags, so depth costs nothing.
func htmlText(page string) (string, error) {
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(maxToken)
	var w flow
	for {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), html.ErrBufferExceeded) {
				return "", refuse("text-too-long", "limit", itoa(MaxText))
			}
			if z.Err() != io.EOF {
				return "", z.Err()
			}
			return w.String(), nil
		case html.TextToken:
			if w.unseen == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken:
			a, hidden, s := tag(z)
			w.spans = s
			w.open(a, hidden)
		case html.SelfClosingTagToken:
			if a, _, _ := tag(z); w.unseen == 0 {
				w.lay(a)
			}
		case html.EndTagToken:
			a, _, _ := tag(z)
			w.close(a)
		}
	}
}

// spans says over how many columns and rows a cell reaches, 1 at least.
type spans struct{ cols, rows int }

// span reads an attribute that counts columns or rows; what is no count is 1.
func span(val []byte) int {
	n, err := strconv.Atoi(strings.TrimSpace(string(val)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxCells)
}

// tag returns the tag at hand, whether its attributes hide it, and how far it reaches if it is a cell.
func tag(z *html.Tokenizer) (a atom.Atom, hidden bool, s spans) {
	s = spans{1, 1}
	name, more := z.TagName()
	a = atom.Lookup(name)
	for more {
		var key, val []byte
		key, val, more = z.TagAttr()
		switch string(key) {
		case "hidden":
			hidden = true
		case "style":
			hidden = hidden || displayNone.Match(val)
		case "colspan":
			s.cols = span(val)
		case "rowspan":
			s.rows = span(val)
		}
	}
	return a, hidden, s
}

var displayNone = regexp.MustCompile(`(?i)(^|[;\s])display\s*:\s*none`)

// containers are the tags that a hiding attribute is obeyed on: those that must be closed,
// so that a forgotten end cannot swallow the rest of the page.
var containers = map[atom.Atom]bool{atom.Div: true, atom.Span: true, atom.Section: true, atom.Article: true, atom.Table: true, atom.Ul: true, atom.Nav: true, atom.Form: true, atom.A: true}

// flow lays text out in lines.
type flow struct {
	lines   []string  // outside of tables
	tables  []tableAt // open tables, the innermost last
	line    strings.Builder
	blank   bool      // a blank is due before the next character of the line
	broke   bool      // and it held a line break of the source
	last    rune      // last character of the line
	pre     int       // open <pre>
	unseen  int       // open tags of the kind below
	unseenA atom.Atom // the tag that hides what is read
	spans   spans     // of the start tag at hand
}

// tableAt is an open table: the cells of its row at hand, each with its lines. What a cell reaches over besides its own place is
// filled with empty cells, so that the columns of a row stand below those of its head.
type tableAt struct {
	cells [][]string
	wide  int   // empty cells due behind the last
	below []int // rows that a cell above still reaches down, by column
	alone bool  // the row has one cell of its own and none from above
}

// maxCells bounds the cells of a row that spans fill in.
const maxCells = 200

// begin opens a cell that reaches s.
func (t *tableAt) begin(s spans) {
	t.alone = len(t.cells) == 0
	t.fill()
	for len(t.cells) < len(t.below) && t.below[len(t.cells)] > 0 {
		t.below[len(t.cells)]--
		t.cells, t.alone = append(t.cells, nil), false
	}
	for i := len(t.cells); s.rows > 1 && i < min(len(t.cells)+s.cols, maxCells); i++ {
		for len(t.below) <= i {
			t.below = append(t.below, 0)
		}
		t.below[i] = s.rows - 1
	}
	t.cells, t.wide = append(t.cells, nil), s.cols-1
}

// fill puts the empty cells behind the last one.
func (t *tableAt) fill() {
	for ; t.wide > 0 && len(t.cells) < maxCells; t.wide-- {
		t.cells = append(t.cells, nil)
	}
	t.wide = 0
}

// end closes the row and returns its lines.
func (t *tableAt) end() []string {
	if len(t.cells) == 0 {
		return nil
	}
	if t.alone && t.wide > 0 { // a line across the table
		t.wide = 0
	}
	t.fill()
	for i := len(t.cells); i < len(t.below); i++ {
		t.below[i] = max(0, t.below[i]-1)
	}
	lines := rowLines(t.cells)
	t.cells = nil
	return lines
}

func (w *flow) open(a atom.Atom, hidden bool) {
	if w.unseen > 0 {
		if a == w.unseenA {
			w.unseen++
		}
		return
	}
	if layouts[a] == unseen || hidden && containers[a] {
		w.unseen, w.unseenA = 1, a
		return
	}
	w.lay(a)
	if a == atom.Pre {
		w.pre++
	}
}

func (w *flow) close(a atom.Atom) {
	if w.unseen > 0 {
		if a == w.unseenA {
			w.unseen--
		}
		return
	}
	switch {
	case a == atom.Table:
		w.closeTable()
	case layouts[a] == block:
		w.lay(a)
	}
	if a == atom.Pre && w.pre > 0 {
		w.pre--
	}
}

// lay does what a tag does to the lines. Tables nested deeper than maxDepth are read as blocks.
func (w *flow) lay(a atom.Atom) {
	if layouts[a] == inline || layouts[a] == unseen {
		return
	}
	w.end()
	n := len(w.tables)
	switch {
	case a == atom.Table && n < maxDepth:
		w.tables = append(w.tables, tableAt{})
	case a == atom.Tr:
		w.endRow()
	case layouts[a] == cell && n > 0:
		w.tables[n-1].begin(w.spans)
	}
}

func (w *flow) closeTable() {
	w.end()
	w.endRow()
	if n := len(w.tables); n > 0 {
		w.tables = w.tables[:n-1]
	}
}

// endRow gives the row at hand to what is around its table: as one line, or as the lines of
// its only cell, which is a frame rather than a row.
func (w *flow) endRow() {
	n := len(w.tables) - 1
	if n < 0 {
		return
	}
	lines := w.tables[n].end()
	w.tables = w.tables[:n]
	w.add(lines...)
	w.tables = w.tables[:n+1]
}

// rowLines makes the cells of a row, each a list of lines, one line: cells divided by tabs,
// lines of a cell by blanks. A row of one cell keeps its lines; one without words has none.
func rowLines(cells [][]string) []string {
	if len(cells) == 1 {
		return cells[0]
	}
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = strings.Join(strings.FieldsFunc(strings.Join(c, "\n"), func(r rune) bool { return r == '\n' }), " ")
	}
	line := strings.Join(row, "\t")
	if strings.TrimSpace(line) == "" {
		return nil
	}
	return []string{line}
}

// add appends lines to the innermost open cell, outside of all tables to the page.
func (w *flow) add(lines ...string) {
	for n := len(w.tables) - 1; n >= 0; n-- {
		if cells := w.tables[n].cells; len(cells) > 0 {
			cells[len(cells)-1] = append(cells[len(cells)-1], lines...)
			return
		}
	}
	w.lines = append(w.lines, lines...)
}

// end ends the line; an empty one is dropped.
func (w *flow) end() {
	if s := strings.TrimRight(w.line.String(), " \t"); strings.TrimSpace(s) != "" {
		w.add(s)
	}
	w.line.Reset()
	w.blank, w.broke, w.last = false, false, 0
}

// text adds a stretch of text, its entities decoded already.
func (w *flow) text(s string) {
	for _, r := range s {
		switch {
		case r == '\n' && w.pre > 0:
			w.end()
		case r == ' ' || r == '\n' || r == '\t' || r == '\f' || r == '\r' || r == '\u00a0':
			w.blank = true
			w.broke = w.broke || r == '\n'
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == 0: // no width, no meaning
		default:
			w.put(r)
		}
	}
}

func (w *flow) put(r rune) {
	if w.blank && w.last != 0 && !(w.broke && wide(w.last) && wide(r)) {
		w.line.WriteByte(' ')
	}
	w.blank, w.broke, w.last = false, false, r
	w.line.WriteRune(r)
}

func (w *flow) String() string {
	w.end()
	for len(w.tables) > 0 {
		w.closeTable()
	}
	return strings.Join(w.lines, "\n")
}

// wide reports whether r is a character that Chinese is written with, punctuation included.
func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef || r >= 0x2014 && r <= 0x2026
}

var metaCharsetPattern = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_:.-]+)`)

// metaCharset returns the charset that a page claims and that is none of those decode
// knows, in lower case; empty if there is none.
func metaCharset(start []byte) string {
	m := metaCharsetPattern.FindSubmatch(start)
	if m == nil || !utf8.Valid(m[1]) {
		return ""
	}
	switch c := strings.ToLower(string(m[1])); c {
	case "utf-8", "utf8", "gb2312", "gbk", "gb18030":
		return ""
	default:
		return c
	}
}
