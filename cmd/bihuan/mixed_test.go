//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/desk/accounts"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/pack"
)

// TestAnAdministratorWithAnotherRoleIsPointedOut makes accounts under a policy from before the rule: the log, the doctor and the page of roles name the
// administrator who is a leader too, and nobody else; the leader's rights are without effect, and no longer given under the rule.
func TestAnAdministratorWithAnotherRoleIsPointedOut(t *testing.T) {
	var log bytes.Buffer
	h := loggedHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)), demoPeople(), logger(&log, "warn"))
	older, err := accounts.New(accounts.Config{Desk: h.desk, Store: h.store, Policy: unruled(t), Chance: systemChance, Keys: []accounts.Key{{Secret: []byte("a key of accounts for tests only")}}, Vouched: true})
	if err != nil {
		t.Fatal(err)
	}
	const leader name.Person = "p101"
	if err := h.people.Import(t.Context(), []accounts.Newcomer{{Person: leader, Roles: []name.Role{"leader", "auditor"}, Natural: "one"}}); err == nil {
		t.Error("a leader is made auditor")
	}
	if err := older.Import(t.Context(), []accounts.Newcomer{{Person: leader, Roles: []name.Role{"leader", "auditor"}, Natural: "one"}}); err != nil {
		t.Fatal(err)
	}
	if err := h.people.Import(t.Context(), accounts.Newcomers(h.desk.Directory())); err != nil {
		t.Fatal(err)
	}
	all, err := h.people.Mixed(t.Context())
	if err != nil || len(all) != 1 || all[0] != (accounts.Mixed{Person: leader, Role: "auditor", Other: leader, Beside: "leader"}) {
		t.Fatalf("%+v, %v", all, err)
	}
	if probes := mixedProbes(all, nil); len(probes) != 1 || probes[0].err == nil || !strings.Contains(probes[0].err.Error(), string(leader)) {
		t.Errorf("the doctor: %+v", probes)
	}
	if err := h.remindMixed(t.Context()); err != nil || strings.Count(log.String(), "holds another role besides") != 1 {
		t.Errorf("the log: %s, %v", log.String(), err)
	}
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	page := func(p name.Person, path string) (int, string) {
		t.Helper()
		signed, err := h.people.ActAs(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		r := request("GET", path, nil)
		r.AddCookie(&http.Cookie{Name: "bihuan", Value: signed.Secret})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, role := range []name.Role{"secadmin", "auditor"} {
		for _, p := range h.desk.Directory().Persons {
			if len(p.Roles) != 1 || p.Roles[0] != role {
				continue
			}
			if code, body := page(p.Key, "/admin/roles"); code != 200 || !strings.Contains(body, "管理员兼任了其他角色") {
				t.Errorf("%s: %d, %v", role, code, strings.Contains(body, "管理员兼任了其他角色"))
			}
		}
	}
	if code, _ := page(leader, "/audit"); code != 200 {
		t.Errorf("as auditor: %d", code)
	}
	if code, body := page(leader, "/cockpit"); code != 403 || !strings.Contains(body, "不得兼任其他角色") {
		t.Errorf("as leader: %d %s", code, body)
	}
	a, err := h.people.ByPerson(t.Context(), leader)
	if err != nil || !a.Holds("leader", h.desk.Now()) || a.State != account.Active {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestTheDoctorOfAStoppedHouseFindsMixedRoles: by two accounts of one natural person too, one of which has the role by a grant; nothing is written, and a key that is missing or another one is bad.
func TestTheDoctorOfAStoppedHouseFindsMixedRoles(t *testing.T) {
	dir := t.TempDir()
	at := int64(calendar.NewDate(2023, 10, 16).At(9 * 60))
	copyInstalled(t, at, dir)
	c := defaults()
	c.Database = filepath.Join(dir, "test.db")
	find := func(what string) (found []error, known bool) {
		t.Helper()
		for _, p := range examine(t.Context(), c) {
			if strings.HasPrefix(p.what, what) {
				known = true
				if p.err != nil {
					found = append(found, p.err)
				}
			}
		}
		return found, known
	}
	const mixed, key = "administrators hold no other role", "key of accounts"
	if err := os.Remove(c.accountsKey()); err != nil {
		t.Fatal(err)
	}
	if bad, known := find(mixed); !known || len(bad) != 0 {
		t.Errorf("without accounts: %t, %v", known, bad)
	}
	if _, err := os.Stat(c.accountsKey()); err == nil {
		t.Error("the doctor makes a key")
	}
	cc := c
	cc.people = demoPeople()
	h, err := build(t.Context(), cc, func() int64 { return at }, demoChance(), logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	older, err := accounts.New(accounts.Config{Desk: h.desk, Store: h.store, Policy: unruled(t), Chance: systemChance, Keys: h.people.Keys, Vouched: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := older.Import(t.Context(), []accounts.Newcomer{{Person: "p118", Roles: []name.Role{"sysadmin"}, Natural: "one"}, {Person: "p101", Roles: []name.Role{"leader"}, Natural: "one"},
		{Person: "p112", Roles: []name.Role{"handler"}, Natural: "two"}}); err != nil {
		t.Fatal(err)
	}
	h.Close()
	bad, _ := find(mixed)
	if len(bad) != 1 || !strings.Contains(bad[0].Error(), "p118 is sysadmin and, as p101, leader") {
		t.Errorf("by two accounts: %v", bad)
	}
	if bad, known := find(key); !known || len(bad) != 0 {
		t.Errorf("its key: %t, %v", known, bad)
	}
	kept, err := os.ReadFile(c.accountsKey())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(c.accountsKey()); err != nil {
		t.Fatal(err)
	}
	if bad, _ := find(key); len(bad) != 1 || !strings.Contains(bad[0].Error(), "is missing") {
		t.Errorf("a key that is missing: %v", bad)
	}
	if err := os.WriteFile(c.accountsKey(), kept, 0o600); err != nil {
		t.Fatal(err)
	}
}

// unruled is the policy from before an administrator held no other role.
func unruled(t *testing.T) *access.Policy {
	t.Helper()
	text, err := os.ReadFile("../../packs/access.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const rule = "\nalone: [sysadmin, secadmin, auditor]\n"
	if !bytes.Contains(text, []byte(rule)) {
		t.Fatal("the policy does not have the rule")
	}
	before, err := pack.ReadPolicy(fstest.MapFS{pack.PolicyFile: {Data: bytes.Replace(text, []byte(rule), []byte("\n"), 1)}})
	if err != nil {
		t.Fatal(err)
	}
	return before
}
