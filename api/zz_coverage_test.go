package api_test

import (
	"strings"
	"testing"
)

// TestEveryMethodWasSeenToSucceed runs last, by the name of its file: each method that is described has answered a
// test with success, and each answer was held against the description.
func TestEveryMethodWasSeenToSucceed(t *testing.T) {
	if testing.Short() || len(shared.seen) < 10 {
		t.Skip("only when all tests have run")
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
