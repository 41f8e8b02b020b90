package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/fault"
)

// minVersion is the first SQLite without the fault that two connections at one checkpoint
// could lose committed data (3.7.0 to 3.51.2, mended 2026-03-13).
const minVersion = "3.51.3"

// pageSize suits rows of about 500 bytes that are kept in the order of their key; measured in docs/benchmarks.md.
const pageSize = 4096

// writerPragmas are set on the writing connection, in order, besides what [Options.syncing] says. Those with a value that counts
// are read back by check.
var writerPragmas = []string{
	fmt.Sprintf("PRAGMA page_size = %d", pageSize),
	"PRAGMA journal_mode = WAL",
	"PRAGMA foreign_keys = OFF",
	"PRAGMA cache_size = -16384", // KiB; a larger one costs more at each commit than it spares
	"PRAGMA temp_store = MEMORY",
	"PRAGMA wal_autocheckpoint = 0", // see checkpointer
	"PRAGMA secure_delete = ON",     // what is deleted is overwritten with zeros: keys and values of persons
	fmt.Sprintf("PRAGMA busy_timeout = %d", busyMS),
}

var readerPragmas = []string{
	"PRAGMA query_only = ON",
	"PRAGMA cache_size = -2048", // KiB; they read from the file as mapped, and 8192 each took 80 MB more and no page was faster
	"PRAGMA temp_store = MEMORY",
	fmt.Sprintf("PRAGMA mmap_size = %d", mapped),
	fmt.Sprintf("PRAGMA busy_timeout = %d", busyMS),
}

// mapped is how much of the file readers see as memory instead of copying pages of it, which halves
// the time of a list that fetches thousands of rows. The writer does not.
const mapped = (4 << 30) * (strconv.IntSize / 64)

// setting is one without which an acknowledged record could be lost, as read back.
type setting struct{ ask, want, why string }

var must = []setting{
	{"PRAGMA journal_mode", "wal", "readers and the writer would block each other"},
	{"PRAGMA query_only", "0", "nothing could be written"},
}

// syncing is how a connection that writes syncs, and as what that is read back.
func (o *Options) syncing() (pragma string, back setting) {
	if o.Fleeting {
		return "PRAGMA synchronous = OFF", setting{"PRAGMA synchronous", "0", "a file that is forgotten would be waited for (0 is OFF)"}
	}
	return "PRAGMA synchronous = FULL", setting{"PRAGMA synchronous", "2", "a power cut would lose acknowledged records (2 is FULL)"}
}

func settings(c conn, pragmas []string) error {
	for _, p := range pragmas {
		if _, err := c.exec(p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return nil
}

func prepareWriter(c conn, o Options) error {
	pragma, back := o.syncing()
	for _, some := range [][]string{writerPragmas, {pragma}, o.pragmas} {
		if err := settings(c, some); err != nil {
			return err
		}
	}
	return check(c, back)
}

// check reads the version and the settings back.
func check(c conn, more ...setting) error {
	version := ""
	if _, err := one(c, "SELECT sqlite_version()", nil, func(r cells) { version = r.text(0) }); err != nil {
		return err
	}
	if older(version, minVersion) {
		return fmt.Errorf("SQLite %s can lose committed data, %s or later is needed: %w", version, minVersion, fault.ErrUnavailable)
	}
	for _, m := range slices.Concat(must, more) {
		got := ""
		if _, err := one(c, m.ask, nil, func(r cells) { got = r.text(0) }); err != nil {
			return err
		}
		if got != m.want {
			return fmt.Errorf("%s is %s, not %s: %s: %w", m.ask, got, m.want, m.why, fault.ErrUnavailable)
		}
	}
	return nil
}

// older compares versions of numbers with dots; what is not a number counts as 0.
func older(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if x, y := part(as, i), part(bs, i); x != y {
			return x < y
		}
	}
	return false
}

func part(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, _ := strconv.Atoi(parts[i])
	return n
}
