// Command million asks a real server for the pages that list, count and find, over a million matters of the year that
// ends today, and prints how long each takes and how much memory the server needs at the end.
//
//	go run ./million -db /tmp/million.db
//
// The database is filled through the store when it is empty, which takes some minutes, and used again afterwards. The
// server is a process of its own, built from this checkout; requests come one behind the other over a kept connection.
package main

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"bihuan/bench/made"
	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/people"
	"bihuan/store"
)

func main() {
	path := flag.String("db", "", "the database to fill or to use again")
	n := flag.Int("n", 1_000_000, "how many matters it is filled with")
	rounds := flag.Int("rounds", 200, "how often each page is asked for")
	only := flag.String("only", "", "only pages whose path begins so")
	settle := flag.Duration("settle", 30*time.Minute, "how long to wait for the index of full text and the map; what is measured before they are there is not to be quoted")
	var prof profiler
	flag.StringVar(&prof.dir, "profile", "", "a folder for profiles of the server's processor time and heap; the times are then not to be quoted")
	flag.Parse()
	if *path == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), *path, *n, *rounds, *only, *settle, &prof); err != nil {
		log.Fatal(err)
	}
}

// somebody is who asks.
type somebody struct {
	unit name.Unit
	role name.Role
}

var (
	nobody     = somebody{}
	leader     = somebody{"government", "leader"}
	supervisor = somebody{"supervision", "supervisor"}
	handler    = somebody{"housing", "handler"}
	operator   = somebody{"city-centre", "operator"}
)

// pages are what is asked for; %s is one of a few words, so that answers are not the same each time.
var pages = []struct {
	who  somebody
	path string
	with []string
}{
	{handler, "/desk", nil},
	{supervisor, "/desk", nil},
	{leader, "/desk?tab=%s", []string{"unit", "overdue", "all"}},
	{handler, "/desk?tab=%s", []string{"unit", "overdue", "all"}},
	{supervisor, "/desk?kind=%s", []string{"urban/case", "grid/event", "hotline/call"}},
	{handler, "/desk?text=%s", words},
	{handler, "/desk/export/xlsx", nil},
	{leader, "/desk/export/xlsx?tab=all", nil},
	{operator, "/desk/cases", nil},
	{leader, "/cockpit", nil},
	{leader, "/boards", nil},
	{supervisor, "/boards/urban/monthly", nil},
	{supervisor, "/boards/urban/monthly/export/xlsx", nil},
	{supervisor, "/topics", nil},
	{supervisor, "/assessment", nil},
	{supervisor, "/assessment/" + lastMonth(), nil},
	{leader, "/map/list", nil},
	{leader, "/packs/urban/list", nil},
	{leader, "/search?q=%s", words},
	{nobody, "/open/matters", nil},
	{nobody, "/open/matters?q=%s", words},
	{nobody, "/search?q=%s", words},
	{leader, "/api/v1/matters?limit=50", nil},
	{supervisor, "/api/v1/matters?limit=50&kind=%s", []string{"urban/case", "grid/event", "hotline/call"}},
	{leader, "/api/v1/matters?limit=50&text=%s", words},
}

var words = []string{"井盖", "路灯", "占道", "渣土", "破损", "经营"}

// mostExports is how often a file is asked for at the most: a person may take so many away in an hour and no more.
const mostExports = 8

func run(ctx context.Context, path string, n, rounds int, only string, settle time.Duration, prof *profiler) error {
	sessions, err := prepare(ctx, path, n)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "million-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := serve(path, dir, prof)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := prof.fetch("heap?gc=1", "heap-start.pprof"); err != nil {
		return err
	}
	fmt.Printf("first page %v after the start; %d MB of its own then\n", s.ready.Round(time.Millisecond), s.resident("RssAnon:"))
	if err := s.caughtUp(settle); err != nil {
		return err
	}
	if err := prof.fetch("heap?gc=1", "heap-ready.pprof"); err != nil {
		return err
	}
	prof.during(30 * time.Second)
	chance := mrand.New(mrand.NewPCG(7, 7))
	for _, p := range pages {
		if !strings.HasPrefix(p.path, only) {
			continue
		}
		times := rounds
		if strings.Contains(p.path, "/export/") {
			times = min(rounds, mostExports)
		}
		if err := s.measure(p.who, sessions[p.who], p.path, p.with, times, chance); err != nil {
			return err
		}
	}
	if err := prof.fetch("heap?gc=1", "heap-end.pprof"); err != nil {
		return err
	}
	fmt.Printf("at the end %d MB of its own, %d MB of files mapped\n", s.resident("RssAnon:"), s.resident("RssFile:"))
	time.Sleep(time.Minute)
	fmt.Printf("after a minute without requests %d MB of its own\n", s.resident("RssAnon:"))
	return nil
}

// prepare fills the database and signs everybody in.
func prepare(ctx context.Context, path string, n int) (map[somebody]string, error) {
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return nil, err
	}
	defer st.Close()
	now := time.Now().UnixMicro()
	d, err := made.OpenDesk(ctx, st, now)
	if err != nil {
		return nil, err
	}
	if err := made.Fill(ctx, st, d, n, now); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + ".key"); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(path+".key", []byte(hex.EncodeToString([]byte(made.Key))), 0o600); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(path+".accounts.key", []byte(hex.EncodeToString([]byte(people.Key))), 0o600); err != nil {
		return nil, err
	}
	room, err := people.Full(ctx, d, st, nil)
	if err != nil {
		return nil, err
	}
	sessions := map[somebody]string{}
	for _, who := range []somebody{leader, supervisor, handler, operator} {
		p, ok := person(d, who)
		if !ok {
			return nil, fmt.Errorf("nobody of %s is %s", who.unit, who.role)
		}
		if sessions[who], err = people.SignIn(ctx, room, p); err != nil {
			return nil, err
		}
	}
	return sessions, nil
}

func person(d *desk.Desk, who somebody) (name.Person, bool) {
	for _, p := range d.Directory().Persons {
		if (who.unit == p.Unit || who.role == "operator") && slices.Contains(p.Roles, who.role) {
			return p.Key, true
		}
	}
	return "", false
}

// server is the product itself, over the database.
type server struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration
}

func serve(path, dir string, prof *profiler) (*server, error) {
	binary := filepath.Join(dir, "bihuan")
	args := []string{"build", "-o", binary}
	if prof.dir != "" {
		more, err := prof.overlay(dir)
		if err != nil {
			return nil, err
		}
		args = append(args, more...)
	}
	build := exec.Command("go", append(args, "./cmd/bihuan")...)
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	s := &server{cmd: exec.Command(binary, "serve", "--db", path, "--addr", addr, "--log", "error"), url: "http://" + addr}
	s.cmd.Stderr = os.Stderr
	s.cmd.Env = append(os.Environ(), "BIHUAN_BENCH_PROFILES="+prof.addr)
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(began) < time.Minute {
		if r, err := http.Get(s.url + "/"); err == nil {
			r.Body.Close()
			s.ready = time.Since(began)
			return s, nil
		}
		time.Sleep(time.Millisecond)
	}
	s.stop()
	return nil, errors.New("the server does not answer")
}

func (s *server) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
}

// caughtUp waits until the index of full text and the map are there: the server works no more by itself.
func (s *server) caughtUp(within time.Duration) error {
	began, calm := time.Now(), 0
	for before := s.processor(); calm < 5; {
		if time.Since(began) > within {
			fmt.Printf("after %v the server still works by itself: what follows is not to be quoted\n", within)
			return nil
		}
		time.Sleep(time.Second)
		now := s.processor()
		if calm++; now-before > 50*time.Millisecond {
			calm = 0
		}
		before = now
	}
	fmt.Printf("index and map are there after %v; %d MB of its own then\n", (time.Since(began) - 5*time.Second).Round(time.Second), s.resident("RssAnon:"))
	return nil
}

func (s *server) measure(who somebody, secret, path string, with []string, rounds int, chance *mrand.Rand) error {
	var took []time.Duration
	bytes, worked, first := 0, s.processor(), time.Now()
	for len(took) < rounds {
		at := path
		if len(with) > 0 {
			at = fmt.Sprintf(path, with[chance.IntN(len(with))])
		}
		began := time.Now()
		answer, b, err := s.get(at, secret)
		if err != nil {
			return fmt.Errorf("%s as %s: %w", at, who.role, err)
		}
		if len(took) == 0 && answer.Header.Get("Refresh") != "" { // it is being worked out, and asks again by itself
			time.Sleep(time.Second)
			worked = s.processor()
			continue
		}
		if waited := time.Since(first); len(took) == 0 && waited > time.Second {
			fmt.Printf("%s is there after %v\n", path, waited.Round(time.Second))
		}
		took = append(took, time.Since(began))
		if strings.Contains(at, "/export/") && strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
			return fmt.Errorf("%s as %s: the page asks for a fresh proof: what was waited for before took too long; run it again, the index is there now", at, who.role)
		}
		bytes += len(b)
	}
	worked = s.processor() - worked
	slices.Sort(took)
	fmt.Printf("%-46s %-10s p50 %7.1f  p99 %7.1f ms  processor %6.1f ms  %6d bytes\n", path, who.role, ms(took[rounds/2]), ms(took[rounds*99/100]), ms(worked)/float64(rounds), bytes/rounds)
	return nil
}

// get asks for a page as whoever has the session, and reads all of it.
func (s *server) get(at, secret string) (*http.Response, []byte, error) {
	r, err := http.NewRequest("GET", s.url+at, nil)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept-Language", "zh")
	if secret != "" {
		r.AddCookie(&http.Cookie{Name: "bihuan", Value: secret})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s\n%.300s", answer.Status, b)
	}
	return answer, b, err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// resident reads a size of the server's memory, in MB.
func (s *server) resident(sort string) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(b)) {
		var kb int
		if strings.HasPrefix(line, sort) {
			fmt.Sscanf(line[len(sort):], "%d", &kb)
			return kb >> 10
		}
	}
	return 0
}

// processor is how long the server has worked, in ticks of ten milliseconds.
func (s *server) processor() time.Duration {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(f) < 13 {
		return 0
	}
	var user, system int64
	fmt.Sscan(f[11], &user)
	fmt.Sscan(f[12], &system)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// lastMonth is the month before the one that runs.
func lastMonth() string {
	now := time.Now()
	return time.Date(now.Year(), now.Month(), 0, 12, 0, 0, 0, time.Local).Format("2006-01")
}
