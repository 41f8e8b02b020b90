package hooks

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// Event is the body of a call.
type Event struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"` // RFC 3339, when it happened
	Data      Data   `json:"data"`
}

// Data tells what happened: numbers and keys of packs only.
type Data struct {
	District name.District `json:"district"`
	Seq      int64         `json:"seq"`
	Matter   name.ID       `json:"matter"`
	Version  int64         `json:"version"` // from 1 without gaps: by it a receiver sees that one is missing
	Number   string        `json:"number"`
	Kind     string        `json:"kind"`
	Act      string        `json:"act,omitempty"`
	State    string        `json:"state,omitempty"` // if it has changed
	Phase    string        `json:"phase,omitempty"`
	Unit     name.Unit     `json:"unit,omitempty"` // if it has changed hands
	Clock    string        `json:"clock,omitempty"`
	Rung     string        `json:"rung,omitempty"`
	Leaf     string        `json:"leaf"` // of the log, so that it can be held against a receipt
}

// Sizes of a round.
const (
	leaseSpan   = 60 * time.Second
	roundEvents = 50  // of the log that are read at once, and after which it is written down how far that is
	mostRounds  = 40  // of one tick
	mostBlocked = 500 // deliveries that may wait before nothing more is taken from the log
	mostDown    = 180 // failures in a row, about a week, after which a subscription is switched off
	suspicious  = 3   // failures in a row after which another event is tried
)

// Tick delivers what there is for every subscription, each beside the others. A process that does not get the lease leaves it to the one
// that has it.
func (r *Room) Tick(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.hold(ctx); err != nil {
		if errors.Is(err, fault.ErrConflict) {
			return nil
		}
		return err
	}
	all, err := r.All(ctx)
	if err != nil {
		return err
	}
	errs := make([]error, len(all))
	var wait sync.WaitGroup
	for i := range all {
		if all[i].Stopped == 0 {
			wait.Go(func() { errs[i] = r.pump(ctx, &all[i]) })
		}
	}
	wait.Wait()
	return errors.Join(errs...)
}

func (r *Room) hold(ctx context.Context) error {
	now := r.Desk.Now()
	_, err := r.Store.Lease(ctx, "hooks", r.Holder, now, now+leaseSpan.Microseconds())
	return err
}

// pump is one subscription's share of a tick.
type pump struct {
	r       *Room
	h       *Hook
	at      notice.HookAt
	done    []notice.Delivery // to be written down
	blocked map[name.ID]bool  // streams of which an event waits
	waiting int
}

func (r *Room) pump(ctx context.Context, h *Hook) error {
	for range mostRounds {
		at, err := r.Store.HookAt(ctx, r.Desk.District(), h.ID)
		if err != nil {
			return err
		}
		if at.Off != "" || waits(at.Until, r.Desk.Now()) {
			return nil
		}
		if err := r.ahead(ctx, at); err != nil {
			return fmt.Errorf("subscription %s: %w", h.ID, err)
		}
		p := pump{r: r, h: h, at: at, blocked: map[name.ID]bool{}}
		more, err := p.round(ctx)
		if err != nil {
			return fmt.Errorf("subscription %s: %w", h.ID, err)
		}
		if p.at != at || len(p.done) > 0 {
			if err := r.Store.PutHook(ctx, r.Desk.District(), h.ID, p.at, p.done); err != nil {
				return err
			}
		}
		if !more || p.at.Fails > 0 {
			return nil
		}
		if err := r.hold(ctx); err != nil {
			return err
		}
	}
	r.Heard(desk.Announcement{})
	return nil
}

// waits reports whether something is to be left until an instant. Nothing that the room wrote down waits longer than the longest pause: what does was written by
// somebody else, so that it be never tried, and does not wait.
func waits(until, now int64) bool {
	return now < until && until <= now+notice.LongestWait.Microseconds()
}

// ahead reports a subscription that is said to have come to records which are yet to be written: whatever comes would be passed over until then.
func (r *Room) ahead(ctx context.Context, at notice.HookAt) error {
	last, _, err := r.Store.Head(ctx, r.Desk.District())
	if err == nil && at.Seq > last {
		err = fmt.Errorf("it is said to have come to record %d, and the log ends with %d: somebody wrote that into the database; begin it again from a place of the log: %w", at.Seq, last, fault.ErrConflict)
	}
	return err
}

// round tries what waits, then takes the next events from the log. It reports whether there may be more.
func (p *pump) round(ctx context.Context) (more bool, err error) {
	if again, err := p.retry(ctx); err != nil || !again {
		return false, err
	}
	if p.waiting >= mostBlocked {
		return false, nil
	}
	entries, err := p.r.Store.Log(ctx, p.r.Desk.District(), p.at.Seq, roundEvents)
	if err != nil {
		return false, err
	}
	for i := range entries {
		e := &entries[i]
		out, wanted, err := p.r.event(ctx, p.h, e)
		if err != nil {
			return false, err
		}
		if !wanted {
			p.at.Seq = e.Seq
			continue
		}
		d := notice.Delivery{Hook: p.h.ID, Seq: e.Seq, Stream: e.Stream, State: notice.Waiting}
		if p.blocked[e.Stream] {
			p.done, p.at.Seq = append(p.done, d), e.Seq // in its order, behind the one that waits
			continue
		}
		switch p.try(ctx, &d, out) {
		case went, refusedIt:
			p.done, p.at.Seq = append(p.done, d), e.Seq
		case down:
			if p.at.Fails < suspicious || d.Status < 500 || !p.another(ctx, entries[i+1:], e.Stream) {
				return false, ctx.Err()
			}
			p.put(&d, "") // the receiver takes others: it is this one that it cannot bear
			p.done, p.at.Seq = append(p.done, d), e.Seq
		}
	}
	return len(entries) == roundEvents, nil
}

// retry tries what waits and is due, of each matter only the first. It reports whether to go on.
func (p *pump) retry(ctx context.Context) (bool, error) {
	all, err := p.r.Store.Deliveries(ctx, p.r.Desk.District(), p.h.ID, []notice.State{notice.Waiting}, 0, mostBlocked)
	if err != nil {
		return false, err
	}
	p.waiting = len(all)
	for i := range all {
		d := &all[i]
		if p.blocked[d.Stream] || waits(d.Due, p.r.Desk.Now()) {
			p.blocked[d.Stream] = true
			continue
		}
		e, err := p.r.Store.Log(ctx, p.r.Desk.District(), d.Seq-1, 1)
		if err != nil {
			return false, err
		}
		if len(e) == 0 || e[0].Seq != d.Seq {
			continue
		}
		out, _, err := p.r.event(ctx, p.h, &e[0])
		if err != nil {
			return false, err
		}
		switch p.try(ctx, d, out) {
		case went, refusedIt:
			p.done = append(p.done, *d)
		case down:
			if p.at.Fails < suspicious || d.Status < 500 {
				return false, ctx.Err()
			}
			next, err := p.r.Store.Log(ctx, p.r.Desk.District(), p.at.Seq, roundEvents)
			if err != nil || !p.another(ctx, next, d.Stream) {
				return false, err
			}
			p.put(d, "")
			p.done = append(p.done, *d)
		}
	}
	return true, nil
}

// another finds out whether the receiver takes an event of another matter, which is delivered by that; it comes again in its turn.
func (p *pump) another(ctx context.Context, entries []ledger.Entry, but name.ID) bool {
	for i := range entries {
		e := &entries[i]
		out, wanted, err := p.r.event(ctx, p.h, e)
		if err != nil || !wanted || e.Stream == but || p.blocked[e.Stream] {
			continue
		}
		d := notice.Delivery{Hook: p.h.ID, Seq: e.Seq, Stream: e.Stream}
		return p.try(ctx, &d, out) == went
	}
	return false
}

// outcome is what came of a try.
type outcome int

const (
	went      outcome = iota
	refusedIt         // the receiver does not want this one
	down              // the receiver does not answer, or asks for time
)

// try delivers an event, and says in the delivery and in how the subscription stands what came of it.
func (p *pump) try(ctx context.Context, d *notice.Delivery, out *Event) outcome {
	body, err := json.Marshal(out)
	if err != nil {
		p.put(d, reason(err, 0))
		return refusedIt
	}
	now := p.r.Desk.Now()
	status, wait, err := p.r.Caller.Call(ctx, Call{URL: p.h.URL, ID: callID(out), Body: body, Secrets: p.r.Secrets(p.h, now), At: time.UnixMicro(now).UTC()})
	d.Status, d.At, d.Why = status, now, ""
	switch {
	case err == nil && status >= 200 && status < 300:
		p.at.Fails, p.at.Until = 0, 0
		d.State, d.Tries, d.Due = notice.Sent, d.Tries+1, 0
		return went
	case status == http.StatusGone: // Standard Webhooks 1.0, "Operational considerations": the endpoint is no longer there
		p.at.Off, p.at.Fails = "gone", p.at.Fails+1
		return down
	case err == nil && status >= 300 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout:
		p.at.Fails, p.at.Until = 0, 0
		p.put(d, reason(nil, status))
		return refusedIt
	}
	if ctx.Err() != nil {
		return down // it was us
	}
	p.at.Fails++
	p.r.down.Store(p.h.ID, reason(err, status))
	pause := max(notice.Backoff(p.at.Fails, p.r.roll()), min(wait, notice.LongestWait))
	p.at.Until = now + pause.Microseconds()
	if p.at.Fails > mostDown {
		p.at.Off = "down"
	}
	return down
}

// put has a delivery wait for its next try, or gives it up.
func (p *pump) put(d *notice.Delivery, why string) {
	d.Tries++
	if why == "" {
		why = reason(nil, d.Status)
	}
	d.State, d.Why = notice.Waiting, why
	d.Due = p.r.Desk.Now() + notice.Backoff(d.Tries, p.r.roll()).Microseconds()
	if d.Tries >= notice.MostTries {
		d.State, d.Due = notice.Failed, 0
		return
	}
	p.blocked[d.Stream] = true
}

// answered is the fault of an answer by its status.
type answered int

func (a answered) Error() string           { return fmt.Sprintf("status %d", int(a)) }
func (a answered) Trouble() notice.Trouble { return notice.OfStatus(int(a)) }

// reason is what is kept of why a try came to nothing: without an answer its error, otherwise the status.
func reason(err error, status int) string {
	if err == nil {
		err = answered(status)
	}
	return notice.Why(err, 200)
}

func (r *Room) roll() uint64 {
	var b [8]byte
	r.Chance(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func callID(e *Event) string { return fmt.Sprintf("%s-%d", e.Data.District, e.Data.Seq) }

// event makes the body of an event, and reports whether the subscription asks for it.
func (r *Room) event(ctx context.Context, h *Hook, e *ledger.Entry) (*Event, bool, error) {
	if e.Kind != ledger.Matter {
		return nil, false, nil
	}
	m, _, err := r.Desk.Stands(ctx, e.Stream, e.Version)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, false, nil // of a kind that is no longer there
	}
	if err != nil {
		return nil, false, err
	}
	var c matter.Change
	if err := json.Unmarshal(e.Body, &c); err != nil {
		return nil, false, err
	}
	out := &Event{Type: e.Type, Timestamp: time.UnixMicro(e.At).UTC().Format("2006-01-02T15:04:05.000000Z"), Data: Data{District: e.Log, Seq: e.Seq, Matter: e.Stream, Version: e.Version,
		Number: m.Number, Kind: m.Kind, Act: c.Act, State: c.To, Phase: string(c.Phase), Leaf: hex.EncodeToString(e.Leaf[:])}}
	if c.Holder != nil {
		out.Data.Unit = c.Holder.Unit
	}
	if c.Rung != nil {
		out.Data.Clock, out.Data.Rung = c.Rung.Clock, string(c.Rung.Rung)
	}
	return out, h.wants(e.Type, m.Kind), nil
}

// Test calls a subscription's address once with an event of type webhook.test, and returns the status of the answer.
func (r *Room) Test(ctx context.Context, id name.ID) (int, error) {
	h, err := r.load(ctx, id)
	if err != nil {
		return 0, err
	}
	now := r.Desk.Now()
	out := Event{Type: "webhook.test", Timestamp: time.UnixMicro(now).UTC().Format("2006-01-02T15:04:05.000000Z"), Data: Data{District: r.Desk.District()}}
	body, err := json.Marshal(out)
	if err != nil {
		return 0, err
	}
	status, _, err := r.Caller.Call(ctx, Call{URL: h.URL, ID: fmt.Sprintf("%s-test-%x", r.Desk.District(), r.roll()), Body: body, Secrets: r.Secrets(&h, now), At: time.UnixMicro(now).UTC()})
	return status, err
}

// TryNow is [Room.Test] for whoever manages subscriptions.
func (r *Room) TryNow(ctx context.Context, who desk.Caller, id name.ID) (int, error) {
	if err := r.manage(who); err != nil {
		return 0, err
	}
	return r.Test(ctx, id)
}
