package field

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// samples has one field of every kind.
var samples = []Field{
	{Key: "line", Kind: Text},
	{Key: "words", Kind: LongText},
	{Key: "households", Kind: Integer, Unit: "户"},
	{Key: "budget", Kind: Money},
	{Key: "share", Kind: Decimal, Unit: "%"},
	{Key: "day", Kind: Date},
	{Key: "moment", Kind: Instant},
	{Key: "month", Kind: Month},
	{Key: "colour", Kind: Choice, Options: []Option{{Key: "red"}, {Key: "light-green"}}},
	{Key: "sure", Kind: YesNo},
	{Key: "lead", Kind: Unit},
	{Key: "assist", Kind: Units},
	{Key: "who", Kind: Person},
	{Key: "spot", Kind: Place},
	{Key: "ground", Kind: Shape},
	{Key: "upload", Kind: File},
	{Key: "street", Kind: Record, Register: "erdao/street"},
	{Key: "parts", Kind: Table, Columns: []Field{{Key: "what", Kind: Text}, {Key: "size", Kind: Decimal}, {Key: "by", Kind: Date}}},
}

func sample(k Kind) *Field {
	i := slices.IndexFunc(samples, func(f Field) bool { return f.Kind == k })
	if i < 0 {
		panic("no sample of " + k)
	}
	return &samples[i]
}

func TestEveryKindHasASample(t *testing.T) {
	for _, k := range Kinds {
		if f := sample(k); k != Table && checks[k] == nil {
			t.Errorf("kind %s of field %s has no check", k, f.Key)
		}
	}
}

func TestCheck(t *testing.T) {
	hash := strings.Repeat("0123456789abcdef", 4)
	for _, c := range []struct {
		name  string
		kind  Kind
		typed string
		want  string // or the code of the refusal behind "!"
	}{
		{"empty stays empty", Integer, "", ""},
		{"blanks are empty", Date, " \t\n　", ""},
		{"text is trimmed", Text, "  老旧小区 ", "老旧小区"},
		{"text has one line", Text, "一\n二", "!one-line"},
		{"a carriage return ends a line too", Text, "一\r二", "!one-line"},
		{"200 characters fit", Text, strings.Repeat("字", 200), strings.Repeat("字", 200)},
		{"201 do not", Text, strings.Repeat("字", 201), "!too-long"},
		{"a control character is no text", Text, "a\x01b", "!not-text"},
		{"a zero byte is no text", LongText, "a\x00b", "!not-text"},
		{"bytes that are not UTF-8 are no text", Text, "\xff", "!not-text"},
		{"long text keeps its lines", LongText, "一\r\n二\r三", "一\n二\n三"},
		{"20,001 characters are too long", LongText, strings.Repeat("字", 20001), "!too-long"},

		{"a whole number", Integer, "42", "42"},
		{"full-width digits", Integer, "－１，２３４", "-1234"},
		{"a long dash is a minus", Integer, "—5", "-5"},
		{"thousands", Integer, "1,234,567", "1234567"},
		{"a comma in the wrong place is no thousands' comma", Integer, "1,5", "!not-integer"},
		{"leading zeros go", Integer, "007", "7"},
		{"minus zero is zero", Integer, "-0", "0"},
		{"its own unit may stand behind", Integer, "21户", "21"},
		{"another unit may not", Integer, "21万户", "!not-integer"},
		{"a fraction is no integer", Integer, "1.5", "!not-integer"},
		{"a whole decimal is", Integer, "2.0", "2"},
		{"words are no integer", Integer, "二十一", "!not-integer"},
		{"the largest integer", Integer, "1000000000000000", "1000000000000000"},
		{"one more is too large", Integer, "1000000000000001", "!not-integer"},
		{"an exponent is no integer", Integer, "1e3", "!not-integer"},

		{"a bare amount is fen", Money, "123450", "123450"},
		{"yuan become fen", Money, "1,234.5元", "123450"},
		{"万元 become fen", Money, "5000万元", "5000000000"},
		{"亿元 become fen", Money, "2.3亿元", "23000000000"},
		{"a tenth of a fen is no amount", Money, "0.001元", "!not-integer"},
		{"metres are no money", Money, "5米", "!not-integer"},
		{"more than 10¹⁵ fen is too much", Money, "100000.1亿元", "!not-integer"},

		{"a decimal loses needless zeros", Decimal, "1.50", "1.5"},
		{"zero", Decimal, "0.0", "0"},
		{"minus zero is zero as well", Decimal, "-0.0", "0"},
		{"minus ninety per cent", Decimal, "-90%", "-90"},
		{"more than the whole", Decimal, "105％", "105"},
		{"four digits behind the point", Decimal, "0.0001", "0.0001"},
		{"five are too many", Decimal, "0.00001", "!not-decimal"},
		{"fourteen before the point", Decimal, "99999999999999.9999", "99999999999999.9999"},
		{"fifteen are too many", Decimal, "100000000000000", "!not-decimal"},
		{"two points", Decimal, "1.2.3", "!not-decimal"},
		{"a point without digits", Decimal, "1.", "!not-decimal"},
		{"a percentage point is no per cent", Decimal, "3个百分点", "!not-decimal"},

		{"a date", Date, "2023-03-05", "2023-03-05"},
		{"without zeros", Date, "2023-3-5", "2023-03-05"},
		{"with slashes", Date, "２０２３／３／５", "2023-03-05"},
		{"in Chinese", Date, "2023年3月5日", "2023-03-05"},
		{"29 February of a leap year", Date, "2024-02-29", "2024-02-29"},
		{"of another year there is none", Date, "2023-02-29", "!not-date"},
		{"before 1900", Date, "1899-12-31", "!not-date"},
		{"after 2200", Date, "2201-01-01", "!not-date"},
		{"a month is no date", Date, "2023-03", "!not-date"},

		{"a month", Month, "2023-09", "2023-09"},
		{"a month as a clerk writes it", Month, "２０２３年９月", "2023-09"},
		{"a quarter is the month with which it ends", Month, "2023年前三季度", "2023-09"},
		{"a day is no month", Month, "2023-09-01", "!not-period"},
		{"a year out of reach", Month, "1899-12", "!not-period"},

		{"an instant with its zone", Instant, "2023-03-05T00:30:00Z", "2023-03-05T08:30:00+08:00"},
		{"without one it is Shanghai's", Instant, "2023-03-05T08:30", "2023-03-05T08:30:00+08:00"},
		{"as a clerk writes it", Instant, "2023/3/5 8：30", "2023-03-05T08:30:00+08:00"},
		{"a date is no instant", Instant, "2023-03-05", "!not-instant"},
		{"parts of a second go", Instant, "2023-03-05T08:30:00.9+08:00", "2023-03-05T08:30:00+08:00"},
		{"the end of the last year in another zone", Instant, "2200-12-31T23:00:00Z", "!not-instant"},

		{"an option", Choice, "light-green", "light-green"},
		{"no option", Choice, "Red", "!no-such-option"},
		{"yes", YesNo, "yes", "yes"},
		{"是 is not stored", YesNo, "是", "!not-yes-no"},
		{"a unit", Unit, "housing", "housing"},
		{"a unit in capitals", Unit, "Housing", "!not-key"},
		{"a key of sixty", Person, strings.Repeat("a", 60), strings.Repeat("a", 60)},
		{"of sixty-one", Person, strings.Repeat("a", 61), "!not-key"},
		{"a key does not begin with a hyphen", Unit, "-a", "!not-key"},
		{"units are sorted and stand once", Units, "water，housing、water\nfinance", "finance housing water"},
		{"one bad unit among them", Units, "water 住建", "!not-key"},
		{"a hundred and one units", Units, manyUnits(101), "!too-many-rows"},

		{"a place", Place, "125.3744, 43.8651", "125.3744,43.8651"},
		{"with a Chinese comma", Place, "125.37，43.86", "125.37,43.86"},
		{"seven digits are enough", Place, "125.123456789,43", "125.1234568,43"},
		{"latitude first is out of range", Place, "43.86,125.37", "!not-place"},
		{"the edge of the world", Place, "-180,90", "-180,90"},
		{"beyond it", Place, "-180.0000001,0", "!not-place"},
		{"no number", Place, "NaN,0", "!not-place"},
		{"an exponent is no degree", Place, "1e2,0", "!not-place"},
		{"one number", Place, "125", "!not-place"},
		{"three numbers", Place, "1,2,3", "!not-place"},

		{"a polygon", Shape, ` {"type": "Polygon", "coordinates": [[[0,0],[2.0,0],[2,2],[0,2],[0,0]]]} `, `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}`},
		{"a polygon that runs the other way", Shape, `{"type":"Polygon","coordinates":[[[0,0],[0,2],[2,2],[2,0],[0,0]]]}`, `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}`},
		{"a bow-tie", Shape, `{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,3],[0,0]]]}`, "!not-shape"},
		{"a line", Shape, `{"type":"LineString","coordinates":[[0,0],[2,2]]}`, "!not-shape"},
		{"words for a shape", Shape, "东盛街道", "!not-shape"},

		{"a hash", File, hash, hash},
		{"a hash in capitals", File, strings.ToUpper(hash), "!not-file"},
		{"half a hash", File, hash[:32], "!not-file"},
		{"a record", Record, "220105001", "220105001"},

		{"a table", Table, `[[" 锚栓 ","1.50","2023/3/5"]]`, `[["锚栓","1.5","2023-03-05"]]`},
		{"rows without values go", Table, `[["","",""],["钢板","",""]]`, `[["钢板","",""]]`},
		{"a table without rows is empty", Table, `[["","",""]]`, ""},
		{"so is an empty array", Table, `[]`, ""},
		{"a row too short", Table, `[["锚栓","1"]]`, "!row-width"},
		{"a row that is null", Table, `[null]`, "!row-width"},
		{"a cell that does not fit", Table, `[["锚栓","x",""]]`, "!not-decimal"},
		{"a zero byte in a cell", Table, `[["\u0000","",""]]`, "!not-text"},
		{"no JSON", Table, `[[`, "!not-table"},
		{"numbers for texts", Table, `[[1,2,3]]`, "!not-table"},
		{"501 rows", Table, "[" + strings.Repeat(`["a","",""],`, 500) + `["a","",""]]`, "!too-many-rows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := sample(c.kind).Check(c.typed)
			if code, refused := strings.CutPrefix(c.want, "!"); refused {
				r, ok := errors.AsType[*fault.Refusal](err)
				if !ok || r.Code != code || !errors.Is(err, fault.ErrInvalid) || got != "" {
					t.Errorf("Check(%q) = %q, %v; want refusal %s", c.typed, got, err, code)
				}
				return
			}
			if err != nil || got != c.want {
				t.Errorf("Check(%q) = %q, %v; want %q", c.typed, got, err, c.want)
			}
		})
	}
}

func manyUnits(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint("u", i))
	}
	return strings.Join(all, " ")
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name  string
		field Field
		typed string
		code  string // empty for accepted
	}{
		{"at the lower bound", Field{Kind: Integer, Min: "0"}, "0", ""},
		{"below it", Field{Kind: Integer, Min: "0"}, "-1", "too-small"},
		{"above the upper one", Field{Kind: Decimal, Max: "100"}, "100.0001", "too-large"},
		{"bounds compare as numbers", Field{Kind: Decimal, Min: "9", Max: "100"}, "10", ""},
		{"money is bounded in fen", Field{Kind: Money, Max: "100"}, "1.01元", "too-large"},
		{"too early", Field{Kind: Date, Min: "2023-01-01"}, "2022-12-31", "too-early"},
		{"too late", Field{Kind: Date, Max: "2023-12-31"}, "2024-01-01", "too-late"},
		{"at the last day", Field{Kind: Date, Max: "2023-12-31"}, "2023-12-31", ""},
		{"a kind that there is not", Field{Kind: "colour"}, "red", "unknown-kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.field.Key, c.field.Words = "f", name.Text{ZH: "栏", EN: "field"}
			_, err := c.field.Check(c.typed)
			r, _ := errors.AsType[*fault.Refusal](err)
			if r == nil && c.code != "" || r != nil && (r.Code != c.code || r.Field != "f" || r.With["field-zh"] != "栏") {
				t.Errorf("Check(%q): %v %+v, want %q on the field with its words", c.typed, err, r, c.code)
			}
		})
	}
}

func TestCellRefusalNamesColumnAndRow(t *testing.T) {
	_, err := sample(Table).Check(`[["a","1",""],["b","x",""]]`)
	r, _ := errors.AsType[*fault.Refusal](err)
	if r == nil || r.Field != "size" || r.With["row"] != "2" {
		t.Errorf("got %+v, want the column size in row 2", r)
	}
}

func TestScaled(t *testing.T) {
	for _, c := range []struct {
		stored string
		want   int64
		ok     bool
	}{
		{"1.5", 15000, true}, {"-0.0001", -1, true}, {"0", 0, true},
		{"1000000000000000", 0, false}, {"99999999999999.9999", 999999999999999999, true},
		{"", 0, false}, {"0.00001", 0, false}, {"abc", 0, false}, {"1,5", 0, false}, {"2023-01-01", 0, false},
	} {
		if got, ok := Scaled(c.stored); got != c.want || ok != c.ok {
			t.Errorf("Scaled(%q) = %d, %v; want %d, %v", c.stored, got, ok, c.want, c.ok)
		}
	}
}

// TestScaledKeepsOrder: databases compare what Scaled makes, so it has to order as the numbers do.
func TestScaledKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(t, "a")
		b := rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(t, "b")
		text := func(n int64) string {
			sign := ""
			if n < 0 {
				sign, n = "-", -n
			}
			return fmt.Sprintf("%s%d.%04d", sign, n/10000, n%10000)
		}
		x, okX := Scaled(text(a))
		y, okY := Scaled(text(b))
		if !okX || !okY || x != a || y != b {
			t.Fatalf("Scaled(%s) = %d, Scaled(%s) = %d", text(a), x, text(b), y)
		}
	})
}

// TestStoredFormIsStable: what was stored is read again as itself, so that showing a form and sending it back changes nothing.
func TestStoredFormIsStable(t *testing.T) {
	alphabet := rapid.SampledFrom([]rune("0123456789０５.．-－—,，/年月日:：TZ+ %元万户个a-redgnyso[]\"\n\t住"))
	likely := map[Kind][]string{
		Date: {"2023-3-5", "2023年12月31日"}, Month: {"2023-09", "2023年前三季度"}, Instant: {"2023-03-05T08:30", "2023-03-05T08:30:00Z"}, Place: {"125.37,43.86", "1.00000001，2"},
		Money: {"1.5元", "2亿元", "300"}, Decimal: {"1.50", "-0.0", "1,000.5"}, Integer: {"007", "1,000"},
		Shape: {`{"type":"Polygon","coordinates":[[[0,0],[2.0,0],[2,2]]]}`}, Table: {`[["a","1.0","2023-3-5"],["","",""]]`, `[["<&>","",""]]`}, Choice: {"red"}, YesNo: {"yes"}, Units: {"b a b"}, File: {strings.Repeat("ab", 32)},
	}
	for _, k := range Kinds {
		kept := 0
		rapid.Check(t, func(t *rapid.T) {
			f := sample(k)
			typed := rapid.StringOfN(alphabet, 0, 24, -1).Draw(t, "typed")
			if l := likely[f.Kind]; l != nil && rapid.Bool().Draw(t, "likely") {
				typed = rapid.SampledFrom(l).Draw(t, "typed")
			}
			stored, err := f.Check(typed)
			if err != nil || stored == "" {
				return
			}
			kept++
			if again, err := f.Check(stored); err != nil || again != stored {
				t.Fatalf("%s: %q is stored as %q and read again as %q, %v", f.Kind, typed, stored, again, err)
			}
		})
		if likely[k] != nil && kept == 0 {
			t.Errorf("no %s was ever stored: the test has looked at nothing", k)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for i := range Kinds {
		f.Add(i, "2023-03-05")
		f.Add(i, `[["a","1",""]]`)
		f.Add(i, "１，２３４．５万元")
	}
	f.Fuzz(func(t *testing.T, kind int, typed string) {
		fd := sample(Kinds[((kind%len(Kinds))+len(Kinds))%len(Kinds)])
		stored, err := fd.Check(typed)
		if err != nil {
			if fault.KindOf(err) != fault.ErrInvalid || stored != "" {
				t.Fatalf("%s %q: %q, %v", fd.Kind, typed, stored, err)
			}
			return
		}
		if again, err := fd.Check(stored); err != nil || again != stored {
			t.Fatalf("%s: %q is stored as %q and read again as %q, %v", fd.Kind, typed, stored, again, err)
		}
	})
}

func ExampleField_Check() {
	length := Field{Key: "length", Kind: Decimal, Unit: "公里", Min: "0"}
	fmt.Println(length.Check("１，２３４．５０公里"))
	fmt.Println(length.Check("-3"))
	// Output:
	// 1234.5 <nil>
	//  invalid: too-small (length)
}
