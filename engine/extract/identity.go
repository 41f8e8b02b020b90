package extract

import (
	"encoding/hex"
	"hash/fnv"
	"strconv"
)

// identify gives every statement its ID: the FNV-1a hash (128 bits, hexadecimal) over type, kind,
// year, operator, value, upper end, unit and subject, and the sentence it stands in without blanks
// and punctuation. Two equal statements of one report are told apart by their order ("-2").
// The place is not part of it, so that a report with a new title page keeps its identities.
func identify(res *Result, src []rune) {
	seen := map[string]int{}
	last, words := Span{}, "" // statements stand in order, so a sentence is worked on once
	for i := range res.Statements {
		s := &res.Statements[i]
		h := fnv.New128a()
		if sentence := res.Sentence(s.Start); sentence != last || i == 0 {
			last, words = sentence, bareWords(src[sentence.Start:sentence.End])
		}
		for _, f := range []string{string(s.Type), string(s.Kind), strconv.Itoa(s.Year), string(s.Op), string(s.Value), string(s.ValueMax), s.Unit, bareWords([]rune(s.Subject)), bareWords([]rune(s.Text)), words} {
			h.Write([]byte(f))
			h.Write([]byte{0})
		}
		id := hex.EncodeToString(h.Sum(nil))
		seen[id]++
		if n := seen[id]; n > 1 {
			id += "-" + strconv.Itoa(n)
		}
		s.ID = id
	}
}

// bareWords returns letters, digits and signs of measure, narrowed; blanks and punctuation go.
func bareWords(r []rune) string {
	out := make([]rune, 0, len(r))
	for _, c := range r {
		c = narrow(c)
		if isHan(c) || isASCIIWord(c) || oneOf(c, ".%‰+-") || c > 0x2e80 && !oneOf(c, "，。；：、！？“”‘’（）《》—…　") {
			out = append(out, c)
		}
	}
	return string(out)
}
