package upload_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/upload"
	"bihuan/internal/corpus"
)

func TestWhatAFileIs(t *testing.T) {
	for _, c := range []struct{ why, bytes, media, name string }{
		{"text of Chinese", "竣工报告", "text/plain; charset=utf-8", "报告.txt"},
		{"text in GB 18030", "\xbf\xa2\xb9\xa4\xb1\xa8\xb8\xe6", "text/plain; charset=gb18030", "报告.txt"},
		{"a PDF", "%PDF-1.7\n", "application/pdf", "报告.pdf"},
		{"an iPhone's photo", "\x00\x00\x00\x18ftypheic", "image/heic", "报告.heic"},
		{"a film", "\x00\x00\x00\x18ftypisom", "video/mp4", "报告.mp4"},
		{"nothing known", "\x00\x01\x02", "application/octet-stream", "报告.bin"},
		{"nothing at all", "", "text/plain; charset=utf-8", "报告.txt"},
	} {
		k, err := upload.Look([]byte(c.bytes))
		if err != nil || k.Media != c.media || k.Name("报告.exe") != c.name {
			t.Errorf("%s: %s %s, %v", c.why, k.Media, k.Name("报告.exe"), err)
		}
	}
	csv, _ := upload.Look([]byte("甲,乙\n"))
	for called, want := range map[string]string{"表.csv": "表.csv", "表.CSV": "表.CSV", "表": "表.txt", "v1.2 说明文字": "v1.2 说明文字.txt", "a.tar.gz": "a.tar.txt", "": ".txt"} {
		if got := csv.Name(called); got != want {
			t.Errorf("%q becomes %q, want %q", called, got, want)
		}
	}
}

// TestDeclaredSizesDoNotRunOver: sizes that an archive declares are added up; ones so large that the sum comes round to a small number are refused.
func TestDeclaredSizesDoNotRunOver(t *testing.T) {
	for _, c := range []struct {
		why  string
		size [][2]uint64 // packed, unpacked
	}{
		{"two that add up to nothing", [][2]uint64{{3, 2}, {1<<63 + 1, 1<<64 - 2}}},
		{"one whose limit by ratio comes round", [][2]uint64{{1 << 62, 150 << 20}}},
		{"packed bytes beyond the file", [][2]uint64{{1 << 40, 10}}},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i, s := range c.size {
			if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.txt", i), CompressedSize64: s[0], UncompressedSize64: s[1]}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if k, err := upload.Look(b.Bytes()); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: taken for %v", c.why, k)
		}
	}
}

func FuzzLook(f *testing.F) {
	for _, a := range corpus.Attacks(60) {
		if len(a.Bytes) < 4<<10 {
			f.Add(a.Bytes, a.Name)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, called string) {
		k, err := upload.Look(b)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Error(err)
			}
			return
		}
		if k.Media == "" || len(k.Exts) == 0 || strings.HasPrefix(k.Media, "text/html") || strings.Contains(k.Media, "svg") || strings.Contains(k.Media, "script") {
			t.Errorf("taken for %+v", k)
		}
		if name := k.Name(called); !slices.Contains(k.Exts, strings.ToLower(path.Ext(name))) || k.Name(name) != name {
			t.Errorf("%q becomes %q", called, name)
		}
	})
}
