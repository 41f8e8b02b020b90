package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// never stands in due, yellow and wake where there is no instant, so that none sorts last.
const never = math.MaxInt64

func orNever(t int64) int64 {
	if t == 0 {
		return never
	}
	return t
}

func orZero(t int64) int64 {
	if t == never {
		return 0
	}
	return t
}

func num(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// column is one column of the table row: what it holds for a row, how a row takes it back, and
// how it stands in the encoding of what the projection is behind with.
type column struct {
	name string
	text bool                   // otherwise a number
	get  func(*journal.Row) any // string or int64
	set  func(*journal.Row, cells, int) error
	put  func([]byte, *journal.Row) []byte // nil if it is made from the others
	same func(a, b *journal.Row) bool
}

// rowColumns are the columns of a row behind log and stream. A new column is one line here and
// one migration.
var rowColumns = []column{
	textColumn("noun", func(r *journal.Row) *ledger.StreamKind { return &r.Noun }),
	textColumn("kind", func(r *journal.Row) *string { return &r.Kind }),
	numberColumn("version", func(r *journal.Row) *int64 { return &r.Version }),
	numberColumn("seq", func(r *journal.Row) *int64 { return &r.Seq }),
	textColumn("number", func(r *journal.Row) *string { return &r.Number }),
	textColumn("title", func(r *journal.Row) *string { return &r.Title }),
	derivedColumn("find", true, func(r *journal.Row) any { return findText(r) }),
	textColumn("state", func(r *journal.Row) *string { return &r.State }),
	flagColumn("open", func(r *journal.Row) *bool { return &r.Open }),
	textColumn("unit", func(r *journal.Row) *name.Unit { return &r.Unit }),
	textColumn("person", func(r *journal.Row) *name.Person { return &r.Person }),
	textColumn("area", func(r *journal.Row) *string { return &r.Area }),
	textColumn("parent", func(r *journal.Row) *name.ID { return &r.Parent }),
	numberColumn("opened", func(r *journal.Row) *int64 { return &r.Opened }),
	numberColumn("closed", func(r *journal.Row) *int64 { return &r.Closed }),
	instantColumn("due", func(r *journal.Row) *int64 { return &r.Due }),
	instantColumn("yellow", func(r *journal.Row) *int64 { return &r.Yellow }),
	instantColumn("wake", func(r *journal.Row) *int64 { return &r.Wake }),
	textColumn("light", func(r *journal.Row) *string { return &r.Light }),
	flagColumn("public", func(r *journal.Row) *bool { return &r.Public }),
	degreesColumn("lng", func(r *journal.Row) *float64 { return &r.Place.Lng }),
	degreesColumn("lat", func(r *journal.Row) *float64 { return &r.Place.Lat }),
	derivedColumn("cell", false, cellOf),
	facetsColumn("facets"),
	bodyColumn("body"),
}

func textColumn[T ~string](of string, at func(*journal.Row) *T) column {
	return column{of, true,
		func(r *journal.Row) any { return string(*at(r)) },
		func(r *journal.Row, c cells, i int) error { *at(r) = T(c.text(i)); return nil },
		func(b []byte, r *journal.Row) []byte { return putText(b, string(*at(r))) },
		func(a, b *journal.Row) bool { return *at(a) == *at(b) }}
}

// derivedColumn is made from the others, so it is neither read nor encoded.
func derivedColumn(of string, text bool, make func(*journal.Row) any) column {
	return column{of, text, make, func(*journal.Row, cells, int) error { return nil }, nil,
		func(a, b *journal.Row) bool { return make(a) == make(b) }}
}

func numberColumn(of string, at func(*journal.Row) *int64) column {
	return integerColumn(of, at, func(n int64) int64 { return n }, func(n int64) int64 { return n })
}

// instantColumn holds an instant of which none sorts last.
func instantColumn(of string, at func(*journal.Row) *int64) column {
	return integerColumn(of, at, orNever, orZero)
}

func flagColumn(of string, at func(*journal.Row) *bool) column {
	return integerColumn(of, at, num, func(n int64) bool { return n != 0 })
}

// degreesColumn keeps degrees as whole numbers of 10⁻⁷.
func degreesColumn(of string, at func(*journal.Row) *float64) column {
	return integerColumn(of, at,
		func(deg float64) int64 { n, _ := geo.Point{Lng: deg}.E7(); return n },
		func(n int64) float64 { return geo.FromE7(n, 0).Lng })
}

func integerColumn[T comparable](of string, at func(*journal.Row) *T, to func(T) int64, from func(int64) T) column {
	return column{of, false,
		func(r *journal.Row) any { return to(*at(r)) },
		func(r *journal.Row, c cells, i int) error { *at(r) = from(c.int(i)); return nil },
		func(b []byte, r *journal.Row) []byte { return binary.AppendVarint(b, to(*at(r))) },
		func(a, b *journal.Row) bool { return *at(a) == *at(b) }}
}

func facetsColumn(of string) column {
	return column{of, true,
		func(r *journal.Row) any { return facetsJSON(r.Facets) },
		func(r *journal.Row, c cells, i int) (err error) { r.Facets, err = parseFacets(c.text(i)); return err },
		func(b []byte, r *journal.Row) []byte { return putText(b, facetsJSON(r.Facets)) },
		func(a, b *journal.Row) bool { return slices.Equal(a.Facets, b.Facets) }}
}

func bodyColumn(of string) column {
	return column{of, true,
		func(r *journal.Row) any { return string(r.Body) },
		func(r *journal.Row, c cells, i int) error { r.Body = c.bytes(i); return nil },
		func(b []byte, r *journal.Row) []byte { return putText(b, string(r.Body)) },
		func(a, b *journal.Row) bool { return bytes.Equal(a.Body, b.Body) }}
}

func putText(b []byte, s string) []byte { return append(binary.AppendUvarint(b, uint64(len(s))), s...) }

var (
	columnNames = namesOf(rowColumns)
	selectRow   = "SELECT stream, " + strings.Join(columnNames, ", ") + " FROM row "
	listed      = "row.stream, row." + strings.Join(columnNames, ", row.")
	putRow      = "INSERT INTO row (log, stream, " + strings.Join(columnNames, ", ") + ") VALUES ($1" + places(2, len(rowColumns)+1) +
		") ON CONFLICT (log, stream) DO UPDATE SET " + excluded(columnNames)
)

func namesOf(columns []column) (names []string) {
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// places returns ", $from, $from+1 …" for n parameters.
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ", $%d", from+i)
	}
	return b.String()
}

func excluded(names []string) string {
	sets := make([]string, len(names))
	for i, n := range names {
		sets[i] = n + " = excluded." + n
	}
	return strings.Join(sets, ", ")
}

// rowValues returns what the columns hold for r.
func rowValues(r *journal.Row) []any {
	values := make([]any, len(rowColumns))
	for i := range rowColumns {
		values[i] = rowColumns[i].get(r)
	}
	return values
}

// scanRow reads what selectRow yields.
func scanRow(r cells) (journal.Row, error) {
	row := journal.Row{Stream: name.ID(r.text(0))}
	for i := range rowColumns {
		if err := rowColumns[i].set(&row, r, i+1); err != nil {
			return row, fmt.Errorf("row %s: %w", row.Stream, err)
		}
	}
	return row, nil
}

// facetsJSON writes facets as [name, text, number] triples; none is "".
func facetsJSON(facets []journal.Facet) string {
	if len(facets) == 0 {
		return ""
	}
	b := make([]byte, 0, 64*len(facets))
	before := byte('[')
	for _, f := range facets {
		b = appendJSON(append(b, before, '['), f.Name)
		b = appendJSON(append(b, ','), f.Text)
		b = append(strconv.AppendInt(append(b, ','), f.Number, 10), ']')
		before = ','
	}
	return string(append(b, ']'))
}

// appendJSON writes a text as json.Marshal does, but at once where nothing has to be escaped.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0xe2 || c == 0x7f {
			text, _ := json.Marshal(s) // texts always marshal
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func parseFacets(s string) ([]journal.Facet, error) {
	if s == "" {
		return nil, nil
	}
	if out, ok := plainFacets(s); ok {
		return out, nil
	}
	var list [][3]json.RawMessage
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return nil, err
	}
	out := make([]journal.Facet, len(list))
	for i, l := range list {
		for j, to := range []any{&out[i].Name, &out[i].Text, &out[i].Number} {
			if err := json.Unmarshal(l[j], to); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// plainFacets reads facets in which nothing was escaped, as nearly all are, many times faster than package json does.
func plainFacets(s string) (out []journal.Facet, ok bool) {
	if strings.IndexByte(s, '\\') >= 0 || s[0] != '[' {
		return nil, false
	}
	out = make([]journal.Facet, 0, strings.Count(s, "["))
	for rest := s[1:]; ; {
		var f journal.Facet
		var number string
		f.Name, rest, ok = strings.Cut(strings.TrimPrefix(rest, `["`), `","`)
		if ok {
			f.Text, rest, ok = strings.Cut(rest, `",`)
		}
		if ok {
			number, rest, ok = strings.Cut(rest, "]")
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil || rest == "" || strings.IndexByte(f.Name, '"') >= 0 || strings.IndexByte(f.Text, '"') >= 0 {
			return nil, false
		}
		f.Number = n
		out = append(out, f)
		if rest == "]" {
			return out, true
		}
		rest = rest[1:]
	}
}

// findText is what a row is searched and sorted by: its title, and on a line of its own, which
// sorts before everything else, its number.
func findText(r *journal.Row) string { return fold(r.Title) + "\n" + fold(r.Number) }

// fold makes texts alike that a person looking for one would take for the other: lower case,
// and the full-width forms of ASCII as ASCII.
func fold(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == 0x3000:
			return ' '
		}
		return r
	}, s))
}
