package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

func trails(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	people := []name.Person{"p1", "p2", "p3"}
	types := []string{"matter.opened", "matter.closed", "account.made", "accounts.x"}
	for i := range 60 {
		b := journal.Batch{Log: log, Command: fmt.Sprint("c", i), Appends: []journal.Append{{Stream: stream(i), Kind: ledger.Matter,
			Events: []ledger.Event{{At: int64(1000 + 10*i), Actor: name.Actor{Person: people[i%3], For: people[(i/3)%3], Unit: units[i%2], Role: name.Role([]string{"a", "b"}[i%2])}, Type: types[i%4], Schema: 1, Body: []byte("{}")}}, Row: &journal.Row{}}}}
		if _, err := s.Append(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Log(ctx, log, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		q    journal.Trail
		want func(*ledger.Entry) bool
	}{
		"everything":            {journal.Trail{}, func(*ledger.Entry) bool { return true }},
		"a person, or for them": {journal.Trail{Person: "p2"}, func(e *ledger.Entry) bool { return e.Actor.Person == "p2" || e.Actor.For == "p2" }},
		"a unit":                {journal.Trail{Unit: units[1]}, func(e *ledger.Entry) bool { return e.Actor.Unit == units[1] }},
		"roles":                 {journal.Trail{Roles: []name.Role{"b", "c"}}, func(e *ledger.Entry) bool { return e.Actor.Role == "b" }},
		"a type":                {journal.Trail{Types: []string{"matter.closed"}}, func(e *ledger.Entry) bool { return e.Type == "matter.closed" }},
		"a family of types":     {journal.Trail{Types: []string{"account."}}, func(e *ledger.Entry) bool { return strings.HasPrefix(e.Type, "account.") }},
		"a stream":              {journal.Trail{Stream: stream(7)}, func(e *ledger.Entry) bool { return e.Stream == stream(7) }},
		"a time":                {journal.Trail{Time: journal.Between{From: 1105, Until: 1205}}, func(e *ledger.Entry) bool { return e.At >= 1105 && e.At < 1205 }},
		"a time before all":     {journal.Trail{Time: journal.Between{Until: 5}}, func(*ledger.Entry) bool { return false }},
		"a time behind all":     {journal.Trail{Time: journal.Between{From: 1 << 40}}, func(*ledger.Entry) bool { return false }},
		"all of it at once": {journal.Trail{Person: "p1", Unit: units[0], Types: []string{"matter."}, Time: journal.Between{From: 1100}},
			func(e *ledger.Entry) bool {
				return (e.Actor.Person == "p1" || e.Actor.For == "p1") && e.Actor.Unit == units[0] && strings.HasPrefix(e.Type, "matter.") && e.At >= 1100
			}},
	} {
		t.Run(name, func(t *testing.T) {
			var want, got []int64
			for i := range all {
				if c.want(&all[i]) {
					want = append(want, all[i].Seq)
				}
			}
			slices.Reverse(want)
			c.q.Log, c.q.Limit = log, 7
			for {
				page, err := s.Trail(ctx, c.q)
				if err != nil {
					t.Fatal(err)
				}
				for i := range page.Entries {
					got = append(got, page.Entries[i].Seq)
				}
				if page.Reached == 0 {
					break
				}
				c.q.Before = page.Reached
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	if _, err := s.Trail(ctx, journal.Trail{Log: log, Limit: 501}); err == nil {
		t.Error("a page without bounds")
	}
}
