// Package export writes lists into files that other programs open: [CSV], [XLSX] and [JSON]
// over one [Table].
//
// Rows are taken one by one and written as they come, in the order they come. What a person
// typed can never become a formula in a spreadsheet: see [Safe]. Numbers and dates are
// typed by their column, so that a column of -5 stays a number. Which list it is and who
// may have it is decided by whoever calls.
package export

import (
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Type says how the texts of a column are to be understood. A text that is not of its
// column's form is written as [Text], never dropped.
type Type int

// The types. Values are always handed over as text; an empty one is an empty cell.
const (
	Text    Type = iota // anything
	Number              // a decimal, such as -12.50: digits, at most one point, no exponent, no separators
	Date                // a civil date, 2006-01-02
	Instant             // RFC 3339; shown in Asia/Shanghai as 2006-01-02 15:04
)

// Column is one column of a list.
type Column struct {
	Key   string // name in JSON, such as due; unique in its table
	Title string // heading for people, in their language
	Type  Type
	Width int // of XLSX in characters of Latin width, 0 for what suits the type and title
}

// Table is a list to be written.
type Table struct {
	Title   string // of the sheet and of the JSON document; CSV has none
	Columns []Column
	// Rows yields the rows, each as long as Columns; what is longer is left out, what is
	// missing is empty. An error ends the writing and is returned.
	Rows iter.Seq2[[]string, error]
}

// value returns the text of column i in row, empty if the row is shorter.
func value(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

var numberForm = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$`)

// isNumber reports whether s is a decimal as JSON writes it, without an exponent.
func isNumber(s string) bool { return len(s) <= 64 && numberForm.MatchString(s) }

// shanghai is Asia/Shanghai as it has been since 1991-09-15: eight hours ahead, no summer time.
var shanghai = time.FixedZone("+08:00", 8*60*60)

// localInstant returns the wall clock of an instant, and whether s was one.
func localInstant(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	return t.In(shanghai), err == nil
}

// live are the characters that make a spreadsheet program take a text for a formula or a
// command: ASVS 5.0.0 requirement 1.2.10 names = + - @ tab and NUL; the carriage
// return, the line feed and the full-width forms, which some programs fold, are ours to add.
const live = "=+-@\t\r\n\x00＝＋－＠"

// before are what a program may pass over before it looks at the first character: blanks
// and marks without width.
const before = " \u00a0\u3000\u200b\u200e\u200f\u2060\ufeff"

// Safe returns s as it can stand in a text cell of a spreadsheet: with an apostrophe before
// it if it begins, blanks passed over, with a character of [live]. Everything else is
// returned as it is. A text that is not UTF-8 has its bad bytes replaced first.
func Safe(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, before))
	if s != "" && strings.TrimLeft(s, before) != "" && strings.ContainsRune(live, first) {
		return "'" + s
	}
	return s
}
