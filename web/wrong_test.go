package web

import (
	"net/url"
	"strings"
	"testing"

	"bihuan/ground/name"
)

// TestWhatWentWrongIsSaidInItsHeading: somebody who has to sign in, who lacks a right and who mistyped an address read different
// headings, each with what to do.
func TestWhatWentWrongIsSaidInItsHeading(t *testing.T) {
	h := stand(t)
	handler := h.one("housing", "handler")
	for _, c := range []struct {
		who                  name.Person
		lang, path           string
		status               int
		heading, does, lacks string
	}{
		{"", "zh", "/cockpit", 403, "请先登录", `.acts a[href="/signin"]`, "您的岗位"},
		{handler, "zh", "/audit", 403, "没有权限", `.acts a[href^="/rights/why"]`, "请先登录"},
		{handler, "en", "/audit", 403, "Not permitted", `.acts a[href="/"]`, "Please sign in"},
		{handler, "zh", "/nowhere", 404, "找不到", `.acts a[href="/"]`, "返回上一页修改"},
		{"", "en", "/open/matters/220105-0", 404, "Not found", `.acts a[href="/"]`, "change what you entered"},
	} {
		w := h.ask(c.who, c.lang, "GET", c.path, nil)
		if w.Code != c.status {
			t.Errorf("%s is answered with %d, want %d", c.path, w.Code, c.status)
			continue
		}
		p := parse(t, w)
		p.Contains("h1", c.heading)
		p.Contains("title", c.heading)
		p.Has(c.does)
		if text := p.Text("main"); strings.Contains(text, c.lacks) {
			t.Errorf("%s reads %q", c.path, text)
		}
	}
}

// TestWhatWasWrittenIsNotLostWithTheSession: whoever is signed out while a form is open finds the text of it to copy. What is secret, short or
// sent by nobody's form is not shown.
func TestWhatWasWrittenIsNotLostWithTheSession(t *testing.T) {
	h := stand(t)
	_, id := h.openSite()
	text := "主体完工，正在外墙施工，“月底”可以完成。"
	w := h.ask("", "zh", "POST", "/matters/"+id+"/acts/report-progress", url.Values{"command": {"aaaaaaaaaaaaaaaaaaaa"}, "f.note": {text}, "f.percent": {"50"}, "password": {"correct horse battery"}})
	if w.Code != 403 {
		t.Fatalf("status %d", w.Code)
	}
	p := parse(t, w)
	if got := p.First("textarea[readonly]").Text(); got != text {
		t.Errorf("of what was written %q is left", got)
	}
	if all := p.Text("main"); strings.Contains(all, "horse") || strings.Contains(all, "aaaaaaaa") || len(p.All("textarea")) != 1 {
		t.Errorf("the page says %q", all)
	}
	parse(t, h.ask("", "zh", "GET", "/matters/"+id+"/acts/report-progress?f.note="+url.QueryEscape(text), nil)).Lacks("textarea")
}
