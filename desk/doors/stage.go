package doors

import (
	"slices"
	"sync"
	"time"

	"bihuan/kernel/journal"
)

// Limits of photos that wait for the rest of their report. Ours: enough for some dozen people who choose a class at the same
// time, on the memory of a small machine.
const (
	stagedFor  = 20 * time.Minute
	mostStaged = 96 << 20 // bytes, of all reports together
)

// stage keeps photos between two sendings of one form, so that nobody has to choose them again. They are in memory alone, by
// the receipt that only the reporter has, and go after twenty minutes, when the report is filed, or when others need the
// place more. The zero stage is ready.
type stage struct {
	mu   sync.Mutex
	wait map[string]waiting
}

type waiting struct {
	files []journal.File
	at    int64 // µs, when they were last asked for
}

// Stage keeps photos for a report that is not filed yet, instead of those that it kept before, at most [MaxPhotos]; a photo
// that comes twice is kept once. An unreadable receipt keeps nothing.
func (r *Room) Stage(receipt string, photos []journal.File) {
	receipt, err := ReadReceipt(receipt)
	if err != nil {
		return
	}
	var kept []journal.File
	for _, p := range photos {
		if len(kept) < MaxPhotos && !slices.ContainsFunc(kept, func(k journal.File) bool { return k.Hash == p.Hash }) {
			kept = append(kept, p)
		}
	}
	r.stage.put(receipt, kept, r.desk.Now())
}

// Staged returns the photos that are kept for a report, in the order in which they came.
func (r *Room) Staged(receipt string) []journal.File {
	receipt, err := ReadReceipt(receipt)
	if err != nil {
		return nil
	}
	return r.stage.get(receipt, r.desk.Now())
}

func (s *stage) get(receipt string, now int64) []journal.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear(now)
	w, ok := s.wait[receipt]
	if ok {
		w.at = now
		s.wait[receipt] = w
	}
	return slices.Clone(w.files)
}

func (s *stage) put(receipt string, files []journal.File, now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wait == nil {
		s.wait = map[string]waiting{}
	}
	delete(s.wait, receipt)
	if size(files) == 0 || size(files) > mostStaged {
		return
	}
	s.clear(now)
	for s.size()+size(files) > mostStaged {
		s.dropOldest()
	}
	s.wait[receipt] = waiting{files, now}
}

// clear drops what has waited too long.
func (s *stage) clear(now int64) {
	for receipt, w := range s.wait {
		if now-w.at > stagedFor.Microseconds() {
			delete(s.wait, receipt)
		}
	}
}

func (s *stage) dropOldest() {
	oldest, at := "", int64(0)
	for receipt, w := range s.wait {
		if oldest == "" || w.at < at {
			oldest, at = receipt, w.at
		}
	}
	delete(s.wait, oldest)
}

func (s *stage) size() (n int) {
	for _, w := range s.wait {
		n += size(w.files)
	}
	return n
}

func size(files []journal.File) (n int) {
	for _, f := range files {
		n += len(f.Bytes)
	}
	return n
}
