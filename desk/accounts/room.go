// Package accounts is where people prove who they are: invitations and their activation, passwords and codes, sessions,
// and what the administrators do to accounts.
//
// Every way in ends in [Room.SignIn] with a [Proof]: which account, and what was shown. [Room.Check] makes the proof of a
// name, a password and a code; other rooms make theirs from a certificate, a passkey or another house's word. Faces ask
// [Room.Visit] who is behind a session's secret. [Room.Invite], [Room.Activate] and [Room.Disable] are an
// account's life; the rules of it are kernel/account's. Who is one of the three administrators after the first run is [Room.Appoint]'s;
// every other role is desk/rights'.
//
// It promises that a name that nobody has, a wrong password, a wrong code and a locked account are answered alike and take
// alike long; that as many hashes run at once as there are processors and no more; that a code, an invitation and a
// recovery code work once; and that a disabled account has no session from that moment on. It keeps no password, seed or
// code in the log and none in the clear.
package accounts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// Kind is the kind of an account's row.
const Kind = "account"

// Store is what the room asks of a store.
type Store interface {
	desk.Store
	account.Store
	account.Vault
}

// Limits is how long things live, in µs, and how often somebody may be wrong. The zero value of a field is the usual one.
type Limits struct {
	Idle       int64 // a session without a request: 15 minutes, after the offices' rules
	Absolute   int64 // a session, whatever happens: 12 hours (ASVS 5.0 7.3.2)
	Fresh      int64 // how long a proof counts as fresh: 15 minutes
	Invitation int64 // 72 hours
	Lock       int64 // after Tries failures: 30 minutes
	Dormant    int64 // without signing in, until an account of staff is disabled: 90 days, see [Room.Retire]
	Tries      int   // 5, after the offices' rules
	Network    int   // failures from one network in a quarter of an hour: 100, since a whole office may share an address
}

const minute = int64(time.Minute / time.Microsecond)

// usual fills in what is not set.
func (l Limits) usual() Limits {
	for _, f := range []struct {
		v    *int64
		deft int64
	}{{&l.Idle, 15 * minute}, {&l.Absolute, 12 * 60 * minute}, {&l.Fresh, 15 * minute}, {&l.Invitation, 72 * 60 * minute}, {&l.Lock, 30 * minute}, {&l.Dormant, 90 * day}} {
		if *f.v == 0 {
			*f.v = f.deft
		}
	}
	if l.Tries == 0 {
		l.Tries = 5
	}
	if l.Network == 0 {
		l.Network = 100
	}
	return l
}

// Config is what a room needs.
type Config struct {
	Desk    *desk.Desk
	Store   Store
	Policy  *access.Policy
	Chance  func([]byte)     // bytes that nobody can guess
	Keys    []Key            // the one of now first, kept beside the database: without them no password is right
	Profile password.Profile // dengbao3 if its name is empty
	Cost    password.Cost    // [password.Usual] if zero
	Limits  Limits
	Issuer  string                                    // what an authenticator shows beside the name; "Bihuan" and the district if empty
	Failed  func(p name.Person, address, code string) // told of each proof that did not fit, of a known person or of nobody; may be nil and does not wait
	// Breached is a set of stolen passwords that the operator gives; nil for none.
	Breached *password.Breached
	Vouched  bool // the demo: a persona is let in on the demo's word
	// Leaving adds to the batch in which a person closes their account what else ends with it, or refuses; nil for nothing.
	Leaving func(ctx context.Context, b *desk.Batch, p name.Person) error
}

// Room is the accounts of one desk. It is safe for many goroutines.
type Room struct {
	Config
	ring   atomic.Pointer[ring]
	turns  chan struct{} // one for each hash that may run at once
	queued chan struct{} // one for each that waits or runs
	tries  *tries
	writes sync.Mutex // one change of accounts at a time: separation of duties looks at several accounts

	mu    sync.Mutex
	turn  int64 // changes of accounts so far
	known map[name.ID]account.Account
	whose map[name.Person][]name.ID     // the accounts of persons, as far as they were asked for
	same  map[name.Person][]name.Person // the names of natural persons, as far as they were asked for
	owed  map[name.ID]account.Command   // locks that the log has to be told of
	// when accounts were looked through for rest last, µs
	retired int64
	swept   atomic.Bool // nothing is left of accounts that were closed
}

// Bounds in memory.
const (
	maxKnown  = 50_000
	maxQueued = 256
)

// New returns a room. It reports an error for a key that is too short.
func New(c Config) (*Room, error) {
	if c.Profile.Name == "" {
		c.Profile = password.Dengbao3
	}
	if c.Cost == (password.Cost{}) {
		c.Cost = password.Usual
	}
	if c.Issuer == "" {
		c.Issuer = "Bihuan " + string(c.Desk.District())
	}
	c.Limits = c.Limits.usual()
	r := &Room{Config: c, turns: make(chan struct{}, min(max(runtime.GOMAXPROCS(0), 2), 4)), queued: make(chan struct{}, maxQueued),
		known: map[name.ID]account.Account{}, whose: map[name.Person][]name.ID{}, same: map[name.Person][]name.Person{}, owed: map[name.ID]account.Command{}}
	r.tries = newTries(r.Limits)
	if err := r.Take(c.Keys); err != nil {
		return nil, err
	}
	c.Desk.Listen(r.heard)
	return r, nil
}

// heard forgets accounts that somebody changed.
func (r *Room) heard(a desk.Announcement) {
	for i := range a.Batch.Appends {
		if x := &a.Batch.Appends[i]; x.Kind == ledger.Account {
			r.mu.Lock()
			if x.Expected == 0 { // a new account may be anybody's
				clear(r.whose)
			}
			if slices.ContainsFunc(x.Events, saysWho) {
				clear(r.same)
			}
			delete(r.known, x.Stream)
			r.turn++
			r.mu.Unlock()
		}
	}
}

// saysWho reports whether an event may tell which natural person an account is.
func saysWho(e ledger.Event) bool {
	return e.Type == account.TypeInvited || e.Type == account.TypeRegistered || e.Type == account.TypeActivated
}

// Account returns an account by its id. It wraps [fault.ErrNotFound].
func (r *Room) Account(ctx context.Context, id name.ID) (account.Account, error) {
	r.mu.Lock()
	a, ok := r.known[id]
	turn := r.turn
	r.mu.Unlock()
	if ok {
		return a, nil
	}
	events, err := r.Store.Events(ctx, id, 0)
	if err != nil {
		return a, err
	}
	for i := range events {
		if a, err = account.Apply(a, &events[i]); err != nil {
			return a, err
		}
	}
	if a.State == "" {
		return a, fmt.Errorf("account %s: %w", id, fault.ErrNotFound)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turn == turn {
		if len(r.known) >= maxKnown {
			clear(r.known)
		}
		r.known[id] = a
	}
	return a, nil
}

// Of returns the accounts of a person of the directory, the newest first; none is no error.
func (r *Room) Of(ctx context.Context, p name.Person) ([]account.Account, error) {
	return r.with(ctx, journal.Facet{Name: "person", Text: string(p)})
}

// Holding returns the accounts that hold a role, disabled ones too, the newest first.
func (r *Room) Holding(ctx context.Context, role name.Role) ([]account.Account, error) {
	return r.with(ctx, journal.Facet{Name: "role", Text: string(role)})
}

// natural returns the accounts of a natural person.
func (r *Room) natural(ctx context.Context, hash string) ([]account.Account, error) {
	if hash == "" {
		return nil, nil
	}
	return r.with(ctx, journal.Facet{Name: "natural", Text: hash})
}

func (r *Room) with(ctx context.Context, f journal.Facet) (all []account.Account, err error) {
	return r.rows(ctx, r.query(f))
}

// rows returns the accounts of the first page of a query.
func (r *Room) rows(ctx context.Context, q journal.Query) (all []account.Account, err error) {
	page, err := r.Store.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, row := range page.Rows {
		a, err := r.Account(ctx, row.Stream)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (r *Room) query(facets ...journal.Facet) journal.Query {
	return journal.Query{Log: r.Desk.District(), Now: r.Desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{Kind},
		Facets: facets, Order: journal.ByOpened, Limit: 200}
}

// List returns a page of accounts, the newest first and of one go by login name, and the cursor of the next; narrowed by a text, those whose login name holds it and those of the persons whose name
// and unit do.
func (r *Room) List(ctx context.Context, who desk.Caller, text, cursor string) (all []account.Account, next string, err error) {
	if err := r.mayRead(who); err != nil {
		return nil, "", err
	}
	if all, next, found, err := r.find(ctx, text, cursor); found || err != nil {
		return all, next, err
	}
	q := r.query()
	q.Text, q.Cursor, q.Limit = text, cursor, onPage
	page, err := r.Store.Rows(ctx, q)
	if err != nil {
		return nil, "", err
	}
	begin := 0 // of a run that was invited in one go: its ids have no order, so its login names give one
	for i, row := range page.Rows {
		a, err := r.Account(ctx, row.Stream)
		if err != nil {
			return nil, "", err
		}
		if i > 0 && row.Opened != page.Rows[i-1].Opened {
			sortByLogin(all[begin:])
			begin = i
		}
		all = append(all, a)
	}
	sortByLogin(all[begin:])
	return all, page.Next, nil
}

// sortByLogin sorts accounts by the name to sign in with, the shorter first, so that p99 stands before p100.
func sortByLogin(all []account.Account) {
	slices.SortStableFunc(all, func(a, b account.Account) int {
		return cmp.Or(cmp.Compare(len(a.Login), len(b.Login)), cmp.Compare(a.Login, b.Login))
	})
}

// Look is [Room.Account] for the administrators.
func (r *Room) Look(ctx context.Context, who desk.Caller, id name.ID) (account.Account, error) {
	if err := r.mayRead(who); err != nil {
		return account.Account{}, err
	}
	return r.Account(ctx, id)
}

// mayRead lets the three administrators look at accounts.
func (r *Room) mayRead(who desk.Caller) error {
	for _, a := range []access.Action{access.AccountManage, access.RoleGrant} {
		if r.may(who, a) == nil {
			return nil
		}
	}
	return r.may(who, access.OfficerName)
}

func (r *Room) may(who desk.Caller, a access.Action) error {
	return r.Desk.Allow(who, a, access.Object{Type: access.Person, Class: access.Internal})
}

// stream is one account in a batch.
type stream struct {
	r       *Room
	ctx     context.Context
	own     desk.Own
	account *account.Account
}

// take takes an account into a batch; the zero Account is a new one.
func (r *Room) take(ctx context.Context, b *desk.Batch, a account.Account) *stream {
	s := &stream{r: r, ctx: ctx, account: &a}
	if a.ID == "" {
		a.ID = r.Desk.NewID()
	}
	s.own = b.Own(a.ID, ledger.Account, a.Version, func(e *ledger.Event) (err error) {
		a, err = account.Apply(a, e)
		return err
	}, func() (*journal.Row, error) { return rowOf(&a) })
	return s
}

// do decides a command on the account as it stands in the batch, and adds its event.
func (s *stream) do(c account.Command) error {
	env, err := s.r.env(s.ctx, s.account, &c)
	if err != nil {
		return err
	}
	d, err := account.Decide(s.account, c, env)
	if err != nil {
		return err
	}
	return s.own.Add(c.By.Actor, d.Type, d.Reason, d.Change)
}

// env gathers what the rules have to know: which roles exclude each other, and the other accounts of the same natural person.
func (r *Room) env(ctx context.Context, a *account.Account, c *account.Command) (account.Env, error) {
	env := account.Env{Exclusive: r.Policy.Exclusive(), Alone: r.Policy.Alone()}
	hash := a.Natural
	switch c.Verb {
	case account.Activate:
		hash = c.With.Natural
	case account.Grant, account.Enable:
	case account.Invite:
		if hash == "" { // a new one is nobody's yet
			return env, nil
		}
	default:
		return env, nil
	}
	others, err := r.natural(ctx, hash)
	env.Others = slices.DeleteFunc(others, func(o account.Account) bool { return o.ID == a.ID })
	for _, o := range append(slices.Clone(env.Others), *a) {
		if o.InUse() || o.ID == a.ID {
			env.Beside = append(env.Beside, r.Desk.RolesGranted(o.Person)...)
		}
	}
	return env, err
}

// change does one command on one account.
func (r *Room) change(ctx context.Context, id name.ID, c account.Command) (account.Account, error) {
	r.writes.Lock()
	defer r.writes.Unlock()
	a, err := r.Account(ctx, id)
	if err != nil {
		return a, err
	}
	b := r.Desk.Begin(ctx, r.Desk.NewCommand())
	c.At = b.At()
	s := r.take(ctx, b, a)
	if err := s.do(c); err != nil {
		return a, err
	}
	_, err = b.Commit()
	return *s.account, err
}

// rowOf projects an account, findable by name, person, natural person and role.
func rowOf(a *account.Account) (*journal.Row, error) {
	title := a.Login
	if title == "" {
		title = string(a.Person)
	}
	facets := []journal.Facet{{Name: "person", Text: string(a.Person)}, {Name: "sort", Text: string(a.Sort)}}
	if a.Natural != "" {
		facets = append(facets, journal.Facet{Name: "natural", Text: a.Natural})
	}
	for _, h := range a.Roles {
		facets = append(facets, journal.Facet{Name: "role", Text: string(h.Role)})
	}
	slices.SortFunc(facets, func(x, y journal.Facet) int {
		if x.Name != y.Name {
			return compare(x.Name, y.Name)
		}
		return compare(x.Text, y.Text)
	})
	body, err := json.Marshal(map[string]string{"sort": string(a.Sort)})
	return &journal.Row{Stream: a.ID, Noun: ledger.Account, Kind: Kind, Title: title, State: string(a.State), Open: a.InUse(),
		Unit: a.Unit, Person: a.Person, Opened: a.Made, Facets: facets, Body: body}, err
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// hand is a caller as the kernel sees one: with the natural person behind the session's account.
func (r *Room) hand(ctx context.Context, who desk.Caller, role name.Role) (account.Hand, error) {
	h := account.Hand{Actor: name.Actor{Person: who.Person, Unit: who.Unit, Role: role}}
	mine, err := r.Of(ctx, who.Person)
	if err != nil {
		return h, err
	}
	for _, a := range mine {
		if a.Natural != "" {
			h.Natural = a.Natural
			return h, nil
		}
	}
	return h, fault.Refuse(fault.ErrDenied, "sign-in-first", "")
}

// isMissing reports whether an error says that something is not there.
func isMissing(err error) bool { return errors.Is(err, fault.ErrNotFound) }
