package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bihuan/cmd/bihuan/machine"
)

// runServe serves one database until it is told to stop.
func runServe(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan serve", flag.ContinueOnError)
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	if err := c.encrypted(); err != nil {
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
	h, err := build(ctx, c, systemTime, systemChance, log)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	defer h.Close()
	if err := h.manned(ctx); err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	if h.people.Ready(ctx) != nil {
		fmt.Fprintln(std.err, "the three administrators are not in place yet: bihuan init invites them")
	}
	if note := h.madeUp(); note != "" {
		fmt.Fprintln(std.err, note)
	}
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
	machine.SpareProcessor()
	go machine.TendHeap(ctx, time.Second)
	go h.tick(ctx, 20*time.Second)
	go h.handOn(ctx, 20*time.Second)
	sent := h.send(ctx)
	defer sent()
	defer stop()
	scheme := "http"
	if c.isSecure() {
		scheme = "https"
	}
	fmt.Fprintf(std.out, "bihuan is ready at %s://%s (database %s)\n", scheme, l.Addr(), c.Database)
	if err := serveUntil(ctx, l, handler, h.certificate, log); err != nil {
		fmt.Fprintln(std.err, "bihuan serve:", err)
		return exitBad
	}
	return exitFine
}

// logger writes lines of a level and above.
func logger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}
