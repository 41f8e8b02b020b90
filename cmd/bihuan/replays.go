package main

import (
	"context"
	"errors"
	"sync"
)

// replays has one replay of the log go on at a time, whoever asks for it by whichever face: it reads the whole log, takes memory for every row, and anybody
// may ask. Who asks while one goes on waits for the next one, all together; the one that goes on has read past what they may mean. The zero value is ready.
type replays struct {
	mu   sync.Mutex
	turn chan struct{} // holds one token while a replay goes on
	next *replayed     // the one that has not begun, nil if nobody waits for one
}

// replayed is one replay and what it found, once done is closed.
type replayed struct {
	done chan struct{}
	f    finding
	err  error
}

// ask returns what a replay found that began after it was asked for.
func (r *replays) ask(ctx context.Context, run func(context.Context) (finding, error)) (finding, error) {
	for {
		one, first := r.coming()
		if first {
			r.begin(ctx, one, run)
			return one.f, one.err
		}
		select {
		case <-one.done:
		case <-ctx.Done():
			return finding{}, ctx.Err()
		}
		if !errors.Is(one.err, context.Canceled) && !errors.Is(one.err, context.DeadlineExceeded) {
			return one.f, one.err
		} // whoever was to run it has gone: somebody else of those who wait does
	}
}

// coming is the replay that has not begun, and whether the caller is to run it.
func (r *replays) coming() (one *replayed, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turn == nil {
		r.turn = make(chan struct{}, 1)
	}
	if first = r.next == nil; first {
		r.next = &replayed{done: make(chan struct{})}
	}
	return r.next, first
}

// begin waits until the replay before has ended, and runs one.
func (r *replays) begin(ctx context.Context, one *replayed, run func(context.Context) (finding, error)) {
	defer close(one.done)
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		one.err = ctx.Err()
	}
	r.mu.Lock()
	r.next = nil
	r.mu.Unlock()
	if one.err == nil {
		one.f, one.err = run(ctx)
	}
}
