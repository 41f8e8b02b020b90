//go:build long

package upload_test

import (
	"errors"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/upload"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
)

// TestBar_I02_NoArchiveIsTakenThatUnpacksAbnormally: of the corpus, what is a bomb, leads out or holds links is refused by its directory alone.
func TestBar_I02_NoArchiveIsTakenThatUnpacksAbnormally(t *testing.T) {
	tried := 0
	for _, a := range corpus.Attacks(300) {
		if !strings.Contains(a.Kind, "bomb") && !strings.Contains(a.Kind, "slip") && !strings.Contains(a.Kind, "in an archive") && !strings.Contains(a.Kind, "many entries") {
			continue
		}
		tried++
		if _, err := upload.Look(a.Bytes); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s is taken", a.Kind)
		}
	}
	bar.Report(t, "I-02", "%d uploads that are bombs, lead out, link or nest: 0 taken, none unpacked", tried)
}
