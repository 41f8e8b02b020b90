//go:build long

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bihuan/desk/accounts"
	"bihuan/desk/demo"
)

// TestDemoOverHTTP walks the whole loop as a stranger with a script would: persons, a report of one's own, its goals,
// an act on a site, the light that changes, and the chain that holds.
func TestDemoOverHTTP(t *testing.T) {
	s := serveDemo(t)
	var persons []struct {
		ID, Name, Unit, Token string
		Roles                 []string
	}
	s.get("/demo/persons.json", &persons)
	for _, p := range persons {
		if p.Unit == "office" && slices.Contains(p.Roles, "issuer") {
			s.token = p.Token
		}
	}

	var report struct {
		ID         string
		Statements []struct{ Text string }
	}
	s.post("/api/v1/reports", map[string]any{"title": "自己的报告", "text": "政府工作报告\n\n2023年工作安排\n\n新的一年，我们要做好以下工作。新建口袋公园34个，新增城镇就业3456人。"}, nil, &report)
	var published struct {
		Goals []struct{ Draft, ID string }
	}
	s.post("/api/v1/reports/"+report.ID+"/publish", nil, nil, &published)
	if len(report.Statements) != 2 || len(published.Goals) != 2 {
		t.Fatalf("%d statements and %d goals of a report with two promises", len(report.Statements), len(published.Goals))
	}

	type goal struct {
		ID, Title, Light string
		Actual           json.Number
		Target           struct{ Value json.Number }
		Source           struct{ Report, Quote string }
	}
	var own goal
	s.get("/api/v1/goals/"+published.Goals[0].ID, &own)
	if own.Source.Report != report.ID || own.Source.Quote != "34个" || own.Target.Value != "34" {
		t.Errorf("the goal is %+v", own)
	}

	var yellow struct{ Items []goal }
	s.get("/api/v1/goals?year=2023&light=yellow&limit=500", &yellow)
	i := slices.IndexFunc(yellow.Items, func(g goal) bool { return strings.Contains(g.Title, "老旧小区改造") })
	if i < 0 {
		t.Fatal("no yellow goal on old estates")
	}
	before, after := yellow.Items[i], goal{}
	var sites struct {
		Items []struct{ ID, State string }
	}
	s.get("/api/v1/matters?open=true&limit=500&goal="+before.ID, &sites)
	k := slices.IndexFunc(sites.Items, func(m struct{ ID, State string }) bool { return m.State == "checked" })
	if k < 0 {
		t.Fatal("no site waits for acceptance")
	}
	header := s.get("/api/v1/matters/"+sites.Items[k].ID, nil)
	s.post("/api/v1/matters/"+sites.Items[k].ID+"/acts/strike-off", nil, http.Header{"Idempotency-Key": {"walk-1"}, "If-Match": {header.Get("ETag")}}, nil)
	s.get("/api/v1/goals/"+before.ID, &after)
	if before.Actual != "14" || after.Actual != "15" || after.Light != "green" {
		t.Errorf("before %+v, after %+v", before, after)
	}

	s.reportFromOutside()

	var v struct {
		OK     bool
		Events int
	}
	s.get("/api/v1/verify", &v)
	if !v.OK || v.Events < 1000 {
		t.Errorf("verify: %+v", v)
	}
	if r := s.do("GET", "/", nil, nil); r.Code != 200 || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/html") {
		t.Errorf("the pages beside it answer %d", r.Code)
	}
}

// stranger is somebody with a script.
type stranger struct {
	t       *testing.T
	handler http.Handler
	token   string
	key     string // of programs and sensors
}

// reportFromOutside has a program and a sensor report with the demo's key, and finds both on the public page.
func (s *stranger) reportFromOutside() {
	s.t.Helper()
	token := s.token
	s.token = ""
	defer func() { s.token = token }()
	form := url.Values{"api_key": {s.key}, "service_code": {"E06002"}, "address_string": {"东盛大街128号"}, "description": {"路灯不亮"}}
	var filed []struct {
		ID string `json:"service_request_id"`
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	s.read("POST", "requests", s.do("POST", "/open311/v2//requests.json", strings.NewReader(form.Encode()), header), &filed)
	if r := s.do("GET", "/open311", nil, nil); r.Code != 200 { // where the methods are, not where else to ask
		s.t.Errorf("/open311 answers %d", r.Code)
	}
	var noticed struct{ Number string }
	s.post("/api/v1/sensors/sensor", map[string]any{"event": "e1", "service": "C01003", "place": "125.35,43.88"}, http.Header{"X-Api-Key": {s.key}}, &noticed)
	if page := s.do("GET", "/open/api", nil, nil).Body.String(); !strings.Contains(page, "POST /api/v1/goals/{id}/figures") {
		s.t.Error("the page of the API does not list its methods")
	}
	page := s.do("GET", "/open/matters", nil, nil).Body.String()
	for _, number := range []string{filed[0].ID, noticed.Number} {
		if number == "" || !strings.Contains(page, number) {
			s.t.Errorf("%q is not on the public page", number)
		}
	}
}

// serveDemo stands the demo up in this process.
func serveDemo(t *testing.T) *stranger {
	t.Helper()
	h, clock := standDemo(t)
	handler, err := h.faces(h.demo(clock))
	if err != nil {
		t.Fatal(err)
	}
	key, err := h.demoKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &stranger{t: t, handler: handler, key: key}
}

// standDemo builds the demo's house in this process.
func standDemo(t *testing.T) (*house, *demo.Clock) {
	t.Helper()
	ctx := context.Background()
	c := defaults()
	c.Database = filepath.Join(t.TempDir(), "bihuan.db")
	c.people = demoPeople()
	clock := demo.NewClock(int64((demo.Opening - 30).Start()), systemTime)
	h, err := build(ctx, c, clock.Now, demoChance(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil {
		t.Fatal(err)
	}
	b := demo.Builder{Desk: h.desk, Reports: h.reports, Watch: h.watch, Clock: clock}
	if err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	return h, clock
}

func (s *stranger) do(method, path string, body io.Reader, header http.Header) *httptest.ResponseRecorder {
	r := request(method, path, body)
	for k, v := range header {
		r.Header[k] = v
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func (s *stranger) get(path string, into any) http.Header {
	s.t.Helper()
	return s.read("GET", path, s.do("GET", path, nil, nil), into)
}

func (s *stranger) post(path string, body any, header http.Header, into any) {
	s.t.Helper()
	h := http.Header{"Content-Type": {"application/json"}}
	for k, v := range header {
		h[k] = v
	}
	var b []byte
	if body != nil {
		b, _ = json.Marshal(body)
	}
	s.read("POST", path, s.do("POST", path, bytes.NewReader(b), h), into)
}

func (s *stranger) read(method, path string, w *httptest.ResponseRecorder, into any) http.Header {
	s.t.Helper()
	if w.Code/100 != 2 {
		s.t.Fatalf("%s %s answers %d: %s", method, path, w.Code, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			s.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return w.Header()
}
