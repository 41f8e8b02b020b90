package notice

import (
	"slices"
	"strings"
)

// Slots are the names that the words of a notice may use, written {name}. The set is closed, and none of them holds the name
// of a person, a title or another text that somebody typed.
var Slots = []string{"number", "kind", "act", "state", "unit", "clock", "due"}

// BadSlot is a slot that does not exist, or a brace without its other half.
type BadSlot struct {
	Slot string // as written, without braces; empty for a brace alone
	At   int    // characters before it
	Hint string // the slot that was meant, empty if that cannot be guessed
}

// CheckTemplate returns the places at which a template uses slots that do not exist, in their order.
func CheckTemplate(text string) (bad []BadSlot) {
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case '}':
			bad = append(bad, BadSlot{At: i})
		case '{':
			end := slices.Index(runes[i:], '}')
			if end < 0 {
				return append(bad, BadSlot{At: i})
			}
			if slot := string(runes[i+1 : i+end]); !slices.Contains(Slots, slot) {
				bad = append(bad, BadSlot{slot, i, guess(slot)})
			}
			i += end
		}
	}
	return bad
}

// guess returns the slot that differs from a word by one letter or in case, or by the word of another language of ours.
func guess(slot string) string {
	low := strings.ToLower(strings.TrimSpace(slot))
	for _, s := range Slots {
		if low == s || near(low, s) {
			return s
		}
	}
	return map[string]string{"deadline": "due", "编号": "number", "期限": "due", "单位": "unit", "state-name": "state", "id": "number"}[low]
}

// near reports whether two words differ by one letter that is missing, too many or another one.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) == 0 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}

// Fill puts values into the slots of a template; a slot without a value is left empty, and each value is one line of at most
// sixty characters. What stands in square brackets is left out where a slot in it has no value: 已到您手上[，期限：{due}]。
func Fill(template string, values map[string]string) string {
	var kept strings.Builder
	for rest := template; rest != ""; {
		before, tail, opens := strings.Cut(rest, "[")
		part, after, shuts := strings.Cut(tail, "]")
		if !opens || !shuts {
			kept.WriteString(rest)
			break
		}
		kept.WriteString(before)
		if !slices.ContainsFunc(Slots, func(s string) bool { return values[s] == "" && strings.Contains(part, "{"+s+"}") }) {
			kept.WriteString(part)
		}
		rest = after
	}
	pairs := make([]string, 0, 2*len(Slots))
	for _, s := range Slots {
		pairs = append(pairs, "{"+s+"}", Line(values[s], 60))
	}
	return strings.NewReplacer(pairs...).Replace(kept.String())
}
