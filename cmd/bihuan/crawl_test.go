//go:build long

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/api"
	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
	"bihuan/internal/people"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/open311"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/web"
)

// crawler goes through every route as one person of each role, and as nobody.
type crawler struct {
	*testing.T
	h       *house
	handler http.Handler
	routes  []access.Route
	roles   []role
	asked   int
	filed   alien // a case with a photo
}

// role is somebody who asks: the first person with a role.
type role struct {
	name   name.Role
	who    desk.Caller
	secret string
	own    map[string]name.ID // by type of object, empty where there is none
	alien  map[string][]alien
}

// alien is what is somebody else's: one object of each kind.
type alien struct {
	id    name.ID
	title string // must not be told
	file  string // the hash of a file of it
	open  bool   // what is public of it may be told where everybody may ask
}

// newCrawler stands the demo up, with nobody and with one person of each role, or of those named only.
func newCrawler(t *testing.T, only ...name.Role) *crawler {
	t.Helper()
	h, clock := standDemo(t)
	handler, err := h.faces(h.demo(clock))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	c := &crawler{T: t, h: h, handler: handler, routes: slices.Concat(web.Routes(), api.Routes(), open311.Routes())}
	c.file()
	c.roles = append(c.roles, c.cast("", desk.Nobody))
	for _, row := range policy.Roles() {
		r := row.Role
		if len(only) > 0 && !slices.Contains(only, r) {
			continue
		}
		for _, p := range h.desk.Directory().Persons {
			if !slices.Contains(p.Roles, r) {
				continue
			}
			who, _ := h.desk.Directory().Caller(p.Key, "zh")
			c.roles = append(c.roles, c.cast(r, who))
			break
		}
	}
	return c
}

// file has a collector report a case with a photo, so that there is a file that most may not read.
func (c *crawler) file() {
	c.Helper()
	f, err := desk.Upload("evidence", "现场.png", "image/png", corpus.PNG(1))
	if err != nil {
		c.Fatal(err)
	}
	all := c.h.desk.Directory().Of("watch-centre", "collector")
	if len(all) == 0 {
		c.Fatal("nobody collects")
	}
	who, _ := c.h.desk.Directory().Caller(all[0].Key, "zh")
	done, err := c.h.desk.Start(c.Context(), who, desk.Do{Kind: "urban/case", Act: "collect", Files: []journal.File{f},
		Evidence: []matter.Evidence{{Kind: matter.Photo, File: f.Hash.String(), Name: f.Name}},
		With:     map[string]string{"title": "路面冒水", "class": "E05001", "condition": "E05001-1", "area": "220105001", "place": "125.358,43.865", "address": "东盛大街"}})
	if err != nil {
		c.Fatal(err)
	}
	c.filed = alien{done.Matter, "路面冒水", f.Hash.String(), true}
}

// cast finds what is a person's own and what is not theirs to see.
func (c *crawler) cast(called name.Role, who desk.Caller) role {
	c.Helper()
	ctx := c.Context()
	r := role{name: called, who: who, own: map[string]name.ID{}, alien: map[string][]alien{}}
	if !who.IsNobody() {
		var err error
		if r.secret, err = people.SignIn(ctx, c.h.people, who.Person); err != nil {
			c.Fatal(err)
		}
	}
	for noun, kind := range map[string]ledger.StreamKind{"matter": ledger.Matter, "goal": ledger.Indicator} {
		page, err := c.h.store.Rows(ctx, journal.Query{Log: c.h.desk.District(), Now: c.h.desk.Now(), Noun: kind, Scope: journal.Scope{All: true}, Order: journal.ByOpened, Limit: 500})
		if err != nil || len(page.Rows) == 0 {
			c.Fatal(noun, err)
		}
		kinds := map[string]bool{}
		for i := range page.Rows {
			row := &page.Rows[i]
			if c.sees(who, noun, row.Stream) {
				r.own[noun] = row.Stream
			} else if !row.Public && !kinds[row.Kind] { // what is public may be told of
				kinds[row.Kind] = true
				r.alien[noun] = append(r.alien[noun], alien{row.Stream, row.Title, "", false})
			}
		}
	}
	if !c.sees(who, "matter", c.filed.id) {
		r.alien["matter"] = append(r.alien["matter"], c.filed)
	}
	return r
}

func (c *crawler) sees(who desk.Caller, noun string, id name.ID) bool {
	var err error
	if noun == "goal" {
		_, err = c.h.desk.Goal(c.Context(), who, id)
	} else {
		_, err = c.h.desk.Matter(c.Context(), who, id)
	}
	return err == nil
}

// ask sends a request as its own site would.
func (c *crawler) ask(r *role, rt access.Route, path string, form url.Values) *httptest.ResponseRecorder {
	c.Helper()
	media, body := "", ""
	if rt.Method == "POST" {
		media, body = "application/x-www-form-urlencoded", form.Encode()
		if strings.HasPrefix(rt.Pattern, "/api/") {
			media, body = "application/json", "{}"
		}
	}
	q := request(rt.Method, path, strings.NewReader(body))
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	if media != "" {
		q.Header.Set("Content-Type", media)
		q.Header.Set("If-Match", "*")
		q.Header.Set("Idempotency-Key", fmt.Sprint("crawl-", c.asked))
	}
	if r.secret != "" {
		q.AddCookie(&http.Cookie{Name: "bihuan", Value: r.secret})
	}
	w := httptest.NewRecorder()
	ctx, cancel := context.WithTimeout(c.Context(), 20*time.Second)
	defer cancel()
	c.handler.ServeHTTP(w, q.WithContext(ctx))
	c.asked++
	if w.Code >= 500 {
		c.Errorf("%s %s as %s: %d %s", rt.Method, path, r.name, w.Code, clipped(w.Body.String()))
	}
	return w
}

func clipped(s string) string { return s[:min(300, len(s))] }

// absent is an id like any other that nothing has.
const absent = name.ID("220105-0192f7e0-0000-7000-8000-0000000000aa")

// filled are the values of parameters that name nothing that belongs to somebody.
var filled = map[string]string{"{format}": "csv", "{pack}": "promise", "{month}": "2023-09", "{unit}": "housing", "{card}": "main", "{register}": "street", "{code}": "denied",
	"{hash}": strings.Repeat("ab", 32), "{draft}": "s1", "{z}": "10", "{x}": "868", "{y}": "374.mvt", "{layer}": "grid", "{file}": "nobody.ics", "{receipt}": "ABCD-EFGH-JKLM-NPQR",
	"{door}": "sensor", "{template}": "receipt", "{act}": "sign", "{$}": ""}

// nounOf tells of what an {id} in a pattern is.
func nounOf(rt access.Route) string {
	switch {
	case strings.Contains(rt.Pattern, "/goals/{id}") || strings.Contains(rt.Pattern, "/promises/{id}"):
		return "goal"
	case strings.Contains(rt.Pattern, "/matters/{id}") || strings.Contains(rt.Pattern, "/desk/calls/{id}") || strings.Contains(rt.Pattern, "/desk/cases/{id}") || strings.Contains(rt.Pattern, "/collect/{id}"):
		return "matter"
	}
	return ""
}

func pathOf(rt access.Route, id name.ID) string {
	path := strings.NewReplacer("/boards/{pack}/{card}", "/boards/urban/monthly", "/registers/{pack}/{register}", "/registers/erdao/street",
		"/template/{template}", "/template/order-sheet", "{id}", string(id)).Replace(rt.Pattern)
	for k, v := range filled {
		path = strings.ReplaceAll(path, k, v)
	}
	return path
}

// volatile is what differs between two answers to the same question.
var volatile = regexp.MustCompile(`220105-[0-9a-f-]{36}|[0-9a-f]{32,64}|\b\d{4}-\d\d-\d\dT[0-9:.+Z]+`)

func classOf(w *httptest.ResponseRecorder) string {
	h := w.Header()
	return fmt.Sprint(w.Code, h.Get("Content-Type"), volatile.ReplaceAllString(h.Get("Location"), "*"), "\n", volatile.ReplaceAllString(w.Body.String(), "*"))
}

// recorded are the addresses whose reading is itself a record: what an auditor takes out.
var recorded = map[string]bool{"/audit/export/{format}": true}

// TestBar_A02_NothingLeaksOnAnyRoute asks every route as every role for what is the caller's own, what is somebody else's and what
// does not exist. What a role may not do at all is refused; what is somebody else's looks like what does not exist, to
// the letter; no reading changes anything; nothing breaks.
func TestBar_A02_NothingLeaksOnAnyRoute(t *testing.T) {
	c := newCrawler(t)
	refused, foreign := 0, 0
	was, _, err := c.h.store.Head(t.Context(), c.h.desk.District())
	if err != nil {
		t.Fatal(err)
	}
	for _, rt := range c.routes {
		decl, ok := access.Lookup(rt.Action)
		if !ok || !slices.Contains(decl.On, rt.On) {
			t.Errorf("%s %s declares no permission", rt.Method, rt.Pattern)
		}
		for i := range c.roles {
			r := &c.roles[i]
			if !rt.Open && !rt.Keyed && !c.h.desk.Holds(r.who, rt.Action, rt.On) {
				refused++
				if w := c.ask(r, rt, pathOf(rt, absent), nil); w.Code != 401 && w.Code != 403 && w.Code != 404 {
					t.Errorf("%s %s as %s, who may not: %d", rt.Method, rt.Pattern, r.name, w.Code)
				}
			}
			foreign += c.compare(r, rt)
		}
	}
	if now, _, err := c.h.store.Head(t.Context(), c.h.desk.District()); err != nil || now != was {
		t.Errorf("being refused wrote %d events, %v", now-was, err)
	}
	reached := map[string]bool{}
	for _, rt := range c.routes {
		if rt.Method != "GET" || strings.HasPrefix(rt.Pattern, "/demo/cheat") {
			continue
		}
		for i := range c.roles {
			r := &c.roles[i]
			if rt.Action == access.LogVerify && i > 0 {
				continue // replays the whole chain
			}
			noun := nounOf(rt)
			if id, has := r.own[noun]; has || noun == "" {
				before, _, _ := c.h.store.Head(t.Context(), c.h.desk.District())
				w := c.ask(r, rt, pathOf(rt, id), nil)
				if after, _, _ := c.h.store.Head(t.Context(), c.h.desk.District()); after != before && !recorded[rt.Pattern] {
					t.Errorf("reading %s as %s wrote %d events", rt.Pattern, r.name, after-before)
				}
				reached[rt.Pattern] = reached[rt.Pattern] || w.Code < 400
			}
		}
	}
	answered := 0
	for pattern, is := range reached {
		if is {
			answered++
		} else if !strings.ContainsAny(pattern, "{") && !strings.HasSuffix(pattern, "/search") && !strings.HasPrefix(pattern, "/log/") && !needy[pattern] {
			t.Errorf("%s was answered to nobody: the crawl does not reach it", pattern)
		}
	}
	if foreign < 200 || answered < 70 {
		t.Errorf("%d foreign objects, %d pages answered: the crawl has looked at too little", foreign, answered)
	}
	bar.Report(t, "A-02", "%d routes × %d roles, %d requests: %d refused for want of a permission, %d foreign objects looked absent, 0 leaks", len(c.routes), len(c.roles), c.asked, refused, foreign)
}

// needy are pages that answer nobody without what the crawl does not have: a question, a kind, a firm of one's own, authorities of
// certificates in the configuration. The tests of the pages ask for them.
var needy = map[string]bool{"/rights/why": true, "/collect/new": true, "/firm/agents": true, "/firm/matters": true, "/signin/certificate": true}

// compare asks for what is somebody else's and for what does not exist, and returns how many were compared.
func (c *crawler) compare(r *role, rt access.Route) int {
	c.Helper()
	noun := nounOf(rt)
	form := url.Values{"version": {"1"}, "act": {"sign"}, "purpose": {"handle"}, "reason": {"试试"}, "command": {strings.Repeat("0", 32)}}
	for _, a := range r.alien[noun] {
		if a.open && (rt.Open || rt.Action == access.PublicRead) {
			continue
		}
		with := func(id name.ID) string {
			path := pathOf(rt, id)
			if a.file != "" {
				path = strings.Replace(path, filled["{hash}"], a.file, 1)
			}
			return path
		}
		none, asked := c.ask(r, rt, with(absent), form), []name.ID{a.id}
		if own, has := r.own[noun]; has && a.file != "" && strings.Contains(rt.Pattern, "{hash}") {
			asked = append(asked, own) // somebody else's file below something of one's own
		}
		for _, id := range asked {
			theirs := c.ask(r, rt, with(id), form)
			if a, b := classOf(theirs), classOf(none); a != b {
				c.Errorf("%s %s as %s: somebody else's is answered\n%s\nand what does not exist\n%s", rt.Method, rt.Pattern, r.name, clipped(a), clipped(b))
			}
			if a.title != "" && strings.Contains(theirs.Body.String(), a.title) {
				c.Errorf("%s %s as %s tells %q", rt.Method, rt.Pattern, r.name, a.title)
			}
		}
	}
	return len(r.alien[noun])
}
