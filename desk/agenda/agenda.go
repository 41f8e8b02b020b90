// Package agenda is each person's deadlines for the calendar program of their phone: an address that only they know.
//
// [Room.Renew] gives the caller an address, and ends the one before; [Room.End] ends it; [Room.Mine] tells whether there is
// one; [Room.Read] returns the deadlines behind an address. Who has an address since when stands in the log, with the hash of
// its secret and never the secret itself, so it is shown once. A secret is 160 bits of chance.
//
// Whoever has the address reads what waits for that person, with the person's own rights as they are on the day, and
// nothing else.
package agenda

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Kind is the kind of the row of a person's address.
const Kind = "agenda"

// Room is the addresses of one desk.
type Room struct {
	desk   *desk.Desk
	store  desk.Store
	chance func([]byte)
}

// New returns the room over a desk and its store. chance fills a slice with bytes that nobody can guess.
func New(d *desk.Desk, store desk.Store, chance func([]byte)) *Room { return &Room{d, store, chance} }

// Feed is a person's address as it stands.
type Feed struct {
	ID      name.ID
	Person  name.Person
	Lang    string
	Since   int64 // µs, of the present secret
	Ended   int64 // µs, 0 while it is read
	hash    string
	version int64
}

// The types of its events.
const (
	typeRenewed = "agenda.renewed"
	typeEnded   = "agenda.ended"
)

type renewed struct {
	Person name.Person `json:"person"`
	Lang   string      `json:"lang"`
	Hash   string      `json:"hash"`
}

func (f *Feed) apply(e *ledger.Event) error {
	f.version++
	f.ID = e.Stream
	switch e.Type {
	case typeRenewed:
		var b renewed
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return fmt.Errorf("body of event %d of agenda %s: %w", e.Version, e.Stream, err)
		}
		f.Person, f.Lang, f.hash, f.Since, f.Ended = b.Person, b.Lang, b.Hash, e.At, 0
	case typeEnded:
		f.Ended, f.hash = e.At, ""
	}
	return nil
}

// row projects a feed, findable by its person and by the hash of its secret.
func (f *Feed) row() (*journal.Row, error) {
	row := &journal.Row{Stream: f.ID, Noun: ledger.Account, Kind: Kind, Title: string(f.Person), Person: f.Person, State: "active", Open: f.Ended == 0,
		Opened: f.Since, Closed: f.Ended, Body: []byte("{}")}
	if f.hash != "" {
		row.Facets = []journal.Facet{{Name: "hash", Text: f.hash}}
	} else {
		row.State = "ended"
	}
	return row, nil
}

const secretBytes = 20

var code = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// hashOf is what the log knows of a secret.
func hashOf(secret string) string {
	h := ledger.SM3.New()
	h.Write([]byte("bihuan/agenda/1" + secret))
	return hex.EncodeToString(h.Sum(nil))
}

// Mine returns the caller's address as it stands, without its secret; false if there is none, or it was ended.
func (r *Room) Mine(ctx context.Context, who desk.Caller) (Feed, bool, error) {
	if who.IsNobody() {
		return Feed{}, false, fault.Refuse(fault.ErrDenied, "denied", "")
	}
	q := r.query()
	q.Person = who.Person
	f, err := r.first(ctx, q)
	if errors.Is(err, fault.ErrNotFound) {
		return f, false, nil
	}
	return f, err == nil && f.Ended == 0, err
}

// Renew gives the caller a new address in the language that they read, and ends the one before. Its secret is told this once.
func (r *Room) Renew(ctx context.Context, who desk.Caller) (Feed, string, error) {
	f, _, err := r.Mine(ctx, who)
	if err != nil {
		return f, "", err
	}
	var b [secretBytes]byte
	r.chance(b[:])
	secret := code.EncodeToString(b[:])
	id := f.ID
	if id == "" {
		id = r.desk.NewID()
	}
	return f, secret, r.write(ctx, who, id, &f, typeRenewed, renewed{who.Person, who.Lang, hashOf(secret)})
}

// End ends the caller's address. Where there is none it does nothing.
func (r *Room) End(ctx context.Context, who desk.Caller) error {
	f, there, err := r.Mine(ctx, who)
	if err != nil || !there {
		return err
	}
	return r.write(ctx, who, f.ID, &f, typeEnded, struct{}{})
}

func (r *Room) write(ctx context.Context, who desk.Caller, id name.ID, f *Feed, typ string, body any) error {
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	actor := name.Actor{Person: who.Person, Unit: who.Unit}
	if len(who.Roles) > 0 {
		actor.Role = who.Roles[0]
	}
	own := b.Own(id, ledger.Account, f.version, f.apply, f.row)
	if err := own.Add(actor, typ, "", body); err != nil {
		return err
	}
	_, err := b.Commit()
	return err
}

// Read returns the deadlines behind an address, and whose they are. It wraps [fault.ErrNotFound] alike for a secret that was
// never given, one that was renewed or ended, a person who is no longer in the directory, and one who holds no role now.
func (r *Room) Read(ctx context.Context, secret string) (desk.Caller, []desk.Deadline, error) {
	none := fmt.Errorf("calendar address: %w", fault.ErrNotFound)
	if raw, err := code.DecodeString(secret); err != nil || len(raw) != secretBytes {
		return desk.Nobody, nil, none
	}
	q := r.query()
	q.Facets = []journal.Facet{{Name: "hash", Text: hashOf(secret)}}
	f, err := r.first(ctx, q)
	if err != nil {
		return desk.Nobody, nil, err
	}
	who, ok := r.desk.Directory().Caller(f.Person, f.Lang)
	if !ok || f.Ended != 0 || f.hash != hashOf(secret) {
		return desk.Nobody, nil, none
	}
	if who.Roles = r.desk.RolesNow(f.Person); len(who.Roles) == 0 {
		return desk.Nobody, nil, none
	}
	all, err := r.desk.Deadlines(ctx, who)
	return who, all, err
}

func (r *Room) query() journal.Query {
	return journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{Kind}, Order: journal.ByOpened, Limit: 1}
}

// first returns the first feed of a question, added up from its events.
func (r *Room) first(ctx context.Context, q journal.Query) (f Feed, err error) {
	page, err := r.store.Rows(ctx, q)
	if err != nil {
		return f, err
	}
	if len(page.Rows) == 0 {
		return f, fmt.Errorf("calendar address: %w", fault.ErrNotFound)
	}
	events, err := r.store.Events(ctx, page.Rows[0].Stream, 0)
	for i := range events {
		if err := f.apply(&events[i]); err != nil {
			return f, err
		}
	}
	return f, err
}

// Keep has a replay hold the rows of calendar addresses against what the log makes of them.
func Keep(r *desk.Replay) {
	r.Keep(typeRenewed, func() desk.Kept {
		var f Feed
		return desk.Kept{Apply: f.apply, Row: f.row}
	})
}
