package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// server is a PostgreSQL server that stands still while it is not its turn: what it still tidies up
// after its own rounds would otherwise take processors and disk from the others'.
type server struct{ postmaster int } // 0 for none: then nothing is stopped

func (s server) freeze() error { return s.signal(syscall.SIGSTOP) }
func (s server) thaw() error   { return s.signal(syscall.SIGCONT) }

// signal reaches the postmaster and whatever it started.
func (s server) signal(sig syscall.Signal) error {
	if s.postmaster == 0 {
		return nil
	}
	if err := syscall.Kill(s.postmaster, sig); err != nil {
		return fmt.Errorf("signal to the server %d: %w", s.postmaster, err)
	}
	list, err := os.ReadDir("/proc")
	if err != nil {
		return err
	}
	for _, d := range list {
		pid, err := strconv.Atoi(d.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + d.Name() + "/stat")
		if err != nil {
			continue // it has ended meanwhile
		}
		// pid (name) state ppid …; a name may hold spaces and brackets
		after := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(after) > 1 && after[1] == strconv.Itoa(s.postmaster) {
			if err := syscall.Kill(pid, sig); err != nil && err != syscall.ESRCH {
				return fmt.Errorf("signal to the server's %d: %w", pid, err)
			}
		}
	}
	return nil
}
