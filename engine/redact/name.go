package redact

import (
	"regexp"
	"slices"
	"strings"

	"bihuan/ground/name"
)

// A name is looked for where a word announces it (联系人：…) or follows it (…先生), and where a line
// ends with one beside a telephone. cues and titles are those words.

// firm cues are followed by a name, whatever its surname, where a colon stands between, and by a known surname otherwise.
var firm = strings.Fields(`我叫 我名叫 名字叫 名叫 姓名 名字 联系人 投诉人 举报人 反映人 报告人 申请人 申诉人 上访人 信访人 来信人 写信人 留言人
委托人 代理人 代表人 法人代表 法人 负责人 经办人 当事人 受害人 被害人 原告 被告 收件人 寄件人 户主 业主 房东 租户 租客 承包人 承包商 包工头 签字人
签名 户名 主启 死者 伤者 患者 病人 肇事者`)

// loose cues are followed by a name only now and then: it must have a known surname, and end where a name may end.
var loose = strings.Fields(`我是 我叫做 本人是 本人 叫 邻居 老板 经理 店主 司机 村民 居民 网格员 儿子 女儿 父亲 母亲 爷爷 奶奶 外公 外婆 丈夫 妻子
老公 老婆 爱人 儿媳 女婿 弟弟 哥哥 姐姐 妹妹 侄子 学生 同学 老师 班主任 校长 医生 民警 警官 律师 法官 书记 村支书 支书 主任 村长 组长 队长 镇长
乡长 县长 区长 局长 科长 处长 站长 所长 队员 会计 同事 战友 朋友 工友 老人 孩子 小孩 残疾人 低保户 贫困户 五保户 职工 员工 工人 教师 护士 联系`)

// titles stand behind a name.
var titles = strings.Fields(`先生 女士 小姐 师傅 同志 大爷 大妈 阿姨 大哥 大姐 老师 医生 律师 警官 法官 同学 老人 书记 主任 经理 校长 局长 科长 处长 镇长 乡长 村长 组长 队长 所长 站长 区长 县长 市长 厅长 部长 院长 总经理 董事长 老板 会计`)

// ends are words that may stand right behind a name.
var ends = regexp.MustCompile(`^(?:[\s\p{P}\p{S}\d]|$|男|女|汉族|满族|朝鲜族|回族|现年|今年|年龄|身份证|电话|联系|手机|家住|住|系|是|为|于|在|因|的|等|和|与|及|以及|跟|说|称|把|被|将|向|去|从|已|自|对|出生|生于|一家|两人|夫妇|夫妻|先生|女士|同志|就|也|又|不|没|有|从事|拒|多次|带|用|给|让|要|来|到|以|写|拜|敬|上$|一九|二〇|二零|们|每|半夜|昨|前天|曾|经常|一直|家门|家里|反映|投诉)`)

// strongEnds are words that cannot be the second half of a given name and the word behind it.
var strongEnds = regexp.MustCompile(`^(?:联系(?:电话|方式|人)|手机|电话|身份证)`)

// findNames finds names of persons.
func findNames(t *reading) (all []Found) {
	for i := 0; i < len(t.runes); i++ {
		if !isHan(t.runes[i]) {
			continue
		}
		if n, rule := t.nameAt(i); n > 0 && t.after(i+n, 1) != "*" { // 张** is masked already
			all = append(all, t.found(i, i+n, Name, rule))
			i += n - 1
		}
	}
	return all
}

func isHan(r rune) bool { return name.IsHan(r) || r == '·' || r == '•' }

// nameAt returns the length of the name that begins at rune i, 0 for none, and what found it.
func (t *reading) nameAt(i int) (n int, rule string) {
	if !t.knownStart(i) && !(i > 0 && strings.ContainsRune(":∶ 是为叫“\"", t.plain[i-1])) {
		return 0, ""
	}
	before, colon := t.cue(i)
	if colon && hasSuffix(before, firm) {
		if n = t.announced(i); n > 0 {
			return n, "name after a word that announces it"
		}
	}
	if !t.knownStart(i) || t.isCommon(i) {
		return 0, ""
	}
	for _, r := range []struct {
		rule string
		find func(i int) int
		ok   bool
	}{
		{"name before a title", t.titled, true},
		{"name after a word that announces it", t.bounded, hasSuffix(before, firm)},
		{"name after a word that may announce it", t.bounded, hasSuffix(before, loose)},
		{"name beside a number", t.beside, true},
		{"name in a list of names", t.listed, true},
	} {
		if r.ok {
			if n = r.find(i); n > 0 {
				return n, r.rule
			}
		}
	}
	return 0, ""
}

// cue returns what stands before rune i without blanks, quotation marks and 是, 为 or 叫 between, and whether a colon or one of
// those words stands between.
func (t *reading) cue(i int) (s string, colon bool) {
	whole := t.before(i, 12)
	s = strings.TrimRight(whole, " \t\u3000:∶;“\"‘'（(【<《、.")
	colon = strings.ContainsAny(whole[len(s):], ":∶") || strings.HasSuffix(s, "叫")
	for _, w := range []string{"分别是", "分别为", "就是", "是", "为", "叫"} {
		if cut, ok := strings.CutSuffix(s, w); ok && hasSuffix(strings.TrimRight(cut, " :∶"), firm) {
			return strings.TrimRight(cut, " :∶"), true
		}
	}
	return s, colon
}

func hasSuffix(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(s, w) })
}

func (t *reading) compoundAt(i int) bool {
	return i+2 < len(t.runes) && slices.Contains(compounds, string(t.runes[i:i+2]))
}

// isCommon reports whether a word that is no name begins at rune i.
func (t *reading) isCommon(i int) bool {
	return i+2 <= len(t.runes) && commonSet[string(t.runes[i:i+2])] && !t.compoundAt(i)
}

// announced returns the length of the name after a firm cue and a colon: what stands up to where something else begins,
// with a known surname or without; names with a dot between their parts may be longer.
func (t *reading) announced(i int) int {
	if t.isCommon(i) || organisation.MatchString(string(t.runes[i:min(len(t.runes), i+14)])) {
		return 0
	}
	if n := t.bounded(i); n > 0 {
		return n
	}
	n := 0
	for i+n < len(t.runes) && isHan(t.runes[i+n]) && n < 15 {
		n++
	}
	known := t.knownStart(i) || rare[t.runes[i]]
	switch {
	case n >= 2 && strings.ContainsAny(string(t.runes[i:i+n]), "·•"), known && n >= 2 && n <= 4:
		return n
	case known && n > 4:
		return t.surname(i) + 2
	}
	return 0
}

// organisation matches where a company or an office is named instead of a person.
var organisation = regexp.MustCompile(`^\p{Han}{2,10}(?:公司|集团|医院|学校|大学|中学|小学|银行|委员会|办公室|街道|社区|小区|花园|物业|酒店|饭店|超市|中心|政府|法院|派出所|工程|项目|幼儿园)`)

// knownStart reports whether a known surname begins at rune i.
func (t *reading) knownStart(i int) bool { return surnames[t.runes[i]] || t.compoundAt(i) }

// surname returns the length of the surname at rune i.
func (t *reading) surname(i int) int {
	if t.compoundAt(i) {
		return 2
	}
	return 1
}

// isCued reports whether a word that announces a name stands before rune i.
func (t *reading) isCued(i int) bool {
	s, _ := t.cue(i)
	return hasSuffix(s, firm)
}

// bounded returns the length of a name at rune i that is followed by something that may follow a name: the given name has
// two characters, or one.
func (t *reading) bounded(i int) int {
	s := t.surname(i)
	if t.allHan(i, s+1) && strongEnds.MatchString(t.after(i+s+1, 4)) && t.given(i+s, 1) {
		return s + 1
	}
	for _, n := range []int{s + 2, s + 1} {
		if t.allHan(i, n) && ends.MatchString(t.after(i+n, 4)) && t.given(i+s, n-s) {
			return n
		}
	}
	return 0
}

// allHan reports whether n runes from i on are Chinese characters.
func (t *reading) allHan(i, n int) bool {
	return i+n <= len(t.runes) && !slices.ContainsFunc(t.runes[i:i+n], func(r rune) bool { return !name.IsHan(r) })
}

// notGiven are characters that given names do not have.
var notGiven = set(`的了吗呢吧么们是在有没不也都很就还又被把给向从到对与和或及而且但因为所以若如果只要会能可我你您他她它这那哪谁什怎多少几每各某该此其另个位名次她他条件号楼室栋街区县市省镇乡村组社委局院校厂店费钱款元角分米吨亩年月日时点半说叫问请求让使得过着看听打买卖租住走去进出回交付收退办查处罚拆迁修补灯电气`)

// given reports whether n runes from i on may be a given name.
func (t *reading) given(i, n int) bool {
	return !slices.ContainsFunc(t.runes[i:i+n], func(r rune) bool { return notGiven[r] }) && (n != 2 || !commonSet[string(t.runes[i:i+n])])
}

// titled returns the length of the name at rune i if a title stands behind it. A surname alone before a title (王女士) is
// no name yet; with a given name it is.
func (t *reading) titled(i int) int {
	s := t.surname(i)
	for _, n := range []int{s + 2, s + 1} {
		if t.allHan(i, n) && t.given(i+s, n-s) && hasPrefix(t.after(i+n, 3), titles) && t.free(i) {
			return n
		}
	}
	return 0
}

func hasPrefix(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
}

// openers may stand before a name in the middle of a sentence.
var openers = regexp.MustCompile(`(?:[\s\p{P}\p{S}\d]|^|的|找|由|给|和|与|及|向|对|被|是|跟|请|让|把|叫|等|人|员|长|任|记|理|板|师|生|户|友|事|民|警|主|局|院|校|队|组|村|表|称|说|据|如|即|将|为|在|同|因)$`)

// free reports whether a name may begin at rune i, not in the middle of a word.
func (t *reading) free(i int) bool { return openers.MatchString(string(t.runes[max(0, i-1):i])) }

// besideNumber is a telephone or a paper, right behind a name.
var besideNumber = regexp.MustCompile(`^[\s:，,（(]{0,3}(?:电话|手机|联系电话|联系方式|身份证|TEL)?(?:号码|号)?(?:是|为)?[:∶\s（(]{0,2}(?:1[3-9]\d[\d \-]{8}|\d{15})`)

// beside returns the length of the name at rune i if a telephone or a paper stands right behind it.
func (t *reading) beside(i int) int {
	s := t.surname(i)
	for _, n := range []int{s + 2, s + 1} {
		if t.allHan(i, n) && t.given(i+s, n-s) && t.free(i) && besideNumber.MatchString(t.after(i+n, 28)) {
			return n
		}
	}
	return 0
}

// listed returns the length of the name at rune i if another name stands before it and only 、 or a blank between.
func (t *reading) listed(i int) int {
	if i < 4 || !strings.ContainsRune("、 ,，和与及", t.runes[i-1]) {
		return 0
	}
	before := 0
	for _, n := range []int{3, 2, 4} {
		if j := i - 1 - n; j >= 0 && t.knownStart(j) && t.allHan(j, n) {
			if t.isCued(j) && t.given(j+t.surname(j), n-t.surname(j)) {
				before = n
			}
		}
	}
	if before == 0 {
		return 0
	}
	return t.bounded(i)
}
