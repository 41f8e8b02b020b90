package machine

import (
	"os"
	"runtime"
	"sync"
)

// processors is how many goroutines run at once before anybody has changed that.
var processors = sync.OnceValue(func() int { return runtime.GOMAXPROCS(0) })

// SpareProcessor lets one goroutine more run at once than there are processors. The writer's goroutine waits for the disk in system calls
// of a tenth of a millisecond, hundreds of times a second; the runtime gives its place to another only when it happens to look, so that
// on two processors one stood still meanwhile. Whoever has set GOMAXPROCS has decided otherwise.
func SpareProcessor() {
	if n := processors(); os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(n + 1)
	}
}
