package extract

// Tasks: what 完成 needs to tell an event (README: 完成 needs a task with its own content).

// ownContent reports whether a task is more than 年度任务 (README: 完成 needs a task with its own content).
func ownContent(r []rune, n span) bool {
	if ownAim(r[n.a:n.b]) {
		return true
	}
	for i := n.a; i < n.b; i++ { // the plan as a whole, and amounts without a unit
		if end, at := fiveYearEnd(r[:n.b], i); end > 0 && (at == n.b || reads(r[:n.b], at, "规划") || reads(r[:n.b], at, "计划")) && n.b-at < 6 {
			return false
		}
		if isDigit(r[i]) && i == n.a && i+1 < n.b && !isLetter(r[i+1]) {
			return false
		}
	}
	for _, w := range []string{"目标任务", "年度任务", "年度工作任务", "各项任务", "主要目标", "年度目标", "规划目标", "全年目标", "全年任务", "既定", "预期目标", "各项目标", "约束性指标", "预期任务", "任务目标", "考核任务", "上级", "交办", "确定的", "会议确定", "大会确定", "部署的", "提出的"} {
		if contains(r[n.a:n.b], w) && !(w == "目标任务" && ownAim(r[n.a:n.b])) && !(w == "年度任务" && yearOfWork(r[n.a:n.b])) {
			return false
		}
	}
	if i := index(r[n.a:n.b], "下达"); i >= 0 && n.b-n.a-i < 9 { // 市下达的任务, but 市下达的节能减排降碳任务
		return false
	}
	for _, w := range []string{"投资", "产值", "增加值", "销售", "目标", "指标", "收入", "使命", "转型", "升级", "主要任务", "发展任务", "工程量", "工作量"} {
		if hasSuffix(r[n.a:n.b], w) && !(w == "升级" && (contains(r[n.a:n.b], "技改") || contains(r[n.a:n.b], "改造"))) { // 完成转型升级, but 完成技改升级
			return false
		}
	}
	if reads(r[:n.b], n.a, "年度") && n.b-n.a <= 6 {
		return false
	}
	if k, _ := ownWorks.at(r[:n.b], n.a); k == n.b-n.a-2 && k > 0 && hasSuffix(r[n.a:n.b], "任务") { // 脱贫|任务
		return true
	}
	if n.b-n.a <= 4 && hasSuffix(r[n.a:n.b], "任务") { // 改革任务: no task of its own
		return false
	}
	return n.b-n.a >= 4
}

// ownAim reports whether an aim is one of a definite work, not of the year or the plan: 脱贫攻坚|目标任务.
func ownAim(r []rune) bool {
	if !hasSuffix(r, "目标任务") || len(r) < 8 {
		return false
	}
	k, _ := ownWorks.before(r, len(r)-4)
	return k > 0
}

// yearOfWork reports whether the task of a year is one of a definite work: 老旧小区改造|年度任务.
func yearOfWork(r []rune) bool {
	n := len(r) - 4
	if n < 5 || !hasSuffix(r, "年度任务") {
		return false
	}
	k, tag := facilityHeads.before(r[:n], n)
	return k > 0 && tag == 3
}

// ownWorks are works of the whole country that end once and for all.
var ownWorks = newLexicon(
	group{1, `脱贫攻坚 脱贫 扶贫 减贫 污染防治攻坚战 去产能 去产能化 减排 节能减排 降碳 全面小康 棚户区改造 危房改造 退耕还林 改厕 清欠`, "a province's report of 2021"},
)
