package redact

// reading is a text taken apart: its runes, where each begins, and the digit that each one is written as.
type reading struct {
	text  string
	runes []rune
	at    []int  // byte offset of each rune, and of the end
	plain []rune // full width made half, lower case made upper
}

func read(text string) *reading {
	t := &reading{text: text}
	for i, r := range text {
		t.runes, t.at, t.plain = append(t.runes, r), append(t.at, i), append(t.plain, plain(r))
	}
	t.at = append(t.at, len(text))
	return t
}

// plain returns the rune in half width and upper case.
func plain(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	return r
}

// hanziDigits are digits written as they are spoken.
var hanziDigits = map[rune]rune{
	'〇': '0', '零': '0', '○': '0', '洞': '0', '一': '1', '幺': '1', '壹': '1', '二': '2', '两': '2', '贰': '2', '三': '3', '叁': '3',
	'四': '4', '肆': '4', '五': '5', '伍': '5', '六': '6', '陆': '6', '七': '7', '柒': '7', '拐': '7', '八': '8', '捌': '8', '九': '9', '玖': '9',
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// found is what stands in the runes [from, to).
func (t *reading) found(from, to int, k Kind, rule string) Found {
	return Found{Start: t.at[from], End: t.at[to], Kind: k, Rule: rule}
}

// before returns up to n runes before i, in half width and upper case.
func (t *reading) before(i, n int) string { return string(t.plain[max(0, i-n):i]) }

// after returns up to n runes from i on, in half width and upper case.
func (t *reading) after(i, n int) string { return string(t.plain[i:min(len(t.plain), i+n)]) }
