package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"bihuan/ground/fault"
	"bihuan/store"
)

// TestAConsumerThatIsMovedOnInTheFileGoesOnFromWhereItWas: whoever writes another place of a consumer into the file of a process that runs has it pass over nothing; a
// consumer that is set back does its work again, and one that is there already still learns that somebody else has done it.
func TestAConsumerThatIsMovedOnInTheFileGoesOnFromWhereItWas(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "a.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	at := func(want int64) {
		t.Helper()
		if got, err := st.Cursor(ctx, "220105", "notices"); err != nil || got != want {
			t.Errorf("it is at %d, %v; want %d", got, err, want)
		}
	}
	move := func(seq int64) {
		t.Helper()
		c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
		if err == nil {
			defer c.Close()
			err = sqlitex.Execute(c, "UPDATE cursor SET seq = ? WHERE name = 'notices'", &sqlitex.ExecOptions{Args: []any{seq}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set := func(seq int64, want error) {
		t.Helper()
		if err := st.SetCursor(ctx, "220105", "notices", seq); !errors.Is(err, want) {
			t.Errorf("moved to %d: %v, want %v", seq, err, want)
		}
	}
	at(0)
	set(10, nil)
	set(10, fault.ErrConflict)
	set(9, fault.ErrConflict)
	move(500)
	at(10)
	set(12, nil)
	at(12)
	set(12, fault.ErrConflict)
	move(3)
	at(3)
	set(12, nil)
	at(12)
}
