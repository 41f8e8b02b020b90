//go:build long

package pack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"bihuan/internal/bar"
	"bihuan/pack"
)

// TestBar_I06_YAMLIsBounded: the reader refuses what is far too much, in bounded time, and says so.
func TestBar_I06_YAMLIsBounded(t *testing.T) {
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	tests := []struct{ name, text, code string }{
		{"more than a megabyte", many(1<<20, "# "), "file-too-large"},
		{"more tokens than any pack has", many(100_001, "- a\n"), "file-too-large"},
		{"brackets without end", many(150_000, "["), "too-deep"},
		{"braces without end", many(60_000, "{a: "), "too-deep"},
		{"dashes without end", many(90_000, "- "), "too-deep"},
		{"keys without end", many(40_000, "a: b\n"), "too-many"},
		{"keys in one bracket without end", "a: {" + many(40_000, "b: c, ") + "}", "too-many"},
		{"colons on one line without end", many(90_000, "a: "), "too-deep"},
		{"items without end", "needs: [" + many(50_000, "a, ") + "b]", "too-many"},
		{"one line of a megabyte", "a: " + many(300_000, "字") + "\xff", "not-utf8"},
		{"five hundred faults on one line", "a: {" + many(490, many(300, "字")+": x, ") + "}", "unknown-key"},
		{"an alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "yaml-forbidden"},
	}
	for _, tt := range tests {
		files := base(t)
		files["order/pack.yaml"].Data = []byte(tt.text)
		_, err := pack.Load(files)
		faults, ok := errors.AsType[pack.Faults](err)
		if !ok || !slices.ContainsFunc(faults, func(f pack.Fault) bool { return f.Code == tt.code }) {
			t.Errorf("%s: got %.300v, want %s", tt.name, err, tt.code)
		}
		if said := faults.In("zh"); len(said) > 1<<20 {
			t.Errorf("%s: %d bytes are said", tt.name, len(said))
		}
	}
	bar.Report(t, "I-06", "YAML: %d ways of being too much, anchors and aliases among them, refused", len(tests))
}
