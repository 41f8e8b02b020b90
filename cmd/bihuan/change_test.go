//go:build long

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"bihuan/desk/proof"
	"bihuan/ground/note"
)

// errCut stands for a cut of the power.
var errCut = errors.New("the power was cut")

// copyDir copies the files of a folder as they are on the disk now: what a process finds that is started after this one was killed.
func copyDir(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	all, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !f.Type().IsRegular() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, f.Name()), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// holds verifies a house, with a checkpoint from before, and by whoever keeps an old receipt and knows any of its keys.
func holds(t *testing.T, h *house, first note.Verifier, receipt []byte, kept string) {
	t.Helper()
	ctx := t.Context()
	s, err := h.proof.Checkpoint(ctx, true)
	if err != nil {
		t.Errorf("the log is not signed: %v", err)
		return
	}
	for _, known := range []note.Verifier{first, h.proof.Key()} {
		keys, err := note.Follow(known, h.proof.Followed()...)
		if err != nil {
			t.Errorf("by %s the keys are not followed: %v", known.Fingerprint(), err)
			return
		}
		if _, _, _, err := keys.Open(s.Note.String()); err != nil {
			t.Errorf("who knows %s does not read what is signed now: %v", known.Fingerprint(), err)
		}
		x, err := proof.ParseReceipt(bytes.NewReader(receipt))
		if err == nil {
			_, err = proof.Check(&x, keys)
		}
		if err != nil {
			t.Errorf("who knows %s does not prove an old receipt: %v", known.Fingerprint(), err)
		}
	}
	a, err := h.config.held("", kept)
	if err == nil {
		var f finding
		if f, err = check(ctx, h.store, h.desk, a); f.Bad != 0 {
			t.Errorf("record %d: %s", f.Bad, f.Reason)
		}
	}
	if err != nil {
		t.Error(err)
	}
	changes, err := h.keys.Changes(ctx)
	if told := h.proof.Key() != first; err != nil || told != (len(changes) == 1) || told && (changes[0].To != h.proof.Key().String() || changes[0].Why != "每两年更换") {
		t.Errorf("the log tells of %+v, %v", changes, err)
	}
}

// TestBar_V09_TheLogsKeyIsChangedWhateverIsCutOff changes the key that signs the log and cuts the power before each step, starts anew from what is on the
// disk then, twice, and asks whether everything that was signed before is still proven, to holders of the old key and of the new one.
func TestBar_V09_TheLogsKeyIsChangedWhateverIsCutOff(t *testing.T) {
	dir := t.TempDir()
	h := opened(t, dir)
	ctx := t.Context()
	if err := h.proof.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	before, err := h.proof.Checkpoint(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	x, err := h.proof.Receipt(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	first, receipt := h.proof.Key(), x.JSON()
	disks := map[string]string{}
	h.step = func(step string) error {
		disks[step] = copyDir(t, dir)
		return nil
	}
	if _, err := h.changeKey(ctx, "log", "每两年更换"); err != nil {
		t.Fatal(err)
	}
	if h.proof.Key() == first {
		t.Fatal("the key is the same as before")
	}
	holds(t, h, first, receipt, before.Note.String())
	after, err := h.proof.Receipt(ctx, 1)
	if err != nil || after.Key != h.proof.Key().String() {
		t.Errorf("a receipt after the change names %s, %v", after.Key, err)
	}
	for step, disk := range disks {
		t.Run("cut off before: "+step, func(t *testing.T) {
			again := copyDir(t, disk)
			for range 2 { // ended at the next start; the start after that finds nothing to do
				h := opened(t, again)
				if began := step != "keep the new key"; (h.proof.Key() != first) != began {
					t.Errorf("signed by the old key: %v", h.proof.Key() == first)
				}
				holds(t, h, first, receipt, before.Note.String())
				if _, err := os.Stat(h.config.signNext()); err == nil {
					t.Error("a change is still under way")
				}
				h.Close()
			}
		})
	}
	if len(disks) != 6 {
		t.Errorf("%d steps were cut off, want 6", len(disks))
	}
}

// TestAChangeThatFailsMidwayIsEndedByTheSameCommand lets each step fail once while the house goes on being served: nothing is signed until the command
// was given again.
func TestAChangeThatFailsMidwayIsEndedByTheSameCommand(t *testing.T) {
	h := opened(t, t.TempDir())
	ctx := context.Background()
	for _, fail := range []string{"record", "keep the old key's past", "replace the key", "forget the change", "sign by the new key"} {
		was := h.proof.Key()
		h.step = func(step string) error {
			if step == fail {
				return errCut
			}
			return nil
		}
		if _, err := h.changeKey(ctx, "log", "试验"); !errors.Is(err, errCut) {
			t.Fatalf("%s: %v", fail, err)
		}
		if _, err := h.proof.Checkpoint(ctx, true); err == nil {
			t.Errorf("%s: the log is signed while nobody knows by which key", fail)
		}
		h.step = nil
		if fail == "sign by the new key" { // nothing is pending on the disk any more: the next start reads the new key
			break
		}
		if _, err := h.changeKey(ctx, "log", "试验"); err != nil {
			t.Fatalf("%s: %v", fail, err)
		}
		if h.proof.Key() == was {
			t.Errorf("%s: the key was not changed", fail)
		}
	}
	if f, err := h.check(ctx); err != nil || f.Bad != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}
