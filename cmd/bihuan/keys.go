package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk/security"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/store"
)

const keysHelp = `usage: bihuan keys COMMAND [flags]

  rotate   draw a new key of the district, lock every person's key under it, destroy the old one
  save     write the list of persons' locked keys, which copies of the database do not hold
  load     put the keys of a list back into a database that came from a copy

Each person's values are sealed under a key of their own. Whoever is erased loses it: what was
saved before stays lost once the list has been written anew, so keep one list, the newest.

Saving the list anywhere but beside the database, and loading one, takes two persons: one proposes
it on /admin/roles, another approves it, and the command names the approval, which holds for a day.

  --file FILE  of save and load: the list (the database's name with .keylist)
  --act ID     of save and load: the approval
  --db FILE    the database (bihuan.db)
  --keys FILE  the file of the district's keys (the database's name with .ring)
`

// runKeys finds the command behind keys.
func runKeys(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan keys", flag.ContinueOnError)
	file := set.String("file", "", "the list of persons' keys")
	act := set.String("act", "", "the approval of the act")
	if len(args) == 0 {
		fmt.Fprint(std.err, keysHelp)
		return exitUsage
	}
	if what := strings.TrimLeft(args[0], "-"); what == "help" || what == "h" {
		fmt.Fprint(std.out, keysHelp)
		return exitFine
	}
	c, ok := readAlone(set, args[1:], std.err)
	if !ok {
		return exitUsage
	}
	q := url.Values{"do": {args[0]}, "file": {*file}, "act": {*act}}
	if *file == "" {
		q.Set("file", keyList(c))
	}
	if what := args[0]; what != "rotate" && what != "save" && what != "load" {
		fmt.Fprintf(std.err, "bihuan keys: there is no command %q\nbihuan keys -h tells how it is used.\n", what)
		return exitUsage
	}
	line, err := districtKeys(context.Background(), c, q)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan keys:", err)
		return exitBad
	}
	fmt.Fprintln(std.out, line)
	return exitFine
}

// keyList is where the list of persons' keys stands when nobody says where.
func keyList(c config) string {
	if abs, err := filepath.Abs(c.Database); err == nil {
		return abs + ".keylist"
	}
	return c.Database + ".keylist"
}

// districtKeys opens the database, or asks the process that holds it.
func districtKeys(ctx context.Context, c config, q url.Values) (line string, err error) {
	if err := holdsRecord(c.Database); err != nil {
		return "", err
	}
	if abs, err := filepath.Abs(q.Get("file")); err == nil {
		q.Set("file", abs) // the process that serves it may stand elsewhere
	}
	st, err := store.Open(c.Database, store.Options{})
	if errors.Is(err, fault.ErrUnavailable) {
		return line, ask(ctx, c.Database, "/district-keys?"+q.Encode(), &line)
	} else if err != nil {
		return "", err
	}
	defer st.Close()
	h := &house{store: st, config: c, log: logger(io.Discard, "error")}
	if err := h.wire(ctx, systemTime, systemChance); err != nil {
		return "", err
	}
	return h.manageDistrictKeys(ctx, q)
}

// answerDistrictKeys serves the command of the same machine.
func (h *house) answerDistrictKeys(w http.ResponseWriter, r *http.Request) {
	line, err := h.manageDistrictKeys(r.Context(), r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	json.NewEncoder(w).Encode(line)
}

func (h *house) manageDistrictKeys(ctx context.Context, q url.Values) (string, error) {
	switch q.Get("do") {
	case "save":
		if q.Get("file") != keyList(h.config) {
			if err := h.take(ctx, keyAct, q.Get("act")); err != nil {
				return "", err
			}
		}
		n, err := h.saveKeyList(ctx, q.Get("file"))
		return fmt.Sprintf("saved the locked keys of %d persons to %s", n, q.Get("file")), err
	case "load":
		if err := h.take(ctx, restoreAct, q.Get("act")); err != nil {
			return "", err
		}
		n, err := h.loadKeyList(ctx, q.Get("file"))
		if err == nil {
			_, err = h.desk.Reindex(ctx, h.store) // what nobody could read while the key of blind indexes was changed
		}
		return fmt.Sprintf("read the locked keys of %d persons from %s", n, q.Get("file")), err
	}
	return h.rotate(ctx)
}

// rotate draws a new key, locks every subject's key under it and destroys the old ones. The new key is on the disk before
// anything is locked under it, the old ones are there until nothing is under them: whenever this is interrupted, the next
// rotation ends it.
func (h *house) rotate(ctx context.Context) (string, error) {
	path := h.config.ringPath()
	id := h.ring.Turn()
	if err := saveRing(path, h.ring); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	n, err := h.desk.Rewrap(ctx, h.store)
	if err != nil {
		return "", err
	}
	h.guard.Tell(security.Event{Kind: security.Key, Code: "ring.rotated", Where: "console"})
	old := h.ring.Drop()
	if err := saveRing(path, h.ring); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	if err := h.store.Scrub(ctx, false); err != nil {
		return "", err
	}
	return fmt.Sprintf("locked the keys of %d persons under %s and destroyed %d older keys of the district; save the list of keys anew", n, id, old), nil
}

// listHead is the first line of a list of keys, before the district.
const listHead = "bihuan-keylist 1"

// saveKeyList writes the locked keys of all subjects in the place of an older list.
func (h *house) saveKeyList(ctx context.Context, path string) (n int, err error) {
	var b bytes.Buffer
	fmt.Fprintln(&b, listHead, h.desk.District())
	for after := name.ID(""); ; {
		keys, err := h.store.Keys(ctx, h.desk.District(), after, store.MaxPage)
		if err != nil {
			return n, err
		}
		if len(keys) == 0 {
			return n, writeSecret(path, b.Bytes())
		}
		for _, k := range keys {
			fmt.Fprintln(&b, k.Subject, k.Under, hex.EncodeToString(k.Wrapped), k.Made)
		}
		n, after = n+len(keys), keys[len(keys)-1].Subject
	}
}

// loadKeyList puts the keys of a list into the database, for the subjects that have values and no key.
func (h *house) loadKeyList(ctx context.Context, path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan()
	if lines.Text() != listHead+" "+string(h.desk.District()) {
		return 0, fmt.Errorf("%s is no list of keys of district %s", path, h.desk.District())
	}
	var keys []journal.Key
	put := func() error {
		err := h.store.PutKeys(ctx, h.desk.District(), keys)
		n, keys = n+len(keys), keys[:0]
		return err
	}
	for line := 2; lines.Scan(); line++ {
		k, err := keyIn(lines.Text())
		if err != nil {
			return n, fmt.Errorf("%s, line %d: %w", path, line, err)
		}
		if keys = append(keys, k); len(keys) == 500 {
			if err := put(); err != nil {
				return n, err
			}
		}
	}
	if err := errors.Join(lines.Err(), put()); err != nil {
		return n, err
	}
	return n, h.noteLost(ctx)
}

// noteLost records which values stay shut now that every key that there is was put back: they were erased after the copy was made, and the copy's
// record does not say so.
func (h *house) noteLost(ctx context.Context) error {
	lost := map[name.ID][]string{}
	for last := (journal.Personal{}); ; {
		page, err := h.store.AllPersonal(ctx, h.desk.District(), last.Subject, last.Field, 500)
		if err != nil {
			return err
		}
		for _, p := range page {
			last = p
			_, err := h.desk.OpenForProof(ctx, p)
			switch {
			case errors.Is(err, fault.ErrNotFound):
				lost[p.Subject] = append(lost[p.Subject], p.Field)
			case err != nil:
				return err
			}
		}
		if len(page) < 500 {
			break
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(lost)) {
		if err := h.desk.Lost(ctx, name.System, subject, lost[subject]); err != nil {
			return err
		}
	}
	if len(lost) > 0 {
		h.log.Warn("values of persons that were erased after the copy was made stay erased", "subjects", len(lost))
	}
	return nil
}

// keyIn reads a line of a list.
func keyIn(line string) (k journal.Key, err error) {
	f := strings.Fields(line)
	if len(f) != 4 {
		return k, errors.New("four words are expected")
	}
	if k.Subject, err = name.ParseID(f[0]); err != nil {
		return k, err
	}
	k.Under = f[1]
	if k.Wrapped, err = hex.DecodeString(f[2]); err != nil {
		return k, errors.New("the key is not hexadecimal")
	}
	k.Made, err = strconv.ParseInt(f[3], 10, 64)
	return k, err
}
