// Command search measures full text over cases: how large an index is, how long it takes to make, and how long questions take, of
// our engine through its store beside SQLite's FTS5 over bigrams made by the application, FTS5 with its trigram tokenizer, and LIKE,
// over the same texts in alternating rounds.
//
//	go run ./search -n 50000 -rounds 3
//	go run ./search -messages ../../shared/data/requests
//
// Every engine must count the same hits before a time is told; the table it prints is the one of docs/benchmarks.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// engine is one way of finding texts.
type engine interface {
	name() string
	build(ctx context.Context, docs []document) error
	// bytes is the size of what serves finding, without the texts themselves.
	bytes() (int64, error)
	// count returns how many documents hold the text; not ok if the engine cannot tell.
	count(ctx context.Context, text string) (n int, ok bool, err error)
	// best returns the best of them, ranked.
	best(ctx context.Context, text string, limit int) (n int, ok bool, err error)
	close() error
}

func main() {
	log.SetFlags(0)
	n := flag.Int("n", 50_000, "generated documents")
	rounds := flag.Int("rounds", 3, "rounds of questions")
	messages := flag.String("messages", "", "a folder with messages as CSV to use instead of generated texts")
	only := flag.String("only", "", "engines to measure, with commas between; all if empty")
	flag.Parse()
	if err := run(*n, *rounds, *messages, *only); err != nil {
		log.Fatal(err)
	}
}

func run(n, rounds int, messages, only string) error {
	ctx := context.Background()
	docs := generated(n)
	if messages != "" {
		var err error
		if docs, err = readMessages(messages); err != nil {
			return err
		}
	}
	sets := questions(docs)
	chars := 0
	for _, d := range docs {
		chars += len([]rune(d.title)) + len([]rune(d.body))
	}
	fmt.Printf("%d documents of %d characters, %s %s/%s, %d processors\n\n", len(docs), chars/len(docs), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	dir, err := os.MkdirTemp("", "bench-search-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var engines []engine
	for _, e := range []engine{&ours{dir: dir}, &fts{dir: dir, tokens: "bigram"}, &fts{dir: dir, tokens: "trigram"}, &like{dir: dir}} {
		if only == "" || slices.Contains(strings.Split(only, ","), e.name()) {
			engines = append(engines, e)
		}
	}
	fmt.Println("| engine | build | index | memory |\n|---|---|---|---|")
	for _, e := range engines {
		defer e.close()
		start := time.Now()
		if err := e.build(ctx, docs); err != nil {
			return fmt.Errorf("%s: %w", e.name(), err)
		}
		took := time.Since(start)
		size, err := e.bytes()
		if err != nil {
			return err
		}
		memory := "–"
		if m, ok := e.(interface{ memory() int }); ok {
			memory = fmt.Sprintf("%.1f MiB", float64(m.memory())/(1<<20))
		}
		fmt.Printf("| %s | %.1f s | %.1f MiB | %s |\n", e.name(), took.Seconds(), float64(size)/(1<<20), memory)
	}
	if err := agree(ctx, engines, sets); err != nil {
		return err
	}
	return measure(ctx, engines, sets, rounds)
}

// agree counts every question by every engine.
func agree(ctx context.Context, engines []engine, sets []set) error {
	for _, s := range sets {
		for _, text := range s.texts {
			want := -1
			for _, e := range engines {
				got, ok, err := e.count(ctx, text)
				switch {
				case err != nil:
					return fmt.Errorf("%s counts %q: %w", e.name(), text, err)
				case !ok:
				case want < 0:
					want = got
				case got != want:
					return fmt.Errorf("%s counts %d of %q, %s %d", e.name(), got, text, engines[0].name(), want)
				}
			}
		}
	}
	return nil
}

// measure asks each engine each set in turn and prints the median over the rounds of the p50 and the p99.
func measure(ctx context.Context, engines []engine, sets []set, rounds int) error {
	for _, what := range []string{"ranked top 20", "count"} {
		fmt.Printf("\n%s, p50 / p99 in ms, median of %d rounds:\n\n| engine |", what, rounds)
		for _, s := range sets {
			fmt.Printf(" %s (%d hits) |", s.name, s.hits)
		}
		fmt.Print("\n|---|" + strings.Repeat("---|", len(sets)) + "\n")
		cells := make([][][2][]float64, len(engines))
		for i := range cells {
			cells[i] = make([][2][]float64, len(sets))
		}
		able := make([][]bool, len(engines))
		for range rounds {
			for j, s := range sets {
				for i, e := range engines {
					times, ok, err := ask(ctx, e, s, what)
					if err != nil {
						return err
					}
					able[i] = append(able[i][:min(j, len(able[i]))], ok)
					if ok {
						cells[i][j][0] = append(cells[i][j][0], at(times, 50))
						cells[i][j][1] = append(cells[i][j][1], at(times, 99))
					}
				}
			}
		}
		for i, e := range engines {
			fmt.Printf("| %s |", e.name())
			for j := range sets {
				if !able[i][j] {
					fmt.Print(" – |")
					continue
				}
				fmt.Printf(" %.3f / %.2f |", at(cells[i][j][0], 50), at(cells[i][j][1], 50))
			}
			fmt.Println()
		}
	}
	return nil
}

// ask returns how many ms each question of a set took.
func ask(ctx context.Context, e engine, s set, what string) (times []float64, ok bool, err error) {
	for i := range 4 { // the first time warms
		for _, text := range s.texts {
			start := time.Now()
			if what == "count" {
				_, ok, err = e.count(ctx, text)
			} else {
				_, ok, err = e.best(ctx, text, 20)
			}
			if err != nil || !ok {
				return nil, ok, err
			}
			if i > 0 {
				times = append(times, float64(time.Since(start).Microseconds())/1000)
			}
		}
	}
	return times, true, nil
}

// at returns a percentile.
func at(v []float64, percent int) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[min(len(v)-1, len(v)*percent/100)]
}
