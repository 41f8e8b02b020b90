package ledger

import (
	"slices"
	"testing"

	"bihuan/ground/name"

	"pgregory.net/rapid"
)

// TestStreams: streams are found by whatever id they have, of this version or another, of this district or another, and none for another.
func TestStreams(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u [16]byte
		ids := []name.ID{"", "220105-1", "x"}
		for i := range 6 {
			u[15-i] = byte(0xa0 + i)
			ids = append(ids, name.NewID("220105", u), name.NewID("220104", u))
		}
		ids = append(ids, ids[3]+"0", ids[3][:42], name.ID("220105-A"+string(ids[3][8:])), name.ID("22010x"+string(ids[3][6:])))
		s, want := newStreams("220105"), map[name.ID]streamAt{}
		for seq := range rapid.Int64Range(0, 40).Draw(t, "entries") {
			id := rapid.SampledFrom(ids).Draw(t, "id")
			at := streamAt{want[id].version + 1, seq + 1, s.kind(rapid.SampledFrom([]StreamKind{Matter, Record, "other"}).Draw(t, "kind"))}
			want[id] = at
			s.put(id, at)
		}
		for _, id := range ids {
			if got := s.at(id); got != want[id] {
				t.Fatalf("%q: %+v, want %+v", id, got, want[id])
			}
		}
		sorted := s.sorted()
		if len(sorted) != len(want) || s.len() != len(want) || !slices.IsSortedFunc(sorted, func(a, b name.ID) int { return int(want[a].seq - want[b].seq) }) {
			t.Fatalf("%q of %d", sorted, len(want))
		}
		if s.kinds[s.kind("other")] != "other" || s.kinds[s.kind(Matter)] != Matter {
			t.Fatal(s.kinds)
		}
	})
}
