package web

import "testing"

// TestTheBriefIsOneSheet: however much is red, yellow, new and late, the morning brief holds what one sheet holds, the red before the rest.
func TestTheBriefIsOneSheet(t *testing.T) {
	calm := briefView{Changed: make([]movedShown, 1), Red: make([]stuckShown, 4), Yellow: make([]stuckShown, 7), Soon: make([]rowShown, 8), Overdue: make([]rowShown, 8)}
	calm.fit(0)
	if len(calm.Yellow) != 7 || len(calm.Soon) != 8 || len(calm.Overdue) != 8 {
		t.Errorf("what one sheet holds was cut to %d, %d and %d", len(calm.Yellow), len(calm.Soon), len(calm.Overdue))
	}
	for _, n := range []int{5, 20, 300} {
		v := briefView{Changed: make([]movedShown, n), Red: make([]stuckShown, n), Yellow: make([]stuckShown, 4*n), Due: make([]goalShown, n), Soon: make([]rowShown, 8), Overdue: make([]rowShown, 8)}
		v.fit(5)
		if lines := v.lines(5); lines > sheetLines {
			t.Errorf("of %d each it takes %.1f lines, a sheet holds %d", n, lines, sheetLines)
		}
		if len(v.Red) < 5 || len(v.Yellow) < 3 || len(v.Overdue) < 3 {
			t.Errorf("of %d each %d red, %d yellow and %d overdue are left", n, len(v.Red), len(v.Yellow), len(v.Overdue))
		}
	}
}
