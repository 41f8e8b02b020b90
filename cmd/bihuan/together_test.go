package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/people"
	"bihuan/kernel/journal"
)

// TestEverybodyAtOnce has everything that shares memory be used at one time: pages and methods of three people and of visitors, reports at the door, matters that are opened, the scheduler, the sender of
// notices, checkpoints, both logs, a copy, and a change of the keys. Run under the race detector, as ./check does, nothing is read while it is written; and afterwards the
// record is whole, with every matter that was answered for.
//
// Source: OWASP ASVS 5.0.0, 15.4.1, as read.
func TestEverybodyAtOnce(t *testing.T) {
	ctx := t.Context()
	h := peopledHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)), demoPeople())
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil {
		t.Fatal(err)
	}
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	who := func(unit name.Unit, role name.Role) desk.Caller {
		all := h.desk.Directory().Of(unit, role)
		if len(all) == 0 {
			t.Fatalf("no %s in %s", role, unit)
		}
		c, _ := h.desk.Directory().Caller(all[0].Key, "zh")
		return c
	}
	issuer, admin, operator := who("office", "issuer"), who("services", "sysadmin"), who("watch-centre", "operator")
	var wait sync.WaitGroup
	together := func(times int, what string, do func(i int) error) {
		wait.Go(func() {
			for i := range times {
				if err := do(i); err != nil {
					t.Errorf("%s, time %d: %v", what, i, err)
				}
			}
		})
	}
	for _, c := range []struct {
		who   desk.Caller
		paths string
	}{
		{issuer, "/goals /promises /desk /matters/new?kind=promise/promise /packs /packs/urban /cockpit /search?q=改造 /inbox /assessment /me"},
		{admin, "/admin/keys /admin/notices /admin/webhooks /admin/places /admin/accounts /inbox /me/notices"},
		{operator, "/desk/cases /desk /registers /search?q=路灯 /topics /inbox /desk/calendar"},
		{desk.Nobody, "/ /promises /open/matters /report /signin /open/api /api/v1/kinds /open311/v2/services.json /api/v1/openapi.json"},
	} {
		secret := ""
		if !c.who.IsNobody() {
			if secret, err = people.SignIn(ctx, h.people, c.who.Person); err != nil {
				t.Fatal(err)
			}
		}
		for i, path := range strings.Fields(c.paths) {
			together(2, path, func(int) error {
				r := request("GET", path, nil)
				r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", i+1)
				if secret != "" {
					r.AddCookie(&http.Cookie{Name: "bihuan", Value: secret})
				}
				w := httptest.NewRecorder()
				if handler.ServeHTTP(w, r); w.Code >= 500 {
					return fmt.Errorf("answered %d", w.Code)
				}
				return nil
			})
		}
	}
	const matters, each = 3, 4
	for n := range matters {
		together(each, "a matter", func(i int) error {
			_, err := h.desk.Start(ctx, issuer, desk.Do{Kind: "promise/promise", With: map[string]string{"title": fmt.Sprint("改造小区", n, "-", i), "unit": "housing", "due": "2023-12-31"}})
			return err
		})
	}
	together(4, "a report without a form", func(int) error {
		r := request("POST", "/report", strings.NewReader(url.Values{"text": {"路灯不亮"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		handler.ServeHTTP(httptest.NewRecorder(), r)
		return nil
	})
	together(3, "the scheduler", func(int) error { _, err := h.watch.Tick(ctx); return err })
	together(3, "notices", func(int) error { return h.out.notices.Tick(ctx) })
	together(3, "webhooks", func(int) error { return h.out.hooks.Tick(ctx) })
	together(3, "a checkpoint", func(int) error { _, err := h.proof.Checkpoint(ctx, false); return err })
	together(4, "the security log", func(i int) error {
		h.notProven(issuer.Person, "192.0.2.9", "sign-in-refused")
		h.keepWatch(ctx)
		return nil
	})
	together(2, "ages of keys", func(int) error { _, err := h.held(systemTime(), true); return err })
	together(1, "the district's key", func(int) error { _, err := h.rotate(ctx); return err })
	together(1, "the key of the log", func(int) error { _, err := h.changeKey(ctx, "log", "每年更换"); return err })
	together(2, "a copy", func(i int) error { return h.store.Backup(ctx, filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))) })
	wait.Wait()
	f, err := h.check(context.Background())
	if err != nil || f.Bad != 0 {
		t.Errorf("the record: %+v, %v", f, err)
	}
	page, err := h.store.Rows(ctx, journal.Query{Log: h.desk.District(), Now: h.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Kinds: []string{"promise/promise"}, Limit: 500})
	if err != nil || len(page.Rows) != matters*each {
		t.Errorf("%d matters of %d are there, %v", len(page.Rows), matters*each, err)
	}
}
