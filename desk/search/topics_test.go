package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"bihuan/desk"
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
		topics, ready, err := x.Topics(ctx, office, ask)
		if err != nil || !ready {
			t.Fatalf("ready %t, %v", ready, err)
		}
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

// TestNobodyWaitsForTopicsOfALargeIndex: what is not there is worked out beside the requests, once for all that wait; what was asked for in the
// last week is there on each new day before anybody asks, and of everything so is the usual page without being asked for.
func TestNobodyWaitsForTopicsOfALargeIndex(t *testing.T) {
	x := stand(t)
	x.Small = -1
	x.site("和顺1号泵房", "housing")
	leader, handler := x.As(t, "government", "leader", 0), x.As(t, "housing", "handler", 0)
	asks := func() (all []search.TopicAsk) {
		usual := search.Lately(x.Desk.Today())
		sites, week := usual, usual
		sites.Kinds = []string{"works/site"}
		week.Kinds, week.Period.From = sites.Kinds, int64((x.Desk.Today() - 6).Start())
		return []search.TopicAsk{usual, sites, week}
	}
	look := func(when string, want map[string]bool) {
		t.Helper()
		for who, c := range map[string]desk.Caller{"leader": leader, "handler": handler} {
			for i, ask := range asks() {
				called := fmt.Sprint(who, " ", i)
				topics, ready, err := x.Topics(ctx, c, ask)
				if err != nil || ready != want[called] || ready && i > 0 && topics.Now != 1 {
					t.Errorf("%s, %s: ready %t, want %t; %d matters; %v", when, called, ready, want[called], topics.Now, err)
				}
			}
		}
	}
	all := map[string]bool{"leader 0": true, "leader 1": true, "leader 2": true, "handler 0": true, "handler 1": true, "handler 2": true}
	must(t, x.Renew(ctx))
	look("before anybody has asked", map[string]bool{"leader 0": true})
	must(t, x.Renew(ctx))
	look("worked out", all)
	for day := range 3 {
		x.Clock.Forward(24 * time.Hour)
		must(t, x.Renew(ctx))
		look(fmt.Sprint("day ", day+2), all)
	}
	x.Clock.Forward(8 * 24 * time.Hour)
	must(t, x.Renew(ctx))
	look("after a week in which nobody asked", map[string]bool{"leader 0": true})
}

// TestFewerTopicsAreNoOtherWork: the first of an answer that is there are told without working anything out.
func TestFewerTopicsAreNoOtherWork(t *testing.T) {
	x := stand(t)
	x.Small = -1
	must(t, x.Renew(ctx))
	ask := search.Lately(x.Desk.Today())
	ask.Limit = 5
	if _, ready, err := x.Topics(ctx, x.As(t, "government", "leader", 0), ask); err != nil || !ready {
		t.Errorf("ready %t, %v", ready, err)
	}
	ask.Limit = search.MaxLimit
	if _, ready, err := x.Topics(ctx, x.As(t, "government", "leader", 0), ask); err != nil || ready {
		t.Errorf("more than are kept: ready %t, %v", ready, err)
	}
}

// TestRunWorksOutWhatSomebodyWaitsFor without the minute's tick.
func TestRunWorksOutWhatSomebodyWaitsFor(t *testing.T) {
	x := stand(t)
	x.Small = -1
	x.site("和顺1号泵房", "housing")
	running, end := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		x.Run(running, slog.New(slog.DiscardHandler))
		close(done)
	}()
	defer func() { end(); <-done }()
	ask := search.TopicAsk{Period: search.Lately(x.Desk.Today()).Period, Kinds: []string{"works/site"}}
	for {
		topics, ready, err := x.Topics(ctx, x.As(t, "housing", "handler", 0), ask)
		must(t, err)
		if ready {
			if topics.Now != 1 {
				t.Errorf("%d matters, want 1", topics.Now)
			}
			return
		}
		runtime.Gosched()
	}
}
