// Package corpus makes files for tests: harmless pictures, and uploads as attackers send them. Everything is generated; the
// same number makes the same bytes.
package corpus

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
)

func draw(n, w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(x*7 + n), uint8(y*5 + n>>8), uint8(x*y + n), 255})
		}
	}
	return m
}

// PNG returns the n-th small picture.
func PNG(n int) []byte {
	return encode(func(b *bytes.Buffer) error { return png.Encode(b, draw(n, 24, 16)) })
}

// JPEG returns the n-th small photo.
func JPEG(n int) []byte {
	return encode(func(b *bytes.Buffer) error { return jpeg.Encode(b, draw(n, 24, 16), nil) })
}

// GIF returns the n-th small drawing.
func GIF(n int) []byte {
	return encode(func(b *bytes.Buffer) error { return gif.Encode(b, draw(n, 24, 16), nil) })
}

func encode(f func(*bytes.Buffer) error) []byte {
	var b bytes.Buffer
	if err := f(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Located returns a photo that says where it was taken: Exif with GPS, XMP, a comment, and something behind the end.
func Located(n int) []byte {
	segment := func(marker byte, body string) []byte {
		size := len(body) + 2
		return append([]byte{0xff, marker, byte(size >> 8), byte(size)}, body...)
	}
	out := []byte{0xff, 0xd8}
	out = append(out, segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00\x00\x00\x00GPSLatitude 43.86 N")...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>GPSLatitude 43,51.6N</x:xmpmeta>")...)
	out = append(out, segment(0xfe, "GPSLatitude in a comment")...)
	return append(append(out, JPEG(n)[2:]...), "GPSLatitude behind the end"...)
}
