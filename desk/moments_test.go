package desk

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestAReleaseIsCompiledAtOnce: packs that were put down one after the other stand at one moment, and every version that is in force no
// longer at one at which it was.
func TestAReleaseIsCompiledAtOnce(t *testing.T) {
	history := map[string][]bundled{}
	names := []string{"cn", "grid", "promise", "urban"}
	for release := range 3 {
		for i, called := range names {
			if release == 2 && called != "urban" {
				continue // one alone
			}
			history[called] = append(history[called], bundled{seq: int64(1 + release*100 + i), hash: fmt.Sprint(called, release)})
		}
	}
	got := moments(history)
	if len(got) != 2 || len(got[0].versions) != 4 || len(got[1].versions) != 1 || got[1].versions[0].hash != "urban1" {
		t.Errorf("two releases after the first are %d moments: %+v", len(got), got)
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for range 200 {
		history, seq, past := map[string][]bundled{}, int64(0), 0
		for range r.IntN(30) {
			seq += int64(1 + r.IntN(3))
			called := names[r.IntN(len(names))]
			if len(history[called]) > 0 {
				past++
			}
			history[called] = append(history[called], bundled{seq: seq, hash: fmt.Sprint(seq)})
		}
		for _, m := range moments(history) {
			for _, v := range m.versions {
				if past--; m.at < v.from || m.at >= v.until {
					t.Errorf("seed %d: version %s of %s, in force from %d to %d, stands at %d", seed, v.hash, v.pack, v.from, v.until, m.at)
				}
			}
		}
		if past != 0 {
			t.Errorf("seed %d: %d older versions stand nowhere", seed, past)
		}
	}
}
