package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
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

// rowColumns are the columns of a row behind log and stream, in the order of rowValues and scanRow.
var rowColumns = []string{
	"noun", "kind", "version", "number", "title", "find", "state", "open", "unit", "person", "area", "parent",
	"opened", "closed", "due", "yellow", "wake", "light", "public", "facets", "body",
}

// The columns that the writer sets, and the one that tells whether facets changed.
const versionColumn, numberColumn, titleColumn, findColumn, facetsColumn = 2, 3, 4, 5, 19

// rowValues returns what the columns hold for r, without find.
func rowValues(r *journal.Row) []any {
	return []any{
		string(r.Noun), r.Kind, r.Version, r.Number, r.Title, "", r.State, num(r.Open),
		string(r.Unit), string(r.Person), r.Area, string(r.Parent), r.Opened, r.Closed, orNever(r.Due), orNever(r.Yellow), orNever(r.Wake),
		r.Light, num(r.Public), facetsJSON(r.Facets), string(r.Body),
	}
}

func num(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

var (
	selectRow = "SELECT stream, " + strings.Join(rowColumns, ", ") + " FROM row "
	insertRow = "INSERT INTO row (log, stream, " + strings.Join(rowColumns, ", ") + ") VALUES ($1" + places(2, len(rowColumns)+1) + ")"
	listed    = "row.stream, row." + strings.Join(rowColumns, ", row.")
	rowKinds  = columnKinds()
)

// places returns ", $from, $from+1 …" for n parameters.
func places(from, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ", $%d", from+i)
	}
	return b.String()
}

// columnKinds tells for each column whether it holds a number.
func columnKinds() []bool {
	numbers := make([]bool, len(rowColumns))
	for i, v := range rowValues(&journal.Row{}) {
		_, numbers[i] = v.(int64)
	}
	return numbers
}

// scanRow reads what selectRow yields.
func scanRow(r cells) (journal.Row, error) {
	row := journal.Row{
		Stream: name.ID(r.text(0)), Noun: ledger.StreamKind(r.text(1)), Kind: r.text(2), Version: r.int(3), Number: r.text(4),
		Title: r.text(5), State: r.text(7), Open: r.bool(8), Unit: name.Unit(r.text(9)), Person: name.Person(r.text(10)),
		Area: r.text(11), Parent: name.ID(r.text(12)), Opened: r.int(13), Closed: r.int(14), Due: orZero(r.int(15)),
		Yellow: orZero(r.int(16)), Wake: orZero(r.int(17)), Light: r.text(18), Public: r.bool(19), Body: r.bytes(21),
	}
	var err error
	row.Facets, err = parseFacets(r.text(20))
	if err != nil {
		err = fmt.Errorf("row %s: %w", row.Stream, err)
	}
	return row, err
}

// Row returns what lists know of a stream, with the light that was given; see [journal.Row.LightAt]. It wraps [fault.ErrNotFound].
func (s *Store) Row(ctx context.Context, stream name.ID) (row journal.Row, err error) {
	err = s.read(ctx, "row "+string(stream), func(c conn) error {
		found := false
		err := c.query(selectRow+"WHERE log = $1 AND stream = $2", []any{string(stream.District()), string(stream)}, func(r cells) (err error) {
			found = true
			row, err = scanRow(r)
			return err
		})
		if err == nil && !found {
			err = fault.ErrNotFound
		}
		return err
	})
	return row, err
}

// tail is what the writer knows of a stream before a batch.
type tail struct {
	version int64
	number  string
	kind    string
	values  []any // of its row, nil if it has none
}

const selectVersion = "SELECT version FROM event WHERE log = $1 AND stream = $2 ORDER BY version DESC LIMIT 1"

// tail returns a stream's end and refuses if it is not where the batch expects it.
func (t *txn) tail(a *journal.Append) (*tail, error) {
	old := t.tails[a.Stream]
	if old == nil {
		var err error
		if old, err = t.readTail(a.Stream); err != nil {
			return nil, err
		}
	}
	switch {
	case old.version != a.Expected:
		return nil, fmt.Errorf("stream %s has version %d, not %d: %w", a.Stream, old.version, a.Expected, fault.ErrConflict)
	case old.values == nil:
		return old, nil
	case a.Row == nil:
		return nil, fmt.Errorf("stream %s has a row, the batch brings none: %w", a.Stream, fault.ErrInvalid)
	case old.values[0] != string(a.Kind):
		return nil, fmt.Errorf("stream %s is a %s, not a %s: %w", a.Stream, old.values[0], a.Kind, fault.ErrInvalid)
	}
	return old, nil
}

func (t *txn) readTail(stream name.ID) (*tail, error) {
	old := &tail{}
	key := []any{string(stream.District()), string(stream)}
	if _, err := one(t.c, selectVersion, key, func(r cells) { old.version = r.int(0) }); err != nil || old.version == 0 {
		return old, err
	}
	if _, err := one(t.c, selectRow+"WHERE log = $1 AND stream = $2", key, func(r cells) { old.values = rawRow(r) }); err != nil {
		return old, err
	}
	if old.values != nil {
		old.kind, old.number = old.values[1].(string), old.values[3].(string)
	}
	return old, nil
}

func rawRow(r cells) []any {
	values := make([]any, len(rowColumns))
	for i, number := range rowKinds {
		if number {
			values[i] = r.int(i + 1)
		} else {
			values[i] = r.text(i + 1)
		}
	}
	return values
}

// project writes a row whose columns are values but for what the writer sets: only the columns that changed, so that only their indexes are touched.
func (t *txn) project(log name.District, r *journal.Row, values []any, old *tail) error {
	values[versionColumn], values[numberColumn] = r.Version, r.Number
	if old.number != r.Number || old.values == nil || old.values[titleColumn] != values[titleColumn] {
		values[findColumn] = findText(r)
	} else {
		values[findColumn] = old.values[findColumn]
	}
	key := []any{string(log), string(r.Stream)}
	var err error
	if old.values == nil {
		_, err = t.exec(insertRow, append(key, values...)...)
	} else {
		err = t.update(key, values, old.values)
	}
	if err == nil {
		err = t.facets(log, r, old, values[facetsColumn].(string))
	}
	t.keep(r.Stream, &tail{r.Version, r.Number, r.Kind, values})
	return err
}

func (t *txn) update(key, values, old []any) error {
	var b strings.Builder
	args := key
	for i, v := range values {
		if v == old[i] {
			continue
		}
		if len(args) > len(key) {
			b.WriteString(", ")
		}
		args = append(args, v)
		fmt.Fprintf(&b, "%s = $%d", rowColumns[i], len(args))
	}
	if b.Len() == 0 {
		return nil
	}
	n, err := t.exec("UPDATE row SET "+b.String()+" WHERE log = $1 AND stream = $2", args...)
	if err == nil && n != 1 {
		err = fmt.Errorf("the row is gone: %w", fault.ErrConflict)
	}
	return err
}

// facets writes the difference between the old facets of a stream and the new ones.
func (t *txn) facets(log name.District, r *journal.Row, old *tail, now string) error {
	before := ""
	if old.values != nil {
		before = old.values[facetsColumn].(string)
	}
	if before == now && (old.kind == r.Kind || now == "") {
		return nil
	}
	drop, err := parseFacets(before)
	if err != nil {
		return err
	}
	add := r.Facets
	if old.kind == r.Kind {
		drop, add = without(drop, add), without(add, drop)
	}
	for _, f := range drop {
		if _, err := t.exec("DELETE FROM facet WHERE log = $1 AND stream = $2 AND name = $3 AND text = $4",
			string(log), string(r.Stream), f.Name, f.Text); err != nil {
			return err
		}
	}
	for _, f := range add {
		if _, err := t.exec("INSERT INTO facet (log, stream, name, text, kind, number) VALUES ($1, $2, $3, $4, $5, $6)",
			string(log), string(r.Stream), f.Name, f.Text, r.Kind, f.Number); err != nil {
			return err
		}
	}
	return nil
}

// without returns the facets of a that are not in b.
func without(a, b []journal.Facet) (out []journal.Facet) {
	for _, f := range a {
		if !slices.Contains(b, f) {
			out = append(out, f)
		}
	}
	return out
}

// prepareRow checks a row and returns a copy with its facets sorted, each name and text once.
func prepareRow(a *journal.Append) (*journal.Row, error) {
	r := *a.Row
	if r.Stream == "" {
		r.Stream = a.Stream
	}
	if r.Noun == "" {
		r.Noun = a.Kind
	}
	if r.Stream != a.Stream || r.Noun != a.Kind {
		return nil, fmt.Errorf("row of %s %s: %w", r.Noun, r.Stream, fault.ErrInvalid)
	}
	if len(r.Body) == 0 {
		r.Body = []byte("{}")
	}
	if err := object("body of the row", r.Body); err != nil {
		return nil, err
	}
	if len(r.Body) > ledger.MaxBody || len(r.Facets) > MaxFacets {
		return nil, fmt.Errorf("row with %d bytes and %d facets: %w", len(r.Body), len(r.Facets), fault.ErrInvalid)
	}
	if r.Opened < 0 || r.Closed < 0 || r.Due < 0 || r.Yellow < 0 || r.Wake < 0 {
		return nil, fmt.Errorf("row with an instant before 1970: %w", fault.ErrInvalid)
	}
	for _, f := range []struct {
		what, text string
		max        int
	}{
		{"title", r.Title, maxTitle}, {"number", r.Number, maxText}, {"kind", r.Kind, maxText}, {"state", r.State, maxText}, {"unit", string(r.Unit), maxText},
		{"person", string(r.Person), maxText}, {"area", r.Area, maxText}, {"parent", string(r.Parent), maxText},
		{"light", r.Light, maxText}, {"body", string(r.Body), ledger.MaxBody},
	} {
		if err := plain(f.what, f.text, f.max); err != nil {
			return nil, err
		}
	}
	var err error
	r.Facets, err = sortFacets(r.Facets)
	return &r, err
}

func sortFacets(facets []journal.Facet) ([]journal.Facet, error) {
	out := slices.Clone(facets)
	slices.SortFunc(out, func(a, b journal.Facet) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.Text, b.Text)
	})
	for i, f := range out {
		if f.Name == "" {
			return nil, fmt.Errorf("facet without name: %w", fault.ErrInvalid)
		}
		if i > 0 && out[i-1].Name == f.Name && out[i-1].Text == f.Text {
			return nil, fmt.Errorf("facet %s %q stands twice: %w", f.Name, f.Text, fault.ErrInvalid)
		}
		if err := plain("facet", f.Name+f.Text, maxText); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// plain checks that a text is UTF-8 without zero bytes, which PostgreSQL would refuse, and not too long.
func plain(what, s string, limit int) error {
	if len(s) > limit {
		return fmt.Errorf("%s has %d bytes, %d are allowed: %w", what, len(s), limit, fault.ErrInvalid)
	}
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return fmt.Errorf("%s is not UTF-8 or has a zero byte: %w", what, fault.ErrInvalid)
	}
	return nil
}

// facetsJSON writes facets as [name, text, number] triples; none is "".
func facetsJSON(facets []journal.Facet) string {
	if len(facets) == 0 {
		return ""
	}
	list := make([][3]any, len(facets))
	for i, f := range facets {
		list[i] = [3]any{f.Name, f.Text, f.Number}
	}
	b, _ := json.Marshal(list) // texts and numbers always marshal
	return string(b)
}

func parseFacets(s string) ([]journal.Facet, error) {
	if s == "" {
		return nil, nil
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
