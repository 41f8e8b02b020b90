package open311_test

import (
	"bytes"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/internal/bar"
	"bihuan/open311"
)

// TestBar_L05_AKeyIsOneRequest: a request that names an Idempotency-Key is answered to the letter when it comes again, also a month
// later and at the same time; under the same key nothing else is taken.
func TestBar_L05_AKeyIsOneRequest(t *testing.T) {
	s := newStand(t)
	send := func(key, text string) answer {
		form := url.Values{"api_key": {s.key}, "service_code": {"E06002"}, "address_string": {"东盛大街128号"}, "description": {text}}
		r := httptest.NewRequest("POST", open311.Base+"/requests.json", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Idempotency-Key", key)
		return s.send(r)
	}
	first := send("k1", "路灯不亮").want(200)
	count := func() int {
		t.Helper()
		seq, _, err := s.Store.Head(ctx, "220105")
		if err != nil {
			t.Fatal(err)
		}
		return int(seq)
	}
	was := count()
	for range 20 {
		if again := send("k1", "路灯不亮").want(200); !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) {
			t.Errorf("first %s then %s", first.Body, again.Body)
		}
	}
	s.Clock.Forward(31 * 24 * time.Hour)
	if again := send("k1", "路灯不亮").want(200); !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) {
		t.Errorf("after a month %s, at first %s", again.Body, first.Body)
	}
	send("k1", "路灯常亮").want(422)
	if now := count(); now != was {
		t.Errorf("%d events were written again", now-was)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[int]int{}
	for range 16 {
		wg.Go(func() {
			w := send("k2", "井盖丢失")
			mu.Lock()
			codes[w.Code]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if codes[200] == 0 || codes[200]+codes[409] != 16 || count() == was {
		t.Errorf("sixteen at once: %v", codes)
	}
	after := count()
	send("k2", "井盖丢失").want(200)
	if count() != after {
		t.Error("a seventeenth wrote again")
	}
	bar.Report(t, "L-05", "Open311: 22 replays byte-equal, also after 31 days; another body 422; 16 at once: %d answered, %d told to wait, 1 effect", codes[200], codes[409])
}
