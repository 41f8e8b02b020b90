package pack

import (
	"bihuan/ground/access"
	"bihuan/ground/name"
)

// PlatformRoles are the roles that every installation has; packs may use them without declaring them
// and add others. What each may do is said by the access policy.
var PlatformRoles = []Role{
	{"leader", name.Text{ZH: "领导", EN: "leader"}},
	{"supervisor", name.Text{ZH: "督查员", EN: "supervision officer"}},
	{"issuer", name.Text{ZH: "交办人", EN: "task issuer"}},
	{"head", name.Text{ZH: "单位负责人", EN: "head of unit"}},
	{"handler", name.Text{ZH: "经办人", EN: "handler"}},
	{"checker", name.Text{ZH: "核查员", EN: "checker"}},
	{"statistician", name.Text{ZH: "统计员", EN: "statistician"}},
	{"publisher", name.Text{ZH: "公开管理员", EN: "open-data publisher"}},
	{"sysadmin", name.Text{ZH: "系统管理员", EN: "system administrator"}},
	{"secadmin", name.Text{ZH: "安全管理员", EN: "security administrator"}},
	{"auditor", name.Text{ZH: "审计管理员", EN: "audit administrator"}},
	{"sensor", name.Text{ZH: "感知设备", EN: "sensor"}},
	{access.Anyone, name.Text{ZH: "公众", EN: "public"}},
}
