package redact

import (
	"regexp"
	"strings"
)

// A plate (GA 36-2018): the province's short name, a letter, five symbols, six for new energy; I and O are not used but are
// mistyped. Older and special ones end in 学警港澳挂领使. Blanks and dots may stand between.
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"

// pattern is a shape that tells by itself what it is; group 1 is what is hidden.
type pattern struct {
	kind Kind
	rule string
	expr *regexp.Regexp // over the text in half width and upper case
}

var patterns = []pattern{
	{Plate, "plate", regexp.MustCompile(`([` + provinces + `]\s?[A-Z]\s?[·.•\- ]?\s?[A-Z0-9]{4}[A-Z0-9学警港澳挂领使][A-Z0-9]?)(?:[^A-Z0-9]|$)`)},
	{Email, "mail address", regexp.MustCompile(`([A-Z0-9][A-Z0-9._%+\-]*@[A-Z0-9][A-Z0-9\-]*(?:\.[A-Z0-9\-]+)+)`)},
	{Account, "chat account", regexp.MustCompile(`(?:QQ|扣扣|企鹅)(?:号|号码)?[:∶是为加， ,]{0,3}([1-9]\d{4,10})`)},
	{Account, "chat account", regexp.MustCompile(`(?:微信|WEIXIN|WECHAT|VX|薇信|威信)(?:号|号码|ID)?(?:同号)?[:∶是为加， ,]{0,3}([A-Z0-9][A-Z0-9_\-]{5,19})`)},
	{IDNumber, "passport", regexp.MustCompile(`(?:护照|通行证|回乡证|台胞证)[^A-Z0-9。；]{0,8}([A-Z]{1,2}\d{7,9})`)},
}

// findPatterns finds what its shape gives away.
func findPatterns(t *reading) (all []Found) {
	text, back := t.halfWidth()
	for _, p := range patterns {
		for _, m := range p.expr.FindAllStringSubmatchIndex(text, -1) {
			all = append(all, t.found(back[m[2]], back[m[3]], p.kind, p.rule))
		}
	}
	return all
}

// halfWidth returns the text in half width and upper case, and for each of its bytes the rune that it belongs to.
func (t *reading) halfWidth() (string, []int) {
	var b strings.Builder
	back := make([]int, 0, len(t.text)+1)
	for i, r := range t.plain {
		n := b.Len()
		b.WriteRune(r)
		for range b.Len() - n {
			back = append(back, i)
		}
	}
	return b.String(), append(back, len(t.plain))
}

// doors are homes: a building with its flat. A building and its entrance (9栋2单元的电梯) are where something is broken, and stay, as does
// the number of a house in a street.
var doors = []*regexp.Regexp{
	regexp.MustCompile(`([A-Z0-9一二三四五六七八九十]{1,4}(?:栋|幢|号楼|座|#楼|#)[A-Z0-9一二三四五六七八九十东西中]{0,3}(?:单元|门|梯)?[A-Z0-9一二三四五六七八九十\-]{1,6}(?:室|户|房|号(?:房|室)?))`),
	regexp.MustCompile(`([A-Z0-9一二三四五六七八九十]{1,4}(?:栋|幢|号楼|座|#楼|#)[A-Z0-9一二三四五六七八九十东西中]{1,3}(?:单元|门|梯)(?:[0-9]{3,4}|[一二三四五六七八九十0-9]{1,3}(?:楼|层)(?:[东西中左右]|[0-9])(?:门|户|室)?))`),
	regexp.MustCompile(`([A-Z0-9]{1,4}(?:栋|幢|号楼|座)[0-9]{3,4})(?:[^0-9米元年个平户人万]|$)`),
	regexp.MustCompile(`([0-9一二三四五六七八九十]{1,3}单元[0-9]{3,4}(?:室|户|房)?)`),
	regexp.MustCompile(`(?:[^0-9A-Z]|^)([0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?:室|户|房)?)(?:[^0-9\-]|$)`),
}

// findDoors finds the doors of homes.
func findDoors(t *reading) (all []Found) {
	text, back := t.halfWidth()
	for _, expr := range doors {
		for _, m := range expr.FindAllStringSubmatchIndex(text, -1) {
			all = append(all, t.found(back[m[2]], back[m[3]], Door, "door of a home"))
		}
	}
	return all
}
