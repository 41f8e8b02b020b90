package pack_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"bihuan/pack"
)

var update = flag.Bool("update", false, "write what is got into the golden files")

// base is the folder of testdata/base in memory, free to be changed.
func base(t testing.TB) fstest.MapFS {
	t.Helper()
	files, err := readBase()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readBase() (fstest.MapFS, error) {
	files := fstest.MapFS{}
	err := filepath.WalkDir("testdata/base", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel("testdata/base", p)
		files[filepath.ToSlash(rel)] = &fstest.MapFile{Data: data}
		return err
	})
	return files, err
}

// TestBase keeps the ground that the rejected forms stand on whole.
func TestBase(t *testing.T) {
	if _, err := pack.Load(base(t)); err != nil {
		t.Fatal(err)
	}
}

// rejected returns the base with the changes of an archive.
func rejected(t *testing.T, a *txtar.Archive) fstest.MapFS {
	t.Helper()
	files, err := changed(a)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// changed returns the base with the changes of an archive: “replace FILE” holds the old text, a line =>,
// and the new one; “remove FILE” takes a file away; any other name is a whole file.
func changed(a *txtar.Archive) (fstest.MapFS, error) {
	files, err := readBase()
	if err != nil {
		return nil, err
	}
	for _, f := range a.Files {
		op, name, _ := strings.Cut(f.Name, " ")
		switch op {
		case "want.zh", "want.en":
		case "remove":
			delete(files, name)
		case "replace":
			from, to, ok := bytes.Cut(f.Data, []byte("\n=>\n"))
			to = bytes.TrimSuffix(to, []byte("\n"))
			if !ok || files[name] == nil || bytes.Count(files[name].Data, from) != 1 {
				return nil, fmt.Errorf("the text to replace does not stand in %s once: %q", name, from)
			}
			files[name] = &fstest.MapFile{Data: bytes.Replace(files[name].Data, from, to, 1)}
		default:
			data := bytes.ReplaceAll(f.Data, []byte("\\xff"), []byte("\xff"))
			data = bytes.ReplaceAll(data, []byte("\\x07"), []byte("\x07"))
			files[f.Name] = &fstest.MapFile{Data: data}
		}
	}
	return files, nil
}

// loaded are the faults of every rejected form, by the archive's path, found once for all tests.
var loaded = sync.OnceValue(func() map[string]form {
	archives, err := filepath.Glob("testdata/rejected/*.txtar")
	if err != nil || len(archives) == 0 {
		panic(fmt.Sprintf("no rejected forms: %v", err))
	}
	all := map[string]form{}
	for _, file := range archives {
		a, err := txtar.ParseFile(file)
		if err != nil {
			panic(err)
		}
		f := form{archive: a}
		if f.files, f.err = changed(a); f.err == nil {
			_, f.err = pack.Load(f.files)
		}
		all[file] = f
	}
	return all
})

// form is one rejected form with what was said of it.
type form struct {
	archive *txtar.Archive
	files   fstest.MapFS
	err     error
}

func (f form) faults() pack.Faults {
	faults, _ := errors.AsType[pack.Faults](f.err)
	return faults
}

// golden compares one part of an archive, or writes it.
func golden(t *testing.T, a *txtar.Archive, name, got string) {
	t.Helper()
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if *update {
		if i < 0 {
			a.Files, i = append(a.Files, txtar.File{Name: name}), len(a.Files)
		}
		a.Files[i].Data = []byte(got)
		return
	}
	if i < 0 || string(a.Files[i].Data) != got {
		t.Errorf("%s: got\n%s", name, got)
	}
}
