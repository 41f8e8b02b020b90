package web

import (
	"strconv"
	"testing"
)

func TestReadingTellsHowFarItIsAndForgets(t *testing.T) {
	var r reading
	if _, known := r.of("a"); known {
		t.Error("known before it began")
	}
	r.say("a", 1, 4)
	r.say("a", 3, 4)
	r.say("", 1, 2)
	r.say("b", 1, 0)
	if far, known := r.of("a"); far != 75 || !known {
		t.Errorf("a is at %d, %v", far, known)
	}
	r.end("a")
	if _, known := r.of("a"); known || len(r.far) != 0 {
		t.Errorf("kept: %v", r.far)
	}
	for i := range 2 * maxReading {
		r.say(strconv.Itoa(i), 1, 2)
	}
	if len(r.far) != maxReading {
		t.Errorf("%d kept, most %d", len(r.far), maxReading)
	}
}
