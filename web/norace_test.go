//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package web

import (
	"bihuan/desk/doors"
	"bihuan/desk/proof"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
	"bihuan/internal/bar"
	"bihuan/internal/needs"
	"bihuan/internal/records"
	"bihuan/kernel/journal"
	"bihuan/store"
	"crypto/rand"
	mrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestRegistersShowWhatIsValid(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	h.page(office, "/registers").Contains("main", "名册")
	for _, k := range h.desk.Packs().Registers() {
		h.page(office, "/registers/"+k.Ref)
	}
	h.page(office, "/registers/erdao/unit?text=住建").Contains("tbody", "住建局")
	staff := h.page(office, "/registers/erdao/person")
	staff.Contains("tbody", "经办人")
	h.page(office, "/registers/dispatch/route").Contains("tbody", "案卷")
	if text := staff.Text("main"); strings.Contains(text, "handler") || strings.Contains(text, "英文职务") {
		t.Errorf("a Chinese register shows keys of roles, or what it says in Chinese again in English: %.300s", text)
	}
	if w := h.ask(office, "en", "GET", "/registers/erdao/person", nil); !strings.Contains(parse(t, w).Text("thead"), "Post in English") {
		t.Error("an English register leaves out what it says in English")
	}
	h.page(office, "/registers/erdao/unit?on=2001-01-01").Contains(".empty", "没有")
	if w := h.ask(office, "zh", "GET", "/registers/erdao/unit?on=gestern", nil); w.Code != 422 {
		t.Errorf("a day that is none: %d", w.Code)
	}
	if w := h.ask(office, "zh", "GET", "/registers/erdao/unit/csv", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "住建局") {
		t.Errorf("a register as a file: %d", w.Code)
	}
}

// TestBar_V04_ReceiptsAreProvenWithoutTheServer has receipts of a log checked by the offline page and by the Go side, good
// ones and changed ones, signed by SM2 over SM3 and by Ed25519 over SHA-256, with a witness's cosignature of each kind.
func TestBar_V04_ReceiptsAreProvenWithoutTheServer(t *testing.T) {
	node := needs.Program(t, "node") // runs the offline page's script
	n := bar.Count(1000, 10_000)
	st, err := store.Open(filepath.Join(t.TempDir(), "log.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	records.Fill(t, st, 0, n)
	var cases []checked
	good, bad := 0, 0
	rnd := mrand.New(mrand.NewPCG(4, 4))
	for _, kinds := range []struct {
		log, witness note.Kind
		tree         merkle.Algorithm
		n            int
	}{{note.SM2, note.Ed25519Cosign, merkle.SM3, n}, {note.Ed25519, note.SM2Cosign, merkle.SHA256, 20}} {
		log, _ := note.NewSigner("bihuan/220105", kinds.log, rand.Reader)
		wit, _ := note.NewSigner("audit.example/w1", kinds.witness, rand.Reader)
		r := proof.New(st, proof.Config{District: records.Log, Now: func() int64 { return records.Start + 1e12 }, Signer: log, Chance: rand.Reader, Algorithm: kinds.tree})
		cp, err := r.Checkpoint(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		sig, err := wit.Cosign(cp.Note.Text, 1_700_000_000, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		cp.Note.Add(sig)
		if err := st.PutCheckpoint(t.Context(), journal.Checkpoint{Log: records.Log, Size: cp.Size, At: cp.At, Kept: true, Note: cp.Note.String()}); err != nil {
			t.Fatal(err)
		}
		keys := []string{log.Verifier().String(), wit.Verifier().String()}
		for i := range kinds.n {
			x, err := r.Receipt(t.Context(), int64(i)+1)
			if err != nil {
				t.Fatal(err)
			}
			c, err := proof.Check(&x, note.Only(log.Verifier()), wit.Verifier())
			if err != nil || len(c.Witnesses) != 1 {
				t.Fatalf("receipt %d: %v, witnesses %v", i+1, err, c.Witnesses)
			}
			good++
			cases = append(cases, checked{string(x.JSON()), keys, true})
			if i%5 == 0 {
				forged := forge(rnd, x)
				if _, err := proof.Check(&forged, note.Only(log.Verifier())); err == nil {
					t.Errorf("a changed receipt passes: %+v", forged)
				}
				bad++
				cases = append(cases, checked{string(forged.JSON()), keys, false})
			}
		}
	}
	page := offline(t, node, cases)
	if page.Wrong != 0 || page.Good != good || page.Bad != bad || page.Witnessed != good {
		t.Fatalf("the page: %+v, want %d good and %d bad", page, good, bad)
	}
	bar.Report(t, "V-04", "%d of %d receipts proven by bihuan and by the offline page, %d changed ones refused by both", good, good, bad)
}

func TestTheDoorShutsForWhoeverReportsTooOften(t *testing.T) {
	h := stand(t)
	form, now := h.report(), h.desk.Now()
	var w *httptest.ResponseRecorder
	n := 0
	for w = h.ask("", "zh", "POST", "/report", form); w.Code != http.StatusTooManyRequests && n <= doors.PerAddress.Burst; n++ {
		w = h.ask("", "zh", "POST", "/report", form)
	}
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Fatalf("after %d reports at %d: %d", n, now, w.Code)
	}
	p := parse(t, w)
	p.Contains(".flaw", "过于频繁")
	p.Contains(`textarea[name="text"]`, form.Get("text")) // nobody loses their words
	h.page("", "/open/matters")                           // whoever only reads is not kept out
}
