package doors

import (
	"testing"
	"time"

	"bihuan/kernel/journal"
)

func TestPhotosWaitForTheirReport(t *testing.T) {
	file := func(n byte, size int) journal.File {
		f := journal.File{Bytes: make([]byte, size)}
		f.Hash[0] = n
		return f
	}
	var s stage
	now := int64(1e15)
	s.put("a", []journal.File{file(1, 10), file(2, 20)}, now)
	if got := s.get("a", now); len(got) != 2 || got[1].Hash[0] != 2 {
		t.Errorf("kept %v", got)
	}
	if got := s.get("b", now); len(got) != 0 {
		t.Errorf("somebody else's: %v", got)
	}
	if got := s.get("a", now+stagedFor.Microseconds()-1); len(got) != 2 {
		t.Errorf("within the time: %v", got)
	}
	if got := s.get("a", now+2*stagedFor.Microseconds()); len(got) != 0 {
		t.Errorf("after the time: %v", got)
	}
	for i := range 5 {
		s.put(string(rune('p'+i)), []journal.File{file(byte(i), mostStaged/4)}, now+int64(i)*time.Second.Microseconds())
	}
	if s.size() > mostStaged {
		t.Errorf("%d bytes are kept", s.size())
	}
	if got := s.get("p", now+10); len(got) != 0 {
		t.Error("the oldest did not make place")
	}
	if got := s.get("t", now+5e6); len(got) != 1 {
		t.Error("the newest is gone")
	}
	s.put("t", nil, now+6e6)
	if got := s.get("t", now+6e6); len(got) != 0 {
		t.Error("filed, and still kept")
	}
	s.put("big", []journal.File{file(9, mostStaged+1)}, now+6e6)
	if got := s.get("big", now+6e6); len(got) != 0 {
		t.Error("more than there is place for was kept")
	}
}
