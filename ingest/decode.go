package ingest

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The encodings that are read, as [Document].Encoding names them.
const (
	encodingUTF8    = "utf-8"
	encodingUTF16LE = "utf-16le"
	encodingUTF16BE = "utf-16be"
	encodingGB18030 = "gb18030"
)

// utf8Mark is the byte order mark of UTF-8.
const utf8Mark = "\xef\xbb\xbf"

// decode returns data as UTF-8 without a byte order mark and with line ends \n, and the
// encoding it was in. A byte order mark decides; without one, what is valid UTF-8 is
// UTF-8, and what is valid GB 18030 (which covers GBK and GB 2312) and reads like Chinese
// is that. Everything else is refused, and nothing is replaced or dropped.
//
// What is no text is refused twice: the bytes, so that a program is called a program
// rather than an unknown encoding, and the text, which is the same for every encoding.
func decode(data []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		encoding = encodingUTF16LE
		text, err = decodeUTF16(data[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		encoding = encodingUTF16BE
		text, err = decodeUTF16(data[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	default:
		text, encoding, err = decodeBytes(bytes.TrimPrefix(data, []byte(utf8Mark)))
	}
	if err != nil {
		return "", "", err
	}
	if text = lineEnds(text); binaryLooking(text) {
		return "", "", refuse("is-binary")
	}
	return text, encoding, nil
}

// decodeBytes decodes what has no mark of UTF-16 and whose mark of UTF-8 is cut off.
func decodeBytes(data []byte) (text, encoding string, err error) {
	if binaryLooking(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", "", refuse("is-binary")
	}
	if utf8.Valid(data) {
		return string(data), encodingUTF8, nil
	}
	if text, ok := decodeGB18030(data); ok {
		return text, encodingGB18030, nil
	}
	return "", "", refuse("unknown-encoding", "byte", itoa(firstInvalid(data)+1))
}

// decodeUTF16 decodes pairs of bytes; an odd byte, a lone surrogate or a NUL is no text.
func decodeUTF16(data []byte, pair func([]byte) uint16) (string, error) {
	if len(data)%2 != 0 {
		return "", refuse("is-binary")
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		if units[i] = pair(data[2*i:]); units[i] == 0 {
			return "", refuse("is-binary")
		}
	}
	text := string(utf16.Decode(units))
	if strings.ContainsRune(text, utf8.RuneError) {
		return "", refuse("is-binary")
	}
	return text, nil
}

// decodeGB18030 decodes data and reports whether all of it is valid and at least half of
// the characters beyond ASCII are what Chinese is written with every day: level 1 of
// GB 2312-1980 (rows 16 to 55), its punctuation and full-width forms (rows 1 and 3).
// Big5 and damaged UTF-8 fail that; the half is ours.
func decodeGB18030(data []byte) (string, bool) {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", false
	}
	daily, all := 0, 0
	for i := 0; i < len(data); {
		switch {
		case data[i] < 0x80:
			i++
			continue
		case i+1 < len(data) && data[i+1] >= '0' && data[i+1] <= '9': // four bytes
			i += 4
		default:
			if row := data[i]; i+1 < len(data) && data[i+1] >= 0xa1 && (row >= 0xb0 && row <= 0xd7 || row == 0xa1 || row == 0xa3) {
				daily++
			}
			i += 2
		}
		all++
	}
	return string(out), 2*daily >= all
}

// firstInvalid returns the index of the first byte that is not UTF-8.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// lineEnds turns \r\n and \r into \n.
func lineEnds(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
