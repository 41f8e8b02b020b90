package boards

import (
	"testing"

	"bihuan/ground/calendar"
	"bihuan/internal/district"
)

// TestASettledMonthIsHeldAgainstTheLog: who edits the row by which a settled month is found does not go unseen.
func TestASettledMonthIsHeldAgainstTheLog(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 20))
	r := New(x.Desk, x.Store)
	if err := r.Freeze(t.Context(), x.As(t, "supervision", "supervisor", 0), "settle", r.Cards()[0].Ref, "2023-09"); err != nil {
		t.Fatal(err)
	}
	x.Verify(t, Keep)
	for _, column := range []string{"title", "kind", "opened"} {
		if !x.Sees(t, Kind, column, "7", Keep) {
			t.Errorf("it says 7 in %s, and nobody finds it", column)
		}
	}
}
