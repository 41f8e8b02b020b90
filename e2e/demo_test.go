package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// startLimit is how long a house may take until its first page answers. The promise of five
// seconds is for an idle machine and has its own test; this only ends a wait without hope.
const startLimit = 3 * time.Minute

// binary is the program under test: the one that BIHUAN names, else one built here without cgo.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("BIHUAN"); path != "" {
		return filepath.Abs(path)
	}
	path := filepath.Join(scratch, "bihuan")
	build := exec.Command("go", "build", "-o", path, "./cmd/bihuan")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build bihuan: %w\n%s", err, out)
	}
	return path, nil
})

// demo starts a house with demo data on a free port and returns its address, without a slash
// at the end. It ends with the test, by the signal that Ctrl-C sends, and has to end well.
// Its data are a copy of those that were made for the run; TestJourneyStart and
// TestJourneyEveryPage look at a demo that makes its own.
func demo(t *testing.T) string {
	t.Helper()
	base, _ := start(t, "demo", "--addr", freeAddr(t), "--data", made(t))
	return base
}

// made returns a folder with the data of a demo that was made and ended, for this test alone.
// Making them takes six times as long as starting with them.
func made(t *testing.T) string {
	t.Helper()
	first, err := makeOnce()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// makeOnce starts a demo that keeps its data, ends it and returns their folder.
var makeOnce = sync.OnceValues(func() (dir string, err error) {
	dir = filepath.Join(scratch, "demo")
	p, err := launch(nil, "demo", "--addr", "127.0.0.1:0", "--data", dir)
	if err != nil {
		return "", fmt.Errorf("make the demo's data: %w", err)
	}
	return dir, errors.Join(answers(p.base, startLimit), p.stop())
})

// demoWithKey runs the demo and returns with its address the key that it prints for programs.
func demoWithKey(t *testing.T) (base, key string) {
	t.Helper()
	keys := make(chan string, 1)
	base, _ = starting(t, keys, "demo", "--addr", freeAddr(t), "--data", made(t))
	select {
	case key = <-keys:
	case <-time.After(startLimit):
		t.Fatal("the demo prints no key for programs")
	}
	return base, key
}

// start runs bihuan with the arguments, which make it listen, and returns its address and
// how long it took until the first page answered.
func start(t *testing.T, args ...string) (base string, took time.Duration) {
	t.Helper()
	return starting(t, nil, args...)
}

// starting is start that also sends the key that the program prints, if somebody wants it.
func starting(t *testing.T, keys chan<- string, args ...string) (base string, took time.Duration) {
	t.Helper()
	began := time.Now()
	p, err := launch(keys, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	if err := answers(p.base, startLimit); err != nil {
		t.Fatal(err)
	}
	return p.base, time.Since(began)
}

// program is bihuan as it runs and listens at base.
type program struct {
	*exec.Cmd
	base    string
	drained chan struct{} // closed once it has said its last
	faults  strings.Builder
}

// launch runs bihuan with the arguments, which make it listen, until it has named its address; keys may be nil.
func launch(keys chan<- string, args ...string) (*program, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	p := &program{Cmd: exec.Command(path, args...), drained: make(chan struct{})}
	said, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.Stderr = &p.faults
	if err := p.Start(); err != nil {
		return nil, err
	}
	addr := make(chan string, 1)
	go func() { defer close(p.drained); announce(said, addr, keys) }()
	select {
	case p.base = <-addr:
		return p, nil
	case <-p.drained:
		return nil, errors.Join(fmt.Errorf("bihuan %s ended before it named its address", strings.Join(args, " ")), p.stop())
	case <-time.After(startLimit):
		return nil, errors.Join(fmt.Errorf("bihuan %s named no address in %s", strings.Join(args, " "), startLimit), p.stop())
	}
}

var address = regexp.MustCompile(`http://(?:127\.0\.0\.1|localhost):\d+`)

var programKey = regexp.MustCompile(`\bbhk_[0-9a-z]+`)

// announce sends the first address, and key, that the program prints and reads on until it ends, so
// that the program never waits for its reader.
func announce(said io.Reader, addr, keys chan<- string) {
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if found := address.FindString(lines.Text()); found != "" && addr != nil {
			addr <- found
			addr = nil
		}
		if found := programKey.FindString(lines.Text()); found != "" && keys != nil {
			keys <- found
			keys = nil
		}
	}
}

// stop ends the program by the signal that Ctrl-C sends; it has to end well.
func (p *program) stop() error {
	p.Process.Signal(os.Interrupt)
	hang := time.AfterFunc(20*time.Second, func() { p.Process.Kill() })
	defer hang.Stop()
	<-p.drained
	if err := p.Wait(); err != nil {
		return fmt.Errorf("bihuan did not end well: %w; it said:\n%s", err, p.faults.String())
	}
	return nil
}

// answers waits until the address gives an answer that is not the program's fault.
func answers(base string, limit time.Duration) error {
	var last error
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(base + "/")
		if err != nil {
			last = err
			continue
		}
		resp.Body.Close()
		if resp.StatusCode < 500 {
			return nil
		}
		last = errors.New(resp.Status)
	}
	return fmt.Errorf("%s does not answer after %s: %w", base, limit, last)
}

// freeAddr is a loopback address that nobody listened on a moment ago.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
