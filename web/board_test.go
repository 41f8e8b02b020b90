package web

import (
	"slices"
	"testing"

	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

// TestWhoHasNoScoreHasNoPlace: the same score is the same place, the next one is counted on, and a unit of which nothing was to be scored
// stands behind all without one.
func TestWhoHasNoScoreHasNoPlace(t *testing.T) {
	rows := make([]indicator.ScoreRow, 5)
	for i, score := range []int64{90, 80, 80, 70} {
		rows[i].Score = indicator.ScoreValue{Value: money.Int(score), Known: true}
	}
	var got []int
	for i := range rows {
		got = append(got, rankOf(rows, i))
	}
	if want := []int{1, 2, 2, 4, 0}; !slices.Equal(got, want) {
		t.Errorf("places %v, want %v", got, want)
	}
}
