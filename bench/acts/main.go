// Command acts measures acts over HTTP: a case is created and taken through seven acts, each of which is a request with a
// session, an access rule and validation, answered when it counts as written. It puts our API beside PocketBase's batch
// API, in alternating rounds; each server is a process of its own and stands still while it is not its turn.
//
//	go run ./acts -rounds 5
//
// PocketBase keeps its own setting synchronous=NORMAL, under which a power cut can take back what was
// answered; ours answers after the sync. See docs/benchmarks.md for how the machine is prepared.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// steps of a lifecycle: one creation and seven acts.
const steps = 8

// note is what an act records, 110 bytes with its quotes.
const note = "现场已核实，井盖破损，已设置警示标志，更换井盖一个，照片二张，吉林大路"

// subject is one server and how a lifecycle is done with it.
type subject struct {
	name      string
	serve     func(ctx context.Context, addr, dir string, ready func(tokens ...string)) error
	lifecycle func(*client, []string) error // by the tokens that the server told
}

var subjects = []subject{{"ours", serveOurs, ourLifecycle}, {"pocketbase", servePocketBase, pocketBaseLifecycle}}

func main() {
	only := flag.String("only", "ours,pocketbase", "what to measure")
	inFlight := flag.String("c", "1,16,64", "cases in flight")
	rounds := flag.Int("rounds", 5, "alternating rounds")
	length := flag.Duration("length", 3*time.Second, "of one measurement")
	dir := flag.String("dir", "", "folder for database files, on the disk to be measured; empty for the temporary folder")
	serve := flag.String("serve", "", "be the server of this name (used by the program itself)")
	addr := flag.String("addr", "", "to serve at")
	profile := flag.String("profile", "", "beginning of the files for CPU profiles of the servers")
	flag.Parse()
	log.SetFlags(0)
	if *serve != "" {
		be(*serve, *addr, *dir, *profile)
	}
	tmp, err := os.MkdirTemp(*dir, "acts-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	var all []*server
	for i, s := range subjects {
		if slices.Contains(strings.Split(*only, ","), s.name) {
			all = append(all, start(s, fmt.Sprintf("127.0.0.1:%d", 18090+i), filepath.Join(tmp, s.name), *profile))
		}
	}
	t := table{}
	for round := range *rounds {
		fmt.Printf("round %d\n", round+1)
		for _, c := range strings.Split(*inFlight, ",") {
			n, err := strconv.Atoi(c)
			if err != nil {
				log.Fatal(err)
			}
			for _, s := range all {
				t.measure(s, n, *length)
			}
		}
	}
	for _, s := range all {
		s.stop()
	}
	t.print(all, strings.Split(*inFlight, ","))
}

// be serves until the process is ended.
func be(name, addr, dir, profile string) {
	if profile != "" {
		f, err := os.Create(profile + "-" + name)
		if err != nil {
			log.Fatal(err)
		}
		pprof.StartCPUProfile(f)
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, os.Interrupt)
		go func() { <-ended; pprof.StopCPUProfile(); os.Exit(0) }()
	}
	for _, s := range subjects {
		if s.name == name {
			log.Fatal(s.serve(context.Background(), addr, dir, func(tokens ...string) { fmt.Println("ready", strings.Join(tokens, " ")) }))
		}
	}
	log.Fatalf("no server %q", name)
}

// server is a subject's running process.
type server struct {
	subject
	addr   string
	cmd    *exec.Cmd
	tokens []string
}

func start(s subject, addr, dir, profile string) *server {
	if err := os.Mkdir(dir, 0o700); err != nil {
		log.Fatal(err)
	}
	x := &server{subject: s, addr: addr, cmd: exec.Command(os.Args[0], "-serve", s.name, "-addr", addr, "-dir", dir, "-profile", profile)}
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	x.cmd.Stderr = os.Stderr
	if err := x.cmd.Start(); err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if f := strings.Fields(lines.Text()); len(f) > 0 && f[0] == "ready" {
			x.tokens = f[1:]
			break
		}
	}
	x.await()
	x.cmd.Process.Signal(syscall.SIGSTOP)
	return x
}

// await waits until the port answers.
func (x *server) await() {
	for range 200 {
		if c, err := dial(x.addr); err == nil {
			c.close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	x.cmd.Process.Kill()
	log.Fatalf("%s does not answer", x.name)
}

func (x *server) stop() {
	x.cmd.Process.Signal(syscall.SIGCONT)
	x.cmd.Process.Signal(os.Interrupt)
	time.AfterFunc(5*time.Second, func() { x.cmd.Process.Kill() })
	x.cmd.Wait()
}

// cpu is what the server has used of the processors.
func (x *server) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", x.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// run keeps c cases in flight for so long and returns lifecycles per second and how long each act took.
func (x *server) run(c int, length time.Duration) (rate float64, took []time.Duration) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	done, begin := 0, time.Now()
	for range c {
		wg.Go(func() {
			c, err := dial(x.addr)
			if err != nil {
				log.Fatal(err)
			}
			defer c.close()
			n := 0
			for ; time.Since(begin) < length; n++ {
				if err := x.lifecycle(c, x.tokens); err != nil {
					log.Fatalf("%s: %v", x.name, err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			done, took = done+n, append(took, c.took...)
		})
	}
	wg.Wait()
	rate = float64(done) / time.Since(begin).Seconds()
	slices.Sort(took)
	return rate, took
}

// figures are those of one measurement.
type figures struct {
	rate     float64
	p50, p99 time.Duration
	cpu      time.Duration // of the server, an act
}

type table map[string][]figures // by subject and cases in flight, one for each round

func (t table) measure(x *server, c int, length time.Duration) {
	x.cmd.Process.Signal(syscall.SIGCONT)
	x.run(c, length/4) // warm
	cpu := x.cpu()
	rate, took := x.run(c, length)
	f := figures{rate, took[len(took)/2], took[len(took)*99/100], (x.cpu() - cpu) / time.Duration(len(took))}
	x.cmd.Process.Signal(syscall.SIGSTOP)
	k := fmt.Sprintf("%s/%d", x.name, c)
	t[k] = append(t[k], f)
	fmt.Printf("  %-14s %8.1f lifecycles/s  act p50 %8s  p99 %8s  server %s an act\n", k, f.rate,
		f.p50.Round(10*time.Microsecond), f.p99.Round(10*time.Microsecond), f.cpu.Round(time.Microsecond))
}

// print writes the medians, and the median of the ratios of the first to each other, round by round.
func (t table) print(all []*server, inFlight []string) {
	fmt.Printf("\n| server | in flight | lifecycles/s (median; all rounds) | act p50 | act p99 | %s over it |\n|---|---|---|---|---|---|\n", all[0].name)
	for _, c := range inFlight {
		for _, x := range all {
			mine, f := t[all[0].name+"/"+c], t[x.name+"/"+c]
			var rates, ratios []float64
			var p50, p99 []time.Duration
			for i := range f {
				rates, ratios = append(rates, f[i].rate), append(ratios, mine[i].rate/f[i].rate)
				p50, p99 = append(p50, f[i].p50), append(p99, f[i].p99)
			}
			fmt.Printf("| %s | %s | %.0f (%.0f) | %s | %s | %.2f |\n", x.name, c, median(rates), rates,
				median(p50).Round(10*time.Microsecond), median(p99).Round(10*time.Microsecond), median(ratios))
		}
	}
}

func median[T float64 | time.Duration](values []T) T {
	s := slices.Clone(values)
	slices.Sort(s)
	return s[len(s)/2]
}
