// Command writepath measures lifecycles per second: a case is created and taken through
// seven audited transitions, each of which arms its clock, each acknowledged when it is on
// the disk. It puts our store beside hand-written SQL and a job queue, in alternating rounds.
//
//	go run ./writepath -dsn postgres://bench@127.0.0.1:5433/bench
//
// With -postmaster, the number of the server's first process, the server stands still while it is
// not its turn; this takes the rights to signal it. Without -dsn what needs PostgreSQL is left out. The table it prints is the one of
// docs/benchmarks.md; see there for how the machine is prepared.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/cmd/bihuan/machine"
)

// engine is one way of keeping cases. A lifecycle is eight durable steps.
type engine interface {
	name() string
	// served says whether the server has to run for it.
	served() bool
	// start makes ready for a round with so many cases in flight.
	start(ctx context.Context, inFlight int) error
	// lifecycle takes a new case through all its steps and returns when the last is acknowledged.
	lifecycle(ctx context.Context) error
	// stop ends a round.
	stop() error
}

// steps of a lifecycle: one creation and seven transitions.
const steps = 8

// payload is what each step records, 110 bytes of JSON.
var payload = []byte(`{"note":"现场已核实，井盖破损，已设置警示标志","measure":"更换","photos":2,"place":"吉林大路"}`)

func main() {
	engines := flag.String("engines", "ours,desk,sqlite,postgres,river", "what to measure")
	inFlight := flag.String("c", "1,16,64", "cases in flight")
	rounds := flag.Int("rounds", 5, "alternating rounds")
	length := flag.Duration("length", 2*time.Second, "of one measurement")
	dsn := flag.String("dsn", "", "PostgreSQL, empty for none")
	postmaster := flag.Int("postmaster", 0, "process of the PostgreSQL server, which is stopped while it is not its turn; 0 to let it run")
	dir := flag.String("dir", "", "folder for database files, on the disk to be measured; empty for the temporary folder")
	profile := flag.String("profile", "", "file for a CPU profile of this process")
	flag.Parse()
	log.SetFlags(0)
	machine.SpareProcessor()
	go machine.TendHeap(context.Background(), time.Second)
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	tmp, err := os.MkdirTemp(*dir, "writepath-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	list := make([]engine, 0)
	for _, n := range strings.Split(*engines, ",") {
		if e := newEngine(n, tmp, *dsn); e != nil {
			list = append(list, e)
		}
	}
	t := &table{server: server{*postmaster}, rates: map[string][]float64{}, p99: map[string][]time.Duration{}}
	if err := t.server.freeze(); err != nil {
		log.Fatal(err)
	}
	defer t.server.thaw()
	for round := range *rounds {
		rate := syncRate(tmp)
		t.syncs = append(t.syncs, rate)
		fmt.Printf("round %d: %.0f syncs/s\n", round+1, rate)
		for _, c := range strings.Split(*inFlight, ",") {
			n, err := strconv.Atoi(c)
			if err != nil {
				log.Fatal(err)
			}
			for _, e := range list {
				if err := t.measure(e, n, *length); err != nil {
					t.server.thaw()
					log.Fatalf("%s at %d: %v", e.name(), n, err)
				}
			}
		}
	}
	t.print(list, strings.Split(*inFlight, ","))
}

func newEngine(name, tmp, dsn string) engine {
	switch name {
	case "ours":
		return &ours{dir: tmp}
	case "desk":
		return &throughDesk{dir: tmp}
	case "sqlite":
		return &plainSQLite{dir: tmp}
	case "postgres":
		if dsn != "" {
			return &plainPostgres{dsn: dsn}
		}
	case "river":
		if dsn != "" {
			return &riverQueue{dsn: dsn}
		}
	default:
		log.Fatalf("no engine %q", name)
	}
	return nil
}

type table struct {
	server server
	syncs  []float64
	rates  map[string][]float64 // by engine and cases in flight, one for each round
	p99    map[string][]time.Duration
}

func key(e engine, c int) string { return fmt.Sprintf("%s/%d", e.name(), c) }

func (t *table) measure(e engine, c int, length time.Duration) error {
	ctx := context.Background()
	if e.served() {
		if err := t.server.thaw(); err != nil {
			return err
		}
	}
	if err := e.start(ctx, c); err != nil {
		return err
	}
	run(ctx, e, c, length/4) // warm
	cpu, wrote := cpuTime(), written()
	rate, took, err := run(ctx, e, c, length)
	if err != nil {
		return err
	}
	cpu = (cpuTime() - cpu) / time.Duration(len(took)*steps)
	wrote = (written() - wrote) / int64(len(took)*steps)
	k := key(e, c)
	p50, p99 := took[len(took)/2], took[len(took)*99/100]
	fmt.Printf("  %-12s %8.1f lifecycles/s  p50 %8s  p99 %8s  our own: %s and %d bytes a step\n", k, rate,
		p50.Round(10*time.Microsecond), p99.Round(10*time.Microsecond), cpu.Round(100*time.Nanosecond), wrote)
	t.rates[k], t.p99[k] = append(t.rates[k], rate), append(t.p99[k], p99)
	if err := e.stop(); err != nil {
		return err
	}
	return t.server.freeze()
}

// run keeps c cases in flight for so long and returns lifecycles per second and how long each took.
func run(ctx context.Context, e engine, c int, length time.Duration) (rate float64, took []time.Duration, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	begin := time.Now()
	for range c {
		wg.Go(func() {
			for time.Since(begin) < length && failed.Load() == nil {
				t := time.Now()
				if err := e.lifecycle(ctx); err != nil {
					failed.Store(&err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(t))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if e := failed.Load(); e != nil {
		return 0, nil, *e
	}
	slices.Sort(took)
	return float64(len(took)) / time.Since(begin).Seconds(), took, nil
}

// print writes the medians, and the median of the ratios of ours to each other engine, round by round.
func (t *table) print(list []engine, inFlight []string) {
	fmt.Printf("\nsyncs/s: median %.0f of %.0f\n\n| engine | in flight | lifecycles/s (median; all rounds) | p99 | ours over it |\n|---|---|---|---|---|\n", median(t.syncs), t.syncs)
	for _, c := range inFlight {
		n, _ := strconv.Atoi(c)
		for _, e := range list {
			k := key(e, n)
			ratio := "-"
			if mine := t.rates[key(&ours{}, n)]; e.name() != "ours" && len(mine) > 0 {
				ratios := make([]float64, len(mine))
				for i := range mine {
					ratios[i] = mine[i] / t.rates[k][i]
				}
				ratio = fmt.Sprintf("%.2f", median(ratios))
			}
			fmt.Printf("| %s | %d | %.0f (%.0f) | %s | %s |\n", e.name(), n, median(t.rates[k]), t.rates[k], median(t.p99[k]).Round(10*time.Microsecond), ratio)
		}
	}
}

func median[T float64 | time.Duration](values []T) T {
	s := slices.Clone(values)
	slices.Sort(s)
	return s[len(s)/2]
}
