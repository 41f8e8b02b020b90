package web

import (
	"context"
	"testing"

	"bihuan/desk"
	"bihuan/desk/search"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// crowded finds what the index finds, and says that there is much more.
type crowded struct{ *search.Room }

func (c crowded) Best(ctx context.Context, who desk.Caller, q journal.Query, n int) ([]name.ID, int, error) {
	ids, total, err := c.Room.Best(ctx, who, q, n)
	return ids, total + 1000, err
}

// A list that has only the best of what holds a text says so, and how many there are.
func TestAListSaysThatItHasTheBest(t *testing.T) {
	h := stand(t)
	op := h.one("watch-centre", "operator")
	_, err := h.desk.Start(t.Context(), h.who(op), desk.Do{Kind: "urban/case", Act: "report", With: filled("title", "两件事", "source", "public", "text", "东盛大街路灯不亮三盏", "place", "125.35743,43.86548")})
	h.must(err)
	for _, path := range []string{"/desk?tab=all&text=路灯", "/desk/cases?whose=all&text=路灯"} {
		page := h.page(op, path)
		page.Contains("main", "两件事") // by its description
		page.Lacks("p.note[role=status]")
	}
	h.desk.FindBy(crowded{h.search})
	for _, path := range []string{"/desk?tab=all&text=路灯", "/desk/cases?whose=all&text=路灯", "/packs/urban/list?list=to-confirm&text=路灯"} {
		h.page(op, path).Contains("p.note[role=status]", "有1001件，这里只列最相近的500件")
	}
	h.page(op, "/desk?tab=all").Lacks("p.note[role=status]")
}
