package access

import (
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Subject is who asks, in which capacity and when. The zero value is a visitor: nobody, with the role [Anyone].
type Subject struct {
	Person    name.Person
	For       name.Person   // whom the person acts for 代办, empty if for themselves
	Also      []name.Person // every account of the natural persons behind it, whoever it acts for among them: they keep out of what that one has to keep out of, and give nothing
	Unit      name.Unit
	UnitPath  string // the unit's place in the tree, such as 220105/government/housing
	Roles     []name.Role
	Clearance Class    // the highest class the person is cleared for; not set: [Public]
	Grids     []string // the grids that are theirs, as places in the tree of grids, such as 220105001/220105001002
	At        int64    // µs, when they ask
	Proved    int64    // µs, when they last proved who they are with all that is asked of them; 0 never
	OnDuty    bool     // At lies in their duty period
	Zone      Zone     // from which network they ask
	Fell      bool     // roles of theirs fell away, see [Policy.Separate]
}

// Visitor is who has not signed in.
var Visitor = Subject{Clearance: Public}

// Object is what the action is done to. What is empty matches no scope. Before something
// exists (opening a matter) it is described as it would be.
type Object struct {
	Type        ObjectType
	Unit        name.Unit     // lead unit 主办单位
	UnitPath    string        // its place in the tree
	Assist      []name.Unit   // assisting units 协办单位
	SetBy       name.Unit     // the unit that set the task 交办单位
	Supervisors []name.Unit   // the units that set a supervision order about it 督办单位
	Holder      name.Person   // who has to act now
	Involved    []name.Person // who took part or is named in it
	Public      bool          // published
	Class       Class         // what one must reach to know of it; not set: [Restricted]
	Grid        string        // where it lies in the tree of grids
	Task        bool          // an open task links the subject and it
	// DidWork are the persons who did the work, kept from actions that exclude the worker.
	DidWork []name.Person
	// DidWorkUnits are their units, given only where the kind keeps units apart too.
	DidWorkUnits []name.Unit
	// MadeBy are the persons who planned, drafted, proposed or created it.
	MadeBy []name.Person
	// Concerns are the persons whose own case it is, or that of somebody close: they keep out of it.
	Concerns []name.Person
}

// Code tells why a decision fell as it did.
type Code string

// The codes.
const (
	Granted        Code = "granted"
	UnknownAction  Code = "unknown-action"
	WrongObject    Code = "wrong-object"
	RolesExclusive Code = "roles-exclusive"
	RolesFell      Code = "roles-fell"
	InPerson       Code = "in-person"
	NoGrant        Code = "no-grant"
	OutOfScope     Code = "out-of-scope"
	OutOfGrid      Code = "out-of-grid"
	NoPurpose      Code = "no-purpose"
	ClassTooHigh   Code = "class-too-high"
	OffDuty        Code = "off-duty"
	WrongNetwork   Code = "wrong-network"
	ProveAgain     Code = "prove-again"
	DidTheWork     Code = "did-the-work"
	MadeIt         Code = "made-it"
	OwnCase        Code = "own-case"
)

// verdict is a code by how near it comes to being allowed.
type verdict uint8

const (
	noGrant verdict = iota
	outOfScope
	outOfGrid
	noPurpose
	classTooHigh
	offDuty
	wrongNetwork
	proveAgain
	granted
	didTheWork
	madeIt
	ownCase
)

var verdicts = [...]Code{NoGrant, OutOfScope, OutOfGrid, NoPurpose, ClassTooHigh, OffDuty, WrongNetwork, ProveAgain, Granted, DidTheWork, MadeIt, OwnCase}

var reasons = map[Code]name.Text{
	Granted:        {ZH: "您的角色有此权限", EN: "your role allows it"},
	UnknownAction:  {ZH: "没有登记这项权限，请联系系统管理员", EN: "this action is not declared; please tell the system administrator"},
	WrongObject:    {ZH: "这项操作不适用于该对象", EN: "this cannot be done to an object of this kind"},
	RolesExclusive: {ZH: "您的账号同时拥有互斥的角色，须先由安全管理员收回其一", EN: "your account holds roles that exclude each other; the security administrator must revoke one"},
	RolesFell:      {ZH: "系统、安全、审计管理员不得兼任其他角色：您另有管理员角色，您的其他角色不生效，请联系安全管理员收回其一", EN: "an administrator holds no other role: your others are without effect, ask the security administrator to revoke one or the other"},
	InPerson:       {ZH: "这项操作须本人办理，不能代办", EN: "this has to be done in person, not for somebody else"},
	NoGrant:        {ZH: "您的角色没有这项权限，如有需要请联系安全管理员", EN: "none of your roles allows this; if you need it, ask the security administrator"},
	OutOfScope:     {ZH: "该对象不在您的职责范围内，请联系主办单位", EN: "this object is outside your scope; ask its lead unit"},
	OutOfGrid:      {ZH: "该对象不在您负责的网格内，请联系所属网格", EN: "this object is not in your grids; ask those whose grid it is in"},
	NoPurpose:      {ZH: "没有在办事项需要您查看，请从在办事项进入并说明用途", EN: "no open task asks you to look at this; go there from the task, and say what for"},
	ClassTooHigh:   {ZH: "该对象的数据级别高于您的查看级别", EN: "this object's data class is above your clearance"},
	OffDuty:        {ZH: "只能在工作时段办理，如情况紧急请申请应急授权", EN: "this can be done in duty hours only; if it is urgent, ask to break the glass"},
	WrongNetwork:   {ZH: "只能在办公网络内办理", EN: "this can be done from the office network only"},
	ProveAgain:     {ZH: "这项操作要求再次验证身份", EN: "please prove once more who you are"},
	DidTheWork:     {ZH: "您办理过该事项，须由他人核验、审批", EN: "you worked on this; somebody else has to verify or approve it"},
	MadeIt:         {ZH: "这是您提出或编制的，须由他人审核、执行", EN: "you proposed or prepared this; somebody else has to check or carry it out"},
	OwnCase:        {ZH: "该事项涉及您本人或近亲属，您应当回避", EN: "this concerns you or somebody close to you; you have to keep out of it"},
}

// Words returns the sentence for a code, empty for none of ours.
func (c Code) Words() name.Text { return reasons[c] }

// Decision is the answer to one question, with its reason.
type Decision struct {
	Allowed bool
	Code    Code
	Grant   Grant // what allowed it, or came nearest; zero if no grant is in scope
	Class   Class // the highest class that may be read in this object; not set if none
}

// Why returns the reason in words.
func (d Decision) Why() name.Text { return d.Code.Words() }

// MayRead reports whether a field of the given class is shown in the clear; a higher one is masked, not dropped.
func (d Decision) MayRead(field Class) bool { return d.Allowed && field.needed() <= d.Class }

// Evaluate decides whether s may do a to o. Among the grants whose conditions hold the one that
// reaches the highest class decides, the first of the file among equals; where none holds, the
// one that came nearest tells why. Its cost is the number of
// roles times the grants of each for this action; it allocates nothing.
func (p *Policy) Evaluate(s Subject, a Action, o Object) Decision {
	return p.decide(&s, a, &o)
}

func (p *Policy) decide(s *Subject, a Action, o *Object) Decision {
	law := p.laws[a]
	switch {
	case law == nil:
		return Decision{Code: UnknownAction}
	case !slices.Contains(law.On, o.Type):
		return Decision{Code: WrongObject}
	case p.clash(s.Roles):
		return Decision{Code: RolesExclusive}
	case law.inPerson && s.For != "":
		return Decision{Code: InPerson}
	}
	v, g, c := p.reach(s, a, o)
	if v == granted {
		v = law.keepsOut(s, o)
	}
	d := Decision{Allowed: v == granted, Code: s.code(v), Class: c}
	if g != nil {
		d.Grant = *g
	}
	return d
}

// code is a verdict as the subject is told: that nothing is granted may be since roles fell away.
func (s *Subject) code(v verdict) Code {
	if v == noGrant && s.Fell {
		return RolesFell
	}
	return verdicts[v]
}

// reach finds the grant that comes nearest to allowing a: its verdict and the class that it reaches.
func (p *Policy) reach(s *Subject, a Action, o *Object) (best verdict, by *Grant, class Class) {
	need, clearance := o.Class.needed(), max(s.Clearance, Public)
	for i := range len(s.Roles) + 1 {
		r := Anyone
		if i < len(s.Roles) {
			r = s.Roles[i]
		}
		grants := p.byCell[cell{r, a, o.Type}]
		for j := range grants {
			g := &grants[j]
			c := min(g.Class, clearance)
			v := s.passes(g, o)
			if v == granted && c < need {
				v = classTooHigh
			}
			if v > classTooHigh {
				v = min(v, g.When.moment(s))
			}
			switch {
			case v == outOfScope || v < best || v == best && c <= class:
				best = max(best, v)
			default:
				best, by, class = v, g, c
			}
		}
	}
	return best, by, class
}

// passes reports how far the object lies within a grant: its scope, the subject's grids, a task.
func (s *Subject) passes(g *Grant, o *Object) verdict {
	switch {
	case !s.inScope(g.Scope, o):
		return outOfScope
	case g.When.Grid && !s.inGrids(o.Grid):
		return outOfGrid
	case g.When.Task && !o.Task:
		return noPurpose
	}
	return granted
}

func (s *Subject) inScope(sc Scope, o *Object) bool {
	switch sc {
	case All:
		return true
	case OwnUnit:
		return s.Unit != "" && s.Unit == o.Unit
	case Subtree:
		return isBelow(o.UnitPath, s.UnitPath)
	case Assisting:
		return s.Unit != "" && slices.Contains(o.Assist, s.Unit)
	case SetByUnit:
		return s.Unit != "" && s.Unit == o.SetBy
	case Supervising:
		return s.Unit != "" && slices.Contains(o.Supervisors, s.Unit)
	case Assigned:
		return s.is(o.Holder)
	case Involved:
		return s.is(o.Holder) || s.isAmong(o.Involved)
	case Published:
		return o.Public
	}
	return false
}

func (s *Subject) inGrids(grid string) bool {
	for _, mine := range s.Grids {
		if isBelow(grid, mine) {
			return true
		}
	}
	return false
}

// isBelow reports whether path is root or below it in the tree of units.
func isBelow(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && root != "" && (rest == "" || rest[0] == '/')
}

// is reports whether p is the subject, or whom the subject acts for.
func (s *Subject) is(p name.Person) bool { return p != "" && (p == s.Person || p == s.For) }

func (s *Subject) isAmong(persons []name.Person) bool { return slices.ContainsFunc(persons, s.is) }

// hasHandIn reports whether one of some persons is the subject, whom the subject acts for, or the subject by another account.
func (s *Subject) hasHandIn(persons []name.Person) bool {
	return s.isAmong(persons) || slices.ContainsFunc(s.Also, func(p name.Person) bool { return slices.Contains(persons, p) })
}

// keepsOut returns the relation that bars the subject from the object, [granted] for none.
func (l *law) keepsOut(s *Subject, o *Object) verdict {
	switch {
	case l.apart == 0:
		return granted
	case l.apart&bitWorked != 0 && (s.hasHandIn(o.DidWork) || s.Unit != "" && slices.Contains(o.DidWorkUnits, s.Unit)):
		return didTheWork
	case l.apart&bitMade != 0 && s.hasHandIn(o.MadeBy):
		return madeIt
	case l.apart&bitConcerned != 0 && s.hasHandIn(o.Concerns):
		return ownCase
	}
	return granted
}

// clash reports whether the roles hold two of an exclusive set, or one that is held alone beside another.
func (p *Policy) clash(roles []name.Role) bool {
	if _, fell := p.Separate(roles, nil); fell {
		return true
	}
	for _, set := range p.exclusive {
		var first name.Role
		for _, r := range roles {
			if r == first || !slices.Contains(set, r) {
				continue
			}
			if first != "" {
				return true
			}
			first = r
		}
	}
	return false
}

// Holds reports whether s may do a to objects of type t in any scope at all: for menus and buttons. What only asks for a
// fresh proof counts as held.
func (p *Policy) Holds(s Subject, a Action, t ObjectType) bool {
	code := p.Held(s, a, t)
	return code == Granted || code == ProveAgain
}

// Held is why s may do a to no object of type t, [Granted] if it may to some: what a route
// asks before it loads anything, so that a refusal says nothing about what exists.
func (p *Policy) Held(s Subject, a Action, t ObjectType) Code {
	law := p.laws[a]
	switch {
	case law == nil:
		return UnknownAction
	case !slices.Contains(law.On, t):
		return WrongObject
	case p.clash(s.Roles):
		return RolesExclusive
	case law.inPerson && s.For != "":
		return InPerson
	}
	best := noGrant
	for i := range len(s.Roles) + 1 {
		r := Anyone
		if i < len(s.Roles) {
			r = s.Roles[i]
		}
		grants := p.byCell[cell{r, a, t}]
		for j := range grants {
			if _, possible := s.term(&grants[j]); possible {
				best = max(best, grants[j].When.moment(&s))
			}
		}
	}
	return s.code(best)
}

// Check returns nil if s may do a to o, and otherwise what to answer. It wraps
// [fault.ErrNotFound] if s may not even read o, so that what is foreign looks like what is
// absent, and [fault.ErrDenied] as a [fault.Refusal] with the [Code] if the role lacks the
// action altogether or s may read o but not do this.
func (p *Policy) Check(s Subject, a Action, o Object) error {
	d := p.decide(&s, a, &o)
	if d.Allowed {
		return nil
	}
	denied := fault.Refuse(fault.ErrDenied, string(d.Code), "", "action", string(a))
	if !d.Code.ofObject() {
		return denied
	}
	if reader := readers[o.Type]; reader == "" || !declared[a].Reads && p.decide(&s, reader, &o).Allowed {
		return denied
	}
	return fault.Refuse(fault.ErrNotFound, "not-found", "")
}

// ofObject reports whether a code tells something of the object: whoever may not read it must not hear it.
func (c Code) ofObject() bool {
	switch c {
	case OutOfScope, OutOfGrid, NoPurpose, ClassTooHigh, DidTheWork, MadeIt, OwnCase:
		return true
	}
	return false
}
