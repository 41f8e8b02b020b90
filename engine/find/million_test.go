//go:build long

package find

import (
	"fmt"
	"testing"
	"time"
)

// TestBar_AMillionCardsFitInTwentyMegabytes loads what is kept at hand of a million documents, as a start does.
func TestBar_AMillionCardsFitInTwentyMegabytes(t *testing.T) {
	const million, batch = 1_000_000, 50_000
	var x, y Index
	for from := 0; from < million; from += batch {
		docs := make([]Document, batch)
		for i := range docs {
			id := from + i
			docs[i] = Document{ID: uint32(id), Head: "路灯", At: int64(id) * minute, Traits: [Traits]string{"urban/case", fmt.Sprint("s", id%12), fmt.Sprint("u", id%60),
				fmt.Sprint("p", id%600), fmt.Sprint("2201050", id%120), fmt.Sprint("u", id%60, " u", id%59), "open public", fmt.Sprint("c", id%200)}}
		}
		if _, err := x.Put(docs); err != nil {
			t.Fatal(err)
		}
	}
	m := x.Merge(x.Parts(), nil)
	began := time.Now()
	if err := y.Load(1, 1, m.Cards); err != nil {
		t.Fatal(err)
	}
	t.Logf("a million cards: %d MB in memory, %d MB kept, loaded in %s", y.Size()/1e6, len(m.Cards)/1e6, time.Since(began).Round(time.Millisecond))
	if y.Len() != million || y.Size() > 20e6 {
		t.Errorf("%d documents in %d bytes", y.Len(), y.Size())
	}
}
