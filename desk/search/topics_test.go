package search_test

import (
	"testing"
	"time"

	"bihuan/desk/search"
	"bihuan/kernel/journal"
)

// TestTopicsAreWorkedOutAnewBeforeSomebodyWaits: an answer is told for ten minutes; from the eighth on it is worked out anew while somebody has asked
// for it in half a day, so that the next who asks gets it at once and with what was filed meanwhile.
func TestTopicsAreWorkedOutAnewBeforeSomebodyWaits(t *testing.T) {
	x := stand(t)
	office := x.As(t, "office", "issuer", 0)
	ask := search.TopicAsk{Period: journal.Between{From: int64(day.Start()), Until: int64((day + 1).Start())}, Kinds: []string{"works/site"}}
	filed := func() int {
		t.Helper()
		topics, err := x.Topics(ctx, office, ask)
		must(t, err)
		return topics.Now
	}
	x.site("和顺1号泵房", "housing")
	if n := filed(); n != 1 {
		t.Fatalf("%d matters, want 1", n)
	}
	x.site("和顺2号泵房", "housing")
	must(t, x.CatchUp(ctx))
	for _, c := range []struct {
		after time.Duration
		renew bool
		want  int
	}{
		{5 * time.Minute, true, 1},                // too early to be worked out anew
		{4 * time.Minute, false, 1},               // the same answer is told again in the ninth minute
		{0, true, 2},                              // and is worked out anew then
		{9 * time.Minute, false, 2},               // which is told for ten minutes from there
		{13*time.Hour - 9*time.Minute, true, 3},   // nobody asked for half a day: worked out for whoever asks
		{11 * time.Minute, true, 3}, {0, true, 3}, // nothing was appended since
	} {
		if c.want == 3 && c.after > time.Hour {
			x.site("和顺3号泵房", "housing")
		}
		x.Clock.Forward(c.after)
		if c.renew {
			must(t, x.Renew(ctx))
		}
		if n := filed(); n != c.want {
			t.Errorf("%v later, worked out anew %t: %d matters, want %d", c.after, c.renew, n, c.want)
		}
	}
}
