//go:build long

package matter_test

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	. "bihuan/kernel/matter"
)

// TestInvariants draws histories of every kind of every embedded pack: some from fixed seeds, and as many as
// -rapid.checks says from new ones. It fails if a verb or an act that a pack has was never reached.
func TestInvariants(t *testing.T) {
	r := reached{map[string]int{}, map[string]int{}, map[string]int{}}
	used := map[Verb]bool{}
	for _, k := range kinds(t) {
		for _, a := range k.Acts {
			used[a.Verb] = true
		}
		t.Run(k.Ref, func(t *testing.T) {
			for i := range uint64(sown) {
				if err := r.examine(k, seed{rand.New(rand.NewPCG(i, 1))}); err != nil {
					t.Fatalf("history of seed %d: %v", i, err)
				}
			}
			rapid.Check(t, func(t *rapid.T) {
				if err := r.examine(k, chance{t}); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
	r.print(t)
	for v := range used {
		if r.verbs[string(v)] == 0 {
			t.Errorf("no history reached the verb %s, which a pack uses", v)
		}
	}
	for _, k := range kinds(t) {
		for _, a := range k.Acts {
			if everyAct && r.acts[k.Ref+" "+a.Key] == 0 {
				t.Errorf("no history reached act %s of %s", a.Key, k.Ref)
			}
		}
	}
}
