// Package keys is which programs and sensors may come in at the doors: each shows a key that somebody issued to it.
//
// [Room.Issue] makes a key that lives for a year at most and tells its secret once, [Room.Revoke] ends it, [Room.List] shows all that were issued, and
// faces ask [Room.Check] whose a secret is. A key is an official record: who issued or revoked it, when and why stands in
// the log, with the hash of the secret and never the secret itself. A secret is 160 bits of chance, so that its plain
// hash gives nothing away.
//
// What somebody with a key may do is said by the policy and the packs: it opens doors, and nothing else.
package keys

import (
	"cmp"
	"context"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// Kind is the kind of a key's row.
const Kind = "key"

// Room is the keys of one desk.
type Room struct {
	desk   *desk.Desk
	store  desk.Store
	chance func([]byte)
	used   sync.Map // when a key opened a door last (µs), by its id
}

// New returns the room over a desk and its store. chance fills a slice with bytes that nobody can guess.
func New(d *desk.Desk, store desk.Store, chance func([]byte)) *Room {
	return &Room{desk: d, store: store, chance: chance}
}

// Key is one key as it stands.
type Key struct {
	ID      name.ID
	Name    string          // who holds it, in the issuer's words
	For     []pack.Audience // at which doors it opens: programs, sensors or both
	Issued  int64           // µs
	By      name.Actor
	Until   int64 // µs: from then on it opens nothing; 0 for one that was issued before keys had an end
	Revoked int64 // µs, 0 while nobody revoked it
	Why     string
	hash    string
	version int64
}

// Person is how the log names whoever comes in with the key: key- and the end of its id.
func (k *Key) Person() name.Person {
	return name.Person(desk.KeyPrefix + string(k.ID[max(0, len(k.ID)-12):]))
}

// HasEnded reports whether the key opens nothing any more at an instant: it was revoked, or its time is over.
func (k *Key) HasEnded(now int64) bool { return k.Revoked != 0 || k.Until != 0 && now >= k.Until }

// EndsSoon reports whether the key has to be replaced: it ends within [Notice], or never by itself.
func (k *Key) EndsSoon(now int64) bool {
	return !k.HasEnded(now) && (k.Until == 0 || k.Until-now < Notice.Microseconds())
}

// Opens reports whether the key opens the doors of an audience at an instant.
func (k *Key) Opens(a pack.Audience, now int64) bool {
	return !k.HasEnded(now) && slices.Contains(k.For, a)
}

// Caller is who comes in with the key: nobody's account, in the role of the doors of an audience.
func (k *Key) Caller(a pack.Audience) desk.Caller {
	role := name.Visitor.Role
	if a == pack.Sensors {
		role = "sensor"
	}
	return desk.Caller{Person: k.Person(), Unit: name.Visitor.Unit, Roles: []name.Role{role}}
}

// The types of a key's events, and their bodies.
const (
	typeIssued  = "key.issued"
	typeRevoked = "key.revoked"
)

type issuedBody struct {
	Name  string          `json:"name"`
	For   []pack.Audience `json:"for"`
	Hash  string          `json:"hash"`            // SM3 of the secret, see hashOf
	Until int64           `json:"until,omitempty"` // µs
}

// apply brings an event into the key.
func (k *Key) apply(e *ledger.Event) error {
	k.version++
	k.ID = e.Stream
	switch e.Type {
	case typeIssued:
		var b issuedBody
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return fmt.Errorf("body of event %d of key %s: %w", e.Version, e.Stream, err)
		}
		k.Name, k.For, k.hash, k.Until, k.Issued, k.By = b.Name, b.For, b.Hash, b.Until, e.At, e.Actor
	case typeRevoked:
		k.Revoked, k.Why = e.At, e.Reason
	}
	return nil
}

// row projects a key, findable by the hash of its secret.
func (k *Key) row() (*journal.Row, error) {
	state := "active"
	if k.Revoked != 0 {
		state = "revoked"
	}
	body, err := json.Marshal(map[string][]pack.Audience{"for": k.For})
	return &journal.Row{Stream: k.ID, Noun: ledger.Account, Kind: Kind, Title: k.Name, State: state, Open: k.Revoked == 0, Opened: k.Issued, Closed: k.Revoked,
		Facets: []journal.Facet{{Name: "hash", Text: k.hash}}, Body: body}, err
}

// secretBytes is the length of a secret: 160 bits of chance.
const secretBytes = 20

// prefix lets a person, and a scanner for secrets, see what a secret is of.
const prefix = "bhk_"

var secretCode = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding) // Crockford's, without i, l, o, u

// Secret returns a new secret: bhk_ and 32 letters and digits.
func Secret(chance func([]byte)) string {
	var b [secretBytes]byte
	chance(b[:])
	return prefix + secretCode.EncodeToString(b[:])
}

// isSecret reports whether s has the form of a secret.
func isSecret(s string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	b, err := secretCode.DecodeString(rest)
	return ok && err == nil && len(b) == secretBytes
}

// hashOf is what the log knows of a secret.
func hashOf(secret string) string {
	h := ledger.SM3.New()
	h.Write([]byte("bihuan/key/1" + secret))
	return hex.EncodeToString(h.Sum(nil))
}

const day = int64(24 * time.Hour / time.Microsecond)

// maxName is the longest name of a key, in characters.
const maxName = 60

// How long keys live, ours: a secret that never changes is known to more people each year.
//
// Source: OWASP ASVS 5.0.0, 13.2.1 and 13.3.4, as read.
const (
	MostDays = 365                 // and as many if nobody said
	Notice   = 30 * 24 * time.Hour // from when on one that ends is pointed out
)

// Order is what is asked for.
type Order struct {
	Name string
	For  []pack.Audience
	Days int // how long it opens, 1 to [MostDays]; 0 means MostDays
}

func (o *Order) check() error {
	o.Name = strings.Join(strings.Fields(o.Name), " ")
	switch {
	case o.Name == "":
		return fault.Refuse(fault.ErrInvalid, "key-nameless", "name")
	case utf8.RuneCountInString(o.Name) > maxName:
		return fault.Refuse(fault.ErrInvalid, "too-long", "name", "limit", fmt.Sprint(maxName))
	case len(o.For) == 0:
		return fault.Refuse(fault.ErrInvalid, "key-for", "for")
	case o.Days < 0 || o.Days > MostDays:
		return fault.Refuse(fault.ErrInvalid, "key-days", "days", "limit", fmt.Sprint(MostDays))
	}
	o.Days = cmp.Or(o.Days, MostDays)
	for _, a := range o.For {
		if a != pack.Programs && a != pack.Sensors {
			return fault.Refuse(fault.ErrInvalid, "key-for", "for")
		}
	}
	slices.Sort(o.For)
	o.For = slices.Compact(o.For)
	return nil
}

// Issue makes a key and returns it with its secret, which is told this once and never again.
func (r *Room) Issue(ctx context.Context, who desk.Caller, o Order) (Key, string, error) {
	if err := r.allow(who); err != nil {
		return Key{}, "", err
	}
	return r.IssueAs(ctx, r.actor(who), o)
}

// IssueAs is [Room.Issue] for whoever may already write to the database: the command line.
func (r *Room) IssueAs(ctx context.Context, by name.Actor, o Order) (Key, string, error) {
	secret := Secret(r.chance)
	k, err := r.Ensure(ctx, by, o, secret)
	return k, secret, err
}

// Ensure issues a key with a secret that the caller brings, unless it was issued before: for the demo, whose key is no secret.
func (r *Room) Ensure(ctx context.Context, by name.Actor, o Order, secret string) (Key, error) {
	if err := o.check(); err != nil {
		return Key{}, err
	}
	if !isSecret(secret) {
		return Key{}, fmt.Errorf("secret of key %q: %w", o.Name, fault.ErrInvalid)
	}
	hash := hashOf(secret)
	if k, err := r.byHash(ctx, hash); !errors.Is(err, fault.ErrNotFound) {
		return k, err
	}
	var k Key
	b := r.desk.Begin(ctx, "key-"+hash)
	own := b.Own(r.desk.NewID(), ledger.Account, 0, k.apply, k.row)
	if err := own.Add(by, typeIssued, "", issuedBody{o.Name, o.For, hash, b.At() + int64(o.Days)*day}); err != nil {
		return Key{}, err
	}
	_, err := b.Commit()
	return k, err
}

// Revoke ends a key, with the reason that stands in the log. One that was revoked before stays as it is.
func (r *Room) Revoke(ctx context.Context, who desk.Caller, id name.ID, reason string) (Key, error) {
	if err := r.allow(who); err != nil {
		return Key{}, err
	}
	return r.RevokeAs(ctx, r.actor(who), id, reason)
}

// RevokeAs is [Room.Revoke] for whoever may already write to the database: the command line.
func (r *Room) RevokeAs(ctx context.Context, by name.Actor, id name.ID, reason string) (Key, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Key{}, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	k, err := r.load(ctx, id)
	if err != nil || k.Revoked != 0 {
		return k, err
	}
	b := r.desk.Begin(ctx, "key-revoke-"+string(id))
	own := b.Own(id, ledger.Account, k.version, k.apply, k.row)
	if err := own.Add(by, typeRevoked, reason, struct{}{}); err != nil {
		return Key{}, err
	}
	_, err = b.Commit()
	return k, err
}

// List returns every key that was issued, newest first.
func (r *Room) List(ctx context.Context, who desk.Caller) ([]Key, error) {
	if err := r.allow(who); err != nil {
		return nil, err
	}
	return r.All(ctx)
}

// All is [Room.List] for whoever may already read the database: the command line.
func (r *Room) All(ctx context.Context) (all []Key, err error) {
	err = desk.EachRow(ctx, r.store.Rows, r.query(), func(row *journal.Row) error {
		k, err := r.load(ctx, row.Stream)
		all = append(all, k)
		return err
	})
	return all, err
}

// Check returns the key of a secret if it opens the doors of an audience. Otherwise it wraps [fault.ErrDenied], alike for
// a secret that was never given, one of another audience, one that was revoked and one whose time is over.
func (r *Room) Check(ctx context.Context, secret string, a pack.Audience) (Key, error) {
	denied := fault.Refuse(fault.ErrDenied, "key-invalid", "api_key")
	if !isSecret(secret) {
		return Key{}, denied
	}
	k, err := r.byHash(ctx, hashOf(secret))
	if errors.Is(err, fault.ErrNotFound) || err == nil && !k.Opens(a, r.desk.Now()) {
		return Key{}, denied
	}
	if err == nil {
		r.used.Store(k.ID, r.desk.Now())
	}
	return k, err
}

// Used returns when a key opened a door last (µs), 0 if it has not since the process was started: what is only looked at is no
// official record.
func (r *Room) Used(id name.ID) int64 {
	at, _ := r.used.Load(id)
	used, _ := at.(int64)
	return used
}

func (r *Room) query() journal.Query {
	return journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{Kind}, Order: journal.ByOpened}
}

func (r *Room) byHash(ctx context.Context, hash string) (Key, error) {
	q := r.query()
	q.Facets, q.Limit = []journal.Facet{{Name: "hash", Text: hash}}, 1
	page, err := r.store.Rows(ctx, q)
	if err != nil {
		return Key{}, err
	}
	if len(page.Rows) == 0 {
		return Key{}, fmt.Errorf("key: %w", fault.ErrNotFound)
	}
	return r.load(ctx, page.Rows[0].Stream)
}

func (r *Room) load(ctx context.Context, id name.ID) (k Key, err error) {
	events, err := r.store.Events(ctx, id, 0)
	if err != nil {
		return k, err
	}
	if len(events) == 0 || events[0].Type != typeIssued {
		return k, fmt.Errorf("key %s: %w", id, fault.ErrNotFound)
	}
	for i := range events {
		if err := k.apply(&events[i]); err != nil {
			return k, err
		}
	}
	return k, nil
}

func (r *Room) allow(who desk.Caller) error {
	return r.desk.Allow(who, access.AccountManage, access.Object{Type: access.Person, Class: access.Internal})
}

// actor is a caller in the role in which keys are managed.
func (r *Room) actor(who desk.Caller) name.Actor {
	return name.Actor{Person: who.Person, Unit: who.Unit, Role: "sysadmin"}
}

// Keep has a replay hold the rows of keys against what the log makes of them.
func Keep(r *desk.Replay) {
	r.Keep(typeIssued, func() desk.Kept {
		var k Key
		return desk.Kept{Apply: k.apply, Row: k.row}
	})
	r.Keep(typeChanged, desk.KeptRows(changeNext, nil))
}
