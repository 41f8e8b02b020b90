package pack_test

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"bihuan/pack"
	"bihuan/packs"
)

// compiled returns the generated schema as an independent validator understands it.
func compiled(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	all := map[string]*jsonschema.Schema{}
	for _, of := range []string{"pack", "cases"} {
		b, ok := pack.Schema(of)
		if !ok {
			t.Fatalf("no schema of %s", of)
		}
		all[of+".yaml"] = compiled(t, b)
	}
	return all
}

// refused returns the files that the schema, or an independent reader of YAML, does not take.
func refused(t *testing.T, all map[string]*jsonschema.Schema, fsys fs.FS) (files []string) {
	t.Helper()
	found, err := fs.Glob(fsys, "*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		data, err := fs.ReadFile(fsys, f)
		if err != nil {
			t.Fatal(err)
		}
		js, err := yaml.YAMLToJSON(data)
		if err != nil {
			files = append(files, f)
			continue
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(js))
		if err != nil || all[path.Base(f)].Validate(v) != nil {
			files = append(files, f)
		}
	}
	return files
}

// TestSchemaTakes holds the schema against every pack that the reader takes.
func TestSchemaTakes(t *testing.T) {
	all := schemas(t)
	for name, fsys := range map[string]fs.FS{"base": base(t), "carried": packs.FS} {
		if bad := refused(t, all, fsys); len(bad) > 0 {
			t.Errorf("%s: the schema refuses %v", name, bad)
		}
	}
}

// written are the faults of how a file is written, which a schema can see; the others need the names.
func written(code string) bool {
	return strings.HasPrefix(code, "bad-") && code != "bad-cell" && code != "bad-bound" && code != "bad-rule" || strings.HasPrefix(code, "word-missing") ||
		slices.Contains([]string{"unknown-key", "stray-comma", "key-missing", "not-words", "not-list", "not-scalar", "not-mapping", "empty-value",
			"list-empty", "text-empty", "too-long", "not-one-of", "boolean"}, code)
}
