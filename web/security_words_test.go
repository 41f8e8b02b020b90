//go:build !race

package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bihuan/desk/security"
	"bihuan/desk/words"
)

// TestEveryLineOfTheSecurityLogHasWords reads the house for everything that the security log and the record may name: types of records, whatever
// is denied, what the gate turns away, and what rooms tell. Each has words in both languages and no blank that stays empty.
func TestEveryLineOfTheSecurityLogHasWords(t *testing.T) {
	var s utterances
	for _, room := range []string{"api", "cmd", "desk", "gate", "ground", "identity", "kernel", "mcp", "open311", "web"} {
		s.read(t, filepath.Join("..", room))
	}
	for _, k := range security.Codes() {
		s.add(&s.codes, k)
	}
	if len(s.types) < 80 || len(s.codes) < 40 || len(s.places) < 3 {
		t.Fatalf("found only %d types, %d codes and %d places: does this test still read the house?", len(s.types), len(s.codes), len(s.places))
	}
	zh, en := &request{Lang: "zh"}, &request{Lang: "en"}
	for _, code := range slices.Concat(s.types, s.codes) {
		if z, e := zh.CodeWords(code), en.CodeWords(code); z == zh.Says("security.other") || z == e || strings.ContainsAny(z+e, "{}[]") {
			t.Errorf("%s is called %q and %q", code, z, e)
		}
	}
	for _, where := range s.places {
		if !words.Has("security.where-" + where) {
			t.Errorf("the place %s has no words", where)
		}
	}
}

// utterances are what the house may say to the security log.
type utterances struct{ types, codes, places []string }

func (*utterances) add(all *[]string, s string) {
	if !slices.Contains(*all, s) {
		*all = append(*all, s)
	}
}

// read looks through the sources under a folder.
func (s *utterances) read(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rooms := strings.Contains(path, "/kernel/") || strings.Contains(path, "/desk/")
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				if rooms && n.Tok == token.CONST {
					for _, spec := range n.Specs {
						for _, v := range spec.(*ast.ValueSpec).Values {
							s.record(v)
						}
					}
				}
			case *ast.CallExpr:
				s.call(n)
			case *ast.CompositeLit:
				s.literal(n, rooms)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// typeForm is how types of records look.
var typeForm = regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z]+)*$`)

// record takes a constant that names a type of record.
func (s *utterances) record(v ast.Expr) {
	if typ := quoted(v); typeForm.MatchString(typ) && words.Has("family."+familyOf(typ)) {
		s.add(&s.types, typ)
	}
}

// call takes what a call denies: fault.Refuse(fault.ErrDenied, code, …), tell(…, code) of the gate and of the accounts.
func (s *utterances) call(n *ast.CallExpr) {
	f, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || len(n.Args) < 2 {
		return
	}
	first, _ := n.Args[0].(*ast.SelectorExpr)
	switch {
	case f.Sel.Name == "Refuse" && first != nil && first.Sel.Name == "ErrDenied" && quoted(n.Args[1]) != "":
		s.add(&s.codes, quoted(n.Args[1]))
	case f.Sel.Name == "tell":
		for _, a := range n.Args {
			if quoted(a) != "" {
				s.add(&s.codes, quoted(a))
			}
		}
	}
}

// literal takes security.Event{Code:, Where:}, the gate's refusal{status, code} and Decision{Type:}.
func (s *utterances) literal(n *ast.CompositeLit, rooms bool) {
	typ := ""
	switch x := n.Type.(type) {
	case *ast.Ident:
		typ = x.Name
	case *ast.SelectorExpr:
		typ = x.Sel.Name
	}
	if typ == "refusal" && len(n.Elts) == 2 && quoted(n.Elts[1]) != "" {
		s.add(&s.codes, quoted(n.Elts[1]))
	}
	for _, e := range n.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok || quoted(kv.Value) == "" {
			continue
		}
		switch key, _ := kv.Key.(*ast.Ident); {
		case key == nil:
		case typ == "Decision" && key.Name == "Type" && rooms:
			s.record(kv.Value)
		case typ == "Event" && key.Name == "Code":
			s.add(&s.codes, quoted(kv.Value))
		case typ == "Event" && key.Name == "Where":
			s.add(&s.places, quoted(kv.Value))
		}
	}
}

// quoted is the value of a string literal, "" of anything else.
func quoted(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(l.Value)
	return s
}
