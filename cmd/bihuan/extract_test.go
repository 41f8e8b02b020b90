package main

import (
	"archive/zip"
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"bihuan/ingest"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// makers are what the script command makefile can make of a text.
var makers = map[string]func(text string) ([]byte, error){
	"bom":     func(s string) ([]byte, error) { return []byte("\ufeff" + strings.ReplaceAll(s, "\n", "\r\n")), nil },
	"gb18030": func(s string) ([]byte, error) { return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s)) },
	"docx":    wordFile,
	"half-docx": func(s string) ([]byte, error) {
		b, err := wordFile(s)
		return b[:len(b)/2], err
	},
	"unquoted": func(s string) ([]byte, error) {
		s, err := strconv.Unquote(`"` + strings.TrimSpace(s) + `"`)
		return []byte(s), err
	},
	"repeated": func(s string) ([]byte, error) { return bytes.Repeat([]byte(s), 1+ingest.MaxFile/len(s)), nil },
}

// wordFile packs each line of a text as a paragraph of a DOCX.
func wordFile(text string) ([]byte, error) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	w, err := z.Create("word/document.xml")
	if err != nil {
		return nil, err
	}
	body := strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "</w:t></w:r></w:p><w:p><w:r><w:t>")
	_, err = w.Write([]byte(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` + body + `</w:t></w:r></w:p></w:body></w:document>`))
	if err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// makeFile is the script command: makefile KIND IN OUT.
func makeFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || makers[args[0]] == nil {
		ts.Fatalf("usage: makefile KIND IN OUT")
	}
	b, err := makers[args[0]](ts.ReadFile(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o600))
}

// sheetText is the script command: sheettext IN OUT writes the cells of a spreadsheet, divided by |.
func sheetText(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sheettext IN OUT")
	}
	t, err := ingest.Sheet(strings.NewReader(ts.ReadFile(args[0])), args[0])
	ts.Check(err)
	var out strings.Builder
	out.WriteString(strings.Join(t.Header, "|") + "\n")
	for _, row := range t.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, c.Text)
		}
		out.WriteString(strings.Join(cells, "|") + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(out.String()), 0o600))
}

func TestCellsOfATerminal(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "公园": 4, "１２％": 6, "a公": 3, "e\u0301": 1, "𠮷": 2, "\u200b": 0, "…": 1} {
		if got := cells(s); got != want {
			t.Errorf("cells(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestShortenAndOneLine(t *testing.T) {
	for _, c := range []struct {
		s    string
		most int
		want string
	}{{"公园", 4, "公园"}, {"口袋公园", 6, "口袋…"}, {"口袋公园", 5, "口袋…"}, {"abc", 2, "a…"}} {
		if got := shorten(c.s, c.most); got != c.want || cells(got) > c.most {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.s, c.most, got, c.want)
		}
	}
	if got, want := oneLine("4.4\n%\x1b[31m\u202e红"), "4.4 %[31m红"; got != want {
		t.Errorf("oneLine = %q, want %q", got, want)
	}
}
