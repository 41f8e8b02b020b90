package main

import (
	"strings"
	"testing"
)

const stream = `{"config":{"db":"file:///x"}}
{"osv":{"id":"GO-1","summary":"crash in net/http"}}
{"osv":{"id":"GO-2","summary":"forgery"}}
{"finding":{"osv":"GO-1","fixed_version":"v1.26.9","trace":[{"module":"stdlib","version":"v1.26.8"}]}}
{"finding":{"osv":"GO-1","fixed_version":"v1.26.9","trace":[{"module":"stdlib","version":"v1.26.8","package":"net/http","function":"Serve"}]}}
`

func TestWhatStandsAgainstARelease(t *testing.T) {
	called := `{"finding":{"osv":"GO-2","fixed_version":"v0.41.1","trace":[{"module":"m","version":"v0.40.1","function":"f"}]}}`
	imported := `{"finding":{"osv":"GO-2","fixed_version":"v0.41.1","trace":[{"module":"m","version":"v0.40.1","package":"m/p"}]}}`
	unfixed := `{"finding":{"osv":"GO-2","trace":[{"module":"stdlib","version":"v1.26.8","function":"f"}]}}`
	for _, c := range []struct {
		name, in, toolchain string
		fine                bool
		says                string
	}{
		{"an older toolchain's is mended in the one of go.mod", stream, "v1.26.10", true, "1 of this machine's"},
		{"the toolchain of go.mod has it itself", stream, "v1.26.8", false, "GO-1 stdlib"},
		{"no toolchain is named", stream, "v", false, "GO-1 stdlib"},
		{"a module's is called", stream + called, "v1.26.10", false, "GO-2 m v0.40.1 is called: forgery (fixed in v0.41.1)"},
		{"a module's is not called", stream + imported, "v1.26.10", true, "1 stand in code"},
		{"nobody has mended it", stream + unfixed, "v1.26.10", false, "no version yet"},
		{"nothing is known", `{"config":{}}`, "v1.26.10", true, "no known vulnerability"},
	} {
		t.Run(c.name, func(t *testing.T) {
			flaws, err := read(strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if fine := tell(&out, flaws, c.toolchain); fine != c.fine || !strings.Contains(out.String(), c.says) {
				t.Errorf("fine %v:\n%s", fine, &out)
			}
		})
	}
}

func TestAnEmptyStreamIsNoGoodNews(t *testing.T) {
	for _, in := range []string{"", "{}", "not json"} {
		if _, err := read(strings.NewReader(in)); err == nil {
			t.Errorf("%q is taken for an examination", in)
		}
	}
}
