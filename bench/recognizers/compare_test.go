package recognizers

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"bihuan/engine/extract"
)

const reports = "../../../shared/reports"

// item is one gold item, as the README of the reports defines it.
type item struct {
	Type     string   `json:"type"`
	Value    *float64 `json:"value"`
	ValueMax *float64 `json:"value_max"`
	Text     string   `json:"text"`
	Start    int      `json:"start"`
	End      int      `json:"end"` // of the annotated stretch, in the meta line only
}

// candidate is a number that somebody found: a stretch and the values it may have.
type candidate struct {
	start, end int
	values     []float64
}

// text is one report with its gold.
type text struct {
	name       string
	path       string
	body       string
	start, end int
	gold       []item
}

func texts(tb testing.TB) []text {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join(reports, "*.gold.jsonl"))
	if err != nil || len(paths) == 0 {
		tb.Skipf("SKIPPED: no reports with gold in %s; nothing was measured", reports)
	}
	var all []text
	for _, p := range paths {
		t := text{name: strings.TrimSuffix(filepath.Base(p), ".gold.jsonl"), path: strings.TrimSuffix(p, ".gold.jsonl") + ".txt"}
		body, err := os.ReadFile(t.path)
		if err != nil {
			tb.Fatal(err)
		}
		t.body = string(body)
		t.readGold(tb, p)
		all = append(all, t)
	}
	return all
}

func (t *text) readGold(tb testing.TB, path string) {
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var it item
		if err := json.Unmarshal(s.Bytes(), &it); err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		switch it.Type {
		case "meta":
			t.start, t.end = it.Start, it.End
		case "number":
			t.gold = append(t.gold, it)
		}
	}
}

// ours are the numbers that engine/extract states.
func (t text) ours(tb testing.TB) []candidate {
	tb.Helper()
	res, err := extract.Read(t.body, extract.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	var all []candidate
	for _, s := range res.Statements {
		if s.Type == extract.Number {
			c := candidate{start: s.Start, end: s.End()}
			for _, v := range []extract.Decimal{s.Value, s.ValueMax} {
				if f, err := strconv.ParseFloat(string(v), 64); err == nil {
					c.values = append(c.values, f)
				}
			}
			all = append(all, c)
		}
	}
	return all
}

// answer is what recognize.js prints for one file.
type answer struct {
	File   string    `json:"file"`
	Length int       `json:"length"`
	MS     []float64 `json:"ms"`
	Spans  []struct {
		Start int    `json:"start"`
		End   int    `json:"end"`
		Value string `json:"value"`
		Model string `json:"model"`
	} `json:"spans"`
}

func recognize(tb testing.TB, args ...string) []answer {
	tb.Helper()
	cmd := exec.Command("node", append([]string{"recognize.js"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		tb.Fatalf("recognize.js: %v", err)
	}
	var all []answer
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var a answer
		if err := dec.Decode(&a); err != nil {
			tb.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// needNode skips aloud when the other side is not installed.
func needNode(tb testing.TB) {
	tb.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		tb.Skip("SKIPPED: node is not installed; nothing was measured")
	}
	if _, err := os.Stat("node_modules/@microsoft/recognizers-text-suite"); err != nil {
		tb.Skip("SKIPPED: run npm ci in bench/recognizers first; nothing was measured")
	}
}

// amounts makes one candidate of every stretch that several models found together. With
// withoutDates, what the date-time model reads as a point or stretch of time and what the
// ordinal model reads is no candidate; durations stay.
func (a answer) amounts(withoutDates bool) []candidate {
	var found, dates []candidate
	for _, s := range a.Spans {
		v, err := strconv.ParseFloat(strings.TrimSuffix(s.Value, "%"), 64)
		switch {
		case strings.HasPrefix(s.Model, "datetime") || s.Model == "ordinal":
			if !strings.HasSuffix(s.Model, "duration") {
				dates = append(dates, candidate{start: s.Start, end: s.End})
			}
		case err == nil:
			found = append(found, candidate{s.Start, s.End, []float64{v}})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var all []candidate
	for _, c := range found {
		if withoutDates && slices.ContainsFunc(dates, c.overlaps) {
			continue
		}
		if n := len(all) - 1; n >= 0 && all[n].overlaps(c) {
			all[n].end = max(all[n].end, c.end)
			all[n].values = append(all[n].values, c.values...)
			continue
		}
		all = append(all, c)
	}
	return all
}

func (c candidate) overlaps(d candidate) bool { return c.start < d.end && d.start < c.end }

// says reports whether c overlaps the gold item and has its value, for a range either end.
func (c candidate) says(g item) bool {
	if !c.overlaps(candidate{start: g.Start, end: g.Start + utf8.RuneCountInString(g.Text)}) {
		return false
	}
	for _, want := range []*float64{g.Value, g.ValueMax} {
		for _, v := range c.values {
			if want != nil && math.Abs(v-*want) <= 1e-9*math.Max(math.Abs(v), math.Abs(*want)) {
				return true
			}
		}
	}
	return false
}

// score is how many of the candidates in the annotated stretch are gold, one to one.
type score struct{ hit, found, gold int }

func (t text) score(found []candidate) score {
	s := score{gold: len(t.gold)}
	found = slices.DeleteFunc(slices.Clone(found), func(c candidate) bool { return c.start < t.start || c.end > t.end })
	s.found = len(found)
	used := make([]bool, len(found))
	for _, g := range t.gold {
		for i, c := range found {
			if !used[i] && c.says(g) {
				used[i] = true
				s.hit++
				break
			}
		}
	}
	return s
}

func (s score) String() string {
	p, r := ratio(s.hit, s.found), ratio(s.hit, s.gold)
	f := 0.0
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	return fmt.Sprintf("%.3f | %.3f | %.3f", p, r, f)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (s score) plus(o score) score { return score{s.hit + o.hit, s.found + o.found, s.gold + o.gold} }

// TestScoring holds the measure itself: what is found, missed and spurious.
func TestScoring(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	rep := text{start: 0, end: 100, gold: []item{{Value: v(12), Text: "12个", Start: 10}, {Value: v(3), ValueMax: v(5), Text: "3-5年", Start: 20}, {Value: v(7), Text: "7", Start: 40}}}
	got := rep.score([]candidate{{10, 12, []float64{12}}, {22, 23, []float64{5}}, {22, 23, []float64{5}}, {40, 41, []float64{8}}, {98, 101, []float64{1}}})
	if want := (score{hit: 2, found: 4, gold: 3}); got != want {
		t.Errorf("score = %+v, want %+v", got, want)
	}
	var a answer
	if err := json.Unmarshal([]byte(`{"spans":[{"start":0,"end":4,"value":"2022","model":"number"},{"start":0,"end":5,"value":"","model":"datetimeV2.daterange"},{"start":7,"end":9,"value":"10","model":"number"},{"start":7,"end":10,"value":"10%","model":"percentage"}]}`), &a); err != nil {
		t.Fatal(err)
	}
	if all, few := a.amounts(false), a.amounts(true); len(all) != 2 || len(few) != 1 || few[0].end != 10 || len(few[0].values) != 2 {
		t.Errorf("amounts = %+v and %+v", all, few)
	}
}

// TestDetection prints the table of detection for docs/benchmarks.md. It asks only that the
// engine finds more of the gold than the general recogniser: it was made for it.
func TestDetection(t *testing.T) {
	needNode(t)
	all := texts(t)
	var sum [3]score
	fmt.Println("\n| text | gold | engine/extract P | R | F1 | recognizers P | R | F1 | less dates P | R | F1 |\n|---|---|---|---|---|---|---|---|---|---|---|")
	for _, x := range all {
		a := recognize(t, "--dates", x.path)
		one := [3]score{x.score(x.ours(t)), x.score(a[0].amounts(false)), x.score(a[0].amounts(true))}
		for i := range sum {
			sum[i] = sum[i].plus(one[i])
		}
		fmt.Printf("| %s | %d | %v | %v | %v |\n", x.name, len(x.gold), one[0], one[1], one[2])
	}
	fmt.Printf("| all | %d | %v | %v | %v |\n\n", sum[0].gold, sum[0], sum[1], sum[2])
	for i := 1; i < 3; i++ {
		if sum[0].hit*(sum[i].found+sum[i].gold) <= sum[i].hit*(sum[0].found+sum[0].gold) {
			t.Errorf("F1 of the engine is not above that of side %d", i)
		}
	}
}

const runs = 5

// TestSpeed prints characters per second, as one process and within one.
func TestSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short; nothing was measured")
	}
	needNode(t)
	all := texts(t)
	chars, paths := 0, []string{}
	for _, x := range all {
		chars += utf8.RuneCountInString(x.body)
		paths = append(paths, x.path)
	}
	bin := filepath.Join(t.TempDir(), "bihuan")
	build := exec.Command("go", "build", "-o", bin, "./cmd/bihuan")
	build.Dir, build.Env = "../..", append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	print := func(what string, process, within time.Duration) {
		fmt.Printf("| %s | %.0f | %v | %.0f | %v |\n", what, float64(chars)/process.Seconds(), process.Round(100*time.Microsecond), float64(chars)/within.Seconds(), within.Round(100*time.Microsecond))
	}
	fmt.Printf("\n%d characters in %d texts, median of %d\n\n| | characters/s, whole process | time | characters/s, within a process | time |\n|---|---|---|---|---|\n", chars, len(all), runs)
	print("engine/extract", process(t, exec.Command(bin, append([]string{"extract", "--format", "jsonl"}, paths...)...)), median(func() time.Duration {
		start := time.Now()
		for _, x := range all {
			x.ours(t)
		}
		return time.Since(start)
	}))
	for _, side := range [][]string{{"recognizers"}, {"recognizers, dates and ordinals too", "--dates"}} {
		args := append(side[1:], paths...)
		print(side[0], process(t, exec.Command("node", append([]string{"recognize.js"}, args...)...)), within(recognize(t, append([]string{"--runs", strconv.Itoa(runs)}, args...)...)))
	}
	fmt.Println()
}

// process is the median time of a whole process, from its start to its end.
func process(t *testing.T, c *exec.Cmd) time.Duration {
	return median(func() time.Duration {
		again := exec.Command(c.Path, c.Args[1:]...)
		again.Dir = c.Dir
		start := time.Now()
		if err := again.Run(); err != nil {
			t.Fatalf("%v: %v", c.Args, err)
		}
		return time.Since(start)
	})
}

// within adds up the median times over the texts.
func within(all []answer) time.Duration {
	ms := 0.0
	for _, a := range all {
		slices.Sort(a.MS)
		ms += a.MS[len(a.MS)/2]
	}
	return time.Duration(ms * float64(time.Millisecond))
}

func median(run func() time.Duration) time.Duration {
	var all []time.Duration
	for range runs {
		all = append(all, run())
	}
	slices.Sort(all)
	return all[runs/2]
}
