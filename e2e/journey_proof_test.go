package e2e

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneyAProofIsCheckedFromTheDisk: a resident reports, takes the proof and the page that checks it home, and checks it there with
// nothing but the disk; a changed proof is refused.
func TestJourneyAProofIsCheckedFromTheDisk(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	receipt := p.report("东盛大街199号门前的路灯不亮", "东盛大街199号门前", "E06002")
	p.visit(receipt)
	p.wait(`a[href="` + receipt + `/proof"]`)
	dir := t.TempDir()
	proof, page, key := p.take(receipt+"/proof"), p.take("/log/check.html"), p.take("/log/key")
	good, bad, checker := filepath.Join(dir, "good.json"), filepath.Join(dir, "bad.json"), filepath.Join(dir, "check.html")
	for name, b := range map[string][]byte{good: proof, bad: bytes.Replace(proof, []byte(`"salt": "`), []byte(`"salt": "0`), 1), checker: page} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := p.Visit("file://" + checker)
	p.must(err)
	p.looksRight("proof-offline")
	for _, c := range []struct{ file, key, says string }{
		{good, "", "没有对照密钥"}, {good, string(key), "属实"}, {bad, string(key), "未能证明"}, {good, "bihuan/220105+00000000+AAAA", "未能证明"},
	} {
		p.must(p.Upload("#file", c.file))
		p.must(p.Choose("#keys", c.key))
		p.click(`#form button`)
		p.waitText("#result", c.says)
	}
	p.must(p.Upload("#file", good))
	p.must(p.Choose("#keys", string(key)))
	p.click(`#form button`)
	p.waitText("#result", "matter.register")
	p.looksRight("proof-proven")
}

// take fetches a file of the site.
func (p *page) take(path string) []byte {
	p.t.Helper()
	resp, err := http.Get(p.base + path)
	p.must(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	p.must(err)
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answers %d", path, resp.StatusCode)
	}
	return b
}
