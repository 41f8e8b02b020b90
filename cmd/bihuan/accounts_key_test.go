//go:build long

package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/ground/otp"
)

// enrolled is somebody whose account was made under the first key of accounts, and what they hold of it.
type enrolled struct {
	seed     otp.Seed
	recovery []string
	number   string
	waiting  string // a code of another invitation, not taken up yet
}

func enrol(t *testing.T, h *house) (e enrolled) {
	t.Helper()
	ctx := t.Context()
	officers, err := h.people.First(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.people.Pending(ctx, officers[0].Code, "192.0.2.1:1")
	if err != nil {
		t.Fatal(err)
	}
	e.seed, e.number, e.waiting = p.Seed, idNumber("22010519900307002"), officers[1].Code
	a, err := h.people.Activate(ctx, activation(h, &p, officers[0].Code, "first", e.number))
	if err != nil {
		t.Fatal(err)
	}
	e.recovery = a.Recovery
	return e
}

func activation(h *house, p *accounts.Pending, code, login, number string) accounts.Activation {
	return accounts.Activation{Invite: code, Login: login, IDNumber: number, Password: "Vq8-tundra-Km2", Code: otp.Code(otp.SHA1, p.Seed, otp.StepAt(h.desk.Now())), Address: "192.0.2.1:1"}
}

// enters tries everything that the person holds: password with the authenticator and with a recovery code; and that the same natural person is
// known again, and an invitation from before the change is taken up.
func (e *enrolled) enters(t *testing.T, h *house, recovery string) {
	t.Helper()
	ctx := t.Context()
	for what, code := range map[string]string{"authenticator": otp.Code(otp.SHA1, e.seed, otp.StepAt(h.desk.Now())+1), "recovery code": recovery} {
		if _, err := h.people.Check(ctx, accounts.Typed{Login: "first", Password: "Vq8-tundra-Km2", Code: code, Address: "192.0.2.1:1"}); err != nil {
			t.Errorf("signing in by %s: %v", what, err)
		}
	}
	p, err := h.people.Pending(ctx, e.waiting, "192.0.2.1:1")
	if err != nil {
		t.Errorf("an invitation from before: %v", err)
		return
	}
	if _, err := h.people.Activate(ctx, activation(h, &p, e.waiting, "second", e.number)); err == nil {
		t.Error("the same natural person is not known again")
	}
}

// TestBar_V09_TheKeyOfAccountsIsChangedWhateverIsCutOff changes the key that guards passwords, codes, seeds and identities, cuts the power before
// each step, starts anew from what is on the disk then, and lets somebody in by everything that they got under the old key.
func TestBar_V09_TheKeyOfAccountsIsChangedWhateverIsCutOff(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	ctx := t.Context()
	e := enrol(t, h)
	disks := map[string]string{}
	h.step = func(step string) error {
		disks[step] = copyDir(t, dir)
		return nil
	}
	was, err := os.ReadFile(h.config.accountsKey())
	if err != nil {
		t.Fatal(err)
	}
	line, err := h.changeKey(ctx, "accounts", "每年更换")
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSpace(string(was))
	if strings.Contains(line, secret[:16]) {
		t.Error("the line tells a key")
	}
	e.enters(t, h, e.recovery[0])
	if len(disks) != 5 {
		t.Errorf("%d steps were cut off, want 5", len(disks))
	}
	for step, disk := range disks {
		t.Run("cut off before: "+step, func(t *testing.T) {
			h := opened(t, disk)
			h.Close()
			h = opened(t, disk) // the start after the one that ended it finds nothing to do
			k, err := readAccountsKeys(h.config.accountsKey())
			if err != nil {
				t.Fatal(err)
			}
			changes, err := h.keys.Changes(ctx)
			if began := step != "keep the new key"; (len(k.keys) == 2) != began || k.changing != "" || err != nil || (len(changes) == 1) != began {
				t.Errorf("%d keys, changing %q, on record %v, %v", len(k.keys), k.changing, changes, err)
			}
			if info, err := os.Stat(h.config.accountsKey()); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("others read the key: %v, %v", info.Mode(), err)
			}
			e.enters(t, h, e.recovery[1])
		})
	}
	t.Run("a second change, after everybody has signed in", func(t *testing.T) {
		h.step = nil
		if _, err := h.changeKey(ctx, "accounts", "再次更换"); err != nil {
			t.Fatal(err)
		}
		e.enters2(t, h)
		counts, err := h.people.Hanging(ctx)
		if err != nil || counts[2] != 3 || counts[0] == 0 { // one has signed in, and the invitations of the two others were sealed anew
			t.Errorf("hanging %v, %v", counts, err)
		}
		lines, err := h.standing(ctx)
		if err != nil || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "accounts generation 0 ") }) {
			t.Errorf("%q, %v", lines, err)
		}
	})
	t.Run("a change that fails is ended by the same command", func(t *testing.T) {
		for _, fail := range []string{"take it into use", "record", "seal anew", "forget the change"} {
			h.step = func(step string) error {
				if step == fail {
					return errCut
				}
				return nil
			}
			if _, err := h.changeKey(ctx, "accounts", "试验"); !errors.Is(err, errCut) {
				t.Fatalf("%s: %v", fail, err)
			}
			before, _ := readAccountsKeys(h.config.accountsKey())
			h.step = nil
			if _, err := h.changeKey(ctx, "accounts", "试验"); err != nil {
				t.Fatalf("%s: %v", fail, err)
			}
			after, err := readAccountsKeys(h.config.accountsKey())
			if err != nil || after.changing != "" || after.keys[0].Generation != before.keys[0].Generation {
				t.Errorf("%s: generation %d after %d, %v", fail, after.keys[0].Generation, before.keys[0].Generation, err)
			}
		}
	})
	if f, err := h.check(ctx); err != nil || f.Bad != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// enters2 is the password with another recovery code: the authenticator's code of this half minute was used.
func (e *enrolled) enters2(t *testing.T, h *house) {
	t.Helper()
	if _, err := h.people.Check(t.Context(), accounts.Typed{Login: "first", Password: "Vq8-tundra-Km2", Code: e.recovery[2], Address: "192.0.2.1:1"}); err != nil {
		t.Errorf("signing in after two changes: %v", err)
	}
}

// TestAForeignKeyOfAccountsIsRefused: one that is another database's, that is older than the last change, that is no key, or missing; and a
// copy of the database from before a change opens with the file that was kept with it.
func TestAForeignKeyOfAccountsIsRefused(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	e := enrol(t, h)
	h.Close()
	before := copyDir(t, dir)
	h = opened(t, dir)
	if _, err := h.changeKey(t.Context(), "accounts", "每年更换"); err != nil {
		t.Fatal(err)
	}
	h.Close()
	path := filepath.Join(dir, "d.db.accounts.key")
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(filepath.Join(before, "d.db.accounts.key"))
	if err != nil {
		t.Fatal(err)
	}
	try := func(text []byte) error {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if text != nil {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c := h.config
		h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
		if err == nil {
			h.Close()
		}
		if _, there := os.Stat(path); there != nil {
			os.WriteFile(path, nil, 0o600)
		}
		return err
	}
	for name, c := range map[string]struct {
		text []byte
		says string
	}{
		"another database's":        {[]byte(strings.Repeat("ab", 32) + "\n"), "put back the file that was kept with it"},
		"older than the change":     {old, "put back the file that was kept with it"},
		"no key":                    {[]byte("nonsense\n"), "64 hexadecimal digits are expected"},
		"a generation without key":  {[]byte(accountsHead + "\n1\n"), "line 2"},
		"a first line and no key":   {[]byte(accountsHead + "\n"), "holds no key"},
		"one generation twice":      {[]byte(accountsHead + "\n0 " + strings.Repeat("ab", 32) + "\n0 " + strings.Repeat("cd", 32) + "\n"), "two keys"},
		"missing":                   {nil, "is missing"},
		"the right one, at the end": {right, ""},
	} {
		err := try(c.text)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "another database's" && !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h = opened(t, before)
	e.enters(t, h, e.recovery[0])
}
