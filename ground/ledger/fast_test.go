//go:build !race

package ledger

import (
	"testing"
	"time"
)

// TestBar_V02_VerifyIsFast replays 100,000 entries; the bar is 4 s on two cores.
func TestBar_V02_VerifyIsFast(t *testing.T) {
	const n = 100_000
	l := history(n)
	begin := time.Now()
	if f := replay(l, n, l[n-1].Head); f != nil {
		t.Fatal(f)
	}
	if took := time.Since(begin); took > 4*time.Second && !testing.Short() {
		t.Errorf("%d entries took %v", n, took)
	}
}
