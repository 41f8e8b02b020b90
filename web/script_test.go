//go:build long

package web

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
	"bihuan/kernel/journal"
)

// running returns what a page would run or load that is none of ours: scripts, handlers, addresses that are code, frames and elements that
// nobody of us writes. htmx's own attributes count as handlers where they come from a text.
func running(page string) (found []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "script":
				src, data := "", ""
				for _, a := range n.Attr {
					switch a.Key {
					case "src":
						src = a.Val
					case "type":
						data = a.Val
					}
				}
				if !strings.HasPrefix(src, "/assets/") && data != "application/json" && data != "speculationrules" && data != "importmap" {
					found = append(found, "script "+src)
				}
			case "iframe", "object", "embed", "base", "xss", "marquee", "math", "style", "foreignobject":
				found = append(found, n.Data)
			}
			for _, a := range n.Attr {
				v := strings.ToLower(strings.Map(func(r rune) rune {
					if r <= ' ' {
						return -1
					}
					return r
				}, a.Val))
				code := strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "vbscript:") || strings.HasPrefix(v, "data:text/") || strings.HasPrefix(v, "//evil") || strings.HasPrefix(v, "http://evil")
				isAddress := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction" || a.Key == "data" || a.Key == "srcset" || a.Key == "poster" || strings.HasPrefix(a.Key, "hx-")
				if strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" || a.Key == "style" || strings.HasPrefix(a.Key, "hx-on") || isAddress && code || strings.HasPrefix(a.Key, "hx-") && strings.Contains(v, "js:") {
					found = append(found, n.Data+" "+a.Key+"="+a.Val)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return found
}

// TestBar_I03_NoTextRuns puts texts that run where they are shown without care into every field of a matter, of a report at the door
// and of the pages' own addresses, and looks at every view of them.
func TestBar_I03_NoTextRuns(t *testing.T) {
	h := stand(t)
	office, handler := h.one("office", "issuer"), h.one("housing", "handler")
	all := corpus.Scripts()
	checks, shown := 0, 0
	look := func(what, page string) {
		t.Helper()
		checks++
		if strings.Contains(page, "220105)") {
			shown++
		}
		for _, f := range running(page) {
			t.Errorf("%s runs %.150s", what, f)
		}
	}
	text := func(i int) string {
		return strings.TrimSpace(strings.Map(func(r rune) rune { return map[rune]rune{'\x01': 'x', '\t': ' '}[r] | r }, all[i]))
	}
	title := func(s string) string { return string([]rune(s)[:min(200, len([]rune(s)))]) }
	for i := range all {
		form := url.Values{"command": {h.desk.NewCommand()}, "kind": {"works/site"}, "f.title": {title(text(i))}, "f.category": {"old-estate"}, "f.unit": {"housing"},
			"f.begin": {"2023-10-20"}, "f.due": {"2023-12-20"}, "f.size": {"1"}, "f.area": {"220105001"}}
		id, _, _ := strings.Cut(strings.TrimPrefix(h.follow(h.ask(office, "zh", "POST", "/matters", form)), "/matters/"), "?")
		if strings.Contains(text(i), "{{") {
			continue // the helper that sends a form takes that for a template's
		}
		act := h.act(handler, id, "start", map[string]string{"f.begun": "2023-10-16", "reason": text(i)}, map[string]string{"e.0": string(corpus.PNG(i))})
		if act.Code != 303 {
			t.Fatalf("start: %d", act.Code)
		}
		h.step(h.who(handler), name.ID(id), "report-progress", map[string]string{"percent": "50", "note": text(i)})
		for _, path := range []string{"/matters/" + id, "/matters/" + id + "/acts/report-progress", "/search?q=" + url.QueryEscape(text(i)), "/packs/works/list?q=" + url.QueryEscape(text(i))} {
			look(path, h.ask(handler, "zh", "GET", path, nil).Body.String())
		}
		// a form that is refused comes back with what was typed
		look("a form sent back", h.ask(office, "en", "POST", "/matters", url.Values{"kind": {"works/site"}, "f.title": {text(i)}, "f.size": {text(i)}, "f.begin": {text(i)}, "goal": {text(i)}, "command": {text(i)}, "reason": {text(i)}}).Body.String())
		look("the act sent back", h.ask(handler, "zh", "POST", "/matters/"+id+"/acts/report-progress", url.Values{"f.percent": {text(i)}, "f.note": {text(i)}, "version": {text(i)}}).Body.String())
		look("the door sent back", h.ask("", "zh", "POST", "/report", url.Values{"service": {text(i)}, "text": {text(i)}, "address": {text(i)}, "name": {text(i)}, "phone": {text(i)}, "place": {text(i)}, "receipt": {text(i)}}).Body.String())
		for _, path := range []string{"/report?service=", "/receipts?number=", "/receipts/", "/search?q=", "/open/matters?q=", "/open/map?kind=", "/desk?q=", "/desk?done=", "/matters/new?kind=", "/packs/works/list?state=", "/packs/", "/assessment/", "/goals?light=", "/routes?at=", "/boards?month="} {
			look(path, h.ask(office, "zh", "GET", path+url.PathEscape(text(i)), nil).Body.String())
		}
	}
	for _, path := range []string{"/desk", "/desk/cases", "/packs/works/list", "/packs/works/chart", "/cockpit", "/cockpit/brief", "/map/list", "/collect", "/desk/calendar"} {
		for _, who := range []name.Person{office, handler, h.one("government", "leader")} {
			look(path, h.ask(who, "zh", "GET", path, nil).Body.String())
		}
	}
	page, err := h.desk.Worklist(t.Context(), h.who(office), journal.Query{Kinds: []string{"works/site"}, Order: journal.ByOpened, Limit: 500})
	if err != nil || len(page.Rows) < len(all) || shown < len(all) {
		t.Errorf("%d matters, %d views show a text: too few were looked at; %v", len(page.Rows), shown, err)
	}
	if checks < 2000 {
		t.Errorf("only %d checks", checks)
	}
	bar.Report(t, "I-03", "%d texts that run × fields × views, %d pages examined, %d of them show the text, 0 run it", len(all), checks, shown)
}

// TestTheWatcherSees: what the examination looks for is found where it is.
func TestTheWatcherSees(t *testing.T) {
	for _, s := range corpus.Scripts()[:40] {
		if strings.HasPrefix(s, "<") && len(running("<!DOCTYPE html><body>"+s)) == 0 && !strings.HasPrefix(s, "<meta") && !strings.HasPrefix(s, "<link") && !strings.HasPrefix(s, "<svg><use") {
			t.Errorf("%q is not seen", s)
		}
	}
}
