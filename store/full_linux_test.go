package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"bihuan/ground/fault"
	"bihuan/internal/needs"
	"bihuan/kernel/journal"
)

// TestBar_D05_AFullDiskIsSurvived fills a small file system of its own: writing is refused,
// reading goes on, nothing acknowledged is lost, and writing goes on when there is room again.
func TestBar_D05_AFullDiskIsSurvived(t *testing.T) {
	if os.Getenv("STORE_CHILD") == "full" {
		fillDisk(t, os.Getenv("STORE_PATH"))
		return
	}
	unshare := needs.Program(t, "unshare")
	if os.Geteuid() != 0 {
		needs.Missing(t, "only root can have a small file system: no disk was filled")
	}
	c := exec.Command(unshare, "-m", os.Args[0], "-test.run=^TestBar_D05", "-test.v")
	c.Env = append(os.Environ(), "STORE_CHILD=full", "STORE_PATH="+t.TempDir())
	out, err := c.CombinedOutput()
	if strings.Contains(string(out), unmounted) {
		needs.Missing(t, "%s: %s", unmounted, out)
	}
	if err != nil || !strings.Contains(string(out), "refused") {
		t.Errorf("%v\n%s", err, out)
	}
}

// unmounted is what the child says that cannot have a file system of its own.
const unmounted = "no small file system could be mounted"

func fillDisk(t *testing.T, dir string) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Fatalf("%s: %v", unmounted, err)
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s, err := Open(filepath.Join(dir, "bihuan.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	put := func(n int) error {
		b := stepBatch(fmt.Sprint(n), numberedID(n), 0, journal.Row{Title: "x", Body: []byte(`{"a":"` + strings.Repeat("长", 500) + `"}`)})
		_, err := s.Append(ctx, b)
		return err
	}
	n := 0
	for err = put(n); err == nil && n < 100_000; err = put(n) {
		n++
	}
	if !errors.Is(err, fault.ErrUnavailable) || !strings.Contains(err.Error(), "disk is full") {
		t.Fatalf("after %d: %v", n, err)
	}
	t.Logf("refused after %d: %v", n, err)
	if s.Healthy() != nil {
		t.Errorf("healthy: %v", s.Healthy())
	}
	if row, err := s.Row(ctx, numberedID(0)); err != nil || row.Title != "x" {
		t.Errorf("reading while full: %v", err)
	}
	if seq, _, err := s.Head(ctx, erdao); seq != int64(n) || err != nil {
		t.Errorf("%d acknowledged, %d there, %v", n, seq, err)
	}
	os.Remove(ballast)
	if err := put(n); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if r, err := s.Verify(ctx, erdao, nil); err != nil || r.Flaw != nil || r.Events != int64(n+1) {
		t.Errorf("verify: %+v, %v", r, err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}
