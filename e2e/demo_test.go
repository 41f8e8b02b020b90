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
const startLimit = 60 * time.Second

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
func demo(t *testing.T, args ...string) string {
	t.Helper()
	base, _ := start(t, append([]string{"demo", "--addr", freeAddr(t)}, args...)...)
	return base
}

// demoWithKey runs the demo and returns with its address the key that it prints for programs.
func demoWithKey(t *testing.T) (base, key string) {
	t.Helper()
	keys := make(chan string, 1)
	base, _ = starting(t, keys, "demo", "--addr", freeAddr(t))
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
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	program := exec.Command(path, args...)
	said, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var faults strings.Builder
	program.Stderr = &faults
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	addr := make(chan string, 1)
	drained := make(chan struct{})
	go func() { defer close(drained); announce(said, addr, keys) }()
	t.Cleanup(func() { stop(t, program, drained, &faults) })
	select {
	case base = <-addr:
	case <-drained:
		t.Fatalf("bihuan %s ended before it named its address; it said:\n%s", strings.Join(args, " "), faults.String())
	case <-time.After(startLimit):
		t.Fatalf("bihuan %s named no address in %s", strings.Join(args, " "), startLimit)
	}
	if err := answers(base, startLimit); err != nil {
		t.Fatal(err)
	}
	return base, time.Since(began)
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

func stop(t *testing.T, program *exec.Cmd, drained <-chan struct{}, faults *strings.Builder) {
	program.Process.Signal(os.Interrupt)
	hang := time.AfterFunc(20*time.Second, func() { program.Process.Kill() })
	defer hang.Stop()
	<-drained
	if err := program.Wait(); err != nil {
		t.Errorf("bihuan did not end well: %v; it said:\n%s", err, faults.String())
	}
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
