package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"bihuan/cmd/bihuan/machine"
	"bihuan/desk/accounts"
	"bihuan/desk/demo"
	"bihuan/desk/keys"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/pack"
	"bihuan/web"
)

// runDemo stands up the whole platform over a generated district, and forgets it at the end unless told where to keep it.
func runDemo(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan demo", flag.ContinueOnError)
	data := set.String("data", "", "a folder to keep the database in (DIR/bihuan.db) instead of a temporary one")
	now := set.String("now", "", "the demo's time, YYYY-MM-DD or RFC 3339 (default "+demo.Start.String()+")")
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	at, err := demoTime(*now)
	if err == nil {
		err = loopback(c.Addr)
	}
	if err != nil {
		fmt.Fprintln(std.err, "bihuan demo:", err)
		return exitUsage
	}
	if err := playDemo(c, *data, at, std); err != nil {
		fmt.Fprintln(std.err, "bihuan demo:", err)
		return exitBad
	}
	return exitFine
}

// demoTime reads --now. The demo's past is made first, so its time cannot lie before it.
func demoTime(s string) (calendar.Instant, error) {
	if s == "" {
		return demo.Start, nil
	}
	at, err := calendar.ParseInstant(s)
	if err != nil {
		var d calendar.Date
		if d, err = calendar.ParseDate(s); err == nil {
			at = d.At(9 * 60)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("--now %q is neither YYYY-MM-DD nor RFC 3339", s)
	}
	if at < demo.Start {
		return 0, fmt.Errorf("--now %s lies before the demo's %s", at, demo.Start)
	}
	return at, nil
}

func playDemo(c config, data string, at calendar.Instant, std streams) error {
	began := time.Now()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, cleanUp, err := demoConfig(c, data)
	if err != nil {
		return err
	}
	defer cleanUp()
	level := c.Log
	if level == "info" {
		level = "warn" // a visitor wants to read one address, not a line for each page
	}
	clock := demo.NewClock(int64((demo.Opening - 30).Start()), systemTime)
	h, fresh, err := buildDemo(ctx, c, clock, logger(std.err, level))
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil { // first, for a rung names people by their accounts
		return err
	}
	if fresh {
		b := demo.Builder{Desk: h.desk, Reports: h.reports, Watch: h.watch, Clock: clock}
		if err := b.Build(ctx); err != nil {
			return err
		}
	}
	if err := h.furnish(ctx); err != nil { // last, for a password of ten months ago has ended
		return err
	}
	clock.Set(int64(at))
	if _, err := h.watch.Tick(ctx); err != nil {
		return err
	}
	l, err := listen(c.Addr)
	if err != nil {
		return err
	}
	handler, err := h.faces(h.demo(clock))
	if err != nil {
		return err
	}
	key, err := h.demoKey(ctx)
	if err != nil {
		return err
	}
	machine.SpareProcessor()
	go machine.TendHeap(ctx, time.Second)
	if fresh {
		if err := h.fillReach(ctx); err != nil {
			return err
		}
	}
	if err := h.answerLocally(ctx); err != nil {
		return err
	}
	go h.tick(ctx, 20*time.Second)
	sent := h.send(ctx)
	defer sent()
	defer stop()
	fmt.Fprintf(std.out, "bihuan demo is ready at http://%s after %.1f s: a generated district on %s\n", l.Addr(), time.Since(began).Seconds(), at.Date())
	fmt.Fprintf(std.out, "a key for programs and sensors to try: %s\n", key)
	return serveUntil(ctx, l, handler, nil, h.log)
}

// buildDemo wires the demo's house and says whether its database is new. What a new one draws is the same in every demo; one
// that was kept draws real chance, for drawn again the keys of its forms would be those of acts that were done already.
func buildDemo(ctx context.Context, c config, clock *demo.Clock, log *slog.Logger) (h *house, fresh bool, err error) {
	_, err = os.Stat(c.Database)
	fresh = errors.Is(err, os.ErrNotExist)
	chance := systemChance
	if fresh {
		chance = demoChance()
	}
	h, err = build(ctx, c, clock.Now, chance, log)
	return h, fresh, err
}

// demoKey issues the key with which programs and sensors try the demo. It is the same in every demo; the database keeps its hash.
func (h *house) demoKey(ctx context.Context) (string, error) {
	secret := keys.Secret(demoChance())
	_, err := h.keys.Ensure(ctx, name.System, keys.Order{Name: "演示 demo", For: []pack.Audience{pack.Programs, pack.Sensors}}, secret)
	return secret, err
}

// demoConfig makes a configuration the demo's: its database lies in the folder data, or in a temporary one that cleanUp removes and
// that is therefore never waited for.
func demoConfig(c config, data string) (demo config, cleanUp func(), err error) {
	c.tray, c.people, c.passing = true, demoPeople(), data == ""
	cleanUp = func() {}
	if c.passing {
		data, err = os.MkdirTemp("", "bihuan-demo-")
		cleanUp = func() { os.RemoveAll(data) }
	} else {
		err = os.MkdirAll(data, 0o700)
	}
	c.Database = filepath.Join(data, "bihuan.db")
	return c, cleanUp, err
}

// listen takes the address or, when its port is busy, the next free one of twenty.
func listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("port %q: %w", port, err)
	}
	for n := range 20 {
		var l net.Listener
		if l, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(first+n))); err == nil || first == 0 {
			return l, err
		}
	}
	return nil, fmt.Errorf("ports %d to %d are busy: %w", first, first+19, err)
}

// demoChance is chance that is the same in every new demo; nothing in a demo is secret.
func demoChance() func([]byte) {
	src := rand.NewChaCha8([32]byte{220, 105})
	var mu sync.Mutex
	return func(b []byte) {
		mu.Lock()
		defer mu.Unlock()
		src.Read(b)
	}
}

// demo returns what the demo's pages may do besides.
func (h *house) demo(clock *demo.Clock) *web.Demo {
	return &web.Demo{
		ActAs: func(ctx context.Context, p name.Person) (string, error) {
			s, err := h.people.ActAs(ctx, p)
			return s.Secret, err
		},
		Step: func(ctx context.Context, step string) (int, error) {
			d, err := stepOf(clock, step)
			if err != nil {
				return 0, err
			}
			return h.forward(ctx, clock, d)
		},
		Ways:   func() []web.Way { return h.ways(clock.Now()) },
		Cheat:  h.cheat,
		Tray:   h.out.tray,
		Report: demo.Report,
	}
}

// stepOf returns how far a step of the time bar leads.
func stepOf(clock *demo.Clock, step string) (time.Duration, error) {
	switch step {
	case "day":
		return 24 * time.Hour, nil
	case "week":
		return 7 * 24 * time.Hour, nil
	case "month":
		return clock.MonthEnd(), nil
	}
	return 0, fmt.Errorf("there is no step %q", step)
}

// forward moves the demo's clock on day by day and lets the real scheduler look each time.
func (h *house) forward(ctx context.Context, clock *demo.Clock, d time.Duration) (rungs int, err error) {
	const day = 24 * time.Hour
	for d > 0 {
		by := min(d, day)
		clock.Forward(by)
		d -= by
		l, err := h.watch.Tick(ctx)
		rungs += l.Rungs
		if err != nil {
			return rungs, err
		}
		if err := h.out.notices.Tick(ctx); err != nil {
			return rungs, err
		}
	}
	h.daily(ctx)
	return rungs, nil
}
