package extract

// boundKind is what a word before or behind a number makes of it.
type boundKind int

const (
	boundNone boundKind = iota
	boundGe
	boundGt
	boundLe
	boundLt
	boundApprox
)

// bounds are the words that stand before a number and bound it. The words with tag 0 look
// like one and are none.
var bounds = newLexicon(
	group{int(boundGt), `超过 超 突破 过 破 逾 跨过 跨越 迈上 迈过 站上 越过 冲破 冲上 跃上 登上 首破 首超 多于 大于 迈入 跨入 再破 连破 超出 突破性超过 赶超 攀上 跨上 站稳 超越 超过了 突破了 跨过了 跨越了 迈上了 迈过了 站上了 越过了 冲破了 跃上了 登上了 迈入了 跨入了`, "erdao-2022, wuwei-2021, jilin-2026, tongchuan-2010, general usage"},
	group{int(boundGe), `不低于 不少于 不小于 至少 至少有 至少要有 最低 不亚于 达到或超过 至少达到`, "README, general usage"},
	group{int(boundLe), `不超过 不高于 不多于 不大于 至多 最多 不突破 最高不超过 不得超过`, "README, general usage"},
	group{int(boundLt), `不足 低于 少于 不到 小于 未到 不满`, "README, general usage"},
	group{int(boundApprox), `近 约 大约 接近 将近 约为 大致 约占 约达 近乎 已近`, "erdao-2022, README"},
	group{int(boundNone), `通过 经过 最近 附近 临近 靠近 节约 集约 合约 签约 邀约 条约 大约定 渡过 度过 走过 侦破 打破 攻破 破解 制约 就近 不过 远近 违约 履约 预约 公约 超额 毗邻近 邻近 亲近 解约 续约 相约`, "general usage"},
)

// afterBounds are the words that stand behind a number and bound it.
var afterBounds = newLexicon(
	group{int(boundGe), `以上 及以上 或以上 之上 （含）以上 起 （以上）`, "the four texts"},
	group{int(boundLe), `以内 之内 以下 及以下 之下 （以内）`, "tongchuan-2010"},
	group{int(boundApprox), `左右 上下 （左右）`, "jilin-2026, tongchuan-2010"},
)

// predKind is what a predicate before a number says of it.
type predKind int

const (
	predNone predKind = iota
	predReach
	predGrow
	predFall
	predHold // 控制在, 保持在: a level kept
	predIs   // 为, 是
	predDo   // 完成, 实现: an amount brought about
	predOver // 高于, 快于 a reference
	predUnder
)

// growVerbs and fallVerbs take an amount (增长5%) or, with 到 or 至, a level (增长到5%).
var growVerbs = fields(`增长 增加 提高 提升 上升 上涨 净增 净增加 增收 扩大 攀升 递增 递增长 多增 增产 翻 翻了 升高 提速 增 升 涨 加快 回升 上浮 年增 比增 同比增 环比增 较上年增 比上年增 正增长 净增长 劲增 激增
	猛增 跃升 扩增 拓展 延长 增强 扩容 抬升 反弹 上调 走高 多收 增值 增支`)

var fallVerbs = fields(`下降 减少 降低 压缩 压减 削减 精简 缩短 缩减 回落 下滑 降 减 收窄 缩小 压降 下调 负增长 净减少 减量 减低 递减 跌 下跌 比降 同比降 环比降 压 少 缩 骤降 锐减 再降 减支 降价`)

// levelVerbs take a level with 到, 至 or 为.
var levelVerbs = fields(`扩展 扩容 发展 恢复 调整 延伸 壮大 改善 优化 完善 增至 修复 达 充实 拓宽 推进 集中 延 前移 改`)

// predicates are the words that join a subject and a number.
var predicates = newLexicon(
	group{int(predReach), `达 达到 达至 高达 多达 可达 升至 增至 减至 降至 跃至 涨至 缩至 提至 扩至 压至 跃升到 跃升至 升到 增到 降到 减到 提到 扩到 已达 均达 突破至 累计达 总数达 共达`, "the four texts"},
	group{int(predReach), joined(growVerbs, "到", "至", "为"), "wuwei-2021, general usage"},
	group{int(predReach), joined(fallVerbs, "到", "至", "为"), "erdao-2022, wuwei-2021"},
	group{int(predReach), joined(levelVerbs, "到", "至", "为"), "wuwei-2021, general usage"},
	group{int(predGrow), joined(growVerbs, ""), "the four texts"},
	group{int(predFall), joined(fallVerbs, ""), "the four texts"},
	group{int(predHold), `控制在 保持在 稳定在 维持在 保持 稳定保持在 控制到 限制在 锁定在 稳控在 定在 安排在 稳定`, "tongchuan-2010, jilin-2026"},
	group{int(predIs), `为 是 约为 累计为 计为 仅为 系 有 共有 拥有 现有 已有 占 共占 只占 仅占`, "general usage"},
	group{int(predDo), `完成 实现 预计完成 可实现 预计实现 计划完成`, "tongchuan-2010, general usage"},
)

// joined returns every word with every ending, separated by blanks.
func joined(words []string, endings ...string) string {
	out := ""
	for _, w := range words {
		for _, e := range endings {
			out += " " + w + e
		}
	}
	return out
}

// referenced are the verbs that compare with another place or period: 高于全市2个百分点.
var referenced = newLexicon(
	group{int(predOver), `高于 快于 优于 高出 高过 超出 超过 领先于 好于 多于 快过 超 大于`, "erdao-2022, jilin-2026"},
	group{int(predUnder), `低于 慢于 少于 落后于 差 欠 塌`, "README, reports on plans"},
)

// operator joins predicate and bound to the operator; ranged says that the value has an upper end.
func operator(pred predKind, bound boundKind, ranged bool) Op {
	switch pred {
	case predOver:
		return Above
	case predUnder:
		return Below
	case predGrow:
		return change(bound, ranged, [...]Op{Growth, GrowthGe, GrowthGt, GrowthLe, GrowthLt, GrowthApprox}, GrowthRange)
	case predFall:
		return change(bound, ranged, [...]Op{Decline, DeclineGe, DeclineGt, DeclineLe, DeclineLt, DeclineApprox}, DeclineRange)
	case predReach:
		return change(bound, ranged, [...]Op{Reach, Ge, Gt, Le, Lt, Approx}, Range)
	}
	return change(bound, ranged, [...]Op{Eq, Ge, Gt, Le, Lt, Approx}, Range)
}

func change(bound boundKind, ranged bool, ops [6]Op, ranging Op) Op {
	if ranged {
		return ranging
	}
	return ops[bound]
}

// readAfterBound reads the bound behind n and lengthens its quotation.
func (n *number) readAfterBound(r []rune) {
	if n.bare && !n.word {
		if k, _ := afterBounds.at(r, n.b); k == 0 {
			return
		}
	}
	if n.dim == dimTime && (n.unit != "年" || promisedTerm(r, n.a)) && n.b+1 < len(r) && r[n.b] == '内' && r[n.b+1] != '容' { // 30分钟内办结
		n.post = boundLe
		n.qb = n.b + 1
	}
	if k, tag := afterBounds.at(r, n.b); k > 0 && !(r[n.b] == '起' && n.b+1 < len(r) && isHan(r[n.b+1]) && n.dim != dimCount) {
		n.post = boundKind(tag)
		n.qb = n.b + k
	}
}
