package matter

import (
	"bihuan/ground/calendar"
	"bihuan/ground/name"
)

// Term says what stands behind a clock.
type Term string

// The three terms that may run side by side.
const (
	Statutory Term = "statutory" // 法定时限, by law
	Promised  Term = "promised"  // 承诺时限, by the office's own promise, never longer than the law's
	Internal  Term = "internal"  // 内控时限, by the office's own rule, seen only inside
)

// Terms are the three terms.
var Terms = []Term{Statutory, Promised, Internal}

// ClockKind is a clock that matters of a kind may have.
type ClockKind struct {
	Key       string
	Words     name.Text
	Term      Term
	Basis     calendar.Basis
	Length    int    // in units of the basis; 0 if Until names a field
	Parameter string // key of the parameter that Length was taken from, empty if it stands in the pack
	Until     string // date field: the clock ends with that day
	Limit     *Limit // what a record lays down goes before Length and Basis
	Source    name.Text
	Confirmed bool // whether the source of the number has been confirmed
	Pauses    []PauseReason
	Extend    *Extension
	Ladder    string   // key of the ladder, empty for none
	Decides   []string // acts that are asked for: it runs from the asking until that is settled, beside the matter's own clocks
}

// PauseReason is a coded reason for which the clock may stand still.
type PauseReason struct {
	Code    string
	Words   name.Text
	Article name.Text // the legal article that allows it
}

// Extension says how far, and by whom, a clock may be extended, once.
type Extension struct {
	Most int // in units of the basis; for a clock with Until, in calendar days
	// Each is the cap where a record lays down another basis for the clock, or for a stage of it: ten working days are no ten hours.
	Each map[calendar.Basis]int
	By   Party
}

// MostOf returns the cap for a basis.
func (x *Extension) MostOf(b calendar.Basis) int {
	if n, ok := x.Each[b]; ok {
		return n
	}
	return x.Most
}

// ClockOp is what an act does to a clock.
type ClockOp string

// The effects. What does not apply does nothing: a running clock is not started, one that stands still is not paused.
const (
	Start    ClockOp = "start"   // 起算
	Stop     ClockOp = "stop"    // 停止
	Restart  ClockOp = "restart" // 重新起算: stops the clock and starts it anew
	Hold     ClockOp = "pause"   // 中止计时
	Go       ClockOp = "resume"  // 恢复计时
	Lengthen ClockOp = "extend"  // 延长
	Pass     ClockOp = "pass"    // 转入下一阶段: ends a stage and begins the next
)

// ClockEffect is the effect of an act on one clock.
type ClockEffect struct {
	Op    ClockOp
	Clock string
	Stage string // of Pass: the stage that is over
}

// Ladder is the stair of what happens while a clock runs out: 提醒 → 催办 → 督办 → 通报, each rung once.
type Ladder struct {
	Key   string
	Rungs []Rung
}

// Rung is one step of a ladder.
type Rung struct {
	Key    RungKind
	Words  name.Text
	Before int    // when at most so many units of the clock's basis are left; with After and Used zero too: when the due day begins, for hours at the due moment
	After  int    // when it is overdue by so many units
	Used   int    // when so many per cent of the period are used
	To     Party  // who is told
	Raises string // pack/kind of the matter that is raised, empty for none
}

// RungKind is the closed set of rungs.
type RungKind string

// The rungs from low to high.
const (
	RungRemind    RungKind = "remind"    // 提醒
	RungUrge      RungKind = "urge"      // 催办
	RungSupervise RungKind = "supervise" // 督办
	RungCirculate RungKind = "circulate" // 通报
)

// RungKinds are the rungs from low to high.
var RungKinds = []RungKind{RungRemind, RungUrge, RungSupervise, RungCirculate}
