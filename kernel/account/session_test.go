package account_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/account"
)

// memory keeps sessions, and like a store knows only hashes.
type memory map[ledger.Hash]kept

type kept struct {
	owner name.ID
	body  []byte
	until int64
}

func (m memory) PutSession(_ context.Context, owner name.ID, h ledger.Hash, body []byte, _, until int64) error {
	m[h] = kept{owner, body, until}
	return nil
}

func (m memory) Session(_ context.Context, h ledger.Hash, _ int64) ([]byte, int64, error) {
	k, ok := m[h]
	if !ok {
		return nil, 0, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	return k.body, k.until, nil
}

func (m memory) RenewSession(_ context.Context, h ledger.Hash, body []byte, until int64) error {
	k, ok := m[h]
	if !ok {
		return fault.ErrNotFound
	}
	m[h] = kept{k.owner, body, until}
	return nil
}

func (m memory) SessionsOf(_ context.Context, owner name.ID, now int64) (all []Kept, err error) {
	for h, k := range m {
		if k.owner == owner && k.until > now {
			all = append(all, Kept{h, k.body, k.until})
		}
	}
	slices.SortFunc(all, func(a, b Kept) int { return cmp.Compare(b.Until, a.Until) })
	return all, nil
}

func (m memory) DeleteSession(_ context.Context, h ledger.Hash) error {
	delete(m, h)
	return nil
}

func (m memory) DeleteSessions(_ context.Context, owner name.ID, except ledger.Hash) (n int, err error) {
	for h, k := range m {
		if k.owner == owner && h != except {
			delete(m, h)
			n++
		}
	}
	return n, nil
}

// chance fills with one more each time.
func chance() func([]byte) {
	n := byte(0)
	return func(b []byte) {
		n++
		for i := range b {
			b[i] = n
		}
	}
}

func TestSession(t *testing.T) {
	ctx, m, dice := context.Background(), memory{}, chance()
	lin := Session{Account: "220105-lin", Person: "lin", Idle: 150, Ends: 1000, Strength: 2, Device: "Firefox"}
	secret, first, err := Open(ctx, m, dice, lin, 100)
	if err != nil || len(secret) != 64 {
		t.Fatalf("%q %v", secret, err)
	}
	other, second, err := Open(ctx, m, dice, Session{Account: "220105-lin", Person: "lin", Idle: 150, Ends: 220}, 100)
	if err != nil || other == secret || second.ID == first.ID || strings.Contains(secret, first.ID) {
		t.Fatalf("two sessions: %q and %q, %v", first.ID, second.ID, err)
	}
	s, err := Read(ctx, m, secret, 150)
	want := lin
	want.ID, want.Opened, want.Seen, want.Until = first.ID, 100, 100, 250
	if err != nil || s != want {
		t.Errorf("got %+v, %v; want %+v", s, err, want)
	}
	for _, c := range []struct {
		name   string
		secret string
		now    int64
	}{
		{"a secret that was never given", strings.Repeat("9", 64), 150},
		{"half a secret", secret[:32], 150},
		{"no secret", "", 150},
		{"a session that nobody used for its idle span", secret, 250},
		{"a session at its end, however much it is used", other, 220},
	} {
		if s, err := Read(ctx, m, c.secret, c.now); !errors.Is(err, fault.ErrNotFound) || s != (Session{}) {
			t.Errorf("%s: %+v, %v", c.name, s, err)
		}
	}
	for _, k := range m {
		if strings.Contains(string(k.body), secret[:8]) {
			t.Error("the store knows the secret")
		}
	}
	if err := Touch(ctx, m, secret, &s, 105); err != nil || s.Seen != 100 {
		t.Errorf("used again at once: seen %d, %v", s.Seen, err)
	}
	if err := Touch(ctx, m, secret, &s, 240); err != nil {
		t.Error(err)
	}
	if s, err = Read(ctx, m, secret, 260); err != nil || s.Until != 390 || s.Seen != 240 {
		t.Errorf("a session that is used lives on: %+v, %v", s, err)
	}
	if all, err := List(ctx, m, "220105-lin", 150); err != nil || len(all) != 2 || all[0].ID != first.ID {
		t.Errorf("list: %+v, %v", all, err)
	}
	if err := CloseOne(ctx, m, "220105-sun", second.ID, 150); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("somebody else's session: %v", err)
	}
	if n, err := CloseAll(ctx, m, "220105-lin", secret); err != nil || n != 1 {
		t.Errorf("everywhere else: %d, %v", n, err)
	}
	if err := Close(ctx, m, secret); err != nil || len(m) != 0 {
		t.Errorf("closing: %v, %d left", err, len(m))
	}
	if err := Touch(ctx, m, secret, &s, 300); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a session that was ended lives on: %v", err)
	}
	if err := Close(ctx, m, secret); err != nil {
		t.Errorf("closing it again: %v", err)
	}
}
