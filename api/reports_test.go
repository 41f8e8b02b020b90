//go:build !race

package api_test

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ours is a report of our own, with a fact, commitments of several shapes and one that has no lead unit.
const ours = `二道区政府工作报告（接口测试文本）

一、2022年工作回顾

过去一年，改造老旧小区25个。

二、2023年工作安排

新的一年，我们要做好以下工作。新建口袋公园%s个。新增城镇就业%s人。学前教育普惠率达到%s%%。
`

// text returns the report with figures of its own, so that no other test has published its statements.
func text(parks, jobs, rate string) string {
	return strings.Replace(strings.Replace(strings.Replace(strings.Replace(ours, "%s", parks, 1), "%s", jobs, 1), "%s", rate, 1), "%%", "%", 1)
}

func TestAReportBecomesGoals(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	k := key()
	body := `{"text":` + quote(text("13", "4321", "83")) + `,"title":"接口测试报告"}`
	r := x.call(t, office, "POST", "/api/v1/reports", body, "Idempotency-Key", k).want(t, 201)
	if r.text("title") != "接口测试报告" || r.text("year") != "2023" || len(r.list("statements")) != 4 || r.text("count") != "4" {
		t.Fatalf("%s", r.bytes)
	}
	if s := r.list("statements")[1]; s.text("kind") != "commitment" || s.text("value") != "13" || s.text("text") != "13个" {
		t.Errorf("the second statement is %v", s.body)
	}
	again := x.call(t, office, "POST", "/api/v1/reports", body, "Idempotency-Key", k).want(t, 201)
	if !bytes.Equal(again.bytes, r.bytes) {
		t.Errorf("first %s then %s", r.bytes, again.bytes)
	}
	x.call(t, office, "POST", "/api/v1/reports", strings.Replace(body, "13个", "14个", 1), "Idempotency-Key", k).problem(t, 422, "key-reused", "Idempotency-Key")

	at := r.header.Get("Location")
	if n := len(x.call(t, office, "GET", at, "").want(t, 200).list("drafts")); n != 4 {
		t.Errorf("%d drafts", n)
	}
	pk := key()
	p := x.call(t, office, "POST", at+"/publish", "", "Idempotency-Key", pk).want(t, 200)
	if len(p.list("goals"))+len(p.list("skipped")) != 3 || len(p.list("goals")) < 2 {
		t.Fatalf("%s", p.bytes)
	}
	if again := x.call(t, office, "POST", at+"/publish", "", "Idempotency-Key", pk).want(t, 200); !bytes.Equal(again.bytes, p.bytes) {
		t.Errorf("first %s then %s", p.bytes, again.bytes)
	}
	x.call(t, office, "POST", at+"/publish", `{"all":true}`, "Idempotency-Key", pk).problem(t, 422, "key-reused", "Idempotency-Key")
	x.call(t, office, "POST", "/api/v1/reports", strings.Replace(body, `"title":"接口`, `"year":2024,"title":"接口`, 1), "Idempotency-Key", k).problem(t, 422, "key-reused", "Idempotency-Key")
	x.call(t, office, "POST", at+"/publish", "").problem(t, 409, "nothing-to-publish", "")
	g := x.call(t, "", "GET", "/api/v1/goals/"+p.text("goals.0.id"), "").want(t, 200)
	if g.text("source.report") != r.text("id") || g.text("target.value") != "13" || g.at("actual") != nil && g.text("feed.mode") == "reported" {
		t.Errorf("%s", g.bytes)
	}
	for _, d := range p.list("goals") { // before there is a figure nobody knows what is still needed
		g := x.call(t, "", "GET", "/api/v1/goals/"+d.text("id"), "").want(t, 200)
		if r := g.at("reading.required"); g.at("actual") == nil && r != nil || g.at("actual") != nil && g.text("shape") == "accumulate" && r == nil {
			t.Errorf("%s needs %v a day with the figure %v", g.text("title"), r, g.at("actual"))
		}
	}
	if n := len(x.call(t, office, "GET", "/api/v1/reports", "").want(t, 200).list("items")); n < 2 {
		t.Errorf("%d reports", n)
	}
}

func TestPublishingSomeDrafts(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	r := x.call(t, office, "POST", "/api/v1/reports", text("17", "5432", "87"), "Content-Type", "text/plain; charset=utf-8").want(t, 201)
	at := r.header.Get("Location")
	var ids []string
	for _, d := range x.call(t, office, "GET", at, "").want(t, 200).list("drafts") {
		if d.text("state") == "proposed" && d.at("problem") == nil {
			ids = append(ids, d.text("id"))
		}
	}
	if len(ids) < 2 {
		t.Fatalf("drafts %v", ids)
	}
	x.call(t, office, "POST", at+"/publish", `{"drafts":["nothing"]}`).want(t, 404)
	x.call(t, office, "POST", at+"/publish", `{"drafts":[]}`).problem(t, 422, "nothing-chosen", "/drafts")
	x.call(t, x.as(t, "housing", "handler", 0), "POST", at+"/publish", "").want(t, 403)
	x.call(t, "", "POST", at+"/publish", "").want(t, 401)
	p := x.call(t, office, "POST", at+"/publish", `{"drafts":["`+ids[1]+`"]}`).want(t, 200)
	if len(p.list("goals")) != 1 || p.text("goals.0.draft") != ids[1] || len(p.list("skipped")) != 0 {
		t.Errorf("%s", p.bytes)
	}
	x.call(t, office, "POST", at+"/publish", `{"drafts":["`+ids[1]+`"]}`).problem(t, 409, "already-published", "/drafts")
	if p := x.call(t, office, "POST", at+"/publish", `{"all":true}`).want(t, 200); len(p.list("goals")) != len(ids)-1 {
		t.Errorf("%s", p.bytes)
	}
}

func TestReportsComeInManyWays(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	t.Run("as the file of a form", func(t *testing.T) {
		media, body := multipartBody(t, "", file{"file", "报告.md", []byte("# 报告\n\n" + text("19", "6543", "88"))}, file{"year", "", []byte("2023")})
		body = strings.Replace(body, `name="request"`, `name="title"`, 1)
		x.call(t, office, "POST", "/api/v1/reports", body, "Content-Type", media).want(t, 201)
	})
	t.Run("as bytes with a name", func(t *testing.T) {
		r := x.call(t, office, "POST", "/api/v1/reports?name=r.txt&title=%E6%B5%8B&year=2023", text("21", "7654", "89"), "Content-Type", "application/octet-stream").want(t, 201)
		if r.text("title") != "测" {
			t.Errorf("title %s", r.text("title"))
		}
	})
	t.Run("as curl sends it when it is told nothing", func(t *testing.T) {
		const media = "application/x-www-form-urlencoded"
		x.call(t, office, "POST", "/api/v1/reports", text("22", "8765", "91"), "Content-Type", media).want(t, 201)
		r := x.call(t, office, "POST", "/api/v1/reports", "title=a&text="+url.QueryEscape(text("23", "9876", "92")), "Content-Type", media).want(t, 201)
		if r.text("title") != "a" || len(r.list("statements")) != 4 {
			t.Errorf("%s", r.bytes)
		}
	})
	for _, c := range []struct {
		name, media, body string
		status            int
		code, about       string
	}{
		{"a PDF is told from text", "application/octet-stream", "%PDF-1.7\n", 422, "is-pdf", "/file"},
		{"a PDF that says so", "application/pdf", "%PDF-1.7\n", 415, "media-unsupported", "Content-Type"},
		{"text that says it is a PDF", "application/pdf", "新增就业2000人。", 415, "media-unsupported", "Content-Type"},
		{"nothing at all", "text/plain", "", 422, "is-empty", "/file"},
		{"nothing measurable", "application/json", `{"text":"今天天气很好。"}`, 422, "nothing-found", "/text"},
		{"no text", "application/json", `{"title":"x"}`, 422, "nothing-found", "/text"},
		{"a year that is none", "application/json", `{"text":"x","year":7}`, 422, "not-year", "/year"},
		{"broken JSON", "application/json", `{"text":`, 400, "json-broken", ""},
		{"JSON that goes on", "application/json", `{"text":"x"} x`, 400, "json-broken", ""},
		{"a key twice", "application/json", `{"text":"x","text":"y"}`, 400, "json-twice", "/text"},
		{"a key in other letters", "application/json", `{"Text":"x"}`, 422, "json-unknown", "/Text"},
		{"a key unknown", "application/json", `{"text":"x","force":true}`, 422, "json-unknown", "/force"},
		{"a value of the wrong type", "application/json", `{"text":7}`, 422, "json-type", "/text"},
		{"bytes that are no UTF-8", "application/json", "{\"text\":\"\xff\"}", 400, "json-broken", ""},
		{"too deep", "application/json", `{"text":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, 400, "json-too-deep", "/text" + strings.Repeat("/0", 31)},
		{"too much JSON", "application/json", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too-much", ""},
		{"too much of a file", "text/plain", strings.Repeat("好", 12<<20), 413, "too-large", "/file"},
		{"no type", " ", "x", 415, "media-unsupported", "Content-Type"},
		{"a form that is none", "multipart/form-data; boundary=b", "x", 400, "form-broken", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x.call(t, office, "POST", "/api/v1/reports", c.body, "Content-Type", c.media).problem(t, c.status, c.code, c.about)
		})
	}
}

// TestARealReport reads each of the real reports that are beside the house, when they are.
func TestARealReport(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "shared", "reports", "*.txt"))
	if len(files) == 0 {
		t.Skip("SKIPPED: no reports beside the house in ../shared/reports")
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	x, office := shared, shared.as(t, "office", "issuer", 0)
	r := x.call(t, office, "POST", "/api/v1/reports", string(b), "Content-Type", "text/plain").want(t, 201)
	p := x.call(t, office, "POST", r.header.Get("Location")+"/publish", "").want(t, 200)
	t.Logf("%d statements, %d goals, %d skipped", len(r.list("statements")), len(p.list("goals")), len(p.list("skipped")))
	if len(p.list("goals")) < 20 {
		t.Errorf("%d goals of %d statements", len(p.list("goals")), len(r.list("statements")))
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer("\n", `\n`, `"`, `\"`).Replace(s) + `"`
}
