package export

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// The limits of the format (ECMA-376, as Excel keeps them).
const (
	maxSheetRows = 1_048_576
	maxSheetCell = 32_767 // UTF-16 units
	maxSheetName = 31     // UTF-16 units
	exactDigits  = 15     // significant digits that a cell's number keeps
)

// cut is what ends a text that was longer than a cell holds.
const cut = "…（已截断 cut）"

// XLSX writes t as a workbook of one sheet, its title row frozen and with filters. Numbers
// and dates are typed cells; a number of more than 15 significant digits, which the format
// would round, stays a text. Texts are made [Safe] and are texts, never formulas; one
// longer than 32,767 characters is cut and says so. It returns an error beyond 1,048,575 rows.
func XLSX(w io.Writer, t Table) error {
	f := excelize.NewFile()
	defer f.Close()
	x, err := newSheet(f, t)
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	n := 1
	for row, err := range t.Rows {
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
		if n++; n > maxSheetRows {
			return fmt.Errorf("write xlsx: more than %d rows", maxSheetRows-1)
		}
		if err := x.out.SetRow("A"+strconv.Itoa(n), x.cells(t.Columns, row)); err != nil {
			return fmt.Errorf("write xlsx row %d: %w", n, err)
		}
	}
	if err := x.finish(t, n); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	f.Pkg.Store("docProps/core.xml", []byte(core)) // the library's own says who wrote the library, and 2006
	if err := f.SetAppProps(&excelize.AppProperties{Application: "Bihuan"}); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// core is what a workbook says of where it comes from: the platform, and no time, so that the same list is the same file.
const core = `<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>闭环 Bihuan</dc:creator></cp:coreProperties>`

// sheet is a workbook being written.
type sheet struct {
	file   *excelize.File
	name   string
	out    *excelize.StreamWriter
	styles map[Type]int
}

func newSheet(f *excelize.File, t Table) (*sheet, error) {
	x := &sheet{file: f, name: sheetName(t.Title), styles: map[Type]int{}}
	if err := f.SetSheetName("Sheet1", x.name); err != nil {
		return nil, err
	}
	for typ, format := range map[Type]string{Text: "@", Date: "yyyy-mm-dd", Instant: "yyyy-mm-dd hh:mm"} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return nil, err
		}
		x.styles[typ] = id
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF7"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return nil, err
	}
	if x.out, err = f.NewStreamWriter(x.name); err != nil {
		return nil, err
	}
	titles := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = excelize.Cell{StyleID: head, Value: cellText(c.Title)}
	}
	for i, c := range slices.Backward(t.Columns) { // excelize puts each before the others, and Excel wants them to rise
		if err := x.out.SetColWidth(i+1, i+1, c.width()); err != nil {
			return nil, err
		}
	}
	if err := x.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return x, x.out.SetRow("A1", titles)
}

// finish sets the filters and writes the end of the sheet. In this order: what is asked of a sheet whose stream has ended has excelize read all of it
// back into memory.
func (x *sheet) finish(t Table, rows int) error {
	if len(t.Columns) > 0 {
		last, err := excelize.CoordinatesToCellName(len(t.Columns), rows)
		if err != nil {
			return err
		}
		if err := x.file.AutoFilter(x.name, "A1:"+last, nil); err != nil {
			return err
		}
	}
	return x.out.Flush()
}

func (x *sheet) cells(columns []Column, row []string) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = x.cell(c.Type, value(row, i))
	}
	return out
}

// cell types one value; nil is an empty cell.
func (x *sheet) cell(typ Type, s string) any {
	if s == "" {
		return nil
	}
	switch typ {
	case Number:
		if v, err := strconv.ParseFloat(s, 64); err == nil && isNumber(s) && significant(s) <= exactDigits {
			return v
		}
	case Date:
		if d, err := time.Parse(time.DateOnly, s); err == nil && d.Year() >= 1900 {
			return excelize.Cell{StyleID: x.styles[Date], Value: d}
		}
	case Instant:
		if at, ok := localInstant(s); ok && at.Year() >= 1900 {
			wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
			return excelize.Cell{StyleID: x.styles[Instant], Value: wall}
		}
	}
	return excelize.Cell{StyleID: x.styles[Text], Value: cellText(s)}
}

// significant counts the digits of a number without leading zeros.
func significant(s string) int {
	return len(strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(s), "0"))
}

// cellText returns s safe, without the characters that XML 1.0 §2.2 cannot hold, and cut to what a cell holds.
func cellText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return utf8.RuneError
		}
		return r
	}, Safe(s))
	units := 0
	for i, r := range s {
		if units += utf16Len(r); units > maxSheetCell {
			return cutTo(s[:i], maxSheetCell-utf16Count(cut)) + cut
		}
	}
	return s
}

func cutTo(s string, limit int) string {
	units := 0
	for i, r := range s {
		if units += utf16Len(r); units > limit {
			return s[:i]
		}
	}
	return s
}

func utf16Len(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

func utf16Count(s string) (n int) {
	for _, r := range s {
		n += utf16Len(r)
	}
	return n
}

// width is the width of a column: as asked, or what suits its type and title.
func (c Column) width() float64 {
	if c.Width > 0 {
		return float64(min(c.Width, 255))
	}
	least := map[Type]int{Text: 16, Number: 12, Date: 12, Instant: 18}[c.Type]
	title := 2
	for _, r := range c.Title {
		title += utf8.RuneLen(r)/3 + 1
	}
	return float64(min(max(least, title), 60))
}

// sheetName returns title as a sheet may be called: without : \ / ? * [ ], not in
// apostrophes, at most 31 long; 清单 if nothing is left.
func sheetName(title string) string {
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, title)
	s = strings.Trim(cutTo(strings.TrimSpace(s), maxSheetName), "' ")
	if s == "" || strings.EqualFold(s, "history") { // Excel keeps that name for itself
		return "清单"
	}
	return s
}
