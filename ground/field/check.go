package field

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
)

// Limits of single values.
const (
	maxText     = 200
	maxLongText = 20_000
	maxUnits    = 100
	maxRows     = 500
	maxTable    = 200_000 // bytes of its stored form
)

// Check returns the stored form of what was typed: outer blanks dropped, full-width digits and
// signs made ASCII where the kind is a number or a date. What is stored is read again as itself.
// Empty stays empty: whether a value is required is the form's rule. What does not fit is refused
// with a [fault.Refusal] on the field, for a cell of a table on its column with the row beside it.
func (f *Field) Check(typed string) (string, error) {
	v := strings.TrimSpace(lines.Replace(typed))
	if v == "" {
		return "", nil
	}
	if !utf8.ValidString(v) || strings.ContainsFunc(v, isControl) {
		return "", f.refuse("not-text")
	}
	if f.Kind == Table {
		return checkTable(f, v)
	}
	check, ok := checks[f.Kind]
	if !ok {
		return "", f.refuse("unknown-kind", "kind", string(f.Kind))
	}
	return check(f, v)
}

// lines ends lines as they are stored, whatever the browser sends.
var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// isControl reports what no text holds: control characters other than the tab and the end of a line, which
// spreadsheets cannot hold either.
func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// checks has a row for every kind but the table, whose cells are checked by the rows.
var checks = map[Kind]func(*Field, string) (string, error){
	Text:     checkLine,
	LongText: checkLongText,
	Integer:  checkInteger,
	Money:    checkMoney,
	Decimal:  checkDecimal,
	Date:     checkDate,
	Month:    checkMonth,
	Instant:  checkInstant,
	Choice:   checkChoice,
	YesNo:    checkYesNo,
	Unit:     checkKey,
	Person:   checkKey,
	Record:   checkLine,
	Units:    checkUnits,
	Place:    checkPlace,
	Shape:    checkShape,
	File:     checkFile,
}

func (f *Field) refuse(code string, with ...string) error {
	return fault.Refuse(fault.ErrInvalid, code, f.Key, append(with, "field-zh", f.Words.ZH, "field-en", f.Words.EN)...)
}

func checkLine(f *Field, v string) (string, error) {
	if strings.Contains(v, "\n") {
		return "", f.refuse("one-line")
	}
	if err := checkScript(f, v); err != nil {
		return "", err
	}
	return f.within(maxText, v)
}

func checkLongText(f *Field, v string) (string, error) {
	if err := checkScript(f, v); err != nil {
		return "", err
	}
	return f.within(maxLongText, v)
}

// within returns a text of at most so many characters.
func (f *Field) within(most int, v string) (string, error) {
	if utf8.RuneCountInString(v) > most {
		return "", f.refuse("too-long", "limit", strconv.Itoa(most))
	}
	return v, nil
}

func checkChoice(f *Field, v string) (string, error) {
	if _, ok := f.Option(v); !ok {
		return "", f.refuse("no-such-option", "value", clip(v))
	}
	return v, nil
}

func checkYesNo(f *Field, v string) (string, error) {
	if v != "yes" && v != "no" {
		return "", f.refuse("not-yes-no")
	}
	return v, nil
}

// IsKey reports whether s is a key: 1 to 60 lower-case ASCII letters, digits, hyphens, dots or slashes, beginning with a letter or digit.
func IsKey(s string) bool {
	if s == "" || len(s) > 60 || strings.ContainsRune("-./", rune(s[0])) {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-./") == ""
}

func checkKey(f *Field, v string) (string, error) {
	if !IsKey(v) {
		return "", f.refuse("not-key", "value", clip(v))
	}
	return v, nil
}

// checkUnits reads keys parted by blanks or commas, also the Chinese ones, in any order.
func checkUnits(f *Field, v string) (string, error) {
	keys := strings.FieldsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) })
	for _, k := range keys {
		if !IsKey(k) {
			return "", f.refuse("not-key", "value", clip(k))
		}
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) > maxUnits {
		return "", f.refuse("too-many-rows", "limit", strconv.Itoa(maxUnits))
	}
	return strings.Join(keys, " "), nil
}

func checkFile(f *Field, v string) (string, error) {
	if len(v) != 64 || strings.Trim(v, "0123456789abcdef") != "" {
		return "", f.refuse("not-file")
	}
	return v, nil
}

// checkShape reads a polygon or several out of GeoJSON, puts right what may be put right and writes it anew. What is wrong
// with it stands in the refusal: its code in With["why"], and the place, if there is one, in With["at"].
func checkShape(f *Field, v string) (string, error) {
	s, _, err := geo.ReadShape([]byte(v), geo.WGS)
	if err != nil {
		why, at := "", ""
		if r, ok := errors.AsType[*fault.Refusal](err); ok {
			why, at = r.Code, r.With["at"]
		}
		return "", f.refuse("not-shape", "why", why, "at", at)
	}
	return s.String(), nil
}

// clip shortens a wrong value for a message.
func clip(v string) string {
	if r := []rune(v); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return v
}
