//go:build !race

package api_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/kernel/account"
)

// A person acts for another through the API by naming them with each request, in the roles that were delegated, and the log has
// both names. Who was not asked is refused, and nothing is done in their own name instead.
func TestSomebodyActsForAnother(t *testing.T) {
	x := shared
	ctx := context.Background()
	head, deputy := x.desk.Directory().Of("office", "issuer")[0].Key, x.desk.Directory().Of("education", "handler")[0].Key
	token := x.as(t, "education", "handler", 0)
	const path = "/api/v1/me"
	x.call(t, token, "GET", path, "", "Bihuan-For", string(head)).problem(t, 403, "acting-not-yours", "")
	x.call(t, token, "GET", path, "", "Bihuan-For", "nobody").problem(t, 403, "acting-not-yours", "")
	x.call(t, "", "GET", path, "", "Bihuan-For", string(head)).want(t, 200) // a visitor acts for nobody
	who := func(p name.Person) desk.Caller {
		c, _ := x.desk.Directory().Caller(p, "zh")
		return x.desk.Entitled(c, "")
	}
	today := x.desk.Today()
	given, err := x.rights.Give(ctx, who(head), deputy, []name.Role{"issuer"}, today, today, "出差")
	if err != nil {
		t.Fatal(err)
	}
	r := x.call(t, token, "GET", path, "", "Bihuan-For", string(head)).want(t, 200)
	if r.text("for.id") != string(head) || r.text("unit.id") != "office" || r.text("person.id") != string(deputy) {
		t.Errorf("me: %s", r.body)
	}
	done := x.call(t, token, "POST", "/api/v1/matters", `{"kind":"promise/promise","with":{"title":"改造小区","unit":"housing","due":"2023-12-31"}}`, "Bihuan-For", string(head), "Idempotency-Key", "acting-1")
	if done.status == 201 {
		id := name.ID(done.text("id"))
		v, err := x.desk.Matter(ctx, who(head), id)
		if err != nil {
			t.Fatal(err)
		}
		if by := v.History[0].Event.Actor; by.Person != deputy || by.For != head || by.Unit != "office" {
			t.Errorf("the log says %+v", by)
		}
	} else {
		t.Errorf("opening for another: %s", done.body)
	}
	if err := x.rights.EndDelegation(ctx, who(head), given.ID, "已返回"); err != nil {
		t.Fatal(err)
	}
	x.call(t, token, "GET", path, "", "Bihuan-For", string(head)).problem(t, 403, "acting-not-yours", "")
}

// TestABodyIsSentByWhoeverOneIsWhenItHasArrived: whoever sends a body slowly sends it by no delegation that ended on its way.
func TestABodyIsSentByWhoeverOneIsWhenItHasArrived(t *testing.T) {
	x, ctx := shared, context.Background()
	head, deputy := x.desk.Directory().Of("office", "issuer")[0].Key, x.desk.Directory().Of("education", "handler")[0].Key
	token := x.as(t, "education", "handler", 0)
	who, _ := x.desk.Directory().Caller(head, "zh")
	today := x.desk.Today()
	const asJSON, asForm, asReport = "application/json", "multipart/form-data; boundary=b", "text/plain"
	const promise = `{"kind":"promise/promise","with":{"title":"改造小区","unit":"housing","due":"2023-12-31"}}`
	for i, sent := range []struct{ path, media, body string }{
		{"/api/v1/matters", asJSON, promise},
		{"/api/v1/matters", asForm, "--b\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n" + promise + "\r\n--b--\r\n"},
		{"/api/v1/reports?title=%E6%8A%A5%E5%91%8A&year=2024", asReport, "今年，我们要改造小区120个，新增就业3万人。"},
	} {
		given, err := x.rights.Give(ctx, x.desk.Entitled(who, ""), deputy, []name.Role{"issuer"}, today, today, "出差")
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", sent.path, corpus.Slow(strings.NewReader(sent.body), func() {
			if err := x.rights.EndDelegation(ctx, x.desk.Entitled(who, ""), given.ID, "已返回"); err != nil {
				t.Error(err)
			}
		}))
		for k, v := range map[string]string{"Authorization": "Bearer " + token, "Bihuan-For": string(head), "Content-Type": sent.media, "Idempotency-Key": "late-" + strconv.Itoa(i)} {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		x.handler.ServeHTTP(w, r)
		if w.Code != 403 || !strings.Contains(w.Body.String(), "acting-not-yours") {
			t.Errorf("%s as %s: %d %s", sent.path, sent.media, w.Code, w.Body)
		}
	}
}

// TestSomebodyServesAFirm: a firm is named by its key; within a mandate and while it holds the request is a visitor's in the firm's name,
// and is bound to the mandate's kinds.
func TestSomebodyServesAFirm(t *testing.T) {
	x, ctx := shared, context.Background()
	const path, code, key = "/api/v1/me", "91350100M000100Y43", "firm-91350100m000100y43" // an example of GB 32100-2015, Annex A
	agent, token := x.desk.Directory().Of("education", "handler")[0].Key, x.as(t, "education", "handler", 0)
	boss := desk.Caller{Person: "boss", Unit: name.Visitor.Unit, Roles: []name.Role{name.Visitor.Role}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sys, _ := x.desk.Directory().Caller(x.desk.Directory().Of("services", "sysadmin")[0].Key, "zh")
	sys.Zone, sys.Proved = access.Office, x.desk.Now()
	must(x.firms.Ask(ctx, sys, account.FirmChange{Code: code, Name: "长春某某清洁有限公司", Person: boss.Person}, "看过执照"))
	sec, _ := x.desk.Directory().Caller(x.desk.Directory().Of("services", "secadmin")[0].Key, "zh")
	sec.Zone, sec.Proved = access.Office, x.desk.Now()
	asked, err := x.firms.Firm(ctx, code)
	must(err)
	must(x.firms.Confirm(ctx, sec, code, asked.Asked.At))
	x.call(t, token, "GET", path, "", "Bihuan-For", key).problem(t, 403, "acting-not-yours", "")
	must(x.firms.Give(ctx, boss, code, account.FirmChange{Person: agent, Kinds: x.firms.Kinds()[:1], Until: x.clock.Now() + 1e9}, "代办"))
	r := x.call(t, token, "GET", path, "", "Bihuan-For", key).want(t, 200)
	if r.text("for.id") != key || r.text("person.id") != string(agent) || r.text("roles.0") != "public" {
		t.Errorf("me: %s", r.body)
	}
	const list = "/api/v1/matters?kind=urban/case&limit=200" // who works nowhere here reads what everybody does: states in public words, and nobody's name
	for _, path := range []string{list, "/api/v1/goals?limit=200", "/api/v1/goals/" + findGoal(t, "二次供水"), "/api/v1/goals/" + findGoal(t, "二次供水") + "/figures"} {
		if own, open := x.call(t, token, "GET", path, "", "Bihuan-For", key).want(t, 200), x.call(t, "", "GET", path, "").want(t, 200); string(own.bytes) != string(open.bytes) || len(open.bytes) < 500 {
			t.Errorf("%s: a firm reads\n%.800s\neverybody\n%.800s", path, own.bytes, open.bytes)
		}
	}
	x.call(t, token, "POST", "/api/v1/matters", `{"kind":"promise/promise","with":{"title":"改造小区","unit":"housing","due":"2023-12-31"}}`,
		"Bihuan-For", key, "Idempotency-Key", "firm-1").problem(t, 403, "denied", "")
	within, err := x.desk.ActingFor(ctx, desk.Caller{Person: agent}, key)
	must(err)
	if len(within.Kinds) != 1 || within.Kinds[0] != x.firms.Kinds()[0] {
		t.Errorf("may act in %q", within.Kinds)
	}
	represents, _, err := x.firms.Of(ctx, boss.Person)
	must(err)
	must(x.firms.Revoke(ctx, boss, code, represents[0].Mandates[0].ID))
	x.call(t, token, "GET", path, "", "Bihuan-For", key).problem(t, 403, "acting-not-yours", "")
}
