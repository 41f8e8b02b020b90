//go:build long

package store

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestBar_D01_KillLosesNothing kills a writing process again and again. STORE_KILLS sets how often.
func TestBar_D01_KillLosesNothing(t *testing.T) {
	kills := 20
	if asked := os.Getenv("STORE_KILLS"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n <= 0 {
			t.Fatalf("STORE_KILLS is no number above zero: %s", asked)
		}
		kills = n
	}
	path := filepath.Join(t.TempDir(), "bihuan.db")
	acked := 0
	known := map[string]string{}
	for cycle := range kills {
		for command, line := range killOnce(t, path, "") {
			known[command] = line
		}
		lost, err := missing(path, known)
		if err != nil || lost != "" {
			t.Fatalf("cycle %d: %s, %v", cycle, lost, err)
		}
		acked = len(known)
	}
	t.Logf("%d kills, %d acknowledged, none lost", kills, acked)
	if acked < kills {
		t.Errorf("only %d batches were acknowledged: nothing is shown", acked)
	}
}
