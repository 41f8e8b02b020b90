// Package photo takes out of photos what tells more than the picture: where and when and with which device it was taken,
// who edited it, a smaller picture of what was cut away, and whatever hangs behind the end.
//
// [Strip] returns a JPEG, PNG or WebP without any of that and leaves the picture itself as it is, byte for byte; how it was
// held stays, since the picture would lie on its side without it. [Kind] says what bytes are. It decodes no picture, so it
// costs one pass over the bytes and cannot be made to fill the memory. It rests on the standard library alone.
package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	"bihuan/ground/fault"
)

// Kind returns what photo bytes are by their first bytes: image/jpeg, image/png, image/webp, or empty for anything else.
func Kind(b []byte) string {
	switch {
	case len(b) > 3 && b[0] == 0xff && b[1] == 0xd8 && b[2] == 0xff:
		return "image/jpeg"
	case bytes.HasPrefix(b, pngHead):
		return "image/png"
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}

// Strip returns a photo without what tells more than the picture; b is not changed. It wraps [fault.ErrInvalid] for what is
// none of the three kinds or is broken.
func Strip(b []byte) ([]byte, error) {
	var out []byte
	ok := false
	switch Kind(b) {
	case "image/jpeg":
		out, ok = stripJPEG(b)
	case "image/png":
		out, ok = stripPNG(b)
	case "image/webp":
		out, ok = stripWebP(b)
	default:
		return nil, fmt.Errorf("neither JPEG, PNG nor WebP: %w", fault.ErrInvalid)
	}
	if !ok {
		return nil, fmt.Errorf("broken %s: %w", Kind(b), fault.ErrInvalid)
	}
	return out, nil
}

// Markers of JPEG. Source: ITU-T T.81 (1992), table B.1.
const (
	soi, eoi, sos  = 0xd8, 0xd9, 0xda
	app0, app1     = 0xe0, 0xe1
	app2, app14    = 0xe2, 0xee
	app15, comment = 0xef, 0xfe
)

// stripJPEG keeps every segment but the applications' and the comments; of those it keeps JFIF, colour profiles and Adobe's
// colour transform, without which the colours change. What stands behind the end of the picture is dropped.
func stripJPEG(b []byte) ([]byte, bool) {
	out := append(make([]byte, 0, len(b)), 0xff, soi)
	turned := uint16(0)
	for i := 2; ; {
		for i < len(b) && b[i] == 0xff { // any number of fill bytes
			i++
		}
		if i >= len(b) || b[i-1] != 0xff {
			return nil, false
		}
		marker := b[i]
		i++
		if marker == eoi {
			return append(out, 0xff, eoi), true
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= soi { // stand alone
			out = append(out, 0xff, marker)
			continue
		}
		if i+2 > len(b) {
			return nil, false
		}
		end := i + int(binary.BigEndian.Uint16(b[i:]))
		if end < i+2 || end > len(b) {
			return nil, false
		}
		segment := b[i+2 : end]
		switch {
		case marker == app1:
			if t := orientation(segment); t > 1 && turned == 0 {
				turned = t
				out = append(out, exif(t)...)
			}
		case !keeps(marker, segment):
		default:
			out = append(append(out, 0xff, marker), b[i:end]...)
		}
		i = end
		if marker == sos {
			n := scan(b[i:])
			out, i = append(out, b[i:i+n]...), i+n
		}
	}
}

func keeps(marker byte, segment []byte) bool {
	switch {
	case marker == app0:
		return bytes.HasPrefix(segment, []byte("JFIF\x00"))
	case marker == app2:
		return bytes.HasPrefix(segment, []byte("ICC_PROFILE\x00"))
	case marker == app14:
		return bytes.HasPrefix(segment, []byte("Adobe"))
	}
	return marker < app0 || marker > app15 && marker != comment
}

// scan returns how many bytes of picture stand before the next marker.
func scan(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xff && b[i+1] != 0 && b[i+1] != 0xff && (b[i+1] < 0xd0 || b[i+1] > 0xd7) {
			return i
		}
	}
	return len(b)
}

// orientation reads how the picture was held out of an Exif segment: 1 to 8, 0 if it does not say.
// Source: Exif 2.3 (CIPA DC-008-2012), 4.6.4, tag 274.
func orientation(segment []byte) uint16 {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	n := uint64(order.Uint16(tiff[at:]))
	for e := at + 2; n > 0 && e+12 <= uint64(len(tiff)); e, n = e+12, n-1 {
		if order.Uint16(tiff[e:]) == 0x0112 {
			if v := order.Uint16(tiff[e+8:]); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
	}
	return 0
}

// exif returns a segment that says how the picture was held, and nothing else.
func exif(turned uint16) []byte {
	body := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"), byte(turned>>8), byte(turned), 0, 0, 0, 0, 0, 0)
	n := len(body) + 2
	return append([]byte{0xff, app1, byte(n >> 8), byte(n)}, body...)
}

var pngHead = []byte("\x89PNG\r\n\x1a\n")

// keptPNG are the chunks that make the picture. Source: PNG, third edition (W3C 2025), 4.7 and 11.
var keptPNG = []string{"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"}

func stripPNG(b []byte) ([]byte, bool) {
	out := append(make([]byte, 0, len(b)), pngHead...)
	for i := len(pngHead); i+12 <= len(b); {
		n := uint64(binary.BigEndian.Uint32(b[i:]))
		end := uint64(i) + 12 + n
		if end > uint64(len(b)) {
			return nil, false
		}
		chunk := b[i:end]
		if crc32.ChecksumIEEE(chunk[4:8+n]) != binary.BigEndian.Uint32(chunk[8+n:]) {
			return nil, false
		}
		called := string(chunk[4:8])
		if slices.Contains(keptPNG, called) {
			out = append(out, chunk...)
		}
		if called == "IEND" {
			return out, true
		}
		i = int(end)
	}
	return nil, false
}

// keptWebP are the chunks that make the picture. Source: RFC 9649 (2024), 2.7.
var keptWebP = []string{"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"}

func stripWebP(b []byte) ([]byte, bool) {
	whole := uint64(binary.LittleEndian.Uint32(b[4:])) + 8
	if whole > uint64(len(b)) || whole < 12 {
		return nil, false
	}
	out := append(make([]byte, 0, whole), b[:12]...)
	picture := false
	for i := uint64(12); i+8 <= whole; {
		n := uint64(binary.LittleEndian.Uint32(b[i+4:]))
		end := i + 8 + n + n%2
		if i+8+n > whole {
			return nil, false
		}
		end = min(end, whole)
		called := string(b[i : i+4])
		if slices.Contains(keptWebP, called) {
			at := len(out)
			out = append(out, b[i:end]...)
			if called == "VP8X" && n >= 1 {
				out[at+8] &^= 0x08 | 0x04 // neither Exif nor XMP follows
			}
			picture = picture || called == "VP8 " || called == "VP8L" || called == "ANMF"
		}
		i = end
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, picture
}
