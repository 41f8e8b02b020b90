//go:build long

package hooks_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"bihuan/desk/hooks"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/kernel/notice"
)

// TestBar_L06_AReceiverThatIsDownForADayLosesNothing: a whole day nobody answers while matters go on; then everything comes, in order.
func TestBar_L06_AReceiverThatIsDownForADayLosesNothing(t *testing.T) {
	w := newWorld(t)
	w.make(hooks.Order{})
	var ids []name.ID
	for range 10 {
		ids = append(ids, w.set())
	}
	w.tick()
	if len(w.far.got) != 10 {
		t.Fatalf("%d came while everything was well", len(w.far.got))
	}
	faults := []func(*hooks.Event) (int, time.Duration, error){
		func(*hooks.Event) (int, time.Duration, error) { return 0, 0, errors.New("connection refused") },
		func(*hooks.Event) (int, time.Duration, error) { return 503, 0, nil },
		func(*hooks.Event) (int, time.Duration, error) { return 429, 2 * time.Minute, nil },
		func(*hooks.Event) (int, time.Duration, error) { return 0, 0, errors.New("timeout") },
	}
	before := w.far.calls
	w.far.at = nil
	const minutes = 24 * 60
	for m := range minutes {
		w.far.answer = faults[m/360]
		if m%6 == 0 {
			ids = append(ids, w.set())
			w.act(ids[w.rnd.IntN(len(ids))], "step")
		}
		w.Clock.Forward(time.Minute)
		w.tick()
	}
	calls := w.far.calls - before
	if len(w.far.got) != 10 {
		t.Errorf("%d came while nobody answered", len(w.far.got))
	}
	if calls > 60 || calls < 24 {
		t.Errorf("asked %d times in a day: neither breaker nor cap", calls)
	}
	pauses := map[int64]bool{}
	for i := 1; i < len(w.far.at); i++ {
		p := w.far.at[i] - w.far.at[i-1]
		if p > (notice.LongestWait + time.Minute).Microseconds() {
			t.Errorf("a pause of %v", time.Duration(p)*time.Microsecond)
		}
		pauses[p] = true
	}
	if len(pauses) < 10 {
		t.Errorf("%d different pauses: no jitter", len(pauses))
	}
	all, err := w.room.Stand(context.Background())
	must(t, err)
	backlog := all[0].Behind
	w.far.answer = nil
	drained := 0
	for ; w.ordered2() && drained < 200; drained++ {
		w.Clock.Forward(time.Minute)
		w.tick()
	}
	n := w.ordered(ids)
	for id, times := range w.far.ids {
		if times > 2 {
			t.Errorf("%s was taken %d times", id, times)
		}
	}
	if all, _ = w.room.Stand(context.Background()); all[0].Behind != 0 || len(all[0].Dead) != 0 {
		t.Errorf("%d behind, %d given up", all[0].Behind, len(all[0].Dead))
	}
	bar.Report(t, "L-06", "receiver down for 24 h in four ways: %d events of %d matters, 0 lost, in order per matter; asked %d times (cap 1 h, %d different pauses), a backlog of %d drained within %d minutes of its return", n, len(ids), calls, len(pauses), backlog, drained)
}
