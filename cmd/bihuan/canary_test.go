//go:build long

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/personal"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/kernel/journal"
	"bihuan/mcp"
	"bihuan/pack"
)

// canary is a value of a person that no answer may hold.
type canary struct{ class, field, value string }

// planted is what the canary test has planted: matters, receipts, and every value.
type planted struct {
	ids      []name.ID
	receipts []string
	values   []canary
}

// plant files one matter for each way in which personal data comes in, with values that stand nowhere else.
func plant(c *crawler) (p planted) {
	c.Helper()
	n := 0
	person := func(class string, fields ...string) map[string]string {
		with := map[string]string{}
		for _, f := range fields {
			n++
			v := fmt.Sprintf("金丝雀%c%c", '㐀'+rune(n), '㑀'+rune(n)) // a name of characters that nothing else has
			switch {
			case strings.Contains(f, "phone"):
				v = fmt.Sprintf("1990000%04d", 7100+n)
			case f == "email":
				v = fmt.Sprintf("canary%d@nowhere.example", 7100+n)
			case strings.Contains(f, "address"):
				v = fmt.Sprintf("雀鸣小区%d栋%d单元", 7100+n, n)
			case f == "wish":
				v = fmt.Sprintf("请删去雀号%d的记录", 7100+n)
			}
			with[f] = v
			p.values = append(p.values, canary{class, f, v})
		}
		return with
	}
	start := func(who desk.Caller, do desk.Do, more ...desk.Do) {
		c.Helper()
		done, err := c.h.desk.Chain(c.Context(), who, append([]desk.Do{do}, more...)...)
		if err != nil {
			c.Fatal(do.Kind, err)
		}
		p.ids = append(p.ids, done.Matter)
	}
	with := func(m map[string]string, more ...string) map[string]string {
		for i := 0; i+1 < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	op, _ := c.h.desk.Directory().Caller(c.h.desk.Directory().Of("hotline-centre", "call-operator")[1].Key, "zh")
	start(op, desk.Do{Kind: "hotline/call", Act: "take", With: with(person("S", "caller", "phone", "caller-address"), "title", "路灯不亮", "text", "楼下路灯不亮")})
	start(op, desk.Do{Kind: "hotline/call", Act: "take", With: with(person("H", "caller", "phone", "caller-address"), "title", "工地夜间施工", "secret", "yes", "demand", "tip")},
		desk.Do{Act: "send", With: map[string]string{"unit": "housing", "why-unit": "施工归住建"}})

	r := doors.New(c.h.desk)
	services, err := r.Services(c.Context(), pack.People)
	if err != nil || len(services) == 0 {
		c.Fatal(len(services), err)
	}
	own := person("S", "reporter", "phone", "email")
	f := doors.Filing{Door: services[0].Door.Key, Service: services[0].Code, Text: "井盖松动，夜里响", Address: "东盛大街", Place: "125.35,43.88", Name: own["reporter"], Phone: own["phone"], Email: own["email"],
		Receipt: doors.NewReceipt(systemChance)}
	filed, err := r.File(c.Context(), desk.Nobody, pack.People, f)
	if err != nil {
		c.Fatal(err)
	}
	p.ids, p.receipts = append(p.ids, filed.Matter), append(p.receipts, f.Receipt)

	ask := person("S", "asker", "phone", "wish")
	if _, err := c.h.persons.Ask(c.Context(), personal.Wish{What: "erase", Subject: string(filed.Matter), Asker: ask["asker"], Phone: ask["phone"], Text: ask["wish"]}); err != nil {
		c.Fatal(err)
	}
	page, err := c.h.store.Rows(c.Context(), journal.Query{Log: c.h.desk.District(), Now: c.h.desk.Now(), Scope: journal.Scope{All: true}, Kinds: []string{personal.RequestKind}, Order: journal.ByOpened, Limit: 10})
	if err != nil || len(page.Rows) != 1 {
		c.Fatal(len(page.Rows), err)
	}
	p.ids = append(p.ids, page.Rows[0].Stream)
	return p
}

// unpacked is an answer's body with what is zipped in it beside it.
func unpacked(w *httptest.ResponseRecorder) []byte {
	b := w.Body.Bytes()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return b
	}
	all := slices.Clone(b)
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			part, _ := io.ReadAll(io.LimitReader(r, 32<<20))
			all = append(all, part...)
			r.Close()
		}
	}
	return all
}

// TestBar_A03_NoCanaryLeavesItsCell plants a person for each way in which personal data comes in and for each class, asks every route as every
// role for the lists, the matters themselves, exports, searches, templates, feeds and what is wrongly asked, and looks for any of the values in what is answered,
// in its headers and in the log. The one cell where they may stand is shown to hold them.
func TestBar_A03_NoCanaryLeavesItsCell(t *testing.T) {
	var lines bytes.Buffer
	few := []name.Role{"leader", "head", "handler", "operator", "call-operator", "auditor", "data-officer", "sysadmin"}
	if bar.Nightly() {
		few = nil
	}
	c := newCrawler(t, few...)
	c.h.log = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c.h.pace = nil // one address asks thousands of times
	clockless, err := c.h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.handler = clockless // with the log that is looked at, and no demo
	p := plant(c)
	if err := c.h.search.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	allowed := c.cell(&p) // before the scan, which uses up what one address may ask
	hits := 0
	look := func(what string, b []byte) {
		for _, v := range p.in(b) {
			hits++
			t.Errorf("%s holds the %s of class %s", what, v.field, v.class)
		}
	}
	seen := map[string]bool{}
	for _, rt := range c.routes {
		if rt.Action == access.LogVerify || strings.HasPrefix(rt.Pattern, "/demo/") {
			continue // replays the log, which holds none: the test of the vault says so
		}
		if rt.Pattern == "/signout" {
			continue // after it nobody would be somebody
		}
		for i := range c.roles {
			r := &c.roles[i]
			for _, path := range pathsOf(rt, &p) {
				w := c.ask(r, rt, path, url.Values{"why": {"verify"}, "do": {"look"}, "command": {"x"}})
				what := fmt.Sprintf("%s %s as %q: %d", rt.Method, path, r.name, w.Code)
				look(what, unpacked(w))
				for _, values := range w.Header() {
					look(what+", its headers", []byte(strings.Join(values, "\n")))
				}
				seen[rt.Pattern] = seen[rt.Pattern] || w.Code < 400
			}
		}
	}
	assisted := c.assisted(&p, look)
	look("the log", lines.Bytes())
	answered := 0
	for _, is := range seen {
		if is {
			answered++
		}
	}
	if answered < 70 || lines.Len() == 0 {
		t.Errorf("%d routes answered, %d bytes of log: the scan has looked at too little", answered, lines.Len())
	}
	leaks := c.leaks(&p)
	bar.Report(t, "A-03", "%d values of persons of classes S and H planted by %d ways, %d answers of %d routes to %d roles, their headers, exports, searches, %d answers to assistants and %d bytes of log scanned: %d canaries; the %d allowed cells hold them; %d leaks that were planted were found",
		len(p.values), len(p.ids), c.asked, len(seen), len(c.roles), assisted, lines.Len(), hits, allowed, leaks)
}

// in returns the planted values that bytes hold: as they are, as an address writes them, as HTML and as JSON do.
func (p *planted) in(b []byte) (held []canary) {
	for _, v := range p.values {
		quoted := strings.Trim(strconv.QuoteToASCII(v.value), `"`)
		for _, form := range []string{v.value, url.QueryEscape(v.value), url.PathEscape(v.value), html.EscapeString(v.value), quoted} {
			if bytes.Contains(b, []byte(form)) {
				held = append(held, v)
				break
			}
		}
	}
	return held
}

// assisted asks as an assistant of each role for every planted matter and for half of a name and of a number, and looks through the answers; it
// returns how many there were.
func (c *crawler) assisted(p *planted, look func(string, []byte)) (n int) {
	c.Helper()
	asked := []string{`{"name":"search_matters","arguments":{"text":"金丝雀"}}`, `{"name":"search_matters","arguments":{"text":"19900007"}}`, `{"name":"list_overdue","arguments":{}}`}
	for _, id := range p.ids {
		asked = append(asked, `{"name":"read_matter","arguments":{"matter":"`+string(id)+`"}}`)
	}
	read := 0
	for i := range c.roles {
		r := &c.roles[i]
		if r.secret == "" {
			continue
		}
		session := ""
		say := func(body string) *httptest.ResponseRecorder {
			q := request("POST", mcp.Path, strings.NewReader(body))
			for k, v := range map[string]string{"Authorization": "Bearer " + r.secret, "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
				"Mcp-Protocol-Version": "2025-06-18", "Mcp-Session-Id": session} {
				if v != "" {
					q.Header.Set(k, v)
				}
			}
			w := httptest.NewRecorder()
			ctx, cancel := context.WithTimeout(c.Context(), 20*time.Second)
			defer cancel()
			c.handler.ServeHTTP(w, q.WithContext(ctx))
			return w
		}
		w := say(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
		session = w.Header().Get("Mcp-Session-Id")
		say(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
		for j, params := range asked {
			w := say(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":%s}`, j+2, params))
			look(fmt.Sprintf("the assistant of %q, asked %s: %d", r.name, params, w.Code), w.Body.Bytes())
			if n++; strings.Contains(w.Body.String(), `"structuredContent"`) && strings.Contains(params, "read_matter") {
				read++
			}
		}
	}
	if read == 0 {
		c.Errorf("of %d answers to assistants none tells a matter: the scan has looked at nothing", n)
	}
	return n
}

// leaks plants a defect into what is answered, once for each value and each way of writing it, and wants the scan to see it.
func (c *crawler) leaks(p *planted) (n int) {
	c.Helper()
	for i, v := range p.values {
		inJSON, _ := json.Marshal(map[string]string{"title": v.value})
		for form, leak := range map[string]string{"a page": "<td>" + html.EscapeString(v.value) + "</td>", "JSON": string(inJSON), "JSON in ASCII": "{\"title\":" + strconv.QuoteToASCII(v.value) + "}",
			"an address": "/search?q=" + url.QueryEscape(v.value), "a header": "attachment; filename*=UTF-8''" + url.PathEscape(v.value)} {
			if held := p.in([]byte("before " + leak + " after")); len(held) != 1 || held[0] != v {
				c.Errorf("the %s of class %s leaks by %s and is not seen: %v", v.field, v.class, form, held)
				continue
			}
			n++
		}
		sheet := httptest.NewRecorder() // in a workbook it lies zipped
		z := zip.NewWriter(sheet)
		f, err := z.Create("xl/sharedStrings.xml")
		if err == nil {
			_, err = f.Write([]byte("<si><t>" + v.value + "</t></si>"))
		}
		if err = errors.Join(err, z.Close()); err != nil {
			c.Fatal(err)
		}
		if held := p.in(unpacked(sheet)); len(held) != 1 || held[0] != p.values[i] {
			c.Errorf("the %s of class %s leaks by a workbook and is not seen", v.field, v.class)
			continue
		}
		n++
	}
	leaky := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a page that shows what is kept
		values, err := c.h.desk.Held(r.Context(), p.ids[0])
		fmt.Fprintln(w, values["phone"], err)
	})
	whole := c.handler
	c.handler = leaky
	w := c.ask(&c.roles[0], access.Route{Method: "GET", Pattern: "/leak"}, "/leak", nil)
	c.handler = whole
	if len(p.in(unpacked(w))) != 1 {
		c.Errorf("a page that shows a value out of the vault is not seen: %s", w.Body)
	}
	return n + 1
}

// pathsOf are the addresses of a route that are asked for: each planted matter, each format, each planted receipt, and searches
// for half of a name and of a number.
func pathsOf(rt access.Route, p *planted) (all []string) {
	base := []string{rt.Pattern}
	if strings.Contains(rt.Pattern, "{receipt}") {
		base = nil
		for _, r := range p.receipts {
			base = append(base, strings.ReplaceAll(rt.Pattern, "{receipt}", r))
		}
	}
	if strings.Contains(rt.Pattern, "{format}") {
		one := base[0]
		base = []string{strings.ReplaceAll(one, "{format}", "csv"), strings.ReplaceAll(one, "{format}", "xlsx"), strings.ReplaceAll(one, "{format}", "json")}
	}
	for _, b := range base {
		at := rt
		at.Pattern = b
		if nounOf(rt) == "matter" || strings.HasPrefix(rt.Pattern, "/personal/{id}") || strings.Contains(rt.Pattern, "/matters/{id}") {
			for _, id := range p.ids {
				all = append(all, pathOf(at, id))
			}
			continue
		}
		path := pathOf(at, absent)
		all = append(all, path)
		if rt.Method == "GET" && (strings.HasSuffix(rt.Pattern, "/search") || strings.HasSuffix(rt.Pattern, "/matters") || strings.HasSuffix(rt.Pattern, "/desk") || strings.HasSuffix(rt.Pattern, "/list")) {
			all = append(all, path+"?q="+url.QueryEscape("金丝雀"), path+"?q=19900007", path+"?text="+url.QueryEscape("金丝雀"))
		}
		if strings.Contains(rt.Pattern, "/template") {
			for _, id := range p.ids {
				all = append(all, path+"?matter="+string(id))
			}
		}
	}
	return all
}

// cell looks at the cells where the values may stand: shown once to who has a task, and to the person; it returns how many hold them.
func (c *crawler) cell(p *planted) (n int) {
	c.Helper()
	held := func(body string, of ...int) {
		for _, i := range of {
			if !strings.Contains(body, p.values[i].value) {
				c.Errorf("the cell of %s does not hold it: the test shows nothing", p.values[i].field)
				continue
			}
			n++
		}
	}
	for i := range c.roles {
		if r := &c.roles[i]; r.name == "call-operator" {
			rt := access.Route{Method: "POST", Pattern: "/matters/{id}/unmask"}
			w := c.ask(r, rt, "/matters/"+string(p.ids[0])+"/unmask", url.Values{"why": {"verify"}, "reason": {"核对地点"}})
			held(w.Body.String(), 0, 1, 2)
		}
	}
	w := c.ask(&c.roles[0], access.Route{Method: "POST", Pattern: "/receipts/{receipt}/data"}, "/receipts/"+p.receipts[0]+"/data", url.Values{"do": {"export"}, "proof": {p.values[7].value}})
	held(w.Body.String(), 6, 7, 8)
	return n
}
