package extract

// What stands in front of a noun phrase: adverbs, periods, places, verbs.

// strip drops the openers at the front of r[a:b) and, if made is true, the verbs too.
// It returns the rest and the last verb it dropped.
func strip(r []rune, a, b int, made bool) (int, span) {
	verb := span{}
	for a < b {
		if oneOf(r[a], "、，：；。 -—·•●■◆▲★□○◎") {
			a++
			continue
		}
		if r[a] >= '①' && r[a] <= '⑳' { // ②完成8条道路改造
			a++
			continue
		}
		if i := pointed(r, a, b); i > a { // 3.为60岁以上老人体检
			a = i
			continue
		}
		if r[a] == '（' { // （二）改造老旧小区: a heading that runs on
			if level, mark := numbering(r[a:b]); level > 0 {
				a += mark
				continue
			}
		}
		if i := openingPeriod(r, a, b); i > a {
			a = i
			continue
		}
		if i := openingPlace(r, a, b); i > a {
			a = i
			continue
		}
		if nounHead(r, a, b) {
			return a, verb
		}
		k, tag := openers.at(r[:b], a)
		vk, _ := verbs.at(r[:b], a)
		if reads(r[:b], a, "争取到") && (yearAt(r[:b], a+3) > 0 || a+3 < b && oneOf(r[a+3], "“十本届")) { // 争取|到2010年…
			a += 2
			continue
		}
		if vk >= k && vk > 0 && made && !verbInNoun(r, a, b, vk) {
			verb = span{a, a + vk}
			a += vk
			continue
		}
		if k == 0 || vk > k && !made || !opens(r, a, b, k, tag) {
			return a, verb
		}
		a += k
	}
	return a, verb
}

// pointed returns where the words of a point begin whose number stands at a: 3.|新建…, 12、|改造…; a if there is none.
func pointed(r []rune, a, b int) int {
	i := a
	for i < b && i < a+2 && isDigit(r[i]) {
		i++
	}
	if i > a && i+1 < b && oneOf(r[i], ".．、") && isHan(r[i+1]) {
		return i + 1
	}
	return a
}

// opens reports whether the opener of length k at a stands before something that it can open.
func opens(r []rune, a, b, k, tag int) bool {
	if a+k >= b {
		return tag != wordLead
	}
	if oneOf(r[a+k], "率量额度") {
		return false
	}
	if tag == wordLead || k > 1 && tag != wordManner {
		return true
	}
	if oneOf(r[a+k], "、，了“在") {
		return true
	}
	v, _ := verbs.at(r[:b], a+k)
	o, next := openers.at(r[:b], a+k)
	w, _ := bringVerbs.at(r[:b], a+k)
	t, _ := titleVerbs.at(r[:b], a+k)
	p, _ := predicates.at(r[:b], a+k)
	return v > 0 || w > 0 || t > 1 || p > 1 || o > 1 || o == 1 && next == wordLead
}

// openingPlace returns the end of a phrase of place or circumstance at the front: 在全国率先, 在全省范围内.
func openingPlace(r []rune, a, b int) int {
	if a >= b || r[a] != '在' || a+1 < b && r[a+1] == '建' {
		return a
	}
	for i := a + 1; i < b && i < a+16; i++ {
		for _, w := range []string{"范围内", "基础上", "全省率先", "全市率先", "全国率先", "全区率先", "领域", "方面", "全省", "全市", "全国", "全区", "全县", "内", "中", "上", "下", "率先", "省内", "市内"} {
			if reads(r[:b], i, w) && i+len([]rune(w)) <= b {
				i += len([]rune(w))
				if reads(r[:b], i, "首批") {
					i += 2
				}
				return i
			}
		}
	}
	return a
}

// verbInNoun reports whether the verb of length k at a begins the name of a measure, or a
// longer noun: 开工复工率, 建设用地安全利用率, 服务业增加值.
func verbInNoun(r []rune, a, b, k int) bool {
	if a+k >= b {
		return false
	}
	if n, _ := verbNouns.at(r[:b], a); n > k {
		return true
	}
	if oneOf(r[a+k], "性型化率者员部厅局室站所厂户额量值度类费") && !oneOf(r[a], "新") {
		return true
	}
	for _, w := range []string{"地区", "人口", "区域", "行业"} {
		if reads(r[:b], a+k, w) {
			return true
		}
	}
	if n, _ := measureNouns.at(r[:b], a+k); n > 1 && measuring(string(r[a:a+k])) {
		return true
	}
	return hasSuffix(r[a:b], "率")
}

// measuring reports whether a verb often begins the name of a measure: 运营里程, 通车里程, 种植面积.
func measuring(verb string) bool {
	switch verb {
	case "技改", "运营", "通车", "营业", "生产", "种植", "销售", "出口", "进口", "服务", "供给", "供应", "覆盖", "流转", "播种", "绿化", "处理", "吸纳":
		return true
	}
	return false
}

// verbNouns are nouns that begin with a verb of the list.
var verbNouns = newLexicon(
	group{1, `实际利用外资 实际利用内资 实际使用外资 实际到位资金 实际到位内资 实际到位外资 实际到账外资 直接利用外资 利用外资 利用内资 合同利用外资 实际引进内资 实际引进外资 对外 对上 对口 对接 对标 对照 脱贫地区 服务事项 创新创业 创新平台 创新中心 创新型 创新能力 创新产品 创新指数 建成区
		建成区面积 计划生育 扶贫开发 水土保持 高标准农田 高质量发展 高水平开放 高效节水 基本农田 基本养老 基本医疗 基本公共 
		 公共 人均 集中供养 公共服务 服务业 服务站 服务中心 服务站点 服务体系 服务网络 服务项目 服务大厅 服务企业
		服务窗口 服务点 服务机构 服务平台 服务设施 服务网点 服务贸易 服务型 创建县 创建村 创建单位 建设用地 建设工地 建设项目 投入品 研发投入 研发经费 研发人员 研发机构 科技投入 消费 减税降费 缓税缓费 退税减税 留抵退税 减费让利 市场主体 经营主体 造林绿化
		绿化造林 集聚区 集聚地 聚集区 以旧换新补贴 以旧换新 以工代赈 就业岗位 就业任务 培训班 培训基地 安置房 安置点 安置区 安置住房 建设兵团 开发区 引进内资 实施方案 出口额 进口额 进出口
		贷款余额 融资担保 担保贷款 贷款规模 销售额 销售收入 生产总值 生产线 生产能力 生产基地 支出 补助资金 保护区 保护地 管理站
		设计院 规划馆 更新改造 脱贫户 脱贫人口 脱贫村 扶贫 监测站 监测点 检测中心 应用场景 示范区 示范点 示范基地 示范村 示范户
		示范社 示范县 示范项目 示范镇 示范园 试点 创新平台 创新中心 创新型 招商 育苗 种植业 种植面积 种植基地 种植户 种粮 造林面积
		改制 改革 造血 设施 设备 置业 引水 引大 引黄 用户 用地 用水 用电 用能 用工 用人 用海 办公 办学 办案 补贴资金 补给 评价
		评议 派出所 帮扶 领军 清洁 清单 清真 招生 招标 拆迁户 改厕 改水 改电 减排 减碳 减灾 增加值 增值 增量 建筑 建制 建材
		建档 建行 建档立卡 修养 种子 种业 种畜 种猪 造纸 造船 植物 植保 育苗 育肥 育种 租赁 购房 购销 购物 上市公司 上市企业
		登记失业 注册商标 注册资本 交易 流转面积 流转土地 回收站 处理厂 处理能力 处理率 供水 整治任务 新能源 新材料 新兴 新型 新区
		新城 新车 新产品 新农村 新材 新业态 新基建 新华 全市 全省 全县 全区 全国 全社会 全镇 全乡 全州 全体 全民 全员 全球 多元
		多功能 单位 单体 单笔 少年 少数 每百 将军 要素 要道 要件 使用 使命 能源 能耗 能力 能级 可再生 可支配 还款 都市 都市圈
		各类 再生 再贷款 再就业 达标 净化 净土 净水 新建商品 即办 便民 便利 现代 又好 基础 重点项目 重点工程 重点企业 重点领域
		集中供热 集中安置 稳定就业 保障房 保障性 统筹城乡 按揭 规划 保证金 支持政策 成功率 加工 含税 和谐 与会 等级 的士 地区 地方
		地产 地表 地铁 地质 地理 地下 地上 地面 地热 或有 但丁 并网 并购`, "general usage"},
)

// nounHead reports whether a noun of verbNouns begins at a, so that its first letter is no adverb.
func nounHead(r []rune, a, b int) bool {
	n, _ := verbNouns.at(r[:b], a)
	return n > 0
}

// openingPeriod returns the end of a phrase of time at the front: 2020年, 截至2020年底, 到2030年, 五年间.
func openingPeriod(r []rune, a, b int) int {
	if i := openingWindow(r, a, b); i > a {
		return i
	}
	if i := openingLead(r, a, b); i > a {
		return i
	}
	i := a
	for _, w := range []string{"截至", "截止", "到", "至", "预计到", "自", "从"} {
		if reads(r[:b], i, w) {
			i += len([]rune(w))
			break
		}
	}
	if _, e := fiveYearEnd(r[:b], i); e > 0 && i > a { // 到“十四五”末
		for _, w := range []string{"期末", "时期末", "末"} {
			if reads(r[:b], e, w) {
				return e + len([]rune(w))
			}
		}
	}
	d := i
	for d < b && isDigit(r[d]) {
		d++
	}
	if k, tag := timeTails.at(r[:b], i+1); tag == 2 && i < b && oneOf(r[i], "一二三四") && k > len([]rune("季度")) { // 二季度末前
		return i + 1 + k
	}
	if n := d - i; (n == 1 || n == 2) && d+1 < b && oneOf(r[d], "-—－~～至") { // 1-6月
		e := d + 1
		for e < b && e < d+3 && (isDigit(r[e]) || r[e] == '—') {
			e++
		}
		for _, w := range []string{"月份", "月"} {
			if e > d+1 && reads(r[:b], e, w) {
				return e + len([]rune(w))
			}
		}
	}
	if n := d - i; n == 1 || n == 2 { // 9月底前
		if k, tag := timeTails.at(r[:b], d); tag == 1 {
			return d + k
		}
	}
	if d-i == 4 && d+5 < b && oneOf(r[d], "-—－~～至") && yearAt(r, d+1) > 0 { // 2012～2014年
		d += 5
	}
	if d-i != 4 && d-i != 9 || d >= b || r[d] != '年' {
		return a
	}
	d++
	for _, w := range []string{"底前", "末前", "年底", "年末", "底", "末", "前", "初", "以来", "起", "间", "期间", "内", "度", "上半年", "下半年", "，"} {
		if reads(r[:b], d, w) {
			return d + len([]rune(w))
		}
	}
	return d
}

// openingLead returns the end of the lead of an early completion at the front: 提前两年|实现翻番.
func openingLead(r []rune, a, b int) int {
	if !reads(r[:b], a, "提前") {
		return a
	}
	i := a + 2
	for i < b && i < a+4 && (isDigit(r[i]) || oneOf(r[i], "一二两三四五六七八九十半")) {
		i++
	}
	if i == a+2 {
		return a
	}
	for _, w := range []string{"年", "个月", "个季度", "天"} {
		if reads(r[:b], i, w) {
			return i + len([]rune(w))
		}
	}
	return a
}

// openingWindow returns the end of a look-back window at the front: 近3年, 3年, 五年间, 连续两年.
func openingWindow(r []rune, a, b int) int {
	i := a
	for _, w := range []string{"近", "过去", "连续", "最近", "前", "已连续", "这"} {
		if reads(r[:b], i, w) {
			i += len([]rune(w))
			break
		}
	}
	d := i
	for d < b && d < i+2 && (isDigit(r[d]) || oneOf(r[d], "一二两三四五六七八九十")) {
		d++
	}
	if d == i || d >= b || r[d] != '年' || d+1 < b && oneOf(r[d+1], "级制期产行") {
		return a
	}
	d++
	for _, w := range []string{"来", "间", "内", "以来", "期间"} {
		if reads(r[:b], d, w) {
			return d + len([]rune(w))
		}
	}
	if d < b && oneOf(r[d], "义专规计攻") {
		return a
	}
	return d
}
