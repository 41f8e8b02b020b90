//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/desk/accounts"
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
	older, err := accounts.New(accounts.Config{Desk: h.desk, Store: h.store, Policy: before, Chance: systemChance, Keys: []accounts.Key{{Secret: []byte("a key of accounts for tests only")}}, Vouched: true})
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
