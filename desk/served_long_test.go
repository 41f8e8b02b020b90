//go:build long

package desk

import (
	"bytes"
	"errors"
	"image"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
)

// TestBar_I01_NoUploadIsHandedOutAlive sends files as attackers do. Each is refused, or handed out as something that no browser runs,
// under a name that fits; a picture holds nothing but points.
func TestBar_I01_NoUploadIsHandedOutAlive(t *testing.T) {
	n := bar.Count(400, 5000)
	d := &Desk{copies: newCopies()}
	refused, pictures, most := 0, 0, time.Duration(0)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, peak := m.HeapInuse, uint64(0)
	for _, a := range corpus.Attacks(n) {
		began := time.Now()
		f, err := Upload("files", a.Name, "text/plain; charset=utf-8", a.Bytes)
		if r := (*fault.Refusal)(nil); err != nil {
			if refused++; !errors.As(err, &r) || r.Field != "files" || a.Kept && !strings.HasPrefix(a.Kind, "JPEG with a flipped") {
				t.Errorf("%s called %q: %v", a.Kind, a.Name, err)
			}
			continue
		}
		if !a.Kept {
			t.Errorf("%s called %q is taken for %s", a.Kind, a.Name, f.Media)
		}
		out, err := d.Served(t.Context(), f)
		if err != nil {
			t.Fatalf("%s: %v", a.Kind, err)
		}
		if ends, ok := inert[out.Media]; !ok || !slices.Contains(ends, strings.ToLower(path.Ext(out.Name))) {
			t.Errorf("%s called %q is handed out as %s called %q", a.Kind, a.Name, out.Media, out.Name)
		}
		if strings.ContainsAny(out.Name, "\r\n\x00\"\\/:\u202e") || len([]rune(out.Name)) > 130 {
			t.Errorf("the name %q is handed out", out.Name)
		}
		if strings.HasPrefix(out.Media, "image/") {
			pictures++
			_, _, err := image.Decode(bytes.NewReader(out.Bytes))
			if err != nil || bytes.Contains(out.Bytes, []byte(corpus.Mark)) || bytes.Contains(out.Bytes, []byte("GPS")) || bytes.Contains(out.Bytes, corpus.EICAR()) {
				t.Errorf("%s: the picture handed out holds more than points, %v", a.Kind, err)
			}
		}
		most = max(most, time.Since(began))
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
	}
	grown := int64(peak) - int64(before)
	if most > 2*time.Second || grown > 64<<20 {
		t.Errorf("the slowest took %v, %d MB were in use", most, grown>>20)
	}
	bar.Report(t, "I-01", "%d hostile uploads: %d refused, the others inert under a name that fits, %d pictures made anew; the slowest %v, %d MB more at most", n, refused, pictures, most.Round(time.Millisecond), max(grown, 0)>>20)
}
