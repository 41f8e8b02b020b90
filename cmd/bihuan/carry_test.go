//go:build long

package main

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/rights"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Every dangerous act of the policy can be carried out: a grant by its approval, a glass and a place by rooms of their own, and
// each other by a command that refuses without an approval, takes one, and takes it once.
func TestBar_A04_EveryDangerousActHasItsCarrier(t *testing.T) {
	ctx := context.Background()
	h := testHouse(t, int64(calendar.NewDate(2023, 9, 27).At(9*60)))
	dir := filepath.Join(t.TempDir(), "keys")
	writePack(t, dir, strings.Replace(trivialPack, "{field: title, kind: text, class: P", "{field: title, kind: text, class: S", 1))
	if _, err := h.install(ctx, "", []string{dir}); err != nil {
		t.Fatal(err)
	}
	sys, sec := h.staff(t, "sysadmin"), h.staff(t, "secadmin")
	list := filepath.Join(t.TempDir(), "elsewhere.keylist")
	keys := func(do, act string) error {
		_, err := h.manageDistrictKeys(ctx, url.Values{"do": {do}, "file": {list}, "act": {act}})
		return err
	}
	if err := keys("save", ""); err != nil {
		t.Fatalf("before the three administrators are there: %v", err)
	}
	var all []accounts.Newcomer
	for _, c := range []desk.Caller{sys, sec, h.staff(t, "auditor")} {
		all = append(all, accounts.Newcomer{Person: c.Person, Roles: c.Roles, Natural: string(c.Person)})
	}
	if err := h.people.Import(ctx, all); err != nil {
		t.Fatal(err)
	}
	writePack(t, dir, trivialPack)
	commands := map[string]func(act string) error{
		keyAct:     func(act string) error { return keys("save", act) },
		restoreAct: func(act string) error { return keys("load", act) },
		unmaskAct: func(act string) error {
			_, err := h.install(ctx, act, []string{dir})
			return err
		},
	}
	own := []string{rights.GrantAct, "glass", "place", "firm"} // Approve; AskGlass and StepGlass; desk/places; desk/firms
	for _, row := range h.desk.Policy().Together() {
		if slices.Contains(own, row.Act) {
			continue
		}
		do := commands[row.Act]
		if do == nil || !h.rights.IsCarried(row.Act) {
			t.Errorf("%s is carried out by nothing", row.Act)
			continue
		}
		if err := do(""); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s without an approval: %v", row.Act, err)
		}
		p, err := h.rights.Propose(ctx, sys, rights.Order{Act: row.Act, Why: "演练"})
		if err != nil {
			t.Fatal(row.Act, err)
		}
		if err := do(string(p.ID)); err == nil {
			t.Errorf("%s before it was approved", row.Act)
		}
		if _, err := h.rights.Approve(ctx, sec, p.ID); err != nil {
			t.Fatal(row.Act, err)
		}
		if err := do(string(p.ID)); err != nil {
			t.Errorf("%s with its approval: %v", row.Act, err)
		}
		if err := h.rights.CarryOut(ctx, p.ID, row.Act); err == nil {
			t.Errorf("the approval of %s can be taken twice", row.Act)
		}
	}
	if err := os.Remove(list); err != nil {
		t.Errorf("the list of keys was not written: %v", err)
	}
}

// staff is the first person of the directory with a role, as whoever proved who they are just now, in the office.
func (h *house) staff(t *testing.T, role name.Role) desk.Caller {
	t.Helper()
	for _, p := range h.desk.Directory().Persons {
		if slices.Contains(p.Roles, role) {
			c, _ := h.desk.Directory().Caller(p.Key, "zh")
			c.Proved, c.Zone = h.desk.Now(), "office"
			return c
		}
	}
	t.Fatalf("nobody is %s", role)
	return desk.Caller{}
}

func writePack(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"pack.yaml": text, "README.md": "# 钥匙领用\n", "cases.yaml": trivialCases} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
