package field

import (
	"errors"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
)

// TestBar_I11_TextIsWhatItLooksLike: what turns, hides or piles up is refused; what people write in their own scripts stays to the letter.
func TestBar_I11_TextIsWhatItLooksLike(t *testing.T) {
	kept, refused := 0, 0
	for _, c := range []struct {
		why, text  string
		line, long string // the code of the refusal, empty for none
	}{
		{"Uyghur", "ئۇيغۇر ئاپتونوم رايونى", "", ""},
		{"Arabic with numbers", "شارع 128", "", ""},
		{"Hebrew", "שלום", "", ""},
		{"Mongolian with a selector", "ᠮᠣᠩᠭᠣᠯ\u180b ᠪᠢᠴᠢᠭ\u180e", "", ""},
		{"Tibetan", "བོད་སྐད་ཡིག", "", ""},
		{"Persian with a joiner taken away", "می\u200cخواهم", "", ""},
		{"a family of joined signs", "👨\u200d👩\u200d👧", "", ""},
		{"Vietnamese", "Nguyễn Thị Ánh", "", ""},
		{"Yi, Zhuang and Korean", "ꆈꌠꁱꂷ Vahcuengh 한국어", "", ""},
		{"a mark of direction", "abc\u200f\u200e", "", ""},
		{"a selector of variants of a character", "葛\U000e0101", "", ""},
		{"a rare character", "𠮷\U0002ebf0\U000323b0", "", ""},
		{"a character of an old font", "\ue815", "", ""},
		{"an override", "photo\u202egpj.exe", "turned-text", "turned-text"},
		{"an embedding that is closed", "a\u202bאבג\u202cb", "turned-text", ""},
		{"an isolate that is closed", "a\u2067אבג\u2069b", "turned-text", ""},
		{"isolates within each other", "\u2068a\u2067b\u2069\u2069", "turned-text", ""},
		{"closed in another order", "\u2067a\u202bb\u2069c\u202c", "turned-text", "turned-text"},
		{"closed on the next line only", "a\u202eb\nc\u202c", "one-line", "turned-text"},
		{"an end without a beginning", "a\u202c", "turned-text", "turned-text"},
		{"notes between lines", "a\ufff9b\ufffac\ufffb", "not-text", "not-text"},
		{"letters that nobody sees", "a\U000e0061\U000e0062", "not-text", "not-text"},
		{"eight marks", "e" + strings.Repeat("\u0301", 8), "", ""},
		{"nine marks", "e" + strings.Repeat("\u0301", 9), "too-many-marks", "too-many-marks"},
		{"a tower of marks", "Z" + strings.Repeat("\u0336\u0489", 60), "too-many-marks", "too-many-marks"},
		{"half a character", "a\xed\xa0\x80", "not-text", "not-text"},
		{"a control character", "a\x1b[31mb", "not-text", "not-text"},
		{"a nought", "a\x00b", "not-text", "not-text"},
		{"a next line of long ago", "a\u0085b", "not-text", "not-text"},
	} {
		for kind, want := range map[Kind]string{Text: c.line, LongText: c.long} {
			got, err := (&Field{Key: "title", Kind: kind}).Check(c.text)
			code := ""
			if r, ok := errors.AsType[*fault.Refusal](err); ok {
				code = r.Code
			}
			if code != want || err == nil && got != c.text {
				t.Errorf("%s as %s: %q %q, want %q", c.why, kind, got, code, want)
			}
			if want == "" {
				kept++
			} else {
				refused++
			}
		}
	}
	bar.Report(t, "I-11", "%d texts in the scripts of China and its neighbours kept to the letter, %d that turn, hide or pile up refused", kept, refused)
}

// TestBar_I12_NamesAreStoredAsEntered: no name of rare characters is changed or refused by the field that takes it.
func TestBar_I12_NamesAreStoredAsEntered(t *testing.T) {
	all := corpus.Names(2000)
	for _, n := range all {
		if got, err := (&Field{Key: "name", Kind: Text}).Check(n); err != nil || got != n {
			t.Errorf("%q becomes %q, %v", n, got, err)
		}
	}
	bar.Report(t, "I-12", "%d names of GB 18030-2022 level 3 taken as entered", len(all))
}

// TestBar_I11_NamesThatLookAlikeAreKnown: of names of organisations that eyes take for one another each pair has one skeleton, and names that
// merely resemble each other have two.
func TestBar_I11_NamesThatLookAlikeAreKnown(t *testing.T) {
	pairs := 0
	for _, p := range [][2]string{
		{"二道区工商联", "二道区エ商联"}, {"中国石油СО", "中国石油CO"}, {"长春0431公司", "长春O431公司"}, {"一汽集团", "ー汽集团"}, {"力旺集团", "カ旺集团"}, {"口岸办", "囗岸办"}, {"日新公司", "曰新公司"},
		{"已达公司", "己达公司"}, {"ＡＢＣ公司", "ABC公司"}, {"城\u200b投公司", "城投公司"}, {"城投 公司", "城投公司"}, {"⼯会", "工会"}, {"㈱东盛", "(株)东盛"}, {"阿里·买买提商行", "阿里•买买提商行"}, {"Apple", "Аррle"}, {"土建公司", "士建公司"},
	} {
		pairs++
		if Skeleton(p[0]) != Skeleton(p[1]) {
			t.Errorf("%q and %q look alike: %q %q", p[0], p[1], Skeleton(p[0]), Skeleton(p[1]))
		}
	}
	for _, p := range [][2]string{{"区住建局", "区住房局"}, {"东盛街道", "东站街道"}, {"第一小学", "第二小学"}, {"长青街道", "常青街道"}} {
		if Skeleton(p[0]) == Skeleton(p[1]) {
			t.Errorf("%q and %q are taken for one another", p[0], p[1])
		}
	}
	bar.Report(t, "I-11", "%d pairs of organisations' names that look alike are told, as pack check does for every register", pairs)
}
