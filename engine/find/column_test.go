package find

import (
	"fmt"
	"testing"
)

// TestATraitMayHaveManyTexts: what was written while a byte held every number is found by the same text when there are more, also once documents are
// taken in behind that, and after the cards were written down and read.
func TestATraitMayHaveManyTexts(t *testing.T) {
	const texts = 700
	var x Index
	put := func(from, until int) {
		var docs []Document
		for i := from; i < until; i++ {
			docs = append(docs, Document{ID: uint32(i), Head: "路灯", Traits: [Traits]string{"one", fmt.Sprint("class ", i%texts), fmt.Sprint("unit ", i%9)}})
		}
		if _, err := x.Put(docs); err != nil {
			t.Fatal(err)
		}
	}
	check := func(x *Index, s shelf, docs int) {
		t.Helper()
		counted := answer(t, x, s, Ask{Query: ask(t, "路灯").Query, Count: []int{1, 2}})
		for n, count := range counted.Counts[0] {
			a := answer(t, x, s, Ask{Query: ask(t, "路灯").Query, Where: [][]Want{{{Trait: 1, Text: n}}}, Limit: docs})
			if a.Total != count || len(a.Hits) != count {
				t.Fatalf("%q: %d found, %d counted", n, a.Total, count)
			}
			for _, h := range a.Hits {
				if want := fmt.Sprint("class ", int(h.Doc)%texts); n != want {
					t.Fatalf("document %d was found by %q, it has %q", h.Doc, n, want)
				}
			}
		}
		if len(counted.Counts[0]) != min(docs, texts) || len(counted.Counts[1]) != 9 || counted.Total != docs {
			t.Fatalf("%d classes and %d units of %d documents", len(counted.Counts[0]), len(counted.Counts[1]), counted.Total)
		}
	}
	s := shelf{}
	put(0, 200)
	check(&x, s, 200)
	if x.traits[1].wide != nil {
		t.Error("200 texts take two bytes each")
	}
	put(200, 1500)
	check(&x, s, 1500)
	if x.traits[1].wide == nil || x.traits[2].wide != nil {
		t.Error("700 texts fit a byte, or 9 do not")
	}
	cards := s.keep(t, &x, x.Parts(), 1)
	var y Index
	if err := y.Load(1, 1, cards); err != nil {
		t.Fatal(err)
	}
	check(&y, s, 1500)
}
