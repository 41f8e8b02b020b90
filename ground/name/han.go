package name

import "unicode"

// IsHan reports whether a character is one that Chinese names are written with: a han character of any block that GB 18030-2022 and
// its amendment 1 have, extensions I and J among them, which the tables of Unicode 15 that this program is built with lack; or one
// of the private use area, where fonts of registration offices kept rare characters before those were encoded.
//
// Source: Unicode 17.0, Blocks.txt (CJK Unified Ideographs Extension I and J), as read about.
func IsHan(r rune) bool {
	switch {
	case r < 0x2e80:
		return false
	case r >= 0x2ebf0 && r <= 0x2ee5f, r >= 0x323b0 && r <= 0x3347f:
		return true
	}
	return unicode.Is(unicode.Han, r) || IsPrivate(r)
}

// IsPrivate reports whether a character means something only with a certain font: a name that holds one is to be looked at by
// somebody, since another machine shows it otherwise or not at all.
func IsPrivate(r rune) bool { return unicode.Is(unicode.Co, r) }
