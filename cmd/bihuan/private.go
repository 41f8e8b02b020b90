package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
)

// kept are the files of a database: itself, what SQLite and the lock put beside it, and those that hold keys.
func (c config) kept() (all []string) {
	for _, suffix := range []string{"", "-wal", "-shm", ".lock", ".key", ".accounts.key", ".sign", ".sign.next", ".sign.past", ".signed", ".keylist", ".secrets"} {
		all = append(all, c.Database+suffix)
	}
	return append(all, c.ringPath())
}

// tighten takes from everybody but their owner what they may do with the files of a database. New ones are made so; older ones, and those that
// a copy brought back, are found here. One that cannot be changed, because it is somebody else's, is told and served all the same.
//
// Source: OWASP ASVS 5.0.0, 13.3.2 and 14.2.4, as read: least privilege for what holds secrets.
func (c config) tighten(log *slog.Logger, chmod func(string, fs.FileMode) error) {
	if runtime.GOOS == "windows" { // there the folder's own list says who reads a file
		return
	}
	for _, path := range c.kept() {
		f, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && (!f.Mode().IsRegular() || f.Mode().Perm()&0o077 == 0) {
			continue
		}
		if err == nil {
			err = chmod(path, f.Mode().Perm()&0o700)
		}
		now, again := os.Stat(path)
		if err == nil && again == nil && now.Mode().Perm()&0o077 != 0 {
			err = errors.New("the file system keeps no modes")
		}
		if err != nil {
			log.Warn("others on this machine can read or change a file of the database, and its mode cannot be changed: have its owner chmod it to 600", "file", path, "error", err)
			continue
		}
		log.Info("others on this machine could read or change a file of the database; now its owner alone can", "file", path, "was", f.Mode().Perm().String())
	}
}
