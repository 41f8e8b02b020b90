package classify

import "unicode"

// normal returns the characters of a text that say something: Chinese characters, letters in lower case and half
// width, and one blank for whatever else stands between, digits included: numbers do not tell a class.
func normal(text string) []rune {
	runes := make([]rune, 0, len(text)/3)
	for _, r := range text {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Han, r) || r >= 'a' && r <= 'z':
			runes = append(runes, r)
		case len(runes) > 0 && runes[len(runes)-1] != ' ':
			runes = append(runes, ' ')
		}
	}
	return runes
}

// features returns the characters and pairs of characters of a text and how often each stands in it.
func features(text string) map[string]float64 {
	r := normal(text)
	seen := make(map[string]float64, 2*len(r))
	for i := range r {
		if r[i] == ' ' {
			continue
		}
		seen[string(r[i:i+1])]++
		if i+1 < len(r) && r[i+1] != ' ' {
			seen[string(r[i:i+2])]++
		}
	}
	return seen
}
