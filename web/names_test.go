//go:build !race

package web

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
)

// titlesOf puts names together into titles of at most 200 characters.
func titlesOf(names []string) (titles []string) {
	line := ""
	for _, n := range names {
		if utf8.RuneCountInString(line)+utf8.RuneCountInString(n)+1 > 200 {
			titles, line = append(titles, line), ""
		}
		if line != "" {
			line += "、"
		}
		line += n
	}
	return append(titles, line)
}

// TestBar_I12_NamesComeBackAsTheyWereEntered: names with rare characters go through a form into the database, onto the page and into every
// export, and come back to the letter; and they are found by any of their characters, whichever dot one types.
func TestBar_I12_NamesComeBackAsTheyWereEntered(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	names := corpus.Names(2000)
	titles := titlesOf(names)
	ids := map[string]string{}
	for _, title := range titles {
		form := url.Values{"command": {h.desk.NewCommand()}, "kind": {"works/site"}, "f.title": {title}, "f.category": {"old-estate"}, "f.unit": {"housing"},
			"f.begin": {"2023-10-20"}, "f.due": {"2023-12-20"}, "f.size": {"1"}, "f.area": {"220105001"}}
		to := h.follow(h.ask(office, "zh", "POST", "/matters", form))
		id, _, _ := strings.Cut(strings.TrimPrefix(to, "/matters/"), "?")
		ids[title] = id
	}
	for title, id := range ids {
		m, err := h.desk.Matter(t.Context(), h.who(office), name.ID(id))
		if err != nil || m.Fields["title"] != title {
			t.Fatalf("the database has %q for %q, %v", m.Fields["title"], title, err)
		}
		page := html.UnescapeString(h.ask(office, "zh", "GET", "/matters/"+id, nil).Body.String())
		if !strings.Contains(page, title) {
			t.Errorf("the page does not show %q", title)
		}
	}
	for format, read := range map[string]func(*testing.T, []byte) string{"csv": readCSV, "xlsx": readXLSX, "json": readJSON} {
		w := h.ask(office, "zh", "GET", "/packs/works/list/"+format, nil)
		if w.Code != 200 {
			t.Fatalf("%s: %d", format, w.Code)
		}
		got := read(t, w.Body.Bytes())
		for title := range ids {
			if !strings.Contains(got, title) {
				t.Errorf("%s lacks %q", format, title)
			}
		}
	}
	h.must(h.search.CatchUp(t.Context()))
	found := 0
	for _, asked := range []string{"买买提江·阿卜杜热合曼", "买买提江•阿卜杜热合曼", "买买提江・阿卜杜热合曼", "买买提江‧阿卜杜热合曼", "买买提江 阿卜杜热合曼"} {
		body := h.ask(office, "zh", "GET", "/search?q="+url.QueryEscape(asked), nil).Body.String()
		n := strings.Count(body, `href="/matters/`)
		if found == 0 {
			found = n
		}
		if n == 0 || n != found {
			t.Errorf("%q finds %d, another dot %d", asked, n, found)
		}
	}
	for _, rare := range []rune{0x3400, 0x20000, 0x2a700, 0x2b740, 0x2b820, 0x2ceb0, 0x30000, 0x31350, 0x2ebf0, 0x323b0, 0xe815} {
		two := string([]rune{'王', rare})
		form := url.Values{"command": {h.desk.NewCommand()}, "kind": {"works/site"}, "f.title": {"住户" + two + "家门前"}, "f.category": {"old-estate"}, "f.unit": {"housing"},
			"f.begin": {"2023-10-20"}, "f.due": {"2023-12-20"}, "f.size": {"1"}, "f.area": {"220105001"}}
		h.follow(h.ask(office, "zh", "POST", "/matters", form))
		h.must(h.search.CatchUp(t.Context()))
		if body := h.ask(office, "zh", "GET", "/search?q="+url.QueryEscape(two), nil).Body.String(); !strings.Contains(body, `href="/matters/`) {
			t.Errorf("%q (U+%X) is not found", two, rare)
		}
	}
	bar.Report(t, "I-12", "%d names in %d matters through form, database, page, CSV, XLSX and JSON: all to the letter; found by any of 4 dots and in 11 blocks of characters", len(names), len(titles))
}

func readCSV(t *testing.T, b []byte) string {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, r := range rows {
		all.WriteString(strings.Join(r, "\n") + "\n")
	}
	return all.String()
}

// readXLSX reads the texts of a sheet, as any other program would.
func readXLSX(t *testing.T, b []byte) string {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") && f.Name != "xl/sharedStrings.xml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if text, ok := token.(xml.CharData); ok {
				all.Write(append(text, '\n'))
			}
		}
	}
	return all.String()
}

func readJSON(t *testing.T, b []byte) string {
	var doc struct{ Rows []map[string]any }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, r := range doc.Rows {
		for _, v := range r {
			if s, ok := v.(string); ok {
				all.WriteString(s + "\n")
			}
		}
	}
	return all.String()
}
