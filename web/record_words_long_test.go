//go:build long

package web

import (
	"testing"

	"bihuan/kernel/journal"
)

func TestEveryTypeOfTheDemoHasWords(t *testing.T) {
	h := standDemo(t)
	q := &request{Lang: "en"}
	trace, err := h.store.Trail(t.Context(), journal.Trail{Log: "220105", Limit: 500})
	if err != nil || len(trace.Entries) == 0 {
		t.Fatalf("%d records, %v", len(trace.Entries), err)
	}
	for _, e := range trace.Entries {
		if q.TypeWords(e.Event.Type) == e.Event.Type {
			t.Errorf("%s has no words", e.Event.Type)
		}
	}
}
