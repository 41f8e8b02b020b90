package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"bihuan/desk/hooks"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

const webhookHelp = `usage: bihuan webhook COMMAND [flags] [arguments]

  list                   list every subscription: how far it has come, and what the receiver refused
  replay HOOK SEQ|DAY    send everything from a place in the log, or from a day as 2023-10-16, once more
  test HOOK              call the receiver once, and say what it answers

A subscription is named as list names it. Subscriptions are made at /admin/webhooks. A database
that is being served is asked of the process that serves it.

  --db FILE      the database (bihuan.db)
`

// runWebhook finds the command behind webhook.
func runWebhook(args []string, std streams) int {
	set := flag.NewFlagSet("webhook", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	db := set.String("db", defaults().Database, "")
	if len(args) == 0 {
		fmt.Fprint(std.err, webhookHelp)
		return exitUsage
	}
	rest, err := interspersed(set, args[1:])
	if errors.Is(err, flag.ErrHelp) || strings.TrimLeft(args[0], "-") == "help" || args[0] == "-h" {
		fmt.Fprint(std.out, webhookHelp)
		return exitFine
	}
	if takes, known := map[string]int{"list": 0, "replay": 2, "test": 1}[args[0]]; err == nil && !known {
		err = fmt.Errorf("there is no command %q", args[0])
	} else if err == nil && len(rest) != takes {
		err = fmt.Errorf("%s takes %d arguments, not %d", args[0], takes, len(rest))
	}
	if err != nil {
		fmt.Fprintf(std.err, "bihuan webhook: %v\nbihuan webhook -h tells how it is used.\n", flagFault(err))
		return exitUsage
	}
	q := url.Values{"do": {args[0]}, "arg": rest}
	lines, err := in(context.Background(), *db, "/webhooks?"+q.Encode(), func(ctx context.Context, h *house) ([]string, error) { return h.manageWebhooks(ctx, q) })
	if err != nil {
		fmt.Fprintln(std.err, "bihuan webhook:", err)
		return exitBad
	}
	for _, line := range lines {
		fmt.Fprintln(std.out, line)
	}
	return exitFine
}

// manageWebhooks carries out a command and returns the lines to print.
func (h *house) manageWebhooks(ctx context.Context, q url.Values) (lines []string, err error) {
	room, args := h.out.hooks, q["arg"]
	switch q.Get("do") {
	case "replay":
		hook, err := h.hookNamed(ctx, args[0])
		if err != nil {
			return nil, err
		}
		if err := room.ReplayAs(ctx, hook.ID, args[1]); err != nil {
			return nil, err
		}
		return []string{hookName(&hook) + " goes on from " + args[1]}, nil
	case "test":
		hook, err := h.hookNamed(ctx, args[0])
		if err != nil {
			return nil, err
		}
		status, err := room.Test(ctx, hook.ID)
		if err != nil {
			return nil, err
		}
		return []string{fmt.Sprintf("%s answers with status %d", hookName(&hook), status)}, nil
	}
	all, err := room.Stand(ctx)
	for i := range all {
		lines = append(lines, hookLine(&all[i]))
	}
	return lines, err
}

// hookName is how a subscription is named on the command line: hook- and the end of its id.
func hookName(h *hooks.Hook) string { return "hook-" + string(h.ID[max(0, len(h.ID)-12):]) }

// hookNamed returns the subscription that somebody names as list does, or by its id.
func (h *house) hookNamed(ctx context.Context, called string) (hooks.Hook, error) {
	all, err := h.out.hooks.All(ctx)
	if err != nil {
		return hooks.Hook{}, err
	}
	for i := range all {
		if called == hookName(&all[i]) || name.ID(called) == all[i].ID {
			return all[i], nil
		}
	}
	return hooks.Hook{}, fmt.Errorf("subscription %q: %w", called, fault.ErrNotFound)
}

// hookLine tells a subscription in one line.
func hookLine(s *hooks.Standing) string {
	state := "active"
	switch {
	case s.Stopped != 0:
		state = "stopped " + calendar.Instant(s.Stopped).String() + " (" + s.Why + ")"
	case s.At.Off != "":
		state = "switched off (" + s.At.Off + ")"
	case s.At.Fails > 0:
		state = fmt.Sprintf("down, %d failures, next try %s", s.At.Fails, calendar.Instant(s.At.Until))
	}
	dead := 0
	for _, d := range s.Dead {
		if d.State == notice.Failed {
			dead++
		}
	}
	return fmt.Sprintf("%s at %d, %d behind, %d refused, %s: %s %s", hookName(&s.Hook), s.At.Seq, s.Behind, dead, state, s.Name, s.URL)
}

// answerWebhooks serves the command of the same machine.
func (h *house) answerWebhooks(w http.ResponseWriter, r *http.Request) {
	lines, err := h.manageWebhooks(r.Context(), r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	json.NewEncoder(w).Encode(lines)
}
