// Package field holds the typed fields that packs are made of: the closed set of [Kind],
// the data [Class] of each field, and [Field.Check], which turns what a person typed into
// the one stored form or refuses it with a reason.
//
// A value is stored as text in one form per kind, so that it hashes, exports and compares
// alike on every database; the forms stand at the kinds.
package field

import (
	"strings"

	"bihuan/ground/name"
)

// Kind is what a field can hold.
type Kind string

// The closed set of kinds, with the stored form of their values.
const (
	Text     Kind = "text"      // 文本, one line of at most 200 characters
	LongText Kind = "long-text" // 长文本, at most 20,000 characters, lines ended by \n
	Integer  Kind = "integer"   // 整数, digits with an optional minus, within ±10¹⁵
	Decimal  Kind = "decimal"   // 小数, digits with an optional minus, fewer than 15 before and at most 4 behind the point, no needless zeros
	Money    Kind = "money"     // 金额, an integer number of fen, within ±10¹⁵
	Date     Kind = "date"      // 日期, 2006-01-02, of the years 1900 to 2200
	Month    Kind = "month"     // 月份, 2006-01; a longer period that is typed is the month with which it ends, see [EndMonth]
	Instant  Kind = "instant"   // 时刻, RFC 3339 with seconds in +08:00, of these years
	Choice   Kind = "choice"    // 选项, the key of one option
	YesNo    Kind = "yes-no"    // 是否, "yes" or "no"
	Unit     Kind = "unit"      // 单位, the key of a unit
	Units    Kind = "units"     // 多个单位, keys in ascending order joined by a space, at most 100
	Person   Kind = "person"    // 人员, the key of a person
	Place    Kind = "place"     // 地点, "lng,lat" in WGS-84 with at most 7 digits behind the point
	Shape    Kind = "shape"     // 范围, a GeoJSON Polygon or MultiPolygon in WGS-84, of at most 5,000 points with at most 7 digits behind the point
	File     Kind = "file"      // 附件, the SM3 of the upload in hexadecimal
	Record   Kind = "record"    // 册中记录, the id or natural key of a record of the named register
	Table    Kind = "table"     // 明细表, a JSON array of at most 500 rows, each an array of the columns' values
)

// Kinds are all kinds in the order of the documentation.
var Kinds = []Kind{Text, LongText, Integer, Decimal, Money, Date, Month, Instant, Choice, YesNo, Unit, Units, Person, Place, Shape, File, Record, Table}

// Class says how sensitive a field is, after the table of data classes: P public (公开),
// N internal (内部), S sensitive, personal (敏感), H highly sensitive (高度敏感).
type Class string

// The classes, from open to closed.
const (
	P Class = "P"
	N Class = "N"
	S Class = "S"
	H Class = "H"
)

// Rank is 1 for P to 4 for H, and 0 for what is no class.
func (c Class) Rank() int {
	switch c {
	case P:
		return 1
	case N:
		return 2
	case S:
		return 3
	case H:
		return 4
	}
	return 0
}

// IsPersonal reports whether values of the class must never stand in an event's body.
func (c Class) IsPersonal() bool { return c == S || c == H }

// Field is one typed property of a matter, a record or a form.
type Field struct {
	Key      string    `json:"key"` // lower-case ASCII letters, digits and hyphens
	Kind     Kind      `json:"kind"`
	Class    Class     `json:"class"`
	Words    name.Text `json:"words"`
	Help     name.Text `json:"help,omitzero"`
	Unit     string    `json:"unit,omitempty"`     // of integer and decimal, as written behind the number: 米, 个, %
	UnitOf   string    `json:"unit_of,omitempty"`  // the choice beside it whose option has the unit, or the text that says it; see [Field.Among]
	Options  []Option  `json:"options,omitempty"`  // of choice
	Register string    `json:"register,omitempty"` // of record: pack/register
	Columns  []Field   `json:"columns,omitempty"`  // of table; no tables within
	Min      string    `json:"min,omitempty"`      // of integer, decimal, money, date: inclusive
	Max      string    `json:"max,omitempty"`      // likewise
}

// Option is one value of a choice.
type Option struct {
	Key   string    `json:"key"`
	Words name.Text `json:"words"`
	Unit  string    `json:"unit,omitempty"` // of what is counted by a field that takes its unit from the choice
}

// Option returns the option with the key, or false.
func (f *Field) Option(key string) (Option, bool) {
	for _, o := range f.Options {
		if o.Key == key {
			return o, true
		}
	}
	return Option{}, false
}

// Among returns the field as it stands beside others and their values: with the unit of the option chosen there, or with what a text beside
// it says, if it takes its unit from there.
func (f *Field) Among(fields []Field, values map[string]string) *Field {
	by := Find(fields, f.UnitOf)
	if f.UnitOf == "" || by == nil {
		return f
	}
	said := strings.TrimSpace(values[f.UnitOf])
	if by.Kind != Text {
		o, _ := by.Option(said)
		said = o.Unit
	}
	if said == "" {
		return f
	}
	with := *f
	with.Unit = said
	return &with
}

// Find returns the field with the key among fields, or nil.
func Find(fields []Field, key string) *Field {
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i]
		}
	}
	return nil
}

// KeyOf returns the key of the first of the fields that has a kind, empty for none.
func KeyOf(fields []Field, k Kind) string {
	for i := range fields {
		if fields[i].Kind == k {
			return fields[i].Key
		}
	}
	return ""
}
