package matter

import "bihuan/ground/name"

// Verb is what an act does in the closed loop. The set is closed: a pack chooses verbs and
// gives them its own words, but what a verb means stands here.
type Verb string

// The verbs, after the words of the desk in docs/glossary.md.
const (
	Register    Verb = "register"    // 登记 somebody writes down what came in, or sets a task
	Accept      Verb = "accept"      // 受理
	Decline     Verb = "decline"     // 不予受理
	Confirm     Verb = "confirm"     // 核实 somebody looks whether what was reported is so
	Void        Verb = "void"        // 作废 it should not have been opened: filed in error, or gone before anybody came
	Dispatch    Verb = "dispatch"    // 派遣、交办、下达
	Arbitrate   Verb = "arbitrate"   // 裁定 whose it is, once for all
	Acknowledge Verb = "acknowledge" // 签收
	Return      Verb = "return"      // 退回 the receiver gives it back
	Reassign    Verb = "reassign"    // 改派
	Transfer    Verb = "transfer"    // 转办
	Join        Verb = "join"        // 会办 others are asked for their part
	Whistle     Verb = "whistle"     // 吹哨 others are called to the place, and have to report in
	CarbonCopy  Verb = "carbon-copy" // 抄送 somebody is told, with nothing to do
	Sponsor     Verb = "sponsor"     // 包案 a named leader takes a hard case on
	Withdraw    Verb = "withdraw"    // 撤回
	Progress    Verb = "progress"    // 推进 the holder reports how far it is
	Handle      Verb = "handle"      // 办理 a step of the work itself
	Feedback    Verb = "feedback"    // 反馈、申请完成 the holder says it is done
	Verify      Verb = "verify"      // 核查、核验
	Rework      Verb = "rework"      // 返工 verification failed
	Close       Verb = "close"       // 办结
	StrikeOff   Verb = "strike-off"  // 销号 only by the one who set the task
	CallBack    Verb = "call-back"   // 回访 somebody who did not do the work asks the reporter
	Contest     Verb = "contest"     // 异议 the reporter or a bystander says that it is not done
	Rate        Verb = "rate"        // 评价
	Archive     Verb = "archive"     // 归档
	Extend      Verb = "extend"      // 延期
	Pause       Verb = "pause"       // 挂起
	Postpone    Verb = "postpone"    // 缓办 not now, but on a date
	Shelve      Verb = "shelve"      // 挂账 not for lack of owner, season or money: an account of its own, out of the rate
	Escalate    Verb = "escalate"    // 疑难 nobody's by the rules: a meeting decides
	Resume      Verb = "resume"      // 恢复
	Adjust      Verb = "change"      // 调整 the task itself is changed by who set it
	Remind      Verb = "remind"      // 催办
	Supervise   Verb = "supervise"   // 督办
	Merge       Verb = "merge"       // 并案
	Split       Verb = "split"       // 拆分
	Appeal      Verb = "appeal"      // 申诉
	Reopen      Verb = "reopen"      // 重开
	Note        Verb = "note"        // 记录 minutes, remarks: nothing moves
	Ask         Verb = "ask"         // 申请 an act that somebody else decides is asked for
	Refuse      Verb = "refuse"      // 不同意 and not done
	TakeBack    Verb = "take-back"   // 撤回申请 by whoever asked
)

// physics is what a verb means whatever the pack says.
type physics struct {
	verb        Verb
	words       name.Text
	from, to    []Phase // phases that the act's states must be in; nil for any
	stays       bool    // the matter keeps its phase: what is said or changed beside the work does not move it on
	works       bool    // who does it has done the work and may not verify it (invariant 1)
	checks      bool    // may not be done by somebody who did the work (invariant 1)
	grants      bool    // may not be done by somebody who asked for it on the holder's side
	onlyIssuer  bool    // only of the unit that set the task (invariant 6)
	needsReason bool
	needsTarget bool // the pack must say whose the matter is afterwards (invariant 8)
	pauses      bool // its clocks pause for the verb's own name, which the clock's kind must know as a code with its ground
	count       string
}

var open = []Phase{Registered, Accepted, Dispatched, Handling, Paused, Reported, Verified}

// laws has one row for every verb; a pack whose acts break a row does not compile.
var laws = []physics{
	{verb: Register, words: name.Text{ZH: "登记", EN: "Register"}, to: []Phase{Registered, Accepted, Dispatched, Handling}},
	{verb: Accept, words: name.Text{ZH: "受理", EN: "Accept"}, from: []Phase{Registered}, to: []Phase{Accepted, Dispatched, Handling}},
	{verb: Decline, words: name.Text{ZH: "不予受理", EN: "Decline"}, from: []Phase{Registered, Accepted}, to: []Phase{Stopped}, needsReason: true},
	{verb: Confirm, words: name.Text{ZH: "核实", EN: "Confirm"}, from: []Phase{Registered, Accepted}, to: []Phase{Registered, Accepted, Stopped}},
	{verb: Void, words: name.Text{ZH: "作废", EN: "Void"}, from: []Phase{Registered, Accepted, Dispatched, Handling, Paused}, to: []Phase{Stopped}, needsReason: true, count: "voids"},
	{verb: Dispatch, words: name.Text{ZH: "派遣", EN: "Dispatch"}, from: []Phase{Registered, Accepted}, to: []Phase{Dispatched}, needsTarget: true},
	{verb: Arbitrate, words: name.Text{ZH: "裁定", EN: "Arbitrate"}, from: []Phase{Registered, Accepted, Paused}, to: []Phase{Dispatched, Handling}, needsReason: true, needsTarget: true, count: "arbitrations"},
	{verb: Acknowledge, words: name.Text{ZH: "签收", EN: "Acknowledge"}, from: []Phase{Dispatched}, to: []Phase{Handling}},
	{verb: Return, words: name.Text{ZH: "退回", EN: "Return"}, from: []Phase{Dispatched, Handling}, to: []Phase{Registered, Accepted}, needsReason: true, needsTarget: true, count: "returns"},
	{verb: Reassign, words: name.Text{ZH: "改派", EN: "Reassign"}, from: open, to: []Phase{Dispatched}, needsReason: true, needsTarget: true},
	{verb: Transfer, words: name.Text{ZH: "转办", EN: "Transfer"}, from: []Phase{Dispatched, Handling}, to: []Phase{Dispatched, Handling}, needsReason: true, needsTarget: true},
	{verb: Join, words: name.Text{ZH: "会办", EN: "Join"}, from: open, stays: true},
	{verb: Whistle, words: name.Text{ZH: "吹哨", EN: "Whistle"}, from: []Phase{Accepted, Dispatched, Handling}, stays: true, count: "whistles"},
	{verb: CarbonCopy, words: name.Text{ZH: "抄送", EN: "Copy to"}, stays: true},
	{verb: Sponsor, words: name.Text{ZH: "包案", EN: "Sponsor"}, from: open, stays: true, needsReason: true},
	{verb: Withdraw, words: name.Text{ZH: "撤回", EN: "Withdraw"}, from: open, to: []Phase{Registered, Accepted, Stopped}, needsReason: true},
	{verb: Progress, words: name.Text{ZH: "推进", EN: "Report progress"}, from: []Phase{Handling}, to: []Phase{Handling}, works: true},
	{verb: Handle, words: name.Text{ZH: "办理", EN: "Handle"}, from: []Phase{Handling}, to: []Phase{Handling}, works: true},
	{verb: Feedback, words: name.Text{ZH: "反馈", EN: "Report done"}, from: []Phase{Handling}, to: []Phase{Reported}, works: true},
	{verb: Verify, words: name.Text{ZH: "核查", EN: "Verify"}, from: []Phase{Reported}, to: []Phase{Verified}, checks: true},
	{verb: Rework, words: name.Text{ZH: "返工", EN: "Rework"}, from: []Phase{Reported, Verified}, to: []Phase{Handling}, checks: true, needsReason: true, needsTarget: true, count: "reworks"},
	{verb: Close, words: name.Text{ZH: "办结", EN: "Close"}, from: []Phase{Handling, Reported, Verified}, to: []Phase{Closed}},
	{verb: StrikeOff, words: name.Text{ZH: "销号", EN: "Strike off"}, from: []Phase{Verified}, to: []Phase{Closed}, checks: true, onlyIssuer: true},
	{verb: CallBack, words: name.Text{ZH: "回访", EN: "Call back"}, from: []Phase{Reported, Verified, Closed}, to: []Phase{Reported, Verified, Closed}, stays: true, checks: true, count: "call-backs"},
	{verb: Contest, words: name.Text{ZH: "提出异议", EN: "Contest"}, from: []Phase{Reported, Verified, Closed}, to: []Phase{Accepted, Dispatched, Handling, Reported}, needsTarget: true, count: "contests"},
	{verb: Rate, words: name.Text{ZH: "评价", EN: "Rate"}, from: []Phase{Closed}, to: []Phase{Closed}},
	{verb: Archive, words: name.Text{ZH: "归档", EN: "Archive"}, from: []Phase{Closed}, to: []Phase{Archived}}, // what was stopped stays so: archived it would count as done
	{verb: Extend, words: name.Text{ZH: "延期", EN: "Extend"}, from: open, stays: true, grants: true, needsReason: true, count: "extensions"},
	{verb: Pause, words: name.Text{ZH: "挂起", EN: "Pause"}, from: []Phase{Accepted, Dispatched, Handling}, to: []Phase{Paused}, needsReason: true},
	{verb: Postpone, words: name.Text{ZH: "缓办", EN: "Postpone"}, from: []Phase{Accepted, Dispatched, Handling}, to: []Phase{Paused}, needsReason: true, pauses: true, count: "postponements"},
	{verb: Shelve, words: name.Text{ZH: "挂账", EN: "Shelve"}, from: []Phase{Accepted, Dispatched, Handling}, to: []Phase{Paused}, needsReason: true, needsTarget: true, pauses: true, count: "shelvings"},
	{verb: Escalate, words: name.Text{ZH: "列为疑难", EN: "Escalate"}, from: []Phase{Accepted, Dispatched, Handling}, to: []Phase{Paused}, needsReason: true, needsTarget: true, pauses: true, count: "escalations"},
	{verb: Resume, words: name.Text{ZH: "恢复", EN: "Resume"}, from: []Phase{Paused}, to: []Phase{Accepted, Dispatched, Handling}},
	{verb: Adjust, words: name.Text{ZH: "调整", EN: "Change"}, from: open, stays: true, onlyIssuer: true, needsReason: true},
	{verb: Remind, words: name.Text{ZH: "催办", EN: "Remind"}, from: open, stays: true, count: "reminders"},
	{verb: Supervise, words: name.Text{ZH: "督办", EN: "Supervise"}, from: open, stays: true, needsReason: true, count: "supervisions"},
	{verb: Merge, words: name.Text{ZH: "并案", EN: "Merge"}, from: open, to: []Phase{Stopped}, needsReason: true},
	{verb: Split, words: name.Text{ZH: "拆分", EN: "Split"}, from: open, stays: true},
	{verb: Appeal, words: name.Text{ZH: "申诉", EN: "Appeal"}, stays: true, needsReason: true},
	{verb: Reopen, words: name.Text{ZH: "重开", EN: "Reopen"}, from: []Phase{Closed, Archived}, to: []Phase{Handling, Dispatched}, needsReason: true, needsTarget: true, count: "reopenings"},
	{verb: Note, words: name.Text{ZH: "记录", EN: "Note"}, stays: true},
	{verb: Ask, words: name.Text{ZH: "申请", EN: "Ask for"}, from: open, stays: true},
	{verb: Refuse, words: name.Text{ZH: "不同意", EN: "Decline"}, from: open, stays: true, needsReason: true},
	{verb: TakeBack, words: name.Text{ZH: "撤回申请", EN: "Take back"}, from: open, stays: true},
}

// law returns the physics of the verb, or nil for a verb that does not exist.
func (v Verb) law() *physics {
	for i := range laws {
		if laws[i].verb == v {
			return &laws[i]
		}
	}
	return nil
}

func (v Verb) opens() bool { return v == Register }

// Pauses reports whether an act of the verb may pause a clock: for a coded reason, or for the verb's own name.
func (v Verb) Pauses() bool {
	l := v.law()
	return v == Pause || l != nil && l.pauses
}

// Words returns the verb's own words, which a pack may replace, and false for a verb that does not exist.
func (v Verb) Words() (name.Text, bool) {
	if l := v.law(); l != nil {
		return l.words, true
	}
	return name.Text{}, false
}

// Verbs returns all verbs in the order of the documentation.
func Verbs() (all []Verb) {
	for _, l := range laws {
		all = append(all, l.verb)
	}
	return all
}

// Counted returns the names under which verbs are counted, in the order of the documentation.
func Counted() (all []string) {
	for _, l := range laws {
		if l.count != "" {
			all = append(all, l.count)
		}
	}
	return all
}

// NeedsReason reports whether an act of the verb must say why.
func (v Verb) NeedsReason() bool {
	l := v.law()
	return l != nil && l.needsReason
}
