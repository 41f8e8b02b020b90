package extract

// Names of things that are built, founded or written, alone and joined.

// facilityHeads end the full name of a thing that is built, founded or written.
var facilityHeads = newLexicon(
	group{1, `中心 快线 干线 大道南 大道北 大道东 大道西 大道中 路南段 路北段 路东段 路西段 港 学校 中学 小学 幼儿园 大学 学院 校区 职校 高中 初中 高中部 初中部 小学部 分校 分院 医院 院区 卫生院 卫生服务中心 卫生室 公路 铁路 高铁 高速
		高速公路 快速路 大道 路 街 南路 北路 东路 西路 段 大街 大桥 桥 隧道 立交 立交桥 互通 枢纽 车站 客运站 高铁站 站房 机场
		码头 港区 港 航道 水库 水电站 电站 变电站 水厂 污水处理厂 处理厂 垃圾处理厂 厂 工厂 站 馆 博物馆 图书馆 体育馆 体育场
		文化馆 科技馆 影剧院 剧院 剧场 大剧院 场 广场 市场 公园 湿地公园 园 园区 产业园 工业园 物流园 科技园 基地 研究院 研究所
		研究中心 实验室 平台 系统 网络 大数据中心 指挥中心 服务站 福利院 养老院 敬老院 安置区 小区 社区 公寓 保障房 综合体 商场
		大厦 大楼 教学楼 业务楼 综合楼 病房楼 宿舍楼 实训楼 食堂 新院 住院部 门诊部 中转站 污水处理站 停车楼 公厕 体检中心 门诊楼 住院楼 管廊 管网 泵站 堤防 灌区 渠 输水工程 生产线 车间 机组 装置 铁路线 地铁 号线
		轨道 线 专线 环线 联络线 连接线 复线 支线 渠道 枢纽工程 委员会 协会 联盟 基金 公司 集团 银行 法庭 支队 大队 酒店 古镇
		街区 步行街 夜市 景区 度假区 综合保税区 保税区 开发区 自贸区 示范区 纪念馆 展览馆 规划馆 档案馆 殡仪馆 公墓 体育中心
		文化中心 会展中心 市民中心 服务中心 技术中心 研发中心 疾控中心 妇幼保健院 保健院 透析中心 直播基地 停车场 加油站 充电站 收费站
		服务区 客运枢纽 焚烧发电厂 电厂 热源厂 气源站 门站 直联点 专用通道 大通道 通道 口岸 节点 储备库 粮库 冷库 冷链 仓库 大坝 主坝 路基 路面 桥面`, "the four texts, general usage"},
	group{1, `西延 南延 东延 北延 延伸段 延长线 城际 景观带 景观桥 游园 绿道 步道 栈道 廊道 天桥 地下通道 索道 缆车 列车 班列 专列 动车 航线 监督所 派出所 卫生所 事务所 交易所 管理所 供电所 气象站 传染病院 精神病院 中医院 职业技术学院 加速器 孵化器 中子源 光源 反应堆 望远镜`, "cities' reports of 2003, 2006, 2019"},
	group{1, joined(fields("管理 审批 执法 监管 税务 保障 应急 数据 信访 监察 医保 服务"), "局", "委"), "a city's report of 2018"},
	group{2, `项目 工程`, "the four texts"},
	group{3, `填筑 浇筑 铺轨 架设 吊装 开挖 截流 勘界 测绘 清查 重建 恢复重建 拆迁 征迁 安置 征地拆迁安置 迁改 迁移 清淤 疏浚 修复 绿化 亮化 吹填 划定 退捕 禁捕 规划 方案 行动 任务 普查 改革 改造 整改 换届 条例 办法 搬迁 迁建 整治 治理 改制 建设 区划 调整 编制 收官 攻坚战 战役 清产核资 纲要 确权登记 登记颁证 确权颁证 颁证 选址 移交 交接 招标 勘察 征占 征地 征迁占 论证 转隶 立法 修编 续志 验收 工作`, "tongchuan-2010, wuwei-2021, general usage"},
)

// bareName drops 建设 and 任务 behind a name and bounds its length.
func bareName(r []rune, n span) span {
	for _, w := range []string{"建设任务", "建设工作", "建设"} {
		if k := len([]rune(w)); n.b-n.a > k+3 && hasSuffix(r[n.a:n.b], w) {
			n.b -= k
			break
		}
	}
	if n.b-n.a > 2*maxSubject {
		if i := index(r[n.a:n.b], "等"); i > 0 && n.b-n.a-i-1 >= 4 {
			return span{n.a + i + 1, n.b}
		}
		n.b = n.a + 2*maxSubject
	}
	return n
}

func hasHead(r []rune, n span) bool {
	b := n.b
	for b > n.a && oneOf(r[b-1], "）”") {
		if r[b-1] == '）' {
			for b > n.a && r[b-1] != '（' {
				b--
			}
		}
		b--
	}
	k, _ := facilityHeads.before(r[:b], b)
	return k > 0 && b-k >= n.a
}

// names splits joined full names (东新中学、毓航实验学校); a list that shares its head or is closed by 等 stays whole.
func names(r []rune, n span) []span {
	whole := []span{n}
	if open := index(r[n.a:n.b], "等"); open > 0 {
		return whole
	}
	out := cut(r, n, func(i int) (int, bool) {
		end := endOfName(r, i)
		return end, !joinInside(r[n.a:n.b], i-n.a) || end < i
	})
	out = shareHead(r, out)
	if len(out) == 1 {
		return whole
	}
	tag := headTag(r, out[len(out)-1])
	head := headWord(r, out[len(out)-1])
	for _, p := range out {
		t := headTag(r, p)
		if t == 0 || p.b-p.a < 2 || (tag == 2 || tag == 3) && t != tag || tag == 3 && headWord(r, p) != head {
			return whole
		}
	}
	return out
}

// shareHead joins what the joints of a list do not part: a name without a head and the one that has it behind 和 (西河和东河段),
// and the names that share the work told of the last of them (甲路、乙路翻新改造|和丙路绿化).
func shareHead(r []rune, parts []span) []span {
	mixed := false // joined by 、 and by 和
	for _, p := range parts[1:] {
		mixed = mixed || r[p.a-1] != '、'
	}
	out := parts[:0]
	for k, p := range parts {
		n := len(out)
		if n > 0 && headTag(r, out[n-1]) == 0 && headTag(r, p) > 0 && (oneOf(r[p.a-1], "和与及") || r[p.a-1] == '、' && (several(r, p) || mixed && out[n-1].b-out[n-1].a <= 4)) ||
			n > 0 && hasSuffix(r[:out[n-1].b], "城际") && hasSuffix(r[:p.b], "城际铁路") { // 甲城际、乙城际|铁路
			out[n-1].b = p.b
			continue
		}
		if n > 0 && r[p.a-1] == '、' && (headTag(r, p) == 3 && k+1 < len(parts) || commonWork(r, p)) && headTag(r, out[n-1]) == 1 {
			for n > 1 && r[out[n-1].a-1] == '、' {
				n--
			}
			out = out[:n]
			out[n-1].b = p.b
			continue
		}
		out = append(out, p)
	}
	return out
}

// several reports whether a name says of how many things it is, so that the names before it are some of them: 南路、北路|两条大道.
func several(r []rune, n span) bool {
	for i := n.a + 1; i+1 < n.b; i++ {
		if oneOf(r[i], "两三四五六七八九十") && oneOf(r[i+1], "条座个大所处段") {
			return true
		}
	}
	return false
}

// commonWork reports whether a name ends in a second head that it shares with the names before it: 甲路、乙路|道路建设.
func commonWork(r []rune, n span) bool {
	for _, w := range []string{"道路建设", "道路工程", "道路", "路网建设", "公路建设", "管网建设", "桥梁建设"} {
		if k := len([]rune(w)); n.b-n.a > k+2 && hasSuffix(r[n.a:n.b], w) {
			return headTag(r, span{n.a, n.b - k}) == 1
		}
	}
	return false
}

// cut splits n at its joints (、和与及) outside of brackets: at tells of the one at i whether it parts two names, and where the first of them ends.
func cut(r []rune, n span, at func(i int) (end int, parts bool)) (out []span) {
	a, depth := n.a, 0
	for i := n.a; i < n.b; i++ {
		switch {
		case r[i] == '“' || r[i] == '（' || r[i] == '《':
			depth++
		case r[i] == '”' || r[i] == '）' || r[i] == '》':
			if depth--; depth == 0 && r[i] != '）' && i+1 < n.b && r[i+1] == opening(r[i]) { // “甲县”“乙县”: nothing joins them
				out = append(out, span{a, i + 1})
				a = i + 1
			}
		case depth <= 0 && r[i] == '、' && i > a && i+1 < n.b && isDigit(r[i-1]) && isDigit(r[i+1]): // 核电1、2号机组
		case depth <= 0 && oneOf(r[i], "、和与及") && i > a:
			if end, parts := at(i); parts {
				out = append(out, span{a, end})
				a = i + 1
			}
		}
	}
	return append(out, span{a, n.b})
}

// opening returns the mark that opens what the mark c closes.
func opening(c rune) rune {
	if c == '》' {
		return '《'
	}
	return '“'
}

// endOfName returns where the name before the joint at i ends: A|以及B.
func endOfName(r []rune, i int) int {
	if r[i] == '及' && i > 0 && r[i-1] == '以' {
		return i - 1
	}
	return i
}

// headWord returns the head that a name ends in, empty if none.
func headWord(r []rune, n span) string {
	k, _ := facilityHeads.before(r[:n.b], n.b)
	if k == 0 || n.b-k < n.a {
		return ""
	}
	return string(r[n.b-k : n.b])
}

// headTag returns what kind of head a name ends in, 0 if none.
func headTag(r []rune, n span) int {
	b := n.b
	for _, w := range []string{"建设", "建设任务", "建设工作"} {
		if n.b-n.a < 5 || !hasSuffix(r[n.a:n.b], w) {
			continue
		}
		b -= len([]rune(w))
		if c, t := facilityHeads.before(r[:b], b); c > 0 && b-c >= n.a && t == 1 {
			return 1
		}
		return 3
	}
	for i := n.a + 2; i+2 < b; i++ { // 云岭隧道|及接线工程
		if r[i] == '及' && accessories(r[:b], i+1) {
			b = i
		}
	}
	if isDigit(r[b-1]) { // G331
		return 1
	}
	for _, w := range []string{"改扩建", "改建", "扩建", "迁建"} { // 玉屏索道|改建
		if k := len([]rune(w)); n.b-n.a > k+3 && hasSuffix(r[n.a:b], w) {
			if c, t := facilityHeads.before(r[:b-k], b-k); c > 0 && b-k-c >= n.a && t == 1 {
				return 1
			}
		}
	}
	for _, w := range []string{"（一期）", "（二期）", "（三期）", "一期", "二期", "三期", "四期", "新址", "新院区"} {
		if k := len([]rune(w)); b-n.a > k+2 && hasSuffix(r[n.a:b], w) {
			b -= k
			break
		}
	}
	k, t := facilityHeads.before(r[:b], b)
	if k == 0 || b-k < n.a {
		return 0
	}
	return t
}

// accessories reports whether what goes with a work begins at r[i], so that both are one thing: 云岭隧道及|接线工程.
func accessories(r []rune, i int) bool {
	for _, w := range []string{"接线", "连接线", "配套", "附属", "引线", "引道", "相关", "延伸"} {
		if reads(r, i, w) {
			return true
		}
	}
	return false
}
