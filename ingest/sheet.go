package ingest

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Table is a spreadsheet as read: a header and the rows below it.
type Table struct {
	Name   string   // of the sheet, empty for CSV
	Sheets []string // all visible sheets of the file; the first that holds anything was read
	Title  string   // what stands above the header, lines divided by \n, mostly empty
	Header []string // one name a column, not empty at both ends; two-level headers are joined by /
	Rows   [][]Cell // each as long as Header or longer; rows that hold nothing are left out
}

// Cell is one cell: what it shows and where it stands.
type Cell struct {
	Text     string // as shown, blanks around it trimmed; dates are 2006-01-02, 2006-01 or 2006-01-02T15:04
	Row, Col int    // from 1, as the spreadsheet program counts them
}

// Ref returns the name of the cell as the spreadsheet program shows it, such as C7.
func (c Cell) Ref() string {
	col, err := excelize.ColumnNumberToName(c.Col)
	if err != nil {
		return itoa(c.Row)
	}
	return col + itoa(c.Row)
}

// Sheet reads a spreadsheet from r: XLSX, or CSV divided by commas, tabs or semicolons in
// any encoding that [Text] reads. name only serves messages of the reader's own errors.
//
// The header is the first row with two different texts, so that a title above it is not
// taken for one; where no row has two, the first row that holds anything. A cell merged
// over several holds for all of them. Numbers are text as shown (1,234.50; 12.5%); cells
// that show a date become ISO dates.
//
// The error is a [*Refused] when the file is the cause, naming row or cell where it can;
// nothing is returned half. Limits: [MaxFile], [MaxRows], [MaxColumns], [MaxCells], [MaxCell].
func Sheet(r io.Reader, name string) (Table, error) {
	data, err := read(r, name)
	if err != nil {
		return Table{}, err
	}
	var g grid
	if isZip(data) {
		err = g.readXLSX(data)
	} else {
		err = g.readCSV(data)
	}
	if err != nil {
		return Table{}, err
	}
	return g.table()
}

// readCSV reads text that is divided by commas, tabs or semicolons.
func (g *grid) readCSV(data []byte) error {
	text, _, err := decode(data)
	if err != nil {
		return err
	}
	if looksHTML(text, "") || strings.HasPrefix(text, "<?xml") {
		return refuse("not-a-sheet")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = divider(text), -1, true
	row, from := 0, int64(0)
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return csvFault(err)
		}
		row += emptyLines(text[from:]) + 1
		from = r.InputOffset()
		if err := g.add(row, cells); err != nil {
			return err
		}
	}
}

// emptyLines counts the empty lines that text begins with, which the CSV reader passes over
// but a spreadsheet program counts.
func emptyLines(text string) int { return len(text) - len(strings.TrimLeft(text, "\n")) }

func csvFault(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return refuse("csv-broken", "line", itoa(p.Line), "column", itoa(p.Column))
	}
	return refuse("csv-broken", "line", "?", "column", "?")
}

// divider returns which of comma, tab and semicolon the first line holds most outside of quotes, comma if none.
func divider(text string) rune {
	count := map[rune]int{}
	quoted := false
	for _, r := range strings.TrimLeft(text, "\n") {
		if r == '"' {
			quoted = !quoted
		} else if !quoted && r == '\n' {
			break
		} else if !quoted {
			count[r]++
		}
	}
	best := ','
	for _, r := range "\t;" {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}
