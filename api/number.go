package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"

	"bihuan/ground/money"
)

// number is a decimal as a JSON number, digit by digit as it was recorded. It is never read: bodies take [loose].
type number struct{ money.Decimal }

// MarshalJSON returns the plain digits.
func (n number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// exact returns a pointer to the number, for answers that may have none.
func exact(d money.Decimal) *number { return &number{d} }

// loose is what a form field is sent as: text in its stored form, or a number, yes or no as JSON has them, or the rows
// of a table.
type loose string

// UnmarshalJSON takes text as it is, numbers by their digits, true and false as yes and no, null as empty, and an
// array as the text of its JSON.
func (l *loose) UnmarshalJSON(b []byte) error {
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0 || string(b) == "null":
		*l = ""
	case string(b) == "true":
		*l = "yes"
	case string(b) == "false":
		*l = "no"
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*l = loose(s)
	case b[0] == '{':
		return &json.UnmarshalTypeError{Value: "object", Type: reflect.TypeFor[loose]()}
	default:
		*l = loose(b)
	}
	return nil
}

// etagOf is the entity tag of a version.
func etagOf(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// orNull returns a pointer to s, nil for the empty text.
func orNull[T ~string](s T) *T {
	if s == "" {
		return nil
	}
	return &s
}

// positive returns a pointer to n, nil for 0.
func positive(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
