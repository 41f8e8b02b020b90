package extract

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shared is where other people's reports lie, beside the repository.
const shared = "../../../shared/reports"

// reports returns the names of the annotated reports in dir.
func reports(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.gold.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".gold.jsonl")
	}
	return files
}

func readText(t testing.TB, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// examine scores every report in dir, in the order of names.
func examine(t testing.TB, dir string) (names []string, out []marks) {
	t.Helper()
	for _, name := range reports(t, dir) {
		from, to, gold := loadGold(t, filepath.Join(dir, name+".gold.jsonl"))
		res, err := Read(readText(t, dir, name), Options{})
		if err != nil {
			t.Fatal(err)
		}
		names, out = append(names, name), append(out, scoreReport(from, to, gold, res.Statements))
	}
	return names, out
}

// quality writes precision, recall and F1 per report and measure, their means, and how confidence is kept.
func quality(names []string, ms []marks) string {
	var b strings.Builder
	measures := []struct {
		name string
		of   func(marks) rate
	}{
		{"number detection", func(m marks) rate { return m.number }},
		{"full item", func(m marks) rate { return m.full }},
		{"subject", func(m marks) rate { return m.subject }},
		{"full item + subject", func(m marks) rate { return m.fullSubject }},
		{"milestones", func(m marks) rate { return m.milestone }},
		{"milestones + kind,year", func(m marks) rate { return m.milestoneFull }},
	}
	fmt.Fprintf(&b, "%-16s %-24s %9s %9s %9s %6s %6s %6s\n", "report", "measure", "precision", "recall", "F1", "right", "gold", "found")
	for i, m := range ms {
		for _, x := range measures {
			r := x.of(m)
			fmt.Fprintf(&b, "%-16s %-24s %9.4f %9.4f %9.4f %6d %6d %6d\n", names[i], x.name, ratio(r.tp, r.pred), ratio(r.tp, r.gold), r.f1(), r.tp, r.gold, r.pred)
		}
	}
	for _, x := range measures {
		sum, n := 0.0, 0
		for _, m := range ms {
			if r := x.of(m); r.gold > 0 {
				sum += r.f1()
				n++
			}
		}
		fmt.Fprintf(&b, "%-16s %-24s %9s %9s %9.4f\n", "mean", x.name, "", "", sum/float64(max(1, n)))
	}
	b.WriteString("\nconfidence       right  found  share\n")
	for _, lo := range []float64{0.9, 0.8, 0.7, 0.5, 0} {
		right, all := bucket(ms, lo)
		fmt.Fprintf(&b, "from %.1f       %6d %6d %6.3f\n", lo, right, all, ratio(right, all))
	}
	return b.String()
}

// bucket counts the statements whose confidence lies between lo and the next bound.
func bucket(ms []marks, lo float64) (right, all int) {
	hi := map[float64]float64{0.9: 2, 0.8: 0.9, 0.7: 0.8, 0.5: 0.7, 0: 0.5}[lo]
	for _, m := range ms {
		for i, p := range m.kept {
			if p.confidence >= lo && p.confidence < hi {
				all++
				if m.right[i] {
					right++
				}
			}
		}
	}
	return right, all
}

// hold compares got with the golden file, or renews it.
func hold(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at the difference, then renew it with -update\n--- got\n%s--- want\n%s", file, got, want)
	}
}

// floor fails if a report or a mean falls below what the engine promises.
func floor(t *testing.T, names []string, ms []marks) {
	t.Helper()
	var full, mile, number float64
	for i, m := range ms {
		if f := m.fullSubject.f1(); f < 0.80 {
			t.Errorf("%s: full item + subject %.3f, at least 0.80 promised", names[i], f)
		}
		full, mile, number = full+m.fullSubject.f1(), mile+m.milestone.f1(), number+m.number.f1()
	}
	n := float64(len(ms))
	for _, x := range []struct {
		name        string
		mean, least float64
	}{{"full item + subject", full / n, 0.88}, {"milestones", mile / n, 0.85}, {"number detection", number / n, 0.98}} {
		if x.mean < x.least {
			t.Errorf("mean of %s %.3f, at least %.2f promised", x.name, x.mean, x.least)
		}
	}
	if right, all := bucket(ms, 0.9); ratio(right, all) < 0.95 {
		t.Errorf("of %d statements with confidence from 0.9 only %d are right", all, right)
	}
}

func TestQualityOwnTexts(t *testing.T) {
	names, ms := examine(t, "testdata")
	if len(names) == 0 {
		t.Fatal("no own texts: the test has looked at nothing")
	}
	floor(t, names, ms)
	hold(t, "quality-own.txt", quality(names, ms))
}

func TestQualityReports(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("SKIPPED: the annotated reports are not at %s", shared)
	}
	names, ms := examine(t, shared)
	floor(t, names, ms)
	hold(t, "quality.txt", quality(names, ms))
}

// A scorer that accepts everything would make the two tests above worthless.
func TestScorerSeesFaults(t *testing.T) {
	from, to, gold := loadGold(t, "testdata/county-2008.gold.jsonl")
	res, err := Read(readText(t, "testdata", "county-2008"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	whole := scoreReport(from, to, gold, res.Statements)
	for _, c := range []struct {
		name  string
		spoil func(*Statement)
		lower func(marks) bool
	}{
		{"a wrong value is not detected", func(s *Statement) { s.Value = "1234567" }, func(m marks) bool { return m.number.tp < whole.number.tp }},
		{"a wrong unit is not detected", func(s *Statement) { s.Unit = "光年" }, func(m marks) bool { return m.number.tp < whole.number.tp }},
		{"a wrong year spoils the full item", func(s *Statement) { s.Year++ }, func(m marks) bool { return m.full.tp < whole.full.tp && m.milestoneFull.tp < whole.milestoneFull.tp }},
		{"a wrong kind spoils the full item", func(s *Statement) { s.Kind = "rumour" }, func(m marks) bool { return m.full.tp == 0 && m.milestoneFull.tp == 0 }},
		{"a wrong operator spoils the full item", func(s *Statement) { s.Op = "below" }, func(m marks) bool { return m.full.tp < whole.full.tp }},
		{"a wrong subject spoils the subject", func(s *Statement) { s.Subject = "⾮" }, func(m marks) bool { return m.subject.tp == 0 && m.milestone.tp == 0 }},
		{"a span elsewhere is not detected", func(s *Statement) { s.Start += 400 }, func(m marks) bool { return m.number.tp < whole.number.tp/2 }},
	} {
		spoiled := append([]Statement(nil), res.Statements...)
		for i := range spoiled {
			c.spoil(&spoiled[i])
		}
		if !c.lower(scoreReport(from, to, gold, spoiled)) {
			t.Errorf("%s: it is", c.name)
		}
	}
}

// A report whose headings or first lines are lost is still read into the right years and kinds, by its date, its openings and its turns.
func TestReadsWithoutSignposts(t *testing.T) {
	said := func(text string) map[string]int {
		res, err := Read(text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]int{}
		for _, s := range res.Statements {
			out[fmt.Sprint(s.Text, s.Kind, s.Year)]++
		}
		return out
	}
	for _, name := range reports(t, "testdata") {
		text := readText(t, "testdata", name)
		all := strings.SplitAfter(text, "\n")
		var bare strings.Builder
		for _, l := range all {
			src := []rune(l)
			ls := lines(src)
			if len(ls) == 1 {
				if h, ok := headingOf(src, ls[0]); ok && h.body >= ls[0].b {
					continue
				}
			}
			bare.WriteString(l)
		}
		whole := said(text)
		for what, cut := range map[string]string{"headings": bare.String(), "first lines": strings.Join(all[min(6, len(all)):], "")} {
			if name == "edge" && what == "headings" {
				continue // nothing else in that text names its year
			}
			same, total := 0, 0
			for k, n := range said(cut) {
				total += n
				same += min(n, whole[k])
			}
			if total == 0 || ratio(same, total) < 0.9 {
				t.Errorf("%s without its %s: %d of %d statements keep year and kind", name, what, same, total)
			}
		}
	}
}
