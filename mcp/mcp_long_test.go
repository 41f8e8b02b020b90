//go:build long

package mcp_test

import (
	"net/http/httptest"
	"testing"

	"bihuan/desk"
	"bihuan/desk/drafts"
	"bihuan/desk/search"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/mcp"
)

// TestGoalsAreReadWithTheirFigures in the demo's district.
func TestGoalsAreReadWithTheirFigures(t *testing.T) {
	x := district.Demo(t)
	found, err := search.Open(ctx, x.Desk, x.Store)
	must(t, err)
	w := &world{District: x, t: t, sessions: map[string]desk.Caller{}}
	srv := httptest.NewServer(mcp.New(mcp.Config{Desk: x.Desk, Search: found, Drafts: drafts.New(x.Desk, x.Store, func([]byte) {}), Caller: w.behind}))
	t.Cleanup(srv.Close)
	w.url = srv.URL + mcp.Path
	leader := w.assistant(w.As(t, "government", "leader", 0), nil)
	type goals struct {
		Goals []struct {
			ID           name.ID
			Title, Light string
			Actual       *struct{ Value, Period string }
		}
		More bool
	}
	got, refused := call[goals](t, leader, "search_goals", map[string]any{"light": "red", "limit": 50})
	if refused != "" || len(got.Goals) == 0 {
		t.Fatalf("red goals: %+v, %s", got, refused)
	}
	for _, g := range got.Goals {
		if g.Light != "red" {
			t.Errorf("%s is %s", g.Title, g.Light)
		}
	}
	all, _ := call[goals](t, leader, "search_goals", map[string]any{"limit": 50})
	read := 0
	for _, g := range all.Goals {
		if g.Actual == nil {
			continue
		}
		one, refused := call[struct {
			Sentence string
			Figures  []struct{ Value, Period, Standing string }
		}](t, leader, "read_goal", map[string]any{"goal": string(g.ID)})
		if refused != "" || one.Sentence == "" || len(one.Figures) == 0 || one.Figures[0].Value != g.Actual.Value {
			t.Errorf("%s: %+v, %s; want the figure %+v first", g.Title, one, refused, g.Actual)
		}
		if read++; read == 5 {
			break
		}
	}
	if read == 0 {
		t.Error("no goal has a figure")
	}
	regs, refused := call[struct {
		Records []struct{ Register, Title string }
	}](t, leader, "search_registers", map[string]any{"text": "井盖"})
	if refused != "" || len(regs.Records) == 0 {
		t.Errorf("registers: %+v, %s", regs, refused)
	}
}
