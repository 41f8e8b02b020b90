package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// TestBar_D06_SettingsAreHeld opens databases that would lose records and expects each to be
// refused with its reason.
func TestBar_D06_SettingsAreHeld(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      Options
		before func(t *testing.T, path string)
		kind   error
		says   string
	}{
		{"synchronous=NORMAL", Options{pragmas: []string{"PRAGMA synchronous = NORMAL"}}, nil, fault.ErrUnavailable, "synchronous is 1, not 2"},
		{"synchronous=OFF", Options{pragmas: []string{"PRAGMA synchronous = OFF"}}, nil, fault.ErrUnavailable, "synchronous is 0, not 2"},
		{"synchronous=FULL of what is forgotten", Options{Fleeting: true, pragmas: []string{"PRAGMA synchronous = FULL"}}, nil, fault.ErrUnavailable, "synchronous is 2, not 0"},
		{"a rollback journal", Options{pragmas: []string{"PRAGMA journal_mode = DELETE"}}, nil, fault.ErrUnavailable, "journal_mode is delete"},
		{"a journal in memory", Options{pragmas: []string{"PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = MEMORY"}}, nil, fault.ErrUnavailable, "journal_mode is memory"},
		{"another program's database", Options{}, alien, fault.ErrInvalid, "another program"},
		{"a newer version's database", Options{}, newer, fault.ErrInvalid, "use a newer bihuan"},
		{"a file that is no database", Options{}, noise, fault.ErrInvalid, "not a database"},
		{"a folder that is not there", Options{}, func(t *testing.T, path string) { os.Remove(filepath.Dir(path)) }, nil, "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "d", "bihuan.db")
			os.Mkdir(filepath.Dir(path), 0o700)
			if c.before != nil {
				c.before(t, path)
			}
			s, err := Open(path, c.o)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if c.kind != nil && !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("refused, but because: %v", err)
			}
			if c.before == nil { // what was refused is not held
				if s, err := Open(path, Options{}); err != nil {
					t.Errorf("afterwards: %v", err)
				} else {
					s.Close()
				}
			}
		})
	}
}

// TestOnlyWhatIsForgottenIsNotSynced reads back how the connections that write sync.
func TestOnlyWhatIsForgottenIsNotSynced(t *testing.T) {
	for _, c := range []struct {
		fleeting bool
		want     int64 // 0 is OFF, 2 is FULL
	}{{false, 2}, {true, 0}} {
		s, err := Open(filepath.Join(t.TempDir(), "bihuan.db"), Options{Fleeting: c.fleeting})
		if err != nil {
			t.Fatal(err)
		}
		for of, w := range map[string]conn{"the writer": s.writer.c, "the checkpointer": s.writer.checkpoints.c} {
			got := int64(-1)
			if _, err := one(w, "PRAGMA synchronous", nil, func(r cells) { got = r.int(0) }); err != nil || got != c.want {
				t.Errorf("fleeting %t: %s has synchronous %d, want %d (%v)", c.fleeting, of, got, c.want, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func alien(t *testing.T, path string) {
	c, err := sqlite.OpenConn(path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, _, err := c.PrepareTransient("CREATE TABLE theirs (x)")
	if err != nil {
		t.Fatal(err)
	}
	s.Step()
	s.Finalize()
}

func newer(t *testing.T, path string) {
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.writer.write(context.Background(), func(t *txn) error {
		_, err := t.exec("PRAGMA user_version = 9999")
		return err
	})
}

func noise(t *testing.T, path string) {
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"3.51.2", "3.51.3", true}, {"3.51.3", "3.51.3", false}, {"3.54.1", "3.51.3", false}, {"3.9.0", "3.51.3", true}, {"4", "3.51.3", false}, {"3.51", "3.51.3", true}} {
		if got := older(c.a, c.b); got != c.want {
			t.Errorf("%s older than %s: %v", c.a, c.b, got)
		}
	}
}

func TestOneProcessHoldsTheFile(t *testing.T) {
	s := fresh(t, Options{})
	if _, err := Open(s.path, Options{}); !errors.Is(err, fault.ErrUnavailable) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("opened twice: %v", err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestChild$")
	c.Env = append(os.Environ(), "STORE_CHILD=open", "STORE_PATH="+s.path)
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), fmt.Sprint("held by process ", os.Getpid())) {
		t.Errorf("another process: %v\n%s", err, out)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(s.path, Options{}); err != nil {
		t.Fatalf("after it was closed: %v", err)
	}
	s.Close()
}

func TestReadersCannotWrite(t *testing.T) {
	s := fresh(t, Options{})
	err := s.read(context.Background(), "test", func(c conn) error {
		_, err := c.exec("DELETE FROM event")
		return err
	})
	if err == nil {
		t.Error("a reader has written")
	}
}

func TestBackupIsACompleteStore(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	for i := range byte(20) {
		if _, err := s.Append(ctx, stepBatch(fmt.Sprint(i), id(i), 0, journal.Row{Title: "x"})); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, path); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("over an old backup: %v", err)
	}
	b, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	want, _, _ := s.Head(ctx, erdao)
	r, err := b.Verify(ctx, erdao, nil)
	if err != nil || r.Flaw != nil || r.Events != want || r.Rows != 20 {
		t.Errorf("the copy: %+v, %v", r, err)
	}
}
