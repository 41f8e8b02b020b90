// Command verify measures the whole of bihuan verify, as an operator gives it: a database of at least 100,000 events is filled through the desk when it is
// empty, the log is signed once, and the command runs as a process of its own, built from this checkout.
//
//	go run ./verify -db /tmp/verify.db
//
// It prints events, wall time and processor time of each run, and fails when a run finds a fault.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

func main() {
	path := flag.String("db", "", "the database to fill or to use again")
	n := flag.Int("n", 13_000, "how many calls, and promises beside them, it is filled with: eight events together")
	runs := flag.Int("runs", 5, "how often the command runs")
	flag.Parse()
	if *path == "" {
		log.Fatal("verify: -db is missing")
	}
	if err := measure(context.Background(), *path, *n, *runs); err != nil {
		log.Fatal("verify: ", err)
	}
}

func measure(ctx context.Context, path string, n, runs int) error {
	if err := fill(ctx, path, n); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "bihuan")
	build := exec.CommandContext(ctx, "go", "build", "-C", "..", "-o", binary, "./cmd/bihuan")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	if out, err := exec.CommandContext(ctx, binary, "checkpoint", "--db", path).CombinedOutput(); err != nil {
		return fmt.Errorf("sign the log: %w: %s", err, out)
	}
	for range runs {
		start := time.Now()
		cmd := exec.CommandContext(ctx, binary, "verify", "--db", path)
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		fmt.Printf("%s: %.2f s by the clock, %.2f s of processors in the program and %.2f s in the system\n", strings.TrimSpace(string(out)),
			time.Since(start).Seconds(), cmd.ProcessState.UserTime().Seconds(), cmd.ProcessState.SystemTime().Seconds())
	}
	return nil
}

// house is a desk with keys for persons' values, as the command finds it, and who works there.
type house struct {
	d                   *desk.Desk
	issuer, handler, op desk.Caller
}

const district name.District = "220105"

// fill makes n matters through the desk, each a promise of seven events and a call of somebody with a number that is sealed.
func fill(ctx context.Context, path string, n int) error {
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	defer st.Close()
	h, err := stand(ctx, st, path)
	if err != nil {
		return err
	}
	page, err := st.Rows(ctx, journal.Query{Log: district, Now: time.Now().UnixMicro(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Limit: 1})
	if err != nil || len(page.Rows) > 0 {
		return err
	}
	var g errgroup
	for i := range n {
		g.do(func() error { return h.one(ctx, i) })
	}
	return g.wait()
}

// errgroup has at most 64 functions run side by side and keeps the first error.
type errgroup struct {
	turns chan struct{}
	done  sync.WaitGroup
	once  sync.Once
	err   error
}

func (g *errgroup) do(f func() error) {
	if g.turns == nil {
		g.turns = make(chan struct{}, 64)
	}
	g.turns <- struct{}{}
	g.done.Go(func() {
		defer func() { <-g.turns }()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	})
}

func (g *errgroup) wait() error {
	g.done.Wait()
	return g.err
}

func stand(ctx context.Context, st *store.Store, path string) (h house, err error) {
	chance := func(b []byte) { rand.Read(b) }
	blind := make([]byte, 32)
	chance(blind)
	w := desk.World{District: district, Now: func() int64 { return time.Now().UnixMicro() }, Chance: chance, Blind: blind}
	text, err := os.ReadFile(path + ".ring")
	if err == nil { // filled before
		w.Keys, err = seal.ParseRing(string(text), chance)
	} else {
		ring := seal.NewRing(chance)
		w.Keys = ring
		err = errors.Join(os.WriteFile(path+".ring", []byte(ring.Text()), 0o600), os.WriteFile(path+".key", []byte(hex.EncodeToString(blind)+"\n"), 0o600))
	}
	if err != nil {
		return h, err
	}
	if w.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return h, err
	}
	if w.Packs, err = pack.Load(packs.FS); err != nil {
		return h, err
	}
	if _, err = desk.InstallPacks(ctx, st, w, w.Packs, name.System); err != nil {
		return h, err
	}
	if h.d, err = desk.Open(ctx, st, w); err != nil {
		return h, err
	}
	for _, p := range []struct {
		to   *desk.Caller
		unit name.Unit
		role name.Role
		nth  int
	}{{&h.issuer, "office", "issuer", 0}, {&h.handler, "housing", "handler", 0}, {&h.op, "hotline-centre", "call-operator", 1}} {
		*p.to, _ = h.d.Directory().Caller(h.d.Directory().Of(p.unit, p.role)[p.nth].Key, "zh")
	}
	return h, nil
}

func (h *house) one(ctx context.Context, i int) error {
	_, err := h.d.Start(ctx, h.op, desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": fmt.Sprint("路灯不亮 ", i), "caller": "示例来电人", "phone": fmt.Sprintf("139%08d", i)}})
	if err != nil {
		return err
	}
	done, err := h.d.Start(ctx, h.issuer, desk.Do{Kind: "promise/promise", With: map[string]string{"title": fmt.Sprint("改造老旧小区 ", i), "unit": "housing", "due": "2030-12-31"}})
	if err != nil {
		return err
	}
	note := map[string]string{"note": "本周完成管网开挖二百米，恢复路面一百五十米，无投诉。"}
	for _, step := range []struct {
		who desk.Caller
		do  desk.Do
	}{
		{h.handler, desk.Do{Act: "acknowledge", With: map[string]string{"person": string(h.handler.Person)}}},
		{h.handler, desk.Do{Act: "report-progress", With: note}},
		{h.handler, desk.Do{Act: "report-progress", With: note}},
		{h.handler, desk.Do{Act: "report-progress", With: note}},
		{h.handler, desk.Do{Act: "report-progress", With: note}},
		{h.handler, desk.Do{Act: "report-progress", With: note}},
	} {
		step.do.Matter = done.Matter
		if _, err := h.d.Act(ctx, step.who, step.do); err != nil {
			return err
		}
	}
	return nil
}
