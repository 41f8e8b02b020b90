//go:build !race

package packs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"bihuan/ground/access"
)

// toldOf says of which objects the desk tells the policy who did the work and who made them. A row that keeps people from an action on anything
// else would keep nobody away: what is done with figures and with appeals says the work itself.
var toldOf = map[access.Relation][]access.ObjectType{
	access.Worked: {access.Matter},
	access.Made:   {access.Goal, access.Matter, access.Person, access.Platform},
}

// waiting are the actions that are granted although nothing asks for them yet; the list may only become shorter.
var waiting = []access.Action{access.IndicatorRead, access.EvidenceAdd, access.ConfigRead, access.BackupRun}

// TestEveryRowOfThePolicyDecidesSomething: each action that somebody is granted is asked for by a page, a method or a command, or is one end of what
// takes two; and each row that keeps away who did the work or made it is of objects of which the desk tells who that was.
func TestEveryRowOfThePolicyDecidesSomething(t *testing.T) {
	text, err := FS.ReadFile("access.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var src access.Source
	if err := yaml.UnmarshalWithOptions(text, &src, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	for _, row := range src.Apart {
		for _, a := range row.Not {
			d, _ := access.Lookup(a)
			if on, ok := toldOf[row.Who]; ok && !slices.ContainsFunc(d.On, func(o access.ObjectType) bool { return slices.Contains(on, o) }) {
				t.Errorf("apart: who is %q of %s is told to nobody, so the row keeps nobody away", row.Who, a)
			}
		}
	}
	for _, d := range access.Actions() {
		if d.ExcludesWorker && !slices.Contains(d.On, access.Matter) {
			t.Errorf("%s excludes who did the work on %v, of which nobody tells", d.Action, d.On)
		}
	}
	asked := decided(t)
	for _, row := range src.Together {
		asked[row.Propose], asked[row.Approve] = true, true // the room of rights asks by the row
	}
	for _, row := range src.Grants {
		for _, a := range row.Actions {
			if known := slices.Contains(waiting, a); asked[a] == known {
				t.Errorf("%s is granted; asked for by some page or command: %t, among those that wait: %t", a, asked[a], known)
			}
		}
	}
}

// decided are the actions that the rooms above the ground name.
func decided(t *testing.T) map[access.Action]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../ground/access/action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	called := map[string]access.Action{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 && len(v.Values) == 1 {
			if l, ok := v.Values[0].(*ast.BasicLit); ok {
				s, _ := strconv.Unquote(l.Value)
				called[v.Names[0].Name] = access.Action(s)
			}
		}
		return true
	})
	asked := map[access.Action]bool{}
	for _, room := range []string{"api", "cmd", "desk", "kernel", "mcp", "open311", "web"} {
		err := filepath.WalkDir(filepath.Join("..", room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if p, ok := s.X.(*ast.Ident); ok && p.Name == "access" && called[s.Sel.Name] != "" {
						asked[called[s.Sel.Name]] = true
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return asked
}
