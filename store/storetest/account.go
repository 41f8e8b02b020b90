package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/kernel/account"
)

// ownedSessions has somebody with three sessions end two, renew one, and end them all.
func ownedSessions(t *testing.T, open Open) {
	s := opened(t, open)
	a, b, c, other := ledger.Hash{1}, ledger.Hash{2}, ledger.Hash{3}, ledger.Hash{4}
	for n, h := range []ledger.Hash{a, b, c} {
		must(t, s.PutSession(ctx, stream(1), h, []byte{byte('a' + n)}, 10, int64(100+n)))
	}
	must(t, s.PutSession(ctx, stream(2), other, []byte("x"), 10, 100))
	must(t, s.RenewSession(ctx, a, []byte("A"), 200))
	got, err := s.SessionsOf(ctx, stream(1), 50)
	must(t, err)
	equal(t, "sessions", got, []account.Kept{{Hash: a, Body: []byte("A"), Until: 200}, {Hash: c, Body: []byte("c"), Until: 102}, {Hash: b, Body: []byte("b"), Until: 101}})
	must(t, s.DeleteSession(ctx, b))
	if err := s.RenewSession(ctx, b, []byte("back"), 300); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a session that was ended came back: %v", err)
	}
	for _, h := range []ledger.Hash{a, c, other} {
		_, _, err := s.Session(ctx, h, 50) // remembered from now on
		must(t, err)
	}
	n, err := s.DeleteSessions(ctx, stream(1), a)
	must(t, err)
	equal(t, "ended", n, 1)
	if n, err = s.DeleteSessions(ctx, stream(1), ledger.Hash{}); err != nil || n != 1 {
		t.Errorf("the last one: %d, %v", n, err)
	}
	for _, h := range []ledger.Hash{a, c} {
		if _, _, err := s.Session(ctx, h, 50); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a session of somebody whose sessions were all ended: %v", err)
		}
	}
	if _, _, err := s.Session(ctx, other, 50); err != nil {
		t.Errorf("somebody else's session: %v", err)
	}
	if n, err := s.DeleteSessions(ctx, "", ledger.Hash{}); n != 0 || err != nil {
		t.Errorf("nobody's sessions: %d, %v", n, err)
	}
}

func credentials(t *testing.T, open Open) {
	s := opened(t, open)
	c := account.Credential{Owner: stream(1), Kind: "totp", ID: "phone", Body: []byte("seed"), Until: 9}
	must(t, s.PutCredential(ctx, log, c))
	must(t, s.PutCredential(ctx, log, account.Credential{Owner: stream(1), Kind: "login", ID: "li", Body: []byte{}}))
	if err := s.PutCredential(ctx, log, account.Credential{Owner: stream(2), Kind: "login", ID: "li"}); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a name that somebody has: %v", err)
	}
	got, err := s.CredentialBy(ctx, log, "login", "li")
	must(t, err)
	equal(t, "owner", got.Owner, stream(1))
	if _, err := s.CredentialBy(ctx, "220102", "login", "li"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("in another district: %v", err)
	}
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if err := s.UseCredential(ctx, log, c, 7); err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.ErrConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	equal(t, "how many used one code", won.Load(), int32(1))
	must(t, s.UseCredential(ctx, log, c, 8))
	all, err := s.Credentials(ctx, log, stream(1), "totp")
	must(t, err)
	c.Used = 8
	equal(t, "credentials of a kind", all, []account.Credential{c})
	all, err = s.Credentials(ctx, log, stream(1), "")
	must(t, err)
	equal(t, "of every kind", len(all), 2)
	n, err := s.DropCredentials(ctx, log, stream(1), "totp", "other")
	must(t, err)
	equal(t, "dropped", n, 0)
	n, err = s.DropCredentials(ctx, log, stream(1), "", "")
	must(t, err)
	equal(t, "dropped", n, 2)
	if err := s.PutCredential(ctx, log, account.Credential{Owner: stream(1), Kind: "x", ID: "y", Body: make([]byte, 1<<20)}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a body too large: %v", err)
	}
}
