package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/pack"
)

// TestANewPackIsWorkedToItsEnd follows docs/packs.md from its first command: what pack new writes is installed into an open database as it
// is, and the persons that its acts are for take a matter to its end.
func TestANewPackIsWorkedToItsEnd(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "park-benches")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := pack.New("park-benches")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	if _, err := h.install(ctx, "", []string{dir}); err != nil {
		t.Fatal(err)
	}
	who := func(unit name.Unit, role name.Role) desk.Caller {
		for _, p := range h.desk.Directory().Of(unit, role) {
			c, _ := h.desk.Directory().Caller(p.Key, "zh")
			return c
		}
		t.Fatalf("nobody in %s is %s", unit, role)
		return desk.Caller{}
	}
	done, err := h.desk.Start(ctx, who("office", "issuer"), desk.Do{Kind: "park-benches/item", With: map[string]string{"title": "第一件", "unit": "housing"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		by   desk.Caller
		act  string
		with map[string]string
	}{
		{who("housing", "handler"), "acknowledge", nil},
		{who("housing", "handler"), "report", map[string]string{"result": "已办"}},
		{who("supervision", "checker"), "verify", nil},
		{who("office", "issuer"), "close", nil},
	} {
		if _, err := h.desk.Act(ctx, step.by, desk.Do{Matter: done.Matter, Act: step.act, With: step.with}); err != nil {
			t.Fatalf("%s: %v", step.act, err)
		}
	}
	v, err := h.desk.Matter(ctx, who("office", "issuer"), done.Matter)
	if err != nil || v.State != "done" {
		t.Errorf("it ends in state %q, %v", v.State, err)
	}
}
