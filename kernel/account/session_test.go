package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	. "bihuan/kernel/account"
)

// memory keeps sessions, and like a store knows only hashes.
type memory map[ledger.Hash]kept

type kept struct {
	body  []byte
	until int64
}

func (m memory) PutSession(_ context.Context, h ledger.Hash, body []byte, _, until int64) error {
	m[h] = kept{body, until}
	return nil
}

func (m memory) Session(_ context.Context, h ledger.Hash, _ int64) ([]byte, int64, error) {
	k, ok := m[h]
	if !ok {
		return nil, 0, fmt.Errorf("session: %w", fault.ErrNotFound)
	}
	return k.body, k.until, nil
}

func (m memory) DeleteSession(_ context.Context, h ledger.Hash) error {
	delete(m, h)
	return nil
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
	secret, err := Open(ctx, m, dice, "lin", 100, 200)
	if err != nil || len(secret) != 64 {
		t.Fatalf("%q %v", secret, err)
	}
	other, err := Open(ctx, m, dice, "sun", 100, 300)
	if err != nil || other == secret {
		t.Fatalf("two sessions have the secret %q, %v", other, err)
	}
	s, err := Read(ctx, m, secret, 150)
	if want := (Session{Person: "lin", Opened: 100, Until: 200}); err != nil || s != want {
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
		{"a session that has ended", secret, 200},
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
	if err := Close(ctx, m, secret); err != nil || len(m) != 1 {
		t.Errorf("closing: %v, %d left", err, len(m))
	}
	if _, err := Read(ctx, m, secret, 150); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("after closing: %v", err)
	}
	if err := Close(ctx, m, secret); err != nil {
		t.Errorf("closing it again: %v", err)
	}
}
