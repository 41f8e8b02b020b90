package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTheKeyOfBlindIndexesIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bihuan.db.key")
	first, err := blindKey(path, systemChance)
	if err != nil || len(first) != blindKeyBytes {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	again, err := blindKey(path, func([]byte) { t.Error("made anew") })
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("read again: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blindKey(path, systemChance); err == nil {
		t.Error("a broken key is taken")
	}
}
