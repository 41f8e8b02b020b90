//go:build long

package ingest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"bihuan/internal/bar"
)

// TestBar_I02_Bombs holds that archives which unpack abnormally are refused in bounded
// time and memory, and that a name like ../ harms nothing.
func TestBar_I02_Bombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 40<<20)
	many := make([]string, 0, 2*(maxEntries+1))
	for i := range maxEntries + 1 {
		many = append(many, "e"+itoa(i), "")
	}
	for _, c := range []struct {
		name string
		data []byte
		code string
	}{
		{"a part of zeros", docxFile(t, zeros), "archive-bomb"},
		{"another part of zeros", docxFile(t, para("甲"), "word/media/a.bin", zeros), "archive-bomb"},
		{"a thousand and one entries", zipFile(t, many...), "archive-bomb"},
		{"entries that overlap", overlap(t), "archive-bomb"},
		{"a directory that lies about the size", lying(t), "archive-broken"},
		{"elements nested a million deep", docxFile(t, strings.Repeat("<w:r>", maxDepth+1)), "too-deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start, before := time.Now(), allocated()
			_, err := Text(bytes.NewReader(c.data), "a.docx")
			wantRefused(t, err, c.code)
			if d := time.Since(start); d > time.Minute {
				t.Errorf("took %v", d)
			}
			if m := allocated() - before; m > 64<<20 {
				t.Errorf("allocated %d MB", m>>20)
			}
		})
	}
	got, err := Text(bytes.NewReader(zipFile(t, "../../etc/passwd", "x", "word/document.xml", wordHead+para("甲")+"</w:body></w:document>")), "a.docx")
	if err != nil || got.Text != "甲" {
		t.Errorf("with a name that climbs: %q, %v", got.Text, err)
	}
	bar.Report(t, "I-02", "6 kinds of bombs in reports stopped at their limit within 2 s and 64 MB; names that climb lead nowhere")
}

// TestLongDocumentInTime holds a text near the limit to the time that doc.go promises, with
// room for a slow machine.
func TestLongDocumentInTime(t *testing.T) {
	data := longDocument(t, 38_000)
	start := time.Now()
	doc, err := Text(bytes.NewReader(data), "a.docx")
	if err != nil {
		t.Fatal(err)
	}
	if n := len([]rune(doc.Text)); n != 38_000*51-1 {
		t.Errorf("%d characters", n)
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
	_, err = Text(bytes.NewReader(longDocument(t, 40_000)), "a.docx")
	wantRefused(t, err, "text-too-long")
}
