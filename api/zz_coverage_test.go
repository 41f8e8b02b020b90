//go:build !race

package api_test

import (
	"flag"
	"strings"
	"testing"
)

// TestEveryMethodWasSeenToSucceed runs last, by the name of its file: each method that is described has answered a
// test with success, and each answer was held against the description.
func TestEveryMethodWasSeenToSucceed(t *testing.T) {
	for _, chosen := range []string{"test.run", "test.skip"} {
		if of := flag.Lookup(chosen).Value.String(); of != "" {
			t.Skipf("only some tests have run: -%s=%s", chosen, of)
		}
	}
	for path, item := range shared.document["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			called := strings.ToUpper(method) + " " + path
			if seen := shared.seen[called]; !seen[200] && !seen[201] {
				t.Errorf("%s never succeeded in a test: %v", called, seen)
			}
		}
	}
}
