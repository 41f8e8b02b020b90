package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bihuan/ground/calendar"
)

// TestOneReplayAtATime: fifty who ask while a replay goes on wait for one more, all together, and nobody is told what was read before they asked.
func TestOneReplayAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r replays
		runs, at, most := 0, 0, 0
		run := func(ctx context.Context) (finding, error) {
			if at++; at > most {
				most = at
			}
			runs++
			f := finding{Events: int64(runs)}
			time.Sleep(time.Minute)
			at--
			return f, ctx.Err()
		}
		var all sync.WaitGroup
		ask := func(ctx context.Context, want int64) {
			all.Go(func() {
				if f, err := r.ask(ctx, run); f.Events != want || want == 0 && !errors.Is(err, context.Canceled) {
					t.Errorf("told what replay %d found, want %d: %v", f.Events, want, err)
				}
			})
			synctest.Wait()
		}
		ask(t.Context(), 1)
		gone, leave := context.WithCancel(t.Context())
		ask(gone, 0) // who was to run the second one goes, and somebody else does
		for range 50 {
			ask(t.Context(), 2)
		}
		leave()
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		ask(t.Context(), 3)
		all.Wait()
		if runs != 3 || most != 1 {
			t.Errorf("%d replays, %d at once", runs, most)
		}
	})
}

// TestAnybodysReplayTakesItsTurn by page, by API and by the auditor: each waits for the replay that is to come.
func TestAnybodysReplayTakesItsTurn(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	h.replays.next = &replayed{done: make(chan struct{}), f: finding{Events: 4711}}
	close(h.replays.next.done)
	for method, path := range map[string]string{"POST": "/verify", "GET": "/api/v1/verify"} {
		r := httptest.NewRequest(method, "http://localhost"+path, nil)
		r.Header.Set("Origin", "http://localhost")
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != 200 || !strings.Contains(w.Body.String(), "4711") {
			t.Errorf("%s replays beside others: %d %s", path, w.Code, w.Body)
		}
	}
	if x, err := h.proof.Examine(t.Context()); err != nil || x.Events != 4711 {
		t.Errorf("the auditor replays beside others: %+v %v", x, err)
	}
}
