package field

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// Limits of single values.
const (
	maxText     = 200
	maxLongText = 20000
	maxRows     = 500
	maxInteger  = 1_000_000_000_000_000
)

// Check returns the stored form of what was typed: outer blanks dropped, full-width digits and
// signs made ASCII where the kind is a number or a date. Empty stays empty: whether a value is
// required is the form's rule. What does not fit is refused with a [fault.Refusal] on the field.
func (f *Field) Check(typed string) (string, error) {
	v := strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
	if v == "" {
		return "", nil
	}
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
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

// checks has a row for every kind but the table, whose cells are checked by the rows.
var checks = map[Kind]func(*Field, string) (string, error){
	Text:     checkText(maxText, true),
	LongText: checkText(maxLongText, false),
	Integer:  checkInteger,
	Money:    checkInteger,
	Decimal:  checkDecimal,
	Date:     checkDate,
	Instant:  checkInstant,
	Choice:   checkChoice,
	YesNo:    checkYesNo,
	Unit:     checkKey,
	Person:   checkKey,
	Record:   checkText(maxText, true),
	Units:    checkUnits,
	Place:    checkPlace,
	File:     checkFile,
}

func (f *Field) refuse(code string, with ...string) error {
	return fault.Refuse(fault.ErrInvalid, code, f.Key, append(with, "field-zh", f.Words.ZH, "field-en", f.Words.EN)...)
}

func checkText(most int, oneLine bool) func(*Field, string) (string, error) {
	return func(f *Field, v string) (string, error) {
		if utf8.RuneCountInString(v) > most {
			return "", f.refuse("too-long", "limit", strconv.Itoa(most))
		}
		if oneLine && strings.ContainsAny(v, "\n\r") {
			return "", f.refuse("one-line")
		}
		return v, nil
	}
}

// halfWidth makes the full-width digits and signs of a Chinese keyboard ASCII and drops thousands' commas.
var halfWidth = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"．", ".", "－", "-", "—", "-", "，", "", ",", "", "／", "/")

func checkInteger(f *Field, v string) (string, error) {
	n, err := strconv.ParseInt(halfWidth.Replace(v), 10, 64)
	if err != nil || n > maxInteger || n < -maxInteger {
		return "", f.refuse("not-integer")
	}
	for _, b := range []struct {
		bound, code string
		bad         func(limit int64) bool
	}{
		{f.Min, "too-small", func(l int64) bool { return n < l }},
		{f.Max, "too-large", func(l int64) bool { return n > l }},
	} {
		if limit, err := strconv.ParseInt(b.bound, 10, 64); err == nil && b.bad(limit) {
			return "", f.refuse(b.code, "limit", b.bound)
		}
	}
	return strconv.FormatInt(n, 10), nil
}

func checkDecimal(f *Field, v string) (string, error) {
	n, ok := Scaled(halfWidth.Replace(v))
	if !ok {
		return "", f.refuse("not-decimal")
	}
	if limit, ok := Scaled(f.Min); ok && f.Min != "" && n < limit {
		return "", f.refuse("too-small", "limit", f.Min)
	}
	if limit, ok := Scaled(f.Max); ok && f.Max != "" && n > limit {
		return "", f.refuse("too-large", "limit", f.Max)
	}
	return Unscaled(n), nil
}

// Scale is what [Scaled] multiplies by: four digits behind the point.
const Scale = 10000

// Scaled reads digits with an optional minus and at most four digits behind a point, and returns the
// value × 10⁴, within ±10¹⁸. It reports false for anything else, the empty text included.
func Scaled(s string) (int64, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, point := strings.Cut(digits, ".")
	if whole == "" || point && frac == "" || len(whole) > 14 || len(frac) > 4 || strings.Trim(whole+frac, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+frac+"0000"[len(frac):], 10, 64)
	if err != nil {
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}

// Unscaled prints a value × 10⁴ without needless zeros: 15000 is 1.5.
func Unscaled(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n/Scale, 10)
	if frac := n % Scale; frac != 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(frac+Scale, 10)[1:], "0")
	}
	if s == "0" {
		return s
	}
	return sign + s
}

func checkDate(f *Field, v string) (string, error) {
	t, err := time.Parse(time.DateOnly, strings.ReplaceAll(halfWidth.Replace(v), "/", "-"))
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", f.refuse("not-date")
	}
	d := t.Format(time.DateOnly)
	if f.Min != "" && d < f.Min {
		return "", f.refuse("too-early", "limit", f.Min)
	}
	if f.Max != "" && d > f.Max {
		return "", f.refuse("too-late", "limit", f.Max)
	}
	return d, nil
}

// shanghai is fixed: the country has had one time and no summer time since 1991.
var shanghai = time.FixedZone("+08:00", 8*3600)

func checkInstant(f *Field, v string) (string, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, v, shanghai); err == nil {
			return t.In(shanghai).Format(time.RFC3339), nil
		}
	}
	return "", f.refuse("not-instant")
}

func checkChoice(f *Field, v string) (string, error) {
	if _, ok := f.Option(v); !ok {
		return "", f.refuse("no-such-option", "value", v)
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
		return "", f.refuse("not-key", "value", v)
	}
	return v, nil
}

func checkUnits(f *Field, v string) (string, error) {
	keys := strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' })
	for _, k := range keys {
		if !IsKey(k) {
			return "", f.refuse("not-key", "value", k)
		}
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), " "), nil
}

func checkPlace(f *Field, v string) (string, error) {
	lng, lat, ok := strings.Cut(strings.ReplaceAll(v, "，", ","), ",")
	lng, lat = strings.TrimSpace(lng), strings.TrimSpace(lat)
	x, errX := strconv.ParseFloat(lng, 64)
	y, errY := strconv.ParseFloat(lat, 64)
	if !ok || errX != nil || errY != nil || !(x >= -180 && x <= 180 && y >= -90 && y <= 90) {
		return "", f.refuse("not-place")
	}
	return strconv.FormatFloat(x, 'f', -1, 64) + "," + strconv.FormatFloat(y, 'f', -1, 64), nil
}

func checkFile(f *Field, v string) (string, error) {
	if len(v) != 64 || strings.Trim(v, "0123456789abcdef") != "" {
		return "", f.refuse("not-file")
	}
	return v, nil
}

func checkTable(f *Field, v string) (string, error) {
	var rows [][]string
	if err := json.Unmarshal([]byte(v), &rows); err != nil {
		return "", f.refuse("not-table")
	}
	if len(rows) > maxRows {
		return "", f.refuse("too-many-rows", "limit", strconv.Itoa(maxRows))
	}
	kept := make([][]string, 0, len(rows))
	for i, row := range rows {
		if len(row) != len(f.Columns) {
			return "", f.refuse("row-width", "row", strconv.Itoa(i+1))
		}
		empty := true
		for j := range row {
			cell, err := f.Columns[j].Check(row[j])
			if err != nil {
				return "", err
			}
			row[j], empty = cell, empty && cell == ""
		}
		if !empty {
			kept = append(kept, row)
		}
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	return string(b), nil
}

// Rows returns the rows of a stored table, nil for an empty value or one that is no table.
func Rows(stored string) [][]string {
	var rows [][]string
	if json.Unmarshal([]byte(stored), &rows) != nil {
		return nil
	}
	return rows
}
