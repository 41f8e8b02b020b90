package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"bihuan/internal/bar"
)

func rows(all ...[]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var columns = []Column{{Key: "title", Title: "目标"}, {Key: "value", Title: "数值", Type: Number}, {Key: "due", Title: "期限", Type: Date}, {Key: "at", Title: "时间", Type: Instant}}

var sample = Table{Title: "目标清单", Columns: columns, Rows: rows(
	[]string{"口袋公园", "-12.50", "2023-12-31", "2023-10-16T00:30:00Z"},
	[]string{"=1+1", "=1+1", "年底", "不明"},
	[]string{"道路"},
	[]string{"长数", "12345678901234567890", "", "", "多余"},
)}

func TestCSV(t *testing.T) {
	var buf bytes.Buffer
	if err := CSV(&buf, sample); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff目标,数值,期限,时间\r\n口袋公园,-12.50,2023-12-31,2023-10-16 08:30\r\n'=1+1,'=1+1,年底,不明\r\n道路,,,\r\n长数,12345678901234567890,,\r\n"
	if got := buf.String(); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestJSON(t *testing.T) {
	var buf bytes.Buffer
	if err := JSON(&buf, sample); err != nil {
		t.Fatal(err)
	}
	want := `{"title":"目标清单","columns":[{"key":"title","title":"目标","type":"text"},{"key":"value","title":"数值","type":"number"},{"key":"due","title":"期限","type":"date"},{"key":"at","title":"时间","type":"instant"}],"rows":[
{"title":"口袋公园","value":-12.50,"due":"2023-12-31","at":"2023-10-16T00:30:00Z"},
{"title":"=1+1","value":"=1+1","due":"年底","at":"不明"},
{"title":"道路","value":null,"due":null,"at":null},
{"title":"长数","value":12345678901234567890,"due":null,"at":null}
]}
`
	if got := buf.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !json.Valid(buf.Bytes()) {
		t.Error("not JSON")
	}
}

func open(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestASheetIsWrittenInOneGo: its filters reach over all rows and its columns stand in order, as Excel wants them, though nothing is read back.
func TestASheetIsWrittenInOneGo(t *testing.T) {
	var buf bytes.Buffer
	if err := XLSX(&buf, sample); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var sheet struct {
		Cols []struct {
			Min int `xml:"min,attr"`
			Max int `xml:"max,attr"`
		} `xml:"cols>col"`
		Filter struct {
			Ref string `xml:"ref,attr"`
		} `xml:"autoFilter"`
	}
	if err := xml.NewDecoder(r).Decode(&sheet); err != nil {
		t.Fatal(err)
	}
	if ref := strings.ReplaceAll(sheet.Filter.Ref, "$", ""); ref != "A1:D5" {
		t.Errorf("the filters reach over %q, want A1:D5", ref)
	}
	for i, c := range sheet.Cols {
		if c.Min != i+1 || c.Max != i+1 {
			t.Errorf("column %d stands where %d belongs", c.Min, i+1)
		}
	}
	if len(sheet.Cols) != 4 {
		t.Errorf("%d columns have a width, want 4", len(sheet.Cols))
	}
}

func TestXLSX(t *testing.T) {
	var buf bytes.Buffer
	if err := XLSX(&buf, sample); err != nil {
		t.Fatal(err)
	}
	f := open(t, buf.Bytes())
	got, err := f.GetRows("目标清单")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"目标", "数值", "期限", "时间"},
		{"口袋公园", "-12.5", "2023-12-31", "2023-10-16 08:30"},
		{"'=1+1", "'=1+1", "年底", "不明"},
		{"道路"},
		{"长数", "12345678901234567890"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for ref, want := range map[string]string{"B2": "-12.5", "C2": "45291", "B5": "12345678901234567890"} {
		if raw, err := f.GetCellValue("目标清单", ref, excelize.Options{RawCellValue: true}); err != nil || raw != want {
			t.Errorf("raw %s = %q, %v, want %q", ref, raw, err, want)
		}
	}
	for ref, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B5": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString} {
		if typ, err := f.GetCellType("目标清单", ref); err != nil || typ != want {
			t.Errorf("type of %s = %v, %v, want %v", ref, typ, err, want)
		}
	}
	if panes, err := f.GetPanes("目标清单"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes = %+v, %v: the header is not frozen", panes, err)
	}
}

// TestAWorkbookSaysWhereItComesFrom: from the platform, not from somebody who wrote a library.
func TestAWorkbookSaysWhereItComesFrom(t *testing.T) {
	var buf bytes.Buffer
	if err := XLSX(&buf, Table{Title: "表", Columns: []Column{{Key: "a", Title: "甲"}}, Rows: rows([]string{"1"})}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || bytes.Contains(bytes.ToLower(b), []byte("excelize")) || bytes.Contains(b, []byte("xuri")) || bytes.Contains(b, []byte("2006-09")) {
			t.Errorf("%s: %v %s", f.Name, err, b)
		}
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := f.GetDocProps(); err != nil || p.Creator != "闭环 Bihuan" || p.Created != "" {
		t.Errorf("%+v %v", p, err)
	}
}

// payloads are two hundred and more texts that spreadsheet programs have taken for formulas
// or commands, and harmless ones in their clothes.
func payloads() []string {
	starts := []string{"=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", " =", "\u3000＝", "\ufeff=", "\u200b@", "\t=", "\r\n="}
	ends := []string{"1+1", "cmd|' /C calc'!A0", `HYPERLINK("http://example.org?x="&A1,"点")`, "SUM(A1:A9)", "5", "", "IMPORTXML(A1,\"//a\")",
		"DDE(\"cmd\";\"/C calc\";\"x\")", "甲", "\",=1+1", "1\r\n=2", "WEBSERVICE(\"http://example.org\")"}
	var all []string
	for _, s := range starts {
		for _, e := range ends {
			all = append(all, s+e)
		}
	}
	return all
}

// TestBar_I05_NoLiveFormula writes every payload into text cells, number cells and titles of
// every kind of file, reads it back, and asks that none begins a formula and none is lost.
func TestBar_I05_NoLiveFormula(t *testing.T) {
	all := payloads()
	if len(all) < 200 {
		t.Fatalf("only %d payloads", len(all))
	}
	table := Table{Title: all[0], Columns: []Column{{Key: "a", Title: all[1]}, {Key: "b", Title: "数", Type: Number}, {Key: "c", Title: "日", Type: Date}}}
	table.Rows = func(yield func([]string, error) bool) {
		for _, p := range all {
			if !yield([]string{p, p, p}, nil) {
				return
			}
		}
	}
	safe := func(where, got, want string) {
		t.Helper()
		isNum := isNumber(want) && !strings.HasPrefix(where, "title")
		if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(got, before)); strings.ContainsRune(live, first) && got != "" && !isNum {
			t.Errorf("%s: %q begins with %q", where, got, first)
		}
	}
	t.Run("csv", func(t *testing.T) {
		var buf bytes.Buffer
		if err := CSV(&buf, table); err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(buf.String(), "\ufeff"))).ReadAll()
		if err != nil || len(got) != len(all)+1 {
			t.Fatalf("%d rows, %v", len(got), err)
		}
		safe("title", got[0][0], all[1])
		for i, p := range all {
			for c := range 3 {
				if c == 1 {
					safe(fmt.Sprint("number ", i), got[i+1][c], p)
				} else {
					safe(fmt.Sprint("title-like ", i), got[i+1][c], "")
				}
				if c != 1 && strings.TrimPrefix(got[i+1][c], "'") != seams.ReplaceAllString(lineEnds.Replace(p), "$1'$2") {
					t.Errorf("row %d: %q is not kept: %q", i, p, got[i+1][c])
				}
			}
		}
	})
	t.Run("csv, divided by other characters", func(t *testing.T) {
		table := Table{Columns: []Column{{Key: "a", Title: "甲;=1+1"}, {Key: "b", Title: "乙"}}}
		table.Rows = func(yield func([]string, error) bool) {
			for _, p := range all {
				if !strings.ContainsAny(p, "\r\n") && (!yield([]string{"x;" + p, "路灯\t " + p}, nil) || !yield([]string{"x\";" + p, "\t\"" + p}, nil)) {
					return
				}
			}
			yield([]string{"1;2; 3", "a;b-c"}, nil)
		}
		var buf bytes.Buffer
		if err := CSV(&buf, table); err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range strings.Lines(strings.TrimPrefix(buf.String(), "\ufeff")) {
			lines++
			for _, divider := range []string{";", "\t"} {
				for _, cell := range strings.Split(strings.TrimRight(line, "\r\n"), divider) {
					cell = strings.TrimLeft(strings.TrimLeft(strings.TrimLeft(cell, before), "\""), before)
					if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune(live, first) && !strings.HasPrefix(cell, "\t") {
						t.Errorf("divided by %q, %q begins a formula", divider, cell)
					}
				}
			}
		}
		if lines < 200 || !strings.HasSuffix(buf.String(), "1;2; 3,a;b-c\r\n") {
			t.Errorf("%d lines, the last ones %s", lines, buf.String()[max(0, buf.Len()-100):])
		}
	})
	t.Run("xlsx", func(t *testing.T) {
		var buf bytes.Buffer
		if err := XLSX(&buf, table); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range z.File {
			rc, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(rc)
			if err != nil || bytes.Contains(b, []byte("<f>")) || bytes.Contains(b, []byte("<f ")) {
				t.Errorf("%s holds a formula, or %v", part.Name, err)
			}
		}
		f := open(t, buf.Bytes())
		name := f.GetSheetName(0)
		for i, p := range all {
			for c := range 3 {
				ref, _ := excelize.CoordinatesToCellName(c+1, i+2)
				got, err := f.GetCellValue(name, ref)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(name, ref); err != nil || formula != "" {
					t.Errorf("%s is a formula %q, %v", ref, formula, err)
				}
				if c == 1 {
					safe("number "+ref, got, p)
				} else {
					safe("title-like "+ref, got, "")
				}
			}
		}
	})
	t.Run("json", func(t *testing.T) {
		var buf bytes.Buffer
		if err := JSON(&buf, table); err != nil {
			t.Fatal(err)
		}
		var got struct{ Rows []map[string]any }
		if err := json.Unmarshal(buf.Bytes(), &got); err != nil || len(got.Rows) != len(all) {
			t.Fatalf("%d rows, %v", len(got.Rows), err)
		}
		for i, p := range all {
			if got.Rows[i]["a"] != p {
				t.Errorf("row %d: %q is not kept: %q", i, p, got.Rows[i]["a"])
			}
		}
	})
	bar.Report(t, "I-05", "%d payloads × text, number and date columns and titles × CSV and XLSX: 0 live formulas; JSON keeps every one", len(all))
}

func TestSafe(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "甲": "甲", "1-2": "1-2", "a=b": "a=b", "'=": "'=", "=": "'=", "-5": "'-5", "\x00a": "'\x00a",
		"－5": "'－5", " ": " ", "  +1": "'  +1", "a\xff": "a\ufffd", "\xff=": "\ufffd=",
	} {
		if got := Safe(in); got != want {
			t.Errorf("Safe(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := Safe(s)
		if Safe(once) != once {
			t.Errorf("Safe twice changes %q", s)
		}
		if strings.TrimPrefix(once, "'") != strings.TrimPrefix(s, "'") {
			t.Errorf("Safe(%q) = %q loses something", s, once)
		}
	})
}

func TestXLSXLimits(t *testing.T) {
	long := strings.Repeat("𠮷", 20_000)
	var buf bytes.Buffer
	if err := XLSX(&buf, Table{Title: "a/b:[c]" + strings.Repeat("长", 40), Columns: columns[:1], Rows: rows([]string{long}, []string{"a\x01b\uffffc"})}); err != nil {
		t.Fatal(err)
	}
	f := open(t, buf.Bytes())
	name := f.GetSheetName(0)
	if want := "abc" + strings.Repeat("长", 28); name != want {
		t.Errorf("sheet %q, want %q", name, want)
	}
	got, _ := f.GetCellValue(name, "A2")
	if !strings.HasSuffix(got, cut) || utf16Count(got) > maxSheetCell || utf16Count(got) < maxSheetCell-1 {
		t.Errorf("a long cell has %d units and ends in %q", utf16Count(got), got[len(got)-20:])
	}
	if got, _ := f.GetCellValue(name, "A3"); got != "a\ufffdb\ufffdc" {
		t.Errorf("control characters became %q", got)
	}
	for title, want := range map[string]string{"": "清单", "History": "清单", "'a'": "a", "/": "清单"} {
		if got := sheetName(title); got != want {
			t.Errorf("sheetName(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestErrorsOfRowsAndWritersComeBack(t *testing.T) {
	broken := errors.New("the store is gone")
	failing := Table{Columns: columns, Rows: func(yield func([]string, error) bool) {
		if yield([]string{"甲"}, nil) {
			yield(nil, broken)
		}
	}}
	for name, write := range map[string]func(io.Writer, Table) error{"csv": CSV, "xlsx": XLSX, "json": JSON} {
		if err := write(io.Discard, failing); !errors.Is(err, broken) {
			t.Errorf("%s: error of the rows = %v", name, err)
		}
		if err := write(full{}, sample); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: error of the writer = %v", name, err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func ExampleCSV() {
	var buf bytes.Buffer
	_ = CSV(&buf, Table{
		Columns: []Column{{Key: "goal", Title: "目标"}, {Key: "value", Title: "数值", Type: Number}},
		Rows:    rows([]string{"口袋公园", "10"}, []string{"=1+1", "-3"}),
	})
	fmt.Print(strings.ReplaceAll(strings.TrimPrefix(buf.String(), "\ufeff"), "\r", ""))
	// Output:
	// 目标,数值
	// 口袋公园,10
	// '=1+1,-3
}
