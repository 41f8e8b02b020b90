package pack

import "maps"

// Codes are the codes of all faults.
func Codes() []string {
	var codes []string
	for code := range maps.Keys(sayings) {
		codes = append(codes, code)
	}
	return codes
}

// Says is what is said of a code, with its hint.
func Says(code string) [4]string {
	s := sayings[code]
	return [4]string{s.says.ZH, s.says.EN, s.hint.ZH, s.hint.EN}
}

// Nearest is how hints are guessed.
var Nearest = nearest

// ReadText reads a text as pack.yaml and as cases.yaml, as far as that goes without a compiler.
func ReadText(text []byte) Faults {
	c := &collector{}
	read[packSyntax](c, parse(c, "pack.yaml", text))
	read[casesSyntax](c, parse(c, "cases.yaml", text))
	return c.faults
}
