package desk

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// TestPagesOfWhatWaitsAreTheWhole: page by page one sees what one page without a limit shows, each once, also where the row
// that a page ended with has gone meanwhile.
func TestPagesOfWhatWaitsAreTheWhole(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for range 50 {
		var all []journal.Row
		for i := range r.IntN(40) {
			all = append(all, journal.Row{Stream: name.ID(fmt.Sprintf("220105-%02d", i)), Due: int64(r.IntN(6))})
		}
		slices.SortFunc(all, byDue)
		for i := 1; i < len(all); i++ {
			if a, b := all[i-1].Due, all[i].Due; a == 0 && b != 0 || b != 0 && b < a {
				t.Fatalf("seed %d: due %d stands before %d", seed, a, b)
			}
		}
		rest, want := slices.Clone(all), slices.Clone(all)
		q, seen := journal.Query{Limit: 1 + r.IntN(10)}, []journal.Row(nil)
		for {
			page, err := pageOf(rest, q)
			if err != nil || len(page.Rows) > q.Limit {
				t.Fatalf("seed %d: a page of %d rows, at most %d; %v", seed, len(page.Rows), q.Limit, err)
			}
			seen = append(seen, page.Rows...)
			if page.Next == "" {
				break
			}
			if last := page.Rows[len(page.Rows)-1]; r.IntN(2) == 0 {
				rest = slices.DeleteFunc(slices.Clone(rest), func(x journal.Row) bool { return x.Stream == last.Stream })
			}
			q.Cursor = page.Next
		}
		if !reflect.DeepEqual(seen, want) && len(want) > 0 {
			t.Fatalf("seed %d, pages of %d: saw\n%v\nwant\n%v", seed, q.Limit, seen, want)
		}
	}
	for _, cursor := range []string{"x", ".a", "1e3.a"} {
		if _, err := pageOf(nil, journal.Query{Cursor: cursor}); err == nil {
			t.Errorf("cursor %q is taken", cursor)
		}
	}
}
