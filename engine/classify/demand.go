package classify

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Demand is one piece of a text that asks for several things (一诉多求): the bytes [Start, End).
type Demand struct {
	Start, End int
	Body       int    // where what is demanded begins: behind the heading and the sign
	Sign       string // what told that a new demand begins: "2、", "另外", "二是"; empty for the first
}

// mostDemands is how many pieces one text is cut into at most.
const mostDemands = 20

// leastDemand is how many characters a piece has at least; a shorter one belongs to the piece before.
const leastDemand = 4

// signs begin a new demand: counted points, 一是…二是…, and words that add something else at the beginning of a sentence.
// Each was met in messages of residents.
var signs = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|[\s。；;！!？?：:，,])([（(]?(?:[1-9]|1[0-9]|[一二三四五六七八九十])[)）]|(?:[1-9]|1[0-9])[、．]|(?:[1-9]|1[0-9])\.[^0-9]|[一二三四五六七八九十]、|[①②③④⑤⑥⑦⑧⑨⑩])`),
	regexp.MustCompile(`(?:^|[\s。；;！!，,：:])((?:第?[一二三四五六七八九]是|第[一二三四五六七八九][，,、]|其[一二三四五][，,、]|首先[，,]?|其次[，,]?|再次[，,]?|最后[，,]))`),
	regexp.MustCompile(`[\s。；;！!？?]((?:另外|此外|还有|再有|再就是|同时|顺便|除此之外|再一个|还想反映|还要反映|也请|并且)[，,、:：]?)`),
}

// Demands cuts a text where its writer begins another demand. A text without such signs is one demand; what stands before
// the first counted point (a greeting, who writes) belongs to the first piece. The pieces follow one another and cover the
// text. It is a proposal to the clerk, who splits.
func Demands(text string) []Demand {
	cuts := cut(text)
	all := []Demand{{Start: 0, End: len(text)}}
	for _, c := range cuts {
		last := &all[len(all)-1]
		if len(all) == mostDemands || letters(text[c.at:]) < leastDemand {
			break
		}
		if letters(text[last.Start:c.at]) < leastDemand || len(all) == 1 && c.first {
			if len(all) == 1 && c.first {
				last.Body = c.until // a heading names no demand
			}
			continue
		}
		last.End = c.at
		all = append(all, Demand{Start: c.at, End: len(text), Body: c.until, Sign: c.sign})
	}
	return all
}

// place is where a new demand may begin.
type place struct {
	at    int
	until int // the end of the sign
	sign  string
	first bool // the first of counted points: what stands before it is its heading
}

// cut returns the places of the first kind of sign that stands in the text at least twice, and of the words that add
// something; where nobody counts, those alone.
func cut(text string) (all []place) {
	for i, expr := range signs {
		found := expr.FindAllStringSubmatchIndex(text, -1)
		counts := i < len(signs)-1
		if counts && len(found) < 2 {
			continue
		}
		for n, m := range found {
			all = append(all, place{at: m[2], until: m[3], sign: strings.TrimSpace(text[m[2]:m[3]]), first: counts && n == 0})
		}
		if counts {
			break
		}
	}
	return all
}

// letters counts the characters of a piece that say something.
func letters(s string) (n int) {
	for _, r := range normal(s) {
		if r != ' ' && r != utf8.RuneError {
			n++
		}
	}
	return n
}
