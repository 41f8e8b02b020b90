package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
)

const sentence = "全年新建口袋公园12个，增长10%以上。\n明年改造道路23条。"

func gb18030(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16Bytes(s string, order binary.AppendByteOrder) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestTextDecodes(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		want             Document
	}{
		{"UTF-8 stays as it is", "a.txt", sentence, Document{"a.txt", "text", "utf-8", sentence}},
		{"a byte order mark goes", "a.txt", "\ufeff" + sentence, Document{"a.txt", "text", "utf-8", sentence}},
		{"line ends become \\n", "", "甲\r\n乙\r丙\n", Document{"", "text", "utf-8", "甲\n乙\n丙\n"}},
		{"blanks and odd characters stay", "", "\u3000\u3000甲\u00a0乙\u200b\v丙", Document{"", "text", "utf-8", "\u3000\u3000甲\u00a0乙\u200b\v丙"}},
		{"compatibility ideographs are not changed", "", "\uf900", Document{"", "text", "utf-8", "\uf900"}},
		{"GB 18030 is known by its bytes", "a.txt", gb18030(t, sentence), Document{"a.txt", "text", "gb18030", sentence}},
		{"GB 18030 in four bytes", "a.txt", gb18030(t, "居民𠮷某与㐂某获评先进，全区共有12人。"), Document{"a.txt", "text", "gb18030", "居民𠮷某与㐂某获评先进，全区共有12人。"}},
		{"UTF-16 with a mark, little end first", "a.txt", utf16Bytes(sentence+"𠮷", binary.LittleEndian), Document{"a.txt", "text", "utf-16le", sentence + "𠮷"}},
		{"a word that films have there", "", "\ufeffaftyp甲", Document{"", "text", "utf-8", "aftyp甲"}},
		{"UTF-16 with a mark, big end first", "a.txt", utf16Bytes(sentence, binary.BigEndian), Document{"a.txt", "text", "utf-16be", sentence}},
		{"HTML is known without its name", "报告", "<!DOCTYPE html><p>甲<p>乙", Document{"报告", "html", "utf-8", "甲\n乙"}},
		{"HTML in GBK", "a.htm", gb18030(t, `<html><head><meta charset="gbk"></head><body>新建公园</body>`), Document{"a.htm", "html", "gb18030", "新建公园"}},
		{"HTML behind a name that says Word", "a.doc", "<html><body>新建公园</body></html>", Document{"a.doc", "html", "utf-8", "新建公园"}},
		{"Markdown is known by its name", "a.md", "# 甲\n\n- **乙**", Document{"a.md", "markdown", "utf-8", "甲\n\n乙"}},
		{"a text that begins with PDF stays a text", "", "PDF 是一种格式", Document{"", "text", "utf-8", "PDF 是一种格式"}},
		{"a text that begins with BM stays a text", "", "BM 公司", Document{"", "text", "utf-8", "BM 公司"}},
		{"DOCX is known without its name", "报告", string(docxFile(t, para("甲")+para("乙"))), Document{"报告", "docx", "utf-8", "甲\n乙"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Text(strings.NewReader(c.data), c.file)
			if err != nil || got != c.want {
				t.Errorf("Text = %+v, %v\nwant   %+v", got, err, c.want)
			}
		})
	}
}

func TestTextRefuses(t *testing.T) {
	big5, err := traditionalchinese.Big5.NewEncoder().String("臺灣繁體中文編碼測試，這是一個報告，內容說明各項工作。")
	if err != nil {
		t.Fatal(err)
	}
	encrypted := compoundMagic + strings.Repeat("\x00", 512) + string(utf16LE("EncryptedPackage"))
	whole := docxFile(t, para("甲"))
	for _, c := range []struct{ name, file, data, code string }{
		{"nothing", "a.txt", "", "is-empty"},
		{"blanks alone", "a.txt", " \n\t\u3000", "is-empty"},
		{"a mark alone", "a.txt", "\ufeff", "is-empty"},
		{"a page without words", "a.html", "<html><script>1</script></html>", "is-empty"},
		{"a document without words", "a.docx", string(docxFile(t, "<w:p/>")), "is-empty"},
		{"PDF", "a.txt", "%PDF-1.7\n%âãÏÓ", "is-pdf"},
		{"PDF behind rubbish", "a.pdf", "\x00\x01\x02%PDF-1.4\n", "is-pdf"},
		{"PNG named txt", "a.txt", "\x89PNG\r\n\x1a\n\x00", "is-image"},
		{"JPEG", "", "\xff\xd8\xff\xe0\x00\x10JFIF", "is-image"},
		{"WebP", "", "RIFF\x10\x00\x00\x00WEBPVP8 ", "is-image"},
		{"bitmap", "", "BM\x36\x00\x00\x00", "is-image"},
		{"old Word", "a.doc", compoundMagic + strings.Repeat("\x00", 600), "is-old-office"},
		{"encrypted DOCX", "a.docx", encrypted, "is-encrypted"},
		{"RTF", "a.rtf", `{\rtf1\ansi`, "is-rtf"},
		{"web archive", "a.mht", "MIME-Version: 1.0\r\n", "is-web-archive"},
		{"RAR", "", "Rar!\x1a\x07\x00", "is-archive"},
		{"gzip", "", "\x1f\x8b\x08\x00", "is-archive"},
		{"ZIP of files", "a.zip", string(zipFile(t, "a.txt", "甲")), "is-archive"},
		{"empty ZIP", "a.zip", string(zipFile(t)), "is-archive"},
		{"XLSX", "a.xlsx", string(zipFile(t, "xl/workbook.xml", "<a/>")), "is-spreadsheet"},
		{"PPTX", "", string(zipFile(t, "ppt/presentation.xml", "<a/>")), "is-presentation"},
		{"OFD", "a.ofd", string(zipFile(t, "OFD.xml", "<a/>")), "is-ofd"},
		{"ODT", "a.odt", string(zipFile(t, "META-INF/manifest.xml", "<a/>")), "is-opendocument"},
		{"XML data", "a.xml", `<?xml version="1.0"?><data/>`, "is-xml"},
		{"a program", "a.txt", "\x7fELF\x02\x01\x01\x00\x00", "is-binary"},
		{"control characters", "a.txt", strings.Repeat("\x01\x02ab", 20), "is-binary"},
		{"a NUL late in the file", "a.txt", strings.Repeat("甲", 100_000) + "\x00", "is-binary"},
		{"half a UTF-16", "", "\xff\xfea", "is-binary"},
		{"control characters in UTF-16", "", "\xff\xfe\x02\x00", "is-binary"},
		{"a control character that many line ends hid", "", strings.Repeat("\r\n", 15) + "\x02甲", "is-binary"},
		{"lone surrogate", "", "\xff\xfe\x00\xd8", "is-binary"},
		{"Big5", "a.txt", big5, "unknown-encoding"},
		{"damaged UTF-8", "a.txt", strings.Repeat(sentence, 5) + "\xe7\x94", "unknown-encoding"},
		{"Big5 that says so", "a.html", `<html><meta charset="big5">` + big5, "foreign-encoding"},
		{"truncated DOCX", "a.docx", string(whole[:len(whole)/2]), "archive-broken"},
		{"DOCX with a damaged part", "a.docx", strings.Replace(string(whole), "PK\x03\x04", "PK\x03\x05", 3), "is-binary"},
		{"DOCX with macros", "a.docm", string(docxFile(t, para("甲"), "word/vbaProject.bin", "x")), "has-macros"},
		{"DOCX with a document type", "a.docx", string(zipFile(t, "word/document.xml", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`+wordHead+"&x;</w:body></w:document>")), "archive-broken"},
		{"DOCX with broken XML", "a.docx", string(zipFile(t, "word/document.xml", wordHead+"<w:p>")), "archive-broken"},
		{"too long a text", "a.txt", strings.Repeat("甲", MaxText+1), "text-too-long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Text(strings.NewReader(c.data), c.file)
			wantRefused(t, err, c.code)
		})
	}
}

func wantRefused(t *testing.T, err error, code string) *Refused {
	t.Helper()
	var r *Refused
	if !errors.As(err, &r) || r.Code() != code {
		t.Fatalf("error = %v, want %s", err, code)
	}
	if !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("%v is not ErrInvalid", err)
	}
	if w := r.Words(); w.ZH == "" || w.EN == "" || strings.ContainsAny(w.ZH+w.EN, "{}") {
		t.Errorf("words of %s = %+v", code, w)
	}
	return r
}

func TestDamagedUTF8NamesTheByte(t *testing.T) {
	_, err := Text(strings.NewReader("abc甲\xff"), "")
	if r := wantRefused(t, err, "unknown-encoding"); !strings.Contains(r.Words().EN, "byte 7 ") {
		t.Errorf("words = %s, want byte 7", r.Words().EN)
	}
}

// endless yields the same bytes for ever and counts them.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

func TestTooLargeReadsNoMoreThanTheLimit(t *testing.T) {
	var e endless
	_, err := Text(io.LimitReader(&e, 200<<20), "a.txt")
	wantRefused(t, err, "too-large")
	if e.read > MaxFile+1 {
		t.Errorf("read %d bytes, want at most %d", e.read, MaxFile+1)
	}
}

func TestReaderErrorsPass(t *testing.T) {
	_, err := Text(io.MultiReader(strings.NewReader("甲"), failing{}), "a.txt")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error = %v, want the reader's", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// overlap makes an archive whose second directory entry points at the first one's bytes.
func overlap(t *testing.T) []byte {
	data := zipFile(t, "word/document.xml", "甲甲甲甲", "word/second__.xml", "甲甲甲甲")
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+42:], 0)
	return data
}

// lying makes an archive whose directory claims that the main part is ten bytes long.
func lying(t *testing.T) []byte {
	data := docxFile(t, strings.Repeat(para("甲"), 100))
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+24:], 10)
	return data
}

// longDocument is a DOCX of so many paragraphs of 50 different characters, so that it
// packs like a written text.
func longDocument(t testing.TB, paragraphs int) []byte {
	var body strings.Builder
	seed := uint32(1)
	for range paragraphs {
		body.WriteString(`<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>`)
		for range 50 {
			seed = seed*1664525 + 1013904223
			body.WriteRune(rune(0x4e00 + seed>>16%0x2000))
		}
		body.WriteString("</w:t></w:r></w:p>")
	}
	return docxFile(t, body.String())
}

// TestBar_I01_Disguises holds that a file is known by its bytes whatever its name says.
func TestBar_I01_Disguises(t *testing.T) {
	tried := 0
	for _, s := range append(slices.Clone(signatures), signature{0, "%PDF-1.7 ", "is-pdf"}, signature{0, compoundMagic, "is-old-office"}) {
		data := strings.Repeat("\x00", s.offset) + s.magic + strings.Repeat("\x00x", 40)
		for _, name := range []string{"", "a.txt", "a.md", "a.html", "a.docx", "报告.pdf.txt", "a.png", "../a.docx", "a.csv", "a.xlsx", "a.TXT"} {
			_, err := Text(strings.NewReader(data), name)
			wantRefused(t, err, s.code)
			_, err = Sheet(strings.NewReader(data), name)
			wantRefused(t, err, s.code)
			tried++
		}
	}
	if tried < 250 {
		t.Errorf("only %d files tried", tried)
	}
	bar.Report(t, "I-01", "%d reports and sheets under wrong names, all known by their bytes", tried)
}

// TestBar_I06_NothingOutsideIsReadThroughXML: entities, external or growing, document types and includes give no text of anything else.
func TestBar_I06_NothingOutsideIsReadThroughXML(t *testing.T) {
	billion := `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">`
	for c := 'b'; c < 'k'; c++ {
		billion += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat("&"+string(c-1)+";", 10))
	}
	billion += "]>"
	tried := 0
	for _, dtd := range []struct{ head, use string }{
		{`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, "&x;"}, {`<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>`, "&x;"},
		{`<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>`, "x"}, {`<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">`, "&x;"},
		{billion, "&j;"}, {`<!DOCTYPE a [<!ENTITY x "&x;">]>`, "&x;"}, {"", `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>`},
	} {
		for part, wrap := range map[string][2]string{"word/document.xml": {dtd.head + wordHead + "<w:p><w:r><w:t>", "</w:t></w:r></w:p></w:body></w:document>"}} {
			start := time.Now()
			got, err := Text(bytes.NewReader(zipFile(t, part, wrap[0]+dtd.use+wrap[1])), "a.docx")
			if err == nil && (strings.Contains(got.Text, "root:") || strings.Contains(got.Text, "aaaaaaaaaaaaaaaa")) || time.Since(start) > time.Minute {
				t.Errorf("%s: %.100q after %v", dtd.head, got.Text, time.Since(start))
			}
			tried++
		}
		book := zipFile(t, "xl/workbook.xml", dtd.head+`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="a" sheetId="1"/></sheets></workbook>`,
			"xl/worksheets/sheet1.xml", dtd.head+`<worksheet><sheetData><row><c t="inlineStr"><is><t>`+dtd.use+`</t></is></c></row></sheetData></worksheet>`)
		start := time.Now()
		table, err := Sheet(bytes.NewReader(book), "a.xlsx")
		if said := fmt.Sprint(table); err == nil && (strings.Contains(said, "root:") || strings.Contains(said, "aaaaaaaaaaaaaaaa")) || time.Since(start) > time.Minute {
			t.Errorf("%s in a sheet: %.100q", dtd.head, said)
		}
		tried++
	}
	bar.Report(t, "I-06", "XML: %d external, growing and circular entities and includes, 0 read", tried)
}

func BenchmarkText(b *testing.B) {
	for name, data := range map[string][]byte{"docx": longDocument(b, 1400), "txt": []byte(strings.Repeat(sentence, 2200))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Text(bytes.NewReader(data), ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleText() {
	doc, err := Text(strings.NewReader("\ufeff全年新建口袋公园12个。\r\n"), "report.txt")
	fmt.Printf("%s %s %q %v\n", doc.Format, doc.Encoding, doc.Text, err)

	var refused *Refused
	_, err = Text(strings.NewReader("%PDF-1.7"), "report.pdf")
	fmt.Println(errors.As(err, &refused), refused.Code())
	// Output:
	// text utf-8 "全年新建口袋公园12个。\n" <nil>
	// true is-pdf
}

func ExampleSheet() {
	t, err := Sheet(strings.NewReader("目标,牵头单位\n口袋公园,住建局\n"), "goals.csv")
	fmt.Println(t.Header, err)
	for _, cell := range t.Rows[0] {
		fmt.Println(cell.Ref(), cell.Text)
	}
	// Output:
	// [目标 牵头单位] <nil>
	// A2 口袋公园
	// B2 住建局
}
