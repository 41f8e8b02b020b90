package ingest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxPadding bounds the empty cells that a sheet makes its reader walk over: a file of a
// few kilobytes can name a cell in the last column of each of a million rows.
const maxPadding = 5_000_000

// readXLSX reads the first visible sheet that holds anything.
func (g *grid) readXLSX(data []byte) (err error) {
	a, err := openArchive(data)
	if err != nil {
		return err
	}
	if a.parts["xl/workbook.xml"] == nil {
		if a.parts["word/document.xml"] != nil {
			return refuse("not-a-sheet")
		}
		return a.other()
	}
	for name := range a.parts { // excelize unpacks them all
		if a.parts[name].UncompressedSize64 > maxPart {
			return refuse("archive-bomb")
		}
	}
	defer func() { // the library has panicked on damaged files before; a damaged file is not our fault
		if recover() != nil {
			err = refuse("archive-broken")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: 2 * maxPart, UnzipXMLSizeLimit: 2 * maxPart, // equal, so that nothing is put into temporary files
		ShortDatePattern: "yyyy-mm-dd",
	})
	if errors.Is(err, excelize.ErrWorkbookPassword) {
		return refuse("is-encrypted")
	}
	if err != nil {
		return refuse("archive-broken")
	}
	defer f.Close()
	if !wellFormed(f) {
		return refuse("archive-broken")
	}
	return g.readBook(f)
}

// wellFormed reports whether all sheets are whole XML. The library takes the end of a
// broken part for the end of its rows, and half a sheet must not look like a whole one.
func wellFormed(f *excelize.File) bool {
	whole := true
	f.Pkg.Range(func(name, part any) bool {
		if b, ok := part.([]byte); ok && strings.HasPrefix(name.(string), "xl/worksheets/sheet") {
			x := xml.NewDecoder(bytes.NewReader(b))
			x.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
			var err error
			for err == nil {
				_, err = x.Token()
			}
			whole = whole && err == io.EOF
		}
		return whole
	})
	return whole
}

func (g *grid) readBook(f *excelize.File) error {
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		g.sheets = append(g.sheets, name)
		if len(g.rows) > 0 {
			continue
		}
		if err := g.readSheet(f, name); err != nil {
			return err
		}
	}
	return nil
}

// readSheet walks the sheet as it is shown, and again as it is stored if a cell shows what
// may be a date.
func (g *grid) readSheet(f *excelize.File, name string) error {
	g.name = name
	dates, padding := false, 0
	err := eachRow(f, name, excelize.Options{}, func(row int, cells []string) error {
		if padding += len(cells); padding > maxPadding {
			return refuse("archive-bomb")
		}
		dates = dates || slices.ContainsFunc(cells, dateLike.MatchString)
		return g.add(row, cells)
	})
	if err == nil && dates {
		err = g.readDates(f, name)
	}
	if err != nil {
		return err
	}
	return g.readMerged(f, name)
}

// readDates turns the cells that show a date into ISO dates.
func (g *grid) readDates(f *excelize.File, name string) error {
	props, err := f.GetWorkbookProps()
	from1904 := err == nil && props.Date1904 != nil && *props.Date1904
	next := 0
	return eachRow(f, name, excelize.Options{RawCellValue: true}, func(row int, raw []string) error {
		if next == len(g.rows) || g.rows[next].number != row {
			return nil
		}
		cells := g.rows[next].cells
		for i := range min(len(cells), len(raw)) {
			if raw[i] != cells[i] && dateLike.MatchString(cells[i]) {
				cells[i] = isoDate(raw[i], cells[i], from1904)
			}
		}
		next++
		return nil
	})
}

// eachRow calls visit with every row of a sheet, numbered from 1, those that hold nothing included.
func eachRow(f *excelize.File, name string, opt excelize.Options, visit func(row int, cells []string) error) error {
	rows, err := f.Rows(name)
	if err != nil {
		return refuse("archive-broken")
	}
	defer rows.Close()
	for row := 1; rows.Next(); row++ {
		cells, err := rows.Columns(opt)
		if err != nil {
			return refuse("archive-broken")
		}
		if err := visit(row, cells); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return refuse("archive-broken")
	}
	return nil
}

// readMerged notes the merged cells. They cost a second, whole reading of the sheet, so
// it is skipped when no sheet has any.
func (g *grid) readMerged(f *excelize.File, name string) error {
	found := false
	f.Pkg.Range(func(_, part any) bool {
		b, ok := part.([]byte)
		found = ok && bytes.Contains(b, []byte("mergeCell "))
		return !found
	})
	if !found || len(g.rows) == 0 {
		return nil
	}
	merged, err := f.GetMergeCells(name, true)
	if err != nil {
		return refuse("archive-broken")
	}
	for _, m := range merged {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, endErr := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err == nil && endErr == nil {
			g.merged = append(g.merged, rectangle{top, left, bottom, right})
		}
	}
	return nil
}

// dateLike finds a digit beside what divides the parts of a date; a point must come twice,
// or every decimal would be one.
var dateLike = regexp.MustCompile(`\d[-/年月 ]|\d\.\d+\.\d`)

var digits = regexp.MustCompile(`\d+`)

// isoDate returns the date that a numeric cell shows in ISO 8601, or shown as it is if it
// shows none: raw must be a day number from 1900 on, and every group of digits shown a
// part of that very date, year or month among them. What is not shown is not added:
// 2022年3月 becomes 2022-03, but 3月15日 becomes the full date, since its year is known.
func isoDate(raw, shown string, from1904 bool) string {
	day, err := strconv.ParseFloat(raw, 64)
	if err != nil || day < 367 || day > 2958465 {
		return shown
	}
	t, err := excelize.ExcelDateToTime(day, from1904)
	if err != nil {
		return shown
	}
	t = t.Round(time.Second)
	has := map[string]bool{}
	for _, d := range digits.FindAllString(shown, -1) {
		part := datePart(t, d, has)
		if part == "" {
			return shown
		}
		has[part] = true
	}
	if bytes.Contains([]byte(shown), []byte(t.Format("Jan"))) {
		has["month"] = true
	}
	switch {
	case !has["month"]:
		return shown
	case has["hour"]:
		return t.Format("2006-01-02T15:04")
	case has["day"]:
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01")
}

// datePart names the part of t that d shows and that is not taken yet, empty if none.
func datePart(t time.Time, d string, taken map[string]bool) string {
	for _, p := range []struct{ name, layouts string }{
		{"month", "01 1"}, {"day", "02 2"}, {"year", "2006 06"}, {"hour", "15 03 3"}, {"minute", "04 4"}, {"second", "05 5"},
	} {
		if taken[p.name] {
			continue
		}
		for _, shown := range bytes.Fields([]byte(t.Format(p.layouts))) {
			if string(shown) == d {
				return p.name
			}
		}
	}
	return ""
}
