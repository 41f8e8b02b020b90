package e2e

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"bihuan/e2e/browser"
)

// TestABrowserReadsAddressesAlike has a real browser read the addresses that the house would call: it sees the same scheme, host and port in each.
func TestABrowserReadsAddressesAlike(t *testing.T) {
	p := open(t, tiny(t), browser.Options{})
	p.visit("/")
	text, err := os.ReadFile("../egress/testdata/addresses.txt")
	p.must(err)
	var all []string
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		address, read, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("the line %q is none", line)
		}
		all, want[address] = append(all, address), read
	}
	list, err := json.Marshal(all)
	p.must(err)
	got, err := browser.Ask[map[string]string](p.Tab, `Object.fromEntries(`+string(list)+`.map(a => {
		try { const u = new URL(a); return [a, u.protocol.slice(0, -1) + " " + u.hostname.replace(/[[\]]/g, "") + " " + (u.port || "443")] }
		catch (e) { return [a, "not read"] }
	}))`)
	p.must(err)
	if len(got) != len(all) || len(all) < 500 {
		t.Errorf("%d of %d addresses were read", len(got), len(all))
	}
	for address, read := range want {
		if got[address] != read {
			t.Errorf("%q: we see %q, the browser sees %q", address, read, got[address])
		}
	}
}
