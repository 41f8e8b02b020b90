package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/store"
)

// TestAProcessThatStartsIsToldSo: whoever asks for an act on a database that another process has open and does not answer for yet is told so, and not of a socket.
func TestAProcessThatStartsIsToldSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bihuan.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	_, err = installInto(context.Background(), path, "", []string{"."})
	if err == nil || !strings.Contains(err.Error(), "takes no commands yet") || strings.Contains(err.Error(), "socket") || strings.Contains(err.Error(), "unix") {
		t.Errorf("it is told %v", err)
	}
}
