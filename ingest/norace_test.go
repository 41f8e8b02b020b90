//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestHTMLDepthCostsNothing(t *testing.T) {
	start := time.Now()
	got, err := htmlText(strings.Repeat("<div><b>", 1_000_000) + "甲")
	if err != nil || got != "甲" {
		t.Errorf("got %q, %v", got, err)
	}
	if d := time.Since(start); d > time.Minute { // quadratic work would take hours; a busy machine takes seconds
		t.Errorf("took %v", d)
	}
}

func TestSheetRefuses(t *testing.T) {
	sheet := func(xml string) string {
		return string(withPart(t, book(t, func(*excelize.File) {}), "xl/worksheets/sheet1.xml",
			`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+xml+`</sheetData></worksheet>`))
	}
	whole := book(t, func(f *excelize.File) { _ = f.SetCellValue("Sheet1", "A1", "甲") })
	var far strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&far, `<row r="%d"><c r="XFD%d" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>`, i+1, i+1)
	}
	for _, c := range []struct{ name, data, code, place string }{
		{"nothing", "", "is-empty", ""},
		{"an empty book", string(book(t, func(*excelize.File) {})), "is-empty", ""},
		{"an old workbook", compoundMagic, "is-old-office", ""},
		{"PDF", "%PDF-1.7", "is-pdf", ""},
		{"DOCX", string(docxFile(t, para("甲"))), "not-a-sheet", ""},
		{"HTML that calls itself a workbook", "<html><table><tr><td>1</table>", "not-a-sheet", ""},
		{"a truncated workbook", string(whole[:len(whole)-30]), "archive-broken", ""},
		{"quotes that do not pair", "甲,乙\n\"丙,丁\n", "csv-broken", "line"},
		{"a cell too long", "甲,乙\n丙," + strings.Repeat("x", MaxCell+1), "cell-too-long", "B2"},
		{"too many columns", "甲" + strings.Repeat(",乙", MaxColumns), "too-many-columns", "GS1"},
		{"too many rows", strings.Repeat("甲\n", MaxRows+2), "too-many-rows", "50002"},
		{"too many cells", strings.Repeat(strings.Repeat("a,", 50)+"a\n", MaxCells/51+1), "too-many-cells", "9804"},
		{"a workbook of wide blank rows", sheet(far.String()), "archive-bomb", ""},
		{"a workbook whose last row is the last possible", sheet(`<row r="1048576"><c r="A1048576"/></row>`), "is-empty", ""},
		{"a workbook with a broken sheet", sheet(`<row r="1"><c r="A1" t="s"><v>`), "archive-broken", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			_, err := Sheet(strings.NewReader(c.data), "a.xlsx")
			if r := wantRefused(t, err, c.code); !strings.Contains(r.Words().ZH+r.Words().EN, c.place) {
				t.Errorf("%s does not name %s", r.Words().ZH, c.place)
			}
			if d := time.Since(start); d > time.Minute { // what grows without end takes hours; a busy machine takes seconds
				t.Errorf("took %v", d)
			}
		})
	}
}
