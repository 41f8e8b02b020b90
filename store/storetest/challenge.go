package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// challenges has challenges taken, tried too often, and ended by time.
func challenges(t *testing.T, open Open) {
	s := opened(t, open)
	c := account.Challenge{Kind: "flow", ID: "a", Owner: stream(1), Body: []byte("state"), Until: 100}
	must(t, s.PutChallenge(ctx, log, c, 10))
	if _, err := s.TakeChallenge(ctx, log, "code", "a", 20); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("of another kind: %v", err)
	}
	var won atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got, err := s.TakeChallenge(ctx, log, "flow", "a", 20)
			if err == nil {
				won.Add(1)
				equal(t, "challenge", got, c)
			} else if !errors.Is(err, fault.ErrNotFound) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	equal(t, "takers", won.Load(), int64(1))
	c.Kind = "code"
	must(t, s.PutChallenge(ctx, log, c, 10))
	for n := range int64(3) {
		got, err := s.TryChallenge(ctx, log, "code", "a", 3, 20)
		must(t, err)
		equal(t, "tries", got.Tries, n+1)
	}
	for range 2 {
		if _, err := s.TryChallenge(ctx, log, "code", "a", 3, 20); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("tried too often: %v", err)
		}
	}
	must(t, s.PutChallenge(ctx, log, c, 10))
	if _, err := s.TakeChallenge(ctx, log, "code", "a", 100); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("after its end: %v", err)
	}
	must(t, s.PutChallenge(ctx, log, account.Challenge{Kind: "code", ID: "a", Body: []byte{}, Until: 300}, 200)) // the old one is forgotten
	if err := s.PutChallenge(ctx, log, account.Challenge{Kind: "code", ID: "b", Body: []byte{}, Until: 200}, 200); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("one that has ended already: %v", err)
	}
}
