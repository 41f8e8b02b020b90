package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// writer is the one goroutine that writes. It takes whatever waits, up to a bound, into one
// transaction, and answers when that is on the disk: one sync serves them all, and nobody
// waits for a timer. What lists read it brings up to date behind that: a portion at a time
// with the next transactions, at once for somebody who waits, and when there is nothing else to do.
type writer struct {
	c           conn
	dialect     Dialect
	queue       chan *job
	errands     chan func()   // what is done between transactions, such as Scrub
	group       int           // most jobs of one transaction
	bound       int           // rows that the tables may be behind with
	rest        time.Duration // without work until the tables are brought up to date
	fail        func(point string) error
	forget      bool // a planted fault
	memory      memory
	behind      *behind
	commands    *commands
	recent      *recent
	checkpoints *checkpointer
	pages       int64 // roughly, that were written since a checkpoint was last asked for
	given       int64 // see conn, up to the last transaction
	round       int64 // transactions so far
	company     company
	vain        bool // the last attempt to bring the tables up to date failed

	mu     sync.RWMutex // held for reading while a job is put into the queue
	closed bool
	broken atomic.Pointer[error]
	done   chan struct{}
	err    error // of closing
}

// job is one unit of writing. do may be called again if its transaction had to be undone.
type job struct {
	ctx  context.Context
	do   func(*txn) error
	err  error
	done chan struct{}
}

func newWriter(c conn, d Dialect, o Options) *writer {
	w := &writer{c: c, dialect: d, queue: make(chan *job, o.Queue), errands: make(chan func()), group: o.Group, bound: o.Behind, rest: rest, fail: o.fail, forget: o.forget,
		memory: newMemory(), behind: newBehind(), commands: newCommands(max(maxLate/defaultBehind*o.Behind, 1)), recent: newRecent(), done: make(chan struct{})}
	if o.hold {
		w.rest = 24 * time.Hour
	}
	return w
}

// rest is long enough that one who writes step by step is not held up by it, and too short for a person to notice.
const rest = 2 * time.Millisecond

// write queues do and waits until it is durable. If ctx ends while it waits in the queue it
// is not carried out; if ctx ends later, whether it was carried out is left open.
func (w *writer) write(ctx context.Context, do func(*txn) error) error {
	j := &job{ctx: ctx, do: do, done: make(chan struct{})}
	if err := w.enqueue(j); err != nil {
		return err
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		return fmt.Errorf("%w: waiting for the write: %w", fault.ErrUnavailable, context.Cause(ctx))
	}
}

var errClosed = errors.New("the store is closed")

func (w *writer) enqueue(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return fmt.Errorf("%w: %w", fault.ErrUnavailable, errClosed)
	}
	if err := w.healthy(); err != nil {
		return err
	}
	select {
	case w.queue <- j:
		return nil
	default:
		return fmt.Errorf("%w: %d writes are waiting already", fault.ErrUnavailable, cap(w.queue))
	}
}

func (w *writer) healthy() error {
	if e := w.broken.Load(); e != nil {
		return *e
	}
	return nil
}

// stop lets the queue run dry, then closes the connection.
func (w *writer) stop() error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
	return w.err
}

func (w *writer) run() {
	defer close(w.done)
	idle := time.NewTimer(w.rest)
	for {
		var rested <-chan time.Time
		if !w.behind.empty() {
			idle.Reset(w.pause())
			rested = idle.C
		}
		select {
		case first, ok := <-w.queue:
			if !ok {
				w.settle()
				w.err = errors.Join(w.checkpoints.stop(), w.c.close())
				return
			}
			w.commit(w.gather(first))
		case <-w.behind.wanted:
			w.commit(w.gather(nil))
		case errand := <-w.errands:
			errand()
		case <-rested:
			for len(w.queue) == 0 && w.bring() {
			}
		}
	}
}

// pause is how long to wait for work before the tables are brought up to date.
func (w *writer) pause() time.Duration {
	if w.vain {
		return max(w.rest, time.Second)
	}
	return w.rest
}

// bring takes a portion of what the tables are behind with to them, and reports whether there may be more.
func (w *writer) bring() bool {
	due := w.due(true)
	if due.empty() || w.healthy() != nil {
		return false
	}
	w.vain = w.transact(w.single(nil), due) != nil
	return !w.vain
}

// arrears are what one transaction takes to the tables.
type arrears struct {
	rows []*change
	lot  []placed
}

func (p *arrears) empty() bool { return len(p.rows)+len(p.lot) == 0 }

// due returns what the next transaction takes to the tables: what must be, or a portion of everything.
func (w *writer) due(everything bool) *arrears {
	return &arrears{w.behind.due(w.bound, everything), w.commands.due()}
}

func (w *writer) settle() {
	for w.bring() {
	}
	w.behind.giveUp()
}

// commit carries out a group in one transaction, with what is due for the tables, and answers
// each job. A job that is refused has written nothing, so it does not touch the others. One that
// fails half way undoes the transaction, and the group is carried out one by one.
func (w *writer) commit(g *group) {
	w.shorten()
	due := w.due(false)
	if due.empty() && !g.begins() {
		return
	}
	err := w.transact(g, due)
	w.company.left(g)
	if err != nil && len(g.jobs) > 1 && damageOf(err) == harmless && w.healthy() == nil {
		for _, j := range g.jobs {
			if one := w.single(j); one.begins() {
				w.answer(one.jobs, w.transact(one, &arrears{}))
			}
		}
		return
	}
	w.answer(g.jobs, err)
}

// answer tells each job its own refusal, or else err, the fate of the transaction.
func (w *writer) answer(jobs []*job, err error) {
	for _, j := range jobs {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}

// transact runs the jobs of a group in one transaction, behind what is due for the tables. It returns nil if
// what they wrote is on the disk, and otherwise nothing of it counts. A failure of the file stops the writer for good.
func (w *writer) transact(g *group, due *arrears) error {
	err := w.try(g, due)
	if err == nil {
		return nil
	}
	w.memory = newMemory()
	w.behind.giveUp()
	damage := damageOf(err)
	if _, e := w.c.exec("ROLLBACK"); e != nil && damageOf(e) == fatal {
		damage = fatal
	}
	switch damage {
	case fatal:
		err = w.stopFor(err)
	case full:
		err = fmt.Errorf("%w: the disk is full: %w", fault.ErrUnavailable, err)
	}
	return err
}

// grown counts roughly by how many pages a transaction has made the log file longer: those of what it was
// given, and of the indexes and ends of tables that it touched.
func (w *writer) grown(jobs, rows int) {
	given := w.c.given()
	if w.pages += int64(8+jobs+2*rows) + (given-w.given)/pageSize; w.pages >= w.checkpoints.size {
		w.pages = 0
		w.checkpoints.due()
	}
	w.given = given
}

// shorten carries the rest of a long log file over, so that it is written over from its beginning.
func (w *writer) shorten() {
	if w.checkpoints.long.Load() && w.healthy() == nil {
		w.checkpoints.long.Store(false)
		if _, err := w.checkpoints.carryOver(w.c); damageOf(err) == fatal {
			w.stopFor(err)
		}
	}
}

func (w *writer) try(g *group, due *arrears) error {
	if _, err := w.c.exec(w.dialect.Begin); err != nil {
		return err
	}
	w.round++
	t := &txn{c: w.c, memory: w.memory, behind: w.behind, commands: w.commands, taken: map[name.ID]*journal.Row{}, entry: map[name.District][]byte{}}
	if err := t.take(due); err != nil {
		return err
	}
	for j := g.next(); j != nil; j = g.next() {
		t.dirty = false
		j.err = j.do(t)
		if j.err != nil && t.dirty {
			return j.err
		}
	}
	if w.forget {
		clear(t.entry)
	}
	if err := t.finish(w.round); err != nil {
		return err
	}
	if err := w.fail("commit"); err != nil {
		return err
	}
	begin := time.Now()
	if _, err := w.c.exec("COMMIT"); err != nil {
		return err
	}
	w.company.took(time.Since(begin))
	w.grown(len(g.jobs), len(due.rows)+len(due.lot)/256)
	w.recent.committed(t.stored, t.ended, t.before)
	w.behind.advance(len(due.rows), t.fresh, t.marks)
	w.commands.advance(due.lot != nil, t.placed)
	return nil
}
