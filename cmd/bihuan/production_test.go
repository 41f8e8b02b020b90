//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"io"
	"io/fs"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/api"
	"bihuan/desk/accounts"
	"bihuan/ground/calendar"
	"bihuan/web"
)

// TestServeHasNothingOfTheDemo: no route of the demo is there in a house that is served, and each is in the demo.
func TestServeHasNothingOfTheDemo(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	served, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, r := range append(web.Routes(), api.Routes()...) {
		if !r.Demo {
			continue
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, request(r.Method, r.Pattern, nil))
		if tried++; w.Code != 404 {
			t.Errorf("%s %s: %d", r.Method, r.Pattern, w.Code)
		}
	}
	if tried < 8 {
		t.Errorf("%d routes of the demo were tried", tried)
	}
}

// TestSecretsComeFromTheSystemsChance: two houses whose ids follow from the same seed draw other codes, seeds and keys.
func TestSecretsComeFromTheSystemsChance(t *testing.T) {
	at := int64(calendar.NewDate(2023, 10, 16).At(9 * 60))
	seen := map[string]bool{}
	for range 2 {
		h := houseIn(t, t.TempDir(), at, accounts.Config{}, logger(io.Discard, "error"))
		officers, err := h.people.First(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range officers {
			p, err := h.people.Pending(t.Context(), o.Code, "192.0.2.1:1")
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"code " + o.Code, "seed " + string(p.Seed[:])} {
				if seen[secret] {
					t.Errorf("a secret was drawn twice")
				}
				seen[secret] = true
			}
		}
		for _, key := range [][]byte{h.blind.now, []byte(h.ring.Current()), []byte(h.proof.Key().String())} {
			if seen[string(key)] {
				t.Error("a key was drawn twice")
			}
			seen[string(key)] = true
		}
	}
	if len(seen) != 2*(3*2+3) {
		t.Errorf("%d secrets were looked at", len(seen))
	}
}

// TestOnlyTheOwnerReadsWhatIsKept looks at every file that a house leaves beside its database, after each key was changed and the list of persons'
// keys was written.
func TestOnlyTheOwnerReadsWhatIsKept(t *testing.T) {
	dir := t.TempDir()
	c := defaults()
	c.Database = filepath.Join(dir, "d.db")
	h, err := build(t.Context(), c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, what := range []string{"log", "accounts", "blind"} {
		if _, err := h.changeKey(t.Context(), what, "每年更换"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.saveKeyList(t.Context(), keyList(c)); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Backup(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	err = filepath.WalkDir(dir, func(path string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		info, err := f.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is read by others: %v", f.Name(), info.Mode())
		}
		found[strings.TrimPrefix(f.Name(), "d.db")] = true
		return err
	})
	for _, suffix := range []string{"", "-wal", "copy.db", ".key", ".accounts.key", ".ring", ".sign", ".sign.past", ".keylist"} {
		if !found[suffix] {
			t.Errorf("d.db%s was not looked at", suffix)
		}
	}
	if err != nil {
		t.Error(err)
	}
}
