package pack_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"bihuan/pack"
)

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
