package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// beside is a file that is built into the server's command for this measurement only: the product does not hold it.
//
//go:embed testdata/beside.go.txt
var beside []byte

// profiler fetches profiles of the server into a folder.
type profiler struct{ dir, addr string }

// overlay writes what builds the server with the profiles, and returns the flags of the build.
func (p *profiler) overlay(dir string) ([]string, error) {
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p.addr = l.Addr().String()
	l.Close()
	from := filepath.Join(dir, "beside.go")
	if err := os.WriteFile(from, beside, 0o600); err != nil {
		return nil, err
	}
	at, err := filepath.Abs("../cmd/bihuan/beside.go")
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(map[string]any{"Replace": map[string]string{at: from}})
	if err != nil {
		return nil, err
	}
	list := filepath.Join(dir, "overlay.json")
	return []string{"-overlay", list}, os.WriteFile(list, b, 0o600)
}

// fetch keeps one profile.
func (p *profiler) fetch(which, as string) error {
	if p.dir == "" {
		return nil
	}
	answer, err := http.Get("http://" + p.addr + "/debug/pprof/" + which)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	f, err := os.Create(filepath.Join(p.dir, as))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, answer.Body); err != nil {
		return fmt.Errorf("profile %s: %w", which, err)
	}
	return nil
}

// during keeps what the processor does in the next seconds, while pages are asked for.
func (p *profiler) during(d time.Duration) {
	if p.dir != "" {
		go p.fetch(fmt.Sprint("profile?seconds=", int(d.Seconds())), "cpu.pprof")
	}
}
