package main

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// TestTheSecurityLogHearsTheWholeHouse is wrong at every door of the house as it is served, and looks for each in the security log: a sign-in
// that failed, a request of another site, one that is too long, a token that is none, a page that somebody may not see, a key turned.
func TestTheSecurityLogHearsTheWholeHouse(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, body string, headers ...string) int {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	const canary = "canary-13912345678"
	for range 3 {
		ask("POST", "/signin", url.Values{"login": {canary}, "password": {canary}, "code": {"123456"}}.Encode())
	}
	ask("POST", "/signin", "", "Origin", "https://evil.example")
	ask("GET", "/?"+canary+"="+strings.Repeat("x", 9000), "")
	ask("SPLASH", "/", "")
	ask("GET", "/api/v1/me", "", "Authorization", "Bearer "+canary)
	if _, err := h.rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.keepWatch(t.Context())
	lines, err := h.store.SecurityLines(t.Context(), journal.SecurityAsk{Log: h.desk.District(), Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, l := range lines {
		got[l.Kind+" "+l.Code] += l.Count
	}
	for what, n := range map[string]int64{"failed sign-in-refused": 3, "refused cross-origin": 1, "limit address-too-long": 1, "refused no-such-method": 1, "failed token-invalid": 1, "key ring.rotated": 1} {
		if got[what] != n {
			t.Errorf("%s: %d times instead of %d; the log has %v", what, got[what], n, got)
		}
	}
	if text := fmt.Sprint(lines); strings.Contains(text, canary) || strings.Contains(text, "13912345678") || strings.Contains(text, "192.0.2.1") {
		t.Errorf("what somebody typed, or an address, stands in the log: %s", text)
	}
}
