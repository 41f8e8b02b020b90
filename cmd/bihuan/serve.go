package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bihuan/gate"
)

// runServe serves one database until it is told to stop.
func runServe(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan serve", flag.ContinueOnError)
	c, ok := readConfig(set, args, std.err)
	if !ok || set.NArg() != 0 {
		return exitUsage
	}
	if err := loopback(c.Addr); err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	lines, err := logTo(std.err, c, systemTime)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	log := logger(lines, c.Log)
	h, err := build(ctx, c, c.packFiles(), systemTime, systemChance, log)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	defer h.Close()
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	handler, err := h.faces(nil)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	if err := h.answerLocally(ctx); err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	go tendHeap(ctx, time.Second)
	go h.tick(ctx, 20*time.Second)
	sent := h.send(ctx)
	defer sent()
	defer stop()
	fmt.Fprintf(std.out, "bihuan is ready at http://%s (database %s)\n", l.Addr(), c.Database)
	if err := serveUntil(ctx, l, handler); err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	return exitFine
}

// loopback refuses an address that other machines can reach: nobody has to sign in yet.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("address %q can be reached from other machines; until signing in is built only loopback is served", addr)
	}
	return nil
}

// logger writes lines of a level and above.
func logger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}

// serveUntil serves until ctx ends, then lets what is under way finish, ten seconds at most.
func serveUntil(ctx context.Context, l net.Listener, handler http.Handler) error {
	srv := gate.Server(handler)
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		done <- srv.Shutdown(late)
	}()
	if err := srv.Serve(gate.Listen(l, gate.MaxConns)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}
