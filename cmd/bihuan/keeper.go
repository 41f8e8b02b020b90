package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/store"
)

// runBackup copies a database, while it is served too.
func runBackup(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan backup", flag.ContinueOnError)
	to := set.String("to", "", "the file to write; it must not exist")
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	if *to == "" {
		fmt.Fprintln(std.err, "bihuan backup: --to FILE is missing")
		return exitUsage
	}
	if err := backupFile(context.Background(), c, *to); err != nil {
		fmt.Fprintln(std.err, "bihuan backup:", err)
		return exitBad
	}
	fmt.Fprintf(std.out, "copied %s to %s\n", c.Database, *to)
	fmt.Fprintln(std.err, "the copy holds no keys of persons: write their list anew with bihuan keys save, and keep the newest alone")
	return exitFine
}

func backupFile(ctx context.Context, c config, to string) error {
	to, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%s exists already", to)
	}
	if err := holdsRecord(c.Database); err != nil {
		return err
	}
	st, err := store.Open(c.Database, store.Options{})
	if errors.Is(err, fault.ErrUnavailable) {
		return ask(ctx, c.Database, "/backup?to="+url.QueryEscape(to), nil)
	} else if err != nil {
		return err
	}
	defer st.Close()
	return st.Backup(ctx, to)
}

// runDoctor says whether a database and this machine are fit for service.
func runDoctor(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan doctor", flag.ContinueOnError)
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	bad := false
	for _, p := range examine(context.Background(), c) {
		mark := "ok  "
		if p.err != nil {
			mark, bad = "bad ", true
		}
		fmt.Fprint(std.out, mark, p.what)
		if p.err != nil {
			fmt.Fprint(std.out, ": ", p.err)
		}
		fmt.Fprintln(std.out)
	}
	if bad {
		return exitBad
	}
	return exitFine
}

// probe is one thing that the doctor looked at.
type probe struct {
	what string
	err  error
}

func examine(ctx context.Context, c config) []probe {
	probes := []probe{{"configuration: beyond loopback only over TLS", c.encrypted()}}
	if err := holdsRecord(c.Database); err != nil {
		return append(probes, probe{"database", err})
	}
	st, err := store.Open(c.Database, store.Options{})
	switch {
	case errors.Is(err, fault.ErrUnavailable):
		var f finding
		err := ask(ctx, c.Database, "/verify", &f)
		probes = append(probes, probe{"database is served by a running process", err}, probe{fmt.Sprintf("chain of %d events, head %s", f.Events, f.Head), badOf(f)})
		probes = append(probes, askMixed(ctx, c.Database)...)
		return append(probes, askHeld(ctx, c.Database)...)
	case err != nil:
		return append(probes, probe{"database settings: SQLite's version, synchronous=FULL, WAL, lock", err})
	}
	defer st.Close()
	probes = append(probes, probe{"database settings: SQLite's version, synchronous=FULL, WAL, lock", nil}, probe{"writer", st.Healthy()})
	h := &house{store: st, config: c, reading: true, log: logger(io.Discard, "error")}
	if err := h.wire(ctx, systemTime, systemChance); err != nil {
		return append(probes, probe{"packs, policy and directory", err})
	}
	probes = append(probes, probe{"keys of personal values", fits(ctx, st, h.desk.District(), h.ring, c.ringPath())})
	probes = append(probes, probe{"key of blind indexes " + c.blindKey(), h.blindStands(ctx)})
	probes = append(probes, h.accountsProbes(ctx)...)
	now := systemTime()
	all, err := h.held(now, false)
	if err != nil {
		return append(probes, probe{"age of keys and secrets", err})
	}
	probes = append(probes, heldProbes(all, now)...)
	a, err := c.held("")
	if err != nil {
		return append(probes, probe{"what was signed of the log", err})
	}
	f, err := check(ctx, st, h.desk, a)
	if err == nil {
		err = badOf(f)
	}
	return append(probes, probe{"packs, policy and directory", nil}, probe{fmt.Sprintf("chain of %d events, head %s", f.Events, f.Head), err})
}

func badOf(f finding) error {
	if f.Bad != 0 {
		return fmt.Errorf("record %d: %s", f.Bad, f.Reason)
	}
	return nil
}

// socketOf is the local socket of the process that holds a database. Its path must be short, so it stands beside
// the file if it can and otherwise in the temporary folder.
func socketOf(database string) string {
	path := database + ".sock"
	if abs, err := filepath.Abs(path); err == nil && len(abs) < 100 {
		return abs
	}
	h := ledger.SHA256.New()
	h.Write([]byte(database))
	return filepath.Join(os.TempDir(), fmt.Sprintf("bihuan-%x.sock", h.Sum(nil)[:8]))
}

// in has a command done on a database, or by the process that holds it, which is asked at path.
func in[T any](ctx context.Context, database, path string, do func(context.Context, *house) (T, error)) (done T, err error) {
	c := defaults()
	c.Database = database
	return inHouse(ctx, &house{config: c}, path, do)
}

// inHouse is in for a house of which more than the database is known; it is wired if nobody serves it.
func inHouse[T any](ctx context.Context, h *house, path string, do func(context.Context, *house) (T, error)) (done T, err error) {
	database := h.config.Database
	if err := holdsRecord(database); err != nil {
		return done, err
	}
	st, err := store.Open(database, store.Options{})
	if errors.Is(err, fault.ErrUnavailable) {
		return done, ask(ctx, database, path, &done)
	} else if err != nil {
		return done, err
	}
	defer st.Close()
	h.store, h.log = st, logger(io.Discard, "error")
	if err := h.asItStands(ctx); err != nil {
		return done, err
	}
	if err := h.wire(ctx, systemTime, systemChance); err != nil {
		return done, err
	}
	return do(ctx, h)
}

// ask asks the process that holds a database.
func ask(ctx context.Context, database, path string, into any) error {
	client := http.Client{Timeout: 10 * time.Minute, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socketOf(database))
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://local"+path, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) { // the lock is taken before anything else, the socket stands last
		return fmt.Errorf("another process has %s open and takes no commands yet: it may still be starting, or building its demo; try again once it is ready", database)
	}
	if err != nil {
		return fmt.Errorf("the process that holds %s does not answer: %w", database, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		return fmt.Errorf("the process that holds %s: %s", database, text)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(into)
}

// answerLocally serves the commands of the same machine on the database's socket until ctx ends.
func (h *house) answerLocally(ctx context.Context) error {
	path := socketOf(h.config.Database)
	os.Remove(path) // left by a process that died: the database's lock is ours
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("local socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /verify", func(w http.ResponseWriter, r *http.Request) {
		a, err := h.config.held(r.FormValue("key"), r.URL.Query()["checkpoint"]...)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		f, err := check(r.Context(), h.store, h.desk, a)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(f)
	})
	mux.HandleFunc("POST /backup", func(w http.ResponseWriter, r *http.Request) {
		if err := h.store.Backup(r.Context(), r.FormValue("to")); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("POST /install", func(w http.ResponseWriter, r *http.Request) {
		changed, err := h.install(r.Context(), r.URL.Query().Get("act"), r.URL.Query()["dir"])
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		json.NewEncoder(w).Encode(changed)
	})
	mux.HandleFunc("POST /move", func(w http.ResponseWriter, r *http.Request) {
		v, err := h.move(r.Context(), r.FormValue("pack"), r.FormValue("reason"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		json.NewEncoder(w).Encode(v)
	})
	mux.HandleFunc("POST /checkpoint", h.answerCheckpoint)
	mux.HandleFunc("POST /keys", h.answerKeys)
	mux.HandleFunc("POST /held", h.answerHeld)
	mux.HandleFunc("POST /mixed", h.answerMixed)
	mux.HandleFunc("POST /init", h.answerInit)
	mux.HandleFunc("POST /webhooks", h.answerWebhooks)
	mux.HandleFunc("POST /district-keys", h.answerDistrictKeys)
	mux.HandleFunc("POST /import", func(w http.ResponseWriter, r *http.Request) {
		out, err := h.importPlaces(r.Context(), r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		json.NewEncoder(w).Encode(out)
	})
	go serveUntil(ctx, l, mux, nil, h.log)
	return nil
}
