//go:build !race

package bihuan

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/internal/bar"
)

// TestBar_I15_EveryParserIsFuzzed counts the fuzz targets of the house: each begins with seeds that are committed, in its source or below
// testdata/fuzz. ./check runs each over 5,000 inputs; FUZZTIME=5m ./check is the long run.
func TestBar_I15_EveryParserIsFuzzed(t *testing.T) {
	targets := map[string]bool{} // whether it has seeds
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "e2e" || name == "bench" || name == "tools" || name == ".git" {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Fuzz") {
				continue
			}
			seeded := false
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if ok {
					if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Add" {
						seeded = true
					}
				}
				return true
			})
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), "testdata", "fuzz", f.Name.Name)); err == nil {
				seeded = true
			}
			targets[filepath.Dir(path)+"."+f.Name.Name] = seeded
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for target, seeded := range targets {
		if !seeded {
			t.Errorf("%s begins with no seeds", target)
		}
	}
	for _, must := range []string{"api.FuzzStrict", "ingest.FuzzDOCX", "ingest.FuzzHTML", "ingest.FuzzMarkdown", "ingest.FuzzSheetCSV", "ingest.FuzzSheetXLSX", "ingest.FuzzText", "ground/geo.FuzzReadFeatures", "ground/photo.FuzzStrip",
		"ground/photo.FuzzCopy", "ground/upload.FuzzLook", "ground/rule.FuzzCompile", "ground/field.FuzzCheck", "ground/codelist.FuzzParse", "ground/calendar.FuzzParse", "open311.FuzzForm", "pack.FuzzRead", "store.FuzzDecodeEntry"} {
		if _, ok := targets[must]; !ok {
			t.Errorf("%s is gone", must)
		}
	}
	if len(targets) < 25 {
		t.Errorf("%d targets, want 25 and more", len(targets))
	}
	bar.Report(t, "I-15", "%d fuzz targets, each with committed seeds, run by ./check", len(targets))
}
