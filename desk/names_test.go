package desk

import (
	"testing"

	"bihuan/ground/name"
)

func TestNamesAreKeptUntilARecordIsPutDown(t *testing.T) {
	var n names
	reads, now := 0, name.Text{ZH: "旧名"}
	read := func() (name.Text, bool) { reads++; return now, now.ZH != "" }
	k := recordKey{"street", "denied"}
	ask := func() string { return n.of(k, read).ZH }
	for range 2 {
		if got := ask(); got != "旧名" || reads != 1 {
			t.Errorf("%q, read %d times for one name", got, reads)
		}
	}
	now.ZH = "新名"
	n.forget()
	if got := ask(); got != "新名" || reads != 2 {
		t.Errorf("%q after a record was put down, %d reads", got, reads)
	}
	n.forget()
	if got := n.of(k, func() (name.Text, bool) { n.forget(); return name.Text{ZH: "读到一半"}, true }).ZH; got != "读到一半" {
		t.Errorf("got %q", got)
	}
	if got := ask(); got != "新名" {
		t.Errorf("a name read while a record was put down was kept: %q", got)
	}
	now.ZH = ""
	n.forget()
	ask()
	if was := reads; ask() != "" || reads != was+1 {
		t.Error("what is not there was kept")
	}
}
