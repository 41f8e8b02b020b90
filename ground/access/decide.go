package access

import (
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Subject is who asks, in which capacity. The zero value is a visitor: nobody, with the role [Anyone].
type Subject struct {
	Person    name.Person
	For       name.Person // whom the person acts for 代办, empty if for themselves
	Unit      name.Unit
	UnitPath  string // the unit's place in the tree, such as 220105/government/housing
	Roles     []name.Role
	Clearance Class // the highest class the person is cleared for; not set: [Public]
}

// Visitor is who has not signed in.
var Visitor = Subject{Clearance: Public}

// Object is what the action is done to. What is empty matches no scope. Before something
// exists (opening a matter) it is described as it would be.
type Object struct {
	Type     ObjectType
	Unit     name.Unit     // lead unit 主办单位
	UnitPath string        // its place in the tree
	Assist   []name.Unit   // assisting units 协办单位
	SetBy    name.Unit     // the unit that set the task 交办单位
	Holder   name.Person   // who has to act now
	Involved []name.Person // who took part or is named in it
	Public   bool          // published
	Class    Class         // what one must reach to know of it; not set: [Restricted]
	// DidWork are the persons who did the work, kept from actions that exclude the worker.
	DidWork []name.Person
	// DidWorkUnits are their units, given only where the kind keeps units apart too.
	DidWorkUnits []name.Unit
}

// Code tells why a decision fell as it did.
type Code string

// The codes.
const (
	Granted        Code = "granted"
	UnknownAction  Code = "unknown-action"
	WrongObject    Code = "wrong-object"
	RolesExclusive Code = "roles-exclusive"
	NoGrant        Code = "no-grant"
	OutOfScope     Code = "out-of-scope"
	ClassTooHigh   Code = "class-too-high"
	DidTheWork     Code = "did-the-work"
)

var reasons = map[Code]name.Text{
	Granted:        {ZH: "您的角色有此权限", EN: "your role allows it"},
	UnknownAction:  {ZH: "没有登记这项权限，请联系系统管理员", EN: "this action is not declared; please tell the system administrator"},
	WrongObject:    {ZH: "这项操作不适用于该对象", EN: "this cannot be done to an object of this kind"},
	RolesExclusive: {ZH: "您的账号同时拥有互斥的角色，须先由安全管理员收回其一", EN: "your account holds roles that exclude each other; the security administrator must revoke one"},
	NoGrant:        {ZH: "您的角色没有这项权限，如有需要请联系安全管理员", EN: "none of your roles allows this; if you need it, ask the security administrator"},
	OutOfScope:     {ZH: "该对象不在您的职责范围内，请联系主办单位", EN: "this object is outside your scope; ask its lead unit"},
	ClassTooHigh:   {ZH: "该对象的数据级别高于您的查看级别", EN: "this object's data class is above your clearance"},
	DidTheWork:     {ZH: "您办理过该事项，须由他人核验、审批", EN: "you worked on this; somebody else has to verify or approve it"},
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

// Evaluate decides whether s may do a to o. Among the grants in scope the one that reaches
// the highest class decides, the first of the file among equals. Its cost is the number of
// roles times the grants of each for this action; it allocates nothing.
func (p *Policy) Evaluate(s Subject, a Action, o Object) Decision {
	decl, ok := declared[a]
	switch {
	case !ok:
		return Decision{Code: UnknownAction}
	case !slices.Contains(decl.On, o.Type):
		return Decision{Code: WrongObject}
	case p.clash(s.Roles):
		return Decision{Code: RolesExclusive}
	}
	d := p.reach(s, a, o)
	switch {
	case d.Code != Granted:
		return d
	case o.Class.needed() > d.Class:
		d.Code = ClassTooHigh
		return d
	case decl.ExcludesWorker && s.didWork(o):
		d.Code = DidTheWork
		return d
	}
	d.Allowed = true
	return d
}

// reach finds the grant in scope that reaches the highest class.
func (p *Policy) reach(s Subject, a Action, o Object) Decision {
	d := Decision{Code: NoGrant}
	look := func(r name.Role) {
		for _, g := range p.byCell[cell{r, a, o.Type}] {
			if d.Code == NoGrant {
				d.Code = OutOfScope
			}
			if c := min(g.Class, max(s.Clearance, Public)); c > d.Class && s.inScope(g.Scope, o) {
				d = Decision{Code: Granted, Grant: g, Class: c}
			}
		}
	}
	for _, r := range s.Roles {
		look(r)
	}
	look(Anyone)
	return d
}

func (s Subject) inScope(sc Scope, o Object) bool {
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
	case Assigned:
		return s.is(o.Holder)
	case Involved:
		return s.is(o.Holder) || slices.ContainsFunc(o.Involved, s.is)
	case Published:
		return o.Public
	}
	return false
}

// isBelow reports whether path is root or below it in the tree of units.
func isBelow(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && root != "" && (rest == "" || rest[0] == '/')
}

// is reports whether p is the subject, or whom the subject acts for.
func (s Subject) is(p name.Person) bool { return p != "" && (p == s.Person || p == s.For) }

func (s Subject) didWork(o Object) bool {
	return slices.ContainsFunc(o.DidWork, s.is) || s.Unit != "" && slices.Contains(o.DidWorkUnits, s.Unit)
}

// clash reports whether the roles hold two of an exclusive set.
func (p *Policy) clash(roles []name.Role) bool {
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

// Holds reports whether s may do a to objects of type t in any scope at all: what a route
// asks before it loads anything, so that a refusal says nothing about what exists.
func (p *Policy) Holds(s Subject, a Action, t ObjectType) bool {
	return len(p.Filter(s, a, t).Terms) > 0
}

// Check returns nil if s may do a to o, and otherwise what to answer. It wraps
// [fault.ErrNotFound] if s may not even read o, so that what is foreign looks like what is
// absent, and [fault.ErrDenied] as a [fault.Refusal] with the [Code] if the role lacks the
// action altogether or s may read o but not do this.
func (p *Policy) Check(s Subject, a Action, o Object) error {
	d := p.Evaluate(s, a, o)
	if d.Allowed {
		return nil
	}
	denied := fault.Refuse(fault.ErrDenied, string(d.Code), "", "action", string(a))
	if d.Code != OutOfScope && d.Code != ClassTooHigh && d.Code != DidTheWork {
		return denied
	}
	if reader := readers[o.Type]; reader == "" || !declared[a].Reads && p.Evaluate(s, reader, o).Allowed {
		return denied
	}
	return fault.Refuse(fault.ErrNotFound, "not-found", "")
}
