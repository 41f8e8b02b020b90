package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/photo"
)

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		for y := range 30 {
			m.Set(x, y, color.RGBA{uint8(6 * x), uint8(8 * y), uint8(x * y), 255})
		}
	}
	return m
}

func jpegBytes(t testing.TB) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is a segment of a JPEG.
func segment(marker byte, body string) []byte {
	n := len(body) + 2
	return append([]byte{0xff, marker, byte(n >> 8), byte(n)}, body...)
}

// held is an Exif segment that says how the camera was held, and where it was.
func held(v byte) []byte {
	return segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00"+string([]byte{v, 0, 0, 0})+"\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00\x00\x00\x00GPS 43.86N")
}

func TestJPEG(t *testing.T) {
	plain := jpegBytes(t)
	full := append([]byte{0xff, 0xd8}, held(6)...)
	full = append(full, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<secret/>")...)
	full = append(full, segment(0xfe, "secret comment")...)
	full = append(full, segment(0xed, "Photoshop secret")...)
	full = append(full, segment(0xe2, "MPF\x00secret")...)
	full = append(full, segment(0xe2, "ICC_PROFILE\x00profile")...)
	full = append(append(full, plain[2:]...), "a film behind the end, secret"...)
	got, err := photo.Strip(full)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"secret", "GPS", "xap", "43.86"} {
		if bytes.Contains(got, []byte(gone)) {
			t.Errorf("%q is still there", gone)
		}
	}
	if !bytes.Contains(got, []byte("ICC_PROFILE")) || !bytes.Contains(got, []byte{0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6}) {
		t.Error("the profile or how it was held is gone")
	}
	same(t, got, plain, jpeg.Decode)
	again, err := photo.Strip(got)
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("stripped twice it is another: %v", err)
	}
	if got, err := photo.Strip(plain); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("a plain one is another: %v", err)
	}
}

func chunk(called, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, called...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func TestPNG(t *testing.T) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, picture()); err != nil {
		t.Fatal(err)
	}
	plain := buf.Bytes()
	full := bytes.Join([][]byte{plain[:33], chunk("tEXt", "Author\x00secret"), chunk("eXIf", "secret"), chunk("zzZz", "secret"), plain[33:], []byte("secret")}, nil)
	got, err := photo.Strip(full)
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%d bytes instead of %d, %v", len(got), len(plain), err)
	}
}

func TestWebP(t *testing.T) {
	riff := func(chunks ...string) []byte {
		body := "WEBP"
		for i := 0; i < len(chunks); i += 2 {
			body += chunks[i] + string(binary.LittleEndian.AppendUint32(nil, uint32(len(chunks[i+1])))) + chunks[i+1]
			if len(chunks[i+1])%2 == 1 {
				body += "\x00"
			}
		}
		return append(append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...), body...)
	}
	got, err := photo.Strip(append(riff("VP8X", "\x2c\x00\x00\x00123456", "VP8 ", "abc", "EXIF", "secret", "XMP ", "secret"), "secret"...))
	want := riff("VP8X", "\x20\x00\x00\x00123456", "VP8 ", "abc")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%q instead of %q, %v", got, want, err)
	}
	if _, err := photo.Strip(riff("EXIF", "secret")); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("no picture: %v", err)
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	j := jpegBytes(t)
	for name, b := range map[string][]byte{"nothing": nil, "text": []byte("hello, this is no photo"), "GIF": []byte("GIF89a............"), "half a JPEG": j[:len(j)/2],
		"a segment too long": {0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 1}, "PNG without an end": []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x00IHDR")} {
		if _, err := photo.Strip(b); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func same(t *testing.T, a, b []byte, decode func(io.Reader) (image.Image, error)) {
	t.Helper()
	x, err := decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	y, err := decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if x.Bounds() != y.Bounds() || x.At(7, 9) != y.At(7, 9) || x.At(30, 20) != y.At(30, 20) {
		t.Error("the picture is another")
	}
}

func FuzzStrip(f *testing.F) {
	f.Add(jpegBytes(f))
	f.Add(append([]byte{0xff, 0xd8}, held(3)...))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPVP8 \x02\x00\x00\x00ab"))
	f.Add(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IEND", "")...))
	f.Fuzz(func(t *testing.T, b []byte) {
		once, err := photo.Strip(b)
		if err != nil {
			return
		}
		twice, err := photo.Strip(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("stripped twice it is another: %v", err)
		}
		if len(once) > len(b)+64 {
			t.Errorf("%d bytes became %d", len(b), len(once))
		}
	})
}
