package notice

import (
	"slices"

	"bihuan/ground/name"
)

// About is the occasion of a notice. The set is closed: see [Abouts].
type About string

// The occasions.
const (
	Assigned   About = "assigned"    // 派单: it is yours now, or your unit's
	Returned   About = "returned"    // 退回、返工: what you had passed on has come back
	Joined     About = "joined"      // 会办、吹哨: your unit is asked for its part
	CallBack   About = "call-back"   // 待回访: somebody has to ask whoever reported it
	DueSoon    About = "due-soon"    // 黄灯
	Overdue    About = "overdue"     // 红灯
	Reminded   About = "reminded"    // 提醒
	Urged      About = "urged"       // 催办
	Supervised About = "supervised"  // 督办
	Circulated About = "circulated"  // 通报
	Watched    About = "watched"     // 请过问: a rung names you because you are above whoever has it in hand
	Extended   About = "extended"    // 延期已批
	Closed     About = "closed"      // 办结: what you had set or given
	Answered   About = "answered"    // 答复反映人
	BreakGlass About = "break-glass" // 紧急授权
	ReviewDue  About = "review-due"  // 权限复核到期
	Account    About = "account"     // 账号安全: what happened to one's own account
	ToDecide   About = "to-decide"   // 请审定: somebody asks you to decide a change of a goal, or an act on a matter
	Undecided  About = "undecided"   // 审定超期: a rung names you because whoever may decide has not
	Decided    About = "decided"     // 审定结果: what you asked for was decided
)

// Occasion is what is known of an occasion besides its words.
type Occasion struct {
	About  About
	Urgent bool // passes quiet hours and waits for no digest
	ToDo   bool // it is over when the matter has left the person's hands
	Kind   bool // it is about a matter, so that a pack may give it words
	Goal   bool // it is about a goal, unless its facts name a kind of matter
}

var occasions = []Occasion{
	{Assigned, false, true, true, false}, {Returned, false, true, true, false}, {Joined, false, true, true, false}, {CallBack, false, true, true, false},
	{DueSoon, false, true, true, false}, {Overdue, false, true, true, false}, {Reminded, false, true, true, false}, {Urged, false, true, true, false},
	{Supervised, true, true, true, false}, {Circulated, true, true, true, false}, {Watched, false, true, true, false},
	{Extended, false, false, true, false}, {Closed, false, false, true, false}, {Answered, false, false, true, false},
	{BreakGlass, true, false, false, false}, {ReviewDue, false, false, false, false}, {Account, true, false, false, false},
	{ToDecide, false, true, false, true}, {Undecided, false, true, false, true}, {Decided, false, false, false, true},
}

// Abouts returns every occasion, in the order of documentation. The slice is the caller's.
func Abouts() []Occasion { return slices.Clone(occasions) }

// Find returns what is known of an occasion, and false for one that does not exist.
func (a About) Find() (Occasion, bool) {
	i := slices.IndexFunc(occasions, func(o Occasion) bool { return o.About == a })
	if i < 0 {
		return Occasion{}, false
	}
	return occasions[i], true
}

// Facts are what the words of a notice are filled with: keys and times, never a name, a title or another text that somebody
// typed. Words are put to them when they are shown, in the language of whoever reads.
type Facts struct {
	Number string    `json:"number,omitempty"`
	Kind   string    `json:"kind,omitempty"` // pack/kind
	Act    string    `json:"act,omitempty"`
	State  string    `json:"state,omitempty"`
	Unit   name.Unit `json:"unit,omitempty"` // whose it is
	Clock  string    `json:"clock,omitempty"`
	Due    int64     `json:"due,omitempty"` // µs, 0 for none
}

// Notice is one thing that one person is told.
type Notice struct {
	ID     string // the same for the same event, person and occasion, so that it is told once
	Person name.Person
	About  About
	At     int64   // µs
	Stream name.ID // the matter, or the goal where the occasion is about one
	Facts  Facts
	Read   int64 // µs, 0 while it is unread
}

// Page is the path of the page that a notice leads to, empty for none.
func (n *Notice) Page() string {
	if n.Stream == "" {
		return ""
	}
	if o, _ := n.About.Find(); o.Goal && n.Facts.Kind == "" {
		return "/goals/" + string(n.Stream)
	}
	return "/matters/" + string(n.Stream)
}

// State is how far a message has come.
type State string

// The states.
const (
	Waiting State = "waiting" // for its time
	Sending State = "sending" // it is being handed over; after a crash nobody knows whether it was
	Sent    State = "sent"
	Failed  State = "failed"  // it will not be tried again by itself
	Unsure  State = "unsure"  // the process ended while it was being handed over
	Skipped State = "skipped" // it was read, or over, before it went
)

// States are all states, in the order of pages.
var States = []State{Failed, Unsure, Waiting, Sending, Sent, Skipped}

// Posting is a notice on its way to a person by a channel. Postings of one person that are due together go as one message.
type Posting struct {
	Notice  string
	Person  name.Person
	Channel Channel
	At      int64 // µs, when it was asked for
	Due     int64 // µs, when it may go
	State   State
	Tries   int
	Batch   string // of the message that it went with
	Why     string // the last fault, in words for the administrator
	Of      Notice // filled in by questions
}

// Lamp is a light that a matter will show at a time, if nothing happens before: what turns yellow or red makes no event.
type Lamp struct {
	Stream name.ID
	About  About // due-soon or overdue
	At     int64 // µs
}

// Told is what a consumer of the log writes at once, together with how far it has come.
type Told struct {
	Notices  []Notice
	Postings []Posting
	Lamps    []Relit   // of these matters all earlier lamps go
	Over     []Settled // what was to be done about these is over
	Gone     []Lamp    // lamps that have been told
}

// Relit are the lamps of a matter from now on.
type Relit struct {
	Stream name.ID
	Lamps  []Lamp
}

// Settled is a matter of which everything that was to do, told by At, is over, but for notices whose ids begin with But.
type Settled struct {
	Stream name.ID
	At     int64
	But    string
	About  About // of this occasion alone, empty for all
	Not    About // but for this one
}

// Asked is a question for notices. Empty parts do not narrow.
type Asked struct {
	Person name.Person
	About  []About
	Unread bool
	Before int64  // µs, with After the place where the last page ended
	After  string // id
	Limit  int
}

// AskedPostings is a question for postings.
type AskedPostings struct {
	States  []State
	Channel Channel
	Until   int64 // µs, due by then; 0 for all
	Limit   int
}
