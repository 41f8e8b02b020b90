package matter

import (
	"slices"

	"bihuan/ground/field"
	"bihuan/ground/name"
)

// Kind is one kind of matter, compiled from a pack: what it holds, which states it has, which
// acts lead from one to another, and which clocks run. Packs choose and name; the physics
// behind phases, verbs and clocks is this room's and the same for all.
type Kind struct {
	Ref       string    // pack/kind, such as "promise/promise"
	Version   string    // content address of the pack that it was compiled from
	Words     name.Text // 政府工作报告任务
	Series    string    // letter(s) that its case numbers begin with, such as "P"
	Fields    []field.Field
	States    []State
	Acts      []Act
	Clocks    []ClockKind
	Ladders   []Ladder
	Facets    []string // keys of fields that lists may filter and figures may count by
	Public    []string // keys of fields shown without login once the matter is public
	Measured  string   // the clock by which scorecards tell when a matter was due and whether it was in time; empty for none
	OtherUnit bool     // the verifying unit must differ from the unit that did the work, not only the person
}

// Phase is where in the closed loop a state stands. The set is closed: packs name states, not physics.
type Phase string

// The phases in the order of a matter's life.
const (
	Registered Phase = "registered" // 登记 written down, nobody's task yet
	Accepted   Phase = "accepted"   // 受理 ours, not yet given to a unit
	Dispatched Phase = "dispatched" // 派遣 given to a unit that has not confirmed it
	Handling   Phase = "handling"   // 办理 being worked on
	Paused     Phase = "paused"     // 挂起 waiting for a coded reason
	Reported   Phase = "reported"   // 反馈 the unit says it is done
	Verified   Phase = "verified"   // 核查 somebody else has looked and agrees
	Closed     Phase = "closed"     // 办结 brought to its end
	Stopped    Phase = "stopped"    // 终止 ended without being done: declined, withdrawn, merged away
	Archived   Phase = "archived"   // 归档
)

// Phases are all phases in order.
var Phases = []Phase{Registered, Accepted, Dispatched, Handling, Paused, Reported, Verified, Closed, Stopped, Archived}

// IsOpen reports whether somebody still has to do something.
func (p Phase) IsOpen() bool { return p != Closed && p != Stopped && p != Archived }

// State is a state of a kind.
type State struct {
	Key    string
	Words  name.Text
	Phase  Phase
	Public name.Text // what the public reads, empty for Words
}

// Act is one thing that somebody may do to a matter of the kind.
type Act struct {
	Key      string
	Verb     Verb
	Words    name.Text
	Help     name.Text
	From     []string // states; empty for the act that opens the matter
	To       string   // state, empty if it stays
	By       []Party  // any one of these may do it
	Form     []Input
	Evidence []Need
	Clocks   []ClockEffect
	Holder   Handover // whose the matter is afterwards
	Raises   []Raise
	Reports  *Report // the act reports a figure of the goal that the matter fulfils
	Publish  bool    // the matter becomes public by this act
	Instead  Instead // what some answers make of it
	Asked    []Party // who asks for it: people do it upon what one of them asked and was somebody else; empty for an act that nobody asks for
	Of       string  // of an act that asks for another one, declines it or takes it back: the key of that one
	Signs    string  // the field of kind person that takes who did it, empty for none
}

// Instead says which answers to a field of an act's form make it another act: a bad rating contests the closing. The zero
// Instead says nothing.
type Instead struct {
	Field string
	In    []string
	Act   string
}

// Party is who may do an act: a part in the matter, and a role if not empty.
type Party struct {
	Part Part
	Role name.Role
}

// Part is the part that somebody has in a matter.
type Part string

// The parts. The set is closed.
const (
	Holder      Part = "holder"      // 承办: of the unit that holds the matter; the named person, if there is one and the role is handler
	Giver       Part = "giver"       // 交办: of the unit that gave it to the holder
	Issuer      Part = "issuer"      // 下达: of the unit that set the task
	Involved    Part = "involved"    // 配合: of a unit that assists
	Verifier    Part = "verifier"    // 核验: of any unit, but nobody who did the work
	Supervision Part = "supervision" // 督查: of the supervision office
	Anybody     Part = "anybody"     // whoever has the role
	Platform    Part = "platform"    // the scheduler
)

// Parts are all parts in the order of the documentation.
var Parts = []Part{Holder, Giver, Issuer, Involved, Verifier, Supervision, Anybody, Platform}

// Input is a field asked for by an act.
type Input struct {
	Field    string
	Required bool
}

// Need is evidence that an act asks for.
type Need struct {
	Kind  EvidenceKind
	Words name.Text
	Min   int // at least so many pieces
}

// EvidenceKind is the kind of a piece of evidence.
type EvidenceKind string

// The kinds of evidence.
const (
	Photo     EvidenceKind = "photo"     // 照片
	Document  EvidenceKind = "document"  // 文件
	Statement EvidenceKind = "statement" // 书面说明
)

// EvidenceKinds are all kinds of evidence.
var EvidenceKinds = []EvidenceKind{Photo, Document, Statement}

// Handover says whose the matter is after an act.
type Handover struct {
	To    Target
	Unit  name.Unit // for ToUnit
	Field string    // for ToField: the field of kind unit, or person, that names the next holder
}

// Target is to whom a matter goes.
type Target string

// The targets. The empty target leaves the matter where it is.
const (
	Stays         Target = ""
	ToIssuer      Target = "issuer"
	ToGiver       Target = "giver"
	ToField       Target = "field"       // the unit named by a field
	ToUnit        Target = "unit"        // a unit fixed by the pack
	ToWorker      Target = "worker"      // back to the unit that did the work
	ToSupervision Target = "supervision" // the supervision office
	ToActor       Target = "actor"       // whoever does the act takes it
)

// Raise opens further matters: one, or one for each row of a table field.
type Raise struct {
	Kind   string            // pack/kind
	Link   LinkKind          // how the new matter refers to this one
	Each   string            // table field, empty for a single matter
	Fields map[string]string // field of the new matter ← field of this one, or column of the row
	Sets   map[string]string // field of the new matter ← a value that is the same each time
}

// LinkKind is how two matters belong together.
type LinkKind string

// The links.
const (
	ChildOf    LinkKind = "child-of"    // 子任务
	RaisedBy   LinkKind = "raised-by"   // 由…引发, as a supervision by what is late
	MergedInto LinkKind = "merged-into" // 并入
	SplitFrom  LinkKind = "split-from"  // 拆自
	SameAs     LinkKind = "same-as"     // 重复
	Fulfils    LinkKind = "fulfils"     // 落实: the goal that the matter serves
)

// LinkKinds are all kinds of link.
var LinkKinds = []LinkKind{ChildOf, RaisedBy, MergedInto, SplitFrom, SameAs, Fulfils}

// Report says which fields of an act's form are a figure of the goal that the matter fulfils.
type Report struct {
	Value  string // decimal field
	Period string // text field "2023-10", or empty for the month of the act
}

// State returns the state with the key, or nil.
func (k *Kind) State(key string) *State {
	for i := range k.States {
		if k.States[i].Key == key {
			return &k.States[i]
		}
	}
	return nil
}

// Act returns the act with the key, or nil.
func (k *Kind) Act(key string) *Act {
	for i := range k.Acts {
		if k.Acts[i].Key == key {
			return &k.Acts[i]
		}
	}
	return nil
}

// Meant returns the act that a filled-in form means: the one that it is of, or the one that its answers make of it; nil for none.
func (k *Kind) Meant(key string, with map[string]string) *Act {
	a := k.Act(key)
	if a == nil || a.Instead.Field == "" || !slices.Contains(a.Instead.In, with[a.Instead.Field]) {
		return a
	}
	return k.Act(a.Instead.Act)
}

// Opening returns the acts that open a matter of the kind.
func (k *Kind) Opening() (acts []*Act) {
	for i := range k.Acts {
		if k.Acts[i].opens() {
			acts = append(acts, &k.Acts[i])
		}
	}
	return acts
}

// IsActive reports whether one of the roles has an act in the state, whatever part in the matter it asks for.
func (k *Kind) IsActive(state string, roles []name.Role) bool {
	return slices.ContainsFunc(k.Acts, func(a Act) bool {
		return slices.Contains(a.From, state) && slices.ContainsFunc(a.By, func(p Party) bool {
			return p.Part != Platform && (p.Role == "" || slices.Contains(roles, p.Role))
		})
	})
}

func (a *Act) opens() bool { return len(a.From) == 0 && a.Verb.opens() }

// Clock returns the clock with the key, or nil.
func (k *Kind) Clock(key string) *ClockKind {
	for i := range k.Clocks {
		if k.Clocks[i].Key == key {
			return &k.Clocks[i]
		}
	}
	return nil
}

// Ladder returns the ladder with the key, or nil.
func (k *Kind) Ladder(key string) *Ladder {
	for i := range k.Ladders {
		if k.Ladders[i].Key == key {
			return &k.Ladders[i]
		}
	}
	return nil
}
