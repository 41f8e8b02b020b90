package find

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"bihuan/ground/name"
)

// Term is two neighbouring characters of a text, folded: what postings are kept by. Terms sort by their characters.
type Term uint64

// runeBits is the room of one character; Unicode has 21 bits.
const runeBits = 21

func termOf(a, b rune) Term { return Term(a)<<runeBits | Term(b) }

// String returns the two characters.
func (t Term) String() string {
	return string(rune(t>>runeBits)) + string(rune(t&(1<<runeBits-1)))
}

// Fold makes a character alike to others that a person looking for it would take for it: lower case, and the full-width forms of
// ASCII as ASCII, and a compatibility ideograph as the character that it stands for. It returns 0 for what is neither letter nor digit and parts a text.
func Fold(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 0x4e00 && r <= 0x9fff:
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < utf8.RuneSelf:
		return 0
	case r >= 0xff01 && r <= 0xff5e:
		return Fold(r - 0xfee0)
	case r >= 0xf900 && r <= 0xfaff, r >= 0x2f800 && r <= 0x2fa1f: // compatibility ideographs, under the character that they stand for
		one, _ := utf8.DecodeRuneInString(norm.NFC.String(string(r)))
		return one
	case unicode.IsLetter(r):
		return unicode.ToLower(r)
	case name.IsHan(r):
		return r
	case unicode.IsNumber(r):
		return r
	}
	return 0
}

// terms yields each term of a text with the place of its first character: characters are counted from at, and a gap in a row
// of letters and digits counts as one.
func terms(text string, at uint32) iter.Seq2[Term, uint32] {
	return func(yield func(Term, uint32) bool) {
		var before rune
		for _, r := range text {
			f := Fold(r)
			if f == 0 && before == 0 {
				continue
			}
			if f != 0 && before != 0 && !yield(termOf(before, f), at-1) {
				return
			}
			before = f
			at++
		}
	}
}

// characters counts the letters and digits of a text.
func characters(text string) (n uint32) {
	for _, r := range text {
		if Fold(r) != 0 {
			n++
		}
	}
	return n
}
