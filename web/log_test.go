package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mrand "math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/proof"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
	"bihuan/internal/needs"
	"bihuan/kernel/journal"
)

// proofOf is the room of proofs of a house under test.
func proofOf(h *house) *proof.Room {
	signer, err := note.NewSigner("bihuan/220105", note.SM2, rand.Reader)
	h.must(err)
	return proof.New(h.store, proof.Config{District: h.desk.District(), Now: h.desk.Now, Signer: signer, Chance: rand.Reader,
		Verify: func(context.Context) (journal.Examination, error) { return journal.Examination{Head: "ab"}, nil }})
}

func TestWhoeverReportsTakesAProofHome(t *testing.T) {
	h := stand(t)
	address, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", h.report("service", "E06002"))), "?")
	kept := h.page("", address)
	kept.Contains(".keepsake", "下载存证回执")
	kept.Has(".keepsake .noprint a[download]") // on paper the code stays, not what is pressed
	kept.Lacks(".noprint .code")
	w := h.ask("", "zh", "GET", address+"/proof", nil)
	if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), ".receipt.json") {
		t.Fatalf("%d %s", w.Code, w.Header())
	}
	x, err := proof.ParseReceipt(w.Body)
	h.must(err)
	key := strings.TrimSpace(h.ask("", "zh", "GET", "/log/key", nil).Body.String())
	v, err := note.ParseVerifier(key)
	h.must(err)
	c, err := proof.Check(&x, note.Only(v))
	if err != nil || c.Event.Type != "matter.opened" && !strings.HasPrefix(c.Event.Type, "matter") {
		t.Fatalf("%+v %v", c.Event, err)
	}
	if strings.Contains(string(c.Event.Body), "周桂芳") && !strings.Contains(string(c.Event.Body), "我叫") {
		t.Errorf("a personal value stands in the record: %s", c.Event.Body)
	}
	if w := h.ask("", "zh", "GET", "/receipts/00000000000000000000000000/proof", nil); w.Code != http.StatusNotFound {
		t.Errorf("the proof of no receipt: %d", w.Code)
	}
	// What is published agrees with it.
	published := h.ask("", "zh", "GET", "/log/checkpoint", nil)
	cp, _, err := note.Open(published.Body.String(), v)
	if err != nil || cp.Size < c.Event.Seq {
		t.Fatalf("%+v %v", cp, err)
	}
	lines := h.ask("", "zh", "GET", fmt.Sprintf("/log/proof?seq=%d&size=%d", c.Event.Seq, cp.Size), nil)
	hashes, err := merkle.ParseProof(lines.Body.String())
	if err != nil || len(hashes) != len(x.Proof) {
		t.Errorf("%v %v", hashes, err)
	}
	if w := h.ask("", "zh", "GET", fmt.Sprintf("/log/proof?old=1&size=%d", cp.Size), nil); w.Code != 200 || w.Body.Len() == 0 {
		t.Errorf("consistency: %d", w.Code)
	}
	for _, wrong := range []string{"/log/proof?seq=0&size=3", "/log/proof?seq=x&size=3", "/log/proof?old=4&size=3", "/log/proof", "/log/proof?seq=1&size=999999999", "/log/tile/0/0", "/log/tile/9/000", "/log/tile/0/999", "/log/tile/x/000", "/log/tile/0/000.p/0"} {
		if w := h.ask("", "zh", "GET", wrong, nil); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s: %d", wrong, w.Code)
		}
	}
	want := 32 * min(256, int(cp.Size))
	tile := "/log/tile/0/000"
	if cp.Size < 256 {
		tile += fmt.Sprintf(".p/%d", cp.Size)
	}
	if w := h.ask("", "zh", "GET", tile, nil); w.Code != 200 || w.Body.Len() != want {
		t.Errorf("%s: %d, %d bytes, want %d", tile, w.Code, w.Body.Len(), want)
	}
	if w := h.ask("", "zh", "GET", "/log/check.html", nil); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || !bytes.Equal(w.Body.Bytes(), checker) {
		t.Errorf("the page that checks: %d", w.Code)
	}
}

func TestTilesAreNamedAsTheSpecificationSays(t *testing.T) {
	for s, want := range map[string]struct {
		index int64
		width int
	}{"000": {0, 256}, "067": {67, 256}, "x001/x234/067": {1234067, 256}, "x001/234.p/8": {1234, 8}} {
		if index, width, ok := tileName(s); !ok || index != want.index || width != want.width {
			t.Errorf("%s: %d %d %v", s, index, width, ok)
		}
	}
	for _, s := range []string{"", "1", "0067", "x067", "001/234", "x000/001", "000.p/256", "000.p/08", "000.p/", "-01", "x001/x001/x001/x001/x001/x001/001"} {
		if index, width, ok := tileName(s); ok {
			t.Errorf("%s: %d %d", s, index, width)
		}
	}
}

// check is one receipt as the page is asked about it.
type checked struct {
	Source string   `json:"source"`
	Keys   []string `json:"keys"`
	Good   bool     `json:"good"`
}

// forge changes one thing in a receipt that must not be changed.
func forge(rnd *mrand.Rand, x proof.Receipt) proof.Receipt {
	flip := func(s string) string { // one character of base64 or hexadecimal
		at := rnd.IntN(len(s) - 4)
		c := byte('A')
		if s[at] == c {
			c = 'B'
		}
		return s[:at] + string(c) + s[at+1:]
	}
	switch x.Proof = append([]string(nil), x.Proof...); rnd.IntN(6) {
	case 0:
		x.Event = flip(x.Event)
	case 1:
		x.Salt = strings.Repeat("0", 32)
	case 2:
		x.Index++
	case 3:
		i := rnd.IntN(len(x.Proof))
		x.Proof[i] = flip(x.Proof[i])
	case 4:
		x.Number += "1"
	case 5:
		x.Checkpoint = strings.Replace(x.Checkpoint, "\nhead ", "\nhead 0", 1)
	}
	return x
}

// told is what the page says of cases.
type told struct{ Good, Bad, Wrong, Witnessed int }

// offline runs the script of the page over cases.
func offline(t *testing.T, node string, cases []checked) (out told) {
	t.Helper()
	_, script, _ := strings.Cut(string(checker), "<script>")
	script, _, _ = strings.Cut(script, "</script>")
	dir := t.TempDir()
	driver := `
const fs = require("fs"), c = require("./checker.js"), out = { Good: 0, Bad: 0, Wrong: 0, Witnessed: 0 };
for (const x of JSON.parse(fs.readFileSync("cases.json", "utf8"))) {
	let r = null;
	try { r = c.check(x.source, x.keys) } catch (e) { if (!e.code) throw e }
	if (!!r !== x.good) out.Wrong++; else if (r) { out.Good++; out.Witnessed += r.witnesses.length } else out.Bad++;
}
console.log(JSON.stringify(out));`
	b, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"checker.js": []byte(script), "driver.js": []byte(driver), "cases.json": b} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(node, "driver.js")
	cmd.Dir = dir
	answer, err := cmd.CombinedOutput()
	if err != nil || json.Unmarshal(answer, &out) != nil {
		t.Fatalf("%v\n%s", err, answer)
	}
	return out
}

// A receipt that agrees with itself is not yet proven: the key must come from elsewhere.
func TestTheOfflinePageTrustsOnlyKeysFromElsewhere(t *testing.T) {
	node := needs.Program(t, "node")
	h := stand(t)
	address, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", h.report("service", "E06002"))), "?")
	source := h.ask("", "zh", "GET", address+"/proof", nil).Body.String()
	stranger, _ := note.NewSigner("bihuan/220105", note.SM2, rand.Reader)
	page := offline(t, node, []checked{
		{source, []string{}, true}, // it agrees with itself: the page says that no key was given
		{source, []string{h.proof.Key().String()}, true},
		{source, []string{stranger.Verifier().String()}, false},
		{source, []string{"no key"}, false},
		{"{}", []string{}, false}, {"", []string{}, false}, {"[1]", []string{}, false},
		{strings.Replace(source, `"format"`, `"formal"`, 1), []string{}, false},
	})
	if page.Wrong != 0 || page.Good != 2 {
		t.Errorf("%+v", page)
	}
}

// Whoever opens a matter at a desk takes its proof home too; a colleague who may read the matter does not.
func TestAMemberOfStaffProvesTheirOwnFilingOnly(t *testing.T) {
	h := stand(t)
	issuer := h.one("office", "issuer")
	done, err := h.desk.Start(t.Context(), h.who(issuer), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "任务", "unit": "housing", "due": "2023-12-31"}})
	h.must(err)
	path := "/matters/" + string(done.Matter)
	h.page(issuer, path).Contains(".matter-history", "下载存证回执")
	w := h.ask(issuer, "zh", "GET", path+"/proof", nil)
	x, err := proof.ParseReceipt(w.Body)
	h.must(err)
	if c, err := proof.Check(&x, note.Only(h.proof.Key())); err != nil || c.Event.Stream != done.Matter {
		t.Errorf("%+v %v", c.Event, err)
	}
	head := h.one("housing", "head")
	if strings.Contains(h.page(head, path).Text(".matter-history"), "下载存证回执") {
		t.Error("a colleague is offered the proof")
	}
	if w := h.ask(head, "zh", "GET", path+"/proof", nil); w.Code != http.StatusNotFound {
		t.Errorf("a colleague takes the proof: %d", w.Code)
	}
}
