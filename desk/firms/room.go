// Package firms is who acts for a firm: its legal representative, whom two of staff register, and the agents whom the representative
// gives a mandate. [Room.Acting] tells for each request whether somebody acts for a firm, and in which kinds of matter.
//
// It promises that a mandate that has ended, was revoked or does not name the kind lets nobody act from that instant on. The rules are
// kernel/account's; whether a person is the representative is for people to look at.
package firms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// Kind is the kind of a firm's row.
const Kind = "firm"

// Room is the firms of one desk. It is safe for many goroutines.
type Room struct {
	desk  *desk.Desk
	store desk.Store
	known func(context.Context, name.Person) error
	one   sync.Mutex // one change at a time: no firm is registered twice
}

// New returns the room. known reports whether a person has an account that is in use; it wraps [fault.ErrNotFound] if not.
func New(d *desk.Desk, s desk.Store, known func(context.Context, name.Person) error) *Room {
	return &Room{desk: d, store: s, known: known}
}

func (r *Room) with(ctx context.Context, facet, value string) (all []account.Firm, err error) {
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{Kind},
		Facets: []journal.Facet{{Name: facet, Text: value}}, Order: journal.ByOpened, Limit: 100})
	if err != nil {
		return nil, err
	}
	for _, row := range page.Rows {
		f, err := r.read(ctx, row.Stream)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func (r *Room) read(ctx context.Context, id name.ID) (f account.Firm, err error) {
	events, err := r.store.Events(ctx, id, 0)
	for i := range events {
		if err == nil {
			f, err = account.ApplyFirm(f, &events[i])
		}
	}
	return f, err
}

// Firm returns a firm by its code. It wraps [fault.ErrNotFound].
func (r *Room) Firm(ctx context.Context, code string) (account.Firm, error) {
	c, err := codelist.ParseCreditCode(code)
	if err != nil {
		return account.Firm{}, fmt.Errorf("firm: %w", fault.ErrNotFound)
	}
	all, err := r.with(ctx, "code", string(c))
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("firm %s: %w", c, fault.ErrNotFound)
	}
	if err != nil {
		return account.Firm{}, err
	}
	return all[0], nil
}

// Of returns the firms that a person represents, and those for which they have or had a mandate.
func (r *Room) Of(ctx context.Context, p name.Person) (represents, serves []account.Firm, err error) {
	if represents, err = r.with(ctx, "representative", string(p)); err != nil {
		return nil, nil, err
	}
	serves, err = r.with(ctx, "agent", string(p))
	return represents, serves, err
}

// Acting returns a caller as they act for a firm that they chose: with the kinds of matter in which they may. For a firm for which
// they do not act, or no longer, there is no such kind, so that nothing is done in another's name by mistake, and no name.
func (r *Room) Acting(ctx context.Context, who desk.Caller, code string) (desk.Caller, string, error) {
	if who.IsNobody() || code == "" {
		return who, "", nil
	}
	if who.Waits {
		who.Kinds = []string{}
		return who, "", nil
	}
	f, err := r.Firm(ctx, code)
	if err != nil {
		who.Kinds = []string{}
		if fault.KindOf(err) == fault.ErrNotFound {
			err = nil
		}
		return who, "", err
	}
	who.For, who.Unit, who.Roles = f.Key(), name.Visitor.Unit, []name.Role{name.Visitor.Role}
	if who.Person == f.Representative {
		return who, f.Name, nil
	}
	who.Kinds = []string{}
	for _, m := range f.Mandates {
		if m.Agent == who.Person && m.InForce(r.desk.Now()) {
			who.Kinds = append(who.Kinds, m.Kinds...)
		}
	}
	if len(who.Kinds) == 0 {
		return who, "", nil
	}
	return who, f.Name, nil
}

// Serving is [Room.Acting] for programs, which name the firm by its key: it wraps [fault.ErrNotFound] where they may act in nothing.
func (r *Room) Serving(ctx context.Context, who desk.Caller, firm name.Person) (desk.Caller, error) {
	code := strings.ToUpper(strings.TrimPrefix(string(firm), account.FirmPrefix))
	as, _, err := r.Acting(ctx, who, code)
	if err == nil && (as.For != firm || as.Kinds != nil && len(as.Kinds) == 0) {
		err = fmt.Errorf("acting for %s: %w", firm, fault.ErrNotFound)
	}
	return as, err
}

// mostFiled is how many matters [Room.Filed] returns at once.
const mostFiled = 50

// Filed returns a page of what was opened in a firm's name, the latest first, to whoever acts for the firm now: everything to the representative,
// to an agent what is of the kinds of a mandate in force. For anybody else there is no such firm.
func (r *Room) Filed(ctx context.Context, p name.Person, code, cursor string) (f account.Firm, page journal.Page, err error) {
	f, err = r.Firm(ctx, code)
	if err == nil && !f.ActsFor(p, r.desk.Now()) {
		err = fmt.Errorf("firm %s: %w", code, fault.ErrNotFound)
	}
	if err != nil {
		return account.Firm{}, page, err
	}
	q := journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter,
		Facets: []journal.Facet{{Name: journal.Firm, Text: string(f.Key())}}, Order: journal.ByOpened, Limit: mostFiled, Cursor: cursor}
	if p != f.Representative {
		for _, kind := range r.Kinds() {
			if f.Covers(p, kind, r.desk.Now()) {
				q.Kinds = append(q.Kinds, kind)
			}
		}
		if len(q.Kinds) == 0 {
			return f, page, nil
		}
	}
	page, err = r.store.Rows(ctx, q)
	return f, page, err
}

// Ask says who is the legal representative of a firm, by whoever has seen licence and identity document. Somebody else confirms it.
func (r *Room) Ask(ctx context.Context, who desk.Caller, w account.FirmChange, reason string) error {
	if err := r.desk.Allow(who, access.FirmPropose, access.Object{Type: access.Person, Class: access.Internal, Concerns: []name.Person{w.Person}}); err != nil {
		return err
	}
	if err := r.person(ctx, w.Person, "person"); err != nil {
		return err
	}
	if r.desk.IsSame(who.Person, w.Person) { // by whichever account
		return fault.Refuse(fault.ErrDenied, "own-account", "person")
	}
	r.one.Lock()
	defer r.one.Unlock()
	f, err := r.Firm(ctx, string(w.Code))
	if err != nil && fault.KindOf(err) != fault.ErrNotFound {
		return err
	}
	return r.change(ctx, f, who.As("sysadmin"), account.TypeFirmAsked, reason, func(by account.Hand, at int64) (account.FirmChange, error) {
		return f.Ask(by, at, reason, w)
	})
}

// Confirm has the person who is said to represent a firm represent it from now on. It refuses whoever said so, and that person, by whichever account.
// of is when the claim was made that the caller has looked at.
func (r *Room) Confirm(ctx context.Context, who desk.Caller, code string, of int64) error {
	return r.decide(ctx, who, code, func(f *account.Firm) error {
		if err := r.desk.Allow(who, access.FirmConfirm, asked(f)); err != nil {
			return err
		}
		if err := seen(f, of); err != nil {
			return err
		}
		if f.Asked.Person == "" {
			return fault.Refuse(fault.ErrConflict, "twofold-state", "")
		}
		if err := r.person(ctx, f.Asked.Person, "person"); err != nil { // the account may be gone since
			return err
		}
		if r.desk.IsSame(who.Person, f.Asked.By.Person) || r.desk.IsSame(who.Person, f.Asked.Person) {
			return fault.Refuse(fault.ErrDenied, "twofold-other-person", "")
		}
		return r.change(ctx, *f, who.As("secadmin"), account.TypeFirmRepresented, f.Asked.Why, f.Represent)
	})
}

// Refuse ends what was said without anything changed: by whoever may confirm it, and by who said it.
func (r *Room) Refuse(ctx context.Context, who desk.Caller, code string, of int64, reason string) error {
	return r.decide(ctx, who, code, func(f *account.Firm) error {
		act, role := access.FirmConfirm, name.Role("secadmin")
		if f.Asked.By.Person == who.Person {
			act, role = access.FirmPropose, "sysadmin"
		}
		about := asked(f)
		about.MadeBy = nil
		if err := r.desk.Allow(who, act, about); err != nil {
			return err
		}
		if err := seen(f, of); err != nil {
			return err
		}
		return r.change(ctx, *f, who.As(role), account.TypeFirmRefused, reason, func(_ account.Hand, at int64) (account.FirmChange, error) {
			return f.Refuse(at, reason)
		})
	})
}

// asked is what is decided about a firm, as the policy sees it.
func asked(f *account.Firm) access.Object {
	return access.Object{Type: access.Person, Class: access.Internal, MadeBy: []name.Person{f.Asked.By.Person}, Concerns: []name.Person{f.Asked.Person}}
}

// seen refuses a claim that is not the one which somebody has looked at: otherwise whoever made it could take it back meanwhile, and name another person under the same firm.
func seen(f *account.Firm, of int64) error {
	if f.Asked.Person != "" && f.Asked.At != of {
		return fault.Refuse(fault.ErrConflict, "change-settled", "")
	}
	return nil
}

func (r *Room) decide(ctx context.Context, who desk.Caller, code string, do func(*account.Firm) error) error {
	if err := r.desk.Allow(who, access.FirmRead, access.Object{Type: access.Person, Class: access.Internal}); err != nil {
		return err
	}
	r.one.Lock()
	defer r.one.Unlock()
	f, err := r.Firm(ctx, code)
	if err != nil {
		return err
	}
	return do(&f)
}

// Waiting returns the firms of which it is said who represents them and nobody has decided, the latest first, for the three administrators.
func (r *Room) Waiting(ctx context.Context, who desk.Caller) ([]account.Firm, error) {
	if err := r.desk.Allow(who, access.FirmRead, access.Object{Type: access.Person, Class: access.Internal}); err != nil {
		return nil, err
	}
	all, err := r.with(ctx, "asked", "yes")
	return slices.DeleteFunc(all, func(f account.Firm) bool { return !f.Asked.Waits(r.desk.Now()) }), err
}

// Give gives an agent a mandate of a firm, in the name of its representative.
func (r *Room) Give(ctx context.Context, who desk.Caller, code string, w account.FirmChange, reason string) error {
	f, err := r.Firm(ctx, code)
	if err != nil {
		return err
	}
	if err := r.person(ctx, w.Person, "agent"); err != nil {
		return err
	}
	for _, k := range w.Kinds {
		if !slices.Contains(r.Kinds(), k) {
			return fault.Refuse(fault.ErrInvalid, "no-such-option", "kinds")
		}
	}
	w.Mandate = string(r.desk.NewID())
	own := name.Actor{Person: who.Person, Unit: name.Visitor.Unit, Role: name.Visitor.Role}
	return r.change(ctx, f, own, account.TypeMandateGiven, reason, func(by account.Hand, at int64) (account.FirmChange, error) {
		w.From = max(w.From, at)
		return f.Give(by, at, reason, w)
	})
}

// Revoke ends a mandate: it bites with the next request.
func (r *Room) Revoke(ctx context.Context, who desk.Caller, code, mandate string) error {
	f, err := r.Firm(ctx, code)
	if err != nil {
		return err
	}
	own := name.Actor{Person: who.Person, Unit: name.Visitor.Unit, Role: name.Visitor.Role}
	return r.change(ctx, f, own, account.TypeMandateRevoked, "", func(by account.Hand, at int64) (account.FirmChange, error) {
		return f.Revoke(by, at, mandate)
	})
}

// Leave adds to the batch in which a person closes their account that they act for no firm any more: their mandates end, and a firm that they represent is represented by nobody until
// staff register somebody else. It refuses while the firm would be left alone with something: an agent whom nobody could stop, or a matter under way that nobody could follow.
func (r *Room) Leave(ctx context.Context, b *desk.Batch, p name.Person) error {
	represents, serves, err := r.Of(ctx, p)
	if err != nil {
		return err
	}
	for i := range represents {
		if err := r.leaveFirm(ctx, b, &represents[i], p); err != nil {
			return err
		}
	}
	for i := range serves {
		if serves[i].Representative == p {
			continue // with the firm, above
		}
		if err := r.leaveFirm(ctx, b, &serves[i], p); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) leaveFirm(ctx context.Context, b *desk.Batch, f *account.Firm, p name.Person) error {
	by := account.Hand{Actor: name.Actor{Person: p, Unit: name.Visitor.Unit, Role: name.Visitor.Role}}
	own := b.Own(f.ID, ledger.Account, f.Version, func(e *ledger.Event) (err error) {
		*f, err = account.ApplyFirm(*f, e)
		return err
	}, func() (*journal.Row, error) { return rowOf(f) })
	for _, m := range f.Mandates {
		if m.Agent != p || m.Ended != 0 || b.At() >= m.Until {
			continue
		}
		w, err := f.Revoke(by, b.At(), m.ID)
		if err == nil {
			err = own.Add(by.Actor, account.TypeMandateRevoked, "", w)
		}
		if err != nil {
			return err
		}
	}
	if f.Representative != p {
		return nil
	}
	if err := f.Leave(by, b.At()); err != nil {
		return err
	}
	open := true
	q := journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Open: &open,
		Facets: []journal.Facet{{Name: journal.Firm, Text: string(f.Key())}}, Order: journal.ByOpened, Limit: 1}
	page, err := r.store.Rows(ctx, q)
	if err == nil && len(page.Rows) > 0 {
		err = fault.Refuse(fault.ErrConflict, "leave-matters", "", "firm", f.Name)
	}
	if err != nil {
		return err
	}
	return own.Add(by.Actor, account.TypeFirmLeft, "", account.FirmChange{})
}

// Kinds are the kinds of matter that a mandate may name: those that people report at a door.
func (r *Room) Kinds() (all []string) {
	for _, k := range r.desk.Packs().Kinds() {
		if r.desk.DoorOf(k.Ref, "people") != nil {
			all = append(all, k.Ref)
		}
	}
	return all
}

func (r *Room) person(ctx context.Context, p name.Person, field string) error {
	if p == "" || len(p) > 64 || strings.TrimSpace(string(p)) != string(p) {
		return fault.Refuse(fault.ErrInvalid, "no-such-account", field)
	}
	err := r.known(ctx, p)
	if fault.KindOf(err) == fault.ErrNotFound {
		return fault.Refuse(fault.ErrInvalid, "no-such-account", field)
	}
	return err
}

// change decides one event on a firm and appends it.
func (r *Room) change(ctx context.Context, f account.Firm, by name.Actor, typ, reason string, decide func(account.Hand, int64) (account.FirmChange, error)) error {
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	w, err := decide(account.Hand{Actor: by}, b.At())
	if err != nil {
		return err
	}
	if f.ID == "" {
		f.ID = r.desk.NewID()
	}
	own := b.Own(f.ID, ledger.Account, f.Version, func(e *ledger.Event) (err error) {
		f, err = account.ApplyFirm(f, e)
		return err
	}, func() (*journal.Row, error) { return rowOf(&f) })
	if err := own.Add(by, typ, reason, w); err != nil {
		return err
	}
	_, err = b.Commit()
	return err
}

// rowOf projects a firm, findable by code, representative and agents.
func rowOf(f *account.Firm) (*journal.Row, error) {
	facets, state, called, since := []journal.Facet{{Name: "code", Text: string(f.Code)}}, "registered", f.Name, f.Since
	if f.Asked.Person != "" {
		facets = append(facets, journal.Facet{Name: "asked", Text: "yes"})
	}
	switch {
	case f.Representative == "" && f.Name == "":
		state, called, since = "asked", f.Asked.Name, f.Asked.At
	case f.Representative == "":
		state = "left"
	default:
		facets = append(facets, journal.Facet{Name: "representative", Text: string(f.Representative)})
	}
	var agents []string
	for _, m := range f.Mandates {
		agents = append(agents, string(m.Agent))
	}
	slices.Sort(agents)
	for _, a := range slices.Compact(agents) {
		facets = append(facets, journal.Facet{Name: "agent", Text: a})
	}
	slices.SortStableFunc(facets, func(a, b journal.Facet) int { return strings.Compare(a.Name, b.Name) })
	body, err := json.Marshal(map[string]string{"code": string(f.Code)})
	return &journal.Row{Stream: f.ID, Noun: ledger.Account, Kind: Kind, Title: called, State: state, Open: true, Unit: name.Visitor.Unit, Person: f.Representative,
		Opened: since, Facets: facets, Body: body}, err
}

// Keep has a replay hold the rows of firms against what the log makes of them.
func Keep(r *desk.Replay) {
	for _, first := range []string{account.TypeFirmAsked, account.TypeFirmRepresented} { // the second by a version in which one registered a firm
		r.Keep(first, func() desk.Kept {
			var f account.Firm
			return desk.Kept{Apply: func(e *ledger.Event) (err error) { f, err = account.ApplyFirm(f, e); return err }, Row: func() (*journal.Row, error) { return rowOf(&f) }}
		})
	}
}
