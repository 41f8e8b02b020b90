package ingest

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"
)

// The namespaces of WordprocessingML, transitional and strict (ECMA-376-1, ISO/IEC 29500-1),
// of Markup Compatibility (ECMA-376-3) and of Office mathematics.
var wordSpaces = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":             "w:",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":  "mc:",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":   "m:",
	"http://purl.oclc.org/ooxml/officeDocument/math":               "m:",
}

// docxSkipped are the elements whose contents are not text of the document: what a tracked
// change took away, where a moved text stood before, the reading above a ruby base.
var docxSkipped = map[string]bool{"w:del": true, "w:moveFrom": true, "w:rt": true, "w:instrText": true, "w:delText": true, "w:delInstrText": true}

// docxText returns the text of a DOCX package: one line for a paragraph, in order; one
// line for a row of a table, its cells divided by tabs and the paragraphs of a cell by
// blanks, except that a row of one cell (a frame around the page) keeps its paragraphs.
//
// Tracked insertions are in, deletions out; hidden text is out. A text box follows the
// paragraph that it hangs on, once, though the file holds it twice (mc:AlternateContent).
// Left out are headers, footers, notes, comments and the automatic numbers of lists,
// none of which the main part holds.
func docxText(data []byte) (string, error) {
	a, err := openArchive(data)
	if err != nil {
		return "", err
	}
	part := a.mainPart("word/document.xml")
	if a.parts[part] == nil || !strings.HasPrefix(part, "word/") {
		return "", a.other()
	}
	r, err := a.open(part)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var d docx
	if err := d.read(xml.NewDecoder(r)); err != nil {
		return "", damaged(err)
	}
	return strings.Join(d.frames[0].lines, "\n"), nil
}

// frame is what collects paragraphs: the body, a cell of a table, a text box.
type frame struct {
	lines []string
	cells [][]string // of the row being read, each its paragraphs
	wide  int        // columns that the cell reaches over besides its own
	own   int        // cells of the row that are not such columns
}

// paragraph is one being read.
type paragraph struct {
	text  []byte
	boxes []string // lines of the text boxes that hang on it
	join  bool     // its mark was deleted: the next paragraph continues it
}

// docx is the state of reading one main part. Stacks rather than recursion, so that depth is bounded.
type docx struct {
	open       []string
	frames     []frame
	paragraphs []paragraph
	chosen     []bool // for every open mc:AlternateContent, whether an alternative was read
	skip       int    // open elements within one that is left out, that included
	hidden     bool   // the run at hand is hidden
	runes      int
	carry      string // text of a paragraph whose mark was deleted
}

func (d *docx) read(x *xml.Decoder) error {
	d.frames = []frame{{}}
	for {
		t, err := x.Token()
		if err == io.EOF {
			d.flush()
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = d.start(wordSpaces[t.Name.Space]+t.Name.Local, t.Attr)
		case xml.EndElement:
			d.end(wordSpaces[t.Name.Space] + t.Name.Local)
		case xml.CharData:
			if n := len(d.open); d.skip == 0 && n > 0 && (d.open[n-1] == "w:t" || d.open[n-1] == "m:t") {
				d.write(string(t))
			}
		case xml.Directive: // a document type has no place in a package (ECMA-376-2 §8.1.4)
			err = refuse("archive-broken")
		}
		if err == nil && d.runes > MaxText {
			err = refuse("text-too-long", "limit", itoa(MaxText))
		}
		if err != nil {
			return err
		}
	}
}

func (d *docx) start(el string, attrs []xml.Attr) error {
	d.open = append(d.open, el)
	if len(d.open) > maxDepth {
		return refuse("too-deep", "limit", itoa(maxDepth))
	}
	if d.skip > 0 || d.leaveOut(el) {
		d.skip++
		return nil
	}
	switch el {
	case "w:p":
		d.paragraphs = append(d.paragraphs, paragraph{})
	case "w:tc", "w:txbxContent":
		d.frames = append(d.frames, frame{})
	case "w:tr":
		d.frame().cells, d.frame().own = nil, 0
	case "w:gridSpan":
		d.frame().wide = gridSpan(attrs) - 1
	case "w:r":
		d.hidden = false
	case "w:vanish":
		d.hidden = d.hidden || d.within("w:r") && on(attrs)
	default:
		d.write(docxMarks[el])
	}
	return nil
}

// docxMarks are the elements that stand for characters.
var docxMarks = map[string]string{"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}

// leaveOut reports whether el and what it holds is not read. The mark of a deleted
// paragraph end and the tab stops of a style look like text but are none.
func (d *docx) leaveOut(el string) bool {
	switch el {
	case "mc:AlternateContent":
		d.chosen = append(d.chosen, false)
	case "mc:Choice", "mc:Fallback":
		n := len(d.chosen) - 1
		if n < 0 || d.chosen[n] {
			return true
		}
		d.chosen[n] = true
	case "w:tabs":
		return true
	case "w:del":
		if n := len(d.paragraphs); d.within("w:pPr") && n > 0 {
			d.paragraphs[n-1].join = true
		}
	}
	return docxSkipped[el]
}

// within reports whether el is open among the three innermost elements above the one at hand.
func (d *docx) within(el string) bool {
	n := len(d.open) - 1
	for i := n - 1; i >= 0 && i >= n-3; i-- {
		if d.open[i] == el {
			return true
		}
	}
	return false
}

// on reads a toggle: true unless its value says no.
func on(attrs []xml.Attr) bool {
	for _, a := range attrs {
		if a.Name.Local == "val" {
			return a.Value != "0" && a.Value != "false" && a.Value != "off"
		}
	}
	return true
}

// gridSpan reads over how many columns a cell reaches.
func gridSpan(attrs []xml.Attr) int {
	for _, a := range attrs {
		if a.Name.Local == "val" {
			return span([]byte(a.Value))
		}
	}
	return 1
}

func (d *docx) end(el string) {
	d.open = d.open[:len(d.open)-1]
	if el == "mc:AlternateContent" && d.skip == 0 && len(d.chosen) > 0 {
		d.chosen = d.chosen[:len(d.chosen)-1]
	}
	if d.skip > 0 {
		d.skip--
		return
	}
	switch el {
	case "w:p":
		d.endParagraph()
	case "w:r":
		d.hidden = false
	case "w:tc":
		wide := d.frame().wide
		lines := d.pop()
		f := d.frame()
		f.cells = append(f.cells, lines)
		for f.own++; wide > 0 && len(f.cells) < maxCells; wide-- {
			f.cells = append(f.cells, nil)
		}
	case "w:tr":
		d.endRow()
	case "w:txbxContent":
		lines := d.pop()
		if n := len(d.paragraphs); n > 0 {
			d.paragraphs[n-1].boxes = append(d.paragraphs[n-1].boxes, lines...)
		} else {
			d.frame().lines = append(d.frame().lines, lines...)
		}
	}
}

func (d *docx) frame() *frame { return &d.frames[len(d.frames)-1] }

// pop takes the innermost frame away; the body always stays.
func (d *docx) pop() []string {
	n := len(d.frames) - 1
	if n == 0 {
		return nil
	}
	d.flush()
	lines := d.frames[n].lines
	d.frames = d.frames[:n]
	return lines
}

// flush ends a paragraph whose mark was deleted and that nothing continues.
func (d *docx) flush() {
	if d.carry != "" {
		d.frame().lines = append(d.frame().lines, d.carry)
		d.carry = ""
	}
}

func (d *docx) write(s string) {
	n := len(d.paragraphs)
	if s == "" || n == 0 || d.hidden {
		return
	}
	p := &d.paragraphs[n-1]
	p.text = append(p.text, s...)
	d.runes += utf8.RuneCountInString(s)
}

func (d *docx) endParagraph() {
	n := len(d.paragraphs) - 1
	if n < 0 {
		return
	}
	p := &d.paragraphs[n]
	text := d.carry + string(p.text)
	d.carry = ""
	if p.join {
		d.carry = text
	} else {
		d.frame().lines = append(d.frame().lines, lineEnds(text))
		d.runes++
	}
	d.frame().lines = append(d.frame().lines, p.boxes...)
	d.paragraphs = d.paragraphs[:n]
}

// endRow gives the row at hand to the frame that its table stands in.
func (d *docx) endRow() {
	f := d.frame()
	if f.own == 1 { // a line across the table
		f.cells = f.cells[:1]
	}
	f.lines = append(f.lines, rowLines(f.cells)...)
	f.cells = nil
}
