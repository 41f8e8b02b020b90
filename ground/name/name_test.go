package name

import (
	"errors"
	"testing"

	"bihuan/ground/fault"
)

func TestID(t *testing.T) {
	id := NewID("220105", [16]byte{0x01, 0x8c, 0, 0, 0, 0, 0x70, 1, 0x80, 2, 3, 4, 5, 6, 7, 8})
	if want := ID("220105-018c0000-0000-7001-8002-030405060708"); id != want {
		t.Fatalf("NewID = %s, want %s", id, want)
	}
	if got, err := ParseID(string(id)); err != nil || got != id {
		t.Errorf("ParseID(%s) = %s, %v", id, got, err)
	}
	if got := id.District(); got != "220105" {
		t.Errorf("District = %s", got)
	}
	for _, bad := range []string{"", "220105", "22010x-018c0000-0000-7001-8002-030405060708", "220105-018C0000-0000-7001-8002-030405060708", "220105_018c0000-0000-7001-8002-030405060708"} {
		if _, err := ParseID(bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("ParseID(%q) = %v, want ErrInvalid", bad, err)
		}
	}
}

// TestUUID: the bytes that an id was made of come back, and nothing else has any.
func TestUUID(t *testing.T) {
	u := [16]byte{0x01, 0x8b, 0xff, 0, 0xa9, 0x9a, 0x70, 0x0f, 0xb0, 1, 2, 3, 4, 5, 6, 0xfe}
	id := NewID("220105", u)
	if got, ok := id.UUID(); !ok || got != u {
		t.Errorf("%s: %x, %v", id, got, ok)
	}
	for i := range id {
		for _, c := range "gA-" {
			if bad := id[:i] + ID(c) + id[i+1:]; bad != id {
				if _, ok := bad.UUID(); ok {
					t.Errorf("%s has one", bad)
				}
			}
		}
	}
	for _, bad := range []ID{"", "220105", id[:42], id + "0"} {
		if _, ok := bad.UUID(); ok {
			t.Errorf("%q has one", bad)
		}
	}
}

func TestTextFallsBack(t *testing.T) {
	for _, c := range []struct {
		text       Text
		lang, want string
	}{
		{Text{"件", "matter"}, "zh", "件"},
		{Text{"件", "matter"}, "en", "matter"},
		{Text{ZH: "件"}, "en", "件"},
		{Text{EN: "matter"}, "zh", "matter"},
	} {
		if got := c.text.In(c.lang); got != c.want {
			t.Errorf("%+v in %s = %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}
