package proof_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bihuan/desk/proof"
	"bihuan/ground/fault"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
	"bihuan/internal/records"
	"bihuan/kernel/journal"
	"bihuan/store"
)

var ctx = context.Background()

// remembered is a Memory without a disk.
type remembered struct{ text string }

func (m *remembered) Last() (string, error)  { return m.text, nil }
func (m *remembered) Keep(text string) error { m.text = text; return nil }

// house is a store with records and their proofs.
type house struct {
	*proof.Room
	store  *store.Store
	memory *remembered
	now    int64
	config proof.Config
}

func stand(t testing.TB, n int) *house {
	t.Helper()
	st, err := store.Open(filepath.Join(t.TempDir(), "log.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	records.Fill(t, st, 0, n)
	signer, err := note.NewSigner("bihuan/220105", note.SM2, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{store: st, memory: &remembered{}, now: records.Start + 1e12}
	h.config = proof.Config{District: records.Log, Now: func() int64 { return h.now }, Signer: signer, Chance: rand.Reader, Memory: h.memory}
	h.Room = proof.New(st, h.config)
	return h
}

func TestTheTreeFollowsTheLogAndCanBeMadeAnew(t *testing.T) {
	h := stand(t, 700)
	leaves, size := merkle.Range{Algorithm: merkle.SM3}, int64(0)
	for _, more := range []int{0, 1, 300} {
		if more > 0 {
			records.Fill(t, h.store, int(size), more)
		}
		hashes, err := h.store.LeafHashes(ctx, records.Log, size, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range hashes {
			leaves.Add(merkle.Hash(l))
			size++
		}
		c, err := h.Checkpoint(ctx, false)
		if err != nil || c.Size != size || merkle.Hash(c.Root) != leaves.Root() {
			t.Fatalf("%+v %v, want %d %s", c.Checkpoint, err, size, leaves.Root())
		}
		if _, head, _ := h.store.Head(ctx, records.Log); c.Says(note.MoreHead) != head.String() {
			t.Errorf("head %s, want %s", c.Says(note.MoreHead), head)
		}
	}
	before, err := h.Tile(ctx, 0, 3, 233)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.DropTree(ctx, records.Log); err != nil {
		t.Fatal(err)
	}
	if err := proof.New(h.store, h.config).CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if after, err := h.Tile(ctx, 0, 3, 233); err != nil || !bytes.Equal(before, after) {
		t.Errorf("made anew, a tile differs: %v", err)
	}
	if _, err := h.Tile(ctx, 0, 3, 234); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a tile wider than the tree: %v", err)
	}
	again := proof.New(h.store, h.config) // as after a restart
	if c, err := again.Checkpoint(ctx, false); err != nil || merkle.Hash(c.Root) != leaves.Root() {
		t.Errorf("after a restart: %v", err)
	}
	h.config.Algorithm = merkle.SHA256
	other := proof.New(h.store, h.config)
	if err := other.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if a, size, err := h.store.Tree(ctx, records.Log); a != "SHA-256" || size != 1001 || err != nil {
		t.Errorf("by another algorithm: %s of %d, %v", a, size, err)
	}
}

func TestEverySizeSignedBeginsTheNext(t *testing.T) {
	h := stand(t, 260)
	first, err := h.Checkpoint(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	records.Fill(t, h.store, 260, 70)
	second, err := h.Checkpoint(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Consistency(ctx, first.Size, second.Size)
	if err != nil {
		t.Fatal(err)
	}
	if err := merkle.VerifyConsistency(merkle.SM3, first.Size, second.Size, first.Root, second.Root, p); err != nil {
		t.Error(err)
	}
	if _, err := h.Consistency(ctx, 1, 331); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a size that the tree has not reached: %v", err)
	}
	if c, err := h.Checkpoint(ctx, true); err != nil || c.Note.String() != second.Note.String() {
		t.Errorf("a log that has not grown is signed again: %v", err)
	}
	h.now += 86_400_000_000
	if c, err := h.Checkpoint(ctx, true); err != nil || c.Note.String() == second.Note.String() || c.Size != second.Size {
		t.Errorf("on another day it is not signed again: %v", err)
	}
}

// Whoever can write to the database alone cannot have another past signed: the last checkpoint is remembered elsewhere.
func TestAnotherPastIsNotSigned(t *testing.T) {
	h := stand(t, 300)
	if _, err := h.Checkpoint(ctx, true); err != nil {
		t.Fatal(err)
	}
	other := stand(t, 0)
	records.Fill(t, other.store, 5, 300) // another log of the same size
	h.config.Memory = h.memory
	for name, n := range map[string]int{"longer": 20, "as long": 0} {
		if n > 0 {
			records.Fill(t, other.store, 400, n)
		}
		r := proof.New(other.store, h.config)
		if c, err := r.Checkpoint(ctx, true); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("%s: signed %+v, %v", name, c.Checkpoint, err)
		}
		if st, err := r.State(ctx); err != nil || st.Refused == "" {
			t.Errorf("%s: nobody is told: %v", name, err)
		}
	}
	short := stand(t, 200)
	r := proof.New(short.store, h.config)
	if _, err := r.Checkpoint(ctx, true); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("an old copy is signed: %v", err)
	}
}

// TestDamagedTilesAreMadeAnew: tiles are a copy of the log. Altered or lost, before what was signed or after it, while the process runs or
// before it starts, they are made anew from the log, whose root is signed; nobody is told that the log was forged.
func TestDamagedTilesAreMadeAnew(t *testing.T) {
	damage := func(h *house, level int, at int64) { // of a tree of 360 leaves, hash at of a level
		var all []journal.Tile
		for _, p := range []merkle.Place{{Level: 0, Index: 0}, {Level: 0, Index: 1}, {Level: 1, Index: 0}} {
			b, err := h.store.Tile(ctx, records.Log, p.Level, p.Index)
			if err != nil {
				t.Fatal(err)
			}
			b = bytes.Clone(b)
			if p.Level == level && p.Index == at/256 {
				b[32*(at%256)] ^= 1
			}
			all = append(all, journal.Tile{Level: p.Level, Place: p.Index, Hashes: b})
		}
		if err := h.store.DropTree(ctx, records.Log); err != nil {
			t.Fatal(err)
		}
		if err := h.store.PutTiles(ctx, records.Log, "SM3", 0, 360, all); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		level   int
		at      int64
		restart bool
	}{{"above what was signed", 1, 0, false}, {"far below, found by a receipt", 0, 10, false}, {"in what was signed, found at the start", 0, 298, true}, {"after it, found at the start", 0, 350, true}} {
		t.Run(c.name, func(t *testing.T) {
			h := stand(t, 300)
			if _, err := h.Checkpoint(ctx, true); err != nil {
				t.Fatal(err)
			}
			records.Fill(t, h.store, 300, 60)
			if err := h.CatchUp(ctx); err != nil {
				t.Fatal(err)
			}
			damage(h, c.level, c.at)
			r := h.Room
			if c.restart {
				r = proof.New(h.store, h.config)
			}
			records.Fill(t, h.store, 360, 1)
			signed, err := r.Checkpoint(ctx, true)
			if err != nil {
				t.Fatalf("nothing is signed: %v", err)
			}
			leaves := merkle.Range{Algorithm: merkle.SM3}
			hashes, err := h.store.LeafHashes(ctx, records.Log, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range hashes {
				leaves.Add(merkle.Hash(l))
			}
			if merkle.Hash(signed.Root) != leaves.Root() || signed.Size != 361 {
				t.Errorf("signed a root that is not the log's, of %d records", signed.Size)
			}
			for _, seq := range []int64{c.at + 1, c.at + 2} {
				x, err := r.Receipt(ctx, seq)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := proof.Check(&x, note.Only(h.Key())); err != nil {
					t.Errorf("the receipt of record %d: %v", seq, err)
				}
			}
			if st, err := r.State(ctx); err != nil || st.Refused != "" || st.Remade == 0 {
				t.Errorf("refused %q, made anew at %d, %v", st.Refused, st.Remade, err)
			}
		})
	}
}

func TestAReceiptProvesItsRecordAndNothingElse(t *testing.T) {
	h := stand(t, 500)
	for _, seq := range []int64{1, 255, 256, 257, 500} {
		x, err := h.Receipt(ctx, seq)
		if err != nil {
			t.Fatal(err)
		}
		again, err := proof.ParseReceipt(bytes.NewReader(x.JSON()))
		if err != nil {
			t.Fatal(err)
		}
		c, err := proof.Check(&again, note.Only(h.Key()))
		if err != nil || c.Event.Seq != seq || c.Checkpoint.Size != 500 {
			t.Fatalf("%d: %+v %v", seq, c, err)
		}
	}
	x, _ := h.Receipt(ctx, 41)
	other, _ := h.Receipt(ctx, 42)
	stranger := stand(t, 500)
	for name, change := range map[string]func(x *proof.Receipt){
		"another record":       func(x *proof.Receipt) { x.Event = other.Event },
		"another salt":         func(x *proof.Receipt) { x.Salt = other.Salt },
		"another place":        func(x *proof.Receipt) { x.Index++ },
		"another number":       func(x *proof.Receipt) { x.Number = "试〔2023〕99999" },
		"another time":         func(x *proof.Receipt) { x.At = other.At },
		"another tree":         func(x *proof.Receipt) { x.Tree = "SHA-256" },
		"another log":          func(x *proof.Receipt) { x.Log = "bihuan/220106" },
		"another proof":        func(x *proof.Receipt) { x.Proof = other.Proof },
		"a shorter proof":      func(x *proof.Receipt) { x.Proof = x.Proof[1:] },
		"another checkpoint":   func(x *proof.Receipt) { y, _ := stranger.Receipt(ctx, 41); x.Checkpoint = y.Checkpoint },
		"a changed checkpoint": func(x *proof.Receipt) { x.Checkpoint = strings.Replace(x.Checkpoint, "\n500\n", "\n501\n", 1) },
		"a record cut off":     func(x *proof.Receipt) { x.Event = x.Event[:40] },
		"no salt":              func(x *proof.Receipt) { x.Salt = "" },
	} {
		y := x
		y.Proof = slices.Clone(x.Proof)
		change(&y)
		if c, err := proof.Check(&y, note.Only(h.Key())); err == nil || !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s passes: %+v %v", name, c, err)
		}
	}
	if _, err := proof.Check(&x, note.Only(stranger.Key())); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("by another key: %v", err)
	}
	if _, err := h.Receipt(ctx, 501); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("of a record that is not there: %v", err)
	}
}

// mute is a witness that answers as it is told.
type mute struct {
	key  *note.Signer
	have int64
	err  error
	asks []string
}

func (m *mute) Witness() note.Verifier { return m.key.Verifier() }

func (m *mute) Cosign(_ context.Context, old int64, p []merkle.Hash, checkpoint string) (note.Signature, int64, error) {
	m.asks = append(m.asks, fmt.Sprint(old, len(p)))
	if m.err != nil {
		return note.Signature{}, 0, m.err
	}
	if old != m.have {
		return note.Signature{}, m.have, fmt.Errorf("seen %d: %w", m.have, fault.ErrConflict)
	}
	n, err := note.Parse(checkpoint)
	if err != nil {
		return note.Signature{}, 0, err
	}
	c, _ := note.ParseCheckpoint(n.Text)
	m.have = c.Size
	s, err := m.key.Cosign(n.Text, 1_700_000_000, rand.Reader)
	return s, 0, err
}

func TestTheLogIsSignedCosignedAndVerifiedOnceADay(t *testing.T) {
	h := stand(t, 100)
	wk, _ := note.NewSigner("audit.example/w1", note.SM2Cosign, rand.Reader)
	dead, _ := note.NewSigner("city.example/w2", note.SM2Cosign, rand.Reader)
	w := &mute{key: wk, have: 60}
	verified := 0
	gone := &mute{key: dead, err: fmt.Errorf("no answer: %w", fault.ErrUnavailable)}
	h.config.Cosigners = []proof.Cosigner{w, gone}
	h.config.Verify = func(context.Context) (journal.Examination, error) {
		verified++
		return journal.Examination{Events: 100, Head: "ab"}, nil
	}
	r := proof.New(h.store, h.config)
	if _, err := h.Checkpoint(ctx, false); err != nil { // for somebody's receipt
		t.Fatal(err)
	}
	for range 3 {
		if err := r.Daily(ctx); err != nil {
			t.Fatal(err)
		}
	}
	st, err := r.State(ctx)
	if err != nil || st.Last.Size != 100 || !st.Last.Kept || st.Witnesses[0].Size != 100 || st.Witnesses[0].At != 1_700_000_000_000_000 || st.Witnesses[1].Fault == "" || verified != 1 || len(st.Verified) != 1 {
		t.Fatalf("%+v %v; verified %d times", st, err, verified)
	}
	if fmt.Sprint(w.asks) != "[0 0 60 6]" {
		t.Errorf("asked %v", w.asks)
	}
	if n := len(gone.asks); n != 1 {
		t.Errorf("a witness that does not answer was asked %d times in a row", n)
	}
	h.now += 11 * 60_000_000
	if err := r.Daily(ctx); err != nil || len(gone.asks) != 2 {
		t.Errorf("eleven minutes later: asked %d times, %v", len(gone.asks), err)
	}
	records.Fill(t, h.store, 100, 5)
	h.now += 86_400_000_000
	if err := r.Daily(ctx); err != nil {
		t.Fatal(err)
	}
	if last, err := r.Latest(ctx); err != nil || last.Size != 105 || verified != 2 || w.have != 105 {
		t.Errorf("the next day: %+v %v, verified %d times", last.Checkpoint, err, verified)
	}
}

func FuzzParseReceipt(f *testing.F) {
	x := proof.Receipt{Format: proof.ReceiptFormat, Proof: []string{}}
	f.Add(x.JSON())
	if b, err := os.ReadFile("testdata/receipt.json"); err == nil {
		f.Add(b)
	}
	f.Add([]byte(`{"format":"bihuan/receipt/1"}`))
	k, _ := note.NewSigner("bihuan/220105", note.Ed25519, rand.Reader)
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := proof.ParseReceipt(bytes.NewReader(b))
		if err != nil {
			return
		}
		if _, err := proof.Check(&x, note.Only(k.Verifier())); err == nil {
			t.Errorf("%q passes", b)
		}
	})
}

func BenchmarkReceipt(b *testing.B) {
	h := stand(b, 20_000)
	if _, err := h.Checkpoint(ctx, true); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := h.Receipt(ctx, int64(i*7919%20_000)+1); err != nil {
			b.Fatal(err)
		}
	}
}

// Checkpoints that somebody else put into the table neither hide ours nor are published; a tree that was taken away comes back for a receipt.
func TestForeignCheckpointsAndALostTree(t *testing.T) {
	h := stand(t, 30)
	good, err := h.Checkpoint(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range int64(50) {
		if err := h.store.PutCheckpoint(ctx, journal.Checkpoint{Log: records.Log, Size: 1000 + i, Kept: true, Note: "a\n1\n\n— a AAAAAAAA\n"}); err != nil {
			t.Fatal(err)
		}
	}
	if last, err := h.Latest(ctx); err != nil || last.Size != good.Size {
		t.Errorf("the last is %+v, %v", last.Checkpoint, err)
	}
	if err := h.store.DropTree(ctx, records.Log); err != nil {
		t.Fatal(err)
	}
	again := proof.New(h.store, h.config)
	x, err := again.Receipt(ctx, 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Check(&x, note.Only(h.Key())); err != nil {
		t.Error(err)
	}
}
