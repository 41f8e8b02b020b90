//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/people"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/mcp"
)

// caller asks the whole house as one person, over its doors.
type caller struct {
	*testing.T
	handler http.Handler
	secret  string
}

func (c *caller) ask(method, path, body string, header map[string]string) *httptest.ResponseRecorder {
	q := request(method, path, strings.NewReader(body))
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	for k, v := range header {
		q.Header.Set(k, v)
	}
	if header["Authorization"] == "" {
		q.AddCookie(&http.Cookie{Name: "bihuan", Value: c.secret})
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, q)
	return w
}

// assistant calls a tool of the assistant's door and returns the answer.
func (c *caller) assistant(params string) string {
	header := map[string]string{"Authorization": "Bearer " + c.secret, "Content-Type": "application/json", "Accept": "application/json, text/event-stream", "Mcp-Protocol-Version": "2025-06-18"}
	w := c.ask("POST", mcp.Path, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`, header)
	if id := w.Header().Get("Mcp-Session-Id"); id != "" {
		header["Mcp-Session-Id"] = id
	}
	c.ask("POST", mcp.Path, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, header)
	return c.ask("POST", mcp.Path, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":`+params+`}`, header).Body.String()
}

// TestAnOrderOpensItsMatterAtEveryDoor asks each door for a case with a photo, as the head of the supervision office: before
// there is an order about it, while there is one, and after it was withdrawn. All doors say the same each time.
func TestAnOrderOpensItsMatterAtEveryDoor(t *testing.T) {
	ctx := t.Context()
	at := int64(calendar.NewDate(2023, 9, 27).At(9 * 60))
	h := peopledHouse(t, at, demoPeople())
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil {
		t.Fatal(err)
	}
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	of := func(unit name.Unit, role name.Role) desk.Caller {
		who, known := h.desk.Directory().Caller(h.desk.Directory().Of(unit, role)[0].Key, "zh")
		if !known {
			t.Fatal(unit, role)
		}
		who.Proved, who.Zone = at, "office"
		return who
	}
	head, supervisor := of("supervision", "head"), of("supervision", "supervisor")
	photo, err := desk.Upload("evidence", "现场.png", "image/png", corpus.PNG(1))
	if err != nil {
		t.Fatal(err)
	}
	const title = "路面塌陷待修"
	filed, err := h.desk.Start(ctx, of("watch-centre", "collector"), desk.Do{Kind: "urban/case", Act: "collect", Files: []journal.File{photo},
		Evidence: []matter.Evidence{{Kind: matter.Photo, File: photo.Hash.String(), Name: photo.Name}},
		With:     map[string]string{"title": title, "class": "E05001", "condition": "E05001-1", "area": "220105001", "place": "125.358,43.865", "address": "东盛大街"}})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := people.SignIn(ctx, h.people, head.Person)
	if err != nil {
		t.Fatal(err)
	}
	c, id := &caller{t, handler, secret}, string(filed.Matter)
	doors := map[string]func() bool{
		"its page":  func() bool { return c.ask("GET", "/matters/"+id, "", nil).Code == 200 },
		"its photo": func() bool { return c.ask("GET", "/matters/"+id+"/files/"+photo.Hash.String(), "", nil).Code == 200 },
		"the API":   func() bool { return c.ask("GET", "/api/v1/matters/"+id, "", nil).Code == 200 },
		"the API's photo": func() bool {
			return c.ask("GET", "/api/v1/matters/"+id+"/files/"+photo.Hash.String(), "", nil).Code == 200
		},
		"an assistant": func() bool {
			return strings.Contains(c.assistant(`{"name":"read_matter","arguments":{"matter":"`+id+`"}}`), title)
		},
		"assistant's list": func() bool {
			return strings.Contains(c.assistant(`{"name":"search_matters","arguments":{"text":"路面塌陷"}}`), id)
		},
	}
	for called, path := range map[string]string{"the worklist": "/desk?tab=all", "the worklist by a text": "/desk?tab=all&text=路面塌陷", "the list as a file": "/desk/export/csv?tab=all",
		"full text": "/search?q=路面塌陷", "the list beside the map": "/map/list?box=125.3,43.8,125.4,43.9", "the API's list": "/api/v1/matters?text=路面塌陷", "the API's full text": "/api/v1/search?q=路面塌陷"} {
		doors[called] = func() bool {
			w := c.ask("GET", path, "", nil)
			if w.Code != 200 {
				t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
			}
			return strings.Contains(w.Body.String(), id) || strings.Contains(w.Body.String(), title+",")
		}
	}
	say := func(when string, want bool) {
		t.Helper()
		if err := h.search.CatchUp(ctx); err != nil { // full text comes behind the log
			t.Fatal(err)
		}
		for called, shows := range doors {
			if shows() != want {
				t.Errorf("%s: %s shows the case: %v, want %v", when, called, !want, want)
			}
		}
	}
	say("before", false)
	order, err := h.desk.Start(ctx, supervisor, desk.Do{Kind: "supervision/order", Act: "order", Reason: "领导批示",
		With: map[string]string{"title": "限期修复", "unit": "city-management", "source": "instruction", "about": filed.Number}})
	if err != nil {
		t.Fatal(err)
	}
	say("with an order", true)
	page := c.ask("GET", "/matters/"+string(order.Matter), "", nil).Body.String()
	if !strings.Contains(page, `href="/matters/`+id+`"`) {
		t.Error("the order does not lead to its case")
	}
	kind, _ := h.desk.Packs().Kind("urban/case")
	for _, act := range kind.Acts {
		if _, err := h.desk.Act(ctx, head, desk.Do{Matter: filed.Matter, Act: act.Key, Reason: "试试"}); len(act.From) > 0 && !errors.Is(err, fault.ErrDenied) {
			t.Errorf("the head may %s the case: %v", act.Key, err)
		}
	}
	if w := c.ask("POST", "/matters/"+id+"/unmask", "purpose=verify&reason=看看", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}); w.Code < 400 {
		t.Errorf("the head sees personal data in the clear: %d", w.Code)
	}
	if _, err := h.desk.Act(ctx, head, desk.Do{Matter: order.Matter, Act: "withdraw", Reason: "立错了"}); err != nil {
		t.Fatal(err)
	}
	say("after it was withdrawn", false)
}
