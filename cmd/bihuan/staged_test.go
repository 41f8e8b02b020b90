//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"testing"
	"time"

	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// TestTheSchedulerForgetsPhotosWhoseReportNeverCame, and leaves those whose reporter may still send the form again.
func TestTheSchedulerForgetsPhotosWhoseReportNeverCame(t *testing.T) {
	now := int64(calendar.NewDate(2023, 9, 27).At(9 * 60))
	h, ctx := testHouse(t, now), t.Context()
	for key, waited := range map[string]time.Duration{"old": doors.StagedFor + time.Minute, "new": time.Minute} {
		if err := h.store.PutWaiting(ctx, h.desk.District(), key, []journal.File{{Name: "现场.png", Media: "image/png", Bytes: []byte(key)}}, now-waited.Microseconds(), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.watch.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"old": 0, "new": 1} {
		if files, err := h.store.Waiting(ctx, h.desk.District(), key, 0); err != nil || len(files) != want {
			t.Errorf("%d files wait under %s, want %d, %v", len(files), key, want, err)
		}
	}
}
