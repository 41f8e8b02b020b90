package store

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"bihuan/ground/fault"
)

// lock takes FILE.lock, so that one process owns the database. The system lets go of it
// when the process ends, however it ends. The file holds the owner's process id.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		return nil, fmt.Errorf("database %s is held by process %s (%s.lock): %w", path, holder(f), path, fault.ErrUnavailable)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}

func holder(f *os.File) string {
	b, _ := io.ReadAll(io.LimitReader(f, 32))
	if pid := strings.TrimSpace(string(b)); pid != "" {
		return pid
	}
	return "unknown"
}
