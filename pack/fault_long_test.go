//go:build long

package pack_test

import (
	"testing"

	"bihuan/pack"
)

// TestEveryFaultIsShown keeps one rejected form for each thing that can be said of a pack.
func TestEveryFaultIsShown(t *testing.T) {
	shown := map[string]bool{}
	for _, form := range loaded() {
		for _, f := range form.faults() {
			shown[f.Code] = true
		}
	}
	for _, code := range pack.Codes() {
		if !shown[code] && code != "unreadable" && code != "file-too-large" { // TestBrokenFileSystem and TestLimits show these
			t.Errorf("no rejected form shows %s", code)
		}
	}
}
