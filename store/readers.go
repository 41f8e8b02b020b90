package store

import (
	"context"
	"sync"
)

// readers are the connections for reading. The one that was given back last is lent first: its statements are prepared and its
// pages at hand, so that one request after another is served warm however many connections there are.
type readers struct {
	free chan struct{} // as many as lie in idle

	mu   sync.Mutex
	idle []*sqliteConn
}

func newReaders(n int) *readers { return &readers{free: make(chan struct{}, n)} }

// put gives a connection back, or adds one.
func (r *readers) put(c *sqliteConn) {
	r.mu.Lock()
	r.idle = append(r.idle, c)
	r.mu.Unlock()
	r.free <- struct{}{}
}

// take lends a connection, waiting for one. It returns nil once the readers are shut, and the context's error if that ends before.
func (r *readers) take(ctx context.Context) (*sqliteConn, error) {
	select {
	case _, open := <-r.free:
		if !open {
			return nil, nil
		}
		return r.last(), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
