package field

import (
	"strings"
	"unicode"
)

// maxMarks is how many combining marks may follow one another, ours: Vietnamese has two, Tibetan and Thai seldom more than three.
const maxMarks = 8

// checkScript refuses what makes a text read otherwise than it is stored: marks without end, notes between lines, tags that nobody
// sees; signs that turn the direction of writing, in one line at all, in long text where they are left open at the end of a line.
// Letters written from right to left, joiners and Mongolian selectors stay: Uyghur, Persian and Mongolian need them.
//
// Source: Unicode 15.0, UAX #9 (explicit directional formatting) and UTS #39, as read about.
func checkScript(f *Field, v string) error {
	marks := 0
	for _, r := range v {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case marks > maxMarks:
			return f.refuse("too-many-marks", "limit", "8")
		case r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f:
			return f.refuse("not-text")
		}
	}
	if f.Kind == LongText && closes(v) || !strings.ContainsFunc(v, turns) {
		return nil
	}
	return f.refuse("turned-text")
}

// turns reports whether a sign changes the direction of what follows.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// closes reports whether every sign of direction is taken back before its line ends, in order.
func closes(v string) bool {
	for line := range strings.Lines(v) {
		var open []rune
		for _, r := range line {
			switch r {
			case 0x202a, 0x202b, 0x202d, 0x202e:
				open = append(open, 0x202c)
			case 0x2066, 0x2067, 0x2068:
				open = append(open, 0x2069)
			case 0x202c, 0x2069:
				if len(open) == 0 || open[len(open)-1] != r {
					return false
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			return false
		}
	}
	return true
}
