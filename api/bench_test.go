package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/internal/corpus"
)

// BenchmarkActs does acts over the handler, with session, validation, access rule, key and version, at so many in
// flight, each worker on a site of its own, and reports how long the slowest of a hundred took.
func BenchmarkActs(b *testing.B) {
	for _, flight := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(flight), func(b *testing.B) { benchmarkActs(b, flight) })
	}
}

func benchmarkActs(b *testing.B, flight int) {
	var office, head string
	for _, p := range shared.persons {
		switch {
		case p.Unit == "office" && p.Roles[0] == "issuer":
			office = p.Token
		case p.Unit == "housing" && p.Roles[0] == "head":
			head = p.Token
		}
	}
	var n atomic.Int64
	send := func(token, path, etag, body string) (string, map[string]any) {
		h := map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json", "Idempotency-Key": fmt.Sprint("bench-", flight, "-", b.N, "-", n.Add(1)), "If-Match": etag}
		w := shared.raw("POST", path, h, body)
		var out map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code >= http.StatusMultipleChoices {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
		return w.Header().Get("ETag"), out
	}
	photo := base64.StdEncoding.EncodeToString(corpus.PNG(1))
	sites, etags := make([]string, flight), make([]string, flight)
	for i := range sites {
		_, m := send(office, "/api/v1/matters", "", `{"kind":"works/site","with":{"title":"测","category":"other","unit":"housing","due":"2023-12-01","size":"1"}}`)
		sites[i] = "/api/v1/matters/" + m["id"].(string)
		etags[i], _ = send(head, sites[i]+"/acts/start", "*", `{"with":{"begun":"2023-10-01"},"evidence":[{"kind":"photo","data":"`+photo+`"}]}`)
	}
	took := make([]time.Duration, b.N)
	next := atomic.Int64{}
	var all sync.WaitGroup
	b.ResetTimer()
	for i := range flight {
		all.Go(func() {
			for k := next.Add(1) - 1; k < int64(b.N); k = next.Add(1) - 1 {
				start := time.Now()
				etags[i], _ = send(head, sites[i]+"/acts/report-progress", etags[i], fmt.Sprintf(`{"with":{"percent":%d,"note":"n%d"}}`, k%100, k))
				took[k] = time.Since(start)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
