//go:build race

package api_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/desk/demo"
	"bihuan/internal/corpus"
)

// fill lets nothing happen: the detector needs people who ask at once, and no ten months.
func fill(_ context.Context, b *demo.Builder) error {
	b.Clock.Set(int64(demo.Start))
	return nil
}

// sites counts those that were opened, for their keys.
var sites atomic.Int64

// waiting opens a site of a category and lets its work begin; state is "building".
func waiting(t *testing.T, token, category, state string) string {
	t.Helper()
	x, n := shared, sites.Add(1)
	site := "/api/v1/matters/" + x.call(t, token, "POST", "/api/v1/matters",
		fmt.Sprintf(`{"kind":"works/site","with":{"title":"泵房%d","category":%q,"unit":"housing","due":"2023-12-01","size":"1"}}`, n, category), "Idempotency-Key", fmt.Sprint("open-", n)).want(t, 201).text("id")
	photo := base64.StdEncoding.EncodeToString(corpus.PNG(1))
	x.call(t, x.as(t, "housing", "head", 0), "POST", site+"/acts/start", `{"with":{"begun":"2023-10-01"},"evidence":[{"kind":"photo","data":"`+photo+`"}]}`,
		"Idempotency-Key", fmt.Sprint("start-", n), "If-Match", "*").want(t, 200)
	if got := x.call(t, token, "GET", site, "").want(t, 200).text("state"); got != state {
		t.Fatalf("the site is %s", got)
	}
	return site
}

// TestProgramsAtOnce has several programs use the API at one time, each with the rights of another person: they list, look, search, open
// matters and act on their own. Each act counts, and the record is whole.
func TestProgramsAtOnce(t *testing.T) {
	const programs, acts = 4, 3
	x := shared
	office, head := x.as(t, "office", "issuer", 0), x.as(t, "housing", "head", 0)
	own := make([]string, programs)
	for i := range own {
		own[i] = waiting(t, office, "secondary-water", "building")
	}
	send := func(token, method, path, key, body string) int {
		h := map[string]string{"Content-Type": "application/json"}
		if token != "" {
			h["Authorization"] = "Bearer " + token
		}
		if key != "" {
			h["Idempotency-Key"], h["If-Match"] = key, "*"
		}
		w := x.raw(method, path, h, body)
		if w.Code >= 300 {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		return w.Code
	}
	var wait sync.WaitGroup
	for i := range programs {
		wait.Go(func() {
			for k := range acts {
				send(head, "POST", own[i]+"/acts/report-progress", fmt.Sprint("progress-", i, "-", k), fmt.Sprintf(`{"with":{"percent":"%d","note":"第%d次"}}`, 10*k+10, k))
				send(office, "POST", "/api/v1/matters", fmt.Sprint("another-", i, "-", k), fmt.Sprintf(`{"kind":"promise/promise","with":{"title":"改造小区%d-%d","unit":"housing","due":"2023-12-31"}}`, i, k))
			}
		})
		for _, token := range []string{office, head, x.as(t, "statistics", "statistician", 0)} {
			wait.Go(func() {
				for _, path := range strings.Fields("/me /matters?limit=20 /goals?year=2023 /packs /units /search?q=改造 /reports") {
					send(token, "GET", "/api/v1"+path, "", "")
				}
				if token == office || token == head { // the other has no part in it
					send(token, "GET", own[i], "", "")
				}
			})
		}
	}
	wait.Go(func() { send("", "GET", "/api/openapi.json", "", "") })
	wait.Wait()
	for i := range own {
		if got := x.call(t, office, "GET", own[i], "").want(t, http.StatusOK).text("fields.percent"); got != "30" {
			t.Errorf("site %d is at %q", i, got)
		}
	}
	if n := len(x.call(t, office, "GET", "/api/v1/matters?kind=promise/promise&limit=500", "").want(t, http.StatusOK).list("items")); n != programs*acts {
		t.Errorf("%d promises of %d are there", n, programs*acts)
	}
	if v := x.call(t, "", "GET", "/api/v1/verify", "").want(t, http.StatusOK); v.at("ok") != true {
		t.Errorf("the record: %s", v.bytes)
	}
}
