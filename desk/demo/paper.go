package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	chain "bihuan/ground/ledger"
	"bihuan/kernel/journal"
)

// file is an upload with its hash.
func file(called, media string, b []byte) journal.File {
	f := journal.File{Name: called, Media: media, Bytes: b}
	h := chain.SM3.New()
	h.Write(b)
	h.Sum(f.Hash[:0])
	return f
}

func document(called, text string) journal.File {
	return file(called, "text/plain; charset=utf-8", []byte(text))
}

// picture draws a street as a photo stands in for one: grey and cracked before, green and even after.
func picture(called string, after bool) journal.File {
	const w, h = 320, 200
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{
		color.RGBA{0xbf, 0xd7, 0xea, 0xff}, color.RGBA{0x8a, 0x8d, 0x90, 0xff}, color.RGBA{0x5a, 0x5c, 0x5e, 0xff},
		color.RGBA{0x6f, 0xa8, 0x6a, 0xff}, color.RGBA{0xe8, 0xe0, 0xd0, 0xff}, color.RGBA{0xc9, 0x6f, 0x4a, 0xff},
	})
	wall, ground := uint8(1), uint8(2)
	if after {
		wall, ground = 5, 3
	}
	for y := range h {
		for x := range w {
			c := uint8(0)
			switch {
			case y > 140:
				c = ground
				if !after && (x*7+y*13)%61 < 3 {
					c = 1
				}
			case x > 60 && x < 260 && y > 50:
				c = wall
				if (x/20)%2 == 0 && (y/18)%2 == 0 && y < 130 {
					c = 4
				}
			}
			img.SetColorIndex(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return journal.File{}
	}
	return file(called, "image/png", b.Bytes())
}
