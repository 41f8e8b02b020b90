package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// writer is the one goroutine that writes. It takes whatever waits, up to a bound, into one
// transaction, and answers when that is on the disk: one sync serves them all, and nobody
// waits for a timer.
type writer struct {
	c       conn
	dialect Dialect
	queue   chan *job
	group   int
	fail    func(point string) error

	// tails are the ends of streams written lately, so that a step need not read what the last
	// one wrote. They hold because nobody else writes; they are forgotten when a transaction fails.
	tails map[name.ID]*tail

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

func startWriter(c conn, d Dialect, o Options) *writer {
	w := &writer{c: c, dialect: d, queue: make(chan *job, o.Queue), group: o.Group, fail: o.fail,
		tails: map[name.ID]*tail{}, done: make(chan struct{})}
	go w.run()
	return w
}

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
	group := make([]*job, 0, w.group)
	for first := range w.queue {
		group = append(group[:0], first)
		group = w.drain(group)
		w.commit(group)
	}
	w.err = w.c.close()
}

// drain adds what waits, without waiting for more.
func (w *writer) drain(group []*job) []*job {
	for len(group) < w.group {
		select {
		case j, ok := <-w.queue:
			if !ok {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit carries out a group in one transaction and answers each job. A job that is refused
// has written nothing, so it does not touch the others. One that fails half way undoes the
// transaction, and the group is carried out one by one.
func (w *writer) commit(group []*job) {
	group = w.living(group)
	if len(group) == 0 {
		return
	}
	err := w.transact(group)
	if err != nil && len(group) > 1 && damageOf(err) == harmless && w.healthy() == nil {
		for i := range group {
			one := w.living(group[i : i+1])
			if len(one) > 0 {
				w.answer(one, w.transact(one))
			}
		}
		return
	}
	w.answer(group, err)
}

// living answers those whose asker has given up or that come after the end.
func (w *writer) living(group []*job) []*job {
	alive := group[:0]
	for _, j := range group {
		j.err = w.healthy()
		if j.err == nil && j.ctx.Err() != nil {
			j.err = fmt.Errorf("%w: gave up in the queue: %w", fault.ErrUnavailable, context.Cause(j.ctx))
		}
		if j.err != nil {
			close(j.done)
			continue
		}
		alive = append(alive, j)
	}
	return alive
}

// answer tells each job its own refusal, or else err, the fate of the transaction.
func (w *writer) answer(group []*job, err error) {
	for _, j := range group {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}

// transact runs the jobs in one transaction. It returns nil if what they wrote is on the
// disk, and otherwise nothing of it counts. A failure of the file stops the writer for good.
func (w *writer) transact(group []*job) error {
	err := w.try(group)
	if err == nil {
		return nil
	}
	clear(w.tails)
	damage := damageOf(err)
	if _, e := w.c.exec("ROLLBACK"); e != nil && damageOf(e) == fatal {
		damage = fatal
	}
	switch damage {
	case fatal:
		err = fmt.Errorf("%w: writing has stopped after: %w", fault.ErrUnavailable, err)
		w.broken.CompareAndSwap(nil, &err)
	case full:
		err = fmt.Errorf("%w: the disk is full: %w", fault.ErrUnavailable, err)
	}
	return err
}

func (w *writer) try(group []*job) error {
	if _, err := w.c.exec(w.dialect.Begin); err != nil {
		return err
	}
	t := newTxn(w.c, w.tails)
	for _, j := range group {
		j.err = j.do(t)
		if j.err != nil && t.dirty {
			return j.err
		}
	}
	if err := t.finish(); err != nil {
		return err
	}
	if err := w.fail("commit"); err != nil {
		return err
	}
	_, err := w.c.exec("COMMIT")
	return err
}
