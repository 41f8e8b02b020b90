package store

import (
	"context"
	"errors"
	"testing"

	"bihuan/ground/fault"
)

// TestWhoAsksAfterTheEndIsToldSo: neither a question nor a second closing waits for a connection that will never be there.
func TestWhoAsksAfterTheEndIsToldSo(t *testing.T) {
	s := fresh(t, Options{Readers: 2})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Log(context.Background(), "220105", 0, 10); !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("reading after the end: %v", err)
	}
	if _, err := s.DropWaiting(context.Background(), "report", 1); !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("dropping after the end: %v", err)
	}
}
