package access

import (
	"slices"

	"bihuan/ground/name"
)

// Action is one thing that somebody may do, written object.verb. The set is closed: see [Actions].
type Action string

// ObjectType is what an action is done to.
type ObjectType string

// The types of object.
const (
	Goal       ObjectType = "goal"       // 目标
	Matter     ObjectType = "matter"     // 件
	Register   ObjectType = "register"   // 册
	Indicator  ObjectType = "indicator"  // 数
	Assessment ObjectType = "assessment" // 考核
	Pack       ObjectType = "pack"       // 业务包
	Report     ObjectType = "report"     // 政府工作报告
	Evidence   ObjectType = "evidence"   // 佐证材料
	Log        ObjectType = "log"        // 存证日志
	Person     ObjectType = "person"     // 人员
	Platform   ObjectType = "platform"   // the platform itself 平台
)

// The actions.
const (
	GoalRead          Action = "goal.read"
	GoalEdit          Action = "goal.edit"
	GoalPublish       Action = "goal.publish"
	GoalReportFigure  Action = "goal.report-figure"
	GoalConfirmFigure Action = "goal.confirm-figure"
	GoalRequestChange Action = "goal.request-change"
	GoalApproveChange Action = "goal.approve-change"

	ReportRead   Action = "report.read"
	ReportImport Action = "report.import"

	MatterRead      Action = "matter.read"
	MatterOpen      Action = "matter.open"
	MatterAssign    Action = "matter.assign"
	MatterAct       Action = "matter.act"
	MatterExtend    Action = "matter.extend"
	MatterApprove   Action = "matter.approve"
	MatterVerify    Action = "matter.verify"
	MatterStrikeOff Action = "matter.strike-off"

	SupervisionRaise Action = "supervision.raise"

	AssessmentRead         Action = "assessment.read"
	AssessmentScore        Action = "assessment.score"
	AssessmentAppeal       Action = "assessment.appeal"
	AssessmentDecideAppeal Action = "assessment.decide-appeal"

	PackRead      Action = "pack.read"
	PackInstall   Action = "pack.install"
	RegisterRead  Action = "register.read"
	RegisterEdit  Action = "register.edit"
	IndicatorRead Action = "indicator.read"
	ExportList    Action = "export.list"
	EvidenceRead  Action = "evidence.read"
	EvidenceAdd   Action = "evidence.add"
	LogRead       Action = "log.read"
	LogVerify     Action = "log.verify"
	LogSign       Action = "log.sign"
	FindingKeep   Action = "finding.keep"
	AuditWatch    Action = "audit.watch"
	PersonRead    Action = "person.read"

	PersonUnmask  Action = "person.unmask"
	RecusalAvow   Action = "recusal.declare"
	AccountManage Action = "account.manage"
	RolePropose   Action = "role.propose"
	RoleGrant     Action = "role.grant"
	RoleRevoke    Action = "role.revoke"
	RoleReview    Action = "role.review"
	OfficerName   Action = "officer.name"
	FirmRead      Action = "firm.read"
	FirmPropose   Action = "firm.propose"
	FirmConfirm   Action = "firm.confirm"
	DelegateGive  Action = "delegation.give"
	GlassAsk      Action = "glass.ask"
	GlassApprove  Action = "glass.approve"
	GlassReview   Action = "glass.review"
	MaskPropose   Action = "mask.propose"
	MaskApprove   Action = "mask.approve"
	KeyPropose    Action = "key.propose"
	KeyApprove    Action = "key.approve"
	ConfigRead    Action = "config.read"
	BackupRun     Action = "backup.run"
	RestoreAsk    Action = "restore.propose"
	RestoreGo     Action = "restore.approve"
	LogPurge      Action = "log.purge"

	InboxRead      Action = "inbox.read"
	OutgoingManage Action = "outgoing.manage"
	PlaceRead      Action = "place.read"
	PlacePropose   Action = "place.propose"
	PlaceApprove   Action = "place.approve"

	PersonErase  Action = "person.erase"
	PersonHold   Action = "person.hold"
	PersonSecond Action = "person.second"
	PersonOwn    Action = "person.own"
	LooksRead    Action = "looks.read"
	SecurityRead Action = "security.read"

	DoorReport Action = "door.report"
	DoorFollow Action = "door.follow"

	PublicRead Action = "public.read"
	APIRead    Action = "api.read"

	DemoActAs  Action = "demo.act-as"
	DemoTime   Action = "demo.time"
	DemoTamper Action = "demo.tamper"
)

// Declaration is what is known of an action besides who may do it.
type Declaration struct {
	Action Action
	Words  name.Text
	On     []ObjectType
	// Reads: nothing changes. A refusal to read looks like absence.
	Reads bool
	// ExcludesWorker: whoever did the work on this very object may not do it (职责分离).
	ExcludesWorker bool
}

// declarations holds every action in the order in which documentation lists them.
var declarations = []Declaration{
	{GoalRead, name.Text{ZH: "查看目标", EN: "read a goal"}, []ObjectType{Goal}, true, false},
	{GoalEdit, name.Text{ZH: "修改目标草稿", EN: "edit a goal before it is published"}, []ObjectType{Goal}, false, false},
	{GoalPublish, name.Text{ZH: "下达目标", EN: "publish a goal"}, []ObjectType{Goal}, false, false},
	{GoalReportFigure, name.Text{ZH: "填报数据", EN: "report a figure"}, []ObjectType{Goal, Indicator}, false, false},
	{GoalConfirmFigure, name.Text{ZH: "核定数据", EN: "confirm a figure"}, []ObjectType{Goal, Indicator}, false, false},
	{GoalRequestChange, name.Text{ZH: "申请调整目标", EN: "ask to change a target"}, []ObjectType{Goal}, false, false},
	{GoalApproveChange, name.Text{ZH: "批准调整目标", EN: "approve a changed target"}, []ObjectType{Goal}, false, false},
	{ReportRead, name.Text{ZH: "查看政府工作报告", EN: "read a work report"}, []ObjectType{Report}, true, false},
	{ReportImport, name.Text{ZH: "导入政府工作报告", EN: "import a work report"}, []ObjectType{Report}, false, false},
	{MatterRead, name.Text{ZH: "查看事项", EN: "read a matter"}, []ObjectType{Matter}, true, false},
	{MatterOpen, name.Text{ZH: "登记事项", EN: "open a matter"}, []ObjectType{Matter}, false, false},
	{MatterAssign, name.Text{ZH: "派遣、改派事项", EN: "assign a matter"}, []ObjectType{Matter}, false, false},
	{MatterAct, name.Text{ZH: "办理事项", EN: "work on a matter"}, []ObjectType{Matter}, false, false},
	{MatterExtend, name.Text{ZH: "批准延期", EN: "approve an extension"}, []ObjectType{Matter}, false, true},
	{MatterApprove, name.Text{ZH: "审定申请", EN: "decide what was asked for"}, []ObjectType{Matter}, false, true},
	{MatterVerify, name.Text{ZH: "核验事项", EN: "verify a matter"}, []ObjectType{Matter}, false, true},
	{MatterStrikeOff, name.Text{ZH: "销号", EN: "strike a matter off"}, []ObjectType{Matter}, false, true},
	{SupervisionRaise, name.Text{ZH: "发起督办", EN: "raise a supervision"}, []ObjectType{Goal, Matter}, false, false},
	{AssessmentRead, name.Text{ZH: "查看考核结果", EN: "read an assessment"}, []ObjectType{Assessment}, true, false},
	{AssessmentScore, name.Text{ZH: "考核计分", EN: "score an assessment"}, []ObjectType{Assessment}, false, false},
	{AssessmentAppeal, name.Text{ZH: "提出考核申诉", EN: "appeal against a score"}, []ObjectType{Assessment}, false, false},
	{AssessmentDecideAppeal, name.Text{ZH: "裁定考核申诉", EN: "decide an appeal"}, []ObjectType{Assessment}, false, false},
	{PackRead, name.Text{ZH: "查看业务包", EN: "read a pack"}, []ObjectType{Pack}, true, false},
	{PackInstall, name.Text{ZH: "安装业务包", EN: "install a pack"}, []ObjectType{Pack}, false, false},
	{RegisterRead, name.Text{ZH: "查看名册", EN: "read a register"}, []ObjectType{Register}, true, false},
	{RegisterEdit, name.Text{ZH: "维护名册", EN: "edit a register"}, []ObjectType{Register}, false, false},
	{IndicatorRead, name.Text{ZH: "查看指标", EN: "read an indicator"}, []ObjectType{Indicator}, true, false},
	{ExportList, name.Text{ZH: "导出清单", EN: "export a list"}, []ObjectType{Goal, Matter, Register, Indicator, Assessment, Report}, true, false},
	{EvidenceRead, name.Text{ZH: "查看佐证材料", EN: "read evidence"}, []ObjectType{Evidence}, true, false},
	{EvidenceAdd, name.Text{ZH: "上传佐证材料", EN: "add evidence"}, []ObjectType{Goal, Matter, Assessment}, false, false},
	{LogRead, name.Text{ZH: "查看存证日志", EN: "read the log"}, []ObjectType{Log}, true, false},
	{LogVerify, name.Text{ZH: "校验存证日志", EN: "verify the log"}, []ObjectType{Log}, true, false},
	{LogSign, name.Text{ZH: "签发存证检查点、立即校验", EN: "sign a checkpoint of the log, and have it verified"}, []ObjectType{Log}, false, false},
	{FindingKeep, name.Text{ZH: "提出、关闭审计发现", EN: "open and close findings"}, []ObjectType{Log}, false, false},
	{AuditWatch, name.Text{ZH: "查看审计管理员看了什么", EN: "read what the auditor has read"}, []ObjectType{Log}, true, false},
	{PersonRead, name.Text{ZH: "查看人员", EN: "read a person"}, []ObjectType{Person}, true, false},
	{PersonUnmask, name.Text{ZH: "查看完整个人信息", EN: "see personal data in the clear"}, []ObjectType{Matter, Person}, false, false},
	{RecusalAvow, name.Text{ZH: "申报回避", EN: "declare that one has to keep out of a matter"}, []ObjectType{Matter}, false, false},
	{AccountManage, name.Text{ZH: "管理账号", EN: "manage accounts"}, []ObjectType{Person}, false, false},
	{RolePropose, name.Text{ZH: "申请角色", EN: "propose a role for somebody"}, []ObjectType{Person}, false, false},
	{RoleGrant, name.Text{ZH: "授予角色", EN: "grant a role that was proposed"}, []ObjectType{Person}, false, false},
	{RoleRevoke, name.Text{ZH: "收回、续期角色", EN: "revoke and renew roles"}, []ObjectType{Person}, false, false},
	{OfficerName, name.Text{ZH: "确认三员人选", EN: "name who is one of the three administrators, two of them for each"}, []ObjectType{Person}, false, false},
	{FirmRead, name.Text{ZH: "查看待确认的法定代表人登记", EN: "see whose registration as a firm's representative waits"}, []ObjectType{Person}, true, false},
	{FirmPropose, name.Text{ZH: "申请登记法定代表人", EN: "propose a firm's legal representative"}, []ObjectType{Person}, false, false},
	{FirmConfirm, name.Text{ZH: "确认法定代表人登记", EN: "confirm a firm's legal representative"}, []ObjectType{Person}, false, false},
	{RoleReview, name.Text{ZH: "复核岗位角色", EN: "review the roles of posts"}, []ObjectType{Person}, false, false},
	{DelegateGive, name.Text{ZH: "委托他人代办", EN: "have somebody act for oneself"}, []ObjectType{Person}, false, false},
	{GlassAsk, name.Text{ZH: "申请应急授权", EN: "ask to break the glass"}, []ObjectType{Platform}, false, false},
	{GlassApprove, name.Text{ZH: "批准应急授权", EN: "approve breaking the glass"}, []ObjectType{Platform}, false, false},
	{GlassReview, name.Text{ZH: "复查应急授权", EN: "review who broke the glass"}, []ObjectType{Platform}, false, false},
	{MaskPropose, name.Text{ZH: "提出脱敏规则变更", EN: "propose a change to what is masked"}, []ObjectType{Platform}, false, false},
	{MaskApprove, name.Text{ZH: "批准脱敏规则变更", EN: "approve a change to what is masked"}, []ObjectType{Platform}, false, false},
	{KeyPropose, name.Text{ZH: "提出导出密钥", EN: "propose to export a key"}, []ObjectType{Platform}, false, false},
	{KeyApprove, name.Text{ZH: "批准导出密钥", EN: "approve the export of a key"}, []ObjectType{Platform}, false, false},
	{ConfigRead, name.Text{ZH: "查看系统配置", EN: "read the configuration"}, []ObjectType{Platform}, true, false},
	{BackupRun, name.Text{ZH: "执行备份", EN: "run a backup"}, []ObjectType{Platform}, false, false},
	{InboxRead, name.Text{ZH: "查看自己的消息", EN: "read one's own notices"}, []ObjectType{Platform}, true, false},
	{OutgoingManage, name.Text{ZH: "管理消息发送和事件推送", EN: "manage what is sent out"}, []ObjectType{Platform}, false, false},
	{PlaceRead, name.Text{ZH: "查看外联地址清单", EN: "read which places may be connected to"}, []ObjectType{Platform}, true, false},
	{PlacePropose, name.Text{ZH: "申报外联地址", EN: "propose a place to connect to"}, []ObjectType{Platform}, false, false},
	{PlaceApprove, name.Text{ZH: "批准外联地址", EN: "approve a place to connect to"}, []ObjectType{Platform}, false, false},
	{RestoreAsk, name.Text{ZH: "提出恢复备份", EN: "propose to restore a backup"}, []ObjectType{Platform}, false, false},
	{RestoreGo, name.Text{ZH: "批准恢复备份", EN: "approve restoring a backup"}, []ObjectType{Platform}, false, false},
	{LogPurge, name.Text{ZH: "清除存证日志", EN: "purge the log"}, []ObjectType{Log}, false, false},
	{PersonErase, name.Text{ZH: "删除个人信息", EN: "erase personal data"}, []ObjectType{Person}, false, false},
	{PersonHold, name.Text{ZH: "保全个人信息", EN: "put a legal hold on personal data"}, []ObjectType{Person}, false, false},
	{PersonSecond, name.Text{ZH: "同意查看举报人信息", EN: "agree that a secret reporter is shown"}, []ObjectType{Matter}, false, false},
	{PersonOwn, name.Text{ZH: "查看本人信息、提出申请", EN: "see one's own data and ask about it"}, []ObjectType{Platform}, false, false},
	{LooksRead, name.Text{ZH: "查看个人信息访问记录", EN: "read who looked at personal data"}, []ObjectType{Log}, true, false},
	{SecurityRead, name.Text{ZH: "查看安全日志", EN: "read the security log"}, []ObjectType{Log}, true, false},
	{DoorReport, name.Text{ZH: "上报问题", EN: "report at a door"}, []ObjectType{Platform}, false, false},
	{DoorFollow, name.Text{ZH: "凭回执查询、评价", EN: "follow and rate by a receipt"}, []ObjectType{Platform}, false, false},
	{PublicRead, name.Text{ZH: "查看公开内容", EN: "read what is public"}, []ObjectType{Goal, Matter, Register, Indicator, Platform}, true, false},
	{APIRead, name.Text{ZH: "查看接口说明", EN: "read the interface description"}, []ObjectType{Platform}, true, false},
	{DemoActAs, name.Text{ZH: "演示：切换身份", EN: "demo: act as somebody"}, []ObjectType{Platform}, false, false},
	{DemoTime, name.Text{ZH: "演示：推进时间", EN: "demo: move the clock"}, []ObjectType{Platform}, false, false},
	{DemoTamper, name.Text{ZH: "演示：在副本上试着作弊", EN: "demo: try to cheat on a copy"}, []ObjectType{Platform}, false, false},
}

// readers is the action with which an object of a type is read at all.
var readers = map[ObjectType]Action{
	Goal: GoalRead, Matter: MatterRead, Register: RegisterRead, Indicator: IndicatorRead, Assessment: AssessmentRead,
	Pack: PackRead, Report: ReportRead, Evidence: EvidenceRead, Log: LogRead, Person: PersonRead,
}

var declared = func() map[Action]*Declaration {
	m := make(map[Action]*Declaration, len(declarations))
	for i := range declarations {
		m[declarations[i].Action] = &declarations[i]
	}
	return m
}()

// Actions returns the declaration of every action, in the order of documentation. The slice is the caller's.
func Actions() []Declaration { return slices.Clone(declarations) }

// Lookup returns the declaration of a and whether there is one: what a face asks of each of its routes.
func Lookup(a Action) (Declaration, bool) {
	d, ok := declared[a]
	if !ok {
		return Declaration{}, false
	}
	return *d, true
}

// ObjectTypes returns every type of object that an action names, in order of first mention.
func ObjectTypes() []ObjectType {
	var types []ObjectType
	for _, d := range declarations {
		for _, t := range d.On {
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	return types
}
