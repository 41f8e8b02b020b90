package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bihuan/ground/fault"
)

// Connections for reading, ours: more than the processors can serve only wait on each other.
const (
	leastReaders   = 4
	readersEach    = 2 // for each processor
	readerPatience = 30 * time.Second
)

// readers are the connections for reading. The one that was given back last is lent first: its statements are prepared and its
// pages at hand, so that one request after another is served warm however many connections there are.
type readers struct {
	free     chan struct{} // as many as lie in idle
	patience time.Duration

	mu   sync.Mutex
	idle []*sqliteConn
}

func newReaders(n int) *readers {
	return &readers{free: make(chan struct{}, n), patience: readerPatience}
}

// put gives a connection back, or adds one.
func (r *readers) put(c *sqliteConn) {
	r.mu.Lock()
	r.idle = append(r.idle, c)
	r.mu.Unlock()
	r.free <- struct{}{}
}

// take lends a connection, waiting for one. It returns nil once the readers are shut, the context's error if that ends before, and
// [fault.ErrUnavailable] after readerPatience.
func (r *readers) take(ctx context.Context) (*sqliteConn, error) {
	select {
	case _, open := <-r.free:
		return r.lent(open), nil
	default:
	}
	late := time.NewTimer(r.patience)
	defer late.Stop()
	select {
	case _, open := <-r.free:
		return r.lent(open), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-late.C:
		return nil, fmt.Errorf("all %d connections for reading have been busy for %v: %w", cap(r.free), r.patience, fault.ErrUnavailable)
	}
}

func (r *readers) lent(open bool) *sqliteConn {
	if !open {
		return nil
	}
	return r.last()
}

func (r *readers) last() *sqliteConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.idle) - 1
	c := r.idle[n]
	r.idle = r.idle[:n]
	return c
}

// shut closes n connections as they come back; whoever waits for one is told afterwards.
func (r *readers) shut(n int) (errs []error) {
	for range n {
		<-r.free
		errs = append(errs, r.last().close())
	}
	close(r.free)
	return errs
}
