package scan_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
	"bihuan/scan"
)

func TestAddressesAreReadOrRefused(t *testing.T) {
	for address, ok := range map[string]bool{"tcp://127.0.0.1:3310": true, "unix:/run/clamd.ctl": true, "tcp://localhost:3310": true, "tcp://[::1]:3310": true, "tcp://192.0.2.1:3310": false, "tcp://scanner.example.cn:3310": false, "unix:": false, "127.0.0.1:3310": false, "tcp://nowhere": false, "": false} {
		if _, err := scan.Dial(address); (err == nil) != ok || err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestBar_I01_TheScannerIsAsked speaks to a clamd that the test starts, over both kinds of address.
func TestBar_I01_TheScannerIsAsked(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		at := "127.0.0.1:0"
		if network == "unix" {
			at = filepath.Join(t.TempDir(), "clamd")
		}
		l, err := net.Listen(network, at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		c := corpus.Clamd{Limit: 1 << 20}
		go c.Serve(l)
		address := "tcp://" + l.Addr().String()
		if network == "unix" {
			address = "unix:" + at
		}
		s, err := scan.Dial(address)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []struct {
			why, found string
			bytes      []byte
			fails      bool
		}{
			{"nothing", "", nil, false},
			{"a picture", "", corpus.PNG(1), false},
			{"EICAR", "Eicar-Test-Signature", corpus.EICAR(), false},
			{"EICAR behind 300 KB", "Eicar-Test-Signature", append(bytes.Repeat([]byte("x"), 300<<10), corpus.EICAR()...), false},
			{"more than the scanner takes", "", bytes.Repeat([]byte("x"), 3<<20), true},
			{"a scanner that hangs up", "", []byte(corpus.HangUp), true},
			{"a scanner that talks nonsense", "", []byte(corpus.Nonsense), true},
		} {
			found, err := s.Scan(t.Context(), f.bytes)
			if found != f.found || (err != nil) != f.fails || err != nil && !errors.Is(err, fault.ErrUnavailable) {
				t.Errorf("%s over %s: %q, %v", f.why, network, found, err)
			}
		}
	}
	bar.Report(t, "I-01", "a fake clamd asked over TCP and a socket: what it finds, refuses or does not answer is told apart")
}

func TestASilentScannerIsNotWaitedForLongerThanTheRequest(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := scan.Dial("tcp://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Scan(ctx, []byte(strings.Repeat("x", 100))); !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("a silent scanner: %v", err)
	}
}

// TestFilesAtOnceAreBounded asks about thirty files at once: the scanner has as many connections at a time as the document says, and each file is answered.
func TestFilesAtOnceAreBounded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var inside, top atomic.Int64
	full := make(chan struct{}) // closed once four are inside: before that nobody is answered
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if n := inside.Add(1); n > top.Load() {
				top.Store(n)
			}
			if top.Load() == 4 {
				select {
				case <-full:
				default:
					close(full)
				}
			}
			go func() {
				defer c.Close()
				<-full
				io.CopyN(io.Discard, c, int64(len("zINSTREAM\x00")+4+1+4))
				inside.Add(-1) // before the caller knows
				io.WriteString(c, "stream: OK\x00")
			}()
		}
	}()
	s, err := scan.Dial("tcp://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 30 {
		wait.Go(func() {
			if found, err := s.Scan(t.Context(), []byte("x")); found != "" || err != nil {
				t.Errorf("%q, %v", found, err)
			}
		})
	}
	wait.Wait()
	if n := top.Load(); n != 4 {
		t.Errorf("%d connections at once", n)
	}
}
