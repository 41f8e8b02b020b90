package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// syncRate returns how often a second a written block of 4 KiB can be written over and synced.
func syncRate(dir string) float64 {
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return 0
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := make([]byte, 4096)
	n, begin := 0, time.Now()
	for ; time.Since(begin) < time.Second; n++ {
		if _, err := f.WriteAt(block, 0); err != nil {
			return 0
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0
		}
	}
	return float64(n) / time.Since(begin).Seconds()
}

// cpuTime is what this process has used of the processors, the load generator included and a
// database server not. It moves less than the rates do when others use the machine.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// written is how many bytes this process has had written to the disk; 0 where the system does not say.
func written() int64 {
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0
	}
	var skip string
	var n, total int64
	for line := range strings.Lines(string(b)) {
		if _, err := fmt.Sscan(line, &skip, &n); err == nil && skip == "write_bytes:" {
			total = n
		}
	}
	return total
}
