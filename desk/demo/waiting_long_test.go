//go:build long

package demo_test

import (
	"context"
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// TestWhatWaitsOffersAnAct: whoever opens a matter of their own list finds a step of theirs there,
// be it one that duty leaves to a colleague, unless it is named to them.
func TestWhatWaitsOffersAnAct(t *testing.T) {
	x := district.Demo(t)
	ctx := context.Background()
	looked := 0
	for _, p := range x.Desk.Directory().Persons {
		who := desk.Caller{Person: p.Key, Unit: p.Unit, Roles: p.Roles}
		page, err := x.Desk.Work(ctx, who, desk.Waiting, journal.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			if r.Person != name.Person("") {
				continue
			}
			m, err := x.Desk.Matter(ctx, who, r.Stream)
			if err != nil {
				t.Fatal(err)
			}
			if looked++; !slices.ContainsFunc(m.Acts, func(a desk.ActView) bool { return a.Refused == nil || a.Refused.Code != "not-your-part" }) {
				t.Errorf("%s of %s, %v: %s %s in %s waits for them and offers nothing", p.Key, p.Unit, p.Roles, r.Kind, r.Title, r.State)
			}
		}
	}
	if looked < 50 {
		t.Errorf("only %d matters waited for anybody", looked)
	}
}
