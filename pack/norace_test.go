//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package pack_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/ground/fault"
	"bihuan/kernel/matter"
	"bihuan/pack"
	"bihuan/packs"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestCases walks the cases of the base and of every pack that the binary carries.
func TestCases(t *testing.T) {
	set, err := pack.Load(base(t))
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := carried()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*pack.Set{set, embedded} {
		for _, p := range s.Packs() {
			r, err := pack.Test(s, p.Name)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %d cases, %d steps, refusals %v, idle %v", p.Name, r.Cases, r.Steps, r.Refusals, r.Idle)
			for _, f := range r.Failures {
				t.Error(f.In("en"))
			}
		}
	}
}

// TestFormSchema holds the schemas of forms against what is sent in the cases of the packs.
func TestFormSchema(t *testing.T) {
	set, err := carried()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range set.Kinds() {
		for _, a := range k.Acts {
			b, ok := pack.FormSchema(k, a.Key)
			if !ok {
				t.Fatalf("%s %s has no schema", k.Ref, a.Key)
			}
			compiled(t, b)
		}
	}
	k, ok := set.Kind("promise/promise")
	if !ok {
		t.Fatal("no promise")
	}
	schema := func(act string) *jsonschema.Schema {
		b, _ := pack.FormSchema(k, act)
		return compiled(t, b)
	}
	tests := []struct {
		name, act, body string
		valid           bool
	}{
		{"a whole form is taken", "issue", `{"with": {"title": "x", "unit": "housing", "due": "2023-12-20"}}`, true},
		{"a form without a required field is refused", "issue", `{"with": {"title": "x", "unit": "housing"}}`, false},
		{"a field that is not asked is refused", "issue", `{"with": {"title": "x", "unit": "housing", "due": "2023-12-20", "done": "3"}}`, false},
		{"a day that is none is refused", "issue", `{"with": {"title": "x", "unit": "housing", "due": "2023-02-30"}}`, false},
		{"an act that needs a reason is refused without one", "return", `{}`, false},
		{"an act that needs a reason is taken with one", "return", `{"reason": "not ours"}`, true},
		{"an act that needs evidence is refused without it", "apply", `{"with": {"summary": "x"}}`, false},
		{"an act that needs evidence is taken with it", "apply", `{"with": {"summary": "x"}, "evidence": [{"kind": "document", "file": "` + strings.Repeat("a", 64) + `"}]}`, true},
	}
	for _, tt := range tests {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema(tt.act).Validate(v); (err == nil) != tt.valid {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
	if _, ok := pack.FormSchema(&matter.Kind{}, "issue"); ok {
		t.Error("an act that does not exist has a schema")
	}
}

// TestNew writes a trivial pack: YAML alone, which compiles and whose cases hold and reach every act.
func TestNew(t *testing.T) {
	files, err := pack.New("park-benches")
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for _, f := range files {
		folder[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	all, err := pack.Sub(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	all["park-benches"] = folder
	set, err := pack.Load(all) // beside every pack that the binary carries
	if err != nil {
		t.Fatal(err)
	}
	r, err := pack.Test(set, "park-benches")
	if err != nil || len(r.Failures) > 0 || len(r.Idle) > 0 || r.Cases == 0 {
		t.Errorf("got %+v, %v", r, err)
	}
	if k, ok := set.Kind("park-benches/item"); !ok || k.Series != "PB" {
		t.Errorf("got %+v", k)
	}
	for _, bad := range []string{"", "Park", "公园", "a b", "../x", strings.Repeat("a", 61)} {
		if _, err := pack.New(bad); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}
