package pack

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// Notice is the words in which people are told of an occasion about matters of the pack.
type Notice struct {
	About notice.About
	For   string // pack/kind, empty for every kind of the pack
	Words name.Text
}

// maxNotice is the longest text of a notice in characters: it has to fit into an SMS with its slots filled.
const maxNotice = 120

// Notice returns the words that the pack of a kind has for an occasion: those of the kind before those of the whole pack. Without
// any it returns false.
func (s *Set) Notice(kind string, about notice.About) (words name.Text, ok bool) {
	called, _, _ := strings.Cut(kind, "/")
	p, found := s.Pack(called)
	if !found {
		return words, false
	}
	for i := range p.Notices {
		n := &p.Notices[i]
		switch {
		case n.About != about:
		case n.For == kind:
			return n.Words, true
		case n.For == "":
			words, ok = n.Words, true
		}
	}
	return words, ok
}

// notices compiles the notices: every slot is one of [notice.Slots].
func (u *unit) notices() {
	seen := map[string]bool{}
	for i := range u.syntax.Notices {
		s := &u.syntax.Notices[i]
		n := Notice{About: notice.About(s.Notice.Text), Words: s.Words.text()}
		if s.For.Text != "" {
			n.For = u.qualified(s.For.Text)
			u.kindRef(s.For)
		}
		key := s.Notice.Text + " " + n.For
		if seen[key] && s.Notice.Text != "" {
			u.add(s.Notice.At, "notice-words", "notice", s.Notice.Text, "kind", orAll(n.For))
		}
		seen[key] = true
		for _, w := range []word{s.Words.ZH, s.Words.EN} {
			u.noticeWords(w)
		}
		u.pack.Notices = append(u.pack.Notices, n)
	}
}

func orAll(kind string) string {
	if kind == "" {
		return "*"
	}
	return kind
}

// noticeWords checks one text of a notice.
func (u *unit) noticeWords(w word) {
	if n := utf8.RuneCountInString(w.Text); n > maxNotice {
		u.add(w.At, "notice-long", "length", strconv.Itoa(n), "most", strconv.Itoa(maxNotice))
	}
	for _, bad := range notice.CheckTemplate(w.Text) {
		runes := []rune(w.Text)
		from := len(string(runes[:bad.At]))
		if bad.Slot == "" {
			to := len(string(runes[:min(bad.At+4, len(runes))])) // a brace alone would be found at the first one of its line
			u.add(w.part(from, to).At, "open-slot")
			continue
		}
		at := w.part(from, from+len(bad.Slot)+2).At
		if bad.Hint != "" {
			u.add(at, "no-such-slot", "value", clip(bad.Slot), "known", listed(notice.Slots), "meant", bad.Hint)
		} else {
			u.one(word{bad.Slot, at}, "slot", notice.Slots)
		}
	}
}
