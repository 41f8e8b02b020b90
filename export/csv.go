package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// CSV writes t as RFC 4180 with a byte order mark, by which Excel knows UTF-8, and line
// ends \r\n. The first line is the titles. Texts are made [Safe], also where another
// program would divide them by semicolons or tabs; numbers and dates stand as they are.
func CSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = csvCell(Text, c.Title)
	}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	for row, err := range t.Rows {
		if err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		for i, c := range t.Columns {
			record[i] = csvCell(c.Type, value(row, i))
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func csvCell(typ Type, s string) string {
	switch typ {
	case Number:
		if isNumber(s) {
			return s
		}
	case Instant:
		if at, ok := localInstant(s); ok {
			return at.Format("2006-01-02 15:04")
		}
	}
	return seams.ReplaceAllString(lineEnds.Replace(Safe(s)), "$1'$2") // a date is safe as it is
}

// seams are where a program that divides by semicolons or tabs, as spreadsheets of other countries do, would begin a cell: in the middle of ours,
// with a character of [live] that can be seen.
var seams = regexp.MustCompile("([;\t][\t" + before + "]*\"*[\t" + before + "]*)([=+@\x00＝＋－＠-])")

// lineEnds makes every line end within a cell \n, which the writer makes \r\n; it would
// drop a lone \r.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
