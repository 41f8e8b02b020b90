package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"bihuan/desk/personal"
	"bihuan/ground/calendar"
)

// dayLogs keeps what is logged in a folder, a file for each day of Asia/Shanghai, so that retention can drop whole days.
type dayLogs struct {
	dir string
	now func() int64

	mu   sync.Mutex
	day  calendar.Date
	file *os.File
}

// openLogs returns the logs of the folder that the configuration names, nil without one.
func openLogs(dir string, now func() int64) (*dayLogs, error) {
	if dir == "" {
		return nil, nil
	}
	return &dayLogs{dir: dir, now: now}, os.MkdirAll(dir, 0o700)
}

// logs are what retention drops, nil where the operator keeps them.
func (h *house) logs() personal.Logs {
	if h.config.Logs == "" {
		return nil
	}
	return &dayLogs{dir: h.config.Logs, now: h.world.Now}
}

const logPrefix, logSuffix = "bihuan-", ".log"

func (l *dayLogs) path(d calendar.Date) string {
	return filepath.Join(l.dir, logPrefix+d.String()+logSuffix)
}

// Write appends a line to the day's file.
func (l *dayLogs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	today := calendar.Instant(l.now()).Date()
	if l.file == nil || l.day != today {
		f, err := os.OpenFile(l.path(today), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return 0, err
		}
		if l.file != nil {
			l.file.Close()
		}
		l.file, l.day = f, today
	}
	return l.file.Write(b)
}

// Days implements [personal.Logs].
func (l *dayLogs) Days() (all []calendar.Date, err error) {
	files, err := os.ReadDir(l.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, f := range files {
		name, ok := strings.CutPrefix(f.Name(), logPrefix)
		name, dated := strings.CutSuffix(name, logSuffix)
		if d, err := calendar.ParseDate(name); ok && dated && err == nil {
			all = append(all, d)
		}
	}
	return all, err
}

// Drop implements [personal.Logs].
func (l *dayLogs) Drop(d calendar.Date) error {
	if err := os.Remove(l.path(d)); err != nil {
		return fmt.Errorf("drop the log of %s: %w", d, err)
	}
	return nil
}

// logTo returns where lines of the log go: to errs, and into the folder of the configuration if there is one.
func logTo(errs io.Writer, c config, now func() int64) (io.Writer, error) {
	l, err := openLogs(c.Logs, now)
	if err != nil || l == nil {
		return errs, err
	}
	return io.MultiWriter(errs, l), nil
}
