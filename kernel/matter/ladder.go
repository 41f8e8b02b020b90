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
	Source    name.Text
	Confirmed bool // whether the source of the number has been confirmed
	Pauses    []PauseReason
	Extend    *Extension
	Ladder    string // key of the ladder, empty for none
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
	By   Party
}

// ClockOp is what an act does to a clock.
type ClockOp string

// The effects. Restart stops the clock and starts it anew.
const (
	Start    ClockOp = "start"
	Stop     ClockOp = "stop"
	Restart  ClockOp = "restart"
	Hold     ClockOp = "pause"
	Go       ClockOp = "resume"
	Lengthen ClockOp = "extend"
)

// ClockOps are all effects.
var ClockOps = []ClockOp{Start, Stop, Restart, Hold, Go, Lengthen}

// ClockEffect is the effect of an act on one clock.
type ClockEffect struct {
	Op    ClockOp
	Clock string
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
	Before int    // units of the clock's basis before it is due; with After and Used zero too: at the due time
	After  int    // units after it was due
	Used   int    // per cent of the period used
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
