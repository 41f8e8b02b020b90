package machine

import (
	"runtime"
	"testing"
)

func TestOneGoroutineMoreThanProcessors(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	runtime.GOMAXPROCS(processors())
	t.Setenv("GOMAXPROCS", "2")
	SpareProcessor()
	if n := runtime.GOMAXPROCS(0); n != processors() {
		t.Errorf("somebody has set it, and %d run at once, want %d", n, processors())
	}
	t.Setenv("GOMAXPROCS", "")
	for range 2 { // a process that serves twice has no more
		SpareProcessor()
		if n := runtime.GOMAXPROCS(0); n != processors()+1 {
			t.Errorf("%d run at once, want %d", n, processors()+1)
		}
	}
}
