//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package matter_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPlantedDefects: the test of each invariant catches the defects planted against it, and without them nothing.
func TestPlantedDefects(t *testing.T) {
	const histories = 400 // of each defect at most
	all := kinds(t)
	for _, d := range defects {
		t.Run(fmt.Sprintf("invariant %d: %s", d.number, d.name), func(t *testing.T) {
			r := sound()
			d.plant(&r)
			for i := range uint64(histories) {
				h, err := run(all[i%uint64(len(all))], r, seed{rand.New(rand.NewPCG(i, 7))}, length)
				if err != nil {
					t.Fatal(err)
				}
				if err := invariants[d.number-1].holds(h); err != nil {
					t.Logf("caught in history %d: %v", i, err)
					return
				}
			}
			t.Errorf("%d histories have not caught it", histories)
		})
	}
	for _, inv := range invariants {
		if !slices.ContainsFunc(defects, func(d struct {
			number int
			name   string
			plant  func(*rules)
		}) bool {
			return d.number == inv.number
		}) {
			t.Errorf("nothing is planted against invariant %d", inv.number)
		}
	}
}
