//go:build !race

package bihuan

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"math/bits"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
)

// typed is one file of the house with the types of its expressions.
type typed struct {
	source
	info *types.Info
}

// typedHouse are the sources of the house with their types. What they import is read from what the compiler exported.
var typedHouse = sync.OnceValues(func() (all []typed, err error) {
	exports, err := exported()
	if err != nil {
		return nil, err
	}
	files, err := sources()
	if err != nil {
		return nil, err
	}
	rooms := map[string][]source{}
	for _, s := range files {
		if here, err := build.Default.MatchFile(path.Split(s.file)); err != nil || !here {
			continue // for another system
		}
		rooms[path.Dir(s.file)] = append(rooms[path.Dir(s.file)], s)
	}
	from := importer.ForCompiler(fileSet, "gc", func(p string) (io.ReadCloser, error) { return os.Open(exports[p]) })
	for room, in := range rooms {
		info, err := check(from, room, in)
		if err != nil {
			return nil, err
		}
		for _, s := range in {
			all = append(all, typed{s, info})
		}
	}
	return all, nil
})

// check types the files of a room, leaving out those for other systems.
func check(from types.Importer, room string, in []source) (*types.Info, error) {
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	var trees []*ast.File
	for _, s := range in {
		trees = append(trees, s.tree)
	}
	_, err := (&types.Config{Importer: from, Sizes: types.SizesFor("gc", "amd64")}).Check("bihuan/"+room, fileSet, trees, info)
	return info, err
}

// exported is where the compiler keeps what each package exports.
func exported() (map[string]string, error) {
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "./...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	all := map[string]string{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all[p.ImportPath] = p.Export
	}
}

// narrows reports the two types of a conversion in which a number may become another one: its range is not within that of what it becomes, and
// it is no constant, no length, and not cut to its range where it is converted.
func (s typed) narrows(c *ast.CallExpr) (what string, yes bool) {
	to, arg := s.info.Types[c.Fun], ast.Unparen(c.Args[0])
	from := s.info.Types[arg]
	a, isFrom := from.Type.Underlying().(*types.Basic)
	b, isTo := to.Type.Underlying().(*types.Basic)
	if !isFrom || !isTo || from.Value != nil || a.Info()&types.IsNumeric == 0 || b.Info()&types.IsInteger == 0 {
		return "", false
	}
	have, room := reach(a), reach(b)
	switch x := arg.(type) {
	case *ast.BinaryExpr:
		if mask, ok := constant.Uint64Val(constant.ToInt(value(s.info, x.Y))); ok && (x.Op == token.AND || x.Op == token.REM && have.unsigned || x.Op == token.SHR && have.unsigned) {
			have = bounded(have, x.Op, mask)
		}
	case *ast.CallExpr:
		switch f, _ := x.Fun.(*ast.Ident); {
		case f == nil:
		case f.Name == "len" || f.Name == "cap":
			have = span{bits: 32, unsigned: true} // what is in memory is bounded long before
		case f.Name == "min" && have.unsigned:
			for _, one := range x.Args {
				if most, ok := constant.Uint64Val(constant.ToInt(value(s.info, one))); ok {
					have.bits = min(have.bits, bits.Len64(most))
				}
			}
		}
	}
	return a.Name() + " → " + b.Name(), !have.within(room)
}

// span is which whole numbers a type has: of so many bits, the sign not among them.
type span struct {
	bits     int
	unsigned bool
}

func (s span) within(o span) bool { return s.bits <= o.bits && (s.unsigned || !o.unsigned) }

func reach(b *types.Basic) span {
	size := int(types.SizesFor("gc", "amd64").Sizeof(b)) * 8
	switch {
	case b.Info()&types.IsFloat != 0:
		return span{bits: 1024}
	case b.Info()&types.IsUnsigned != 0:
		return span{bits: size, unsigned: true}
	}
	return span{bits: size - 1}
}

// bounded is what is left of a number after x & most, x % most and x >> most.
func bounded(s span, op token.Token, most uint64) span {
	switch op {
	case token.SHR:
		return span{bits: max(0, s.bits-int(min(most, 64))), unsigned: true}
	case token.REM:
		most--
	}
	return span{bits: bits.Len64(most), unsigned: true}
}

func value(info *types.Info, e ast.Expr) constant.Value {
	if v := info.Types[e].Value; v != nil {
		return v
	}
	return constant.MakeUnknown()
}

// cut are the conversions in which a number may become another one, each with what keeps it from doing so. They were gone through one by one; what
// came from outside unchecked was mended.
//
// Source: OWASP ASVS 5.0.0, 1.4.2, as read.
var cut = []struct{ files, what, why string }{
	{"internal/*/*", "", "made-up data of tests"},
	{"store/storetest/*", "", "made-up data of tests"},
	{"desk/demo/*", "int → int32", "days of the two years of the demo"},
	{"kernel/matter/until.go", "int → int32", "days of a rung, bounded by the pack"},
	{"ground/calendar/*.go", "", "ranks and days between the years 1 and 9999, an instant in µs has 1.1e8 days at most"},
	{"desk/*.go", "int → int32", "days: of a month, of a rule of a pack"},
	{"desk/boards/follow.go", "int → int32", "a day of a month"},
	{"desk/cockpit/brief.go", "int → int32", "1 to 31"},
	{"desk/reports/sheet_column.go", "int → int32", "1 to 31, looked at before"},
	{"web/atlas.go", "int → int32", "a day of a month"},
	{"web/topics.go", "int → int32", "one of three spans"},
	{"desk/accounts/signin.go", "int → uint8", "two strengths"},
	{"desk/alike.go", "float64 → int", "metres and hours within what is alike"},
	{"desk/reports/propose.go", "float64 → int", "a share of one"},
	{"web/near.go", "float64 → int", "a share of one"},
	{"web/draw/*.go", "float64 → int", "steps of an axis that is drawn"},
	{"cmd/bihuan/blind_key.go", "float64 → int", "a constant span"},
	{"cmd/bihuan/accounts_key.go", "uint64 → uint32", "read as 32 bits"},
	{"desk/id.go", "", "milliseconds, byte by byte"},
	{"desk/atlas/book.go", "uint32 → uint16", "numbers of places, of which no more are given than 65,536"},
	{"desk/atlas/book.go", "int → uint32", "what a set ends at, and how many there are: forgotten when they have doubled, and matters are fewer"},
	{"desk/atlas/book.go", "int → uint64", "a length that is not zero, less one"},
	{"desk/atlas/spot.go", "", "clamped"},
	{"desk/atlas/tile.go", "int → uint8", "five shades"},
	{"desk/atlas/room.go", "int64 → uint32", "now, until 2106"},
	{"desk/search/*.go", "", "numbers of documents below 16 million; terms are kept as the bits they are"},
	{"engine/find/*.go", "", "numbers of documents below 16 million, terms of two runes, clamped minutes, lengths held to the bytes that are there"},
	{"engine/extract/*.go", "", "runes of one text, numbers of its lexicon, digits"},
	{"engine/tile/*.go", "", "levels to 22 and units of one tile, held to the map where they are read"},
	{"egress/*.go", "uint64 → uint16", "read as 16 bits"},
	{"web/admin_outgoing.go", "uint64 → uint16", "read as 16 bits"},
	{"web/download.go", "rune → byte", "ASCII, looked at before"},
	{"ground/geo/*.go", "", "degrees of a place on earth, looked at where it is read; cells are kept as the bits they are"},
	{"ground/ledger/*.go", "", "bytes of an encoding; a suite that does not fit is refused; kinds of stream are few"},
	{"ground/merkle/*.go", "int64 → uint64", "sizes of a tree, which are not negative"},
	{"ground/money/*.go", "", "magnitudes, held to 63 bits before"},
	{"ground/name/name.go", "int → byte", "two hexadecimal digits"},
	{"ground/note/*.go", "", "instants, held to 63 bits before"},
	{"ground/otp/otp.go", "int64 → uint64", "a step of time, byte by byte"},
	{"ground/photo/photo.go", "", "lengths held to the bytes of the picture"},
	{"ground/upload/archive.go", "", "a place in the file; held to 63 bits before"},
	{"kernel/notice/retry.go", "", "an hour at most"},
	{"scan/scan.go", "int → uint32", "a piece of a file"},
	{"store/command.go", "", "spots of a hash, kept as the bits they are"},
	{"store/e*.go", "", "lengths held to the bytes that are there; flags"},
	{"store/filter.go", "", "bytes of a fingerprint"},
	{"store/place.go", "", "bytes of a cursor with its sum"},
	{"store/lock_unix.go", "uintptr → int", "a file's descriptor"},
	{"store/netfs_linux.go", "int64 → uint32", "a magic number of 32 bits"},
}

// TestNumbersAreNotCutUnseen looks at every conversion of a number that was not known when the house was built, and finds each in the list.
func TestNumbersAreNotCutUnseen(t *testing.T) {
	all, err := typedHouse()
	if err != nil {
		t.Fatal(err)
	}
	used, n := make([]bool, len(cut)), 0
	for _, s := range all {
		for _, c := range s.conversions() {
			what, yes := s.narrows(c)
			if !yes {
				continue
			}
			n++
			i := slices.IndexFunc(cut, func(k struct{ files, what, why string }) bool {
				ok, _ := path.Match(k.files, s.file)
				return ok && (k.what == "" || k.what == what)
			})
			if i < 0 {
				t.Errorf("%s: %s (%s) may become another number: look at where it comes from, and put it on the list with what bounds it", at(c), text(c), what)
				continue
			}
			used[i] = true
		}
	}
	for i, k := range cut {
		if !used[i] {
			t.Errorf("%s %s is on the list and does not occur", k.files, k.what)
		}
	}
	if n < 100 {
		t.Errorf("only %d conversions were found", n)
	}
	for code, yes := range map[string]bool{
		"func f(n int) int32 { return int32(n) }": true, "func f(n int64) uint64 { return uint64(n) }": true, "func f(n float64) int { return int(n) }": true,
		"func f(n uint64) int { return int(n) }": true, "func f(n int) uint16 { return uint16(n & 0x1ffff) }": true, "func f(n int8) uint16 { return uint16(n) }": true,
		"func f(n int32) int { return int(n) }": false, "func f(n uint32) int64 { return int64(n) }": false, "func f(n int) byte { return byte(n & 0xff) }": false,
		"func f(n uint64) byte { return byte(n >> 56) }": false, "func f(n uint64) int { return int(min(n, 9)) }": false, "func f(s string) uint32 { return uint32(len(s)) }": false,
		"func f() uint8 { return uint8(255) }": false,
	} {
		in := plant(t, "planted/planted.go", "package planted\n"+code)
		info, err := check(nil, "planted", in)
		if err != nil {
			t.Fatal(err)
		}
		s := typed{in[0], info}
		found := false
		for _, c := range s.conversions() {
			_, one := s.narrows(c)
			found = found || one
		}
		if found != yes {
			t.Errorf("%s: found %t", code, found)
		}
	}
}

// conversions are the conversions of a file.
func (s typed) conversions() (all []*ast.CallExpr) {
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && len(c.Args) == 1 && s.info.Types[c.Fun].IsType() {
			all = append(all, c)
		}
		return true
	})
	return all
}

// taken are files with values of a type that is known only while the program runs, and that are compared or taken for one without a look: whatever else they were would end the
// request, never pass for it. Each stands here with what makes the type certain.
var taken = map[string]string{
	"api/body.go":                   "what the file itself put there; a token of JSON is compared with delimiters",
	"api/matter.go":                 "what the file itself put there",
	"api/openapi.go":                "what the file itself put there",
	"pack/form.go":                  "what the file itself put there",
	"cmd/bihuan/config.go":          "fields of one struct, all of them strings",
	"identity/passkey/passkey.go":   "the library hands back whom it was given",
	"ground/rule/value.go":          "the rule was compiled for these types",
	"ground/rule/words.go":          "the rule was compiled for these types",
	"egress/collector.go":           "made by the dialler of TLS",
	"desk/cache.go":                 "a list of one type",
	"desk/served.go":                "a list of one type",
	"desk/predicate.go":             "a map of one type",
	"ingest/xlsx.go":                "a pool of one type",
	"ground/note/key.go":            "made of a key of Ed25519",
	"store/columns.go":              "both sides are made by one function, of one type",
	"internal/district/district.go": "made by the test",
}

// TestTypesAreNotMistaken finds nothing whose type is open that is compared, or taken for a type without a look. Two values of open types are equal only
// if their types are, so that "1" is never 1: what is compared has its type where it is compared.
//
// Source: OWASP ASVS 5.0.0, 15.3.5, as read.
func TestTypesAreNotMistaken(t *testing.T) {
	all, err := typedHouse()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range all {
		for _, f := range s.mistakes() {
			if _, ok := taken[s.file]; !ok {
				t.Error(f)
			}
			used[s.file] = true
		}
	}
	for file := range taken {
		if !used[file] {
			t.Errorf("%s is on the list and takes nothing unlooked", file)
		}
	}
	for code, yes := range map[string]bool{
		"func f(a, b any) bool { return a == b }": true, "func f(a any) bool { return a != 1 }": true, "func f(a any) string { return a.(string) }": true,
		"func f(a any) bool { return a == nil }": false, "func f(a any) string { s, _ := a.(string); return s }": false, "func f(a, b error) bool { return a == b }": false,
		"func f(a any) int { switch a := a.(type) { case int: return a }; return 0 }": false, "func f(a any) bool { switch a { case 1: return true }; return false }": true,
	} {
		in := plant(t, "planted/planted.go", "package planted\n"+code)
		info, err := check(nil, "planted", in)
		if err != nil {
			t.Fatal(err)
		}
		if got := (typed{in[0], info}).mistakes(); len(got) > 0 != yes {
			t.Errorf("%s: %v", code, got)
		}
	}
}

// mistakes are the places of a file where a type is open and is not looked at.
func (s typed) mistakes() (all []string) {
	looked := map[ast.Expr]bool{}
	look := func(targets int, values []ast.Expr) {
		if targets == 2 && len(values) == 1 {
			looked[values[0]] = true
		}
	}
	open := func(e ast.Expr) bool {
		t := s.info.Types[e].Type
		if t == nil {
			return false
		}
		_, parameter := types.Unalias(t).(*types.TypeParam)
		i, ok := t.Underlying().(*types.Interface)
		return ok && !parameter && i.Empty()
	}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			look(len(n.Lhs), n.Rhs)
		case *ast.ValueSpec:
			look(len(n.Names), n.Values)
		case *ast.TypeAssertExpr:
			if n.Type != nil && !looked[n] {
				all = append(all, at(n)+": "+text(n)+" is taken for the type without a look")
			}
		case *ast.SwitchStmt:
			if n.Tag != nil && open(n.Tag) {
				all = append(all, at(n)+": "+text(n.Tag)+" is compared, and its type is open")
			}
		case *ast.BinaryExpr:
			if (n.Op == token.EQL || n.Op == token.NEQ) && (open(n.X) || open(n.Y)) && !s.info.Types[n.X].IsNil() && !s.info.Types[n.Y].IsNil() {
				all = append(all, at(n)+": "+text(n)+" is compared, and its type is open")
			}
		}
		return true
	})
	return all
}
