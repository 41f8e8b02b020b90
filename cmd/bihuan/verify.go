package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/audit"
	"bihuan/desk/boards"
	"bihuan/desk/firms"
	"bihuan/desk/hooks"
	"bihuan/desk/keys"
	"bihuan/desk/notices"
	"bihuan/desk/personal"
	"bihuan/desk/places"
	"bihuan/desk/proof"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/security"
	"bihuan/desk/watch"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/store"
)

// finding is what verify found, as a running server tells it to the command.
type finding struct {
	Events int64  `json:"events"`
	Head   string `json:"head"`
	Rows   int64  `json:"rows"`
	Bad    int64  `json:"bad,omitempty"`
	Reason string `json:"reason,omitempty"`
	Millis int64  `json:"millis"`

	Unheld map[string]int64 `json:"unheld,omitempty"` // streams of which no room knows what their rows should be, by the type of their first event

	Shut int `json:"shut,omitempty"` // values of persons that could not be opened, where none could

	Signed    int `json:"signed"`    // checkpoints that it was held against
	Elsewhere int `json:"elsewhere"` // of those, which were given

}

// against is what a log is held against beside itself: what was signed of it and is kept elsewhere, and the key that signs it.
type against struct {
	keys   note.Keys // the zero Keys: stored checkpoints are not looked at
	signed []note.Checkpoint
	used   int // how many of signed came from outside of this machine
}

// check replays the chain of a log, holds it against what was signed of it, and every row against what its events add up to.
func check(ctx context.Context, st *store.Store, d *desk.Desk, a against) (finding, error) {
	start := time.Now()
	f := finding{}
	trial, err := proof.NewTrial(ctx, st, d.District(), a.keys, a.signed)
	if f.flawed(err) {
		return f, nil
	} else if err != nil {
		return f, err
	}
	replay, guard := besides(ctx, whole(ctx, st, d.Replay())), security.Trial{}
	r, err := st.Verify(ctx, d.District(), func(e *ledger.Entry) error {
		replay.take(e)
		guard.Take(&e.Event)
		return trial.Each(ctx, e)
	})
	if ended := replay.wait(); err == nil {
		err = ended
	}
	if err != nil {
		return f, err
	}
	f = finding{Events: r.Events, Head: r.Head.String(), Rows: r.Rows, Signed: len(a.signed), Elsewhere: a.used}
	if r.Flaw != nil {
		f.flawed(r.Flaw)
	} else {
		err = trial.End(ctx, d.OpenForProof)
		f.Shut = trial.Shut
		if err == nil {
			f.Bad, f.Reason, err = replay.End(ctx)
			f.Unheld = replay.Unheld()
		}
		if err == nil && f.Bad == 0 {
			err = nobodyAhead(ctx, st, d)
		}
		if err == nil && f.Bad == 0 {
			err = guard.End(ctx, st, d.District())
		}
		if err != nil && !f.flawed(err) {
			return f, err
		}
	}
	f.Millis = time.Since(start).Milliseconds()
	return f, nil
}

// flawAhead says that somebody who reads the log is said to have come to what is not there yet, and would pass over it.
const flawAhead ledger.FlawCode = "ahead"

// nobodyAhead reports whoever reads the log, or the calendar of holidays, and is said to have come further than there is, as a [ledger.Flaw].
func nobodyAhead(ctx context.Context, st *store.Store, d *desk.Desk) error {
	all, err := st.Consumers(ctx, d.District())
	if err != nil {
		return err
	}
	last, _, err := st.Head(ctx, d.District())
	if err != nil {
		return err
	}
	for _, consumer := range slices.Sorted(maps.Keys(all)) {
		end := last
		switch {
		case consumer == watch.Calendar:
			end = d.Holidays()
		case strings.HasPrefix(consumer, security.Consumer):
			continue // of another log, of which it says nothing here
		}
		if all[consumer] > end {
			return &ledger.Flaw{Seq: max(1, last), Code: flawAhead, Text: fmt.Sprintf("%s is said to have come to %d, and there is nothing behind %d", consumer, all[consumer], end)}
		}
	}
	return nil
}

// whole has a replay hold the rows of the rooms that keep streams themselves too.
func whole(ctx context.Context, st *store.Store, r *desk.Replay) *desk.Replay {
	for _, keep := range []func(*desk.Replay){accounts.Keep, rights.Keep, firms.Keep, keys.Keep, places.Keep, hooks.Keep, agenda.Keep, personal.Keep, boards.Keep, assess.Keep(ctx, st), reports.Keep(ctx, st), notices.Keep, audit.Keep, security.KeepSeals} {
		keep(r)
	}
	return r
}

// player replays the states of streams beside the chain.
type player struct {
	*desk.Replay
	batch []*ledger.Entry
	to    chan []*ledger.Entry
	done  chan error
}

// besides starts a goroutine that replays what it is given; wait waits for it.
func besides(ctx context.Context, r *desk.Replay) *player {
	p := &player{Replay: r, to: make(chan []*ledger.Entry, 8), done: make(chan error, 1)}
	go func() {
		var broken error
		for batch := range p.to {
			for _, e := range batch {
				if broken == nil {
					broken = r.Each(ctx, &e.Event)
				}
			}
		}
		p.done <- broken
	}()
	return p
}

// take hands a record on, with others: one by one would cost more than it gains.
func (p *player) take(e *ledger.Entry) {
	if p.batch = append(p.batch, e); len(p.batch) == 200 {
		p.to <- p.batch
		p.batch = nil
	}
}

// wait waits until everything is replayed and returns why it could not be.
func (p *player) wait() error {
	p.to <- p.batch
	close(p.to)
	return <-p.done
}

// flawed takes a flaw into the finding, and reports whether err is one.
func (f *finding) flawed(err error) bool {
	var flaw *ledger.Flaw
	if !errors.As(err, &flaw) {
		return false
	}
	f.Bad, f.Reason = max(flaw.Seq, 1), string(flaw.Code)+": "+flaw.Text
	return true
}

// held returns what the log of a database is held against: the checkpoint that is remembered beside it, and those of others, signed by
// vkey or, if that is empty, by the key beside it.
func (c config) held(vkey string, others ...string) (a against, err error) {
	if vkey != "" {
		if a.keys.Now, err = note.ParseVerifier(vkey); err != nil {
			return a, err
		}
	} else if text, err := os.ReadFile(c.Database + ".sign"); err == nil {
		s, err := note.ParseSigner(string(text))
		if err != nil {
			return a, fmt.Errorf("%s.sign: %w", c.Database, err)
		}
		a.keys.Now = s.Verifier()
	}
	if a.keys.Now == (note.Verifier{}) {
		if len(others) > 0 {
			return a, fmt.Errorf("--key is missing: there is no %s.sign to take it from", c.Database)
		}
		return a, nil
	}
	if _, a.keys, err = c.successions(a.keys.Now); err != nil {
		return a, err
	}
	own, err := lastSigned(c.Database + ".signed").Last()
	if err != nil {
		return a, err
	}
	if a.signed, err = proof.ReadCheckpoints(a.keys, others...); err != nil {
		return a, err
	}
	a.used = len(others)
	if own != "" {
		mine, err := proof.ReadCheckpoints(a.keys, own)
		if err != nil {
			return a, fmt.Errorf("%s.signed: %w", c.Database, err)
		}
		a.signed = append(a.signed, mine...)
	}
	return a, nil
}

// files is a flag that may be repeated.
type files []string

func (f *files) String() string     { return strings.Join(*f, ", ") }
func (f *files) Set(s string) error { *f = append(*f, s); return nil }

// runVerify replays the chain of a database and says whether it is what it was.
func runVerify(args []string, std streams) int {
	set := flag.NewFlagSet("bihuan verify", flag.ContinueOnError)
	var checkpoints files
	set.Var(&checkpoints, "checkpoint", "a checkpoint that was kept elsewhere, such as one from /log/checkpoint; may be repeated. Against it a log shows that was cut off, or written anew with all its hashes")
	key := set.String("key", "", "the log's public key; without it the one beside the database is taken")
	c, ok := readAlone(set, args, std.err)
	if !ok {
		return exitUsage
	}
	var texts []string
	for _, name := range checkpoints {
		text, err := readNote(name)
		if err != nil {
			fmt.Fprintln(std.err, "bihuan verify:", err)
			return exitBad
		}
		texts = append(texts, text)
	}
	f, err := verifyFile(context.Background(), c, *key, texts)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan verify:", err)
		return exitBad
	}
	if f.Elsewhere == 0 {
		fmt.Fprintln(std.err, "without a checkpoint kept elsewhere this cannot see a log that was cut off at its end, or rewritten as a whole with new hashes")
	}
	for _, first := range slices.Sorted(maps.Keys(f.Unheld)) {
		fmt.Fprintf(std.err, "%d rows of streams that begin with %s were held against their version only: this version does not know them\n", f.Unheld[first], first)
	}
	if f.Shut > 0 {
		fmt.Fprintf(std.err, "none of %d personal values could be opened, as in a copy before bihuan keys load: whether they are those that were filed was not looked at\n", f.Shut)
	}
	if f.Bad != 0 {
		fmt.Fprintf(std.out, "bad %d %s\n", f.Bad, f.Reason)
		return exitBad
	}
	fmt.Fprintf(std.out, "ok %d events head %s\n", f.Events, f.Head)
	if f.Elsewhere > 0 {
		fmt.Fprintf(std.out, "agrees with %d checkpoints kept elsewhere\n", f.Elsewhere)
	}
	return exitFine
}

// readNote reads a small file.
func readNote(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, note.MaxNote))
	return string(b), err
}

// holdsRecord refuses a database that is not there or holds nothing: opening it would begin a new one, and find that in order.
func holdsRecord(path string) error {
	info, err := os.Stat(path)
	var stat *os.PathError
	switch {
	case errors.As(err, &stat):
		return fmt.Errorf("database %s: %w", path, stat.Err)
	case err != nil:
		return fmt.Errorf("database %s: %w", path, err)
	case info.Size() == 0:
		return fmt.Errorf("database %s: the file is empty, there is no record in it", path)
	}
	return nil
}

// verifyFile asks the server that holds the file, or opens it when nobody does.
func verifyFile(ctx context.Context, c config, key string, texts []string) (f finding, err error) {
	if err := holdsRecord(c.Database); err != nil {
		return f, err
	}
	a, err := c.held(key, texts...)
	if err != nil {
		return f, err
	}
	st, err := store.Open(c.Database, store.Options{})
	if errors.Is(err, fault.ErrUnavailable) {
		q := url.Values{"key": {key}, "checkpoint": texts}
		return f, ask(ctx, c.Database, "/verify?"+q.Encode(), &f)
	} else if err != nil {
		return f, err
	}
	defer st.Close()
	h := &house{store: st, config: c, reading: true, log: logger(io.Discard, "error")}
	district, err := name.ParseDistrict(c.District)
	if err == nil {
		err = h.ofDistrict(ctx, district) // of another district there is nothing here, and a log that was signed would seem cut off
	}
	if err != nil {
		return f, err
	}
	if err := h.wire(ctx, systemTime, systemChance); err != nil {
		return unopened(ctx, st, c, a, err)
	}
	return check(ctx, st, h.desk, a)
}

// unopened is what is found of a record with which no desk can be opened, such as one whose packs were altered or whose events are gone: its
// first flaw, or why it could not be opened where the chain, the files, the rows' ends and what was signed agree.
func unopened(ctx context.Context, st *store.Store, c config, a against, why error) (f finding, err error) {
	district, err := name.ParseDistrict(c.District)
	if err != nil {
		return f, err
	}
	trial, err := proof.NewTrial(ctx, st, district, a.keys, a.signed)
	if f.flawed(err) {
		return f, nil
	} else if err != nil {
		return f, err
	}
	r, err := st.Verify(ctx, district, func(e *ledger.Entry) error { return trial.Each(ctx, e) })
	if err != nil {
		return f, err
	}
	f = finding{Events: r.Events, Head: r.Head.String(), Rows: r.Rows, Signed: len(a.signed), Elsewhere: a.used}
	if r.Flaw != nil {
		f.flawed(r.Flaw)
		return f, nil
	}
	if err = trial.End(ctx, nil); f.flawed(err) {
		return f, nil
	}
	return f, errors.Join(why, err)
}
