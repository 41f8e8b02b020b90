package api_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"bihuan/internal/bar"
)

// TestBar_L05_AKeyIsOneRequest: the same key with the same body is answered to the letter, also a month later and also when many
// come at once; with another body it is refused; and it acts once.
func TestBar_L05_AKeyIsOneRequest(t *testing.T) {
	x := shared
	office, head := x.as(t, "office", "issuer", 0), x.as(t, "housing", "head", 0)
	site := waiting(t, office, "secondary-water", "building")
	act := `{"with":{"percent":"41","note":"重放。"}}`
	routes := []struct{ who, at, body, other string }{
		{head, site + "/acts/report-progress", act, `{"with":{"percent":"42","note":"重放。"}}`},
		{office, "/api/v1/reports", `{"title":"重放","text":"政府工作报告\n\n2023年工作安排\n\n新的一年，我们要做好以下工作。新建口袋公园77个。"}`, `{"title":"重放二","text":"新建口袋公园78个。"}`},
	}
	replays, waited, answered := 0, 0, 0
	for i, c := range routes {
		header := []string{"Idempotency-Key", fmt.Sprint("replay-", i), "If-Match", "*"}
		first := x.call(t, c.who, "POST", c.at, c.body, header...)
		if first.status/100 != 2 {
			t.Fatalf("%s: %s", c.at, first.bytes)
		}
		same := func(when string) {
			t.Helper()
			again := x.call(t, c.who, "POST", c.at, c.body, header...)
			replays++
			if again.status != first.status || !bytes.Equal(again.bytes, first.bytes) || again.header.Get("ETag") != first.header.Get("ETag") || again.header.Get("Location") != first.header.Get("Location") {
				t.Errorf("%s %s: %d %s, at first %d %s", c.at, when, again.status, again.bytes, first.status, first.bytes)
			}
		}
		for range 50 {
			same("at once")
		}
		x.call(t, c.who, "POST", c.at, c.other, header...).problem(t, 422, "key-reused", "Idempotency-Key")
		x.clock.Forward(31 * 24 * time.Hour)
		same("a month later")

		header[1] += "-together"
		var wg sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		for range 16 {
			wg.Go(func() {
				h := map[string]string{"Authorization": "Bearer " + c.who, "Content-Type": "application/json", "Idempotency-Key": header[1], "If-Match": "*"}
				w := x.raw("POST", c.at, h, c.other)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case w.Code == 409 && w.Header().Get("Retry-After") != "":
					waited++
				case w.Code/100 == 2:
					answered++
					seen[w.Body.String()]++
				default:
					t.Errorf("%s together: %d %s", c.at, w.Code, w.Body)
				}
			})
		}
		wg.Wait()
		if len(seen) != 1 {
			t.Errorf("%s together has %d answers", c.at, len(seen))
		}
	}
	bar.Report(t, "L-05", "API: %d replays byte-equal, also after 31 days; another body 422; 32 at once: %d answered alike, %d told to wait, one effect each", replays, answered, waited)
}
