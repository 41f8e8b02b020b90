package redact

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what kind of thing was found.
type Kind string

// The kinds.
const (
	IDNumber Kind = "id-number" // 公民身份号码 and other papers: passport, permits, disability card
	Phone    Kind = "phone"     // 手机号码
	Landline Kind = "landline"  // 固定电话; offices print theirs, so a caller may leave them
	Plate    Kind = "plate"     // 车牌
	Card     Kind = "card"      // 银行卡、社保卡 and other account numbers
	Account  Kind = "account"   // QQ、微信
	Email    Kind = "email"     // 电子邮箱
	Door     Kind = "door"      // 门牌: building, entrance and flat of a home
	Name     Kind = "name"      // 姓名
)

// Kinds are all kinds, in the order in which they win where two overlap.
var Kinds = []Kind{IDNumber, Email, Plate, Phone, Account, Card, Landline, Door, Name}

// Found is one thing to hide: the bytes [Start, End) of the text.
type Found struct {
	Start, End int
	Kind       Kind
	Rule       string // what found it, such as "name after cue"
}

// words stand in a published text for what was hidden.
var words = map[Kind]string{
	IDNumber: "〔证件号码〕", Phone: "〔电话〕", Landline: "〔电话〕", Plate: "〔车牌〕", Card: "〔账号〕",
	Account: "〔账号〕", Email: "〔邮箱〕", Door: "〔门牌〕",
}

// Find returns what must be hidden, in the order of the text, without overlaps. Kinds in keep are not looked for.
func Find(text string, keep ...Kind) []Found {
	t := read(text)
	var all []Found
	for _, find := range []func(*reading) []Found{findNumbers, findPatterns, findDoors, findNames} {
		all = append(all, find(t)...)
	}
	all = slices.DeleteFunc(all, func(f Found) bool { return slices.Contains(keep, f.Kind) })
	return apart(all)
}

// apart sorts what was found and leaves out what overlaps something of a kind that wins, or something longer.
func apart(all []Found) []Found {
	slices.SortStableFunc(all, func(a, b Found) int {
		return cmp.Or(cmp.Compare(slices.Index(Kinds, a.Kind), slices.Index(Kinds, b.Kind)), cmp.Compare(b.End-b.Start, a.End-a.Start))
	})
	var kept []Found
	for _, f := range all {
		if !slices.ContainsFunc(kept, func(k Found) bool { return f.Start < k.End && k.Start < f.End }) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(a, b Found) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}

// Mask returns the text as it may be published: of a name the surname stays (张**), anything else gives way to
// a word in brackets that says what stood there. Masking what is masked changes nothing.
func Mask(text string, keep ...Kind) string {
	found := Find(text, keep...)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, f := range found {
		b.WriteString(text[at:f.Start])
		b.WriteString(f.mask(text[f.Start:f.End]))
		at = f.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// mask returns what stands for the thing in a published text.
func (f Found) mask(s string) string {
	if f.Kind != Name {
		return words[f.Kind]
	}
	r := []rune(s)
	return string(r[:surnameLen(r)]) + "**"
}
