package extract

// Durations: terms promised or kept against dates, windows and names.

// lookback are the words before a number of years that make it a window into the past or a plan's length.
var lookback = newLexicon(
	group{1, `近 过去 连续 连年 最近 前 历时 时隔 创 自 持续 已连续 未来 今后 每 第 任期 届满 成立 建党 建国 建市 改革开放 实施 这 整整 长达 一晃 十 经过 历经 近期 为期 以来 前后`, "README, wuwei-2021"},
)

// timeWork are the words behind a duration that make it a term promised or kept: 15分钟办结.
var timeWork = newLexicon(
	group{1, `办结 内办结 以内办结 之内办结 内完成 内办理 办理 办成 内办成 完成 内送达 内到达 到达 内响应 响应 内答复 答复 内回复 内处置
		时间 的努力 努力 左右时间 左右的时间 的时间 时限 领证 拿证 拿到 取证 开办 内开办 审批 出证 即可 办好 内办好 办照 立等可取
		快办 内反馈 内解决 内拨付 内审结 内签约 以内 工期`, "README, tongchuan-2010, erdao-2022"},
)

// circles are the nouns that make a duration part of a name: 30分钟循环圈, 24小时自助.
var circles = newLexicon(
	group{1, `圈 生活圈 经济圈 通勤圈 交通圈 服务圈 循环圈 循环 行动 计划 规划 攻坚 攻坚战 倍增 滚动 自助 不打烊 服务 值守 值班 在线
		全天候 全天 热线 无休 制 期 前 来 间 以来 后 代 级 龄 免费 义务 大事 历史 的历史 发展历程 高新 专项 整治 提升 建设
		改造 贷款 国债 可达 直达 工作 任务 目标 中 度 货币 会战 大会战 待 保质 质保 试点 应急 监测 供水 行`, "README, erdao-2022"},
)

// dropsTime tells a duration promised or achieved from dates, windows and names.
func (n *number) dropsTime(r []rune, s span) string {
	left, right := r[s.a:n.a], r[n.b:s.b]
	if n.unit == "年" && n.max == "" && isYear(string(n.value)) || n.unit == "日" {
		return "date"
	}
	if n.unit == "年" && n.max != "" && isYear(string(n.max)) {
		return "date"
	}
	if hasSuffix(left, "提前") || hasSuffix(left, "提前了") || hasSuffix(left, "提早") { // 提前|3个月开工
		return "early completion"
	}
	if hasSuffix(left, "延长") && contains(left, "承包") { // 土地承包到期后再延长|30年
		return "policy"
	}
	if hasPrefix(right, "一遇") { // 防洪标准由20年|一遇提高到50年一遇
		return "class"
	}
	if n.unit == "年" && (hasPrefix(right, "多的") || hasPrefix(right, "余的") || hasPrefix(right, "之久")) { // 遗留时长8年多的迁建项目
		return "look-back window"
	}
	if k, _ := timeWork.at(right, 0); k > 0 {
		if b, _ := lookback.before(left, len(left)); b == 0 || n.unit != "年" {
			return ""
		}
	}
	if hasPrefix(right, "内") && (n.unit != "年" && n.unit != "个月" || promisedTerm(r, n.a)) {
		return ""
	}
	if b, _ := lookback.before(left, len(left)); b > 0 {
		if k, tag := predicates.before(left, len(left)); k <= b || predKind(tag) == predIs {
			return "look-back window"
		}
	}
	if k, _ := circles.at(right, 0); k > 0 {
		return "name"
	}
	if k, tag := predicates.before(left, len(left)); k > 0 && predKind(tag) != predIs && predKind(tag) != predDo {
		return ""
	}
	for _, w := range []string{"由", "从", "用", "再用", "用时", "仅用时", "耗时", "力争通过", "通过", "缩短", "压缩", "天数", "时限", "时间", "仅需", "只需", "不超过", "周期", "时长", "超过", "日数", "为", "天数为", "寿命", "年限", "工龄", "延长"} {
		if hasSuffix(left, w) {
			if n.unit == "年" && (w == "为" || w == "超过") {
				continue
			}
			return ""
		}
	}
	if n.unit == "课时" || n.unit == "学时" {
		return ""
	}
	if n.unit == "天" && contains(left[max(0, len(left)-10):], "天数") {
		return ""
	}
	return "time"
}

// promisedTerm reports whether a word of promise stands right before the term at b: 争取|3年内让矿山复绿.
func promisedTerm(r []rune, b int) bool {
	for _, w := range []string{"力争", "争取", "努力", "确保", "计划", "力争在", "争取在", "确保在", "计划在"} {
		if hasSuffix(r[:b], w) {
			return true
		}
	}
	return false
}

func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20" || s[:2] == "21")
}

func isWork(right []rune) bool {
	k, _ := timeWork.at(right, 0)
	return k > 0 || hasPrefix(right, "内")
}
