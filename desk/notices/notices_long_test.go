//go:build long

package notices_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/desk/notices"
	"bihuan/kernel/notice"
)

// TestEachNoticeOnceAcrossCrashes plays two dozen jobs undisturbed, and with a process that is killed at one call to the database or one
// message in six: the same people are told the same, and nobody gets a message twice.
func TestEachNoticeOnceAcrossCrashes(t *testing.T) {
	play := func(odds int) (told []string, mails, killed int) {
		w := newWorld(t)
		ctx := context.Background()
		must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true}))
		c := &chaos{Store: w.Store, rnd: rand.New(rand.NewPCG(7, 7))}
		w.ways.fail = func(string) error {
			if c.odds > 0 && c.rnd.IntN(c.odds) == 0 {
				c.dead = true // the message went, and the process ends before it can write that down
			}
			return nil
		}
		w.room = w.open(c)
		for i := range 24 {
			id := w.set(fmt.Sprint(i))
			if i%3 == 0 {
				w.act(w.hand, id, "return")
			} else if i%3 == 1 {
				w.act(w.hand, id, "sign")
			}
			w.Clock.Forward(7 * time.Hour)
			_, err := w.Watch.Tick(ctx)
			must(t, err)
			c.odds = odds
			for try := 0; ; try++ {
				err := w.room.Tick(ctx)
				if err == nil {
					break
				}
				if !errors.Is(err, errKilled) || try > 200 {
					t.Fatal(err)
				}
				killed++
				c.dead = false
				w.room = w.open(c)
				w.Clock.Forward(61 * time.Second) // the lease of the dead ends
			}
			c.odds = 0
		}
		w.Clock.Forward(48 * time.Hour)
		w.tick()
		for _, p := range w.Desk.Directory().Persons {
			all, err := w.Store.Notices(ctx, w.Desk.District(), notice.Asked{Person: p.Key, Limit: 500})
			must(t, err)
			for _, n := range all {
				told = append(told, fmt.Sprintf("%s %s %s", n.Person, n.About, n.Facts.Number))
			}
		}
		slices.Sort(told)
		counts, err := w.Store.CountPostings(ctx, w.Desk.District())
		must(t, err)
		if (counts[notice.Unsure] > 0) != (odds > 0) || counts[notice.Sending] != 0 {
			t.Errorf("odds %d: %v", odds, counts)
		}
		lines := map[string]int{}
		for _, m := range w.ways.sent {
			for line := range strings.Lines(m.text) {
				if strings.HasPrefix(line, "· ") {
					lines[line]++
				}
			}
		}
		for line, n := range lines {
			if n > 1 {
				t.Errorf("odds %d: told %d times: %s", odds, n, line)
			}
		}
		return told, len(w.ways.sent), killed
	}
	want, mails, _ := play(0)
	got, mailed, killed := play(6)
	if !slices.Equal(got, want) || len(want) < 40 {
		t.Errorf("undisturbed %d notices, with crashes %d", len(want), len(got))
	}
	if killed < 20 || mails < 6 {
		t.Errorf("killed %d times, %d mails: the test has seen nothing", killed, mails)
	}
	t.Logf("%d notices told once, %d mails undisturbed, %d with %d crashes", len(want), mails, mailed, killed)
}
