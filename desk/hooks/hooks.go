// Package hooks tells programs of others what happens (事件推送): a subscription names an address, and which events go there.
//
// [Room.Make], [Room.Stop], [Room.Rotate] and [Room.List] are subscriptions, which are official records; [Room.Run] delivers beside
// the requests, [Room.Tick] once; [Room.Replay] sends again from a place in the log or a day on, [Room.Again] one event.
//
// It promises: every event that a subscription asks for is delivered at least once, those of one matter in their order, and none is
// given up but what the receiver itself refuses eight times: such dead letters stay visible until somebody sends them again. A
// receiver that does not answer is asked rarely, by one event at a time, and loses nothing: the log waits. The body of an event is the
// same each time, and holds no name, title or other text that somebody typed.
//
// Secrets are not kept: they are worked out from the house's own key, the subscription and how often it was changed.
package hooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// Kind is the kind of a subscription's row.
const Kind = "hook"

// Store is what the room asks of a store beyond the desk's.
type Store interface {
	desk.Store
	Log(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Entry, error)
	Head(ctx context.Context, log name.District) (seq int64, head ledger.Hash, err error)
	Lease(ctx context.Context, name, holder string, now, until int64) (token int64, err error)
	HookAt(ctx context.Context, log name.District, hook name.ID) (notice.HookAt, error)
	PutHook(ctx context.Context, log name.District, hook name.ID, at notice.HookAt, all []notice.Delivery) error
	Deliveries(ctx context.Context, log name.District, hook name.ID, states []notice.State, after int64, limit int) ([]notice.Delivery, error)
	Lately(ctx context.Context, log name.District, hook name.ID, states []notice.State, limit int) ([]notice.Delivery, error)
	Rewind(ctx context.Context, log name.District, hook name.ID, seq int64) error
	DeliverAgain(ctx context.Context, log name.District, hook name.ID, seq, now int64) error
}

// Call is one event on its way out.
type Call struct {
	URL     string
	ID      string // the same each time
	Body    []byte
	Secrets [][]byte
	At      time.Time
}

// Caller makes a call. status is 0 without an answer, and then err says why; wait is how long the other side asked to be left alone.
type Caller interface {
	Call(ctx context.Context, c Call) (status int, wait time.Duration, err error)
}

// Config is what a room needs.
type Config struct {
	Desk   *desk.Desk
	Store  Store
	Caller Caller
	Check  func(url string) error // whether an address can be called at all; wraps [fault.ErrInvalid]
	Holder string
	Chance func(b []byte)
	Secret []byte // the house's own key; see [Room.Take]
}

// Room is the subscriptions of one desk. It is safe for many goroutines.
type Room struct {
	Config
	wake chan struct{}
	mu   sync.Mutex // held by whoever delivers
	keys atomic.Pointer[houseKeys]
	down sync.Map // of [name.ID]: why a receiver did not answer last, as [notice.Why] keeps it; in memory, since the next try tells anew
}

// Past is a key of the house from before, whose secrets go on signing until an instant (µs); 0: that is not known yet.
type Past struct {
	Secret []byte
	Until  int64
}

// houseKeys are the keys of which secrets are worked out, the one of now apart.
type houseKeys struct {
	now  []byte
	past []Past
}

// Take has secrets worked out of another key of the house from now on; those of the keys before go on signing too.
func (r *Room) Take(now []byte, past ...Past) { r.keys.Store(&houseKeys{now, past}) }

// New returns a room.
func New(c Config) *Room {
	r := &Room{Config: c, wake: make(chan struct{}, 1)}
	r.Take(c.Secret)
	return r
}

// Events are the types of events that can be subscribed to.
func Events() (all []string) {
	for _, v := range matter.Verbs() {
		all = append(all, "matter."+string(v))
	}
	return append(all, "matter.rung", "matter.clock", "matter.order")
}

func (r *Room) check(o *Order) error {
	o.Name, o.URL = strings.Join(strings.Fields(o.Name), " "), strings.TrimSpace(o.URL)
	switch {
	case o.Name == "":
		return fault.Refuse(fault.ErrInvalid, "key-nameless", "name")
	case utf8.RuneCountInString(o.Name) > maxName:
		return fault.Refuse(fault.ErrInvalid, "too-long", "name", "limit", fmt.Sprint(maxName))
	case len(o.Events) == 0:
		return fault.Refuse(fault.ErrInvalid, "hook-events", "events")
	}
	known := append(Events(), "*", "matter.*")
	for _, e := range o.Events {
		if !slices.Contains(known, e) {
			return fault.Refuse(fault.ErrInvalid, "hook-event", "events", "event", notice.Line(e, 60))
		}
	}
	for _, k := range o.Kinds {
		if _, ok := r.Desk.Packs().Kind(k); !ok {
			return fault.Refuse(fault.ErrInvalid, "hook-kind", "kinds", "kind", notice.Line(k, 60))
		}
	}
	return r.Check(o.URL)
}

// Make makes a subscription to what happens from now on and returns it with its secret, which can be shown again.
func (r *Room) Make(ctx context.Context, who desk.Caller, command string, o Order) (Hook, error) {
	if err := r.manage(who); err != nil {
		return Hook{}, err
	}
	if err := r.check(&o); err != nil {
		return Hook{}, err
	}
	all, err := r.All(ctx)
	if err != nil {
		return Hook{}, err
	}
	if len(slices.DeleteFunc(all, func(h Hook) bool { return h.Stopped != 0 })) >= maxHooks {
		return Hook{}, fault.Refuse(fault.ErrConflict, "hooks-many", "")
	}
	var h Hook
	id := r.Desk.NewID()
	seq, _, err := r.Store.Head(ctx, r.Desk.District())
	if err != nil {
		return h, err
	}
	if err := r.Store.PutHook(ctx, r.Desk.District(), id, notice.HookAt{Seq: seq}, nil); err != nil { // before the record: nothing that happens behind it is missed
		return h, err
	}
	b := r.Desk.Begin(ctx, command)
	own := b.Own(id, ledger.Account, 0, h.apply, h.row)
	if err := own.Add(actor(who), typeMade, "", o); err != nil {
		return h, err
	}
	_, err = b.Commit()
	return h, err
}

// Rotate gives a subscription a new secret; for a day calls are signed by the old one too.
func (r *Room) Rotate(ctx context.Context, who desk.Caller, id name.ID) error {
	return r.change(ctx, who, id, typeRotated, "")
}

// Stop ends a subscription, with the reason that stands in the log.
func (r *Room) Stop(ctx context.Context, who desk.Caller, id name.ID, reason string) error {
	if reason = strings.Join(strings.Fields(reason), " "); reason == "" {
		return fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	return r.change(ctx, who, id, typeStopped, reason)
}

func (r *Room) change(ctx context.Context, who desk.Caller, id name.ID, typ, reason string) error {
	if err := r.manage(who); err != nil {
		return err
	}
	h, err := r.load(ctx, id)
	if err != nil || h.Stopped != 0 {
		return err
	}
	b := r.Desk.Begin(ctx, r.Desk.NewCommand())
	own := b.Own(id, ledger.Account, h.version, h.apply, h.row)
	if err := own.Add(actor(who), typ, reason, struct{}{}); err != nil {
		return err
	}
	_, err = b.Commit()
	return err
}

// Overlap is how long a secret from before goes on signing; ours.
const Overlap = 24 * time.Hour

// Secrets are what calls of a subscription are signed with at an instant (µs), the present one first.
func (r *Room) Secrets(h *Hook, now int64) (all [][]byte) {
	k := r.keys.Load()
	of := func(house []byte) {
		all = append(all, secretOf(house, h.ID, h.Turn))
		if h.Turn > 0 && now-h.Turned < Overlap.Microseconds() {
			all = append(all, secretOf(house, h.ID, h.Turn-1))
		}
	}
	of(k.now)
	for _, p := range k.past {
		if p.Until == 0 || now < p.Until {
			of(p.Secret)
		}
	}
	return all
}

func secretOf(house []byte, id name.ID, turn int) []byte {
	mac := hmac.New(sha256.New, house)
	fmt.Fprintf(mac, "bihuan/hook/1 %s %d", id, turn)
	return mac.Sum(nil)
}

// Standing is a subscription with how far it has come.
type Standing struct {
	Hook
	At     notice.HookAt
	Down   string // why it did not answer last, as [notice.Why] keeps it; empty where it does, and where no try was made since the start
	Behind int64  // events of the log that it has not come to
	Dead   []notice.Delivery
	Lately []notice.Delivery
}

// List returns every subscription with how far it has come, the latest first.
func (r *Room) List(ctx context.Context, who desk.Caller) ([]Standing, error) {
	if err := r.manage(who); err != nil {
		return nil, err
	}
	return r.Stand(ctx)
}

// Stand is [Room.List] for whoever may already read the database: the command line.
func (r *Room) Stand(ctx context.Context) (out []Standing, err error) {
	all, err := r.All(ctx)
	if err != nil {
		return nil, err
	}
	head, _, err := r.Store.Head(ctx, r.Desk.District())
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		s := Standing{Hook: h}
		if s.At, err = r.Store.HookAt(ctx, r.Desk.District(), h.ID); err != nil {
			return nil, err
		}
		if why, known := r.down.Load(h.ID); known && s.At.Fails > 0 {
			s.Down, _ = why.(string)
		}
		s.Behind = max(0, head-s.At.Seq)
		if s.Dead, err = r.Store.Lately(ctx, r.Desk.District(), h.ID, []notice.State{notice.Failed, notice.Waiting}, 50); err != nil {
			return nil, err
		}
		if s.Lately, err = r.Store.Lately(ctx, r.Desk.District(), h.ID, []notice.State{notice.Sent}, 20); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Again sends one event once more. It wraps [fault.ErrNotFound].
func (r *Room) Again(ctx context.Context, who desk.Caller, id name.ID, seq int64) error {
	if err := r.manage(who); err != nil {
		return err
	}
	if err := r.Store.DeliverAgain(ctx, r.Desk.District(), id, seq, r.Desk.Now()); err != nil {
		return err
	}
	r.Heard(desk.Announcement{})
	return nil
}

// Replay sends everything from a place in the log on once more, and switches a subscription on again that was switched off. from is a
// sequence number, or a day as 2023-10-16. It never goes forward.
func (r *Room) Replay(ctx context.Context, who desk.Caller, id name.ID, from string) error {
	if err := r.manage(who); err != nil {
		return err
	}
	return r.ReplayAs(ctx, id, from)
}

// ReplayAs is [Room.Replay] for whoever may already write to the database: the command line.
func (r *Room) ReplayAs(ctx context.Context, id name.ID, from string) error {
	if _, err := r.load(ctx, id); err != nil {
		return err
	}
	seq, err := r.place(ctx, strings.TrimSpace(from))
	if err != nil {
		return err
	}
	if err := r.Store.Rewind(ctx, r.Desk.District(), id, seq-1); err != nil {
		return err
	}
	r.Heard(desk.Announcement{})
	return nil
}

// place reads a sequence number or a day.
func (r *Room) place(ctx context.Context, from string) (int64, error) {
	if day, err := calendar.ParseDate(from); err == nil {
		return r.firstOn(ctx, int64(day.Start()))
	}
	var seq int64
	if n, err := fmt.Sscanf(from, "%d", &seq); err != nil || n != 1 || fmt.Sprint(seq) != from || seq < 1 {
		return 0, fault.Refuse(fault.ErrInvalid, "replay-from", "from")
	}
	return seq, nil
}

// firstOn returns the sequence number of the first event at or after an instant.
func (r *Room) firstOn(ctx context.Context, at int64) (int64, error) {
	low := int64(0)
	high, _, err := r.Store.Head(ctx, r.Desk.District())
	for err == nil && low < high {
		var e []ledger.Entry
		mid := low + (high-low)/2
		if e, err = r.Store.Log(ctx, r.Desk.District(), mid, 1); err == nil && len(e) == 1 && e[0].At < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low + 1, err
}

// All returns every subscription, the latest first.
func (r *Room) All(ctx context.Context) (all []Hook, err error) {
	q := journal.Query{Log: r.Desk.District(), Now: r.Desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{Kind}, Order: journal.ByOpened, Limit: 500}
	for {
		page, err := r.Store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Rows {
			h, err := r.load(ctx, page.Rows[i].Stream)
			if err != nil {
				return nil, err
			}
			all = append(all, h)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return all, nil
		}
	}
}

func (r *Room) load(ctx context.Context, id name.ID) (h Hook, err error) {
	events, err := r.Store.Events(ctx, id, 0)
	if err != nil {
		return h, err
	}
	if len(events) == 0 || events[0].Type != typeMade {
		return h, fmt.Errorf("subscription %s: %w", id, fault.ErrNotFound)
	}
	for i := range events {
		if err := h.apply(&events[i]); err != nil {
			return h, errors.Join(err, fault.ErrInvalid)
		}
	}
	return h, nil
}

func (r *Room) manage(who desk.Caller) error {
	return r.Desk.Allow(who, access.OutgoingManage, access.Object{Type: access.Platform, Class: access.Internal})
}

func actor(who desk.Caller) name.Actor {
	return name.Actor{Person: who.Person, Unit: who.Unit, Role: "sysadmin"}
}

// Heard tells the room that something was appended. It costs next to nothing.
func (r *Room) Heard(desk.Announcement) {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends.
func (r *Room) Run(ctx context.Context, log *slog.Logger) {
	desk.Rounds(ctx, 5*time.Second, r.wake, r.Tick, func(err error) { log.Error("webhooks", "error", err) })
}

// SecretText is the secret of a subscription as the receiver's side is given it: whsec_ and base64, as Standard Webhooks has it.
func (r *Room) SecretText(h *Hook) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(secretOf(r.keys.Load().now, h.ID, h.Turn))
}
