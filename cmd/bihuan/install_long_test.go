//go:build long

package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
)

// TestTrivialPack installs a pack written in YAML only into a database that is open, and works with it.
func TestTrivialPack(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "keys")
	writePack(t, dir, trivialPack)
	h := testHouse(t, int64(calendar.NewDate(2023, 9, 27).At(9*60)))
	changed, err := h.install(ctx, "", []string{dir})
	if err != nil || len(changed) != 1 || changed[0] != "keys" {
		t.Fatalf("installed %v, %v", changed, err)
	}
	if again, err := h.install(ctx, "", []string{dir}); err != nil || len(again) != 0 {
		t.Errorf("the same pack again: %v, %v; want nothing to do", again, err)
	}
	office, _ := h.desk.Directory().Caller("p109", "zh")
	done, err := h.desk.Start(ctx, office, desk.Do{Kind: "keys/loan", With: map[string]string{"title": "档案室", "unit": "housing"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "K22010520230927" + "00001"; done.Number != want {
		t.Errorf("number %s, want %s", done.Number, want)
	}
	v, err := h.desk.Matter(ctx, office, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Clocks[0].DueDate.String(); got != "2023-10-10" {
		t.Errorf("due %s, want 2023-10-10: five working days over the National Day holiday", got)
	}
	if _, err := h.desk.Act(ctx, office, desk.Do{Matter: done.Matter, Act: "give-back"}); err != nil {
		t.Error(err)
	}
}

// TestNoticeMovesClocks installs a new version of pack cn with another holiday: running clocks are computed again,
// with the old time in the earlier event and the reason in the new one.
func TestNoticeMovesClocks(t *testing.T) {
	ctx := context.Background()
	h := testHouse(t, int64(calendar.NewDate(2023, 9, 25).At(9*60)))
	office, _ := h.desk.Directory().Caller("p109", "zh")
	done, err := h.desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "试行任务", "unit": "housing", "due": "2023-12-31"}})
	if err != nil {
		t.Fatal(err)
	}
	before := dueOf(t, h, office, done.Matter)
	dir := copyPack(t, h, "cn")
	holidays := filepath.Join(dir, "records", "holidays.csv")
	b, err := os.ReadFile(holidays)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(holidays, append(b, "2023-09-26,测试放假,yes,测试通知\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.install(ctx, "", []string{dir}); err != nil {
		t.Fatal(err)
	}
	after := dueOf(t, h, office, done.Matter)
	if before != "2023-09-26" || after != "2023-09-27" {
		t.Errorf("due before the notice %s, after it %s; want 26 and 27 September", before, after)
	}
	v, err := h.desk.Matter(ctx, office, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	last := v.History[len(v.History)-1]
	if last.Type != "matter.clock" || last.Reason != "calendar-changed" {
		t.Errorf("the last event is %s for %q, want matter.clock for calendar-changed", last.Type, last.Reason)
	}
}
