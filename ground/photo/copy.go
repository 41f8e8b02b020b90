package photo

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // first pictures of animations are read too
	"image/jpeg"
	"image/png"

	_ "golang.org/x/image/webp"

	"bihuan/ground/fault"
)

// Limits of a picture that is made anew, ours: a phone's photo has 12 to 50 million points and is mostly taken with a quarter
// of them.
const (
	MaxPixels = 40_000_000
	maxSide   = 30_000
	maxMemory = 128 << 20 // bytes that a picture takes while it is read
	quality   = 88        // of JPEG
	smallPNG  = 4_000_000 // points; a larger PNG becomes a JPEG, which is made ten times as fast
)

// Copy makes a picture anew from its points alone: nothing of the file's bytes stays, neither what hides in it nor where and with
// what it was taken. Turned photos are turned upright. It returns the new file and its media type, JPEG or PNG.
//
// The head is read first: a picture of more than [MaxPixels], or one that would take too much memory while it is read, is
// refused before it is unfolded. It wraps [fault.ErrInvalid] for that, and for what is no JPEG, PNG, WebP or GIF or is
// broken. Cost: some 60 ms for each million points.
func Copy(b []byte) (out []byte, media string, err error) {
	pixels, err := Size(b)
	if err != nil {
		return nil, "", err
	}
	m, format, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, "", fmt.Errorf("broken picture: %w", fault.ErrInvalid)
	}
	var buf bytes.Buffer
	if format == "jpeg" || pixels > smallPNG || format == "webp" && isOpaque(m) {
		err, media = jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality}), "image/jpeg"
	} else {
		err, media = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&buf, m), "image/png"
	}
	out = buf.Bytes()
	if turned := held(b); err == nil && format == "jpeg" && turned > 1 { // how it was held is all that stays
		out = append(append([]byte{0xff, soi}, exif(turned)...), out[2:]...)
	}
	return out, media, err
}

// Size reads the head of a picture alone and returns how many points it has. It refuses what [Copy] would refuse by the head.
func Size(b []byte) (pixels int64, err error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return 0, fmt.Errorf("no picture: %w", fault.ErrInvalid)
	}
	pixels = int64(head.Width) * int64(head.Height)
	switch {
	case pixels <= 0 || head.Width > maxSide || head.Height > maxSide || pixels > MaxPixels:
		return pixels, fmt.Errorf("%d × %d points: %w", head.Width, head.Height, fault.ErrInvalid)
	case pixels*cost(format, b) > maxMemory:
		return pixels, fmt.Errorf("%d × %d points of %s take too much memory: %w", head.Width, head.Height, format, fault.ErrInvalid)
	}
	return pixels, nil
}

func isOpaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// cost is how many bytes a point takes at most while a picture is read: a JPEG in many passes keeps its coefficients.
func cost(format string, b []byte) int64 {
	switch {
	case format == "jpeg" && isProgressive(b):
		return 15
	case format == "jpeg", format == "gif":
		return 3
	case format == "png" && len(b) > 24 && b[24] == 16: // the depth of IHDR
		return 8
	}
	return 4
}

// isProgressive reports whether a JPEG says before its first scan that it comes in many passes (ITU-T T.81, SOF2).
func isProgressive(b []byte) bool {
	at := false
	segments(b, func(marker byte, _ []byte) bool {
		at = marker == 0xc2
		return !at
	})
	return at
}

// held is how a JPEG says that it was held, 1 to 8.
func held(b []byte) (turned uint16) {
	segments(b, func(marker byte, segment []byte) bool {
		if marker == app1 {
			turned = orientation(segment)
		}
		return turned == 0
	})
	return max(turned, 1)
}

// segments visits the segments of a JPEG up to its first scan, until visit says no.
func segments(b []byte, visit func(marker byte, segment []byte) bool) {
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		if b[i+1] == 0xff {
			i++
			continue
		}
		end := i + 2 + int(b[i+2])<<8 + int(b[i+3])
		if end < i+4 || end > len(b) || b[i+1] == sos || !visit(b[i+1], b[i+4:end]) {
			return
		}
		i = end
	}
}
