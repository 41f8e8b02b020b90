package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bihuan/desk/pace"
	"bihuan/kernel/journal"
)

// tell sends what a browser would.
func (h *house) tell(contentType, body string) int {
	r := httptest.NewRequest("POST", ViolationsPath, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.pages.ServeHTTP(w, r)
	return w.Code
}

const single = "application/csp-report"

// TestABrowserTellsOfWhatItKeptOut sends reports as browsers make them: the security log has the page's pattern and the sort of content, counted, and nothing of what
// stood in the report; what browsers add themselves is no event, and what is no report is refused.
func TestABrowserTellsOfWhatItKeptOut(t *testing.T) {
	h := stand(t)
	for _, c := range []struct {
		name, kind, body string
		status           int
		codes            string // code and place of each line that it makes
	}{
		{"code within a page", single, `{"csp-report":{"document-uri":"http://example.com/matters/canary-id?q=canary","blocked-uri":"inline","script-sample":"canary()","violated-directive":"script-src"}}`, 204,
			"content-inline GET /matters/{id}"},
		{"an image from elsewhere", single, `{"csp-report":{"document-uri":"http://example.com/goals","blocked-uri":"https://canary.example/x.png"}}`, 204, "content-foreign GET /goals"},
		{"of a page of another house", single, `{"csp-report":{"document-uri":"https://canary.example/goals","blocked-uri":"data"}}`, 204, "content-inline "},
		{"of an address that is none", single, `{"csp-report":{"document-uri":":canary","blocked-uri":"eval"}}`, 204, "content-inline "},
		{"an addition of the browser's own", single, `{"csp-report":{"document-uri":"http://example.com/goals","blocked-uri":"chrome-extension"}}`, 204, ""},
		{"no JSON", single, `canary`, 422, ""},
		{"another object", single, `{"canary":1}`, 422, ""},
		{"a list in the wrong form", single, `[]`, 422, ""},
		{"of another type", "application/json", `{"csp-report":{}}`, 422, ""},
		{"a form", "application/x-www-form-urlencoded", `csp-report=canary`, 422, ""},
		{"too much", single, `{"csp-report":{"document-uri":"` + strings.Repeat("x", maxViolation) + `"}}`, 413, ""},
		{"too deep", single, strings.Repeat("[", 20_000), 422, ""},
	} {
		before := h.violations(t)
		if status := h.tell(c.kind, c.body); status != c.status {
			t.Errorf("%s: %d", c.name, status)
		}
		h.must(h.config.Security.Flush(t.Context()))
		after := h.violations(t)
		got := ""
		for _, l := range after[:len(after)-len(before)] {
			got += l.Code + " " + l.Where
			if l.Person != "" || strings.Contains(l.Code+l.Where+l.Network, "canary") {
				t.Errorf("%s: the line tells %+v", c.name, l)
			}
		}
		if got != c.codes {
			t.Errorf("%s: told %q, not %q", c.name, got, c.codes)
		}
	}
	lines, err := h.store.SecurityLines(t.Context(), journal.SecurityAsk{Log: h.desk.District(), Limit: 100})
	h.must(err)
	for _, l := range lines {
		if strings.Contains(l.Code+l.Where+l.Network, "canary") {
			t.Errorf("the log has %+v", l)
		}
	}
}

// violations are the lines that reports of browsers made, the newest first.
func (h *house) violations(t *testing.T) (all []journal.SecurityLine) {
	t.Helper()
	lines, err := h.store.SecurityLines(t.Context(), journal.SecurityAsk{Log: h.desk.District(), Kind: "refused", Limit: 100})
	h.must(err)
	for _, l := range lines {
		if strings.HasPrefix(l.Code, "content-") {
			all = append(all, l)
		}
	}
	return all
}

// TestReportsOfBrowsersKeepTheirPace floods the place for reports: what is beyond the pace is refused, others are not held up, and the log has one line with a count.
func TestReportsOfBrowsersKeepTheirPace(t *testing.T) {
	h := stand(t)
	h.config.Pace = pace.New(h.desk.Now)
	var err error
	h.pages, err = New(h.config)
	h.must(err)
	taken, refused := 0, 0
	for range 200 {
		switch h.tell(single, `{"csp-report":{"document-uri":"http://example.com/goals","blocked-uri":"inline"}}`) {
		case http.StatusNoContent:
			taken++
		case http.StatusTooManyRequests:
			refused++
		}
	}
	if most := pace.PerNetwork[pace.Told].Burst; taken != most || refused != 200-most {
		t.Errorf("%d taken, %d refused", taken, refused)
	}
	h.page(h.one("office", "issuer"), "/goals")
	h.must(h.config.Security.Flush(t.Context()))
	if lines := h.violations(t); len(lines) != 1 || lines[0].Count != int64(taken) {
		t.Errorf("the log has %+v", lines)
	}
}

// FuzzViolation reads whatever comes as a report: it is refused, or becomes one of the two codes or nothing, and a pattern of ours.
func FuzzViolation(f *testing.F) {
	for _, seed := range []string{`{"csp-report":{"document-uri":"http://example.com/goals","blocked-uri":"inline"}}`, `{"csp-report":{"document-uri":"http://example.com/%zz","blocked-uri":"x-extension:"}}`,
		`{"csp-report":{"document-uri":"//[::1","blocked-uri":":"}}`, `{"csp-report":null}`, `[]`, ``, `{"csp-report":{"document-uri":"http://example.com//a/../b"}}`} {
		f.Add(seed)
	}
	mux := http.NewServeMux()
	patterns := map[string]bool{"": true}
	for _, r := range routes() {
		mux.Handle(r.pattern, http.NotFoundHandler())
		patterns[r.pattern] = true
	}
	s := &server{table: mux}
	f.Fuzz(func(t *testing.T, body string) {
		v, err := readViolation(single, []byte(body))
		if err != nil {
			return
		}
		if code := v.code(); code != "" && code != "content-inline" && code != "content-foreign" {
			t.Errorf("%q is told as %q", body, code)
		}
		if p := s.patternOf(v.Document, "example.com"); !patterns[p] {
			t.Errorf("%q happened at %q", body, p)
		}
	})
}
