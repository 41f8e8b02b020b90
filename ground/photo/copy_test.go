package photo_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/photo"
	"bihuan/internal/corpus"
)

func TestACopyIsThePictureAlone(t *testing.T) {
	for kind, c := range map[string]struct {
		bytes []byte
		media string
	}{"jpeg": {corpus.Located(3), "image/jpeg"}, "png": {corpus.PNG(3), "image/png"}, "gif": {corpus.GIF(3), "image/png"}} {
		out, media, err := photo.Copy(c.bytes)
		if err != nil || media != c.media {
			t.Errorf("%s: %s %v", kind, media, err)
			continue
		}
		was, _, _ := image.Decode(bytes.NewReader(c.bytes))
		is, _, err := image.Decode(bytes.NewReader(out))
		if err != nil || was.Bounds() != is.Bounds() {
			t.Errorf("%s: another picture: %v", kind, err)
		}
		if again, _, err := photo.Copy(out); err != nil || kind != "jpeg" && !bytes.Equal(again, out) {
			t.Errorf("%s: a copy of the copy differs, %v", kind, err)
		}
	}
}

func FuzzCopy(f *testing.F) {
	f.Add(corpus.Located(1))
	f.Add(corpus.PNG(1))
	f.Add(corpus.GIF(1))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := photo.Size(b); err != nil || n > 100_000 {
			return // large ones would only take long
		}
		out, media, err := photo.Copy(b)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Error(err)
			}
			return
		}
		if photo.Kind(out) != media {
			t.Errorf("%s is told as %s", photo.Kind(out), media)
		}
	})
}

// BenchmarkCopy makes a photo of 12 million points anew, as a phone takes them.
func BenchmarkCopy(b *testing.B) {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420), nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := photo.Copy(buf.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
