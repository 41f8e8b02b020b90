//go:build !race

package api_test

import (
	"bytes"
	"strings"
	"testing"
)

func TestFigures(t *testing.T) {
	x := shared
	statistics := x.as(t, "statistics", "statistician", 0)
	goal := ""
	for _, g := range x.call(t, statistics, "GET", "/api/v1/goals?year=2023&limit=500", "").want(t, 200).list("items") {
		full := x.call(t, statistics, "GET", "/api/v1/goals/"+g.text("id"), "").want(t, 200)
		if full.text("feed.mode") == "reported" && g.text("shape") == "growth" {
			goal = "/api/v1/goals/" + g.text("id")
		}
	}
	k := key()
	body := `{"value":7.25,"period":"2023-10","note":"快报"}`
	r := x.call(t, statistics, "POST", goal+"/figures", body, "Idempotency-Key", k).want(t, 201)
	if again := x.call(t, statistics, "POST", goal+"/figures", body, "Idempotency-Key", k).want(t, 201); !bytes.Equal(r.bytes, again.bytes) {
		t.Errorf("first %s then %s", r.bytes, again.bytes)
	}
	x.call(t, statistics, "POST", goal+"/figures", strings.Replace(body, "7.25", "8", 1), "Idempotency-Key", k).problem(t, 422, "key-reused", "Idempotency-Key")
	all := x.call(t, statistics, "GET", goal+"/figures", "").want(t, 200).list("items")
	if last := all[len(all)-1]; last.text("value") != "7.25" || last.text("standing") != "quick" || last.text("by.id") == "" || last.text("note") != "快报" {
		t.Errorf("the last figure is %v", last.body)
	}
	if got := x.call(t, "", "GET", goal, "").want(t, 200).text("actual"); got != "7.25" {
		t.Errorf("actual %s", got)
	}
	x.call(t, statistics, "POST", goal+"/figures", `{"value":"many"}`).problem(t, 422, "not-decimal", "/value")
	x.call(t, statistics, "POST", goal+"/figures", `{"value":1,"period":"2023-00"}`).problem(t, 422, "not-month", "/period")
	x.call(t, statistics, "POST", goal+"/figures", `{"value":1,"standing":"certain"}`).problem(t, 422, "no-such-option", "/standing")
	x.call(t, statistics, "POST", goal+"/figures", `{"value":1,"standing":"corrected","period":"2023-10","note":"x"}`).problem(t, 403, "same-reporter", "")
	x.call(t, x.as(t, "housing", "handler", 0), "POST", goal+"/figures", `{"value":1}`).want(t, 403)
	media, form := multipartBody(t, `{"value":7.5,"period":"2023-10","note":"附核算表"}`, file{"evidence", "核算表.csv", []byte("月份,增速\n10,7.5\n")})
	x.call(t, statistics, "POST", goal+"/figures", form, "Content-Type", media).want(t, 201)
	all = x.call(t, statistics, "GET", goal+"/figures", "").want(t, 200).list("items")
	sum := all[len(all)-1].text("evidence.0")
	x.fetch(t, statistics, goal+"/files/"+sum, "月份,增速\n10,7.5\n", "2023-10.csv")
	x.call(t, "", "GET", goal+"/files/"+sum, "").want(t, 401)
	x.call(t, statistics, "GET", goal+"/files/"+strings.Repeat("0", 64), "").want(t, 404)
	if public := x.call(t, "", "GET", goal+"/figures", "").want(t, 200).list("items"); len(public[len(public)-1].at("evidence").([]any)) != 0 {
		t.Errorf("evidence shown without login: %v", public[len(public)-1].body)
	}
	media, form = multipartBody(t, `{"value":7.5}`, file{"proof", "x", []byte("x")})
	x.call(t, statistics, "POST", goal+"/figures", form, "Content-Type", media).problem(t, 422, "part-unknown", "proof")
	counted := "/api/v1/goals/" + findGoal(t, "老旧小区改造")
	x.call(t, statistics, "POST", counted+"/figures", `{"value":99}`).problem(t, 403, "counted-by-platform", "")
}

func TestWhoIsAsking(t *testing.T) {
	x, head := shared, shared.as(t, "housing", "head", 0)
	if m := x.call(t, head, "GET", "/api/v1/me", "").want(t, 200); m.text("unit.id") != "housing" || m.text("person.name") == "" {
		t.Errorf("%s", m.bytes)
	}
	if m := x.call(t, "", "GET", "/api/v1/me", "").want(t, 200); m.at("person") != nil || m.text("roles.0") != "public" {
		t.Errorf("%s", m.bytes)
	}
	t.Run("the cookie of the pages is a session too", func(t *testing.T) {
		if m := x.call(t, "", "GET", "/api/v1/me", "", "Cookie", "bihuan="+head).want(t, 200); m.text("unit.id") != "housing" {
			t.Errorf("%s", m.bytes)
		}
		x.call(t, "", "GET", "/api/v1/me", "", "Cookie", "bihuan="+strings.Repeat("0", 64)).want(t, 200)
	})
	t.Run("a token that opens nothing is refused", func(t *testing.T) {
		r := x.call(t, strings.Repeat("0", 64), "GET", "/api/v1/me", "")
		r.problem(t, 401, "token-invalid", "")
		if got := r.header.Get("WWW-Authenticate"); !strings.Contains(got, "invalid_token") {
			t.Errorf("WWW-Authenticate %q", got)
		}
		x.call(t, "", "GET", "/api/v1/me", "", "Authorization", "Basic eDp5").problem(t, 401, "token-invalid", "")
	})
	t.Run("another site's page cannot write with the cookie", func(t *testing.T) {
		r := x.raw("POST", "/api/v1/reports", map[string]string{"Cookie": "bihuan=" + head, "Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}, "x")
		if r.Code != 403 || !strings.Contains(r.Body.String(), "cross-origin") || r.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%d %s", r.Code, r.Body)
		}
	})
}

func TestNoSuchMethod(t *testing.T) {
	r := shared.raw("DELETE", "/api/v1/goals", nil, "")
	if r.Code != 405 || r.Header().Get("Allow") != "GET" || r.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d, Allow %q, %s", r.Code, r.Header().Get("Allow"), r.Body)
	}
	if r := shared.raw("GET", "/api/v2/goals", nil, ""); r.Code != 404 || !strings.Contains(r.Body.String(), "no-such-method") {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

func TestTheRest(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	if n := len(x.call(t, "", "GET", "/api/v1/units", "").want(t, 200).list("items")); n < 20 {
		t.Errorf("%d units", n)
	}
	if n := len(x.call(t, office, "GET", "/api/v1/packs", "").want(t, 200).list("items")); n < 6 {
		t.Errorf("%d packs", n)
	}
	p := x.call(t, office, "GET", "/api/v1/packs/works", "").want(t, 200)
	if p.text("matters.0.kind") != "works/site" || len(p.list("matters.0.acts")) < 10 || p.text("matters.0.acts.0.form.type") != "object" {
		t.Errorf("%.500s", p.bytes)
	}
	x.call(t, office, "GET", "/api/v1/packs/nothing", "").problem(t, 404, "not-found", "")
	x.call(t, "", "GET", "/api/v1/packs", "").want(t, 401)
	v := x.call(t, "", "GET", "/api/v1/verify", "").want(t, 200)
	if v.at("ok") != true || len(v.text("head")) != 64 || v.text("note.zh") == "" {
		t.Errorf("%s", v.bytes)
	}
	x.call(t, "", "GET", "/api/openapi.json", "").want(t, 200)
	a, b := x.call(t, "", "GET", "/demo/persons.json", "").want(t, 200), x.call(t, "", "GET", "/demo/persons.json", "").want(t, 200)
	if !bytes.Equal(a.bytes, b.bytes) {
		t.Error("a person's token changes from one request to the next")
	}
}
