package extract

// What a unit counts decides on which side of the number its noun stands, and what is no item at all.
const (
	dimNone    = iota
	dimMoney   // 元
	dimCount   // a classifier: 个, 家, 户
	dimPeople  // 人, 人次
	dimSize    // length, area, volume, weight, energy
	dimTime    // a duration
	dimAge     // 岁
	dimRate    // %, ‰, 百分点
	dimTimes   // 倍, 番
	dimScore   // 分
	dimVoltage // only ever a class: 10千伏
	dimRank    // only ever a rank or a class: 强, 级, 届
	dimPlace   // 县, 镇, 村 counted without 个
)

// units are the words that may follow a number. Sources: the four texts, GB 3100-93 (names of
// units), and general usage of work reports for the classifiers.
var units = newLexicon(
	group{dimMoney, `元 美元 港元 欧元 日元 英镑 卢布 元人民币 元/吨 元/平方米 元/人 元/月 元/年 元/亩 元/公里 元/千瓦时 元/度 元/户 元/天 元/人月 块钱`, "general usage"},
	group{dimCount, `个 家 户 项 件 处 条 座 所 套 台 辆 架 艘 列 班 场 场次 次 起 宗 批 批次 例 张 份 篇 部 本 册 幅 块 片 栋
		幢 间 层 张床 床 棺 班次 对 双 组 支 队 只 头 头只 匹 羽 尾 株 棵 盆 颗 粒 枚 口 眼 孔 盏 根 门 种 类 款 大类 席 岗 单
		笔 包 桩 台套 台次 台（套） 台(套) 亩次 户次 车次 架次 标箱 标准箱 TEU 箱 车道 机架 标准机架 个标准机架 辆次 件次
		家次 艘次 趟 册次 期 宗地 套次 人份 剂次 针次 剂 针 泊位 吨级 顶 扇 尊 方案 个工日 工日 个台 盘 团 路 点次 站 厅 卡 枝 眼井
		棒 峰 袋 锭 纱锭 标准重量箱 群 副 具 首 杆 瓶 桶 盒 捆 卷 筒 重量箱 机位 车位 床位 餐位
		人（次） 人(次)`, "general usage"},
	group{dimPeople, `人 人次 名 位 人员`, "general usage"},
	group{dimPlace, `镇 乡 村 县`, "general usage"},
	group{dimSize, `平方米 平方公里 平方千米 平米 公顷 亩 公里 千米 米 里 华里 海里 延米 延长米 厘米 毫米 微米 车道公里 单线公里 皮长公里 芯公里
		纤芯公里 立方米 方 立方 立方千米 升 毫升 标方 标准立方米 立方英尺 吨 公斤 千克 斤 克 担 吨标准煤 吨标煤 吨油当量
		吨二氧化碳 吨公里 吨/日 吨/天 吨/年 立方米/日 立方米/天 立方米/秒 立方米/年 公斤/亩 斤/亩 人/平方公里 人公里 毫克
		微克 毫克/升 毫克/立方米 微克/立方米 吨标准煤/万元 千克/公顷 克/千瓦时 千瓦 兆瓦 吉瓦 瓦 千瓦时 兆瓦时 吉瓦时 度 度电
		千伏安 兆伏安 马力 蒸吨 大卡 千焦 载重吨 总吨 标准吨 当量 标台 标准台 折标吨 平方 比特 兆 贝 摄氏度 ℃ 分贝 赫兹 MW
		GW kW KW MWh GWh kWh kwh KWh MVA kVA Mbps Gbps Tbps TB PB EB P PFLOPS
		Pflops PFlops EFLOPS EFlops km km² km2 m² m2 ㎡ m³ m3 ㎥ hm² hm2 kg t GB 兆比特 PFLOPs`, "GB 3100-93, general usage"},
	group{dimVoltage, `千伏 伏 kV KV`, "erdao-2022, wuwei-2021, tongchuan-2010"},
	group{dimAge, `岁 周岁`, "wuwei-2021"},
	group{dimTime, `年 个月 周 天 日 小时 个小时 分钟 秒 秒钟 毫秒 工作日 个工作日 个自然日 自然日 课时 学时`, "erdao-2022, wuwei-2021, tongchuan-2010"},
	group{dimRate, `% ‰ 百分点 个百分点 个千分点 千分点`, "the four texts"},
	group{dimTimes, `倍 番`, "wuwei-2021"},
	group{dimScore, `分`, "general usage"},
	group{dimRank, `强 级 届 星级 星 号 号线 世纪 线 环 期工程 型 代 维 版 折 月 季度 个季度 周年 日龄 度角 时 点 名次 位次 字`, "general usage"},
)

// notUnits begin with the letter of a unit and are none: 5万家庭, 3条件.
var notUnits = newLexicon(
	group{1, `台阶 项目 人口 家庭 门诊 条件 名城 组织 部门 期间 对口 口岸 层次 次数 位于 点位 点对点 分析 方面 方向 方式 方阵 方位 年轻人 群众 群体 群岛 首批 首次 首届 首个 首家 具有 具备 具体 副省 副市 副县 副中心 单元 单位 单体`, "general usage"},
)

// plainUnits gives the units that are counted with 个 their plain form.
var plainUnits = map[string]string{
	"个百分点": "百分点", "个工作日": "工作日", "个小时": "小时", "个千分点": "千分点", "个自然日": "自然日", "个工日": "工日",
	"台（套）": "台", "台(套)": "台", "人（次）": "人次", "人(次)": "人次",
	"度电": "度", "秒钟": "秒", "张床": "张", "个标准机架": "标准机架", "个台": "台",
	"元人民币": "元", "块钱": "元", "标准箱": "标准箱",
}

// missingUnits fill in a unit that the text leaves out after 万 or 亿, by the noun that is counted.
var missingUnits = newLexicon(
	group{3, `游客 旅客 人次 客流 旅游人数 客流量`, "national reports"},
	group{1, `人口 群众 居民 人 职工 学生 农民 老人 老年人 党员 干部 人数 就业 用工 劳动力 师生 市民 村民 参保 贫困人口 农村人口
		农牧民 牧民 渔民 职员 婴幼儿 妇女 儿童 青年 大学生 毕业生 农民工 移民 人才 志愿者 残疾人 低保对象 监测对象 救助对象 特困对象 低收入对象 患者
		幼儿 军人 对象`, "tongchuan-2010, wuwei-2021"},
	group{2, `农户 用户 家庭 住户 个体户 贫困户 脱贫户 困难户`, "general usage"},
)

var missingNames = map[int]string{1: "人", 2: "户", 3: "人次"}
