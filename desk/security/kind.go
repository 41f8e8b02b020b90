package security

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// ErrTooLarge is what a face says of a request that sends too much.
var ErrTooLarge = errors.New("too large")

// Kind is a sort of event.
type Kind string

// The kinds. Source: OWASP ASVS 5.0.0, 16.3.1 to 16.3.4, as read; the list is ours.
const (
	SignIn  Kind = "sign-in" // 登录、再次验证 that went well
	Failed  Kind = "failed"  // 登录失败: a password, a code or another proof that did not fit
	Locked  Kind = "locked"  // 账号锁定
	Denied  Kind = "denied"  // 越权被拒: the policy does not grant it, or not now
	Refused Kind = "refused" // 异常请求被拒: the gate turned it away, or a browser told of content that the policy forbids
	Limit   Kind = "limit"   // 超出限额: too fast, too large, too much
	Rights  Kind = "rights"  // 权限变更
	Account Kind = "account" // 账号变更
	Export  Kind = "export"  // 导出
	Look    Kind = "look"    // 查看个人信息
	Key     Kind = "key"     // 密钥、凭证变更
	Place   Kind = "place"   // 外联地址、推送变更
	System  Kind = "system"  // 系统变更、系统故障
)

// Kinds are all kinds in their order.
var Kinds = []Kind{SignIn, Failed, Locked, Denied, Refused, Limit, Rights, Account, Export, Look, Key, Place, System}

var known = func() map[Kind]bool {
	m := map[Kind]bool{}
	for _, k := range Kinds {
		m[k] = true
	}
	return m
}()

// ofRecord says which records weigh, by the beginning of their type; the first that fits counts.
var ofRecord = []struct {
	begins string
	kind   Kind
}{
	{"account.signed-in", SignIn}, {"account.proved", SignIn}, {"account.locked", Locked},
	{"account.password-", Key}, {"account.factor-", Key}, {"key.", Key}, {"hook.rotated", Key},
	{"account.role-", Rights}, {"account.glass-", Rights}, {"account.delegat", Rights}, {"account.mandate-", Rights}, {"account.act-", Rights}, {"account.recus", Rights},
	{"account.", Account}, {"place.", Place}, {"hook.", Place}, {"agenda.", Key},
	{"personal.", Look}, {"audit.read", Look}, {"pack.", System},
}

// ofRefusal are refusals that are of another kind than the error says.
var ofRefusal = map[string]Kind{"token-invalid": Failed, "key-invalid": Failed, "cross-origin": Refused, "no-such-host": Refused, "no-such-method": Refused, "denied": Denied,
	"json-too-deep": Limit, "upload-too-large": Limit, "form-too-large": Limit, "too-many": Limit, "too-many-photos": Limit, "json-twice": Refused, "parameter-twice": Refused}

// Codes are the codes that the room itself gives its lines, in ascending order: what is not the type of a record, not what a rule denied and
// not what somebody else told.
func Codes() []string {
	codes := append(slices.Collect(maps.Keys(ofRefusal)), "denied", "fault", "many", "other", "too-fast", "too-large")
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Answered tells of how a face answered a request by its route: what was denied, what met a limit, what broke, and what was taken away.
func (r *Room) Answered(p name.Person, address, route string, action access.Action, err error) {
	if r == nil {
		return
	}
	e := Event{Person: p, Address: address, Where: route}
	var refusal *fault.Refusal
	switch {
	case err == nil && action != access.ExportList:
		return
	case err == nil:
		e.Kind, e.Code = Export, string(action)
	case errors.Is(err, ErrTooLarge):
		e.Kind, e.Code = Limit, "too-large"
	case isBusy(err):
		e.Kind, e.Code = Limit, "too-fast"
	case errors.As(err, &refusal) && ofRefusal[refusal.Code] != "":
		e.Kind, e.Code = ofRefusal[refusal.Code], refusal.Code
	case errors.Is(err, fault.ErrDenied):
		e.Kind, e.Code = Denied, "denied"
		if refusal != nil {
			e.Code = refusal.Code
		}
		if e.Code == "sign-in-first" || e.Code == "sign-in-refused" { // nobody yet, or told by the accounts
			return
		}
	case fault.KindOf(err) == nil:
		e.Kind, e.Code = System, "fault"
	default:
		return
	}
	r.Tell(e)
}

func isBusy(err error) bool {
	_, busy := errors.AsType[*doors.Busy](err)
	return busy
}

// Heard tells of what was appended to the record and weighs.
func (r *Room) Heard(a desk.Announcement) {
	if a.Receipt.Again {
		return
	}
	seq := a.Receipt.FirstSeq
	for _, s := range a.Batch.Appends {
		for i := range s.Events {
			e := &s.Events[i]
			for _, of := range ofRecord {
				if strings.HasPrefix(e.Type, of.begins) {
					r.Tell(Event{Kind: of.kind, Code: e.Type, Person: e.Actor.Person, Where: "record", Record: seq})
					break
				}
			}
			seq++
		}
	}
}
