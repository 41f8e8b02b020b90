package indicator_test

import (
	"iter"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/money"
	. "bihuan/kernel/indicator"
)

func card() *Scorecard {
	return &Scorecard{Ref: "urban/monthly", By: []string{"unit", "class"},
		Counts: []ScoreCount{{Key: "due"}, {Key: "in-time"}, {Key: "reworked"}, {Key: "handled"}},
		Rates:  []ScoreRate{{Key: "in-time", Part: "in-time", Whole: "due", Weight: 60}, {Key: "rework", Part: "reworked", Whole: "handled", Weight: 40, Lower: true}},
		Bands:  []ScoreBand{{From: 90, Light: Green}, {From: 60, Light: Yellow}, {From: 1, Light: Red}}}
}

func bits(on ...int) (in uint64) {
	for _, i := range on {
		in |= 1 << i
	}
	return in
}

// TestBoard counts by hand: roads has two of four in time and one of three reworked, parks all in time, and one is nobody's.
func TestBoard(t *testing.T) {
	lines := []ScoreLine{
		{Of: "1", Under: []string{"roads", "a"}, In: bits(0, 1, 3)}, {Of: "2", Under: []string{"roads", "a"}, In: bits(0, 1, 2, 3)},
		{Of: "3", Under: []string{"roads", "b"}, In: bits(0, 3)}, {Of: "4", Under: []string{"roads", "b"}, In: bits(0)},
		{Of: "5", Under: []string{"parks", "a"}, In: bits(0, 1, 3)}, {Of: "6", Under: []string{"", "a"}, In: bits(2)},
	}
	rows, all := card().Board(shares(lines), "unit")
	type line struct{ under, inTime, rework, score, light string }
	show := func(r ScoreRow) line {
		l := line{under: r.Under, inTime: "–", rework: "–", score: "–"}
		for i, to := range []*string{&l.inTime, &l.rework} {
			if r.Rates[i].Known {
				*to = r.Rates[i].Value.String()
			}
		}
		if r.Score.Known {
			l.score = r.Score.Value.String()
		}
		if r.Band != nil {
			l.light = string(r.Band.Light)
		}
		return l
	}
	want := []line{{"parks", "100", "0", "100", "green"}, {"roads", "50", "33.33", "56.67", "red"}, {"", "–", "–", "–", ""}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i := range want {
		if got := show(rows[i]); got != want[i] {
			t.Errorf("row %d: %v, want %v", i, got, want[i])
		}
	}
	if got := show(all); got != (line{"", "60", "25", "66", "yellow"}) {
		t.Errorf("all together: %v", got)
	}
	if rows, _ := card().Board(shares(lines), "nothing"); len(rows) != 0 {
		t.Errorf("broken down by what the card does not have: %v", rows)
	}
}

// TestBoardAddsUp: under every breakdown the counts add up to those of all, and no rate leaves 0 to 100.
func TestBoardAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := card()
		lines := rapid.SliceOf(rapid.Custom(func(t *rapid.T) ScoreLine {
			return ScoreLine{Under: []string{rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "unit"), "x"}, In: rapid.Uint64Range(0, 15).Draw(t, "in")}
		})).Draw(t, "lines")
		rows, all := c.Board(shares(lines), "unit")
		sum := make([]int64, len(c.Counts))
		for _, r := range append(rows, all) {
			for _, v := range append(r.Rates, r.Score) {
				if v.Known && (v.Value.Sign() < 0 || money.Hundred.Less(v.Value)) {
					t.Fatalf("a rate of %s", v.Value)
				}
			}
		}
		for _, r := range rows {
			for i, n := range r.Counts {
				sum[i] += n
			}
		}
		for i := range sum {
			if sum[i] != all.Counts[i] {
				t.Fatalf("count %d: %d in parts, %d in all", i, sum[i], all.Counts[i])
			}
		}
	})
}

// shares are what a board is given of lines.
func shares(lines []ScoreLine) iter.Seq2[[]string, uint64] {
	return func(yield func([]string, uint64) bool) {
		for _, l := range lines {
			if !yield(l.Under, l.In) {
				return
			}
		}
	}
}
