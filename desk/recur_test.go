//go:build long

package desk_test

import (
	"strings"
	"testing"
	"time"

	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestTheThirdTimeTheCauseIsLookedFor: the third case of a class at one place within the days raises one matter about the
// cause, which names the others; other classes, places and times do not count, and no second one is raised for the same.
func TestTheThirdTimeTheCauseIsLookedFor(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 6, 1))
	causes := func() []journal.Row {
		page, err := x.Store.Rows(ctx, journal.Query{Log: "220105", Now: x.Desk.Now(), Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{"urban/case"},
			Facets: []journal.Facet{{Name: "source", Text: "root-cause"}}, Order: journal.ByOpened})
		if err != nil {
			t.Fatal(err)
		}
		return page.Rows
	}
	step := func(class, condition, place string, days int, want int) {
		t.Helper()
		x.Clock.Forward(time.Duration(days) * 24 * time.Hour)
		filed(t, x, class, condition, place)
		if got := len(causes()); got != want {
			t.Fatalf("%s at %s: %d matters about a cause, want %d", class, place, got, want)
		}
	}
	const here, near, far = "125.35743,43.86548", "125.35760,43.86550", "125.34409,43.87648"
	step("E01004", "E01004-1", here, 0, 0)
	step("E01004", "E01004-1", here, 100, 0) // the first is too long ago
	step("C01003", "C01003-1", here, 1, 0)
	step("E01004", "E01004-1", far, 1, 0)
	step("E01004", "E01004-1", near, 5, 0)
	step("E01004", "E01004-1", here, 5, 1)
	step("E01004", "E01004-1", here, 1, 1) // one is open
	step("E01004", "E01004-1", near, 1, 1)
	step("E01004", "E01004-1", here, 1, 2) // three more have come since
	rows := causes()
	v, err := x.Desk.Matter(ctx, x.As(t, "watch-centre", "operator", 0), rows[1].Stream)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(v.Title(), "反复发生：道路不洁") || v.Fields["class"] != "E01004" || v.Fields["area"] != "220105001" || len(v.Linked(matter.SameAs)) != 2 || len(v.Linked(matter.RaisedBy)) != 1 ||
		!strings.Contains(v.Fields["text"], "90天内第3次") || v.Holder.Unit != "watch-centre" {
		t.Errorf("%s %v %v held by %v", v.Title(), v.Fields, v.Links, v.Holder)
	}
	x.Verify(t)
}
