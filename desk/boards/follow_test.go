package boards

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestAMonthFollowsItsMatters: after whatever happens to matters, a month that is followed is what it is when it is counted
// anew, and the month that somebody holds in hand has not changed under them.
func TestAMonthFollowsItsMatters(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 9, 20))
	r := New(x.Desk, x.Store)
	seed := rand.Uint64()
	chance := rand.New(rand.NewPCG(seed, 1))
	first := calendar.NewDate(2023, 9, 1)
	versions := map[name.ID]int64{}
	for _, card := range r.Cards() {
		for round := range 40 {
			held, err := r.month(ctx, card, first)
			if err != nil {
				t.Fatal(err)
			}
			before := fmt.Sprint(held.lines.whole())
			b := journal.Batch{Log: "220105", Command: fmt.Sprint(card.Ref, round)}
			for range 1 + chance.IntN(3) {
				row := made(chance, card, first)
				if slices.ContainsFunc(b.Appends, func(a journal.Append) bool { return a.Stream == row.Stream }) {
					continue
				}
				b.Appends = append(b.Appends, journal.Append{Stream: row.Stream, Kind: ledger.Matter, Expected: versions[row.Stream], Row: row,
					Events: []ledger.Event{{At: row.Opened, Actor: name.System, Type: "matter.made", Schema: 1, Suite: ledger.SM3, Body: []byte("{}")}}})
				versions[row.Stream]++
			}
			receipt, err := x.Store.Append(ctx, b)
			if err != nil {
				t.Fatal(err)
			}
			r.heard(desk.Announcement{Receipt: receipt, Batch: &b})
			got, err := r.month(ctx, card, first)
			if err != nil {
				t.Fatal(err)
			}
			want, err := r.count(ctx, card, first)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.lines.whole(), want.lines.whole()) {
				t.Fatalf("seed %d, %s, round %d: followed\n%+v\ncounted\n%+v", seed, card.Ref, round, got.lines.whole(), want.lines.whole())
			}
			if fmt.Sprint(held.lines.whole()) != before {
				t.Fatalf("seed %d: the month in hand has changed", seed)
			}
		}
		if s, _ := r.month(ctx, card, first); s.lines.len() == 0 {
			t.Errorf("%s has no line: the test tests nothing", card.Ref)
		}
	}
}

// made is a matter of the card's kind, of this month or another, new or one of a few that were there.
func made(chance *rand.Rand, card *indicator.Scorecard, first calendar.Date) *journal.Row {
	day := func() int64 { return int64((first + calendar.Date(chance.IntN(60)-20)).Start()) }
	id := name.NewID("220105", [16]byte{byte(len(card.Ref)), card.Ref[0], byte(chance.IntN(12))})
	row := &journal.Row{Noun: ledger.Matter, Stream: id, Kind: card.Of, Title: "井盖破损", State: "closed", Unit: "housing", Area: "220105001", Opened: day(), Open: chance.IntN(2) == 0}
	if !row.Open {
		row.Closed = row.Opened + 3*86400e6
	}
	due := indicator.Month(first + calendar.Date(chance.IntN(60)-20))
	row.Facets = []journal.Facet{{Name: matter.MeasureDue, Text: due}}
	body, _ := json.Marshal(map[string]string{"#" + matter.MeasureDue: due, "#" + matter.MeasureInTime: []string{"yes", "no", "none"}[chance.IntN(3)], "class": "E05001"})
	row.Body = body
	return row
}

// TestFewMonthsAreKept: whoever leafs through the years does not fill the memory, and the running month stays where everybody looks at it.
func TestFewMonthsAreKept(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 9, 20))
	r := New(x.Desk, x.Store)
	card, running := r.Cards()[0], calendar.NewDate(2023, 9, 1)
	for back := range 2 * maxKept {
		for _, first := range []calendar.Date{running, firstOf(running - calendar.Date(31*back))} {
			if _, err := r.month(ctx, card, first); err != nil {
				t.Fatal(err)
			}
		}
		if len(r.kept) > maxKept {
			t.Fatalf("%d months are kept, at most %d", len(r.kept), maxKept)
		}
		if r.kept[card.Ref+" 2023-09"] == nil {
			t.Fatal("the running month was let go of")
		}
	}
	if len(r.kept) != maxKept {
		t.Errorf("%d months are kept, want %d", len(r.kept), maxKept)
	}
}

// TestLargeMonthsAreFewer: of months that have many matters fewer are kept, and the one that is asked for always is.
func TestLargeMonthsAreFewer(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 9, 20))
	r := New(x.Desk, x.Store)
	r.most = 100
	card := r.Cards()[0]
	for i, c := range []struct{ size, kept int }{{40, 1}, {40, 2}, {20, 3}, {1, 3}, {90, 2}, {500, 1}, {30, 1}, {30, 2}} {
		m := r.follow(card, calendar.NewDate(2020, 1+i, 1))
		r.weigh(m, c.size)
		if len(r.kept) != c.kept {
			t.Errorf("after month %d of %d: %d are kept, want %d", i+1, c.size, len(r.kept), c.kept)
		}
		if r.kept[card.Ref+" "+indicator.Month(calendar.NewDate(2020, 1+i, 1))] != m {
			t.Errorf("month %d was let go of as it was asked for", i+1)
		}
	}
}
