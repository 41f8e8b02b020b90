package search

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"bihuan/engine/find"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// How long answers are told, and which are kept ready. All of it is ours.
const (
	spanOfTold  = 600_000_000     // µs, how long an answer is told again
	mostTold    = 128             // answers that are remembered
	renewedFrom = 480_000_000     // µs, from when on an answer is worked out anew before somebody waits for it,
	renewedFor  = 43_200_000_000  // µs, for so long after somebody has asked; later
	idleFrom    = 3_600_000_000   // µs, from so long on,
	idleFor     = 604_800_000_000 // µs, for so long after somebody has asked
	mostRenewed = 16              // the answers that were asked for last: each takes half a second over a million matters besides the reading
)

// told are answers that were worked out lately, and what somebody waits for. It may be used by many goroutines.
type told struct {
	mu     sync.Mutex
	all    map[string]answer
	wanted map[string]work
}

type answer struct {
	topics Topics
	at     int64
	seq    int64
	asked  int64 // when somebody asked for it last
	work   work
}

// get returns the answer to a piece of work, whether there is one, and whether it may be told without working it out anew.
func (t *told) get(key string, now, seq int64) (topics Topics, known, fresh bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, known := t.all[key]
	if known {
		a.asked = now
		t.all[key] = a
	}
	return a.topics, known, known && (a.seq == seq || now-a.at < spanOfTold && now >= a.at)
}

// want remembers that somebody waits for a piece of work. Of more than are worked out at once the rest are asked for again.
func (t *told) want(w work) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wanted == nil {
		t.wanted = map[string]work{}
	}
	if len(t.wanted) < find.MostSpans {
		t.wanted[w.key()] = w
	}
}

// due returns what is to be worked out, without answers: what somebody waits for, which is taken out, and unless only that is asked for
// what is kept ready, on this day. At most [find.MostSpans].
func (t *told) due(now, seq int64, today calendar.Date, kept bool) (due []answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	have := map[string]bool{}
	add := func(a answer) {
		if key := a.work.key(); !have[key] && len(due) < find.MostSpans {
			have[key] = true
			due = append(due, a)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.wanted)) {
		if old, known := t.all[key]; !known || old.seq != seq && now-old.at >= renewedFrom { // it may have been worked out meanwhile
			add(answer{asked: now, work: t.wanted[key]})
		}
	}
	t.wanted = nil
	if !kept {
		return due
	}
	everything := answer{work: newWork(journal.Scope{All: true}, Lately(today)), asked: now - renewedFor}
	for _, a := range append([]answer{everything}, t.lately(now)...) {
		day := calendar.Instant(a.work.ask.Period.Until).Date() - 1
		if a.work.endsOn(day) && day < today && calendar.Instant(max(a.asked, a.at)).Date() == day {
			a.work = a.work.on(today)
		}
		old, known := t.all[a.work.key()]
		busy := now-max(a.asked, old.asked) < renewedFor
		age := int64(renewedFrom)
		if !busy {
			age = idleFrom
		}
		if !known || old.seq != seq && now-old.at >= age && (busy || a.work.endsOn(today)) {
			add(answer{asked: max(a.asked, old.asked), work: a.work})
		}
	}
	return due
}

// lately are the answers that were asked for last.
func (t *told) lately(now int64) []answer {
	all := slices.SortedFunc(maps.Values(t.all), func(a, b answer) int { return cmp.Compare(b.asked, a.asked) })
	all = slices.DeleteFunc(all, func(a answer) bool { return now-a.asked >= idleFor })
	return all[:min(len(all), mostRenewed)]
}

// put remembers an answer in place of the one that was asked for longest ago, if there are many.
func (t *told) put(a answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := a.work.key()
	old, known := t.all[key]
	switch {
	case t.all == nil:
		t.all = map[string]answer{}
	case !known && len(t.all) >= mostTold:
		oldest := slices.MinFunc(slices.Collect(maps.Keys(t.all)), func(x, y string) int { return cmp.Compare(t.all[x].asked, t.all[y].asked) })
		delete(t.all, oldest)
	}
	a.asked = max(a.asked, old.asked) // who asked while it was worked out
	t.all[key] = a
}
