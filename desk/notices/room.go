// Package notices is who is told what when (通知): it follows the log, puts what concerns a person into that person's inbox, and
// sends it by the ways that the person has opened.
//
// [Room.Run] does all of it beside the requests, [Room.Tick] once; [Room.Inbox], [Room.Unread] and [Room.Mark] are a person's own
// inbox, [Room.Reach] and [Room.SetReach] how they want to be reached, [Room.Stuck] what could not be sent.
//
// It promises: a notice is told once, however often the process is killed, because it is written together with the place in
// the log; a message is handed over at most once without somebody asking for it again, because it is claimed before. What was to
// do and is over is read by itself, and is not sent any more. Nothing that is sent holds a name, a title or a text that
// somebody typed: numbers, words of packs and links.
//
// The rooms it rests on are [notice] and [desk]; carrying a message out is left to [Ways], which the door brings.
package notices

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/notice"
)

// Store is what the room keeps and asks.
type Store interface {
	Log(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Entry, error)
	Head(ctx context.Context, log name.District) (seq int64, head ledger.Hash, err error)
	Cursor(ctx context.Context, log name.District, consumer string) (int64, error)
	SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error
	Lease(ctx context.Context, name, holder string, now, until int64) (token int64, err error)
	Rows(ctx context.Context, q journal.Query) (journal.Page, error)
	Row(ctx context.Context, stream name.ID) (journal.Row, error)
	Scrub(ctx context.Context, whole bool) error
	notice.Keeper
	Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error)
}

// Ways carry messages out of the house. Errors wrap [fault.ErrInvalid] where trying again is of no use.
type Ways interface {
	// Open reports whether a channel is set up.
	Open(c notice.Channel) bool
	// Robots returns the units that have a robot in a group of theirs.
	Robots() []name.Unit
	Mail(ctx context.Context, id, to, subject, text string) error
	SMS(ctx context.Context, id, to, text, lang string) error
	Say(ctx context.Context, unit name.Unit, text string) error
}

// Config is what a room needs.
type Config struct {
	Desk   *desk.Desk
	Store  Store
	Ways   Ways           // nil: nothing leaves, there is the inbox only
	Holder string         // names this process on the lease
	Chance func(b []byte) // fills b with random bytes
	Secret []byte         // from which the key of preferences was made, see [Room.Adopt]
	Base   string         // https://… before links in messages; empty: they have none
}

// Room is the notices of one desk. It is safe for many goroutines.
type Room struct {
	Config
	wake  chan struct{}
	mu    sync.Mutex // held by whoever ticks
	token int64      // of the lease that was had last
	swept int64      // µs, when old ones were dropped last
}

// New returns a room.
func New(c Config) *Room {
	return &Room{Config: c, wake: make(chan struct{}, 1)}
}

// Consumer is the name of the room's place in the log, and of its lease.
const Consumer = "notices"

const (
	leaseSpan = 60 * time.Second // so long nothing is told when its holder is killed
	atOnce    = 200              // events that are told in one transaction
	every     = 20 * time.Second // how often the clock is looked at
	back      = 14 * 24 * time.Hour
	keep      = 180 * 24 * time.Hour // how long what was read stays in an inbox; ours
)

// Heard tells the room that something was appended. It costs next to nothing.
func (r *Room) Heard(desk.Announcement) {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run tells and sends until ctx ends.
func (r *Room) Run(ctx context.Context, log *slog.Logger) {
	desk.Rounds(ctx, every, r.wake, r.Tick, func(err error) { log.Error("notices", "error", err) })
}

// errLost says that another process tells now.
var errLost = errors.New("another process tells")

// Tick tells everything that was appended, every light that has changed by the clock, and sends what is due. A process that does not
// get the lease leaves it to the one that has it.
func (r *Room) Tick(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.tick(ctx)
	if errors.Is(err, errLost) {
		err = nil
	}
	return err
}

func (r *Room) tick(ctx context.Context) error {
	if err := r.hold(ctx); err != nil {
		return err
	}
	for _, do := range []func(context.Context) error{r.light, r.follow, r.light, r.sweep} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return r.send(ctx)
}

// hold takes the lease or renews it. Whoever gets it anew finds out what was being sent when the one before ended.
func (r *Room) hold(ctx context.Context) error {
	now := r.Desk.Now()
	token, err := r.Store.Lease(ctx, Consumer, r.Holder, now, now+leaseSpan.Microseconds())
	if errors.Is(err, fault.ErrConflict) {
		return errLost
	}
	if err != nil || token == r.token {
		return err
	}
	if _, err := r.Store.Unsettled(ctx, r.Desk.District()); err != nil {
		return err
	}
	r.token = token
	return nil
}

// follow tells what was appended.
func (r *Room) follow(ctx context.Context) error {
	district := r.Desk.District()
	seq, err := r.place(ctx)
	if err != nil {
		return err
	}
	for {
		begun := time.Now()
		entries, err := r.Store.Log(ctx, district, seq, atOnce)
		if err != nil || len(entries) == 0 {
			return err
		}
		told, err := r.tell(ctx, entries)
		if err != nil {
			return err
		}
		seq = entries[len(entries)-1].Seq
		if err := r.Store.Tell(ctx, district, Consumer, seq, told); errors.Is(err, fault.ErrConflict) {
			return errLost // somebody else was here
		} else if err != nil {
			return err
		}
		if len(entries) < atOnce {
			return nil
		}
		if err := r.rest(ctx, time.Since(begun)); err != nil {
			return err
		}
	}
}

// place is where in the log to go on. Where it is said to be behind the end somebody wrote that, so that nobody be told of what comes: then it begins again two
// weeks back, and what was told stays as it is.
func (r *Room) place(ctx context.Context) (int64, error) {
	seq, err := r.Store.Cursor(ctx, r.Desk.District(), Consumer)
	if err == nil && seq > 0 {
		var last int64
		if last, _, err = r.Store.Head(ctx, r.Desk.District()); seq > last {
			seq = 0
		}
	}
	if err != nil || seq > 0 {
		return seq, err
	}
	return r.begin(ctx)
}

// rest lets others write for as long as the last transaction took, and renews the lease.
func (r *Room) rest(ctx context.Context, took time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(took):
	}
	return r.hold(ctx)
}

// begin finds where to begin in a log that nobody was told of yet: two weeks back. Of what is open the lamps are lit.
func (r *Room) begin(ctx context.Context) (seq int64, err error) {
	district := r.Desk.District()
	last, _, err := r.Store.Head(ctx, district)
	if err != nil || last == 0 {
		return 0, err
	}
	from := r.Desk.Now() - back.Microseconds()
	low, high := int64(0), last // what stands up to low is older, what stands behind high is not
	for low < high {
		mid := low + (high-low)/2
		e, err := r.Store.Log(ctx, district, mid, 1)
		if err != nil {
			return 0, err
		}
		if len(e) == 0 || e[0].At >= from {
			high = mid
		} else {
			low = mid + 1
		}
	}
	yes := true
	q := journal.Query{Log: district, Now: r.Desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Open: &yes, Order: journal.ByOpened, Limit: 500}
	for {
		page, err := r.Store.Rows(ctx, q)
		if err != nil {
			return 0, err
		}
		var told notice.Told
		for i := range page.Rows {
			row := &page.Rows[i]
			told.Lamps = append(told.Lamps, notice.Relit{Stream: row.Stream, Lamps: lamps(row.Stream, row.Yellow, row.Due, r.Desk.Now())})
		}
		if err := r.Store.Tell(ctx, district, "", 0, told); err != nil {
			return 0, err
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return low, nil
		}
	}
}

// lamps are the lights that a matter shows after now.
func lamps(id name.ID, yellow, due, now int64) (all []notice.Lamp) {
	if yellow > now && yellow < due {
		all = append(all, notice.Lamp{Stream: id, About: notice.DueSoon, At: yellow})
	}
	if due > now {
		all = append(all, notice.Lamp{Stream: id, About: notice.Overdue, At: due})
	}
	return all
}

// light tells whoever has a matter in hand that its light has changed.
func (r *Room) light(ctx context.Context) error {
	for {
		due, err := r.Store.Lamps(ctx, r.Desk.District(), r.Desk.Now(), atOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		told := notice.Told{Gone: due}
		for _, l := range due {
			m, k, err := r.Desk.Stands(ctx, l.Stream, 0)
			if errors.Is(err, fault.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			shown := m.Yellow()
			if l.About == notice.Overdue {
				shown = m.Due()
			}
			if !m.IsOpen() || shown != l.At {
				continue // it has moved since
			}
			g := gathering{r: r, ctx: ctx, told: &told, m: &m, k: k, at: l.At, id: string(l.Stream) + "." + string(l.About) + "." + itoa(l.At)}
			g.facts = g.standing()
			g.to(l.About, r.hands(k, m.State, m.Holder))
			g.group(l.About, m.Holder.Unit)
			if g.err != nil {
				return g.err
			}
		}
		if err := r.Store.Tell(ctx, r.Desk.District(), "", 0, told); err != nil {
			return err
		}
		if err := r.hold(ctx); err != nil {
			return err
		}
	}
}

// sweep drops what was read or sent long ago, once an hour.
func (r *Room) sweep(ctx context.Context) error {
	now := r.Desk.Now()
	if now-r.swept < time.Hour.Microseconds() {
		return nil
	}
	r.swept = now
	_, err := r.Store.DropTold(ctx, r.Desk.District(), now-keep.Microseconds(), 1000)
	return err
}
