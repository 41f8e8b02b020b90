//go:build !race

package bihuan

import (
	"encoding/json"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// floors is the import table of docs/house.md: which rooms of the house a room may import.
// A pattern ends in /* for the rooms below a folder. Rooms that are missing may import nothing of the house.
var floors = []struct {
	room string
	may  []string
}{
	{"ground/name", []string{"ground/fault"}},
	{"ground/fault", nil},
	{"ground/field", []string{"ground/name", "ground/fault", "ground/money", "ground/geo"}},  // numbers and shapes are read as everywhere
	{"ground/rule", []string{"ground/name", "ground/fault", "ground/field", "ground/money"}}, // facts are the stored values of fields
	{"ground/*", []string{"ground/name", "ground/fault"}},
	{"kernel/*", []string{"ground/*"}},
	{"engine/*", []string{"ground/*"}},
	{"pack", []string{"kernel/*", "ground/*"}},
	{"desk", []string{"kernel/*", "engine/*", "ground/*", "pack"}},
	{"desk/identity", []string{"kernel/*", "ground/*", "desk", "desk/*", "identity/*"}}, // holds what somebody brings against what is kept
	{"desk/*", []string{"kernel/*", "engine/*", "ground/*", "pack", "desk", "desk/*"}},
	{"store", []string{"kernel/*", "ground/*"}},
	{"store/storetest", []string{"kernel/*", "ground/*", "desk", "store"}},
	{"ingest", []string{"engine/*", "kernel/*", "ground/*"}},
	{"egress", []string{"kernel/*", "ground/*"}},
	{"export", []string{"kernel/*", "ground/*"}},
	{"web/draw", []string{"kernel/*", "ground/*"}},
	{"web/face", nil},
	{"web", []string{"web/draw", "web/face", "desk", "desk/*", "export", "kernel/*", "ground/*"}},
	{"api", []string{"desk", "desk/*", "export", "kernel/*", "ground/*"}},
	{"open311", []string{"desk", "desk/*", "kernel/*", "ground/*"}},
	{"mcp", []string{"desk", "desk/*", "kernel/*", "ground/*"}},
	{"identity/*", []string{"ground/*"}}, // protocols of proof; the network and the clock are handed in
	{"scan", []string{"ground/*"}},
	{"gate", []string{"desk/words"}},
	{"witness", []string{"ground/*"}}, // somebody outside of the house: it knows no desk
	{"packs", nil},
	{"internal/*", []string{"*"}},
	{"cmd/bihuan/machine", nil}, // what the program takes of the machine
	{"cmd/bihuan", []string{"*"}},
}

// TestImports holds the direct imports of every room's non-test files against the table.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	rooms := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		room := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, "bihuan"), "/")
		if room == "" {
			continue
		}
		rooms++
		may, known := allowed(room)
		if !known {
			t.Errorf("room %s has no row in the table", room)
		}
		for _, imp := range p.Imports {
			if other, ours := strings.CutPrefix(imp, "bihuan/"); ours && !matches(may, other) {
				t.Errorf("%s imports %s, which the table does not allow", room, other)
			}
		}
	}
	if rooms == 0 {
		t.Error("no rooms listed: the test has looked at nothing")
	}
}

func allowed(room string) (may []string, known bool) {
	for _, f := range floors {
		if matches([]string{f.room}, room) {
			return f.may, true
		}
	}
	return nil, false
}

func matches(patterns []string, room string) bool {
	for _, p := range patterns {
		if p == "*" || p == room {
			return true
		}
		if ok, _ := path.Match(p, room); ok {
			return true
		}
	}
	return false
}
