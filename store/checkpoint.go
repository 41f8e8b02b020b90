package store

import (
	"fmt"
	"sync"
	"sync/atomic"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
)

// checkpointer carries what stands in the log file of the database over into it, beside the
// writer, which would otherwise stand still for tens of milliseconds each time. It never
// catches up with a writer that goes on; so when the log file has become long, or is written faster than
// it can be carried over, the writer is asked to carry the rest over itself, after which the file is
// written over from its beginning.
type checkpointer struct {
	c    *sqliteConn
	wake chan struct{}
	mu   sync.Mutex  // held while carrying over
	long atomic.Bool // the writer is asked to carry over the rest
	done chan struct{}
	size int64 // in pages, see checkpointPages
}

// checkpointPages is how much of the log file is carried over at a time. Three times that is long.
const checkpointPages = 4000

func startCheckpointer(path string, w *writer, o Options) (*checkpointer, error) {
	c, err := openSQLite(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	sync, _ := o.syncing()
	if err := settings(c, []string{sync, fmt.Sprintf("PRAGMA busy_timeout = %d", busyMS)}); err != nil {
		c.close()
		return nil, err
	}
	k := &checkpointer{c: c, wake: make(chan struct{}, 1), done: make(chan struct{}), size: o.pages}
	go k.run(w)
	return k, nil
}

func (k *checkpointer) run(w *writer) {
	defer close(k.done)
	for range k.wake {
		if w.healthy() != nil {
			continue
		}
		pages, err := k.carryOver(k.c)
		switch {
		case damageOf(err) == fatal:
			w.stopFor(err)
		case pages >= 3*k.size:
			k.long.Store(true)
		}
	}
}

// carryOver carries the log file over as far as no reader needs it, and returns how many pages it has.
func (k *checkpointer) carryOver(c conn) (pages int64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, err = one(c, "PRAGMA wal_checkpoint(PASSIVE)", nil, func(r cells) { pages = r.int(1) })
	return pages, err
}

// due asks for a checkpoint.
func (k *checkpointer) due() {
	select {
	case k.wake <- struct{}{}:
	default: // the one before has not been begun yet
		k.long.Store(true)
	}
}

func (k *checkpointer) stop() error {
	close(k.wake)
	<-k.done
	return k.c.close()
}

// stopFor stops the writer for good after a failure of the file.
func (w *writer) stopFor(err error) error {
	err = fmt.Errorf("%w: writing has stopped after: %w", fault.ErrUnavailable, err)
	w.broken.CompareAndSwap(nil, &err)
	return err
}
