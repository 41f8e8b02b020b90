package ledger

import (
	"cmp"
	"slices"

	"bihuan/ground/name"
)

// streams keeps where each stream of a log is. Nearly all are found by the sixteen bytes of their UUID, so that there is nothing in the
// table for the collector to look at: names of 43 bytes were two thirds of what it took.
type streams struct {
	log   name.District
	by    map[[16]byte]streamAt
	odd   map[name.ID]streamAt // ids that this version would not make, such as those of another district
	kinds []StreamKind         // as they were met
	place map[StreamKind]int32 // of each kind among them
}

// streamAt is where a stream is: its version, the place in the log of its last entry, and the place of its kind among the kinds.
type streamAt struct {
	version, seq int64
	kind         int32
}

func newStreams(log name.District) streams {
	return streams{log: log, by: map[[16]byte]streamAt{}, odd: map[name.ID]streamAt{}, kinds: []StreamKind{""}, place: map[StreamKind]int32{"": 0}}
}

// key returns by what a stream is found, false for an odd one.
func (s *streams) key(stream name.ID) (u [16]byte, ok bool) {
	if stream.District() != s.log {
		return u, false
	}
	return stream.UUID()
}

// at returns where a stream is, the zero streamAt if it has no entry.
func (s *streams) at(stream name.ID) streamAt {
	if u, ok := s.key(stream); ok {
		return s.by[u]
	}
	return s.odd[stream]
}

func (s *streams) put(stream name.ID, at streamAt) {
	if u, ok := s.key(stream); ok {
		s.by[u] = at
	} else {
		s.odd[stream] = at
	}
}

// kind returns the place of a kind.
func (s *streams) kind(k StreamKind) int32 {
	at, met := s.place[k]
	if !met {
		at = int32(len(s.kinds))
		s.kinds, s.place[k] = append(s.kinds, k), at
	}
	return at
}

func (s *streams) len() int { return len(s.by) + len(s.odd) }

// sorted returns the streams by the place of their last entry.
func (s *streams) sorted() []name.ID {
	type last struct {
		stream name.ID
		seq    int64
	}
	all := make([]last, 0, s.len())
	for u, at := range s.by {
		all = append(all, last{name.NewID(s.log, u), at.seq})
	}
	for id, at := range s.odd {
		all = append(all, last{id, at.seq})
	}
	slices.SortFunc(all, func(a, b last) int { return cmp.Compare(a.seq, b.seq) })
	out := make([]name.ID, len(all))
	for i, l := range all {
		out[i] = l.stream
	}
	return out
}
