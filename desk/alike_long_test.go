//go:build long

package desk_test

import (
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// TestNeighboursReportOnce: what was reported nearby is proposed instead of a second report; who follows it gets its progress
// and nothing of the reporter.
func TestNeighboursReportOnce(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	r := doors.New(x.Desk)
	first := lampOut(1, "125.3590,43.8660", "楼下路灯三天不亮，我叫周桂芳")
	first.Name = "周桂芳"
	filed, err := r.File(ctx, desk.Nobody, pack.People, first)
	if err != nil {
		t.Fatal(err)
	}
	near, err := r.Near(ctx, pack.People, lampOut(2, "125.3593,43.8661", "门口的路灯坏了"))
	if err != nil || len(near) != 1 || near[0].Row.Stream != filed.Matter || near[0].DistanceM > 50 || near[0].Row.Number != filed.Number {
		t.Fatalf("%+v %v", near, err)
	}
	for name, far := range map[string]doors.Filing{"a hundred metres away": lampOut(2, "125.3603,43.8660", "路灯坏了"), "nowhere": lampOut(2, "", "路灯坏了"), "about a manhole": {Service: "C01003", Place: "125.3590,43.8660", Text: "井盖松动"}} {
		if near, err := r.Near(ctx, pack.People, far); err != nil || len(near) != 0 {
			t.Errorf("%s: %+v %v", name, near, err)
		}
	}
	second := lampOut(2, "125.3593,43.8661", "门口的路灯坏了")
	second.Name, second.Phone = "吴老师", "13812345670"
	for range 2 {
		if err := r.FollowInstead(ctx, pack.People, second, filed.Matter); err != nil {
			t.Fatal(err)
		}
	}
	p, err := r.Follow(ctx, desk.Nobody, second.Receipt)
	if err != nil || !p.Followed || p.Matter != filed.Matter || len(p.Acts) != 0 || p.Text == first.Text || p.State.ZH == "" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := r.Act(ctx, desk.Nobody, second.Receipt, desk.Do{Act: "rate-answer", With: map[string]string{"rating": "good"}}); code(err) != "not-your-part" {
		t.Errorf("who follows rates for the reporter: %v", err)
	}
	rows, err := x.Store.Rows(ctx, journal.Query{Log: x.Desk.District(), Now: x.Desk.Now(), Scope: journal.Scope{All: true}, Kinds: []string{desk.FollowKind}, Limit: 9})
	if err != nil || len(rows.Rows) != 1 {
		t.Fatalf("%d rows of who follows, %v", len(rows.Rows), err)
	}
	if kept, err := x.Store.PersonalOf(ctx, rows.Rows[0].Stream); err != nil || len(kept) != 0 {
		t.Errorf("%d values of who follows are kept, which nobody reads and no page erases, %v", len(kept), err)
	}
	if n, err := x.Desk.Followers(ctx, filed.Matter); err != nil || n != 1 {
		t.Errorf("%d follow it, %v", n, err)
	}
	x.Clock.Forward(25 * time.Hour)
	if near, _ := r.Near(ctx, pack.People, second); len(near) != 0 {
		t.Error("what was reported a day ago is proposed")
	}
	x.Verify(t)
	for _, column := range []string{"parent", "kind", "opened"} {
		if !x.Sees(t, desk.FollowKind, column, "7") {
			t.Errorf("who follows says 7 in %s, and nobody finds it", column)
		}
	}
}
