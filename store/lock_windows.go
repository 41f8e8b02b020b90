package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes the exclusive lock of an open file without waiting. It locks a byte far
// behind the text, which others may then still read.
func lockFile(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: 1}
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
}
