package desk_test

import (
	"maps"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
)

// TestARecordThatIsPutDownIsCalledByItsNewName: a name that was asked for before, and is kept, is not told any more.
func TestARecordThatIsPutDownIsCalledByItsNewName(t *testing.T) {
	today := calendar.NewDate(2023, 10, 16)
	x := district.New(t, today)
	was, err := x.Desk.ValidRecord(ctx, "urban/class", "C01003")
	if err != nil || x.Desk.RecordName(ctx, "urban/class", "C01003").ZH != was.Fields["name"] {
		t.Fatalf("%v, %v", was, err)
	}
	fields := maps.Clone(was.Fields)
	fields["name"] = "雨水井盖（改）"
	put := desk.Put{Command: "rename", Register: "urban/class", Fields: fields, On: today, Reason: "测试"}
	if err := x.Desk.PutRecord(ctx, x.As(t, "office", "issuer", 0), put); err != nil {
		t.Fatal(err)
	}
	if got := x.Desk.RecordName(ctx, "urban/class", "C01003").ZH; got != fields["name"] {
		t.Errorf("called %q, not %q", got, fields["name"])
	}
}
