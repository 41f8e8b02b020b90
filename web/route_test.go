package web

import (
	"slices"
	"strings"
	"testing"

	"bihuan/ground/access"
)

// A route without a declared permission is refused to everybody, and a wrong one to the wrong people: both fail here.
func TestEveryRouteDeclaresItsPermission(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range routes() {
		if seen[r.pattern] {
			t.Errorf("%s stands twice", r.pattern)
		}
		seen[r.pattern] = true
		decl, ok := access.Lookup(r.action)
		if !ok || !slices.Contains(decl.On, r.on) {
			t.Errorf("%s asks for %s on %s, which is not declared", r.pattern, r.action, r.on)
		}
		if r.do == nil {
			t.Errorf("%s is answered by nobody", r.pattern)
		}
		if strings.Contains(r.pattern, "/demo/") != r.demo {
			t.Errorf("%s: only the demo's pages are the demo's", r.pattern)
		}
	}
}
