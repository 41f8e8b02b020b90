//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package photo_test

import (
	"errors"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/photo"
	"bihuan/internal/corpus"
)

func TestFloodsAreRefusedByTheirHead(t *testing.T) {
	n := 0
	for _, a := range corpus.Attacks(120) {
		if len(a.Kind) < 5 || a.Kind[:5] != "pixel" {
			continue
		}
		n++
		if _, err := photo.Size(a.Bytes); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s is unfolded", a.Kind)
		}
	}
	if n == 0 {
		t.Error("no flood was tried")
	}
	if pixels, err := photo.Size(corpus.PNG(0)); err != nil || pixels != 24*16 {
		t.Errorf("%d points, %v", pixels, err)
	}
}
