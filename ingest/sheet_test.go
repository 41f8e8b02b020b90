package ingest

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// texts returns the rows of a table as texts with their places.
func texts(t Table) []string {
	var out []string
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r {
			cells = append(cells, c.Ref()+"="+c.Text)
		}
		out = append(out, strings.Join(cells, " "))
	}
	return out
}

func TestSheetCSV(t *testing.T) {
	for _, c := range []struct {
		name, data string
		header     []string
		rows       []string
	}{
		{"commas", "目标,数值\n公园,12\n", []string{"目标", "数值"}, []string{"A2=公园 B2=12"}},
		{"tabs", "目标\t数值\n\"公,园\"\t12", []string{"目标", "数值"}, []string{"A2=公,园 B2=12"}},
		{"semicolons", "目标;数值\n公园;1,5", []string{"目标", "数值"}, []string{"A2=公园 B2=1,5"}},
		{"a byte order mark and \\r\\n", "\ufeff目标,数值\r\n公园,12\r\n", []string{"目标", "数值"}, []string{"A2=公园 B2=12"}},
		{"empty lines keep the rows' numbers", "\n目标,数值\n\n\n公园,12\n,\n道路,3", []string{"目标", "数值"}, []string{"A5=公园 B5=12", "A7=道路 B7=3"}},
		{"a cell of two lines is one row", "目标,数值\n\"公\n园\",12\n道路,3", []string{"目标", "数值"}, []string{"A2=公\n园 B2=12", "A3=道路 B3=3"}},
		{"a title above is no header", "任务分解表\n\n目标,数值\n公园,12", []string{"目标", "数值"}, []string{"A4=公园 B4=12"}},
		{"short and long rows", "目标,数值\n公园\n道路,3,多", []string{"目标", "数值"}, []string{"A2=公园 B2=", "A3=道路 B3=3 C3=多"}},
		{"one column", "目标\n公园", []string{"目标"}, []string{"A2=公园"}},
		{"GB 18030", gb18030(t, "目标,数值\n公园,12"), []string{"目标", "数值"}, []string{"A2=公园 B2=12"}},
		{"numbers stay as they are written", "甲,乙\n007,\"1,234.50\"", []string{"甲", "乙"}, []string{"A2=007 B2=1,234.50"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Sheet(strings.NewReader(c.data), "a.csv")
			if err != nil || !reflect.DeepEqual(got.Header, c.header) || !reflect.DeepEqual(texts(got), c.rows) {
				t.Errorf("got  %q %q, %v\nwant %q %q", got.Header, texts(got), err, c.header, c.rows)
			}
		})
	}
}

// book makes an XLSX with what fill puts into it.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestSheetXLSX(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(f.SetSheetName("Sheet1", "封面"))
		must(f.SetSheetVisible("封面", true))
		_, err := f.NewSheet("分解表")
		must(err)
		style := func(format string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(err)
			return id
		}
		short, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(err)
		day := time.Date(2023, 3, 5, 0, 0, 0, 0, time.UTC)
		for ref, v := range map[string]any{
			"A1": "2023年任务分解表", "A3": "目标", "B3": "牵头单位", "C3": "指标", "C4": "数值", "D4": "单位", "E3": "期限",
			"A5": "公园", "B5": "住建局", "C5": 1234.5, "D5": "个", "E5": day,
			"A6": "道路", "C6": 0.125, "D6": "%", "E6": day,
			"A8": "学校", "B8": "教育局", "C8": "007", "D8": "所", "E8": day, "F8": day.Add(8*time.Hour + 30*time.Minute), "G8": day, "H8": 12345, "I8": day, "J8": "2023/3/5",
		} {
			must(f.SetCellValue("分解表", ref, v))
		}
		for ref, id := range map[string]int{"C5": style("#,##0.00"), "C6": style("0.0%"), "E5": style(`yyyy"年"m"月"d"日"`), "E6": style(`yyyy"年"m"月"`), "E8": short, "F8": style("yyyy/m/d h:mm"), "G8": style("d-mmm-yy"), "I8": style("yyyy.m.d"), "H8": style("00-000")} {
			must(f.SetCellStyle("分解表", ref, ref, id))
		}
		for _, m := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"B5", "B6"}} {
			must(f.MergeCell("分解表", m[0], m[1]))
		}
	})
	got, err := Sheet(bytes.NewReader(data), "a.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"A5=公园 B5=住建局 C5=1,234.50 D5=个 E5=2023-03-05",
		"A6=道路 B6=住建局 C6=12.5% D6=% E6=2023-03",
		"A8=学校 B8=教育局 C8=007 D8=所 E8=2023-03-05 F8=2023-03-05T08:30 G8=2023-03-05 H8=12-345 I8=2023-03-05 J8=2023/3/5",
	}
	if header := []string{"目标", "牵头单位", "指标/数值", "指标/单位", "期限"}; !reflect.DeepEqual(got.Header, header) {
		t.Errorf("header %q, want %q", got.Header, header)
	}
	if !reflect.DeepEqual(texts(got), want) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(texts(got), "\n"), strings.Join(want, "\n"))
	}
	if got.Title != "2023年任务分解表" || got.Name != "分解表" || fmt.Sprint(got.Sheets) != "[封面 分解表]" {
		t.Errorf("title %q, sheet %q of %q", got.Title, got.Name, got.Sheets)
	}
}

func FuzzSheetCSV(f *testing.F) {
	for _, s := range []string{"甲,乙\n丙,丁", "\n\n\"a\nb\"\n", "a;b\tc", "\ufeff=1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Sheet(bytes.NewReader(data), "a.csv")
		if err != nil {
			return
		}
		last := 0
		for _, r := range table.Rows {
			if len(r) < len(table.Header) || r[0].Row <= last {
				t.Fatalf("row %+v under header %q after row %d", r, table.Header, last)
			}
			last = r[0].Row
		}
	})
}

func FuzzSheetXLSX(f *testing.F) {
	f.Add(book(f, func(x *excelize.File) {
		_ = x.SetCellValue("Sheet1", "A1", "甲")
		_ = x.SetCellValue("Sheet1", "B2", 45000)
		_ = x.MergeCell("Sheet1", "A1", "B1")
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = Sheet(bytes.NewReader(data), "a.xlsx")
	})
}

func BenchmarkSheet(b *testing.B) {
	data := book(b, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		for r := range 24_000 {
			row := make([]any, 20)
			for c := range row {
				row[c] = float64(r*c) + 0.25
			}
			if err := w.SetRow(fmt.Sprintf("A%d", r+1), row); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
	})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Sheet(bytes.NewReader(data), "a.xlsx"); err != nil {
			b.Fatal(err)
		}
	}
}
