package extract

// Marks that a page puts into its text and that are none of it: footnotes, readings of characters.

// footnoteEnd returns where the mark of a footnote ends that opens at r[i] (“放管服”改革[11]), 0 if it is none. A year in such brackets is the one of a document.
func footnoteEnd(r []rune, i int) int {
	e := i + 1
	for e < len(r) && e < i+4 && r[e] >= '0' && r[e] <= '9' {
		e++
	}
	if i == 0 || e == i+1 || e >= len(r) || !oneOf(r[e], "]］") || !isHan(r[i-1]) && !oneOf(r[i-1], "”\"》） )") {
		return 0
	}
	return e + 1
}

// pinyinEnd returns where the reading of a character in brackets ends that opens at r[i] (報(bào)告), 0 if it is none: small
// letters, one of them with the mark of a tone.
func pinyinEnd(r []rune, i int) int {
	if i == 0 || !isHan(r[i-1]) {
		return 0
	}
	tone := false
	for j := i + 1; j < len(r) && j < i+8; j++ {
		switch {
		case r[j] == ')':
			if tone {
				return j + 1
			}
			return 0
		case r[j] >= 'a' && r[j] <= 'z' || r[j] == 'ü':
		case oneOf(r[j], "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"):
			tone = true
		default:
			return 0
		}
	}
	return 0
}
