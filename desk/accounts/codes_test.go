package accounts

import (
	"slices"
	"testing"

	"bihuan/kernel/account"
)

// TestCodesThatArePrintedAreLong: what somebody has on paper is kept as a keyed hash, not hashed slowly, and so has 112 bits or more
// (ASVS 5.0 6.5.2); each bit of chance reaches the code.
func TestCodesThatArePrintedAreLong(t *testing.T) {
	r := &Room{Config: Config{Chance: func(b []byte) {}}}
	r.ring.Store(&ring{keys: []Key{{Secret: []byte("a key of accounts for tests only")}}})
	codes, kept := r.newRecovery("a")
	if len(codes) != recoveryCodes || len(kept) != recoveryCodes {
		t.Fatalf("%d codes, %d kept", len(codes), len(kept))
	}
	chance := 0
	r.Chance = func(b []byte) { chance = len(b) * 8 }
	for kind, make := range map[string]func() string{
		"recovery": func() string { codes, _ := r.newRecovery("a"); return codes[0] },
		"invite":   func() string { return r.newCode(codeBytes) },
	} {
		code := make()
		if chance < 112 || len(plainCode(code))*5 < chance {
			t.Errorf("a code of %s is %s: %d bits of chance", kind, code, chance)
		}
	}
	seen := map[string]bool{}
	for i := range recoveryBytes * 8 {
		r.Chance = func(b []byte) { b[i/8] |= 1 << (i % 8) }
		seen[r.newCode(recoveryBytes)] = true
	}
	if len(seen) != recoveryBytes*8 {
		t.Errorf("%d codes of %d that differ in one bit", len(seen), recoveryBytes*8)
	}
}

// TestAccountsOfOneGoStandByLogin: those that were made at one moment have ids without an order, and p99 stands before p100.
func TestAccountsOfOneGoStandByLogin(t *testing.T) {
	all := []account.Account{{Login: "p101"}, {Login: "p99"}, {Login: "p103"}, {}, {Login: "p102"}}
	sortByLogin(all)
	var got []string
	for _, a := range all {
		got = append(got, a.Login)
	}
	if want := []string{"", "p99", "p101", "p102", "p103"}; !slices.Equal(got, want) {
		t.Errorf("accounts stand as %q, want %q", got, want)
	}
}
