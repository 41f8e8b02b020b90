package pack

import "bihuan/ground/name"

// saying is what is said of one kind of fault, and a hint if one helps everybody. {…} are the fault's values.
// A judgement hinders nobody from running the pack: it binds when a pack is checked and installed, and no longer when one
// that is installed is read again, so that a stricter checker never shuts a store.
type saying struct {
	says, hint name.Text
	judges     bool
}

func say(zh, en string) saying { return saying{says: name.Text{ZH: zh, EN: en}} }

func (s saying) judgement() saying {
	s.judges = true
	return s
}

func (s saying) with(zh, en string) saying {
	s.hint = name.Text{ZH: zh, EN: en}
	return s
}

// noSuch is the saying of a name that nothing is called by.
func noSuch(zh, en string) saying {
	return say("没有名为“{value}”的"+zh, "there is no "+en+" called “{value}”").with("有：{known}", "there are: {known}")
}

// sayings has a row for every code of a fault.
var sayings = map[string]saying{
	// what a folder holds
	"pack-not-found": say("找不到包“{pack}”", "there is no pack “{pack}”"),
	"file-missing":   say("缺少文件 {file}", "the file {file} is missing"),
	"file-empty":     say("文件是空的", "the file is empty"),
	"file-too-large": say("文件太大，超过 {limit}", "the file is too large: more than {limit}"),
	"stray-file":     say("包里不放 {file}", "a pack has no place for {file}").with("可以放：pack.yaml、cases.yaml、README.md、README.语言.md、records/名称.csv", "it may hold pack.yaml, cases.yaml, README.md, README.LANGUAGE.md and records/NAME.csv"),
	"unreadable":     say("读不出来：{reason}", "cannot be read: {reason}"),
	"name-differs":   say("包名“{pack}”与文件夹名“{folder}”不一致", "the pack is called “{pack}” and its folder “{folder}”"),
	"needs-itself":   say("包不需要依赖自己", "a pack does not need itself"),

	// how a file is written
	"not-utf8":          say("不是 UTF-8 编码", "not UTF-8").with("请把文件另存为 UTF-8", "save the file as UTF-8"),
	"control-character": say("有看不见的控制字符", "an invisible control character"),
	"yaml":              say("YAML 写法有误：{reason}", "not YAML: {reason}").with("常见原因：缩进不齐、用了制表符、冒号或逗号是全角的、冒号后面缺空格、引号没有成对", "often the indentation, a tab, a full-width colon or comma, a missing blank behind a colon, or a quotation mark without its partner"),
	"yaml-forbidden":    say("包里不用 YAML 的 {sign} 写法", "packs do without YAML's {sign}").with("请把内容直接写出来；如果这是文字的一部分，请加引号", "write it out; if it is part of a text, put the text in quotation marks"),
	"too-deep":          say("嵌套太深，超过 {limit} 层", "nested more than {limit} deep"),
	"too-many":          say("太多，超过 {limit} 项", "more than {limit}"),
	"two-documents":     say("一个文件只写一份，不用 --- 分开", "one file is one document, without ---"),
	"not-mapping":       say("这里应是“键: 值”", "this should be keys with values"),
	"not-words":         say("这里应写中英文两种说法", "this should be words in both languages").with("写成 {zh: …, en: …}", "write {zh: …, en: …}"),
	"not-list":          say("“{key}”应是列表", "“{key}” is a list").with("每项前面写一个“- ”，或写成 […]", "put “- ” before each item, or write […]"),
	"not-scalar":        say("“{key}”应是一个值，不是列表或键值", "“{key}” is one value, no list and no keys"),
	"boolean":           say("这里不用 {value}", "{value} has no place here").with("是非写 yes 或 no；文字请加引号", "write yes or no; put a text in quotation marks"),
	"unknown-key":       say("不认识的键“{key}”", "unknown key “{key}”").with("这里可以写：{known}", "here may stand: {known}"),
	"stray-comma":       say("逗号后面的“{key}”被当成了键", "behind the comma “{key}” is taken for a key").with("花括号里有逗号的文字要加引号", "inside braces a text with a comma needs quotation marks"),
	"duplicate-key":     say("键“{key}”写了两次", "the key “{key}” stands here twice"),
	"person-unit":       say("缺少“unit”：除公众和传感器外，人都属于一个单位", "“unit” is missing: everybody but the public and sensors is of a unit"),
	"key-missing":       say("缺少“{key}”", "“{key}” is missing"),
	"word-missing-zh":   say("缺少中文说法（zh）", "the Chinese words (zh) are missing"),
	"word-missing-en":   say("缺少英文说法（en）", "the English words (en) are missing"),
	"empty-value":       say("“{key}”后面没有内容", "nothing stands behind “{key}”").with("不需要就整行删去", "leave the key out if it is not needed"),
	"list-empty":        say("“{key}”至少要有一项", "“{key}” needs at least one item"),
	"text-empty":        say("这里不能空着", "this may not be empty"),
	"too-long":          say("太长，超过 {limit} 个字", "more than {limit} characters"),
	"not-one-of":        say("“{value}”不在可选之列", "“{value}” is none of the words that may stand here").with("可选：{known}", "one of: {known}"),
	"twice":             say("“{key}”重复了", "“{key}” stands here a second time"),

	// how a value is written
	"bad-key":      say("“{value}”不能作键名：只用小写英文字母、数字和连字符，字母开头", "“{value}” is no key: lower-case letters, digits and hyphens, a letter first"),
	"bad-ref":      say("“{value}”不是“包/名称”的写法", "“{value}” is not written pack/name"),
	"bad-option":   say("“{value}”不能作选项的键：只用小写英文字母、数字、连字符和点", "“{value}” is no key of an option: lower-case letters, digits, hyphens and dots"),
	"bad-version":  say("版本号“{value}”应是三个数，如 1.2.0", "the version “{value}” should be three numbers, such as 1.2.0"),
	"bad-date":     say("日期“{value}”应写成 2023-01-31", "the date “{value}” should be written 2023-01-31"),
	"bad-instant":  say("时刻“{value}”应写成 2023-01-31T09:00", "the time “{value}” should be written 2023-01-31T09:00"),
	"no-such-date": say("没有 {value} 这一天", "there is no day {value}"),
	"bad-series":   say("编号字头“{value}”应是一到三个大写字母", "the series “{value}” should be one to three capital letters"),
	"bad-count":    say("“{value}”应是 1 至 99999 的整数", "“{value}” should be a whole number from 1 to 99999"),
	"bad-yes-no":   say("“{value}”应写 yes 或 no", "“{value}” should be yes or no"),
	"bad-party":    say("“{value}”应写成“身份”或“身份/角色”", "“{value}” should be a part, or part/role"),
	"bad-input":    say("“{value}”应是字段名，必填的后面加 !", "“{value}” should be a field, with ! if it is required"),
	"bad-holder":   say("“{value}”不是去向", "“{value}” does not say whose the matter is").with("可写：issuer, giver, worker, supervision, actor, field:字段, unit:单位", "one of: issuer, giver, worker, supervision, actor, field:FIELD, unit:UNIT"),
	"bad-rung":     say("“{value}”应写成“时钟/级别”，如 due/remind", "“{value}” should be clock/rung, such as due/remind"),
	"bad-passing":  say("“{value}”应写成“时钟/阶段”，如 handle/fence", "“{value}” should be clock/stage, such as handle/fence"),
	"bad-csv":      say("“{value}”应是 records/名称.csv", "“{value}” should be records/NAME.csv"),

	// names that must be known
	"no-such-state":       noSuch("状态", "state"),
	"no-such-act":         noSuch("办理动作", "act"),
	"no-such-field":       noSuch("字段", "field"),
	"no-such-clock":       noSuch("时钟", "clock"),
	"no-such-stage":       noSuch("阶段", "stage"),
	"no-such-ladder":      noSuch("升级阶梯", "ladder"),
	"no-such-parameter":   noSuch("参数", "parameter"),
	"no-such-role":        noSuch("角色", "role"),
	"no-such-part":        noSuch("身份", "part"),
	"no-such-kind":        noSuch("事项", "kind of matter"),
	"no-such-register":    noSuch("册", "register"),
	"no-such-indicator":   noSuch("指标", "indicator"),
	"no-such-facet":       noSuch("可筛选字段", "facet"),
	"no-such-unit":        noSuch("单位", "unit"),
	"no-such-person":      noSuch("人员", "person"),
	"no-such-record":      noSuch("记录", "record"),
	"no-such-column":      noSuch("列", "column").judgement(),
	"no-such-placeholder": noSuch("占位符", "placeholder").judgement(),
	"no-such-slot":        say("通知里没有名为“{value}”的槽位", "there is no slot called “{value}” in notices").with("有：{known}；通知里不出现姓名、标题等填写的内容", "there are: {known}; nothing that somebody typed, such as a name or a title, stands in a notice").judgement(),
	"open-slot":           say("“{”和“}”没有成对", "a brace without its other half").judgement(),
	"notice-words":        say("通知“{notice}”在{kind}上写了两次", "the notice “{notice}” has two sets of words for {kind}").judgement(),
	"notice-long":         say("通知有 {length} 个字，最多 {most} 个", "a notice of {length} characters; at most {most}").judgement(),
	"no-such-rung":        noSuch("级别", "rung"),
	"not-needed":          say("用到了包“{pack}”，但没有写进 needs", "“{value}” is of pack “{pack}”, which is not among the needs").with("在 needs 里加上 {pack}", "add {pack} to needs"),

	"role-of-platform": say("角色“{role}”是平台已有的", "the role “{role}” is the platform's already").with("删去这一条，直接使用", "leave it out and use it").judgement(),

	// fields
	"reserved":         say("“{key}”是平台自己的名称，字段请换一个", "“{key}” is the platform's own; choose another name for the field").judgement(),
	"key-not-of-kind":  say("{kind} 类型的字段不能有“{key}”", "a field of kind {kind} has no “{key}”").with("它属于：{known}", "it belongs to: {known}"),
	"kind-needs-key":   say("{kind} 类型的字段要写“{key}”", "a field of kind {kind} needs “{key}”"),
	"not-in-table":     say("明细表里不能有 {kind} 列", "a table has no column of kind {kind}"),
	"column-class":     say("列的密级 {class} 高于明细表的密级 {table}", "the column is of class {class}, its table only of {table}"),
	"bad-bound":        say("“{value}”不是 {kind} 的值", "“{value}” is no value of kind {kind}"),
	"max-below-min":    say("最大值 {max} 小于最小值 {min}", "the maximum {max} is below the minimum {min}"),
	"personal-facet":   say("字段“{field}”密级为 {class}，属个人信息，不能用来筛选", "the field “{field}” is personal (class {class}) and cannot be a facet"),
	"facet-kind":       say("{kind} 类型的字段“{field}”不能用来筛选", "the field “{field}” of kind {kind} cannot be a facet"),
	"public-class":     say("公开的字段须是密级 P，“{field}”是 {class}", "only fields of class P are public, and “{field}” is of {class}"),
	"title-missing":    say("缺少字段 title：清单里靠它称呼事项", "the field title is missing: lists call a matter by it"),
	"title-not-asked":  say("立项动作“{act}”要必填 title", "the opening act “{act}” has to require title").with("在 form 里写 title!", "write title! in its form").judgement(),
	"known-field-kind": say("字段“{field}”平台会直接使用，类型须是 {kind}", "the platform reads the field “{field}” itself; its kind has to be {kind}"),
	"field-never-asked": say("字段“{field}”没有任何动作填写", "no act asks for the field “{field}”").
		with("写进某个动作的 form，或删去这个字段", "put it into the form of an act, or leave it out").judgement(),

	// parameters
	"until-before-from":      say("失效日期不晚于生效日期", "it ends before it begins").judgement(),
	"parameters-overlap":     say("参数“{key}”与 {from} 起的那一条时间重叠", "the parameter “{key}” holds at the same time as the one from {from}"),
	"parameter-not-in-force": say("参数“{key}”在包的生效日 {day} 没有值", "the parameter “{key}” does not hold on {day}, from which day on the pack does"),
	"parameter-no-count":     say("参数“{key}”的值“{value}”不是整数，不能作期限", "the parameter “{key}” is “{value}”, no whole number that a clock could count"),

	// acts and the physics of their verbs
	"opens":              say("动作“{act}”是{verb-zh}（{verb}），不能有 from", "the act “{act}” opens a matter ({verb}), so it comes from no state"),
	"does-not-open":      say("动作“{act}”是{verb-zh}（{verb}），要写从哪些状态开始（from）", "the act “{act}” ({verb}) needs the states that it comes from"),
	"opens-nowhere":      say("立项动作“{act}”要写到哪个状态（to）", "the opening act “{act}” needs the state that it leads to"),
	"phase-from":         say("{verb-zh}（{verb}）不能从状态“{state}”开始", "{verb} cannot come from the state “{state}”").with("可从这些阶段开始：{allow}", "it may come from the phases: {allow}").judgement(),
	"phase-to":           say("{verb-zh}（{verb}）不能到状态“{state}”", "{verb} cannot lead to the state “{state}”").with("可到这些阶段：{allow}", "it may lead to the phases: {allow}").judgement(),
	"phase-stays":        say("{verb-zh}（{verb}）之后不能留在状态“{state}”，要写 to", "after {verb} the matter cannot stay in the state “{state}”; say where to").with("可到这些阶段：{allow}", "it may lead to the phases: {allow}").judgement(),
	"target-missing":     say("动作“{act}”是{verb-zh}（{verb}），之后事项归谁，要写 holder", "whose is the matter after “{act}” ({verb})? holder is missing").judgement(),
	"holder-kind":        say("去向字段“{field}”须是 unit 或 person，现在是 {kind}", "the field “{field}” that names the holder should be of kind unit or person, not {kind}"),
	"platform-role":      say("platform 没有角色", "the platform has no role"),
	"instead-from":       say("动作“{act}”不能从状态“{state}”办理", "the act “{act}” does not lead on from the state “{state}”").judgement(),
	"instead-by":         say("“{by}”不能办动作“{act}”", "{by} may not do the act “{act}”").judgement(),
	"instead-asked":      say("字段“{field}”要在两个动作的表单里都有（这个动作和“{act}”）", "both this act and “{act}” have to ask for the field “{field}”").judgement(),
	"scorecard-weights":  say("权重合计{sum}，应为100", "the weights add up to {sum}, not to 100").judgement(),
	"scorecard-two":      say("“{kind}”的按期与否已经由时钟“{clock}”来算", "whether “{kind}” was in time is told by the clock “{clock}” already").judgement(),
	"scorecard-decides":  say("时钟“{clock}”计的是审定时限，不能用来算按期与否", "the clock “{clock}” runs on decisions, so it cannot tell whether work was in time").judgement(),
	"scorecard-by":       say("“{field}”不是可以分组的字段（选项、记录、单位、人员）", "matters cannot be broken down by “{field}”: choice, record, unit and person can").judgement(),
	"scorecard-many":     say("计数项有{n}个，最多{most}个", "{n} counts, at most {most}").judgement(),
	"publish-nothing":    say("没有声明可公开的字段（public），不能公开", "nothing is declared public, so there is nothing to publish").judgement(),
	"report-kind":        say("“{field}”作为数据上报须是 {kind}", "“{field}” can be reported only as {kind}"),
	"not-asked":          say("动作的 form 里没有“{field}”", "the act does not ask for “{field}”"),
	"each-kind":          say("“{field}”不是明细表", "“{field}” is no table"),
	"raise-not-platform": say("{kind} 的第一个立项动作“{act}”不许 platform 办理，不能由别的事项引发", "{kind} cannot be raised: its first opening act “{act}” is not open to the platform").with("在它的 by 里加上 platform", "add platform to its by").judgement(),
	"raise-field-missing": say("{kind} 的立项动作“{act}”必填“{field}”，这里没有给", "{kind} cannot be opened without “{field}”, which its act “{act}” requires and nothing gives here").
		with("去掉 !，或在这里给出", "take away the !, or give it here").judgement(),
	"not-askable":       say("{verb-zh}（{verb}）不能写 asked-by", "what {verb} does cannot be asked for (asked-by)").judgement(),
	"asked-of-nobody":   say("动作“{act}”有人申请，却没有人审定", "the act “{act}” is asked for, and nobody may do it").with("在 by 里写明由谁审定", "put into its by who decides").judgement(),
	"asked-field":       say("动作“{act}”要申请，表单里不能有个人信息或位置字段“{field}”", "“{act}” is asked for, so it cannot ask for “{field}”, which is personal or a place").judgement(),
	"asked-limit":       say("动作“{act}”要申请，不能启动由记录定期限的时钟“{clock}”", "“{act}” is asked for, so it cannot start the clock “{clock}”, whose limit a record lays down").judgement(),
	"decides-plain":     say("审定时钟“{clock}”（decides）只能是内控时限（term: internal），写 length 或 parameter，不写 until、limit、pauses、extend", "the clock “{clock}” on decisions is internal and has a length or a parameter, and no until, limit, pauses or extend").judgement(),
	"decides-moved":     say("审定时钟“{clock}”由申请启动、由审定停止，动作的 clocks 里不能再写它", "the clock “{clock}” on decisions is started by asking and stopped by settling; no act may move it").judgement(),
	"decides-not-asked": say("动作“{act}”不用申请（没有 asked-by），没有审定可计时", "“{act}” is not asked for (no asked-by), so there is no decision to count").judgement(),
	"decides-two":       say("动作“{act}”已经由时钟“{clock}”计审定时限", "deciding “{act}” has the clock “{clock}” already").judgement(),
	"signs-kind":        say("署名字段“{field}”须是不涉个人信息的 person，现在是 {kind}", "the field “{field}” that takes who did it should be of kind person and not personal, not {kind}").judgement(),
	"raise-evidence":    say("{kind} 的立项动作“{act}”要求凭据，平台给不出", "{kind} cannot be raised: its act “{act}” asks for evidence, which the platform does not have").judgement(),
	"never-permitted": say("角色“{role}”没有 {action} 权限，办不了这个动作", "the role “{role}” has no permission {action}, which this act asks for, and could never do it").
		with("有这项权限的角色：{known}；权限写在 access.yaml", "roles that have it: {known}; permissions stand in access.yaml").judgement(),

	// the flow
	"no-opening":  say("“{kind}”没有立项动作（verb: register，不写 from）", "“{kind}” has no act that opens it (verb: register, without from)"),
	"unreachable": say("状态“{state}”到不了", "no act leads to the state “{state}”").judgement(),
	"no-way-out":  say("从状态“{state}”走不到办结", "from the state “{state}” a matter never comes to an end").judgement(),

	// clocks and ladders
	"clock-length":         say("时钟“{clock}”要写 length、parameter、until 之一，且只写一个", "the clock “{clock}” needs one of length, parameter and until"),
	"unit-of-nothing":      say("“{field}”没有带单位（unit）的选项，数量取不到单位", "no option of “{field}” has a unit to count in").judgement(),
	"until-kind":           say("until 的字段“{field}”须是 date", "the field “{field}” of until should be of kind date"),
	"until-basis":          say("到期日为日期的时钟不能按 {basis} 计", "a clock that ends with a date does not count in {basis}").judgement(),
	"clock-never-started":  say("时钟“{clock}”从未启动", "no act starts the clock “{clock}”").judgement(),
	"clock-never-stopped":  say("时钟“{clock}”从不停止", "no act stops the clock “{clock}”").judgement(),
	"clock-never-paused":   say("时钟“{clock}”写了暂停原因，却没有动作暂停它", "the clock “{clock}” has reasons to pause, and no act pauses it").judgement(),
	"clock-never-resumed":  say("时钟“{clock}”暂停后没有动作恢复它", "the clock “{clock}” is paused, and no act resumes it").judgement(),
	"clock-never-extended": say("时钟“{clock}”可以延期，却没有动作延它", "the clock “{clock}” may be extended, and no act extends it").judgement(),
	"clock-left-running":   say("动作“{act}”结束事项，却没有停掉时钟“{clock}”", "the act “{act}” ends the matter and leaves the clock “{clock}” running").with("在 clocks 的 stop 里加上 {clock}", "add {clock} to stop").judgement(),
	"clock-no-pauses":      say("时钟“{clock}”没有写暂停原因（pauses）", "the clock “{clock}” has no reasons to pause").judgement(),
	"clock-no-extension":   say("时钟“{clock}”不许延期（没有 extend）", "the clock “{clock}” may not be extended").judgement(),
	"extension-by":         say("时钟“{clock}”由 {by} 批准延期，可这个动作不归他办", "extending the clock “{clock}” is for {by}, who may not do this act").judgement(),
	"effect-verb":          say("对时钟的 {op} 只能由 verb 为 {verb} 的动作做", "only an act with the verb {verb} may {op} a clock").judgement(),
	"pause-no-clock":       say("动作“{act}”是挂起，却没有暂停任何时钟", "the act “{act}” pauses a matter and no clock").judgement(),
	"extend-no-clock":      say("动作“{act}”是延期，却没有延任何时钟", "the act “{act}” extends no clock").judgement(),
	"promised-longer":      say("承诺时限“{clock}”为 {length}，长于法定时限“{law}”的 {most}", "the promised term “{clock}” of {length} is longer than the statutory “{law}” of {most}").judgement(),
	"limit-until":          say("时钟“{clock}”的 limit 与 until 不能同时写", "the clock “{clock}” has a limit from a record and ends with a date"),
	"limit-kind":           say("limit 的字段“{field}”须是 record", "the field “{field}” of the limit should be of kind record"),
	"limit-column":         say("limit 所取的列“{field}”须是 {kind}", "the column “{field}” that the limit reads should be of kind {kind}"),
	"extend-basis":         say("时限“{clock}”不会按“{basis}”计时，或该单位的上限就是 most", "clock “{clock}” never counts by “{basis}” for another reason than its own basis").with("each 只写立案条件可能另定的单位", "each is for bases that the records of limit may lay down"),
	"limit-basis":          say("列“{field}”的选项“{value}”不是时限单位", "the option “{value}” of the column “{field}” is no basis of a clock").with("可用：{known}", "the bases are {known}"),
	"stage-alone":          say("只有一个阶段“{stage}”，不用写 stages", "“{stage}” is the only stage; one alone needs no stages").judgement(),
	"stage-last":           say("“{stage}”是时钟“{clock}”的最后阶段，用 stop 停止", "“{stage}” is the last stage of the clock “{clock}”; stop ends it").judgement(),
	"stage-never-passed":   say("时钟“{clock}”的阶段“{stage}”没有动作来结束", "no act passes the stage “{stage}” of the clock “{clock}”").judgement(),
	"clock-no-stages":      say("时钟“{clock}”没有阶段", "the clock “{clock}” has no stages").judgement(),
	"rung-when":            say("级别“{rung}”要写 before、at、after、used 之一，且只写一个", "the rung “{rung}” needs one of before, at, after and used"),
	"used-range":           say("已用比例 {used} 应小于 100", "{used} per cent should be less than 100").judgement(),
	"rung-twice":           say("级别“{rung}”在一个阶梯里只能有一次", "the rung “{rung}” stands in the ladder twice"),
	"rung-order":           say("级别“{rung}”应在“{before}”之前", "the rung “{rung}” belongs before “{before}”").with("顺序：remind 提醒、urge 催办、supervise 督办、circulate 通报", "the order is remind, urge, supervise, circulate").judgement(),
	"rung-early":           say("级别“{rung}”比前一级“{before}”还早", "the rung “{rung}” comes earlier than “{before}”, which stands below it").judgement(),
	"ladder-unused":        say("升级阶梯“{ladder}”没有时钟使用", "no clock has the ladder “{ladder}”").judgement(),

	// registers and their rows
	"register-personal": say("册里不能有个人信息：“{field}”密级为 {class}", "a register holds no personal fields, and “{field}” is of class {class}"),
	"key-kind":          say("{kind} 类型的字段“{field}”不能作键或名称", "the field “{field}” of kind {kind} cannot be key or title"),
	"csv":               say("引号没有成对，或者写在了格子中间", "a quotation mark without its partner, or in the middle of a cell").with("带引号的格子整格用双引号括起来，里面的引号写两个", "put the whole cell in quotation marks and double those within"),
	"column-missing":    say("表头缺少“{field}”列", "the column “{field}” is missing"),
	"row-width":         say("这一行有 {cells} 格，表头有 {columns} 列", "the row has {cells} cells, the header {columns}"),
	"cell-empty":        say("“{field}”不能空着", "“{field}” may not be empty"),
	"bad-cell":          say("“{value}”不能作“{field}”的值（{kind}）", "“{value}” is no value of “{field}” ({kind})").with("可选：{known}", "one of: {known}"),
	"lookalike":         say("“{name}”看起来与“{other}”一样，但用了不同的字符", "“{name}” looks like “{other}” but is written with other characters"),
	"record-twice":      say("键“{key}”在同一时间已有一行", "another row has the key “{key}” at the same time"),

	// indicators
	"key-not-of-mode":    say("“{key}”只用于 {mode} 的指标", "“{key}” is of mode {mode} only"),
	"mode-needs-key":     say("{mode} 的指标要写“{key}”", "an indicator of mode {mode} needs “{key}”"),
	"key-not-of-measure": say("“{key}”只用于 measure: {measure}", "“{key}” is of measure {measure} only"),
	"measure-needs-key":  say("measure: {measure} 要写“{key}”", "measure {measure} needs “{key}”"),
	"register-due":       say("册没有到期，cohort 不能是 due", "records are not due; choose another cohort").judgement(),
	"sum-kind":           say("“{field}”是 {kind}，不能求和", "“{field}” is of kind {kind} and cannot be added up"),
	"bad-rule":           say("{zh}", "{en}").with("可以用的名称：{known}", "names that it may use: {known}"),
	"formula-itself":     say("公式用到了指标自己", "the formula reads the indicator that it defines"),
	"formula-circle":     say("公式绕了一圈：{refs}", "the formulas go round in a circle: {refs}"),

	// doors
	"door-act":       say("“{act}”不是{kind}的立项动作", "“{act}” is no act that opens {kind}"),
	"door-by":        say("立项动作“{act}”不许 {by} 办理，从这个门进不来", "the opening act “{act}” is not open to {by}, so nobody comes in at this door").with("在它的 by 里加上 {by}", "add {by} to its by"),
	"door-kind":      say("“{field}”应是 {want} 类型的字段，现在是 {kind}", "the field “{field}” should be of kind {want}, not {kind}"),
	"door-class":     say("“{field}”记的是报告人，密级须是 S 或 H，现在是 {class}", "the field “{field}” tells who reports; its class has to be S or H, not {class}"),
	"door-not-asked": say("立项动作“{act}”的 form 里没有“{field}”", "the opening act “{act}” does not ask for “{field}”").with("写进它的 form", "put it into its form"),
	"door-required":  say("立项动作“{act}”必填“{field}”，从这个门没人填", "the opening act “{act}” requires “{field}”, which nobody fills in at this door").with("去掉 !，或写进 says、sets", "take away the !, or give it in says or sets"),
	"door-evidence":  say("立项动作“{act}”要求凭据，从这个门不一定有", "the opening act “{act}” asks for evidence, which nobody has to bring to this door"),

	// lists, assessment, cases
	"list-of-register": say("册没有状态，清单不能写 open 或 states", "a register has no states, so its list has neither open nor states").judgement(),
	"column-kind":      say("字段“{field}”（{kind}，密级 {class}）不能作列", "the field “{field}” ({kind}, class {class}) cannot be a column").judgement(),
	"facet-value":      say("“{value}”不是“{field}”的值", "“{value}” is no value of “{field}”").judgement(),
	"weights":          say("权重合计 {sum}，应为 100", "the weights add up to {sum} instead of 100").judgement(),
	"assessment-taken": say("包“{pack}”已有考核办法，一个平台只能有一份", "the pack “{pack}” has the assessment already; an installation has one"),
	"series-taken":     say("编号字头“{series}”已由 {kind} 使用", "the series “{series}” belongs to {kind} already").judgement(),
	"step-do-or-tick":  say("每一步要么写 do，要么写 tick: yes", "a step has either do or tick: yes"),
	"step-back":        say("时刻早于上一步", "the time is earlier than that of the step before"),
	"step-by":          say("缺少 by：谁来办", "by is missing: who does it?"),
}
