package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
)

// runInit is the ceremony of the first run: it invites the three administrators and prints their codes, this once.
func runInit(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan init", flag.ContinueOnError)
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	lines, note, err := invitedIn(context.Background(), c)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan init:", err)
		return exitBad
	}
	if len(lines) == 0 {
		fmt.Fprintln(std.out, "the three administrators are in place or invited; nothing to do")
		return exitFine
	}
	for _, line := range lines {
		fmt.Fprintln(std.out, line)
	}
	if note != "" {
		fmt.Fprintln(std.err, note)
	}
	fmt.Fprintln(std.err, "hand each code to another person, whose identity card you have looked at; they are not kept and not shown again.\nEach opens /activate on this machine, types the code and chooses a password and an authenticator of their own.")
	return exitFine
}

// invitedIn invites in a database, or asks the process that holds it; note is what to say of its directory, empty for nothing.
func invitedIn(ctx context.Context, c config) (lines []string, note string, err error) {
	h, err := build(ctx, c, systemTime, systemChance, logger(io.Discard, "error"))
	if errors.Is(err, fault.ErrUnavailable) {
		return lines, "", ask(ctx, c.Database, "/init", &lines)
	} else if err != nil {
		return nil, "", err
	}
	defer h.Close()
	lines, err = h.firstRun(ctx)
	return lines, h.madeUp(), err
}

// officerWords are the three administrators on the console.
var officerWords = map[string]string{"sysadmin": "系统管理员 system administrator", "secadmin": "安全管理员 security administrator", "auditor": "审计管理员 audit administrator"}

// firstRun invites the administrators who are missing, a line each.
func (h *house) firstRun(ctx context.Context) (lines []string, err error) {
	all, err := h.people.First(ctx)
	for _, o := range all {
		if o.From != 0 {
			lines = append(lines, fmt.Sprintf("%s: was disabled; the two others can name another now on /admin/accounts, this console from %s on", officerWords[string(o.Role)], calendar.Instant(o.From)))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s (until %s)", officerWords[string(o.Role)], o.Code, calendar.Instant(o.Until)))
	}
	return lines, err
}

// answerInit serves the command of the same machine.
func (h *house) answerInit(w http.ResponseWriter, r *http.Request) {
	lines, err := h.firstRun(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	json.NewEncoder(w).Encode(lines)
}
