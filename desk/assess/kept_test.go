package assess_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
)

// reads counts how often the events of a stream were read.
type reads struct {
	desk.Store
	n int
}

func (r *reads) Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error) {
	r.n++
	return r.Store.Events(ctx, stream, after)
}

// TestAMonthIsPlayedOnceUntilSomethingHappens: who looks at it again reads no matter anew, and is shown the same; after anything was appended it is played
// anew.
func TestAMonthIsPlayedOnceUntilSomethingHappens(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 8, 28))
	h := &history{T: t, x: x, chance: rand.New(rand.NewPCG(1, 2))}
	for range 30 {
		h.step()
	}
	store := &reads{Store: x.Store}
	room, reader, month := assess.New(x.Desk, store), x.As(t, "supervision", "supervisor", 0), x.Desk.Today().String()[:7]
	look := func() (read int, shown string) {
		t.Helper()
		before := store.n
		e, err := room.Month(t.Context(), reader, month)
		if err != nil {
			t.Fatal(err)
		}
		return store.n - before, fmt.Sprintf("%+v", e)
	}
	first, shown := look()
	if first == 0 {
		t.Fatal("no matter was played")
	}
	for range 2 {
		if again, same := look(); again != 0 || same != shown {
			t.Errorf("%d matters were read again; the same is shown: %t", again, same == shown)
		}
	}
	h.open()
	if read, _ := look(); read == 0 {
		t.Error("something has happened, and nothing was read")
	}
}
