//go:build !race

package bihuan

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// source is one file of the house that is no test, read.
type source struct {
	file string // its path from the root, with slashes
	tree *ast.File
}

// fileSet knows where the trees of [sources] stand.
var fileSet = token.NewFileSet()

// sources are all files of the house that are no tests; the modules beside it are left out. They are read once.
var sources = sync.OnceValues(func() (all []source, err error) {
	err = filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "node_modules", "bench", "e2e", "tools", "testdata"}, d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		tree, err := parser.ParseFile(fileSet, file, nil, parser.ParseComments)
		all = append(all, source{filepath.ToSlash(file), tree})
		return err
	})
	return all, err
})

// house are the sources; the test ends if there are too few to have been looked at.
func house(t *testing.T) []source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 300 {
		t.Fatalf("only %d files: the test would look at next to nothing", len(all))
	}
	return all
}

// plant is a file that was never written, for showing that a lint finds what it looks for.
func plant(t *testing.T, file, code string) []source {
	t.Helper()
	tree, err := parser.ParseFile(fileSet, file, code, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return []source{{file, tree}}
}

func (s source) imports() (all []string) {
	for _, i := range s.tree.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		all = append(all, p)
	}
	return all
}

// at says where something stands.
func at(n ast.Node) string { return fileSet.Position(n.Pos()).String() }

// text writes an expression as it stands, on one line.
func text(n ast.Node) string {
	var b bytes.Buffer
	printer.Fprint(&b, fileSet, n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// guarded are imports that only the files named may have, with the reason. A pattern without files stands for nobody.
//
// Source: OWASP ASVS 5.0.0, 1.2.5, 1.4.1, 11.4.1, 11.5.1, 13.4.2, as read.
var guarded = []struct {
	imports []string
	files   []string
	why     string
}{
	{[]string{"os/exec", "plugin"}, []string{"internal/needs/needs.go"}, "the binary starts no program and loads no code; tests look for programs"},
	{[]string{"syscall"}, []string{"store/*", "cmd/bihuan/*", "egress/gate.go", "egress/trouble.go"}, "locks of files, signals, a socket before it connects, what its faults are called; nothing is started"},
	{[]string{"unsafe", "C"}, nil, "memory is safe"},
	{[]string{"net/http/pprof", "expvar", "net/http/cgi", "net/http/fcgi", "net/rpc"}, nil, "no doors for debugging, and none that nobody declared"},
	{[]string{"crypto/md5", "crypto/des", "crypto/rc4", "crypto/dsa", "golang.org/x/crypto/md4", "golang.org/x/crypto/ripemd160", "golang.org/x/crypto/blowfish", "golang.org/x/crypto/tea"}, nil, "broken"},
	{[]string{"crypto/sha1"}, []string{"ground/otp/otp.go", "ground/password/breached.go"}, "HMAC-SHA-1 of authenticators, RFC 6238 (2011), and how sets of stolen passwords are published"},
	{[]string{"math/rand", "math/rand/v2"}, []string{"desk/demo/build.go", "cmd/bihuan/demo.go", "internal/*/*"}, "made-up districts that come out alike each time; never a secret"},
	{[]string{"crypto/rand"}, []string{"cmd/bihuan/house.go", // the chance that is handed down
		"cmd/bihuan/witness.go", "cmd/bihuan/sign.go", "cmd/bihuan/sign_challenge.go", // SM2 draws while it signs
		"egress/sm2.go", "egress/post.go", "open311/file.go", "web/door_report.go", "internal/*/*"}, "chance is handed down from the door"},
	{[]string{"encoding/gob", "text/template"}, nil, "no decoder that makes any type, no template that escapes nothing"},
	{[]string{"database/sql", "modernc.org/sqlite"}, []string{"cmd/bihuan/cheat.go"}, "the demo's cheat, on a copy"},
	{[]string{"zombiezen.com/go/sqlite"}, []string{"store/*", "internal/traces/traces.go", "internal/district/district.go"}, "the store alone speaks to a database; a test reads every cell of a copy, or writes into one behind the platform's back"},
}

// TestGuardedImports holds the imports of the house against the list.
func TestGuardedImports(t *testing.T) {
	for _, f := range unguarded(house(t)) {
		t.Error(f)
	}
	for _, planted := range []string{"os/exec", "crypto/md5", "crypto/rand", "math/rand", "net/http/pprof", "unsafe", "database/sql"} {
		if len(unguarded(plant(t, "desk/planted.go", "package desk\nimport _ "+strconv.Quote(planted)))) != 1 {
			t.Errorf("%s in the desk is not found", planted)
		}
	}
}

func unguarded(all []source) (found []string) {
	for _, s := range all {
		for _, imp := range s.imports() {
			for _, g := range guarded {
				if slices.Contains(g.imports, imp) && !slices.ContainsFunc(g.files, func(p string) bool { ok, _ := path.Match(p, s.file); return ok }) {
					found = append(found, s.file+" imports "+imp+": "+g.why)
				}
			}
		}
	}
	return found
}

// TestNoDebugRoute looks for routes of debugging among all patterns that are handed to a mux or stand in a table of routes.
//
// Source: OWASP ASVS 5.0.0, 13.4.2, as read.
func TestNoDebugRoute(t *testing.T) {
	debugs := func(all []source) (found []string) {
		for _, s := range all {
			ast.Inspect(s.tree, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && debugPath.MatchString(l.Value) {
					found = append(found, at(l)+" "+l.Value)
				}
				return true
			})
		}
		return found
	}
	for _, f := range debugs(house(t)) {
		t.Error(f)
	}
	if len(debugs(plant(t, "web/planted.go", "package web\nvar x = \"GET /debug/pprof/{name}\""))) != 1 {
		t.Error("a planted route is not found")
	}
}

var debugPath = regexp.MustCompile(`^"(?:[A-Z]+ )?/(?:.*/)?(?:debug|pprof|metrics|actuator|phpinfo|console|trace|vars)(?:/|\{|"|$)`)

// formatters have a format at this place of their arguments.
var formatters = map[string]int{"fmt.Sprintf": 0, "fmt.Printf": 0, "fmt.Errorf": 0, "fmt.Fprintf": 1, "fmt.Appendf": 1, "fmt.Sscanf": 1, "fmt.Fscanf": 1, "log.Printf": 0, "log.Fatalf": 0}

// formats are formats that are handed on, or chosen from texts in the code; go vet looks at what is handed to the first.
var formats = map[string]string{
	"egress/gate.go format": "refused wraps fmt.Errorf", "ground/access/policy.go zh": "fault of a policy, both languages beside each other", "ground/access/policy.go en": "as above",
	"ground/rule/fault.go zh": "fault of a rule", "ground/rule/fault.go en": "as above", "ground/calendar/words.go sentence.In(lang)": "a table of sentences",
	"desk/demo/site.go w.title": "a table of made-up sites", "pack/show.go strings.Repeat(\" \", indent)": "indentation", "pack/show.go format": "line wraps fmt.Fprintf",
	`pack/show.go shown["limit"].In(w.lang)`: "a table of words", `pack/show.go shown["until"].In(w.lang)`: "as above",
	"internal/accessdoc/main.go format": "wraps fmt.Fprintf", "internal/bar/bar.go format": "wraps fmt.Sprintf", "internal/corpus/attack.go name": "texts of attacks", "internal/corpus/script.go s": "as above",
}

// TestFormatsAreConstants asks every format for being written in the code. Source: OWASP ASVS 5.0.0, 1.3.10, as read.
func TestFormatsAreConstants(t *testing.T) {
	n, found := variableFormats(house(t))
	for _, f := range found {
		file, _, _ := strings.Cut(f, ":")
		_, what, _ := strings.Cut(f, " formats by ")
		if formats[file+" "+what] == "" {
			t.Error(f)
		}
	}
	if n < 200 {
		t.Errorf("only %d formats: the test has looked at too little", n)
	}
	if _, found := variableFormats(plant(t, "desk/planted.go", "package desk\nimport \"fmt\"\nfunc f(s string) { fmt.Printf(s); fmt.Sprintf(s+\"%d\", 1) }")); len(found) != 2 {
		t.Errorf("of two planted formats these are found: %q", found)
	}
}

func variableFormats(all []source) (looked int, found []string) {
	consts := constants(all)
	for _, s := range all {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			i, formats := formatters[text(call.Fun)]
			if !formats || len(call.Args) <= i {
				return true
			}
			looked++
			for _, part := range parts(call.Args[i]) {
				if !isConstant(part, consts) {
					found = append(found, at(part)+" formats by "+text(part))
				}
			}
			return true
		})
	}
	return looked, found
}

// constants are the names of all constants.
func constants(all []source) map[string]bool {
	names := map[string]bool{}
	for _, s := range all {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						names[path.Dir(s.file)+"."+name.Name] = true
					}
				}
			}
			return true
		})
	}
	return names
}

func isConstant(x ast.Expr, consts map[string]bool) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return consts[path.Dir(filepath.ToSlash(fileSet.Position(x.Pos()).Filename))+"."+x.Name]
	}
	return false
}

// parts are what a sum of texts is made of.
func parts(x ast.Expr) []ast.Expr {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return parts(x.X)
	case *ast.BinaryExpr:
		if x.Op == token.ADD {
			return append(parts(x.X), parts(x.Y)...)
		}
	}
	return []ast.Expr{x}
}

// secretNames are names of what must not be compared byte by byte, because the time it takes tells how much of it was right.
var secretNames = regexp.MustCompile(`(?i)(secret|token|password|passcode|mac|hmac|digest|verifier|signature|otp)$`)

// compared are comparisons of names like those that are none of secrets, or of nothing that a caller can try out.
var compared = map[string]string{
	"c.Kind == credPassword": "a sort of credential", "c.Kind == credTOTP": "as above", "c.Kind != credTOTP": "as above", "old.Kind == account.TOTP": "as above", "f.Kind == Password": "as above",
	"cause != AlertSecret": "a sort of alert", "token == r.token": "the number of a lease", "token != w.token": "as above", "token != c.token": "as above",
	"page.Rows[0].Title != r.rules.Digest": "the hash of a file that is public", "s.verifier == t.verifier": "public keys", "bytes.Equal(s.secret, t.secret)": "two keys of the operator's own; nobody tries",
}

// TestSecretsAreComparedInConstantTime looks for == and bytes.Equal on what is named as a secret is. Comparing with nothing is fine.
//
// Source: OWASP ASVS 5.0.0, 11.2.4, as read.
func TestSecretsAreComparedInConstantTime(t *testing.T) {
	for _, f := range quickComparisons(house(t)) {
		if _, known := compared[f[strings.Index(f, " ")+1:]]; !known {
			t.Error(f)
		}
	}
	if got := quickComparisons(plant(t, "desk/planted.go", "package desk\nfunc f(secret, given string, mac []byte) { _ = secret == given; _ = bytes.Equal(given, x.mac); _ = secret == \"\" }")); len(got) != 2 {
		t.Errorf("of two planted comparisons these are found: %q", got)
	}
}

func quickComparisons(all []source) (found []string) {
	for _, s := range all {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			var sides []ast.Expr
			switch x := n.(type) {
			case *ast.BinaryExpr:
				if x.Op == token.EQL || x.Op == token.NEQ {
					sides = []ast.Expr{x.X, x.Y}
				}
			case *ast.CallExpr:
				if f := text(x.Fun); f == "bytes.Equal" || f == "bytes.Compare" || f == "strings.EqualFold" || f == "slices.Equal" || f == "reflect.DeepEqual" {
					sides = x.Args
				}
			}
			for _, side := range sides {
				if l, ok := side.(*ast.BasicLit); ok && l.Kind != token.CHAR || text(side) == "nil" {
					return true
				}
			}
			for _, side := range sides {
				switch side.(type) {
				case *ast.Ident, *ast.SelectorExpr, *ast.SliceExpr, *ast.IndexExpr:
					if secretNames.MatchString(strings.TrimSuffix(text(side), "[:]")) {
						found = append(found, at(n)+" "+text(n))
						return true
					}
				}
			}
			return true
		})
	}
	return found
}
