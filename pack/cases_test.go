package pack_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"bihuan/ground/fault"
	"bihuan/pack"
	"bihuan/packs"
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

// TestFailures shows what is said of cases that do not hold.
func TestFailures(t *testing.T) {
	archives, err := filepath.Glob("testdata/failed/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no failed cases: %v", err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			set, err := pack.Load(rejected(t, a))
			if err != nil {
				t.Fatal(err)
			}
			r, err := pack.Test(set, "bridge")
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Failures) == 0 {
				t.Error("nothing failed")
			}
			for _, lang := range []string{"zh", "en"} {
				said := ""
				for _, f := range r.Failures {
					said += f.In(lang)
				}
				golden(t, a, "want."+lang, said)
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
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

// Example tells the days within which the kind of a pack is to be done.
func Example() {
	set, err := pack.Load(os.DirFS("testdata/base"))
	if err != nil {
		fmt.Print(err)
		return
	}
	k, _ := set.Kind("bridge/defect")
	for _, c := range k.Clocks {
		fmt.Println(c.Words.EN, c.Length, c.Basis)
	}
	// Output:
	// Mend by law 20 working-day
	// Mend as promised 10 working-day
	// Date set 0 calendar-day
}
