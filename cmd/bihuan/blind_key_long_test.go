//go:build long

package main

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/hooks"
	"bihuan/ground/name"
)

// someone is whoever has a role in a unit of the house's own directory.
func someone(t *testing.T, h *house, unit name.Unit, role name.Role) desk.Caller {
	t.Helper()
	for _, p := range h.desk.Directory().Persons {
		if p.Unit == unit && slices.Contains(p.Roles, role) {
			who, _ := h.desk.Directory().Caller(p.Key, "zh")
			who.Proved = h.desk.Now()
			return who
		}
	}
	t.Fatalf("no %s in %s", role, unit)
	return desk.Nobody
}

// called are three calls from one telephone and a subscription, made under the first key.
func called(t *testing.T, h *house) hooks.Hook {
	t.Helper()
	for range 3 {
		if _, err := h.desk.Start(t.Context(), someone(t, h, "hotline-centre", "call-operator"), desk.Do{Kind: "hotline/call", Act: "take",
			With: map[string]string{"title": "路灯不亮", "text": "路灯不亮", "phone": "13800000000", "caller": "示例来电人"}}); err != nil {
			t.Fatal(err)
		}
	}
	hook, err := h.out.hooks.Make(t.Context(), someone(t, h, "services", "sysadmin"), "make", hooks.Order{Name: "市平台", URL: "https://p.example.cn/in", Events: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	return hook
}

// finds says that the three are found by their telephone, and by the index that the key in use makes.
func finds(t *testing.T, h *house) {
	t.Helper()
	if ids, err := h.desk.SameAs(t.Context(), someone(t, h, "services", "data-officer"), "phone", "138 0000 0000"); err != nil || len(ids) != 3 {
		t.Errorf("%d of 3 are found, %v", len(ids), err)
	}
	if err := h.desk.FitsBlind(t.Context(), h.store); err != nil {
		t.Error(err)
	}
}

// TestBar_V09_TheKeyOfBlindIndexesIsChangedWhateverIsCutOff changes the key by which telephones are found again, cuts the power before each step and
// starts anew, twice, from what is on the disk then.
func TestBar_V09_TheKeyOfBlindIndexesIsChangedWhateverIsCutOff(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	ctx := t.Context()
	hook := called(t, h)
	first, public, was := h.out.hooks.Secrets(&hook, h.desk.Now()), h.out.publicKey(), fingerprintOf(h.blind.now)
	disks := map[string]string{}
	h.step = func(step string) error {
		disks[step] = copyDir(t, dir)
		return nil
	}
	line, err := h.changeKey(ctx, "blind", "每年更换")
	if err != nil || !strings.Contains(line, "3 values were indexed anew") {
		t.Fatalf("%s, %v", line, err)
	}
	changed := func(t *testing.T, h *house) {
		t.Helper()
		finds(t, h)
		now := h.desk.Now()
		both := h.out.hooks.Secrets(&hook, now)
		if len(both) != 2 || string(both[0]) == string(first[0]) || string(both[1]) != string(first[0]) {
			t.Errorf("calls are signed by %d secrets, want the new and the old one", len(both))
		}
		if h.out.publicKey() == public || len(h.out.signersAt(time.UnixMicro(now))) != 2 {
			t.Error("the signature by SM2 is not of both keys")
		}
		later := now + 2*hooks.Overlap.Microseconds()
		if len(h.out.hooks.Secrets(&hook, later)) != 1 || len(h.out.signersAt(time.UnixMicro(later))) != 1 {
			t.Error("the old secrets sign for more than a day")
		}
		k, err := readBlindKeys(h.config.blindKey())
		if err != nil || k.changing != "" || len(k.past) != 1 || k.past[0].Until == 0 {
			t.Errorf("changing %q, %d keys from before, %v", k.changing, len(k.past), err)
		}
		all, err := h.keys.Changes(ctx)
		if err != nil || len(all) != 1 || all[0].What != "blind" || all[0].From != was || all[0].To != fingerprintOf(k.now) {
			t.Errorf("on record %+v, %v", all, err)
		}
	}
	changed(t, h)
	if len(disks) != 6 {
		t.Errorf("%d steps were cut off, want 6", len(disks))
	}
	for step, disk := range disks {
		t.Run("cut off before: "+step, func(t *testing.T) {
			for range 2 { // ended at the next start; the start after that finds nothing to do
				h := opened(t, disk)
				if step == "keep the new key" {
					finds(t, h)
					if fingerprintOf(h.blind.now) != was {
						t.Error("the key is another one although nothing was kept")
					}
				} else {
					changed(t, h)
				}
				h.Close()
			}
		})
	}
	t.Run("a change that fails is ended by the same command", func(t *testing.T) {
		for _, fail := range []string{"take it into use", "record", "index anew", "write over", "forget the change"} {
			h.step = func(step string) error {
				if step == fail {
					return errCut
				}
				return nil
			}
			if _, err := h.changeKey(ctx, "blind", "试验"); !errors.Is(err, errCut) {
				t.Fatalf("%s: %v", fail, err)
			}
			before, err := readBlindKeys(h.config.blindKey())
			if err != nil || before.changing == "" {
				t.Errorf("%s: nothing is under way, %v", fail, err)
			}
			if ids, err := h.desk.SameAs(ctx, someone(t, h, "services", "data-officer"), "phone", "13800000000"); err != nil || len(ids) != 3 {
				t.Errorf("%s: %d of 3 are found meanwhile, %v", fail, len(ids), err)
			}
			h.step = nil
			if _, err := h.changeKey(ctx, "blind", "试验"); err != nil {
				t.Fatalf("%s: %v", fail, err)
			}
			if fingerprintOf(h.blind.now) != fingerprintOf(before.now) {
				t.Errorf("%s: another key was drawn", fail)
			}
			finds(t, h)
		}
	})
	t.Run("after a day the scheduler lets go of the keys from before", func(t *testing.T) {
		for i := range h.blind.past {
			h.blind.past[i].Until = h.desk.Now() - 1
		}
		if err := h.forgetPast(ctx); err != nil {
			t.Fatal(err)
		}
		k, err := readBlindKeys(h.config.blindKey())
		if err != nil || len(k.past) != 0 || len(h.out.hooks.Secrets(&hook, h.desk.Now())) != 1 {
			t.Errorf("%d keys from before are kept, %v", len(k.past), err)
		}
	})
	if f, err := h.check(ctx); err != nil || f.Bad != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestAKeyOfBlindIndexesThatIsMissingIsNotMadeAnew: nothing opens the database without it or with another one; who only reads the record needs none;
// and a key that is truly lost is given up by command, after which everybody is found again.
func TestAKeyOfBlindIndexesThatIsMissingIsNotMadeAnew(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	hook := called(t, h)
	first := h.out.hooks.Secrets(&hook, h.desk.Now())
	h.Close()
	c, path := h.config, h.config.blindKey()
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start := func() error {
		h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
		if err == nil {
			h.Close()
		}
		return err
	}
	change := func(lost bool) ([]string, error) {
		q := url.Values{"do": {"change"}, "key": {"blind"}, "reason": {"遗失"}}
		if lost {
			q.Set("lost", "yes")
		}
		return inHouse(t.Context(), &house{config: c, lost: lost}, "/keys?"+q.Encode(), func(ctx context.Context, h *house) ([]string, error) { return h.keysAlone(ctx, q) })
	}
	refused := func(what string, err error, words ...string) {
		t.Helper()
		for _, w := range append(words, "bihuan key change blind --lost") {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %q", what, err, w)
			}
		}
	}
	if _, err := change(true); err == nil || !strings.Contains(err.Error(), "leave out --lost") {
		t.Errorf("a key that is there is given up: %v", err)
	}
	for what, text := range map[string][]byte{"missing": nil, "another database's": []byte(strings.Repeat("ab", 32) + "\n")} {
		if os.Remove(path); text != nil {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		refused(what, start(), path)
		_, err := change(false)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: changed without --lost: %v", what, err)
		}
		if f, err := verifyFile(t.Context(), c, "", nil); err != nil || f.Bad != 0 {
			t.Errorf("%s: the record is not verified: %+v, %v", what, f, err)
		}
		probes := examine(t.Context(), c)
		if i := slices.IndexFunc(probes, func(p probe) bool { return strings.Contains(p.what, path) }); i < 0 || probes[i].err == nil {
			t.Errorf("%s: the doctor tells %+v", what, probes)
		}
		if b, err := os.ReadFile(path); text == nil && err == nil || string(b) != string(text) {
			t.Errorf("%s: a key was made: %q, %v", what, b, err)
		}
	}
	os.Remove(path)
	_, err = in(t.Context(), c.Database, "/keys", func(ctx context.Context, h *house) ([]string, error) { return nil, nil })
	refused("a command", err, "is missing", path)
	lostFrom := copyDir(t, dir)
	if err := os.WriteFile(path, right, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := start(); err != nil {
		t.Errorf("with the file that was put back: %v", err)
	}

	c.Database = filepath.Join(lostFrom, "d.db")
	lines, err := change(true)
	if err != nil || !strings.Contains(strings.Join(lines, "\n"), "instead of lost; 3 values were indexed anew") {
		t.Fatalf("%q, %v", lines, err)
	}
	h = opened(t, lostFrom)
	finds(t, h)
	if now := h.out.hooks.Secrets(&hook, h.desk.Now()); len(now) != 1 || string(now[0]) == string(first[0]) {
		t.Errorf("%d secrets", len(now))
	}
	if err := h.answered(url.Values{"do": {"change"}, "key": {"blind"}, "reason": {"x"}, "lost": {"yes"}}); err == nil {
		t.Error("a process that holds the key gives it up")
	}
}

// answered is a command that the process which serves is asked for.
func (h *house) answered(q url.Values) error {
	_, err := h.manageKeys(context.Background(), q)
	return err
}

// TestARingThatIsMissingIsNotMadeAnew: the same for the district's keys.
func TestARingThatIsMissingIsNotMadeAnew(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	called(t, h)
	h.Close()
	ring := h.config.ringPath()
	if err := os.Remove(ring); err != nil {
		t.Fatal(err)
	}
	_, err := build(t.Context(), h.config, systemTime, systemChance, logger(io.Discard, "error"))
	if err == nil || !strings.Contains(err.Error(), ring+" is missing") || isThere(ring) {
		t.Errorf("%v, made anew: %v", err, isThere(ring))
	}
}
