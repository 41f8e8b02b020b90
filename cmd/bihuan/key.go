package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bihuan/desk/keys"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/pack"
)

const keyHelp = `usage: bihuan key COMMAND [flags] [arguments]

  new NAME       issue a key to somebody and print its secret, this once
  list           list every key that was issued
  revoke KEY     end a key, named as list names it
  change WHAT    change a key of the house for a new one: log (that signs the log), accounts (of passwords and codes),
                 blind (by which telephones are found again; aliases and the secrets of webhooks follow from it)
  changes        list the changes of the house's keys
  standing       tell how many accounts hang on each key of accounts that is held

A key that is issued lets a program report through Open311 and a sensor through the API. The database keeps
a hash of it. A database that is being served is asked of the process that serves it.

  --for LIST     of new: programs, sensors or both with a comma (programs)
  --days N       of new: how long it opens, 365 at most (365)
  --reason TEXT  of revoke and change: stands in the log
  --lost         of change blind: the key is lost, nothing is signed under it for a day
  --keys FILE    of change blind: the file of the district's keys (the database's name with .ring)
  --db FILE      the database (bihuan.db)
`

// runKey finds the command behind key.
func runKey(args []string, std streams) int {
	set := flag.NewFlagSet("key", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	db := set.String("db", defaults().Database, "")
	audiences := set.String("for", string(pack.Programs), "")
	days := set.Int("days", 0, "")
	reason := set.String("reason", "", "")
	lost := set.Bool("lost", false, "")
	ring := set.String("keys", "", "")
	if len(args) == 0 {
		fmt.Fprint(std.err, keyHelp)
		return exitUsage
	}
	rest, err := interspersed(set, args[1:])
	if errors.Is(err, flag.ErrHelp) || strings.TrimLeft(args[0], "-") == "help" || args[0] == "-h" {
		fmt.Fprint(std.out, keyHelp)
		return exitFine
	}
	if err == nil {
		err = keyUse(args[0], rest, *reason)
	}
	if err == nil && *lost && (args[0] != "change" || rest[0] != "blind") {
		err = errors.New("--lost is of change blind")
	}
	if err != nil {
		fmt.Fprintf(std.err, "bihuan key: %v\nbihuan key -h tells how it is used.\n", flagFault(err))
		return exitUsage
	}
	q := url.Values{"do": {args[0]}, "for": {*audiences}, "days": {strconv.Itoa(*days)}, "reason": {*reason}}
	if len(rest) > 0 {
		q.Set("key", rest[0])
	}
	if *lost {
		q.Set("lost", "yes")
	}
	at := defaults()
	at.Database, at.Keys = *db, *ring
	alone := &house{config: at, lost: *lost}
	lines, err := inHouse(context.Background(), alone, "/keys?"+q.Encode(), func(ctx context.Context, h *house) ([]string, error) { return h.keysAlone(ctx, q) })
	if err != nil {
		fmt.Fprintln(std.err, "bihuan key:", err)
		return exitBad
	}
	for _, line := range lines {
		fmt.Fprintln(std.out, line)
	}
	return exitFine
}

// keyUse says what is wrong with a call.
func keyUse(command string, args []string, reason string) error {
	takes, known := map[string]int{"new": 1, "list": 0, "revoke": 1, "change": 1, "changes": 0, "standing": 0}[command]
	switch {
	case !known:
		return fmt.Errorf("there is no command %q", command)
	case len(args) != takes:
		return fmt.Errorf("%s takes %d arguments, not %d", command, takes, len(args))
	case (command == "revoke" || command == "change") && strings.TrimSpace(reason) == "":
		return fmt.Errorf("%s needs --reason, which stands in the log", command)
	}
	return nil
}

// keysAlone is manageKeys in a process that serves nothing.
func (h *house) keysAlone(ctx context.Context, q url.Values) ([]string, error) {
	if q.Get("do") == "change" && q.Get("key") == "blind" {
		if err := h.sealOlder(ctx); err != nil {
			return nil, err
		}
	}
	if do := q.Get("do"); do == "change" || do == "standing" {
		if err := h.open(ctx); err != nil {
			return nil, err
		}
		if err := h.proofs(ctx, systemTime); err != nil {
			return nil, err
		}
	}
	return h.manageKeys(ctx, q)
}

// manageKeys carries out a command and returns the lines to print.
func (h *house) manageKeys(ctx context.Context, q url.Values) (lines []string, err error) {
	switch q.Get("do") {
	case "new":
		n, err := strconv.Atoi(cmp.Or(q.Get("days"), "0"))
		if err != nil {
			return nil, fmt.Errorf("--days %s: %w", q.Get("days"), fault.ErrInvalid)
		}
		o := keys.Order{Name: q.Get("key"), Days: n}
		for _, a := range strings.Split(q.Get("for"), ",") {
			o.For = append(o.For, pack.Audience(strings.TrimSpace(a)))
		}
		k, secret, err := h.keys.IssueAs(ctx, name.System, o)
		if err != nil {
			return nil, err
		}
		return []string{keyLine(&k), secret}, nil
	case "revoke":
		k, err := h.keyNamed(ctx, q.Get("key"))
		if err != nil {
			return nil, err
		}
		if k, err = h.keys.RevokeAs(ctx, name.System, k.ID, q.Get("reason")); err != nil {
			return nil, err
		}
		return []string{keyLine(&k)}, nil
	case "change":
		if q.Get("lost") != "" && !h.lost {
			return nil, errors.New("the process that serves the database holds the key: leave out --lost")
		}
		line, err := h.changeKey(ctx, q.Get("key"), strings.TrimSpace(q.Get("reason")))
		return []string{line}, err
	case "standing":
		return h.standing(ctx)
	case "changes":
		all, err := h.keys.Changes(ctx)
		for _, c := range all {
			lines = append(lines, fmt.Sprintf("%s %s from %s to %s: %s", calendar.Instant(c.At), c.What, c.From, c.To, c.Why))
		}
		return lines, err
	}
	all, err := h.keys.All(ctx)
	for i := range all {
		lines = append(lines, keyLine(&all[i]))
	}
	return lines, err
}

// keyNamed returns the key that somebody names as list does, or by its id.
func (h *house) keyNamed(ctx context.Context, called string) (keys.Key, error) {
	all, err := h.keys.All(ctx)
	if err != nil {
		return keys.Key{}, err
	}
	for _, k := range all {
		if called == string(k.Person()) || called == string(k.ID) {
			return k, nil
		}
	}
	return keys.Key{}, fmt.Errorf("key %q: %w", called, fault.ErrNotFound)
}

// keyLine tells a key in one line.
func keyLine(k *keys.Key) string {
	state := "active"
	if k.Until != 0 {
		state += " until " + calendar.Instant(k.Until).String()
	}
	if k.Revoked != 0 {
		state = "revoked " + calendar.Instant(k.Revoked).String() + " (" + k.Why + ")"
	}
	audiences := make([]string, len(k.For))
	for i, a := range k.For {
		audiences[i] = string(a)
	}
	return fmt.Sprintf("%s %s issued %s %s: %s", k.Person(), strings.Join(audiences, ","), calendar.Instant(k.Issued), state, k.Name)
}

// answerKeys serves the command of the same machine.
func (h *house) answerKeys(w http.ResponseWriter, r *http.Request) {
	lines, err := h.manageKeys(r.Context(), r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	json.NewEncoder(w).Encode(lines)
}

// remind tells the log once a day which keys and secrets have to be replaced.
func (h *house) remind(ctx context.Context) error {
	today := calendar.Instant(h.desk.Now()).Date()
	if h.reminded == today {
		return nil
	}
	all, err := h.keys.All(ctx)
	for i := range all {
		if k := &all[i]; k.EndsSoon(h.desk.Now()) {
			h.log.Warn("a key of a program or sensor has to be replaced: issue another, and revoke this one once the other side has changed over", "key", k.Person(), "of", k.Name, "until", calendar.Instant(k.Until).String())
		}
	}
	if err == nil {
		err = h.remindHeld()
	}
	if err == nil {
		err = h.remindMixed(ctx)
	}
	if err == nil {
		h.reminded = today
	}
	return err
}
