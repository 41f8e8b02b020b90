package boards

import (
	"context"
	"slices"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// TestWhatWasNotDoneCountsAsNothingDone: a case of the city's management that was declined, voided or merged counts as reported, and one
// that its collector put right at once as that; neither as filed, due, handled or closed.
func TestWhatWasNotDoneCountsAsNothingDone(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 9, 20))
	collector, operator := x.As(t, "watch-centre", "collector", 0), x.As(t, "watch-centre", "operator", 0)
	do := func(who desk.Caller, do desk.Do) name.ID {
		t.Helper()
		x.Clock.Forward(time.Minute)
		done, err := x.Desk.Act(ctx, who, do)
		if do.Matter == "" {
			done, err = x.Desk.Start(ctx, who, do)
		}
		if err != nil {
			t.Fatalf("%s: %v", do.Act, err)
		}
		return done.Matter
	}
	reported := func(act string, with map[string]string, photos int) name.ID {
		start := desk.Do{Kind: "urban/case", Act: act, With: with}
		for i := range photos {
			photo, err := desk.Upload("evidence", "现场.png", "image/png", corpus.PNG(i+1))
			if err != nil {
				t.Fatal(err)
			}
			start.Files = append(start.Files, photo)
			start.Evidence = append(start.Evidence, matter.Evidence{Kind: matter.Photo, File: photo.Hash.String(), Name: photo.Name})
		}
		return do(collector, start)
	}
	seen := map[string]string{"title": "路面塌陷待修", "class": "E05001", "condition": "E05001-1", "area": "220105001", "place": "125.358,43.865", "address": "东盛大街"}
	declined, void := reported("collect", seen, 1), reported("collect", seen, 1)
	do(operator, desk.Do{Matter: declined, Act: "decline", Reason: "不在立案条件内", With: map[string]string{"answer": "请向物业反映。"}})
	do(operator, desk.Do{Matter: void, Act: "void", Reason: "误报"})
	done := reported("collect-done", map[string]string{"title": "扶正倒地的锥桶", "class": "E05001", "area": "220105001", "place": "125.358,43.865", "address": "东盛大街", "note": "已扶正"}, 2)
	do(operator, desk.Do{Matter: done, Act: "close-done"})
	r := New(x.Desk, x.Store)
	card := r.Cards()[slices.IndexFunc(r.Cards(), func(c *indicator.Scorecard) bool { return c.Of == "urban/case" })]
	sheet, err := r.month(ctx, card, calendar.NewDate(2023, 9, 1))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[name.ID][]string{declined: {"reported"}, void: {"reported"}, done: {"reported", "self-handled"}} {
		var got []string
		for _, c := range card.Counts {
			lines, _, err := sheet.Behind(c.Key, "", "", 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				if l.Of == id {
					got = append(got, c.Key)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s counts as %v, want %v", id, got, want)
		}
	}
}
