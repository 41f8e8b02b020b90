// Package mask shows of a person's value as much as tells two apart, and no more (脱敏).
//
// Most callers need [Mask], which does it by the [Kind] of value, and [Guess] where nothing says what kind it is.
//
// It promises: what it hides it hides whole, a value it does not understand is hidden whole, and the length of a hidden part
// tells nothing beyond what the kinds below say. It finds nothing in free text: that is engine/redact's work.
//
// What each kind shows is the product's table of data classes (docs/personal-data.md); the forms are those that
// counters use, 138****5678 and 张*.
package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bihuan/ground/name"
)

// Kind is what a value is.
type Kind string

// The kinds.
const (
	Name    Kind = "name"    // 姓名: the surname, compound ones whole; of a name with · the first part
	ID      Kind = "id"      // 公民身份号码: the first three and last four characters
	Phone   Kind = "phone"   // 电话: the first three and last four digits; of a fixed line the last four
	Plate   Kind = "plate"   // 号牌: province, office, and all but the middle two of the number
	Address Kind = "address" // 住址: as far as the community; house and door are hidden
	Bank    Kind = "bank"    // 银行账号: the last four digits
	Email   Kind = "email"   // 电子邮箱: the first character and the domain
	Hidden  Kind = "hidden"  // nothing at all
)

// Kinds are all kinds, in the order of the documentation.
var Kinds = []Kind{Name, ID, Phone, Plate, Address, Bank, Email, Hidden}

// star stands for a hidden part whose length is not told.
const star = "****"

// Mask returns what is shown of a value. Empty stays empty; a kind that is unknown hides all.
func Mask(k Kind, v string) string {
	v = strings.TrimSpace(v)
	if v == "" {
		return ""
	}
	if f := masks[k]; f != nil {
		return f(v)
	}
	return star
}

var masks = map[Kind]func(string) string{
	Name: personName, ID: number(3, 4), Phone: phone, Plate: plate, Address: address, Bank: number(0, 4), Email: email,
}

// compound are the compound surnames (复姓) that registers of names still have; the rest have one character.
var compound = strings.Fields(`欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙
	钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户
	公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 淳于 单于 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 纳兰 完颜 叶赫 那拉`)

// dots are the signs that stand between the parts of a name, as people type them.
const dots = "·•‧・．."

// personName keeps the first part of a name with dots, a compound surname, or else the first character; in Latin letters the
// first letter. One star stands for one character that follows, two for more.
func personName(v string) string {
	if i := strings.IndexAny(v, dots); i > 0 {
		return v[:i] + "·" + "**"
	}
	r := []rune(v)
	keep := 1
	if len(r) > 2 {
		for _, c := range compound {
			if strings.HasPrefix(v, c) {
				keep = 2
			}
		}
	}
	switch {
	case len(r) == 1:
		return "*"
	case !name.IsHan(r[0]):
		return string(r[0]) + "**"
	case len(r)-keep == 1:
		return string(r[:keep]) + "*"
	}
	return string(r[:keep]) + "**"
}

// number keeps so many characters at both ends of something with a number; a short one is hidden whole.
func number(first, last int) func(string) string {
	return func(v string) string {
		r := kept(v, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) })
		if len(r) < first+last+4 {
			return star
		}
		return string(r[:first]) + star + string(r[len(r)-last:])
	}
}

// phone keeps three and four digits of a mobile number, 13812345678 as 138****5678, and the last four of a fixed line, whose
// first ones are its town's.
func phone(v string) string {
	r := kept(v, unicode.IsDigit)
	if len(r) == 13 && r[0] == '8' && r[1] == '6' {
		r = r[2:]
	}
	switch {
	case len(r) == 11 && r[0] == '1':
		return string(r[:3]) + star + string(r[7:])
	case len(r) >= 7:
		return star + string(r[len(r)-4:])
	}
	return star
}

// kept are the characters that satisfy is, digits of full width made plain.
func kept(v string, is func(rune) bool) (out []rune) {
	for _, r := range v {
		if r >= '０' && r <= '９' {
			r = r - '０' + '0'
		}
		if is(r) {
			out = append(out, r)
		}
	}
	return out
}

// plate keeps province and office, one character of the number and its last two: 京A·1**23.
func plate(v string) string {
	r := kept(v, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if len(r) < 7 || len(r) > 8 {
		return star
	}
	return string(r[:2]) + "·" + string(r[2:3]) + strings.Repeat("*", len(r)-5) + string(r[len(r)-2:])
}

// communities are the words with which the part of an address ends that may be shown, the nearest to the door first.
var communities = []string{"小区", "社区", "花园", "家园", "新村", "公寓", "村", "街道", "镇", "乡"}

// roads are what is shown where no community is named.
var roads = []string{"大街", "大路", "胡同", "街", "路", "巷"}

// address keeps an address as far as the community, or the road where none is named; what follows has the door in it.
func address(v string) string {
	for _, words := range [][]string{communities, roads} {
		end := -1
		for _, w := range words {
			if i := strings.Index(v, w); i > 0 {
				end = max(end, i+len(w))
			}
		}
		if end > 0 && !strings.ContainsFunc(v[:end], isDigit) {
			if end == len(v) {
				return v
			}
			return v[:end] + star
		}
	}
	return star
}

func isDigit(r rune) bool { return unicode.IsDigit(r) }

// email keeps the first character and the domain.
func email(v string) string {
	at := strings.LastIndexByte(v, '@')
	if at <= 0 || at == len(v)-1 {
		return star
	}
	_, n := utf8.DecodeRuneInString(v)
	if n == at {
		return star + v[at:]
	}
	return v[:n] + star + v[at:]
}

// Guess returns what kind a value of a person most likely is by how it looks, [Hidden] for what looks like nothing: better a
// value too much hidden.
func Guess(v string) Kind {
	v = strings.TrimSpace(v)
	digits := kept(v, unicode.IsDigit)
	letters := kept(v, unicode.IsLetter)
	switch {
	case v == "":
		return Hidden
	case strings.Contains(v, "@"):
		return Email
	case len(digits) >= 17 && len(digits)+len(letters) == 18:
		return ID
	case len(letters) == 0 && len(digits) >= 14:
		return Bank
	case len(letters) == 0 && len(digits) >= 7:
		return Phone
	case len(digits) == 0 && utf8.RuneCountInString(v) <= 4 && allHan(v), strings.ContainsAny(v, "·") && len(digits) == 0:
		return Name
	}
	return Hidden
}

func allHan(v string) bool {
	return !strings.ContainsFunc(v, func(r rune) bool { return !name.IsHan(r) })
}
