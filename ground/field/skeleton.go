package field

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// alike are characters that eyes take for one another in the names of organisations: each group under its first. Letters of Latin, Cyrillic
// and Greek, kana and strokes beside the han characters that they resemble, and han characters that differ by one stroke.
//
// Source: UTS #39 (Unicode 15.0), confusables.txt, as read about, for the first three lines; the last is ours.
var alike = strings.Fields(`
OoОоΟο0〇○◯ lI1|Іі∣ǀΙ AАΑ aа BВΒ8 CСϹ cс EЕΕ eе HНΗ KКΚ MМΜ NΝ PРΡ pр TТΤ XХΧ xх YУΥ yу ZΖ SЅ sѕ JЈ jј
一ー—―–‐-－㇐ 工エ 力カ 夕タ 卜ト 二ニ 八ハ 口囗ロ 〆乄 才オ 千チ
·•・‧･∙⋅
日曰 己已巳 土士 未末 戊戌戍 人入 天夭 壬王`)

var skeletons = func() map[rune]rune {
	all := map[rune]rune{}
	for _, group := range alike {
		first := []rune(group)[0]
		for _, r := range group {
			all[r] = first
		}
	}
	return all
}()

// Skeleton returns what a name looks like: two names that differ and have the same skeleton can be taken for one another. It is for
// comparing, never for showing or keeping. What cannot be seen is left out, compatibility forms are written plainly.
func Skeleton(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector), unicode.IsSpace(r):
			return -1
		}
		if like, ok := skeletons[r]; ok {
			return like
		}
		return r
	}, norm.NFKC.String(name))
}
