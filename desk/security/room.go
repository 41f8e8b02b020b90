// Package security is the security log (安全日志): failed sign-ins, refused requests, limits that were met, changed rights, exports and
// keys, in one place for the security administrator and the auditor, and for the operator's collector.
//
// [Room.Tell] takes what happened and never makes a caller wait, [Room.Flush] writes it down, [Room.Lines] answers the page, and
// [Room.Forward] hands lines on to a collector. [Room.Heard] takes from the record what weighs.
//
// It promises: no value of a person, no text that somebody typed and no secret stands in a line, only identifiers that the house gave,
// routes and codes; a network stands there as a pseudonym. The log is bounded: the same thing within one flush is one line with a
// count, and beyond [MostOfKind] different ones of a kind the rest is one line. It is beside the record (存证), not of it: what
// was told and not yet written is lost when the process is killed. What is written is sealed by the record within an hour, so that a line that was altered or
// taken away behind the house's back is found by [Trial.End].
package security

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Store is what the room asks of a store.
type Store interface {
	AddSecurity(ctx context.Context, log name.District, after int64, lines []journal.SecurityLine) (last int64, err error)
	SecurityLines(ctx context.Context, a journal.SecurityAsk) ([]journal.SecurityLine, error)
	OldSecurity(ctx context.Context, log name.District, before, most int64) (through int64, err error)
	DropSecurity(ctx context.Context, log name.District, through int64) error
	Rows(ctx context.Context, q journal.Query) (journal.Page, error)
	Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error)
	Cursor(ctx context.Context, log name.District, consumer string) (int64, error)
	SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error
}

// Bounds, ours. The law asks for logs of six months at least (网络安全法 article 21, as read about); a storm that fills the log sooner is
// kept whole by the collector alone.
const (
	MostOfKind = 40                                             // different lines of a kind in one flush
	MostLines  = 1_000_000                                      // in the database
	Keep       = int64(400 * 24 * time.Hour / time.Microsecond) // µs
	maxWord    = 120                                            // bytes of a code or a route
	sendAtOnce = 200                                            // lines handed to a collector at once
)

// Event is something that happened.
type Event struct {
	Kind    Kind
	Code    string
	Person  name.Person
	Address string // where it came from; it becomes a pseudonym
	Where   string // the route or the room
	Record  int64
}

// same is what two events have in common that become one line.
type same struct {
	kind                 Kind
	code, network, where string
	person               name.Person
}

// Room is the security log of one desk. A nil Room takes everything and keeps nothing. It is safe for many goroutines.
type Room struct {
	desk  *desk.Desk
	store Store
	key   atomic.Pointer[[]byte] // of pseudonyms

	mu       sync.Mutex
	waiting  map[same]*journal.SecurityLine
	kinds    map[Kind]int // different lines of each
	flushes  sync.Mutex
	forwards sync.Mutex // one at a time, so that none is handed on twice
	dropped  int64      // when old lines were dropped last, µs
	chain    *chain     // how far the lines have come; nil until something is written
}

// New returns the room; key makes pseudonyms of networks.
func New(d *desk.Desk, s Store, key []byte) *Room {
	r := &Room{desk: d, store: s, waiting: map[same]*journal.SecurityLine{}, kinds: map[Kind]int{}}
	r.Take(key)
	d.Listen(r.Heard)
	return r
}

// Take makes pseudonyms under another key from now on: a network is called otherwise than in the lines before.
func (r *Room) Take(key []byte) { r.key.Store(&key) }

// Tell takes an event. It does not wait for the disk.
func (r *Room) Tell(e Event) {
	if r == nil || !known[e.Kind] {
		return
	}
	k := same{e.Kind, clean(e.Code), r.network(e.Address), clean(e.Where), e.Person}
	now := r.desk.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.waiting[k]
	if l == nil && r.kinds[e.Kind] >= MostOfKind {
		k = same{kind: e.Kind, code: "many"}
		l = r.waiting[k]
	}
	if l == nil {
		l = &journal.SecurityLine{From: now, Kind: string(k.kind), Code: k.code, Person: k.person, Network: k.network, Where: k.where}
		r.waiting[k] = l
		r.kinds[e.Kind]++
	}
	l.Until, l.Count = now, l.Count+1
	if e.Record != 0 && k.code != "many" {
		l.Record = e.Record
	}
}

// word is what a code or a route may be made of; what a person typed is not written down even if somebody hands it in.
var word = regexp.MustCompile(`^[A-Za-z0-9 ._/{}$:+-]*$`)

func clean(s string) string {
	if len(s) > maxWord || !word.MatchString(s) {
		return "other"
	}
	return s
}

// network is the pseudonym of a network: whoever has the key and an address can tell that it is that one, nobody reads it back.
func (r *Room) network(address string) string {
	key := *r.key.Load()
	if address == "" || len(key) == 0 {
		return ""
	}
	mac := hmac.New(ledger.SM3.New, key)
	mac.Write([]byte("bihuan/security/1 " + address))
	return "net-" + hex.EncodeToString(mac.Sum(nil)[:6])
}

// Flush writes down what was told since, seals what is to be sealed and drops what is old. What cannot be written stays for the next time.
func (r *Room) Flush(ctx context.Context) error {
	if r == nil {
		return nil
	}
	r.flushes.Lock()
	defer r.flushes.Unlock()
	if err := r.writeDown(ctx); err != nil {
		return err
	}
	c := r.chain
	if r.desk.Now()-c.at >= SealEvery && c.through > c.sealed.Through {
		if err := r.seal(ctx, c.sealed.After, c.sealed.Start); err != nil {
			return err
		}
	}
	return r.drop(ctx)
}

// writeDown is Flush without the record: who reads lines adds nothing to that. The caller holds flushes.
func (r *Room) writeDown(ctx context.Context) error {
	r.mu.Lock()
	waiting := r.waiting
	r.waiting, r.kinds = map[same]*journal.SecurityLine{}, map[Kind]int{}
	r.mu.Unlock()
	if err := r.keep(ctx, waiting); err != nil {
		r.again(waiting)
		return err
	}
	return nil
}

// keep writes down what waits, in order. The caller holds flushes.
func (r *Room) keep(ctx context.Context, waiting map[same]*journal.SecurityLine) error {
	if r.chain == nil {
		if err := r.begin(ctx); err != nil {
			return err
		}
	}
	if r.chain.unsure {
		if err := r.catchUp(ctx); err != nil {
			return err
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	lines := make([]journal.SecurityLine, 0, len(waiting))
	for _, l := range waiting {
		lines = append(lines, *l)
	}
	slices.SortFunc(lines, before)
	return r.write(ctx, lines)
}

func before(a, b journal.SecurityLine) int {
	if a.From != b.From {
		return int(min(max(a.From-b.From, -1), 1))
	}
	return strings.Compare(a.Kind+a.Code+string(a.Person)+a.Network+a.Where, b.Kind+b.Code+string(b.Person)+b.Network+b.Where)
}

// again takes back what could not be written.
func (r *Room) again(waiting map[same]*journal.SecurityLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, l := range waiting {
		if now := r.waiting[k]; now != nil {
			now.From, now.Count = l.From, now.Count+l.Count
			continue
		}
		r.waiting[k] = l
		r.kinds[k.kind]++
	}
}

var theLog = access.Object{Type: access.Log, Class: access.Internal}

// Lines returns lines, the newest first, for whoever may read the security log. What was told and waits is written before.
func (r *Room) Lines(ctx context.Context, who desk.Caller, a journal.SecurityAsk) ([]journal.SecurityLine, error) {
	if err := r.desk.Allow(who, access.SecurityRead, theLog); err != nil {
		return nil, err
	}
	r.flushes.Lock()
	err := r.writeDown(ctx)
	r.flushes.Unlock()
	if err != nil {
		return nil, err
	}
	a.Log = r.desk.District()
	return r.store.SecurityLines(ctx, a)
}

// Collector takes lines on, in their order; see [Room.Forward].
type Collector interface {
	Name() string // what the cursor is called by
	Take(ctx context.Context, lines []journal.SecurityLine) error
}

// Consumer begins the names of collectors among those who read a log.
const Consumer = "security/"

// Forward hands a collector all lines that it has not got yet. Lines that it took in part when something broke are handed on again:
// each arrives once at least, and bears its number.
func (r *Room) Forward(ctx context.Context, c Collector) (n int, err error) {
	r.forwards.Lock()
	defer r.forwards.Unlock()
	log, consumer := r.desk.District(), Consumer+c.Name()
	at, err := r.store.Cursor(ctx, log, consumer)
	for err == nil {
		var lines []journal.SecurityLine
		lines, err = r.store.SecurityLines(ctx, journal.SecurityAsk{Log: log, After: at, Rising: true, Limit: sendAtOnce})
		if err != nil || len(lines) == 0 {
			return n, err
		}
		if err = c.Take(ctx, lines); err != nil {
			return n, err
		}
		n += len(lines)
		at = lines[len(lines)-1].Seq
		err = r.store.SetCursor(ctx, log, consumer, at)
	}
	if errors.Is(err, fault.ErrConflict) { // somebody else has done it
		err = nil
	}
	return n, err
}
