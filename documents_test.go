//go:build !race

package bihuan

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestHousePlan holds the table of docs/house.md against the table that is checked.
func TestHousePlan(t *testing.T) {
	told := map[string]string{}
	for _, row := range tableRows(t, "docs/house.md") {
		if len(row) == 4 && strings.HasPrefix(row[0], "`") {
			told[ticked(row[0])[0]] = strings.Join(ticked(row[1]), " ")
		}
	}
	for _, f := range floors {
		want := strings.Join(f.may, " ")
		if got, ok := told[f.room]; !ok {
			t.Errorf("docs/house.md has no row for `%s`; house_test.go lets it import: %s", f.room, want)
		} else if got != want {
			t.Errorf("`%s` imports, says docs/house.md: %q; says house_test.go: %q", f.room, got, want)
		}
		delete(told, f.room)
	}
	for room := range told {
		t.Errorf("docs/house.md has a row for `%s` that house_test.go does not know", room)
	}
}

// TestDependencies holds docs/dependencies.md against the direct requirements of go.mod.
func TestDependencies(t *testing.T) {
	listed := map[string]bool{}
	for _, row := range tableRows(t, "docs/dependencies.md") {
		if len(row) == 3 && strings.HasPrefix(row[0], "`") {
			listed[ticked(row[0])[0]] = true
			if row[1] == "" || row[2] == "" {
				t.Errorf("%s needs a reason and a licence in docs/dependencies.md", row[0])
			}
		}
	}
	direct := "{{if not (or .Main .Indirect)}}{{.Path}}{{end}}"
	out, err := exec.Command("go", "list", "-m", "-f", direct, "all").Output()
	if err != nil {
		t.Fatalf("go list -m: %v", err)
	}
	required := strings.Fields(string(out))
	if len(required) == 0 {
		t.Fatal("no requirements listed: the test has looked at nothing")
	}
	for _, module := range required {
		if !listed[module] {
			t.Errorf("docs/dependencies.md has no line for %s: name the reason and the licence", module)
		}
		delete(listed, module)
	}
	for module := range listed {
		t.Errorf("docs/dependencies.md has a line for %s, which go.mod does not require", module)
	}
}

// TestGlossary keeps one line per term: a name in the code means one thing.
func TestGlossary(t *testing.T) {
	terms, names := map[string]bool{}, map[string]bool{}
	for _, row := range tableRows(t, "docs/glossary.md") {
		if len(row) != 3 {
			t.Errorf("a row of docs/glossary.md has %d cells instead of 3: %v", len(row), row)
			continue
		}
		if row[0] == "中文" {
			continue
		}
		if terms[row[0]] {
			t.Errorf("docs/glossary.md explains %s twice", row[0])
		}
		terms[row[0]] = true
		for _, name := range ticked(row[1]) {
			if names[name] {
				t.Errorf("docs/glossary.md gives the name %s to two terms", name)
			}
			names[name] = true
		}
		if !strings.HasSuffix(row[2], ".") {
			t.Errorf("%s: its meaning is a sentence and ends with a full stop", row[0])
		}
	}
	if len(terms) < 40 {
		t.Errorf("docs/glossary.md has %d terms, fewer than the desk's own words", len(terms))
	}
}

// TestLinks follows every relative link of the documents, and looks whether each greeting leads to every guide.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`(?:\]\(|src="|href=")([^)"#\s]+)`)
	followed := 0
	for _, file := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(read(t, file), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			followed++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			}
		}
	}
	if followed == 0 {
		t.Error("no links found: the test has looked at nothing")
	}
	guides, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, greeting := range []string{"README.md", "README.zh-CN.md"} {
		for _, guide := range guides {
			if !strings.Contains(read(t, greeting), "]("+guide+")") {
				t.Errorf("%s does not lead to %s", greeting, guide)
			}
		}
	}
}

// TestPaths looks for every path that a document names between backquotes, and for every folder at the root in the plan of the house.
func TestPaths(t *testing.T) {
	path := regexp.MustCompile("`([a-z0-9]+)(/[A-Za-z0-9_./-]+)`")
	found := 0
	for _, file := range documents(t) {
		if file == "CHANGELOG.md" { // tells what was
			continue
		}
		for _, m := range path.FindAllStringSubmatch(read(t, file), -1) {
			if _, err := os.Stat(m[1]); err != nil {
				continue // a path of something else
			}
			found++
			if _, err := os.Stat(m[1] + m[2]); err != nil {
				t.Errorf("%s names %s%s, which is not there", file, m[1], m[2])
			}
		}
	}
	if found == 0 {
		t.Error("no paths found: the test has looked at nothing")
	}
	plan := read(t, "docs/house.md")
	for _, entry := range tracked(t) {
		if folder, _, in := strings.Cut(entry, "/"); in && !strings.HasPrefix(folder, ".") && !strings.Contains(plan, folder+"/") && !strings.Contains(plan, "`"+folder+"`") {
			t.Errorf("docs/house.md has no room for %s", entry)
		}
	}
}

// TestCommands holds what documents tell to type to the commands and flags that there are.
func TestCommands(t *testing.T) {
	sources, err := filepath.Glob("cmd/bihuan/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range sources {
		source.WriteString(read(t, file))
	}
	commands := map[string]bool{}
	for _, m := range regexp.MustCompile(`\{"([a-z-]+)", "[^"]+", run[A-Z]`).FindAllStringSubmatch(read(t, "cmd/bihuan/main.go"), -1) {
		commands[m[1]] = true
	}
	call := regexp.MustCompile("(?m)(?:`|^ *)bihuan ([a-z-]+)([^`\n#]*)")
	flags := regexp.MustCompile(`--([a-z-]+)`)
	found := 0
	for _, file := range documents(t) {
		if file == "CHANGELOG.md" {
			continue
		}
		for _, m := range call.FindAllStringSubmatch(read(t, file), -1) {
			if !commands[m[1]] {
				t.Errorf("%s tells to type bihuan %s, and there is no such command", file, m[1])
				continue
			}
			found++
			for _, f := range flags.FindAllStringSubmatch(m[2], -1) {
				if !strings.Contains(source.String(), strconv.Quote(f[1])) && !strings.Contains(source.String(), `yaml:"`+f[1]+`"`) {
					t.Errorf("%s tells to type bihuan %s --%s, and there is no such flag", file, m[1], f[1])
				}
			}
		}
	}
	if found == 0 {
		t.Error("no commands found: the test has looked at nothing")
	}
}

// tracked are the files of the tree, by git; none where it is not a checkout.
func tracked(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "ls-files").Output()
	if err != nil {
		t.Logf("not a checkout: %v", err)
	}
	return strings.Fields(string(out))
}

// documents are the Markdown files at the root and below docs.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return files
}

// tableRows are the cells of every row of every Markdown table of a file, trimmed, rulers left out.
func tableRows(t *testing.T, file string) [][]string {
	t.Helper()
	var rows [][]string
	for line := range strings.Lines(read(t, file)) {
		inner, ok := strings.CutPrefix(strings.TrimSpace(line), "| ")
		if !ok {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(inner, "|"), "|")
		for i, c := range cells {
			cells[i] = strings.TrimSpace(c)
		}
		rows = append(rows, cells)
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no table", file)
	}
	return rows
}

// ticked are the words that a cell puts in backquotes; “everything” is the pattern *.
func ticked(cell string) []string {
	if cell == "everything" {
		return []string{"*"}
	}
	var words []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	return words
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
