//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package access

import (
	"math/rand/v2"
	"testing"

	"bihuan/internal/bar"
)

// TestBar_A01_EvaluateAndFilterEqualTheWrittenRules asks 100,000 random questions of the
// district's policy and of random ones: Evaluate, the oracle and the row filter must agree.
func TestBar_A01_EvaluateAndFilterEqualTheWrittenRules(t *testing.T) {
	questions, perPolicy := bar.Count(120_000, 10_000_000), 5_000
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	src, policy := district(t)
	w := newWorld(seed, src)
	codes := map[Code]int{}
	allowed := 0
	for n := range questions {
		if n%perPolicy == 0 && n >= questions/2 {
			src = w.randomSource()
			var err error
			if policy, err = Compile(src); err != nil {
				t.Fatal(err)
			}
		}
		a, typ := w.action()
		s := w.likely(w.subject(), src, a)
		o := w.object(typ)
		if w.IntN(4) == 0 {
			o.DidWorkUnits = some(w, units)
		}
		d := policy.Evaluate(s, a, o)
		if want := oracle(src, s, a, o); d.Allowed != want {
			t.Fatalf("seed %d, question %d: Evaluate says %v (%s), the written rule %v\n%+v\n%s\n%+v", seed, n, d.Allowed, d.Code, want, s, a, o)
		}
		if got := policy.Filter(s, a, typ).Match(o); got != d.Allowed {
			t.Fatalf("seed %d, question %d: the filter says %v, Evaluate %v (%s)\n%+v\n%s\n%+v\n%+v", seed, n, got, d.Allowed, d.Code, s, a, o, policy.Filter(s, a, typ))
		}
		if d.Allowed && (d.Grant.Action != a || d.Grant.On != typ || d.Class < o.Class.needed()) {
			t.Fatalf("seed %d, question %d: allowed by a grant that does not fit: %+v", seed, n, d)
		}
		codes[d.Code]++
		if d.Allowed {
			allowed++
		}
	}
	t.Logf("by reason %v", codes)
	for c := range reasons {
		if codes[c] < 50 {
			t.Errorf("reason %s was reached only %d times: the questions test too little", c, codes[c])
		}
	}
	bar.Report(t, "A-01", "%d random questions of the district's rules and of random ones, %d allowed: decision, oracle and filter agree", questions, allowed)
}
