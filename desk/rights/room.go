// Package rights is what people may at this moment besides what their posts say: roles that were granted and have to be
// renewed, roles that were revoked, who acts for whom, who broke the glass, who keeps out of what, and the dangerous acts
// that take two.
//
// [Room.Roles], [Room.ActsFor] and [Room.KeepOut] are what a desk asks at each request (see [desk.Rights]): what is granted,
// revoked or ended here bites at the next one. Each of these rights is an official record, a stream of its own; the room
// keeps all of them in memory, and decides one after another. [Room.Tick] ends what has lapsed and notes what is late.
//
// The rules stand in kernel/account, and who may take part in the policy. Pages and the scheduler call it.
package rights

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// The kinds of the rows.
const (
	DelegationKind = "delegation"
	GlassKind      = "glass"
	HoldingKind    = "holding"
	RecusalKind    = "recusal"
	TwofoldKind    = "twofold"
)

// People knows the natural persons behind accounts.
type People interface {
	// Natural returns the keyed hash of a person's identity number, empty if that is not known.
	Natural(p name.Person) string
	// Maker returns who made a person's account, the zero Hand if that is not known.
	Maker(p name.Person) account.Hand
	// Same returns every name under which the same natural person has an account, p among them.
	Same(p name.Person) []name.Person
	// Post returns the roles that a person has without this room, and whether anybody is known by the name.
	Post(p name.Person) (roles []name.Role, known bool)
	// Works reports whether a person can still sign in, true of whoever is not known: who left keeps their roles for coming back, and does nothing by them.
	Works(p name.Person) bool
	// Anybody reports whether anybody has a role without this room.
	Anybody(role name.Role) bool
}

// strangers knows the directory and nobody behind it: every name is a person of its own.
type strangers struct{ d *desk.Desk }

func (s strangers) Post(p name.Person) ([]name.Role, bool) {
	c, known := s.d.Directory().Caller(p, "")
	return c.Roles, known
}
func (s strangers) Anybody(role name.Role) bool {
	return slices.ContainsFunc(s.d.Directory().Persons, func(p desk.Person) bool { return slices.Contains(p.Roles, role) })
}
func (strangers) Works(name.Person) bool           { return true }
func (strangers) Natural(name.Person) string       { return "" }
func (strangers) Maker(name.Person) account.Hand   { return account.Hand{} }
func (strangers) Same(p name.Person) []name.Person { return []name.Person{p} }

// Room is the rights of one desk. It is safe for many goroutines.
type Room struct {
	desk    *desk.Desk
	store   desk.Store
	people  People
	carried []string // the dangerous acts that something carries out

	one         sync.Mutex   // one change at a time: rules look at several streams
	mu          sync.RWMutex // guards what follows
	delegations map[name.ID]account.Delegation
	glasses     map[name.ID]account.Glass
	holdings    map[name.ID]account.Holding
	recusals    map[name.ID]account.Recusal
	acts        map[name.ID]account.Twofold
	rightsOf    map[name.Person]*standing
	keepOut     map[name.ID][]name.Person // by matter
	review      account.Review            // of posts
}

// standing is what concerns one person.
type standing struct {
	holdings, glasses, acting []name.ID
}

// Open returns the room over a desk and its store, with what stands in the log, and has the desk heed it. people may be nil.
func Open(ctx context.Context, d *desk.Desk, store desk.Store, people People) (*Room, error) {
	if people == nil {
		people = strangers{d}
	}
	r := &Room{desk: d, store: store, people: people, delegations: map[name.ID]account.Delegation{}, glasses: map[name.ID]account.Glass{},
		holdings: map[name.ID]account.Holding{}, recusals: map[name.ID]account.Recusal{}, acts: map[name.ID]account.Twofold{},
		rightsOf: map[name.Person]*standing{}, keepOut: map[name.ID][]name.Person{}}
	for _, read := range []func() error{
		func() error { return readAll(ctx, r, DelegationKind, account.ApplyDelegation, r.putDelegation) },
		func() error { return readAll(ctx, r, GlassKind, account.ApplyGlass, r.putGlass) },
		func() error { return readAll(ctx, r, HoldingKind, account.ApplyHolding, r.putHolding) },
		func() error { return readAll(ctx, r, RecusalKind, account.ApplyRecusal, r.putRecusal) },
		func() error {
			return readAll(ctx, r, ReviewKind, account.ApplyReview, func(v account.Review) { r.review = v })
		},
		func() error { return readAll(ctx, r, TwofoldKind, account.ApplyTwofold, r.putAct) },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	d.Heed(r)
	return r, nil
}

// Know has the room ask for the natural persons behind accounts from now on. It is called before requests are served.
func (r *Room) Know(p People) { r.people = p }

// post returns the roles that a person has without this room.
func (r *Room) post(p name.Person) []name.Role {
	roles, _ := r.people.Post(p)
	return roles
}

// readAll adds up every stream of a kind.
func readAll[T any](ctx context.Context, r *Room, kind string, apply func(T, *ledger.Event) (T, error), put func(T)) error {
	q := journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{kind}, Order: journal.ByOpened, Limit: 500}
	for {
		page, err := r.store.Rows(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			events, err := r.store.Events(ctx, page.Rows[i].Stream, 0)
			if err != nil {
				return err
			}
			var state T
			for j := range events {
				if state, err = apply(state, &events[j]); err != nil {
					return err
				}
			}
			put(state)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}

// of returns what concerns a person; the caller holds mu for writing.
func (r *Room) of(p name.Person) *standing {
	s := r.rightsOf[p]
	if s == nil {
		s = &standing{}
		r.rightsOf[p] = s
	}
	return s
}

func once(ids []name.ID, id name.ID) []name.ID {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

func (r *Room) putDelegation(d account.Delegation) {
	r.delegations[d.ID] = d
	s := r.of(d.To)
	s.acting = once(s.acting, d.ID)
}

func (r *Room) putGlass(g account.Glass) {
	r.glasses[g.ID] = g
	s := r.of(g.By.Person)
	s.glasses = once(s.glasses, g.ID)
}

func (r *Room) putHolding(h account.Holding) {
	r.holdings[h.ID] = h
	s := r.of(h.Person)
	s.holdings = once(s.holdings, h.ID)
}

func (r *Room) putRecusal(c account.Recusal) {
	r.recusals[c.ID] = c
	keep := slices.DeleteFunc(slices.Clone(r.keepOut[c.Matter]), func(p name.Person) bool { return p == c.Person })
	for _, other := range r.recusals {
		if other.Matter == c.Matter && other.Person == c.Person && other.Ended == 0 {
			keep = append(keep, c.Person)
			break
		}
	}
	r.keepOut[c.Matter] = keep
}

func (r *Room) putAct(t account.Twofold) { r.acts[t.ID] = t }

// change is one event of one of the streams.
type change[T any] struct {
	kind   string
	state  T
	id     name.ID // empty for a new one
	old    int64   // version
	by     name.Actor
	typ    string
	reason string
	body   any
	apply  func(T, *ledger.Event) (T, error)
	row    func(*T) journal.Row
	put    func(T)
}

// step is a change that can be put into a batch and, once that is appended, into memory.
type step interface {
	into(d *desk.Desk, b *desk.Batch) error
	keep()
}

func (c *change[T]) into(d *desk.Desk, b *desk.Batch) error {
	if c.id == "" {
		c.id = d.NewID()
	}
	own := b.Own(c.id, ledger.Account, c.old, func(e *ledger.Event) (err error) { c.state, err = c.apply(c.state, e); return err }, func() (*journal.Row, error) {
		row := c.row(&c.state)
		row.Stream, row.Noun, row.Kind = c.id, ledger.Account, c.kind
		return &row, nil
	})
	return own.Add(c.by, c.typ, strings.TrimSpace(c.reason), c.body)
}

func (c *change[T]) keep() { c.put(c.state) }

// commit appends changes in one transaction and then takes them into memory, so that they bite at the next request. The
// caller holds one.
func (r *Room) commit(ctx context.Context, steps ...step) error {
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	for _, s := range steps {
		if err := s.into(r.desk, b); err != nil {
			return err
		}
	}
	if _, err := b.Commit(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range steps {
		s.keep()
	}
	return nil
}

func inJSON(v any) []byte {
	b, _ := json.Marshal(v) // of maps of texts: cannot fail
	return b
}

// person is the object that an action on somebody's rights is done to.
func (r *Room) person(p name.Person) access.Object {
	unit := r.desk.Directory().Person(p).Unit
	return access.Object{Type: access.Person, Unit: unit, UnitPath: r.desk.Directory().Path(unit), Holder: p, Class: access.Internal}
}

var platform = access.Object{Type: access.Platform, Class: access.Internal}

// actor is a caller in the first of their roles that has an action.
func (r *Room) actor(who desk.Caller, a access.Action) name.Actor {
	by := name.Actor{Person: who.Person, Unit: who.Unit, For: who.For}
	for _, g := range r.desk.Grants(who) {
		if g.Action == a && g.Role != access.Anyone {
			by.Role = g.Role
			return by
		}
	}
	if len(who.Roles) > 0 {
		by.Role = who.Roles[0]
	}
	return by
}

// hand is an actor with the natural person behind them.
func (r *Room) hand(by name.Actor) account.Hand {
	return account.Hand{Actor: by, Natural: r.people.Natural(by.Person)}
}
