// Package account is who somebody is: the account of one natural person as a stream of events, and the sessions in
// which that person is signed in.
//
// [Decide] holds every rule of an account's life (invited, activated, disabled, which roles it holds and who may give
// them), [Apply] every consequence; [Open], [Read] and [Close] are sessions, [Strength] says what proven factors are worth.
//
// It promises that nobody gives a role to their own account or to one that they made, that the three administrators
// 三员 are three natural persons however many accounts they have, and that no secret stands in an event: passwords,
// seeds, codes and keys lie beside the log, and of an identity number only a keyed hash is known. It leaves passwords
// and one-time codes to [bihuan/ground/password] and [bihuan/ground/otp], and keeping to desk/accounts.
package account

import (
	"encoding/json"
	"fmt"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Account is one account as its events add up to it. The zero Account has not been made.
type Account struct {
	ID      name.ID
	Version int64
	State   State
	Sort    Sort
	Person  name.Person // how events and the directory name who it belongs to
	Unit    name.Unit
	Login   string // what is typed to sign in; empty before activation, and for who signs in elsewhere
	Natural string // keyed hash of the number of the identity document; empty before activation
	Roles   []Held
	Factors []Factor
	Made    int64 // µs
	Maker   Hand  // who invited the account first
	Until   int64 // µs: while invited, when the invitation ends
	Changed int64 // µs: when the password was changed last, 0 without one
	Locked  int64 // µs: until when no password is accepted, 0 for never
	Seen    int64 // µs: when it signed in last, 0 never
	Used    int64 // µs: when it was activated or taken into use again last
	Off     int64 // µs: when it was disabled last, or closed; 0 for never
	Warned  int64 // µs: when its person was told last that it rests too long
	Aged    int64 // µs: when its person was told last that the password ends soon
	Offered []Offer
	// identities at providers that wait for approval
	Proposed []Proposal
}

// State is where an account stands.
type State string

// The states.
const (
	Invited  State = "invited"  // 待激活
	Active   State = "active"   // 正常
	Disabled State = "disabled" // 停用
	Closed   State = "closed"   // 已注销: by its own person, for good
)

// Sort is whose account it is, which decides how many factors are asked for.
type Sort string

// The sorts.
const (
	Staff    Sort = "staff"    // 工作人员, administrators included: two factors
	Resident Sort = "resident" // 居民: identity proven elsewhere or by a one-time code
	Agent    Sort = "agent"    // 企业经办人: like a resident, acting under a mandate
)

// Held is a role that an account holds.
type Held struct {
	Role  name.Role   `json:"role"`
	By    name.Person `json:"by"`
	At    int64       `json:"at"`              // µs
	Until int64       `json:"until,omitempty"` // µs, 0 for as long as nobody revokes it
}

// Offer is one of the three administrators' roles that one of them has offered to an account and that another has to confirm.
type Offer struct {
	Role name.Role
	By   Hand
	At   int64 // µs
}

// Hand is who does something: an actor, and the natural person behind it.
type Hand struct {
	name.Actor
	Natural string // as in [Account]; empty for the platform
}

// is reports whether two hands belong to one natural person.
func (h Hand) is(person name.Person, natural string) bool {
	return h.Person == person || h.Natural != "" && h.Natural == natural
}

// Verb is what may be done to an account.
type Verb string

// The verbs.
const (
	Invite         Verb = "invite"          // 邀请: makes an account, or resets one
	Register       Verb = "register"        // 自助开户: a resident or an agent whose identity was proven
	Activate       Verb = "activate"        // 激活
	Disable        Verb = "disable"         // 停用
	Enable         Verb = "enable"          // 启用
	Grant          Verb = "grant"           // 授予角色
	Revoke         Verb = "revoke"          // 收回角色
	ChangePassword Verb = "change-password" // 修改口令
	AddFactor      Verb = "add-factor"      // 登记鉴别方式
	RemoveFactor   Verb = "remove-factor"   // 注销鉴别方式
	Lock           Verb = "lock"            // 锁定
	SignIn         Verb = "sign-in"         // 登录
	Prove          Verb = "prove"           // 再次验证
)

// The types of an account's events.
const (
	TypeInvited         = "account.invited"
	TypeRegistered      = "account.registered"
	TypeActivated       = "account.activated"
	TypeDisabled        = "account.disabled"
	TypeEnabled         = "account.enabled"
	TypeRoleOffered     = "account.role-offered"
	TypeRoleGranted     = "account.role-granted"
	TypeRoleRevoked     = "account.role-revoked"
	TypePasswordChanged = "account.password-changed"
	TypeFactorAdded     = "account.factor-added"
	TypeFactorRemoved   = "account.factor-removed"
	TypeLocked          = "account.locked"
	TypeSignedIn        = "account.signed-in"
	TypeProved          = "account.proved"
)

// Change is the body of an account's events: what became different. It holds no secret and no value of a person.
type Change struct {
	Sort     Sort         `json:"sort,omitempty"`
	Person   name.Person  `json:"person,omitempty"`
	Unit     name.Unit    `json:"unit,omitempty"`
	Login    string       `json:"login,omitempty"`
	Natural  string       `json:"natural,omitempty"`
	Role     name.Role    `json:"role,omitempty"`
	Factor   *Factor      `json:"factor,omitempty"`
	Until    int64        `json:"until,omitempty"`    // µs
	Failures int          `json:"failures,omitempty"` // refused attempts since the last one that was let in
	Session  string       `json:"session,omitempty"`  // short public id
	Proven   []FactorKind `json:"proven,omitempty"`
	New      bool         `json:"new,omitempty"`   // signed in from a network from which this account never did
	Maker    string       `json:"maker,omitempty"` // Natural of who made the account
}

// Command asks for one step of an account's life. Which fields of With a verb reads stands at the verb.
type Command struct {
	Verb   Verb
	By     Hand
	At     int64 // µs
	Reason string
	With   Change
}

// Decision is what a command led to.
type Decision struct {
	Type   string
	Reason string
	Change Change
}

// Env is what the rules know about the world.
type Env struct {
	Exclusive [][]name.Role // sets of which one natural person holds at most one role, out of the policy
	Alone     []name.Role   // roles beside which one natural person holds no other, out of the policy
	Beside    []name.Role   // what that person holds now that no account says: roles that were granted to a post
	Others    []Account     // the other accounts of the same natural person, by [Account.Natural]
}

// step is one row of the table of verbs: from which states it may be done, and what it leads to.
type step struct {
	from   []State
	decide func(a *Account, c *Command, env *Env) (Decision, error)
}

// none is the state of what has not been made.
const none State = ""

var steps = map[Verb]step{
	Invite:         {[]State{none, Invited, Active, Disabled}, (*Account).invite},
	Register:       {[]State{none}, (*Account).register},
	Activate:       {[]State{Invited}, (*Account).activate},
	Disable:        {[]State{Invited, Active}, (*Account).disable},
	Enable:         {[]State{Disabled}, (*Account).enable},
	Grant:          {[]State{Invited, Active}, (*Account).grant},
	Revoke:         {[]State{Invited, Active, Disabled}, (*Account).revoke},
	ChangePassword: {[]State{Active}, (*Account).changePassword},
	AddFactor:      {[]State{Active}, (*Account).addFactor},
	RemoveFactor:   {[]State{Active}, (*Account).removeFactor},
	Lock:           {[]State{Active}, (*Account).lock},
	SignIn:         {[]State{Active}, (*Account).signIn},
	Prove:          {[]State{Active}, (*Account).prove},
	ProposeLink:    {[]State{Active}, (*Account).proposeLink},
	ApproveLink:    {[]State{Active}, (*Account).approveLink},
	DropLink:       {[]State{Active, Disabled}, (*Account).dropLink},
	Warn:           {[]State{Active}, (*Account).warn},
	WarnPassword:   {[]State{Active}, (*Account).warnPassword},
	Leave:          {[]State{Active}, (*Account).leave},
}

// Decide returns the event that a command leads to. It does not change a.
//
// It refuses with [fault.ErrInvalid] what is incomplete, [fault.ErrConflict] what the account's state does not allow,
// [fault.ErrLate] an invitation that has ended, and [fault.ErrDenied] what the separation of duties forbids.
func Decide(a *Account, c Command, env Env) (Decision, error) {
	s, known := steps[c.Verb]
	if !known {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "no-such-option", string(c.Verb))
	}
	if !slices.Contains(s.from, a.State) {
		if a.State == none {
			return Decision{}, fault.Refuse(fault.ErrNotFound, "no-such-account", "")
		}
		return Decision{}, fault.Refuse(fault.ErrConflict, "account-state", "", "state", string(a.State))
	}
	d, err := s.decide(a, &c, &env)
	d.Reason = c.Reason
	return d, err
}

// Holds reports whether the account holds a role at an instant.
func (a *Account) Holds(r name.Role, now int64) bool {
	return slices.ContainsFunc(a.Roles, func(h Held) bool { return h.Role == r && h.InForce(now) })
}

// RolesAt returns the roles that the account holds at an instant, in the order in which they were given; none while it
// is not active.
func (a *Account) RolesAt(now int64) (all []name.Role) {
	if a.State != Active {
		return nil
	}
	for _, h := range a.Roles {
		if h.InForce(now) {
			all = append(all, h.Role)
		}
	}
	return all
}

// InForce reports whether the account has the role by this at an instant.
func (h Held) InForce(now int64) bool { return h.Until == 0 || now < h.Until }

// IsLocked reports whether no password is accepted at an instant.
func (a *Account) IsLocked(now int64) bool { return now < a.Locked }

// Needs returns how strong a proof has to be to sign in: two factors for staff, after GB/T 22239-2019 (等保2.0 level 3)
// 8.1.4.1 d as read about, and one for others.
func (a *Account) Needs() int {
	if a.Sort == Staff {
		return 2
	}
	return 1
}

// Apply returns the account after an event: total, and without changing a or the event. A type that it does not know
// moves the version and nothing else. It reports an error only for a body that is not JSON, which no written event can have.
func Apply(a Account, e *ledger.Event) (Account, error) {
	a.Version++
	a.ID = e.Stream
	effect, ours := effects[e.Type]
	if !ours {
		return a, nil
	}
	var c Change
	if err := json.Unmarshal(e.Body, &c); err != nil {
		return a, fmt.Errorf("body of event %d of account %s: %w", e.Version, e.Stream, err)
	}
	effect(&a, e, &c)
	return a, nil
}

// effects has what each type of event changes. Slices are copied before they are changed: the account that came in stays.
var effects = map[string]func(*Account, *ledger.Event, *Change){
	TypeInvited: func(a *Account, e *ledger.Event, c *Change) {
		if a.State == none {
			a.Made, a.Maker = e.At, Hand{e.Actor, c.Maker}
			a.Sort, a.Person, a.Unit = c.Sort, c.Person, c.Unit
		}
		a.State, a.Until = Invited, c.Until
		a.Factors, a.Proposed, a.Changed, a.Locked = nil, nil, 0, 0
	},
	TypeRegistered: func(a *Account, e *ledger.Event, c *Change) {
		a.Made, a.Maker = e.At, Hand{e.Actor, c.Natural}
		a.State, a.Sort, a.Person, a.Unit, a.Natural = Active, c.Sort, c.Person, c.Unit, c.Natural
		if c.Factor != nil {
			f := *c.Factor
			f.Added = e.At
			a.Factors = []Factor{f}
		}
	},
	TypeActivated: func(a *Account, e *ledger.Event, c *Change) {
		a.Used = e.At
		a.State, a.Login, a.Natural, a.Until = Active, c.Login, c.Natural, 0
	},
	TypeDisabled: func(a *Account, e *ledger.Event, _ *Change) { a.State, a.Off = Disabled, e.At },
	TypeEnabled: func(a *Account, e *ledger.Event, _ *Change) {
		a.Used = e.At
		a.State, a.Locked = Active, 0
		if len(a.Factors) == 0 {
			a.State = Invited // it never was activated, or was reset: only a new invitation helps
		}
	},
	TypeRoleOffered: func(a *Account, e *ledger.Event, c *Change) {
		a.Offered = append(without(a.Offered, c.Role), Offer{c.Role, Hand{e.Actor, c.Maker}, e.At})
	},
	TypeRoleGranted: func(a *Account, e *ledger.Event, c *Change) {
		a.Offered = without(a.Offered, c.Role)
		a.Roles = append(dropped(a.Roles, c.Role), Held{c.Role, e.Actor.Person, e.At, c.Until})
	},
	TypeRoleRevoked: func(a *Account, _ *ledger.Event, c *Change) {
		a.Offered = without(a.Offered, c.Role)
		a.Roles = dropped(a.Roles, c.Role)
	},
	TypePasswordChanged: func(a *Account, e *ledger.Event, _ *Change) { a.Changed = e.At },
	TypeFactorAdded: func(a *Account, e *ledger.Event, c *Change) {
		if c.Factor == nil {
			return
		}
		f := *c.Factor
		f.Added = e.At
		a.Factors = append(otherFactors(a.Factors, f.ID), f)
		if f.Kind == Password {
			a.Changed = e.At
		}
	},
	TypeFactorRemoved: func(a *Account, _ *ledger.Event, c *Change) {
		if c.Factor != nil {
			a.Factors = otherFactors(a.Factors, c.Factor.ID)
		}
	},
	TypeLocked:   func(a *Account, _ *ledger.Event, c *Change) { a.Locked = c.Until },
	TypeSignedIn: func(a *Account, e *ledger.Event, _ *Change) { a.Seen, a.Locked = e.At, 0 },
	TypeProved:   func(*Account, *ledger.Event, *Change) {},

	TypeDormant:      func(a *Account, e *ledger.Event, _ *Change) { a.Warned = e.At },
	TypeAgeing:       func(a *Account, e *ledger.Event, _ *Change) { a.Aged = e.At },
	TypeLinkProposed: linkProposed,
	TypeLinkApproved: linkApproved,
	TypeLinkDropped:  linkDropped,
	TypeClosed:       closed,
}

func without(all []Offer, r name.Role) []Offer {
	return slices.DeleteFunc(slices.Clone(all), func(o Offer) bool { return o.Role == r })
}

func dropped(all []Held, r name.Role) []Held {
	return slices.DeleteFunc(slices.Clone(all), func(h Held) bool { return h.Role == r })
}

func otherFactors(all []Factor, id string) []Factor {
	return slices.DeleteFunc(slices.Clone(all), func(f Factor) bool { return f.ID == id })
}
