package doors_test

import (
	"context"
	"testing"
	"time"

	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// TestPhotosWaitForTheirReport: also when the server is another one by then.
func TestPhotosWaitForTheirReport(t *testing.T) {
	x, ctx := district.New(t, calendar.NewDate(2023, 10, 16)), context.Background()
	r := doors.New(x.Desk).On(x.Store)
	file := func(n byte, size int) journal.File {
		f := journal.File{Name: "a.jpg", Media: "image/jpeg", Bytes: make([]byte, size)}
		f.Hash[0] = n
		return f
	}
	one, other := doors.NewReceipt(func(b []byte) { b[0] = 1 }), doors.NewReceipt(func(b []byte) { b[0] = 2 })
	stage := func(receipt string, files ...journal.File) {
		t.Helper()
		if err := r.Stage(ctx, receipt, files); err != nil {
			t.Fatal(err)
		}
	}
	kept := func(what, receipt string, want int) []journal.File {
		t.Helper()
		files, err := r.Staged(ctx, receipt)
		if err != nil || len(files) != want {
			t.Errorf("%s: %d photos, want %d, %v", what, len(files), want, err)
		}
		return files
	}
	stage(one, file(1, 10), file(2, 20), file(1, 10))
	if files := kept("at once", one, 2); len(files) == 2 && (files[1].Hash[0] != 2 || len(files[1].Bytes) != 20 || files[1].Name != "a.jpg") {
		t.Errorf("kept %v", files)
	}
	kept("somebody else's", other, 0)
	kept("of no receipt", "nothing", 0)
	copied := t.TempDir() + "/copy.db" // what another process reads after this one has died
	if err := x.Store.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(copied, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	r.On(again)
	kept("by another server", one, 2)
	r.On(x.Store)
	x.Clock.Forward(doors.StagedFor - time.Second)
	kept("within the time", one, 2)
	stage(other, file(3, 30))
	x.Clock.Forward(time.Second)
	kept("after the time", one, 0)
	if err := r.DropStaged(ctx); err != nil {
		t.Fatal(err)
	}
	if left, err := x.Store.Waiting(ctx, x.Desk.District(), "", 0); err != nil || len(left) != 0 {
		t.Errorf("%v %v", left, err)
	}
	kept("what came later stays", other, 1)
	stage(other)
	kept("filed", other, 0)
	x.Verify(t)
}
