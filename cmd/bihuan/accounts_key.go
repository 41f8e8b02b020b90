package main

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk/accounts"
	"bihuan/desk/keys"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/witness"
)

// accountsKey is where the key of accounts lies: beside the database.
func (c config) accountsKey() string { return c.Database + ".accounts.key" }

// accountsKeys is what the file of the key of accounts holds: a key as 64 hexadecimal digits in a line; once it was changed, a first line, then a
// line each with generation and key, the one of now first, and the reason of a change that is under way.
type accountsKeys struct {
	keys     []accounts.Key
	changing string // why; empty where no change is under way
}

const accountsHead = "bihuan-accounts 1"

// changingWord begins the line with the reason.
const changingWord = "changing "

// mostGenerations bounds the keys of the file: each one costs a look-up for who signs in by something that nobody has.
const mostGenerations = 16

// readAccountsKeys reads the file, and never quotes it. It wraps [fs.ErrNotExist].
func readAccountsKeys(path string) (k accountsKeys, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return k, err
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if lines[0] != accountsHead {
		secret, err := hexKey(lines[0])
		if err != nil || len(lines) != 1 {
			return k, fmt.Errorf("%s is no key of accounts: %d hexadecimal digits are expected", path, 2*blindKeyBytes)
		}
		k.keys = []accounts.Key{{Secret: secret}}
		return k, nil
	}
	for i, line := range lines[1:] {
		if why, ok := strings.CutPrefix(line, changingWord); ok && i == len(lines)-2 {
			k.changing = why
			continue
		}
		generation, digits, _ := strings.Cut(line, " ")
		n, err := strconv.ParseUint(generation, 10, 32)
		secret, bad := hexKey(digits)
		if err != nil || bad != nil {
			return k, fmt.Errorf("%s, line %d: a generation and %d hexadecimal digits are expected", path, i+2, 2*blindKeyBytes)
		}
		k.keys = append(k.keys, accounts.Key{Generation: uint32(n), Secret: secret})
	}
	if len(k.keys) == 0 {
		return k, fmt.Errorf("%s holds no key of accounts", path)
	}
	return k, nil
}

func hexKey(digits string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(digits))
	if err != nil || len(key) != blindKeyBytes {
		return nil, errors.New("no key")
	}
	return key, nil
}

// write puts the keys in the place of the file, durably.
func (k *accountsKeys) write(path string) error {
	var b strings.Builder
	b.WriteString(accountsHead + "\n")
	for _, x := range k.keys {
		fmt.Fprintf(&b, "%d %x\n", x.Generation, x.Secret)
	}
	if k.changing != "" {
		b.WriteString(changingWord + k.changing + "\n")
	}
	return witness.Replace(path, b.String())
}

// openAccountsKeys reads the file, and makes it for a database that has no accounts yet: with another key no password would be right.
func (h *house) openAccountsKeys(ctx context.Context) (accountsKeys, error) {
	path := h.config.accountsKey()
	k, err := readAccountsKeys(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := h.needsNoAccountsKey(ctx); err != nil {
		return k, err
	}
	secret, err := newBlindKey(path, systemChance)
	k.keys = []accounts.Key{{Secret: secret}}
	return k, err
}

// needsNoAccountsKey returns why a database without its key of accounts is not opened, nil while it has no accounts.
func (h *house) needsNoAccountsKey(ctx context.Context) error {
	page, err := h.store.Rows(ctx, journal.Query{Log: h.desk.District(), Now: h.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{accounts.Kind}, Limit: 1})
	if err == nil && len(page.Rows) > 0 {
		err = fmt.Errorf("the key of accounts %s is missing: bring it back from where it was kept; without it nobody can sign in", h.config.accountsKey())
	}
	return err
}

// fitAccounts refuses keys that are another database's, or older than this one, and ends a change that was interrupted.
func (h *house) fitAccounts(ctx context.Context, k accountsKeys) error {
	if err := h.people.Fits(ctx); err != nil {
		return fmt.Errorf("%s does not open what this database keeps of accounts: put back the file that was kept with it, the one from the same time for a database from a copy: %w", h.config.accountsKey(), err)
	}
	if k.changing == "" {
		return nil
	}
	h.log.Info("a change of the key of accounts is ended", "generation", k.keys[0].Generation)
	_, err := h.carryOutAccounts(ctx, k)
	return err
}

// changeAccountsKey puts everything that is made for accounts from now on under a new key. A change that is under way is ended instead.
func (h *house) changeAccountsKey(ctx context.Context, reason string) (string, error) {
	k, err := readAccountsKeys(h.config.accountsKey())
	if err != nil {
		return "", err
	}
	if k.changing == "" {
		if len(k.keys) >= mostGenerations {
			return "", fmt.Errorf("%d keys of accounts are held, since accounts hang on each (bihuan key standing): %w", len(k.keys), fault.ErrUnavailable)
		}
		next := accounts.Key{Secret: make([]byte, blindKeyBytes)}
		systemChance(next.Secret)
		for _, x := range k.keys {
			next.Generation = max(next.Generation, x.Generation+1)
		}
		k = accountsKeys{keys: slices.Insert(k.keys, 0, next), changing: strings.Join(strings.Fields(reason), " ")}
	}
	return h.carryOutAccounts(ctx, k)
}

// carryOutAccounts takes the steps of a change. The file holds the new key before anything is under it, and the old ones as long as an account hangs
// on them; each step may be done again.
func (h *house) carryOutAccounts(ctx context.Context, k accountsKeys) (string, error) {
	path, sealed := h.config.accountsKey(), 0
	from, to := fingerprintOf(k.keys[1].Secret), fingerprintOf(k.keys[0].Secret)
	var standing map[uint32]int
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"keep the new key", func() error { return k.write(path) }},
		{"take it into use", func() error { return h.people.Take(k.keys) }},
		{"record", func() error {
			return h.keys.Changed(ctx, name.System, keys.Change{What: "accounts", From: from, To: to}, k.changing)
		}},
		{"seal anew", func() (err error) { sealed, err = h.people.Reseal(ctx); return err }},
		{"forget the change", func() (err error) {
			if standing, err = h.people.Hanging(ctx); err != nil {
				return err
			}
			k.changing = ""
			k.keys = slices.DeleteFunc(k.keys, func(x accounts.Key) bool { return x.Generation != k.keys[0].Generation && standing[x.Generation] == 0 })
			return errors.Join(k.write(path), h.people.Take(k.keys))
		}},
	} {
		if err := h.before(step.name); err != nil {
			return "", err
		}
		if err := step.do(); err != nil {
			return "", fmt.Errorf("%s: %w", step.name, err)
		}
	}
	line := fmt.Sprintf("accounts are under %s (generation %d) instead of %s; %d sealed values were sealed anew. Copy %s anew, and keep the copy from before for copies of the database from before", to, k.keys[0].Generation, from, sealed, path)
	return strings.Join(append([]string{line}, hangingLines(k.keys, standing)...), "\n"), nil
}

// standing tells how many accounts hang on each key of accounts.
func (h *house) standing(ctx context.Context) ([]string, error) {
	k, err := readAccountsKeys(h.config.accountsKey())
	if err != nil {
		return nil, err
	}
	counts, err := h.people.Hanging(ctx)
	return hangingLines(k.keys, counts), err
}

func hangingLines(all []accounts.Key, counts map[uint32]int) (lines []string) {
	for i, x := range all {
		what := "in use"
		if i > 0 {
			what = "kept as long as an account hangs on it"
		}
		lines = append(lines, fmt.Sprintf("accounts generation %d %s: %d accounts, %s", x.Generation, fingerprintOf(x.Secret), counts[x.Generation], what))
	}
	return lines
}

// fingerprintOf names a secret key without telling it: eight bytes of HMAC-SM3 under it, in hexadecimal.
func fingerprintOf(secret []byte) string {
	m := hmac.New(func() hash.Hash { return ledger.SM3.New() }, secret)
	m.Write([]byte("bihuan/fingerprint/1"))
	return hex.EncodeToString(m.Sum(nil)[:8])
}
