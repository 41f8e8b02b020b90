//go:build long

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/note"
	"bihuan/witness"
)

// A house that is served signs its log, has it cosigned by the witness that is configured, and publishes that; the receipt that
// somebody takes home names the witness.
func TestTheHouseAsksItsWitnessAndPublishesWhatItSays(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	c := defaults()
	c.Database = filepath.Join(dir, "d.db")
	signer, err := signingKey(c.Database+".sign", "220105", note.SM2)
	if err != nil {
		t.Fatal(err)
	}
	key, err := note.NewSigner("audit.example/w1", note.SM2Cosign, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	state, err := witness.OpenFiles(filepath.Join(dir, "w"), filepath.Join(dir, "marks"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := witness.New(key, []note.Verifier{signer.Verifier()}, state, func() int64 { return time.Now().Unix() }, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(w.Handler(slog.New(slog.DiscardHandler)))
	defer srv.Close()
	c.Witnesses = srv.URL + " " + key.Verifier().String()
	h, err := build(ctx, c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	h.daily(ctx) // what the scheduler calls
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, request("GET", "/log/checkpoint", nil))
	cp, n, err := note.Open(rec.Body.String(), signer.Verifier())
	if err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	if _, ok := n.By(key.Verifier()); !ok {
		t.Errorf("published without the witness: %s", rec.Body)
	}
	x, err := h.proof.Receipt(ctx, cp.Size)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "r.json")
	if err := os.WriteFile(file, x.JSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := run([]string{"receipt", "check", file, "--key", signer.Verifier().String(), "--witness", key.Verifier().String()}, streams{nil, &out, &errs})
	if code != exitFine || !strings.Contains(out.String(), "witness audit.example/w1 has cosigned") {
		t.Errorf("%d %s %s", code, out.String(), errs.String())
	}
	// The daily look has verified the log too.
	if st, err := h.proof.State(ctx); err != nil || len(st.Verified) != 1 || st.Verified[0].Bad != 0 || st.Verified[0].Events != cp.Size {
		t.Errorf("%+v %v", st, err)
	}
	if b, err := json.Marshal(x); err != nil || bytes.Contains(b, []byte("PRIVATE")) {
		t.Error("the receipt tells a secret", err)
	}
}

// The demo's cheat: an edited record is found at once; with every hash computed anew the copy agrees with itself, and is found
// against a checkpoint alone.
func TestCheatingIsFoundOutBothWays(t *testing.T) {
	h, _ := standDemo(t)
	goals, err := h.desk.Promises(t.Context(), 0, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goals {
		c, err := h.cheat(t.Context(), g.ID)
		if errors.Is(err, fault.ErrNotFound) {
			continue // has no figure yet
		}
		if err != nil {
			t.Fatal(err)
		}
		if c.Verdict.Bad != c.Seq || c.Alone.Bad != 0 || c.Against.Bad == 0 || !strings.HasPrefix(c.Against.Reason, "signed") || c.Signed < c.Seq {
			t.Errorf("%+v", c)
		}
		if f, err := h.check(t.Context()); err != nil || f.Bad != 0 {
			t.Errorf("the real database: %+v %v", f, err)
		}
		return
	}
	t.Error("no goal has a figure")
}
