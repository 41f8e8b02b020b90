package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/needs"
	"bihuan/kernel/journal"
)

// TestChild is what the tests start as another process.
func TestChild(t *testing.T) {
	switch os.Getenv("STORE_CHILD") {
	case "open":
		if _, err := Open(os.Getenv("STORE_PATH"), Options{}); err != nil {
			t.Fatal(err)
		}
	case "write":
		plant := os.Getenv("STORE_PLANT")
		s, err := Open(os.Getenv("STORE_PATH"), Options{pages: 100, hold: plant == "behind" || plant == "forget", forget: plant == "forget"})
		if err != nil {
			t.Fatal(err)
		}
		writeForEver(s, plant == "early")
	}
}

// TestBar_D01_KillLosesNoRow kills a process that has not taken any row to the tables of lists,
// unless there were too many.
func TestBar_D01_KillLosesNoRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bihuan.db")
	known := map[string]string{}
	for cycle := range 8 {
		for command, line := range killOnce(t, path, "behind") {
			known[command] = line
		}
		lost, err := missing(path, known)
		if err != nil || lost != "" {
			t.Fatalf("cycle %d: %s, %v", cycle, lost, err)
		}
	}
	t.Logf("%d acknowledged, no row is missing", len(known))
}

// TestBar_D13_AForgottenEntryIsCaught plants the fault of keeping what the tables are behind with in memory only.
func TestBar_D13_AForgottenEntryIsCaught(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bihuan.db")
	lost, err := missing(path, killOnce(t, path, "forget"))
	if err != nil || lost == "" {
		t.Errorf("rows that were kept in memory only are all there: %v", err)
	}
	t.Log("caught: " + lost)
}

// writeForEver has eight writers take cases through steps, and prints each acknowledged
// receipt as command, sequence number and number. early plants the fault of printing it
// inside the transaction.
func writeForEver(s *Store, early bool) {
	var mu sync.Mutex
	tell := func(r journal.Receipt) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Printf("acked %s %d %s %s\n", r.Command, r.LastSeq, r.Head, r.Streams[0].Number)
	}
	run := time.Now().UnixNano()
	for w := range 8 {
		go func() {
			for n := 0; ; n++ {
				stream := name.NewID(erdao, [16]byte{byte(run >> 24), byte(run >> 16), byte(run >> 8), byte(run), byte(w), byte(n >> 8), byte(n)})
				for v := range int64(3) {
					b := stepBatch(fmt.Sprintf("%s/%d", stream, v), stream, v, journal.Row{Title: "x", Facets: []journal.Facet{{Name: "a", Text: fmt.Sprint(v)}}})
					if v == 0 {
						b.Appends[0].Series = "N"
					}
					if early {
						appendEarly(s, b, tell)
						continue
					}
					r, err := s.Append(context.Background(), b)
					if err != nil {
						os.Exit(3)
					}
					tell(r)
				}
			}
		}()
	}
	select {}
}

func appendEarly(s *Store, b journal.Batch, tell func(journal.Receipt)) {
	p, err := prepare(b)
	if err == nil {
		err = s.writer.write(context.Background(), func(t *txn) error {
			r, err := t.append(p)
			if err == nil {
				tell(r)
			}
			return err
		})
	}
	if err != nil {
		os.Exit(3)
	}
}

// killOnce starts a writer, kills it after 5 to 150 ms of writing and returns what it had acknowledged.
func killOnce(t *testing.T, path, plant string) map[string]string {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestChild$")
	c.Env = append(os.Environ(), "STORE_CHILD=write", "STORE_PATH="+path, "STORE_PLANT="+plant)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	lines := bufio.NewScanner(out)
	started := false
	for lines.Scan() {
		if !started {
			started = true
			time.AfterFunc(time.Duration(5+rand.IntN(145))*time.Millisecond, func() { c.Process.Kill() })
		}
		if f := strings.Fields(lines.Text()); len(f) >= 4 && f[0] == "acked" {
			got[f[1]] = strings.Join(f[2:], " ")
		}
	}
	c.Wait()
	if !started {
		t.Fatal("the writer acknowledged nothing")
	}
	return got
}

// missing opens the database, verifies it, and names the first acknowledged command that is not as it was.
func missing(path string, known map[string]string) (string, error) {
	ctx := context.Background()
	s, err := Open(path, Options{})
	if err != nil {
		return "", err
	}
	defer s.Close()
	r, err := s.Verify(ctx, erdao, nil)
	if err != nil || r.Flaw != nil {
		return fmt.Sprint(r.Flaw), err
	}
	if bad, err := integrity(s); err != nil || bad != "ok" {
		return bad, err
	}
	for command, want := range known {
		r, found, err := s.Receipt(ctx, erdao, command)
		if err != nil {
			return "", err
		}
		if !found {
			return "acknowledged and lost: " + command, nil
		}
		if got := strings.TrimSpace(fmt.Sprintf("%d %s %s", r.LastSeq, r.Head, r.Streams[0].Number)); got != want {
			return fmt.Sprintf("%s was acknowledged as %s, is %s", command, want, got), nil
		}
	}
	if bad, err := stale(s); err != nil || bad != "" {
		return bad, err
	}
	return gaps(s)
}

func integrity(s *Store) (text string, err error) {
	err = s.read(context.Background(), "integrity", func(c conn) error {
		_, err := one(c, "PRAGMA integrity_check", nil, func(r cells) { text = r.text(0) })
		return err
	})
	return text, err
}

// gaps names a missing or doubled number of series N.
func gaps(s *Store) (string, error) {
	n := 0
	for e, err := range s.Entries(context.Background(), erdao, 0) {
		if err != nil {
			return "", err
		}
		if e.Number == "" {
			continue
		}
		if n++; e.Number != fmt.Sprintf("N%05d", n) {
			return fmt.Sprintf("number %s is the %dth", e.Number, n), nil
		}
	}
	return "", nil
}

// TestBar_D13_EarlyAnswerIsCaught plants the fault of answering before the commit, and
// expects the kill test to catch it.
func TestBar_D13_EarlyAnswerIsCaught(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bihuan.db")
	for range 40 {
		if lost, err := missing(path, killOnce(t, path, "early")); err != nil {
			t.Fatal(err)
		} else if lost != "" {
			t.Log("caught: " + lost)
			return
		}
	}
	t.Error("answers before the commit were not caught in 40 kills")
}

// TestBar_D04_FailStop has a write fail as a failed sync would, and expects that nothing is
// written any more, that reading goes on, and that a new start finds a good log.
func TestBar_D04_FailStop(t *testing.T) {
	broken := sqlite.ResultIOErrFsync.ToError()
	var fail atomic.Bool // the writer asks also when nobody has written
	s, ctx := fresh(t, Options{fail: func(string) error {
		if fail.Load() {
			return broken
		}
		return nil
	}}), context.Background()
	if _, err := s.Append(ctx, stepBatch("a", id(1), 0, journal.Row{Title: "x"})); err != nil {
		t.Fatal(err)
	}
	fail.Store(true)
	if _, err := s.Append(ctx, stepBatch("b", id(2), 0, journal.Row{})); !unavailable(err) || !errors.Is(err, broken) {
		t.Errorf("the failing write: %v", err)
	}
	fail.Store(false)
	if _, err := s.Append(ctx, stepBatch("c", id(3), 0, journal.Row{})); !unavailable(err) {
		t.Errorf("the next write: %v", err)
	}
	if err := s.Healthy(); !unavailable(err) {
		t.Errorf("healthy: %v", err)
	}
	if row, err := s.Row(ctx, id(1)); err != nil || row.Title != "x" {
		t.Errorf("reading: %+v, %v", row, err)
	}
	path := s.path
	s.Close()
	lost, err := missing(path, map[string]string{})
	if lost != "" || err != nil {
		t.Errorf("after a new start: %s, %v", lost, err)
	}
}

// TestBar_D04_FailedSyncIsFailStop has the kernel fail the syncs of a real process from the k-th
// of a thread on (opening a database that is there takes fewer): it must
// end, and everything that it acknowledged must be there.
func TestBar_D04_FailedSyncIsFailStop(t *testing.T) {
	strace := needs.Program(t, "strace")
	for _, k := range []int{15, 30, 60} {
		path := filepath.Join(t.TempDir(), "bihuan.db")
		if s, err := Open(path, Options{}); err != nil || s.Close() != nil {
			t.Fatal(err)
		}
		c := exec.Command(strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace=fsync,fdatasync",
			"-e", fmt.Sprintf("inject=fsync,fdatasync:error=EIO:when=%d+", k), os.Args[0], "-test.run=^TestChild$")
		c.Env = append(os.Environ(), "STORE_CHILD=write", "STORE_PATH="+path)
		out, err := c.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 3 {
			t.Fatalf("sync %d failed, and the process: %v\n%s", k, err, out)
		}
		known := map[string]string{}
		for line := range strings.Lines(string(out)) {
			if f := strings.Fields(line); len(f) >= 4 && f[0] == "acked" {
				known[f[1]] = strings.Join(f[2:], " ")
			}
		}
		if lost, err := missing(path, known); lost != "" || err != nil || len(known) == 0 {
			t.Errorf("sync %d failed: %s, %v; %d were acknowledged", k, lost, err, len(known))
		}
	}
}

// TestHalfABatchIsUndone has a batch fail in its middle and expects that the others of its
// group are remembered and nothing of it is.
func TestHalfABatchIsUndone(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	hold := make(chan bool)
	s.writer.errands <- func() { <-hold } // the next three stand in one group
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range 3 {
		wg.Go(func() {
			b := stepBatch(fmt.Sprint(i), id(byte(i+1)), 0, journal.Row{Title: fmt.Sprint(i)})
			b.Appends[0].Series = "N"
			if i == 1 {
				p, err := prepare(b)
				if err != nil {
					errs[i] = err
					return
				}
				errs[i] = s.writer.write(ctx, func(t *txn) error {
					if _, err := t.append(p); err != nil {
						return err
					}
					_, err := t.exec("INSERT INTO head (log, seq, head) VALUES (NULL, NULL, NULL)")
					return err
				})
				return
			}
			_, errs[i] = s.Append(ctx, b)
		})
	}
	for len(s.writer.queue) < 3 {
		time.Sleep(time.Millisecond)
	}
	close(hold)
	wg.Wait()
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("answers: %v", errs)
	}
	if row, err := s.Row(ctx, id(2)); err == nil {
		t.Errorf("of the failed one: %+v", row)
	}
	r, err := s.Verify(ctx, erdao, nil)
	bad, e := gaps(s)
	if err != nil || e != nil || r.Flaw != nil || r.Events != 2 || bad != "" || s.Healthy() != nil {
		t.Errorf("%+v, %v, %v, %s, %v", r, err, e, bad, s.Healthy())
	}
}

func unavailable(err error) bool { return errors.Is(err, fault.ErrUnavailable) }

func TestAFullQueueRefuses(t *testing.T) {
	s, ctx := fresh(t, Options{Queue: 2}), context.Background()
	hold, held := make(chan bool), make(chan bool)
	go s.writer.write(ctx, func(*txn) error { held <- true; <-hold; return nil })
	<-held
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			if _, err := s.Append(ctx, stepBatch(fmt.Sprint(i), id(byte(i)), 0, journal.Row{})); err != nil {
				t.Error(err)
			}
		})
	}
	for len(s.writer.queue) < 2 {
		time.Sleep(time.Millisecond)
	}
	if _, err := s.Append(ctx, stepBatch("x", id(9), 0, journal.Row{})); !unavailable(err) {
		t.Errorf("the third: %v", err)
	}
	close(hold)
	wg.Wait()
}

// TestBar_D11_AnEditIsFound edits each table of official records behind the store's back.
func TestBar_D11_AnEditIsFound(t *testing.T) {
	for edit, want := range map[string]ledger.FlawCode{
		"UPDATE event SET body = '{\"a\":2}' WHERE seq = 5":                           ledger.FlawLeaf,
		"UPDATE event SET at = at - 1 WHERE seq = 5":                                  ledger.FlawLeaf,
		"UPDATE event SET person = 'x' WHERE seq = 5":                                 ledger.FlawLeaf,
		"UPDATE event SET leaf = zeroblob(32) WHERE seq = 5":                          ledger.FlawLeaf,
		"UPDATE event SET head = zeroblob(32) WHERE seq = 5":                          ledger.FlawHead,
		"DELETE FROM event WHERE seq = 5":                                             ledger.FlawGap,
		"DELETE FROM event WHERE seq = 20":                                            ledger.FlawEnd,
		"DELETE FROM event":                                                           ledger.FlawEnd,
		"UPDATE event SET seq = seq + 1000 WHERE seq >= 5":                            ledger.FlawGap,
		"UPDATE head SET head = zeroblob(32)":                                         ledger.FlawEnd,
		"UPDATE head SET seq = 19":                                                    ledger.FlawGap,
		"UPDATE row SET version = version - 1 WHERE stream = '" + string(id(3)) + "'": FlawRow,
		"DELETE FROM event WHERE seq = 20; UPDATE head SET seq = 19, head = (SELECT head FROM event WHERE seq = 19)": FlawRow,
		"UPDATE row SET seq = seq - 1 WHERE stream = '" + string(id(3)) + "'":                                        FlawRow,
		"UPDATE row SET seq = seq + 99 WHERE stream = '" + string(id(3)) + "'":                                       FlawRow,
		"DELETE FROM row WHERE stream = '" + string(id(3)) + "'":                                                     FlawRow,
		"UPDATE event SET previous = previous - 1 WHERE seq = 9":                                                     FlawPrevious,
		"UPDATE row SET stream = '220105-ff' WHERE stream = '" + string(id(3)) + "'":                                 FlawRow,
		"UPDATE row SET stream = '220105-00' WHERE stream = '" + string(id(3)) + "'":                                 FlawRow, // stands before all others
		"UPDATE row SET stream = '220105-00', seq = 0 WHERE stream = '" + string(id(3)) + "'":                        FlawRow,
		"DELETE FROM event WHERE seq > 3; UPDATE head SET seq = 3, head = (SELECT head FROM event WHERE seq = 3)":    FlawRow, // rows are left of what was cut off
		"INSERT INTO facet (log, stream, name, text, kind, number) VALUES ('220105', '220105-00', 'a', 'b', 'c', 0)": FlawRow,
		"INSERT INTO facet (log, stream, name, text, kind, number) VALUES ('220105', '220105-ff', 'a', 'b', 'c', 0)": FlawRow,
		"UPDATE series SET last = last + 1":                                                                          FlawNumber,
		"UPDATE series SET last = last - 1":                                                                          FlawNumber,
		"DELETE FROM series":                                                                                         FlawNumber,
		"INSERT INTO series VALUES ('220105', 'M2', 1)":                                                              FlawNumber,
	} {
		s, ctx := fresh(t, Options{}), context.Background()
		for i := range byte(20) {
			b := stepBatch(fmt.Sprint(i), id(i%7), int64(i/7), journal.Row{Title: "x"})
			if i < 7 {
				b.Appends[0].Series = "M"
			}
			if _, err := s.Append(ctx, b); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Rows(ctx, journal.Query{Log: erdao}); err != nil { // brings the tables up to date
			t.Fatal(err)
		}
		if err := s.writer.write(ctx, func(t *txn) error {
			for _, q := range strings.Split(edit, "; ") {
				if n, err := t.exec(q); err != nil || n == 0 {
					return fmt.Errorf("edited %d: %w", n, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(edit, err)
		}
		r, err := s.Verify(ctx, erdao, nil)
		if err != nil || r.Flaw == nil || r.Flaw.Code != want || r.Flaw.Seq < 1 { // 0 would be read as: nothing found
			t.Errorf("%s: found %v, %v; want %s", edit, r.Flaw, err, want)
		}
	}
}
